"""The headers of the chats API, in and out."""

from __future__ import annotations

from email.utils import formatdate

import pytest

from chatdrill.errors import Unsupported
from chatdrill.wire import Exchange, HttpRequest
from chatdrill_fakes.desks.amocrm import desk, hooks
from chatdrill_fakes.desks.amocrm.chats.signature import body_md5, sign
from desks.amocrm.kit import BASE, CHATS, NOW, SECRET, Account, error, new_message

BODY = b'{"event_type":"new_message","payload":{"msgid":"m-1"}}'
DATE = "Thu, 15 Jan 2026 10:00:00 +0000"


def test_a_call_is_signed_over_method_digest_type_date_and_path() -> None:
    path = "/v2/origin/custom/chan_acc"
    assert body_md5(BODY) == "d8bffa8aace670754c99d8288eccd0e0"
    signed = sign("amo_secret", "post", body_md5(BODY), "application/json", DATE, path)
    assert signed == "056d577c155faf7a5b385190952eed1b7dcb7e3f"
    history = f"{path}/chats/c-1/history"
    signed = sign("amo_secret", "GET", body_md5(b""), "application/json", DATE, history)
    assert (body_md5(b""), signed) == ("d41d8cd98f00b204e9800998ecf8427e", "73c3af61f554eceafd55eea5a62913db81e4a7b8")


def test_a_hook_is_signed_over_its_body_alone() -> None:
    assert hooks.signature("amo_secret", b'{"account_id":"a","time":1}') == "66fe788acba41a82fa6b4863a6d2e56e68dd61ae"


@pytest.mark.parametrize("name", ["Date", "Content-Type", "Content-MD5", "X-Signature"])
def test_a_call_without_one_of_the_four_headers_is_refused(account: Account, name: str) -> None:
    refused = account.chat("POST", CHATS, new_message(), headers={name: None})
    assert error(refused) == (403, f"header {name} is missing")
    assert not account.state.tickets


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Content-MD5": "0" * 32}, "Content-MD5 is not that of the body"),
        ({"X-Signature": "0" * 40}, "X-Signature does not fit"),
        ({"Date": "yesterday"}, "Date is not in the format of RFC 2822"),
        ({"Date": formatdate(NOW - 10)}, "X-Signature does not fit"),
        ({"X-Signature": "é"}, "X-Signature does not fit"),
    ],
)
def test_a_wrong_header_is_refused(account: Account, headers: dict[str, str | None], why: str) -> None:
    assert error(account.chat("POST", CHATS, new_message(), headers=headers)) == (403, why)


@pytest.mark.parametrize(("age", "status"), [(900.0, 200), (901.0, 403), (-900.0, 200), (-901.0, 403)])
def test_a_signature_is_good_for_fifteen_minutes(account: Account, age: float, status: int) -> None:
    signed_at, account.now = account.now, account.now + age
    account.now, later = signed_at, account.now
    date, body = formatdate(signed_at), b'{"conversation_id":"c","sender":{"id":"u"}}'
    path = f"{CHATS}/typing"
    signed = sign(SECRET, "POST", body_md5(body), "application/json", date, path)
    headers = {"Date": date, "Content-Type": "application/json", "Content-MD5": body_md5(body), "X-Signature": signed}
    answer = desk.handle(account.state, Exchange(HttpRequest("POST", path, tuple(headers.items()), body), later, BASE))
    assert answer.response is not None and answer.response.status in (status, 204 if status == 200 else status)
    if status == 403:
        assert answer.response.header("Date") == formatdate(later, usegmt=True)


def test_the_age_is_not_looked_at_where_the_setting_says_so() -> None:
    account = Account(date_window_s="0")
    headers = {"Date": DATE}
    body = b'{"conversation_id":"c","sender":{"id":"u"}}'
    signed = sign(SECRET, "POST", body_md5(body), "application/json", DATE, f"{CHATS}/typing")
    account.ok(account.chat("POST", f"{CHATS}/typing", body, headers={**headers, "X-Signature": signed}))


def test_a_client_may_sign_the_path_that_it_calls(account: Account) -> None:
    body = b'{"conversation_id":"c","sender":{"id":"u"}}'
    path = f"{CHATS}/typing"
    signed = sign(SECRET, "POST", body_md5(body), "application/json", formatdate(NOW), f"/amocrm{path}")
    account.ok(account.chat("POST", path, body, headers={"X-Signature": signed}))


def test_a_query_is_not_signed(account: Account) -> None:
    account.asked()
    assert account.ok(account.chat("GET", f"{CHATS}/chats/my-42/history?limit=1"))["messages"]


def test_a_token_of_the_crm_opens_no_chats_and_a_signature_no_crm(account: Account) -> None:
    assert error(account.crm("GET", "/account", token=None))[0] == 401
    assert error(account.chat("POST", CHATS, new_message(), secret="other"))[0] == 403


def test_a_forged_hook_differs_in_its_signature_only(account: Account) -> None:
    account.accepted().clear().reply()
    (update,) = account.updates("message")
    true = desk.request(account.state, (update,), NOW)
    bare = desk.forge(account.state, true, "unsigned", NOW)
    wrong = desk.forge(account.state, true, "wrong", NOW)
    assert bare.header("X-Signature") is None and bare.body == wrong.body == true.body
    assert wrong.header("X-Signature") not in (None, true.header("X-Signature"))
    with pytest.raises(Unsupported, match="no age is prescribed"):
        desk.forge(account.state, true, "stale", NOW)


def test_a_webhook_of_the_crm_has_nothing_to_forge(account: Account) -> None:
    account.asked()
    form = desk.request(account.state, account.updates("add_talk"), NOW)
    with pytest.raises(Unsupported, match="no signature"):
        desk.forge(account.state, form, "wrong", NOW)
