"""A call goes on: what a script says happens, documents are asked for, places in queues are taken and left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin

from chatdrill.model import Button, Effect, Event, File, Keyboard, Media, Message, Part, Sent, Text
from chatdrill.wire import Later, Update
from chatdrill_fakes.platforms.twilio import limits
from chatdrill_fakes.platforms.twilio.objects import signed_form
from chatdrill_fakes.platforms.twilio.state import TwilioChat, TwilioState
from chatdrill_fakes.platforms.twilio.voice import fields
from chatdrill_fakes.platforms.twilio.voice.scripts import (
    Asked,
    Deed,
    Entered,
    Left,
    Listened,
    Over,
    Silent,
    Spoken,
    Timed,
    scripted,
)
from chatdrill_fakes.platforms.twilio.voice.state import PhoneCall, Place, Queue

GOES_ON = "the call goes on"
"""What the platform does by itself; no scenario can name it."""
SORRY = "We are sorry. An application error has occurred. Goodbye."
"""What a caller hears when the bot's document cannot be had; the exact words are not documented."""
_SOUND = "audio/mpeg"


@dataclass(slots=True)
class Talk:
    """A call at drill time ``at``, and what comes of it: webhooks, and what the caller hears."""

    state: TwilioState
    chat: TwilioChat
    call: PhoneCall
    at: float
    updates: list[Update] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)


def begin(talk: Talk, script: Sequence[Timed], base: str) -> tuple[Later, ...]:
    """A document takes over at ``base``. What is heard at once is heard now; all else is for later."""
    call = talk.call
    call.base, call.gathering = base, None
    call.turn += 1
    call.script = tuple(deed for _, deed in script)
    first = 0
    while first < len(script) and script[first][0] == 0 and isinstance(script[first][1], (Spoken, Listened)):
        do(talk, script[first][1])
        first += 1
    return tuple(_planned(call, number, after_s) for number, (after_s, _) in enumerate(script) if number >= first)


def _planned(call: PhoneCall, number: int, after_s: float) -> Later:
    return Later(after_s, call.chat, Event(name=GOES_ON, data={"call": call.sid, "turn": call.turn, "deed": number}))


def apologize(talk: Talk) -> tuple[Later, ...]:
    """The caller hears that something is wrong, and the call is over."""
    if talk.call.is_over:
        return ()
    end(talk)
    talk.call.script = (Spoken(words=SORRY),)
    return (_planned(talk.call, 0, 0.0),)


def go_on(talk: Talk, turn: object, number: object) -> None:
    """What was planned happens, unless something else came in between."""
    call = talk.call
    if call.turn == turn and isinstance(number, int):
        do(talk, call.script[number])


def do(talk: Talk, deed: Deed) -> None:
    """One thing of a script."""
    match deed:
        case Spoken():
            _speak(talk, deed)
        case Listened():
            talk.call.gathering = deed.to
        case Silent():
            talk.call.gathering = None
            if deed.to.on_empty:
                ask(talk, "call.gather", deed.to.url, deed.to.method, [("Digits", "")])
        case Asked():
            ask(talk, deed.kind, deed.url, deed.method)
        case Entered():
            _enter(talk, deed)
        case Left():
            leave(talk, "leave")
        case Over():
            end(talk, deed.status)


def _speak(talk: Talk, deed: Spoken) -> None:
    """Speech is a voice message with its words, and the keys that it names can be pressed; a sound is audio."""
    call = talk.call
    call.said += 1
    parts: tuple[Part, ...]
    if deed.url:
        url = urljoin(call.base, deed.url)
        parts = (Media(kind="audio", file=File(name=url.rpartition("/")[2] or "sound", mime=_SOUND, url=url)),)
    else:
        parts = (Media(kind="voice", file=File(name="call", mime=_SOUND), caption=Text(text=deed.words)),)
        rows = tuple((Button(title=key, kind="reply", payload=key),) for key in deed.keys)
        parts += (Keyboard(style="numbered", rows=rows),) if rows else ()
    message = Message(ids=(f"{call.sid}.{call.said}",), author="bot", parts=parts, at=talk.at, sender=talk.state.number)
    talk.chat.messages[message.id] = message
    talk.effects.append(Sent(to=talk.chat.address, message=message))


def ask(talk: Talk, kind: str, url: str, method: str, more: fields.Fields | None = None) -> None:
    """A document is asked for; whatever was planned before does not happen any more."""
    call, state = talk.call, talk.state
    call.turn += 1
    call.asked += 1
    call.awaits, call.asks, call.gathering = call.asked, url, None
    told = fields.call_fields(state, call)
    if kind == "call.wait" and call.place is not None:
        told += fields.queue_fields(state, call, talk.at)
    hook = None if kind == "call" and not state.voice_url else state.hook(url, f"voice {method}")
    to = talk.chat.address
    talk.updates.append(
        Update(id=f"{call.sid}:{call.asked}", kind=kind, to=to, lane=f"{to} call", body=signed_form(state, [*told, *(more or ())]),
               made_at=talk.at, hook=hook)
    )  # fmt: skip


def end(talk: Talk, status: str = "completed") -> None:
    """Somebody hangs up: the queue is left, and the status callback comes, if it has an address."""
    call, state = talk.call, talk.state
    call.status, call.ended_at, call.gathering = status, talk.at, None
    call.turn += 1
    if call.place is not None:
        leave(talk, "bridged" if call.with_agent else "hangup")
    if state.voice_status_callback:
        call.asked += 1
        to = talk.chat.address
        talk.updates.append(
            Update(id=f"{call.sid}:{call.asked}", kind="call.status", to=to, lane=f"{to} call", made_at=talk.at,
                   body=signed_form(state, fields.ended_fields(state, call)), hook=state.hook(state.voice_status_callback, "voice POST"))
        )  # fmt: skip


# ------------------------------------------------------------------------------------------------------------ queues


def queue_of(state: TwilioState, name: str, at: float) -> Queue:
    """The queue of this name, which is made if there is none."""
    known = state.line.queues.get(name)
    if known is None:
        known = state.line.queues[name] = Queue(
            sid=state.new_sid("QU"), name=name, made_at=at, size_max=limits.QUEUE_SIZE_MAX
        )
    return known


def _enter(talk: Talk, deed: Entered) -> None:
    call, verb = talk.call, deed.verb
    wait, action = ((urljoin(deed.base, url), method) if url else None for url, method in (verb.wait, verb.action))
    place = Place(queue=verb.name, since=talk.at, wait=wait, action=action, rest=deed.rest, base=deed.base)
    if not 0 < len(verb.name) <= limits.QUEUE_NAME_MAX:
        talk.state.debugger.append(12200)
        _left(talk, place, "error", "")
        return
    queue = queue_of(talk.state, verb.name, talk.at)
    if talk.state.line.ahead.get(call.chat, 0) >= queue.size_max:
        _left(talk, place, "queue-full", queue.sid)
        return
    queue.members.append(call.sid)
    call.place, call.with_agent = place, False
    if wait is not None:
        ask(talk, "call.wait", *wait)


def take_out(talk: Talk) -> Place | None:
    """The caller is in no queue any more; where they were."""
    call, place = talk.call, talk.call.place
    if place is None:
        return None
    queue = talk.state.line.queues[place.queue]
    if call.sid in queue.members:
        queue.members.remove(call.sid)
    queue.waited_s, queue.served = queue.waited_s + max(0.0, talk.at - place.since), queue.served + 1
    call.place = None
    return place


def leave(talk: Talk, result: str) -> None:
    """The place is given up: ``action`` is told why, else the document goes on behind its ``Enqueue``."""
    seconds = fields.waited_s(talk.call, talk.at)
    place = take_out(talk)
    if place is None:  # Leave outside a queue does nothing
        return
    sid = talk.state.line.queues[place.queue].sid
    _left(talk, place, result, sid, seconds)


def _left(talk: Talk, place: Place, result: str, sid: str, seconds: int = 0) -> None:
    if place.action is not None:
        more = [("QueueResult", result), *([("QueueSid", sid)] if sid else []), ("QueueTime", str(seconds))]
        ask(talk, "call.left", *place.action, more)
        return
    if talk.call.is_over:
        return
    talk.call.base = place.base
    # Nobody answers a request here, so there is nothing that could be planned: the rest happens at once.
    talk.call.turn += 1
    for _, deed in scripted(place.rest, place.base):
        if not isinstance(deed, (Listened, Silent)):
            do(talk, deed)
