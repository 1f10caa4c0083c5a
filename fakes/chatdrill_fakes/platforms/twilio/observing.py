"""What a call did at Twilio: the shadow account reads the request or the document, the vendor's answer has the message's id."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import msgspec

from chatdrill.model import Customer, Effect, Event, Message, Part, Press, Sent, Template, Write
from chatdrill.wire import (
    Call,
    Exchange,
    HttpRequest,
    HttpResponse,
    Later,
    Platform,
    read_arguments,
    typed,
    with_choices,
)
from chatdrill.wire.reading import (
    STRANGER,
    Observed,
    Said,
    answered_object,
    handled_alone,
    observed_by_handling,
    on_trust,
    raw_message,
    refused,
    remember,
)
from chatdrill.wire.xml import XmlError, read_xml
from chatdrill_fakes.families.sms import is_out
from chatdrill_fakes.platforms.twilio import shelf, twiml
from chatdrill_fakes.platforms.twilio.objects import segments_of
from chatdrill_fakes.platforms.twilio.routes import ROUTES, shape_of
from chatdrill_fakes.platforms.twilio.sending import send
from chatdrill_fakes.platforms.twilio.state import Sms, TwilioChat, TwilioState
from chatdrill_fakes.platforms.twilio.voice import answering, rest
from chatdrill_fakes.platforms.twilio.voice.state import PhoneCall

_FORM = ("Content-Type", "application/x-www-form-urlencoded")
_OVER = frozenset(("completed", "busy", "no-answer", "canceled", "failed"))


# ------------------------------------------------------------------------------------------------------------ meeting


def meet(state: TwilioState, said: Said, customer: Customer, now: float) -> None:
    """Make a chat of the vendor's known, and the message or the call that its answers are about."""
    if said.to is None:
        return
    state.limited = False  # how fast the vendor lets a bot send is the vendor's to say
    chat = state.chats.get(said.to)
    if chat is None:
        chat = state.chats[said.to] = TwilioChat(address=said.to, customer=customer)
    sid = said.update.partition(":")[0]
    if sid.startswith("CA"):
        _rings(state, said, sid, now)
    elif isinstance(said.act, Write | Press):
        _wrote(state, chat, said, typed(said.act) if isinstance(said.act, Press) else said.act, now)


def _wrote(state: TwilioState, chat: TwilioChat, said: Said, act: Write, now: float) -> None:
    """A message stands in the account, so that a document in the answer to it has somebody to go to."""
    chat.opened, chat.last_customer_at = True, now
    message = Message(ids=(said.update,), author="customer", parts=act.parts, at=now)
    chat.blocked = is_out(chat.blocked, message.text)
    state.sms[said.update] = Sms(
        sid=said.update, chat=chat.address, sender=chat.address, to=state.number, body=message.text, direction="inbound",
        status="received", made_at=now, segments=segments_of(message.text, len(message.media)), sent_at=now,
    )  # fmt: skip
    remember(chat, said, act.parts, now)


def _rings(state: TwilioState, said: Said, sid: str, now: float) -> None:
    """A call is on, or is over."""
    call = state.line.calls.get(sid)
    if call is None:
        assert said.to is not None
        call = PhoneCall(sid=sid, chat=said.to, caller=said.to, made_at=now, base=state.voice_address)
        state.line.add(call)
    status = said.act.data.get("CallStatus") if isinstance(said.act, Event) else None
    if status in _OVER:
        call.status, call.ended_at = str(status), now
        return
    call.ended_at, call.asks = None, state.voice_address


# ---------------------------------------------------------------------------------------------------------- observing


def observe(
    platform: Platform[TwilioState], state: TwilioState, exchange: Exchange, response: HttpResponse
) -> Observed:
    """What a call did that Twilio answered, or what a document of the bot's says."""
    if exchange.source == "webhook_answer":
        return _document(platform, state, exchange)
    request = exchange.request
    account, shape, sids = shape_of(request.path)
    arguments = read_arguments(request)
    values, to = arguments.values, arguments.values.get("To")
    to = to if isinstance(to, str) and to else None
    route = ROUTES.get((request.method.upper().replace("HEAD", "GET"), shape))
    if route is None:
        return Observed()
    call = Call(route.name, to, values, support=route.support)
    answer = _answer(response)
    if response.status >= 400:
        return refused(call, str(answer.get("message") or f"status {response.status}"))
    _own(state, account)
    if route.handler is rest.change and "Twiml" in values and sids[0] in state.line.calls:
        # What the documents before would have said is over, if they were heard to the end.
        state.line.calls[sids[0]].ended_at = None
        return _led(platform, state, exchange, call)
    if route.handler is not send or to is None:
        return Observed(call=call)
    _adopt(state, values, answer, to)
    sid = str(answer.get("sid") or "?")
    seen = observed_by_handling(platform, state, exchange, _for_shadow(state, request), (sid,))
    if seen.unread is None:
        return seen
    return _as_asked(state, exchange, call, sid, [url for name, url in arguments.pairs if name == "MediaUrl"])


def _answer(response: HttpResponse) -> dict[str, Any]:
    """The answer, in JSON or in XML; of XML the words that are needed."""
    if response.body[:1] != b"<":
        return answered_object(response)
    try:
        _, found = read_xml(response.body)
    except XmlError:
        return {}
    inner = [one for one in found.values() if isinstance(one, dict)] if isinstance(found, dict) else []
    return {name.lower(): word for one in inner for name, word in one.items() if isinstance(word, str)}


def _own(state: TwilioState, account: str) -> None:
    """The shadow has the account of whoever calls."""
    state.account, state.root = account, f"/2010-04-01/Accounts/{account}"
    state.passwords = {account: state.token.encode()}


def _adopt(state: TwilioState, values: Any, answer: dict[str, Any], to: str) -> None:
    """The shadow has the number and the service of whoever sends, and nobody has left whom the vendor delivers to."""
    state.number = str(values.get("From") or answer.get("from") or state.number)
    state.service = str(values.get("MessagingServiceSid") or state.service)
    state.limited = False
    if to not in state.chats:
        state.chats[to] = TwilioChat(address=to, customer=STRANGER)
    state.chats[to].blocked = False


def _for_shadow(state: TwilioState, request: HttpRequest) -> HttpRequest:
    proof = b64encode(f"{state.account}:{state.token}".encode()).decode()
    return HttpRequest("POST", request.path, (("Authorization", f"Basic {proof}"), _FORM), request.body)


def _as_asked(state: TwilioState, exchange: Exchange, call: Call, sid: str, urls: list[str]) -> Observed:
    """A message that the fake does not emulate: a template, or one over another channel."""
    assert call.to is not None
    parts = _parts(state, exchange, call, urls)
    if not parts:
        effect = raw_message(call.to, (sid,), "message", call.arguments, exchange.now)
        return Observed(call=call, effects=(effect,), unread="a message without words")
    sender = str(call.arguments.get("From") or "") or None
    message = Message(ids=(sid,), author="bot", parts=parts, at=exchange.now, sender=sender)
    state.chats[call.to].messages[sid] = message
    return Observed(call=call, effects=(Sent(to=call.to, message=message),))


def _parts(state: TwilioState, exchange: Exchange, call: Call, urls: list[str]) -> tuple[Part, ...]:
    values = call.arguments
    if values.get("ContentSid"):
        try:
            given = msgspec.json.decode(str(values.get("ContentVariables") or "{}"))
        except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
            given = {}
        words = tuple(map(str, given.values())) if isinstance(given, dict) else ()
        return (Template(name=str(values["ContentSid"]), language="", parameters=words),)
    body = str(values.get("Body") or "")
    trusting = msgspec.structs.replace(exchange, fetched=on_trust(urls))
    return (*(with_choices(body) if body else ()), *shelf.take(state, urls, trusting)[0])


# ---------------------------------------------------------------------------------------------------------- documents


def _document(platform: Platform[TwilioState], state: TwilioState, exchange: Exchange) -> Observed:
    """TwiML in the answer to a webhook. A redirect's document is asked for in a webhook of its own, which passes by as well."""
    _await(state, exchange)
    handled = handled_alone(platform, state, exchange)
    if handled.call is None:
        return Observed(call=Call(twiml.NAME, note="a redirect"))
    effects: list[Effect] = list(handled.effects)
    if handled.call.method.startswith(answering.NAME):
        effects += _played(platform, state, exchange, handled.later)
    return Observed(call=handled.call, effects=tuple(effects))


def _await(state: TwilioState, exchange: Exchange) -> None:
    """Of a call on the phone the answer that comes is the one that counts."""
    query = dict(exchange.request.query)
    call, asked = state.line.calls.get(query.get("sid", "")), query.get("asked", "")
    if call is not None and asked.isdecimal():
        call.awaits = int(asked)


def _led(platform: Platform[TwilioState], state: TwilioState, exchange: Exchange, call: Call) -> Observed:
    """A caller is led to another document by a call of the REST API."""
    shown = msgspec.structs.replace(exchange, request=_for_shadow(state, exchange.request))
    handled = handled_alone(platform, state, shown)
    if handled.call is None or not handled.call.ok:
        return Observed(call=call, unread=(handled.call and handled.call.error) or "not known here")
    effects = (*handled.effects, *_played(platform, state, exchange, handled.later))
    return Observed(call=handled.call, effects=effects)


def _played(
    platform: Platform[TwilioState], state: TwilioState, exchange: Exchange, later: Sequence[Later]
) -> list[Effect]:
    """What will be said on the phone, as far as nothing comes in between."""
    for each in later:
        platform.encode(state, each.to, each.act, exchange.now + each.after_s)  # type: ignore[arg-type]  # a messenger's own
    found = state.effects[:]
    state.effects.clear()
    return found
