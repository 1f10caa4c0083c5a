"""The account's own side: agents, teams, inbox, agent bots, webhooks.

Source: Chatwoot v4.15.1, controllers/api/v1/accounts; and its swagger.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from chatdrill.errors import SettingsError
from chatdrill.wire import Hook, HttpResponse
from chatdrill_fakes.desks.chatwoot import errors, hooks, shapes
from chatdrill_fakes.desks.chatwoot.common import OK, Call, answer, caller, is_true, number, table, words
from chatdrill_fakes.desks.chatwoot.hours import zone
from chatdrill_fakes.desks.chatwoot.limits import HOOK_TIMEOUT_S
from chatdrill_fakes.desks.chatwoot.state import AgentBot, ChatwootState, Team, User

_DEFAULT_SUBSCRIPTIONS = hooks.SUBSCRIPTIONS[:8]


def _url(value: Any) -> str:
    """A web address; raises ``Refused``."""
    text = words(value) or ""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise errors.invalid("Url is invalid", ["url"])
    return text


# ----------------------------------------------------------------------------------------------------- webhooks


def _webhook(state: ChatwootState, id: int, *, secret: bool = False) -> dict[str, Any]:
    hook = state.hooks[id]
    return {
        "id": id,
        "name": state.hook_names.get(id),
        "url": hook.url,
        "account_id": state.account_id,
        "subscriptions": [word for word in hooks.SUBSCRIPTIONS if word in hook.wants],
        **({"secret": hook.secret} if secret else {}),
    }


def _wants(values: dict[str, Any], usual: frozenset[str]) -> frozenset[str]:
    given = values.get("subscriptions")
    if given is None:
        return usual
    wanted = frozenset(str(each) for each in given) if isinstance(given, list) else frozenset()
    if not wanted or not wanted <= set(hooks.SUBSCRIPTIONS):
        raise errors.invalid("Subscriptions Invalid events", ["subscriptions"])
    return wanted


def list_webhooks(visit: Call) -> HttpResponse:
    """``GET /webhooks``"""
    return answer({"payload": {"webhooks": [_webhook(visit.state, id) for id in visit.state.hooks]}})


def create_webhook(visit: Call) -> HttpResponse:
    """``POST /webhooks``: wrapped in ``webhook`` or not; the answer has its secret."""
    state, values = visit.state, {**visit.values, **table(visit.values.get("webhook"))}
    url, wants = _url(values.get("url")), _wants(values, frozenset(_DEFAULT_SUBSCRIPTIONS))
    if any(hook.url == url for hook in state.hooks.values()):
        raise errors.invalid("Url has already been taken", ["url"])
    id = state.next_id("webhook")
    secret = state.chance.base64url(24)
    state.hooks[id] = _hook(f"webhook-{id}", url, secret, hooks.ACCOUNT, wants)
    state.hook_names[id] = words(values.get("name"))
    state.outbox.changed()
    return answer({"payload": {"webhook": _webhook(state, id, secret=True)}})


def _hook(id: str, url: str, secret: str, kind: str, wants: frozenset[str] = frozenset()) -> Hook:
    retry = None if kind == hooks.AGENT_BOT else hooks.ONCE
    return Hook(id, url, secret, wants, kind, retry, HOOK_TIMEOUT_S)


def _webhook_id(visit: Call) -> int:
    id = number(visit.params["webhook_id"])
    if id is None or id not in visit.state.hooks:
        raise errors.not_found("webhook")
    return id


def update_webhook(visit: Call) -> HttpResponse:
    """``PATCH /webhooks/{id}``"""
    id, values = _webhook_id(visit), {**visit.values, **table(visit.values.get("webhook"))}
    hook = visit.state.hooks[id]
    wants = _wants(values, hook.wants)
    hook.url = _url(values["url"]) if "url" in values else hook.url
    hook.wants = wants
    if "name" in values:
        visit.state.hook_names[id] = words(values["name"])
    return answer({"payload": {"webhook": _webhook(visit.state, id)}})


def delete_webhook(visit: Call) -> HttpResponse:
    """``DELETE /webhooks/{id}``"""
    del visit.state.hooks[_webhook_id(visit)]
    return OK


# --------------------------------------------------------------------------------------------------- agent bots


def _bot(state: ChatwootState, bot: AgentBot) -> dict[str, Any]:
    return {
        "id": bot.id,
        "name": bot.name,
        "description": bot.description,
        "thumbnail": "",
        "outgoing_url": bot.hook.url if bot.hook else state.webhook_url,
        "bot_type": "webhook",
        "bot_config": {},
        "account_id": state.account_id,
        "access_token": bot.token,
        "system_bot": False,
        "secret": bot.secret,
    }


def _bot_of(visit: Call) -> AgentBot:
    bot = visit.state.bots.get(number(visit.params["bot_id"]) or 0)
    if bot is None:
        raise errors.not_found("agent bot")
    return bot


def list_bots(visit: Call) -> HttpResponse:
    """``GET /agent_bots``"""
    return answer([_bot(visit.state, bot) for bot in visit.state.bots.values()])


def show_bot(visit: Call) -> HttpResponse:
    """``GET /agent_bots/{id}``"""
    return answer(_bot(visit.state, _bot_of(visit)))


def create_bot(visit: Call) -> HttpResponse:
    """``POST /agent_bots``: another bot, with a token of its own; it hears of nothing before an inbox has it."""
    state = visit.state
    id, token, secret = state.next_id("agent_bot"), state.chance.base64url(24), state.chance.base64url(24)
    bot = AgentBot(id, words(visit.values.get("name")) or "", token, secret)
    _change_bot(visit, bot)
    state.bots[id] = bot
    return answer(_bot(state, bot))


def _change_bot(visit: Call, bot: AgentBot) -> None:
    values = visit.values
    bot.name = words(values.get("name")) or bot.name
    bot.description = words(values.get("description")) or bot.description
    if values.get("outgoing_url"):
        url = _url(values["outgoing_url"])
        bot.hook = bot.hook or _hook(f"agent_bot-{bot.id}", url, bot.secret, hooks.AGENT_BOT)
        bot.hook.url = url
        visit.state.outbox.changed()


def update_bot(visit: Call) -> HttpResponse:
    """``PATCH /agent_bots/{id}``: with ``outgoing_url`` the bot says where it listens."""
    bot = _bot_of(visit)
    _change_bot(visit, bot)
    return answer(_bot(visit.state, bot))


def delete_bot(visit: Call) -> HttpResponse:
    """``DELETE /agent_bots/{id}``"""
    state, bot = visit.state, _bot_of(visit)
    if bot.id == hooks.OWN_BOT:
        raise errors.refused(422, "chatdrill keeps the agent bot that the account begins with; take it from the inbox")
    del state.bots[bot.id]
    if state.inbox.bot is bot:
        state.inbox.bot = None
    return OK


def inbox_bot(visit: Call) -> HttpResponse:
    """``GET /inboxes/{id}/agent_bot``"""
    _check_inbox(visit)
    bot = visit.state.inbox.bot
    return answer({"agent_bot": _bot(visit.state, bot) if bot else {}})


def set_inbox_bot(visit: Call) -> HttpResponse:
    """``POST /inboxes/{id}/set_agent_bot``: nothing takes the bot away."""
    _check_inbox(visit)
    id = number(visit.values.get("agent_bot"))
    if id is not None and id not in visit.state.bots:
        raise errors.not_found("agent bot")
    visit.state.inbox.bot = visit.state.bots[id] if id is not None else None
    return OK


# --------------------------------------------------------------------------------------------------------- inbox


def _check_inbox(visit: Call) -> None:
    if number(visit.params["inbox_id"]) != visit.state.inbox.id:
        raise errors.not_found("inbox")


def _inbox(visit: Call) -> dict[str, Any]:
    """The inbox; its secrets are for administrators' eyes, and only they can ask."""
    state, inbox = visit.state, visit.state.inbox
    limit = inbox.max_assignment_limit
    return {
        **shapes.slim_inbox(state),
        "greeting_enabled": bool(inbox.greeting_message),
        "greeting_message": inbox.greeting_message or None,
        "working_hours_enabled": inbox.working_hours_enabled,
        "enable_email_collect": True,
        "csat_survey_enabled": inbox.csat_survey_enabled,
        "csat_config": {},
        "enable_auto_assignment": inbox.enable_auto_assignment,
        "auto_assignment_config": {} if limit is None else {"max_assignment_limit": limit},
        "out_of_office_message": inbox.out_of_office_message or None,
        "working_hours": inbox.hours,
        "timezone": inbox.timezone,
        "callback_webhook_url": None,
        "allow_messages_after_resolved": True,
        "lock_to_single_conversation": False,
        "sender_name_type": "friendly",
        "business_name": None,
        "hmac_mandatory": inbox.hmac_mandatory,
        "hmac_token": state.settings["hmac_token"],
        "secret": inbox.hook.secret,
        "webhook_url": inbox.hook.url or None,
        "inbox_identifier": inbox.identifier,
        "additional_attributes": {},
    }


def list_inboxes(visit: Call) -> HttpResponse:
    """``GET /inboxes``"""
    return answer({"payload": [_inbox(visit)]})


def show_inbox(visit: Call) -> HttpResponse:
    """``GET /inboxes/{id}``"""
    _check_inbox(visit)
    return answer(_inbox(visit))


def update_inbox(visit: Call) -> HttpResponse:
    """``PATCH /inboxes/{id}``: hours, texts, survey, routing, and where the inbox's webhook goes."""
    _check_inbox(visit)
    inbox, values = visit.state.inbox, visit.values
    channel = table(values.get("channel"))
    url = _url(channel["webhook_url"]) if channel.get("webhook_url") else None
    zone_name, hours = _zone(values, inbox.timezone), _hours(values, inbox.hours)
    for name in ("working_hours_enabled", "csat_survey_enabled", "enable_auto_assignment"):
        if name in values:
            setattr(inbox, name, is_true(values[name]))
    for name in ("out_of_office_message", "greeting_message"):
        if name in values:
            setattr(inbox, name, words(values[name]) or "")
    inbox.timezone, inbox.hours = zone_name, hours
    if "auto_assignment_config" in values:
        inbox.max_assignment_limit = number(table(values["auto_assignment_config"]).get("max_assignment_limit"))
    if url is not None:
        inbox.hook.url = url
        visit.state.outbox.changed()
    payload = {**shapes.inbox(visit.state), "changed_attributes": []}
    hooks.publish(visit.state, "inbox_updated", payload, visit.exchange.now, None)
    return answer(_inbox(visit))


def _zone(values: Any, usual: str) -> str:
    name = words(values.get("timezone")) or usual
    try:
        zone(name)
    except SettingsError as error:
        raise errors.invalid("Timezone is not valid", ["timezone"]) from error
    return name


def _hours(values: Any, usual: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a week with those that the call brings; a row that is open needs all its times."""
    rows = {row["day_of_week"]: row for row in usual}
    given = values.get("working_hours")
    for each in given if isinstance(given, list) else []:
        row = {**rows.get(number(table(each).get("day_of_week")), {}), **table(each)}
        day, times = number(row.get("day_of_week")), ("open_hour", "open_minutes", "close_hour", "close_minutes")
        whole = (
            row.get("closed_all_day") or row.get("open_all_day") or all(number(row.get(t)) is not None for t in times)
        )
        if day not in rows or not whole:
            raise errors.invalid("Working hours is invalid", ["working_hours"])
        rows[day] = row
    return [rows[day] for day in sorted(rows)]


# --------------------------------------------------------------------------------------------- agents, teams, me


def list_agents(visit: Call) -> HttpResponse:
    """``GET /agents``"""
    return answer([shapes.agent(visit.state, user) for user in visit.state.users.values()])


def _team(state: ChatwootState, team: Team) -> dict[str, Any]:
    return {
        "id": team.id,
        "name": team.name,
        "description": None,
        "allow_auto_assign": True,
        "account_id": state.account_id,
        "is_member": False,
    }


def list_teams(visit: Call) -> HttpResponse:
    """``GET /teams``"""
    return answer([_team(visit.state, team) for team in visit.state.teams.values()])


def create_team(visit: Call) -> HttpResponse:
    """``POST /teams``; names are kept in small letters."""
    name = (words(visit.values.get("name")) or "").lower()
    if not name:
        raise errors.invalid("Name must not be blank", ["name"])
    if any(team.name == name for team in visit.state.teams.values()):
        raise errors.invalid("Name has already been taken", ["name"])
    team = Team(visit.state.next_id("team"), name)
    visit.state.teams[team.id] = team
    return answer(_team(visit.state, team))


def _team_of(visit: Call) -> Team:
    team = visit.state.teams.get(number(visit.params["team_id"]) or 0)
    if team is None:
        raise errors.not_found("team")
    return team


def show_team(visit: Call) -> HttpResponse:
    """``GET /teams/{id}``"""
    return answer(_team(visit.state, _team_of(visit)))


def team_members(visit: Call) -> HttpResponse:
    """``GET /teams/{id}/team_members``"""
    state = visit.state
    return answer([shapes.agent(state, state.user_of(key)) for key in _team_of(visit).members])


def profile(visit: Call) -> HttpResponse:
    """``GET /profile``: of the user whose token it is."""
    user, state = caller(visit), visit.state
    if not isinstance(user, User):
        raise errors.refused(401, "Access to this endpoint is not authorized for bots")
    account = {"id": state.account_id, "name": state.account_name, "status": "active", "role": user.role}
    return answer({**shapes.agent(state, user), "uid": user.email, "type": None, "accounts": [account]})
