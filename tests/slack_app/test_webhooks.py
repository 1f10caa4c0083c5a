"""Signatures, the challenge, what answers mean, redeliveries."""

from __future__ import annotations

import msgspec
import pytest

from chatdrill.model import Event, Press, Text, Write
from chatdrill.model.parts import Button
from chatdrill.wire import HttpFailure, HttpResponse
from chatdrill_fakes.platforms.slack import platform, webhooks
from slack_app.kit import FAILED, HOOK, NOW, Account

HI = Write(parts=(Text(text="Hi"),))
SECRET = "0123456789abcdef0123456789abcdef"
FORM = (
    "token=vt-legacy&team_id=T0BENCH01&team_domain=bench&channel_id=C0BENCH01&channel_name=support&user_id=U0BENCH01&user_name=anna"
    "&command=%2Fask&text=where+is+my+order%3F&api_app_id=A0BENCH01&is_enterprise_install=false"
    "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT0BENCH01%2F1%2Fabc&trigger_id=1.2.abc"
)


@pytest.mark.parametrize(
    ("body", "proof"),
    [
        ('{"token":"vt-legacy","challenge":"chal-7f3a","type":"url_verification"}', "f653de9556779dac1638313a6e31ca75ed6b330f11b5ca3afc68f6007aab9a1e"),
        (FORM, "f97d37b1e29f33ec1a8b4089a0f6772f2ecfe0c5d85c4ba43302bee0aa90fb1c"),
    ],
)  # fmt: skip
def test_a_signature_is_that_of_the_official_verifier(body, proof):
    assert webhooks.signature(SECRET, "1790000000", body.encode()) == f"v0={proof}"


@pytest.mark.parametrize("form", ["{}", "challenge={}", '{{"challenge":"{}"}}'])
def test_a_challenge_may_come_back_in_three_forms(account, form):
    challenge = msgspec.json.decode(platform.handshake(account.state).body)["challenge"]
    assert platform.read_handshake(account.state, HttpResponse(200, (), form.format(challenge).encode())) is None
    assert platform.read_handshake(account.state, HttpResponse(200, (), form.format("other").encode()))


def test_no_address_is_asked_in_socket_mode():
    assert platform.handshake(Account(socket_mode="yes").state) is None


def test_an_event_is_json_and_interactions_are_forms_at_addresses_of_their_own():
    account = Account(interactivity_url="http://127.0.0.1:9/press", commands_url="http://127.0.0.1:9/ask")
    ts = account.post(blocks=None)["ts"]
    press = Press(button=Button(title="Yes", kind="callback", payload="y"), message_id=ts)
    acts = (HI, press, Event(name="slash_command", data={"text": "a b"}))
    requests = [platform.request(account.state, account.updates(act)[:1], NOW) for act in acts]
    assert [one.url for one in requests] == [HOOK, "http://127.0.0.1:9/press", "http://127.0.0.1:9/ask"]
    assert [one.body[:8] for one in requests] == [b'{"token"', b"payload=", b"token=vt"]
    assert b"&text=a+b&" in requests[2].body and requests[0].header("user-agent").startswith("Slackbot")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (FAILED, "http_timeout"),
        (HttpFailure("refused"), "connection_failed"),
        (HttpFailure("garbage"), "unknown_error"),
        (HttpResponse(500), "http_error"),
        (HttpResponse(302), "too_many_redirects"),
    ],
)
def test_a_redelivery_has_the_same_bytes_and_says_why(account, answer, reason):
    updates = account.updates(HI)
    first = platform.request(account.state, updates, NOW)
    again = platform.again(account.state, updates, first, answer, 3, NOW + 60)
    assert (again.url, again.body) == (first.url, first.body)
    assert (again.header("x-slack-retry-num"), again.header("x-slack-retry-reason")) == ("2", reason)
    assert again.header("x-slack-request-timestamp") == "1790000060"


@pytest.mark.parametrize(
    ("answer", "ok", "attempts"),
    [
        (HttpResponse(204), True, None),
        (HttpResponse(500), False, None),
        (HttpResponse(500, (("X-Slack-No-Retry", "1"),)), False, 1),
        (FAILED, False, None),
    ],
)
def test_an_event_comes_again_unless_the_bot_says_no(account, answer, ok, attempts):
    ack = platform.read_ack(account.state, account.updates(HI), answer, NOW)
    assert (ack.ok, ack.attempts_max) == (ok, attempts)


@pytest.mark.parametrize("answer", [HttpResponse(204), HttpResponse(500), FAILED])
def test_commands_want_200_and_never_come_again(account, answer):
    ack = platform.read_ack(account.state, account.updates(Event(name="slash_command")), answer, NOW)
    assert (ack.ok, ack.attempts_max) == (False, 1)


def test_an_app_gets_what_it_has_subscribed_to():
    account = Account(events="app_mention")
    assert account.told(HI) == []
    assert [one["type"] for one in account.told(Event(name="app_mention"))] == ["app_mention"]
