"""Reading the arguments of calls: each function returns the value it was asked for or raises what Meta answers."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from chatdrill_fakes.families.meta import is_url

from . import errors
from .state import Json

_TRUE = (True, "true", "1", 1)
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_INT_MAX = 2**63 - 1
_FLOAT_MAX = 9.223372036854775807e18
_DEPTH_MAX = 100


def mapping(value: Any, where: str) -> Mapping[str, Any]:
    """A JSON object."""
    if value is None:
        raise errors.required(where)
    if not isinstance(value, dict):
        raise errors.not_object(where)
    return value


def items(value: Any, where: str, low: int, high: int) -> Sequence[Any]:
    """A list of ``low`` to ``high`` elements."""
    if value is None:
        raise errors.required(where)
    if not isinstance(value, list):
        raise errors.not_list(where)
    if len(value) < low:
        raise errors.too_few(where)
    if len(value) > high:
        raise errors.too_many(where)
    return value


def objects(value: Any, where: str, low: int, high: int) -> list[tuple[str, Json]]:
    """A list of JSON objects, each with the name it has in errors."""
    found = items(value, where, low, high)
    return [(f"{where}[{n}]", dict(mapping(one, f"{where}[{n}]"))) for n, one in enumerate(found)]


def text(value: Any, where: str, most: int | None = None) -> str:
    """A string with something in it; numbers are taken for their digits, as Meta does."""
    if value is None:
        raise errors.required(where)
    words: str = value if type(value) is str else str(value) if type(value) in (int, float) else ""
    if not words:
        raise errors.not_text(where)
    if most is not None and len(words) > most:
        raise errors.too_long(where, most)
    return words


def optional_text(value: Any, where: str, most: int | None = None) -> str | None:
    """A string, or ``None`` if it is absent or empty."""
    return None if value is None or value == "" else text(value, where, most)


def one_of(value: Any, where: str, known: tuple[str, ...]) -> str:
    """One of a few words."""
    if value is None:
        raise errors.required(where)
    if value not in known:
        raise errors.not_one_of(where, value, known)
    return str(value)


def url(value: Any, where: str) -> str:
    """An absolute http(s) URL."""
    address = text(value, where)
    if not is_url(address):
        raise errors.not_url(where)
    return address


def secure_url(value: Any, where: str) -> str:
    """An https URL; plain http only on the loopback, where bots under test live."""
    address = url(value, where)
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise errors.invalid(f"Param {where} must use https")
    return address


def phone(value: Any, where: str) -> str:
    """A phone number in E.164 with its plus."""
    number = text(value, where)
    if not _E164.fullmatch(number):
        raise errors.invalid(f"Param {where} must be a phone number with + and country code")
    return number


def number(value: Any, where: str) -> float:
    """A number, also one written as a string."""
    if value is None:
        raise errors.required(where)
    try:
        read = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        read = math.nan
    if not math.isfinite(read):
        raise errors.invalid(f"Param {where} must be a number")
    return read


def flag(value: Any) -> bool:
    """True for true, 1 and the strings of both."""
    return isinstance(value, bool | int | str) and value in _TRUE


def identifier(value: Any, where: str) -> str:
    """An id: digits, as a string or a number."""
    if value is None:
        raise errors.required(where)
    word = value if type(value) is str else str(value) if type(value) is int else ""
    if not (word.isascii() and word.isdigit()):
        raise errors.invalid(f'Param {where} must be a valid ID string (e.g., "123")')
    return word


def words(value: Any) -> list[str]:
    """A list of words: a JSON list, or commas in a string."""
    if isinstance(value, str):
        return [word.strip() for word in value.split(",") if word.strip()]
    return [str(one) for one in value] if isinstance(value, list) else []


def is_wild(value: Any, depth: int = 0) -> bool:
    """True for JSON with integers beyond 64 bits, or nested so deeply that writing it again would exhaust the stack."""
    for one in value.values() if type(value) is dict else value:
        kind = type(one)  # every call of the bot passes here: strings, by far the most, go first
        if kind is str:
            continue
        if kind is dict or kind is list:
            if depth == _DEPTH_MAX or is_wild(one, depth + 1):
                return True
        elif kind is int and not -_INT_MAX <= one <= _INT_MAX:
            return True
    return False


def tamed(value: Any, depth: int = 0) -> Any:
    """``value`` with integers beyond 64 bits as PHP reads them: as floats. Raises 100 for JSON nested too deeply."""
    if depth > _DEPTH_MAX:
        raise errors.invalid("Invalid JSON: it is nested too deeply")
    if isinstance(value, dict):
        return {key: tamed(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list):
        return [tamed(one, depth + 1) for one in value]
    if isinstance(value, int) and abs(value) > _INT_MAX:
        return _FLOAT_MAX if value > 0 else -_FLOAT_MAX
    return value
