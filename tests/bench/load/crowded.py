"""How much memory a worker takes while tens of thousands of its customers wait for an answer."""

from __future__ import annotations

import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psutil

from ..bench import note, report
from .bot import cores, echo_bot, free_port
from .ours import command, scenario

CONVERSATIONS = 50_000
_PER_S = 600
_TEXT = "Where is my order 48213? It was to be here on Friday."
_SILENCE_MS = 3_600_000  # longer than anybody here waits
_LIMIT_S = 600.0
_LOOK_EVERY_S = 0.5
_MIB = 1 << 20


def hold_open(conversations: int = CONVERSATIONS) -> None:
    """One figure: MiB of both processes of a worker, Locust's and the crowd's, with so many conversations open; all of them have their
    records and will be judged. Raises RuntimeError if they do not all come."""
    with tempfile.TemporaryDirectory() as name:
        port, folder = free_port(), Path(name)
        with echo_bot(("delay", str(_SILENCE_MS)), api=f"http://127.0.0.1:{port}", core=cores().bot) as bot:
            words = ["--arrivals", f"{_PER_S}/s", "--for", "1h", "--reply-timeout", "1h", "--case-timeout", "2h"]
            (folder / "rounds.drill.yaml").write_text(scenario(10, think_s=0.0, text=_TEXT), "utf-8")
            load = subprocess.Popen(command(bot, port, words), cwd=folder, stderr=subprocess.DEVNULL)
            try:
                began = time.monotonic()
                while (waiting := bot.counted()["messages"]) < conversations:
                    if load.poll() is not None or time.monotonic() - began > _LIMIT_S:
                        raise RuntimeError(f"only {waiting:,} conversations were open after {_LIMIT_S:g} s")
                    time.sleep(_LOOK_EVERY_S)
                took_s, used = time.monotonic() - began, _memory(load.pid)
            finally:
                load.send_signal(signal.SIGINT)
                load.wait(timeout=120)
    report("load.open_conversations_memory", sum(used) / _MIB, "MiB", "<= 1024")
    sizes = " and ".join(f"{one / _MIB:,.0f} MiB" for one in used)
    note(f"{waiting:,} conversations open, {took_s:.0f} s after the start; Locust's process and the crowd's: {sizes}")


def _memory(pid: int) -> list[int]:
    """Resident bytes of a process and its children."""
    process = psutil.Process(pid)
    return [one.memory_info().rss for one in (process, *process.children(recursive=True))]
