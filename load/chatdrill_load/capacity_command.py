"""``chatdrill capacity``."""

from __future__ import annotations

import argparse
import asyncio
import math
import sys
from pathlib import Path

import msgspec

from chatdrill.cli import FAIL, INTERRUPTED, PASS
from chatdrill.cli.options import public
from chatdrill.engine.durations import say_seconds
from chatdrill.errors import BotError, UsageError
from chatdrill.run.execute import run_loop
from chatdrill.serve.loop import collect_briefly, uncancel
from chatdrill_load.asking import add_load, checked_job, length, rate, scenario_parser
from chatdrill_load.capacity import Capacity, Outcome, Plan, Search, Trial
from chatdrill_load.crowd.engine import Engine
from chatdrill_load.crowd.trials import Trials
from chatdrill_load.gates import Gate, read_gate
from chatdrill_load.messages import Job, Opened

FILE = "capacity.json"
USUAL_GATES = ("first_reply p95 < 5s", "errors < 1%")
_EXAMPLES = """\
  chatdrill capacity drills/ --command "python bot.py" --sla "first_reply p95 < 5s"
  chatdrill capacity drills/order.drill.yaml --webhook http://127.0.0.1:8080/{platform} --from 10/s --to 500/s
  chatdrill capacity drills/ --command "python bot.py" --settle-for 10s --measure 30s --precision 10%"""


def main(words: list[str]) -> int:
    """Find the highest rate of arrivals at which the gates hold."""
    options = _options()
    arguments = options.parse_args(words)
    job = checked_job(arguments)
    gates = [read_gate(text) for text in arguments.sla or USUAL_GATES]
    plan = Plan(
        start_per_s=arguments.first,
        limit_per_s=arguments.last,
        precision=arguments.precision,
        repeats=arguments.repeats,
        settle_s=arguments.settle_for,
        measure_s=arguments.measure,
        time_max_s=arguments.within,
    )
    found, interrupted = run_loop(_search(job, plan, gates))
    _write(found, Path(job.out), gates, command=public(["chatdrill", "capacity", *words]))
    print(summary(found, gates), flush=True)
    return INTERRUPTED if interrupted else PASS if found.rate_per_s else FAIL


def _options() -> argparse.ArgumentParser:
    options = scenario_parser("capacity", "Find how many customers a second your bot holds.", _EXAMPLES)
    search = options.add_argument_group("the search")
    search.add_argument(
        "--sla",
        action="append",
        default=[],
        metavar="GATE",
        help=f"what must hold (repeatable; default: {' and '.join(USUAL_GATES)})".replace("%", "%%"),
    )
    search.add_argument(
        "--from",
        dest="first",
        type=rate,
        default=1.0,
        metavar="RATE",
        help="the lowest rate of arrivals (default: 1/s)",
    )
    search.add_argument(
        "--to",
        dest="last",
        type=rate,
        default=math.inf,
        metavar="RATE",
        help="the highest (default: until something breaks)",
    )
    search.add_argument(
        "--settle-for",
        type=length,
        default=10.0,
        metavar="TIME",
        help="how long the bot settles at each rate (default: 10s)",
    )
    search.add_argument(
        "--measure", type=length, default=30.0, metavar="TIME", help="how long is measured then (default: 30s)"
    )
    search.add_argument(
        "--precision",
        type=_share,
        default=0.05,
        metavar="SHARE",
        help="how near the ends of the answer are (default: 5%%)",
    )
    search.add_argument("--repeats", type=int, default=3, metavar="N", help="how often the ends are tried (default: 3)")
    search.add_argument(
        "--within", type=length, default=7200.0, metavar="TIME", help="how long the search may take (default: 2h)"
    )
    return add_load(options)


def _share(text: str) -> float:
    try:
        return float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a share such as 5%, not {text!r}") from None


async def _search(job: Job, plan: Plan, gates: list[Gate]) -> tuple[Capacity, bool]:
    """The answer, and whether somebody interrupted the search."""
    search, trials = Search(plan), Trials(gates)
    opened: list[Opened] = []
    engine = Engine(job, lambda news: opened.append(news) if isinstance(news, Opened) else trials.heed(news))
    interrupted = False
    try:
        await engine.open()
        collect_briefly()
        for problem in opened[0].problems.values():
            raise BotError(problem)
        while isinstance(step := search.next(), Trial) and trials.gone is None:
            outcome = await trials.make(engine, step)
            search.tell(outcome)
            print(_line(step, outcome), file=sys.stderr, flush=True)
        found = step if isinstance(step, Capacity) else search.interrupted()
    except asyncio.CancelledError:
        interrupted, found = True, search.interrupted()
        uncancel()
    finally:
        await engine.close(interrupted=interrupted)
    return found, interrupted


def _line(trial: Trial, outcome: Outcome) -> str:
    mark = "✓" if outcome.held else "✗"
    p95 = "nobody was answered" if outcome.latency_s is None else f"p95 {say_seconds(outcome.latency_s)}"
    why = "" if outcome.held else f": {outcome.broke}"
    return f"{mark} {trial.rate_per_s:8.3g}/s  {trial.phase:<8}{p95}{why}"


def summary(found: Capacity, gates: list[Gate]) -> str:
    """The answer, as an engineer reads it."""
    lines = [f"held to: {'; '.join(gate.text for gate in gates)}", "", found.words()]
    if found.knee is not None:
        knee = found.knee
        lines.append(
            f"The knee of the curve is at {knee.rate_per_s:.3g}/s: up to there p95 stays near {say_seconds(knee.latency_s)}."
        )
    return "\n".join(lines)


def _write(found: Capacity, out: Path, gates: list[Gate], *, command: str) -> None:
    out.mkdir(parents=True, exist_ok=True)
    content = {"command": command, "gates": [gate.text for gate in gates], "capacity": msgspec.to_builtins(found)}
    try:
        (out / FILE).write_bytes(msgspec.json.format(msgspec.json.encode(content)))
    except OSError as error:
        raise UsageError(f"{out / FILE}: cannot write the answer: {error.strerror}") from error
