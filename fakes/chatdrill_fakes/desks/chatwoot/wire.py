"""Chatwoot as a desk: the face that the harness sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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
from chatdrill_fakes.desks.chatwoot import acting, declared, errors, hooks, hours, life, routes, templates
from chatdrill_fakes.desks.chatwoot.coverage import COVERAGE
from chatdrill_fakes.desks.chatwoot.dividing import DIVISION
from chatdrill_fakes.desks.chatwoot.limits import BOT_RETRIED, HOOK_TIMEOUT_S, LIMITS
from chatdrill_fakes.desks.chatwoot.state import AgentBot, ChatwootState, Inbox, Team, User
from chatdrill_fakes.desks.chatwoot.writing import report_status
from chatdrill_fakes.families.desks import Divided
from chatdrill_fakes.families.faces import Unchecked

_MESSAGE_EVENTS = ("message_created", "message_updated")


class Chatwoot(Unchecked, Divided[ChatwootState]):
    """Chatwoot v4.15.1 with one account and one API inbox."""

    name = "chatwoot"
    title = "Chatwoot"
    hosts: tuple[str, ...] = ("app.chatwoot.com",)
    settings = declared.SETTINGS
    capabilities = declared.CAPABILITIES
    limits = LIMITS
    delivery = declared.DELIVERY
    coverage = COVERAGE
    division = DIVISION

    def open(self, settings: Mapping[str, str], chance: Stream) -> ChatwootState:
        """A fresh account; raises ``SettingsError`` for ids that are no numbers, hours that are none, unknown roles."""
        secret = settings["webhook_secret"]
        bot = AgentBot(hooks.OWN_BOT, "Bot", settings["bot_access_token"], secret)
        inbox = _inbox(settings)
        inbox.bot = bot if _is_on(settings, "active_bot") else None
        admin = User(1, "Integration", "integration@example.com", "administrator")
        return ChatwootState(
            settings=dict(settings),
            chance=chance,
            account_id=_number(settings, "account_id") or 1,
            account_name=settings["account_name"],
            inbox=inbox,
            admin=admin,
            users={admin.id: admin},
            bots={bot.id: bot},
            plays=_roles(settings["webhook_as"]),
            named={kind: _hook(kind, secret) for kind in (hooks.INBOX, hooks.ACCOUNT)},
            counters={"user": 1, "agent_bot": 1},
        )

    def environment(self, state: ChatwootState, base_url: str) -> dict[str, str]:
        """Tokens, ids and secrets, and ``CHATWOOT_API_ROOT``: calls go to ``{root}/api/v1/...`` and ``{root}/public/...``."""
        known = {each.env: state.settings[each.name] for each in self.settings}
        return {**known, "CHATWOOT_API_ROOT": base_url.rstrip("/")}

    def claims(self, request: HttpRequest, state: ChatwootState) -> bool:
        """True if the call carries a token of this account or names its inbox."""
        token = request.header("api_access_token") or request.header("api-access-token")
        mine = {state.settings["api_access_token"], *(bot.token for bot in state.bots.values())}
        return token in mine or request.path.startswith(f"/public/api/v1/inboxes/{state.inbox.identifier}")

    def request(self, state: ChatwootState, updates: Sequence[Update], now: float) -> HttpRequest:
        """The signed webhook."""
        return hooks.request(state, list(updates), now)

    def read_ack(
        self,
        state: ChatwootState,
        updates: Sequence[Update],
        answer: HttpResponse | HttpFailure,
        now: float,  # noqa: ARG002
    ) -> Ack:
        """Any 2xx is success; the body does not matter. What went wrong is kept: an agent may be shown it. Only 429 and 500 are
        tried again."""
        if isinstance(answer, HttpResponse) and 200 <= answer.status < 300:
            return Ack(True)
        failure = f"{answer.kind} {answer.detail}".strip() if isinstance(answer, HttpFailure) else str(answer.status)
        state.failures.update((update.id, failure) for update in updates)
        again = isinstance(answer, HttpResponse) and answer.status in BOT_RETRIED
        return Ack(False, failure, attempts_max=None if again else 1)

    def refusal(self, state: ChatwootState, status: int, retry_after_s: int | None) -> HttpResponse:  # noqa: ARG002
        """``{"error": ...}``; empty for 429."""
        return errors.any_refusal(status, retry_after_s)

    def handle(self, state: ChatwootState, exchange: Exchange) -> Handled:
        """Answer a call of the bot. Never raises."""
        return routes.handle(state, exchange)

    def hire(self, state: ChatwootState, agent: Agent) -> None:
        """Give an agent a user of the account, with the role of an agent, and the team they work in."""
        if agent.key in state.seats:
            return
        id = state.next_id("user")
        state.seats[agent.key] = Seat(agent=agent, id=str(id))
        state.users[id] = User(id, agent.name, agent.email or f"{agent.key}@example.com", key=agent.key)
        state.line.append(agent.key)
        if agent.team:
            _team(state, agent.team).members.append(agent.key)

    def act(self, state: ChatwootState, ticket: str, act: AgentAct, now: float) -> Sequence[DeskEvent]:
        """See ``Desk.act``."""
        return acting.act(state, ticket, act, now)

    def owner(self, state: ChatwootState, ticket: str) -> Owner:
        """Who may speak in this conversation."""
        talk = state.tickets.get(ticket)
        return "bot" if talk is None else life.owner(state, talk)

    def forge(self, state: ChatwootState, request: HttpRequest, how: Forgery, now: float) -> HttpRequest:
        """See ``hooks.forge``."""
        return hooks.forge(state, request, how, now)

    def dropped(self, state: ChatwootState, updates: Sequence[Update], now: float) -> Sequence[DeskEvent]:
        """A bot that fails loses its pending conversation to the queue; a failing inbox hook marks the message failed."""
        return [event for update in updates for event in _dropped(state, update, now)]


def _dropped(state: ChatwootState, update: Update, now: float) -> list[DeskEvent]:
    failure = state.failures.pop(update.id, "")
    if update.kind not in _MESSAGE_EVENTS or update.to not in state.tickets:
        return []
    talk = state.tickets[update.to]
    work = life.Work(state, talk.at(now))
    kind = update.hook.kind if update.hook is not None else hooks.AGENT_BOT
    if kind == hooks.AGENT_BOT and talk.status == "pending" and not state.on("keep_pending_on_bot_failure"):
        work.set_status(talk, "open", line=templates.BOT_FAILED)
    elif kind == hooks.INBOX:
        id: Any = msgspec.json.decode(update.body)["id"]
        if (message := talk.seen(id)) is not None:
            report_status(work, talk, message, "failed", failure)
    return work.events


# --------------------------------------------------------------------------------------------------- settings


def _is_on(settings: Mapping[str, str], name: str) -> bool:
    return settings[name].strip().lower() in ("yes", "true", "on", "1")


def _number(settings: Mapping[str, str], name: str) -> int | None:
    text = settings[name].strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()):
        raise SettingsError(f"chatwoot: {name} is a number, not {text!r}")
    return int(text)


def _roles(text: str) -> frozenset[str]:
    roles = frozenset(word.strip() for word in text.split(",") if word.strip())
    for word in sorted(roles - set(hooks.KINDS)):
        raise SettingsError(f"chatwoot: webhook_as knows no {word!r}{did_you_mean(word, hooks.KINDS)}")
    return roles


def _hook(kind: str, secret: str) -> Hook:
    return Hook(kind, "", secret, frozenset(), kind, hooks.ONCE, HOOK_TIMEOUT_S)


def _inbox(settings: Mapping[str, str]) -> Inbox:
    hours.zone(settings["timezone"])
    written = settings["working_hours"]
    window = _number(settings, "agent_reply_time_window")
    return Inbox(
        id=_number(settings, "inbox_id") or 1,
        name=settings["inbox_name"],
        identifier=settings["inbox_identifier"],
        hook=Hook("api_inbox", "", settings["webhook_secret"], frozenset(), hooks.INBOX, hooks.ONCE, HOOK_TIMEOUT_S),
        hours=hours.read_hours(written) if written else hours.default_hours(),
        timezone=settings["timezone"],
        working_hours_enabled=bool(written),
        out_of_office_message=settings["out_of_office_message"],
        greeting_message=settings["greeting_message"],
        csat_survey_enabled=_is_on(settings, "csat_survey_enabled"),
        enable_auto_assignment=_is_on(settings, "enable_auto_assignment"),
        max_assignment_limit=_number(settings, "max_assignment_limit"),
        reply_window_h=float(window) if window is not None else None,
        hmac_mandatory=_is_on(settings, "hmac_mandatory"),
    )


def _team(state: ChatwootState, name: str) -> Team:
    known = next((team for team in state.teams.values() if team.name == name.lower()), None)
    if known is None:
        known = Team(state.next_id("team"), name.lower())
        state.teams[known.id] = known
    return known


desk: Desk[ChatwootState] = Chatwoot()
