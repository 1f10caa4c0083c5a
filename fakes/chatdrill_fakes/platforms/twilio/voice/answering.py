"""The bot's answers to a call's webhooks: documents, and what becomes of a call without one."""

from __future__ import annotations

from chatdrill.wire import Ack, Call, Exchange, Handled, HttpFailure, HttpRequest, HttpResponse, Later, Update
from chatdrill.wire.http import media_type
from chatdrill_fakes.platforms.twilio import webhooks
from chatdrill_fakes.platforms.twilio.errors import DEBUGGER
from chatdrill_fakes.platforms.twilio.objects import form
from chatdrill_fakes.platforms.twilio.state import TwilioState
from chatdrill_fakes.platforms.twilio.twiml import Trouble
from chatdrill_fakes.platforms.twilio.voice import document
from chatdrill_fakes.platforms.twilio.voice.playing import Talk, apologize, begin
from chatdrill_fakes.platforms.twilio.voice.scripts import Document, document_in

PATH = "/twiml/voice"
NAME = "TwiML call"
_NOTHING = HttpResponse(204)
_TYPES = (*webhooks.XML_TYPES, "text/plain", "audio/*")


def read_ack(state: TwilioState, update: Update, answer: HttpResponse | HttpFailure) -> Ack:
    """Any 2xx with a document is success; what fails for good goes to the fallback address, or ends the call."""
    tells = update.kind in ("call.status", "call.recording")
    problem, why = webhooks.problem_of(answer, is_read=not tells, types=_TYPES)
    if problem is None:
        state.tries.pop(update.id, None)
        kind = media_type((isinstance(answer, HttpResponse) and answer.header("content-type")) or "")
        body = answer.body if isinstance(answer, HttpResponse) else b""
        return Ack(True, calls=() if tells else (_call(update, kind, body),))
    ack, is_over = webhooks.refused(state, update, answer, problem, why, _overriding(state, update))
    if not is_over or tells or _fell_back(state, update, problem):
        return ack
    return Ack(False, ack.error, attempts_max=ack.attempts_max, calls=(_call(update, "", b"", f"&error={problem}"),))


def _call(update: Update, kind: str, body: bytes, more: str = "") -> HttpRequest:
    sid, asked = update.id.split(":")[:2]
    return HttpRequest("POST", f"{PATH}?sid={sid}&asked={asked}{more}", (("Content-Type", kind),), body)


def _overriding(state: TwilioState, update: Update) -> str:
    """The address whose fragment says how often a webhook is tried again."""
    return (state.voice_url or state.webhook_url or "") if update.kind == "call" else ""


def _fell_back(state: TwilioState, update: Update, problem: int) -> bool:
    """What failed goes to the other address, with the reason; once."""
    if not state.voice_fallback_url or update.kind == "call.fallback":
        return False
    call = state.line.calls[update.id.partition(":")[0]]
    body = update.body + b"&" + form([("ErrorCode", str(problem)), ("ErrorUrl", call.asks)])
    call.asks = state.voice_fallback_url
    state.outbox.put(
        Update(id=f"{update.id}:fallback", kind="call.fallback", to=update.to, lane=update.lane, body=body, made_at=update.made_at,
               hook=state.hook(state.voice_fallback_url, "voice POST"))
    )  # fmt: skip
    return True


# ---------------------------------------------------------------------------------------------------------- documents


def handle(state: TwilioState, exchange: Exchange) -> Handled:
    """What a document does to its call. Never raises for anything a bot may send."""
    query = dict(exchange.request.query)
    call = state.line.calls.get(query.get("sid", ""))
    if call is None:
        return Handled(_NOTHING, Call(NAME, ok=False, error="nobody calls", support="unknown"))
    chat = state.chats[call.chat]
    talk = Talk(state, chat, call, chat.at(exchange.now))
    if call.is_over or query.get("asked") != str(call.awaits):
        return _done(talk, {}, note="the call has gone on: this document is not played")
    if query.get("error"):
        return _failed(talk, int(query["error"]), "", exchange)
    try:
        wait = call.place.wait if call.place is not None else None
        content, kind = exchange.request.body, exchange.request.content_type
        found = document_in(content, kind, call.asks, wait, queued=call.place is not None)
    except Trouble as trouble:
        return _failed(talk, trouble.code, str(trouble), exchange)
    except document.Refused as refused:
        return _refused(talk, str(refused))
    later = play(talk, found, call.asks)
    return _done(talk, {"verbs": [type(verb).__name__ for verb in found.verbs]}, "; ".join(found.notes) or None, later)


def play(talk: Talk, found: Document, url: str) -> tuple[Later, ...]:
    """A document is played. The call counts as answered from its first verb on, unless that rejects it."""
    call, verbs = talk.call, found.verbs
    rejected = bool(verbs) and isinstance(verbs[0], document.Hangup) and verbs[0].status != "completed"
    if call.answered_at is None and not rejected:
        call.status, call.answered_at = "in-progress", talk.at
    call.awaits = 0
    return begin(talk, found.script, url)


def _done(talk: Talk, shown: dict[str, object], note: str | None = None, later: tuple[Later, ...] = ()) -> Handled:
    for update in talk.updates:
        talk.state.outbox.put(update)
    call = Call(NAME, talk.chat.address, shown, support="partial", note=note)
    return Handled(_NOTHING, call, tuple(talk.effects), later)


def _failed(talk: Talk, code: int, words: str, exchange: Exchange) -> Handled:
    """The caller hears that something is wrong, and the call is over."""
    talk.state.debugger.append(code)
    text = exchange.request.body[:200].decode("utf-8", "replace")
    return _broken(talk, words or f"{code} {DEBUGGER.get(code, '')}".rstrip(), {"answer": text})


def _refused(talk: Talk, verb: str) -> Handled:
    words = f"chatdrill does not emulate {verb}; it knows Say, Play, Pause, Gather, Enqueue, Leave, Dial, Record, Redirect, Hangup, Reject"
    return _broken(talk, words, {"verb": verb}, refused=True)


def _broken(talk: Talk, error: str, shown: dict[str, object], *, refused: bool = False) -> Handled:
    later = apologize(talk)
    for update in talk.updates:
        talk.state.outbox.put(update)
    name = f"{NAME} {shown['verb']}" if refused else NAME
    call = Call(name, talk.chat.address, shown, ok=False, error=error, support="refused" if refused else "partial")
    return Handled(HttpResponse(400), call, later=later)
