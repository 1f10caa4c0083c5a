"""``chatdrill load``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from chatdrill.cli.choosing import choose
from chatdrill.cli.options import add_settings, parser, public, settings_from
from chatdrill.engine.durations import seconds
from chatdrill.errors import UsageError
from chatdrill.run.options import OPTIONS
from chatdrill.seeds import fresh_seed
from chatdrill_load.arrivals import read_arrivals
from chatdrill_load.gates import read_gate
from chatdrill_load.messages import Job
from chatdrill_load.plan import VARIABLE, Plan

_EXAMPLES = """\
  chatdrill load drills/ --webhook http://127.0.0.1:8080/{platform} --arrivals 50/s --for 10m
  chatdrill load drills/order.drill.yaml --command "python bot.py" --customers 200 --for 2m
  chatdrill load drills/ --arrivals "ramp 0/s to 200/s over 5m" --sla "first_reply p95 < 5s"
  chatdrill load drills/ --arrivals 20/s --for 1h --web 8089
  chatdrill load drills/ --arrivals 500/s --for 10m -- --processes 4 --csv out/run

What stands behind -- goes to Locust as it is (locust --help)."""
_WITHOUT = ("clock", "bot_clock", "start", "jobs", "report", "app")


def main(words: list[str]) -> int:
    """Check what is asked for, write the plan, and become Locust."""
    own, locust = (words[: words.index("--")], words[words.index("--") + 1 :]) if "--" in words else (words, [])
    options = _options()
    arguments = options.parse_args(own)
    settings = settings_from(arguments)
    arguments.list = False
    cases = choose(arguments.paths, settings, arguments)
    if arguments.arrivals is not None:
        read_arrivals(arguments.arrivals)
    for gate in arguments.sla:
        read_gate(gate)
    flags = {option.name: getattr(arguments, option.name, None) for option in OPTIONS}
    out = settings.out
    plan = Plan(
        job=Job(
            flags={name: value for name, value in flags.items() if value is not None and name != "out"},
            folder=os.getcwd(),
            paths=[str(path) for path in arguments.paths],
            words=arguments.words,
            tags=arguments.tag,
            only=[case.id for case in cases] if arguments.case else [],
            seed=settings["seed"] if settings["seed"] is not None else fresh_seed(),
            out=str(out),
            keep=arguments.keep,
            settings=None if arguments.settings is None else str(arguments.settings),
        ),
        arrivals=arguments.arrivals,
        customers=arguments.customers if arguments.customers is not None else 0 if arguments.arrivals else 10,
        for_s=_for_s(arguments.for_time),
        gates=tuple(arguments.sla),
        command=public(["chatdrill", "load", *words]),
    )
    return _become_locust(plan, plan.save(out), web=arguments.web, more=locust)


def _options() -> argparse.ArgumentParser:
    options = parser("load", "Let thousands of customers talk to your bot at once.", _EXAMPLES)
    options.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="scenario files, or folders of *.drill.yaml"
    )
    load = options.add_argument_group("the load")
    load.add_argument(
        "--arrivals", metavar="PLAN", help='when customers come, however slow the bot is: "50/s", "poisson 50/s", ...'
    )
    load.add_argument(
        "--customers",
        type=_count,
        metavar="N",
        help="how many talk at once: exactly so many, or with --arrivals at most (default: 10, or as many as come)",
    )
    load.add_argument("--for", dest="for_time", default="1m", metavar="TIME", help="how long (default: 1m)")
    load.add_argument(
        "--sla",
        action="append",
        default=[],
        metavar="GATE",
        help='what must hold: "first_reply p95 < 5s", "errors < 1%%" (repeatable)',
    )
    load.add_argument(
        "--web", type=int, metavar="PORT", help="Locust's web page on this port, to start and watch from there"
    )
    load.add_argument(
        "--keep",
        type=_count,
        default=100,
        metavar="N",
        help="keep every so manyth good conversation's transcript, 0 none (default: 100)",
    )
    choice = options.add_argument_group("which scenarios")
    choice.add_argument("-k", dest="words", metavar="WORDS", help="only cases whose name contains this, in any case")
    choice.add_argument("--case", action="append", default=[], metavar="ID", help="only this case (repeatable)")
    choice.add_argument(
        "--tag", action="append", default=[], metavar="TAG", help="only scenarios with this tag (repeatable)"
    )
    add_settings(options, "what", "bot", "fakes", "time", "report", without=_WITHOUT)
    return options


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number, not {text!r}")
    return int(text)


def _for_s(text: str) -> float:
    try:
        length_s = seconds(text)
    except ValueError:
        raise UsageError(f'--for: expected a duration such as "30s" or "10m", not {text!r}') from None
    if length_s <= 0:
        raise UsageError("--for: nothing can be learnt in no time")
    return length_s


def _become_locust(plan: Plan, file: Path, *, web: int | None, more: list[str]) -> int:
    """Locust's patched world needs a process of its own from its first line on: this one is given up for it."""
    locustfile = Path(__file__).with_name("swarm") / "locustfile.py"
    users = plan.customers if plan.arrivals is None else 1
    words = [sys.executable, "-m", "locust", "-f", str(locustfile), "-u", str(users), "-r", str(users)]
    words += (
        ["--headless", "--only-summary", "--loglevel", "WARNING"]
        if web is None
        else ["--web-port", str(web), "--web-host", "127.0.0.1"]
    )
    sys.stdout.flush()
    os.environ[VARIABLE] = str(file.resolve())
    os.execv(sys.executable, [*words, *more])
