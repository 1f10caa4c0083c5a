"""One app whose chats several workers hold: whose a call is. Files of the bot lie where they were brought."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chatdrill.errors import Unsupported
from chatdrill.wire import HttpRequest, read_arguments
from chatdrill.wire.doors import EVERY_DOOR, one_owner
from chatdrill_fakes.platforms.slack import files, hooks, links
from chatdrill_fakes.platforms.slack.routes import method_of
from chatdrill_fakes.platforms.slack.state import SlackState

_ALONE = ("apps.connections.open",)
_EVERYBODYS = ("auth.revoke",)
_NAMED = ("user", "user_id", "view_id", "trigger_id", "file")
_TS = ("thread_ts", "ts", "timestamp", "message_ts")
_OWNED_MIN = 8
"""Characters of an id that a worker hands out."""


def owner_of(state: SlackState, request: HttpRequest) -> str | None:
    """See ``chatdrill.wire.doors.Divisible``. A channel is everybody's: the thread says whose it is about."""
    path = request.path
    if links.is_link(path):
        raise Unsupported("a WebSocket belongs to one worker; to try Socket Mode, use one worker")
    if files.is_file(path):
        return files.key_of(path) or None
    if hooks.is_hook(path):
        return None if path.startswith(hooks.SERVICES) else hooks.key_of(path)
    name = method_of(path)
    if name in _ALONE:
        raise Unsupported(f"{name}: a WebSocket belongs to one worker; to try Socket Mode, use one worker")
    if name in _EVERYBODYS:
        return EVERY_DOOR
    values = read_arguments(request).values
    return one_owner(_ids(state, values), name)


def _ids(state: SlackState, values: Any) -> Iterator[str]:
    for name in ("channel", "channel_id"):
        given = values.get(name)
        if isinstance(given, str) and given == state.settings["channel"]:
            yield from (str(values[ts]) for ts in _TS if _is_owned(values.get(ts)))
            return
        if _is_owned(given):
            yield given
            return
    yield from (values[name] for name in _NAMED if _is_owned(values.get(name)))
    people = values.get("users")
    if isinstance(people, str | list):
        yield from (one for one in (people.split(",") if isinstance(people, str) else people) if _is_owned(one))


def _is_owned(id: Any) -> bool:
    return isinstance(id, str) and len(id) >= _OWNED_MIN
