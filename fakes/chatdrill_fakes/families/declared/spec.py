"""What files of both kinds declare, as values, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TypeVar

from chatdrill.wire import Limit, Retry, Setting
from chatdrill_fakes.families.declared.reading import Spot

FILE_NAMES = ("file_url", "file_name", "file_mime", "file_size", "file_sha256", "file_kind")
ERRORS: dict[str, tuple[int, str]] = {
    "unauthorized": (401, "unauthorized"),
    "unknown_path": (404, "not found"),
    "unknown_message": (404, "message not found"),
    "bad_request": (400, "bad request"),
    "too_long": (422, "text is too long"),
    "too_many_files": (422, "too many files"),
    "too_fast": (429, "too many requests"),
}
"""The errors that any file may word, with what they are where it does not."""
_UNITS = {
    "text_max": "characters",
    "files_max": "files",
    "buttons_max": "buttons",
    "requests_per_minute": "requests in a minute",
}


@dataclass(frozen=True)
class Limits:
    """Numbers of the vendor; ``None`` for no limit."""

    text_max: int | None = None
    files_max: int | None = None
    requests_per_minute: int | None = None

    def told(self, source: str) -> tuple[Limit, ...]:
        """Those that there are."""
        values = {name: getattr(self, name, None) for name in _UNITS}
        return tuple(Limit(name, value, _UNITS[name], source) for name, value in values.items() if value is not None)


L = TypeVar("L", bound=Limits)


@dataclass(frozen=True)
class Deliver:
    """How webhooks are delivered: pauses between the attempts (none: one attempt), and the time a receiver has."""

    retry_s: tuple[float, ...] = ()
    timeout_s: float = 10.0

    @property
    def retry(self) -> Retry:
        """The pauses as the courier takes them."""
        return Retry(delays_s=self.retry_s or (0.0,), attempts_max=len(self.retry_s) + 1)


def read_limits(spot: Spot | None, kind: type[L]) -> L:
    """The limits of a file."""
    keys = spot.table(each.name for each in fields(kind)) if spot is not None else {}
    return kind(**{name: int(each.number(least=1)) for name, each in keys.items()})


def read_delivery(spot: Spot | None) -> Deliver:
    """How it has its webhooks delivered."""
    keys = spot.table(("retry_s", "timeout_s")) if spot is not None else {}
    retry = tuple(each.number() for each in keys["retry_s"].items()) if "retry_s" in keys else ()
    return Deliver(retry, keys["timeout_s"].number(least=0.1) if "timeout_s" in keys else 10.0)


# ------------------------------------------------------------------------------------------------------ the face


def environment(settings: tuple[Setting, ...], values: Mapping[str, str], base_url: str) -> dict[str, str]:
    """All settings (the first one is ``spec``), and ``..._API_ROOT``: the paths of the file come behind it."""
    known = {each.env: values[each.name] for each in settings}
    return {**known, settings[0].env.replace("_SPEC", "_API_ROOT"): base_url.rstrip("/")}
