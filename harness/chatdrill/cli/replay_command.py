"""``chatdrill replay``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from chatdrill.cli import BOT, FAIL, INTERRUPTED, PASS
from chatdrill.cli.differences import add_comparing, shown, write_differences
from chatdrill.cli.options import add_settings, parser, settings_from
from chatdrill.cli.progress import Progress
from chatdrill.comparing import compare
from chatdrill.errors import UsageError
from chatdrill.replaying import plan
from chatdrill.run.execute import execute, run_loop
from chatdrill.run.pace import loop_factory
from chatdrill.run.registry import load_platform
from chatdrill.run.reports import save_media
from chatdrill.run.selection import narrow, samples
from chatdrill.run.settings import Settings
from chatdrill.run.traces import TRACE, load_run, trace_of
from chatdrill.seeds import fresh_seed
from chatdrill.trace import Record, RunBegan
from chatdrill.wire import Readable, Reads

_EXAMPLES = """\
  chatdrill replay recorded/monday --command "python bot.py"
  chatdrill replay chatdrill-out/trace.jsonl --app bot:app --clock virtual
  chatdrill replay recorded/monday --app bot:app --clock virtual --compare wording -k "conversation 3"

Every act comes when it came then: at its distance from what the bot said, or from the act before. 0: the bot said what it said then;
1: something else; 3: it could not be reached."""
_FOLDER = "replay"
_NOTES_MAX = 20


def main(words: list[str]) -> int:
    """Play the customers of a trace against a bot, and compare what it says with what was said then."""
    options = parser("replay", "Play the customers of a trace against your bot, and compare what it says.", _EXAMPLES)
    options.add_argument("trace", type=Path, help="a trace.jsonl, or the folder it lies in")
    options.add_argument("-k", dest="words", metavar="WORDS", help="only conversations whose name contains this")
    options.add_argument("--case", action="append", default=[], metavar="ID", help="only this one (repeatable)")
    add_comparing(options, "structure")
    add_settings(options, "what", "bot", "fakes", "time", "report", without=("report",))
    arguments = options.parse_args(words)
    settings = settings_from(arguments)
    source = trace_of(arguments.trace)
    out = settings.out if arguments.out else settings.out / _FOLDER
    if (out / TRACE).resolve() == source.resolve():
        raise UsageError(f"{source} would be written over; choose another folder with --out")
    return _replay(source, out, settings, arguments)


def _reads(name: str) -> Reads | None:
    platform = load_platform(name)
    return platform.reads if isinstance(platform, Readable) else None


def _replay(source: Path, out: Path, settings: Settings, arguments: argparse.Namespace) -> int:
    records, _ = load_run(source)
    try:
        planned = plan(
            records,
            platforms=settings.platforms,
            files=_beside(source),
            samples=samples(),
            desk=settings["desk"],
            keeps_dates=settings["clock"] == "virtual" and settings["start"] is None,
            deeds={name: reads.events for name in settings.platforms if (reads := _reads(name)) is not None},
        )
    except UsageError as error:
        raise UsageError(f"{source}: {error}") from error
    cases = narrow(planned.cases, only=arguments.case, words=arguments.words)
    _tell(planned.notes)
    progress = Progress(len(cases))
    playing = execute(settings, cases, seed=_seed(settings, records), trace=out / TRACE, each=progress)
    result = run_loop(playing, factory=loop_factory(settings))
    progress.end()
    if result.interrupted:
        return INTERRUPTED
    if result.problems:
        print("\n".join(f"{name}: {why}" for name, why in result.problems.items()), file=sys.stderr)
        return BOT
    save_media(result, out / "media")
    chosen = {case.id for case in cases}
    then = [record for record in records if record.case is None or record.case in chosen]
    found = compare(
        then, result.records, titles=(str(source), str(out / TRACE)), strictness=arguments.compare, with_times=False
    )
    found = msgspec.structs.replace(found, notes=(*found.notes, *planned.notes))
    for path in write_differences(found, arguments.to or [out / "diff.html", out / "diff.json"]):
        print(path, file=sys.stderr)
    shown(found, as_json=arguments.json)
    return PASS if found.is_same_talk else FAIL


def _beside(source: Path) -> dict[str, Path]:
    folder = source.parent / "media"
    return {path.name: path for path in folder.iterdir() if path.is_file()} if folder.is_dir() else {}


def _seed(settings: Settings, records: list[Record]) -> int:
    """That of the run, so that ids and numbers come out alike."""
    own = next((record.seed for record in records if isinstance(record, RunBegan)), 0)
    given: int | None = settings["seed"]
    return given if given is not None else own or fresh_seed()


def _tell(notes: list[str]) -> None:
    for note in notes[:_NOTES_MAX]:
        print(f"note: {note}", file=sys.stderr)
    if len(notes) > _NOTES_MAX:
        print(f"... and {len(notes) - _NOTES_MAX} more notes", file=sys.stderr)
