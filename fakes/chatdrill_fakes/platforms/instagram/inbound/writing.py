"""What a customer writes, as messages of Instagram.

Words and attachments never share a message here, so one act may become several messages. Photos and videos that were chosen
together become one message with several attachments. GIFs and stickers produce no webhook at all, so nobody can send them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from chatdrill.errors import Unsupported
from chatdrill.model import Contact, Media, Other, Part, Text, Write
from chatdrill_fakes.families.graph.acting import grouped, own_number
from chatdrill_fakes.families.graph.referrals import Entrances, from_start
from chatdrill_fakes.families.graph.scene import Told
from chatdrill_fakes.families.graph.state import Json

from .. import cdn
from ..limits import IMAGES_MAX
from .attachments import record_of, words_of
from .scene import Scene

TYPES = {"photo": "image", "video": "video", "voice": "audio", "audio": "audio", "document": "file"}
ENTRANCES = Entrances("Instagram", "ig.me", {"link": "IGME-SOURCE-LINK", "ad": "ADS"})
_ALBUM = frozenset({"photo", "video"})
_Piece = tuple[Json, tuple[Part, ...]]
"""One message to be: its record without an id, and what it is made of."""


def write(scene: Scene, act: Write) -> Told:
    """The updates of what the customer wrote. Raises ``Unsupported`` for what nobody can send to an account."""
    pieces = [piece for part in grouped(act.parts, _ALBUM, IMAGES_MAX) for piece in _read(scene, part)]
    if not pieces:
        raise Unsupported("nobody can send an empty message on Instagram")
    referral = from_start(ENTRANCES, None, act.referral) or scene.chat.referral
    scene.chat.referral = None
    told: list[Any] = []
    for number, (record, parts) in enumerate(pieces):
        reply_to = act.reply_to if number == 0 else None
        if reply_to is not None:
            record["reply_to"] = {"mid": reply_to}
        if number == 0 and referral is not None:
            record["referral"] = referral
        told.extend(scene.customer_message(record, parts, reply_to=reply_to))
        scene.at += 0.001  # messages of one act follow each other
    return tuple(told)


def _read(scene: Scene, part: Part | list[Media]) -> Iterator[_Piece]:
    if isinstance(part, list):
        yield from _media(scene, part)
    else:
        yield _READERS.get(type(part), _refuse)(scene, part)


def _media(scene: Scene, media: list[Media]) -> Iterator[_Piece]:
    """One message with the attachments; captions do not exist here, so they follow as words."""
    bare = tuple(Media(kind=one.kind, file=one.file) for one in media)
    yield {"attachments": [attachment(scene, one) for one in media]}, bare
    yield from (_words(scene, one.caption) for one in media if one.caption is not None)


def attachment(scene: Scene, media: Media) -> Json:
    """A file as an element of ``attachments``."""
    if media.kind not in TYPES:
        raise Unsupported(f"on Instagram a {media.kind} produces no webhook, so the bot never learns of it")
    url = cdn.publish(scene.state, scene.chat, media.file, scene.at)
    if not url:
        raise Unsupported(f"the {media.kind} has no content; name a file for it")
    return {"type": TYPES[media.kind], "payload": {"url": url}}


def _words(_scene: Scene, part: Text) -> _Piece:
    if not part.text:
        raise Unsupported("nobody can send an empty message on Instagram")
    return {"text": part.text}, (Text(text=part.text),)


def _contact(scene: Scene, part: Contact) -> _Piece:
    number = own_number(scene, part)
    return {"text": number, "quick_reply": {"payload": number}}, (Text(text=number),)


def _other(scene: Scene, part: Other) -> _Piece:
    text = words_of(part)
    return record_of(scene, part), (part,) if text is None else (Text(text=text),)


def _refuse(_scene: Scene, part: Part) -> _Piece:
    word = type(part).__name__.lower()
    raise Unsupported(
        f"of a {word} the bot on Instagram is told nothing but that it cannot be shown: send {{other: unsupported}}"
    )


_READERS: dict[type[Any], Callable[[Scene, Any], _Piece]] = {Text: _words, Contact: _contact, Other: _other}
