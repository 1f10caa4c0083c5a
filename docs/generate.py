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
    yield SETTINGS_HEAD
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
    yield FAULTS_HEAD
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
    yield COVERAGE_HEAD
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


SETTINGS_HEAD = """\
# Settings

<!-- Written by docs/generate.py. -->

A setting `reply_timeout` is `reply_timeout = "10s"` in the settings file, `CHATDRILL_REPLY_TIMEOUT` in the environment,
`--reply-timeout` as a flag and `--chatdrill-reply-timeout` as an option of pytest (of the settings about repeats only
`repeat`; only `chatdrill run` has the others, and those about history and CI only it and `demo`). A flag beats a variable, a variable
beats the file, the file beats the default; the winner replaces the others whole.

The file is `chatdrill.toml`, or `[tool.chatdrill]` in `pyproject.toml`: the nearest one in the working folder or above
it. Folders and commands in it start at the file's own folder; those in flags and variables at the working folder. A
mistake is answered with file, line, key and the nearest known name:

```text
chatdrill.toml:3: reply_timeuot: unknown setting; did you mean 'reply_timeout'?
```

```toml
command = "uvicorn shop.bot:app --port {port}"
webhook = "http://127.0.0.1:{port}/webhooks/{platform}"
platforms = ["telegram", "whatsapp"]

[sla]
first_response = "5s"
p95_next_response = "3s"

[checks]
limits = "off"

[telegram]
token = "7012345678:AAchatdrillDrillDrillDrillDrillDril"
```

Three words in braces are filled in:

| word | where | stands for |
|---|---|---|
| `{platform}` | `webhook` | the platform's name |
| `{port}` | `command`, `webhook`, `ready_url`, `bot_env` | a free port, one for the whole run; the bot gets it as `PORT` too |
| `{worker}` | the same | the number of pytest-xdist's worker, 0 outside of one |

Times are drill time and are written `5s`, `250ms`, `1h30m` or `2 days`; `ack_timeout`, `ready_timeout`, `settle` and
`case_timeout` are real time. However fast `speed` makes customers, a bot gets five real seconds to answer, or the whole
of the wait if that is shorter.

Where a webhook goes: the bot's own registration counts (`setWebhook` and the like), or its long polls. A platform's own
address (`webhook = {telegram = "..."}`) is used at once; one for all platforms when a bot that chatdrill has started
says nothing within five seconds.
"""
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
    yield PROBES_HEAD
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


PROBES_HEAD = """\
# The probes

<!-- Written by docs/generate.py. -->

What `chatdrill probe` tries, in this order; see [how to examine a webhook](../how-to/probe-a-webhook.md). Where a platform has
a rule of its own about the matter, a finding names that one.
"""

FAULTS_HEAD = """\
# Faults by chance

<!-- Written by docs/generate.py. -->

`--faults FAULTS`, `faults = "..."` in the settings and `faults:` in a scenario (which then takes the place of the run's) let
things go wrong on the way, with any scenario: between the vendor and the bot, and between the bot and the vendor's API. See
[How to play with faults](../how-to/play-with-faults.md); what fails by plan, at one point, is the step `breaks`.

```text
faults  = none, or items with commas between them
item    = a preset, or a kind with what belongs to it, in any order:
  5%        the chance that it strikes, each time anew
  2s        how long; 1s-4s: drawn between the two
  x3        how many
  on NAME   only on this platform, or at this desk
```

A status from 400 to 599 is a kind: `429 1% 5s` answers every hundredth call by 429 and asks to wait 5 s. An item takes the place
of an earlier one of its kind: `storm, api-reset 0%` is that preset without resets. Of several that would strike the same webhook
or call the first does; what is tried again is not struck again, except for calls. Chance comes from a stream for each kind,
conversation and exchange, so with the same seed the same things happen to a customer in virtual time, whoever else is there.
Calls that are about no customer, such as those with which a bot registers its webhook, are never struck.
"""

FAULTS_PLACES = """\
What means nothing somewhere is skipped there, and the reports say so.
"""

COVERAGE_HEAD = """\
# What conversation coverage counts

<!-- Written by docs/generate.py. -->

The dimensions of [`chatdrill coverage`](../how-to/coverage.md) besides the platform, and their values. A word of a customer has one or more
values of each. The weight (1 to 3) says how often bots have trouble there: it orders what is missing, and has no other meaning.
"""
COVERAGE_DIMENSIONS: dict[Dimension, str] = {
    "kind": "What the customer does.",
    "state": "What the conversation is like when they do it. The last five need a helpdesk.",
    "fault": "What strikes it. Those of receipts, of the vendor's clock and of the helpdesk count by platform and time only.",
    "time": "When it is done, by the clocks of the scenario. The last three need a calendar.",
}

ZOO_HEAD = """\
# The bug zoo

<!-- Written by docs/generate.py. -->

How good is a test suite that is always green? The zoo has bots with one planted defect each, all of which were seen in public:
the shop's reference bot with a wrong turn in it. `chatdrill zoo` shows each of them to the shipped scenarios, the probe and the fuzzer,
and counts those that are found by a check that names the cause.

```sh
chatdrill zoo --quick                 # a few of each category, in a minute or two
chatdrill zoo                         # all of them, and the correct bots, on all cores
chatdrill zoo --category delivery --all
chatdrill zoo --category delivery --fuzz 75
chatdrill zoo --category handoff --faults flaky-mobile
chatdrill zoo -k "twice" --json
```

- A specimen is played in the scenarios where it shows, then by the probes that look for it, then in all scenarios that fit its channel
  and desk, until the right check has spoken; with `--all` to the end. Where nothing is written below, those are the scenarios to begin with.
- What `expected`, `unexpected` and `answered` say names the cause only in the scenarios that are about it; the other checks name it
  wherever they speak.
- What none of them finds is fuzzed. With `--fuzz N` each specimen is that has a minimal chat written by hand, with at most N dialogs: 25
  first, then twice as many, and so on, until a check speaks that names the cause (for most those of the column "found by"; what is
  in brackets is for dialogs that were drawn, where nobody expects anything). The dialogs of the categories delivery and calls have faults.
  The failure is made small, and the chat's messages stand beside those of the one by hand, in brackets.
- The shop has made promises of its own, as a user would write them for `chatdrill fuzz --property`:
  it says nothing twice in a row, and has words for everything (`zoo/promises.py`).
- A bot that hangs is given up after two minutes (five with fuzzing), and costs the others nothing.
- With `--faults` the line is bad in all scenarios, and the question is whether the defect can still be seen.
- Bots without a defect, on every platform and before every helpdesk, and small ones of other shapes (one that replies in its answer to the
  webhook, one that blocks, one that polls), are held to all the same: each finding is a false alarm. With `--fuzz N` they are fuzzed, too.
- The exit code is 1 where less than 95 % are found by the right cause, or at a false alarm.

A specimen is a few lines: what it does, where that was seen, who should find it, and what it replaces in the bot. They stand in
`scenarios/chatdrill_scenarios/zoo/`, by category.
"""


def zoo() -> str:
    """The page of the zoo."""
    return "\n".join(_zoo()) + "\n"


def _zoo() -> Iterator[str]:
    yield ZOO_HEAD
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
    yield RECORDING_HEAD
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
    yield f"\nOf the others ({', '.join(rest)}) the bytes are recorded, and nothing is read back."


RECORDING_HEAD = """\
# What is read back from a wire

<!-- Written by docs/generate.py. -->

`chatdrill record` and the import of captured webhooks turn webhooks of a vendor into acts, and a bot's calls into what they did, see
[How to record and replay](../how-to/record-and-replay.md). A law of the [conformance kit](conformance.md) holds each platform to this table:
what an act makes of a webhook, the webhook makes of an act again, but for what the last column names.

A call is read by the vendor's answer, where that has the whole message (Telegram), else by an account of the fake that has seen no more
than what passed; ids are the vendor's. What no word says is kept as the vendor wrote it: as an `event` of the vendor's name, as a part `other`,
and in the bytes of the webhook. `chatdrill record` names all of it at the end.
"""


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
