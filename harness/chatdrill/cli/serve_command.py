"""``chatdrill serve``."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from chatdrill.cli.options import add_settings, parser, settings_from
from chatdrill.cli.reporting import use_color
from chatdrill.clock import iso
from chatdrill.errors import BotError
from chatdrill.model import Edited, Sent, Write, part_text
from chatdrill.run.execute import run_loop
from chatdrill.run.session import Session
from chatdrill.seeds import fresh_seed
from chatdrill.trace import Acted, Attempt, BotOutput, BotState, Called, Dropped, Record, Took, Trouble

_EXAMPLES = """\
  chatdrill serve
  chatdrill serve --platforms telegram --port 7700
  curl -X POST localhost:7700/_chatdrill/act -d \\
    '{"platform": "telegram", "customer": "anna", "act": {"act": "write", "parts": [{"part": "text", "text": "Hi"}]}}'
  curl localhost:7700/_chatdrill/trace?tail=5
  curl -N localhost:7700/_chatdrill/trace/stream"""


def main(words: list[str]) -> int:
    """Run the fakes until Ctrl-C, and show what passes."""
    options = parser("serve", "Run the fake messengers by themselves, to talk to your bot by hand.", _EXAMPLES)
    options.add_argument("--json", action="store_true", help="print every record of the trace as a JSON line")
    add_settings(options, "what", "bot", "fakes", "time", "report")
    arguments = options.parse_args(words)
    settings = settings_from(arguments)
    seed = settings["seed"] if settings["seed"] is not None else fresh_seed()
    trace = Path(settings["out"]) / "trace.jsonl"
    run_loop(_serve(Session(settings, platforms=settings.platforms, seed=seed, trace=trace), as_json=arguments.json))
    return 0


async def _serve(session: Session, *, as_json: bool) -> None:
    show = _show_json if as_json else _Line(use_color(sys.stdout)).show
    session.recorder.listeners.append(show)
    try:
        await session.open(on_listening=lambda: None if as_json else _greet(session))
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        print("stopping", file=sys.stderr)
    except BotError as error:
        print(f"chatdrill serve: {error}", file=sys.stderr)
    finally:
        await session.close(interrupted=True)


def _greet(session: Session) -> None:
    print(f"the fakes listen at {session.stage.base_url} (Ctrl-C ends them); a bot needs these variables:\n")
    for name, value in session.stage.environment().items():
        print(f"  export {name}={value}")
    print(f"\nstate: {session.stage.base_url}/_chatdrill/state   trace: {session.recorder.path}\n", flush=True)


def _show_json(record: Record) -> None:
    import msgspec

    print(msgspec.json.encode(record).decode(), flush=True)


class _Line:
    """One line for each record that a person cares about."""

    def __init__(self, color: bool) -> None:
        self._color = color

    def show(self, record: Record) -> None:
        text = _words(record)
        if text:
            dim, plain = ("\x1b[2m", "\x1b[0m") if self._color else ("", "")
            print(f"{dim}{iso(record.at)[11:19]}{plain} {text}", flush=True)


def _words(record: Record) -> str | None:
    match record:
        case Acted(act=Write(parts=parts)):
            said = " ".join(filter(None, map(part_text, parts))) or f"({len(parts)} parts)"
            return f"{record.conv or 'customer'}: {said}"
        case Acted():
            return f"{record.conv or 'customer'} {type(record.act).__name__.lower()}"
        case Attempt():
            fate = f"{record.status}" if record.status is not None else record.error
            return f"  webhook {record.platform} attempt {record.number}: {fate} in {record.took_s * 1000:.0f} ms"
        case Called():
            return f"  call    {record.platform} {record.method}: {record.status} {record.error or ''}".rstrip()
        case Took(effect=Sent(message=message) | Edited(message=message)):
            return f"bot: {message.text or '(' + str(len(message.parts)) + ' parts)'}"
        case BotState():
            return f"bot {record.state} {record.detail or ''}".rstrip()
        case BotOutput():
            return f"  | {record.line}"
        case Trouble():
            return f"! {record.what}"
        case Dropped():
            return f"  dropped {record.platform} {', '.join(record.updates)}: {record.reason}"
    return None
