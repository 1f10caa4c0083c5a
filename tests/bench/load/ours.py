"""``chatdrill load`` itself among those who are measured: the whole command, Locust's process and the crowd on the generator's core,
with the trace and the checks on."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from chatdrill.trace import Acted, CaseBegan, read_trace
from chatdrill_load.figures.meter import INTERVAL_S
from chatdrill_load.result import LoadResult, read_result

from .bot import Bot, cores, echo_bot, free_port, pinned
from .contenders import PLATFORM, Measured
from .truth import Meant, Reported
from .webhooks import text_of

_TURNS = 40
_TURNS_IN_THE_OPEN = 10
_THINK_S = 0.2
_LETTERS = 560  # of a text whose webhook has about 1 KB
_STARTING_S = 120.0
_FIGURES = ("p50", "p90", "p95", "p99", "p99.9")


def chatdrill(seconds: float, customers: int) -> Measured:
    """Correlated round trips of a closed load, without the interval in which all begin, and without those after the end. The
    processor time is that of the whole command, its start and its reports included."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        with echo_bot(api=f"http://127.0.0.1:{port}", core=cores().bot) as bot:
            before = _core_s()
            words = ["--customers", str(customers), "--for", f"{seconds + INTERVAL_S:g}s"]
            result = run(Path(folder), bot, port, words, scenario(_TURNS, think_s=0.0))
            core_s = _core_s() - before
    assert not result.failed, f"{result.failed} conversations failed: {result.worst[:1]}"
    whole = [
        moment
        for moment in result.moments
        if moment.t_s >= INTERVAL_S and moment.t_s + moment.length_s <= result.took_s
    ]
    per_s = sum(moment.answered for moment in whole) / sum(moment.length_s for moment in whole)
    return Measured(per_s, result.counts["answered"] / core_s)


def play(mode: Sequence[str], truth: Path, *, seconds: float = 30.0, per_s: float = 300.0) -> Reported:
    """An open load of so many messages a second against a bot that writes down what it does. Customers think for a while, each as long as
    they like: without that, those whose answers came in one moment would write in one moment for ever after."""
    with tempfile.TemporaryDirectory() as name:
        port, folder = free_port(), Path(name)
        with echo_bot(mode, api=f"http://127.0.0.1:{port}", core=cores().bot, truth=truth) as bot:
            words = [
                "--arrivals",
                f"{per_s / _TURNS_IN_THE_OPEN:g}/s",
                "--for",
                f"{seconds:g}s",
                "--keep",
                "1",
                "--reply-timeout",
                "60s",
                "--ack-timeout",
                "60s",
            ]
            result = run(folder, bot, port, words, scenario(_TURNS_IN_THE_OPEN, think_s=_THINK_S))
        meant = _meant(folder / "out" / "trace-0.jsonl", result.began)
    assert result.replies is not None, "nobody was answered"
    figures = {name: result.replies.percentiles_s[name] for name in _FIGURES} | {"max": result.replies.max_s}
    return Reported(figures, result.replies.samples, meant)


def command(bot: Bot, port: int, words: Sequence[str]) -> list[str]:
    """``chatdrill load rounds.drill.yaml`` on the generator's core. The bot is told what the other generators tell it: no receipts of its
    own messages."""
    load = [*pinned(cores().generator), sys.executable, "-m", "chatdrill", "load", "rounds.drill.yaml", *words]
    load += ["--platforms", PLATFORM, "--webhook", bot.hook(PLATFORM), "--port", str(port)]
    load += ["--set", f"{PLATFORM}.rate_limits=no", "--set", f"{PLATFORM}.subscribed_fields=messages"]
    return [*load, "--settle", "0s", "--out", "out"]


def run(folder: Path, bot: Bot, port: int, words: Sequence[str], text: str) -> LoadResult:
    """A load run of the scenario ``text``."""
    (folder / "rounds.drill.yaml").write_text(text, "utf-8")
    done = subprocess.run(
        command(bot, port, words), cwd=folder, capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode not in (0, 1, 5):
        raise RuntimeError(f"the load did not end well: {done.stderr[-1000:]}")
    return read_result(folder / "out")


def scenario(turns: int, *, think_s: float, text: str | None = None) -> str:
    """Customers who do not type, think for about so long, and say something else every time, or always the same ``text``."""
    think = f"{{median: {think_s:g}s, sigma: {0.8 if think_s else 0:g}}}"
    at_once = "" if think_s else ", after: 0s"
    lines = [
        "name: Rounds",
        f"persona: {{name: patient, gap: 0s, think: {think}, typing: 1000000000000, reading: 1000000000000}}",
        "steps:",
    ]
    for turn in range(turns):
        said = text or text_of(turn, _LETTERS)
        lines += [f"  - says: {{text: '{said}'{at_once}}}", f"  - hears: '{said}'"]
    return "\n".join(lines) + "\n"


def _core_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _meant(trace: Path, began: float) -> Meant:
    """When each message was meant, on the machine's clock: the trace counts from ``began``."""
    addresses: dict[str, str] = {}
    meant: dict[tuple[str, str], float] = {}
    for record in read_trace(trace):
        if isinstance(record, CaseBegan):
            addresses |= {f"{record.case}/{key}": address for key, address in record.addresses.items()}
        elif isinstance(record, Acted) and record.cause == "step":
            moment = began + (record.t if record.meant_at is None else record.meant_at)
            meant |= {(addresses[record.conv or ""], id): moment for id in record.ids}
    return meant
