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
from chatdrill_fakes.platforms.twilio.voice import fields, recording
from chatdrill_fakes.platforms.twilio.voice.scripts import (
    Asked,
    Deed,
    Dialed,
    Entered,
    Left,
    Listened,
    Over,
    Quiet,
    Silent,
    Spoken,
    Taped,
    Timed,
    Unanswered,
    scripted,
)
from chatdrill_fakes.platforms.twilio.voice.state import Dialing, PhoneCall, Place, Queue, Taping

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
    while first < len(script) and script[first][0] == 0 and isinstance(script[first][1], (Spoken, Listened, Taped)):
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
        case Dialed():
            _dial(talk, deed)
        case Unanswered():
            dialed(talk, "no-answer", goes_on=False)
        case Taped():
            _tape(talk, deed)
        case Quiet():
            taped(talk, "", goes_on=False)
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
    dialed(talk, "no-answer" if call.dial is None or call.dial.answered_at is None else "completed")
    taped(talk, "hangup")
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
    if queue.dialers:
        _connect(_beside(talk, queue.dialers.pop(0)), queue)
    elif wait is not None:
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
    if call.dialer:  # who has taken this caller out of the queue is alone
        other = _beside(talk, call.dialer)
        call.dialer = ""
        dialed(other, "completed")
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
    _behind(talk, place)


def _behind(talk: Talk, verb: Place | Dialing | Taping) -> None:
    """The document goes on behind a verb. Nobody answers a request here, so there is nothing that could be planned: the rest happens at
    once, and nothing in it runs out."""
    talk.call.base = verb.base
    talk.call.turn += 1
    for _, deed in scripted(verb.rest, verb.base):
        if not isinstance(deed, (Listened, Silent, Unanswered, Quiet)):
            do(talk, deed)


# ---------------------------------------------------------------------------------------------------------- dialing


def _dial(talk: Talk, deed: Dialed) -> None:
    call, verb, state = talk.call, deed.verb, talk.state
    action = (urljoin(deed.base, verb.action[0]), verb.action[1]) if verb.action[0] else None
    call.dial = Dialing(
        sid=state.new_sid("CA"), queue=verb.queue, star=verb.star, is_recorded=verb.is_recorded,
        wish=recording.absolute(verb.wish, deed.base), action=action, rest=deed.rest, base=deed.base,
    )  # fmt: skip
    queue = state.line.queues.get(verb.queue)
    if queue is not None and queue.members:
        _connect(talk, queue)
    elif queue is not None:
        queue.dialers.append(call.sid)
    elif verb.queue or not verb.numbers:
        dialed(talk, "failed", goes_on=False)


def answer(talk: Talk) -> None:
    """The other end of a ``Dial`` answers; nobody hears what they say to each other."""
    assert talk.call.dial is not None
    talk.call.turn += 1
    talk.call.dial.answered_at = talk.at


def _connect(talk: Talk, queue: Queue) -> None:
    """Who dials a queue talks with the first in line."""
    other, dial = _beside(talk, queue.members[0]), talk.call.dial
    assert dial is not None
    bridge(other)
    dial.sid = dial.partner = other.call.sid
    other.call.dialer = talk.call.sid
    answer(talk)


def bridge(talk: Talk) -> None:
    """Somebody takes the caller out of the queue."""
    call = talk.call
    assert call.place is not None
    call.turn += 1
    call.with_agent, call.gathering, call.awaits = True, None, 0
    talk.state.line.queues[call.place.queue].members.remove(call.sid)


def dialed(talk: Talk, status: str, *, goes_on: bool = True) -> None:
    """A ``Dial`` is over, if there is one: ``action`` is told how, else the document goes on behind it, unless that is planned."""
    call, dial = talk.call, talk.call.dial
    if dial is None:
        return
    _let_go(talk, dial)
    told = [
        ("DialCallStatus", status),
        ("DialCallSid", dial.sid),
        ("DialBridged", str(dial.answered_at is not None).lower()),
    ]
    if dial.answered_at is not None:
        seconds = int(talk.at - dial.answered_at)
        told.append(("DialCallDuration", str(seconds)))
        if dial.is_recorded:
            made = recording.keep(talk.state, call, seconds, talk.at, "DialVerb")
            talk.updates += recording.told(talk.state, call, dial.wish, "completed", made, talk.at)
            told.append(("RecordingUrl", recording.address(talk.state, made)))
    if dial.action is not None:
        ask(talk, "call.dialed", *dial.action, told)
    elif goes_on and not call.is_over:
        _behind(talk, dial)


def _let_go(talk: Talk, dial: Dialing) -> None:
    """The line to the other end is cut."""
    talk.call.dial = None
    queue = talk.state.line.queues.get(dial.queue)
    if queue is not None and talk.call.sid in queue.dialers:
        queue.dialers.remove(talk.call.sid)
    other = talk.state.line.calls.get(dial.partner)
    if other is not None and other.dialer:
        other.dialer, other.with_agent = "", False
        leave(_beside(talk, other.sid), "bridged")


def _beside(talk: Talk, sid: str) -> Talk:
    """Another call at the same moment; what comes of both goes the same way."""
    call = talk.state.line.calls[sid]
    chat = talk.state.chats[call.chat]
    at = talk.at - talk.chat.ahead_s + chat.ahead_s
    return Talk(talk.state, chat, call, at, talk.updates, talk.effects)


# -------------------------------------------------------------------------------------------------------- recording


def _tape(talk: Talk, deed: Taped) -> None:
    call, verb = talk.call, deed.verb
    url = urljoin(deed.base, verb.action[0]) if verb.action[0] else deed.base
    call.tape = Taping(
        since=talk.at, finish=verb.finish, longest_s=verb.longest_s, wish=recording.absolute(verb.wish, deed.base),
        action=(url, verb.action[1]), rest=deed.rest, base=deed.base,
    )  # fmt: skip
    talk.updates += recording.told(talk.state, call, call.tape.wish, "in-progress", None, talk.at)


def taped(talk: Talk, digits: str, *, goes_on: bool = True) -> None:
    """A ``Record`` is over, if there is one: ``action`` is told what came of it. An empty one is told to nobody there, and the document goes
    on behind it, unless that is planned."""
    call, tape = talk.call, talk.call.tape
    if tape is None:
        return
    call.tape = None
    if not tape.words:
        talk.updates += recording.told(talk.state, call, tape.wish, "absent", None, talk.at)
        if goes_on and not call.is_over:
            _behind(talk, tape)
        return
    made = recording.keep(talk.state, call, recording.length_s(tape), talk.at, "RecordVerb")
    talk.updates += recording.told(talk.state, call, tape.wish, "completed", made, talk.at)
    told = [
        ("RecordingUrl", recording.address(talk.state, made)),
        ("RecordingSid", made.sid),
        ("RecordingDuration", str(made.seconds)),
    ]
    ask(talk, "call.recorded", *tape.action, [*told, *([("Digits", digits)] if digits else [])])


def cut(talk: Talk) -> None:
    """The call is led elsewhere: whom it dials, and what it records, is of no interest any more."""
    talk.call.tape = None
    if talk.call.dial is not None:
        _let_go(talk, talk.call.dial)
