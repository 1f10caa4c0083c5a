"""The ``message`` of a send, read and checked: what it says in neutral words, and what must be fetched for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from chatdrill.model import Keyboard, Other, Part, Text
from chatdrill_fakes.families.graph import chips, reading, templates
from chatdrill_fakes.families.graph.attachments import Wanted, read_attachment
from chatdrill_fakes.families.graph.errors import too_long
from chatdrill_fakes.families.graph.limits import METADATA_MAX
from chatdrill_fakes.families.graph.state import GraphChat, Json
from chatdrill_fakes.families.meta import GraphError

from .. import errors
from ..limits import IMAGES_MAX, TEXT_MAX_BYTES
from .call import Asked

_CHIPS = ("text", "user_phone_number", "user_email")
_BUTTONS = ("web_url", "postback")


class Draft(msgspec.Struct):
    """A message that fits the schema. ``record`` is its ``message`` object as the echo shows it, without files."""

    kind: str
    parts: tuple[Part, ...] = ()
    record: Json = {}
    wanted: tuple[Wanted, ...] = ()
    keyboard: tuple[Keyboard, ...] = ()
    note: str | None = None

    @property
    def heavy(self) -> bool:
        """True for sound and video, which have a rate limit of their own."""
        return self.kind in ("audio", "video")


def read_draft(asked: Asked, chat: GraphChat, value: Any) -> Draft:
    """Read ``message``. Raises error 100 for what breaks the schema or a limit."""
    message = reading.mapping(value, "message")
    draft = _content(asked, message)
    if message.get("metadata") is not None:
        reading.text(message["metadata"], "message[metadata]", METADATA_MAX)  # Instagram's echo does not show it
    if message.get("quick_replies") is not None:
        draft.keyboard, draft.note = chips.read_chips(chat, message["quick_replies"], "Instagram", _CHIPS)
    return draft


def _content(asked: Asked, message: Mapping[str, Any]) -> Draft:
    text = reading.optional_text(message.get("text"), "message[text]")
    if text is not None and len(text.encode("utf-8", "replace")) > TEXT_MAX_BYTES:
        raise too_long("message[text]", TEXT_MAX_BYTES)
    if text is not None and _CONTENTS.keys().isdisjoint(message):  # nearly every message
        return Draft("text", (Text(text=text),), {"text": text})
    others = [name for name in _CONTENTS if message.get(name) is not None]
    if not others:
        if text is None:
            raise errors.not_a_message("Message cannot be empty, must provide valid attachment or text")
        return Draft("text", (Text(text=text),), {"text": text})
    if text is not None or len(others) > 1:
        raise errors.not_a_message(f"Cannot send {' and '.join(['text'] * (text is not None) + others)} in one message")
    try:
        return _CONTENTS[others[0]](asked, message[others[0]])
    except GraphError as error:
        raise errors.bad_message(error) from error


def _attachment(asked: Asked, value: Any) -> Draft:
    attachment = reading.mapping(value, "message[attachment]")
    reader = _KINDS.get(str(attachment.get("type")))
    if reader is not None:
        return reader(attachment)
    wanted = read_attachment(asked, attachment, "message[attachment]")
    return Draft(wanted.type, wanted=(wanted,))


def _template(attachment: Mapping[str, Any]) -> Draft:
    payload = dict(reading.mapping(attachment.get("payload"), "message[attachment][payload]"))
    kind = reading.one_of(payload.get("template_type"), f"{templates.AT}[template_type]", tuple(_TEMPLATES))
    record: Json = {"attachments": [{"type": "template", "payload": payload}]}
    return Draft(f"template.{kind}", _TEMPLATES[kind](payload), record)


def _heart(_attachment: Mapping[str, Any]) -> Draft:
    return Draft("like_heart", (Other(kind="like_heart"),), {"attachments": [{"type": "like_heart"}]})


def _post(attachment: Mapping[str, Any]) -> Draft:
    """A post of the account's own."""
    payload = reading.mapping(attachment.get("payload"), "message[attachment][payload]")
    key = reading.identifier(payload.get("id"), "message[attachment][payload][id]")
    record: Json = {"attachments": [{"type": "share", "payload": {"id": key}}]}
    return Draft("MEDIA_SHARE", (Other(kind="media_share", data={"id": key}),), record)


def _several(asked: Asked, value: Any) -> Draft:
    """Several pictures in one message."""
    wanted = tuple(
        read_attachment(asked, one, where)
        for where, one in reading.objects(value, "message[attachments]", 1, IMAGES_MAX)
    )
    if any(one.type != "image" for one in wanted):
        raise errors.not_a_message("Param message[attachments] can only hold images")
    return Draft("image", wanted=wanted)


_CONTENTS: dict[str, Callable[[Asked, Any], Draft]] = {"attachment": _attachment, "attachments": _several}
"""What a message may hold instead of text; it holds exactly one of these."""
_KINDS: dict[str, Callable[[Mapping[str, Any]], Draft]] = {
    "template": _template,
    "like_heart": _heart,
    "MEDIA_SHARE": _post,
}
_TEMPLATES: dict[str, Callable[[Json], tuple[Part, ...]]] = {
    "generic": lambda payload: templates.generic(payload, _BUTTONS),
    "button": lambda payload: templates.button(payload, _BUTTONS),
    "product": templates.product,
}
