"""Structured templates: their limits, and what a customer sees of them in neutral words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from chatdrill.model import Button, File, Form, Media, Other, Part, Text
from chatdrill_fakes.families.graph import reading
from chatdrill_fakes.families.graph.buttons import read_buttons
from chatdrill_fakes.families.graph.errors import invalid, required
from chatdrill_fakes.families.graph.limits import BUTTONS_MAX, ELEMENT_SUBTITLE_MAX, ELEMENT_TITLE_MAX, PAYLOAD_MAX
from chatdrill_fakes.families.graph.state import Json
from chatdrill_fakes.families.graph.templates import button, generic, inline, product

from .. import limits
from .receipts import receipt

_AT = "name_placeholder"  # what Meta's own errors call the payload of a template
_FACEBOOK = ("facebook.com", "fb.com", "fb.watch", "fbcdn.net", "fbsbx.com")
_MEDIA = {"image": "photo", "video": "video"}


def read_template(payload: Json) -> tuple[str, tuple[Part, ...]]:
    """The kind and the parts of a template. Raises error 100 for anything that Meta refuses."""
    kind = reading.text(payload.get("template_type"), f"{_AT}[template_type]")
    reader = _READERS.get(kind)
    if reader is None:
        raise invalid("Invalid template type")
    return kind, reader(payload)


def _media(payload: Json) -> tuple[Part, ...]:
    """The file itself is put in by whoever knows the attachments; see ``drafts``."""
    ((where, element),) = reading.objects(payload.get("elements"), f"{_AT}[elements]", 1, 1)
    kind = reading.one_of(element.get("media_type"), f"{where}[media_type]", tuple(_MEDIA))
    if (element.get("attachment_id") is None) == (element.get("url") is None):
        raise invalid(f"Param {where} must have either attachment_id or url")
    address = element.get("url")
    if address is not None and not _is_facebook(reading.url(address, f"{where}[url]")):
        raise invalid(f"Param {where}[url] must be a Facebook URL; upload other media and send attachment_id")
    buttons = read_buttons(element.get("buttons"), f"{where}[buttons]", 0, BUTTONS_MAX)
    photo = Media(kind="photo" if kind == "image" else "video", file=File(url=address))
    return (photo, *inline(buttons))


def _is_facebook(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return any(host == known or host.endswith(f".{known}") for known in _FACEBOOK)


def _coupon(payload: Json) -> tuple[Part, ...]:
    title = reading.text(payload.get("title"), f"{_AT}[title]", ELEMENT_TITLE_MAX)
    code = reading.optional_text(payload.get("coupon_code"), f"{_AT}[coupon_code]")
    buttons: tuple[Button, ...] = ()
    if payload.get("coupon_url") is not None:
        label = reading.text(payload.get("coupon_url_button_title"), f"{_AT}[coupon_url_button_title]")
        buttons = (Button(title=label, kind="url", url=reading.url(payload["coupon_url"], f"{_AT}[coupon_url]")),)
    elif code is None:
        raise required(f"{_AT}[coupon_code]")
    if payload.get("image_url") is not None:
        reading.url(payload["image_url"], f"{_AT}[image_url]")
    words = [title, reading.optional_text(payload.get("subtitle"), f"{_AT}[subtitle]"), code]
    return (Text(text="\n".join(one for one in words if one)), Other(kind="coupon", data=payload), *inline(buttons))


def _image_grid(payload: Json) -> tuple[Part, ...]:
    ((where, element),) = reading.objects(payload.get("elements"), f"{_AT}[elements]", 1, 1)
    title = reading.text(element.get("title"), f"{where}[title]", limits.GRID_TITLE_MAX)
    subtitle = reading.optional_text(element.get("subtitle"), f"{where}[subtitle]", ELEMENT_SUBTITLE_MAX)
    images = reading.objects(element.get("images"), f"{where}[images]", 2, limits.GRID_IMAGES_MAX)
    photos = [Media(kind="photo", file=File(url=reading.url(one.get("url"), f"{at}[url]"))) for at, one in images]
    taps = [button for at, one in images if (button := _tap(one.get("action"), f"{at}[action]")) is not None]
    buttons = read_buttons(element.get("buttons"), f"{where}[buttons]", 0, BUTTONS_MAX)
    words = Text(text="\n".join(one for one in (title, subtitle) if one))
    return (words, *photos, *inline((*taps, *buttons)))


def _tap(value: Any, where: str) -> Button | None:
    """What a tap on an image of a grid does."""
    if value is None:
        return None
    action = reading.mapping(value, where)
    if reading.one_of(action.get("type"), f"{where}[type]", ("web_url", "postback")) == "web_url":
        return Button(title="", kind="url", url=reading.url(action.get("url"), f"{where}[url]"))
    payload = reading.text(action.get("payload"), f"{where}[payload]", PAYLOAD_MAX)
    return Button(title=reading.text(action.get("text"), f"{where}[text]"), kind="postback", payload=payload)


def _customer_feedback(payload: Json) -> tuple[Part, ...]:
    for name in ("title", "subtitle", "button_title"):
        reading.text(payload.get(name), f"{_AT}[{name}]")
    for where, screen in reading.objects(payload.get("feedback_screens"), f"{_AT}[feedback_screens]", 1, 1):
        for place, question in reading.objects(screen.get("questions"), f"{where}[questions]", 1, 10):
            _question(question, place)
    privacy = reading.mapping(payload.get("business_privacy"), f"{_AT}[business_privacy]")
    reading.url(privacy.get("url"), f"{_AT}[business_privacy][url]")
    days = reading.number(payload.get("expires_in_days", 1), f"{_AT}[expires_in_days]")
    if not 1 <= days <= limits.FEEDBACK_DAYS_MAX:
        raise invalid(f"Param {_AT}[expires_in_days] must be between 1 and {limits.FEEDBACK_DAYS_MAX}")
    words = f"{payload['title']}\n{payload['subtitle']}"
    return (Text(text=words), Form(name="customer_feedback", values=payload))


def _question(question: Json, where: str) -> None:
    reading.text(question.get("id"), f"{where}[id]")
    reading.one_of(question.get("type"), f"{where}[type]", ("csat", "nps", "ces", "free_form"))
    if question.get("title") is not None:
        title = reading.text(question["title"], f"{where}[title]", limits.QUESTION_TITLE_MAX)
        if len(title) < 5:
            raise invalid(f"Length of param {where}[title] must be greater than or equal to 5")
    if question.get("follow_up") is not None:
        follow_up = reading.mapping(question["follow_up"], f"{where}[follow_up]")
        reading.one_of(follow_up.get("type"), f"{where}[follow_up][type]", ("free_form",))
        reading.optional_text(follow_up.get("placeholder"), f"{where}[follow_up][placeholder]", limits.PLACEHOLDER_MAX)


def _instant_form(payload: Json) -> tuple[Part, ...]:
    return (Form(name=reading.text(payload.get("form_id"), f"{_AT}[form_id]")),)


def _notification_messages(payload: Json) -> tuple[Part, ...]:
    title = reading.text(payload.get("title"), f"{_AT}[title]")
    reading.text(payload.get("payload"), f"{_AT}[payload]", PAYLOAD_MAX)
    if payload.get("image_url") is not None:
        reading.url(payload["image_url"], f"{_AT}[image_url]")
    return (Text(text=title), Other(kind="notification_messages", data=payload))


_READERS: dict[str, Callable[[Json], tuple[Part, ...]]] = {
    "generic": generic,
    "button": button,
    "media": _media,
    "receipt": receipt,
    "product": product,
    "coupon": _coupon,
    "image_grid": _image_grid,
    "customer_feedback": _customer_feedback,
    "instant_form": _instant_form,
    "notification_messages": _notification_messages,
}
TEMPLATE_TYPES = tuple(_READERS)
