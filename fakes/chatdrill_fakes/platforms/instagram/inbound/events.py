"""Events that only Instagram has, by its own names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.model import Event
from chatdrill_fakes.families.graph import events
from chatdrill_fakes.families.graph.events import Kind, Kinds
from chatdrill_fakes.families.graph.scene import Told
from chatdrill_fakes.families.graph.state import Comment, Json

from ..errors import KNOWN, PROFILE_SUBCODES
from ..state import username_of
from .scene import Scene

ACCESS = "message_access"
"""No event of Meta's: the owner of the account switches the access to messages off, or on again (``enabled``)."""


def event(scene: Scene, act: Event) -> Told:
    """The updates of an event; see ``families.graph.events``."""
    if act.name == ACCESS:
        scene.state.restricted = not act.data.get("enabled", False)
        return ()
    return events.tell(_ALL, scene, act)


def _referral(_scene: Scene, _data: Mapping[str, Any]) -> Json:
    return {"ref": "flyer-17", "source": "IGME-SOURCE-LINK", "type": "OPEN_THREAD"}


def _comment(scene: Scene, _data: Mapping[str, Any]) -> Json:
    digits = scene.state.chance.digits
    return {
        "id": digits(17),
        "from": {"id": scene.chat.address, "username": username_of(scene.chat)},
        "media": {"id": digits(17), "media_product_type": "FEED"},
        "text": "price?",
    }


def _live_comment(scene: Scene, data: Mapping[str, Any]) -> Json:
    value = _comment(scene, data)
    return value | {"media": {"id": value["media"]["id"], "media_product_type": "LIVE"}}


def _remember_comment(scene: Scene, value: Json) -> None:
    """A comment opens no window and is no consent, but it may be answered in private once."""
    scene.state.comments.setdefault(str(value.get("id")), Comment(scene.chat.address, scene.at))


def _mention(scene: Scene, _data: Mapping[str, Any]) -> Json:
    return {"media_id": scene.state.chance.digits(17), "comment_id": scene.state.chance.digits(17)}


_KINDS: dict[str, Kind] = {
    "optin": Kind("messaging_optins", "optin", events.optin, events.grant),
    "pass_thread_control": Kind("messaging_handover", "pass_thread_control", events.passed, events.change_owner),
    "take_thread_control": Kind("messaging_handover", "take_thread_control", events.taken, events.change_owner),
    "request_thread_control": Kind("messaging_handover", "request_thread_control", events.requested),
    "referral": Kind("messaging_referral", "referral", _referral, events.hear),
    "comments": Kind("comments", "comments", _comment, _remember_comment, "change"),
    "live_comments": Kind("live_comments", "live_comments", _live_comment, _remember_comment, "change"),
    "mentions": Kind("mentions", "mentions", _mention, None, "change"),
}
_ALIASES = {"messaging_optins": "optin", "messaging_referral": "referral"}
_ALL = Kinds(_KINDS, _ALIASES, KNOWN, PROFILE_SUBCODES)
EVENT_NAMES = _ALL.names | {ACCESS}
