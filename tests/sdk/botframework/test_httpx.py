"""Plain httpx as the proxy bot of a hand-off hub: the Bot Connector's calls, and the events ``handoff.*``."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest

from chatdrill.model import Media, Reply, Text
from chatdrill.wire.files import describe
from sdk.botframework.kit import ANN, Bot, Hire
from sdk.office import PNG

AT = "2027-01-15T08:00:00.0000000Z"
ONE = "/conversations/tg:42"


def error(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


# --------------------------------------------------------------------------------------------- who may call


async def test_the_login_gives_a_token_for_id_and_password(bot: Bot) -> None:
    given = (await bot.log_in()).json()
    assert (given["token_type"], given["expires_in"], given["access_token"]) == (
        "Bearer",
        86_399,
        bot.known["BOTFRAMEWORK_TOKEN"],
    )
    denied = await bot.log_in(client_secret="wrong")
    assert (denied.status_code, denied.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "{token}"}])
async def test_without_the_token_nothing_is_done(bot: Bot, headers: dict[str, str]) -> None:
    answer = await bot.place.api.get(f"{bot.root}/conversations", headers=headers)
    denied = {"code": "Unauthorized", "message": "Authorization has been denied for this request."}
    assert (answer.status_code, answer.json()) == (401, {"error": denied})


async def test_a_bot_without_an_app_id_needs_no_token_and_sees_none(hired: Hire) -> None:
    bot = await hired(app_id="", app_password="")
    event = {"type": "event", "name": "handoff.initiate", "from": {"id": "bot"}}
    made = await bot.place.api.post(f"{bot.root}{ONE}/activities", json=event)
    assert made.status_code == 200
    await bot.place.agent("accept")
    (told,) = await bot.place.hooks(1)
    assert "authorization" not in told.headers and told.json["recipient"]["id"] == "bot"


async def test_the_51st_call_in_a_second_waits(hired: Hire) -> None:
    bot = await hired(rate_limits="yes")
    for _ in range(50):
        assert (await bot.call("GET", "/conversations")).status_code == 200
    late = await bot.call("GET", "/conversations")
    assert error(late) == (429, "Throttled") and late.headers["retry-after"] == "1"
    bot.place.clock.pass_time(1)
    assert (await bot.call("GET", "/conversations")).status_code == 200


# ---------------------------------------------------------------------------------------------- handing over


async def test_a_request_for_a_person_opens_the_conversation_with_what_was_said(bot: Bot) -> None:
    past = [bot.says("Where is my parcel?"), {"type": "message", "from": bot.me, "text": "Your number?"}]
    assert set(await bot.ask(*past, value={"Skill": "orders"})) == {"id"}
    ticket = await bot.place.ticket()
    assert (ticket["ticket"], ticket["owner"], ticket["entries"]) == ("tg:42", "queue", 2)
    members = (await bot.call("GET", f"{ONE}/members")).json()
    assert members == [ANN, bot.me]


async def test_a_status_has_its_shape_and_a_token_that_the_published_key_signed(bot: Bot) -> None:
    await bot.ask()
    await bot.place.agent("accept")
    (told,) = await bot.place.hooks(1)
    assert told.json == {
        "type": "event",
        "name": "handoff.status",
        "value": {"state": "accepted"},
        "id": "tg:42|0000002",
        "timestamp": AT,
        "serviceUrl": f"{bot.known['BOTFRAMEWORK_API_ROOT']}/",
        "channelId": "agenthub",
        "from": {"id": "hub", "name": "Agent hub"},
        "conversation": {"id": "tg:42"},
        "recipient": bot.me,
    }
    assert (told.path, told.headers["content-type"]) == ("/api/messages", "application/json; charset=utf-8")
    found = (await bot.place.api.get(bot.known["BOTFRAMEWORK_OPENID_METADATA_URL"])).json()
    (key,) = (await bot.place.api.get(found["jwks_uri"])).json()["keys"]
    claims = verified(told.headers["authorization"].removeprefix("Bearer "), key)
    assert (claims["iss"], claims["aud"]) == (found["issuer"], bot.me["id"])
    assert (claims["serviceurl"], key["endorsements"]) == (told.json["serviceUrl"], [told.json["channelId"]])


def verified(token: str, key: dict[str, Any]) -> Any:
    """The claims of a token under RS256 (RFC 7515, RFC 8017)."""
    head, claims, signature = token.split(".")
    numbers = (int.from_bytes(unpacked(word), "big") for word in (signature, key["e"], key["n"]))
    opened = pow(*numbers).to_bytes(256, "big")
    assert opened[-32:] == hashlib.sha256(f"{head}.{claims}".encode()).digest() and opened.startswith(b"\x00\x01\xff")
    assert json.loads(unpacked(head))["kid"] == key["kid"]
    return json.loads(unpacked(claims))


def unpacked(word: str) -> bytes:
    return base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))


async def test_words_go_both_ways_until_the_agent_is_done(bot: Bot) -> None:
    await bot.ask(bot.says("A person"))
    await bot.place.agent("accept")
    await bot.post(bot.says("Are you there?", channelData={"clientActivityID": "tg-9"}))
    await bot.place.agent(text="It is here")
    await bot.place.agent({"act": "note", "text": "rude"})
    await bot.place.agent("close")
    accepted, said, completed = (one.json for one in await bot.place.hooks(3))
    assert (accepted["value"], completed["value"]) == ({"state": "accepted"}, {"state": "completed"})
    assert (said["type"], said["text"], said["textFormat"]) == ("message", "It is here", "plain")
    assert (said["from"]["name"], said["from"]["role"], said["recipient"]) == ("Bob Lis", "user", bot.me)
    ticket = await bot.place.ticket()
    assert (ticket["owner"], ticket["state"], ticket["entries"]) == ("bot", "solved", 4)


async def test_what_was_completed_may_be_asked_for_again(bot: Bot) -> None:
    await bot.ask()
    await bot.place.agent("accept")
    await bot.place.agent("close")
    await bot.ask()
    assert (await bot.place.ticket())["owner"] == "queue"
    await bot.place.agent("accept", as_="eva")
    await bot.statuses("accepted", "completed", "accepted")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"skills": "yes"}, "Cannot find agent with requested skill"),
        ({"when_nobody": "fail"}, "No agent is available"),
    ],
)
async def test_a_request_that_nobody_takes_fails_with_its_reason(
    hired: Hire, settings: dict[str, str], message: str
) -> None:
    bot = await hired(**settings)
    for key in ("bob", "eva"):
        bot.place.office.state.seats[key].presence = "offline"
    await bot.ask(value={"Skill": "credit cards"})
    (told,) = await bot.statuses("failed")
    assert told["value"] == {"state": "failed", "message": message}
    assert (await bot.place.ticket())["owner"] == "bot"


async def test_a_state_of_the_hubs_own_may_come_first(hired: Hire) -> None:
    bot = await hired(extra_state="queued")
    await bot.ask()
    await bot.place.agent("accept")
    await bot.statuses("queued", "accepted")


async def test_the_customer_may_end_it(bot: Bot) -> None:
    await bot.ask()
    await bot.post({"type": "endOfConversation", "code": "completedSuccessfully", "from": ANN})
    await bot.statuses("completed")
    assert (await bot.place.ticket())["owner"] == "bot"


# ------------------------------------------------------------------------------------------- files, activities


async def test_files_go_up_by_upload_or_link_and_come_down(bot: Bot) -> None:
    await bot.ask()
    data = {"type": "image/png", "name": "torn.png", "originalBase64": base64.b64encode(PNG).decode()}
    id = (await bot.call("POST", f"{ONE}/attachments", data)).json()["id"]
    view = {"viewId": "original", "size": len(PNG)}
    assert (await bot.call("GET", f"/attachments/{id}")).json() == {
        "name": "torn.png",
        "type": "image/png",
        "views": [view],
    }
    bot.place.receiver.files["/label.png"] = ("image/png", PNG)
    links = (f"{bot.root}/attachments/{id}/views/original", f"{bot.place.receiver.root}/label.png")
    files = [{"contentType": "image/png", "contentUrl": link} for link in links]
    await bot.post({"type": "message", "from": ANN, "attachments": files})
    *_, entry = bot.place.office.state.tickets["tg:42"].entries
    assert [file.sha256 for file in entry.files] == [hashlib.sha256(PNG).hexdigest()] * 2
    file = describe(PNG, bot.place.office.state.blobs, name="map.png")
    bot.place.act("tg:42", Reply(agent="bob", parts=(Media(kind="photo", file=file, caption=Text(text="Here")),)))
    _, said = (one.json for one in await bot.place.hooks(2))
    (attached,) = said["attachments"]
    assert (attached["contentType"], attached["name"], said["text"]) == ("image/png", "map.png", "Here")
    assert (await bot.place.api.get(attached["contentUrl"])).content == PNG


async def test_a_message_is_answered_changed_and_taken_back(bot: Bot) -> None:
    await bot.ask()
    id = (await bot.post(bot.says("Hi")))["id"]
    reply = await bot.call("POST", f"{ONE}/activities/{id}", {"type": "message", "from": bot.me, "text": "Hello"})
    assert reply.status_code == 200 and reply.json()["id"] != id
    changed = await bot.call("PUT", f"{ONE}/activities/{id}", bot.says("Hi there"))
    assert (changed.status_code, changed.json()) == (200, {"id": id})
    entries = bot.place.office.state.tickets["tg:42"].entries
    assert [(entry.text, entry.reply_to) for entry in entries] == [("Hi there", None), ("Hello", id)]
    assert (await bot.call("DELETE", f"{ONE}/activities/{id}")).status_code == 200
    assert error(await bot.call("DELETE", f"{ONE}/activities/{id}")) == (404, "NotFound")


async def test_history_with_known_ids_stands_once(bot: Bot) -> None:
    await bot.ask()
    history = {"activities": [bot.says("one", id="m1"), bot.says("two", id="m2")]}
    for _ in range(2):
        assert (await bot.call("POST", f"{ONE}/activities/history", history)).status_code == 200
    assert (await bot.place.ticket())["entries"] == 2


async def test_a_conversation_is_made_with_members_and_its_first_words(bot: Bot) -> None:
    wanted = {"bot": bot.me, "members": [ANN], "isGroup": False, "activity": bot.says("Hi")}
    made = await bot.call("POST", "/conversations", wanted)
    assert made.status_code == 201 and set(made.json()) == {"id", "activityId", "serviceUrl"}
    known = (await bot.call("GET", "/conversations")).json()["conversations"]
    assert known == [{"id": made.json()["id"], "members": [ANN, bot.me]}]
    again = await bot.call("POST", "/conversations", wanted)
    assert again.json()["id"] != made.json()["id"]


async def test_members_come_in_pages_with_the_agent_last(bot: Bot) -> None:
    await bot.ask(bot.says("Hi"))
    await bot.place.agent("accept")
    first = (await bot.call("GET", f"{ONE}/pagedmembers", params={"pageSize": 2})).json()
    assert first == {"members": [ANN, bot.me], "continuationToken": "2"}
    rest = (await bot.call("GET", f"{ONE}/pagedmembers", params={"pageSize": 2, "continuationToken": "2"})).json()
    assert ([one["name"] for one in rest["members"]], rest["continuationToken"]) == (["Bob Lis"], "")


# ----------------------------------------------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("path", "activity", "expected"),
    [
        ("/conversations/nowhere/activities", {"type": "message", "text": "Hi"}, (404, "ConversationNotFound")),
        (f"{ONE}/activities", {"text": "Hi"}, (400, "MissingProperty")),
        (f"{ONE}/activities", {"type": "message"}, (400, "MissingProperty")),
        (f"{ONE}/activities", {"type": "message", "text": 5}, (400, "BadArgument")),
        (f"{ONE}/activities", {"type": "invoke", "name": "x"}, (400, "BadArgument")),
        (f"{ONE}/activities", {"type": "message", "text": "x" * 262_144}, (413, "MessageSizeTooBig")),
        ("/conversations", {"bot": {"id": "bot"}}, (400, "MissingProperty")),
        (f"{ONE}/nothing", {}, (404, "NotFound")),
    ],
)
async def test_a_mistake_has_a_code_and_a_message(
    bot: Bot, path: str, activity: dict[str, Any], expected: tuple[int, str]
) -> None:
    await bot.ask()
    answer = await bot.call("POST", path, activity)
    assert error(answer) == expected and answer.json()["error"]["message"]


async def test_what_an_agent_said_is_not_the_bots_to_change(bot: Bot) -> None:
    await bot.ask()
    await bot.place.agent(text="It is here")
    _, said = (one.json for one in await bot.place.hooks(2))
    answer = await bot.call("PUT", f"{ONE}/activities/{said['id']}", {"type": "message", "text": "It is lost"})
    assert error(answer) == (403, "Forbidden")
