"""``chatdrill exec``."""

from __future__ import annotations

import argparse
import asyncio
import shlex
import sys
from typing import TextIO

from chatdrill.cli.options import Parser, add_settings, flags_of, parser
from chatdrill.errors import UsageError
from chatdrill.run.execute import run_loop
from chatdrill.run.pace import loop_factory, make_clock
from chatdrill.run.session import Session
from chatdrill.run.settings import Settings, load_settings
from chatdrill.seeds import fresh_seed
from chatdrill.serve.loop import uncancel
from chatdrill.trace import barred_words

_EXAMPLES = """\
  chatdrill exec -- python bot.py
  chatdrill exec --allow api.openai.com -- npm start
  chatdrill exec --public-host bot.example.com=http://127.0.0.1:3000 -- node bot.js
  chatdrill exec -- curl https://api.telegram.org/bot$TOKEN/getMe

and from another terminal, be a customer:
  curl localhost:7700/_chatdrill/act -d '{"platform": "telegram", "customer": "anna", "text": "Hi"}'"""
_WITHOUT = ("jobs", "runaway", "report", "command", "app", "ready_url", "ready_timeout", "redirect")
_LAST_WORDS_S = 1.0
"""Real seconds for a command to end by itself: Ctrl-C on a terminal reaches it too."""
_PATIENCE_S = 3.0


def main(words: list[str]) -> int:
    """Run a command whose calls of vendors come to the fakes; its exit code is ours."""
    arguments = _parser().parse_args(words)
    if not arguments.words:
        raise UsageError("what should run? chatdrill exec -- python bot.py")
    settings = _settings(arguments)
    seed = settings["seed"] if settings["seed"] is not None else fresh_seed()
    say = None if arguments.quiet else sys.stderr
    return run_loop(_exec(settings, seed, say), factory=loop_factory(settings, by_hand=True))


def _parser() -> Parser:
    options = parser(
        "exec",
        "Run a command as it is: its calls of the vendors' own addresses come to the fakes, and it reaches nobody else.",
        _EXAMPLES,
    )
    options.add_argument("words", nargs="*", metavar="COMMAND", help="the command and its arguments, after --")
    options.add_argument("-q", "--quiet", action="store_true", help="say nothing beside what the command says")
    add_settings(options, "what", "bot", "fakes", "time", "report", without=_WITHOUT)
    return options


def _settings(arguments: argparse.Namespace) -> Settings:
    own = {"command": shlex.join(arguments.words), "redirect": "yes"}
    return load_settings({**flags_of(arguments), **own}, file=arguments.settings)


async def _exec(settings: Settings, seed: int, say: TextIO | None) -> int:
    session = Session(
        settings,
        platforms=settings.platforms,
        seed=seed,
        trace=settings.out / "trace.jsonl",
        clock=make_clock(settings),
        through=True,
    )
    try:
        await session.open(by_hand=True, on_listening=lambda: _tell(say, _greeting(session)))
        code = await _run(session)
    finally:
        await session.close()
        _tell(say, barred_words(session.records))
    return code


async def _run(session: Session) -> int:
    running = asyncio.ensure_future(session.reach.run_through())
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        uncancel()
        await asyncio.wait([running], timeout=_LAST_WORDS_S)
        await session.reach.down(patience_s=_PATIENCE_S)
        return await running


def _greeting(session: Session) -> str:
    body = f'{{"platform": "{session.platforms[0]}", "customer": "anna", "text": "Hi"}}'
    return (
        f"the fakes listen at {session.stage.base_url}; from another terminal, be a customer:\n"
        f"  curl {session.stage.base_url}/_chatdrill/act -d '{body}'"
    )


def _tell(to: TextIO | None, words: str) -> None:
    if to is not None and words:
        print(f"chatdrill: {words}", file=to, flush=True)
