"""``chatdrill record``."""

from __future__ import annotations

import asyncio
import shlex
import sys
from pathlib import Path

from chatdrill.cli import PASS, UNDECIDED
from chatdrill.cli.live import Live, print_json
from chatdrill.cli.options import add_settings, parser, settings_from
from chatdrill.cli.reporting import use_color
from chatdrill.clock import WallClock
from chatdrill.errors import UsageError, did_you_mean
from chatdrill.recording import Relay, Scribe, Ways
from chatdrill.recording.relay import HOOKS
from chatdrill.run.execute import run_loop
from chatdrill.run.registry import load_platform
from chatdrill.run.settings import Settings
from chatdrill.run.traces import TRACE
from chatdrill.serve.answers import Bounds
from chatdrill.serve.connection import Service
from chatdrill.serve.heads import BadUrl, Heads, target_of
from chatdrill.serve.server import Server
from chatdrill.trace import Recorder

_EXAMPLES = """\
  chatdrill record --platforms telegram --webhook http://127.0.0.1:3000/telegram
  chatdrill record --webhook whatsapp=http://127.0.0.1:3000/wa --platforms whatsapp --out recorded/monday
  chatdrill record --platforms viber --webhook http://127.0.0.1:3000/hook --vendor viber=http://127.0.0.1:9000

Let the vendor (or your tunnel) send webhooks to /hooks/PLATFORM, and give your bot /PLATFORM as the root of the vendor's API.
Personal data stays in the trace: chatdrill import makes scenarios of it without."""
_UNREAD_MAX = 20
_FOLDER = "recorded"
"""Below the folder of runs, which write over each other."""


def main(words: list[str]) -> int:
    """Write a trace of what passes between a platform and a bot, until Ctrl-C."""
    options = parser("record", "Sit between a real platform and your bot, and write down what passes.", _EXAMPLES)
    options.add_argument("--json", action="store_true", help="print every record of the trace as a JSON line")
    options.add_argument(
        "--vendor",
        action="append",
        default=[],
        metavar="PLATFORM=URL",
        help="the root of a vendor's API, where it is not the usual one (repeatable)",
    )
    add_settings(options, "what", "bot", "fakes", "report", without=_WITHOUT)
    arguments = options.parse_args(words)
    settings = settings_from(arguments)
    ways = _ways(settings, arguments.vendor)
    trace = (settings.out if arguments.out else settings.out / _FOLDER) / TRACE
    if trace.exists() and trace.stat().st_size:
        raise UsageError(
            f"{trace} is there already, and what was said cannot be said again; choose another folder with --out"
        )
    return run_loop(_record(settings, ways, trace, as_json=arguments.json))


_WITHOUT = (
    *("desk", "jobs", "seed", "runaway", "faults", "command", "app", "ready_url", "ready_timeout", "bot_env"),
    *("redirect", "allow", "public_host", "platform_ports", "batch", "ack_timeout", "report"),
)


def _ways(settings: Settings, vendors: list[str]) -> dict[str, Ways]:
    """Where each platform's traffic goes on. Raises ``UsageError`` for what cannot be."""
    given: dict[str, str] = {}
    for word in vendors:
        name, equals, url = word.partition("=")
        if not equals or name not in settings.platforms:
            raise UsageError(f"--vendor takes PLATFORM=URL, not {word!r}{did_you_mean(name, settings.platforms)}")
        given[name] = _checked(url, "--vendor")
    ways: dict[str, Ways] = {}
    for name in settings.platforms:
        hosts = load_platform(name).hosts
        vendor = given.get(name) or (f"https://{hosts[0]}" if hosts and "*" not in hosts[0] else None)
        if vendor is not None:
            ways[name] = Ways(_checked(settings.webhook(name), "--webhook"), vendor)
        elif settings["platforms"]:
            raise UsageError(f"{name} has no one address of the vendor: say it by --vendor {name}=URL")
    return ways


def _checked(url: str, flag: str) -> str:
    try:
        target_of(url)
    except BadUrl as error:
        raise UsageError(f"{flag}: {error}") from error
    return url


def _open_trace(clock: WallClock, path: Path) -> Recorder:
    loop = asyncio.get_running_loop()
    try:
        return Recorder(clock, path=path, keep=False, soon=loop.call_soon)
    except OSError as error:
        raise UsageError(
            f"cannot write the trace {path}: {error.strerror}; choose another folder with --out"
        ) from error


async def _record(settings: Settings, ways: dict[str, Ways], trace: Path, *, as_json: bool) -> int:
    clock = WallClock()
    recorder = _open_trace(clock, trace)
    scribe = Scribe(recorder, clock, [load_platform(name) for name in ways], settings.platform_settings)
    relay = Relay(ways, scribe, clock.monotonic, _complain)
    server = Server(Service(relay, Heads(clock.now), Bounds(), _complain))
    try:
        await server.listen(settings["host"], settings["port"])
        recorder.listeners.append(print_json if as_json else Live(scribe, use_color(sys.stdout)).show)
        scribe.began(", ".join(f"{name} at {way.webhook}" for name, way in ways.items()))
        _greet(f"http://{settings['host']}:{server.port}", ways)
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        print("stopping", file=sys.stderr, flush=True)
    finally:
        await server.close(grace_s=1.0)
        relay.close()
        scribe.ended()
    _tell(scribe, recorder)
    return PASS if scribe.conversations else UNDECIDED


def _complain(why: str) -> None:
    print(f"chatdrill record: {why}", file=sys.stderr, flush=True)


def _greet(base: str, ways: dict[str, Ways]) -> None:
    for name, way in ways.items():
        lines = [
            f"{load_platform(name).title}:",
            f"  webhooks to {base}/{HOOKS}/{name}, and on to {way.webhook}",
            f"  calls to    {base}/{name}, and on to {way.vendor}",
        ]
        print("\n".join(lines), file=sys.stderr)
    print("Ctrl-C ends the recording", file=sys.stderr, flush=True)


def _tell(scribe: Scribe, recorder: Recorder) -> None:
    count = scribe.conversations
    lines = [f"{count} conversation{'s'[: count != 1]}: {recorder.path}"]
    if scribe.unread:
        lines.append("kept as the vendor wrote it, for no word of ours says it:")
        lines += [f"  {what} ({times})" for what, times in scribe.unread.most_common(_UNREAD_MAX)]
    lines.append(f"play the customers again: chatdrill replay {shlex.quote(str(recorder.path))}")
    print("\n".join(lines), file=sys.stderr, flush=True)
