"""What the table of limits says is what is enforced: the last value that passes, and the first that does not."""

from __future__ import annotations

import pytest

from chatdrill_fakes.platforms.telegram import platform

LIMITS = {limit.name: int(limit.value) for limit in platform.limits}


def _button(text):
    return {"text": "?", "reply_markup": {"inline_keyboard": [[{"text": "A", **text}]]}}


def _commands(**command):
    return {"commands": [{"command": "a", "description": "b", **command}]}


CASES = [
    ("text", "sendMessage", lambda n: {"text": "ж" * n}, "message is too long"),
    ("text_input", "sendMessage", lambda n: {"text": "x" * 10 + " " * (n - 10)}, "text is too long"),
    ("callback_data", "sendMessage", lambda n: _button({"callback_data": "x" * n}), "BUTTON_DATA_INVALID"),
    ("copy_text", "sendMessage", lambda n: _button({"copy_text": {"text": "x" * n}}), "BUTTON_COPY_TEXT_INVALID"),
    ("commands", "setMyCommands", lambda n: {"commands": _commands()["commands"] * n}, "BOT_COMMANDS_TOO_MUCH"),
    ("command", "setMyCommands", lambda n: _commands(command="a" * n), "command length must not exceed 32"),
    ("command_description", "setMyCommands", lambda n: _commands(description="b" * n), "description length must not"),
    ("name", "setMyName", lambda n: {"name": "x" * n}, "BOT_TITLE_INVALID"),
    ("description", "setMyDescription", lambda n: {"description": "x" * n}, "BOT_DESCRIPTION_INVALID"),
    ("short_description", "setMyShortDescription", lambda n: {"short_description": "x" * n}, "BOT_SHORT_DESCRIPTION"),
    ("batch", "deleteMessages", lambda n: {"message_ids": list(range(1, n + 1))}, "too many message identifiers"),
    ("secret_token", "setWebhook", lambda n: {"url": "https://a.test/", "secret_token": "x" * n}, "token is too long"),
]


@pytest.mark.parametrize(("name", "method", "arguments", "error"), CASES, ids=[case[0] for case in CASES])
def test_the_limit_passes_and_one_more_does_not(drill, name, method, arguments, error):
    most = LIMITS[name]
    assert drill.call(method, chat_id=drill.to, **arguments(most)) is not None
    assert error in drill.error(method, chat_id=drill.to, **arguments(most + 1))


def test_captions_and_albums_have_their_limits(drill, samples, read):
    sent = read(drill.upload("sendPhoto", {"photo": ("a.jpg", samples["photo"])}, chat_id=drill.to))
    photo = sent["photo"][-1]["file_id"]
    assert drill.call("sendPhoto", chat_id=drill.to, photo=photo, caption="x" * LIMITS["caption"])
    error = drill.error("sendPhoto", chat_id=drill.to, photo=photo, caption="x" * (LIMITS["caption"] + 1))
    assert error == "400 Bad Request: message caption is too long"
    album = [{"type": "photo", "media": photo}] * LIMITS["album"]
    assert len(drill.call("sendMediaGroup", chat_id=drill.to, media=album)) == LIMITS["album"]
    error = drill.error("sendMediaGroup", chat_id=drill.to, media=[*album, album[0]])
    assert error == "400 Bad Request: too many messages to send as an album"


def test_the_rates_are_those_of_the_table(make_drill):
    drill = make_drill()
    drill.write("hi")
    for _ in range(LIMITS["burst_chat"]):
        drill.send(text="x")
    handled = drill.handle("sendMessage", {"chat_id": drill.to, "text": "x"})
    assert handled.response.status == 429 and handled.response.header("Retry-After") == "1"
    drill.now += 1
    assert drill.send(text="x")


def test_a_caption_may_stand_above_a_picture_only(drill, samples, read):
    flags = {"caption": "x", "show_caption_above_media": "true", "has_spoiler": "true", "chat_id": drill.to}
    photo = read(drill.upload("sendPhoto", {"photo": ("a.jpg", samples["photo"])}, **flags))
    assert photo["show_caption_above_media"] is True and photo["has_media_spoiler"] is True
    paper = read(drill.upload("sendDocument", {"document": ("a.pdf", samples["document"])}, **flags))
    assert not {"show_caption_above_media", "has_media_spoiler"} & set(paper)


def test_a_thumbnail_that_is_too_large_is_not_used(drill, samples, read, draw):
    for side, is_used in ((LIMITS["thumbnail_side"], True), (LIMITS["thumbnail_side"] + 1, False)):
        files = {"document": ("a.pdf", samples["document"]), "thumbnail": ("t.jpg", draw(side, 10))}
        assert ("thumbnail" in read(drill.upload("sendDocument", files, chat_id=drill.to))["document"]) == is_used
