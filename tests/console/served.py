"""``chatdrill serve`` with the reference bot in it, in virtual time, as a program of its own."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

_PATIENCE_S = 30.0
_AT = "http://127.0.0.1:{port}"
_HOME = ("--webhook", f"{_AT}/webhooks/{{platform}}", "--bot-env", f"PUBLIC_URL={_AT}", "--ready-url", f"{_AT}/healthz")
"""A free port of the bot's own: others may play beside."""


class Served:
    """A running server: ``address`` is what it has printed for the browser."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self.process = process
        self.folder = folder
        self.lines: list[str] = []
        self.address = ""

    @property
    def token(self) -> str:
        return self.address.partition("#")[2]

    def wait_for(self, words: str) -> str:
        ends = time.monotonic() + _PATIENCE_S
        while time.monotonic() < ends:
            found = next((line for line in self.lines if words in line), None)
            if found is not None:
                return found
            time.sleep(0.02)
        raise AssertionError(f"{words!r} was never shown:\n" + "\n".join(self.lines))

    def ask(
        self, method: str, door: str, body: object = None, **headers: str
    ) -> tuple[int, Any, http.client.HTTPMessage]:
        """A request as any program sends it; ``X_Y`` is the header ``X-Y``."""
        where = urlsplit(self.address)
        line = http.client.HTTPConnection(where.netloc, timeout=20)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if body is None or isinstance(body, bytes) else json.dumps(body)
        line.request(method, door if door.startswith("/") else where.path + door, data, sent)
        answer = line.getresponse()
        content = answer.read()
        line.close()
        is_json = answer.headers.get("Content-Type") == "application/json"
        return answer.status, json.loads(content) if is_json else content, answer.headers

    def do(self, method: str, door: str, body: object = None) -> Any:
        """A request with the token, which must be taken."""
        status, told, _ = self.ask(method, door, body, X_Chatdrill_Token=self.token)
        assert status < 300, told
        return told

    def upload(self, to: str, name: str, content: bytes) -> None:
        """Let a customer on Telegram send a document."""
        head = 'Content-Disposition: form-data; name="'
        fields = (
            f'{head}platform"\r\n\r\ntelegram',
            f'{head}to"\r\n\r\n{to}',
            f'{head}document"; filename="{name}"\r\n\r\n',
        )
        body = b"--x\r\n" + "\r\n--x\r\n".join(fields).encode() + content + b"\r\n--x--\r\n"
        form = "multipart/form-data; boundary=x"
        assert self.ask("POST", "act", body, X_Chatdrill_Token=self.token, Content_Type=form)[0] == 200

    def records(self, kind: str) -> list[Any]:
        """The records of a kind so far."""
        lines = self.ask("GET", "/_chatdrill/trace?tail=5000")[1].decode().splitlines()
        return [record for record in map(json.loads, lines) if record["kind"] == kind]


@contextmanager
def serving(folder: Path, *words: str, **variables: str) -> Iterator[Served]:
    """Serve until the block is left."""
    command = [sys.executable, "-m", "chatdrill", "serve", "--port", "0", "--clock", "virtual", *words]
    process = subprocess.Popen(
        [*command, "--command", f"{sys.executable} -m chatdrill_scenarios.shoebot", *_HOME],
        cwd=folder,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    served = Served(process, folder)
    assert process.stdout is not None
    reader = Thread(target=lambda: served.lines.extend(line.rstrip("\n") for line in process.stdout), daemon=True)
    reader.start()
    try:
        served.address = served.wait_for("chat in the browser: ").partition(": ")[2]
        served.wait_for("bot ready")
        yield served
    finally:
        process.send_signal(signal.SIGINT)  # it takes the bot along
        process.wait()
        reader.join()
        process.stdout.close()
