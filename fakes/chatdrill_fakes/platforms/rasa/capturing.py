"""Captured traffic of Rasa's REST and callback channels, read as turns: messages, answers to them, and callbacks."""

from __future__ import annotations

from typing import Any

import msgspec

from chatdrill.importing.captures import Body, Capture, Said, told
from chatdrill.importing.turning import said_turn
from chatdrill.model import Blobs
from chatdrill_fakes.platforms.rasa.decoding import FIELDS, NOBODY, read_message
from chatdrill_fakes.platforms.rasa.messages import KNOWN, Trouble, judge, parts_of

_read = told(read_message)


def _is_callback(body: Body) -> bool:
    return isinstance(body.get("recipient_id"), str) and len(body) > 1 and body.keys() <= set(KNOWN)


def _knows(body: Body) -> bool:
    is_message = "sender" in body and "message" in body and body.keys() <= FIELDS
    return _is_callback(body) or (is_message and all(isinstance(body[key], str) for key in ("sender", "message")))


def _webhook(body: Body, at: float) -> Said:
    return _shown(body, at) if _is_callback(body) else _read(body, at)


def _shown(message: Any, at: float) -> Said:
    """A message of the bot's; what is none shows nothing."""
    try:
        parts = parts_of(Blobs(), judge(message, None), {})
    except Trouble:
        return
    yield str(message["recipient_id"]), said_turn(parts, {"at": at, "who": "bot", "role": "bot", "id": None})


def _answer(body: Body, text: str, at: float) -> Said:
    if not _is_callback(body):
        for message in _messages(text):
            for to, turn in _shown(message, at):
                if to == body.get("sender", NOBODY):
                    yield to, turn


def _messages(text: str) -> list[Any]:
    """The list of an answer, or the lines of one that is streamed."""
    try:
        found = msgspec.json.decode(text)
        return found if isinstance(found, list) else [found]
    except (msgspec.DecodeError, RecursionError):
        pass
    try:
        return [msgspec.json.decode(line) for line in text.splitlines() if line.strip()]
    except (msgspec.DecodeError, RecursionError):
        return []


def _call(_url: str, _body: Body, _answer: Body, _at: float) -> Said:
    """A bot calls nobody but the callback's address, which may be any."""
    return iter(())


capture = Capture("rasa", (), _knows, _webhook, _call, _answer)
"""Rasa's REST and callback channels."""
