"""What LINE says when something is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Event
from line.kit import AUTH, JSON, SECRET, TOKEN, Account, answer, response, shown, status, text, words

PUSH = "/v2/bot/message/push"


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ((), "Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'"),
        (
            (("Authorization", "Basic x"),),
            "Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'",
        ),
        (
            (("Authorization", "Bearer x"),),
            "Authentication failed. Confirm that the access token in the authorization header is valid.",
        ),
    ],
)
def test_a_token_stands_in_the_header(account: Account, headers: Any, said: str) -> None:
    handled = account.call(PUSH, {"to": account.to, "messages": [text()]}, headers=headers)
    assert (status(handled), words(handled), shown(handled)) == (401, said, [])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"to":"x","me', "The request body could not be parsed as JSON (line: 1, column: "),
        (b"{\n\n  x}", "The request body could not be parsed as JSON (line: 3, column: 3)"),
        (b"[]", "The request body could not be parsed as JSON"),
        (b'{"to":5}', "The property, 'to', in the request body is invalid (line: -, column: -)"),
    ],
)
def test_broken_bodies_are_told_where(account: Account, body: bytes, said: str) -> None:
    handled = account.call(PUSH, body)
    assert status(handled) == 400 and words(handled).startswith(said)


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"messages": "x"}, "messages"),
        ({"messages": ["x"]}, "messages[0]"),
        ({"messages": [{"type": "text", "text": 5}]}, "messages[0].text"),
        ({"messages": [text(quickReply=[])]}, "messages[0].quickReply"),
        ({"messages": [text()], "notificationDisabled": "no"}, "notificationDisabled"),
        ({"messages": [text()], "customAggregationUnits": "x"}, "customAggregationUnits"),
    ],
)
def test_a_wrong_type_is_told_by_its_property(account: Account, fields: dict[str, Any], place: str) -> None:
    handled = account.call(PUSH, {"to": account.to, **fields})
    assert words(handled) == f"The property, '{place}', in the request body is invalid (line: -, column: -)"


def test_a_body_is_json_and_not_too_large(account: Account) -> None:
    plain = account.call(PUSH, b"{}", headers=(AUTH, ("Content-Type", "text/plain")))
    assert (status(plain), words(plain)) == (415, "The content type, text/plain, is not supported")
    head, tail = b'{"to":"%b","messages":[{"type":"text","text":"Hi"}]' % account.to.encode(), b"}"
    most = head + b" " * (2_000_000 - len(head) - 1) + tail
    assert (status(account.call(PUSH, most)), status(account.call(PUSH, most + b" "))) == (200, 413)


def test_every_answer_has_an_id(account: Account) -> None:
    calls = [account.get("/v2/bot/info"), account.get("/v2/bot/nothing"), account.push(), account.push(text())]
    ids = [response(handled).header("x-line-request-id") for handled in calls]
    assert len(set(ids)) == 4 and None not in ids


def test_an_unknown_path_and_method_are_not_found(account: Account) -> None:
    assert (status(account.get("/v2/bot/nothing")), status(account.get(PUSH))) == (404, 405)
    call = account.get("/v2/bot/nothing").call
    assert call is not None and call.support == "unknown" and not call.ok


@pytest.mark.parametrize("path", ["/v2/bot/coupon", "/v2/bot/audienceGroup/upload", "/v2/bot/chat/x/control/acquire"])
def test_what_is_not_emulated_is_refused(account: Account, path: str) -> None:
    handled = account.call(path, {})
    assert handled.call is not None and handled.call.support == "refused" and status(handled) == 403
    coupon = account.push({"type": "coupon", "couponId": "x"})
    assert coupon.call is not None and coupon.call.method == "push message coupon" and status(coupon) == 400


def test_the_next_send_meets_an_error(account: Account) -> None:
    account.told(Event(name="api_error", data={"status": 500, "times": 2}))
    token = account.says()["replyToken"]
    assert (status(account.reply(token)), status(account.push(text())), status(account.reply(token))) == (500, 500, 200)


def test_a_spent_quota_meets_every_push(account: Account) -> None:
    account.told(Event(name="quota"))
    assert words(account.push(text())) == "You have reached your monthly limit."
    assert status(account.reply(account.says()["replyToken"])) == 200
    account.told(Event(name="quota", data={"spent": False}))
    assert status(account.push(text())) == 200


def test_nobody_can_reply_in_standby(account: Account) -> None:
    account.told(Event(name="standby"))
    event = account.says()
    assert event["mode"] == "standby" and "replyToken" not in event
    account.told(Event(name="standby", data={"on": False}))
    assert "replyToken" in account.says()


def test_a_secret_never_comes_back(account: Account) -> None:
    handled = account.call("/v2/oauth/accessToken", {"client_secret": SECRET, "access_token": TOKEN}, headers=(JSON,))
    assert handled.call is not None and not {"client_secret", "access_token"} & set(handled.call.arguments)
    assert SECRET not in answer(handled).get("error_description", "")
