"""A WhatsApp bot with one fault of your choice: ``python bad_bot.py MODE``. An echo bot with ``good``."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import urllib.request
from typing import Any

MODE = sys.argv[1]
ROOT = os.environ["WHATSAPP_API_ROOT"]
SEND = f"{ROOT}/v25.0/{os.environ['WHATSAPP_PHONE_NUMBER_ID']}/messages"
seen = 0


def call(to: str, text: str, *, token: str | None = None, body: bytes | None = None) -> None:
    message = {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": text}}
    headers = {"Authorization": f"Bearer {token or os.environ['WHATSAPP_TOKEN']}", "Content-Type": "application/json"}
    request = urllib.request.Request(SEND, body or json.dumps(message).encode(), headers)
    try:
        urllib.request.urlopen(request, timeout=5).read()
    except OSError as error:  # also HTTP errors: this bot does not care
        print("the platform said", error, flush=True)


def flood(to: str) -> None:
    for number in range(60):
        call(to, f"spam {number}")


ANSWERS = {
    "good": lambda to, text: call(to, f"You said: {text}"),
    "flood": lambda to, text: flood(to),
    "wrong_token": lambda to, text: call(to, text, token="not-a-token"),
    "broken_json": lambda to, text: call(to, text, body=b'{"messaging_product": "whats'),
    "unknown_chat": lambda to, text: call("000", text),
    "huge_body": lambda to, text: call(to, text, body=b"x" * 100_000_000),
    "twice": lambda to, text: [call(to, f"You said: {text}") for _ in range(2)],
}


def answer(body: bytes) -> None:
    for entry in json.loads(body)["entry"]:
        for change in entry["changes"]:
            for message in change["value"].get("messages", []):
                ANSWERS.get(MODE, ANSWERS["good"])(message["from"], message["text"]["body"])


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
    except asyncio.IncompleteReadError:  # somebody looked whether anyone is at home
        writer.close()
        return
    length = next((int(line[15:]) for line in head.split("\r\n") if line.lower().startswith("content-length:")), 0)
    body = await reader.readexactly(length)
    challenge = head.partition("hub.challenge=")[2].partition("&")[0].partition(" ")[0]
    if not body:
        await respond(writer, b"no" if MODE == "no_handshake" else challenge.encode())
    elif not await misbehave(writer, body):
        await respond(writer, b"")
        await asyncio.get_running_loop().run_in_executor(None, answer, body)


async def misbehave(writer: asyncio.StreamWriter, body: bytes) -> bool:
    """True if there is no proper answer any more."""
    global seen
    seen += b'"messages"' in body and b'"statuses"' not in body
    if MODE == "crash" and seen == 2:
        print("something terrible happened", flush=True)
        os._exit(7)
    if MODE == "hang":
        await asyncio.Event().wait()
    if MODE in RAW:
        writer.write(RAW[MODE])
        writer.close()
    return MODE in RAW


RAW = {
    "garbage": b"\x00\x01 this is not HTTP\r\n\r\n",
    "refuse": b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
}


async def respond(writer: Any, body: bytes) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(body), body))
    await writer.drain()
    writer.close()


def print_much() -> None:
    print("my token is", os.environ["WHATSAPP_TOKEN"], flush=True)
    for _ in range(1_100):
        print("x" * 10_000)


def start_child() -> None:
    """It does not want to go."""
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    print("child", subprocess.Popen([sys.executable, "-c", code]).pid, flush=True)


def give_up() -> None:
    print("no configuration found", file=sys.stderr, flush=True)
    sys.exit(3)


def ignore_signals() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


BEGINNINGS = {
    "chatty": print_much,
    "parent": start_child,
    "exit": give_up,
    "stubborn": ignore_signals,
    "stubborn_later": ignore_signals,
}


async def main() -> None:
    if MODE not in ("deaf", "stubborn"):
        await asyncio.start_server(serve, "127.0.0.1", int(os.environ["PORT"]))
    await asyncio.Event().wait()


print("pid", os.getpid(), flush=True)
BEGINNINGS.get(MODE, lambda: None)()
asyncio.run(main())
