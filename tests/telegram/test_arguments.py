"""Arguments in every encoding that the server reads."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from chatdrill.wire import HttpRequest

KEYBOARD = {"inline_keyboard": [[{"text": "Да", "callback_data": "y"}]]}


def test_the_four_encodings_mean_the_same(drill, read):
    wanted = {"chat_id": drill.to, "text": "Привет", "reply_markup": json.dumps(KEYBOARD)}
    query = "&".join(f"{name}={quote(value)}" for name, value in wanted.items())
    messages = [
        read(drill.request(HttpRequest("GET", f"/bot{drill.state.token}/sendMessage?{query}"))),
        read(drill.form("sendMessage", **wanted)),
        read(drill.upload("sendMessage", {}, **wanted)),
        read(drill.handle("sendMessage", wanted)),
        read(drill.handle("sendMessage", {**wanted, "chat_id": int(drill.to), "reply_markup": KEYBOARD})),
    ]
    assert {json.dumps([m["text"], m["reply_markup"]]) for m in messages} == {json.dumps(["Привет", KEYBOARD])}


def test_the_query_string_wins_over_the_body(drill, read):
    url = f"/bot{drill.state.token}/sendMessage?text=query&chat_id={drill.to}"
    body = json.dumps({"text": "body", "chat_id": 5}).encode()
    request = HttpRequest("POST", url, (("Content-Type", "application/json; charset=utf-8"),), body)
    assert read(drill.request(request))["text"] == "query"


@pytest.mark.parametrize("word", ["true", "Yes", "1", True])
def test_words_for_true(drill, word):
    assert drill.send(text="x", protect_content=word)["has_protected_content"] is True


@pytest.mark.parametrize("word", ["on", "0", "no", False, 2, {}])
def test_everything_else_is_false(drill, word):
    assert "has_protected_content" not in drill.send(text="x", protect_content=word)


def test_method_names_know_no_letter_case_and_may_be_an_argument(drill):
    assert drill.call("SENDmessage", chat_id=drill.to, text="x")["text"] == "x"
    body = json.dumps({"method": "getMe"}).encode()
    request = HttpRequest("POST", f"/bot{drill.state.token}/", (("Content-Type", "application/json"),), body)
    handled = drill.request(request)
    assert handled.call.method == "getMe" and handled.response.status == 200


@pytest.mark.parametrize("body", [b"{", b"[1]", b'{"a":}', b"\xff\xfe", b"nonsense", b"{" * 100_000])
def test_broken_json_is_a_bad_request(drill, body):
    request = HttpRequest("POST", f"/bot{drill.state.token}/getMe", (("Content-Type", "application/json"),), body)
    handled = drill.request(request)
    assert handled.response.status == 400 and not handled.call.ok
    assert json.loads(handled.response.body)["description"].startswith("Bad Request: ")


def test_arguments_over_a_mebibyte_are_refused(drill):
    handled = drill.handle("sendMessage", {"chat_id": drill.to, "text": "x" * (1 << 20)})
    assert json.loads(handled.response.body)["description"] == "Request Entity Too Large: too many parameters"
    handled = drill.form("sendMessage", chat_id=drill.to, text="x" * (1 << 20))
    assert handled.response.status == 413


def test_the_trace_sees_arguments_without_secrets_and_bytes(drill, samples):
    secret = drill.handle("setWebhook", {"url": "https://bot.test/", "secret_token": "s3cr3t"})
    assert secret.call.arguments == {"url": "https://bot.test/", "secret_token": "***"}
    sent = drill.upload("sendDocument", {"document": ("a.pdf", samples["document"])}, chat_id=drill.to)
    assert sent.call.arguments["document"]["size_bytes"] == len(samples["document"])
    assert drill.form("getMe", scope='{"type":"default"}').call.arguments == {"scope": {"type": "default"}}


def test_integers_are_lenient_and_clamped(drill):
    drill.write("one")
    drill.write("two")
    assert len(drill.call("getUpdates", limit="1abc")) == 1
    drill.now += 5  # an offset asked for again at once is slowed down
    assert len(drill.call("getUpdates", limit=10**30, offset="x")) == 2
