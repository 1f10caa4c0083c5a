"""Cards of the bot's as parts of a message, and what their buttons do.

Source: github.com/microsoft/botframework-sdk, specs/botframework-activity/botframework-cards; adaptivecards.io schema 1.5 (2025).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from chatdrill.model import (
    Button,
    Card,
    Carousel,
    File,
    Form,
    Keyboard,
    Media,
    Order,
    OrderItem,
    Other,
    Part,
    Text,
)
from chatdrill.model.parts import ButtonKind, MediaKind
from chatdrill_fakes.platforms.webchat.activities import Attachment, CardAction, read
from chatdrill_fakes.platforms.webchat.calls import refuse
from chatdrill_fakes.platforms.webchat.state import Json

CARD = "application/vnd.microsoft.card."
_KINDS: dict[str, ButtonKind] = {
    "imBack": "reply",
    "postBack": "callback",
    "messageBack": "callback",
    "openUrl": "url",
    "downloadFile": "url",
    "showImage": "url",
    "playAudio": "url",
    "playVideo": "url",
    "signin": "url",
    "call": "call",
}
_DEEP_MAX = 20
Actions = dict[tuple[str, str | None], Json]
"""What a button does, by its title and payload."""


class Image(msgspec.Struct, frozen=True):
    """A picture of a card."""

    url: str | None = None


class Hero(msgspec.Struct, frozen=True, rename="camel"):
    """What the cards of Bot Framework have in common; not every kind shows all of it."""

    title: str | None = None
    subtitle: str | None = None
    text: str | None = None
    images: tuple[Image, ...] | None = None
    image: Image | None = None
    buttons: tuple[CardAction, ...] | None = None
    media: tuple[Image, ...] | None = None
    connection_name: str | None = None


class Item(msgspec.Struct, frozen=True):
    """A line of a receipt."""

    title: str | None = None
    price: str | None = None
    quantity: str | None = None


class Receipt(msgspec.Struct, frozen=True):
    """What was bought."""

    title: str | None = None
    items: tuple[Item, ...] | None = None
    total: str | None = None
    buttons: tuple[CardAction, ...] | None = None


def button(action: CardAction, actions: Actions) -> Button:
    """A button as the customer sees it. Raises ``Refused`` for one that does nothing."""
    if not action.type:
        raise refuse(400, "MissingProperty", "The 'CardAction.Type' property is required")
    kind = _KINDS.get(action.type)
    if kind is None:
        raise refuse(400, "BadArgument", f"Unknown card action type '{action.type[:40]}'")
    if kind == "callback" and action.display_text:
        kind = "postback"
    value = action.value if isinstance(action.value, str) else None if action.value is None else written(action.value)
    title = action.title or (value or "" if kind == "reply" else "")
    payload = value if value is not None else action.text
    url = value if kind == "url" else None
    known = {"type": action.type, "value": action.value, "text": action.text}
    actions[title, payload] = {name: each for name, each in known.items() if each is not None}
    return Button(title=title, kind=kind, payload=payload, url=url, image_url=action.image)


def written(value: Any) -> str:
    """A value as a payload."""
    return msgspec.json.encode(value).decode()


def chips(found: Sequence[CardAction], actions: Actions) -> Keyboard:
    """Suggested actions."""
    return Keyboard(style="quick_replies", rows=(tuple(button(each, actions) for each in found),), one_time=True)


def parts_of(attachment: Attachment, actions: Actions) -> list[Part]:
    """What a card shows."""
    kind = (attachment.content_type or "").removeprefix(CARD)
    reader = _READERS.get(kind)
    if reader is None:
        data = attachment.content if isinstance(attachment.content, dict) else {"content": attachment.content}
        return [Other(kind=attachment.content_type or "", data=data)]
    return reader(attachment.content, actions)


def side_by_side(parts: Sequence[Part]) -> list[Part]:
    """The same with the cards that follow one another in one row (``attachmentLayout: carousel``)."""
    found: list[Part] = []
    for part in parts:
        before = found[-1] if found else None
        if isinstance(part, Carousel) and isinstance(before, Carousel):
            found[-1] = Carousel(cards=(*before.cards, *part.cards))
        else:
            found.append(part)
    return found


# ------------------------------------------------------------------------------------------------------------ kinds


def _hero(content: Any, actions: Actions) -> list[Part]:
    """One with a title or a picture is a card; one that is only words and buttons is these."""
    card = read(content or {}, Hero)
    pressed = tuple(button(each, actions) for each in card.buttons or ())
    images = [each.url for each in (*(card.images or ()), *((card.image,) if card.image else ())) if each.url]
    if card.title or card.subtitle or images:
        below = "\n".join(each for each in (card.subtitle, card.text) if each) or None
        image = File(url=images[0]) if images else None
        return [Carousel(cards=(Card(title=card.title or "", subtitle=below, image=image, buttons=pressed),))]
    words: list[Part] = [Text(text=card.text)] if card.text else []
    return [*words, *([Keyboard(style="inline", rows=tuple((each,) for each in pressed))] if pressed else [])]


def _playing(kind: MediaKind) -> Callable[[Any, Actions], list[Part]]:
    def parts(content: Any, actions: Actions) -> list[Part]:
        card = read(content or {}, Hero)
        caption = Text(text="\n".join(each for each in (card.title, card.subtitle, card.text) if each))
        files: list[Part] = [Media(kind=kind, file=File(url=each.url)) for each in card.media or () if each.url]
        rows = tuple((button(each, actions),) for each in card.buttons or ())
        return [
            *([caption] if caption.text else []),
            *files,
            *([Keyboard(style="inline", rows=rows)] if rows else []),
        ]

    return parts


def _receipt(content: Any, actions: Actions) -> list[Part]:
    card = read(content or {}, Receipt)
    items = tuple(
        OrderItem(id=each.title or str(number), name=each.title, quantity=_number(each.quantity) or 1, price=_number(each.price))
        for number, each in enumerate(card.items or (), 1)
    )  # fmt: skip
    rows = tuple((button(each, actions),) for each in card.buttons or ())
    order = Order(items=items, note=card.title, total=_number(card.total))
    return [order, *([Keyboard(style="inline", rows=rows)] if rows else [])]


def _number(text: str | None) -> float:
    """An amount, of which only digits and a point count."""
    digits = "".join(sign for sign in text or "" if sign in "0123456789.")[:15]
    try:
        return float(digits or 0)
    except ValueError:
        return 0.0


# --------------------------------------------------------------------------------------------------- adaptive cards


def _adaptive(content: Any, actions: Actions) -> list[Part]:
    """Its words and pictures as a card, its inputs as a form."""
    if not isinstance(content, dict) or content.get("type") != "AdaptiveCard":
        raise refuse(400, "BadArgument", "The content of an adaptive card has the type AdaptiveCard")
    elements = list(_elements(content.get("body"), 0))
    words = [each["text"] for each in elements if each.get("type") == "TextBlock" and isinstance(each.get("text"), str)]
    images = [each["url"] for each in elements if each.get("type") == "Image" and isinstance(each.get("url"), str)]
    places = [*elements, *_elements(content.get("actions"), 0)]
    pressed = tuple(each for place in places if (each := _action(place, actions)) is not None)
    card = Card(
        title=words[0] if words else "", subtitle="\n".join(words[1:]) or None,
        image=File(url=images[0]) if images else None, buttons=pressed,
    )  # fmt: skip
    inputs = {each["id"]: each["type"] for each in elements if _is_input(each)}
    return [Carousel(cards=(card,)), *([Form(name=words[0] if words else "", values=inputs)] if inputs else [])]


def _elements(found: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    """Every element, whatever it lies in."""
    for each in found if isinstance(found, list) and depth < _DEEP_MAX else ():
        if isinstance(each, dict):
            yield each
            for inner in ("items", "columns", "actions", "body", "facts", "images"):
                yield from _elements(each.get(inner), depth + 1)


def _is_input(element: Mapping[str, Any]) -> bool:
    return str(element.get("type", "")).startswith("Input.") and isinstance(element.get("id"), str)


def _action(element: Mapping[str, Any], actions: Actions) -> Button | None:
    kind, title = element.get("type"), element.get("title")
    words = title if isinstance(title, str) else ""
    if kind in ("Action.Submit", "Action.Execute"):
        data = element.get("data")
        payload = data if isinstance(data, str) else written({} if data is None else data)
        actions[words, payload] = {"type": "postBack", "value": {} if data is None else data}
        return Button(title=words, kind="callback", payload=payload)
    if kind == "Action.OpenUrl" and isinstance(element.get("url"), str):
        return Button(title=words, kind="url", url=element["url"])
    return None


_READERS: dict[str, Callable[[Any, Actions], list[Part]]] = {
    "hero": _hero,
    "thumbnail": _hero,
    "signin": _hero,
    "oauth": _hero,
    "receipt": _receipt,
    "adaptive": _adaptive,
    "audio": _playing("audio"),
    "video": _playing("video"),
    "animation": _playing("animation"),
}
