"""What a path means: which of the account's nodes it names, and the edge below that."""

from __future__ import annotations

from ..state import InstagramState

_ROOTS = ("debug_token", "access_token", "refresh_access_token", "oauth", "search")


def locate(state: InstagramState, segments: tuple[str, ...]) -> tuple[str, str, str]:
    """The kind of the node in a path, its id, and the edge below it."""
    if not segments:
        return "root", "", ""
    first, rest = segments[0], "/".join(segments[1:])
    if first in state.own_ids:
        return "page", state.own_id, rest
    if first in state.chats:
        return "user", first, rest
    if first in _ROOTS:
        return "root", "", "/".join(segments)
    # Messages and conversations go with their chat, which the harness may have closed.
    if state.mids.get(first) in state.chats:
        return "message", first, rest
    if state.threads.get(first) in state.chats:
        return "conversation", first, rest
    return ("app" if first == state.app_id else ""), first, rest
