"""The ``message`` of a send, read and checked: what it says in neutral words, and what must be fetched for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chatdrill.model import File, Media, Part, Template, Text
from chatdrill_fakes.families.graph import cdn, reading
from chatdrill_fakes.families.graph.attachments import Wanted, read_attachment
from chatdrill_fakes.families.graph.chips import read_chips
from chatdrill_fakes.families.graph.drafts import Draft, Reader, read_content, read_images
from chatdrill_fakes.families.graph.errors import invalid
from chatdrill_fakes.families.graph.limits import METADATA_MAX
from chatdrill_fakes.families.graph.state import Json
from chatdrill_fakes.families.meta import GraphError

from .. import limits
from ..state import MessengerChat, UtilityTemplate
from .call import Asked
from .templates import read_template

_CONTENT_TYPES = ("text", "user_phone_number", "user_email")
_HOLE = re.compile(r"{{\s*(\w+)\s*}}")


def read_draft(asked: Asked, chat: MessengerChat, value: Any) -> Draft:
    """Read ``message``. Raises error 100 for what breaks the schema or a limit."""
    message = reading.mapping(value, "message")
    draft = _content(asked, message)
    if message.get("metadata") is not None:
        metadata = reading.text(message["metadata"], "message[metadata]", METADATA_MAX)
        draft.record = {"metadata": metadata, **draft.record}  # the echo names it before the content
    if message.get("quick_replies") is not None:
        draft.keyboard, draft.note = read_chips(chat, message["quick_replies"], "Messenger", _CONTENT_TYPES)
    return draft


def _content(asked: Asked, message: Mapping[str, Any]) -> Draft:
    text = reading.optional_text(message.get("text"), "message[text]", limits.TEXT_MAX)
    return read_content(asked, message, text, _CONTENTS, _empty, invalid)


def _empty(text: str) -> GraphError:
    return invalid(text, 2018034)


def _attachment(asked: Asked, value: Any) -> Draft:
    attachment = reading.mapping(value, "message[attachment]")
    if attachment.get("type") != "template":
        wanted = read_attachment(asked, attachment, "message[attachment]")
        return Draft(wanted.type, wanted=(wanted,))
    payload = dict(reading.mapping(attachment.get("payload"), "message[attachment][payload]"))
    kind, parts = read_template(payload)
    files = _template_files(kind, payload)
    # The echo has the words of a button template as the title.
    shown = {key: one for key, one in payload.items() if key != "text"} if kind == "button" else payload
    record: Json = {"attachments": [{"title": _title(parts), "url": "", "type": "template", "payload": shown}]}
    return Draft(f"template.{kind}", parts, record, files)


def _template_files(kind: str, payload: Json) -> tuple[Wanted, ...]:
    """The uploaded file that a media template shows."""
    if kind != "media":
        return ()
    (element,) = payload["elements"]
    if element.get("attachment_id") is None:
        return ()
    key = reading.identifier(element["attachment_id"], "name_placeholder[elements][0][attachment_id]")
    # The echo names an attachment by number, though calls write a string.
    payload["elements"] = [{**element, "attachment_id": int(key[:18])}]
    return (Wanted(element["media_type"], asset_id=key),)


def _title(parts: tuple[Part, ...]) -> str:
    return next((part.text for part in parts if isinstance(part, Text)), "")


def _several(asked: Asked, value: Any) -> Draft:
    return read_images(asked, value, limits.ATTACHMENTS_MAX, invalid)


def _sticker(asked: Asked, value: Any) -> Draft:
    key = reading.identifier(value, "message[sticker_id]")
    if len(key) > 18:
        raise invalid("Param message[sticker_id] is not a sticker")
    payload: Json = {"url": cdn.drawing_url(asked.state, "sticker", key), "sticker_id": int(key)}
    part = Media(kind="sticker", file=File(name=key, mime="image/png"))
    return Draft("sticker", (part,), {"attachments": [{"type": "sticker", "payload": payload}]})


# ---------------------------------------------------------------------------------------------- utility messages


def _utility(asked: Asked, value: Any) -> Draft:
    template = reading.mapping(value, "message[template]")
    name = reading.text(template.get("name"), "message[template][name]")
    language = reading.mapping(template.get("language"), "message[template][language]")
    code = reading.text(language.get("code"), "message[template][language][code]")
    approved = asked.state.templates.get(f"{name}:{code}")
    if approved is None or approved.status != "APPROVED":
        raise invalid(
            f"There is no approved template {name[:60]!r} in language {code[:20]!r}; create it by POST "
            "/me/message_templates, or let the scenario report it approved (message_template_status_update)"
        )
    values = _parameters(template.get("components"))
    text = fill(approved, values)
    part = Template(name=name, language=code, parameters=tuple(values.values()), text=text)
    return Draft("template.utility", (part,), {"text": text}, free=True)


def _parameters(value: Any) -> dict[str, str]:
    """The values for a template's holes, by name or by number from 1."""
    if value is None:
        return {}
    found: dict[str, str] = {}
    for where, component in reading.objects(value, "message[template][components]", 0, 20):
        listed = component.get("parameters") or []
        for place, parameter in reading.objects(listed, f"{where}[parameters]", 0, 50):
            key = str(parameter.get("parameter_name") or len(found) + 1)
            found[key] = reading.text(parameter.get("text"), f"{place}[text]")
    return found


def fill(template: UtilityTemplate, values: Mapping[str, str]) -> str:
    """The template's text with its holes filled. Raises error 100 where a value is missing."""
    texts = [str(one["text"]) for one in template.components if isinstance(one.get("text"), str)]
    text = "\n".join(texts)
    missing = [hole for hole in _HOLE.findall(text) if hole not in values]
    if missing:
        raise invalid(f"Missing parameter {missing[0]!r} of template {template.name!r}")
    return _HOLE.sub(lambda hole: values[hole[1]], text)


_CONTENTS: dict[str, Reader] = {
    "attachment": _attachment,
    "attachments": _several,
    "sticker_id": _sticker,
    "template": _utility,
}
"""What a message may hold instead of text; it holds exactly one of these."""
