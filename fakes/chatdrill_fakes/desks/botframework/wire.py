"""The hub as a desk: the face that the harness sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdrill.errors import SettingsError, Unsupported, did_you_mean
from chatdrill.model import Agent, AgentAct, DeskEvent, EntryFailed, Owner
from chatdrill.seeds import Stream
from chatdrill.wire import Ack, Desk, Exchange, Forgery, Handled, HttpFailure, HttpRequest, HttpResponse, Seat, Update
from chatdrill_fakes.desks.botframework import agents, declared, hub, routes, tokens
from chatdrill_fakes.desks.botframework.coverage import COVERAGE
from chatdrill_fakes.desks.botframework.dividing import DIVISION
from chatdrill_fakes.desks.botframework.limits import LIMITS
from chatdrill_fakes.desks.botframework.state import BotFrameworkState
from chatdrill_fakes.families.connector import errors, login
from chatdrill_fakes.families.desks import Divided
from chatdrill_fakes.families.faces import Unchecked, acknowledged
from chatdrill_fakes.families.settings import for_bots


class BotFramework(Unchecked, Divided[BotFrameworkState]):
    """A hand-off hub in the words of Bot Framework (Bot Connector v3), as documented in 2025."""

    name = "botframework"
    title = "Bot Framework hand-off"
    hosts: tuple[str, ...] = (login.HOST, login.METADATA_HOST)
    settings = declared.SETTINGS
    capabilities = declared.CAPABILITIES
    limits = LIMITS
    delivery = declared.DELIVERY
    coverage = COVERAGE
    division = DIVISION

    def open(self, settings: Mapping[str, str], chance: Stream) -> BotFrameworkState:
        """A fresh hub; raises ``SettingsError`` for a word or number that cannot be."""
        word = settings["when_nobody"]
        if word not in declared.WHEN_NOBODY:
            raise SettingsError(f"botframework: when_nobody is {word!r}{did_you_mean(word, declared.WHEN_NOBODY)}")
        if not settings["accept_timeout_s"].replace(".", "", 1).isdecimal():
            raise SettingsError(f"botframework: accept_timeout_s are seconds, not {settings['accept_timeout_s']!r}")
        return BotFrameworkState(settings=dict(settings), chance=chance)

    def environment(self, state: BotFrameworkState, base_url: str) -> dict[str, str]:
        """App id, password and tokens; ``BOTFRAMEWORK_API_ROOT`` is the ``serviceUrl``, ``BOTFRAMEWORK_LOGIN_URL`` where tokens
        are given, and ``BOTFRAMEWORK_OPENID_METADATA_URL`` where the keys of the hub's own are. SDKs have these two built in,
        and their logins refuse any address without TLS: they go through the redirect."""
        root = base_url.rstrip("/")
        known = for_bots(self.settings, declared.FOR_BOTS, state.settings)
        return {
            **known,
            "BOTFRAMEWORK_HUB_TOKEN": tokens.token_of(state, root),
            "BOTFRAMEWORK_API_ROOT": root,
            "BOTFRAMEWORK_LOGIN_URL": f"{root}/botframework.com",
            "BOTFRAMEWORK_OPENID_METADATA_URL": f"{root}/v1/.well-known/openidconfiguration",
        }

    def claims(self, request: HttpRequest, state: BotFrameworkState) -> bool:
        """True if the call carries the hub's token."""
        return request.header("authorization") == f"Bearer {state.settings['token']}"

    def request(self, state: BotFrameworkState, updates: Sequence[Update], now: float) -> HttpRequest:  # noqa: ARG002
        """The activity, with the hub's token."""
        return hub.request(state, updates[0])

    def read_ack(
        self,
        state: BotFrameworkState,  # noqa: ARG002
        updates: Sequence[Update],  # noqa: ARG002
        answer: HttpResponse | HttpFailure,
        now: float,  # noqa: ARG002
    ) -> Ack:
        """200, 201 and 202 are success; the body does not matter."""
        return acknowledged(answer, (200, 201, 202))

    def refusal(self, state: BotFrameworkState, status: int, retry_after_s: int | None) -> HttpResponse:  # noqa: ARG002
        """An error of the connector."""
        return errors.refusal(status, retry_after_s)

    def handle(self, state: BotFrameworkState, exchange: Exchange) -> Handled:
        """Answer a call of the bot. Never raises."""
        return routes.handle(state, exchange)

    def hire(self, state: BotFrameworkState, agent: Agent) -> None:
        """Give an agent an account."""
        if agent.key not in state.seats:
            state.seats[agent.key] = Seat(agent=agent, id=f"agent-{state.chance.hex(12)}")

    def act(self, state: BotFrameworkState, ticket: str, act: AgentAct, now: float) -> Sequence[DeskEvent]:
        """See ``Desk.act``."""
        return agents.act(state, ticket, act, now)

    def owner(self, state: BotFrameworkState, ticket: str) -> Owner:
        """The queue's from ``handoff.initiate`` on, an agent's from ``accepted``, the bot's from ``failed`` or ``completed``."""
        conversation = state.tickets.get(ticket)
        return "bot" if conversation is None else conversation.phase

    def forge(self, state: BotFrameworkState, request: HttpRequest, how: Forgery, now: float) -> HttpRequest:  # noqa: ARG002
        """The activity without the token, with a wrong one, or with one that has run out; raises ``Unsupported`` for a bot to
        which the hub shows nothing, and for ``stale`` where its token has no date."""
        if not tokens.token_of(state, state.known_url):
            raise Unsupported("the hub shows no token to a bot without an app id: there is nothing to forge")
        forged = {"unsigned": "", "wrong": tokens.wrong(state), "stale": tokens.stale(state)}[how]
        if forged is None:
            raise Unsupported("the hub shows a word that does not run out: an old activity is as good as a new one")
        headers = tuple(pair for pair in request.headers if pair[0] != "Authorization")
        shown = (("Authorization", f"Bearer {forged}"),) if forged else ()
        return HttpRequest(request.method, request.url, headers + shown, request.body)

    def dropped(self, state: BotFrameworkState, updates: Sequence[Update], now: float) -> Sequence[DeskEvent]:  # noqa: ARG002
        """The agent sees that a message did not get through."""
        return [
            EntryFailed(ticket=update.to, entry_id=update.id, reason="the bot did not take the activity")
            for update in updates
            if update.kind == "message"
        ]


desk: Desk[BotFrameworkState] = BotFramework()
