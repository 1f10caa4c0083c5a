"""chatdrill's own trace: each conversation of a run as a dialog, with its presses, edits and files.

A file lies beside the trace under ``media/``, named by its SHA-256.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import msgspec

from chatdrill.errors import ExportError
from chatdrill.importing.dialog import Attached, Card, Deed, Dialog, Place, Turn
from chatdrill.importing.exports import Export
from chatdrill.importing.reader import Options, Reader
from chatdrill.model import (
    Contact,
    Delete,
    Edit,
    Edited,
    Keyboard,
    Location,
    Media,
    Message,
    Part,
    Press,
    React,
    Sent,
    Start,
    Write,
    part_text,
)
from chatdrill.trace import Acted, CaseBegan, Filed, Record, Took

_KINDS = ('"acted"', '"took"', '"filed"', '"case_began"')


def _sniff(name: str, head: str) -> bool:
    return name.lower().endswith(".jsonl") and '"kind":"run_began"' in head[:4000]


def _records(export: Export, name: str) -> Iterator[Record]:
    decoder = msgspec.json.Decoder(Record)
    torn: ExportError | None = None
    for number, line in export.lines(name):
        if torn is not None:
            raise torn
        if not any(kind in line[:400] for kind in _KINDS):
            continue
        try:
            yield decoder.decode(line)
        except (msgspec.MsgspecError, RecursionError) as error:  # a run that was killed tears its last line
            torn = ExportError(f"not a record of a trace: {error}", where=export.where(name, number))


def _read(export: Export, names: Sequence[str], _: Options) -> Iterator[Dialog]:
    for name in names:
        cases: dict[str, CaseBegan] = {}
        convs: dict[str, list[Turn]] = {}
        for record in _records(export, name):
            if isinstance(record, CaseBegan) and record.case:
                cases[record.case] = record
            elif record.conv:
                convs.setdefault(record.conv, []).extend(_turn(record, record.conv.rpartition("/")[2]))
        for conv, turns in convs.items():
            case = cases.get(conv.rpartition("/")[0])
            title, platform = (case.name, case.platform) if case else (conv, None)
            yield Dialog(title, "trace", export.where(name), partial(iter, turns), platform, sees_buttons=True)


def _turn(record: Record, key: str) -> Iterator[Turn]:
    if isinstance(record, Acted) and record.cause != "platform" and type(record.act) in _ACTS:
        yield _ACTS[type(record.act)](
            record, {"at": record.at, "who": key, "role": "customer", "id": next(iter(record.ids), None)}
        )
    elif isinstance(record, Took) and isinstance(record.effect, Sent | Edited):
        message = record.effect.message
        said = _said(message.parts, {"at": record.at, "who": message.sender or "bot", "role": "bot", "id": message.id})
        yield msgspec.structs.replace(said, does="edits", of=message.id) if isinstance(record.effect, Edited) else said
    elif isinstance(record, Filed) and type(record.event).__name__ == "Closed":
        yield Turn(at=record.at, who=record.desk, role="agent", does="closes")


def _said(parts: Sequence[Part], head: dict[str, Any]) -> Turn:
    keyboard = next((part for part in parts if isinstance(part, Keyboard)), None)
    place = next((part for part in parts if isinstance(part, Location)), None)
    card = next((part for part in parts if isinstance(part, Contact)), None)
    message = Message(ids=("",), author="bot", parts=tuple(parts), at=0)
    return Turn(
        **head,
        text="\n".join(words for part in parts if (words := part_text(part))),
        files=tuple(_file(part) for part in parts if isinstance(part, Media)),
        buttons=tuple(button.title for button in message.buttons),
        keyboard=None if keyboard is None else keyboard.style,
        place=None
        if place is None
        else Place(latitude=place.latitude, longitude=place.longitude, name=place.name, address=place.address),
        card=None if card is None else Card(name=card.name, phone=card.phone, email=card.email),
    )


def _file(part: Media) -> Attached:
    path = f"media/{part.file.sha256}" if part.file.sha256 else None
    return Attached(kind=part.kind, path=path, name=part.file.name, emoji=part.emoji)


def _write(record: Acted, head: dict[str, Any]) -> Turn:
    act = record.act
    assert isinstance(act, Write)
    return msgspec.structs.replace(_said(act.parts, head), reply_to=act.reply_to, forwarded=act.forwarded)


def _other(does: Deed, record: Acted, head: dict[str, Any]) -> Turn:
    act: Any = record.act
    text = _TEXTS[does](act) if does in _TEXTS else ""
    payload = act.button.payload if does == "presses" else getattr(act, "payload", None)
    if isinstance(act, Start) and payload is None and act.referral is not None:
        payload = act.referral.ref
    return Turn(**head, does=does, text=text, payload=payload, of=getattr(act, "message_id", None))


_TEXTS: dict[Deed, Callable[[Any], str]] = {
    "presses": lambda act: act.button.title,
    "edits": lambda act: "\n".join(filter(None, map(part_text, act.parts))),
    "reacts": lambda act: act.emoji or "",
}
_ACTS: dict[type, Callable[[Acted, dict[str, Any]], Turn]] = {
    Write: _write,
    Press: partial(_other, "presses"),
    Edit: partial(_other, "edits"),
    Delete: partial(_other, "deletes"),
    React: partial(_other, "reacts"),
    Start: partial(_other, "starts"),
}

TRACE = Reader("trace", "chatdrill's own trace (JSON lines)", _sniff, _read)
