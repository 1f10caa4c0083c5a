"""Captured traffic of Twilio, read as turns: webhooks of messages, TwiML in their answers, and calls of ``Messages``."""

from __future__ import annotations

from typing import Any

from chatdrill.importing.captures import Body, Capture, Said, told
from chatdrill.importing.dialog import Attached, Turn
from chatdrill_fakes.platforms.twilio.decoding import read_fields
from chatdrill_fakes.platforms.twilio.twiml import Trouble, replies_in


def _knows(body: Body) -> bool:
    return "AccountSid" in body and ("MessageSid" in body or "SmsSid" in body or "CallSid" in body)


def _turn(at: float, text: str, media: list[str], **fields: Any) -> Turn:
    files = tuple(Attached(kind="document", name=url.partition("?")[0].rpartition("/")[2] or None) for url in media)
    return Turn(at=at, who="bot", role="bot", text=text, files=files, **fields)


def _call(url: str, body: Body, answer: Body, at: float) -> Said:
    if "/Messages" in url and "To" in body and (body.get("Body") or body.get("MediaUrl")):
        media = [str(body["MediaUrl"])] if body.get("MediaUrl") else []
        yield str(body["To"]), _turn(at, str(body.get("Body") or ""), media, id=str(answer.get("sid", "")))


def _answer(body: Body, text: str, at: float) -> Said:
    if "From" not in body or "CallSid" in body or "MessageStatus" in body or not text.strip():
        return
    if text.lstrip()[:1] != "<":
        if text.lstrip()[:1] not in ("{", "["):  # Twilio takes no JSON for an answer
            yield str(body["From"]), _turn(at, text.strip(), [])
        return
    try:
        replies, _ = replies_in(text.encode("utf-8", "replace"), str(body["From"]), [])
    except Trouble:  # nothing was sent
        return
    for reply in replies:
        yield reply.to, _turn(at, reply.body, reply.media)


capture = Capture("twilio", ("api.twilio.com",), _knows, told(read_fields), _call, _answer)
