"""What went over the wire in one case: webhooks sent, updates given up, calls received, in the order they began."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from chatdrill.trace.records import Acted, Attempt, Called, Dropped, Record
from chatdrill.trace.transcript.phrases import fields, one_line, platform_title, short_id
from chatdrill.trace.transcript.views import WireEvent

_ACT_WORDS = {
    "write": "message",
    "press": "button press",
    "react": "reaction",
    "start": "chat opened",
    "read": "read receipt",
}


# Where helpdesks say what a webhook is about, the more telling key first.
_EVENT_KEYS = ("event", "topic", "hook_type", "event_type", "name", "type")
_EVENT_LISTS = ("events",)
_EVENT_MAX = 60
_BRACKETED = re.compile(r"(\w+)\[([a-z]\w*)\]\[\d+\]")


def wire_events(records: Sequence[Record], desk: str = "") -> tuple[WireEvent, ...]:
    """The events of one case's records; those of the helpdesk bear its name."""
    zero_t = records[0].t if records else 0.0
    kinds: dict[str, str] = {}
    events: list[WireEvent] = []
    for record in records:
        if isinstance(record, Acted):
            tag = str(record.act.__struct_config__.tag)
            kinds.update(dict.fromkeys(record.updates, _ACT_WORDS.get(tag, tag)))
        elif isinstance(record, Attempt):
            events.append(_webhook(record, kinds, zero_t, _desk(record, desk)))
        elif isinstance(record, Called):
            events.append(_call(record, zero_t, _desk(record, desk)))
        elif isinstance(record, Dropped):
            events.append(_dropped(record, kinds, zero_t, _desk(record, desk)))
    return tuple(sorted(events, key=lambda event: (event.t_s, event.n)))


def _desk(record: Attempt | Called | Dropped, desk: str) -> str:
    return platform_title(desk) if desk and record.platform == desk else ""


def event_name(body: str | None) -> str:
    """The vendor's name of the event that a webhook is about, wherever the vendor puts it; empty where none is found."""
    if not body:
        return ""
    try:
        return _named(json.loads(body))
    except ValueError:
        pairs = dict(parse_qsl(body, keep_blank_values=True))
        return _named(pairs) or _bracketed(pairs)


def _named(content: Any) -> str:
    """By a key that says it, else by the first key that holds an object, as in ``{"account_id": ..., "message": {...}}``."""
    if not isinstance(content, Mapping):
        return ""
    for key in _EVENT_LISTS:
        if isinstance(content.get(key), list):
            return ", ".join(dict.fromkeys(filter(None, map(_named, content[key]))))
    names = [content[key] for key in _EVENT_KEYS if isinstance(content.get(key), str)]
    names += [str(key) for key, value in content.items() if isinstance(value, Mapping)]
    return one_line(next(iter(names), ""), _EVENT_MAX)


def _bracketed(pairs: Mapping[str, str]) -> str:
    """``talk add`` for a form with ``talk[add][0][id]=...``."""
    found = (match for key in pairs if (match := _BRACKETED.match(key)) is not None)
    return one_line(next((f"{match[1]} {match[2]}" for match in found), ""), _EVENT_MAX)


def _title(updates: Sequence[str], kinds: dict[str, str]) -> str:
    known = [f"{kinds[update]} {short_id(update)}" for update in updates if update in kinds]
    others = len(updates) - len(known)
    return ", ".join(known + ([f"{others} of other conversations"] if known and others else [])) or ", ".join(
        map(short_id, updates)
    )


def _webhook(record: Attempt, kinds: dict[str, str], zero_t: float, desk: str) -> WireEvent:
    return WireEvent(
        n=record.n,
        kind="webhook",
        t_s=max(0.0, record.began_t - zero_t),
        title=(event_name(record.body) if desk else "") or _title(record.updates, kinds),
        ok=record.ok,
        status=record.status,
        took_ms=record.took_s * 1000,
        attempt=record.number,
        error=record.error,
        retry_in_s=record.retry_in_s,
        note=record.note,
        desk=desk,
    )


def _call(record: Called, zero_t: float, desk: str) -> WireEvent:
    return WireEvent(
        n=record.n,
        kind="call",
        t_s=max(0.0, record.t - record.took_s - zero_t),
        title=record.method,
        ok=record.ok,
        status=record.status,
        took_ms=record.took_s * 1000,
        error=record.error,
        note=_note(record),
        detail=fields(record.arguments, 160),
        desk=desk,
    )


def _note(record: Called) -> str | None:
    notes = (
        "in the webhook's answer" if record.source == "webhook_answer" else "",
        f"{record.support} by the fake" if record.support != "supported" else "",
        record.note or "",
    )
    return "; ".join(note for note in notes if note) or None


def _dropped(record: Dropped, kinds: dict[str, str], zero_t: float, desk: str) -> WireEvent:
    title = _title(record.updates, kinds)
    t_s = record.t - zero_t
    return WireEvent(n=record.n, kind="dropped", t_s=t_s, title=title, ok=False, error=record.reason, desk=desk)
