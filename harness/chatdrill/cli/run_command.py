"""``chatdrill run``."""

from __future__ import annotations

from pathlib import Path

from chatdrill.cli.choosing import add_choice, choose, print_list
from chatdrill.cli.covering import add_coverage
from chatdrill.cli.options import add_settings, flags_of, parser, public, settings_from, whole_flag_words
from chatdrill.cli.playing import play
from chatdrill.cli.remembering import suite_of
from chatdrill.engine.copies import repeated
from chatdrill.errors import UsageError
from chatdrill.run.settings import Settings

_EXAMPLES = """\
  chatdrill run drills/ --command "python bot.py"
  chatdrill run drills/ --command "uvicorn bot:app --port {port}" --webhook http://127.0.0.1:{port}/{platform}
  chatdrill run drills/ --app bot:app -j 200
  chatdrill run drills/order.drill.yaml --webhook http://127.0.0.1:8080/{platform} --platforms telegram,whatsapp
  chatdrill run drills/ --app bot:app --clock virtual
  chatdrill run drills/ -k burst --seed 7 --speed 4
  chatdrill run drills/ --app bot:app --repeat 20 --min-pass 95%
  chatdrill run drills/ --report junit=build/junit.xml --report html

{platform} in an address is the platform's name; {port} is a port that chatdrill chooses, and the bot gets it as PORT."""


def main(words: list[str]) -> int:
    """Play scenarios against a bot and judge what it does."""
    options = parser("run", "Play scenarios against your bot and judge what it does.", _EXAMPLES)
    options.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="scenario files, or folders of *.drill.yaml"
    )
    add_choice(options)
    add_settings(options, "what", "repeat", "bot", "fakes", "time", "report", "around")
    add_coverage(options)
    arguments = options.parse_args(words)
    settings = settings_from(arguments, replay=("chatdrill", "run", "{file}"))
    _refuse_long_rows(settings)
    cases = repeated(choose(arguments.paths, settings, arguments), settings["repeat"])
    if arguments.list:
        print_list(cases, as_json=arguments.json)
        return 0
    return play(
        settings,
        cases,
        title="chatdrill run",
        suite=suite_of(" ".join(map(str, arguments.paths)), settings),
        command=public(["chatdrill", "run", *words]),
        with_coverage=arguments.coverage,
        as_json=arguments.json,
        again=["run", *map(str, arguments.paths), *whole_flag_words(flags_of(arguments), arguments.settings)],
    )


def _refuse_long_rows(settings: Settings) -> None:
    """Raise ``UsageError`` if pass^k is asked for further than the repeats go."""
    row, times = settings["pass_k"], settings["repeat"]
    if row is not None and row > times > 1:
        raise UsageError(f"--pass-k {row}: {times} repeats do not tell how {row} tries in a row come out")
