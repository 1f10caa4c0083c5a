"""Bots without a defect, in several shapes: whatever speaks against one of them is a false alarm."""

from __future__ import annotations

from dataclasses import dataclass

from .specimen import SHOEBOT

PLATFORMS = (
    "telegram",
    "whatsapp",
    "messenger",
    "viber",
    "wechat",
    "instagram",
    "line",
    "slack",
    "twilio",
    "infobip",
    "email",
    "declared",
    "webchat",
    "rasa",
)
DESKS = (
    "chatwoot", "zendesk", "intercom", "amocrm", "bitrix24", "chat2desk", "botframework", "generic",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Correct:
    """A bot that does what it should. ``env`` is its habit; ``shape`` (of ``shapes``) is for one in a process of its own."""

    name: str
    platform: str
    desk: str = ""
    env: tuple[str, ...] = ()
    app: str = SHOEBOT
    shape: str = ""


PARROT = "chatdrill_scenarios.zoo.shapes:answering"
CORRECT: tuple[Correct, ...] = (
    *(Correct(name=f"the shoe shop on {platform}", platform=platform) for platform in PLATFORMS),
    Correct(name="a parrot that replies in its answer to the webhook", platform="telegram", app=PARROT),
    Correct(name="a parrot that blocks while it works", platform="telegram", app=PARROT, shape="blocking"),
    Correct(name="a parrot that polls", platform="telegram", app=PARROT, shape="polling"),
    Correct(name="the shoe shop, a little more patient", platform="telegram", env=("SHOEBOT_DEBOUNCE_S=1.2",)),
    Correct(name="the shoe shop on WhatsApp alone", platform="whatsapp", env=("SHOEBOT_PLATFORMS=whatsapp",)),
    *(Correct(name=f"the shoe shop before {desk}", platform="telegram", desk=desk) for desk in DESKS),
    Correct(name="the shoe shop before chatwoot, on WhatsApp", platform="whatsapp", desk="chatwoot"),
    Correct(name="the shoe shop before Messenger's inbox", platform="messenger", desk="messenger_inbox"),
)
"""The quickest first."""
