"""Playing one case many times: each copy has an id of its own, and by that its own customer, gaps and typos.

Chance is drawn below the id of a case (``chatdrill.seeds``). So the id and the seed of the run are all that is needed to let the
same customer come again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from chatdrill.engine.cases import Case

_COPY = re.compile(r"(?P<case>.+) (?:~(?P<repeat>[1-9]\d*)|#\d+-\d+)", re.DOTALL)
"""``X ~3`` is the third repeat of X; ``X #0-36`` is a conversation of a load: the worker, and which of its customers."""


class Copied(NamedTuple):
    """Of which case an id is a copy; ``repeat`` counts from 1 and is ``None`` for a conversation of a load."""

    case: str
    repeat: int | None


def copied(identity: str) -> Copied | None:
    """What a case's id says about its origin; ``None`` for a case that is no copy."""
    found = _COPY.fullmatch(identity)
    if found is None:
        return None
    return Copied(found["case"], None if found["repeat"] is None else int(found["repeat"]))


def repeat_of(identity: str) -> int | None:
    """Which repeat a case is, from 1; ``None`` where it is none."""
    copy = copied(identity)
    return None if copy is None else copy.repeat


def repeated(cases: Iterable[Case], times: int) -> list[Case]:
    """Each case so many times under ids of their own; once is as it is. What is a copy already was chosen by its name, and stays
    one."""
    return [copy for case in cases for copy in _copies(case, times)]


def _copies(case: Case, times: int) -> list[Case]:
    if times == 1 or copied(case.id) is not None:
        return [case]
    return [replace(case, id=f"{case.id} ~{number}") for number in range(1, times + 1)]
