"""Secrets are left out by their names, their looks, and by where they were seen."""

from __future__ import annotations

import pytest

from chatdrill.recording.blanks import Blanks
from chatdrill.wire import HttpRequest


@pytest.mark.parametrize(
    "text",
    [
        '{"access_token": "hidden-1"}',
        '{"client_secret":"hidden-1", "x": 1}',
        '{"data": "{\\"password\\": \\"hidden-1\\"}"}',
        "/v25.0/me/messages?access_token=hidden-1&x=2",
        "grant_type=client_credentials&client_secret=hidden-1",
        '{"hub.verify_token": "hidden-1"}',
        '{"user": {"api_key": "hidden-1", "pin": "hidden-1"}}',
    ],
)
def test_what_is_named_like_a_secret_is_left_out(text: str) -> None:
    assert "hidden-1" not in Blanks().text(text) and "***" in Blanks().text(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://api.telegram.org/bot7012345678:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe",
        "EAAJZCq2ZBkPkBO1x2y3z4a5b6c7d8",
        "xoxb-1234567890-abcdefghij",
        "Bearer abcdefgh12345678",
        "eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl",
    ],
)
def test_what_looks_like_a_token_is_left_out(text: str) -> None:
    assert "***" in Blanks().text(text)


def test_what_a_request_proved_itself_by_is_hidden_wherever_it_comes_up() -> None:
    blanks = Blanks()
    blanks.learn(HttpRequest("POST", "/bot12:abc%2Fdefgh/sendMessage", (("X-Viber-Auth-Token", "5a1b-2c3d"),)))
    blanks.learn(HttpRequest("POST", "/", (("Authorization", "Bearer own-words-9"),)))
    assert blanks.text("it was 5a1b-2c3d, then own-words-9") == "it was ***, then ***"


@pytest.mark.parametrize(
    "text", ['{"message_token": "5098034272017990000"}', '{"text": "my token of thanks"}', "a signature dish"]
)
def test_what_only_sounds_like_one_stays(text: str) -> None:
    assert Blanks().text(text) == text
