"""What clients of Direct Line read of a conversation: by asking, or over a WebSocket.

Source: learn.microsoft.com, Direct Line API 3.0: receive activities (2025). Watermarks are numbers here; a client takes them as they are.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from chatdrill.wire import Push
from chatdrill_fakes.platforms.webchat.state import Json, WebChat


def since(chat: WebChat, watermark: int) -> Json:
    """What was said after a watermark, as an ActivitySet."""
    return {"activities": [said for number, said in chat.log if number > watermark], "watermark": str(chat.logged)}


def frame(chat: WebChat, watermark: int, passing: Sequence[Json] = ()) -> str | None:
    """The same as the text of one message, and what passes by (typing); ``None`` if there is nothing."""
    found = since(chat, watermark)
    found["activities"] += passing
    return msgspec.json.encode(found).decode() if found["activities"] else None


def pushed(chat: WebChat, passing: Sequence[Json] = ()) -> list[Push]:
    """What open streams have not seen yet."""
    found = []
    for socket, seen in chat.sockets.items():
        text = frame(chat, seen, passing)
        if text is not None:
            found.append(Push(socket, text))
        chat.sockets[socket] = chat.logged
    return found
