"""The chat of one case while it is told: what stands in it so far, how to find it, and how to add to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chatdrill.model import Customer, Owner, Part
from chatdrill.trace.records import Record
from chatdrill.trace.transcript.passage import Passage
from chatdrill.trace.transcript.phrases import one_line
from chatdrill.trace.transcript.views import Bubble, Item, Mark, MarkKind, Quote, Status, Version

_RANK: dict[Status | None, int] = {None: 0, "sent": 1, "delivered": 2, "read": 3, "played": 4, "failed": 5}


@dataclass(frozen=True, slots=True)
class Holding:
    """Who has a conversation: the owner, and the agent's name where it is an agent."""

    owner: Owner
    agent: str = ""


class Story:
    """The items of one case. They grow and change as records come.

    ``holdings`` says who has the conversation of each customer, where there is a helpdesk behind the bot; every item carries it.
    """

    def __init__(
        self, case: str, customers: Mapping[str, Customer], passage: Passage, *, has_desk: bool = False
    ) -> None:
        self.items: list[Item] = []
        self.holdings: dict[str, Holding] = dict.fromkeys(customers, Holding("bot")) if has_desk else {}
        self._case = case
        self._customers = customers
        self._by_id: dict[tuple[str, str], Bubble] = {}
        self._by_record: dict[int, Bubble] = {}
        self._said: dict[str, list[Bubble]] = {}
        self._passage = passage

    # ------------------------------------------------------------------------------------------------ finding

    def key(self, record: Record) -> str:
        """The customer in whose chat a record is."""
        if record.conv is not None:
            return record.conv.removeprefix(f"{self._case}/")
        return next(iter(self._customers), "") if len(self._customers) == 1 else ""

    def name(self, key: str) -> str:
        """The name of a customer."""
        customer = self._customers.get(key)
        return customer.name if customer else key or "Customer"

    def find(self, record: Record, message_id: str) -> Bubble | None:
        """The message with this id in the chat of the record."""
        return self._by_id.get((self.key(record), message_id))

    def made_by(self, n: int) -> Bubble | None:
        """The message that the record with this number made."""
        return self._by_record.get(n)

    def said_to(self, key: str) -> Iterable[Bubble]:
        """What was said in a customer's chat, the newest first."""
        return reversed(self._said.get(key, ()))

    # ------------------------------------------------------------------------------------------------ adding

    def add(self, item: Item) -> None:
        """The next item, after whatever time has passed."""
        for one in (*self._passage.marks(item.at), item):
            holding = self.holdings.get(one.customer or item.customer)
            if holding is not None:
                one.owner, one.holder = holding.owner, holding.agent
            self.items.append(one)

    def mark(self, record: Record, kind: MarkKind, text: str, **more: Any) -> Mark:
        """A line of its own."""
        mark = Mark(kind=kind, text=text, at=record.at, records=[record.n], customer=self.key(record), **more)
        self.add(mark)
        return mark

    def say(self, record: Record, parts: tuple[Part, ...], ids: Iterable[str], **more: Any) -> Bubble:
        """A message in a customer's chat."""
        key = self.key(record)
        said = self._said.setdefault(key, [])
        gap_s = record.at - said[-1].at if said else None
        fields_ = {"author": "customer", "name": self.name(key), **more}
        bubble = Bubble(
            customer=key, at=record.at, parts=parts, records=[record.n], ids=tuple(ids), gap_s=gap_s, **fields_
        )
        said.append(bubble)
        self._by_id.update({(key, message_id): bubble for message_id in bubble.ids})
        self._by_record[record.n] = bubble
        self.add(bubble)
        return bubble

    def quote(self, record: Record, message_id: str | None) -> Quote | None:
        """The message that another one answers."""
        if message_id is None:
            return None
        bubble = self.find(record, message_id)
        if bubble is None:
            return Quote("", f"message {message_id}")
        return Quote(bubble.name, one_line(bubble.text) or wordless(bubble), bubble.n)

    def change(self, record: Record, message_id: str, parts: tuple[Part, ...]) -> None:
        """A message says something else now."""
        bubble = self.find(record, message_id)
        if bubble is None:
            self.mark(record, "event", f"Message {message_id}, which is not in this chat, was changed.")
            return
        before, bubble.parts = bubble.text, parts
        if bubble.text != before:
            bubble.versions.append(Version(before, record.at))
        bubble.records.append(record.n)

    def remove(self, record: Record, message_ids: Iterable[str]) -> None:
        """Messages were deleted."""
        for message_id in message_ids:
            bubble = self.find(record, message_id)
            if bubble is not None:
                bubble.deleted_at = record.at
                bubble.records.append(record.n)

    def put_reaction(self, record: Record, message_id: str, who: str, emoji: str | None) -> None:
        """Somebody reacts to a message, or no longer."""
        bubble = self.find(record, message_id)
        if bubble is None:
            self.mark(record, "event", f"{who} reacted {emoji or ''} to message {message_id}, not in this chat.")
            return
        bubble.reactions.pop(who, None)
        if emoji is not None:
            bubble.reactions[who] = emoji
        bubble.records.append(record.n)

    def read_up_to(self, record: Record, message_id: str, by_customer: bool) -> None:
        """Reading a message means having read those before it."""
        bubble = self.find(record, message_id)
        if bubble is None:
            return
        bubble.records.append(record.n)
        for other in self._said[bubble.customer]:
            if (other.author != "customer") == by_customer:
                rise(other, "read")
            if other is bubble:
                return

    def show_typing(self, record: Record, name: str, author: Any, what: str = "is typing") -> None:
        """Somebody types; said once however often it is shown."""
        last = self.items[-1] if self.items else None
        text = f"{name} {what}"
        if isinstance(last, Mark) and last.kind == "typing" and (last.text, last.customer) == (text, self.key(record)):
            last.records.append(record.n)
        else:
            self.mark(record, "typing", text, author=author)


def rise(bubble: Bubble, status: Status) -> None:
    """Receipts may come late and in any order: a message that was read stays read."""
    if _RANK[status] > _RANK[bubble.status]:
        bubble.status = status


def wordless(bubble: Bubble) -> str:
    """What a message without words is called."""
    kind = getattr(bubble.parts[0], "kind", None) if bubble.parts else None
    return str(kind or "message")
