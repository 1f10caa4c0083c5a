"""Events carry fields of the vendor's payloads; here they are laid over the standard ones."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Other, Part, Text
from chatdrill_fakes.platforms.telegram import encoding
from chatdrill_fakes.platforms.telegram.errors import ApiError
from chatdrill_fakes.platforms.telegram.messages import Content
from chatdrill_fakes.platforms.telegram.state import Json, TelegramState
from chatdrill_fakes.platforms.telegram.texts import from_part


def cleaned(value: Any) -> Any:
    """``value`` with every text fit for JSON."""
    if isinstance(value, str):
        return encoding.clean(value)
    if isinstance(value, dict):
        return {encoding.clean(str(name)): cleaned(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(inner) for inner in value]
    return value


def merged(standard: Json, data: Json) -> Json:
    """``standard`` with the fields of ``data``; objects within are merged, everything else is replaced."""
    found = dict(standard)
    for name, value in data.items():
        old = found.get(name)
        found[name] = merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return found


def content_of(state: TelegramState, fields: Json) -> Content:
    """Content given in the vendor's own fields; a text's entities are found as usual unless they are given too."""
    words = fields.get("text")
    if not isinstance(words, str) or "entities" in fields:
        return Content(_kind(fields), dict(fields), _parts(fields), str(words or fields.get("caption") or ""))
    try:
        formatted = from_part(state, Text(text=words))
    except ApiError:
        return Content("text", dict(fields), (Text(text=words),), words)
    rest = {name: value for name, value in fields.items() if name != "text"}
    return Content("text", {**formatted.fields(state), **rest}, (formatted.part,), formatted.text)


def _kind(fields: Json) -> str:
    return next((name for name in fields if name not in ("caption", "caption_entities", "entities")), "service")


def _parts(fields: Json) -> tuple[Part, ...]:
    words = fields.get("text") or fields.get("caption")
    if isinstance(words, str):
        return (Text(text=words),)
    kind = _kind(fields)
    value = fields.get(kind)
    return (Other(kind=kind, data=value if isinstance(value, dict) else {}),)
