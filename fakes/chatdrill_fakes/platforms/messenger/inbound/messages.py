"""Messages of people at the Page's side, as the echo shows them."""

from __future__ import annotations

from collections.abc import Iterator

from chatdrill.model import Media, Message, Part
from chatdrill_fakes.families.graph import acting, cdn
from chatdrill_fakes.families.graph.state import Json

from .scene import Scene
from .writing import ATTACHMENT_TYPES


def contents(scene: Scene, message: Message) -> Iterator[tuple[Json, tuple[Part, ...]]]:
    """The messages that one of several parts becomes, as their records and parts."""
    return acting.contents(message, lambda media: _attachment(scene, media))


def _attachment(scene: Scene, media: Media) -> Json:
    url = cdn.publish(scene.state, scene.chat, media.file, scene.at)
    return {"type": ATTACHMENT_TYPES[media.kind], "payload": {"url": url}}
