"""``chatdrill serve``."""

from __future__ import annotations

import asyncio
import sys
import textwrap
import webbrowser
from pathlib import Path
from threading import Thread

from chatdrill.cli.live import Live, print_json
from chatdrill.cli.options import add_settings, parser, settings_from
from chatdrill.cli.reporting import exports, use_color
from chatdrill.console import Console
from chatdrill.run.execute import run_loop
from chatdrill.run.pace import loop_factory, make_clock
from chatdrill.run.selection import samples
from chatdrill.run.session import Session
from chatdrill.run.settings import Settings
from chatdrill.seeds import fresh_seed

_EXAMPLES = """\
  chatdrill serve --platforms telegram
  chatdrill serve --webhook http://127.0.0.1:3000/hooks/{platform}
  chatdrill serve --command "python bot.py" --open

and from another terminal, be a customer:
  curl localhost:7700/_chatdrill/act -d '{"platform": "telegram", "customer": "anna", "text": "Hi"}'
  curl localhost:7700/_chatdrill/state
  curl localhost:7700/_chatdrill/trace?tail=5
  curl -N localhost:7700/_chatdrill/trace/stream"""


def main(words: list[str]) -> int:
    """Run the fakes until Ctrl-C, and show what passes."""
    options = parser("serve", "Run the fake messengers by themselves, to talk to your bot by hand.", _EXAMPLES)
    options.add_argument("--json", action="store_true", help="print every record of the trace as a JSON line")
    options.add_argument("--open", action="store_true", help="open the console, a web page to chat on, in the browser")
    add_settings(options, "what", "bot", "fakes", "time", "report", without=("jobs", "runaway", "report"))
    arguments = options.parse_args(words)
    settings = settings_from(arguments)
    seed = settings["seed"] if settings["seed"] is not None else fresh_seed()
    run_loop(
        _serve(settings, seed, as_json=arguments.json, browse=arguments.open),
        factory=loop_factory(settings, by_hand=True),
    )
    return 0


async def _serve(settings: Settings, seed: int, *, as_json: bool, browse: bool) -> None:
    session = Session(
        settings,
        platforms=settings.platforms,
        seed=seed,
        trace=settings.out / "trace.jsonl",
        clock=make_clock(settings),
    )
    console = Console(session.stage, session.recorder, samples=samples(), folder=Path.cwd(), drilled=session.platforms)
    show = print_json if as_json else Live(session.stage, use_color(sys.stdout)).show
    try:
        session.recorder.listeners.append(show)
        await session.open(by_hand=True, on_listening=lambda: _listening(session, console, as_json, browse))
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        print("stopping", file=sys.stderr, flush=True)
    finally:
        session.recorder.listeners.remove(show)
        await session.close()


def _listening(session: Session, console: Console, as_json: bool, browse: bool) -> None:
    if as_json:
        print(f"console: {console.address}", file=sys.stderr, flush=True)
    else:
        _greet(session, console)
    if browse:  # some browsers come back only when they are closed
        Thread(target=_browse, args=(console.address,), daemon=True).start()


def _browse(address: str) -> None:
    if not webbrowser.open(address):
        print("no browser could be opened here; open the console's address by hand", file=sys.stderr, flush=True)


def _greet(session: Session, console: Console) -> None:
    stage = session.stage
    print(f"the fakes listen at {stage.base_url}; Ctrl-C ends them. A bot needs these variables:\n")
    print(textwrap.indent(exports(session.variables()), "  "))
    platform = session.platforms[0]
    body = f'{{"platform": "{platform}", "customer": "anna", "text": "Hi"}}'
    print(f"\nchat in the browser: {console.address}\n\nor from another terminal, be a customer:\n")
    print(f"  curl {stage.base_url}/_chatdrill/act -d '{body}'\n")
    print(f"state: {stage.base_url}/_chatdrill/state   trace: {session.recorder.path}\n", flush=True)
