"""``chatdrill demo``."""

from __future__ import annotations

import argparse
import importlib.util
import shlex
import sys
import tempfile
from pathlib import Path
from typing import Any

from chatdrill.cli.choosing import add_choice, choose, print_list
from chatdrill.cli.covering import add_coverage
from chatdrill.cli.options import add_settings, parser, public, settings_from
from chatdrill.cli.playing import play
from chatdrill.cli.remembering import suite_of
from chatdrill.errors import UsageError
from chatdrill.run.registry import load_desk
from chatdrill.run.selection import shipped_packs

_EXAMPLES = """\
  chatdrill demo
  chatdrill demo --clock virtual
  chatdrill demo --clock virtual --desk chatwoot
  chatdrill demo --list
  chatdrill demo --platforms telegram -k return
  chatdrill demo --out /tmp/demo"""
_HOME = "http://127.0.0.1:{port}"
# a burst may be torn apart by a busy machine; the patience of a second and more is what real bots have
_PATIENCE = "SHOEBOT_DEBOUNCE_S=1.2"
_BOT_OUTSIDE: dict[str, Any] = {
    "command": f"{shlex.quote(sys.executable)} -m chatdrill_scenarios.shoebot",
    "webhook": [f"{_HOME}/webhooks/{{platform}}"],
    "ready_url": f"{_HOME}/healthz",
    "bot_env": [f"PUBLIC_URL={_HOME}", _PATIENCE],
}
_BOT_HERE: dict[str, Any] = {"app": "chatdrill_scenarios.shoebot:app", "bot_env": [_PATIENCE]}

# Every channel has its turn, and a demo does not grow with each new one.
_SPREAD = 4

# people are there when the customers ask for them, whatever day it is really
_MONDAY = "2026-01-12 10:00 Europe/Warsaw"
_ALWAYS_OPEN = "SHOEBOT_DESK_HOURS=mon-sun 00:00-24:00"


def main(words: list[str]) -> int:
    """Play the shipped scenarios against the reference bot, a shoe shop's: as a program of its own, or with a virtual clock
    in this process."""
    options = parser("demo", "Play the shipped scenarios against the reference bot.", _EXAMPLES)
    add_choice(options)
    add_settings(options, "what", "fakes", "time", "report", "around")
    add_coverage(options)
    arguments = options.parse_args(words)
    for needed in ("aiohttp", "uvicorn"):
        if importlib.util.find_spec(needed) is None:
            raise UsageError(f"the reference bot needs {needed}; install it with: pip install 'chatdrill[demo]'")
    with tempfile.TemporaryDirectory(prefix="chatdrill-demo-") as folder:
        return _demo(arguments, words, Path(folder))


def _limits(desk: str) -> list[str]:
    """A hundred conversations at once share one account here, which is more than some vendors let it call."""
    known = [setting.name for setting in load_desk(desk).settings]
    return [f"{desk}.rate_limits=no"] if "rate_limits" in known else []


def _demo(arguments: argparse.Namespace, words: list[str], folder: Path) -> int:
    virtual = arguments.clock == "virtual"
    overrides = {**(_BOT_HERE if virtual else _BOT_OUTSIDE), "port": arguments.port or 0}
    memory = f"SHOEBOT_DB={folder / 'shoebot.db'}"  # a bot that is restarted must remember
    overrides |= {"bot_env": [*overrides["bot_env"], memory]}
    if arguments.desk:
        hours = [] if virtual else [_ALWAYS_OPEN]
        begins = {"start": arguments.start or _MONDAY} if virtual else {}
        overrides |= {"bot_env": [*overrides["bot_env"], *hours], **begins}
        overrides |= {"set": [*_limits(arguments.desk), *(arguments.set or ())]}
    settings = settings_from(arguments, overrides=overrides, replay=("chatdrill", "demo"))
    # Without a desk nobody can be called; with one, what has nothing to do with it was played already.
    packs = shipped_packs() if settings["desk"] is None else shipped_packs() / "handoff"
    if arguments.platforms is None and arguments.spread is None:
        arguments.spread = _SPREAD
    cases = choose([packs], settings, arguments)
    if arguments.list:
        print_list(cases, as_json=arguments.json)
        return 0
    there = ", ".join(dict.fromkeys(case.platform for case in cases))
    print(f"{len(cases)} conversations with a shoe shop's bot on {there}", file=sys.stderr)
    command = public(["chatdrill", "demo", *words])
    wanted = {"as_json": arguments.json, "with_coverage": arguments.coverage}
    suite = suite_of("demo", settings)
    return play(settings, cases, title="chatdrill demo", suite=suite, command=command, **wanted)
