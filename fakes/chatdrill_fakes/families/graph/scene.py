"""Who acts, when, and how the bot is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from chatdrill.model import Message, Part
from chatdrill.wire import Update
from chatdrill_fakes.families.meta import escaped_json

from .state import GraphChat, Json, Shared, millis

Told = tuple[Update, ...]

C = TypeVar("C", bound=GraphChat)
S = TypeVar("S", bound=Shared)


@dataclass(slots=True)
class Scene(Generic[S, C]):
    """An act of a customer (or upon one) at drill time ``at``."""

    state: S
    chat: C
    at: float

    def customer_event(self, field: str, key: str, value: Json, id: str) -> Told:
        """Tell of something the customer did: sender is the customer, recipient the Page."""
        event: Json = {
            "sender": {"id": self.chat.address},
            "recipient": {"id": self.state.own_id},
            "timestamp": millis(self.at),
            key: value,
        }
        return self.tell(field, event, id)

    def page_event(self, field: str, key: str, value: Json, id: str) -> Told:
        """Tell of something that happened to the Page: there is no sender."""
        event: Json = {"recipient": {"id": self.state.own_id}, "timestamp": millis(self.at), key: value}
        return self.tell(field, event, id)

    def echo(self, value: Json, id: str, at: float) -> Told:
        """Tell of a message of the Page: sender and recipient are swapped."""
        event: Json = {
            "sender": {"id": self.state.own_id},
            "recipient": {"id": self.chat.address},
            "timestamp": millis(at),
            "message": value,
        }
        return self.tell(self.state.product.echo_field, event, id)

    def tell(self, field: str, event: Json, id: str) -> Told:
        """One element of ``messaging[]``, or of ``standby[]`` where another app controls the thread."""
        kind, array = self._channel(field)
        if kind not in self.state.fields:
            return ()
        if array == "standby" and "postback" in event:
            # Only the app that controls the thread learns what a button means.
            event["postback"] = {key: value for key, value in event["postback"].items() if key != "payload"}
        entry: Json = {"id": self.state.own_id, "time": millis(self.at), array: [event]}
        return (self._update(kind, id, entry),)

    def tell_change(self, field: str, value: Json, id: str) -> Told:
        """One element of ``changes[]``; there the time is in seconds."""
        if field not in self.state.fields:
            return ()
        change: Json = {"field": field, "value": value}
        return (self._update(field, id, {"id": self.state.own_id, "time": int(self.at), "changes": [change]}),)

    def _update(self, kind: str, id: str, entry: Json) -> Update:
        to = self.chat.address
        return Update(id=id, kind=kind, to=to, lane=to, body=escaped_json(entry), made_at=self.at)

    def _channel(self, field: str) -> tuple[str, str]:
        owner = self.state.owner_of(self.chat, self.at)
        if owner is None or owner == self.state.app_id or field in self.state.product.always:
            return field, "messaging"
        return ("standby", "standby") if field in self.state.product.standby else ("", "")

    def customer_message(self, record: Json, parts: tuple[Part, ...], *, reply_to: str | None = None) -> Told:
        """A message of the customer: remember it, open the window, tell of it. ``record`` lacks only its ``mid``."""
        mid = self.state.new_mid(self.chat)
        record = {"mid": mid, **record}
        self.chat.keep(Message(ids=(mid,), author="customer", parts=parts, at=self.at, reply_to=reply_to), record)
        self.hear()
        return self.customer_event("messages", "message", record, mid)

    def postback(self, title: str, payload: str, referral: Json | None, parts: tuple[Part, ...]) -> Told:
        """A tap on a button that has a payload; its title appears in the thread as the customer's message."""
        mid = self.state.new_mid(self.chat)
        value: Json = {"mid": mid, "title": title, "payload": payload}
        if referral is not None:
            value["referral"] = referral
        self.chat.keep(Message(ids=(mid,), author="customer", parts=parts, at=self.at), {"mid": mid, "text": title})
        self.hear()
        return self.customer_event("messaging_postbacks", "postback", value, mid)

    def hear(self) -> None:
        """Open the messaging window, and let the Page's daily budget grow by this person."""
        self.chat.hear(self.at)
        self.state.engaged.add(self.chat.address)
