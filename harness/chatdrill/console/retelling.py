"""From records to steps: what customers and agents did, when, and the shape of what the bot said to it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chatdrill.engine.desk_steps import AgentDoes, AgentVerb, Handoff
from chatdrill.engine.expect import Expectation, MessageRef
from chatdrill.engine.match import part_name
from chatdrill.engine.step_parts import Attachment, Content
from chatdrill.engine.steps import (
    Blocks,
    Deletes,
    Edits,
    Hears,
    Piece,
    Presses,
    Reacts,
    Reads,
    Reminded,
    Says,
    Sends,
    Starts,
    Step,
    Unblocks,
    Waits,
)
from chatdrill.engine.templates import escaped
from chatdrill.model import (
    Accepted,
    Blobs,
    Block,
    Contact,
    Delete,
    Edit,
    Edited,
    EntryAdded,
    Form,
    HandoffAsked,
    Location,
    Media,
    Message,
    Order,
    Other,
    Press,
    React,
    Read,
    Sent,
    Start,
    Text,
    TicketClosed,
    Typing,
    Unblock,
    Write,
    part_text,
)
from chatdrill.trace import Acted, Filed, Injected, Record, Took

_BURST_S = 20.0
"""Messages that follow each other faster than that are one burst."""
_PAUSE_S = 60.0
"""A person who thinks for less is the persona's business; a longer silence is the scenario's. Then who speaks first reminds."""
_BREATH_S = 0.3
"""Who goes on before the bot has said anything decides by such a gap what the bot takes together."""
_SLOW_S = 5.0
"""A bot that took longer gets as long again; below it the settings' own patience will do."""


_REMINDER_SHARE = 0.1
"""By how much of its pause a reminder may come sooner or later."""


@dataclass
class _Chat:
    """What is known of one conversation. Times are drill time; ids lead to the words that messages can be found by."""

    key: str
    blobs: Blobs
    own: dict[str, str] = field(default_factory=dict)
    bots: dict[str, str] = field(default_factory=dict)
    last_at: float | None = None
    acted_at: float | None = None
    heard: list[tuple[float, Expectation]] = field(default_factory=list)
    heard_n: int = 0
    before_heard: float | None = None
    burst: list[tuple[float, str]] = field(default_factory=list)
    burst_n: int = 0
    n: int = 0


class Retelling:
    """Takes the records one after the other. ``convs`` has of each conversation the customer's key and where its files are."""

    def __init__(self, convs: Mapping[str, tuple[str, Blobs]]) -> None:
        self._chats = {conv: _Chat(key, blobs) for conv, (key, blobs) in convs.items()}
        self._alone = len(self._chats) == 1
        self._steps: list[tuple[int, Step]] = []  # with the record that each begins with: people talk at the same time
        self.files: dict[str, bytes] = {}
        self.agents: dict[str, None] = {}
        self.notes: dict[str, None] = {}

    def take(self, record: Record) -> None:
        """Look at one record."""
        chat = self._chats.get(record.conv or "")
        if chat is None:
            return
        chat.n = record.n
        if isinstance(record, Acted) and record.cause == "step":
            self._acted(chat, record)
        elif isinstance(record, Took):
            self._took(chat, record)
        elif isinstance(record, Filed):
            self._filed(chat, record)
        elif isinstance(record, Injected):
            self.notes[f"the fault {record.fault!r} that struck is not a part of it"] = None

    def steps(self) -> list[Step]:
        """The steps so far."""
        for chat in self._chats.values():
            self._flush(chat)
        return [step for _, step in sorted(self._steps, key=lambda placed: placed[0])]

    # -------------------------------------------------------------------------------------------- customers

    def _acted(self, chat: _Chat, record: Acted) -> None:
        act = record.act
        if isinstance(act, Typing):
            self.notes["that a customer typed is left out"] = None
            return
        if isinstance(act, Write) and _is_plain(act):
            self._write(chat, record, "\n".join(part_text(part) for part in act.parts))
        else:
            self._flush(chat)
            self._pause(chat, record.at)
            made = _ACTS[type(act)](self, chat, act) if type(act) in _ACTS else None
            if made is None:
                self.notes[f"the language has no words for {type(act).__name__.lower()!r} here"] = None
            else:
                self._add(chat, made)
        if isinstance(act, Write):
            chat.own.update(dict.fromkeys(record.ids, "\n".join(filter(None, map(part_text, act.parts)))))
        chat.last_at = chat.acted_at = record.at

    def _write(self, chat: _Chat, record: Acted, text: str) -> None:
        goes_on = chat.burst and not chat.heard and record.at - chat.burst[-1][0] < _BURST_S
        if not goes_on:
            self._flush(chat)
            self._pause(chat, record.at)
            chat.burst_n = record.n
        chat.burst.append((record.at, text))

    def _pause(self, chat: _Chat, at: float) -> None:
        if chat.last_at is None:
            return
        gap_s, goes_on = at - chat.last_at, chat.last_at == chat.acted_at
        if gap_s >= (_BREATH_S if goes_on else _PAUSE_S):
            self._add(chat, Waits(seconds=float(round(gap_s)) if gap_s >= _BURST_S else round(gap_s, 1)))

    def _flush(self, chat: _Chat) -> None:
        """Write down the burst or the bot's turn that has come to an end."""
        if chat.burst:
            pieces = [Piece(escaped(text)) for _, text in chat.burst]
            for index in range(1, len(pieces)):
                gap_s = round(chat.burst[index][0] - chat.burst[index - 1][0], 1)
                pieces[index] = Piece(pieces[index].text, gap_s)
            chat.burst.clear()
            self._add(chat, Says(pieces=tuple(pieces)), chat.burst_n)
        if chat.heard:
            self._hear(chat)

    def _hear(self, chat: _Chat) -> None:
        heard, before = chat.heard, chat.before_heard
        first_s = 0.0 if before is None else heard[0][0] - before
        wanted = tuple(expectation for _, expectation in heard)
        took_s = 0.0 if before is None else heard[-1][0] - before
        chat.heard = []
        if first_s >= _PAUSE_S and chat.acted_at is not None:
            since_s = float(round(heard[0][0] - chat.acted_at))
            give_s = float(max(round(_REMINDER_SHARE * since_s), _PAUSE_S))
            not_before, by = max(0.0, since_s - give_s), since_s + give_s
            self._add(chat, Reminded(expectations=wanted, not_before=not_before, by=by), chat.heard_n)
            return
        within_s = float(math.ceil(2 * took_s)) if took_s > _SLOW_S else None
        self._add(chat, Hears(expectations=wanted, within_s=within_s), chat.heard_n)

    def _add(self, chat: _Chat, step: Step, n: int | None = None) -> None:
        own = step if self._alone else msgspec.structs.replace(step, customer=chat.key)
        self._steps.append((chat.n if n is None else n, own))

    # -------------------------------------------------------------------------------------------------- the bot

    def _took(self, chat: _Chat, record: Took) -> None:
        effect = record.effect
        if not isinstance(effect, Sent | Edited):
            return
        speaks_again = chat.heard and chat.last_at is not None and record.at - chat.last_at >= _PAUSE_S
        if chat.burst or speaks_again:
            self._flush(chat)
        if not chat.heard:
            chat.before_heard, chat.heard_n = chat.last_at, record.n
        chat.heard.append((record.at, _shape(effect.message, edited=isinstance(effect, Edited))))
        chat.bots.update(dict.fromkeys(effect.message.ids, effect.message.text))
        chat.last_at = record.at

    # ------------------------------------------------------------------------------------------------- the desk

    def _filed(self, chat: _Chat, record: Filed) -> None:
        event = record.event
        if isinstance(event, HandoffAsked):
            self._flush(chat)
            self._add(chat, Handoff())
        elif record.by == "agent":
            self._agent(chat, event)

    def _agent(self, chat: _Chat, event: Any) -> None:
        if isinstance(event, Accepted):
            self._agent_does(chat, "accepts", agent=event.agent)
        elif isinstance(event, TicketClosed):
            self._agent_does(chat, "closes")
        elif isinstance(event, EntryAdded) and event.entry.author == "agent" and event.entry.text:
            self._agent_does(chat, "says" if event.entry.public else "notes", text=escaped(event.entry.text))

    def _agent_does(self, chat: _Chat, verb: AgentVerb, *, agent: str | None = None, text: str | None = None) -> None:
        if agent is not None:
            self.agents[agent] = None
        self._flush(chat)
        self._add(chat, AgentDoes(verb=verb, agent=agent, text=text))

    # ------------------------------------------------------------------------------------------- single acts

    def _send(self, chat: _Chat, act: Write) -> Step | None:
        quoted = self._reference(chat.bots, act.reply_to) or self._reference(chat.own, act.reply_to)
        if act.reply_to is not None and quoted is None:
            return None
        if all(isinstance(part, Text) for part in act.parts):
            text = "\n".join(map(part_text, act.parts))
            return Says(pieces=(Piece(escaped(text)),), reply_to=quoted, forwarded=act.forwarded)
        contents = tuple(self._content(chat, part) for part in act.parts)
        known = tuple(content for content in contents if content is not None)
        return Sends(contents=known, reply_to=quoted, forwarded=act.forwarded) if len(known) == len(contents) else None

    def _content(self, chat: _Chat, part: Any) -> Content | None:
        if isinstance(part, Media):
            caption = None if part.caption is None else escaped(part.caption.text)
            return Attachment(file=self._file(chat, part), kind=part.kind, caption=caption, emoji=part.emoji)
        return part if isinstance(part, Location | Contact | Order | Form | Other) else None

    def _file(self, chat: _Chat, part: Media) -> str:
        """The name of the file beside the scenario: its own, unless another of that name is there."""
        content = chat.blobs.get(part.file.sha256)
        own = (part.file.name or part.kind).replace("\\", "/").rpartition("/")[2].lstrip(".") or part.kind
        safe = "".join(char if char.isalnum() or char in "._-" else "-" for char in own)
        path = f"media/{safe}"
        if self.files.setdefault(path, content) != content:
            path = f"media/{part.file.sha256[:8]}-{safe}"
            self.files[path] = content
        return path

    def _edit(self, chat: _Chat, act: Edit) -> Step | None:
        message = self._reference(chat.own, act.message_id)
        text = "\n".join(map(part_text, act.parts))
        chat.own[act.message_id] = text
        return None if message is None else Edits(text=escaped(text), message=message)

    def _delete(self, chat: _Chat, act: Delete) -> Step | None:
        message = self._reference(chat.own, act.message_id)
        chat.own.pop(act.message_id, None)
        return None if message is None else Deletes(message=message)

    def _react(self, chat: _Chat, act: React) -> Step | None:
        message = self._reference(chat.bots, act.message_id)
        return None if message is None else Reacts(emoji=act.emoji, message=message)

    def _read(self, chat: _Chat, act: Read) -> Step | None:
        message = self._reference(chat.bots, act.message_id)
        return None if message is None else Reads(message=message)

    def _reference(self, known: dict[str, str], message_id: str | None) -> MessageRef | None:
        """How the language finds a message: the newest, or the newest with these words."""
        if message_id is None or message_id not in known:
            return None
        if message_id == next(reversed(known)):
            return MessageRef()
        return MessageRef(escaped(known[message_id])) if known[message_id] else None


def _is_plain(act: Write) -> bool:
    is_words = all(isinstance(part, Text) for part in act.parts)
    return is_words and act.reply_to is None and not act.forwarded and act.referral is None


def _pressed(act: Press) -> Presses:
    is_menu = act.message_id is None
    if act.button.title:
        return Presses(title=escaped(act.button.title), menu=is_menu)
    return Presses(payload=escaped(act.button.payload or ""), menu=is_menu)


def _shape(message: Message, *, edited: bool) -> Expectation:
    """What a message is made of; its words may be others tomorrow."""
    return Expectation(parts=tuple(map(part_name, message.parts)), edited=edited)


_ACTS: Mapping[type, Callable[[Retelling, _Chat, Any], Step | None]] = {
    Write: Retelling._send,
    Press: lambda _, __, act: _pressed(act),
    Edit: Retelling._edit,
    Delete: Retelling._delete,
    React: Retelling._react,
    Read: Retelling._read,
    Start: lambda _, __, act: Starts(payload=act.payload, referral=act.referral),
    Block: lambda _, __, ___: Blocks(),
    Unblock: lambda _, __, ___: Unblocks(),
}
