"""What the service or the page tells beside messages, by the activity's type, and errors that calls meet, by names of our own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.model import Event
from chatdrill_fakes.families.connector.errors import CODES
from chatdrill_fakes.platforms.webchat.activities import Told, activity, told
from chatdrill_fakes.platforms.webchat.state import Json, WebChat, WebChatState

_COUNT_MAX = 1000
ERRORS: dict[int, tuple[str, ...]] = {
    400: ("BadArgument", "MissingProperty", "BadSyntax"),
    401: ("Unauthorized",),
    403: ("Forbidden", "BotNotInConversationRoster", "ConversationBlockedByUser", "BotDisabled"),
    404: ("NotFound", "ConversationNotFound"),
    405: ("BadArgument",),
    412: ("BadArgument",),
    413: ("MessageSizeTooBig",),
    429: ("Throttled", "TooManyRequests"),
    500: ("ServiceError",),
    502: ("BotConnectorError",),
    503: ("ServiceError",),
    504: ("ServiceError",),
}
"""Errors that a call can be made to meet: the words that go with a status, the usual one first."""


def event(state: WebChatState, chat: WebChat, act: Event, at: float) -> Told:
    """An event. Raises ``Unsupported`` for an unknown name, or an error that there is not."""
    effect = _EFFECTS.get(act.name)
    if effect is not None:
        effect(state, chat, act.data, at)
        return ()
    fields = _ACTIVITIES.get(act.name)
    if fields is None:
        raise Unsupported(f"webchat has no event {act.name!r}{did_you_mean(act.name, EVENT_NAMES)}")
    said = activity(state, chat, act.name, at) | fields(state, chat) | act.data
    said = {name: value for name, value in said.items() if value is not None}
    return (told(chat, said, at),)


def _fixed(**fields: Any) -> Callable[[WebChatState, WebChat], Json]:
    return lambda _state, _chat: dict(fields)


def members(state: WebChatState, chat: WebChat) -> Json:
    """Who is here now."""
    return {"membersAdded": [state.bot, chat.user]}


_ACTIVITIES: dict[str, Callable[[WebChatState, WebChat], Json]] = {
    "conversationUpdate": members,
    "event": lambda _state, chat: {"name": "webchat/join", "value": {"language": chat.locale}},
    "invoke": _fixed(name="adaptiveCard/action", value={"action": {"type": "Action.Execute", "verb": "refresh", "data": {}}, "trigger": "manual"}),
    "endOfConversation": _fixed(code="userCancelled"),
    "installationUpdate": _fixed(action="add"),
    "contactRelationUpdate": _fixed(action="add"),
    "deleteUserData": _fixed(),
    "command": _fixed(name="application/x-page.reload", value={"commandId": "1"}),
    "commandResult": _fixed(name="application/x-page.reload", value={"commandId": "1"}),
    "suggestion": _fixed(text="Where is my order?"),
    "handoff": _fixed(),
}  # fmt: skip


# ------------------------------------------------------------------------------------------------ what calls meet


def _api_error(_state: WebChatState, chat: WebChat, data: Mapping[str, Any], _at: float) -> None:
    """The next calls about this conversation meet an error."""
    status, times = data.get("status", 429), data.get("times", 1)
    if isinstance(status, bool) or status not in ERRORS:
        raise Unsupported(f"webchat: status must be one of {', '.join(map(str, ERRORS))}, not {status!r}")
    code = data.get("code", ERRORS[status][0] if status != 404 else CODES[404])
    if code not in ERRORS[status]:
        raise Unsupported(f"webchat: with {status} the code is one of {', '.join(ERRORS[status])}, not {code!r}")
    if not isinstance(times, int) or isinstance(times, bool) or not 0 < times <= _COUNT_MAX:
        raise Unsupported(f"webchat: times must be a number from 1 to {_COUNT_MAX}, not {times!r}")
    chat.fails_next += [(status, code)] * times


def _token_revoked(state: WebChatState, _chat: WebChat, _data: Mapping[str, Any], at: float) -> None:
    """Tokens that the login service has given until now are not good any more: the next call meets 401, and the bot logs in again."""
    state.revoked_at = max(state.revoked_at, at - _chat.ahead_s)


_EFFECTS: dict[str, Callable[[WebChatState, WebChat, Mapping[str, Any], float], None]] = {
    "api_error": _api_error,
    "token_revoked": _token_revoked,
}
EVENT_NAMES = frozenset({*_ACTIVITIES, *_EFFECTS})
