"""``chatdrill env``."""

from __future__ import annotations

import json
import shlex

from chatdrill.cli.options import add_settings, parser, settings_from
from chatdrill.errors import UsageError
from chatdrill.run.session import Session
from chatdrill.run.settings import Settings
from chatdrill.serve import Stage

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
    stage = Session(settings, platforms=settings.platforms, seed=0).stage
    print(_FORMATS[arguments.format](_variables(stage, settings)))
    return 0


def _variables(stage: Stage, settings: Settings) -> dict[str, str]:
    """Without the seed, which is new in every run."""
    channels = [stage.channels[name] for name in settings.platforms]
    found = {"CHATDRILL_URL": stage.base_url}
    for channel in channels:
        found |= channel.platform.environment(channel.state, channel.base_url)
    return found if settings["speed"] == 1 else {**found, "CHATDRILL_SPEED": f"{settings['speed']:g}"}


_FORMATS = {
    "json": lambda variables: json.dumps(variables, indent=2),
    "dotenv": lambda variables: "\n".join(f"{key}={value}" for key, value in variables.items()),
    "shell": lambda variables: "\n".join(f"export {key}={shlex.quote(value)}" for key, value in variables.items()),
}
