"""What went over the wire in one case: webhooks sent, updates given up, calls received, in the order they began."""

from __future__ import annotations

from collections.abc import Sequence

from chatdrill.trace.records import Acted, Attempt, Called, Dropped, Record
from chatdrill.trace.transcript.phrases import fields, short_id
from chatdrill.trace.transcript.views import WireEvent

_ACT_WORDS = {
    "write": "message",
    "press": "button press",
    "react": "reaction",
    "start": "chat opened",
    "read": "read receipt",
}


def wire_events(records: Sequence[Record]) -> tuple[WireEvent, ...]:
    """The events of one case's records."""
    zero_t = records[0].t if records else 0.0
    kinds: dict[str, str] = {}
    events: list[WireEvent] = []
    for record in records:
        if isinstance(record, Acted):
            tag = str(record.act.__struct_config__.tag)
            kinds.update(dict.fromkeys(record.updates, _ACT_WORDS.get(tag, tag)))
        elif isinstance(record, Attempt):
            events.append(_webhook(record, kinds, zero_t))
        elif isinstance(record, Called):
            events.append(_call(record, zero_t))
        elif isinstance(record, Dropped):
            events.append(_dropped(record, kinds, zero_t))
    return tuple(sorted(events, key=lambda event: (event.t_s, event.n)))


def _title(updates: Sequence[str], kinds: dict[str, str]) -> str:
    known = [f"{kinds[update]} {short_id(update)}" for update in updates if update in kinds]
    others = len(updates) - len(known)
    return ", ".join(known + ([f"{others} of other conversations"] if known and others else [])) or ", ".join(
        map(short_id, updates)
    )


def _webhook(record: Attempt, kinds: dict[str, str], zero_t: float) -> WireEvent:
    return WireEvent(
        n=record.n,
        kind="webhook",
        t_s=max(0.0, record.began_t - zero_t),
        title=_title(record.updates, kinds),
        ok=record.ok,
        status=record.status,
        took_ms=record.took_s * 1000,
        attempt=record.number,
        error=record.error,
        retry_in_s=record.retry_in_s,
        note=record.note,
    )


def _call(record: Called, zero_t: float) -> WireEvent:
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
    )


def _note(record: Called) -> str | None:
    notes = (
        "in the webhook's answer" if record.source == "webhook_answer" else "",
        f"{record.support} by the fake" if record.support != "supported" else "",
        record.note or "",
    )
    return "; ".join(note for note in notes if note) or None


def _dropped(record: Dropped, kinds: dict[str, str], zero_t: float) -> WireEvent:
    title = _title(record.updates, kinds)
    return WireEvent(n=record.n, kind="dropped", t_s=record.t - zero_t, title=title, ok=False, error=record.reason)
