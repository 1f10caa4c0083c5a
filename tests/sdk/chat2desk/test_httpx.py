"""Chat2Desk has no client of its own; plain httpx does what the bots of others do with API v1."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest

from chatdrill.model import Media, Reply, Text
from chatdrill.wire.files import describe
from sdk.chat2desk.kit import Account, Hire
from sdk.office import PNG

AT = "2027-01-15T08:00:00"


# --------------------------------------------------------------------------------------------- who may call


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (None, "You have to specify your token. See API manual on info@chat2desk.com"),
        ("wrong", "You need to auth"),
        ("Bearer {token}", "You need to auth"),
    ],
)
async def test_only_the_bare_token_lets_in(account: Account, header: str | None, message: str) -> None:
    headers = {} if header is None else {"Authorization": header.format(token=account.token)}
    answer = await account.place.api.get(f"{account.root}/clients", headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"status": "error", "message": message})
    assert (await account.data("GET", "/companies/api_info"))["mode"] == "full"


async def test_a_token_that_only_reads_writes_nothing(hired: Hire) -> None:
    account = await hired(mode="read-only")
    assert (await account.call("POST", "/clients", {"phone": "79001234567"})).status_code == 403
    assert await account.data("GET", "/clients") == []


async def test_the_301st_call_in_a_minute_is_refused(account: Account) -> None:
    for _ in range(300):
        assert (await account.call("GET", "/tags")).status_code == 200
    late = await account.call("GET", "/tags")
    assert (late.status_code, late.json()["message"]) == (429, "Number of API requests exceeded")
    account.place.clock.pass_time(60)
    assert (await account.call("GET", "/tags")).status_code == 200


async def test_the_quota_of_the_month_is_counted_and_ends(hired: Hire) -> None:
    account = await hired(calls_per_month="2")
    assert (await account.data("GET", "/companies/api_info"))["requests_this_month"] == 1
    await account.data("GET", "/tags")
    over = await account.call("GET", "/tags")
    assert (over.status_code, over.json()["message"]) == (429, "API calls exceeded API limit per month")


# -------------------------------------------------------------------------------------------------- clients


async def test_a_second_client_is_refused_with_the_first_inside_the_error(account: Account) -> None:
    wanted = {"phone": "79001234567", "transport": "whatsapp", "channel_id": 15, "nickname": "Ann"}
    first = await account.data("POST", "/clients", wanted)
    second = await account.call("POST", "/clients", wanted)
    words, known = second.json()["errors"]["client"]
    assert (second.status_code, words, json.loads(known)["id"]) == (400, "Client already exist", first["id"])
    assert [one["id"] for one in await account.data("GET", "/clients", params={"phone": "79001234567"})] == [
        first["id"]
    ]


async def test_a_clients_fields_are_kept_and_told_without_a_wrapper(account: Account) -> None:
    made = await account.data("POST", "/clients", {"phone": "79001234567"})
    await account.subscribe("client_updated")
    fields = {"comment": "loud", "extra_comment_1": "tg", "external_id": "crm-5", "custom_fields": {"1": "x"}}
    await account.data("PUT", f"/clients/{made['id']}", fields)
    assert (await account.data("GET", f"/clients/{made['id']}")).items() >= fields.items()
    (told,) = await account.hooks("client_updated")
    assert (told.json["id"], told.json["external_id"], "client" in told.json) == (made["id"], "crm-5", False)


async def test_lists_have_pages_of_20_and_200_at_most(account: Account) -> None:
    for number in range(21):
        await account.data("POST", "/clients", {"phone": f"790012345{number:02}"})
    first = (await account.call("GET", "/clients")).json()
    assert (len(first["data"]), first["meta"]) == (20, {"total": 21, "limit": 20, "offset": 0})
    rest = (await account.call("GET", "/clients", params={"limit": 500, "offset": 20})).json()
    assert (len(rest["data"]), rest["meta"]) == (1, {"total": 21, "limit": 200, "offset": 20})


# ------------------------------------------------------------------------------------------------- messages


async def test_a_customers_message_is_told_in_full_and_signed(account: Account) -> None:
    await account.subscribe()
    heard = await account.says("Where is my parcel?")
    inbox = (await account.hooks("new_client", "new_request", "inbox"))[-1]
    signature = hmac.new(account.secret.encode(), inbox.body, hashlib.sha256).hexdigest()
    assert (inbox.headers["x-signature"], inbox.headers["content-type"]) == (signature, "application/json")
    names = ("message_id", "client_id", "dialog_id", "request_id", "channel_id", "operator_id", "transport", "type")
    assert {name: inbox.json[name] for name in names} == heard
    nothing = dict.fromkeys(("photo", "video", "audio", "pdf", "coordinates"))
    assert inbox.json == {
        "hook_type": "inbox",
        "text": "Where is my parcel?",
        "event_time": f"{AT}Z",
        "insta_comment": False,
        "is_new_request": True,
        "is_new_client": True,
        "attachments": [],
        "extra_data": {},
        **heard,
        **nothing,
        "client": {
            "id": heard["client_id"],
            "phone": "tg-42",
            "name": "Ann",
            **dict.fromkeys(("assigned_name", "client_phone", "external_id")),
        },
    }


async def test_a_form_with_brackets_means_the_same_as_json(account: Account) -> None:
    form = {"channel_id": "15", "body": "Hi", "from_client[id]": "tg-42", "from_client[nickname]": "Ann"}
    heard = await account.data("POST", "/messages/inbox", data=form)
    assert (await account.data("GET", f"/clients/{heard['client_id']}"))["name"] == "Ann"
    marked = {"tag_ids[]": ["1", "2"], "assignee_type": "client", "assignee_id": str(heard["client_id"])}
    assert (await account.data("POST", "/tags/assign_to", data=marked))["tag_ids"] == [1, 2]


async def test_the_bots_own_words_come_back_as_outbox(account: Account) -> None:
    client = (await account.says("Hi"))["client_id"]
    await account.subscribe()
    said = {"client_id": client, "text": "Hello", "dont_open_dialog": True, "external_id": "bot-77"}
    sent = await account.data("POST", "/messages", said)
    names = {"message_id", "channel_id", "operator_id", "transport", "type", "client_id", "dialog_id", "request_id"}
    assert set(sent) == names and (sent["type"], sent["operator_id"]) == ("to_client", None)
    (echo,) = await account.hooks("outbox")
    assert (echo.json["message_id"], echo.json["external_id"]) == (sent["message_id"], "bot-77")
    assert (await account.place.ticket())["owner"] == "bot"


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({}, "open"),
        ({"dont_open_dialog": True}, "closed"),
        ({"type": "autoreply"}, "closed"),
        ({"type": "comment"}, "closed"),
        ({"type": "comment", "open_dialog": True}, "open"),
    ],
)
async def test_whoever_forgets_dont_open_dialog_floods_the_operators(
    account: Account, said: dict[str, object], state: str
) -> None:
    heard = await account.says("Hi")
    await account.data("POST", "/messages", {"client_id": heard["client_id"], "text": "Hello", **said})
    assert (await account.data("GET", f"/dialogs/{heard['dialog_id']}"))["state"] == state


async def test_a_place_has_lat_and_lon(account: Account) -> None:
    heard = await account.says("", location={"lat": "52.10", "lon": "21.01"})
    assert (await account.data("GET", f"/messages/{heard['message_id']}"))["coordinates"] == "52.10,21.01"


async def test_files_go_up_by_link_and_come_down_by_link(account: Account) -> None:
    place = account.place
    place.receiver.files["/torn.png"] = ("image/png", PNG)
    heard = await account.says("", image=f"{place.receiver.root}/torn.png")
    shown = await account.data("GET", f"/messages/{heard['message_id']}")
    assert (await place.api.get(shown["photo"])).content == PNG
    await account.subscribe("outbox")
    file = describe(PNG, place.office.state.blobs, name="label.png")
    said = (Media(kind="photo", file=file, caption=Text(text="Print it")),)
    place.act(str(heard["dialog_id"]), Reply(agent="bob", parts=said))
    (told,) = await account.hooks("outbox")
    assert told.json["text"] == "Print it" and told.json["photo"] == told.json["attachments"][0]["link"]
    fetched = await place.api.get(told.json["photo"])
    assert (fetched.content, fetched.headers["content-type"]) == (PNG, "image/png")


async def test_messages_are_found_by_type_date_and_order(account: Account) -> None:
    first, second = await account.says("one"), await account.says("two")
    await account.data("POST", "/messages", {"client_id": first["client_id"], "text": "note", "type": "comment"})
    wanted = {"dialog_id": first["dialog_id"], "type": "from_client", "order": "desc", "start_date": "15-01-2027"}
    found = await account.data("GET", "/messages", params=wanted)
    assert [one["id"] for one in found] == [second["message_id"], first["message_id"]]
    assert found[0]["created"] == f"{AT} UTC" and found[0]["read"] == "0"
    await account.data("GET", f"/messages/{first['message_id']}/read")
    assert [one["text"] for one in await account.data("GET", "/messages", params={"read": 1})] == ["one"]


# ------------------------------------------------------------------------------------------------ handing over


async def test_a_dialog_goes_to_the_queue_to_an_operator_and_back(account: Account) -> None:
    heard, place = await account.says("A person, please"), account.place
    await account.subscribe()
    await account.data("PUT", f"/dialogs/{heard['dialog_id']}", {"state": "open"})
    assert (await place.ticket())["owner"] == "queue"
    assert (await place.agent("accept"))["owner"] == "agent"
    await place.agent(text="It is here")
    await place.agent({"act": "note", "text": "rude"})
    await place.agent("close")
    moved, said, note, request, dialog = await account.hooks(
        "dialog_transferred", "outbox", "comment", "close_request", "close_dialog"
    )
    bob = (await account.data("GET", "/operators"))[0]["id"]
    whose = {"dialog_id": heard["dialog_id"], "operator_id": bob, "client_id": heard["client_id"]}
    assert moved.json == {"hook_type": "dialog_transferred", **whose}
    assert (said.json["operator_id"], said.json["type"], said.json["text"]) == (bob, "to_client", "It is here")
    assert (note.json["type"], note.json["text"]) == ("comment", "rude")
    assert request.json["request_id"] == heard["request_id"] and dialog.json == {"hook_type": "close_dialog", **whose}
    assert (await place.ticket())["owner"] == "bot"


async def test_the_next_message_after_the_end_begins_a_request_in_the_same_dialog(account: Account) -> None:
    first = await account.says("Hi")
    assert (await account.data("PUT", "/requests/close", {"client_id": first["client_id"]})) == {
        "request_id": first["request_id"],
        "client_id": first["client_id"],
    }
    await account.subscribe()
    again = await account.says("Me again")
    _, inbox = await account.hooks("new_request", "inbox")
    assert again["dialog_id"] == first["dialog_id"] and again["request_id"] > first["request_id"]
    assert (inbox.json["is_new_request"], inbox.json["is_new_client"]) == (True, False)
    nothing = await account.data("GET", f"/requests/{first['request_id']}/messages")
    assert [one["text"] for one in nothing] == ["Hi"]


async def test_an_operator_who_is_full_gets_a_dialog_only_by_force(account: Account) -> None:
    bob, eva = await account.data("GET", "/operators")
    dialogs = []
    for name in ("tg-1", "tg-2"):
        who = {"channel_id": 15, "body": "Hi", "from_client": {"id": name}}
        dialogs.append(await account.data("POST", "/messages/inbox", who))
    await account.data("POST", f"/messages/{dialogs[0]['message_id']}/transfer", {"operator_id": bob["id"]})
    full = await account.call("PUT", f"/dialogs/{dialogs[1]['dialog_id']}", {"operator_id": bob["id"]})
    assert (full.status_code, list(full.json()["errors"])) == (400, ["operator_id"])
    forced = {"operator_id": bob["id"], "force_assign": True}
    assert (await account.data("PUT", f"/dialogs/{dialogs[1]['dialog_id']}", forced))["operator_id"] == bob["id"]
    counts = {one["id"]: one["opened_dialogs"] for one in await account.data("GET", "/operators")}
    assert counts == {bob["id"]: 2, eva["id"]: 0}


async def test_a_group_gets_the_dialog_into_its_queue(account: Account) -> None:
    heard = await account.says("Returns, please")
    groups = {one["name"]: one["id"] for one in await account.data("GET", "/operators_groups")}
    path = f"/messages/{heard['message_id']}/transfer_to_group"
    moved = await account.data("POST", path, {"group_id": groups["returns"], "force_assign": True})
    assert (moved["state"], moved["operator_id"]) == ("open", None)
    assert (await account.place.ticket())["owner"] == "queue"


async def test_an_automatic_assignment_looks_like_a_transfer_and_is_none(hired: Hire) -> None:
    account = await hired(auto_assign="yes")
    heard = await account.says("Hi")
    await account.subscribe("dialog_transferred")
    await account.data("PUT", f"/dialogs/{heard['dialog_id']}", {"state": "open"})
    (moved,) = await account.hooks("dialog_transferred")
    assert isinstance(moved.json["operator_id"], int) and (await account.place.ticket())["owner"] == "queue"


async def test_a_rating_is_an_ordinary_message_after_the_question(hired: Hire) -> None:
    account = await hired(survey="How was it? 1-5")
    heard = await account.says("Hi")
    await account.place.agent(text="Done")
    await account.subscribe()
    await account.place.agent("close")
    *_, asked = await account.hooks("close_request", "close_dialog", "outbox")
    assert (asked.json["type"], asked.json["text"]) == ("autoreply", "How was it? 1-5")
    await account.says("5")
    (rated,) = await account.hooks("inbox")
    assert (rated.json["extra_data"], rated.json["dialog_id"]) == ({"rating": 5}, heard["dialog_id"])


# ------------------------------------------------------------------------------------------ webhooks, mistakes


async def test_tags_are_told_with_their_client_and_taken_off(account: Account) -> None:
    heard = await account.says("Hi")
    await account.subscribe("add_tag_to_request", "delete_tag_from_request")
    request = heard["request_id"]
    marked = {"tag_ids": [2], "assignee_type": "request", "assignee_id": request}
    await account.data("POST", "/tags/assign_to", marked)
    await account.data("DELETE", "/tags/2/delete_from", {"request_id": request})
    about = {"client_id": heard["client_id"], "request_id": request, "tag_id": 2}
    for told in await account.hooks("add_tag_to_request", "delete_tag_from_request"):
        assert told.json == {"hook_type": told.json["hook_type"], **about}


async def test_a_webhook_hears_what_it_wants_until_it_is_deleted(account: Account) -> None:
    made = await account.subscribe("inbox")
    assert (made["name"], made["events"]) == ("bot", ["inbox"])
    await account.says("Hi")
    await account.hooks("inbox")
    address = f"{account.place.receiver.root}/other"
    changed = {"url": address, "name": "bot", "events": ["new_request"]}
    await account.data("PUT", f"/webhooks/{made['id']}", changed)
    assert [one["url"] for one in await account.data("GET", "/webhooks")] == [address]
    await account.data("DELETE", f"/webhooks/{made['id']}")
    await account.says("Anybody?")
    assert await account.data("GET", "/webhooks") == [] and not account.place.receiver.heard


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "told"),
    [
        ("GET", "/clients/1", None, 404, "message"),
        ("GET", "/dialogs/1", None, 404, "message"),
        ("PUT", "/dialogs/1", {"state": "open"}, 404, "message"),
        ("GET", "/nowhere", None, 404, "message"),
        ("POST", "/messages", {"client_id": 1, "text": "Hi"}, 404, "message"),
        ("PUT", "/requests/close", {"client_id": 1}, 404, "message"),
        ("POST", "/clients", {"transport": "telegram"}, 400, "errors"),
        ("POST", "/clients", {"phone": "7900", "transport": "pigeon"}, 400, "errors"),
        ("POST", "/messages/inbox", {"body": "Hi", "from_client": {"id": "a", "phone": "7900"}}, 400, "errors"),
        ("POST", "/messages/inbox", {"body": "", "from_client": {"id": "a"}}, 400, "errors"),
        ("POST", "/webhooks", {"url": "http://127.0.0.1/", "events": ["inbx"]}, 400, "errors"),
    ],
)
async def test_a_mistake_is_an_error_in_the_envelope(
    account: Account, method: str, path: str, body: object, status: int, told: str
) -> None:
    answer = await account.call(method, path, body)
    assert (answer.status_code, answer.json()["status"], told in answer.json()) == (status, "error", True)


async def test_a_client_in_the_blacklist_hears_and_says_nothing(account: Account) -> None:
    heard = await account.says("Hi")
    account.place.office.state.clients[str(heard["client_id"])].blacklisted = True
    said = await account.call("POST", "/messages", {"client_id": heard["client_id"], "text": "Hello"})
    assert (said.status_code, said.json()["message"]) == (400, "Client is in the blacklist")
