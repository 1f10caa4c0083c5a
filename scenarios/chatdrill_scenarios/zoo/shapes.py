"""Small bots of Telegram's that do what they should, in shapes that the shop has not: one that replies in its answer to the webhook, one that
blocks while it works, and one that polls. All are parrots: they say again what they hear.

python -m chatdrill_scenarios.zoo.shapes polling|blocking
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

Json = dict[str, Any]
TEXT_MAX = 4096
POLL_S = 20
ANSWER_S = POLL_S + 10.0
TRIES = 4
_TOO_MANY, _STUMBLES = 429, 500
_JSON = {"Content-Type": "application/json"}
_KNOWN_MAX = 100_000


class Parrot:
    """What to call for an update: once for each, however often it comes."""

    def __init__(self) -> None:
        self._known: dict[int, None] = {}

    def call(self, update: Json) -> Json | None:
        """The call of the Bot API that answers an update, with its ``method``; ``None`` if there is nothing to say."""
        if update["update_id"] in self._known:
            return None
        self._known[update["update_id"]] = None
        if len(self._known) > _KNOWN_MAX:
            del self._known[next(iter(self._known))]
        message = update.get("message")
        if message is None:
            return None
        words = message.get("text") or message.get("caption") or "Thank you."
        return {"method": "sendMessage", "chat_id": message["chat"]["id"], "text": words[:TEXT_MAX]}


class Api:
    """The Bot API, called in the plainest way: whoever calls waits for the answer, and for as long as the vendor asks."""

    def __init__(self, root: str, token: str) -> None:
        self._base = f"{root}/bot{token}"

    def call(self, method: str, **arguments: Any) -> Any:
        """The result. What was refused for a moment is tried again; what may have been done is not: nobody reads the same twice."""
        for number in range(TRIES):
            try:
                return self._once(method, arguments)
            except urllib.error.HTTPError as error:
                wait_s = _wait_s(error)
                if wait_s is None or number == TRIES - 1:
                    raise
                time.sleep(wait_s)
        return None

    def _once(self, method: str, arguments: Json) -> Any:
        request = urllib.request.Request(f"{self._base}/{method}", json.dumps(arguments).encode(), _JSON)
        with urllib.request.urlopen(request, timeout=ANSWER_S) as answer:
            return json.load(answer)["result"]


def _wait_s(error: urllib.error.HTTPError) -> float | None:
    """How long to wait before the next try, if there should be one."""
    if error.code == _TOO_MANY:
        return float(json.load(error).get("parameters", {}).get("retry_after", 1))
    return 0.5 if error.code >= _STUMBLES else None


def _say(api: Api, call: Json | None) -> None:
    if call is not None:
        try:
            api.call(**call)
        except (OSError, http.client.HTTPException):
            return  # it may have been said: whoever says it again says it twice


def poll(api: Api) -> None:
    """Ask for updates until nobody answers any more."""
    parrot, offset = Parrot(), 0
    while True:
        try:
            updates = api.call("getUpdates", offset=offset, timeout=POLL_S)
        except (OSError, http.client.HTTPException):
            time.sleep(0.2)
            continue
        for update in updates:
            offset = update["update_id"] + 1
            _say(api, parrot.call(update))


def serve(api: Api, port: int) -> None:
    """Take webhooks, one after the other: while one is answered the others wait."""
    parrot = Parrot()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            update = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            _say(api, parrot.call(update))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.send_header(
                "Connection", "close"
            )  # one connection at a time: the next one must not wait for this one's end
            self.end_headers()
            self.close_connection = True

        def do_GET(self) -> None:
            self.send_error(405)

        def log_message(self, *_: Any) -> None:
            """Nothing: a bot that talks of each webhook hides what matters."""

    HTTPServer(("127.0.0.1", port), Handler).serve_forever()


class Answering:
    """An ASGI application that needs no API: what it says is the answer to the webhook."""

    def __init__(self) -> None:
        self._parrot = Parrot()

    async def __call__(self, scope: Json, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        if scope["type"] != "http":
            return
        body = b""
        while True:
            event = await receive()
            body += event.get("body", b"")
            if not event.get("more_body"):
                break
        status, answer = self._answer(scope["method"], body)
        await send(
            {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]}
        )
        await send({"type": "http.response.body", "body": answer})

    async def _live(self, receive: Any, send: Any) -> None:
        """Each start is that of a bot which has heard nothing yet."""
        while True:
            event = (await receive())["type"]
            if event == "lifespan.startup":
                self._parrot = Parrot()
            await send({"type": f"{event}.complete"})
            if event == "lifespan.shutdown":
                return

    def _answer(self, method: str, body: bytes) -> tuple[int, bytes]:
        if method != "POST":
            return 405, b"{}"
        call = self._parrot.call(json.loads(body))
        return 200, b"{}" if call is None else json.dumps(call).encode()


answering = Answering()


def main(shape: str) -> None:
    """Be a bot of this shape. Raises ``SystemExit`` for one that is not known."""
    api = Api(os.environ["TELEGRAM_API_ROOT"], os.environ["TELEGRAM_BOT_TOKEN"])
    if shape == "polling":
        poll(api)
    elif shape == "blocking":
        serve(api, int(os.environ["PORT"]))
    sys.exit(f"no bot has the shape {shape!r}: polling, blocking")


if __name__ == "__main__":
    main(sys.argv[1])
