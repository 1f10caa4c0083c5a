"""``chatdrill env``."""

from __future__ import annotations

import json
import shlex

from chatdrill.cli.options import add_settings, parser, settings_from
from chatdrill.clock import WallClock
from chatdrill.run.registry import load_platform
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Recorder

_EXAMPLES = """\
  eval "$(chatdrill env)"; python bot.py
  chatdrill env --platforms telegram --format dotenv > .env
  docker run --env-file <(chatdrill env --format dotenv) my-bot"""


def main(words: list[str]) -> int:
    """Print the variables that point a bot at the fakes, without starting anything."""
    options = parser("env", "Print the variables that point a bot at the fakes.", _EXAMPLES)
    options.add_argument("--format", choices=("shell", "dotenv", "json"), default="shell", help="default: shell")
    options.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")
    add_settings(options, "what", "fakes")
    arguments = options.parse_args(words)
    settings = settings_from(arguments)
    clock = WallClock()
    listen = ListenOptions(host=settings["host"], port=settings["port"], platform_ports=settings["platform_ports"])
    stage = Stage(clock=clock, seed=Seed(0), recorder=Recorder(clock), listen=listen)
    for name in settings.platforms:
        stage.add(load_platform(name), settings.platform_settings.get(name, {}))
    variables = {key: value for key, value in stage.environment().items() if key != "CHATDRILL_SEED"}
    print(_FORMATS[arguments.format](variables))
    return 0


_FORMATS = {
    "json": lambda variables: json.dumps(variables, indent=2),
    "dotenv": lambda variables: "\n".join(f"{key}={value}" for key, value in variables.items()),
    "shell": lambda variables: "\n".join(f"export {key}={shlex.quote(value)}" for key, value in variables.items()),
}
