"""By which id the bot knows a message: it travels in metadata, under whatever name the bot chose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_ORIGINS = ("origin_id", "originId", "origin", "external_id", "externalId", "message_id", "messageId", "id")


def origin_of(metadata: Mapping[str, Any]) -> str | None:
    """The id that the bot gave a message: under a usual name, or the only text there is."""
    named = (metadata[name] for name in _ORIGINS if metadata.get(name) not in (None, ""))
    found = next(named, None)
    if found is None:
        texts = [value for value in metadata.values() if isinstance(value, str)]
        found = texts[0] if len(texts) == 1 else None
    return None if found is None or isinstance(found, bool | dict | list) else str(found)
