"""``chatdrill run``."""

from __future__ import annotations

import shlex
from pathlib import Path

from chatdrill.cli.options import add_settings, parser, settings_from
from chatdrill.cli.playing import play
from chatdrill.errors import UsageError
from chatdrill.run.selection import find_scenarios, make_cases, narrow

_EXAMPLES = """\
  chatdrill run drills/ --command "python bot.py"
  chatdrill run drills/ --app mybot:app -j 200
  chatdrill run drills/order.drill.yaml --webhook http://127.0.0.1:8080/{platform} --platforms telegram,whatsapp
  chatdrill run drills/ -k burst --seed 7 --speed 4
  chatdrill run drills/ --report junit=build/junit.xml --report html"""


def main(words: list[str]) -> int:
    """Play scenarios against a bot and judge what it does."""
    options = parser("run", "Play scenarios against your bot and judge what it does.", _EXAMPLES)
    options.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="scenario files, or folders of *.drill.yaml"
    )
    options.add_argument("-k", dest="words", metavar="WORDS", help="only cases whose name contains this")
    options.add_argument("--case", action="append", default=[], metavar="ID", help="only this case (repeatable)")
    options.add_argument(
        "--tag", action="append", default=[], metavar="TAG", help="only scenarios with this tag (repeatable)"
    )
    options.add_argument("--list", action="store_true", help="print the cases and play nothing")
    options.add_argument(
        "--report",
        action="append",
        metavar="FORMAT[=FILE]",
        help="html, junit, jsonl, markdown or none (repeatable; default: all of them in the folder of --out)",
    )
    options.add_argument("--json", action="store_true", help="print the outcome for machines")
    add_settings(options, "what", "bot", "fakes", "time", "report")
    arguments = options.parse_args(words)
    settings = settings_from(arguments)
    found = make_cases(find_scenarios(arguments.paths), settings.platforms)
    cases = narrow(found, only=arguments.case, words=arguments.words, tags=arguments.tag)
    if arguments.list:
        print("\n".join(case.id for case in cases))
        return 0
    if not cases:
        raise UsageError(f"none of the {len(found)} cases was chosen" if found else "no scenario was found")
    return play(
        settings,
        cases,
        title="chatdrill run",
        command=shlex.join(["chatdrill", "run", *words]),
        reports=arguments.report,
        as_json=arguments.json,
    )
