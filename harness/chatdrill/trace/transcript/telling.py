"""Telling one case as a chat: records in, bubbles and marks out. One method per kind of record, act and effect."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from chatdrill.model import (
    Activity,
    Block,
    Delete,
    Deleted,
    Echo,
    Edit,
    Edited,
    Event,
    MarkedRead,
    Message,
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
    FORGED,
    Acted,
    Attempt,
    Called,
    CaseBegan,
    CaseEnded,
    Dropped,
    Filed,
    Injected,
    Record,
    Skipped,
    StepBegan,
    StepEnded,
    Took,
    Trouble,
)
from chatdrill.trace.transcript.desk import DeskTeller
from chatdrill.trace.transcript.passage import Passage
from chatdrill.trace.transcript.phrases import bounds, fields, later, one_line, platform_title, zone_name
from chatdrill.trace.transcript.steps import step_words
from chatdrill.trace.transcript.story import Story, rise
from chatdrill.trace.transcript.views import Bubble, Due, Item, Relays

_TRICKS = frozenset({"breaks", "restarts"})  # steps that nothing else in the chat tells of
_SPOKEN_BUTTONS = frozenset({"reply", "postback", "request_contact", "request_location", "request_email"})
_ENDS = {
    "unmet": "The scenario ended here, because a step was not met",
    "stopped": "The conversation was stopped here",
    "broken": "The conversation broke off here",
}


class Teller(Story):
    """Tells the chat of one case."""

    def __init__(
        self,
        began: CaseBegan | None,
        case: str,
        passage: Passage,
        relays: Relays | None = None,
    ) -> None:
        customers = began.customers if began else {}
        has_desk = began is not None and began.desk is not None
        super().__init__(case, customers, passage, has_desk=has_desk)
        self._steps = dict(enumerate(map(step_words, began.steps))) if began else {}
        self._tricks = {i for i, step in enumerate(began.steps) if step.get("step") in _TRICKS} if began else set()
        self._began = began
        self._platform = platform_title(began.platform) if began and began.platform else "The platform"
        self._by_update: dict[str, Item] = {}
        self._due: dict[int, Due] = {}
        self._desk = DeskTeller(self, began.agents if began else {}, relays)

    def tell(self, record: Record) -> None:
        """Add one record to the story."""
        self._desk.settle(record)
        _RECORDS.get(type(record), _nothing)(self, record)

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
        quote = self.quote(record, act.reply_to)
        self.say(record, act.parts, record.ids, quote=quote, forwarded=act.forwarded)

    def press(self, record: Acted, act: Press) -> None:
        bubble = self._pressed(record, act)
        if bubble is not None:
            bubble.pressed.append(act.button)
            bubble.records.append(record.n)
        if act.button.kind in _SPOKEN_BUTTONS:
            self.say(record, (Text(text=act.button.title),), record.ids, by_press=True)
        else:
            text = f"{self.name(self.key(record))} pressed “{one_line(act.button.title, 60)}”"
            self.mark(record, "press", text, author="customer")

    def _pressed(self, record: Acted, act: Press) -> Bubble | None:
        if act.message_id is not None:
            return self.find(record, act.message_id)
        return next((bubble for bubble in self.said_to(self.key(record)) if bubble.offers(act.button)), None)

    def edit(self, record: Acted, act: Edit) -> None:
        self.change(record, act.message_id, act.parts)

    def delete(self, record: Acted, act: Delete) -> None:
        self.remove(record, (act.message_id,))

    def react(self, record: Acted, act: React) -> None:
        self.put_reaction(record, act.message_id, self.name(self.key(record)), act.emoji)

    def start(self, record: Acted, act: Start) -> None:
        ref = act.payload or (act.referral.ref if act.referral else None)
        by_link = f" by a link that says “{one_line(ref, 60)}”" if ref else ""
        self.mark(record, "event", f"{self.name(self.key(record))} opened the chat{by_link}", author="customer")

    def typing(self, record: Acted, _: Typing) -> None:
        self.show_typing(record, self.name(self.key(record)), "customer")

    def read(self, record: Acted, act: Read) -> None:
        self.read_up_to(record, act.message_id, by_customer=True)

    def block(self, record: Acted, act: Block | Unblock) -> None:
        verb = "blocked the bot" if isinstance(act, Block) else "lets the bot write again"
        self.mark(record, "event", f"{self.name(self.key(record))} {verb}", author="customer")

    def receipt(self, record: Acted, act: Receipt) -> None:
        bubble = self.find(record, act.message_id)
        if bubble is None:
            return
        rise(bubble, act.status)
        bubble.error = act.error if act.error is not None else bubble.error
        bubble.records.append(record.n)

    def echo(self, record: Acted, act: Echo) -> None:
        """An echo of a message that is known shows nothing new; one of a person in the vendor's inbox may."""
        if act.message.author == "agent" and not any(self.find(record, id) for id in act.message.ids):
            self._say_message(record, act.message)

    def event(self, record: Acted, act: Event) -> None:
        if record.cause == "platform" and record.step is None:
            return  # what the platform had planned: the chat shows what comes of it
        data = f" ({fields(act.data, 80)})" if act.data else ""
        self.mark(record, "event", f"The platform tells the bot: {act.name}{data}")

    # ------------------------------------------------------------------------------------------------ effects

    def took(self, record: Took) -> None:
        touched = len(self.items)
        _EFFECTS[type(record.effect)](self, record, record.effect)
        for item in self.items[touched:]:
            if item.records and record.call is not None:
                item.records.append(record.call)

    def sent(self, record: Took, effect: Sent) -> None:
        self._desk.relayed(record, self._say_message(record, effect.message))

    def _say_message(self, record: Record, message: Message) -> Bubble:
        name = message.sender or {"bot": "Bot", "agent": "Agent"}.get(message.author, self._platform)
        quote = self.quote(record, message.reply_to)
        more = {"quote": quote, "forwarded": message.forwarded, "tag": message.tag}
        return self.say(record, message.parts, message.ids, author=message.author, name=name, **more)

    def filed(self, record: Filed) -> None:
        self._desk.filed(record)

    def edited(self, record: Took, effect: Edited) -> None:
        self.change(record, effect.message.id, effect.message.parts)

    def deleted(self, record: Took, effect: Deleted) -> None:
        self.remove(record, effect.message_ids)

    def reacted(self, record: Took, effect: Reacted) -> None:
        self.put_reaction(record, effect.message_id, "Bot", effect.emoji)

    def activity(self, record: Took, effect: Activity) -> None:
        what = "is typing" if effect.action.startswith("typing") else f"shows: {effect.action.replace('_', ' ')}"
        self.show_typing(record, "Bot", "bot", what)

    def marked_read(self, record: Took, effect: MarkedRead) -> None:
        self.read_up_to(record, effect.message_id, by_customer=False)

    def press_answered(self, record: Took, effect: PressAnswered) -> None:
        if effect.text:
            self.mark(record, "toast", effect.text, author="bot")

    # ------------------------------------------------------------------------------------- what lies around it

    def attempt(self, record: Attempt) -> None:
        for item in self._told_by(record.updates):
            item.records.append(record.n)
            if isinstance(item, Bubble):
                item.attempts += 1
                rise(item, "delivered" if record.ok else "sent")
        if record.note is not None and record.note.startswith(FORGED):
            self._desk.forged(record)

    def injected(self, record: Injected) -> None:
        what = record.call or _counted_updates(record)
        side = f" ({platform_title(record.platform)})" if self._is_desk(record.platform) else ""
        self.mark(record, "fault", f"fault{side}: {what + ': ' if what else ''}{record.what}")

    def dropped(self, record: Dropped) -> None:
        for item in self._told_by(record.updates):
            item.records.append(record.n)
            if isinstance(item, Bubble):
                item.status = "failed"
        who = platform_title(record.platform) if self._is_desk(record.platform) else "The platform"
        self.mark(record, "trouble", f"{who} gave up telling the bot: {record.reason}")

    def _is_desk(self, platform: str) -> bool:
        return bool(self.holdings) and self._began is not None and not self._began.is_messenger(platform)

    def _told_by(self, updates: Iterable[str]) -> list[Item]:
        found = {id(item): item for update in updates if (item := self._by_update.get(update)) is not None}
        return list(found.values())

    def called(self, record: Called) -> None:
        if not record.ok:
            why = record.error or record.note or f"status {record.status}"
            who = platform_title(record.platform) if self._began else self._platform
            self.mark(record, "refused", f"{who} refused the bot's {record.method}: {one_line(why, 200)}")

    def step_began(self, record: StepBegan) -> None:
        if record.played is not None:
            self._steps[record.step] = step_words(record.played)
        if record.zone is not None:
            self._due[record.step] = Due(record.not_before_at, record.due_at)
            due = bounds(record.not_before_at, record.due_at, zone_name(record.zone))
            self._steps[record.step] = f"{self._steps.get(record.step, '')}, {due}"

    def step_ended(self, record: StepEnded) -> None:
        if record.outcome != "played" or record.step in self._tricks:
            text = self._steps.get(record.step, "")
            said = one_line(record.detail or "", 200)
            detail = f" ({said})" if said.strip("'\"") not in text else ""
            more = {"step": record.step, "outcome": record.outcome, "due": self._due.get(record.step)}
            self.mark(record, "step", text + detail, **more)

    def skipped(self, record: Skipped) -> None:
        self.mark(record, "pause", later(record.seconds))

    def trouble(self, record: Trouble) -> None:
        self.mark(record, "trouble", one_line(record.what, 300))

    def case_ended(self, record: CaseEnded) -> None:
        if record.outcome in _ENDS:
            why = one_line(record.detail or "", 200) if record.outcome != "unmet" else ""
            detail = f": {why}" if why else "."
            self.mark(record, "end", _ENDS[record.outcome] + detail)


def _counted_updates(record: Injected) -> str:
    count = len(record.updates)
    return f"a webhook with {count} updates" if count > 1 else "a webhook" if count else ""


def _nothing(_: Teller, __: Record) -> None:
    """Records that add nothing to a chat."""


_RECORDS: dict[type, Callable[[Teller, Any], None]] = {
    Acted: Teller.acted,
    Took: Teller.took,
    Filed: Teller.filed,
    Attempt: Teller.attempt,
    Dropped: Teller.dropped,
    Injected: Teller.injected,
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
