"""The arguments of a call, read as the Bot API server reads them.

Query string, form, JSON and multipart are merged into one list; of two arguments of one name the first wins, and the
query string comes first. Every value is a text: a JSON body's strings are taken decoded, anything else in it as its raw
JSON. So ``reply_markup`` may come as an object or as a string that holds one. Source: tdlib/td, HttpReader.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import msgspec

from chatdrill.wire import HttpRequest, Upload, read_arguments
from chatdrill_fakes.platforms.telegram.errors import ApiError
from chatdrill_fakes.platforms.telegram.limits import ARGUMENTS_MAX_BYTES, FILES_MAX

_TRUE = frozenset(("true", "yes", "1"))
_INTEGER = re.compile(r"\s*([+-]?[0-9]+)")
_FLOAT = re.compile(r"\s*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")
_SECRET = frozenset(("secret_token", "provider_token"))
_fields = msgspec.json.Decoder(dict[str, Any]).decode
_raw_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_any = msgspec.json.Decoder().decode
_WORDS = {True: "true", False: "false", None: "null"}


class BadJson(ValueError):
    """An argument that should hold JSON does not."""


class Arguments:
    """The arguments of one call, by name. An absent argument reads as the empty text, like an empty one.

    ``body`` is the JSON that ``values`` come from, if they do: they are kept as what it says, and are text when asked for.
    """

    __slots__ = ("_body", "_values", "files")

    def __init__(self, values: Mapping[str, Any], files: Mapping[str, Upload], body: bytes = b"") -> None:
        self._values = values
        self._body = body
        self.files = files

    def has(self, name: str) -> bool:
        """True if the argument was given, be it empty."""
        return name in self._values

    def text(self, name: str) -> str:
        """The argument as text; empty if it was not given."""
        value = self._values.get(name, "")
        return value if isinstance(value, str) else self._text_of(name, value)

    def _text_of(self, name: str, value: Any) -> str:
        """What is no string, as it was written."""
        if value is None or isinstance(value, bool):
            return _WORDS[value]
        return str(value) if isinstance(value, int) else bytes(_raw_fields(self._body)[name]).decode()

    def lacks(self, names: frozenset[str]) -> bool:
        """True if none of the arguments was given."""
        return names.isdisjoint(self._values)

    def boolean(self, name: str) -> bool:
        """True for ``true``, ``yes`` and ``1``, in any letter case."""
        return name in self._values and self.text(name).strip().lower() in _TRUE

    def integer(self, name: str, default: int = 0, low: int = -(1 << 31), high: int = (1 << 31) - 1) -> int:
        """The leading integer of the text, clamped to the range; 0 where there is none."""
        text = self.text(name)
        return default if not text else max(low, min(high, leading_integer(text)))

    def json(self, name: str) -> Any:
        """The JSON inside an argument; raises ``BadJson``."""
        value = self._values.get(name, "")
        if not isinstance(value, str):
            return value
        try:
            return _any(value.encode("utf-8", "replace"))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BadJson(str(error)) from error

    def readable(self) -> dict[str, Any]:
        """What was asked, for the trace: without file contents and secrets."""
        found = dict(self._values) if self._body else {name: _readable(v) for name, v in self._values.items()}
        for name in _SECRET.intersection(found):
            found[name] = "***"
        for name, file in self.files.items():
            found[name] = {
                "filename": file.filename,
                "content_type": file.content_type,
                "size_bytes": len(file.content),
            }
        return found


def read_call(request: HttpRequest, *, has_query: bool) -> Arguments:
    """The arguments of a request; raises ``ApiError`` for a body that cannot be read or is too large."""
    query = dict(reversed(request.query)) if has_query else {}
    if not request.body:
        return Arguments(query, {})
    kind = request.content_type
    if kind == "application/json":
        return _read_json(request.body, query)
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return Arguments(query, {})  # the server reads a body only where its content type says how
    read = read_arguments(request, files_max=FILES_MAX + 1)
    _check_size(read.values, read.files)
    if read.problem:
        raise ApiError(400, f"Bad Request: {read.problem}")
    return Arguments({**read.values, **query}, {name: _named(file) for name, file in read.files.items()})


def _named(file: Upload) -> Upload:
    """SDKs percent-encode what is not ASCII in a file's name (aiohttp does), and the server decodes it."""
    return replace(file, filename=unquote(file.filename)) if "%" in file.filename else file


def _read_json(body: bytes, query: dict[str, str]) -> Arguments:
    if len(body) > ARGUMENTS_MAX_BYTES:
        raise ApiError(413, "Request Entity Too Large: too many parameters")
    try:
        fields = _fields(body)
    except msgspec.ValidationError as error:
        raise ApiError(400, "Bad Request: JSON object expected") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ApiError(400, f"Bad Request: can't parse parameter value: {error}") from error
    return Arguments({**fields, **query} if query else fields, {}, body)


def _check_size(values: Mapping[str, Any], files: Mapping[str, Upload]) -> None:
    if sum(len(name) + len(str(value)) for name, value in values.items()) > ARGUMENTS_MAX_BYTES:
        raise ApiError(413, "Request Entity Too Large: too many parameters")
    if len(files) > FILES_MAX:
        raise ApiError(413, "Request Entity Too Large: too many files attached")


def leading_integer(text: str) -> int:
    """The integer at the beginning of ``text``, or 0: the server never complains about the rest."""
    found = _INTEGER.match(text[:40])
    return int(found[1]) if found else 0


def leading_float(text: str) -> float:
    """The decimal number at the beginning of ``text``, or 0.0."""
    found = _FLOAT.match(text[:60])
    value = float(found[1]) if found else 0.0
    return value if abs(value) < 1e15 else 0.0


def _readable(text: str) -> Any:
    """A form's JSON-in-a-string is easier to read as what it holds."""
    if text[:1] not in ("{", "["):
        return text
    try:
        return _any(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        return text
