"""What only Twilio has: codes that calls meet, fates of messages, an event stream, by names of our own where Twilio has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.model import Event
from chatdrill.wire import Update
from chatdrill_fakes.platforms.twilio.errors import FATES, REFUSED
from chatdrill_fakes.platforms.twilio.objects import Told
from chatdrill_fakes.platforms.twilio.state import Json, TwilioChat, TwilioState
from chatdrill_fakes.platforms.twilio.voice import acting


def event(state: TwilioState, chat: TwilioChat, act: Event, at: float) -> Told:
    """An event. Raises ``Unsupported`` for an unknown name."""
    effect = _EFFECTS.get(act.name)
    if effect is not None:
        effect(chat, act.data)
        return ()
    if act.name == "event_stream":
        return _stream(state, chat, act.data, at)
    raise Unsupported(f"twilio has no event {act.name!r}{did_you_mean(act.name, EVENT_NAMES)}")


def _api_error(chat: TwilioChat, data: Mapping[str, Any]) -> None:
    """The next sends to this customer meet a code."""
    chat.fails_next += [_code(data, REFUSED, 20429)] * _count(data)


def _fate(chat: TwilioChat, data: Mapping[str, Any]) -> None:
    """From now on every message to this customer comes to this end (30003 unreachable, 30006 a landline, 30007 filtered ...), until
    the code is 0."""
    chat.fate = None if data.get("code") == 0 else _code(data, FATES, 30003)


def _code(data: Mapping[str, Any], known: Mapping[int, object], default: int) -> int:
    code = data.get("code", default)
    if isinstance(code, bool) or code not in known:
        raise Unsupported(f"twilio: code must be one of {', '.join(map(str, sorted(known)))}, not {code!r}")
    return int(code)


def _count(data: Mapping[str, Any]) -> int:
    times = data.get("times", 1)
    if not isinstance(times, int) or isinstance(times, bool) or not 0 < times <= 1000:
        raise Unsupported(f"twilio: times must be a number from 1 to 1000, not {times!r}")
    return times


def _stream(state: TwilioState, chat: TwilioChat, data: Mapping[str, Any], at: float) -> Told:
    """Event Streams: an array of cloud events, the one kind of webhook that is JSON; its hash stands in the address."""
    id = state.new_sid("EZ")
    told: Json = {
        "specversion": "1.0",
        "type": "com.twilio.messaging.message.delivered",
        "source": f"{state.root}/Messages",
        "id": id,
        "dataschema": "https://events-schemas.twilio.com/Messaging.MessageStatus/2",
        "datacontenttype": "application/json",
        "time": datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "data": {"accountSid": state.account, "to": chat.address, "from": state.number, "messageStatus": "DELIVERED"},
    }
    told |= data
    body = msgspec.json.encode([{key: value for key, value in told.items() if value is not None}])
    return (Update(id=id, kind="event_stream", to=chat.address, lane=chat.address, body=body, made_at=at),)


_EFFECTS: dict[str, Callable[[TwilioChat, Mapping[str, Any]], None]] = {"api_error": _api_error, "fate": _fate}
EVENT_NAMES = frozenset({*_EFFECTS, "event_stream", *acting.EVENT_NAMES})
