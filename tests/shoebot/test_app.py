"""The bot behind its door, with a fake of the platforms: signatures, duplicates, bursts, calls, retries."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pytest

from chatdrill_scenarios.shoebot.api import ApiError
from chatdrill_scenarios.shoebot.config import DEFAULTS
from chatdrill_scenarios.shoebot.texts import text
from shoebot.kit import (
    PICTURE,
    SECRET_HEADER,
    TOKEN,
    World,
    build,
    messenger_update,
    telegram_message,
    telegram_press,
    texts,
    whatsapp_update,
)  # fmt: skip

META = ("whatsapp", "messenger")
SETUP = ("setWebhook", "messenger_profile", "message_templates", "set_webhook")


def hello(platform: str, number: str = "1", words: str = "where is order 553") -> dict[str, Any]:
    if platform == "whatsapp":
        return whatsapp_update({"id": f"wamid.{number}", "type": "text", "text": {"body": words}})
    return messenger_update({"message": {"mid": f"m_{number}", "text": words}})


def test_the_default_token_has_the_shape_of_a_real_one() -> None:
    number, secret = TOKEN.split(":")
    assert number.isdigit()
    assert len(secret) == 35


async def test_the_bot_registers_its_telegram_webhook_and_is_healthy_then(world: World) -> None:
    assert (await world.request("GET", "/healthz"))[0] == 503
    await world.platforms.until(lambda platforms: bool(platforms.named("setWebhook")))
    await world.app.bot.ready.wait()
    assert (await world.request("GET", "/healthz")) == (200, b"ok")
    body = world.platforms.named("setWebhook")[0].body
    assert body["url"] == "http://127.0.0.1:8080/webhooks/telegram"
    assert body["secret_token"] == DEFAULTS["TELEGRAM_WEBHOOK_SECRET"]
    assert {"message", "edited_message", "callback_query", "message_reaction"} <= set(body["allowed_updates"])


async def test_messenger_shows_a_get_started_button_before_the_bot_is_healthy(world: World) -> None:
    assert (await world.request("GET", "/healthz"))[0] == 503
    await world.app.bot.ready.wait()
    (call,) = [one for one in world.platforms.named("messenger_profile") if "/messenger/" in one.path]
    assert call.body == {"get_started": {"payload": "GET_STARTED"}}
    assert call.headers["Authorization"] == f"Bearer {DEFAULTS['MESSENGER_PAGE_TOKEN']}"


async def test_an_unreachable_platform_does_not_stop_the_others() -> None:
    world = await build(TELEGRAM_API_ROOT="http://127.0.0.1:9", CHATDRILL_SPEED="1000")
    await world.meta("whatsapp", hello("whatsapp"))
    assert texts(await world.platforms.answered()) == [text("order.on_the_way", "en", order="553")]
    await world.app.bot.ready.wait()
    await world.close()


async def test_a_platform_that_is_switched_off_has_no_door() -> None:
    world = await build(SHOEBOT_PLATFORMS="whatsapp")
    assert (await world.request("POST", "/webhooks/telegram", b"{}", SECRET_HEADER))[0] == 404
    await world.close()


@pytest.mark.parametrize("platform", META)
async def test_the_challenge_is_answered_only_with_the_right_token(world: World, platform: str) -> None:
    path, query = f"/webhooks/{platform}", "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
    assert await world.request("GET", path, query=query + "chatdrill-verify") == (200, b"1158201444")
    assert (await world.request("GET", path, query=query + "wrong"))[0] == 403
    assert (await world.request("GET", path))[0] == 403


@pytest.mark.parametrize("platform", META)
@pytest.mark.parametrize("signature", ["", "sha256=" + "0" * 64, "sha1=abc", "sha256=é"])
async def test_a_forged_update_is_refused(world: World, platform: str, signature: str) -> None:
    body = json.dumps(hello(platform)).encode()
    status, _ = await world.request("POST", f"/webhooks/{platform}", body, {"X-Hub-Signature-256": signature})
    assert status == 401


@pytest.mark.parametrize("headers", [{}, {"x-telegram-bot-api-secret-token": "wrong"}])
async def test_telegram_needs_its_secret(world: World, headers: dict[str, str]) -> None:
    assert (await world.request("POST", "/webhooks/telegram", b'{"update_id":1}', headers))[0] == 401


@pytest.mark.parametrize("platform", META)
async def test_the_signature_covers_the_escaped_bytes(world: World, platform: str) -> None:
    assert await world.meta(platform, hello(platform, words="заказ 553 😀 https://ex.org/a")) == 200
    assert texts(await world.platforms.answered()) == [text("order.on_the_way", "ru", order="553")]


@pytest.mark.parametrize("platform", META)
async def test_a_redelivered_message_is_answered_once(world: World, platform: str) -> None:
    for _ in range(3):
        await world.meta(platform, hello(platform))
    await world.platforms.answered()
    await world.meta(platform, hello(platform))
    await world.meta(platform, hello(platform, "2", "thanks"))
    assert len(await world.platforms.answered(2)) == 2


async def test_a_redelivered_telegram_update_is_answered_once(world: World) -> None:
    message = telegram_message(text="where is order 553")
    for _ in range(3):
        await world.telegram(update_id=77, message=message)
    await world.platforms.answered()
    await world.telegram(update_id=77, message=message)
    await world.telegram(message=telegram_message(text="thanks"))
    assert len(await world.platforms.answered(2)) == 2


async def test_a_burst_gets_one_answer(world: World) -> None:
    for words in ("hello", "where is my order", "554"):
        await world.telegram(message=telegram_message(text=words))
    calls = await world.platforms.answered()
    assert texts(calls) == [text("order.packing", "en", order="554")]


async def test_a_press_is_not_held_up_by_the_debounce() -> None:
    world = await build(SHOEBOT_DEBOUNCE_S="3600")
    await world.telegram(callback_query=telegram_press("menu:fitting"))
    assert texts(await world.platforms.answered()) == [text("ask.city", "en")]
    await world.close()


async def test_a_press_stops_the_spinner_and_takes_the_buttons_away(world: World) -> None:
    await world.telegram(callback_query=telegram_press("menu:status"))
    await world.platforms.answered()
    names = [call.method for call in world.platforms.calls if call.method not in SETUP]
    assert names == ["answerCallbackQuery", "editMessageReplyMarkup", "sendChatAction", "sendMessage"]


async def test_a_press_is_confirmed_even_while_the_bot_is_silent(world: World) -> None:
    await world.telegram(callback_query=telegram_press("menu:person"))
    await world.platforms.answered()
    await world.telegram(callback_query=telegram_press("menu:status"))
    await world.platforms.until(lambda platforms: len(platforms.named("answerCallbackQuery")) == 2)
    assert len(world.platforms.messages()) == 1


async def test_telegram_photos_are_downloaded_and_remembered_by_hash(world: World) -> None:
    sizes = [{"file_id": "small", "width": 90, "height": 67}, {"file_id": "large", "width": 1280, "height": 960}]
    await world.telegram(message=telegram_message(photo=sizes, caption="return order 553, torn"))
    assert "R-553-1" in texts(await world.platforms.answered())[0]
    assert world.platforms.named("getFile")[0].body == {"file_id": "large"}
    stored = world.app.bot.store.pictures("telegram:512340987")
    assert stored == [(hashlib.sha256(PICTURE).hexdigest(), len(PICTURE))]


@pytest.mark.parametrize("platform", META)
async def test_meta_photos_are_downloaded_too(world: World, platform: str) -> None:
    if platform == "whatsapp":
        image = {"id": "1003383421387256", "mime_type": "image/jpeg", "caption": "return 553, torn"}
        update = whatsapp_update({"id": "wamid.1", "type": "image", "image": image})
    else:
        attachment = {"type": "image", "payload": {"url": f"{world.platforms.root}/files/photo.jpg"}}
        both = (
            {"message": {"mid": "m_1", "text": "return 553, torn"}},
            {"message": {"mid": "m_2", "attachments": [attachment]}},
        )
        update = messenger_update(*both)
    await world.meta(platform, update)
    assert "R-553-1" in texts(await world.platforms.answered())[0]


async def test_a_file_that_only_claims_to_be_a_picture_is_not_taken(world: World) -> None:
    world.platforms.files["photo.jpg"] = b"<html>not found</html>"
    await world.telegram(message=telegram_message(photo=[{"file_id": "x", "width": 1, "height": 1}]))
    assert texts(await world.platforms.answered()) == [text("photo.not_image", "en")]


async def test_a_picture_that_cannot_be_fetched_is_asked_for_again(world: World) -> None:
    world.platforms.files.clear()
    await world.telegram(message=telegram_message(photo=[{"file_id": "x", "width": 1, "height": 1}]))
    assert texts(await world.platforms.answered()) == [text("photo.lost", "en")]


@pytest.mark.parametrize(("status", "body", "headers"), [
    (429, {"ok": False, "parameters": {"retry_after": 2}}, {}),
    (429, {"ok": False}, {"Retry-After": "2"}),
    (502, {"ok": False}, {}),
    (400, {"error": {"code": 131056, "message": "pair rate limit"}}, {}),
])  # fmt: skip
async def test_an_overloaded_platform_is_tried_again(
    status: int, body: dict[str, Any], headers: dict[str, str]
) -> None:
    world = await build(CHATDRILL_SPEED="100")
    world.platforms.failures.append((status, body, headers))
    await world.telegram(message=telegram_message(text="thanks"))
    assert texts(await world.platforms.answered(2)) == [text("thanks", "en")] * 2
    await world.close()


async def test_a_sign_of_typing_that_was_refused_for_now_is_left_out_of_the_next_turn(world: World) -> None:
    api = world.app.bot._api
    world.platforms.failures.append((429, {"ok": False}, {"Retry-After": "3"}))
    sign = {"what": "typing", "body": {"chat_id": 1, "action": "typing"}, "once": True}
    for _ in range(2):
        with pytest.raises(ApiError):
            await api.post(f"{world.platforms.root}/typing", **sign)
    assert len([call for call in world.platforms.calls if call.path.endswith("/typing")]) == 1


async def test_the_end_of_the_window_is_waited_for_where_no_wait_is_named() -> None:
    world = await build()
    begun, end = time.time(), int(time.time()) + 2
    world.platforms.failures.append((429, {"ok": False}, {"X-RateLimit-Reset": str(end)}))
    await world.telegram(message=telegram_message(text="thanks"))
    await world.platforms.answered(2)
    assert time.time() >= end > begun
    await world.close()


async def test_a_refusal_is_not_tried_again_and_does_not_end_the_conversation(world: World) -> None:
    world.platforms.failures.append((403, {"ok": False, "description": "Forbidden: bot was blocked by the user"}, {}))
    await world.telegram(message=telegram_message(text="thanks"))
    await world.platforms.answered()
    await world.telegram(message=telegram_message(text="bye"))
    assert texts(await world.platforms.answered(2)) == [text("thanks", "en"), text("bye", "en")]


async def test_whatsapp_marks_read_types_and_offers_a_list_for_four_choices(world: World) -> None:
    await world.meta("whatsapp", hello("whatsapp", words="hello"))
    call = (await world.platforms.answered())[0]
    read = next(call for call in world.platforms.calls if call.body.get("status") == "read")
    assert read.body["typing_indicator"] == {"type": "text"}
    assert call.headers["Authorization"] == f"Bearer {DEFAULTS['WHATSAPP_TOKEN']}"
    assert call.body["to"] == "4915155501234"
    rows = call.body["interactive"]["action"]["sections"][0]["rows"]
    assert [row["id"] for row in rows] == ["menu:status", "menu:return", "menu:fitting", "menu:person"]


async def test_whatsapp_uses_buttons_for_three_choices(world: World) -> None:
    await world.meta("whatsapp", hello("whatsapp", words="return order 553"))
    interactive = (await world.platforms.answered())[0].body["interactive"]
    assert interactive["type"] == "button"
    assert len(interactive["action"]["buttons"]) == 3


async def test_messenger_marks_seen_types_and_offers_quick_replies(world: World) -> None:
    await world.meta("messenger", hello("messenger", words="hello"))
    call = (await world.platforms.answered())[0]
    assert [one.body["sender_action"] for one in world.platforms.calls if "sender_action" in one.body] == [
        "mark_seen",
        "typing_on",
    ]
    assert call.body["messaging_type"] == "RESPONSE"
    assert call.body["message"]["quick_replies"][0]["payload"] == "menu:status"


async def test_a_messenger_referral_goes_straight_to_its_order(world: World) -> None:
    start = {"mid": "m_1", "title": "Get Started", "payload": "GET_STARTED", "referral": {"ref": "ord_554"}}
    await world.meta("messenger", messenger_update({"postback": start}))
    await world.meta("messenger", messenger_update({"referral": {"ref": "ord_553"}}))
    expected = [text("order.packing", "en", order="554"), text("order.on_the_way", "en", order="553")]
    assert texts(await world.platforms.answered(2)) == expected


async def test_a_messenger_edit_changes_the_order(world: World) -> None:
    await world.meta("messenger", hello("messenger", "1", "return order 553"))
    await world.platforms.answered()
    await world.meta(
        "messenger", messenger_update({"message_edit": {"mid": "m_1", "text": "return order 554", "num_edit": 1}})
    )
    assert text("order.changed", "en", order="554") in texts(await world.platforms.answered(2))[1]


QUIET_MESSENGER = (
    {"message": {"mid": "m_9", "is_echo": True, "text": "hello"}},
    {"delivery": {"mids": ["m_1"], "watermark": 1}},
    {"read": {"watermark": 1}},
    {"reaction": {"reaction": "love", "emoji": "❤", "action": "react", "mid": "m_1"}},
    {"optin": {"ref": "x"}},
    {"something_new": {"a": 1}},
    {"message": None},
)
QUIET_WHATSAPP = (
    whatsapp_update(statuses=[{"id": "wamid.OUT1", "status": "read", "timestamp": "1", "recipient_id": "1"}]),
    whatsapp_update({"id": "wamid.5", "type": "reaction", "reaction": {"message_id": "wamid.OUT1", "emoji": "👍"}}),
    whatsapp_update({"id": "wamid.6", "type": "system", "system": {"body": "x", "type": "user_changed_number"}}),
    {"entry": [{"changes": [{"field": "account_update", "value": {"event": "X"}}]}]},
    {"entry": "nonsense"},
)
QUIET_TELEGRAM = (
    {"message_reaction": {"chat": {"id": 1}, "message_id": 1, "old_reaction": [], "new_reaction": []}},
    {"my_chat_member": {}},
    {"message": {"message_id": 1, "chat": {"id": -5, "type": "group"}, "date": 1, "text": "hello"}},
    {"message": telegram_message(pinned_message={})},
    {"message": 5},
)


async def test_what_needs_no_answer_gets_a_200_and_none(world: World) -> None:
    statuses = [await world.meta("messenger", messenger_update(item)) for item in QUIET_MESSENGER]
    statuses += [await world.meta("whatsapp", update) for update in QUIET_WHATSAPP]
    statuses += [await world.telegram(**update) for update in QUIET_TELEGRAM]
    assert set(statuses) == {200}
    await world.telegram(message=telegram_message(text="thanks"))
    assert texts(await world.platforms.answered()) == [text("thanks", "en")]


async def test_a_batch_is_read_to_its_end(world: World) -> None:
    update = hello("whatsapp", "1", "when are you open?")
    update["entry"] += hello("whatsapp", "2", "how much is delivery?")["entry"]
    await world.meta("whatsapp", update)
    answer = texts(await world.platforms.answered())[0]
    assert text("faq.hours", "en") in answer
    assert text("faq.delivery", "en") in answer


async def test_one_broken_message_does_not_take_the_batch_with_it(world: World) -> None:
    broken = {"id": "wamid.1", "type": "text", "text": None}
    sound = {"id": "wamid.2", "type": "text", "text": {"body": "order 553"}}
    await world.meta("whatsapp", whatsapp_update(broken, sound))
    assert texts(await world.platforms.answered()) == [text("order.on_the_way", "en", order="553")]


async def test_the_size_chart_is_uploaded_once_and_then_sent_by_its_id(world: World) -> None:
    for words in ("size chart", "size chart please"):
        await world.telegram(message=telegram_message(text=words))
        await world.app.bot.idle()
    first, second = world.platforms.named("sendPhoto")
    assert first.headers["Content-Type"].startswith("multipart/form-data")
    assert second.body["photo"] == "chart"


@pytest.mark.parametrize(("platform", "upload", "sent_as"), [
    ("whatsapp", "media", {"id": "4455", "caption": "Size chart"}),
    ("messenger", "message_attachments", {"type": "image", "payload": {"attachment_id": "6677"}}),
])  # fmt: skip
async def test_meta_gets_the_chart_uploaded_once(world: World, platform: str, upload: str, sent_as: object) -> None:
    for number in ("1", "2"):
        await world.meta(platform, hello(platform, number, "size chart"))
        await world.app.bot.idle()
    assert len(world.platforms.named(upload)) == 1
    pictures = [
        call.body.get("image") or call.body.get("message", {}).get("attachment") for call in world.platforms.messages()
    ]
    assert [picture for picture in pictures if picture] == [sent_as, sent_as]


async def test_what_was_accepted_before_a_crash_is_answered_after_it(tmp_path: Path) -> None:
    database = str(tmp_path / "bot.db")
    before = await build(SHOEBOT_DB=database, SHOEBOT_DEBOUNCE_S="3600", CHATDRILL_SPEED="1000")
    await before.meta("whatsapp", hello("whatsapp"))
    await before.close()
    after = await build(SHOEBOT_DB=database)
    await after.request("GET", "/healthz")
    assert texts(await after.platforms.answered()) == [text("order.on_the_way", "en", order="553")]
    await after.close()


async def test_conversations_do_not_wait_for_each_other_and_do_not_mix(world: World) -> None:
    for user in range(40):
        message = {"id": f"wamid.{user}", "from": str(user + 1000), "type": "text", "text": {"body": "order 553"}}
        await world.meta("whatsapp", whatsapp_update(message))
    calls = await world.platforms.answered(40)
    assert sorted(int(call.body["to"]) for call in calls) == list(range(1000, 1040))


async def test_a_body_larger_than_any_platforms_is_refused(world: World) -> None:
    assert (await world.request("POST", "/webhooks/telegram", b"x" * 5_000_000, SECRET_HEADER))[0] == 413
    assert (await world.request("POST", "/webhooks/telegram", b"{", SECRET_HEADER))[0] == 400
    assert (await world.request("GET", "/nowhere"))[0] == 404
