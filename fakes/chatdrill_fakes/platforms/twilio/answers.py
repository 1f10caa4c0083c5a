"""Answers of the REST API: JSON where the path ends in ``.json``, else XML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

import msgspec

from chatdrill.wire import HttpResponse

_JSON = ("Content-Type", "application/json;charset=utf-8")
_XML = ("Content-Type", "application/xml;charset=utf-8")
_encode = msgspec.json.Encoder().encode


def answer(
    value: Mapping[str, Any],
    status: int = 200,
    root: str = "Message",
    *,
    xml: bool = False,
    headers: Iterable[tuple[str, str]] = (),
) -> HttpResponse:
    """An answer with a value; ``root`` is the name of its element."""
    if not xml:
        return HttpResponse(status, (_JSON, ("X-Shenanigans", "none"), *headers), _encode(value))
    text = f"<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse>{''.join(_element(root, value))}</TwilioResponse>"
    return HttpResponse(status, (_XML, ("X-Shenanigans", "none"), *headers), text.encode("utf-8", "replace"))


def _element(name: str, value: Any) -> Iterator[str]:
    tag = "".join(word[:1].upper() + word[1:] for word in name.split("_"))
    yield f"<{tag}>"
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _element(key, each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _element(tag.removesuffix("List").removesuffix("s"), each)
    elif value is not None:
        yield escape("".join(sign for sign in str(value) if sign >= " " or sign in "\n\t\r"))
    yield f"</{tag}>"
