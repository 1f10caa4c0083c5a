"""Socket Mode as values: tickets, envelopes, acknowledgements, the end of a connection."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from chatdrill.model import Event, Text, Write
from chatdrill.wire import Conversing, Handled, HttpFailure, HttpRequest, HttpResponse, Resending, SocketMessage
from chatdrill_fakes.platforms.slack import limits, platform
from slack_app.kit import NOW, Account, error, good

HI = Write(parts=(Text(text="Hi"),))
UPGRADE = (("Upgrade", "websocket"), ("Connection", "Upgrade"))


@pytest.fixture
def account() -> Account:
    return Account(socket_mode="yes")


def link_of(account: Account) -> str:
    handled = account.call("apps.connections.open", token=account.state.settings["app_token"])
    return str(good(handled)["url"])


def open_link(account: Account, url: str = "", headers: Any = UPGRADE) -> Handled:
    parts = urlsplit(url or link_of(account))
    return account.handle(HttpRequest("GET", f"{parts.path.removeprefix('/slack')}?{parts.query}", headers))


def said(handled: Handled) -> dict[str, Any]:
    assert handled.accept is not None
    body: dict[str, Any] = msgspec.json.decode(handled.accept.says[0])
    return body


def message(account: Account, act: Any = HI) -> SocketMessage:
    request = platform.request(account.state, account.updates(act)[:1], NOW)
    assert isinstance(request, SocketMessage)
    return request


def test_only_the_apps_token_opens_connections(account):
    assert error(account.call("apps.connections.open")) == "not_allowed_token_type"
    assert link_of(account).startswith("ws://127.0.0.1:8080/slack/link/?ticket=")


def test_a_connection_is_greeted_and_counted(account):
    first, second = open_link(account), open_link(account)
    assert [said(one)["num_connections"] for one in (first, second)] == [1, 2]
    assert account.state.webhook_url == "ws://127.0.0.1:8080/slack/link"


def test_a_ticket_serves_once_and_soon(account):
    url = link_of(account)
    assert open_link(account, url).accept is not None
    assert open_link(account, url).response.status == 403
    late = link_of(account)
    account.now += limits.TICKET_LIFE_S + 1
    assert open_link(account, late).response.status == 403
    assert open_link(account, headers=()).response.status == 426


def test_ten_connections_are_the_most(account):
    for _ in range(limits.SOCKETS_MAX):
        open_link(account)
    refused = open_link(account)
    assert (said(refused)["reason"], refused.accept.close) == ("too_many_websockets", 1000)
    assert len(account.state.sockets) == limits.SOCKETS_MAX


def test_where_socket_mode_is_off_the_link_is_closed():
    assert said(open_link(Account()))["reason"] == "link_disabled"


@pytest.mark.parametrize(
    ("act", "kind", "answers"),
    [
        (HI, "events_api", False),
        (Event(name="slash_command"), "slash_commands", True),
        (Event(name="shortcut"), "interactive", False),
        (Event(name="block_suggestion"), "interactive", True),
    ],
)
def test_everything_travels_in_an_envelope(account, act, kind, answers):
    open_link(account)
    sent = message(account, act)
    envelope = msgspec.json.decode(sent.body)
    assert (envelope["type"], envelope["accepts_response_payload"], envelope["envelope_id"]) == (
        kind,
        answers,
        sent.awaits,
    )
    assert sent.socket in account.state.sockets and envelope["payload"]["token"]


@pytest.mark.parametrize(
    ("payload", "body"),
    [(None, b""), ({"text": "x"}, b'{"text":"x"}'), ("words", b"words"), ({}, b"{}")],
)
def test_an_acknowledgement_is_an_answer(account, payload, body):
    assert isinstance(platform, Conversing)
    said = {"envelope_id": "e1", **({} if payload is None else {"payload": payload})}
    ((id, answer),) = platform.hears(account.state, "s", msgspec.json.encode(said).decode(), NOW).answers
    assert (id, answer.status, answer.body) == ("e1", 200, body)


@pytest.mark.parametrize(
    "data", ["", "no", b"\xff", "[]", "{}", '{"envelope_id":5}', '{"envelope_id":"' + "x" * 300 + '"}', "[" * 9999]
)
def test_anything_else_is_trouble_and_no_failure(account, data):
    assert isinstance(platform, Conversing)
    heard = platform.hears(account.state, "s", data, NOW)
    assert heard.answers == () and heard.trouble


@pytest.mark.parametrize(("answer", "reason"), [(HttpFailure("timeout"), "timeout"), (HttpResponse(500), "error")])
def test_a_redelivery_is_the_same_payload_in_another_envelope(account, answer, reason):
    assert isinstance(platform, Resending)
    open_link(account), open_link(account)
    updates = account.updates(HI)
    first = platform.request(account.state, updates, NOW)
    again = platform.again(account.state, updates, first, answer, 2, NOW)
    one, two = (msgspec.json.decode(each.body) for each in (first, again))
    assert one["payload"] == two["payload"] and one["envelope_id"] != two["envelope_id"]
    assert (two["retry_attempt"], two["retry_reason"]) == (1, reason) and again.socket != first.socket


@pytest.mark.parametrize(("reason", "close"), [("warning", None), ("refresh_requested", 1000), ("link_disabled", 1000)])
def test_a_connection_is_ended_with_a_reason(account, reason, close):
    open_link(account)
    sent = message(account, Event(name="disconnect", data={"reason": reason}))
    assert (sent.awaits, sent.close, msgspec.json.decode(sent.body)["reason"]) == ("", close, reason)


def test_without_a_connection_everything_waits(account):
    accepted = open_link(account).accept
    platform.hung_up(account.state, accepted.socket, 1006, NOW)
    assert (account.state.sockets, account.state.webhook_url) == ([], None)
    assert message(account).socket == ""
    assert account.told(Event(name="disconnect")) == []
