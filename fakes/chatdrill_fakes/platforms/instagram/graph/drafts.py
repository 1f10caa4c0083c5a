"""The ``message`` of a send, read and checked: what it says in neutral words, and what must be fetched for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chatdrill.model import Other, Part
from chatdrill_fakes.families.graph import chips, reading, templates
from chatdrill_fakes.families.graph.attachments import read_attachment
from chatdrill_fakes.families.graph.drafts import Draft, Reader, read_content, read_images
from chatdrill_fakes.families.graph.errors import too_long
from chatdrill_fakes.families.graph.limits import METADATA_MAX
from chatdrill_fakes.families.graph.state import GraphChat, Json
from chatdrill_fakes.families.meta import GraphError

from .. import errors
from ..limits import IMAGES_MAX, TEXT_MAX_BYTES
from .call import Asked

_CHIPS = ("text", "user_phone_number", "user_email")
_BUTTONS = ("web_url", "postback")


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
    try:
        return read_content(asked, message, text, _CONTENTS, errors.not_a_message, errors.not_a_message)
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
    return read_images(asked, value, IMAGES_MAX, errors.not_a_message)


_CONTENTS: dict[str, Reader] = {"attachment": _attachment, "attachments": _several}
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
