"""The files of the bot's MMS. Source: twilio.com/docs, Messaging: MediaUrl; error dictionary (2026)."""

from __future__ import annotations

from collections.abc import Sequence

from chatdrill.model import Media
from chatdrill.wire import Exchange, Fetch
from chatdrill_fakes.families.sms import links
from chatdrill_fakes.platforms.twilio.limits import MEDIA_TOTAL_MAX_BYTES
from chatdrill_fakes.platforms.twilio.state import TwilioState

_FATES = {None: None, "too big": 30019, "unreadable": 11200}


def to_fetch(state: TwilioState, urls: Sequence[str], exchange: Exchange) -> Fetch | None:
    """What must be read before a message can be judged, if anything."""
    return links.to_fetch(state, urls, exchange.fetched, exchange.now, MEDIA_TOTAL_MAX_BYTES) if urls else None


def take(state: TwilioState, urls: Sequence[str], exchange: Exchange) -> tuple[list[Media], int | None]:
    """The files at the links, and the code with which the message will fail because of them (``None``: it does not)."""
    if not urls:
        return [], None
    files, problem = links.take(state, urls, exchange.fetched, exchange.now, MEDIA_TOTAL_MAX_BYTES)
    return files, _FATES[problem]
