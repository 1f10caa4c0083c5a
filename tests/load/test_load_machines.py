"""``chatdrill load`` with workers that do not share a machine, a helpdesk or a queue of updates."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from msgspec import structs

from chatdrill.engine.bot import free_port
from chatdrill.errors import UsageError
from chatdrill_load.crowd.engine import Engine
from chatdrill_load.messages import Job
from chatdrill_load.result import read_result
from load.conftest import ECHO, PATIENCE_S, Load

BOT = Path(__file__).with_name("roaming_bot.py")
HANDOFF = """\
name: Somebody comes
agents:
  bob: {name: Bob Stone, accepts: 5s}
steps:
  - says: {text: I want to talk to a person, after: 0s}
  - handoff: {within: 90s}
  - eventually: {contains: colleague}
  - agent says: Hello, Bob here.
  - hears: Hello, Bob here.
  - says: Is it on its way?
  - agent sees: Is it on its way?
  - agent closes:
"""
PYTHON = sys.executable


def own_master() -> list[str]:
    """Two load runs on one machine need two of these."""
    port = str(free_port())
    return ["--", "--master-port", port, "--master-bind-port", port]


# ------------------------------------------------------------------------------------------------- one machine


def test_a_bot_that_polls_is_loaded_by_several_workers(load: Load) -> None:
    (load.folder / "echo.drill.yaml").write_text(ECHO, "utf-8")
    words = ["--platforms", "telegram", "--set", "telegram.rate_limits=no", "--speed", "50", "--settle", "0s"]
    words += ["--reply-timeout", "5s", "--out", "out", "--port", "0", "--command", f"{PYTHON} {BOT} - 0"]
    words += ["--arrivals", "15/s", "--for", "2s", "--processes", "3", *own_master()]
    ended = load.end(load.spawn("chatdrill", "load", "echo.drill.yaml", *words))
    assert ended.code == 0, ended.out + ended.err
    assert (ended.result.conversations, ended.result.failed, ended.result.counts["answered"]) == (30, 0, 60)


def test_agents_of_several_workers_sit_at_one_helpdesk(load: Load) -> None:
    (load.folder / "handoff.drill.yaml").write_text(HANDOFF, "utf-8")
    words = [
        "--platforms",
        "telegram",
        "--desk",
        "zendesk",
        "--set",
        "zendesk.rate_limits=no",
        "--speed",
        "20",
        "--out",
        "out",
    ]
    words += ["--settle", "0.1s", "--reply-timeout", "30s", "--port", "0"]
    words += ["--command", f"{PYTHON} -m chatdrill_scenarios.shoebot"]
    words += ["--webhook", "http://127.0.0.1:{port}/webhooks/{platform}", "--bot-env", "SHOEBOT_PLATFORMS=telegram"]
    words += ["--bot-env", "PUBLIC_URL=http://127.0.0.1:{port}", "--bot-env", "SHOEBOT_DESK_HOURS=mon-sun 00:00-24:00"]
    words += ["--arrivals", "4/s", "--for", "2s", "--processes", "2", *own_master()]
    ended = load.end(load.spawn("chatdrill", "load", "handoff.drill.yaml", *words))
    assert ended.code == 0, ended.out + ended.err
    assert (ended.result.conversations, ended.result.failed) == (8, 0)


# --------------------------------------------------------------------------------------------- several machines


@dataclass
class Lan:
    """Two hosts, which are network namespaces on one bridge. ``spawn`` runs a program on one of them."""

    folder: Path
    names: list[str] = field(default_factory=list)
    processes: list[subprocess.Popen[str]] = field(default_factory=list)
    bridge: str = ""

    def build(self) -> None:
        mark = secrets.token_hex(2)
        self.bridge = f"cd{mark}"
        ip("link", "add", self.bridge, "type", "bridge")
        ip("link", "set", self.bridge, "up")
        for number in range(2):
            name, outer, inner = f"cd{mark}-{number}", f"cd{mark}o{number}", f"cd{mark}i{number}"
            ip("netns", "add", name)
            self.names.append(name)
            ip("link", "add", outer, "type", "veth", "peer", "name", inner, "netns", name)
            ip("link", "set", outer, "master", self.bridge, "up")
            ip("-n", name, "addr", "add", f"{self.host(number)}/24", "dev", inner)
            ip("-n", name, "link", "set", inner, "up")
            ip("-n", name, "link", "set", "lo", "up")

    @staticmethod
    def host(number: int) -> str:
        return f"10.77.0.{number + 1}"

    def spawn(self, number: int, words: Sequence[str], **variables: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            ["ip", "netns", "exec", self.names[number], *words],
            cwd=self.folder,
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], check=False)
        if self.bridge:
            subprocess.run(["ip", "link", "del", self.bridge], check=False, capture_output=True)


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


@pytest.fixture
def lan(load: Load) -> Iterator[Lan]:
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("hosts are made of network namespaces, which takes root and the program ip (iproute2)")
    made = Lan(load.folder)
    try:
        try:
            made.build()
        except subprocess.CalledProcessError as error:
            pytest.skip(f"this machine lets nobody make network namespaces: {error.stderr.strip()}")
        yield made
    finally:
        made.close()


def test_a_worker_of_another_machine_must_say_where_it_can_be_reached(tmp_path: Path) -> None:
    (tmp_path / "echo.drill.yaml").write_text(ECHO, "utf-8")
    flags = {"platforms": "telegram"}
    job = Job(flags=flags, folder=str(tmp_path), paths=["echo.drill.yaml"], seed=1, out=str(tmp_path), doors=2, key="k")
    for host in ("127.0.0.1", "0.0.0.0", "::"):
        away = structs.replace(job, flags={**flags, "host": host}, own_machine=True)
        with pytest.raises(UsageError, match="say with --host"):
            Engine(away, lambda _news: None)
    Engine(job, lambda _news: None)  # all on one machine: the loopback will do


def test_a_worker_that_was_told_another_load_than_its_master_ends_the_run(load: Load) -> None:
    (load.folder / "echo.drill.yaml").write_text(ECHO, "utf-8")
    port = str(free_port())

    def words(out: str, arrivals: str) -> list[str]:
        common = ["chatdrill", "load", "echo.drill.yaml", "--platforms", "telegram", "--for", "3s", "--port", "0"]
        return [*common, "--command", f"{PYTHON} {BOT} - 0", "--out", out, "--arrivals", arrivals, "--"]

    master = load.spawn(*words("one", "5/s"), "--master", "--master-bind-port", port, "--expect-workers", "1")
    worker = load.spawn(*words("two", "6/s"), "--worker", "--master-port", port)
    ended = load.end(master)
    assert ended.code == 3 and "did not open its fakes" in ended.out + ended.err
    assert "another load than this worker was told of: arrivals 5/s, not 6/s" in load.end(worker).err


def load_words(lan: Lan, number: int, role: str, *more: str) -> list[str]:
    """The command of a machine: the same everywhere, apart from its own address and its part."""
    words = [PYTHON, "-m", "chatdrill", "load", "echo.drill.yaml", "--platforms", "telegram", "--speed", "50"]
    words += ["--set", "telegram.rate_limits=no", "--settle", "0s", "--reply-timeout", "5s", "--i-own-this-target"]
    words += ["--webhook", f"http://{lan.host(0)}:8080/", "--arrivals", "20/s", "--for", "5s", "--keep", "1"]
    return [*words, "--host", lan.host(number), "--out", f"out-{role}-{number}", "--", f"--{role}", *more]


def test_workers_on_hosts_of_their_own_share_one_bot_and_the_other_goes_on_when_one_is_gone(
    lan: Lan, load: Load
) -> None:
    (lan.folder / "echo.drill.yaml").write_text(ECHO, "utf-8")
    roots = [f"http://{lan.host(number)}:7700/telegram" for number in range(2)]
    token = "7012345678:AAchatdrillDrillDrillDrillDrillDril"
    lan.spawn(0, [PYTHON, str(BOT), lan.host(0), "8080", *roots], TELEGRAM_BOT_TOKEN=token)
    master = lan.spawn(0, load_words(lan, 0, "master", "--expect-workers", "2"))
    workers = [lan.spawn(n, load_words(lan, n, "worker", "--master-host", lan.host(0))) for n in range(2)]
    until_something_is_kept(lan.folder / "out-worker-1", master)
    os.killpg(workers[1].pid, signal.SIGKILL)
    out, _ = master.communicate(timeout=PATIENCE_S)
    result = read_result(lan.folder / "out-master-0")
    assert master.returncode == 5, out
    assert "was lost: what it measured since its last report is missing" in (result.partial or "")
    assert result.conversations >= 45 and result.failed == 0
    assert len(list(lan.folder.glob("out-worker-*/trace-*.jsonl"))) == 2


def until_something_is_kept(folder: Path, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not any(file.stat().st_size for file in folder.glob("trace-*.jsonl")):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
