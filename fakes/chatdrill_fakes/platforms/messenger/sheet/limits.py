"""Limits that a call shows, and why the other ones cannot be shown so."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Event, Start
from chatdrill.wire.sheets import Ask, Bound, Happens
from chatdrill_fakes.families.graph_sheets import (
    BATCH,
    ENTRY,
    LONG,
    METADATA,
    PAYLOAD,
    QUICK_REPLIES,
    REPLY_PAYLOAD,
    V,
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

from .calls import COMMENTED, DEFAULT_APP, FEEDBACK, GET_STARTED, GRID, RECEIPT

_LATE = wrong(403, 10, 2018278)
_QUESTION = f"{PAYLOAD}.feedback_screens.0.questions.0"


def _profile(limit: str, place: str, of: Any = "x", **fields: Any) -> Bound:
    return Bound(limit, post("/me/messenger_profile", get_started=GET_STARTED, **fields), LONG, place, of)


def _menu(*entries: Any) -> list[Any]:
    return [{"locale": "default", "composer_input_disabled": False, "call_to_actions": list(entries)}]


def _commands(*listed: Any) -> list[Any]:
    return [{"locale": "default", "commands": list(listed)}]


_FREE = {"id": "q", "type": "csat", "title": "Rate our answer", "follow_up": {"type": "free_form"}}
_LINKED = Happens(Event(name="account_linking", data={"account_linking_token": "ALT"}))

BOUNDS = (
    Bound("text", send({}), wrong(400, 100, message="(#100) Length of param message[text] must be less than or equal to 2000"),
          "message.text", "😀"),
    Bound("referral", Happens(Start()), None, "payload", "a"),
    METADATA,
    QUICK_REPLIES,
    REPLY_PAYLOAD,
    *template_bounds(LONG),
    Bound("receipt_elements", template("receipt", **RECEIPT), LONG, f"{PAYLOAD}.elements", {"title": "Mug", "price": 1}),
    Bound("image_grid_images", template("image_grid", elements=[{"title": "New in"}]), LONG, f"{PAYLOAD}.elements.0.images",
          {"url": "https://shop.example/{i}.png"}),
    Bound("image_grid_title", template("image_grid", elements=[GRID]), LONG, f"{PAYLOAD}.elements.0.title"),
    Bound("question_title", template("customer_feedback", **FEEDBACK), LONG, f"{_QUESTION}.title"),
    Bound("feedback_placeholder",
          template("customer_feedback", **{**FEEDBACK, "feedback_screens": [{"questions": [_FREE]}]}), LONG,
          f"{_QUESTION}.follow_up.placeholder"),
    Bound("feedback_days", template("customer_feedback", **FEEDBACK), LONG, f"{PAYLOAD}.expires_in_days", 0),
    images(LONG),
    Bound("persona_name", post("/me/personas", profile_picture_url="https://bot.example/eva.png"), LONG, "name"),
    _profile("persistent_menu_items", "persistent_menu.0.call_to_actions", {**ENTRY, "payload": "{i}"}, persistent_menu=_menu()),
    _profile("persistent_menu_title", "persistent_menu.0.call_to_actions.0.title", persistent_menu=_menu(ENTRY)),
    _profile("greeting", "greeting.0.text", greeting=[{"locale": "default"}]),
    _profile("ice_breakers", "ice_breakers", {"question": "Open {i}?", "payload": "O"}),
    _profile("commands", "commands.0.commands", {"name": "c{i}", "description": "d"}, commands=_commands()),
    _profile("command_name", "commands.0.commands.0.name", commands=_commands({"description": "d"})),
    _profile("command_description", "commands.0.commands.0.description", commands=_commands({"name": "x"})),
    _profile("whitelisted_domains", "whitelisted_domains", "https://s{i}.example"),
    BATCH,
    thread_extension(DEFAULT_APP),
    *windows(_LATE),
    Bound("private_reply_window", private_reply(COMMENTED),
          wrong(400, 10903)),
    Bound("linking_token_life", Ask(f"{V}/me?account_linking_token=ALT", method="GET", after=(_LINKED,)), wrong(400, 10303)),
)  # fmt: skip

_ATTACHMENTS = "tests/messenger/test_attachments.py"
UNTRIED = untried("tests/messenger/test_inbound.py", _ATTACHMENTS, "tests/messenger/test_events.py")
