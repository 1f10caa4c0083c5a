"""XML from people who need not be friends: no entities, no document types, no depth without end. Pure functions of bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.parsers import expat

DEPTH_MAX = 32
"""Elements in one another; what vendors send has three or four."""
_FORBIDDEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML 1.0 document can hold, however it is written."""


class XmlError(ValueError):
    """A document that cannot be read, or must not be."""


def read_xml(content: bytes) -> tuple[str, Any]:
    """The name of the root and what it holds: the text of an element without others inside, else a dictionary by name, with a
    list where a name comes again. Attributes are left out.

    Raises ``XmlError``, also for whatever has a document type: entities are where bombs are made of (and files read).
    """
    reader = _Reader()
    try:
        reader.parser.Parse(content, True)
    except expat.ExpatError as error:
        raise XmlError(f"no XML: {error}") from error
    except (ValueError, LookupError) as error:  # an encoding that nobody knows
        raise error if isinstance(error, XmlError) else XmlError(f"no XML: {error}") from error
    return reader.root, reader.value


def write_xml(root: str, fields: Mapping[str, Any]) -> str:
    """A document as WeChat and its like write them: texts in CDATA, numbers bare, a list as the same element again and again."""
    return f"<{root}>{_inner(fields)}</{root}>"


def _inner(fields: Mapping[str, Any]) -> str:
    chunks = []
    for name, value in fields.items():
        for each in value if type(value) is list else (value,):
            chunks.append(f"<{name}>{_text(each) if type(each) is str else _other(each)}</{name}>")
    return "".join(chunks)


def _text(text: str) -> str:
    if not text.isprintable() or "]]>" in text:
        text = legal(text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{text}]]>"


def _other(value: object) -> str:
    return _inner(value) if isinstance(value, Mapping) else str(value)


def legal(text: str) -> str:
    """A text without the signs that no document can hold."""
    return text if text.isprintable() else _FORBIDDEN.sub("", text)


class _Reader:
    """What expat tells, put together."""

    def __init__(self) -> None:
        self.root = ""
        self.value: Any = ""
        self._open: list[tuple[str, dict[str, Any], list[str]]] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.ExternalEntityRefHandler = self._refuse

    def _refuse(self, *_: object) -> int:
        raise XmlError("document types and entities are refused")

    def _begin(self, name: str, _attributes: object) -> None:
        if len(self._open) >= DEPTH_MAX:
            raise XmlError(f"more than {DEPTH_MAX} elements in one another")
        self._open.append((name, {}, []))

    def _text(self, text: str) -> None:
        self._open[-1][2].append(text)

    def _end(self, name: str) -> None:
        _, inner, texts = self._open.pop()
        value: Any = inner or "".join(texts)
        if not self._open:
            self.root, self.value = name, value
            return
        around = self._open[-1][1]
        if name not in around:
            around[name] = value
        elif isinstance(around[name], list):
            around[name].append(value)
        else:
            around[name] = [around[name], value]
