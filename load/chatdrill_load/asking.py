"""What the commands ``load`` and ``capacity`` ask alike: which scenarios, which bot; and the job that follows."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path

from chatdrill.cli.choosing import choose
from chatdrill.cli.options import add_settings, parser, settings_from
from chatdrill.engine.durations import seconds
from chatdrill.errors import UsageError
from chatdrill.run.options import OPTIONS
from chatdrill.seeds import fresh_seed
from chatdrill.serve.faults.restarting import Restart
from chatdrill_load.messages import Job
from chatdrill_load.unfit import restarts_by_chance, restarts_the_bot

_UNFIT = "{} takes the bot away from all customers at once, so a load cannot be measured with it"
_WITHOUT = ("clock", "bot_clock", "start", "jobs", "report", "app")
_RATE = re.compile(r"(\d+(?:\.\d+)?)\s*/\s*(s|min|h)")
_UNITS = {"s": 1.0, "min": 60.0, "h": 3600.0}


def scenario_parser(name: str, description: str, examples: str) -> argparse.ArgumentParser:
    """A parser that takes the paths of scenarios."""
    options = parser(name, description, examples)
    options.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="scenario files, or folders of *.drill.yaml"
    )
    return options


def add_load(options: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add what is asked last: what is kept, which scenarios, which bot."""
    options.add_argument(
        "--keep",
        type=whole,
        default=100,
        metavar="N",
        help="keep every so manyth good conversation's transcript, 0 none (default: 100)",
    )
    options.add_argument(
        "--i-own-this-target", action="store_true", help="the bot is not on this machine, and it is yours to load"
    )
    choice = options.add_argument_group("which scenarios")
    choice.add_argument("-k", dest="words", metavar="WORDS", help="only cases whose name contains this, in any case")
    choice.add_argument("--case", action="append", default=[], metavar="ID", help="only this case (repeatable)")
    choice.add_argument(
        "--tag", action="append", default=[], metavar="TAG", help="only scenarios with this tag (repeatable)"
    )
    add_settings(options, "what", "bot", "fakes", "time", "report", without=_WITHOUT)
    return options


def checked_job(arguments: argparse.Namespace) -> Job:
    """The job, once scenarios and settings are known to be right. Raises ``UsageError`` and its kin."""
    settings = settings_from(arguments)
    if restarts_by_chance(settings["faults"]):
        raise UsageError(f"the fault {_UNFIT.format(Restart.name)}; play the scenarios with 'chatdrill run' for that")
    arguments.list, arguments.spread = False, None
    cases = choose(arguments.paths, settings, arguments)
    unfit = sum(restarts_the_bot(case.scenario) for case in cases)
    if unfit == len(cases):
        raise UsageError(f"what was chosen cannot be a load: {_UNFIT.format(Restart.name)}")
    if unfit:
        print(f"left out, because {_UNFIT.format('a restart')}: {unfit} conversations", file=sys.stderr)
    flags = {option.name: getattr(arguments, option.name, None) for option in OPTIONS}
    return Job(
        flags={name: value for name, value in flags.items() if value is not None and name != "out"},
        folder=os.getcwd(),
        paths=[str(path) for path in arguments.paths],
        words=arguments.words,
        tags=arguments.tag,
        only=[case.id for case in cases] if arguments.case else [],
        seed=settings["seed"] if settings["seed"] is not None else fresh_seed(),
        out=str(settings.out),
        keep=arguments.keep,
        own_target=arguments.i_own_this_target,
        settings=None if arguments.settings is None else str(arguments.settings),
    )


def whole(text: str) -> int:
    """A whole number of a flag."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number, not {text!r}")
    return int(text)


def length(text: str) -> float:
    """A length of time of a flag, in seconds."""
    try:
        length_s = seconds(text)
    except ValueError:
        length_s = 0.0
    if length_s <= 0:
        raise argparse.ArgumentTypeError(f'expected a duration such as "30s" or "10m", not {text!r}')
    return length_s


def rate(text: str) -> float:
    """A rate of a flag, in customers per second."""
    found = _RATE.fullmatch(text.strip())
    if found is None or not float(found[1]):
        raise argparse.ArgumentTypeError(f"expected a rate such as 10/s or 300/min, not {text!r}")
    return float(found[1]) / _UNITS[found[2]]
