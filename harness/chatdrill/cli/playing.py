"""What ``run`` and ``demo`` share: play cases, write the reports, and turn the verdict into an exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from chatdrill.cli import BOT, FAIL, INTERRUPTED, PASS, UNDECIDED
from chatdrill.cli.progress import Progress
from chatdrill.cli.reporting import chosen_reports, print_terminal, write_reports
from chatdrill.engine.cases import Case
from chatdrill.run.execute import Result, execute, run_loop
from chatdrill.run.settings import Settings
from chatdrill.seeds import fresh_seed


def play(
    settings: Settings,
    cases: Sequence[Case],
    *,
    title: str,
    command: str,
    reports: Sequence[str] | None = None,
    as_json: bool = False,
) -> int:
    """Play, report, and return the exit code."""
    out = Path(settings["out"])
    chosen = chosen_reports(reports, out)
    seed = settings["seed"] if settings["seed"] is not None else fresh_seed()
    progress = Progress(len(cases))
    result = run_loop(execute(settings, cases, seed=seed, trace=out / "trace.jsonl", each=progress))
    progress.end()
    save_media(result, out / "media")
    written = write_reports(result, chosen, title=title, command=command)
    if as_json:
        print(json.dumps(_summary(result, seed, written)))
    else:
        print_terminal(result, title=title, command=command)
        for name, path in written.items():
            print(f"{name:<10}{path}", file=sys.stderr)
        print(f"{'trace':<10}{result.trace}", file=sys.stderr)
    return exit_code(result)


def save_media(result: Result, folder: Path) -> None:
    """Keep the files of a run beside its trace, so that a report can be made again."""
    if result.blobs:
        folder.mkdir(parents=True, exist_ok=True)
    for sha256, content in result.blobs.items():
        (folder / sha256).write_bytes(content)


def exit_code(result: Result) -> int:
    """What the end of a run means to the shell."""
    if result.interrupted:
        return INTERRUPTED
    if result.problems:
        return BOT
    return {"pass": PASS, "fail": FAIL, "error": FAIL}.get(result.judgement.verdict, UNDECIDED)


def _summary(result: Result, seed: int, written: dict[str, Path]) -> dict[str, object]:
    judgement = result.judgement
    return {
        "verdict": judgement.verdict,
        "seed": seed,
        "cases": {verdict: judgement.count(verdict) for verdict in ("pass", "fail", "error", "inconclusive", "none")},
        "findings": msgspec.to_builtins(judgement.findings),
        "statistics": msgspec.to_builtins(judgement.statistics),
        "reports": {name: str(path) for name, path in written.items()},
        "trace": str(result.trace),
        "interrupted": result.interrupted,
    }
