"""What goes wrong around a load run: the master is gone, the disk is full, the bot never answers. The run ends in time and keeps what it has."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chatdrill.engine.bot import free_port
from chatdrill.trace import CaseBegan, read_trace
from chatdrill_load.result import read_result
from load.conftest import BAD_BOT, ECHO, PATIENCE_S, Load


def test_who_is_broken_off_on_any_worker_is_counted_and_the_run_can_be_dated(load: Load) -> None:
    began = time.monotonic()
    words = ["--arrivals", "8/s", "--for", "1s", "--reply-timeout", "600s", "--processes", "2"]
    result = load.run(*words, "--", "--stop-timeout", "1", bot="hang").result
    assert result.broken_off == 8
    assert began < result.began < time.monotonic()
    assert result.bot.startswith("http://127.0.0.1:")


LOCUSTFILE = """\
from locust import runners

from chatdrill_load import CustomerUser

runners.MASTER_HEARTBEAT_TIMEOUT = 3  # seconds; a minute otherwise


class Shopper(CustomerUser):
    scenarios = ["echo.drill.yaml"]
    arrivals = "20/s"
    settings = %s
"""


def test_a_worker_that_loses_its_master_ends_in_time_and_keeps_what_it_has_measured(load: Load) -> None:
    bot = {"command": f"{sys.executable} {BAD_BOT} good", "webhook": "http://127.0.0.1:{port}/{platform}"}
    settings = {**bot, "platforms": "whatsapp", "port": 0, "speed": 50, "settle": "0s", "out": "out"}
    (load.folder / "echo.drill.yaml").write_text(ECHO, "utf-8")
    (load.folder / "locustfile.py").write_text(LOCUSTFILE % json.dumps(settings), "utf-8")
    port = str(free_port())
    master = load.spawn("locust", "--master", "--headless", "--expect-workers", "1", "--master-bind-port", port)
    worker = load.spawn("locust", "--worker", "--master-port", port)
    _until((load.folder / "out" / "trace-0.jsonl").exists)
    os.killpg(master.pid, signal.SIGKILL)
    load.end(worker)
    result = read_result(load.folder / "out" / "worker-0")
    assert "the master was lost" in (result.partial or "") and result.conversations > 0
    assert (load.folder / "out" / "worker-0" / "load.html").exists()


def _until(true) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class OnSmallDisk(Load):
    """``out`` is a disk with room for the results and for some of the conversations; what lies on it in the end is copied to ``kept``."""

    def spawn(self, *words: str, **variables: str) -> subprocess.Popen[str]:
        mount = f"mkdir -p out kept && mount -t tmpfs -o size={(1 << 20) + (80 << 10)} tmpfs out"
        script = f'{mount} || exit 77; "$@"; code=$?; cp -a out/. kept/; exit $code'
        command = ["unshare", "--mount", "sh", "-c", script, "sh", sys.executable, "-m", *words]
        process = subprocess.Popen(
            command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        self.processes.append(process)
        return process


class OnFullFiles(Load):
    """The trace takes nothing at all."""

    def spawn(self, *words: str, **variables: str) -> subprocess.Popen[str]:
        (self.folder / "out").mkdir()
        (self.folder / "kept").symlink_to("out")
        (self.folder / "out" / "trace-0.jsonl").symlink_to("/dev/full")
        return super().spawn(*words, **variables)


def _may_mount() -> bool:
    return (
        shutil.which("unshare") is not None
        and not subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True).returncode
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no file here that is always full")
def test_on_a_full_disk_the_run_goes_on_and_what_can_be_written_is(load: Load) -> None:
    (load.folder / "table_stats.csv").symlink_to("/dev/full")
    on_disk = (OnSmallDisk if _may_mount() else OnFullFiles)(load.folder, load.processes)
    ended = on_disk.run("--arrivals", "20/s", "--for", "2s", "--keep", "1", "--", "--csv", "table")
    assert ended.code == 5, ended.out + ended.err
    result = read_result(load.folder / "kept")
    assert result.conversations == 40 and result.partial is not None and result.partial in ended.out
    assert "out/trace-0.jsonl could not be written any more: No space left on device" in result.partial
    assert "table_stats.csv could not be written: No space left on device" in result.partial
    assert "This run is not whole" in (load.folder / "kept" / "load.html").read_text("utf-8")
    if isinstance(on_disk, OnSmallDisk):
        kept = [record for record in read_trace(load.folder / "kept/trace-0.jsonl") if isinstance(record, CaseBegan)]
        assert 0 < len(kept) < 40


def test_ctrl_c_is_raised_where_locust_waits_for_it_whatever_runs_then() -> None:
    script = Path(__file__).with_name("interrupted_greenlets.py")
    said = [
        subprocess.run([sys.executable, script, *words], capture_output=True, text=True, timeout=60, check=True).stdout
        for words in ([], ["ours"])
    ]
    assert said[0].startswith("in a greenlet beside") and said[1] == "in the main greenlet\n"
