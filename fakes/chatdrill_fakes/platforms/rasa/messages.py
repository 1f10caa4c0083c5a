"""The bot's messages, as the page shows them.

Source: rasa.com/docs, Your own website: REST channel; Responses (3.x, 2025); rasa/core/channels/channel.py: CollectingOutputChannel (3.6).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from chatdrill.model import Blobs, Button, Card, Carousel, File, Keyboard, Media, Other, Part, Text
from chatdrill.model.parts import MediaKind
from chatdrill.wire import Fetched
from chatdrill.wire.files import describe

KNOWN = ("recipient_id", "text", "image", "attachment", "buttons", "elements", "quick_replies", "custom")
_KINDS: dict[str, MediaKind] = {"image": "photo", "video": "video", "audio": "audio"}
_ENDINGS: dict[str, MediaKind] = {
    "gif": "animation", "png": "photo", "jpg": "photo", "jpeg": "photo", "webp": "photo", "mp4": "video", "mp3": "audio", "ogg": "audio",
}  # fmt: skip


class Trouble(Exception):
    """Something that no Rasa channel sends, in words."""


def link_in(message: Mapping[str, Any]) -> str | None:
    """The address of the file of a message, if it has one."""
    for name in ("image", "attachment"):
        found = message.get(name)
        if isinstance(found, dict):  # Messenger's shape, which templates of the bot may use
            payload = found.get("payload")
            found = payload.get("src") or payload.get("url") if isinstance(payload, dict) else None
        if isinstance(found, str) and found:
            return found
    return None


def judge(message: Any, sender: str | None) -> Mapping[str, Any]:
    """A message that is one. Raises ``Trouble``."""
    if not isinstance(message, dict):
        raise Trouble(f"a message is an object, not {type(message).__name__}")
    recipient = message.get("recipient_id")
    if not isinstance(recipient, str) or not recipient:
        raise Trouble("recipient_id is missing: it is the sender of what is answered")
    if sender is not None and recipient != sender:
        raise Trouble(
            f"recipient_id is {recipient[:80]!r}, and it is {sender!r} who wrote: a visitor reads another one's answer"
        )
    for name, value in message.items():
        kind, word = _TYPES.get(name, _ANY)
        if value is not None and not isinstance(value, kind):
            raise Trouble(f"{name} is {word}, not {type(value).__name__}")
    link = link_in(message)
    if link is not None and not link.startswith(("http://", "https://", "data:")):
        raise Trouble(f"{link[:80]!r} is no address that a page can show")
    if not any(message.get(name) for name in KNOWN[1:]):
        raise Trouble(f"there is nothing in the message: it has one of {', '.join(KNOWN[1:])}")
    return message


_TYPES: dict[str, tuple[Any, str]] = {
    "text": (str, "a string"),
    "image": ((str, dict), "an address"),
    "attachment": ((str, dict), "an address"),
    "buttons": (list, "a list"),
    "quick_replies": (list, "a list"),
    "elements": (list, "a list"),
    "custom": ((dict, list, str), "an object"),
}
_ANY: tuple[Any, str] = (object, "")


def parts_of(blobs: Blobs, message: Mapping[str, Any], fetched: Mapping[str, Fetched]) -> tuple[Part, ...]:
    """What a message shows; files that were ``fetched`` come to ``blobs``. Raises ``Trouble``."""
    found: list[Part] = [Text(text=message["text"])] if message.get("text") else []
    link = link_in(message)
    if link is not None:
        found.append(_media(blobs, link, fetched))
    if message.get("elements"):
        found.append(Carousel(cards=tuple(_card(each) for each in message["elements"])))
    buttons = [*(message.get("buttons") or ()), *(message.get("quick_replies") or ())]
    if buttons:
        found.append(Keyboard(style="inline", rows=tuple((_button(each),) for each in buttons)))
    if message.get("custom"):
        custom = message["custom"]
        found.append(Other(kind="custom", data=custom if isinstance(custom, dict) else {"custom": custom}))
    return tuple(found)


def _media(blobs: Blobs, link: str, fetched: Mapping[str, Fetched]) -> Media:
    ending = _ENDINGS.get(link.partition("?")[0].rpartition(".")[2].lower(), "document")
    got = fetched.get(link)
    if got is None or got.error is not None:
        return Media(kind=ending, file=File(url=link))
    mime = got.content_type.partition(";")[0].strip() or None
    file = describe(got.content, blobs, name=link.partition("?")[0].rpartition("/")[2], mime=mime)
    kind = "animation" if file.mime == "image/gif" else _KINDS.get(file.mime.partition("/")[0], "document")
    return Media(kind=kind, file=msgspec.structs.replace(file, url=link))


def _words(found: Any, name: str, what: str) -> str:
    if not isinstance(found, dict) or not isinstance(found.get(name), str):
        raise Trouble(f"{what} has a {name}, which is a string")
    return str(found[name])


def _button(found: Any) -> Button:
    title = _words(found, "title", "a button")
    if isinstance(found.get("url"), str):
        return Button(title=title, kind="url", url=found["url"])
    return Button(title=title, kind="postback", payload=_words(found, "payload", "a button"))


def _card(found: Any) -> Card:
    title = _words(found, "title", "an element")
    subtitle, image, buttons = (found.get(name) for name in ("subtitle", "image_url", "buttons"))
    return Card(
        title=title,
        subtitle=subtitle if isinstance(subtitle, str) else None,
        image=File(url=image) if isinstance(image, str) else None,
        buttons=tuple(_button(each) for each in buttons) if isinstance(buttons, list) else (),
    )
