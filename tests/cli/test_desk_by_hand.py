"""``chatdrill serve --desk`` by hand: be the customer and the agent, with the reference bot between them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from threading import Thread

import pytest

from chatdrill.engine.bot import free_port


class Served:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self.reader = Thread(target=self._read, daemon=True)
        self.reader.start()
        self.url = self.wait_for("export CHATDRILL_URL=").partition("=")[2]

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(line.rstrip("\n") for line in self.process.stdout)

    def wait_for(self, words: str) -> str:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            found = next((line for line in self.lines if words in line), None)
            if found is not None:
                return found
            time.sleep(0.01)
        raise AssertionError(f"{words!r} was never shown:\n" + "\n".join(self.lines))

    def post(self, door: str, **body: object) -> dict:
        request = urllib.request.Request(f"{self.url}/_chatdrill/{door}", json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


@pytest.fixture
def served(tmp_path) -> Iterator[Served]:
    home = f"http://127.0.0.1:{free_port()}"
    bot = [
        "--command",
        f"{sys.executable} -m chatdrill_scenarios.shoebot",
        "--webhook",
        f"{home}/webhooks/{{platform}}",
    ]
    variables = [
        f"--bot-env=PUBLIC_URL={home}",
        f"--bot-env=PORT={home.rpartition(':')[2]}",
        "--bot-env=SHOEBOT_DESK_HOURS=mon-sun 00:00-24:00",
    ]
    command = [
        sys.executable,
        "-m",
        "chatdrill",
        "serve",
        "--port",
        "0",
        "--platforms",
        "telegram",
        "--desk",
        "chatwoot",
    ]
    process = subprocess.Popen(
        [*command, *bot, *variables, "--ready-url", f"{home}/healthz"],
        cwd=tmp_path,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    served = Served(process)
    yield served
    process.kill()
    process.wait()
    served.reader.join()
    process.stdout.close()


def test_a_developer_is_the_customer_and_the_agent(served):
    served.wait_for("bot ready")
    served.post("act", platform="telegram", customer="anna", text="I want to talk to a person")
    served.wait_for("calling a colleague")
    assert served.post("agent", agent="bob", act="accept")["owner"] == "agent"
    served.post("agent", text="Hello, Bob here.")
    served.wait_for("bot to anna: Hello, Bob here.")
    assert served.post("agent", act="close")["owner"] == "bot"
    served.wait_for("The bot is back")
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(timeout=10) == 0
