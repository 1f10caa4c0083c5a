"""The laws of helpdesks, and who applies them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from chatdrill.conformance import hostile, talk, truth
from chatdrill.conformance.law import Broken, Law
from chatdrill.conformance.trial import Made, Trial
from chatdrill.wire import Desk

LAWS: tuple[Law, ...] = (*talk.BOOK, *truth.BOOK, *hostile.BOOK)


@dataclass(frozen=True)
class Verdict:
    """What became of one law: ``problem`` says how it is broken, if it is."""

    law: Law
    problem: str | None

    def __str__(self) -> str:
        return f"{self.law.name}: {self.problem or 'holds'} ({self.law.says})"


def check_desk(desk: Desk[Any], rehearsal: Made, *, settings: Mapping[str, str] | None = None) -> Iterator[Verdict]:
    """Hold a desk to every law; ``rehearsal`` makes a bot from the desk's environment, ``settings`` differ from the default.

    A limit of calls a second would only slow the laws down: where a desk has the setting ``rate_limits``, it is ``no``.
    """
    for one in LAWS:
        yield Verdict(one, find_problem(one, desk, rehearsal, settings or {}))


def find_problem(one: Law, desk: Desk[Any], rehearsal: Made, settings: Mapping[str, str]) -> str | None:
    """How a desk breaks a law, or nothing. What a fake raises is a breach, too."""
    free = {"rate_limits": "no"} if any(each.name == "rate_limits" for each in desk.settings) else {}
    try:
        one.holds(partial(Trial, desk, rehearsal, free | dict(settings)))
    except Broken as broken:
        return str(broken)
    except Exception as error:  # noqa: BLE001  whatever it is, the fake should not have raised it
        return f"{type(error).__name__}: {error}"
    return None
