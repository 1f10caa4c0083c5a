"""The manners that Meta's messengers share: the signed body, the handshake, Graph errors and headers."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdrill.seeds import Seed
from chatdrill.wire import Arguments, HttpFailure, HttpRequest, HttpResponse
from chatdrill_fakes.families import meta

VECTOR_KEY = "fake-app-secret-01"
VECTOR = {
    "object": "whatsapp_business_account",
    "entry": [
        {
            "id": "330011223344556",
            "changes": [
                {
                    "value": {
                        "messaging_product": "whatsapp",
                        "metadata": {
                            "display_phone_number": "15550107788",
                            "phone_number_id": "441122334455667",
                        },
                        "contacts": [{"profile": {"name": "Jürgen"}, "wa_id": "4915155501234"}],
                        "messages": [
                            {
                                "from": "4915155501234",
                                "id": "wamid.demo",
                                "timestamp": "1795212345",
                                "text": {"body": "1/2 ü"},
                                "type": "text",
                            }
                        ],
                    },
                    "field": "messages",
                }
            ],
        }
    ],
}
HOOK = "https://bot.example/hook"


def test_a_known_body_gets_its_known_signatures() -> None:
    body = meta.escaped_json(VECTOR)
    assert len(body) == 430
    assert meta.signature(VECTOR_KEY, body, "sha1") == "sha1=a331599f63450549997d5759bfe04020244d1dc5"
    sha256 = "sha256=d05da5b3cabeec1ddce8c033e929e959762c80c435aa575b87a14a627033706f"
    assert meta.signature(VECTOR_KEY, body) == sha256


def test_a_webhook_carries_both_signatures_over_its_exact_bytes() -> None:
    request = meta.webhook_request(HOOK, b'{"a":"\\u00fc"}', "secret")
    for header, digest in (("X-Hub-Signature", "sha1"), ("X-Hub-Signature-256", "sha256")):
        expected = hmac.new(b"secret", request.body, getattr(hashlib, digest)).hexdigest()
        assert request.header(header) == f"{digest}={expected}"
    assert request.header("user-agent") == "facebookexternalua"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1/2", rb"1\/2"),
        ("ü", rb"\u00fc"),
        ("Ü", rb"\u00dc"),
        ("😀", rb"\ud83d\ude00"),
        ('ü"ü\\ü', rb"\u00fc\"\u00fc\\\u00fc"),
        ("ü\x7fü", b"\\u00fc\x7f\\u00fc"),
        ("Да, конечно", rb"\u0414\u0430, \u043a\u043e\u043d\u0435\u0447\u043d\u043e"),
    ],
)
def test_text_is_escaped_as_php_escapes_it(text: str, written: bytes) -> None:
    assert meta.escaped_json({"a": text}) == b'{"a":"' + written + b'"}'


@given(
    st.recursive(
        st.text() | st.integers(-(2**60), 2**60), lambda v: st.lists(v) | st.dictionaries(st.text(), v), max_leaves=8
    )
)
def test_escaping_changes_the_bytes_and_never_the_value(value: object) -> None:
    body = meta.escaped_json(value)
    assert body.isascii() and json.loads(body) == value
    assert body.count(b"/") == body.count(b"\\/")


def test_the_handshake_adds_its_arguments_to_those_of_the_address() -> None:
    request = meta.handshake_request(f"{HOOK}?tenant=7", "s3cret&x", "1158201444")
    assert dict(request.query) == {
        "tenant": "7",
        "hub.mode": "subscribe",
        "hub.challenge": "1158201444",
        "hub.verify_token": "s3cret&x",
    }


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (HttpResponse(200, body=b"1158"), None),
        (HttpResponse(200, body=b'"1158"'), "not with the challenge"),
        (HttpResponse(201, body=b"1158"), "status 201"),
        (HttpResponse(403), "verify token"),
        (HttpFailure("timeout", "after 10 s"), "timeout after 10 s"),
    ],
)
def test_a_callback_must_answer_the_challenge_and_nothing_else(
    answer: HttpResponse | HttpFailure, problem: str | None
) -> None:
    found = meta.handshake_problem(answer, "1158")
    assert found is None if problem is None else problem in (found or "")


@pytest.mark.parametrize(
    ("path", "version", "segments"),
    [
        ("/v25.0/me/messages", "v25.0", ("me", "messages")),
        ("/me", None, ("me",)),
        ("/v2.12//x/", "v2.12", ("x",)),
        ("/version/x", None, ("version", "x")),
        ("/", None, ()),
    ],
)
def test_a_path_is_read_with_any_version_or_none(path: str, version: str | None, segments: tuple[str, ...]) -> None:
    assert meta.GraphPath.read(path) == meta.GraphPath(version, segments)


@pytest.mark.parametrize(
    ("header", "argument", "token"),
    [
        ("Bearer abc", None, "abc"),
        ("OAuth abc", None, "abc"),
        ("bearer  abc ", "other", "abc"),
        ("Basic abc", "def", "def"),
        (None, "def", "def"),
        (None, None, None),
        ("Bearer", None, None),
    ],
)
def test_a_token_is_found_in_the_header_before_the_arguments(
    header: str | None, argument: str | None, token: str | None
) -> None:
    request = HttpRequest("GET", "/", (("authorization", header),) if header else ())
    assert meta.access_token(request, Arguments({"access_token": argument} if argument else {})) == token


@pytest.mark.parametrize(
    ("value", "meant"),
    [('{"a":1}', {"a": 1}), (" [1]", [1]), ("{no json", "{no json"), ("text", "text"), ({"a": 1}, {"a": 1}), (7, 7)],
)
def test_an_object_may_come_as_json_in_a_string(value: object, meant: object) -> None:
    assert meta.object_argument(value) == meant


def test_an_error_leaves_out_what_it_does_not_have() -> None:
    chance = Seed(1).stream("meta")
    response = meta.error_response(meta.unknown_token(), chance)
    error = json.loads(response.body)["error"]
    assert set(error) == {"message", "type", "code", "fbtrace_id"} and response.status == 401
    assert "invalid_token" in (response.header("www-authenticate") or "")
    full = meta.GraphError(100, "x", subcode=33, data={"a": 1}, transient=True, user_title="t", user_message="m")
    assert {"error_subcode", "is_transient", "error_user_title", "error_user_msg", "error_data"} < set(
        full.body("t")["error"]
    )


def test_answers_have_the_headers_of_the_graph_api_and_fresh_ids() -> None:
    chance = Seed(1).stream("meta")
    first, second = (meta.graph_response({"a": "ü"}, chance, version="v25.0") for _ in range(2))
    assert first.body == rb'{"a":"\u00fc"}' and first.header("facebook-api-version") == "v25.0"
    assert len(first.header("x-fb-request-id") or "") == 23 and len(first.header("x-fb-trace-id") or "") == 11
    assert first.header("x-fb-trace-id") != second.header("x-fb-trace-id")


@pytest.mark.parametrize(("proof", "wrong"), [(None, False), ("00", True)])
def test_a_proof_of_the_app_secret_is_checked_where_it_is_given(proof: str | None, wrong: bool) -> None:
    given_arguments = Arguments({"appsecret_proof": proof} if proof else {})
    assert meta.proof_is_wrong(given_arguments, "token", "secret") is wrong
    right = hmac.new(b"secret", b"token", hashlib.sha256).hexdigest()
    assert not meta.proof_is_wrong(Arguments({"appsecret_proof": right}), "token", "secret")
