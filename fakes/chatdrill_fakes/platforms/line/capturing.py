"""Captured traffic of the Messaging API, read as turns: webhooks, and calls that send."""

from __future__ import annotations

from chatdrill.importing.captures import Body, Capture, Said, tokens_in, told
from chatdrill.importing.turning import said_turn
from chatdrill_fakes.platforms.line.decoding import read_webhook
from chatdrill_fakes.platforms.line.observing import read_message


def _knows(body: Body) -> bool:
    return isinstance(body.get("events"), list) and isinstance(body.get("destination"), str)


def _call(url: str, body: Body, answer: Body, at: float) -> Said:
    """A push says whose it is, a reply by the token of the webhook before it."""
    end, given = url.partition("?")[0].rpartition("/message/")[2], body.get("messages")
    to = body.get(_NAMED.get(end, ""))
    if not isinstance(to, str) or not isinstance(given, list):
        return
    entries = answer.get("sentMessages") or ()
    for number, raw in enumerate(given):
        id = str(entries[number].get("id", "")) if number < len(entries) else ""
        yield to, said_turn(read_message(raw).parts, {"at": at, "who": "bot", "role": "bot", "id": id})


_NAMED = {"push": "to", "reply": "replyToken"}
capture = Capture("line", ("api.line.me",), _knows, told(read_webhook), _call, tokens=tokens_in(read_webhook))
"""LINE's Messaging API."""
