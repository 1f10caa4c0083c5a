"""What a caller does, and what happens at the other end of the line: every act of a call as the webhooks that the bot gets.

Source: twilio.com/docs, TwiML for Programmable Voice: Gather, Enqueue, Dial Queue (2026). What is keyed in one go counts as complete: the
pause that Gather would wait for another key is not waited for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from chatdrill.errors import Unsupported
from chatdrill.model import Event, Message
from chatdrill.wire import Update
from chatdrill_fakes.families.sms import e164
from chatdrill_fakes.platforms.twilio.state import TwilioChat, TwilioState
from chatdrill_fakes.platforms.twilio.voice.fields import WITHHELD
from chatdrill_fakes.platforms.twilio.voice.playing import (
    GOES_ON,
    Talk,
    answer,
    ask,
    bridge,
    dialed,
    end,
    go_on,
    leave,
    taped,
)
from chatdrill_fakes.platforms.twilio.voice.state import PhoneCall

_KEYS = re.compile(r"[0-9*#]{1,64}")
_AHEAD_MAX = 1000
Data = Mapping[str, Any]


def happens(state: TwilioState, chat: TwilioChat, act: Event, at: float) -> tuple[Update, ...] | None:
    """An act of a call; ``None`` if the event is none. Raises ``Unsupported`` for what nobody on the phone can do."""
    doing = EVENTS.get(act.name)
    if act.name == GOES_ON:
        call = state.line.calls.get(str(act.data.get("call")))
        return (
            ()
            if call is None
            else _done(
                Talk(state, chat, call, at), lambda talk: go_on(talk, act.data.get("turn"), act.data.get("deed"))
            )
        )
    if act.name == "queue":
        _queue(state, chat, act.data)
        return ()
    if act.name == "calls":
        return _calls(state, chat, act.data, at)
    if doing is None:
        return None
    call = state.line.of(chat.address)
    if call is None:
        raise Unsupported(
            f"twilio: {act.name!r} needs a call, and the customer is not on the phone; 'calls' begins one"
        )
    return _done(Talk(state, chat, call, at), lambda talk: doing(talk, act.data))


def _done(talk: Talk, doing: Callable[[Talk], None]) -> tuple[Update, ...]:
    doing(talk)
    talk.state.effects += talk.effects
    return tuple(talk.updates)


def is_key(chat: TwilioChat, message_id: str | None) -> bool:
    """True if what a button is pressed of was heard on the phone."""
    message: Message | None = chat.messages.get(message_id or "")
    return message is not None and bool(message.media) and message.media[0].kind == "voice"


# ------------------------------------------------------------------------------------------------------- the caller


def _calls(state: TwilioState, chat: TwilioChat, data: Data, at: float) -> tuple[Update, ...]:
    """One more call; who has two is heard in the newer one."""
    word = str(data.get("caller", ""))
    caller = WITHHELD.get(word) or (e164(word) if word else chat.address)
    if caller is None:
        raise Unsupported(f"twilio: caller is a number or one of {', '.join(WITHHELD)}, not {word!r}")
    call = PhoneCall(
        sid=state.new_sid("CA"), chat=chat.address, caller=caller, made_at=at, base=state.voice_address,
        forwarded_from=str(data.get("forwarded_from", "")),
    )  # fmt: skip
    state.line.add(call)
    chat.opened, chat.last_customer_at = True, at
    return _done(Talk(state, chat, call, at), lambda talk: ask(talk, "call", state.voice_address, "POST"))


def _keys(talk: Talk, data: Data) -> None:
    """Keys, as far as somebody listens to them."""
    keys = str(data.get("digits", ""))
    if _KEYS.fullmatch(keys) is None:
        raise Unsupported(f"twilio: digits are keys of a phone (0-9, *, #), not {keys[:20]!r}")
    call, listening = talk.call, talk.call.gathering
    if call.tape is not None:
        if pressed := next((key for key in keys if key in call.tape.finish), None):
            taped(talk, pressed)
        return
    if call.dial is not None and call.dial.answered_at is not None and call.dial.star and "*" in keys:
        dialed(talk, "completed")
        return
    if listening is None or "dtmf" not in listening.hears:
        return
    digits = keys.partition(listening.finish)[0] if listening.finish else keys
    digits = digits[: listening.digits_max]
    if digits or listening.on_empty:
        ask(talk, "call.gather", listening.url, listening.method, [("Digits", digits)])


def _speaks(talk: Talk, data: Data) -> None:
    listening = talk.call.gathering
    words = str(data.get("words", "")).strip()
    if not words:
        raise Unsupported("twilio: words are what the caller says")
    if talk.call.tape is not None:
        talk.call.tape.words.append(words)
    elif listening is not None and "speech" in listening.hears:
        more = [("SpeechResult", words), ("Confidence", str(data.get("confidence", 0.9)))]
        ask(talk, "call.gather", listening.url, listening.method, more)


def _hangs_up(talk: Talk, _data: Data) -> None:
    end(talk, "completed" if talk.call.answered_at is not None else "canceled")


# ------------------------------------------------------------------------------------------------- the other callers


def _agent_answers(talk: Talk, _data: Data) -> None:
    """Whom the bot dials answers, or an agent takes the caller out of the queue; nobody hears what they say to each other."""
    call = talk.call
    if _rings(call):
        answer(talk)
        return
    if call.place is None or call.with_agent:
        raise Unsupported("twilio: an agent answers a caller who waits in a queue, or for whom the bot dials one")
    bridge(talk)


def _rings(call: PhoneCall) -> bool:
    """True while somebody is dialed who may answer; in a queue that is another caller."""
    return call.dial is not None and call.dial.answered_at is None and not call.dial.queue


def _agent_is_busy(talk: Talk, _data: Data) -> None:
    if not _rings(talk.call):
        raise Unsupported("twilio: nobody is dialed who could be busy")
    dialed(talk, "busy")


def _agent_hangs_up(talk: Talk, _data: Data) -> None:
    call = talk.call
    if call.dial is not None and call.dial.answered_at is not None:
        dialed(talk, "completed")
        return
    if not call.with_agent:
        raise Unsupported("twilio: no agent talks to the caller; 'agent answers' comes first")
    call.with_agent = False
    leave(talk, "bridged")


def _queue(state: TwilioState, chat: TwilioChat, data: Data) -> None:
    """From now on so many strangers wait ahead of this customer, and the usual wait is so many seconds."""
    ahead, average_s = data.get("ahead", 0), data.get("average_s", 0)
    for name, value in (("ahead", ahead), ("average_s", average_s)):
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 100 * _AHEAD_MAX:
            raise Unsupported(f"twilio: {name} is a whole number, not {value!r}")
    state.line.ahead[chat.address], state.line.average_s[chat.address] = ahead, average_s


EVENTS: dict[str, Callable[[Talk, Data], None]] = {
    "keys": _keys,
    "speaks": _speaks,
    "hangs up": _hangs_up,
    "agent answers": _agent_answers,
    "agent is busy": _agent_is_busy,
    "agent hangs up": _agent_hangs_up,
}
"""What happens in a call, by names of our own: Twilio has none for what people do."""
EVENT_NAMES = frozenset({*EVENTS, "calls", "queue"})
