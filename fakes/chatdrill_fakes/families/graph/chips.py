"""Quick replies: chips above the input, which vanish."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Button, Keyboard

from . import errors, reading
from .limits import PAYLOAD_MAX, QUICK_REPLIES_MAX, QUICK_REPLY_TITLE_SHOWN
from .state import GraphChat, Json


def read_chips(
    chat: GraphChat, value: Any, title: str, kinds: tuple[str, ...]
) -> tuple[tuple[Keyboard, ...], str | None]:
    """The keyboard of ``quick_replies``, and what the product of this ``title`` cuts off when it shows them."""
    replies = reading.objects(value, "message[quick_replies]", 1, QUICK_REPLIES_MAX)
    buttons = tuple(_chip(chat, one, where, kinds) for where, one in replies)
    cut = [button.title for button in buttons if len(button.title) > QUICK_REPLY_TITLE_SHOWN]
    shown = QUICK_REPLY_TITLE_SHOWN
    note = f"{title} shows {shown} characters of a quick reply's title: {', '.join(cut)}" if cut else None
    return (Keyboard(style="quick_replies", rows=(buttons,)),), note


def _chip(chat: GraphChat, reply: Json, where: str, kinds: tuple[str, ...]) -> Button:
    kind = reading.one_of(reply.get("content_type"), f"{where}[content_type]", kinds)
    if kind == "user_phone_number":
        return Button(title=chat.customer.phone or "Phone number", kind="request_contact")
    if kind == "user_email":
        return Button(title=chat.customer.email or "Email", kind="request_email")
    if not reply.get("title"):
        raise errors.invalid("Title is required for this quick reply content type", 2018098)
    if not reply.get("payload"):
        raise errors.invalid("Payload is required for this quick reply content type", 2018099)
    image = reply.get("image_url")
    return Button(
        title=reading.text(reply["title"], f"{where}[title]"),
        kind="reply",
        payload=reading.text(reply["payload"], f"{where}[payload]", PAYLOAD_MAX),
        image_url=reading.url(image, f"{where}[image_url]") if image else None,
    )
