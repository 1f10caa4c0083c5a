"""Intercom as a desk: the face that the harness sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdrill.errors import SettingsError, Unsupported, did_you_mean
from chatdrill.model import Agent, AgentAct, DeskEvent, Owner
from chatdrill.seeds import Stream
from chatdrill.wire import (
    Ack,
    Desk,
    Exchange,
    Forgery,
    Handled,
    HttpFailure,
    HttpRequest,
    HttpResponse,
    Seat,
    Update,
)
from chatdrill_fakes.desks.intercom import acting, declared, errors, hooks, owning, routes
from chatdrill_fakes.desks.intercom.coverage import COVERAGE
from chatdrill_fakes.desks.intercom.dividing import DIVISION
from chatdrill_fakes.desks.intercom.limits import LIMITS, THROTTLE_S
from chatdrill_fakes.desks.intercom.state import IntercomState, Team
from chatdrill_fakes.families.desks import Divided

DISTRIBUTIONS = ("manual", "round_robin", "load_balanced")


class Intercom(Divided[IntercomState]):
    """Intercom's REST API 2.14 and its webhooks, as they were in autumn 2026."""

    name = "intercom"
    title = "Intercom"
    hosts: tuple[str, ...] = ("api.intercom.io", "api.eu.intercom.io", "api.au.intercom.io")
    settings = declared.SETTINGS
    capabilities = declared.CAPABILITIES
    limits = LIMITS
    delivery = declared.DELIVERY
    coverage = COVERAGE
    division = DIVISION

    def open(self, settings: Mapping[str, str], chance: Stream) -> IntercomState:
        """A workspace with one team; raises ``SettingsError`` for what cannot be an id, a number or a distribution."""
        _check(settings)
        state = IntercomState(settings=dict(settings), chance=chance)
        # Real ids are that long; conversations, messages and parts count apart, so no id fits a wrong place.
        lengths = {"conversation": 14, "part": 11, "message": 10, "ticket": 3, "tag": 7}
        state.series = {name: int(chance.digits(count)) for name, count in lengths.items()}
        distribution, limit = settings["distribution"], int(settings["assignment_limit"])
        state.teams[settings["team_id"]] = Team(
            id=settings["team_id"], name=settings["team_name"], distribution=distribution, limit=limit
        )
        return state

    def environment(self, state: IntercomState, base_url: str) -> dict[str, str]:
        """Tokens and ids, and ``INTERCOM_API_ROOT``: a client's ``base_url``. Its own clients read ``INTERCOM_API_KEY``."""
        known = {each.env: state.settings[each.name] for each in self.settings}
        return {**known, "INTERCOM_API_KEY": state.settings["token"], "INTERCOM_API_ROOT": base_url.rstrip("/")}

    def claims(self, request: HttpRequest, state: IntercomState) -> bool:
        """True if the call carries this workspace's token."""
        return routes.token_of(request) == state.settings["token"]

    def handshake(self, state: IntercomState) -> HttpRequest | None:
        """The HEAD by which Intercom checks an address; ``None`` while there is none, or if it is switched off."""
        if state.webhook_url is None or not state.on("validate_endpoint"):
            return None
        return HttpRequest("HEAD", state.webhook_url, (("User-Agent", hooks.USER_AGENT),))

    def read_handshake(self, state: IntercomState, response: HttpResponse | HttpFailure) -> str | None:  # noqa: ARG002
        """Any 2xx is an address that answers."""
        if isinstance(response, HttpFailure):
            return f"the endpoint did not answer Intercom's HEAD request: {response.kind} {response.detail}".rstrip()
        if 200 <= response.status < 300:
            return None
        return (
            f"the endpoint answered Intercom's HEAD request with status {response.status}: answer HEAD as you do POST"
        )

    def request(self, state: IntercomState, updates: Sequence[Update], now: float) -> HttpRequest:  # noqa: ARG002
        """The signed notification."""
        return hooks.request(state.webhook_url or "", updates[0].body, state.settings["client_secret"])

    def read_ack(
        self,
        state: IntercomState,
        updates: Sequence[Update],  # noqa: ARG002
        answer: HttpResponse | HttpFailure,
        now: float,  # noqa: ARG002
    ) -> Ack:
        """2xx is success; 410 ends the subscription with all that waits, 429 makes Intercom wait for a minute."""
        if isinstance(answer, HttpFailure):
            return Ack(False, f"{answer.kind} {answer.detail}".strip())
        if 200 <= answer.status < 300:
            return Ack(True)
        if answer.status == 410:
            state.disabled = True
            state.outbox.clear()
            return Ack(False, "status 410: the subscription is switched off")
        throttled = THROTTLE_S if answer.status == 429 else None
        return Ack(False, f"status {answer.status}, not 2xx", throttled)

    def refusal(self, state: IntercomState, status: int, retry_after_s: int | None) -> HttpResponse:
        """An error list; for 429 with the headers of the rate limit."""
        headers = () if retry_after_s is None else (("Retry-After", str(retry_after_s)),)
        return errors.any_error(state, status, headers)

    def handle(self, state: IntercomState, exchange: Exchange) -> Handled:
        """Answer a call of the bot. Never raises."""
        state.opened_at = state.opened_at or exchange.now
        return routes.handle(state, exchange)

    def hire(self, state: IntercomState, agent: Agent) -> None:
        """A seat with an admin id; a team that nobody knows is made."""
        if agent.key in state.seats:
            return
        if agent.team and state.team_named(agent.team) is None:
            id = state.chance.digits(7)
            first = state.teams[state.settings["team_id"]]
            state.teams[id] = Team(id=id, name=agent.team, distribution=first.distribution, limit=first.limit)
        taken = {seat.id for seat in state.seats.values()} | {state.bot_id, state.settings["operator_id"]}
        while (id := f"99{state.chance.digits(7)}") in taken:
            pass
        state.seats[agent.key] = Seat(agent=agent, id=id)

    def act(self, state: IntercomState, ticket: str, act: AgentAct, now: float) -> Sequence[DeskEvent]:
        """See ``Desk.act``."""
        return acting.act(state, ticket, act, now)

    def owner(self, state: IntercomState, ticket: str) -> Owner:
        """See ``Desk.owner``."""
        return owning.owner(state, ticket)

    def forge(self, state: IntercomState, request: HttpRequest, how: Forgery, now: float) -> HttpRequest:  # noqa: ARG002
        """The notification without a signature, or with that of another secret."""
        if how == "stale":
            raise Unsupported(self.capabilities.lacks["forge.stale"])
        headers = tuple(pair for pair in request.headers if pair[0] != hooks.SIGNATURE)
        if how == "wrong":
            secret = state.settings["client_secret"] + "-not"
            headers += ((hooks.SIGNATURE, hooks.signature(secret, request.body)),)
        return HttpRequest(request.method, request.url, headers, request.body)

    def dropped(
        self,
        state: IntercomState,  # noqa: ARG002
        updates: Sequence[Update],  # noqa: ARG002
        now: float,  # noqa: ARG002
    ) -> Sequence[DeskEvent]:
        """Nothing: who missed a notification is not missed."""
        return ()


def _check(settings: Mapping[str, str]) -> None:
    if settings["distribution"] not in DISTRIBUTIONS:
        word = settings["distribution"]
        raise SettingsError(f"intercom has no distribution {word!r}{did_you_mean(word, DISTRIBUTIONS)}")
    whole = ("admin_id", "operator_id", "team_id", "assignment_limit", "calls_per_minute", "search_delay_s")
    for name in whole:
        if not settings[name].isdigit():
            raise SettingsError(f"intercom's setting {name} is a whole number, not {settings[name]!r}")
    if settings["version"] not in declared.VERSIONS:
        raise SettingsError(f"intercom has no version {settings['version']!r}")


desk: Desk[IntercomState] = Intercom()
