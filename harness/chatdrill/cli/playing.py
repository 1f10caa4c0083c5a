"""What ``run`` and ``demo`` share: play cases, write the reports, and turn the verdict into an exit code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import msgspec

from chatdrill.checks.repeats import overall
from chatdrill.checks.results import Judgement
from chatdrill.cli import BOT, FAIL, INTERRUPTED, PASS, UNDECIDED, forget_stdout
from chatdrill.cli.covering import cover
from chatdrill.cli.informing import tell_ci
from chatdrill.cli.progress import Progress
from chatdrill.cli.remembering import Memory
from chatdrill.cli.replaying import Replaying, forget_replays
from chatdrill.cli.reporting import print_terminal
from chatdrill.engine.cases import Case
from chatdrill.run.execute import Result, execute, run_loop
from chatdrill.run.pace import loop_factory
from chatdrill.run.reports import chosen_reports, save_media, write_reports
from chatdrill.run.settings import Settings
from chatdrill.run.signals import Postponing
from chatdrill.seeds import fresh_seed

_ALL = ("html", "junit", "jsonl", "markdown")


def play(
    settings: Settings,
    cases: Sequence[Case],
    *,
    title: str,
    suite: str,
    command: str,
    as_json: bool = False,
    again: Sequence[str] = (),
    with_coverage: bool = False,
) -> int:
    """Play, report, and return the exit code. A signal stops the playing; the reports are written all the same.

    ``suite`` is what the history calls these cases. ``again`` is the command that plays cases of this run again, up to their choice;
    without it no repeat that failed is.
    """
    out = settings.out
    chosen = chosen_reports(_ALL if settings["report"] is None else settings["report"], out)
    seed = settings["seed"] if settings["seed"] is not None else fresh_seed()
    progress = Progress(len(cases))
    memory = Memory.of(settings, suite)
    factory = loop_factory(settings)
    forget_replays(out)
    with Postponing(lambda: progress.say("writing the reports; once more to stop at once")) as signals:
        playing = execute(settings, cases, seed=seed, trace=out / "trace.jsonl", each=progress)
        result = run_loop(playing, factory=factory)
        progress.end()
        if result.interrupted:
            progress.say("interrupted: writing the reports")
        elif again:
            replaying = Replaying(again, settings["flake_tries"], progress.say, lambda: signals.came)
            result.judgement = replaying.explain(result.judgement, out, seed)
        if with_coverage:
            result.coverage = cover([result.records])
        result.past = memory.past(result, title)
        if not result.interrupted:  # half a run would be a wrong measure of the next
            result.past = memory.keep(result.past, progress.say)
        save_media(result, out / "media")
        written = write_reports(result, chosen, title=title, command=command)
        tell_ci(settings["ci"], result, title=title, command=command, files=written)
    result.interrupted = result.interrupted or signals.came
    try:
        if as_json:
            print(json.dumps(_summary(result, seed, written)), flush=True)
        else:
            print_terminal(result, title=title, command=command)
    except BrokenPipeError:  # the verdict counts, whoever reads it
        forget_stdout()
    if not as_json:
        for name, path in {**written, "trace": result.trace}.items():
            progress.say(f"{name:<10}{path}")
    return exit_code(result)


def exit_code(result: Result) -> int:
    """What the end of a run means to the shell."""
    if result.interrupted:
        return INTERRUPTED
    verdict = result.judgement.verdict
    if result.problems and verdict != "pass":
        return BOT
    return {"pass": PASS, "fail": FAIL, "error": FAIL}.get(verdict, UNDECIDED)


def _summary(result: Result, seed: int, written: dict[str, Path]) -> dict[str, object]:
    judgement = result.judgement
    return {
        "verdict": judgement.verdict,
        "seed": seed,
        "cases": {verdict: judgement.count(verdict) for verdict in ("pass", "fail", "error", "inconclusive", "none")},
        "findings": msgspec.to_builtins(judgement.findings),
        "statistics": msgspec.to_builtins(judgement.statistics),
        **_repeats(judgement),
        **_coverage(result),
        **_past(result),
        "reports": {name: str(path) for name, path in written.items()},
        "trace": str(result.trace),
        "interrupted": result.interrupted,
        "problems": dict(result.problems),
    }


def _repeats(judgement: Judgement) -> dict[str, object]:
    """What repeats say, where there are any."""
    if not judgement.repeats:
        return {}
    return {"repeats": msgspec.to_builtins(judgement.repeats), "pass_k": overall(judgement.repeats)}


def _coverage(result: Result) -> dict[str, object]:
    """How much was met, where somebody asked; ``chatdrill coverage`` has the rest."""
    found = result.coverage
    return {} if found is None else {"coverage": {"share": found.share, "reached": found.reached, "total": found.total}}


def _past(result: Result) -> dict[str, object]:
    """What changed beside the baseline, and what the history says of cases, in short."""
    past = result.past
    found, told = (None, None) if past is None else (past.comparison, past.trends)
    compared = {} if found is None else {kind: [one.now.case for one in found.of(kind)] for kind in ("broke", "mended")}
    trend = (
        {}
        if told is None
        else {"flaky": [one.now.case for one in told.of("flaky")], "slower": [one.now.case for one in told.slower]}
    )
    return {"past": {"run": past.now.number, "baseline": past.baseline_name, **compared, **trend}} if past else {}
