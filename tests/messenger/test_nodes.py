"""Profiles, conversations, personas, labels, menus, threads, subscriptions: everything beside the Send API."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Button, Delete, Edit, Event, Press, Text, Write
from chatdrill.wire import Fetched

PAGE = "104837562910475"
APP = "728451930662814"
INBOX = "263902037430900"
GET_STARTED = {"payload": "GET_STARTED"}
ENTRY = {"type": "postback", "title": "Help", "payload": "HELP"}


def menu(*entries: dict[str, Any], locale: str = "default") -> list[dict[str, Any]]:
    return [{"locale": locale, "composer_input_disabled": False, "call_to_actions": list(entries)}]


# ------------------------------------------------------------------------------------------------- who is who


def test_a_profile_has_names_and_a_picture(page: Any, anna: str) -> None:
    profile = page.call("GET", f"/v25.0/{anna}", fields="first_name,last_name,profile_pic,name,locale,timezone").json
    assert profile.keys() == {"first_name", "last_name", "profile_pic", "name", "id"}
    assert (profile["first_name"], profile["name"], profile["id"]) == ("Anna", "Anna Huber", anna)


def test_nothing_is_known_of_who_has_not_written(page: Any, fresh: str) -> None:
    assert page.call("GET", f"/v25.0/{fresh}", fields="first_name").json == {"id": fresh}


def test_an_unknown_psid_does_not_exist(page: Any) -> None:
    answer = page.call("GET", "/v25.0/1234567890123456")
    assert answer.code == (100, 33) and answer.handled.call.support == "supported"


def test_me_is_the_page(page: Any) -> None:
    assert page.call("GET", "/v25.0/me").json == {"name": "Acme Shop", "id": PAGE}
    status = page.call("GET", "/v25.0/me", fields="messaging_feature_status").json
    assert status["messaging_feature_status"]["hop_v2"] is True
    (account,) = page.call("GET", "/v25.0/me/accounts").json["data"]
    assert account["access_token"] == page.state.page_token and "MESSAGING" in account["tasks"]


def test_tokens_can_be_examined(page: Any) -> None:
    good = page.call("GET", "/v25.0/debug_token", token="app", input_token=page.state.page_token).json["data"]
    bad = page.call("GET", "/v25.0/debug_token", token="app", input_token="EAAwrong").json["data"]
    assert (good["is_valid"], good["type"], good["profile_id"]) == (True, "PAGE", PAGE)
    assert (bad["is_valid"], bad["error"]["code"]) == (False, 190)


def test_a_linking_token_lives_five_minutes(page: Any, anna: str, moved: Any) -> None:
    page.events(anna, Event(name="account_linking", data={"account_linking_token": "ALT"}))
    moved(301)
    assert page.call("GET", "/v25.0/me", account_linking_token="ALT").code == (10303, None)
    unlinked = page.call("POST", "/v25.0/me/unlink_accounts", {"psid": anna})
    assert unlinked.json == {"result": "unlink account success"}
    assert page.call("POST", "/v25.0/me/unlink_accounts", {"psid": "123456"}).code == (100, 2018001)


# ---------------------------------------------------------------------------------------------- conversations


def test_conversations_are_read_with_their_messages(page: Any, anna: str) -> None:
    page.send(anna, {"text": "hi"})
    fields = "participants,messages.limit(5){id,message,from,to,created_time}"
    answer = page.call("GET", f"/v25.0/{PAGE}/conversations", platform="messenger", user_id=anna, fields=fields)
    (found,) = answer.json["data"]
    newest, oldest = found["messages"]["data"]
    assert found["id"].startswith("t_")
    assert [one["id"] for one in found["participants"]["data"]] == [anna, PAGE]
    assert (newest["message"], newest["from"]["id"]) == ("hi", PAGE)
    assert (oldest["message"], oldest["to"]["data"][0]["id"]) == ("hello", PAGE)
    assert newest["created_time"] == "2026-11-20T22:05:45+0000"


def test_a_conversation_and_a_message_are_nodes(page: Any, anna: str) -> None:
    mid = page.event(anna, Write(parts=(page.photo(),)))["message"]["mid"]
    thread = page.state.chats[anna].thread_id
    listed = page.call("GET", f"/v25.0/{thread}/messages", fields="id").json["data"]
    whole = page.call("GET", f"/v25.0/{thread}", fields="message_count").json
    page.now += 1
    read = page.call("GET", f"/v25.0/{mid}", fields="id,from,attachments").json
    assert listed[0] == {"id": mid} and whole == {"message_count": 2, "id": thread}
    assert read["attachments"]["data"][0]["image_data"]["url"].startswith("http://127.0.0.1:7000/messenger/cdn/")


def test_lists_come_in_pages(page: Any, anna: str) -> None:
    for number in range(3):
        page.call("POST", "/v25.0/me/custom_labels", {"page_label_name": f"l{number}"})
    first = page.call("GET", "/v25.0/me/custom_labels", fields="page_label_name", limit="2").json
    after = first["paging"]["cursors"]["after"]
    second = page.call("GET", "/v25.0/me/custom_labels", fields="page_label_name", limit="2", after=after).json
    back = page.call("GET", "/v25.0/me/custom_labels", limit="2", before=second["paging"]["cursors"]["before"]).json
    assert [one["page_label_name"] for one in first["data"] + second["data"]] == ["l0", "l1", "l2"]
    assert "next" in first["paging"] and "next" not in second["paging"]
    assert [one["id"] for one in back["data"]] == [one["id"] for one in first["data"]]


def test_an_edited_message_reads_as_edited_and_a_deleted_one_is_gone(page: Any, anna: str, moved: Any) -> None:
    mid = page.says(anna, "Graz")
    page.events(anna, Edit(message_id=mid, parts=(Text(text="Linz"),)))
    assert page.call("GET", f"/v25.0/{mid}", fields="message").json["message"] == "Linz"
    page.events(anna, Delete(message_id=mid))
    assert page.call("GET", f"/v25.0/{mid}").code == (9000001, None)


def test_conversations_may_be_read_twice_a_second(page: Any, anna: str, moved: Any) -> None:
    answers = [page.call("GET", "/v25.0/me/conversations") for _ in range(3)]
    moved(1)
    assert [answer.status for answer in answers] == [200, 200, 400]
    assert answers[2].code == (613, None)
    assert page.call("GET", "/v25.0/me/conversations").status == 200


@pytest.mark.parametrize("fields", ["id{", "id}", "messages{id", "a b", "{" * 50])
def test_broken_fields_are_a_syntax_error(page: Any, anna: str, fields: str) -> None:
    assert page.call("GET", f"/v25.0/{anna}", fields=fields).code == (2500, None)


# --------------------------------------------------------------------------------- personas, labels, moderation


def test_personas_are_made_listed_read_and_deleted(page: Any) -> None:
    eva = {"name": "Eva", "profile_picture_url": "https://bot.example/eva.png"}
    key = page.call("POST", "/v25.0/me/personas", eva).json["id"]
    listed = page.call("GET", "/v25.0/me/personas").json
    assert listed["data"] == [{**eva, "id": key}] and listed["paging"]["cursors"]["before"]
    assert page.call("GET", f"/v25.0/{key}").json == {**eva, "id": key}
    assert page.call("DELETE", f"/v25.0/{key}").json == {"success": True}
    assert page.call("GET", f"/v25.0/{key}").code == (100, 33)


def test_labels_are_put_on_and_taken_off(page: Any, anna: str) -> None:
    key = page.call("POST", "/v25.0/me/custom_labels", {"page_label_name": "vip"}).json["id"]
    assert page.call("POST", "/v25.0/me/custom_labels", {"name": "vip"}).json == {"id": key}
    assert page.call("POST", f"/v25.0/{key}/label", {"user": anna}).json == {"success": True}
    worn = page.call("GET", f"/v25.0/{anna}/custom_labels", fields="page_label_name").json["data"]
    assert worn == [{"page_label_name": "vip", "id": key}]
    assert page.call("GET", f"/v25.0/{key}").json == {"id": key}
    page.call("DELETE", f"/v25.0/{key}/label", {"user": anna})
    assert page.call("GET", f"/v25.0/{anna}/custom_labels").json == {"data": []}
    assert page.call("DELETE", f"/v25.0/{key}").json == {"success": True}


def test_who_is_banned_neither_writes_nor_is_written_to(page: Any, anna: str) -> None:
    ban = {"user_ids": [{"id": anna}], "actions": ["BLOCK_USER"]}
    assert page.call("POST", "/v25.0/me/moderate_conversations", ban).json == {"success": True}
    assert page.events(anna, Write(parts=(Text(text="hi"),))) == []
    assert page.send(anna, {"text": "hi"}).code == (551, 1545041)
    page.call("POST", "/v25.0/me/moderate_conversations", {**ban, "actions": ["UNBLOCK_USER"]})
    assert page.send(anna, {"text": "hi"}).status == 200


# ------------------------------------------------------------------------------------------- Messenger Profile


def test_a_profile_is_set_read_and_deleted(page: Any) -> None:
    fields = {
        "get_started": GET_STARTED,
        "greeting": [{"locale": "default", "text": "Hi {{user_first_name}}!"}],
        "ice_breakers": [{"locale": "default", "call_to_actions": [{"question": "Open?", "payload": "HOURS"}]}],
        "persistent_menu": menu(ENTRY, {"type": "web_url", "title": "Shop", "url": "https://shop.example"}),
        "commands": [{"locale": "default", "commands": [{"name": "track", "description": "Where"}]}],
        "whitelisted_domains": ["https://shop.example"],
        "account_linking_url": "https://shop.example/login",
    }
    assert page.call("POST", "/v25.0/me/messenger_profile", fields).json == {"result": "success"}
    names = ",".join(fields)
    assert page.call("GET", "/v25.0/me/messenger_profile", fields=names).json == {"data": [fields]}
    deleted = page.call("DELETE", "/v25.0/me/messenger_profile", {"fields": list(fields)})
    assert deleted.json == {"result": "success"}
    assert page.call("GET", "/v25.0/me/messenger_profile", fields=names).json == {"data": []}


def test_a_menu_needs_get_started_before_and_after(page: Any) -> None:
    refused = page.call("POST", "/v25.0/me/messenger_profile", {"persistent_menu": menu(ENTRY)})
    page.call("POST", "/v25.0/me/messenger_profile", {"get_started": GET_STARTED, "persistent_menu": menu(ENTRY)})
    kept = page.call("DELETE", "/v25.0/me/messenger_profile", {"fields": ["get_started"]})
    assert refused.code == kept.code == (100, 2018145)


PROFILES = {
    "menu payload": (lambda n: {"persistent_menu": menu({**ENTRY, "payload": "x" * n})}, 1000),
    "get started": (lambda n: {"get_started": {"payload": "x" * n}}, 1000),
}


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_field_may_be_as_large_as_its_limit(page: Any, name: str) -> None:
    make, most = PROFILES[name]
    answers = [
        page.call("POST", "/v25.0/me/messenger_profile", {"get_started": GET_STARTED, **make(n)})
        for n in (most, most + 1)
    ]
    assert answers[0].status == 200 and answers[1].code == (100, None)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"greeting": [{"locale": "de_DE", "text": "Hallo"}]},
        {"persistent_menu": menu({"type": "nested", "title": "More", "call_to_actions": [ENTRY]})},
        {"whitelisted_domains": ["http://shop.example"]},
        {"account_linking_url": "http://shop.example"},
        {"get_started": "GO"},
    ],
)
def test_a_wrong_profile_is_refused(page: Any, fields: dict[str, Any]) -> None:
    assert page.call("POST", "/v25.0/me/messenger_profile", fields).code == (100, None)


def test_the_profile_may_be_called_ten_times_in_ten_minutes(page: Any, moved: Any) -> None:
    calls = [page.call("GET", "/v25.0/me/messenger_profile", fields="greeting") for _ in range(11)]
    moved(600)
    assert [call.status for call in calls] == [200] * 10 + [400]
    assert calls[10].code == (613, None)
    assert page.call("GET", "/v25.0/me/messenger_profile", fields="greeting").status == 200


def test_one_person_may_have_a_menu_of_their_own(page: Any, anna: str) -> None:
    own = menu({**ENTRY, "payload": "OWN"})
    path = "/v25.0/me/custom_user_settings"
    assert page.call("POST", path, {"psid": anna, "persistent_menu": own}).json == {"result": "success"}
    assert page.call("GET", path, psid=anna).json == {"data": [{"user_level_persistent_menu": own}]}
    press = Press(button=Button(title="Help", kind="postback"))
    assert page.event(anna, press)["postback"]["payload"] == "OWN"
    assert page.call("DELETE", path, psid=anna, params='["persistent_menu"]').json == {"result": "success"}
    assert page.call("GET", path, psid=anna).json == {"data": []}


# ------------------------------------------------------------------------------------------------ thread control


def control(page: Any, verb: str, to: str, **more: Any) -> Any:
    return page.call("POST", f"/v25.0/me/{verb}_thread_control", {"recipient": {"id": to}, **more})


def test_a_thread_that_was_passed_on_is_on_standby(page: Any, anna: str) -> None:
    passed = control(page, "pass", anna, target_app_id=INBOX, metadata="needs human")
    owner = page.call("GET", "/v25.0/me/thread_owner", recipient=anna).json
    assert passed.json == {"success": True}
    assert owner["data"][0]["thread_owner"] == {"app_id": INBOX, "expiration": int(page.now) + 86_400}
    assert page.send(anna, {"text": "hi"}).code == (10, 2018300)
    assert control(page, "pass", anna, target_app_id=INBOX).code == (10, 2018105)
    assert control(page, "request", anna).json == {"success": True}


def test_without_a_default_app_nobody_can_take_a_thread(page: Any, anna: str) -> None:
    assert control(page, "take", anna).code == (10, 2018171)
    assert page.call("GET", "/v25.0/me/thread_owner", recipient=anna).json == {"data": []}


def test_the_default_app_takes_extends_and_releases(make_page: Any) -> None:
    page = make_page(default_app=APP)
    to = page.join()
    page.says(to)
    control(page, "pass", to, target_app_id=INBOX)
    assert control(page, "take", to).json == {"success": True}
    assert control(page, "extend", to, duration=7 * 86_400).json == {"success": True}
    assert control(page, "extend", to, duration=7 * 86_400 + 1).code == (100, None)
    assert control(page, "request", to).code == (10, 2018321)
    assert control(page, "release", to).json == {"success": True}


def test_another_default_app_gets_the_new_conversations(make_page: Any) -> None:
    page = make_page(default_app="554433221100998")
    to = page.join()
    (entry,) = page.entries(to, Write(parts=(Text(text="hi"),)))
    assert "standby" in entry and page.send(to, {"text": "hi"}).code == (10, 2018300)


def test_a_message_can_hand_the_thread_over(page: Any, anna: str) -> None:
    handed = page.send(anna, {"text": "Eva will help"}, thread_control={"app_id": INBOX, "control_type": "pass"})
    assert handed.status == 200
    assert page.send(anna, {"text": "hi"}).code == (10, 2018300)


def test_the_page_inbox_is_a_secondary_receiver(page: Any) -> None:
    (one,) = page.call("GET", "/v25.0/me/secondary_receivers", fields="id,name").json["data"]
    assert one == {"id": INBOX, "name": "Page Inbox"}


# ---------------------------------------------------------------------------------------- templates and stickers


def test_templates_are_listed_and_deleted(page: Any) -> None:
    path, body = "/v25.0/me/message_templates", [{"type": "BODY", "text": "Out"}]
    made = page.call("POST", path, {"name": "out", "language": "en", "category": "UTILITY", "components": body}).json
    (listed,) = page.call("GET", path).json["data"]
    assert (listed["id"], listed["status"], listed["components"]) == (made["id"], "APPROVED", body)
    assert page.call("DELETE", path, name="out").json == {"success": True}
    assert page.call("DELETE", path, name="out").code == (100, None)


def test_stickers_are_found_with_the_apps_token(page: Any) -> None:
    (pack,) = page.call("GET", "/v25.0/sticker_packs", token="app").json["data"]
    inside = page.call("GET", f"/v25.0/sticker_packs/{pack['id']}/stickers", token="app").json["data"]
    found = page.call("GET", "/v25.0/sticker_search", token="app", q="large").json["data"]
    assert inside[0]["id"] == "369239263222822" and [one["id"] for one in found] == ["369239383222810"]
    assert page.call("GET", "/v25.0/sticker_search", token="app", q="x").code == (100, None)


# ------------------------------------------------------------------------------------------------- subscriptions


def test_the_page_is_subscribed_to_fields(page: Any) -> None:
    path = "/v25.0/me/subscribed_apps"
    done = page.call("POST", path, subscribed_fields="messages,messaging_postbacks")
    (app,) = page.call("GET", path).json["data"]
    assert done.json == {"success": True}
    assert (app["id"], app["subscribed_fields"]) == (APP, ["messages", "messaging_postbacks"])
    assert page.call("POST", path, subscribed_fields="messages,leadgen,message_context").json == {"success": True}
    assert page.call("POST", path, subscribed_fields="mesages").code == (100, None)
    assert page.call("POST", path).code == (100, None)
    assert page.call("POST", "/v2.12/me/subscribed_apps").json == {"success": True}
    assert page.call("DELETE", path).json == {"success": True}
    assert page.call("GET", path).json == {"data": []} and page.state.fields == frozenset()


HOOK = {
    "object": "page",
    "callback_url": "http://127.0.0.1:8000/hook",
    "verify_token": "s3cret",
    "fields": "messages,messaging_postbacks",
}


def subscribe(page: Any, content: bytes | None = None, error: str | None = None) -> Any:
    path = f"/v25.0/{APP}/subscriptions"
    (url,) = page.call("POST", path, HOOK, token="app").handled.wait.urls
    challenge = url.partition("hub.challenge=")[2].partition("&")[0]
    page.fetched[url] = Fetched(challenge.encode() if content is None else content, "text/plain", error)
    return page.call("POST", path, HOOK, token="app")


def test_the_callback_is_saved_after_its_handshake(page: Any) -> None:
    assert subscribe(page).json == {"success": True}
    (one,) = page.call("GET", f"/v25.0/{APP}/subscriptions", token="app").json["data"]
    assert page.state.webhook_url == HOOK["callback_url"]
    assert [field["name"] for field in one["fields"]] == ["messages", "messaging_postbacks"]
    assert page.state.fields == {"messages", "messaging_postbacks"}
    assert page.call("DELETE", f"/v25.0/{APP}/subscriptions", token="app").json == {"success": True}
    assert page.state.webhook_url is None


@pytest.mark.parametrize(
    ("content", "error", "reason"),
    [
        (b"nope", None, "challenge"),
        (b"", "status 403", "403"),
        (b"", "timeout", "timeout"),
        (b"", "refused", "refused"),
    ],
)
def test_a_callback_that_fails_the_handshake_is_not_saved(page: Any, content: bytes, error: Any, reason: str) -> None:
    refused = subscribe(page, content, error)
    message = refused.json["error"]["message"]
    assert refused.code == (2200, None) and reason in message
    assert message.startswith("(#2200) callback verification failed") and page.state.webhook_url is None


def test_a_new_callback_wakes_the_courier(page: Any) -> None:
    woken: list[bool] = []
    page.state.outbox.listeners.append(lambda: woken.append(True))
    subscribe(page)
    assert woken == [True]
