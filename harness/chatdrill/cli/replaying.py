"""Playing repeats that failed again with the same seed, in a process of their own: the bot starts anew, and so does time.

That is what the command beside a failure does, so what comes of it here comes of it there. Each time is a run with a trace of its
own, in a folder beside that of the whole run.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatdrill.checks import judge
from chatdrill.checks.judge import Block
from chatdrill.checks.repeats import attributed, to_replay
from chatdrill.checks.results import Judgement
from chatdrill.cli import FAIL, INTERRUPTED, PASS, UNDECIDED
from chatdrill.errors import UsageError
from chatdrill.run.traces import TRACE, again_folder, load_run, traces_again
from chatdrill.trace import Record

_LOOK_EVERY_S = 0.2
_PATIENCE_S = 10.0
_PLAYED = (PASS, FAIL, UNDECIDED)


@dataclass(frozen=True)
class Replaying:
    """How to play again: ``words`` are the command up to the choice of cases, ``tries`` how many times. ``say`` tells the person who
    waits, ``is_stopped`` whether they wait no longer."""

    words: Sequence[str]
    tries: int
    say: Callable[[str], None]
    is_stopped: Callable[[], bool]

    def explain(self, judgement: Judgement, out: Path, seed: int) -> Judgement:
        """The judgement with what came of it. A time that could not be played is said, and does not count."""
        chosen = to_replay(judgement)
        again: list[Judgement] = []
        for number in range(1, self.tries + 1) if chosen else ():
            if self.is_stopped():
                break
            count = f"{len(chosen)} conversation{'s'[: len(chosen) != 1]}"
            self.say(f"playing the {count} that failed once more, with the same seed ({number} of {self.tries})")
            folder = again_folder(out, number)
            choice = [word for identity in chosen for word in ("--case", identity)]
            ends = ["--seed", str(seed), "--out", str(folder), "--report", "none", "--repeat", "1"]
            ends += ["--history", "none", "--ci", "none"]
            if self._play([*self.words, *choice, *ends], folder / TRACE):
                again.append(judge(load_run(folder / TRACE)[0]))
        return attributed(judgement, again)

    def _play(self, words: Sequence[str], trace: Path) -> bool:
        """True if the cases were played, and there is a trace of it."""
        process = subprocess.Popen(
            [sys.executable, "-m", "chatdrill", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        with process:
            try:
                complaint = self._wait(process)
            except BaseException:  # who is impatient goes at once, and the bot must go as well
                process.terminate()
                raise
        if process.returncode in _PLAYED and trace.exists():
            return True
        trace.unlink(missing_ok=True)  # a run that was cut short, or met no bot, says nothing about the seed
        if process.returncode != INTERRUPTED:
            self.say(f"that could not be played (exit code {process.returncode}): {complaint.strip()[-500:]}")
        return False

    def _wait(self, process: subprocess.Popen[bytes]) -> str:
        """Wait for the end, which is asked for if nobody waits for it any more; returns what it complained of."""
        while not self.is_stopped():
            try:
                return process.communicate(timeout=_LOOK_EVERY_S)[1].decode(errors="replace")
            except subprocess.TimeoutExpired:
                continue
        process.terminate()
        try:
            process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
        return ""


def forget_replays(out: Path) -> None:
    """Take away what an earlier run left in this folder. Raises ``UsageError`` if that cannot be done."""
    try:
        for trace in traces_again(out / TRACE):
            trace.unlink()
    except OSError as error:
        raise UsageError(
            f"cannot remove {error.filename}: {error.strerror}; choose another folder with --out"
        ) from error


def read_again(trace: Path, records: Sequence[Record], **blocks: Block) -> Judgement:
    """The judgement of a recorded run, with what came of playing its failed repeats again."""
    again = [judge(load_run(path)[0], **blocks) for path in traces_again(trace)]
    return attributed(judge(records, **blocks), again)
