"""The signed webhook, and what the bot's answer means.

Source: twilio.com/docs, Security: validating requests; Webhooks: connection overrides; TwiML for Programmable Messaging (2026). Twilio
follows redirects, this fake does not: it counts them as failures. Whether a fragment in an address is signed is not documented: here it is not.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit, urlunsplit

from chatdrill.wire import Ack, HttpFailure, HttpRequest, HttpResponse, Update
from chatdrill.wire.http import media_type
from chatdrill_fakes.platforms.twilio import ids, limits, objects
from chatdrill_fakes.platforms.twilio.errors import DEBUGGER
from chatdrill_fakes.platforms.twilio.state import TwilioState

SIGNATURE = "X-Twilio-Signature"
TWIML_PATH = "/twiml"
BODY_HASH = "bodySHA256"
_AGENT = (("User-Agent", "TwilioProxy/1.1"), ("Accept", "*/*"), ("Cache-Control", "max-age=259200"))
_FORM = ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
_JSON = ("Content-Type", "application/json")
XML_TYPES = ("text/xml", "application/xml", "text/html")
_RETRIED = {"timeout": "rt", "reset": "rt", "garbage": "rt", "refused": "ct"}


@lru_cache(maxsize=64)
def _keyed(token: str) -> hmac.HMAC:
    return hmac.new(token.encode(), digestmod=hashlib.sha1)


def signature(token: str, data: str) -> str:
    """The HMAC-SHA1 of an address and what follows it under the account's token, in Base64."""
    mac = _keyed(token).copy()
    mac.update(data.encode("utf-8", "replace"))
    return b64encode(mac.digest()).decode()


def signed_text(url: str, body: bytes) -> str:
    """What is signed of a form: the address, and every name with its value, sorted by name; the same value of one name counts once."""
    pairs = sorted({tuple(pair.partition("=")[::2]) for pair in body.decode("utf-8", "replace").split("&") if pair})
    text = "".join([f"{name}{value}" for name, value in pairs])
    return url + (unquote_plus(text) if "%" in text or "+" in text else text)


def signed(url: str, token: str, id: str, body: bytes, text: str | None = None) -> HttpRequest:
    """A POST of a form, or of JSON, whose hash then stands in the address. ``text`` is what is signed of the form, if it is known."""
    if body[:1] in (b"{", b"["):
        url = _with(url, BODY_HASH, hashlib.sha256(body).hexdigest())
        proof, kind = signature(token, url), _JSON
    else:
        proof, kind = signature(token, signed_text(url, body) if text is None else url + text), _FORM
    headers = (kind, *_AGENT, (SIGNATURE, proof), ("I-Twilio-Idempotency-Token", ids.idempotency_token(id)))
    return HttpRequest("POST", url, headers, body)


def signed_get(url: str, token: str, id: str, body: bytes) -> HttpRequest:
    """The same fields in the address."""
    url = f"{url}{'&' if '?' in url else '?'}{body.decode()}"
    headers = (*_AGENT, (SIGNATURE, signature(token, url)), ("I-Twilio-Idempotency-Token", ids.idempotency_token(id)))
    return HttpRequest("GET", url, headers)


def _with(url: str, name: str, value: str) -> str:
    parts = urlsplit(url)
    query = f"{parts.query}&{urlencode({name: value})}" if parts.query else urlencode({name: value})
    return urlunsplit(parts._replace(query=query))


def request(state: TwilioState, update: Update) -> HttpRequest:
    """The webhook of an update."""
    url = _bare(state.webhook_url or "") if update.hook is None else update.hook.url
    if (state.method == "GET" and update.hook is None) or (update.hook is not None and update.hook.kind == "voice GET"):
        return signed_get(url, state.token, update.id, update.body)
    return signed(url, state.token, update.id, update.body, state.texts.get(update.body))


@lru_cache(maxsize=256)
def _bare(url: str) -> str:
    return url.partition("#")[0]


@lru_cache(maxsize=256)
def _overrides(url: str) -> tuple[int, frozenset[str]]:
    """How often a webhook is tried again, and after what, as its address says."""
    given = dict(parse_qsl(url.partition("#")[2]))
    count = given.get("rc", "1")
    times = min(int(count), limits.RETRIES_MAX) if count.isascii() and count.isdigit() and len(count) < 4 else 1
    return times, frozenset(given.get("rp", "ct").split(","))


# ------------------------------------------------------------------------------------------------------- answers


def read_ack(state: TwilioState, updates: Sequence[Update], answer: HttpResponse | HttpFailure) -> Ack:
    """Any 2xx is success; in that to a customer's message there may be TwiML, or a text that is sent as it stands."""
    update = updates[0]
    problem, why = problem_of(answer, is_read=_is_answered(update))
    if problem is None:
        state.tries.pop(update.id, None)
        return Ack(True, calls=_calls(update, answer))
    ack, is_over = refused(state, update, answer, problem, why, state.webhook_url or "")
    if is_over:
        _fall_back(state, update, problem)
    return ack


def refused(
    state: TwilioState, update: Update, answer: HttpResponse | HttpFailure, problem: int, why: str, address: str
) -> tuple[Ack, bool]:
    """What a failure means; and whether it was the last one, as the ``address`` of the webhook says in its fragment."""
    times, causes = _overrides(address)
    again = times if "all" in causes or why in causes else 0
    failed = state.tries[update.id] = state.tries.get(update.id, 0) + 1
    if is_over := failed > again:
        del state.tries[update.id]
        state.debugger.append(problem)
    detail = f"{answer.kind} {answer.detail}".rstrip() if isinstance(answer, HttpFailure) else f"status {answer.status}"
    return Ack(False, f"{problem} {DEBUGGER[problem]}: {detail}", attempts_max=again + 1), is_over


def problem_of(
    answer: HttpResponse | HttpFailure, *, is_read: bool, types: tuple[str, ...] = (*XML_TYPES, "text/plain")
) -> tuple[int | None, str]:
    """The Debugger's code of what is wrong with an answer, and by which word ``rp`` has it tried again."""
    if isinstance(answer, HttpFailure):
        return (11205 if answer.kind == "refused" else 11200), _RETRIED.get(answer.kind, "rt")
    if not 200 <= answer.status < 300:
        return 11200, f"{answer.status // 100}xx"
    if not is_read or not answer.body.strip():
        return None, ""
    if len(answer.body) > limits.TWIML_MAX_BYTES:
        return 11750, ""
    kind = media_type(answer.header("content-type") or "")
    return (None if kind in types or (kind.startswith("audio/") and "audio/*" in types) else 12300), ""


def _is_answered(update: Update) -> bool:
    """Whether the answer may say something."""
    return update.kind.startswith("message")


def _calls(update: Update, answer: HttpResponse | HttpFailure) -> tuple[HttpRequest, ...]:
    """What the answer says, as a call of the bot's."""
    if isinstance(answer, HttpFailure) or not answer.body.strip() or not _is_answered(update):
        return ()
    kind = media_type(answer.header("content-type") or "")
    query = urlencode({"sid": update.id.partition(":")[0]})
    return (HttpRequest("POST", f"{TWIML_PATH}?{query}", (("Content-Type", kind),), answer.body),)


def _fall_back(state: TwilioState, update: Update, problem: int) -> None:
    """What failed for good goes to the other address, with the reason; once."""
    if not state.fallback_url or update.hook is not None:
        return
    why = [("ErrorCode", str(problem)), ("ErrorUrl", _bare(state.webhook_url or ""))]
    hook = state.hook(state.fallback_url, "fallback")
    body = update.body + b"&" + objects.form(why)
    id = f"{update.id}:fallback"
    state.outbox.put(Update(id=id, kind=f"{update.kind}.fallback", to=update.to, lane=update.lane, body=body,
                            made_at=update.made_at, hook=hook))  # fmt: skip
