"""What has to happen so that the bot is told of all the rest."""

from __future__ import annotations

from chatdrill.model import Delete, Echo, Edit, Event, Message, Read, Receipt, Text
from chatdrill.wire.sheets import Happens

_EVA = Message(ids=("?",), author="agent", parts=(Text(text="Eva hier"),), at=0.0)
TOLD = (
    Happens(Event(name="message", data={"type": "hologram", "text": None, "hologram": {"a": 1}})),
    Receipt(message_id="{sent}", status="sent"),
    Receipt(message_id="{sent}", status="delivered"),
    Receipt(message_id="{sent}", status="played"),
    Receipt(message_id="{sent}", status="failed", error=131049),
    Read(message_id="{sent}"),
    Edit(message_id="{mine}", parts=(Text(text="morgen?"),)),
    Delete(message_id="{mine}"),
    Echo(message=_EVA),
    Event(name="account_error"),
    Event(name="next_send_fails"),
)
