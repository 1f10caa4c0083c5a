"""A recorded conversation that is spoiled on purpose: records are dropped, put in, moved and changed, then numbered anew.

A defect is a function that looks for a place where it can strike, spoils it and says whether it found one. ``spoiled`` plays
conversations until one has such a place.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import msgspec

from chatdrill.checks.handoff.dialogs import Dialog, Episode, Out, dialogs
from chatdrill.model import DeskEvent, Message, OwnerChanged, Part, Sent, Text, Write
from chatdrill.trace import Acted, Called, CaseEnded, Filed, Record, Took
from checks.handoff.model import converse
from checks.handoff.stage import Stage

_NEW_N = 1_000_000
"""The numbers of new records until all are numbered anew."""
_TRIES = 600
_KEPT = 300
"""Conversations that are kept, since every defect looks for its place from the first on."""


class Tape:
    """The records of a case. Each keeps its number until ``done``; new ones stand behind those of the same moment."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.case = stage, stage.case
        self.kept: dict[int, Record] = {record.n: record for record in stage.made}
        self.numbers = itertools.count(_NEW_N)
        self.dialogs = dialogs(stage.case)
        self.speed = 1.0 if self.case.is_virtual else stage.speed

    # ----------------------------------------------------------------------------------------------------- spoiling

    def drop(self, *records: Record | Out | None) -> None:
        """Take records out, with the calls that made them if those made nothing else."""
        for item in records:
            record = item.record if isinstance(item, Out) else item
            if record is None:
                continue
            self.kept.pop(record.n, None)
            call = getattr(record, "call", None)
            if call is not None and not any(getattr(other, "call", None) == call for other in self.kept.values()):
                self.kept.pop(call, None)

    def change(self, record: Record, **fields: Any) -> None:
        """Other values of the same record."""
        self.kept[record.n] = msgspec.structs.replace(self.kept[record.n], **fields)

    def change_event(self, record: Filed, **fields: Any) -> None:
        """Other values of what a record says became true."""
        self.change(record, event=msgspec.structs.replace(record.event, **fields))

    def change_entry(self, record: Filed, **fields: Any) -> None:
        """Other values of the entry in a record."""
        self.change_event(record, entry=msgspec.structs.replace(record.event.entry, **fields))  # type: ignore[union-attr]

    def put(self, kind: type, anchor: Record, after: float, **fields: Any) -> Any:
        """A new record, so many seconds of the machine after another, about the same conversation."""
        moment = {"t": anchor.t + after, "at": anchor.at + after * self.speed}
        place = {"case": anchor.case, "conv": anchor.conv, **moment}
        made = kind(n=next(self.numbers), **{**place, **fields})
        self.kept[made.n] = made
        return made

    def says(self, anchor: Record, after: float, *parts: Part | str, conv: str | None = None) -> Took:
        """The bot sends a message."""
        where = {"conv": conv} if conv is not None else {}
        call = self.call(anchor, after, self.stage.platform, **where)
        made = tuple(Text(text=part) if isinstance(part, str) else part for part in parts)
        message = Message(ids=(f"x{call.n}",), author="bot", parts=made, at=call.at)
        took = self.put(
            Took, anchor, after, platform=self.stage.platform, effect=Sent(to="5550001", message=message), call=call.n,
            **where,
        )  # fmt: skip
        assert isinstance(took, Took)
        return took

    def call(self, anchor: Record, after: float, platform: str, *, status: int = 200, **fields: Any) -> Called:
        """The bot calls an API."""
        facts = {"method": "desk", "took_s": 0.001, "ok": status < 400, "status": status, **fields}
        made = self.put(Called, anchor, after, platform=platform, **facts)
        assert isinstance(made, Called)
        return made

    def files(self, anchor: Record, after: float, *events: DeskEvent, by: str = "bot") -> list[Filed]:
        """Something becomes true at the desk."""
        call = self.call(anchor, after, self.stage.desk).n if by == "bot" else None
        return [self.put(Filed, anchor, after, desk=self.stage.desk, event=event, by=by, call=call) for event in events]

    def move(self, record: Record | Out, seconds: float) -> None:
        """Later by so much, with its call."""
        record = record.record if isinstance(record, Out) else record
        moved = [record, *([self.kept[record.call]] if getattr(record, "call", None) in self.kept else [])]
        for each in moved:
            self.kept.pop(each.n)
        call = None
        for each in reversed(moved):
            fields: dict[str, Any] = {
                "n": next(self.numbers),
                "t": each.t + seconds,
                "at": each.at + seconds * self.speed,
            }
            if call is not None:
                fields["call"] = call
            made = msgspec.structs.replace(each, **fields)
            self.kept[made.n] = made
            call = made.n

    def cut(self, after: Record) -> None:
        """Nothing more happens in a conversation."""
        for record in list(self.kept.values()):
            if record.conv == after.conv and record.n > after.n and record.t > after.t - 1e-9:
                self.kept.pop(record.n, None)

    def done(self) -> Stage:
        """The case with its records numbered anew."""
        last = max(record.t for record in self.kept.values())
        for record in self.kept.values():
            if isinstance(record, CaseEnded):
                self.kept[record.n] = msgspec.structs.replace(record, t=last, at=record.at + last - record.t)
        ordered = sorted(self.kept.values(), key=lambda record: (isinstance(record, CaseEnded), record.t, record.n))
        places = {record.n: place for place, record in enumerate(ordered)}
        spoiled = copy(self.stage)
        spoiled.made, spoiled.indexed = [_numbered(record, places) for record in ordered], None
        return spoiled

    # ------------------------------------------------------------------------------------------------------ looking

    def room(self, dialog: Dialog, record: Record, seconds: float) -> bool:
        """True if nobody takes over, and the case goes on, for so long after a record."""
        changes = [span.since for span in dialog.spans if span.since is not None and span.since.n > record.n]
        return min((change.t for change in changes), default=self.end.t) - record.t >= seconds

    def quiet(self, dialog: Dialog, record: Record, seconds: float) -> bool:
        """True if nothing at all happens in a conversation for so long after a record, the platform's webhooks left out."""
        later = [
            other
            for other in self.stage.made
            if other.conv == dialog.conv and other.n > record.n and isinstance(other, Acted | Took | Filed)
        ]
        return self.room(dialog, record, seconds) and all(other.t - record.t >= seconds for other in later[:1])

    @property
    def end(self) -> Record:
        """The last record."""
        return self.stage.made[-1]


def _numbered(record: Record, places: dict[int, int]) -> Record:
    fields: dict[str, Any] = {"n": places[record.n]}
    if getattr(record, "call", None) is not None:
        fields["call"] = places.get(record.call)  # type: ignore[union-attr]
    return msgspec.structs.replace(record, **fields)


Spoil = Callable[[Tape, Dialog], bool]


@dataclass(frozen=True)
class Defect:
    """Something a bot (or a desk) gets wrong, and the rule that must tell it."""

    rule: str
    name: str
    spoil: Spoil


DEFECTS: list[Defect] = []


def defect(rule: str, name: str) -> Callable[[Spoil], Spoil]:
    """Register a defect."""

    def register(spoil: Spoil) -> Spoil:
        DEFECTS.append(Defect(rule, name, spoil))
        return spoil

    return register


@lru_cache(_KEPT)
def _calm(seed: int) -> Stage:
    """A conversation to be spoiled; a tape changes a copy."""
    return converse(seed, calm=True)


def spoiled(defect: Defect, start: int = 0) -> Iterator[tuple[int, Stage]]:
    """Conversations with the defect, by seed. Ends after many seeds in which there was no place for it."""
    for seed in range(start, start + _TRIES):
        tape = Tape(_calm(seed))
        if any(defect.spoil(tape, dialog) for dialog in tape.dialogs):
            yield seed, tape.done()


@cache
def first_spoiled(defect: Defect) -> tuple[int, Stage]:
    """The first conversation with a place for the defect; some are looked for long."""
    return next(spoiled(defect))


# ---------------------------------------------------------------------------------------------- places in a dialog


def called(dialog: Dialog) -> Iterator[Episode]:
    """The handovers that the bot asked for."""
    return (episode for episode in dialog.episodes if not episode.by_agent and episode.asked.by == "bot")


def words(dialog: Dialog, *owners: str, least: int = 6) -> Iterator[Acted]:
    """The customer's messages of words alone, by who was in charge."""
    for act in dialog.said:
        is_text = isinstance(act.act, Write) and all(isinstance(part, Text) for part in act.act.parts)
        if is_text and dialog.owner_at(act.n) in owners and len(text_of(act)) >= least:
            yield act


def text_of(act: Acted) -> str:
    """The words of a message."""
    assert isinstance(act.act, Write)
    return "\n".join(part.text for part in act.act.parts if isinstance(part, Text))


def carriers(dialog: Dialog, reply: Filed) -> list[Out]:
    """What shows a reply to the customer."""
    return dialog.outs_of(reply)


def switches(dialog: Dialog, owner: str) -> Iterator[Filed]:
    """The records with which somebody of this kind came in charge."""
    for span in dialog.spans:
        if span.owner == owner and span.since is not None and isinstance(span.since.event, OwnerChanged):
            yield span.since


def once(items: Iterable[Any]) -> Any:
    """The first, or nothing."""
    return next(iter(items), None)
