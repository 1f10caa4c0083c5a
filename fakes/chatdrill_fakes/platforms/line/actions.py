"""Actions: what stands behind buttons. Source: developers.line.biz, Messaging API reference: action objects (2026-08)."""

from __future__ import annotations

import re
from collections.abc import Callable

from chatdrill.model import Button
from chatdrill_fakes.platforms.line import limits
from chatdrill_fakes.platforms.line.reading import SPECIFIED, Place, signs
from chatdrill_fakes.platforms.line.state import Pressable

_EVERYWHERE = ("postback", "message", "uri", "datetimepicker")
ALLOWED = {
    "template": (*_EVERYWHERE, "clipboard"),
    "image_carousel": (*_EVERYWHERE, "clipboard"),
    "flex": (*_EVERYWHERE, "clipboard"),
    "quickReply": (*_EVERYWHERE, "camera", "cameraRoll", "location", "clipboard"),
    "richmenu": (*_EVERYWHERE, "richmenuswitch", "clipboard"),
    "imagemap": ("message", "uri", "clipboard"),
}
_LABELLED = ("template", "quickReply")
_INPUTS = ("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice")
_DATES = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "time": re.compile(r"\d\d:\d\d"),
    "datetime": re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d"),
}


def read(place: Place, where: str, *, labelled: bool | None = None, image: str | None = None) -> Pressable | None:
    """The button of an action, or ``None`` for one that is none. ``labelled``: it must say something, where the place alone does not tell."""
    needed = where in _LABELLED if labelled is None else labelled
    kind = place.choice("type", ALLOWED[where])
    if needed:
        label = place.text("label", limits.LABEL_MAX[where], empty=SPECIFIED, measure=signs)
    else:
        label = place.optional("label", limits.LABEL_MAX[where], measure=signs) or ""
    if not kind:
        return None
    title, button = _READERS[kind](place), place.value
    shown = label or title
    return Pressable(_button(kind, shown, place, image), button, where == "quickReply")


def _button(kind: str, title: str, place: Place, image: str | None) -> Button:
    payload, url = place.get("data"), None
    if kind == "uri":
        link = place.get("uri") or place.get("linkUri")
        url = link if isinstance(link, str) else None
        called = (url or "").startswith("tel:")
        return Button(title=title, kind="call" if called else "url", url=url, image_url=image)
    if kind == "message":
        return Button(title=title, kind="reply", payload=place.get("text"), image_url=image)
    if kind == "postback":
        heard = place.get("displayText") or place.get("text")
        return Button(title=title, kind="postback" if heard else "callback", payload=payload, image_url=image)
    if kind == "clipboard":
        return Button(title=title, kind="copy", payload=place.get("clipboardText"), image_url=image)
    return Button(
        title=title, kind="request_location" if kind == "location" else "other", payload=payload, image_url=image
    )


def _postback(place: Place) -> str:
    data = place.text("data", limits.DATA_MAX, empty=SPECIFIED)
    for name in ("displayText", "text", "fillInText"):
        place.optional(name, limits.ACTION_TEXT_MAX)
    if place.get("displayText") is not None and place.get("text") is not None:
        place.wrong("displayText and text cannot be used together", "text")
    place.choice("inputOption", _INPUTS, required=False)
    return data


def _message(place: Place) -> str:
    return place.text("text", limits.ACTION_TEXT_MAX, empty=SPECIFIED)


def _uri(place: Place) -> str:
    link = place.link("linkUri" if place.get("linkUri") is not None else "uri")
    alternative = place.inner("altUri", required=False)
    if alternative is not None:
        alternative.link("desktop", required=False)
    return link


def _date(place: Place) -> str:
    data = place.text("data", limits.DATA_MAX, empty=SPECIFIED)
    mode = place.choice("mode", tuple(_DATES))
    for name in ("initial", "min", "max"):
        value = place.optional(name, 16, measure=len)
        if value is not None and mode and not _DATES[mode].fullmatch(value):
            place.wrong("invalid format", name)
    return data


def _clipboard(place: Place) -> str:
    return place.text("clipboardText", limits.CLIPBOARD_MAX, empty=SPECIFIED)


def _switch(place: Place) -> str:
    place.text("richMenuAliasId", limits.MENU_ALIAS_MAX, empty=SPECIFIED)
    return place.text("data", limits.DATA_MAX, empty=SPECIFIED)


def _nothing(place: Place) -> str:  # noqa: ARG001 (an action like the others)
    return ""


_READERS: dict[str, Callable[[Place], str]] = {
    "postback": _postback,
    "message": _message,
    "uri": _uri,
    "datetimepicker": _date,
    "clipboard": _clipboard,
    "richmenuswitch": _switch,
    "camera": _nothing,
    "cameraRoll": _nothing,
    "location": _nothing,
}
