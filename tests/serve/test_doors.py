"""Several workers hold one bot's account, and the bot knows the address of one of them."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from typing import Any

import pytest

from chatdrill.model import (
    Button,
    Deleted,
    Edited,
    MarkedRead,
    Press,
    PressAnswered,
    Sent,
)
from chatdrill_fakes.platforms.messenger import platform as messenger
from chatdrill_fakes.platforms.telegram import platform as telegram
from chatdrill_fakes.platforms.whatsapp import platform as whatsapp
from serve.conftest import Opener
from serve.doors_kit import BOT, PEOPLE, PNG, Door, Doorway, say, sent_texts, show
from serve.toys import until

FILES = BOT.replace("/telegram/", "/telegram/file/")
NUMBER = "/whatsapp/v25.0/441122334455667"
WA, PAGE_TOKEN = "EAAchatdrillwhatsapp", "EAAchatdrillmessenger"
ME = "/messenger/v25.0/me"


# ------------------------------------------------------------------------------------------------------ telegram


async def test_a_reply_lands_with_the_worker_that_plays_the_chat(chats: tuple[Doorway, list[str]]) -> None:
    house, ids = chats
    for at in range(3):
        for chat in ids:
            status, answer = await house.call(
                "POST", f"{BOT}/sendMessage", at=at, chat_id=int(chat), text=f"{chat} by {at}"
            )
            assert status == 200 and str(answer["result"]["chat"]["id"]) == chat
    for door, chat in zip(house.doors, ids, strict=True):
        assert sent_texts(door) == [f"{chat} by {at}" for at in range(3)]
        assert door.calls == ["sendMessage"] * 3


async def test_telegrams_messages_are_edited_and_deleted_through_any_door(chats: tuple[Doorway, list[str]]) -> None:
    house, ids = chats
    _, sent = await house.call("POST", f"{BOT}/sendMessage", chat_id=ids[2], text="wrong")
    about = {"chat_id": ids[2], "message_id": sent["result"]["message_id"]}
    assert (await house.call("POST", f"{BOT}/editMessageText", at=1, text="right", **about))[0] == 200
    assert (await house.call("POST", f"{BOT}/deleteMessage", at=1, **about))[0] == 200
    assert [type(effect) for effect in house.doors[2].effects] == [Sent, Edited, Deleted]
    assert not house.doors[0].effects and not house.doors[1].effects


async def test_a_press_is_answered_at_the_owners(chats: tuple[Doorway, list[str]]) -> None:
    house, ids = chats
    keys = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
    _, sent = await house.call("POST", f"{BOT}/sendMessage", chat_id=ids[1], text="?", reply_markup=keys)
    press = Press(
        button=Button(kind="callback", title="Yes", payload="yes"), message_id=str(sent["result"]["message_id"])
    )
    query = house.doors[1].act("telegram", ids[1], press)["callback_query"]
    assert (await house.call("POST", f"{BOT}/answerCallbackQuery", callback_query_id=query["id"]))[0] == 200
    assert isinstance(house.doors[1].effects[-1], PressAnswered)


async def test_a_customers_photo_can_be_read_through_any_door(chats: tuple[Doorway, list[str]]) -> None:
    house, ids = chats
    door = house.doors[2]
    photo = door.act("telegram", ids[2], show(door.file("telegram")))["message"]["photo"][-1]
    _, answer = await house.call("GET", f"{BOT}/getFile?file_id={photo['file_id']}")
    file = await house.send("GET", f"{FILES}/{answer['result']['file_path']}", at=1)
    assert (file.status, file.body[:2]) == (200, b"\xff\xd8")  # Telegram makes photos JPEG


async def test_a_file_id_of_one_worker_is_good_in_a_chat_of_another(chats: tuple[Doorway, list[str]]) -> None:
    house, ids = chats
    _, first = await house.upload(f"{BOT}/sendPhoto", field="photo", chat_id=ids[1])
    key = first["result"]["photo"][-1]["file_id"]
    for at, chat in enumerate(ids):
        status, answer = await house.call("POST", f"{BOT}/sendPhoto", at=at, chat_id=chat, photo=key)
        assert (status, answer["result"]["photo"][-1]["file_id"]) == (200, key)
    _, album = await house.call(
        "POST", f"{BOT}/sendMediaGroup", chat_id=ids[2], media=[{"type": "photo", "media": key}] * 2
    )
    assert album["ok"]


async def test_an_unknown_chat_gets_telegrams_error(chats: tuple[Doorway, list[str]]) -> None:
    house, _ = chats
    for chat in (5551234500, 5551234501, 5551234502, 5551234577, "@nobody02"):
        status, answer = await house.call("POST", f"{BOT}/sendMessage", chat_id=chat, text="hi")
        assert (status, answer["description"]) == (400, "Bad Request: chat not found")


async def test_a_webhook_that_is_set_at_one_door_is_set_at_all(chats: tuple[Doorway, list[str]]) -> None:
    house, _ = chats
    assert (await house.call("POST", f"{BOT}/setWebhook", at=1, url="http://127.0.0.1:9/hook"))[0] == 200
    assert [door.stage.channels["telegram"].state.webhook_url for door in house.doors] == [
        "http://127.0.0.1:9/hook"
    ] * 3
    assert [door.calls for door in house.doors] == [[], ["setWebhook"], []]


async def test_what_was_set_before_the_doors_met_reaches_a_late_one(opened: Opener) -> None:
    house = await opened(telegram, count=2)
    await house.call("POST", f"{BOT}/setWebhook", url="http://127.0.0.1:9/hook")
    await house.call("POST", f"{BOT}/setMyCommands", commands=[{"command": "help", "description": "Help"}])
    late = Door(2)
    house.doors.append(late)
    late.stage.add(telegram, {"rate_limits": "no"})
    await late.stage.open()
    house.introduce(*house.doors)
    await until(lambda: late.stage.channels["telegram"].state.webhook_url is not None)
    assert not late.calls
    assert (await house.call("GET", f"{BOT}/getMyCommands", at=2))[1]["result"][0]["command"] == "help"


async def test_a_call_between_chats_of_two_workers_is_refused_loudly(chats: tuple[Doorway, list[str]]) -> None:
    house, ids = chats
    status, _ = await house.call("POST", f"{BOT}/copyMessage", chat_id=ids[0], from_chat_id=ids[1], message_id=1)
    assert status == 409 and "several workers" in house.doors[0].troubles[0]


async def test_two_workers_of_one_seed_hand_out_different_ids(chats: tuple[Doorway, list[str]]) -> None:
    house, ids = chats
    updates = [update.id for door in house.doors for update in door.stage.channels["telegram"].state.outbox]
    assert len(set(updates)) == len(updates) == 3 and len(set(ids)) == 3
    assert [id[-2:] for id in (*updates, *ids)] == ["00", "01", "02"] * 2


# ------------------------------------------------------------------------------------------------------ whatsapp


@pytest.fixture
async def numbers(opened: Opener) -> tuple[Doorway, list[str]]:
    house = await opened(whatsapp)
    numbers = [door.join("whatsapp", key) for door, key in zip(house.doors, PEOPLE, strict=True)]
    for door, number in zip(house.doors, numbers, strict=True):
        door.act("whatsapp", number, say("hello"))
    return house, numbers


def wa(house: Doorway, at: int = 0, **values: Any) -> Awaitable[Any]:
    return house.call("POST", f"{NUMBER}/messages", at=at, token=WA, messaging_product="whatsapp", **values)


async def test_one_phone_number_in_three_workers_becomes_three_customers(numbers: tuple[Doorway, list[str]]) -> None:
    house, ids = numbers
    assert ids == ["4915155501200", "4915155501201", "4915155501202"]
    for at in range(3):
        for number in ids:
            status, _ = await wa(house, at, to=f"+{number}", type="text", text={"body": f"{number} by {at}"})
            assert status == 200
    for door, number in zip(house.doors, ids, strict=True):
        assert sent_texts(door) == [f"{number} by {at}" for at in range(3)]


async def test_a_message_is_marked_read_at_the_owners(numbers: tuple[Doorway, list[str]]) -> None:
    house, ids = numbers
    message = next(iter(house.doors[2].stage.channels["whatsapp"].state.chats[ids[2]].messages))
    assert (await wa(house, status="read", message_id=message))[0] == 200
    assert [type(effect) for effect in house.doors[2].effects] == [MarkedRead]


async def test_an_upload_at_one_door_can_be_sent_in_every_chat(numbers: tuple[Doorway, list[str]]) -> None:
    house, ids = numbers
    _, made = await house.upload(f"{NUMBER}/media", at=1, token=WA, messaging_product="whatsapp", type="image/png")
    for number in ids:
        assert (await wa(house, to=number, type="image", image={"id": made["id"]}))[0] == 200
    hashes = {effect.message.parts[0].file.sha256 for door in house.doors for effect in door.effects}
    assert len(hashes) == 1
    assert (await house.call("DELETE", f"/whatsapp/v25.0/{made['id']}", token=WA))[0] == 200
    assert (await house.call("GET", f"/whatsapp/v25.0/{made['id']}", token=WA, at=1))[0] == 400


async def test_a_customers_media_is_looked_up_and_downloaded_through_any_door(
    numbers: tuple[Doorway, list[str]],
) -> None:
    house, ids = numbers
    door = house.doors[2]
    told = door.act("whatsapp", ids[2], show(door.file("whatsapp")))
    key = told["changes"][0]["value"]["messages"][0]["image"]["id"]
    _, found = await house.call("GET", f"/whatsapp/v25.0/{key}", token=WA)
    assert found["url"].startswith(house.doors[0].stage.base_url)
    file = await house.send("GET", found["url"], headers={"Authorization": f"Bearer {WA}"})
    assert (file.status, file.body) == (200, PNG)


async def test_unknown_ids_get_metas_errors(numbers: tuple[Doorway, list[str]]) -> None:
    house, _ = numbers
    assert (await wa(house, to="49nonsense", type="text", text={"body": "x"}))[1]["error"]["code"] == 131009
    assert (await wa(house, status="read", message_id="wamid.bm9ib2R5"))[0] == 400
    for key in ("1234567890123402", "1234567890123477"):
        assert (await house.call("GET", f"/whatsapp/v25.0/{key}", token=WA))[1]["error"]["code"] == 100


async def test_a_template_that_is_made_at_one_door_has_one_id_everywhere(numbers: tuple[Doorway, list[str]]) -> None:
    house, _ = numbers
    body = [{"type": "BODY", "text": "Your parcel is here."}]
    made = {"name": "parcel", "language": "en", "category": "UTILITY", "components": body}
    _, first = await house.call("POST", "/whatsapp/v25.0/330011223344556/message_templates", token=WA, **made)
    for at in range(3):
        status, found = await house.call("GET", f"/whatsapp/v25.0/{first['id']}", token=WA, at=at)
        assert (status, found["name"]) == (200, "parcel")


# ----------------------------------------------------------------------------------------------------- messenger


@pytest.fixture
async def people(opened: Opener) -> tuple[Doorway, list[str]]:
    house = await opened(messenger)
    people = [door.join("messenger", key) for door, key in zip(house.doors, PEOPLE, strict=True)]
    for door, person in zip(house.doors, people, strict=True):
        door.act("messenger", person, say("hello"))
    return house, people


async def test_messengers_sends_find_the_person_through_any_door(people: tuple[Doorway, list[str]]) -> None:
    house, ids = people
    for at in range(3):
        for person in ids:
            status, answer = await house.call(
                "POST", f"{ME}/messages", at=at, token=PAGE_TOKEN, recipient={"id": person}, message={"text": person}
            )
            assert (status, answer["recipient_id"]) == (200, person)
            status, found = await house.call("GET", f"/messenger/v25.0/{answer['message_id']}", token=PAGE_TOKEN)
            assert (status, found["id"]) == (200, answer["message_id"])
    for door, person in zip(house.doors, ids, strict=True):
        assert sent_texts(door) == [person] * 3


async def test_a_person_is_marked_seen_and_looked_up_at_the_owners(people: tuple[Doorway, list[str]]) -> None:
    house, ids = people
    seen = {"recipient": {"id": ids[1]}, "sender_action": "mark_seen"}
    assert (await house.call("POST", f"{ME}/messages", token=PAGE_TOKEN, **seen))[0] == 200
    assert [type(effect) for effect in house.doors[1].effects] == [MarkedRead]
    _, found = await house.call("GET", f"/messenger/v25.0/{ids[1]}?fields=first_name,profile_pic", token=PAGE_TOKEN)
    assert found["first_name"] == "Boris"
    picture = found["profile_pic"].partition("/messenger/")[2]
    assert (await house.send("GET", f"/messenger/{picture}", at=2)).body[:2] == b"\xff\xd8"


async def test_an_attachment_that_one_worker_keeps_can_be_sent_by_all(people: tuple[Doorway, list[str]]) -> None:
    house, ids = people
    message = json.dumps({"attachment": {"type": "image", "payload": {"is_reusable": True}}})
    status, made = await house.upload(
        f"{ME}/message_attachments", at=2, token=PAGE_TOKEN, field="filedata", message=message
    )
    assert status == 200
    for person in ids:
        again = {"attachment": {"type": "image", "payload": {"attachment_id": made["attachment_id"]}}}
        status, _ = await house.call(
            "POST", f"{ME}/messages", token=PAGE_TOKEN, recipient={"id": person}, message=again
        )
        assert status == 200


async def test_a_customers_picture_is_read_through_any_door(people: tuple[Doorway, list[str]]) -> None:
    house, ids = people
    door = house.doors[2]
    told = door.act("messenger", ids[2], show(door.file("messenger")))
    url = told["messaging"][0]["message"]["attachments"][0]["payload"]["url"]
    path = url.partition("/messenger/")[2]
    assert (await house.send("GET", f"/messenger/{path}")).body == PNG


async def test_a_persona_that_is_made_at_one_door_answers_everywhere(people: tuple[Doorway, list[str]]) -> None:
    house, ids = people
    _, made = await house.call(
        "POST", f"{ME}/personas", at=1, token=PAGE_TOKEN, name="Kim", profile_picture_url="https://127.0.0.1/kim.png"
    )
    send = {"recipient": {"id": ids[2]}, "message": {"text": "hi"}, "persona_id": made["id"]}
    assert (await house.call("POST", f"{ME}/messages", token=PAGE_TOKEN, **send))[0] == 200


async def test_a_batch_is_answered_if_one_worker_holds_its_chats(people: tuple[Doorway, list[str]]) -> None:
    house, ids = people

    def item(person: str) -> dict[str, str]:
        body = json.dumps({"recipient": {"id": person}, "message": {"text": "hi"}})
        return {"method": "POST", "relative_url": "me/messages", "body": body}

    status, answers = await house.call("POST", "/messenger/v25.0/", token=PAGE_TOKEN, batch=[item(ids[1])] * 2)
    assert status == 200 and [one["code"] for one in answers] == [200, 200]
    mixed = [item(ids[0]), item(ids[1])]
    assert (await house.call("POST", "/messenger/v25.0/", token=PAGE_TOKEN, batch=mixed))[0] == 409
    assert "several workers" in house.doors[0].troubles[0]


async def test_an_unknown_person_gets_metas_error(people: tuple[Doorway, list[str]]) -> None:
    house, _ = people
    for person in ("1234567890123402", "1234567890123477"):
        status, answer = await house.call(
            "POST", f"{ME}/messages", token=PAGE_TOKEN, recipient={"id": person}, message={"text": "x"}
        )
        assert (status, answer["error"]["code"], answer["error"]["error_subcode"]) == (400, 100, 2018001)
