"""How the value of a setting is read; what a reader raises says what was expected."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from chatdrill.engine.durations import seconds as parse_duration
from chatdrill.errors import did_you_mean

PORT_MAX = 65_535


def text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text")
    return value


def url(value: Any) -> str:
    if not isinstance(value, str) or not re.match(r"https?://[^/\s]+", value):
        raise ValueError("a URL that begins with http:// or https://")
    return value


def address(value: Any) -> str:
    """Where a bot takes what it is told: mail goes to an SMTP server, too."""
    if isinstance(value, str) and re.match(r"smtp://[^/\s]+", value):
        return value
    return url(value)


def app(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[\w.]+:\w+", value):
        raise ValueError("MODULE:NAME, such as mybot:app")
    return value


def whole(least: int, most: float = math.inf) -> Callable[[Any], int]:
    bounds = f" of at least {least}" if most == math.inf else f" from {least} to {most:.0f}"

    def read(value: Any) -> int:
        text = str(value).strip()
        if isinstance(value, bool) or not re.fullmatch(r"[+-]?\d+", text) or not least <= int(text) <= most:
            raise ValueError(f"a whole number{bounds}")
        return int(text)

    return read


def share(value: Any) -> float:
    percent = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%\s*", value) if isinstance(value, str) else None
    try:
        number = math.nan if isinstance(value, bool) else float(percent[1]) / 100 if percent else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 < number <= 1:
        raise ValueError("a share such as 95% or 0.95")
    return number


def factor(value: Any) -> float:
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 < number < math.inf:
        raise ValueError("a positive number")
    return number


def one_of(*words: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(" or ".join((", ".join(words[:-1]), words[-1])) + did_you_mean(str(value), words))
        return str(value)

    return read


def duration(value: Any) -> float:
    try:
        return parse_duration(value)
    except ValueError:
        raise ValueError('a duration such as "5s", "250ms" or "2 days"') from None


def length(value: Any) -> float:
    length_s = duration(value)
    if length_s <= 0:
        raise ValueError("a duration above zero")
    return length_s


def names(value: Any) -> tuple[str, ...]:
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise ValueError("a list of names")
    return tuple(name.strip() for word in words for name in word.split(",") if name.strip())


def pairs(value: Any) -> dict[str, Any]:
    """``{"telegram": "x"}`` or ``"telegram=x"`` or a list of such; a text without ``NAME=`` stands under ``""``."""
    if isinstance(value, Mapping):
        return dict(value)
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise ValueError("NAME=VALUE, or a table of them")
    found = [(word, re.match(r"(\w+)=", word)) for word in words]
    return {pair[1] if pair else "": word[pair.end() :] if pair else word for word, pair in found}


def webhooks(value: Any) -> dict[str, str]:
    return {key: address(item) for key, item in pairs(value).items()}


def variables(value: Any) -> dict[str, str]:
    found = pairs(value)
    if "" in found or any(isinstance(item, Mapping | list) for item in found.values()):
        raise ValueError("NAME=VALUE")
    return {key: plain(item) for key, item in found.items()}


def switch(value: Any) -> bool:
    if value in (True, "yes", "true", "1"):
        return True
    if value in (False, "no", "false", "0"):
        return False
    raise ValueError("yes or no")


def dotted(value: Any) -> dict[str, str]:
    """``telegram.token=...`` as ``{"telegram.token": "..."}``."""
    words = [value] if isinstance(value, str) else value
    found = [re.fullmatch(r"([\w-]+\.[\w-]+)=(.*)", word, re.DOTALL) for word in words]
    if None in found:
        raise ValueError("TABLE.NAME=VALUE, for example telegram.token=... or sla.first_response=5s")
    return {pair[1]: pair[2] for pair in found if pair}


def ports(value: Any) -> dict[str, int]:
    found = pairs(value)
    if "" in found:
        raise ValueError("PLATFORM=PORT")
    return {key: whole(0, PORT_MAX)(item) for key, item in found.items()}


def faults(value: Any) -> str:
    from chatdrill.engine.faulting import check_places, read_faults  # pytest reads this file in every run
    from chatdrill.run.registry import service_names

    words = ", ".join(value) if isinstance(value, list | tuple) else value
    try:
        check_places(read_faults(text(words)), service_names())
    except ValueError as error:
        raise ValueError(f'faults such as "duplicate 5%, 429 1%" or "flaky-mobile" ({error})') from None
    return str(words)


def plain(value: Any) -> str:
    """A value of a settings file as the text that a variable would have."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
