"""The calls of the REST API about telephone calls and queues. Source: twilio.com/docs, Voice API: Call, Queue and Member resources (2026)."""

from __future__ import annotations

from chatdrill.wire import HttpResponse
from chatdrill_fakes.platforms.twilio import limits
from chatdrill_fakes.platforms.twilio.calls import Answered, Asked
from chatdrill_fakes.platforms.twilio.errors import ApiError
from chatdrill_fakes.platforms.twilio.objects import list_page
from chatdrill_fakes.platforms.twilio.sending import is_url
from chatdrill_fakes.platforms.twilio.twiml import Trouble
from chatdrill_fakes.platforms.twilio.voice import answering, document
from chatdrill_fakes.platforms.twilio.voice.fields import call_object, member_object, queue_object
from chatdrill_fakes.platforms.twilio.voice.playing import Talk, ask, cut, end, leave, queue_of, take_out
from chatdrill_fakes.platforms.twilio.voice.scripts import Document, document_in
from chatdrill_fakes.platforms.twilio.voice.state import PhoneCall, Queue

_FRONT = "Front"


def _call(asked: Asked, sid: str) -> PhoneCall:
    call = asked.state.line.calls.get(sid)
    if call is None:
        raise ApiError(20404, asked.exchange.request.path)
    return call


def _queue(asked: Asked) -> Queue:
    found = next((queue for queue in asked.state.line.queues.values() if queue.sid == asked.sid), None)
    if found is None:
        raise ApiError(20404, asked.exchange.request.path)
    return found


def _talk(asked: Asked, call: PhoneCall) -> Talk:
    chat = asked.state.chats[call.chat]
    return Talk(asked.state, chat, call, chat.at(asked.now))


def begin(asked: Asked) -> Answered:  # noqa: ARG001
    """``POST /Calls``: the bot calls somebody."""
    raise ApiError(
        20001, note="chatdrill emulates calls of customers; a bot that calls them is not emulated", refused=True
    )


def read(asked: Asked) -> Answered:
    """One call."""
    call = _call(asked, asked.sid)
    return Answered(call_object(asked.state, call), root="Call", to=call.chat)


def listed(asked: Asked) -> Answered:
    """Calls, the newest first, by number and status."""
    state, values = asked.state, asked.values
    known = (call_object(state, call) for call in reversed(state.line.calls.values()))
    wanted = {"To": "to", "From": "from", "Status": "status"}
    items = [each for each in known if all(values.get(name) in (None, "", each[key]) for name, key in wanted.items())]
    page = (0, limits.PAGE_SIZE, False)
    return Answered(list_page(state, "calls", "Calls.json", items[: limits.PAGE_SIZE], page, ""), root="Calls")


def change(asked: Asked) -> Answered:
    """A call is ended, or led to another document; who waits in a queue leaves it."""
    call, values = _call(asked, asked.sid), asked.values
    if call.is_over:
        raise ApiError(21220, call.sid)
    talk = _talk(asked, call)
    if values.get("Status"):
        if values["Status"] not in ("completed", "canceled"):
            raise ApiError(20001, note="Status is completed or canceled")
        end(talk, "completed" if call.answered_at is not None else "canceled")
        return _changed(asked, talk)
    return _redirected(asked, talk, "redirected-from-bridged" if call.with_agent else "redirected")


def take(asked: Asked) -> Answered:
    """``POST Members/{CallSid or Front}``: somebody is taken out of the queue and led to a document."""
    talk = _talk(asked, _member(asked, _queue(asked)))
    return _redirected(asked, talk, "redirected")


def _redirected(asked: Asked, talk: Talk, result: str) -> Answered:
    """The queue's ``action`` is told; the caller is led elsewhere, whatever it answers."""
    url, method, words = (asked.values.get(name, "") for name in ("Url", "Method", "Twiml"))
    if url and not is_url(url):
        raise ApiError(21205, url)
    if not url and not words:
        raise ApiError(20001, note="Url, Twiml or Status says what becomes of the call")
    found = None if url else _document(words, talk.call.base)
    cut(talk)
    place = talk.call.place
    if place is not None and place.action is not None:
        leave(talk, result)
    else:
        take_out(talk)
    if found is None:
        ask(talk, "call.redirect", url, "GET" if method.upper() == "GET" else "POST")
        return _changed(asked, talk)
    later = answering.play(talk, found, talk.call.base)
    answered = _changed(asked, talk)
    answered.later = later
    return answered


def _document(words: str, base: str) -> Document:
    if len(words) > limits.CALL_TWIML_MAX:
        raise ApiError(20001, note=f"Twiml has more than {limits.CALL_TWIML_MAX} characters")
    try:
        return document_in(words.encode("utf-8", "replace"), "text/xml", base, None, queued=False)
    except (Trouble, document.Refused) as error:
        raise ApiError(20001, note=f"Twiml: {error}") from error


def _changed(asked: Asked, talk: Talk) -> Answered:
    for update in talk.updates:
        asked.state.outbox.put(update)
    return Answered(call_object(asked.state, talk.call), root="Call", to=talk.call.chat, effects=tuple(talk.effects))


# ------------------------------------------------------------------------------------------------------------ queues


def queues(asked: Asked) -> Answered:
    """All queues of the account."""
    items = [queue_object(asked.state, queue) for queue in asked.state.line.queues.values()]
    return Answered(
        list_page(asked.state, "queues", "Queues.json", items, (0, limits.PAGE_SIZE, False), ""), root="Queues"
    )


def create(asked: Asked) -> Answered:
    """A queue with a name of its own, before anybody enters it."""
    name = asked.values.get("FriendlyName", "")
    if not 0 < len(name) <= limits.QUEUE_NAME_MAX or name in asked.state.line.queues:
        raise ApiError(20001, note=f"FriendlyName is a new name of up to {limits.QUEUE_NAME_MAX} characters")
    size = _size(asked)
    made = queue_of(asked.state, name, asked.now)
    made.size_max = size or made.size_max
    return Answered(queue_object(asked.state, made), 201, root="Queue")


def resize(asked: Asked) -> Answered:
    """How many may wait; who waits already stays."""
    found = _queue(asked)
    found.size_max = _size(asked) or found.size_max
    return Answered(queue_object(asked.state, found), root="Queue")


def _size(asked: Asked) -> int | None:
    value = asked.values.get("MaxSize")
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 6 and 0 < int(value) <= limits.QUEUE_SIZE_TOP):
        raise ApiError(20001, note=f"MaxSize is a number from 1 to {limits.QUEUE_SIZE_TOP}")
    return int(value)


def remove(asked: Asked) -> Answered:
    """A queue is gone; one in which somebody waits cannot go."""
    found = _queue(asked)
    if any(call.place is not None and call.place.queue == found.name for call in asked.state.line.calls.values()):
        raise ApiError(20001, note="callers wait in this queue")
    del asked.state.line.queues[found.name]
    return Answered(raw=HttpResponse(204))


def queue(asked: Asked) -> Answered:
    """One queue."""
    return Answered(queue_object(asked.state, _queue(asked)), root="Queue")


def members(asked: Asked) -> Answered:
    """Who waits in a queue, the first in line first."""
    found, state = _queue(asked), asked.state
    items = [member_object(state, found, state.line.calls[sid], asked.now) for sid in found.members]
    path = f"Queues/{found.sid}/Members.json"
    return Answered(
        list_page(state, "queue_members", path, _keyed(items), (0, limits.PAGE_SIZE, False), ""), root="QueueMembers"
    )


def _keyed(items: list[dict[str, object]]) -> list[dict[str, object]]:
    """With the id by which pages go."""
    return [{**item, "sid": item["call_sid"]} for item in items]


def member(asked: Asked) -> Answered:
    """One caller in a queue, or the first in line."""
    found = _queue(asked)
    call = _member(asked, found)
    return Answered(member_object(asked.state, found, call, asked.now), root="QueueMember", to=call.chat)


def _member(asked: Asked, found: Queue) -> PhoneCall:
    sid = found.members[0] if asked.inner == _FRONT and found.members else asked.inner
    if sid not in found.members:
        raise ApiError(20404, asked.exchange.request.path)
    return _call(asked, sid)
