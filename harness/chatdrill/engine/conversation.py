"""One customer's side of one conversation: what was said, what was heard, and waiting for more.

``Hearing`` is a pure function of the records; the checks build it again from a trace. ``Conversation`` adds the waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from chatdrill.clock import Deadlines, real_monotonic
from chatdrill.engine.expect import MessageRef
from chatdrill.engine.match import find_button, find_message
from chatdrill.engine.steps import Presses
from chatdrill.model import (
    Button,
    Customer,
    Deleted,
    Edit,
    Edited,
    Event,
    Message,
    Press,
    PressAnswered,
    Read,
    Sent,
    Start,
    Typing,
    Write,
)
from chatdrill.trace import Acted, Took
from chatdrill.wire import Chat

NO_TURN = (Read, Typing, Event)
"""The acts that end no turn."""
_WORDS = frozenset((Write, Start, Press))
"""The acts that want an answer."""


class Heard(msgspec.Struct, gc=False):
    """A message of the bot, or (``edit``) what became of an earlier one. ``t``: real seconds since the run began,
    ``at``: drill time."""

    n: int
    t: float
    at: float
    message: Message
    edit: bool = False


@dataclass
class Hearing:
    """What one customer has heard and said, built from the records of the conversation.

    ``known`` has every message by platform id, the newest state of each. ``pool`` is what was heard in this turn and met
    no expectation yet. A turn ends with the first act of the customer after the scenario has ``listened``: what the bot
    says between two acts waits for the listening that follows them, so it may answer the first message of a burst at
    once. ``since_act`` counts the bot's messages since the customer's last word, ``deeds`` all that it did, typing included; ``awaiting``
    says whether a word of the bot's is due.
    ``word_at`` is the drill time of that last word.
    """

    heard: list[Heard] = field(default_factory=list)
    known: dict[str, Message] = field(default_factory=dict)
    pool: list[Heard] = field(default_factory=list)
    listened: bool = False
    awaiting: bool = False
    since_act: int = 0
    deeds: int = 0
    word_at: float | None = None

    def acted(self, record: Acted) -> None:
        """Take in what the customer did, or the platform."""
        if record.cause == "platform":
            return
        act = record.act
        if self.listened and record.cause == "step" and type(act) not in NO_TURN:
            self.pool, self.listened = [], False
        if type(act) in _WORDS:  # to say that a struct is none of several takes isinstance ten times as long
            if record.ids:
                parts = act.parts if isinstance(act, Write) else ()
                said = Message(ids=record.ids, author="customer", parts=parts, at=record.at)
                for identity in record.ids:
                    self.known[identity] = said
            self.awaiting = True
            self.since_act = self.deeds = 0
            self.word_at = record.at
        elif type(act) is Edit and act.message_id in self.known:
            before = self.known[act.message_id]
            self.known[act.message_id] = msgspec.structs.replace(before, parts=act.parts)

    def took(self, record: Took) -> None:
        """Take in what a call of the bot did."""
        effect = record.effect
        if record.is_platforms:
            return
        self.deeds += 1
        if isinstance(effect, Sent):
            self.since_act += 1
            self._hear(Heard(record.n, record.t, record.at, effect.message))
        elif isinstance(effect, Edited):
            edited = msgspec.structs.replace(effect.message, edited_at=effect.message.edited_at or record.at)
            self._hear(Heard(record.n, record.t, record.at, edited, edit=True))
        elif isinstance(effect, Deleted):
            for identity in effect.message_ids:
                self.known.pop(identity, None)
        elif isinstance(effect, PressAnswered):
            self.awaiting = False

    def _hear(self, item: Heard) -> None:
        for identity in item.message.ids:
            self.known[identity] = item.message
        self.heard.append(item)
        self.pool.append(item)
        self.awaiting = False

    def messages(self, author: str | None = None) -> list[Message]:
        """The messages that are known, oldest first, of one author or of all; an album counts once."""
        unique = {id(message): message for message in self.known.values()}
        return [message for message in unique.values() if author in (None, message.author)]


FLOOD = 1_000
"""Whoever has done so much since the customer's last word will go on for ever."""


@dataclass(kw_only=True)
class Conversation(Hearing):
    """What a customer remembers of a conversation, and the way to wait for more. ``grace_s`` is what faults that came by chance
    have cost (real seconds): a customer waits that much longer, once."""

    id: str
    customer: Customer
    channel: str
    address: str
    chat: Chat
    deadlines: Deadlines[asyncio.Future[None]]
    grace_s: float = 0.0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    _changed: asyncio.Future[None] | None = None
    _waiting_since: float | None = None
    _hopes: bool = False

    def took(self, record: Took) -> None:
        """Take in what a call of the bot did, and let a waiting customer look."""
        Hearing.took(self, record)
        if self._changed is not None and not self._changed.done():
            self._changed.set_result(None)

    def at(self, now: float) -> float:
        """The drill time in this conversation when the clock shows ``now``."""
        return now + self.chat.ahead_s

    async def until(
        self,
        done: Callable[[], bool],
        timeout_s: float,
        *,
        hopes: bool = False,
        look: bool = True,
        rests: bool = False,
    ) -> bool:
        """Wait (real seconds) until ``done``, which is asked after everything the bot does; false on time-out. ``hopes``: it is the
        bot that should do something, though it owes the customer no word; ``rests``: nobody waits for the bot at all. Who knows that it is
        not done yet need not ``look`` first."""
        if look and done():
            return True
        if timeout_s <= 0:
            return False
        loop = self._loop
        deadline = loop.time() + timeout_s
        self._waiting_since, self._hopes = None if rests else real_monotonic(), hopes
        try:
            while True:
                self._changed = changed = loop.create_future()
                ends = self.deadlines.add(deadline, changed, loop)
                try:
                    await changed
                finally:
                    self.deadlines.remove(ends, changed)
                if done():
                    return True
                if loop.time() >= deadline:
                    return False
        finally:
            self._waiting_since = None

    async def rest(self, seconds: float) -> bool:
        """Let time pass, while the bot may do what it likes; false if that became a flood."""
        return not await self.until(lambda: self.deeds > FLOOD, seconds, rests=True)

    async def until_at_last(self, done: Callable[[], bool], timeout_s: float, *, hopes: bool = False) -> bool:
        """Wait like ``until``, and then for as long as faults that came by chance have cost."""
        return await self.until(done, timeout_s, hopes=hopes) or await self.until_grace_ends(done, hopes=hopes)

    async def until_grace_ends(self, done: Callable[[], bool], *, hopes: bool = False) -> bool:
        """Wait while there is grace; what is not needed of it is left for later."""
        while self.grace_s:
            grace_s, self.grace_s, began = self.grace_s, 0.0, self._loop.time()
            if await self.until(done, grace_s, hopes=hopes, look=False):
                self.grace_s += max(0.0, grace_s - (self._loop.time() - began))
                return True
        return False

    def is_waiting(self, now: float, most_s: float) -> bool:
        """True while the customer waits for an answer, for at most ``most_s`` real seconds; ``now`` is real and monotonic."""
        if self._waiting_since is None or not (self.awaiting or self._hopes):
            return False
        return now - self._waiting_since < most_s

    def wake(self) -> None:
        """Let a waiting customer look again."""
        if self._changed is not None:
            end_wait(self._changed)

    def own_message(self, ref: MessageRef) -> str | None:
        """The id of the customer's newest message that ``ref`` means."""
        return _id(find_message(ref, self.messages("customer")))

    def bot_message(self, ref: MessageRef) -> str | None:
        """The id of the bot's newest message that ``ref`` means."""
        return _id(find_message(ref, self.messages("bot")))

    def any_message(self, ref: MessageRef) -> str | None:
        """The id of the newest message that ``ref`` means, the bot's before the customer's."""
        return self.bot_message(ref) or self.own_message(ref)

    def find_button(self, press: Presses) -> tuple[Button, str] | None:
        """The button to press in the newest message that has it, and that message's id."""
        found = find_button(press, self.messages("bot"))
        return None if found is None else (found[1], found[0].id)

    def button_titles(self) -> list[str]:
        """The titles of all buttons seen, the newest message's first."""
        titles = (button.title for message in reversed(self.messages("bot")) for button in message.buttons)
        return list(dict.fromkeys(titles))

    @property
    def last_said(self) -> str:
        """The words of the customer's newest message that has any."""
        return next((text for message in reversed(self.messages("customer")) if (text := message.text)), "")


def end_wait(changed: asyncio.Future[None]) -> None:
    """Let whoever waits look again."""
    if not changed.done():
        changed.set_result(None)


def _id(message: Message | None) -> str | None:
    return None if message is None else message.id
