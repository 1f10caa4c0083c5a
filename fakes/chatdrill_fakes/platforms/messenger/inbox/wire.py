"""The inbox as a desk: the face that the harness sees.

It lives on the platform ``messenger``. The bot calls the Graph API there, and the Page's webhooks tell it what agents do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdrill.errors import SettingsError, UsageError, did_you_mean
from chatdrill.model import Agent, AgentAct, DeskEvent, Owner
from chatdrill.seeds import Stream
from chatdrill.wire import (
    Ack,
    Call,
    Coverage,
    Exchange,
    Forgery,
    Handled,
    HttpFailure,
    HttpRequest,
    HttpResponse,
    Limit,
    Seat,
    Setting,
    Update,
    json_response,
)
from chatdrill_fakes.families.faces import Unchecked

from ..ids import PAGE_INBOX_APP
from ..state import MessengerState
from . import acting, declared
from .noticing import notice
from .state import InboxState

_ELSEWHERE = "the inbox has no API of its own: the Graph API of messenger is where threads are passed and taken"


class PageInbox(Unchecked):
    """The Page Inbox, or another app that answers for the same Page; see ``chatdrill.wire.Resident``."""

    name = "messenger_inbox"
    title = "Messenger: Page Inbox (handover protocol)"
    host = "messenger"
    part_of_host: Mapping[str, str] = {"api": "*_thread_control", "webhook": "standby"}
    hosts: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = declared.SETTINGS
    capabilities = declared.CAPABILITIES
    limits: tuple[Limit, ...] = declared.LIMITS
    delivery = declared.DELIVERY
    coverage: tuple[Coverage, ...] = declared.COVERAGE

    def open(self, settings: Mapping[str, str], chance: Stream) -> InboxState:
        """An inbox without a Page; raises ``SettingsError`` for an app id that is no number, or an unknown word."""
        if not settings["app_id"].isdecimal():
            raise SettingsError(f"{self.name}: app_id is a number, not {settings['app_id']!r}")
        if (word := settings["default_app"]) not in declared.DEFAULT_APPS:
            raise SettingsError(f"{self.name}: default_app is {word!r}{did_you_mean(word, declared.DEFAULT_APPS)}")
        return InboxState(
            settings=dict(settings), chance=chance, app_id=settings["app_id"], app_name=settings["app_name"]
        )

    def move_in(self, state: InboxState, host: MessengerState) -> None:
        """Share the Page. Routing is on: the Page has a default app unless the settings say otherwise."""
        state.page = host
        host.receivers[state.app_id] = state.app_name
        if state.app_id != PAGE_INBOX_APP:
            host.human_app = int(state.app_id)
        apps = {"bot": host.app_id, "inbox": state.app_id, "none": None}
        host.default_app = host.default_app or apps[state.settings["default_app"]]

    def environment(self, state: InboxState, base_url: str) -> dict[str, str]:  # noqa: ARG002
        """The app to pass threads to; calls go to the platform."""
        return {each.env: state.settings[each.name] for each in self.settings}

    def claims(self, request: HttpRequest, state: InboxState) -> bool:  # noqa: ARG002
        """Every call is the platform's."""
        return False

    def request(self, state: InboxState, updates: Sequence[Update], now: float) -> HttpRequest:  # noqa: ARG002
        """Raises ``UsageError``: the outbox of the inbox is always empty."""
        raise UsageError(declared.LACKS["forge"])

    def read_ack(
        self,
        state: InboxState,  # noqa: ARG002
        updates: Sequence[Update],  # noqa: ARG002
        answer: HttpResponse | HttpFailure,  # noqa: ARG002
        now: float,  # noqa: ARG002
    ) -> Ack:
        """Raises ``UsageError``, see ``request``."""
        raise UsageError(declared.LACKS["forge"])

    def refusal(self, state: InboxState, status: int, retry_after_s: int | None) -> HttpResponse:  # noqa: ARG002
        """There is no vendor's wording for an API that does not exist."""
        return json_response({"error": _ELSEWHERE}, status=status)

    def handle(self, state: InboxState, exchange: Exchange) -> Handled:
        """404, with the place where the call belongs."""
        request = exchange.request
        call = Call(f"{request.method} {request.path}", ok=False, error=_ELSEWHERE, support="unknown")
        return Handled(self.refusal(state, 404, None), call)

    def hire(self, state: InboxState, agent: Agent) -> None:
        """Give an agent a seat at the inbox."""
        if agent.key not in state.seats:
            state.seats[agent.key] = Seat(agent=agent, id=state.chance.digits(15))

    def act(self, state: InboxState, ticket: str, act: AgentAct, now: float) -> Sequence[DeskEvent]:
        """See ``Desk.act``."""
        return acting.act(state, ticket, act, now)

    def notice(self, state: InboxState, address: str, now: float) -> Sequence[DeskEvent]:
        """See ``Resident.notice``."""
        return notice(state, address, now)

    def owner(self, state: InboxState, ticket: str) -> Owner:
        """The agents while their app controls the thread, the bot while its own does or nobody; ``none``: a third app."""
        thread = state.tickets.get(ticket)
        if thread is None or thread.controller in (None, state.page.app_id):
            return "bot"
        if thread.controller != state.app_id:
            return "none"
        return "queue" if thread.assignee is None else "agent"

    def forge(self, state: InboxState, request: HttpRequest, how: Forgery, now: float) -> HttpRequest:  # noqa: ARG002
        """Raises ``UsageError``: there is nothing to forge."""
        raise UsageError(declared.LACKS["forge"])

    def dropped(self, state: InboxState, updates: Sequence[Update], now: float) -> Sequence[DeskEvent]:  # noqa: ARG002
        """The platform's webhooks are none of the inbox's business."""
        return ()
