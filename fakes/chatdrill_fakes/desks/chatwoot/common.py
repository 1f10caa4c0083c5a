"""What the calls share: who calls, what a call is about, and numbers that may be anything."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.desks.chatwoot import errors
from chatdrill_fakes.desks.chatwoot.life import Work
from chatdrill_fakes.desks.chatwoot.limits import NESTING_MAX
from chatdrill_fakes.desks.chatwoot.state import (
    AgentBot,
    ChatwootState,
    Contact,
    ContactInbox,
    Conversation,
    Message,
    User,
)
from chatdrill_fakes.families.desks import Visit

_NUMBER_DIGITS_MAX = 18
Call = Visit[ChatwootState]
OK = HttpResponse(200)


def number(value: Any) -> int | None:
    """An id out of a path or an argument; ``None`` for what is none."""
    if isinstance(value, bool):
        return None
    text = str(value) if isinstance(value, int | str) else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _NUMBER_DIGITS_MAX else None


def words(value: Any) -> str | None:
    """A text, or a number as one; ``None`` for anything else and for nothing."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) and value != "" else None


def table(value: Any) -> dict[str, Any]:
    """An object, or an empty one for anything else."""
    return dict(value) if isinstance(value, Mapping) else {}


def is_true(value: Any) -> bool:
    """True as Rails reads it."""
    return value in (True, 1, "true", "1", "on")


def is_too_deep(value: Any) -> bool:
    """True for JSON that is nested deeper than Ruby parses."""
    level, depth = [value], 0
    while level and depth <= NESTING_MAX:
        inner = [
            each.values() if isinstance(each, Mapping) else each for each in level if isinstance(each, Mapping | list)
        ]
        level, depth = [item for items in inner for item in items], depth + 1
    return bool(level)


def caller(visit: Call) -> User | AgentBot:
    """Whose token it is; raises ``Refused``."""
    token = visit.request.header("api_access_token") or visit.request.header("api-access-token")
    if not token:
        raise errors.not_signed_in()
    if same(token, visit.state.settings["api_access_token"]):
        return visit.state.admin
    for bot in visit.state.bots.values():
        if same(token, bot.token):
            return bot
    raise errors.refused(401, "Invalid Access Token")


def same(given: str, secret: str) -> bool:
    """Compare without giving the secret away."""
    return bool(secret) and hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode())


def talk_of(visit: Call) -> Conversation:
    """The conversation in the path."""
    id = number(visit.params["conversation_id"])
    talk = visit.state.tickets.get(str(id))
    if talk is None:
        raise errors.not_found("conversation")
    visit.to = talk.address
    return talk


def message_of(visit: Call, talk: Conversation) -> Message:
    """The message in the path."""
    message = talk.seen(number(visit.params["message_id"]) or 0)
    if message is None:
        raise errors.not_found("message")
    return message


def contact_of(visit: Call) -> Contact:
    """The contact in the path."""
    contact = visit.state.contacts.get(number(visit.params["contact_id"]) or 0)
    if contact is None:
        raise errors.not_found("contact")
    return contact


def link_by(state: ChatwootState, source_id: str | None) -> ContactInbox | None:
    """The contact inbox with this external id."""
    return next((link for link in state.links if link.source_id == source_id), None)


def work_of(visit: Call, by: User | AgentBot | Contact | None = None) -> Work:
    """The work that a call does, in the time of its conversation; its events are the call's."""
    return Work(visit.state, visit.at, by or caller(visit), True, visit.events)


def answer(value: object) -> HttpResponse:
    """200 with JSON."""
    return json_response(value)
