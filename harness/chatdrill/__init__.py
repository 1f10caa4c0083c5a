"""chatdrill rehearses customer conversations: fake messengers with signed webhooks drill any chat bot or helpdesk.

The names below are the public face for tests written in Python; everything else is behind the package of its layer.

    from chatdrill import Scenario, contains

    def test_order_status(chatdrill):
        chatdrill.play(
            Scenario("Order status").says("Hi", "where is my order 553?").hears(contains("on its way"), within="5s")
        )
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatdrill.checks import judge as judge
    from chatdrill.engine.expect import contains as contains
    from chatdrill.engine.expect import expect as expect
    from chatdrill.engine.expect import media as media
    from chatdrill.engine.expect import one_of as one_of
    from chatdrill.engine.expect import regex as regex
    from chatdrill.engine.scenario import Scenario as Scenario
    from chatdrill.engine.verbs import album as album
    from chatdrill.engine.verbs import audio as audio
    from chatdrill.engine.verbs import contact as contact
    from chatdrill.engine.verbs import document as document
    from chatdrill.engine.verbs import location as location
    from chatdrill.engine.verbs import order as order
    from chatdrill.engine.verbs import photo as photo
    from chatdrill.engine.verbs import sticker as sticker
    from chatdrill.engine.verbs import video as video
    from chatdrill.engine.verbs import voice as voice
    from chatdrill.errors import ChatdrillError as ChatdrillError
    from chatdrill.trace import read_trace as read_trace
    from chatdrill.version import VERSION as VERSION

_HOMES = {
    "chatdrill.checks": ("judge",),
    "chatdrill.engine.expect": ("contains", "expect", "media", "one_of", "regex"),
    "chatdrill.engine.scenario": ("Scenario",),
    "chatdrill.engine.verbs": (
        "album",
        "audio",
        "contact",
        "document",
        "location",
        "order",
        "photo",
        "sticker",
        "video",
        "voice",
    ),
    "chatdrill.errors": ("ChatdrillError",),
    "chatdrill.trace": ("read_trace",),
    "chatdrill.version": ("VERSION",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "VERSION",
    "ChatdrillError",
    "Scenario",
    "album",
    "audio",
    "contact",
    "contains",
    "document",
    "expect",
    "judge",
    "location",
    "media",
    "one_of",
    "order",
    "photo",
    "read_trace",
    "regex",
    "sticker",
    "video",
    "voice",
]


def __getattr__(name: str) -> Any:
    """Names are imported when they are first used, so that the command line starts at once."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'chatdrill' has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return list(__all__)
