"""``chatdrill fuzz``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from chatdrill.checks.registry import only_checks
from chatdrill.cli import BOT, FAIL, INTERRUPTED, PASS, UNDECIDED
from chatdrill.cli.options import add_settings, flag_words, flags_of, parser, public, settings_from
from chatdrill.cli.progress import Progress
from chatdrill.engine.durations import seconds
from chatdrill.fuzz import Failure, Fuzzed, Fuzzing, Plan, load_property
from chatdrill.fuzz.fuzzing import DIALOGS, SHRINK_S
from chatdrill.fuzz.reporting import result_of, show
from chatdrill.run.reports import chosen_reports, write_reports
from chatdrill.run.selection import find_scenarios, shipped_packs
from chatdrill.run.settings import Settings
from chatdrill.seeds import fresh_seed
from chatdrill.strategies.machine import STEPS_MAX
from chatdrill.strategies.words import Words

_EXAMPLES = """\
  chatdrill fuzz --app bot:app
  chatdrill fuzz drills/ --app bot:app --platforms telegram,whatsapp --dialogs 5000
  chatdrill fuzz drills/ --command "python bot.py" --for 5m --faults flaky-mobile
  chatdrill fuzz drills/ --app bot:app --desk chatwoot --seed 7
  chatdrill fuzz drills/ --app bot:app --property checks.py::never_promises_a_refund
  chatdrill fuzz drills/ --app bot:app --not HO-13 --checks order,answered

Dialogs are drawn from what your scenarios let customers say, press and send, and from what programs stumble over: bursts, odd scripts,
texts at the limit, files, edits, long absences. What the scenarios expect is left out; every conversation is held to the promises
that all of them keep (chatdrill checks) and to your own properties. A property is a function that takes the chat:

  def never_promises_a_refund(chat):
      assert not any("refund" in line.text for line in chat.heard)

What fails is made as small as it can be, shown, and kept below --out: a scenario that fails the same way, and the command that plays it.
What failed before is tried first. A bot in this process is played in virtual time unless --clock says otherwise."""


def main(words: list[str]) -> int:
    """Let customers say what nobody has scripted."""
    arguments = _options().parse_args(words)
    settings = _settings(arguments)
    plan = _plan(arguments, settings)
    progress = _Progress(plan)
    fuzzed = Fuzzing(plan=plan, told=progress.told, found=progress.found).run()
    progress.end()
    command = public(["chatdrill", "fuzz", *words])
    result = result_of(fuzzed)
    chosen = chosen_reports(settings["report"] or (), settings.out)
    written = write_reports(result, chosen, title="chatdrill fuzz", command=command)
    if arguments.json:
        print(json.dumps(_as_data(fuzzed, written)), flush=True)
    else:
        print(_closing(fuzzed), flush=True)
    return _exit_code(fuzzed)


def _options() -> argparse.ArgumentParser:
    options = parser(
        "fuzz", "Let customers say what nobody has scripted, and make what fails as small as it can be.", _EXAMPLES
    )
    options.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="SCENARIO",
        help="scenario files or folders, for their words (default: the shipped ones)",
    )
    fuzz = options.add_argument_group("the dialogs")
    length = fuzz.add_mutually_exclusive_group()
    length.add_argument("--dialogs", type=_count, metavar="N", help=f"how many are drawn (default: {DIALOGS:,})")
    length.add_argument(
        "--for", dest="for_s", type=_length, metavar="TIME", help="draw for so long instead, such as 2m"
    )
    fuzz.add_argument(
        "--steps-max",
        type=_count,
        default=STEPS_MAX,
        metavar="N",
        help=f"acts of one dialog at most (default: {STEPS_MAX})",
    )
    fuzz.add_argument(
        "--property",
        dest="properties",
        action="append",
        default=[],
        metavar="FILE::NAME",
        help="a promise of your own: a function that takes the chat and asserts (repeatable)",
    )
    fuzz.add_argument("--checks", metavar="IDS", help="only these checks, separated by commas (default: all)")
    fuzz.add_argument("--not", dest="without", metavar="IDS", help="not these checks")
    fuzz.add_argument("--stop-at", type=_count, metavar="N", help="stop exploring after so many kinds of failures")
    fuzz.add_argument(
        "--shrink-for",
        type=_length,
        default=SHRINK_S,
        metavar="TIME",
        help=f"time to make one failure small (default: {SHRINK_S:g}s)",
    )
    fuzz.add_argument("--no-shrink", action="store_true", help="leave failures as they were found")
    fuzz.add_argument(
        "--no-leaks", action="store_true", help="do not see whether a bot in this process (--app) keeps growing"
    )
    options.add_argument("--json", action="store_true", help="print the result as JSON")
    add_settings(options, "what", "bot", "fakes", "time", "report", without=("jobs", "runaway"))
    return options


def _count(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"a whole number of at least 1, not {text!r}")
    return int(text)


def _length(text: str) -> float:
    try:
        return seconds(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _settings(arguments: argparse.Namespace) -> Settings:
    """A bot in this process is fuzzed in virtual time, unless somebody says otherwise."""
    settings = settings_from(arguments)
    if settings["app"] and arguments.clock is None and "clock" not in settings.from_file:
        settings = settings_from(arguments, overrides={"clock": "virtual"})
    return settings


def _plan(arguments: argparse.Namespace, settings: Settings) -> Plan:
    flags = {**flags_of(arguments), "faults": None}
    again = ["chatdrill", "run", "{file}", *flag_words(flags, arguments.settings)]
    if settings["clock"] == "virtual" and "--clock" not in again:
        again += ["--clock", "virtual"]
    return Plan(
        settings=settings,
        platforms=settings.platforms,
        desk=settings["desk"],
        words=Words.of(find_scenarios(arguments.paths or [shipped_packs()])),
        dialogs=arguments.dialogs or (None if arguments.for_s else DIALOGS),
        for_s=arguments.for_s,
        seed=settings["seed"] if settings["seed"] is not None else fresh_seed(),
        faults=settings["faults"],
        properties=tuple(map(load_property, arguments.properties)),
        checks=only_checks(_ids(arguments.checks), _ids(arguments.without)),
        stop_at=arguments.stop_at,
        shrink=not arguments.no_shrink,
        shrink_for_s=arguments.shrink_for,
        steps_max=arguments.steps_max,
        keep=settings.out / "fuzz",
        again=tuple(again),
        leaks=not arguments.no_leaks and arguments.stop_at is None,
    )


def _ids(text: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())


class _Progress(Progress):
    """Dialogs so far, their speed, and the kinds of failures; each failure when it is small."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan.dialogs or 0)
        self.say(f"seed {plan.seed}")

    def told(self, fuzzed: Fuzzed, kinds: int) -> None:
        """A batch is over."""
        speed = f", {fuzzed.dialogs_per_s:,.0f} a second" if fuzzed.seconds else ""
        self.show(f"{fuzzed.dialogs:,} dialogs{speed}, {kinds} kind{'s'[: kinds != 1]} of failure")

    def found(self, failure: Failure) -> None:
        """A failure is as small as it can be."""
        self.end()
        print(show(failure, color=sys.stdout.isatty()), flush=True)


def _closing(fuzzed: Fuzzed) -> str:
    count = len(fuzzed.failures)
    failed = f"{count} kind{'s'[: count != 1]} of failure" if count else "no failure"
    lines = [
        f"{fuzzed.dialogs:,} dialogs in {fuzzed.seconds:.1f} s ({fuzzed.dialogs_per_s:,.0f} a second): {failed} (seed {fuzzed.seed})"
    ]
    lines += [f"not the bot's fault, {times}x: {finding.message}" for finding, times in fuzzed.mishaps.values()]
    return "\n".join([*lines, *([fuzzed.problem] if fuzzed.problem else [])])


def _exit_code(fuzzed: Fuzzed) -> int:
    if fuzzed.interrupted:
        return INTERRUPTED
    if fuzzed.failures:
        return FAIL
    if fuzzed.problem:
        return BOT
    return PASS if fuzzed.dialogs else UNDECIDED


def _as_data(fuzzed: Fuzzed, written: dict[str, Path]) -> dict[str, Any]:
    return {
        "seed": fuzzed.seed,
        "dialogs": fuzzed.dialogs,
        "seconds": round(fuzzed.seconds, 3),
        "problem": fuzzed.problem,
        "interrupted": fuzzed.interrupted,
        "failures": [
            {
                "check": one.check,
                "message": one.message,
                "messages": one.messages,
                "how": one.how,
                "rate": one.rate,
                "dialogs_until": one.dialogs_until,
                "seconds_until": round(one.seconds_until, 3),
                "file": one.file,
                "replay": one.replay,
                "also": sorted({finding.check for finding in one.also}),
            }
            for one in fuzzed.failures
        ],
        "mishaps": [
            {"check": key[0], "message": found.message, "times": times}
            for key, (found, times) in fuzzed.mishaps.items()
        ],
        "reports": {name: str(path) for name, path in written.items()},
    }
