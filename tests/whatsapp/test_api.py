"""The manners of the API: tokens, versions, unknown paths, broken bodies, hostile input; and what is declared."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdrill.errors import SettingsError
from chatdrill.model import Event, Sent
from chatdrill.wire import Exchange, Fetched, HttpFailure, HttpRequest, HttpResponse
from chatdrill_fakes.families.meta import GRAPH_VERSIONS
from chatdrill_fakes.platforms.whatsapp import platform
from chatdrill_fakes.platforms.whatsapp.errors import PROBLEMS
from chatdrill_fakes.platforms.whatsapp.routes import REFUSED_EDGES, ROUTES, UNAVAILABLE
from whatsapp.bodies import BODIES
from whatsapp.kit import ACCOUNT, APP, BASE, NOW, NUMBER, TOKEN, Account, answer, error

MESSAGES = f"/v25.0/{NUMBER}/messages"
IDS = {"{phone-number-id}": NUMBER, "{business-account-id}": ACCOUNT, "{app-id}": APP}


@pytest.mark.parametrize(("token", "code"), [(None, 104), ("EAAwrong", 190), ("", 104)])
def test_a_call_needs_the_token(open_account: Account, token: str | None, code: int) -> None:
    handled = open_account.call("POST", MESSAGES, {"to": "1"}, token=token)
    assert error(handled) == (401, code) and handled.call is not None and not handled.call.ok
    assert set(answer(handled)["error"]) == {"message", "type", "code", "fbtrace_id"}


def test_the_token_may_come_as_an_argument(open_account: Account) -> None:
    body = {"messaging_product": "whatsapp", "to": open_account.to, **BODIES["text"], "access_token": TOKEN}
    handled = open_account.call("POST", MESSAGES, body, token=None)
    assert handled.effects and handled.call is not None and "access_token" not in handled.call.arguments


def test_a_wrong_proof_of_the_secret_is_refused(open_account: Account) -> None:
    assert error(open_account.call("GET", f"/{NUMBER}?appsecret_proof=00")) == (400, 100)


@pytest.mark.parametrize("version", ["", "/v25.0", "/v19.0", "/v99.0", "/v3.1"])
def test_any_version_is_taken_or_none(account: Account, version: str) -> None:
    assert answer(account.call("GET", f"{version}/{NUMBER}"))["id"] == NUMBER


@pytest.mark.parametrize("version", ["v99.0", *GRAPH_VERSIONS[:1]])
def test_a_strict_account_takes_versions_in_service_only(version: str) -> None:
    handled = Account(strict="yes").call("GET", f"/{version}/{NUMBER}")
    assert ("error" in answer(handled)) is (version not in GRAPH_VERSIONS)


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/v25.0/998877/messages", 100),
        ("POST", "/v25.0/998877/messages", 100),
        ("GET", MESSAGES, 2500),
        ("GET", f"/v25.0/{NUMBER}/horoscope", 2500),
        ("GET", "/", 100),
        ("DELETE", f"/v25.0/{NUMBER}", 100),
    ],
)
def test_an_unknown_path_is_an_error_and_known_as_unknown(account: Account, method: str, path: str, code: int) -> None:
    handled = account.call(method, path)
    assert error(handled) == (400, code)
    assert handled.call is not None and handled.call.support == "unknown" and not handled.call.ok


@pytest.mark.parametrize(("node", "edge"), [(node, edge) for node, edges in REFUSED_EDGES.items() for edge in edges])
def test_what_is_not_emulated_answers_loudly(account: Account, node: str, edge: str) -> None:
    handled = account.call("POST", f"/v25.0/{IDS[node]}/{edge}", {})
    assert error(handled) == ((400, 131055) if edge in UNAVAILABLE else (501, 3))
    assert "chatdrill does not emulate" in str(answer(handled)["error"])
    assert handled.call is not None and handled.call.support == "refused"


def test_a_message_to_a_group_says_that_groups_are_missing(open_account: Account) -> None:
    handled = open_account.send({**BODIES["text"], "recipient_type": "group", "to": "Y2FwaV9ncm91cDox"})
    assert error(handled) == (400, 131055)


def test_broken_json_is_told_as_such(account: Account) -> None:
    handled = account.call("POST", MESSAGES, b'{"to": ')
    assert error(handled) == (400, 100)
    assert "invalid JSON" in answer(handled)["error"]["error_data"]["details"]


def test_an_error_names_its_trace_and_its_product(open_account: Account) -> None:
    body = answer(open_account.send({"type": "text"}))["error"]
    assert set(body) == {"message", "type", "code", "error_data", "fbtrace_id"}
    assert body["error_data"]["messaging_product"] == "whatsapp"
    assert body["message"] == "(#131008) Required parameter is missing"


def test_secrets_in_a_form_are_not_recorded(account: Account) -> None:
    form = urlencode({"webhook_configuration": '{"override_callback_uri":"","verify_token":"t3"}', "pin": "123456"})
    headers = (("Content-Type", "application/x-www-form-urlencoded"),)
    call = account.call("POST", f"/{NUMBER}", form.encode(), headers=headers).call
    assert call is not None and call.arguments == {"webhook_configuration": {"override_callback_uri": ""}}


def test_no_secret_shows_in_the_repr_of_the_state(account: Account) -> None:
    account.call("POST", f"/{NUMBER}", {"pin": "212834"})
    shown = repr(account.state)
    secrets = [account.state.settings[each.name] for each in platform.settings if each.secret]
    assert not [secret for secret in (*secrets, "212834") if secret in shown]


def test_an_expired_token_can_be_injected(open_account: Account) -> None:
    open_account.updates(Event(name="next_send_fails", data={"code": 190}))
    handled = open_account.call(
        "POST", MESSAGES, {"messaging_product": "whatsapp", "to": open_account.to, **BODIES["text"]}
    )
    found = answer(handled)["error"]
    assert error(handled) == (401, 190) and found["error_subcode"] == 463 and "error_data" not in found


def test_a_raw_message_may_hold_anything(account: Account) -> None:
    message = account.message(Event(name="message", data={"type": "hologram", "text": None, "hologram": {"a": 1}}))
    assert message["type"] == "hologram" and message["hologram"] == {"a": 1} and "text" not in message


# ------------------------------------------------------------------------------------------------ hostile input

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
PATHS = st.sampled_from(
    [re.sub(r"\{[\w-]+\}", lambda m: IDS.get(m[0], "1627019861106475"), name.partition(" ")[2]) for name in ROUTES]
)
FIELDS = st.sampled_from(
    [
        "to",
        "recipient",
        "type",
        "text",
        "image",
        "interactive",
        "template",
        "contacts",
        "location",
        "reaction",
        "status",
        "message_id",
        "context",
        "components",
        "name",
        "language",
        "category",
        "block_users",
        "pin",
        "fields",
        "limit",
        "webhook_configuration",
        "prompts",
        "commands",
        "mid",
        "ext",
        "hash",
        "after",
        "code",
        "callback_url",
        "object",
    ]
)


def bend(value: Any, places: list[int], strange: Any) -> Any:
    """The value with something strange at one place inside."""
    if not places or not isinstance(value, dict | list) or not value:
        return strange
    step, *rest = places
    if isinstance(value, list):
        index = step % len(value)
        return [bend(each, rest, strange) if n == index else each for n, each in enumerate(value)]
    key = sorted(value)[step % len(value)]
    return {**value, key: bend(value[key], rest, strange)}


@given(st.sampled_from(sorted(BODIES)), st.lists(st.integers(0, 5), min_size=1, max_size=7), JSON)
def test_a_bent_message_is_sent_or_refused_and_never_breaks_the_fake(
    name: str, places: list[int], strange: Any
) -> None:
    account = Account()
    handled = account.send(bend(BODIES[name], places, strange))
    assert handled.wait is not None or (
        handled.response is not None and handled.response.status in (200, 400, 403, 404, 500)
    )


@given(st.sampled_from(["GET", "POST", "DELETE", "PUT"]), PATHS, st.dictionaries(FIELDS, JSON, max_size=5))
def test_no_arguments_break_a_method(method: str, path: str, values: dict[str, Any]) -> None:
    account = Account()
    handled = account.call(method, path, {"messaging_product": "whatsapp", **values})
    assert handled.wait is not None or handled.response is not None
    if handled.response is not None and handled.response.status != 200:
        assert handled.call is not None and not handled.call.ok and handled.call.error


@given(st.text(max_size=60), st.binary(max_size=60), st.text(max_size=30))
def test_no_bytes_break_the_fake(path: str, body: bytes, content_type: str) -> None:
    account = Account()
    request = HttpRequest(
        "POST", f"/{path}", (("Content-Type", content_type), ("Authorization", f"Bearer {TOKEN}")), body
    )
    handled = platform.handle(account.state, Exchange(request, NOW, BASE, fetched={"x": Fetched(error="y")}))
    assert handled.response is not None and isinstance(platform.claims(request, account.state), bool)


@given(st.integers(100, 599), st.binary(max_size=80), st.text(max_size=20))
def test_no_answer_to_a_webhook_breaks_the_fake(status: int, body: bytes, word: str) -> None:
    account = Account()
    for got in (HttpResponse(status, (("X", word),), body), HttpFailure("garbage", word)):
        assert platform.read_ack(account.state, (), got, NOW).ok is (isinstance(got, HttpResponse) and status == 200)


@pytest.mark.parametrize(("status", "code"), [(400, 100), (401, 190), (429, 130429), (500, 1), (503, 2)])
def test_a_refusal_is_a_graph_error_with_the_status_that_was_asked_for(
    open_account: Account, status: int, code: int
) -> None:
    refused = platform.refusal(open_account.state, status, 7)
    assert (refused.status, refused.header("retry-after")) == (status, "7")
    assert msgspec.json.decode(refused.body)["error"]["code"] == code


# ---------------------------------------------------------------------------------------------------- declared


def test_every_proof_of_the_coverage_is_a_test() -> None:
    for each in platform.coverage:
        file, _, test = each.proof.partition("::")
        assert f"def {test}(" in (Path(__file__).parents[2] / file).read_text(), each.name


def test_every_method_has_a_line_in_the_coverage() -> None:
    named = {each.name for each in platform.coverage}
    assert set(ROUTES) <= named and len(named) == len(platform.coverage)
    assert {f"POST /{{phone-number-id}}/messages {name}" for name in BODIES} <= named
    assert all(each.note for each in platform.coverage if each.status != "supported")


def test_every_error_has_a_title_and_a_face() -> None:
    assert all(problem.title and problem.where in ("S", "A", "SA") for problem in PROBLEMS.values())


def test_the_environment_names_what_a_bot_needs(account: Account) -> None:
    found = platform.environment(account.state, BASE)
    assert found["WHATSAPP_TOKEN"] == TOKEN and found["WHATSAPP_API_ROOT"] == BASE
    assert {"WHATSAPP_PHONE_NUMBER_ID", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN"} <= set(found)
    assert "WHATSAPP_STRICT" not in found


def test_an_unknown_quirk_is_refused_with_the_nearest() -> None:
    with pytest.raises(SettingsError, match="did you mean 'no_contacts'"):
        Account(quirks="no_contact")


def test_a_test_number_writes_to_five_recipients_at_most() -> None:
    five = ",".join(f"+49 170 {n}" for n in range(5))
    assert len(Account(allowed_recipients=five).state.allowed) == 5
    with pytest.raises(SettingsError, match="5 recipients, not to 6"):
        Account(allowed_recipients=f"{five}, 15550001")


def test_capabilities_name_parts_that_the_model_has(open_account: Account) -> None:
    seen = set()
    for body in BODIES.values():
        (effect,) = open_account.send(body, fetched=_Trust()).effects
        assert isinstance(effect, Sent)
        seen |= {_name(part) for part in effect.message.parts}
    assert seen <= platform.capabilities.bot_parts and platform.capabilities.bot_parts - seen == {
        "template",
        "media.audio",
    }


class _Trust(dict[str, Fetched]):
    def get(self, key: str, default: Any = None) -> Fetched:
        return Fetched(error="unreachable")


def _name(part: Any) -> str:
    data = msgspec.to_builtins(part)
    detail = data.get("kind") if data["part"] == "media" else data.get("style") if data["part"] == "keyboard" else None
    return f"{data['part']}.{detail}" if detail else str(data["part"])
