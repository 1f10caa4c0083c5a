"""Who may call, and what proves who has called."""

from __future__ import annotations

from chatdrill.model import Event
from chatdrill_fakes.families.connector import tokens
from chatdrill_fakes.platforms.webchat import platform
from webchat.kit import BASE, Channel, answer, code


def test_a_token_is_good_for_as_long_as_it_says() -> None:
    channel = Channel(token_valid_s="600")
    given = answer(channel.log_in())
    channel.token = given["access_token"]
    assert (given["expires_in"], channel.sent(text="Hi").text) == (600, "Hi")
    channel.now += 600
    assert code(channel.say(text="Hi")) == (401, "Unauthorized")


def test_a_revoked_token_is_not_good_any_more(channel: Channel) -> None:
    channel.token = answer(channel.log_in())["access_token"]
    channel.updates(Event(name="token_revoked"))
    assert code(channel.say(text="Hi")) == (401, "Unauthorized")
    channel.now += 1
    channel.token = answer(channel.log_in())["access_token"]
    assert channel.sent(text="Hi").text == "Hi"


def test_the_published_key_proves_who_sends(channel: Channel) -> None:
    request = platform.request(channel.state, channel.updates()[-1:], channel.now)
    claims = tokens.read((request.header("Authorization") or "").removeprefix("Bearer "))
    assert claims is not None and claims["serviceurl"] == f"{BASE}/" and claims["exp"] - claims["nbf"] == 3600
    (key,) = answer(channel.call("GET", "/v1/.well-known/keys"))["keys"]
    assert "webchat" in key["endorsements"] and key["kid"] == "chatdrill-connector"


def test_a_bot_without_an_app_id_needs_no_token_and_sees_none() -> None:
    channel = Channel(app_id="", app_password="")
    channel.token = ""
    request = platform.request(channel.state, channel.updates()[-1:], channel.now)
    assert request.header("Authorization") is None and channel.sent(text="Hi").text == "Hi"
