"""One bot whose chats several workers hold: whose a call is. A file lies where the customer is who sent it."""

from __future__ import annotations

from chatdrill.wire import HttpRequest
from chatdrill.wire.doors import EVERY_DOOR, one_owner
from chatdrill_fakes.platforms.viber import shelf
from chatdrill_fakes.platforms.viber.errors import ApiError
from chatdrill_fakes.platforms.viber.ids import owned_part
from chatdrill_fakes.platforms.viber.objects import AVATAR_PATH
from chatdrill_fakes.platforms.viber.routes import method_of, values_of
from chatdrill_fakes.platforms.viber.state import Json

_LISTS = {"broadcast_message": "broadcast_list", "get_online": "ids"}
_NAMED = {"send_message": "receiver", "get_user_details": "id"}


def owner_of(request: HttpRequest) -> str | None:
    """See ``chatdrill.wire.doors.Divisible``."""
    if request.path == AVATAR_PATH:
        return owned_part(dict(request.query).get("dlid", "")) or None
    if shelf.is_file(request.path):
        return shelf.key_of(request.path)
    method = method_of(request.path)
    if method == "set_webhook":
        return EVERY_DOOR
    try:
        values = values_of(request)
    except ApiError:
        return None  # whoever answers, says what is wrong with it
    if method in _LISTS:
        return _one_of(values, method)
    named = values.get(_NAMED.get(method, ""))
    return owned_part(named) if isinstance(named, str) and named else None


def _one_of(values: Json, method: str) -> str | None:
    given = values.get(_LISTS[method])
    ids = given if isinstance(given, list) else []
    return one_owner((owned_part(id) for id in ids if isinstance(id, str)), method)
