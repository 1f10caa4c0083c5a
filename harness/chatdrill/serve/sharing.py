"""What must be so before several workers can hold one account."""

from __future__ import annotations

from typing import Any

from chatdrill.errors import SettingsError, UsageError
from chatdrill.serve.options import Doors
from chatdrill.wire import Resident
from chatdrill.wire.doors import Divisible


def check_index(index: int) -> None:
    """Raises ``UsageError`` for an index that two digits cannot say."""
    if not 0 <= index <= 99:
        raise UsageError(f"{index} is no index of a door; they go from 0 to 99, for ids carry two digits of it")


def check_doors(doors: Doors) -> None:
    """Raises ``UsageError`` for an index that no mark can say, and for doors that anybody may come in by."""
    check_index(doors.index)
    if not doors.key:
        raise UsageError(
            "doors need a key: a word that the workers of one run share, so that nobody else's calls come in"
        )


def check_divisible(service: Any) -> None:
    """Raises ``SettingsError`` for a fake that only one worker can play."""
    if not isinstance(service, Divisible | Resident):  # a part of a platform goes where the platform's chat is
        raise SettingsError(
            f"{service.name} cannot be played by several workers: its ids do not say which of them a call belongs to; "
            "use one worker"
        )
