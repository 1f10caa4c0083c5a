"""The laws of the wire: signing, batching, the handshake, giving up, isolation, and that nothing a bot sends hurts it."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from hypothesis import given, settings
from hypothesis import strategies as st

from chatdrill.model import Customer, Event, Text, Write
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, Fetched, HttpFailure, HttpRequest, HttpResponse, Platform
from chatdrill_fakes.families.meta import escaped_json, webhook_request
from chatdrill_fakes.platforms.messenger import MessengerState, platform
from chatdrill_fakes.platforms.messenger.graph.routes import REFUSED, ROUTES
from chatdrill_fakes.platforms.messenger.limits import FIELDS
from deep import tries

HELLO = Write(parts=(Text(text="Zoë 😀 https://ex.org/a"),))


def test_the_body_is_escaped_and_signed_twice(page: Any, fresh: str) -> None:
    page.state.webhook_url = "http://127.0.0.1:8000/hook"
    request = platform.request(page.state, page.updates(fresh, HELLO), page.now)
    secret = b"chatdrill-app-secret"
    assert request.body.startswith(b'{"object":"page","entry":[{"id":"104837562910475","time":1795212345001,')
    assert rb"Zo\u00eb \ud83d\ude00 https:\/\/ex.org\/a" in request.body
    sha1, sha256 = (hmac.new(secret, request.body, kind).hexdigest() for kind in (hashlib.sha1, hashlib.sha256))
    assert request.header("X-Hub-Signature") == f"sha1={sha1}"
    assert request.header("X-Hub-Signature-256") == f"sha256={sha256}"
    assert (request.method, request.url) == ("POST", "http://127.0.0.1:8000/hook")


def test_a_known_body_has_its_known_signatures() -> None:
    message = {"mid": "m_demo-1", "text": "Zoë 😀 https://ex.org/a"}
    sides = {"sender": {"id": "6842190357714420"}, "recipient": {"id": "104837562910475"}}
    event = {**sides, "timestamp": 1795212345001, "message": message}
    entry = {"id": "104837562910475", "time": 1795212345678, "messaging": [event]}
    request = webhook_request("http://x/hook", escaped_json({"object": "page", "entry": [entry]}), "fake-app-secret-01")
    known = "d9e8d3fd76f47a4ee3797e9e12890f0eabfbae01699fed6342127f7dbd248a0e"
    assert len(request.body) == 267
    assert request.header("X-Hub-Signature-256") == f"sha256={known}"
    assert request.header("X-Hub-Signature") == "sha1=ac9cdeaa62ddd868614ba7ad1cde2000d4b76e8f"


def test_a_redelivered_update_is_byte_identical(page: Any, fresh: str) -> None:
    updates = page.updates(fresh, HELLO)
    first, again = (platform.request(page.state, updates, now) for now in (page.now, page.now + 60))
    assert first == again


def test_a_batch_has_one_entry_for_each_update(page: Any, fresh: str) -> None:
    updates = page.updates(fresh, HELLO) + page.updates(page.join("jan"), HELLO)
    body = json.loads(platform.request(page.state, updates, page.now).body)
    assert [len(entry["messaging"]) for entry in body["entry"]] == [1, 1]
    assert platform.delivery.batch_max == 1000


# ----------------------------------------------------------------------------------------- handshake and acks


def test_the_handshake_wants_the_challenge_and_nothing_else(page: Any) -> None:
    assert platform.handshake(page.state) is None
    page.state.webhook_url = "http://127.0.0.1:8000/hook?bot=1"
    request = platform.handshake(page.state)
    assert request is not None
    query = dict(request.query)
    assert (query["hub.mode"], query["hub.verify_token"], query["bot"]) == ("subscribe", "chatdrill-verify", "1")
    challenge = query["hub.challenge"].encode()
    assert platform.read_handshake(page.state, HttpResponse(200, (), challenge)) is None
    for wrong in (HttpResponse(403), HttpResponse(200, (), challenge + b"\n"), HttpFailure("timeout")):
        assert platform.read_handshake(page.state, wrong)


def test_only_200_is_an_ack(page: Any, fresh: str) -> None:
    updates = page.updates(fresh, HELLO)
    for answer, ok in ((200, True), (204, False), (301, False), (500, False)):
        assert platform.read_ack(page.state, updates, HttpResponse(answer), page.now).ok is ok
    assert platform.read_ack(page.state, updates, HttpFailure("timeout"), page.now).error == "timeout"


def test_after_an_hour_of_failures_the_app_is_unsubscribed(page: Any, anna: str) -> None:
    updates = page.updates(anna, HELLO)
    for after in (0, 1800, 3599):
        platform.read_ack(page.state, updates, HttpFailure("refused"), page.now + after)
    assert page.updates(anna, HELLO)
    platform.read_ack(page.state, updates, HttpFailure("refused"), page.now + 3600)
    assert page.updates(anna, HELLO) == []
    page.call("POST", "/v25.0/me/subscribed_apps", subscribed_fields="messages")
    assert len(page.updates(anna, HELLO)) == 1


def test_one_success_ends_a_failure(page: Any, anna: str) -> None:
    updates = page.updates(anna, HELLO)
    for after, answer in ((0, HttpResponse(500)), (1800, HttpResponse(200)), (3700, HttpResponse(500))):
        platform.read_ack(page.state, updates, answer, page.now + after)
    assert page.updates(anna, HELLO)


def test_a_chat_that_is_ahead_does_not_make_a_failure_look_long(page: Any, anna: str) -> None:
    ahead = page.join("ahead", ahead_s=7200.0)
    for to in (anna, ahead):
        updates = page.updates(to, HELLO)
        platform.read_ack(page.state, updates, HttpResponse(500), page.state.chats[to].at(page.now))
    assert page.updates(anna, HELLO)


def test_the_retries_begin_at_once(page: Any) -> None:
    retry, chance = platform.delivery.retry, Seed(1).stream("r")
    assert [retry.delay_s(n, 0.0, chance) for n in (1, 2, 3, 4)] == [0.0, 0.0, 2.0, 5.0]
    assert retry.delay_s(9, 590.0, chance) is None
    assert (platform.delivery.ack_timeout_s, platform.delivery.success) == (5.0, "200")


# --------------------------------------------------------------------------------------------- identity and hosts


def test_psids_are_unique_and_of_16_digits(page: Any) -> None:
    addresses = [page.join(f"c{n}") for n in range(200)]
    assert len(set(addresses)) == 200 and all(len(one) == 16 and one.isdigit() for one in addresses)


def test_the_same_seed_gives_the_same_bytes(make_page: Any) -> None:
    bodies = []
    for page in (make_page(), make_page()):
        bodies.append(page.updates(page.join(), HELLO)[0].body)
    assert bodies[0] == bodies[1]


def test_customers_do_not_see_each_other(page: Any, anna: str) -> None:
    jan = page.join("jan")
    page.events(anna, Event(name="take_thread_control"))
    page.says(jan)
    assert page.send(jan, {"text": "hi"}).status == 200
    assert page.send(anna, {"text": "hi"}).code == (10, 2018300)
    mine = set(page.state.chats[anna].messages)
    assert mine.isdisjoint(page.state.chats[jan].messages)


def test_the_environment_points_a_bot_at_the_fake(page: Any) -> None:
    environment = platform.environment(page.state, "http://127.0.0.1:7000/messenger")
    assert environment["MESSENGER_API_ROOT"] == "http://127.0.0.1:7000/messenger"
    assert environment["MESSENGER_PAGE_TOKEN"] == "EAAchatdrillmessenger"
    assert {setting.name for setting in platform.settings if setting.secret} == {
        "page_token",
        "app_secret",
        "verify_token",
    }


def test_calls_to_a_shared_host_are_claimed_by_node_or_token(page: Any, anna: str) -> None:
    token = page.state.page_token
    own = [f"/v25.0/me/messages?access_token={token}", f"/{anna}", "/v25.0/104837562910475/messages", "/cdn/1_2_n.jpg"]
    foreign = ["/v25.0/me/messages?access_token=other", "/v25.0/109999999999999/messages", "/v25.0/debug_token"]
    assert [platform.claims(HttpRequest("GET", url), page.state) for url in own] == [True] * 4
    assert [platform.claims(HttpRequest("GET", url), page.state) for url in foreign] == [False] * 3
    whatsapp = f"/v25.0/{page.state.app_id}/subscriptions?object=whatsapp_business_account"
    assert not platform.claims(HttpRequest("POST", whatsapp), page.state)
    bearer = HttpRequest("GET", "/v25.0/debug_token", (("Authorization", f"Bearer {token}"),))
    assert platform.claims(bearer, page.state) and "graph.facebook.com" in platform.hosts


def test_a_refusal_is_a_graph_error_with_the_status_that_was_asked_for(page: Any) -> None:
    def told(status: int) -> Any:
        answer = platform.refusal(page.state, status, 7)
        assert (answer.status, answer.header("retry-after")) == (status, "7")
        return json.loads(answer.body)["error"]

    assert [told(status)["code"] for status in (400, 401, 403, 429, 500, 503)] == [100, 190, 10, 613, 1, 2]
    assert told(503)["is_transient"] is True and told(429)["type"] == "OAuthException"


def test_the_wire_is_a_platform() -> None:
    wire: Platform[MessengerState] = platform
    assert (wire.name, wire.title) == ("messenger", "Facebook Messenger")


# ------------------------------------------------------------------------------------------------ declared things


def test_coverage_names_tests_that_exist() -> None:
    here = "\n".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    for one in platform.coverage:
        assert one.status == "refused" or f"def {one.proof.rpartition('::')[2]}(" in here, one
    names = [one.name for one in platform.coverage]
    assert len(names) == len(set(names))


def test_coverage_names_every_route_and_every_field() -> None:
    names = {one.name for one in platform.coverage}
    assert {route.name for route in ROUTES.values()} <= names
    assert set(FIELDS) <= names
    assert len([one for one in platform.coverage if one.status == "refused"]) >= len(REFUSED)


def test_every_limit_says_where_it_stands() -> None:
    assert all(one.source and one.unit for one in platform.limits)
    assert len({one.name for one in platform.limits}) == len(platform.limits)


# ----------------------------------------------------------------------------------------------- hostile input

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
WORDS = [
    "recipient",
    "message",
    "attachment",
    "attachments",
    "payload",
    "template_type",
    "elements",
    "buttons",
    "quick_replies",
    "sender_action",
    "text",
    "type",
    "id",
    "url",
    "title",
    "fields",
    "psid",
    "user_ids",
    "actions",
    "components",
    "name",
    "language",
    "category",
    "get_started",
    "persistent_menu",
    "greeting",
    "commands",
    "ice_breakers",
    "whitelisted_domains",
    "duration",
    "target_app_id",
    "params",
    "subscribed_fields",
    "callback_url",
    "verify_token",
    "object",
    "input_token",
    "q",
    "limit",
    "after",
    "before",
    "user",
    "batch",
    "method",
    "relative_url",
    "body",
    "tag",
    "messaging_type",
    "persona_id",
    "reply_to",
    "thread_control",
    "metadata",
    "sticker_id",
    "template",
    "comment_id",
    "user_ref",
    "summary",
    "address",
    "images",
    "action",
]
VALUES = st.recursive(
    JSON
    | st.sampled_from(["image", "template", "button", "generic", "receipt", "typing_on", "react", "PSID", "10" * 200])
    | st.sampled_from(["http://[", "https://a.example/b", "POST", "GET", "me/messages", "messages"])
    | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5),
    max_leaves=14,
)
PATHS = [f"/v25.0/{{node}}/{edge}".rstrip("/") for _, edge, _ in ROUTES] + ["/v25.0/", "/", "/cdn/x", "/%00/\u00e9"]


@settings(max_examples=tries(50, 400), deadline=None)
@given(data=st.data())
def test_nothing_a_bot_sends_raises(data: st.DataObject) -> None:
    state = platform.open({one.name: one.default for one in platform.settings}, Seed(3).stream("m"))
    to = platform.join(state, Customer(key="anna", first_name="Anna"), 0.0)
    (update,) = platform.encode(state, to, Write(parts=(Text(text="hi"),)), 1e9)
    nodes = ["me", to, update.id, state.chats[to].thread_id, state.app_id, "nobody", "debug_token", "sticker_packs"]
    path = data.draw(st.sampled_from(PATHS)).replace("{node}", data.draw(st.sampled_from(nodes)))
    values = data.draw(st.dictionaries(st.sampled_from(WORDS), VALUES, max_size=6))
    token = data.draw(st.sampled_from([state.page_token, state.app_token]))
    body = json.dumps({"recipient": {"id": to}, **values}).replace("PSID", to).encode()
    headers = (("Content-Type", "application/json"), ("Authorization", f"Bearer {token}"))
    method = data.draw(st.sampled_from(["GET", "POST", "DELETE", "PUT"]))
    exchange = Exchange(HttpRequest(method, path, headers, body), 1e9, "http://127.0.0.1:1")
    handled = platform.handle(state, exchange)
    if handled.wait is not None:
        content = data.draw(st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"%PDF-"]))
        fetched = {url: Fetched(content, "image/png") for url in handled.wait.urls}  # type: ignore[union-attr]
        handled = platform.handle(state, Exchange(exchange.request, 1e9, "", fetched=fetched))
    assert handled.response is not None and handled.call is not None
    escaped_json(dict(handled.call.arguments))
    for later in handled.later:
        platform.encode(state, to, later.act, 1e9)


@settings(max_examples=tries(50, 200), deadline=None)
@given(
    method=st.sampled_from(["GET", "POST"]),
    url=st.text(max_size=40),
    kind=st.sampled_from(
        ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/html", ""]
    ),
    body=st.binary(max_size=80),
)
def test_no_bytes_hurt_the_wire(method: str, url: str, kind: str, body: bytes) -> None:
    state = platform.open({one.name: one.default for one in platform.settings}, Seed(3).stream("m"))
    headers = (("Content-Type", kind), ("Authorization", f"Bearer {state.page_token}"))
    request = HttpRequest(method, f"/{url}", headers, body)
    assert platform.handle(state, Exchange(request, 1e9)).response is not None
    assert platform.claims(request, state) is True
    platform.read_ack(state, (), HttpResponse(200, (), body), 1e9)


@given(query=st.text(alphabet="ab=&;+%20 /", max_size=20))
def test_a_query_is_read_as_urllib_reads_it(query: str) -> None:
    pairs = parse_qsl(query, keep_blank_values=True)
    assert list(HttpRequest("GET", f"/v25.0/me?{query}").query) == pairs


def test_what_belonged_to_a_closed_chat_does_not_exist_any_more(page: Any, anna: str) -> None:
    token = page.event(anna, Event(name="optin"))["optin"]["notification_messages_token"]
    page.event(anna, Event(name="optin", data={"user_ref": "u"}))
    (entry,) = page.entries(anna, Event(name="feed"))
    comment = entry["changes"][0]["value"]["comment_id"]
    mid, thread, url = (
        page.says(anna),
        page.state.chats[anna].thread_id,
        page.call("GET", f"/{anna}").json["profile_pic"],
    )
    page.state.chats.clear()
    for recipient in ({"notification_messages_token": token}, {"user_ref": "u"}, {"comment_id": comment}, {"id": anna}):
        answer = page.call("POST", "/v25.0/me/messages", {"recipient": recipient, "message": {"text": "hi"}})
        assert answer.code[0] == 100
    assert [page.call("GET", f"/v25.0/{node}").code for node in (anna, mid, thread)] == [(100, 33)] * 3
    assert page.download(url)[0] == 404
