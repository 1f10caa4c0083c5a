"""Errors come with HTTP status 200 and a code."""

from __future__ import annotations

import pytest

from chatdrill.model import Event
from chatdrill.wire import HttpRequest
from chatdrill_fakes.platforms.wechat import platform
from chatdrill_fakes.platforms.wechat.errors import WORDS
from wechat.kit import Account, answer, code


@pytest.mark.parametrize("wanted", [number for number in WORDS if number])
def test_every_code_can_be_met(talk: Account, wanted: int) -> None:
    talk.updates(Event(name="api_error", data={"errcode": wanted}))
    handled = talk.text()
    assert code(handled) == wanted and answer(handled)["errmsg"].startswith(WORDS[wanted])
    assert code(talk.text()) == 0


@pytest.mark.parametrize(
    "path",
    ["message/mass/send", "message/subscribe/bizsend", "material/add_material", "kf/sync_msg", "kf/send_msg"],
)
def test_what_is_not_emulated_says_so(account: Account, path: str) -> None:
    handled = account.handle(HttpRequest("POST", f"/cgi-bin/{path}?access_token={account.token}", (), b"{}"))
    assert code(handled) == 48001 and handled.call is not None and handled.call.support == "refused"


def test_an_unknown_address_is_the_vendors_error_and_says_more_in_the_trace(account: Account) -> None:
    handled = account.call("dance", {})
    assert code(handled) == 40066 and handled.call is not None and handled.call.support == "unknown"


@pytest.mark.parametrize(
    ("method", "verb", "expected"), [("user/get", "POST", 43001), ("message/custom/send", "GET", 43002), ("token", "POST", 43001)]
)  # fmt: skip
def test_a_call_has_its_verb(account: Account, method: str, verb: str, expected: int) -> None:
    assert code(account.call(method, b"{}" if verb == "POST" else None, verb=verb)) == expected


def test_a_body_is_json(talk: Account) -> None:
    assert code(talk.call("message/custom/send", b"touser=x&msgtype=text")) == 47001
    assert code(talk.call("message/custom/send", b"[]")) == 47001
    assert code(talk.call("message/custom/send", b" ", verb="POST")) == 44002


def test_an_injected_overload_is_a_code_and_a_broken_gateway_a_status(account: Account) -> None:
    assert platform.refusal(account.state, 429, None).status == 200
    assert platform.refusal(account.state, 503, None).status == 503


def test_calls_are_known_by_their_path_and_by_a_token(account: Account) -> None:
    def claimed(url: str) -> bool:
        return platform.claims(HttpRequest("GET", url), account.state)

    assert claimed("/cgi-bin/user/get") and claimed("/customservice/kfsession/getwaitcase")
    assert claimed(f"/other?access_token={account.token}")
    assert not claimed("/pa/send_message") and not claimed("/cgi-bin/dance")
