"""Events that need more than their name: data, or something before."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Event
from chatdrill.wire.sheets import Happens

_CHANNEL = {"id": -1002222333444, "title": "Acme news", "type": "channel"}


def _event(name: str, after: tuple[Any, ...] = (), **data: Any) -> Happens:
    return Happens(Event(name=name, data=data), after=after)


_CONNECTED = _event("business_connection")
_CLIENT = _event("business_message", (_CONNECTED,), text="hello shop")
_NEWS = _event("channel_post", text="news", chat=_CHANNEL)

TOLD = (
    _event("message", text="hi"),
    _event("edited_message", text="changed"),
    _NEWS,
    _event("edited_channel_post", (_NEWS,), text="late news", chat=_CHANNEL),
    _event("guest_message", text="hi"),
    _CLIENT,
    _event("edited_business_message", (_CLIENT,), text="hello, shop"),
    _event("deleted_business_messages", (_CLIENT,)),
    _event("pinned_message", message_id="{sent}"),
)
