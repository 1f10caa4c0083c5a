"""TwiML in the answer to a webhook: ``Message`` verbs are sent to whoever wrote. What is wrong with it is told in the trace as a refused call,
by the Debugger's code: the bot is never told.

Source: twilio.com/docs, TwiML for Programmable Messaging; error dictionary (2026).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin
from xml.etree import ElementTree

from chatdrill.model import Sent
from chatdrill.wire import Call, Exchange, Fetch, Fetched, Handled, HttpResponse, Later
from chatdrill.wire.http import media_type
from chatdrill_fakes.families.sms import e164
from chatdrill_fakes.platforms.twilio import limits, shelf, webhooks
from chatdrill_fakes.platforms.twilio.errors import DEBUGGER
from chatdrill_fakes.platforms.twilio.objects import form, inbound_fields, segments_of
from chatdrill_fakes.platforms.twilio.sending import deliver, note_of
from chatdrill_fakes.platforms.twilio.state import Kept, Sms, TwilioChat, TwilioState

_NOTHING = HttpResponse(204)
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")
_TIMEOUT_S = 15.0
NAME = "TwiML"


class Trouble(Exception):
    """Something is wrong with a document; ``code`` is the Debugger's."""

    def __init__(self, code: int, detail: str = "") -> None:
        super().__init__(f"{code} {DEBUGGER.get(code, '')}{f': {detail}' if detail else ''}")
        self.code = code


@dataclass(slots=True)
class Reply:
    """One ``Message`` verb."""

    to: str
    body: str
    media: list[str] = field(default_factory=list)
    callback: str = ""


def handle(state: TwilioState, exchange: Exchange) -> Handled:
    """What an answer to a webhook does. Never raises for anything a bot may send."""
    sms = state.sms.get(dict(exchange.request.query).get("sid", ""))
    chat = None if sms is None or sms.chat is None else state.chats.get(sms.chat)
    if sms is None or chat is None:
        return Handled(_NOTHING, Call(NAME, ok=False, error="nobody wrote that", support="unknown"))
    try:
        wait, replies, notes = _read(state, exchange, chat, sms)
        if wait is not None:
            return Handled(wait=wait)
        return _carry_out(state, exchange, chat, replies, notes)
    except Trouble as trouble:
        state.debugger.append(trouble.code)
        text = exchange.request.body[:200].decode("utf-8", "replace")
        return Handled(
            _NOTHING, Call(NAME, chat.address, {"answer": text}, ok=False, error=str(trouble), support="partial")
        )


def _read(
    state: TwilioState, exchange: Exchange, chat: TwilioChat, sms: Sms
) -> tuple[Fetch | None, list[Reply], list[str]]:
    """The replies of a document and of those that it redirects to; what must be read first, if anything."""
    replies: list[Reply] = []
    notes: list[str] = []
    kind, content, base = exchange.request.content_type, exchange.request.body, state.webhook_url or ""
    for _ in range(limits.REDIRECTS_MAX + 1):
        if kind == "text/plain":
            replies.append(Reply(chat.address, content.decode("utf-8", "replace").strip()))
            break
        more, onward = replies_in(content, chat.address, notes)
        replies += more
        if onward is None:
            break
        base = urljoin(base, onward)
        got = exchange.fetched.get(base)
        if got is None:
            asked = webhooks.signed(base, state.token, sms.sid, form(inbound_fields(state, chat, sms)))
            return Fetch((), _TIMEOUT_S, limits.TWIML_MAX_BYTES, requests=(asked,)), [], []
        kind, content = _gone_on(got)
    else:
        raise Trouble(12100, f"more than {limits.REDIRECTS_MAX} redirects")
    if len(replies) > limits.TWIML_MESSAGES_MAX:
        notes.append(f"14109 {DEBUGGER[14109]}: {len(replies) - limits.TWIML_MESSAGES_MAX} are dropped")
        del replies[limits.TWIML_MESSAGES_MAX :]
    for reply in replies:
        _check(state, reply)
    urls = [url for reply in replies for url in reply.media]
    return shelf.to_fetch(state, urls, exchange), replies, notes


def _gone_on(got: Fetched) -> tuple[str, bytes]:
    if got.error is not None or got.status >= 300:
        raise Trouble(11200, got.error or f"status {got.status}")
    kind = media_type(got.content_type)
    return ("text/plain" if kind == "text/plain" else "text/xml"), got.content


def replies_in(content: bytes, address: str, notes: list[str]) -> tuple[list[Reply], str | None]:
    """The replies of one document to whoever wrote from ``address``, and where it leads. Raises ``Trouble``."""
    replies: list[Reply] = []
    for verb in root_of(content):
        if verb.tag in ("Message", "Sms"):
            replies.append(_reply(verb, address))
        elif verb.tag == "Redirect":
            return replies, (verb.text or "").strip()  # what follows is never reached
        elif isinstance(verb.tag, str):
            notes.append(f"12200 {DEBUGGER[12200]}: {verb.tag[:40]} is no verb of a message")
    return replies, None


def root_of(content: bytes) -> ElementTree.Element:
    """The ``Response`` of a document. Raises ``Trouble``."""
    if any(word in content for word in _FORBIDDEN):
        raise Trouble(12100, "a document type is not allowed")
    try:
        root = ElementTree.fromstring(content.strip())
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
        raise Trouble(12100, str(error)[:100]) from error
    if root.tag != "Response":
        raise Trouble(12100, f"the root is {root.tag[:40]}, not Response")
    return root


def _reply(verb: ElementTree.Element, address: str) -> Reply:
    words = "".join(_words(verb)).strip()
    media = [(one.text or "").strip() for one in verb if one.tag == "Media"]
    callback = verb.get("action") or verb.get("statusCallback") or ""
    return Reply(verb.get("to") or address, words, [url for url in media if url], callback)


def _words(verb: ElementTree.Element) -> Iterator[str]:
    """The text of the short form, and that of ``Body``."""
    yield verb.text or ""
    for child in verb:
        if child.tag == "Body":
            yield child.text or ""
        yield child.tail or ""


def _check(state: TwilioState, reply: Reply) -> None:
    if reply.to not in state.chats and e164(reply.to) is None:
        raise Trouble(14101, reply.to[:40])
    if len(reply.body) > limits.BODY_MAX or not (reply.body or reply.media) or len(reply.media) > limits.MEDIA_MAX:
        raise Trouble(14103, f"{len(reply.body)} characters, {len(reply.media)} files")


def _carry_out(
    state: TwilioState, exchange: Exchange, chat: TwilioChat, replies: list[Reply], notes: list[str]
) -> Handled:
    effects: list[Sent] = []
    later: list[Later] = []
    for reply in replies:
        to = state.chats.get(reply.to) or state.chats.get(e164(reply.to) or "")
        if to is None:
            notes.append(f"nobody in this drill has the number {reply.to[:20]}")
            continue
        if to.blocked:
            state.debugger.append(21610)
            notes.append("21610 Attempt to send to unsubscribed recipient: the reply is dropped")
            continue
        sms = _message(state, exchange, to, reply)
        sent, then = deliver(state, to, sms, sms.made_at)
        effects += sent
        later += then
        notes += [note] if (note := note_of(reply.body)) else []
    shown = {"messages": [reply.body for reply in replies]}
    dropped = next((note for note in notes if note.startswith("21610")), None)
    call = Call(
        NAME, chat.address, shown, ok=dropped is None, error=dropped, support="partial", note="; ".join(notes) or None
    )
    return Handled(_NOTHING, call, tuple(effects), tuple(later))


def _message(state: TwilioState, exchange: Exchange, chat: TwilioChat, reply: Reply) -> Sms:
    at = chat.at(exchange.now)
    files, fate = shelf.take(state, reply.media, exchange)
    media = tuple(Kept(state.new_sid("ME"), one.file, at) for one in files)
    callback = urljoin(state.webhook_url or "", reply.callback) if reply.callback else state.status_callback
    sms = Sms(
        sid=state.new_sid("MM" if media else "SM"), chat=chat.address, sender=state.number, to=chat.address, body=reply.body,
        direction="outbound-reply", status="queued", made_at=at, segments=segments_of(reply.body, len(media)), media=media,
        service=state.service if state.in_service else None, callback=callback, fate=fate or _loop(state, chat, at) or chat.fate,
    )  # fmt: skip
    state.sms[sms.sid] = sms
    return sms


def _loop(state: TwilioState, chat: TwilioChat, at: float) -> int | None:
    """14107 for a reply that follows thirty others, each less than half a minute after the one before."""
    chat.replies = chat.replies + 1 if at - chat.replied_at < limits.LOOP_PAUSE_S else 0
    chat.replied_at = at
    return 14107 if state.limited and chat.replies > limits.LOOP_MAX else None
