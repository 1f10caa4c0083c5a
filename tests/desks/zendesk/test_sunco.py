"""Users, conversations and messages of Sunshine Conversations."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chatdrill.model import EntryAdded
from chatdrill.wire import Fetched
from desks.zendesk.kit import PNG, Account, answer, header, status, tags

LINK = "http://127.0.0.1:7/a/photo.png"


def multipart(content: bytes, *, name: str = "a.png", kind: str = "image/png") -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="source"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
    return head.encode() + content + b"\r\n--b--\r\n"


def upload(account: Account, query: str = "access=public&for=message", content: bytes = PNG) -> Any:
    kind = "multipart/form-data; boundary=b"
    return account.sunco("POST", f"attachments?{query}", multipart(content), kind=kind)


def test_a_user_exists_once(account: Account) -> None:
    body = {"externalId": "tg-42", "profile": {"givenName": "Ann", "locale": "de"}, "metadata": {"phone": "+49"}}
    made = account.sunco("POST", "users", body)
    told = answer(made)["user"]
    assert status(made) == 201 and len(told["id"]) == 24 and told["externalId"] == "tg-42"
    assert told["profile"]["givenName"] == "Ann" and told["metadata"] == {"phone": "+49"} and told["signedUpAt"]
    again = account.sunco("POST", "users", body)
    assert (status(again), answer(again)) == (409, {"errors": [{"code": "conflict", "title": "User already exists"}]})
    assert answer(account.sunco("GET", "users/tg-42")) == answer(account.sunco("GET", f"users/{told['id']}"))


def test_a_user_is_found_changed_and_deleted(account: Account) -> None:
    account.conversation()
    found = account.sunco("GET", "users?filter[identities.email]=ann@example.com")
    assert len(answer(found)["users"]) == 1
    changed = account.sunco("PATCH", "users/tg-42", {"profile": {"surname": "Lee"}, "metadata": {"vip": True}})
    assert answer(changed)["user"]["profile"]["givenName"] == "Ann" and answer(changed)["user"]["metadata"] == {
        "vip": True
    }
    assert answer(account.sunco("DELETE", "users/tg-42")) == {}
    refused = account.sunco("GET", "users/tg-42")
    assert (status(refused), answer(refused)["errors"][0]["code"]) == (404, "user_not_found")


def test_a_conversation_has_the_vendors_shape_and_begins_with_the_bot(account: Account) -> None:
    talk = account.conversation()
    told = answer(account.sunco("GET", f"conversations/{talk}"))["conversation"]
    assert set(told) == {
        "id", "type", "metadata", "activeSwitchboardIntegration", "isDefault", "lastUpdatedAt", "createdAt",
    }  # fmt: skip
    assert (told["id"], told["type"], told["isDefault"]) == (talk, "personal", True)
    assert told["createdAt"] == "2026-11-20T22:05:45.000Z"
    active = told["activeSwitchboardIntegration"]
    assert (active["name"], active["integrationType"]) == ("bot", "custom")
    assert account.owner(talk) == "bot" and "ticket_opened" not in tags(account.events)


def test_conversations_are_listed_changed_and_deleted(account: Account) -> None:
    first = account.conversation()
    body = {"type": "personal", "participants": [{"userExternalId": "tg-42"}]}
    second = answer(account.sunco("POST", "conversations", body))["conversation"]["id"]
    listed = answer(account.sunco("GET", "conversations?filter[userExternalId]=tg-42&page[size]=1"))
    assert [each["id"] for each in listed["conversations"]] == [first] and listed["meta"]["hasMore"]
    after = f"conversations?filter[userExternalId]=tg-42&page[after]={listed['meta']['afterCursor']}"
    assert [each["id"] for each in answer(account.sunco("GET", after))["conversations"]] == [second]
    changed = account.sunco("PATCH", f"conversations/{second}", {"displayName": "VIP", "metadata": {"lang": "de"}})
    assert answer(changed)["conversation"]["displayName"] == "VIP"
    refused = account.sunco("DELETE", f"conversations/{first}")
    assert (status(refused), answer(refused)["errors"][0]["code"]) == (400, "bad_request")
    assert status(account.sunco("DELETE", f"conversations/{second}")) == 200
    assert answer(account.sunco("GET", f"conversations/{second}"))["errors"][0]["code"] == "conversation_not_found"


def test_only_groups_are_joined_and_left(account: Account) -> None:
    personal = account.conversation()
    account.sunco("POST", "users", {"externalId": "bea"})
    group = answer(account.sunco("POST", "conversations", {"type": "sdkGroup"}))["conversation"]["id"]
    bea = {"userExternalId": "bea"}
    assert status(account.sunco("POST", f"conversations/{personal}/join", bea)) == 400
    assert status(account.sunco("POST", f"conversations/{group}/join", bea)) == 201
    assert len(answer(account.sunco("GET", f"conversations/{group}/participants"))["participants"]) == 1
    assert status(account.sunco("POST", f"conversations/{group}/leave", bea)) == 200
    assert status(account.sunco("POST", f"conversations/{group}/leave", bea)) == 404


def test_a_message_has_the_vendors_shape(account: Account) -> None:
    talk = account.conversation()
    posted = account.say(talk, "Hello", origin="tg:1")
    (told,) = answer(posted)["messages"]
    assert status(posted) == 201 and len(told["id"]) == 24
    assert told["author"] == {"type": "user", "userId": told["author"]["userId"], "displayName": "Ann"}
    assert told["content"] == {"type": "text", "text": "Hello"} and told["source"] == {"type": "api:conversations"}
    assert (told["received"], told["metadata"]) == ("2026-11-20T22:05:45.000Z", {"origin": "tg:1"})


@pytest.mark.parametrize(
    "content",
    [
        {"type": "text"},
        {"type": "audio", "mediaUrl": LINK},
        {"type": "image"},
        {"type": "image", "mediaUrl": "ftp://x"},
        {"type": "image", "mediaUrl": LINK, "altText": "x" * 129},
        {"type": "carousel", "items": []},
        {"type": "location", "coordinates": {"lat": "x"}},
        "text",
    ],
)
def test_content_that_is_not_right_is_refused(account: Account, content: Any) -> None:
    refused = account.post(account.conversation(), content)
    assert (status(refused), answer(refused)["errors"][0]["code"]) == (400, "bad_request")


@pytest.mark.parametrize(("length", "code"), [(4096, 201), (4097, 400)])
def test_a_text_has_at_most_4096_characters(account: Account, length: int, code: int) -> None:
    assert status(account.say(account.conversation(), "x" * length)) == code


@pytest.mark.parametrize(
    ("metadata", "code"), [({"k": "x" * 4088}, 201), ({"k": "x" * 4089}, 400), ({"k": {}}, 400), ([], 400)]
)
def test_metadata_are_flat_and_at_most_4_kb(account: Account, metadata: Any, code: int) -> None:
    body = {"author": {"type": "business"}, "content": {"type": "text", "text": "x"}, "metadata": metadata}
    assert status(account.sunco("POST", f"conversations/{account.conversation()}/messages", body)) == code


@pytest.mark.parametrize(("size", "code"), [(100 * 1024, 400), (100 * 1024 + 1, 413)])
def test_a_json_body_has_at_most_100_kb(account: Account, size: int, code: int) -> None:
    body = msgspec.json.encode({"externalId": ""})[:-2]
    refused = account.sunco("POST", "users", body + b"x" * (size - len(body) - 2) + b'"}')
    assert status(refused) == code


def test_a_conversation_holds_30000_messages(account: Account) -> None:
    talk = account.conversation()
    account.say(talk, "x")
    held = account.state.tickets[talk].talk
    assert held is not None
    held.messages *= 29_999
    assert status(account.say(talk, "the last")) == 201
    locked = account.say(talk, "too many")
    title = "Message limit of 30000 per conversation reached."
    assert (status(locked), answer(locked)["errors"]) == (423, [{"code": "locked", "title": title}])


def test_messages_are_paged_backwards_and_a_deleted_one_keeps_its_place(account: Account) -> None:
    talk = account.conversation()
    ids = [answer(account.say(talk, str(n)))["messages"][0]["id"] for n in range(101)]
    newest = answer(account.sunco("GET", f"conversations/{talk}/messages"))
    assert [each["id"] for each in newest["messages"]] == ids[1:] and newest["meta"]["hasMore"]
    before = newest["meta"]["beforeCursor"]
    oldest = answer(account.sunco("GET", f"conversations/{talk}/messages?page[before]={before}"))
    assert [each["id"] for each in oldest["messages"]] == ids[:1] and not oldest["meta"]["hasMore"]
    assert answer(account.sunco("DELETE", f"conversations/{talk}/messages/{ids[5]}")) == {}
    shown = answer(account.sunco("GET", f"conversations/{talk}/messages"))["messages"][4]
    assert (shown["id"], shown["deleted"]) == (ids[5], True)
    assert status(account.sunco("DELETE", f"conversations/{talk}/messages/none")) == 404
    assert status(account.sunco("DELETE", f"conversations/{talk}/messages")) == 200
    assert answer(account.sunco("GET", f"conversations/{talk}/messages"))["messages"] == []


def test_an_attachment_is_uploaded_shown_and_downloaded(account: Account) -> None:
    talk = account.handed_over()
    made = upload(account, f"access=public&for=message&conversationId={talk}")
    told = answer(made)["attachment"]
    assert status(made) == 201 and told["mediaType"] == "image/png"
    posted = account.post(talk, {"type": "image", "mediaUrl": told["mediaUrl"], "text": "see"}, None, "tg:9")
    content = answer(posted)["messages"][0]["content"]
    assert (content["mediaType"], content["mediaSize"]) == ("image/png", len(PNG))
    entry = [event.entry for event in account.events if isinstance(event, EntryAdded)][-1]
    assert (entry.text, entry.origin_id, entry.files[0].size_bytes) == ("see", "tg:9", len(PNG))
    got = account.call("GET", told["mediaUrl"].partition("/zendesk")[2], auth=None)
    assert got.response is not None and got.response.body == PNG and header(got, "content-type") == "image/png"


def test_a_link_elsewhere_is_read_by_the_desk(account: Account) -> None:
    talk = account.handed_over()
    content = {"type": "file", "mediaUrl": LINK}
    waits = account.post(talk, content)
    assert waits.response is None and waits.wait is not None and waits.wait.urls == (LINK,)  # type: ignore[union-attr]
    posted = account.post(talk, content, fetched={LINK: Fetched(PNG, "image/png")})
    assert status(posted) == 201
    entry = [event.entry for event in account.events if isinstance(event, EntryAdded)][-1]
    assert entry.files[0].sha256 and (entry.files[0].name, entry.kind) == ("photo.png", None)


def test_a_file_of_another_conversation_must_be_uploaded_again(account: Account) -> None:
    first = account.conversation()
    body = {"type": "personal", "participants": [{"userExternalId": "tg-42"}]}
    second = answer(account.sunco("POST", "conversations", body))["conversation"]["id"]
    link = answer(upload(account, f"access=public&conversationId={first}"))["attachment"]["mediaUrl"]
    assert status(account.post(second, {"type": "file", "mediaUrl": link})) == 400
    assert status(account.post(first, {"type": "file", "mediaUrl": link})) == 201


def test_an_attachment_can_be_removed(account: Account) -> None:
    link = answer(upload(account))["attachment"]["mediaUrl"]
    assert status(account.sunco("POST", "attachments/remove", {"mediaUrl": link})) == 200
    assert status(account.sunco("POST", "attachments/remove", {"mediaUrl": link})) == 404
    assert status(account.sunco("POST", "attachments/remove", {"mediaUrl": "https://badhost.com/x"})) == 400
    assert (
        status(
            account.sunco("POST", "attachments?access=private", multipart(PNG), kind="multipart/form-data; boundary=b")
        )
        == 400
    )


def test_typing_and_reading_of_the_user_are_told_and_the_business_only_reads(account: Account) -> None:
    talk = account.conversation()
    account.updates()
    path, ann = f"conversations/{talk}/activity", {"type": "user", "userExternalId": "tg-42"}
    assert answer(account.sunco("POST", path, {"author": ann, "type": "typing:start"})) == {}
    account.sunco("POST", path, {"author": ann, "type": "conversation:read"})
    account.sunco("POST", path, {"author": {"type": "business"}, "type": "conversation:read"})
    told = account.sunco_events()
    assert [event["type"] for event in told] == ["conversation:typing", "conversation:read"]
    assert told[0]["payload"]["activity"]["type"] == "typing:start"
    assert answer(account.sunco("GET", f"conversations/{talk}"))["conversation"]["businessLastRead"]
    assert status(account.sunco("POST", path, {"author": ann, "type": "sings"})) == 400


def test_only_participants_speak_for_a_user(account: Account) -> None:
    talk = account.conversation()
    account.sunco("POST", "users", {"externalId": "bea"})
    text = {"type": "text", "text": "x"}
    assert status(account.post(talk, text, {"type": "user", "userExternalId": "bea"})) == 400
    assert status(account.post(talk, text, {"type": "user", "userExternalId": "none"})) == 404
    assert status(account.post(talk, text, {"type": "robot"})) == 400


@pytest.mark.parametrize("root", ["/sc/v2", "/v2"])
def test_the_older_host_has_the_same_paths(account: Account, root: str) -> None:
    app = account.state.settings["app_id"]
    told = answer(account.call("GET", f"{root}/apps/{app}"))["app"]
    assert (told["id"], told["subdomain"]) == (app, "chatdrill")
    refused = account.call("GET", f"{root}/apps/000000000000000000000000")
    assert (status(refused), answer(refused)["errors"][0]["code"]) == (404, "app_not_found")
