"""One channel whose chats several workers hold: whose a call is. A file lies where the customer is who sent it."""

from __future__ import annotations

from chatdrill.wire import HttpRequest
from chatdrill.wire.doors import EVERY_DOOR, one_owner
from chatdrill_fakes.platforms.line.errors import ApiError
from chatdrill_fakes.platforms.line.routes import Route, find, values_of
from chatdrill_fakes.platforms.line.state import Json

_NAMED = {"reply": "replyToken", "push": "to", "loading": "chatId", "mark as read": "markAsReadToken"}
_LISTS = {"multicast": "to", "bulk link richmenu": "userIds", "bulk unlink richmenu": "userIds"}
_SHARED = frozenset(
    {
        "broadcast", "narrowcast", "set webhook endpoint", "create richmenu", "delete richmenu", "upload richmenu image",
        "set default richmenu", "cancel default richmenu", "create richmenu alias", "change richmenu alias", "delete richmenu alias",
        "issue token", "issue token v2.1", "issue token v3", "revoke token",
    }
)  # fmt: skip
_OWNED = ("userId", "groupId", "roomId", "id")
"""Parts of a path that end in a worker's mark."""


def owner_of(request: HttpRequest) -> str | None:
    """See ``chatdrill.wire.doors.Divisible``."""
    found = find(request.method.upper(), request.path_in_parts)
    if found is None:
        return None
    route, path = found
    if route.name in _SHARED:
        return EVERY_DOOR
    of_path = next((path[name] for name in _OWNED if name in path), None)
    return of_path or _in_body(request, route)


def _in_body(request: HttpRequest, route: Route) -> str | None:
    if route.name not in _NAMED and route.name not in _LISTS:
        return None
    try:
        values: Json = values_of(request, route)
    except (ApiError, RecursionError):
        return None  # whoever answers, says what is wrong with it
    if route.name in _LISTS:
        given = values.get(_LISTS[route.name])
        return one_owner((id for id in given if isinstance(id, str)), route.name) if isinstance(given, list) else None
    named = values.get(_NAMED[route.name])
    return named if isinstance(named, str) and named else None
