"""``chatdrill import``."""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from chatdrill.calendars import read_zone
from chatdrill.cli import PASS, UNDECIDED
from chatdrill.cli.options import parser
from chatdrill.cli.progress import Progress
from chatdrill.engine.durations import seconds
from chatdrill.engine.identity import make_customer
from chatdrill.errors import SettingsError, UsageError, did_you_mean
from chatdrill.importing.dialog import Role
from chatdrill.importing.exports import Export
from chatdrill.importing.making import Made, Wishes, import_export
from chatdrill.importing.shelf import Shelf
from chatdrill.importing.weaving import Manner
from chatdrill.run.registry import platform_names
from chatdrill.run.selection import samples
from chatdrill.scrub import KINDS, Scrubber
from chatdrill.seeds import Seed

_EXAMPLES = """\
  chatdrill import "WhatsApp Chat with Anna.zip" --out drills/real --bot "Shoe Shop"
  chatdrill import result.json --out drills/real --chat Anna --zone Europe/Warsaw
  chatdrill import chatdrill-out/trace.jsonl --out drills/again --expect wording
  chatdrill import export.zip --out drills/real --split 6h --keep-media

Formats are found by looking: WhatsApp, Telegram Desktop, Messenger, Instagram, Viber, Slack, Chatwoot, Zendesk, Sunshine
Conversations, Intercom, mail (.eml, .mbox), HAR, webhooks in lines of JSON, traces. Personal data is replaced; look at what was
written before you give it away: nothing finds all of it."""
_NOTES_MAX = 12
_ROLES: tuple[tuple[str, Role, str], ...] = (
    ("--customer", "customer", "this participant is the customer"),
    ("--bot", "bot", "this participant is the bot"),
    ("--agent", "agent", "this participant is a person of the helpdesk"),
    ("--ignore", "nobody", "leave out what this participant says"),
)


def main(words: list[str]) -> int:
    """Write scenarios of exported dialogs."""
    options = parser("import", "Make scenarios of real dialogs, without personal data.", _EXAMPLES)
    _add_flags(options)
    arguments = options.parse_args(words)
    wishes = _wishes(arguments)
    keeps_all = arguments.keep_personal_data
    scrubber = None if keeps_all else Scrubber("en", Seed(_whole(arguments.seed)).stream("scrub"), keep=arguments.keep)
    shelf = Shelf(arguments.out, samples(), keeps=arguments.keep_media, cleans=not keeps_all)
    made = Made()
    for path in arguments.files:
        _import(path, arguments.encoding, wishes, shelf, scrubber, made)
    _tell(made, shelf, scrubber)
    if scrubber is not None and arguments.mapping is not None:
        scrubber.write_mapping(arguments.mapping)
    return PASS if made.files else UNDECIDED


def _import(
    path: Path, encoding: str | None, wishes: Wishes, shelf: Shelf, scrubber: Scrubber | None, made: Made
) -> None:
    progress = Progress(0)
    export = Export(
        path, encoding=encoding, told=lambda read, size: progress.show(f"{path.name}: {read / max(1, size):.0%} read")
    )
    try:
        import_export(export, wishes, shelf, scrubber, made)
    finally:
        progress.end()
        export.close()


def _add_flags(options: argparse.ArgumentParser) -> None:
    options.add_argument("files", nargs="+", type=Path, metavar="FILE", help="an export: a file, a folder or a zip")
    options.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help="write the scenarios into this folder"
    )
    options.add_argument("--format", metavar="NAME", help="what the export is, where looking into it does not tell")
    options.add_argument("--chat", metavar="NAME", help="only the chats with this in their titles")
    for flag, _, words in _ROLES:
        options.add_argument(flag, action="append", default=[], metavar="NAME", help=words)
    options.add_argument(
        "--expect",
        choices=("structure", "wording", "none"),
        default="structure",
        help="what the bot is held to: that it answers, with these media and buttons; its words too; nothing (default: structure)",
    )
    options.add_argument(
        "--agents",
        choices=("desk", "bot", "none"),
        default="desk",
        help="what agents say becomes steps of a helpdesk, is expected of the bot, or is left out (default: desk)",
    )
    options.add_argument("--split", metavar="PAUSE", help="a new scenario after each pause of this length, such as 6h")
    options.add_argument("--since", metavar="DATE", help="only what was said from this day on")
    options.add_argument("--until", metavar="DATE", help="only what was said before this day")
    options.add_argument("--pauses", default="1", metavar="FACTOR", help="make pauses shorter or longer (default: 1)")
    options.add_argument(
        "--burst", default="60s", metavar="PAUSE", help="messages this close are one burst (default: 60s)"
    )
    options.add_argument("--locale", metavar="NAME", help="language and country of the customer (default: by the text)")
    options.add_argument("--zone", default="UTC", metavar="NAME", help="time zone of the customer (default: UTC)")
    options.add_argument(
        "--dates", choices=("dmy", "mdy", "ymd"), help="the order of day and month, where it cannot be seen"
    )
    options.add_argument("--encoding", metavar="NAME", help="of a text that is neither UTF-8 nor UTF-16")
    options.add_argument("--platforms", metavar="NAMES", help="the platforms to play it on (default: all)")
    options.add_argument(
        "--keep-media", action="store_true", help="copy files; without it, shipped samples stand for them"
    )
    options.add_argument("--keep-personal-data", action="store_true", help="replace nothing")
    options.add_argument(
        "--keep", action="append", default=[], metavar="KIND", help=f"do not replace: {', '.join(KINDS)}"
    )
    options.add_argument(
        "--mapping", type=Path, metavar="FILE", help="write what stands for what; it is as personal as the export"
    )
    options.add_argument("--seed", default="0", metavar="N", help="draw other pseudonyms (default: 0)")


def _wishes(arguments: argparse.Namespace) -> Wishes:
    if arguments.mapping is not None and arguments.keep_personal_data:
        raise UsageError("--mapping has nothing to write where --keep-personal-data replaces nothing")
    manner = Manner(
        arguments.expect, arguments.agents, _factor(arguments.pauses), _duration(arguments.burst, "--burst")
    )
    try:
        zone = read_zone(arguments.zone, "--zone").key
    except SettingsError as error:
        raise UsageError(str(error)) from error
    if arguments.locale is not None:
        make_customer("customer", {}, arguments.locale, Seed(0).stream("locale"))  # it says what is wrong with a locale
    return Wishes(
        manner=manner,
        given={role: getattr(arguments, flag[2:]) for flag, role, _ in _ROLES},
        format=arguments.format,
        dates=arguments.dates,
        chat=arguments.chat,
        split_s=None if arguments.split is None else _duration(arguments.split, "--split"),
        since=_day(arguments.since, "--since"),
        until=_day(arguments.until, "--until"),
        zone=zone,
        locale=arguments.locale,
        platforms=_platforms(arguments.platforms),
    )


def _platforms(words: str | None) -> tuple[str, ...]:
    names = tuple(name.strip() for name in (words or "").split(",") if name.strip())
    for name in names:
        if name not in platform_names():
            raise UsageError(f"no platform {name!r}{did_you_mean(name, platform_names())}")
    return names


def _duration(word: str, flag: str) -> float:
    try:
        return seconds(word)
    except ValueError as error:
        raise UsageError(f"{flag}: {error}") from error


def _factor(word: str) -> float:
    if not re.fullmatch(r"\d{1,4}(?:\.\d+)?", word):
        raise UsageError(f"--pauses takes a number such as 0.1, not {word!r}")
    return float(word)


def _whole(word: str) -> int:
    if not word.isdecimal():
        raise UsageError(f"--seed takes a whole number, not {word!r}")
    return int(word)


def _day(word: str | None, flag: str) -> float | None:
    try:
        return None if word is None else dt.datetime.fromisoformat(word).replace(tzinfo=dt.UTC).timestamp()
    except ValueError as error:
        raise UsageError(f"{flag} takes a day such as 2026-03-01, not {word!r}") from error


def _tell(made: Made, shelf: Shelf, scrubber: Scrubber | None) -> None:
    for path in made.files:
        print(path)
    lines = [
        f"{_many(len(made.files), 'scenario')} of {_many(made.messages, 'message')} in {_many(made.dialogs, 'dialog')}"
    ]
    if shelf.replaced or shelf.copied:
        lines.append(f"files: {shelf.replaced:,} replaced by samples, {shelf.copied:,} copied")
    lines.append(_told(scrubber))
    lines += _shortened([*made.notes, *shelf.notes])
    print("\n".join(lines), file=sys.stderr)


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _told(scrubber: Scrubber | None) -> str:
    if scrubber is None:
        return "personal data was kept: do not give these files away"
    return f"replaced: {', '.join(scrubber.report()) or 'nothing personal was found'}"


def _shortened(notes: Sequence[str]) -> list[str]:
    more = len(notes) - _NOTES_MAX
    return [*(f"note: {note}" for note in notes[:_NOTES_MAX]), *([f"... and {more:,} more notes"] if more > 0 else [])]
