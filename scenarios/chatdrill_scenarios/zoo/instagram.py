"""What goes wrong on Instagram: echoes that come with the messages, what was unsent, stories, a limit in bytes, files by link only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..shoebot.channels import in_characters
from ..shoebot.channels import instagram as instagram_module
from ..shoebot.channels.instagram import Instagram
from ..shoebot.desks import File
from ..shoebot.model import Event
from .specimen import instead, specimen

Item = Mapping[str, Any]
_events, _message = Instagram.events, instagram_module._message


def _echoes_too(channel: Instagram, item: Item) -> Iterator[Event]:
    """Whatever comes with the messages is a message; who sent it, nobody looks."""
    message = item.get("message") or {}
    if message.get("is_echo") and message.get("text"):
        yield Event("instagram", item["recipient"]["id"], message["mid"], "sticker")
    yield from _events(channel, item)


def _nothing_is_unsent(channel: Instagram, item: Item) -> Iterator[Event]:
    """A message without words is not for this bot."""
    if not (item.get("message") or {}).get("is_deleted"):
        yield from _events(channel, item)


def _unsent_as_unknown(channel: Instagram, item: Item) -> Iterator[Event]:
    """A message in which nothing stands cannot be shown."""
    message = item.get("message") or {}
    if message.get("is_deleted"):
        yield Event("instagram", item["sender"]["id"], f"{message['mid']}~", "other")
    else:
        yield from _events(channel, item)


def _no_stories(user: str, message: Item) -> Iterator[Event]:
    """Who mentions the shop in a story wants nothing from it."""
    kinds = [one.get("type") for one in message.get("attachments") or ()]
    if "story_mention" not in kinds:
        yield from _message(user, message)


def _uploaded(_channel: Instagram, _file: File, kind: str) -> dict[str, Any]:
    """As on Messenger: the file is in the form."""
    return {"attachment": {"type": kind, "payload": {"is_reusable": True}}}


TAKEN_BACK, FROM_AGENTS = "A message that was taken back at once", "A message that was taken back from the agents"
MENTION, BYTES, CHART = "A mention in a story", "A long answer in Cyrillic", "The size chart"

SPECIMENS = (
    specimen("delivery", "answers the echo of its own words, on Instagram", "messenger-platform-samples#99", "no-echo",
             "The answer of the platform is lost", instead(Instagram, events=_echoes_too), platform="instagram", minimum=("Hello",)),
    specimen("privacy", "answers what was unsent", "chatwoot#4119", "unexpected | expected", TAKEN_BACK,
             instead(Instagram, events=_nothing_is_unsent), platform="instagram", minimum=("Where is order 553?",)),
    specimen("privacy", "takes an unsent message for an unknown one", "airy#2476", "unexpected | expected", "A quoted message",
             instead(Instagram, events=_unsent_as_unknown), platform="instagram"),
    specimen("handoff", "does not tell the agents what was unsent", "airy#2139", "HO-26 | expected", FROM_AGENTS,
             instead(Instagram, events=_nothing_is_unsent), platform="instagram", desk="chatwoot"),
    specimen("media", "drops mentions in stories", "chatwoot#3981", "expected", MENTION,
             instead(instagram_module, _message=_no_stories), platform="instagram", fuzzed_by="answered"),
    specimen("text", "counts characters where Instagram counts bytes", "meta-mcp#251", "calls-accepted | HO-29", BYTES,
             instead(instagram_module, in_bytes=in_characters), platform="instagram", desk="chatwoot"),
    specimen("calls", "uploads files to Instagram, which takes links only", "instagram attachments", "calls-accepted | expected", CHART,
             instead(Instagram, _linked=_uploaded), platform="instagram", minimum=("Which sizes do you have?",)),
)  # fmt: skip
