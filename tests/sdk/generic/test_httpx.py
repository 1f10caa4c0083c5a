"""Plain httpx at a desk that a file declares: what the shipped example promises, it does on the wire."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatdrill.model import Media, Reply
from chatdrill.wire.files import describe
from chatdrill_fakes.desks.generic.wire import EXAMPLE
from sdk.generic.kit import Bot, Hire
from sdk.office import PNG
from serve.toys import until

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@pytest.mark.parametrize(("header", "reason"), [(None, "missing"), ("Bearer wrong", "wrong"), ("{token}", "wrong")])
async def test_the_declared_header_lets_in(bot: Bot, header: str | None, reason: str) -> None:
    headers = {} if header is None else {"Authorization": header.format(token=bot.token)}
    answer = await bot.place.api.get(f"{bot.root}/tickets/T-1", headers=headers)
    told = {"code": "unauthorized", "message": f"the header Authorization is {reason}"}
    assert (answer.status_code, answer.json()) == (401, {"error": told})


async def test_a_ticket_is_opened_with_what_was_said_and_waits(bot: Bot) -> None:
    past = [{"from": "customer", "text": "Where?", "at": 1.5, "id": "tg-1"}, {"from": "bot", "text": "Your number?"}]
    made = await bot.open(*past, fields={"order": "A-1"})
    assert made == {"id": "T-1", "status": "waiting", "created_at": "2027-01-15T08:00:00.000Z"}
    shown = (await bot.call("GET", "/tickets/T-1")).json()
    assert [(one["from"], one["text"]) for one in shown["messages"]] == [
        ("customer", "Where?"),
        ("bot", "Your number?"),
    ]
    assert (shown["status"], shown["agent"], (await bot.place.ticket())["owner"]) == ("waiting", None, "queue")


async def test_a_repeated_key_opens_no_second_ticket(bot: Bot) -> None:
    first, again = await bot.open(key="k-1"), await bot.open(key="k-1")
    assert first == again and (await bot.open(key="k-2"))["id"] == "T-2"
    said = [(await bot.say("T-1", "Hi", external_id="tg-7")).json() for _ in range(2)]
    assert said[0] == said[1] and len((await bot.call("GET", "/tickets/T-1")).json()["messages"]) == 1


async def test_a_form_is_read_like_json(bot: Bot) -> None:
    await bot.open()
    answer = await bot.call("POST", "/tickets/T-1/messages", data={"text": "Hi & bye", "from": "customer"})
    (entry,) = (await bot.call("GET", "/tickets/T-1")).json()["messages"]
    assert (answer.status_code, entry["text"], entry["id"]) == (201, "Hi & bye", answer.json()["id"])


async def test_a_person_takes_it_answers_and_closes(bot: Bot) -> None:
    await bot.open()
    await bot.place.agent("accept")
    await bot.place.agent(text="It is here")
    await bot.place.agent({"act": "note", "text": "rude"})
    await bot.place.agent("close")
    moved, accepted, said, note, over, closed = (
        one.json
        for one in await bot.hooks(
            "ticket.status", "ticket.accepted", "message.created", "note.created", "ticket.status", "ticket.closed"
        )
    )
    bob = {"id": "A-1", "name": "Bob Lis"}
    assert (moved["status"], moved["was"], over["status"]) == ("active", "waiting", "closed")
    assert (accepted["agent"], closed["status"]) == (bob, "closed")
    assert UUID.fullmatch(said["id"]) and UUID.fullmatch(said["message"]["id"])
    assert said == {
        "id": said["id"],
        "event": "message.created",
        "ticket": "T-1",
        "message": {"id": said["message"]["id"], "text": "It is here", "files": [], "agent": bob},
    }
    assert note["note"]["text"] == "rude" and (await bot.place.ticket())["owner"] == "bot"


async def test_files_come_by_link_and_by_upload_and_go_down_again(bot: Bot) -> None:
    await bot.open()
    bot.place.receiver.files["/torn.png"] = ("image/png", PNG)
    await bot.say("T-1", "", files=[{"url": f"{bot.place.receiver.root}/torn.png"}])
    sent = {"data": {"from": "customer"}, "files": {"file": ("slip.png", PNG, "image/png")}}
    assert (await bot.call("POST", "/tickets/T-1/messages", **sent)).status_code == 201
    messages = (await bot.call("GET", "/tickets/T-1")).json()["messages"]
    files = [file for one in messages for file in one["files"]]
    assert [(one["name"], one["type"], one["size"]) for one in files] == [
        ("torn.png", "image/png", len(PNG)),
        ("slip.png", "image/png", len(PNG)),
    ]
    assert (await bot.place.api.get(files[1]["url"])).content == PNG
    file = describe(PNG, bot.place.office.state.blobs, name="map.png")
    bot.place.act("T-1", Reply(agent="bob", parts=(Media(kind="photo", file=file),)))
    told = (await bot.hooks("ticket.status", "message.created"))[-1]
    (link,) = told.json["message"]["files"]
    assert (await bot.place.api.get(link["url"])).content == PNG


async def test_the_fate_of_an_answer_is_reported(bot: Bot) -> None:
    await bot.open()
    await bot.place.agent(text="It is here")
    id = (await bot.hooks("ticket.status", "message.created"))[-1].json["message"]["id"]
    path = f"/tickets/T-1/messages/{id}/status"
    assert (await bot.call("POST", path, {"status": "seen"})).status_code == 204
    assert (await bot.call("POST", path, {"status": "eaten"})).status_code == 400


async def test_the_bot_closes_and_reopens(bot: Bot) -> None:
    await bot.open()
    assert (await bot.call("POST", "/tickets/T-1/close", {})).json() == {"id": "T-1", "status": "closed"}
    refused = await bot.say("T-1", "Hello?")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "ticket_closed")
    assert (await bot.call("POST", "/tickets/T-1/reopen", {})).json() == {"id": "T-1", "status": "waiting"}
    assert (await bot.say("T-1", "Hello?")).status_code == 201


async def test_agents_edit_delete_type_and_give_back(bot: Bot) -> None:
    await bot.open()
    await bot.place.agent("accept")
    await bot.place.agent("agent_typing")
    await bot.place.agent(text="It is her")
    id = (await bot.hooks("ticket.status", "ticket.accepted", "agent.typing", "message.created"))[-1].json["message"][
        "id"
    ]
    await bot.place.agent({"act": "edit_reply", "entry_id": id, "text": "It is here"})
    await bot.place.agent({"act": "delete_reply", "entry_id": id})
    await bot.place.agent("release")
    edited, deleted, back = (one.json for one in await bot.hooks("message.edited", "message.deleted", "ticket.status"))
    assert (edited["message"], deleted["message"]) == ({"id": id, "text": "It is here"}, {"id": id})
    assert back["status"] == "returned" and (await bot.place.ticket())["owner"] == "bot"


async def test_a_refused_webhook_comes_again_after_five_seconds_as_it_was(bot: Bot) -> None:
    await bot.open()
    bot.place.receiver.refusals = 1
    await bot.place.agent(text="It is here")
    await until(lambda: 5.0 in bot.place.clock.slept)
    bot.place.clock.pass_time(5)
    refused, _, again = await bot.hooks("ticket.status", "message.created", "ticket.status")
    assert refused == again


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/nowhere", {}, 404, "not_found"),
        ("/tickets/T-9/messages", {"text": "Hi"}, 404, "ticket_not_found"),
        ("/tickets/T-1/messages/m-9/status", {"status": "seen"}, 404, "message_not_found"),
        ("/tickets", {"subject": "nobody's"}, 400, "bad_request"),
        ("/tickets/T-1/messages", {"text": "Hi", "from": "ghost"}, 400, "bad_request"),
        ("/tickets/T-1/messages", {"text": "x" * 4097}, 422, "text_too_long"),
        ("/tickets/T-1/messages", {"files": [{"url": "http://127.0.0.1:9/"}] * 11}, 422, "too_many_files"),
    ],
)
async def test_a_mistake_is_answered_as_the_file_words_it(
    bot: Bot, path: str, body: dict[str, object], status: int, code: str
) -> None:
    await bot.open()
    answer = await bot.call("POST", path, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_a_copy_with_a_limit_of_its_own_keeps_it(hired: Hire, tmp_path: Path) -> None:
    copy = tmp_path / "desk.yaml"
    copy.write_text(EXAMPLE.read_text("utf-8").replace("requests_per_minute: 600", "requests_per_minute: 6"), "utf-8")
    bot = await hired(spec=str(copy))
    await bot.open()
    for _ in range(5):
        assert (await bot.call("GET", "/tickets/T-1")).status_code == 200
    late = await bot.call("GET", "/tickets/T-1")
    assert (late.status_code, late.headers["retry-after"]) == (429, "1")
    assert late.json()["error"]["code"] == "too_many_requests"
    bot.place.clock.pass_time(10)
    assert (await bot.call("GET", "/tickets/T-1")).status_code == 200


async def test_the_limit_can_be_switched_off(hired: Hire) -> None:
    bot = await hired(rate_limits="no", token="mine")
    assert bot.token == "mine" and (await bot.open())["id"] == "T-1"
