"""``chatdrill probe``."""

from __future__ import annotations

import argparse
import asyncio
import sys
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from chatdrill.cli import FAIL, INTERRUPTED, PASS
from chatdrill.cli.options import add_settings, parser, settings_from
from chatdrill.cli.reporting import exports, terminal_shape
from chatdrill.clock import Clock, WallClock
from chatdrill.errors import UsageError, did_you_mean
from chatdrill.probe import Bounds, Examination, Examiner
from chatdrill.run.execute import run_loop
from chatdrill.run.reaching import refuse_stranger
from chatdrill.run.registry import (
    load_desk,
    load_platform,
    load_rehearsal,
    platform_names,
    probe_reporters,
    rehearsal_names,
)
from chatdrill.run.settings import Settings
from chatdrill.seeds import Seed, fresh_seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.serve.heads import BadUrl, is_near, target_of
from chatdrill.serve.loop import uncancel
from chatdrill.trace import Recorder

_EXAMPLES = """\
  chatdrill probe http://127.0.0.1:8080/webhooks/telegram --platform telegram
  chatdrill probe http://127.0.0.1:8080/meta --platform messenger --set messenger.app_secret=... --json
  chatdrill probe http://bot.staging.internal/wa --platform whatsapp --i-own-this-target --out build/probe"""


def main(words: list[str]) -> int:
    """Examine a webhook endpoint, with no scenario at all."""
    options = parser("probe", "Examine a bot's webhook endpoint, with no scenario at all.", _EXAMPLES)
    options.add_argument("url", metavar="URL", help="where the bot takes the platform's webhooks")
    options.add_argument("--platform", required=True, metavar="NAME", help=f"whose webhooks: {', '.join(_names())}")
    options.add_argument(
        "--i-own-this-target", action="store_true", help="the bot is not on this machine, and it is yours to examine"
    )
    options.add_argument("--json", action="store_true", help="print the outcome for machines")
    unused = ("platforms", "desk", "jobs", "seed", "runaway", "report", "batch")
    add_settings(options, "what", "fakes", "report", without=unused)
    arguments = options.parse_args(words)
    _check(arguments)
    settings = settings_from(arguments)
    examination, variables = run_loop(_examine(settings, arguments.platform, arguments.url))
    _show(examination, as_json=arguments.json)
    if not arguments.json:
        _hint(examination, variables)
    for path in write_reports(examination, settings.out):
        print(path, file=sys.stderr)
    if examination.interrupted:
        return INTERRUPTED
    return FAIL if examination.is_serious else PASS


def _names() -> tuple[str, ...]:
    return (*platform_names(), *rehearsal_names())


def _check(arguments: argparse.Namespace) -> None:
    """Raise ``UsageError`` for a platform that nobody knows, and for an address that must not be examined."""
    if arguments.platform not in _names():
        known = did_you_mean(arguments.platform, _names())
        raise UsageError(f"--platform: unknown platform or desk {arguments.platform!r}{known}")
    try:
        host = target_of(arguments.url).host
    except BadUrl as error:
        raise UsageError(str(error)) from error
    if not is_near(host):
        raise UsageError(
            f"{host} is on the internet, where chatdrill sends nothing; examine the bot where you develop it"
        )
    if not arguments.i_own_this_target:
        refuse_stranger(host, "examine")


async def _examine(settings: Settings, name: str, url: str) -> tuple[Examination, Mapping[str, str]]:
    clock = WallClock()
    recorder = Recorder(clock)
    stage = _stage(settings, name, clock, recorder)
    await stage.open()
    try:
        examiner = await _ready(stage, recorder, clock, settings, name, url)
        try:
            await examiner.examine()
        except asyncio.CancelledError:  # what was found before is reported all the same
            examiner.examination.interrupted = True
            uncancel()
        return examiner.examination, stage.environment()
    finally:
        await stage.close()


def _stage(settings: Settings, name: str, clock: Clock, recorder: Recorder) -> Stage:
    listen = ListenOptions(
        host=settings["host"], port=settings["port"], platform_ports=settings["platform_ports"], control=False
    )
    # ids of an earlier examination, which a bot may remember, must not come again
    stage = Stage(clock=clock, seed=Seed(fresh_seed()), recorder=recorder, listen=listen)
    own = settings.platform_settings.get(name, {})
    if name in platform_names():
        stage.add(load_platform(name), own)
    else:
        stage.add_desk(load_desk(name), own)
    return stage


async def _ready(stage: Stage, recorder: Recorder, clock: Clock, settings: Settings, name: str, url: str) -> Examiner:
    """Only the probes send anything: no receipts, no redeliveries."""
    await stage.fall_silent()
    limit_s = settings["ack_timeout"] or stage.accounts[name].service.delivery.ack_timeout_s
    correct = None if name in platform_names() else load_rehearsal(name)
    return Examiner(stage, recorder, clock, url, name, Bounds(ack_s=limit_s), correct)


def _show(examination: Examination, *, as_json: bool) -> None:
    reporters = probe_reporters()
    shown = reporters["json"](examination) if as_json else reporters["txt"](examination, **terminal_shape())
    print(shown, end="", flush=True)


def write_reports(examination: Examination, folder: Path) -> Iterator[Path]:
    """Write it in every format; raises ``UsageError`` for a folder that cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, render in probe_reporters().items():
            path = folder / f"probe.{name}"
            path.write_text(render(examination), "utf-8")
            yield path
    except OSError as error:
        problem = f"cannot write the reports into {folder}: {error.strerror}; choose another folder with --out"
        raise UsageError(problem) from error


def _hint(examination: Examination, variables: Mapping[str, str]) -> None:
    """A bot that has called nobody was perhaps not told where the fakes are, or what the secrets are."""
    if examination.called or examination.interrupted:
        return
    host = urlsplit(examination.target).hostname
    print(f"the bot at {host} has called no fake; its variables would be:\n", file=sys.stderr)
    print(textwrap.indent(exports(variables), "  "), end="\n\n", file=sys.stderr)
