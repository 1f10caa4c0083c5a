"""Those who are measured side by side. Each is a function of seconds and customers, and returns round trips per second: by the wall,
and by the seconds of its core that the generator was given, which other programs on a shared machine take from it.

All send the same webhooks to the same bot. The generator, and whatever stands in for the vendor's API, is on one core, the
bot on the other.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ..bench import note
from .bot import Bot, Unavailable, cores, echo_bot, free_port, pinned
from .webhooks import webhook


class Measured(NamedTuple):
    """Round trips per second."""

    per_s: float  # by the wall
    per_core_s: float  # by the processor time of the generator and whatever stands in for the vendor's API


Rate = Callable[[float, int], Measured]

PLATFORM = "messenger"  # its webhooks are signed over the whole body
_ROOT = Path(__file__).parents[3]
_STARTING_S = 120.0  # for thousands of users to start, and for the last replies
_INSTALL_HEY = "hey is needed: apt install hey, or go install github.com/rakyll/hey@latest"


def httpuser(seconds: float, customers: int) -> Measured:
    """Locust's HttpUser with a WSGI fake."""
    return _locust("http", seconds, customers)


def fasthttpuser(seconds: float, customers: int) -> Measured:
    """Locust's FastHttpUser with the same fake."""
    return _locust("fast", seconds, customers)


def hey(seconds: float, customers: int) -> Measured:
    """``hey``, which knows nothing of replies: webhooks that it saw acknowledged. Replies go to the echo bot's own sink (C)
    on the generator's core. Raises Unavailable."""
    if (program := shutil.which("hey")) is None:
        raise Unavailable(_INSTALL_HEY)
    body, headers = webhook(PLATFORM, "5000000001", 1)
    with tempfile.NamedTemporaryFile() as file, echo_bot(("sink",), core=cores().generator) as sink:
        Path(file.name).write_bytes(body)
        with echo_bot(api=f"http://127.0.0.1:{sink.port}", core=cores().bot) as bot:
            options = [
                "-z",
                f"{seconds}s",
                "-c",
                str(customers),
                "-cpus",
                "1",
                "-m",
                "POST",
                "-D",
                file.name,
                "-t",
                "30",
            ]
            signed = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
            command = [*pinned(cores().generator), program, *options, *signed, bot.hook(PLATFORM)]
            core_began = _core_s(sink)
            done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + _STARTING_S)
            core_s, replies = _core_s(sink) - core_began, sink.counted()["webhooks"]
    sent, took_s = read_hey(done.stdout)
    note(f"hey: {sent:,} webhooks acknowledged in {took_s:.1f} s; by then {replies:,} replies were at the sink")
    return Measured(sent / took_s, sent / core_s)


def _core_s(sink: Bot) -> float:
    """Processor time of the sink, and of the children of this process that have ended."""
    own, ended = Path(f"/proc/{sink.process.pid}/stat").read_text(), resource.getrusage(resource.RUSAGE_CHILDREN)
    user, system = own.rpartition(")")[2].split()[11:13]  # fields 14 and 15 of proc(5), counted from after the name
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK") + ended.ru_utime + ended.ru_stime


def read_hey(printed: str) -> tuple[int, float]:
    """Acknowledged requests and seconds of what ``hey`` prints. Raises ValueError if that is not its summary."""
    took, good = re.search(r"Total:\s+([\d.]+) secs", printed), re.search(r"\[200\]\s+(\d+) responses", printed)
    if took is None or good is None:
        raise ValueError(f"this is no summary of hey with answers of 200: {printed[:400]}")
    return int(good[1]), float(took[1])


def _locust(user: str, seconds: float, customers: int) -> Measured:
    if importlib.util.find_spec("locust") is None:
        raise Unavailable("locust is needed: pip install 'chatdrill[load]'")
    port = free_port()
    with echo_bot(api=f"http://127.0.0.1:{port}", core=cores().bot) as bot:
        command = [*pinned(cores().generator), sys.executable, "-m", "tests.bench.load.locust_users", "--user", user]
        command += ["--hook", bot.hook(PLATFORM), "--port", str(port)]
        command += ["--customers", str(customers), "--seconds", str(seconds)]
        timeout_s = seconds + _STARTING_S
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False, timeout=timeout_s)
    if done.returncode:
        raise RuntimeError(f"Locust did not end well: {done.stderr[-1000:]}")
    figures = json.loads(done.stdout.splitlines()[-1])
    if not figures["round_trips"]:
        raise RuntimeError(f"not one reply came in {seconds:g} s: take more seconds or fewer customers")
    note(
        f"locust {user}: {figures['round_trips']:,} replies, {figures['unanswered']} missing, {figures['refused']} webhooks "
        f"refused; p50 {figures['p50_ms']:,.0f} ms, p99 {figures['p99_ms']:,.0f} ms"
    )
    return Measured(figures["round_trips"] / figures["seconds"], figures["round_trips"] / figures["core_s"])
