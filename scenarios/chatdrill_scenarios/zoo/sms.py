"""Defects typical of SMS: words that opt out, characters torn at the border of a segment, numbers for choices, answers that are sent."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from ..shoebot.channels import sms as sms_module
from ..shoebot.channels.sms import Texting
from ..shoebot.channels.twilio import Twilio
from ..shoebot.model import Event
from ..shoebot.store import Store
from ..shoebot.web import Answer, Application
from .delivery import ASKS, AT_A_TIME, TWICE, _every_time
from .specimen import instead, specimen

_heard, _webhook = Texting.heard, Application._webhook
SEGMENT_UNITS = 67


def _hears_everything(channel: Texting, user: str, number: str, text: str) -> Iterator[Event]:
    """STOP is a word like any other."""
    known = list(_heard(channel, user, number, text))
    channel._store.come_back(f"{channel.name}:{user}")
    yield from known or [Event(channel.name, user, number, "text", text=text, message_id=number)]


def _by_units(text: str, length_max: int) -> list[str]:
    """Cut where a segment of UTF-16 is full, wherever that is in the text."""
    raw = text.encode("utf-8")
    pieces = [raw[place : place + 2 * SEGMENT_UNITS] for place in range(0, len(raw), 2 * SEGMENT_UNITS)]
    return [piece.decode("utf-8", "replace") for piece in pieces]


async def _says_ok(app: Application, *given: Any) -> Answer:
    """Every webhook is answered by a polite word."""
    status, body = await _webhook(app, *given)
    return (status, b"ok") if status == 200 else (status, body)


def _any_signature(channel: Twilio, headers: Any, raw: bytes) -> bool:
    return bool(headers.get("x-twilio-signature"))


async def _in_json(channel: Twilio, user: str, text: str, link: str = "") -> None:
    """Who has seen one API has seen them all."""
    fields = {"To": user, "From": channel._number, "Body": text, "MediaUrl": link}
    await channel._api.post(channel._url, "twilio Messages", body=fields, headers=channel._headers)


OPT_OUT = "Leaving by a word and coming back"
_text, _dialog, _calls, _signatures, _delivery = (
    partial(specimen, category) for category in ("text", "dialog", "calls", "signatures", "delivery")
)
SPECIMENS = (
    _calls("answers who has opted out", "twilio 21610", "calls-accepted", OPT_OUT, instead(Texting, heard=_hears_everything), platform="twilio"),
    _calls("answers who is on Infobip's blocklist", "infobip status 14", "calls-accepted", OPT_OUT, instead(Texting, heard=_hears_everything),
           platform="infobip"),
    _calls("sends JSON to Twilio", "twilio Messages: forms", "calls-accepted | setup-accepted", "Hello again", instead(Twilio, _send=_in_json), platform="twilio",
           minimum=("Hello",)),
    _text("cuts a text inside a character", "twilio segments", "whole-characters", "A person on a Friday evening",
          instead(sms_module, pieces=_by_units), platform="twilio"),
    _dialog("offers choices that nobody can see", "twilio has no buttons", "expected", "A fitting by buttons",
            instead(sms_module, _numbered=lambda buttons: ""), platform="twilio"),
    _delivery("answers webhooks with a word that is sent", "twilio TwiML", "unexpected", "Hello again", instead(Application, _webhook=_says_ok),
              platform="twilio", minimum=("Hello",)),
    _delivery("answers whatever Twilio delivers again", "twilio-ruby#508", "once", TWICE, instead(Store, accept=_every_time), env=AT_A_TIME,
              platform="twilio", minimum=ASKS),
    _signatures("looks at Twilio's signature and compares nothing", "twilio security", "probe:signature-wrong", "",
                instead(Twilio, trusts=_any_signature), platform="twilio"),
)  # fmt: skip
