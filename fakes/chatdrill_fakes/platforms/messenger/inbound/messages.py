"""Messages of people at the Page's side, as the echo shows them."""

from __future__ import annotations

from chatdrill.errors import Unsupported
from chatdrill.model import Message

from .. import cdn
from ..state import Json
from .scene import Scene
from .writing import ATTACHMENT_TYPES


def attachments_of(scene: Scene, message: Message) -> list[Json]:
    """The attachments of a message that has no words."""
    if not message.media:
        raise Unsupported("a person in the Page Inbox can send text or media, and this message has neither")
    return [
        {
            "type": ATTACHMENT_TYPES[media.kind],
            "payload": {"url": cdn.publish(scene.state, scene.chat, media.file, scene.at)},
        }
        for media in message.media
    ]
