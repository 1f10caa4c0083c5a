"""Limits that a call shows, and why the other ones cannot be shown so."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Edit, Start, Text
from chatdrill.wire.sheets import Bound, Happens
from chatdrill_fakes.families.graph_sheets import (
    BATCH,
    ENTRY,
    LONG,
    METADATA,
    PAYLOAD,
    QUICK_REPLIES,
    REPLY_PAYLOAD,
    images,
    post,
    private_reply,
    send,
    template,
    template_bounds,
    thread_extension,
    untried,
    windows,
)
from chatdrill_fakes.families.meta_sheets import wrong

from .calls import COMMENTED, DEFAULT_APP

_DATA = wrong(400, 100, 2534015)
_LATE = wrong(403, 10, 2534022)
_MENU = "persistent_menu.0.call_to_actions"


def _profile(limit: str, place: str, of: Any = "x", **fields: Any) -> Bound:
    return Bound(limit, post("/me/messenger_profile", platform="instagram", **fields), LONG, place, of)


def _menu(*entries: Any) -> list[Any]:
    return [{"locale": "default", "call_to_actions": list(entries)}]


BOUNDS = (
    Bound("text", send({}), wrong(400, 100, message="(#100) Length of param message[text] must be less than or equal to 1000"),
          "message.text", "x"),
    Bound("text", send({}), LONG, "message.text", "ж"),
    images(_DATA),
    QUICK_REPLIES,
    REPLY_PAYLOAD,
    METADATA,
    *template_bounds(_DATA),
    Bound("products", template("product"), _DATA, f"{PAYLOAD}.elements", {"id": "{i}"}),
    _profile("ice_breakers", "ice_breakers", {"question": "Open {i}?", "payload": "O"}),
    _profile("ice_breaker_question", "ice_breakers.0.question", ice_breakers=[{"payload": "O"}]),
    _profile("persistent_menu_items", _MENU, {**ENTRY, "payload": "{i}"}, persistent_menu=_menu()),
    _profile("persistent_menu_title", f"{_MENU}.0.title", persistent_menu=_menu(ENTRY)),
    Bound("referral", Happens(Start()), None, "payload", "a"),
    Bound("editable", Happens(Edit(message_id="{mine}", parts=(Text(text="Linz"),))), None),
    BATCH,
    thread_extension(DEFAULT_APP),
    *windows(_LATE),
    Bound("private_reply_window", private_reply(COMMENTED), wrong(400, 100, 2534025)),
)  # fmt: skip

_LIMITS = "tests/instagram/test_limits.py"
UNTRIED = {
    **untried(_LIMITS, "tests/instagram/test_media.py", "tests/instagram/test_events.py"),
    "story_life": "the link of a story is a stand-in for a file that nobody has",
    "detailed_messages": f"counts what was said before: {_LIMITS}",
    "token_life": "said in the answer; the token does not expire by itself",
}
