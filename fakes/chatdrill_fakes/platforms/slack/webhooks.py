"""What Slack sends to an address: signed, with three seconds to answer, and three redeliveries of events.

Source: docs.slack.dev, Verifying requests from Slack, Events API, Slash commands, Handling user interaction (2026-08).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import parse_qsl, quote_plus, urlencode

import msgspec

from chatdrill.wire import Ack, HttpFailure, HttpRequest, HttpResponse, Update
from chatdrill_fakes.platforms.slack.hooks import COMMAND_ANSWER, VIEW_ANSWER
from chatdrill_fakes.platforms.slack.links import INTERACTIONS
from chatdrill_fakes.platforms.slack.objects import body_of
from chatdrill_fakes.platforms.slack.state import SlackState

TIMESTAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"
NUMBER, REASON, NO_RETRY = "X-Slack-Retry-Num", "X-Slack-Retry-Reason", "x-slack-no-retry"
_AGENT = (("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)"), ("Accept", "application/json,*/*"))
_JSON = (("Content-Type", "application/json"), *_AGENT)
_FORM = (("Content-Type", "application/x-www-form-urlencoded"), *_AGENT)
_REASONS = {
    "timeout": "http_timeout",
    "refused": "connection_failed",
    "reset": "connection_failed",
    "garbage": "unknown_error",
}
_CHALLENGE_LENGTH = 52


@lru_cache(maxsize=64)
def _keyed(secret: str) -> hmac.HMAC:
    return hmac.new(secret.encode(), digestmod=hashlib.sha256)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """``v0=`` and the HMAC-SHA256 of version, timestamp and raw body."""
    mac = _keyed(secret).copy()
    mac.update(b"v0:" + timestamp.encode() + b":" + body)
    return f"v0={mac.hexdigest()}"


def signed(state: SlackState, url: str, body: bytes, now: float, *, form: bool = False) -> HttpRequest:
    """A request with these bytes, signed."""
    stamp = str(int(now))
    proof = ((TIMESTAMP, stamp), (SIGNATURE, signature(state.settings["signing_secret"], stamp, body)))
    return HttpRequest("POST", url, (*(_FORM if form else _JSON), *proof), body)


def request(state: SlackState, update: Update, now: float) -> HttpRequest:
    """An update on its way to the address for its kind."""
    url, settings = state.webhook_url or "", state.settings
    if update.kind in INTERACTIONS:
        form = b"payload=" + quote_plus(update.body).encode()
        return signed(state, settings["interactivity_url"] or url, form, now, form=True)
    if update.kind == "slash_command":
        form = urlencode(msgspec.json.decode(update.body)).encode()
        return signed(state, settings["commands_url"] or url, form, now, form=True)
    return signed(state, url, update.body, now)


def again(
    state: SlackState, first: HttpRequest, answer: HttpResponse | HttpFailure, number: int, now: float
) -> HttpRequest:
    """The same bytes, signed anew, with what was wrong."""
    is_form = first.content_type != "application/json"
    fresh = signed(state, first.url, first.body, now, form=is_form)
    told = ((NUMBER, str(number - 1)), (REASON, reason_of(answer)))
    return HttpRequest(fresh.method, fresh.url, (*fresh.headers, *told), fresh.body)


def reason_of(answer: HttpResponse | HttpFailure) -> str:
    """Why Slack sends it again."""
    if isinstance(answer, HttpFailure):
        return _REASONS.get(answer.kind, "unknown_error")
    return "too_many_redirects" if 300 <= answer.status < 400 else "http_error"


# ------------------------------------------------------------------------------------------------------------ the address


def challenge_of(url: str) -> str:
    """What an address has to give back."""
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:_CHALLENGE_LENGTH]


def verification(state: SlackState, url: str, now: float) -> HttpRequest:
    """The question that Slack asks when the owner names an address."""
    body = body_of({"token": state.legacy_token, "challenge": challenge_of(url), "type": "url_verification"})
    return signed(state, url, body, now)


def problem_of(url: str, answer: HttpResponse | HttpFailure) -> str | None:
    """What is wrong with the answer to it, or ``None``: the challenge as plain words, in a form or in JSON."""
    if isinstance(answer, HttpFailure):
        return f"the address did not answer the challenge: {answer.kind} {answer.detail}".rstrip()
    if answer.status != 200:
        return f"the address answered the challenge with status {answer.status}, not 200 (does it know the signing secret?)"
    if challenge_of(url) in (
        answer.body.decode("utf-8", "replace").strip(),
        _in_form(answer.body),
        _in_json(answer.body),
    ):
        return None
    return f"the address did not give the challenge back, but {answer.body[:80]!r}"


def _in_form(body: bytes) -> str | None:
    return dict(parse_qsl(body.decode("utf-8", "replace"))).get("challenge")


def _in_json(body: bytes) -> str | None:
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return str(value.get("challenge")) if isinstance(value, dict) else None


# ------------------------------------------------------------------------------------------------------------ the answers


def read_ack(updates: Sequence[Update], answer: HttpResponse | HttpFailure) -> Ack:
    """Any 2xx is success, and for commands and interactions 200 alone. These are never sent again, and their answers mean something."""
    update = updates[0]
    is_event = update.kind not in INTERACTIONS and update.kind != "slash_command"
    last = None if is_event else 1
    if isinstance(answer, HttpFailure):
        return Ack(False, f"{answer.kind} {answer.detail}".rstrip(), attempts_max=last)
    if not (200 <= answer.status < 300 if is_event else answer.status == 200):
        stop = (answer.header(NO_RETRY) or "").strip() == "1"
        return Ack(False, f"status {answer.status}", attempts_max=1 if stop else last)
    if is_event:
        return Ack(True)
    if update.kind == "block_suggestion" and not _has_options(answer.body):
        return Ack(False, "the answer has neither options nor option_groups", attempts_max=1)
    return Ack(True, calls=_calls(update, answer))


def _has_options(body: bytes) -> bool:
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return isinstance(value, dict) and ("options" in value or "option_groups" in value)


def _calls(update: Update, answer: HttpResponse) -> tuple[HttpRequest, ...]:
    if update.kind == "slash_command" and answer.body.strip():
        query = urlencode({"to": update.to or ""})
        return (HttpRequest("POST", f"{COMMAND_ANSWER}?{query}", (), answer.body),)
    if update.kind == "view_submission":
        query = urlencode({"to": update.to or "", "view": _view_in(update.body)})
        return (HttpRequest("POST", f"{VIEW_ANSWER}?{query}", (), answer.body),)
    return ()


def _view_in(body: bytes) -> str:
    """Whose answer it is: of a submission as it is made, or as it came."""
    text = body if body[:1] == b"{" else parse_qsl(body.decode("utf-8", "replace"))[0][1].encode()
    return str(msgspec.json.decode(text)["view"]["id"])
