"""Chat2Desk as a desk: the face that the harness sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdrill.errors import SettingsError, did_you_mean
from chatdrill.model import Agent, AgentAct, DeskEvent, Owner
from chatdrill.seeds import Stream
from chatdrill.wire import Ack, Desk, Exchange, Forgery, Handled, HttpFailure, HttpRequest, HttpResponse, Seat, Update
from chatdrill_fakes.desks.chat2desk import agents, declared, hooks, routes
from chatdrill_fakes.desks.chat2desk.answers import failure
from chatdrill_fakes.desks.chat2desk.clients import TRANSPORTS
from chatdrill_fakes.desks.chat2desk.coverage import COVERAGE
from chatdrill_fakes.desks.chat2desk.dividing import DIVISION
from chatdrill_fakes.desks.chat2desk.limits import LIMITS
from chatdrill_fakes.desks.chat2desk.state import Chat2DeskState
from chatdrill_fakes.families.desks import Divided
from chatdrill_fakes.families.faces import SUCCESS, Unchecked, acknowledged
from chatdrill_fakes.families.settings import for_bots

_WORDS = {"mode": declared.MODES, "transport": TRANSPORTS, "signature_hash": tuple(hooks.HASHES)}
_NUMBERS = ("channel_id", "calls_per_month", "max_open_dialogs")
_REFUSALS = {
    401: "You need to auth",
    404: "Page not found",
    429: "Number of API requests exceeded",
}


class Chat2Desk(Unchecked, Divided[Chat2DeskState]):
    """Chat2Desk (chat24), API v1, as clients of it saw it up to January 2026."""

    name = "chat2desk"
    title = "Chat2Desk"
    hosts: tuple[str, ...] = ("api.chat2desk.com", "api.chat24.io")
    settings = declared.SETTINGS
    capabilities = declared.CAPABILITIES
    limits = LIMITS
    delivery = declared.DELIVERY
    coverage = COVERAGE
    division = DIVISION

    def open(self, settings: Mapping[str, str], chance: Stream) -> Chat2DeskState:
        """A fresh account; raises ``SettingsError`` for a word or number that cannot be."""
        for name, known in _WORDS.items():
            if settings[name] not in known:
                raise SettingsError(f"chat2desk: {name} is {settings[name]!r}{did_you_mean(settings[name], known)}")
        for name in _NUMBERS:
            if not settings[name].isdecimal():
                raise SettingsError(f"chat2desk: {name} must be a number, not {settings[name]!r}")
        first, dash, last = settings["office_hours"].partition("-")
        if dash + first and not (first.isdecimal() and last.isdecimal()):
            raise SettingsError(f"chat2desk: office_hours are like 9-18, not {settings['office_hours']!r}")
        return Chat2DeskState(settings=dict(settings), chance=chance)

    def environment(self, state: Chat2DeskState, base_url: str) -> dict[str, str]:
        """Token and channel, and ``CHAT2DESK_API_ROOT``: a call goes to ``{root}/v1/messages``."""
        known = for_bots(self.settings, declared.FOR_BOTS, state.settings)
        return {**known, "CHAT2DESK_API_ROOT": base_url.rstrip("/")}

    def claims(self, request: HttpRequest, state: Chat2DeskState) -> bool:
        """True if the call carries the account's token."""
        return request.header("authorization") == state.settings["token"]

    def request(self, state: Chat2DeskState, updates: Sequence[Update], now: float) -> HttpRequest:  # noqa: ARG002
        """The webhook, signed if the account has a secret."""
        return hooks.request(state, updates[0])

    def read_ack(
        self,
        state: Chat2DeskState,  # noqa: ARG002
        updates: Sequence[Update],  # noqa: ARG002
        answer: HttpResponse | HttpFailure,
        now: float,  # noqa: ARG002
    ) -> Ack:
        """Any status of 2xx is success; the body does not matter."""
        return acknowledged(answer, SUCCESS, ", not 2xx")

    def refusal(self, state: Chat2DeskState, status: int, retry_after_s: int | None) -> HttpResponse:  # noqa: ARG002
        """The envelope of an error."""
        headers = () if retry_after_s is None else (("Retry-After", str(retry_after_s)),)
        return failure(status, _REFUSALS.get(status, "Internal server error"), headers=headers)

    def handle(self, state: Chat2DeskState, exchange: Exchange) -> Handled:
        """Answer a call of the bot. Never raises."""
        return routes.handle(state, exchange)

    def hire(self, state: Chat2DeskState, agent: Agent) -> None:
        """Give an agent an operator's account."""
        if agent.key not in state.seats:
            state.seats[agent.key] = Seat(agent=agent, id=state.new_id("operator"))

    def act(self, state: Chat2DeskState, ticket: str, act: AgentAct, now: float) -> Sequence[DeskEvent]:
        """See ``Desk.act``."""
        return agents.act(state, ticket, act, now)

    def owner(self, state: Chat2DeskState, ticket: str) -> Owner:
        """A closed dialog is the bot's; an open one an operator's once they took it, wrote, or were given it by hand."""
        dialog = state.tickets.get(ticket)
        return "bot" if dialog is None else dialog.owner

    def forge(self, state: Chat2DeskState, request: HttpRequest, how: Forgery, now: float) -> HttpRequest:  # noqa: ARG002
        """See ``Desk.forge``."""
        return hooks.forge(state, request, how)

    def dropped(self, state: Chat2DeskState, updates: Sequence[Update], now: float) -> Sequence[DeskEvent]:  # noqa: ARG002
        """Nothing: nobody at Chat2Desk hears of a lost webhook."""
        return ()


desk: Desk[Chat2DeskState] = Chat2Desk()
