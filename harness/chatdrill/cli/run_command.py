"""``chatdrill run``."""

from __future__ import annotations

from pathlib import Path

from chatdrill.cli.choosing import add_choice, choose, print_list
from chatdrill.cli.options import add_settings, parser, public, settings_from
from chatdrill.cli.playing import play

_EXAMPLES = """\
  chatdrill run drills/ --command "python bot.py"
  chatdrill run drills/ --command "uvicorn bot:app --port {port}" --webhook http://127.0.0.1:{port}/{platform}
  chatdrill run drills/ --app bot:app -j 200
  chatdrill run drills/order.drill.yaml --webhook http://127.0.0.1:8080/{platform} --platforms telegram,whatsapp
  chatdrill run drills/ --app bot:app --clock virtual
  chatdrill run drills/ -k burst --seed 7 --speed 4
  chatdrill run drills/ --report junit=build/junit.xml --report html

{platform} in an address is the platform's name; {port} is a port that chatdrill chooses, and the bot gets it as PORT."""


def main(words: list[str]) -> int:
    """Play scenarios against a bot and judge what it does."""
    options = parser("run", "Play scenarios against your bot and judge what it does.", _EXAMPLES)
    options.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="scenario files, or folders of *.drill.yaml"
    )
    add_choice(options)
    add_settings(options, "what", "bot", "fakes", "time", "report")
    arguments = options.parse_args(words)
    settings = settings_from(arguments, replay=("chatdrill", "run", "{file}"))
    cases = choose(arguments.paths, settings, arguments)
    if arguments.list:
        print_list(cases, as_json=arguments.json)
        return 0
    return play(
        settings, cases, title="chatdrill run", command=public(["chatdrill", "run", *words]), as_json=arguments.json
    )
