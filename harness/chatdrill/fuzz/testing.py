"""Fuzzing as a test: the function is a promise that every drawn conversation must keep, beside chatdrill's own."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from chatdrill.errors import BotError
from chatdrill.fuzz.chat import Chat, Property
from chatdrill.fuzz.finding import Failure
from chatdrill.fuzz.fuzzing import SHRINK_S, Fuzzing, Plan
from chatdrill.fuzz.reporting import show
from chatdrill.run.selection import find_scenarios
from chatdrill.run.settings import load_settings
from chatdrill.strategies.machine import STEPS_MAX
from chatdrill.strategies.words import Words

DIALOGS = 300


def fuzzed(
    *,
    app: str | None = None,
    command: str | None = None,
    platforms: str | Sequence[str] = (),
    desk: str | None = None,
    dialogs: int = DIALOGS,
    seed: int | None = None,
    scenarios: Sequence[str | Path] = (),
    faults: str | None = None,
    checks: Mapping[str, Any] | None = None,
    steps_max: int = STEPS_MAX,
    shrink_for_s: float = SHRINK_S,
    **settings: Any,
) -> Callable[[Callable[[Chat], object]], Callable[[], None]]:
    """Make a test of a function that takes a ``Chat`` and asserts: so many ``dialogs`` are drawn and played, and each is held to it and to
    chatdrill's own checks. The test fails with the smallest conversations that were found, and how they are played again.

    ``scenarios`` are files or folders whose words customers use; ``settings`` are those of ``chatdrill run`` and of the settings file. A bot in
    this process is played in virtual time, on free ports, so that tests may run beside each other. Without a ``seed`` it follows from the
    test's name: the same dialogs each time.
    """

    def decorate(promise: Callable[[Chat], object]) -> Callable[[], None]:
        def test() -> None:
            __tracebackhide__ = True
            given = {"app": app, "command": command, "platforms": platforms or None, "desk": desk, "faults": faults}
            failures = _failures(promise, given | settings)
            if failures:
                raise AssertionError("\n".join(map(show, failures)))

        def _failures(promise: Callable[[Chat], object], given: Mapping[str, Any]) -> list[Failure]:
            virtual = {"clock": "virtual"} if app else {}
            loaded = load_settings({"port": 0, **virtual, **given})
            number = seed if seed is not None else loaded["seed"]
            plan = Plan(
                settings=loaded,
                platforms=loaded.platforms,
                desk=loaded["desk"],
                words=Words.of(find_scenarios(map(Path, scenarios))) if scenarios else Words(),
                dialogs=dialogs,
                seed=zlib.crc32(f"{promise.__module__}.{promise.__qualname__}".encode()) if number is None else number,
                faults=loaded["faults"],
                properties=(Property(promise.__name__, promise),),
                checks=checks or {},
                steps_max=steps_max,
                shrink_for_s=shrink_for_s,
                keep=loaded.out / "fuzz",
                again=_again(promise),
            )
            fuzzing = Fuzzing(plan=plan).run()
            if fuzzing.problem and not fuzzing.failures:
                raise BotError(fuzzing.problem)
            return fuzzing.failures

        test.__name__, test.__qualname__, test.__doc__ = promise.__name__, promise.__qualname__, promise.__doc__
        test.__module__ = promise.__module__
        return test

    return decorate


def _again(promise: Callable[[Chat], object]) -> tuple[str, ...]:
    """What failed is tried first next time, so that the test itself plays it again."""
    test = os.environ.get("PYTEST_CURRENT_TEST", promise.__qualname__).rpartition(" ")[0]
    return ("pytest", test) if test else ("pytest", "-k", promise.__name__)
