"""amoCRM as a desk: the face that the harness sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from chatdrill.errors import SettingsError
from chatdrill.model import Agent, AgentAct, DeskEvent, Owner
from chatdrill.seeds import Stream
from chatdrill.wire import (
    Ack,
    Bucket,
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
from chatdrill_fakes.desks.amocrm import acts, declared, errors, gate, hooks, ids
from chatdrill_fakes.desks.amocrm.coverage import COVERAGE
from chatdrill_fakes.desks.amocrm.crm.webhooks import EVENTS
from chatdrill_fakes.desks.amocrm.dividing import DIVISION
from chatdrill_fakes.desks.amocrm.limits import LIMITS
from chatdrill_fakes.desks.amocrm.routes import ROUTES
from chatdrill_fakes.desks.amocrm.state import AmoState
from chatdrill_fakes.families.desks import Divided, answer
from chatdrill_fakes.families.faces import Unchecked
from chatdrill_fakes.families.settings import for_bots

_SECRETS = frozenset({"client_secret", "refresh_token", "code", "access_token", "destination"})
_NUMBERS = (
    "account_id",
    "user_id",
    "reply_window_s",
    "lag_s",
    "date_window_s",
    "nps_wait_s",
    "missed_after_s",
    "block_after",
)


class AmoCRM(Unchecked, Divided[AmoState]):
    """amoCRM and Kommo, API v4 and chats API, as they were in January 2026."""

    name = "amocrm"
    title = "amoCRM"
    hosts: tuple[str, ...] = declared.HOSTS
    settings = declared.SETTINGS
    capabilities = declared.CAPABILITIES
    limits = LIMITS
    delivery = declared.DELIVERY
    coverage = COVERAGE
    division = DIVISION

    def open(self, settings: Mapping[str, str], chance: Stream) -> AmoState:
        """A fresh account; raises ``SettingsError`` for a number that is none."""
        for name in _NUMBERS:
            if not settings[name].isascii() or not settings[name].replace(".", "", 1).isdigit():
                raise SettingsError(f"amocrm: {name} must be a number, not {settings[name]!r}")
        if settings["hook_version"] != "v2":
            raise SettingsError(
                "amocrm: only v2 of the channel's hooks is emulated; v1 is no longer served by the vendor"
            )
        state = AmoState(settings=dict(settings), chance=chance)
        state.bucket = Bucket(per_s=gate.CALLS_PER_S, burst=gate.CALLS_PER_S)
        if state.on("connected"):
            state.scopes[state.scope_id] = {
                "account_id": settings["amojo_id"],
                "scope_id": state.scope_id,
                "title": "chatdrill",
                "hook_api_version": "v2",
                "is_time_window_disabled": False,
            }
        if settings["crm_webhook"]:
            hooks.new_webhook(state, settings["crm_webhook"], EVENTS, 1, 0.0)
        return state

    def environment(self, state: AmoState, base_url: str) -> dict[str, str]:
        """Tokens, secrets and ids; both APIs lie under ``AMOCRM_API_ROOT``, which ``AMOJO_API_ROOT`` repeats."""
        known = for_bots(self.settings, declared.FOR_BOTS, state.settings)
        root = base_url.rstrip("/")
        return {**known, "AMOJO_SCOPE_ID": state.scope_id, "AMOCRM_API_ROOT": root, "AMOJO_API_ROOT": root}

    def claims(self, request: HttpRequest, state: AmoState) -> bool:  # noqa: ARG002
        """True for the paths of the CRM's API v4, its tokens and the chats API."""
        return request.path.startswith((f"{gate.CRM}/", f"{gate.CHATS}/", f"{gate.OAUTH}/access_token"))

    def request(self, state: AmoState, updates: Sequence[Update], now: float) -> HttpRequest:  # noqa: ARG002
        """The signed hook of the channel, or the form of the CRM."""
        return hooks.request(state, updates)

    def read_ack(
        self, state: AmoState, updates: Sequence[Update], answer: HttpResponse | HttpFailure, now: float
    ) -> Ack:
        """See ``hooks.read_ack``."""
        return hooks.read_ack(state, updates, answer, now)

    def refusal(self, state: AmoState, status: int, retry_after_s: int | None) -> HttpResponse:  # noqa: ARG002
        """A problem document of the CRM."""
        headers = () if retry_after_s is None else (("Retry-After", str(retry_after_s)),)
        return errors.problem_response(status, "Refused by the drill", headers=headers)

    def handle(self, state: AmoState, exchange: Exchange) -> Handled:
        """Answer a call of the bot. Never raises."""
        handled = answer(
            state,
            exchange,
            ROUTES,
            path=exchange.request.path,
            unknown=_unknown,
            refused=_refused,
            before=gate.before,
            hidden=_SECRETS,
        )
        return _with_list(handled, exchange.request)

    def hire(self, state: AmoState, agent: Agent) -> None:
        """Make the agent a user of the account, with an id in the CRM and one in the chats API."""
        if agent.key not in state.seats:
            state.seats[agent.key] = Seat(agent=agent, id=str(state.next_id()))
            state.amojo_ids[agent.key] = ids.uuid(state.chance)

    def act(self, state: AmoState, ticket: str, act: AgentAct, now: float) -> Sequence[DeskEvent]:
        """See ``acts.act``."""
        return acts.act(state, ticket, act, now)

    def owner(self, state: AmoState, ticket: str) -> Owner:
        """An agent once one has accepted, answered or was made responsible; the queue while a person is asked for."""
        known = state.tickets.get(ticket)
        if known is None:
            return "bot"
        if known.assignee is not None:
            return "agent"
        return "queue" if known.asked else "bot"

    def forge(self, state: AmoState, request: HttpRequest, how: Forgery, now: float) -> HttpRequest:  # noqa: ARG002
        """See ``hooks.forge``."""
        return hooks.forge(request, how)

    def dropped(self, state: AmoState, updates: Sequence[Update], now: float) -> Sequence[DeskEvent]:  # noqa: ARG002
        """Nothing follows from a lost hook: the agents see their message as sent."""
        return ()


def _unknown(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(gate.CHATS):
        return errors.chat_response(404, "there is no such method")
    return errors.problem_response(404, "Page not found")


def _refused(name: str) -> HttpResponse:
    return errors.problem_response(501, f"chatdrill does not emulate {name}")


def _with_list(handled: Handled, request: HttpRequest) -> Handled:
    """Most calls of the CRM carry a list, which are no arguments by name: the trace shows it as ``items``."""
    if handled.call is None or not request.body.lstrip().startswith(b"["):
        return handled
    try:
        items = msgspec.json.decode(request.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return handled
    arguments = {**handled.call.arguments, "items": items}
    call = msgspec.structs.replace(handled.call, arguments=arguments)
    return msgspec.structs.replace(handled, call=call)


desk: Desk[AmoState] = AmoCRM()
