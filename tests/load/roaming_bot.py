"""A Telegram bot that echoes, and calls the API at several addresses in turn, as behind a load balancer:
``python roaming_bot.py HOST PORT ROOT...``. With the port 0 it polls at the first of them instead of taking webhooks."""

from __future__ import annotations

import itertools
import json
import os
import sys
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

host, port, roots = sys.argv[1], int(sys.argv[2]), sys.argv[3:] or [os.environ["TELEGRAM_API_ROOT"]]
token = os.environ["TELEGRAM_BOT_TOKEN"]
turns: Iterator[int] = itertools.count()


def call(root: str, method: str, **values: Any) -> Any:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{root}/bot{token}/{method}", json.dumps(values).encode(), headers)
    return json.load(urllib.request.urlopen(request, timeout=40))["result"]


def answer(update: dict[str, Any]) -> None:
    message = update.get("message")
    if message is None or "text" not in message:
        return
    first = next(turns)
    for number in range(len(roots)):  # a door that is gone is passed over
        try:
            text = f"You said: {message['text']}"
            call(roots[(first + number) % len(roots)], "sendMessage", chat_id=message["chat"]["id"], text=text)
            return
        except OSError as error:
            print("no answer:", error, flush=True)


class Hook(BaseHTTPRequestHandler):
    """Takes updates."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
        answer(json.loads(body))

    def log_message(self, *_: Any) -> None:
        """Nothing."""


def poll() -> None:
    offset = 0
    while True:
        for update in call(roots[0], "getUpdates", offset=offset, timeout=20):
            offset = update["update_id"] + 1
            answer(update)


if __name__ == "__main__":
    if port:
        ThreadingHTTPServer((host, port), Hook).serve_forever()
    poll()
