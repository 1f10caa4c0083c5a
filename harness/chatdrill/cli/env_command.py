"""``chatdrill env``."""

from __future__ import annotations

import json

from chatdrill.cli.options import add_settings, parser, settings_from
from chatdrill.cli.reporting import exports
from chatdrill.errors import UsageError
from chatdrill.run.session import Session

_EXAMPLES = """\
  eval "$(chatdrill env)"; python bot.py
  chatdrill env --platforms telegram --format dotenv > .env
  docker run --network host --env-file <(chatdrill env --format dotenv) my-bot"""


def main(words: list[str]) -> int:
    """Print the variables that point a bot at the fakes, without starting anything."""
    options = parser("env", "Print the variables that point a bot at the fakes.", _EXAMPLES)
    options.add_argument("--format", choices=("shell", "dotenv", "json"), default="shell", help="default: shell")
    options.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")
    add_settings(options, "what", "fakes")
    arguments = options.parse_args(words)
    settings = settings_from(arguments)
    if 0 in (settings["port"], *settings["platform_ports"].values()):
        raise UsageError("port 0 is chosen when the fakes start: `chatdrill serve --port 0` prints the variables then")
    session = Session(settings, platforms=settings.platforms, seed=0)
    print(_FORMATS[arguments.format](session.variables()))
    return 0


_FORMATS = {
    "json": lambda variables: json.dumps(variables, indent=2),
    "dotenv": lambda variables: "\n".join(f"{key}={value}" for key, value in variables.items()),
    "shell": exports,
}
