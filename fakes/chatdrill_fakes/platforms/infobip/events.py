"""What only Infobip has: statuses that sends meet, errors that messages end in, clicks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.model import Event
from chatdrill.wire import Update
from chatdrill_fakes.platforms.infobip.objects import Told, body_of
from chatdrill_fakes.platforms.infobip.state import InfobipChat, InfobipState, Json
from chatdrill_fakes.platforms.infobip.statuses import ERRORS, REJECTED


def event(state: InfobipState, chat: InfobipChat, act: Event, at: float) -> Told:
    """An event. Raises ``Unsupported`` for an unknown name."""
    effect = _EFFECTS.get(act.name)
    if effect is not None:
        effect(chat, act.data)
        return ()
    if act.name == "clicked":
        return _clicked(state, chat, act.data, at)
    raise Unsupported(f"infobip has no event {act.name!r}{did_you_mean(act.name, EVENT_NAMES)}")


def _rejected(chat: InfobipChat, data: Mapping[str, Any]) -> None:
    """The next sends to this customer are rejected with a status, in an answer of 200."""
    times = data.get("times", 1)
    if not isinstance(times, int) or isinstance(times, bool) or not 0 < times <= 1000:
        raise Unsupported(f"infobip: times must be a number from 1 to 1000, not {times!r}")
    chat.rejects_next += [_known(data, "status", REJECTED, 19)] * times


def _fate(chat: InfobipChat, data: Mapping[str, Any]) -> None:
    """From now on every message to this customer ends in an error (1 unknown, 27 absent, 607 spam ...), until it is 0."""
    chat.fate = _known(data, "error", ERRORS, 27) or None


def _known(data: Mapping[str, Any], name: str, known: Any, default: int) -> int:
    value = data.get(name, default)
    if isinstance(value, bool) or value not in known:
        raise Unsupported(f"infobip: {name} must be one of {', '.join(map(str, sorted(known)))}, not {value!r}")
    return int(value)


def _clicked(state: InfobipState, chat: InfobipChat, data: Mapping[str, Any], at: float) -> Told:
    """The customer taps a link in the bot's last message; the notice goes to its ``trackingUrl``, else to the account's webhook."""
    last = next((sms for sms in reversed(state.sms.values()) if sms.chat == chat.address), None)
    told: Json = {
        "notificationType": "CLICKED",
        "recipient": chat.address,
        "url": "https://example.test/o/77",
        "sendDateTime": int((last.made_at if last else at) * 1000),
        "messageId": last.id if last else state.new_id(),
        "bulkId": last.bulk if last else "",
        "callbackData": (last.callback_data if last else None) or "",
        "recipientInfo": {"deviceType": "phone", "os": "Android", "deviceName": "SM-A556B"},
        "geoLocationInfo": {"countryName": "Switzerland", "city": "Zürich"},
    }
    told |= data
    url = (last.tracking_url if last else "") or state.webhook_url or ""
    body = body_of({key: value for key, value in told.items() if value is not None})
    id = f"{told.get('messageId')}:click:{state.chance.hex(8)}"
    return (
        Update(
            id=id,
            kind="clicked",
            to=chat.address,
            lane=f"{chat.address} clicks",
            body=body,
            made_at=at,
            hook=state.hook(url, "click"),
        ),
    )


_EFFECTS: dict[str, Callable[[InfobipChat, Mapping[str, Any]], None]] = {"rejected": _rejected, "fate": _fate}
EVENT_NAMES = frozenset({*_EFFECTS, "clicked"})
