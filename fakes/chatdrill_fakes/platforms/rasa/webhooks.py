"""What is sent to the bot, and what its answer is: messages (REST), a word (callback), or lines (``?stream=true``).

Source: rasa.com/docs, Your own website (3.x, 2025); rasa/core/channels/rest.py and callback.py (3.6).
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from chatdrill.wire import Ack, HttpFailure, HttpRequest, HttpResponse, Update
from chatdrill_fakes.platforms.rasa import limits
from chatdrill_fakes.platforms.rasa.state import RasaState

ANSWER = "/answer"
SUCCESS = b"success"
_JSON = (("Content-Type", "application/json"),)


def request(state: RasaState, body: bytes) -> HttpRequest:
    """A message to the bot."""
    url = state.webhook_url or ""
    if state.streams:
        url += "&stream=true" if "?" in url else "?stream=true"
    word = state.settings["proxy_token"]
    return HttpRequest("POST", url, (*_JSON, ("Authorization", f"Bearer {word}")) if word else _JSON, body)


def read_ack(updates: Sequence[Update], answer: HttpResponse | HttpFailure) -> Ack:
    """Any 2xx is success; unless it is the callback channel's word, the answer is a list of messages."""
    if isinstance(answer, HttpFailure):
        return Ack(False, f"{answer.kind} {answer.detail}".strip())
    if not 200 <= answer.status < 300:
        return Ack(False, f"status {answer.status}")
    body = answer.body.strip()
    if not body or body.strip(b'"') == SUCCESS:
        return Ack(True)
    sender = quote(updates[0].to or "", safe="")
    headers = (("Content-Type", answer.header("content-type") or ""),)
    return Ack(True, calls=(HttpRequest("POST", f"{ANSWER}/{sender}", headers, body[: limits.ANSWER_MAX_BYTES + 1]),))
