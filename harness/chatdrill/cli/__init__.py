"""The command line: which command, and what its end means as an exit code. Each command is a module of its own.

Nothing heavy is imported before a command needs it: ``chatdrill --help`` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

PASS, FAIL, USAGE, BOT, INTERNAL, UNDECIDED, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130

COMMANDS = {
    "demo": "play the shipped scenarios against the reference bot: the whole thing in one command",
    "init": "write a settings file and a first scenario into this folder",
    "run": "play scenarios against your bot and judge what it does",
    "fuzz": "let customers say what nobody has scripted, and make what fails as small as it can be",
    "load": "let thousands of customers talk to your bot at once, through Locust (pip install 'chatdrill[load]')",
    "capacity": "find how many customers a second your bot holds (pip install 'chatdrill[load]')",
    "probe": "examine a webhook endpoint with no scenario at all: signatures, odd input, size, speed, slow clients",
    "zoo": "show bots with planted defects to the shipped scenarios and the probe, and count what they find",
    "serve": "run the fake messengers by themselves, to talk to your bot by hand",
    "exec": "run a bot as it is: its calls of the vendors' own addresses come to the fakes, and it reaches nobody else",
    "env": "print the variables that point a bot at the fakes",
    "import": "make scenarios of real dialogs that messengers and helpdesks export, without personal data",
    "record": "sit between a real platform and your bot, and write down what passes as a trace",
    "replay": "play the customers of a trace against your bot again, and compare what it says with what was said then",
    "diff": "what changed between two runs: replies, their times, verdicts",
    "judge": "judge a recorded trace again, with other response times or newer checks",
    "coverage": "which states, messages, faults, platforms and times a suite met, and scenarios for what is missing",
    "report": "turn a recorded trace into a report: html, junit, markdown, jsonl, allure, terminal",
    "history": "list the runs that were kept, and the cases that are flaky or slower than they were",
    "platforms": "what each fake messenger can do, its limits and its API coverage",
    "desks": "what each fake helpdesk can do, its limits and its API coverage",
    "checks": "the promises that every conversation is held to",
    "faults": "what can go wrong on the way, by chance: kinds and presets for --faults",
    "personas": "the kinds of customers there are",
    "doctor": "what this machine has to move the time of a bot with, and whether a bot can be reached by it",
    "schema": "the JSON Schema of scenario files, for your editor",
}

_BROUGHT = ("load", "capacity", "zoo")
"""Commands that the package of another folder brings."""
_OVERVIEW = """\
chatdrill rehearses customer conversations: fake messengers with signed webhooks drill any chat bot or helpdesk.

usage: chatdrill COMMAND [--help] ...

{commands}

examples:
  chatdrill demo
  chatdrill init my-bot/
  chatdrill run drills/ --command "python bot.py"
  chatdrill run drills/ --webhook http://127.0.0.1:8080/webhooks/{{platform}} --platforms whatsapp
  chatdrill fuzz --app bot:app
  chatdrill serve
  chatdrill exec -- python bot.py

exit codes: 0 passed, 1 a promise was broken, 2 bad usage, 3 the bot cannot be reached, 4 a bug of chatdrill,
            5 nothing failed but something could not be judged (or nothing was played), 130 interrupted
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in ("-h", "--help", "help"):
        return _say(overview(), PASS if words else USAGE)
    if words[0] in ("-V", "--version", "version"):
        from chatdrill.version import VERSION

        return _say(f"chatdrill {VERSION}\n", PASS)
    return _guarded(words[0], words[1:])


def overview() -> str:
    """The text of ``chatdrill --help``."""
    width = max(map(len, COMMANDS)) + 2
    return _OVERVIEW.format(commands="\n".join(f"  {name:<{width}}{text}" for name, text in COMMANDS.items()))


def _say(text: str, code: int) -> int:
    try:
        print(text, end="", flush=True)
    except BrokenPipeError:
        forget_stdout()
    return code


def forget_stdout() -> None:
    """The reader of our output went away, as ``| head`` does: what is still printed goes nowhere, without complaint."""
    import os

    sys.stdout = open(os.devnull, "w")  # noqa: SIM115  # it lives as long as the process


def _guarded(name: str, words: list[str]) -> int:
    from chatdrill.errors import BotError, ChatdrillError, UsageError, did_you_mean
    from chatdrill.run.signals import Raising

    try:
        if name not in COMMANDS:
            raise UsageError(f"unknown command {name!r}{did_you_mean(name, COMMANDS)}")
        with Raising():
            return _run(name, words)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        forget_stdout()
        return PASS
    except ChatdrillError as error:
        print(f"chatdrill {name}: {_placed(str(error))}", file=sys.stderr)
        return BOT if isinstance(error, BotError) else USAGE
    except Exception:  # noqa: BLE001  # the last resort: exit code 4 says that it is our bug
        import traceback

        traceback.print_exc()
        print(f"chatdrill {name}: this is a bug of chatdrill, please report it with the lines above", file=sys.stderr)
        return INTERNAL


def _placed(text: str) -> str:
    """Places (``file:line:column``) begin their lines, so that an editor or a terminal can jump there."""
    import re

    return f"the scenarios have mistakes:\n{text}" if re.match(r"\S.*:\d+:\d+: ", text) else text


def command_of(name: str) -> Callable[[list[str]], int]:
    """The function behind a command: the kernel's own, or one that another package brings as an entry point."""
    import importlib
    from importlib.metadata import entry_points

    found = next(iter(entry_points(group="chatdrill.commands", name=name)), None) if name in _BROUGHT else None
    main: Callable[[list[str]], int] = (
        importlib.import_module(f"chatdrill.cli.{name}_command").main if found is None else found.load()
    )
    return main


def _run(name: str, words: list[str]) -> int:
    try:
        code: int = command_of(name)(words)
    except SystemExit as end:  # argparse has printed the help
        code = end.code if isinstance(end.code, int) else USAGE
    sys.stdout.flush()
    return code
