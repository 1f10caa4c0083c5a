"""What a command knows of the runs before: the history that it reads and writes, and what it sets this run beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from chatdrill.cli.replaying import read_again
from chatdrill.clock import real_now
from chatdrill.errors import UsageError
from chatdrill.history import FILE, History, Past, RunSummary, summarise
from chatdrill.run.execute import Result
from chatdrill.run.settings import Settings
from chatdrill.run.traces import load_run, trace_of

LAST, NONE = "last", "none"
EARLIER_MAX = 30
"""So many runs before this one are read."""


def suite_of(what: str, settings: Settings) -> str:
    """The name of a suite: the one that was given, else what is played, the helpdesk behind the bot and how time goes."""
    given: str | None = settings["suite"]
    if given is not None:
        return given
    clock = settings["clock"] if settings["clock"] != "real" else None
    return ", ".join(filter(None, (what, settings["desk"], clock)))


@dataclass(frozen=True)
class Memory:
    """The history of a suite, and the baseline that was asked for: a summary with its name, or none yet (the last run)."""

    suite: str
    history: History | None
    baseline: tuple[str, RunSummary] | None
    wants_last: bool

    @classmethod
    def of(cls, settings: Settings, suite: str) -> Memory:
        """As the settings say. Raises ``UsageError`` at once if a file cannot be used: nobody wants to hear that after the run."""
        file: str | None = settings["history"]
        path = settings.out / FILE if file is None else settings.folder("history") / file
        history = None if file == NONE else History(path)
        if history is not None:
            _prepare(history)
        word: str = settings["baseline"]
        found = None if word in (LAST, NONE) else read_baseline(word, history, settings.folder("baseline"))
        return cls(suite, history, found, word == LAST)

    def past(self, result: Result, title: str) -> Past:
        """What this run comes after."""
        now = summarise(result.judgement, result.records, suite=self.suite, title=title, at=real_now())
        earlier = [] if self.history is None else self.history.runs(self.suite, most=EARLIER_MAX)
        return make_past(now, earlier, self.baseline, wants_last=self.wants_last)

    def keep(self, past: Past, say: Callable[[str], None]) -> Past:
        """Add this run to the history; what cannot be kept is said, and costs nobody the reports."""
        if self.history is None or not past.now.cases:
            return past
        try:
            number = self.history.add(past.now)
        except UsageError as error:
            say(f"this run is not in the history: {error}")
            return past
        return replace(past, now=msgspec.structs.replace(past.now, number=number))


def _prepare(history: History) -> None:
    try:
        history.prepare()
    except OSError as error:
        hint = "choose another folder with --out, or another file with --history"
        raise UsageError(f"cannot write the history {history.path}: {error.strerror}; {hint}") from error


def make_past(
    now: RunSummary, earlier: Sequence[RunSummary], given: tuple[str, RunSummary] | None, *, wants_last: bool
) -> Past:
    """A run with those before it, and beside what was asked for."""
    name, baseline = given or ("", None)
    if baseline is None and wants_last and earlier:
        name, baseline = "the run before", earlier[-1]
    return Past(now=now, earlier=tuple(earlier), baseline=baseline, baseline_name=name)


def read_baseline(word: str, history: History | None, folder: Path) -> tuple[str, RunSummary]:
    """What a word means: the number of a run in the history, else a trace or the folder of a run. Raises ``UsageError``."""
    if word.isdecimal():
        if history is None:
            raise UsageError(f"--baseline {word} is a run of a history, and there is none")
        return f"run {word}", history.run(int(word))
    trace = trace_of(folder / word)
    if not trace.is_file():
        raise UsageError(
            f"there is no baseline {word}: expected last, none, a number of the history, a trace or its folder"
        )
    records, _ = load_run(trace)
    return word, summarise(read_again(trace, records), records, suite="", title=word)
