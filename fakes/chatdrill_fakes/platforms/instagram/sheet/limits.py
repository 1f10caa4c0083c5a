"""Limits that a call shows, and why the other ones cannot be shown so."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Edit, Start, Text
from chatdrill.wire.sheets import Ask, Bound, Happens
from chatdrill_fakes.families.meta_sheets import wrong

from .calls import COMMENTED, DEFAULT_APP, ENTRY, POSTBACK, YES, V, chips, post, send, template, to

_LONG = wrong(400, 100)
_DATA = wrong(400, 100, 2534015)
_LATE = wrong(403, 10, 2534022)
_PAYLOAD = "message.attachment.payload"
_HUMAN = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
_MENU = "persistent_menu.0.call_to_actions"


def _profile(limit: str, place: str, of: Any = "x", **fields: Any) -> Bound:
    return Bound(limit, post("/me/messenger_profile", platform="instagram", **fields), _LONG, place, of)


def _menu(*entries: Any) -> list[Any]:
    return [{"locale": "default", "call_to_actions": list(entries)}]


BOUNDS = (
    Bound("text", send({}), wrong(400, 100, message="(#100) Length of param message[text] must be less than or equal to 1000"),
          "message.text", "x"),
    Bound("text", send({}), _LONG, "message.text", "ж"),
    Bound("images_in_a_message", send({}), _DATA, "message.attachments",
          {"type": "image", "payload": {"url": "https://shop.example/map.png"}}),
    Bound("quick_replies", send({"text": "?"}), _LONG, "message.quick_replies", {**YES, "title": "{i}", "payload": "{i}"}),
    Bound("payload", send(chips({"content_type": "text", "title": "A"})), _LONG, "message.quick_replies.0.payload"),
    Bound("metadata", send({"text": "x"}), _LONG, "message.metadata"),
    Bound("button_title", template("button", text="?", buttons=[POSTBACK]), _DATA, f"{_PAYLOAD}.buttons.0.title", "ж"),
    Bound("buttons", template("button", text="?"), _DATA, f"{_PAYLOAD}.buttons", POSTBACK),
    Bound("button_template_text", template("button", buttons=[POSTBACK]), _DATA, f"{_PAYLOAD}.text"),
    Bound("generic_elements", template("generic"), _DATA, f"{_PAYLOAD}.elements", {"title": "{i}", "subtitle": "b"}),
    Bound("generic_title", template("generic", elements=[{"subtitle": "b"}]), _DATA, f"{_PAYLOAD}.elements.0.title"),
    Bound("generic_subtitle", template("generic", elements=[{"title": "a"}]), _DATA, f"{_PAYLOAD}.elements.0.subtitle"),
    Bound("products", template("product"), _DATA, f"{_PAYLOAD}.elements", {"id": "{i}"}),
    _profile("ice_breakers", "ice_breakers", {"question": "Open {i}?", "payload": "O"}),
    _profile("ice_breaker_question", "ice_breakers.0.question", ice_breakers=[{"payload": "O"}]),
    _profile("persistent_menu_items", _MENU, {**ENTRY, "payload": "{i}"}, persistent_menu=_menu()),
    _profile("persistent_menu_title", f"{_MENU}.0.title", persistent_menu=_menu(ENTRY)),
    Bound("referral", Happens(Start()), None, "payload", "a"),
    Bound("editable", Happens(Edit(message_id="{mine}", parts=(Text(text="Linz"),))), None),
    Bound("batch", Ask(f"{V}/", {}), _LONG, "batch", {"method": "GET", "relative_url": "me"}),
    Bound("thread_extension", post("/me/extend_thread_control", recipient={"id": "{to}"}), _LONG, "duration", 0,
          settings=DEFAULT_APP),
    Bound("messaging_window", send({"text": "late"}), _LATE),
    Bound("human_agent_window", send({"text": "late"}, **_HUMAN), _LATE),
    Bound("private_reply_window", to({"comment_id": "{comment}"}, COMMENTED), wrong(400, 100, 2534025)),
)  # fmt: skip

_RATE = "a rate, and the laws switch rates off"
_MEDIA = "tests/instagram/test_media.py"
_LIMITS = "tests/instagram/test_limits.py"
UNTRIED = {
    "quick_reply_title_shown": "longer titles are cut on the screen, and nothing is refused",
    "edits": f"limits what a customer does: {_LIMITS}",
    "image_size": f"megabytes: {_MEDIA}",
    "file_size": f"megabytes: {_MEDIA}",
    "attachment_fetch_timeout": f"how long the bot's address may take: {_MEDIA}",
    "video_fetch_timeout": f"how long the bot's address may take: {_MEDIA}",
    "attachment_life": f"90 days, in which the window closes: {_MEDIA}",
    "story_life": "the link of a story is a stand-in for a file that nobody has",
    "detailed_messages": f"counts what was said before: {_LIMITS}",
    "sends_per_second": _RATE,
    "audio_video_sends_per_second": _RATE,
    "conversation_calls_per_second": _RATE,
    "private_replies_per_hour": _RATE,
    "profile_calls": _RATE,
    "calls_per_engaged_user": _RATE,
    "thread_idle": "after it the thread is the bot's again, and nothing is refused: tests/instagram/test_events.py",
    "token_life": "said in the answer; the token does not expire by itself",
    "webhook_ack": "limits the bot's answer",
    "webhook_unsubscribed_after": "limits the bot's answers: tests/messenger/test_platform.py",
}
