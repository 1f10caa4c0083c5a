"""Telling one case as a chat: records in, bubbles and marks out. One method per kind of record, act and effect."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chatdrill.model import (
    Activity,
    Block,
    Customer,
    Delete,
    Deleted,
    Echo,
    Edit,
    Edited,
    Event,
    MarkedRead,
    Message,
    Part,
    Press,
    PressAnswered,
    React,
    Reacted,
    Read,
    Receipt,
    Sent,
    Start,
    Text,
    Typing,
    Unblock,
    Write,
)
from chatdrill.trace.records import (
    Acted,
    Attempt,
    Called,
    CaseEnded,
    Dropped,
    Record,
    Skipped,
    StepBegan,
    StepEnded,
    Took,
    Trouble,
)
from chatdrill.trace.transcript.passage import Passage
from chatdrill.trace.transcript.phrases import bounds, fields, later, one_line, step_words, zone_name
from chatdrill.trace.transcript.views import Bubble, Due, Item, Mark, MarkKind, Quote, Status, Version

_RANK: dict[Status | None, int] = {None: 0, "sent": 1, "delivered": 2, "read": 3, "played": 4, "failed": 5}
_SPOKEN_BUTTONS = frozenset({"reply", "postback", "request_contact", "request_location", "request_email"})
_ENDS = {
    "unmet": "The scenario ended here, because a step was not met",
    "stopped": "The conversation was stopped here",
    "broken": "The conversation broke off here",
}


class Teller:
    """Tells the chat of one case. ``items`` grow and change as records come."""

    def __init__(
        self, case: str, customers: Mapping[str, Customer], steps: tuple[str, ...], platform: str, passage: Passage
    ) -> None:
        self.items: list[Item] = []
        self._case = case
        self._customers = customers
        self._steps = dict(enumerate(steps))
        self._platform = platform
        self._by_id: dict[tuple[str, str], Bubble] = {}
        self._by_update: dict[str, Item] = {}
        self._said: dict[str, list[Bubble]] = {}
        self._passage = passage
        self._due: dict[int, Due] = {}

    def tell(self, record: Record) -> None:
        """Add one record to the story."""
        _RECORDS.get(type(record), _nothing)(self, record)

    # ------------------------------------------------------------------------------------------------ helpers

    def _key(self, record: Record) -> str:
        if record.conv is not None:
            return record.conv.removeprefix(f"{self._case}/")
        return next(iter(self._customers), "") if len(self._customers) == 1 else ""

    def _name(self, key: str) -> str:
        customer = self._customers.get(key)
        return customer.name if customer else key or "Customer"

    def _find(self, record: Record, message_id: str) -> Bubble | None:
        return self._by_id.get((self._key(record), message_id))

    def _add(self, item: Item) -> None:
        self.items.extend(self._passage.marks(item.at))
        self.items.append(item)

    def _mark(self, record: Record, kind: MarkKind, text: str, **more: Any) -> Mark:
        mark = Mark(kind=kind, text=text, at=record.at, records=[record.n], customer=self._key(record), **more)
        self._add(mark)
        return mark

    def _say(self, record: Record, parts: tuple[Part, ...], ids: Iterable[str], **more: Any) -> Bubble:
        key = self._key(record)
        said = self._said.setdefault(key, [])
        gap_s = record.at - said[-1].at if said else None
        fields_ = {"author": "customer", "name": self._name(key), **more}
        bubble = Bubble(
            customer=key, at=record.at, parts=parts, records=[record.n], ids=tuple(ids), gap_s=gap_s, **fields_
        )
        said.append(bubble)
        self._by_id.update({(key, message_id): bubble for message_id in bubble.ids})
        self._add(bubble)
        return bubble

    def _quote(self, record: Record, message_id: str | None) -> Quote | None:
        if message_id is None:
            return None
        bubble = self._find(record, message_id)
        if bubble is None:
            return Quote("", f"message {message_id}")
        return Quote(bubble.name, one_line(bubble.text) or _wordless(bubble), bubble.n)

    def _change(self, record: Record, message_id: str, parts: tuple[Part, ...]) -> None:
        bubble = self._find(record, message_id)
        if bubble is None:
            self._mark(record, "event", f"Message {message_id}, which is not in this chat, was changed.")
            return
        bubble.versions.append(Version(bubble.text, record.at))
        bubble.parts = parts
        bubble.records.append(record.n)

    def _delete(self, record: Record, message_ids: Iterable[str]) -> None:
        for message_id in message_ids:
            bubble = self._find(record, message_id)
            if bubble is not None:
                bubble.deleted_at = record.at
                bubble.records.append(record.n)

    def _react(self, record: Record, message_id: str, who: str, emoji: str | None) -> None:
        bubble = self._find(record, message_id)
        if bubble is None:
            self._mark(record, "event", f"{who} reacted {emoji or ''} to message {message_id}, not in this chat.")
            return
        bubble.reactions.pop(who, None)
        if emoji is not None:
            bubble.reactions[who] = emoji
        bubble.records.append(record.n)

    def _read_up_to(self, record: Record, message_id: str, by_customer: bool) -> None:
        """Reading a message means having read those before it."""
        bubble = self._find(record, message_id)
        if bubble is None:
            return
        bubble.records.append(record.n)
        for other in self._said[bubble.customer]:
            if (other.author != "customer") == by_customer:
                _rise(other, "read")
            if other is bubble:
                return

    # --------------------------------------------------------------------------------------------------- acts

    def acted(self, record: Acted) -> None:
        before = len(self.items)
        _ACTS[type(record.act)](self, record, record.act)
        if len(self.items) == before:
            return
        item = self.items[-1]
        item.step = record.step
        self._by_update.update(dict.fromkeys(record.updates, item))
        if isinstance(item, Bubble):
            item.cause = record.cause

    def write(self, record: Acted, act: Write) -> None:
        quote = self._quote(record, act.reply_to)
        self._say(record, act.parts, record.ids, quote=quote, forwarded=act.forwarded)

    def press(self, record: Acted, act: Press) -> None:
        bubble = self._pressed(record, act)
        if bubble is not None:
            bubble.pressed.append(act.button)
            bubble.records.append(record.n)
        if act.button.kind in _SPOKEN_BUTTONS:
            self._say(record, (Text(text=act.button.title),), record.ids, by_press=True)
        else:
            text = f"{self._name(self._key(record))} pressed “{one_line(act.button.title, 60)}”"
            self._mark(record, "press", text, author="customer")

    def _pressed(self, record: Acted, act: Press) -> Bubble | None:
        if act.message_id is not None:
            return self._find(record, act.message_id)
        said = reversed(self._said.get(self._key(record), ()))
        return next((bubble for bubble in said if bubble.offers(act.button)), None)

    def edit(self, record: Acted, act: Edit) -> None:
        self._change(record, act.message_id, act.parts)

    def delete(self, record: Acted, act: Delete) -> None:
        self._delete(record, (act.message_id,))

    def react(self, record: Acted, act: React) -> None:
        self._react(record, act.message_id, self._name(self._key(record)), act.emoji)

    def start(self, record: Acted, act: Start) -> None:
        ref = act.payload or (act.referral.ref if act.referral else None)
        by_link = f" by a link that says “{one_line(ref, 60)}”" if ref else ""
        self._mark(record, "event", f"{self._name(self._key(record))} opened the chat{by_link}", author="customer")

    def typing(self, record: Acted, _: Typing) -> None:
        self._typing(record, self._name(self._key(record)), "customer")

    def read(self, record: Acted, act: Read) -> None:
        self._read_up_to(record, act.message_id, by_customer=True)

    def block(self, record: Acted, act: Block | Unblock) -> None:
        verb = "blocked the bot" if isinstance(act, Block) else "lets the bot write again"
        self._mark(record, "event", f"{self._name(self._key(record))} {verb}", author="customer")

    def receipt(self, record: Acted, act: Receipt) -> None:
        bubble = self._find(record, act.message_id)
        if bubble is None:
            return
        _rise(bubble, act.status)
        bubble.error = act.error if act.error is not None else bubble.error
        bubble.records.append(record.n)

    def echo(self, record: Acted, act: Echo) -> None:
        """An echo of the bot's own message shows nothing new; one of a person in the vendor's inbox does."""
        if act.message.author == "agent":
            self._say_message(record, act.message)

    def event(self, record: Acted, act: Event) -> None:
        data = f" ({fields(act.data, 80)})" if act.data else ""
        self._mark(record, "event", f"The platform tells the bot: {act.name}{data}")

    def _typing(self, record: Record, name: str, author: Any, what: str = "is typing") -> None:
        last = self.items[-1] if self.items else None
        text = f"{name} {what}"
        if isinstance(last, Mark) and last.kind == "typing" and (last.text, last.customer) == (text, self._key(record)):
            last.records.append(record.n)
        else:
            self._mark(record, "typing", text, author=author)

    # ------------------------------------------------------------------------------------------------ effects

    def took(self, record: Took) -> None:
        touched = len(self.items)
        _EFFECTS[type(record.effect)](self, record, record.effect)
        for item in self.items[touched:]:
            if item.records:
                item.records.append(record.call)

    def sent(self, record: Took, effect: Sent) -> None:
        self._say_message(record, effect.message)

    def _say_message(self, record: Record, message: Message) -> None:
        name = message.sender or {"bot": "Bot", "agent": "Agent"}.get(message.author, self._platform)
        quote = self._quote(record, message.reply_to)
        more = {"quote": quote, "forwarded": message.forwarded, "tag": message.tag}
        self._say(record, message.parts, message.ids, author=message.author, name=name, **more)

    def edited(self, record: Took, effect: Edited) -> None:
        self._change(record, effect.message.id, effect.message.parts)

    def deleted(self, record: Took, effect: Deleted) -> None:
        self._delete(record, effect.message_ids)

    def reacted(self, record: Took, effect: Reacted) -> None:
        self._react(record, effect.message_id, "Bot", effect.emoji)

    def activity(self, record: Took, effect: Activity) -> None:
        what = "is typing" if effect.action.startswith("typing") else f"shows: {effect.action.replace('_', ' ')}"
        self._typing(record, "Bot", "bot", what)

    def marked_read(self, record: Took, effect: MarkedRead) -> None:
        self._read_up_to(record, effect.message_id, by_customer=False)

    def press_answered(self, record: Took, effect: PressAnswered) -> None:
        if effect.text:
            self._mark(record, "toast", effect.text, author="bot")

    # ------------------------------------------------------------------------------------- what lies around it

    def attempt(self, record: Attempt) -> None:
        for item in self._told_by(record.updates):
            item.records.append(record.n)
            if isinstance(item, Bubble):
                item.attempts += 1
                _rise(item, "delivered" if record.ok else "sent")

    def dropped(self, record: Dropped) -> None:
        for item in self._told_by(record.updates):
            item.records.append(record.n)
            if isinstance(item, Bubble):
                item.status = "failed"
        self._mark(record, "trouble", f"The platform gave up telling the bot: {record.reason}")

    def _told_by(self, updates: Iterable[str]) -> list[Item]:
        found = {id(item): item for update in updates if (item := self._by_update.get(update)) is not None}
        return list(found.values())

    def called(self, record: Called) -> None:
        if not record.ok:
            why = record.error or record.note or f"status {record.status}"
            self._mark(record, "refused", f"{self._platform} refused the bot's {record.method}: {one_line(why, 200)}")

    def step_began(self, record: StepBegan) -> None:
        if record.played is not None:
            self._steps[record.step] = step_words(record.played)
        if record.zone is not None:
            self._due[record.step] = Due(record.not_before_at, record.due_at)
            due = bounds(record.not_before_at, record.due_at, zone_name(record.zone))
            self._steps[record.step] = f"{self._steps.get(record.step, '')}, {due}"

    def step_ended(self, record: StepEnded) -> None:
        if record.outcome != "played":
            text = self._steps.get(record.step, "")
            said = one_line(record.detail or "", 200)
            detail = f" ({said})" if said.strip("'\"") not in text else ""
            more = {"step": record.step, "outcome": record.outcome, "due": self._due.get(record.step)}
            self._mark(record, "step", text + detail, **more)

    def skipped(self, record: Skipped) -> None:
        self._mark(record, "pause", later(record.seconds))

    def trouble(self, record: Trouble) -> None:
        self._mark(record, "trouble", one_line(record.what, 300))

    def case_ended(self, record: CaseEnded) -> None:
        if record.outcome in _ENDS:
            why = one_line(record.detail or "", 200) if record.outcome != "unmet" else ""
            detail = f": {why}" if why else "."
            self._mark(record, "end", _ENDS[record.outcome] + detail)


def _nothing(_: Teller, __: Record) -> None:
    """Records that add nothing to a chat."""


def _rise(bubble: Bubble, status: Status) -> None:
    """Receipts may come late and in any order: a message that was read stays read."""
    if _RANK[status] > _RANK[bubble.status]:
        bubble.status = status


def _wordless(bubble: Bubble) -> str:
    kind = getattr(bubble.parts[0], "kind", None) if bubble.parts else None
    return str(kind or "message")


_RECORDS: dict[type, Callable[[Teller, Any], None]] = {
    Acted: Teller.acted,
    Took: Teller.took,
    Attempt: Teller.attempt,
    Dropped: Teller.dropped,
    Called: Teller.called,
    StepBegan: Teller.step_began,
    StepEnded: Teller.step_ended,
    Skipped: Teller.skipped,
    Trouble: Teller.trouble,
    CaseEnded: Teller.case_ended,
}
_ACTS: dict[type, Callable[[Teller, Acted, Any], None]] = {
    Write: Teller.write,
    Press: Teller.press,
    Edit: Teller.edit,
    Delete: Teller.delete,
    React: Teller.react,
    Start: Teller.start,
    Typing: Teller.typing,
    Read: Teller.read,
    Block: Teller.block,
    Unblock: Teller.block,
    Receipt: Teller.receipt,
    Echo: Teller.echo,
    Event: Teller.event,
}
_EFFECTS: dict[type, Callable[[Teller, Took, Any], None]] = {
    Sent: Teller.sent,
    Edited: Teller.edited,
    Deleted: Teller.deleted,
    Reacted: Teller.reacted,
    Activity: Teller.activity,
    MarkedRead: Teller.marked_read,
    PressAnswered: Teller.press_answered,
}
