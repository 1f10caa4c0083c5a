"""Defects on the way from a telephone call into a messenger: whose link it is, where it leads, who may be texted, what was said before."""

from __future__ import annotations

import secrets
from functools import partial
from typing import Any

from ..shoebot.model import Switch
from ..shoebot.phone import Phone
from ..shoebot.store import Store
from .specimen import instead, specimen

_link, _text, _open = Phone._link, Phone._text, Store.open_switch


def _for_anybody(store: Store, token: str, conversation: str) -> bool:
    """Who has the link has the talk."""
    return store.switch(token) is not None


def _the_first_one(phone: Phone, *given: str) -> str:
    """A link is made once, and kept."""
    kept: str = phone.__dict__.setdefault("link", _link(phone, *given))
    return kept


def _always_whatsapp(phone: Phone, _messenger: str, token: str, language: str) -> str:
    """Everybody has it."""
    return _link(phone, "whatsapp", token, language)


def _signed_token(_phone: Phone) -> str:
    """The token says what it is for, and proves it."""
    return f"call.{secrets.token_urlsafe(TOO_LONG)}"


def _never_left(_store: Store, _conversation: str) -> bool:
    """The words of one channel are no business of another one."""
    return False


def _nothing_keyed(phone: Phone, _fields: Any) -> str:
    """Straight into the queue: what was keyed in was for the agent's screen."""
    return f'<Enqueue waitUrl="{phone._at("wait")}" action="{phone._at("left")}">support</Enqueue>'


async def _sent_or_not(phone: Phone, *given: Any) -> str:
    """The gateway has it, so the caller has it."""
    await _text(phone, *given)
    return ""


def _another_one(store: Store, switch: Switch) -> bool:
    """Each webhook is a wish of its own."""
    store.close_switch(switch.call)
    return _open(store, switch)


TOO_LONG = 60
HAPPY, TWO, OTHERS, LATE = (
    "From the queue into Telegram", "Two callers, two links", "Somebody else has the link", "The link is too old",
)  # fmt: skip
_calls, _privacy, _dialog, _state, _delivery = (
    partial(specimen, category, platform="twilio") for category in ("calls", "privacy", "dialog", "state", "delivery")
)
SPECIMENS = (
    _privacy("opens a call's link for whoever taps it", "OWASP ASVS 5.0: single-use tokens", "context-private", OTHERS,
             instead(Store, use_switch=_for_anybody)),
    _privacy("sends a caller the link of another one", "core.telegram.org, deep linking", "links-personal", TWO, instead(Phone, _link=_the_first_one)),
    _dialog("sends a link into a messenger that the caller has not", "faq.whatsapp.com, click to chat", "links-usable", HAPPY,
            instead(Phone, _link=_always_whatsapp)),
    _dialog("sends a token that Telegram does not take", "core.telegram.org, deep linking: 64 characters", "links-usable", HAPPY,
            instead(Phone, _token=_signed_token)),
    _state("forgets in the messenger what was keyed in on the phone", "twilio.com/docs, Enqueue: a call's context", "context-kept", HAPPY,
           instead(Phone, _enter=_nothing_keyed)),
    _calls("texts a caller who has opted out", "twilio 21610", "calls-accepted", "A caller who has opted out of messages",
           instead(Store, has_left=_never_left)),
    _dialog("lets a caller go whom it cannot text", "twilio 21614", "expected", "A number that takes no messages", instead(Phone, _text=_sent_or_not)),
    _state("honours a call's link for ever", "OWASP ASVS 5.0: tokens expire", "expected", LATE, env=("SHOEBOT_CALL_LINK_MINUTES=100000",)),
    _delivery("texts the caller each time a key is told", "twilio.com/docs, Gather", "expected", "From the queue into WhatsApp",
              instead(Store, open_switch=_another_one)),
)  # fmt: skip
