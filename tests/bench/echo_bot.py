"""A bot fast enough not to be the bottleneck: it acknowledges each webhook and echoes the text by one API call.

It speaks to the fakes over one pipelined connection and parses no more than it must. Started as a process of its own
with the variables of ``chatdrill env``; listens on ``PORT``.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any
from urllib.parse import urlsplit

import msgspec
import uvloop

decode = msgspec.json.decode
encode = msgspec.json.encode


class Api(asyncio.Protocol):
    """The connection to the fakes, opened when it is needed; answers are of no interest."""

    def __init__(self) -> None:
        self._transport: Any = None
        self._waiting: list[bytes] = []

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        transport.write(b"".join(self._waiting))
        self._waiting.clear()

    def connection_lost(self, _: Exception | None) -> None:
        self._transport = None

    def send(self, calls: bytes) -> None:
        """Write calls, at the latest when the connection stands."""
        if self._transport is not None:
            self._transport.write(calls)
            return
        if not self._waiting:
            root = urlsplit(os.environ["CHATDRILL_URL"])
            loop = asyncio.get_running_loop()
            self._opening = loop.create_task(loop.create_connection(lambda: self, root.hostname, root.port))
        self._waiting.append(calls)


class Hook(asyncio.Protocol):
    """One connection of the harness."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._buffer = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            at = head.lower().find(b"content-length:")
            length = 0 if at < 0 else int(head[at + 15 :].split(b"\r\n", 1)[0])
            if len(self._buffer) < end + 4 + length:
                return
            body, self._buffer = self._buffer[end + 4 : end + 4 + length], self._buffer[end + 4 + length :]
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        challenge = _challenge(head, body)
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(challenge), challenge))
        if body:
            if body[:5] == b"<xml>":
                self._api.send(WECHAT(body))
                return
            read = next((reader for mark, reader in READERS if mark in body[:20]), META)
            self._api.send(b"".join(read(decode(body))))


def _challenge(head: bytes, body: bytes) -> bytes:
    """What Meta and WeChat ask for in the address and Slack in the body; empty where nothing is asked."""
    if b'"url_verification"' in body:
        return str(decode(body)["challenge"]).encode()
    name = b"hub.challenge=" if b"hub.challenge=" in head else b"echostr="
    return head.partition(name)[2].partition(b"&")[0].partition(b" ")[0]


def request(path: str, arguments: object, token: str = "") -> bytes:
    """One POST, ready to write."""
    body = encode(arguments)
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\n{bearer}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def path_of(variable: str) -> str:
    return urlsplit(os.environ.get(variable, "")).path


def TELEGRAM(update: Any) -> list[bytes]:
    message = update.get("message")
    if not message:
        return []
    path = f"{path_of('TELEGRAM_API_ROOT')}/bot{os.environ['TELEGRAM_BOT_TOKEN']}/sendMessage"
    return [request(path, {"chat_id": message["chat"]["id"], "text": message["text"]})]


GRAPH = {
    "page": ("MESSENGER_API_ROOT", "MESSENGER_PAGE_TOKEN"),
    "instagram": ("INSTAGRAM_API_ROOT", "INSTAGRAM_TOKEN"),
}
"""Where Messenger and Instagram take calls and with what token, by the ``object`` of their webhooks."""


def META(body: Any) -> list[bytes]:
    calls = []
    for entry in body["entry"]:
        for change in entry.get("changes", ()):
            for message in change["value"].get("messages", ()):
                path = f"{path_of('WHATSAPP_API_ROOT')}/v25.0/{os.environ['WHATSAPP_PHONE_NUMBER_ID']}/messages"
                answer = {"messaging_product": "whatsapp", "to": message["from"], "text": message["text"]}
                calls.append(request(path, answer, os.environ["WHATSAPP_TOKEN"]))
        for event in entry.get("messaging", ()):
            if "message" in event and not event["message"].get("is_echo"):
                root, token = GRAPH[body["object"]]
                answer = {"recipient": event["sender"], "message": {"text": event["message"]["text"]}}
                calls.append(request(f"{path_of(root)}/v25.0/me/messages", answer, os.environ[token]))
    return calls


def VIBER(body: Any) -> list[bytes]:
    if body["event"] != "message":
        return []
    answer = {"receiver": body["sender"]["id"], "type": "text", "text": body["message"]["text"]}
    path = f"{path_of('VIBER_API_ROOT')}/send_message"
    return [request(path, {"auth_token": os.environ["VIBER_TOKEN"], **answer})]


def WECHAT(body: bytes) -> bytes:
    """One text of WeChat's XML, read as plainly as it is written."""

    def inner(name: bytes) -> str:
        return body.partition(b"<%b><![CDATA[" % name)[2].partition(b"]]>")[0].decode()

    path = f"{path_of('WECHAT_API_ROOT')}/cgi-bin/message/custom/send?access_token={os.environ['WECHAT_ACCESS_TOKEN']}"
    return request(path, {"touser": inner(b"FromUserName"), "msgtype": "text", "text": {"content": inner(b"Content")}})


def LINE(body: Any) -> list[bytes]:
    path = f"{path_of('LINE_API_ROOT')}/v2/bot/message/reply"
    return [
        request(
            path,
            {"replyToken": event["replyToken"], "messages": [{"type": "text", "text": event["message"]["text"]}]},
            os.environ["LINE_CHANNEL_ACCESS_TOKEN"],
        )
        for event in body["events"]
        if event["type"] == "message"
    ]


def SLACK(body: Any) -> list[bytes]:
    event = body.get("event", {})
    if event.get("type") != "message" or "bot_id" in event:
        return []
    answer = {"channel": event["channel"], "text": event["text"]}
    return [request(f"{path_of('SLACK_API_ROOT')}chat.postMessage", answer, os.environ["SLACK_BOT_TOKEN"])]


READERS = ((b'"update_id"', TELEGRAM), (b'"event"', VIBER), (b'"destination"', LINE), (b'"token"', SLACK))


async def main() -> None:
    loop = asyncio.get_running_loop()
    port = int(os.environ["PORT"])
    api = Api()
    if "TELEGRAM_API_ROOT" in os.environ:
        path = f"{path_of('TELEGRAM_API_ROOT')}/bot{os.environ['TELEGRAM_BOT_TOKEN']}/setWebhook"
        api.send(request(path, {"url": f"http://127.0.0.1:{port}/webhooks/telegram"}))
    await loop.create_server(lambda: Hook(api), "127.0.0.1", port)
    if "VIBER_API_ROOT" in os.environ:  # which calls the address before it answers
        url = {"auth_token": os.environ["VIBER_TOKEN"], "url": f"http://127.0.0.1:{port}/webhooks/viber"}
        api.send(request(f"{path_of('VIBER_API_ROOT')}/set_webhook", url))
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
