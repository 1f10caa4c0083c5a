"""Messages of people at the Page's side, as the echo shows them."""

from __future__ import annotations

from collections.abc import Iterator

from chatdrill.errors import Unsupported
from chatdrill.model import Media, Message, Part, Text

from .. import cdn
from ..state import Json
from .scene import Scene
from .writing import ATTACHMENT_TYPES


def contents(scene: Scene, message: Message) -> Iterator[tuple[Json, tuple[Part, ...]]]:
    """The messages that one of several parts becomes, as their records and parts: words and media do not share one."""
    words = tuple(part for part in message.parts if isinstance(part, Text))
    if not message.parts or len(words) + len(message.media) != len(message.parts):
        raise Unsupported("a person in the Page Inbox can send text and media, and nothing else")
    captions = tuple(one.caption for one in message.media if one.caption is not None)
    if message.media:
        bare = tuple(Media(kind=one.kind, file=one.file, emoji=one.emoji) for one in message.media)
        yield {"attachments": [_attachment(scene, one) for one in bare]}, bare
    for part in (*captions, *words):
        yield {"text": part.text}, (part,)


def _attachment(scene: Scene, media: Media) -> Json:
    url = cdn.publish(scene.state, scene.chat, media.file, scene.at)
    return {"type": ATTACHMENT_TYPES[media.kind], "payload": {"url": url}}
