"""A conversation in its two halves, turn by turn: what the customer did, and what the bot said to that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from chatdrill.engine.match import part_name
from chatdrill.model import (
    Act,
    Deleted,
    Edit,
    Edited,
    Effect,
    Message,
    Press,
    PressAnswered,
    React,
    Reacted,
    Read,
    Receipt,
    Sent,
    Start,
    Typing,
    Write,
    part_text,
)
from chatdrill.trace import Acted, CaseBegan, CaseEnded, Filed, Record, Took

_SILENT = (Typing, Read, Receipt)
_HANDOVER = frozenset(
    ("handoff_asked", "handoff_failed", "ticket_opened", "accepted", "declined", "ticket_closed", "ticket_reopened")
)
_FOLDER = re.compile(r"^.*::")


class Reply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that the bot did and the customer sees. ``parts`` are what it is made of, by name; ``n`` is its record, ``t`` real seconds
    since the run began, ``at`` drill time."""

    parts: tuple[str, ...]
    buttons: tuple[str, ...] = ()
    text: str = ""
    edited: bool = False
    n: int = 0
    t: float = 0.0
    at: float = 0.0

    @property
    def shape(self) -> tuple[Any, ...]:
        """All but its words and its time."""
        return self.parts, self.buttons, self.edited


class Turn(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What the customer did until the bot spoke, and what it said until the customer went on. ``handover`` are what became true at the desk
    meanwhile. ``n`` is the record of the customer's first act (of the bot's first word, where it speaks unasked)."""

    said: list[str] = []
    replies: list[Reply] = []
    handover: list[str] = []
    asked_t: float | None = None
    asked_at: float | None = None
    n: int = 0

    def latency_s(self, *, drill: bool) -> float | None:
        """Seconds (of ``drill`` time, or real ones) from the customer's last act to the bot's first word; ``None`` without either."""
        if self.asked_t is None or self.asked_at is None or not self.replies:
            return None
        first = self.replies[0]
        return first.at - self.asked_at if drill else first.t - self.asked_t


class Talk(msgspec.Struct, kw_only=True):
    """One conversation. ``key`` is what the same one is known by in another run, wherever its scenario lies. ``is_open``: the trace ends
    before the conversation did."""

    key: str
    conv: str
    case: str
    name: str
    platform: str
    turns: list[Turn] = []
    is_open: bool = True


def talks_of(records: Iterable[Record]) -> dict[str, Talk]:
    """The conversations of a trace by their key, in the order in which they began."""
    found: dict[str, Talk] = {}
    by_conv: dict[str, Talk] = {}
    over: set[str | None] = set()
    for record in records:
        if isinstance(record, CaseBegan) and record.case is not None:
            for customer in record.customers:
                conv = f"{record.case}/{customer}"
                talk = Talk(
                    key=_FOLDER.sub("", conv),
                    conv=conv,
                    case=record.case,
                    name=record.name,
                    platform=record.platform_of(conv),
                )
                key = talk.key if talk.key not in found else conv
                found[key] = by_conv[conv] = msgspec.structs.replace(talk, key=key)
        elif isinstance(record, CaseEnded):
            over.add(record.case)
        elif record.conv in by_conv:
            _take(by_conv[record.conv], record)
    for talk in found.values():
        talk.is_open = talk.case not in over
    return found


def _take(talk: Talk, record: Record) -> None:
    if isinstance(record, Acted):
        if record.cause != "platform" and not isinstance(record.act, _SILENT):
            _acted(talk, record)
    elif isinstance(record, Took):
        if not record.is_platforms:
            for reply in _replies(record.effect):
                _heard(talk, msgspec.structs.replace(reply, n=record.n, t=record.t, at=record.at))
    elif isinstance(record, Filed):
        tag = str(record.event.__struct_config__.tag)
        if tag in _HANDOVER:
            _turn(talk, record.n).handover.append(tag)


def _turn(talk: Talk, n: int) -> Turn:
    if not talk.turns:
        talk.turns.append(Turn(said=[], replies=[], handover=[], n=n))
    return talk.turns[-1]


def _acted(talk: Talk, record: Acted) -> None:
    turn = _turn(talk, record.n)
    if turn.replies or (turn.handover and turn.said):
        turn = Turn(said=[], replies=[], handover=[], n=record.n)
        talk.turns.append(turn)
    turn.said.append(words_of(record.act))
    turn.asked_t, turn.asked_at = record.t, record.at


def _heard(talk: Talk, reply: Reply) -> None:
    _turn(talk, reply.n).replies.append(reply)


def _replies(effect: Effect) -> Iterator[Reply]:
    if isinstance(effect, Sent | Edited):
        yield _of_message(effect.message, edited=isinstance(effect, Edited))
    elif isinstance(effect, Deleted):
        yield Reply(parts=("deleted",), text=f"{len(effect.message_ids)}")
    elif isinstance(effect, Reacted):
        yield Reply(parts=("reaction",), text=effect.emoji or "")
    elif isinstance(effect, PressAnswered) and effect.text:
        yield Reply(parts=("toast",), text=effect.text)


def _of_message(message: Message, *, edited: bool) -> Reply:
    buttons = tuple(button.title for button in message.buttons)
    return Reply(parts=tuple(map(part_name, message.parts)), buttons=buttons, text=message.text, edited=edited)


def words_of(act: Act) -> str:
    """An act in words, the same in every run: no ids."""
    tag = str(act.__struct_config__.tag)
    if isinstance(act, Write | Edit):
        said = [part_text(part) or f"({part_name(part)})" for part in act.parts]
        return " ".join(said) if isinstance(act, Write) else f"(edits) {' '.join(said)}"
    if isinstance(act, Press):
        return f"[{act.button.title}]"
    if isinstance(act, Start):
        return f"(starts {act.payload})" if act.payload else "(starts)"
    if isinstance(act, React):
        return f"(reacts {act.emoji})" if act.emoji else "(takes a reaction back)"
    return f"({getattr(act, 'name', '') or tag})"
