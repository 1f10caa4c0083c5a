"""What calls meet that a scenario has asked for."""

from __future__ import annotations

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Event
from chatdrill_fakes.platforms.slack import platform
from slack_app.kit import answer, error, good


def test_errors_are_met_as_often_as_was_asked_for(account):
    account.updates(Event(name="api_error", data={"error": "fatal_error", "times": 2}))
    words = [answer(account.call("chat.postMessage", channel=account.to, text="x")).get("error") for _ in range(3)]
    assert words == ["fatal_error", "fatal_error", None]


def test_a_token_fails_until_it_does_not(account):
    account.updates(Event(name="token_trouble", data={"error": "account_inactive"}))
    assert error(account.call("auth.test")) == error(account.call("users.list")) == "account_inactive"
    account.updates(Event(name="token_trouble", data={"error": ""}))
    good(account.call("auth.test"))


@pytest.mark.parametrize(("name", "word"), [("bot_removed", "not_in_channel"), ("channel_archived", "is_archived")])
def test_a_channel_can_be_out_of_reach(account, name, word):
    account.updates(Event(name=name))
    assert error(account.call("chat.postMessage", channel="#support", text="x")) == word


def test_somebody_who_has_left_is_disabled_everywhere(account):
    account.updates(Event(name="user_disabled"))
    assert error(account.call("conversations.open", users=account.to)) == "user_disabled"
    assert good(account.form("users.info", user=account.to))["user"]["deleted"] is True


@pytest.mark.parametrize("times", [0, -1, True, "2", 10_000])
def test_a_number_of_times_must_be_one(account, times):
    with pytest.raises(Unsupported, match="times must be a number"):
        account.updates(Event(name="api_error", data={"times": times}))


def test_refusals_carry_scopes_and_the_time_to_wait(account):
    handled = account.call("chat.postMessage", channel="nowhere", text="x")
    assert handled.response.header("x-accepted-oauth-scopes") == "chat:write"
    assert "chat:write" in handled.response.header("x-oauth-scopes")
    assert platform.refusal(account.state, 429, 7).header("retry-after") == "7"
