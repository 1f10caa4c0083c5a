"""Paths, tokens and methods."""

from __future__ import annotations

import json

import pytest

from chatdrill.wire import HttpRequest

TOKEN = "7012345678:AAchatdrillDrillDrillDrillDrillDril"


def _answer(drill, url):
    handled = drill.request(HttpRequest("GET", url))
    answer = json.loads(handled.response.body)
    return handled.response.status, answer.get("description", answer.get("result"))


@pytest.mark.parametrize(
    ("url", "status", "description"),
    [
        ("/", 404, "Not Found"),
        ("/bots", 404, "Not Found"),
        (f"/bot{TOKEN}", 404, "Not Found"),
        (f"/bot{TOKEN}/nonsense", 404, "Not Found: method not found"),
        (f"/bot{TOKEN}/", 404, "Not Found: method not found"),
        (f"/bot{TOKEN}x/getMe", 401, "Unauthorized"),
        ("/bot123:abc/getMe", 401, "Unauthorized"),
        ("/botabc/getMe", 401, "Unauthorized: invalid token specified"),
        ("/bot0123:abc/getMe", 401, "Unauthorized: invalid token specified"),
        (f"/bot1:{'a' * 90}/getMe", 401, "Unauthorized: invalid token specified"),
        (f"/bot{TOKEN}/answerInlineQuery", 501, "Not Implemented: chatdrill does not emulate answerInlineQuery"),
    ],
)
def test_wrong_addresses(drill, url, status, description):
    assert _answer(drill, url) == (status, description)


def test_the_clouds_front_end_lets_only_tokens_pass(make_drill):
    drill = make_drill(strict="yes")
    assert _answer(drill, "/bot123:abc/getMe") == (404, "Not Found")
    assert _answer(drill, f"/bot1:{'a' * 35}/getMe") == (401, "Unauthorized")


@pytest.mark.parametrize(
    "url",
    [f"/bot{TOKEN}/getMe", f"/bot{TOKEN}/test/getMe", f"/bot{TOKEN.replace(':', '%3A')}/getMe", f"/bot{TOKEN}/getme?"],
)
def test_right_addresses(drill, url):
    status, me = _answer(drill, url)
    assert status == 200 and me["username"] == "acme_help_bot"


def test_a_wrong_token_is_recorded_without_being_repeated(drill):
    handled = drill.request(HttpRequest("GET", "/bot123:abc/getme"))
    assert handled.call.method == "getMe" and handled.call.error == "Unauthorized"
    assert "123:abc" not in repr(handled)


def test_refused_and_unknown_methods_are_told_apart(drill):
    assert drill.handle("sendGift").call.support == "refused"
    assert drill.handle("sendGifts").call.support == "unknown"


def test_a_token_that_is_no_token_still_opens_an_account(make_drill):
    drill = make_drill(token="nonsense", username="@shop_bot")
    assert drill.state.bot_id == 7012345678 and drill.state.bot["username"] == "shop_bot"


def test_a_429_tells_when_to_come_back(make_drill):
    drill = make_drill()
    drill.write("hi")
    for _ in range(20):
        drill.send(text="x")
    handled = drill.handle("sendMessage", {"chat_id": drill.to, "text": "x"})
    answer = json.loads(handled.response.body)
    assert answer["parameters"] == {"retry_after": 1} and handled.response.header("retry-after") == "1"
    assert answer["description"] == "Too Many Requests: retry after 1" and not handled.effects
    drill.now += 1
    drill.send(text="x")


def test_an_album_counts_as_its_items(make_drill, samples):
    drill = make_drill()
    file_id = drill.write(drill.media("photo", samples["photo"]))["photo"][0]["file_id"]
    album = [{"type": "photo", "media": file_id}] * 10
    drill.call("sendMediaGroup", chat_id=drill.to, media=album)
    drill.call("sendMediaGroup", chat_id=drill.to, media=album)
    assert drill.error("sendMediaGroup", chat_id=drill.to, media=album) == "429 Too Many Requests: retry after 10"


def test_thirty_messages_a_second_over_all_chats_where_strict(make_drill):
    drill = make_drill(rate_limits="strict")
    customers = [drill.join(f"c{n}") for n in range(31)]
    for to in customers:
        drill.write("hi", to=to)
    for to in customers[:30]:
        drill.call("sendMessage", chat_id=to, text="x")
    assert drill.error("sendMessage", chat_id=customers[30], text="x") == "429 Too Many Requests: retry after 1"
