"""What a path means: which of the Page's nodes it names, and the edge below that."""

from __future__ import annotations

from ..state import MessengerState
from .stickers import PACKS

_ROOTS = ("debug_token", "sticker_packs", "sticker_search", "oauth", "search")


def locate(state: MessengerState, segments: tuple[str, ...]) -> tuple[str, str, str]:
    """The kind of the node in a path, its id, and the edge below it."""
    if not segments:
        return "root", "", ""
    first, rest = segments[0], "/".join(segments[1:])
    if first in ("me", state.page_id):
        return "page", state.page_id, rest
    if first in state.chats:
        return "user", first, rest
    if first == "sticker_packs" and len(segments) > 1 and segments[1] in PACKS:
        return "pack", segments[1], "/".join(segments[2:])
    if first in _ROOTS:
        return "root", "", first if first == "oauth" else "/".join(segments)
    return _kind(state, first), first, rest


def _kind(state: MessengerState, node: str) -> str:
    """What an id belongs to. Messages and conversations go with their chat, which the harness may have closed."""
    if state.mids.get(node) in state.chats:
        return "message"
    if state.threads.get(node) in state.chats:
        return "conversation"
    if node == state.app_id:
        return "app"
    return "persona" if node in state.personas else "label" if node in state.labels else ""
