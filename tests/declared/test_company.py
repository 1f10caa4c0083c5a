"""The shipped company's chat: what is particular to it and to files, beside the laws of the conformance kit."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import msgspec
import pytest

from chatdrill.conformance.samples import FILES
from chatdrill.errors import SettingsError, Unsupported
from chatdrill.model import (
    Activity,
    Contact,
    Deleted,
    Edit,
    Edited,
    Event,
    Location,
    MarkedRead,
    Press,
    Receipt,
    Text,
    Write,
)
from chatdrill.model.parts import Button
from chatdrill.seeds import door_of
from chatdrill.wire import Fetched, HttpFailure, HttpRequest
from chatdrill_fakes.platforms.declared import declare
from declared.kit import BASE, COMPANY, HOOK, NOW, Account, call_of, shown, status

PICTURE = "http://127.0.0.1:9/p.png"
YES = {"title": "Yes", "payload": "yes"}
SPEC = """
title: Small
source: written for this test in 11/2026
tells:
  - on: message
    encoding: form
    body: {from: "{customer}", words: "{text}", phone: "{phone}"}
    ack: [200, 202]
takes:
  - {method: POST, path: /say, does: send, read: {to: to, text: text}}
"""


def small(tmp_path: Any, text: str = SPEC, **settings: str) -> Account:
    file = tmp_path / "small.yaml"
    file.write_text(text)
    return Account(file, **settings)


def test_the_company_is_told_as_declared(account: Account) -> None:
    request = account.request(account.says("Where is order 553?")[0])
    stamp = request.header("X-Acme-Timestamp") or ""
    mac = hmac.new(b"declared-secret", f"{stamp}.".encode() + request.body, hashlib.sha256).hexdigest()
    assert (request.method, request.url, stamp) == ("POST", HOOK, str(int(NOW)))
    assert request.header("X-Acme-Signature") == f"sha256={mac}"
    told = msgspec.json.decode(request.body)
    assert told["chat"] == {"id": account.to, "name": "Anna Nowak", "language": "en"}
    assert told["message"]["text"] == "Where is order 553?" and "location" not in told["message"]


def test_a_message_with_everything_goes_in_one_request(account: Account) -> None:
    parts = (account.media("photo"), account.media("document", name="bill.pdf"), Text(text="here"))
    (told,) = account.told(Write(parts=parts))
    assert [file["name"] for file in told["message"]["files"]] == ["file.png", "bill.pdf"]
    assert told["message"]["text"] == "here"


def test_a_customers_file_is_served(account: Account) -> None:
    (told,) = account.told(Write(parts=(account.media("photo"),)))
    url = told["message"]["files"][0]["url"]
    answer = account.handle(HttpRequest("GET", url.removeprefix(BASE))).response
    assert answer is not None and (answer.status, answer.body) == (200, FILES["photo"])


def test_a_place_and_a_card_are_told(account: Account) -> None:
    (place,) = account.told(Write(parts=(Location(latitude=1.5, longitude=2.5, name="Shop"),)))
    (card,) = account.told(Write(parts=(Contact(name="Eva", phone="+43660"),)))
    assert place["message"]["location"] == {"latitude": 1.5, "longitude": 2.5, "name": "Shop"}
    assert card["message"]["contact"] == {"name": "Eva", "phone": "+43660"}


def test_the_company_is_answered_as_declared(account: Account) -> None:
    handled = account.send(text="Which?", buttons=[YES, [{"title": "Shop", "url": "https://a.test/"}]])
    (message,) = shown(handled)
    answer = msgspec.json.decode(handled.response.body if handled.response else b"")
    assert (status(handled), answer["id"], answer["chat"]) == (201, message.id, account.to)
    assert [(button.title, button.kind) for button in message.buttons] == [("Yes", "postback"), ("Shop", "url")]
    assert [later.act for later in handled.later] == [Receipt(message_id=message.id, status="delivered")]


def test_a_press_is_told_with_its_payload(account: Account) -> None:
    (message,) = shown(account.send(text="Sure?", buttons=[YES]))
    (told,) = account.told(Press(button=message.buttons[0], message_id=message.id))
    assert told["press"] == {"message": message.id, "payload": "yes", "title": "Yes"}


def test_files_are_read_at_their_links(account: Account) -> None:
    account.fetched[PICTURE] = Fetched(FILES["photo"], "image/png")
    (message,) = shown(account.send(text="A shoe", files=[{"url": PICTURE}]))
    assert [(media.kind, media.file.size_bytes) for media in message.media] == [("photo", len(FILES["photo"]))]


def test_a_message_is_edited_read_and_deleted(account: Account) -> None:
    (update,) = account.says()
    mine = msgspec.json.decode(update.body)["message"]["id"]
    (message,) = shown(account.send(text="one"))
    chat = f"/v1/chats/{account.to}"
    path = f"{chat}/messages/{message.id}"
    effects = [
        account.call("PATCH", path, {"text": "two"}).effects[0],
        account.call("POST", f"{chat}/typing").effects[0],
        account.call("POST", f"{chat}/messages/{mine}/read").effects[0],
        account.call("DELETE", path).effects[0],
    ]
    assert [type(effect) for effect in effects] == [Edited, Activity, MarkedRead, Deleted]
    assert isinstance(effects[0], Edited) and effects[0].message.text == "two"
    assert status(account.call("DELETE", path)) == 404


def test_what_was_sent_under_a_key_is_not_sent_again(account: Account) -> None:
    headers = (("Authorization", "Bearer declared-token"), ("Idempotency-Key", "k-1"))
    request = HttpRequest("POST", "/v1/messages", headers, msgspec.json.encode({"chat": account.to, "text": "x"}))
    first, again = account.handle(request), account.handle(request)
    assert first.response == again.response and len(shown(first)) == 1 and shown(again) == []
    assert "repeated" in (call_of(again).note or "")


def test_messages_in_the_answer_are_shown(account: Account) -> None:
    (update,) = account.says()
    ack = account.answered(update, body={"messages": [{"text": "Hello"}, {"text": "?", "buttons": [YES]}, {}]})
    seen = [shown(account.handle(call, "webhook_answer"))[0] for call in ack.calls]
    assert [message.text for message in seen] == ["Hello", "?"] and seen[1].buttons[0].payload == "yes"


def test_only_the_first_answer_to_an_update_is_shown(account: Account) -> None:
    (update,) = account.says()
    body = {"messages": [{"text": "Hello"}]}
    assert len(account.answered(update, body=body).calls) == 1 and account.answered(update, body=body).calls == ()


@pytest.mark.parametrize("body", [None, [], "x", {"messages": "x"}, {"messages": [1, None, [], {"text": ""}]}])
def test_an_answer_without_messages_is_an_answer(account: Account, body: object) -> None:
    (update,) = account.says()
    ack = account.answered(update, body=body)
    assert ack.ok and ack.calls == ()


def test_too_much_in_an_answer_is_refused_in_the_trace(account: Account) -> None:
    (update,) = account.says()
    (call,) = account.answered(update, body={"messages": [{"text": "x" * 4001}]}).calls
    handled = account.handle(call, "webhook_answer")
    assert handled.effects == () and "4001 characters, 4000 at most" in (call_of(handled).error or "")


def test_nobody_outside_puts_words_into_an_answer(account: Account) -> None:
    account.says()
    request = HttpRequest("POST", f"/_reply?to={account.to}&on=message", (), b'{"reply": {"text": "x"}}')
    assert status(account.handle(request)) == 401


def test_too_many_requests_are_refused(account: Account) -> None:
    answers = [status(account.send(text="x")) for _ in range(601)]
    assert answers.count(201) == 600 and answers[-1] == 429


def test_a_form_is_filled_in_and_unknown_things_are_left_out(tmp_path: Any) -> None:
    account = small(tmp_path)
    request = account.request(account.says("a&b ü")[0])
    assert request.body == f"from={account.to}&words=a%26b+%C3%BC&phone=%2B48501234567".encode()
    assert request.header("Content-Type") == "application/x-www-form-urlencoded"


@pytest.mark.parametrize(("code", "ok"), [(200, True), (202, True), (204, False), (500, False)])
def test_success_is_what_the_file_says(tmp_path: Any, code: int, ok: bool) -> None:
    account = small(tmp_path)
    ack = account.answered(account.says()[0], code)
    assert ack.ok == ok and (ok or ack.error == f"status {code}, not 200 or 202")


def test_no_answer_is_no_success(account: Account) -> None:
    (update,) = account.says()
    assert not account.platform.read_ack(account.state, [update], HttpFailure("timeout"), NOW).ok


def test_without_a_press_a_button_is_said(tmp_path: Any) -> None:
    account = small(tmp_path)
    (update,) = account.updates(Press(button=Button(title="Yes please", kind="reply", payload="y")))
    assert b"words=Yes+please" in account.request(update).body


def test_what_the_file_has_no_word_for_is_unsupported_in_its_name(tmp_path: Any) -> None:
    account = small(tmp_path)
    with pytest.raises(Unsupported, match=r"small\.yaml has no media\.photo among the parts"):
        account.updates(Write(parts=(account.media("photo"),)))
    assert account.updates(Edit(message_id="x", parts=(Text(text="x"),))) == []
    assert "no tell on: edit" in account.platform.capabilities.lacks["edit"]
    with pytest.raises(Unsupported, match="did you mean 'too_long'"):
        account.updates(Event(name="api_error", data={"error": "to_long"}))


def test_values_of_the_file_are_set_by_a_setting(tmp_path: Any) -> None:
    text = SPEC.replace("tells:", "values: {shop: main}\ntells:").replace(
        "    encoding", "    url: /{shop}/in\n    encoding"
    )
    account = small(tmp_path, text, values="shop=a b/c")
    assert account.request(account.says()[0]).url == f"{HOOK}/a%20b%2Fc/in"
    with pytest.raises(SettingsError, match="has no value 'shp'; did you mean 'shop'"):
        small(tmp_path, text, values="shp=x")


def test_a_messenger_of_its_own_has_its_own_settings() -> None:
    own = declare("acme-chat", COMPANY)
    assert own.name == "acme-chat" and own.settings[0].env == "ACME_CHAT_SPEC"
    assert own.title == "Acme Chat"


def test_a_call_says_whose_it_is(account: Account) -> None:
    owner = getattr(account.platform, "owner_of")  # noqa: B009  the contract of a platform has no doors
    mine = owner(account.state, HttpRequest("POST", f"/v1/chats/{account.to}/typing"))
    sent = HttpRequest(
        "POST", "/v1/messages", (("Content-Type", "application/json"),), b'{"chat": "%b"}' % account.to.encode()
    )
    assert mine == owner(account.state, sent) == account.to and door_of(mine) == door_of(account.to)
    assert owner(account.state, HttpRequest("GET", "/v1/nothing")) is None
