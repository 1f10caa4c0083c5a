"""``chatdrill record`` from its start to Ctrl-C, and what it refuses."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from chatdrill.cli import main
from chatdrill.cli.record_command import _record, _ways
from chatdrill.clock import WallClock
from chatdrill.run.settings import load_settings
from chatdrill.serve.client import Client
from chatdrill.trace import Acted, CaseEnded, RunEnded, read_trace
from chatdrill.wire import HttpRequest

POLL = b'{"update_id": 8, "poll_answer": {"poll_id": "1", "user": {"id": 5, "first_name": "A"}, "option_ids": [0]}}'


async def test_what_passed_lies_in_the_trace_when_it_is_ended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load_settings({"platforms": "telegram", "port": "0", "webhook": "http://127.0.0.1:9/x"}, folder=tmp_path)
    trace = tmp_path / "rec" / "trace.jsonl"
    task = asyncio.create_task(_record(settings, _ways(settings, []), trace, as_json=False))
    client, said = Client(WallClock().monotonic), ""
    async with asyncio.timeout(5):
        while "Ctrl-C" not in said:
            await asyncio.sleep(0.005)
            said += capsys.readouterr().err
    address = re.search(r"webhooks to (\S+),", said)
    assert address is not None
    await client.send(HttpRequest("POST", address[1], (), POLL), 5.0)
    task.cancel()
    assert await task == 0
    client.close()
    records = list(read_trace(trace))
    assert any(isinstance(record, Acted) for record in records) and isinstance(records[-1], RunEnded)
    assert any(isinstance(record, CaseEnded) for record in records)
    err = capsys.readouterr().err
    assert "1 conversation: " in err and "telegram: poll_answer (1)" in err


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--vendor", "telegran=http://x"], "--vendor takes PLATFORM=URL"),
        (["--vendor", "telegram=ftp://x"], "is not an http:// or https:// URL"),
        (["--webhook", "telegram=nowhere"], "webhook"),
        (["--platforms", "declared"], "declared has no one address of the vendor"),
    ],
)
def test_what_cannot_be_recorded_is_refused(
    words: list[str], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    platforms = [] if "--platforms" in words else ["--platforms", "telegram"]
    assert main(["record", *platforms, *words]) == 2
    assert why in capsys.readouterr().err


def test_a_recording_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "trace.jsonl").write_bytes(b"{}")
    assert main(["record", "--platforms", "telegram", "--out", str(tmp_path)]) == 2
    assert "what was said cannot be said again" in capsys.readouterr().err
