"""Defects of bots that a company's own chat brings about: its signature, its times, its two names for a customer, its albums."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from functools import partial
from secrets import token_hex
from typing import Any

from ..shoebot.channels import declared
from ..shoebot.channels.declared import Declared
from ..shoebot.model import Event
from .specimen import instead, specimen

_events = Declared.events


def _believes(channel: Declared, headers: Mapping[str, str], raw: bytes) -> bool:
    return True


def _at_any_time(channel: Declared, headers: Mapping[str, str], raw: bytes) -> bool:
    """Whose it is, and not when it was said."""
    stamped = headers.get("x-acme-timestamp", "").encode() + b"." + raw
    expected = "sha256=" + hmac.new(channel._secret, stamped, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), headers.get("x-acme-signature", "").encode())


def _by_name(channel: Declared, item: Mapping[str, Any]) -> Iterator[Event]:
    """The customer's name in the place of the chat's id."""
    for event in _events(channel, item):
        fields = {name: getattr(event, name) for name in event.__slots__}
        yield Event(**fields | {"user": event.name or event.user})


def _each_try(channel: Declared, item: Mapping[str, Any]) -> Iterator[Event]:
    """What comes again is taken for new."""
    for event in _events(channel, item):
        yield Event(**{name: getattr(event, name) for name in event.__slots__} | {"id": token_hex(8)})


def _bare(buttons: Any) -> dict[str, Any]:
    """Buttons as the last chat had them."""
    return {"buttons": [{"label": one.label, "value": one.payload} for one in buttons]} if buttons else {}


_of_company = partial(specimen, platform="declared")

SPECIMENS = (
    _of_company("signatures", "looks at no signature of the company's chat", "chatwoot#14280",
                "probe:signature-wrong | probe:signature-missing", "", instead(Declared, trusts=_believes)),
    _of_company("signatures", "believes the company's webhooks of last week", "standardwebhooks: timestamp tolerance",
                "probe:signature-stale", "", instead(Declared, trusts=_at_any_time)),
    _of_company("calls", "writes to the customer's name, not to the chat", "chatwoot#12322", "setup-accepted | calls-accepted",
                "Thanks and goodbye", instead(Declared, events=_by_name)),
    _of_company("calls", "sends the company's chat buttons of another one", "botpress#13426", "calls-accepted",
                "A fitting by buttons", instead(declared, _keys=_bare)),
    _of_company("webhooks", "takes each try of the company's webhook for a new message", "standardwebhooks: webhook-id", "once",
                "The acknowledgement is lost", instead(Declared, events=_each_try)),
)  # fmt: skip
