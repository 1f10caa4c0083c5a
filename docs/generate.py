"""Writes the reference pages that are tables of the code: ``python docs/generate.py``. A test compares them."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from chatdrill import cli
from chatdrill.cli.options import Parser
from chatdrill.conformance import platform_page
from chatdrill.coverage import VALUES, Dimension, ability_of
from chatdrill.engine.faulting import PRESETS, example
from chatdrill.probe import PROBES
from chatdrill.run.options import GROUPS, OPTIONS, Option
from chatdrill.run.registry import load_platform, load_service, load_sheet, platform_names, service_names
from chatdrill.serve.channel import Account, Channel, Office
from chatdrill.serve.faults import KINDS
from chatdrill.wire import Examinable, Readable
from chatdrill_scenarios.zoo.catalogue import SPECIMENS
from chatdrill_scenarios.zoo.correct import CORRECT
from chatdrill_scenarios.zoo.specimen import Specimen

HERE = Path(__file__).parent / "reference"


def head(page: str) -> str:
    """What stands above the table of a page."""
    return (HERE.parent / "heads" / f"{page}.txt").read_text("utf-8")


class _Seen(Exception):
    def __init__(self, parser: argparse.ArgumentParser) -> None:
        super().__init__()
        self.parser = parser


class _Spy(Parser):
    def parse_args(self, *_: object) -> argparse.Namespace:  # type: ignore[override]
        raise _Seen(self)


def parser_of(command: str) -> argparse.ArgumentParser:
    """The argument parser of a command, caught before it parses."""
    options = importlib.import_module("chatdrill.cli.options")
    original, options.Parser = options.Parser, _Spy  # type: ignore[attr-defined]
    try:
        importlib.import_module("chatdrill.cli").command_of(command)([])
    except _Seen as seen:
        return seen.parser
    finally:
        options.Parser = original  # type: ignore[attr-defined]
    raise AssertionError(f"{command} parses nothing")


def command_line() -> str:
    """The page of the commands."""
    return "\n".join(_command_line()) + "\n"


def _command_line() -> Iterator[str]:
    yield "# The command line\n"
    yield "<!-- Written by docs/generate.py. -->\n"
    yield "`chatdrill COMMAND`; each explains itself with `--help`. Results go to standard output, progress and the places"
    yield "of files to standard error. Colours appear on a terminal only (`NO_COLOR` and `FORCE_COLOR` are respected).\n"
    yield "| exit code | what it means |\n|---|---|"
    yield from (f"| {code} | {words} |" for code, words in EXIT_CODES.items())
    yield "\nFlags that are settings are explained in [Settings](settings.md).\n"
    for name, about in cli.COMMANDS.items():
        parser = parser_of(name)
        yield f"## chatdrill {name}\n\n{about[0].upper()}{about[1:]}.\n"
        yield "| argument | what it is |\n|---|---|"
        yield from (f"| `{_words(action)}` | {action.help} |" for action in parser._actions if not _is_setting(action))
        settings = [f"`{_words(action)}`" for action in parser._actions if _is_setting(action)]
        if settings:
            yield f"\nSettings: {', '.join(settings)}."
        if parser.epilog:
            yield f"\n```text\n{parser.epilog.partition(chr(10))[2]}\n```\n"


EXIT_CODES = {
    0: "passed, or what was asked for was printed",
    1: "a promise was broken, or a conversation broke",
    2: "bad usage: a wrong flag, setting, scenario or trace, a taken port, a folder that cannot be written",
    3: "the bot could not be reached: it never started or was never ready, refused the handshake, or went away",
    4: "a bug of chatdrill",
    5: "nothing failed, but something could not be judged, or nothing was played",
    130: "interrupted (Ctrl-C, SIGTERM, SIGHUP); the trace and the reports are written and say so",
}


def _is_setting(action: argparse.Action) -> bool:
    return action.dest in {option.name for option in OPTIONS}


def _words(action: argparse.Action) -> str:
    value = action.metavar or ("|".join(action.choices) if action.choices else "")
    names = ", ".join(action.option_strings) or str(action.metavar or action.dest)
    return f"{names} {value}".strip().replace("|", "\\|") if action.option_strings and action.nargs != 0 else names


def settings() -> str:
    """The page of the settings."""
    return "\n".join(_settings()) + "\n"


def _settings() -> Iterator[str]:
    yield head("settings")
    for group, title in GROUPS.items():
        yield f"## {title[0].upper()}{title[1:]}\n"
        yield "| setting | what it is | default |\n|---|---|---|"
        yield from (_setting(option) for option in OPTIONS if option.group == group)
        yield ""
    yield SETTINGS_TABLES
    for name in platform_names():
        platform = load_platform(name)
        yield f"### {platform.title}: `[{name}]`\n"
        yield "| setting | variable | what it is | default |\n|---|---|---|---|"
        for item in platform.settings:
            yield f"| `{item.name}` | `CHATDRILL_{item.env}` | {_cell(item.help)} | {_code(item.default)} |"
        yield ""


def faults() -> str:
    """The page of the faults that come by chance."""
    return "\n".join(_faults()) + "\n"


def _faults() -> Iterator[str]:
    yield head("faults")
    yield "## Kinds\n"
    yield "| kind | what it does | strikes | usually | like |\n|---|---|---|---|---|"
    for kind in KINDS.values():
        least, most = kind.usual_s or (None, None)
        time = "" if least is None else f", {least:g}s" if least == most else f", {least:g}s-{most:g}s"
        usual = f"{kind.usual_share * 100:g}%{time}"
        yield f"| `{kind.name}` | {_cell(kind.about)} | each {kind.each} | {usual} | `{example(kind)}` |"
    yield ""
    yield FAULTS_PLACES
    yield "| kind | is skipped on |\n|---|---|"
    accounts = [_account(name) for name in service_names()]
    for kind in KINDS.values():
        whys: dict[str, list[str]] = {}
        for account in accounts:
            if (why := kind.why_not(account)) is not None:
                whys.setdefault(why, []).append(account.name)
        said = "; ".join(f"{', '.join(f'`{name}`' for name in names)}: {why}" for why, names in whys.items())
        yield f"| `{kind.name}` | {said or 'nothing'} |"
    yield "\n## Presets\n"
    yield "| preset | what it is | the same as |\n|---|---|---|"
    yield from (f"| `{one.name}` | {one.about} | `{one.text}` |" for one in PRESETS.values())


def coverage() -> str:
    """The page of what conversation coverage counts."""
    return "\n".join(_coverage()) + "\n"


def _coverage() -> Iterator[str]:
    yield head("coverage")
    for name, about in COVERAGE_DIMENSIONS.items():
        yield f"## {name.capitalize()}\n\n{about}\n\n| value | what it is | weight |\n|---|---|---:|"
        yield from (f"| {value.name} | {_cell(value.about)} | {value.weight} |" for value in VALUES[name].values())
        yield ""
    yield "## What can be\n\n| kind | is impossible on |\n|---|---|"
    abilities = [ability_of(load_platform(name)) for name in platform_names()]
    for kind in VALUES["kind"]:
        without = [f"`{one.name}`" for one in abilities if kind not in one.kinds]
        if without:
            yield f"| {kind} | {', '.join(without)} |"


def _account(name: str) -> Account[Any]:
    """An account as a stage has it, as far as a kind looks at it."""
    service = load_service(name)
    shape: type[Account[Any]] = Channel if name in platform_names() else Office
    account = shape.__new__(shape)
    account.service = service
    return account


def _setting(option: Option) -> str:
    return f"| `{option.name}` | {_cell(option.help)} ({option.metavar}) | {_cell(option.default_words)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _code(text: str) -> str:
    return f"`{_cell(text)}`" if text else ""


SETTINGS_TABLES = """\
## Response times, checks and working hours

`[sla]` and `[checks]` are the blocks of the same names in a scenario, for all scenarios; a scenario's own word counts
more. See [Response times](sla.md) and [Checks](checks.md).

`[calendars.NAME]` are working hours, which response times and scenarios ask for by name. They stand in the file only. See
[Calendars](calendars.md).

## Platforms

Tokens, secrets and ids have fixed, made-up defaults. `chatdrill env` prints them as the variables that a bot reads.
"""


def probes() -> str:
    """The page of the probes."""
    return "\n".join(_probes()) + "\n"


def _probes() -> Iterator[str]:
    yield head("probes")
    yield "| probe | what is tried | what holds | not tried if one of these fails |\n|---|---|---|---|"
    for probe in PROBES.values():
        rule = f"{probe.rule.text} ({probe.rule.source})"
        needs = ", ".join(f"`{each}`" for each in probe.needs)
        yield f"| `{probe.id}` | {_cell(probe.title)} | {_cell(rule)} | {needs} |"
    yield "\n## What the vendors say\n"
    yield "| platform | about | rule |\n|---|---|---|"
    for name in platform_names():
        platform = load_platform(name)
        rules = platform.rules if isinstance(platform, Examinable) else {}
        for matter, rule in rules.items():
            yield f"| {platform.title} | {matter} | {_cell(rule.text)} ({_cell(rule.source)}) |"


FAULTS_PLACES = """\
What means nothing somewhere is skipped there, and the reports say so.
"""

COVERAGE_DIMENSIONS: dict[Dimension, str] = {
    "kind": "What the customer does.",
    "state": "What the conversation is like when they do it. The last five need a helpdesk.",
    "fault": "What strikes it. Those of receipts, of the vendor's clock and of the helpdesk count by platform and time only.",
    "time": "When it is done, by the clocks of the scenario. The last three need a calendar.",
}


def zoo() -> str:
    """The page of the zoo."""
    return "\n".join(_zoo()) + "\n"


def _zoo() -> Iterator[str]:
    yield head("zoo")
    yield f"{len(SPECIMENS)} specimens, and {len(CORRECT)} correct bots."
    for category in dict.fromkeys(one.category for one in SPECIMENS):
        yield f"\n## {category[0].upper()}{category[1:]}\n"
        yield "| the bot ... | on | seen in | found by | begin with |\n|---|---|---|---|---|"
        yield from (_specimen(one) for one in SPECIMENS if one.category == category)


def _specimen(one: Specimen) -> str:
    where = f"{one.platform}, {one.desk}" if one.desk else one.platform
    found = ", ".join(f"`{check}`" for check in one.found_by)
    found += f" ({', '.join(f'`{check}`' for check in one.fuzzed_by)})" if one.fuzzed_by else ""
    return f"| {_cell(one.name)} | {where} | {_cell(one.like)} | {found} | {_cell('; '.join(one.where))} |"


def recording() -> str:
    """The page of what is read back."""
    return "\n".join(_recording()) + "\n"


def _recording() -> Iterator[str]:
    yield head("recording")
    yield "| platform | acts | what is written | what no webhook carries |\n|---|---|---|---|"
    for name in platform_names():
        platform = load_platform(name)
        reads = platform.reads if isinstance(platform, Readable) else None
        if reads is not None:
            columns = (
                ", ".join(f"`{word}`" for word in sorted(words)) for words in (reads.acts, reads.parts, reads.loses)
            )
            yield f"| {platform.title} | {' | '.join(columns)} |"
    rest = [load_platform(name).title for name in platform_names() if not isinstance(load_platform(name), Readable)]
    if rest:
        yield f"\nOf the others ({', '.join(rest)}) the bytes are recorded, and nothing is read back."


def _platform(name: str) -> str:
    return platform_page(load_platform(name), load_sheet(name))


PAGES = {
    "command-line.md": command_line,
    "settings.md": settings,
    "faults.md": faults,
    "coverage.md": coverage,
    "probes.md": probes,
    "recording.md": recording,
    "zoo.md": zoo,
    **{f"platforms/{name}.md": partial(_platform, name) for name in platform_names()},
}

if __name__ == "__main__":
    (HERE / "platforms").mkdir(exist_ok=True)
    for file, text in PAGES.items():
        (HERE / file).write_text(text(), "utf-8")
