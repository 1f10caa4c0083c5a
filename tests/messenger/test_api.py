"""Tokens, versions, paths, batches: how the Graph API takes calls, and how it refuses them."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from chatdrill.model import Sent
from chatdrill.wire import HttpRequest
from chatdrill_fakes.platforms.messenger.graph.routes import REFUSED, ROUTES

TEXT = {"text": "hi"}


def body(to: str) -> dict[str, Any]:
    return {"recipient": {"id": to}, "message": TEXT}


# ------------------------------------------------------------------------------------------------ tokens, versions


def test_a_call_needs_a_token(page: Any, anna: str) -> None:
    as_me = page.call("POST", "/v25.0/me/messages", body(anna), token=None)
    as_page = page.call("POST", "/v25.0/104837562910475/messages", body(anna), token=None)
    assert (as_me.code, as_page.code) == ((2500, None), (104, None))
    assert as_page.status == 400


def test_a_path_that_does_not_exist_needs_no_token(page: Any, anna: str) -> None:
    """The path comes before the token, the token before the node."""
    unknown = page.call("GET", "/v25.0/me/mesages", token=None)
    foreign = page.call("GET", "/v25.0/111222333444555", token=None)
    assert unknown.json["error"]["message"] == "Unknown path components: /mesages"
    assert foreign.code == (104, None)


def test_an_unknown_token_is_challenged(page: Any, anna: str) -> None:
    refused = page.call("POST", "/v25.0/me/messages", body(anna), token="EAAwrong")
    header = refused.handled.response.header("WWW-Authenticate")
    assert (refused.status, refused.code) == (401, (190, None))
    assert header.startswith('OAuth "Facebook Platform" "invalid_token" "Invalid OAuth access token')


def test_page_and_app_calls_want_their_own_token(page: Any, anna: str) -> None:
    assert page.call("POST", "/v25.0/me/messages", body(anna), token="app").code == (190, None)
    assert page.call("GET", "/v25.0/728451930662814/subscriptions").code == (15, None)
    assert page.call("GET", "/v25.0/sticker_packs").code == (15, None)


def test_the_proof_of_the_app_secret_is_checked_if_given(page: Any, anna: str) -> None:
    proof = hmac.new(b"chatdrill-app-secret", page.state.page_token.encode(), hashlib.sha256).hexdigest()
    good = page.call("POST", "/v25.0/me/messages", body(anna), appsecret_proof=proof)
    bad = page.call("POST", "/v25.0/me/messages", body(anna), appsecret_proof="0" * 64)
    assert (good.status, bad.code) == (200, (100, None))
    assert bad.json["error"]["message"] == "Invalid appsecret_proof provided in the API argument"


@pytest.mark.parametrize("prefix", ["", "/v2.6", "/v25.0", "/v99.0"])
def test_any_version_and_none_is_taken(page: Any, anna: str, prefix: str) -> None:
    answer = page.call("POST", f"{prefix}/me/messages", body(anna))
    assert answer.status == 200
    assert answer.handled.response.header("facebook-api-version") == (prefix.strip("/") or "v26.0")


def test_a_strict_page_refuses_versions_out_of_service(make_page: Any) -> None:
    page = make_page(strict="yes")
    to = page.join()
    page.says(to)
    assert page.call("POST", "/v2.6/me/messages", body(to)).code == (2500, None)
    assert page.call("POST", "/v25.0/me/messages", body(to)).status == 200


@pytest.mark.parametrize("message", [TEXT, {}])
def test_answers_and_refusals_carry_the_headers_of_graph(page: Any, anna: str, message: Any) -> None:
    response = page.send(anna, message).handled.response
    fixed = ("x-fb-request-id", "x-fb-trace-id", "x-fb-rev", "Cache-Control", "Access-Control-Allow-Origin")
    for name in (*fixed, "X-FB-Debug", "X-App-Usage", "X-Business-Use-Case-Usage"):
        assert response.header(name)
    assert response.header("Content-Type") == "application/json; charset=UTF-8"


def test_objects_may_be_written_in_brackets(page: Any, anna: str) -> None:
    """So the form encoders of PHP and Node write them."""
    chip = {"content_type": "text", "title": "A", "payload": "PICK_A"}
    fields = {"recipient[id]": anna, "message[text]": "hi"}
    fields |= {f"message[quick_replies][0][{key}]": value for key, value in chip.items()}
    typed = (("Content-Type", "application/x-www-form-urlencoded"),)
    url = f"/v25.0/me/messages?access_token={page.state.page_token}"
    answer = page.ask(HttpRequest("POST", url, typed, urlencode(fields).encode()))
    assert answer.handled.call.arguments["message"] == {"text": "hi", "quick_replies": [chip]}
    assert [button.payload for button in answer.effect.message.buttons] == ["PICK_A"]


def test_an_object_may_be_a_string_beside_one_that_is_none(page: Any, anna: str) -> None:
    mixed = {"recipient": json.dumps({"id": anna}), "message": TEXT}
    assert page.call("POST", "/v25.0/me/messages", mixed).status == 200


# --------------------------------------------------------------------------------------------------------- paths


@pytest.mark.parametrize(("place", "edge"), REFUSED)
def test_what_is_not_emulated_says_so(page: Any, anna: str, place: str, edge: str) -> None:
    nodes = {"page": "me", "user": anna, "app": page.state.app_id, "root": "", "message": page.says(anna)}
    path = "/".join(part for part in ("/v25.0", nodes[place], edge) if part)
    answer = page.call("GET", path)
    assert (answer.status, answer.json["error"]["type"]) == (501, "NotImplementedByChatdrill")
    assert (answer.handled.call.support, answer.handled.call.ok) == ("refused", False)


@pytest.mark.parametrize("path", ["/v25.0/me/mesages", "/v25.0/foo", "/v25.0/", "/v25.0/me/messages/x/y"])
def test_an_unknown_path_is_named(page: Any, anna: str, path: str) -> None:
    answer = page.call("GET", path)
    assert answer.code == (2500, None) and answer.json["error"]["message"].startswith("Unknown path components: /")
    assert answer.handled.call.support == "unknown"


def test_a_wrong_method_is_unsupported(page: Any, anna: str) -> None:
    answer = page.call("DELETE", "/v25.0/me/messages")
    assert answer.code == (100, 33) and answer.json["error"]["message"].startswith("Unsupported delete request.")
    assert answer.handled.call.support == "unknown"


def test_another_pages_id_does_not_exist(page: Any, anna: str) -> None:
    answer = page.call("POST", "/v25.0/111222333444555/messages", body(anna))
    assert (answer.status, answer.code) == (400, (100, 33))


def test_a_client_that_can_only_post_names_its_method(page: Any, anna: str) -> None:
    page.call("POST", "/v25.0/me/messenger_profile", {"get_started": {"payload": "GO"}})
    answer = page.call("POST", "/v25.0/me/messenger_profile", {"method": "delete", "fields": ["get_started"]})
    assert answer.json == {"result": "success"} and page.state.profile == {}


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff", b'{"recipient":' + b"[" * 5000])
def test_a_broken_body_is_an_invalid_argument(page: Any, anna: str, content: bytes) -> None:
    headers = (("Content-Type", "application/json"),)
    url = f"/v25.0/me/messages?access_token={page.state.page_token}"
    answer = page.ask(HttpRequest("POST", url, headers, content))
    assert (answer.status, answer.code) == (400, (100, None))


# --------------------------------------------------------------------------------------------------------- batch


def batch(page: Any, items: list[dict[str, Any]], **more: Any) -> Any:
    return page.call("POST", "/v25.0/", {"batch": items, **more})


def test_a_batch_answers_every_call(page: Any, anna: str) -> None:
    send = {"method": "POST", "relative_url": "me/messages"}
    good = {**send, "body": f'recipient={{"id":"{anna}"}}&message={{"text":"hi"}}'}
    bad = {**send, "body": 'recipient={"id":"123"}&message={"text":"hi"}'}
    answer = batch(page, [good, bad, {"method": "GET", "relative_url": "v25.0/me?fields=id"}])
    first, second, third = answer.json
    assert [one["code"] for one in answer.json] == [200, 400, 200]
    assert list(first) == ["code", "headers", "body"]
    assert json.loads(first["body"])["recipient_id"] == anna
    assert json.loads(second["body"])["error"]["error_subcode"] == 2018001
    assert json.loads(third["body"]) == {"id": page.state.page_id}
    assert {"name": "Access-Control-Allow-Origin", "value": "*"} in first["headers"]


def test_the_effects_of_a_batch_are_those_of_its_calls(page: Any, anna: str) -> None:
    item = {
        "method": "POST",
        "relative_url": "me/messages",
        "body": f'recipient={{"id":"{anna}"}}&message={{"text":"hi"}}',
    }
    handled = batch(page, [item, item], include_headers=False).handled
    assert [type(effect) for effect in handled.effects] == [Sent, Sent]
    assert (handled.call.method, handled.call.to) == ("POST / batch", anna)
    assert [call["method"] for call in handled.call.arguments["batch"]] == ["POST /me/messages text"] * 2


def test_a_batch_reads_all_its_urls_first(page: Any, anna: str) -> None:
    url = "http://127.0.0.1:9/map.png"
    message = json.dumps({"attachment": {"type": "image", "payload": {"url": url}}})
    text = {
        "method": "POST",
        "relative_url": "me/messages",
        "body": f'recipient={{"id":"{anna}"}}&message={{"text":"a"}}',
    }
    photo = {**text, "body": f'recipient={{"id":"{anna}"}}&message={message}'}
    before = len(page.state.chats[anna].messages)
    assert batch(page, [text, photo]).handled.wait.urls == (url,)
    assert len(page.state.chats[anna].messages) == before


@pytest.mark.parametrize(
    "items",
    [
        None,
        [],
        "x",
        [{"relative_url": "me"}],
        [{"method": "GET"}],
        [{"method": "GET", "relative_url": "me", "body": {}}],
        [{"method": "GET", "relative_url": "me"}] * 51,
    ],
)
def test_a_wrong_batch_is_refused(page: Any, items: Any) -> None:
    answer = batch(page, items)
    assert answer.code == (100, None) and not answer.handled.call.ok


def test_a_batch_in_a_batch_is_refused(page: Any) -> None:
    nested = batch(page, [{"method": "POST", "relative_url": "?x=1", "body": "batch=[]"}])
    assert nested.json[0]["code"] == 400


def test_what_batches_cannot_do_is_said(page: Any) -> None:
    answer = batch(page, [{"method": "GET", "relative_url": "me", "depends_on": "first"}])
    assert answer.status == 501


def test_every_route_says_whose_token_it_wants() -> None:
    assert {route.token for route in ROUTES.values()} == {"page", "app", "any"}
