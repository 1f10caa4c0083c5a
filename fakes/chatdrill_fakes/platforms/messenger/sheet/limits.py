"""Limits that a call shows, and why the other ones cannot be shown so."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Event, Start
from chatdrill.wire.sheets import Ask, Bound, Happens
from chatdrill_fakes.families.meta_sheets import wrong

from .calls import (
    COMMENTED,
    DEFAULT_APP,
    ENTRY,
    FEEDBACK,
    GET_STARTED,
    GRID,
    POSTBACK,
    RECEIPT,
    YES,
    V,
    chips,
    post,
    send,
    template,
)

_LONG = wrong(400, 100)
_LATE = wrong(403, 10, 2018278)
_PAYLOAD = "message.attachment.payload"
_QUESTION = f"{_PAYLOAD}.feedback_screens.0.questions.0"


def _profile(limit: str, place: str, of: Any = "x", **fields: Any) -> Bound:
    return Bound(limit, post("/me/messenger_profile", get_started=GET_STARTED, **fields), _LONG, place, of)


def _menu(*entries: Any) -> list[Any]:
    return [{"locale": "default", "composer_input_disabled": False, "call_to_actions": list(entries)}]


def _commands(*listed: Any) -> list[Any]:
    return [{"locale": "default", "commands": list(listed)}]


_FREE = {"id": "q", "type": "csat", "title": "Rate our answer", "follow_up": {"type": "free_form"}}
_HUMAN = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
_LINKED = Happens(Event(name="account_linking", data={"account_linking_token": "ALT"}))

BOUNDS = (
    Bound("text", send({}), wrong(400, 100, message="(#100) Length of param message[text] must be less than or equal to 2000"),
          "message.text", "😀"),
    Bound("referral", Happens(Start()), None, "payload", "a"),
    Bound("metadata", send({"text": "x"}), _LONG, "message.metadata"),
    Bound("quick_replies", send({"text": "?"}), _LONG, "message.quick_replies", {**YES, "title": "{i}", "payload": "{i}"}),
    Bound("payload", send(chips({"content_type": "text", "title": "A"})), _LONG, "message.quick_replies.0.payload"),
    Bound("button_title", template("button", text="?", buttons=[POSTBACK]), _LONG, f"{_PAYLOAD}.buttons.0.title", "ж"),
    Bound("buttons", template("button", text="?"), _LONG, f"{_PAYLOAD}.buttons", POSTBACK),
    Bound("button_template_text", template("button", buttons=[POSTBACK]), _LONG, f"{_PAYLOAD}.text"),
    Bound("generic_elements", template("generic"), _LONG, f"{_PAYLOAD}.elements", {"title": "{i}", "subtitle": "b"}),
    Bound("generic_title", template("generic", elements=[{"subtitle": "b"}]), _LONG, f"{_PAYLOAD}.elements.0.title"),
    Bound("generic_subtitle", template("generic", elements=[{"title": "a"}]), _LONG, f"{_PAYLOAD}.elements.0.subtitle"),
    Bound("receipt_elements", template("receipt", **RECEIPT), _LONG, f"{_PAYLOAD}.elements", {"title": "Mug", "price": 1}),
    Bound("image_grid_images", template("image_grid", elements=[{"title": "New in"}]), _LONG, f"{_PAYLOAD}.elements.0.images",
          {"url": "https://shop.example/{i}.png"}),
    Bound("image_grid_title", template("image_grid", elements=[GRID]), _LONG, f"{_PAYLOAD}.elements.0.title"),
    Bound("question_title", template("customer_feedback", **FEEDBACK), _LONG, f"{_QUESTION}.title"),
    Bound("feedback_placeholder",
          template("customer_feedback", **{**FEEDBACK, "feedback_screens": [{"questions": [_FREE]}]}), _LONG,
          f"{_QUESTION}.follow_up.placeholder"),
    Bound("feedback_days", template("customer_feedback", **FEEDBACK), _LONG, f"{_PAYLOAD}.expires_in_days", 0),
    Bound("images_in_a_message", send({}), _LONG, "message.attachments",
          {"type": "image", "payload": {"url": "https://shop.example/map.png"}}),
    Bound("persona_name", post("/me/personas", profile_picture_url="https://bot.example/eva.png"), _LONG, "name"),
    _profile("persistent_menu_items", "persistent_menu.0.call_to_actions", {**ENTRY, "payload": "{i}"}, persistent_menu=_menu()),
    _profile("persistent_menu_title", "persistent_menu.0.call_to_actions.0.title", persistent_menu=_menu(ENTRY)),
    _profile("greeting", "greeting.0.text", greeting=[{"locale": "default"}]),
    _profile("ice_breakers", "ice_breakers", {"question": "Open {i}?", "payload": "O"}),
    _profile("commands", "commands.0.commands", {"name": "c{i}", "description": "d"}, commands=_commands()),
    _profile("command_name", "commands.0.commands.0.name", commands=_commands({"description": "d"})),
    _profile("command_description", "commands.0.commands.0.description", commands=_commands({"name": "x"})),
    _profile("whitelisted_domains", "whitelisted_domains", "https://s{i}.example"),
    Bound("batch", Ask(f"{V}/", {}), _LONG, "batch", {"method": "GET", "relative_url": "me"}),
    Bound("thread_extension", post("/me/extend_thread_control", recipient={"id": "{to}"}), _LONG, "duration", 0,
          settings=DEFAULT_APP),
    Bound("messaging_window", send({"text": "late"}), _LATE),
    Bound("human_agent_window", send({"text": "late"}, **_HUMAN), _LATE),
    Bound("private_reply_window", post("/me/messages", COMMENTED, recipient={"comment_id": "{comment}"}, message={"text": "Hi"}),
          wrong(400, 10903)),
    Bound("linking_token_life", Ask(f"{V}/me?account_linking_token=ALT", method="GET", after=(_LINKED,)), wrong(400, 10303)),
)  # fmt: skip

_RATE = "a rate, and the laws switch rates off"
_SIZE = "megabytes: tests/messenger/test_attachments.py"
UNTRIED = {
    "quick_reply_title_shown": "longer titles are cut on the screen, and nothing is refused",
    "edits": "limits what a customer does: tests/messenger/test_inbound.py",
    "image_size": _SIZE,
    "file_size": _SIZE,
    "attachment_fetch_timeout": "how long the bot's address may take: tests/messenger/test_attachments.py",
    "video_fetch_timeout": "how long the bot's address may take: tests/messenger/test_attachments.py",
    "attachment_life": "90 days, in which the window closes: tests/messenger/test_attachments.py",
    "sends_per_second": _RATE,
    "audio_video_sends_per_second": _RATE,
    "conversation_calls_per_second": _RATE,
    "private_replies_per_hour": _RATE,
    "profile_calls": _RATE,
    "calls_per_engaged_user": _RATE,
    "thread_idle": "after it the thread is the bot's again, and nothing is refused: tests/messenger/test_events.py",
    "webhook_ack": "limits the bot's answer",
    "webhook_unsubscribed_after": "limits the bot's answers: tests/messenger/test_platform.py",
}
