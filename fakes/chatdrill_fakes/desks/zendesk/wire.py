"""Zendesk as a desk: the face that the harness sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from chatdrill.errors import SettingsError, did_you_mean
from chatdrill.model import Agent, AgentAct, DeskEvent, Owner
from chatdrill.seeds import Stream
from chatdrill.wire import (
    Ack,
    Desk,
    Exchange,
    Forgery,
    Handled,
    Hook,
    HttpFailure,
    HttpRequest,
    HttpResponse,
    Seat,
    Update,
)
from chatdrill_fakes.desks.zendesk import acts, declared, dividing, gate, hooks, ids, ownership, problems
from chatdrill_fakes.desks.zendesk.coverage import COVERAGE
from chatdrill_fakes.desks.zendesk.dividing import DIVISION
from chatdrill_fakes.desks.zendesk.filing import new_person
from chatdrill_fakes.desks.zendesk.limits import LIMITS, PLANS, SUPPORT_TIMEOUT_S
from chatdrill_fakes.desks.zendesk.routes import HIDDEN, ROUTES, path_of
from chatdrill_fakes.desks.zendesk.state import (
    AGENT_WORKSPACE,
    Group,
    Integration,
    Station,
    Switchboard,
    ZendeskState,
)
from chatdrill_fakes.families.desks import Divided, answer
from chatdrill_fakes.families.faces import Unchecked

FOUNDED_AT = 1_668_700_000.0  # the account, its staff and its webhook are older than any drill (November 2022)
_CHOICES = {
    "webhook_as": declared.WEBHOOK_KINDS,
    "handback": declared.HANDBACKS,
    "routing": declared.ROUTINGS,
    "plan": tuple(PLANS),
}


class Zendesk(Unchecked, Divided[ZendeskState]):
    """Zendesk Suite with messaging, as it was in autumn 2026."""

    name = "zendesk"
    title = "Zendesk"
    hosts: tuple[str, ...] = ("*.zendesk.com", "api.smooch.io", "api.eu-1.smooch.io")
    settings = declared.SETTINGS
    capabilities = declared.CAPABILITIES
    limits = LIMITS
    delivery = declared.DELIVERY
    coverage = COVERAGE
    division = DIVISION

    def open(self, settings: Mapping[str, str], chance: Stream) -> ZendeskState:
        """A fresh account; raises ``SettingsError`` for a word that is no choice."""
        for name, known in _CHOICES.items():
            if settings[name] not in known:
                raise SettingsError(f"zendesk: {name} is not {settings[name]!r}{did_you_mean(settings[name], known)}")
        if not settings["account_id"].isdecimal():
            raise SettingsError(f"zendesk: account_id is a number, not {settings['account_id']!r}")
        secret = settings["webhook_secret"]
        retry, timeout_s = declared.SUPPORT_RETRY, SUPPORT_TIMEOUT_S
        state = ZendeskState(
            settings=settings,
            chance=chance,
            api_user_id=0,
            named=Hook(ids.ulid(chance, FOUNDED_AT), "", secret, frozenset(), "support", retry, timeout_s),
            named_sunco_id=chance.hex(24),
        )
        _staff(state)
        _switchboard(state)
        gate.open_windows(state)
        return state

    def environment(self, state: ZendeskState, base_url: str) -> dict[str, str]:
        """All settings, and ``ZENDESK_API_ROOT``: ``{root}/api/v2`` is the Ticketing API, ``{root}/sc/v2`` Sunshine's."""
        known = {each.env: state.settings[each.name] for each in self.settings}
        return {**known, "ZENDESK_API_ROOT": base_url.rstrip("/")}

    def claims(self, request: HttpRequest, state: ZendeskState) -> bool:
        """True for paths of both APIs with credentials of this account, and for links to its files."""
        if request.path.startswith(("/api/v2/", "/attachments/token/")):
            return gate.person_of(state, request) is not None or not request.path.startswith("/api/")
        return problems.is_sunco(request.path) and (
            request.path.startswith("/sc/attachments/") or gate.scope_of(state, request) is not None
        )

    def hire(self, state: ZendeskState, agent: Agent) -> None:
        """Give an agent a user of Support, in the group of their team."""
        if agent.key in state.seats:
            return
        group = _group(state, agent.team or state.settings["group"])
        email = agent.email or f"{agent.key}@{state.settings['subdomain']}.example"
        person = new_person(
            state, agent.name, FOUNDED_AT, role="agent", email=email, group_ids=[group.id], verified=True
        )
        state.seats[agent.key] = Seat(agent=agent, id=str(person.id))

    def act(self, state: ZendeskState, ticket: str, act: AgentAct, now: float) -> Sequence[DeskEvent]:
        """See ``Desk.act``."""
        return acts.act(state, ticket, act, now)

    def owner(self, state: ZendeskState, ticket: str) -> Owner:
        """The switchboard's word for a conversation; for other tickets status and assignee."""
        return ownership.owner(state, state.tickets.get(ticket))

    def request(self, state: ZendeskState, updates: Sequence[Update], now: float) -> HttpRequest:
        """The webhook, signed as its kind is."""
        return hooks.request(state, updates, now)

    def read_ack(
        self,
        state: ZendeskState,
        updates: Sequence[Update],
        answer: HttpResponse | HttpFailure,
        now: float,  # noqa: ARG002
    ) -> Ack:
        """Any 2xx is success; some statuses end the attempts."""
        return hooks.read_ack(state, updates, answer)

    def refusal(self, state: ZendeskState, status: int, retry_after_s: int | None) -> HttpResponse:  # noqa: ARG002
        """In the words of the Ticketing API; 423 only Sunshine Conversations has."""
        if status == 423:
            return problems.sunco(423, retry_after_s=retry_after_s)
        return problems.support(status, retry_after_s=retry_after_s)

    def borrows(self, state: ZendeskState, request: HttpRequest) -> Sequence[str]:
        """Uploads that wait at another worker."""
        return dividing.borrows(state, request)

    def lend(self, state: ZendeskState, id: str) -> bytes | None:
        """An upload for another worker."""
        return dividing.lend(state, id)

    def borrow(self, state: ZendeskState, loan: bytes) -> None:
        """Keep an upload of another worker's."""
        dividing.borrow(state, loan)

    def forge(self, state: ZendeskState, request: HttpRequest, how: Forgery, now: float) -> HttpRequest:
        """See ``Desk.forge``; raises ``Unsupported`` for a stale webhook of Sunshine Conversations."""
        return hooks.forge(request, how, now, state)

    def dropped(self, state: ZendeskState, updates: Sequence[Update], now: float) -> Sequence[DeskEvent]:  # noqa: ARG002
        """Zendesk draws no conclusion from a lost webhook."""
        return ()

    def handle(self, state: ZendeskState, exchange: Exchange) -> Handled:
        """Answer a call of the bot. Never raises."""
        handled = answer(
            state,
            exchange,
            ROUTES,
            path=path_of(exchange.request.path_in_parts),
            unknown=problems.unknown,
            refused=lambda name: _not_emulated(exchange.request, name),
            before=gate.check,
            hidden=HIDDEN,
        )
        if handled.response is None or not exchange.request.path.startswith("/api/"):
            return handled
        return msgspec.structs.replace(handled, response=gate.with_rate(state, handled.response, exchange.now))


def _not_emulated(request: HttpRequest, name: str) -> HttpResponse:
    if problems.is_sunco(request.path):
        return problems.sunco(501, title=f"chatdrill does not emulate {name}")
    return problems.support(501, description=f"chatdrill does not emulate {name}")


def _staff(state: ZendeskState) -> None:
    """The API user, and the default group."""
    group = _group(state, state.settings["group"])
    bot = new_person(
        state, "Bot", FOUNDED_AT, role="admin", email=state.settings["email"], group_ids=[group.id], verified=True
    )
    state.api_user_id = bot.id


def _group(state: ZendeskState, name: str) -> Group:
    known = next((each for each in state.groups.values() if each.name == name), None)
    if known is None:
        known = Group(id=ids.number(state.chance.common(f"group {name}")), name=name)
        state.groups[known.id] = known
    return known


def _switchboard(state: ZendeskState) -> None:
    """The bot is the default, and agents are behind it."""
    own, workspace = state.settings["integration_id"], state.chance.hex(24)
    state.integrations = {
        own: Integration(id=own, type="custom", display_name="Bot"),
        workspace: Integration(id=workspace, type=AGENT_WORKSPACE, display_name="Agent Workspace"),
    }
    agents = Station(
        id=state.chance.hex(24),
        name=state.settings["workspace_name"],
        integration_id=workspace,
        integration_type=AGENT_WORKSPACE,
        standby=False,
    )
    bot = Station(
        id=state.chance.hex(24),
        name=state.settings["switchboard_name"],
        integration_id=own,
        integration_type="custom",
        standby=state.on("deliver_standby_events"),
        next_id=agents.id,
    )
    state.stations = {bot.id: bot, agents.id: agents}
    state.switchboard = Switchboard(id=state.chance.hex(24), default_id=bot.id)


desk: Desk[ZendeskState] = Zendesk()
