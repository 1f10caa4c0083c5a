"""Flex messages: the tree is checked for kinds, what must be there, and its size. Source: developers.line.biz, Messaging API reference:
Flex Message (2026-08). Colours, margins and other looks are let through unseen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from chatdrill.model import Card, Carousel, File, Keyboard, Text
from chatdrill_fakes.platforms.line import actions, limits
from chatdrill_fakes.platforms.line.drafts import Draft
from chatdrill_fakes.platforms.line.reading import SPECIFIED, Place
from chatdrill_fakes.platforms.line.state import Pressable

DEPTH_MAX = 30
"""LINE does not say how deep boxes may be; what is deeper is refused here before Python gives up."""
_BLOCKS = ("header", "hero", "body", "footer")
_SIZES = ("nano", "micro", "deca", "hecto", "kilo", "mega", "giga")
_KINDS = ("box", "button", "image", "video", "icon", "text", "span", "separator", "filler")
_LAYOUTS = ("horizontal", "vertical", "baseline")


class Found:
    """What a bubble shows: words, pictures, buttons."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.images: list[str] = []
        self.pressables: list[Pressable] = []


def read(place: Place, draft: Draft) -> None:
    """A Flex message."""
    place.text("altText", limits.ALT_TEXT_MAX)
    contents = place.inner("contents")
    if contents is None:
        return
    kind = contents.choice("type", ("bubble", "carousel"))
    if kind == "bubble":
        found = _bubble(contents)
        draft.pressables += found.pressables
        rows = tuple((one.button,) for one in found.pressables)
        draft.parts = (Text(text="\n".join(found.texts)), *((Keyboard(style="inline", rows=rows),) if rows else ()))
    elif kind == "carousel":
        _check_size(contents, limits.CAROUSEL_MAX_BYTES)
        bubbles = [_bubble(one) for one in contents.items("contents", 1, limits.BUBBLES_MAX)]
        draft.pressables += [one for bubble in bubbles for one in bubble.pressables]
        draft.parts = (Carousel(cards=tuple(map(_card, bubbles))),)


def _check_size(place: Place, most: int) -> None:
    if len(msgspec.json.encode(place.value)) > most:
        place.problems.add(f"must be at most {most} bytes", place.path)


def _card(found: Found) -> Card:
    return Card(
        title=found.texts[0] if found.texts else "",
        subtitle="\n".join(found.texts[1:]) or None,
        image=File(url=found.images[0]) if found.images else None,
        buttons=tuple(one.button for one in found.pressables),
    )


def _bubble(place: Place) -> Found:
    found = Found()
    place.choice("type", ("bubble",))
    place.choice("size", _SIZES, required=False)
    place.choice("direction", ("ltr", "rtl"), required=False)
    _check_size(place, limits.BUBBLE_MAX_BYTES)
    blocks = [inner for name in _BLOCKS if (inner := place.inner(name, required=False)) is not None]
    if not blocks:
        place.problems.add("At least one block must be specified", place.path)
    for block in blocks:
        _component(block, found, 0)
    _pressed(place, found, labelled=False)
    return found


def _component(place: Place, found: Found, depth: int) -> None:
    if depth > DEPTH_MAX:
        place.problems.add("nested too deeply", place.path)
        return
    kind = place.choice("type", _KINDS)
    if kind == "box":
        place.choice("layout", _LAYOUTS)
        if place.get("contents") is None:
            place.wrong(SPECIFIED, "contents")
        for inner in place.items("contents", 0, 1000):
            _component(inner, found, depth + 1)
    elif kind == "text":
        _words(place, found)
    elif kind in ("image", "icon", "video"):
        found.images += [url] if (url := place.url("url")) and kind != "icon" else []
    elif kind == "span":
        found.texts.append(place.text("text", 10**6, empty=SPECIFIED))
    if kind == "button" or place.get("action") is not None:
        _pressed(place, found, labelled=kind == "button")


def _words(place: Place, found: Found) -> None:
    spans = place.items("contents", 0, 1000) if place.get("contents") is not None else []
    if spans:
        found.texts.append("".join(_spans(spans)))
    else:
        found.texts.append(place.text("text", 10**6, empty="must be non-empty text"))


def _spans(places: list[Place]) -> Iterator[str]:
    for place in places:
        place.choice("type", ("span",))
        yield place.text("text", 10**6, empty=SPECIFIED)


def _pressed(place: Place, found: Found, *, labelled: bool) -> None:
    inner = place.inner("action", required=labelled)
    one: Any = actions.read(inner, "flex", labelled=labelled) if inner is not None else None
    found.pressables += [one] if one is not None else []
