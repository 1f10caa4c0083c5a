"""Finding the parts that others bring: platforms, desks and reporters, by entry points.

chatdrill's own are found the same way as a third party's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from chatdrill.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from chatdrill.wire import Desk, Platform, Rehearsal, Service
    from chatdrill.wire.sheets import Sheet

PLATFORMS = "chatdrill.platforms"
DESKS = "chatdrill.desks"
REPORTERS = "chatdrill.reporters"
REHEARSALS = "chatdrill.rehearsals"
SHEETS = "chatdrill.sheets"
PROBE_REPORTERS = "chatdrill.probe_reporters"
DIFF_REPORTERS = "chatdrill.diff_reporters"


@lru_cache(maxsize=8)
def _found(group: str) -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points  # not for `chatdrill --help`

    return {point.name: point for point in sorted(entry_points(group=group), key=lambda point: point.name)}


def platform_names() -> tuple[str, ...]:
    """The names of all installed platforms; none of them is imported."""
    return tuple(_found(PLATFORMS))


def load_platform(name: str) -> Platform[Any]:
    """Import one platform. Raises ``UsageError`` for an unknown name."""
    loaded: Platform[Any] = _load(PLATFORMS, name, "platform")
    return loaded


def desk_names() -> tuple[str, ...]:
    """The names of all installed desks; none of them is imported."""
    return tuple(_found(DESKS))


def load_desk(name: str) -> Desk[Any]:
    """Import one desk. Raises ``UsageError`` for an unknown name."""
    loaded: Desk[Any] = _load(DESKS, name, "desk")
    return loaded


def host_of(desk: str) -> str | None:
    """The platform that a desk is a part of; ``None`` for one that stands by itself. Raises ``UsageError``."""
    from chatdrill.wire import Resident  # not for `chatdrill --help`

    loaded = load_desk(desk)
    return loaded.host if isinstance(loaded, Resident) else None


def rehearsal_names() -> tuple[str, ...]:
    """The names of the desks for which somebody shows how a correct bot speaks to them."""
    return tuple(_found(REHEARSALS))


def load_rehearsal(name: str) -> Callable[[Mapping[str, str]], Rehearsal]:
    """Import what makes a correct bot for a desk. Raises ``UsageError`` for a desk that has none."""
    loaded: Callable[[Mapping[str, str]], Rehearsal] = _load(REHEARSALS, name, "rehearsal")
    return loaded


def load_sheet(name: str) -> Sheet:
    """Import what a platform's reference says as examples. Raises ``UsageError`` for a platform that has none."""
    loaded: Sheet = _load(SHEETS, name, "sheet")
    return loaded


def service_names() -> tuple[str, ...]:
    """The names of all platforms and desks."""
    return (*platform_names(), *desk_names())


def load_service(name: str) -> Service[Any]:
    """Import a platform or desk. Raises ``UsageError`` for an unknown name."""
    return load_desk(name) if name in desk_names() else load_platform(name)


def reporter_names() -> tuple[str, ...]:
    """The names of all installed report formats."""
    return tuple(_found(REPORTERS))


def check_reporter(name: str) -> None:
    """Raise ``UsageError`` for an unknown report format; nothing is imported."""
    if name not in _found(REPORTERS):
        raise UsageError(f"unknown report format {name!r}{did_you_mean(name, reporter_names())}")


def load_reporter(name: str) -> Callable[..., Any]:
    """Import one report format: what makes the bytes of a document, or of several by their names in a folder. Raises ``UsageError`` for an
    unknown name."""
    loaded: Callable[..., Any] = _load(REPORTERS, name, "report format")
    return loaded


def probe_reporters() -> dict[str, Callable[..., str]]:
    """What tells of an examination, by the end of a file's name. Imports all of it."""
    return {name: _load(PROBE_REPORTERS, name, "report of a probe") for name in _found(PROBE_REPORTERS)}


def diff_reporters() -> dict[str, Callable[..., str]]:
    """What tells of the difference of two runs, by the end of a file's name. Imports all of it."""
    return {name: _load(DIFF_REPORTERS, name, "report of a difference") for name in _found(DIFF_REPORTERS)}


def _load(group: str, name: str, noun: str) -> Any:
    points = _found(group)
    if name not in points:
        raise UsageError(f"unknown {noun} {name!r}{did_you_mean(name, points)}")
    try:
        return points[name].load()
    except ImportError as error:
        raise UsageError(f"the {noun} {name!r} ({points[name].value}) cannot be imported: {error}") from error
