"""``chatdrill serve`` by hand: be a customer, see the bot answer, press its button."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest

BUTTON_BOT = Path(__file__).with_name("button_bot.py")


@dataclass
class Served:
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    url: str = ""

    def wait_for(self, words: str) -> str:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            found = next((line for line in self.lines if words in line), None)
            if found is not None:
                return found
            time.sleep(0.01)
        raise AssertionError(f"{words!r} was never shown:\n" + "\n".join(self.lines))

    def post(self, door: str, **body: object) -> tuple[int, dict]:
        request = urllib.request.Request(f"{self.url}/_chatdrill/{door}", json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Served]:
    bot = f"{sys.executable} {BUTTON_BOT}"
    command = [sys.executable, "-m", "chatdrill", "serve", "--port", "0", "--platforms", "telegram", "--command", bot]
    process = subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    served = Served(process)
    assert process.stdout is not None
    reader = Thread(target=lambda: served.lines.extend(line.rstrip("\n") for line in process.stdout), daemon=True)
    reader.start()
    served.url = served.wait_for("export CHATDRILL_URL=").partition("=")[2]
    yield served
    process.kill()
    process.wait()
    reader.join()
    process.stdout.close()


def test_a_person_with_curl_can_be_a_customer(serve):
    serve.wait_for("bot ready")
    assert serve.post("act", platform="telegram", customer="anna", text="Hi")[0] == 200
    serve.wait_for("anna: Hi")
    serve.wait_for("bot to anna: Do you like it? [Yes] [No]")
    status, problem = serve.post("act", platform="telegram", customer="anna", press="Yess")
    assert (status, problem["error"]) == (422, "there is no button 'Yess'; did you mean 'Yes'?")
    assert serve.post("act", platform="telegram", customer="anna", press="Yes")[0] == 200
    serve.wait_for("anna presses [Yes]")
    serve.wait_for("bot to anna: You pressed yes")
    serve.process.send_signal(signal.SIGINT)
    assert serve.process.wait(timeout=10) == 0
    serve.wait_for("stopping")
