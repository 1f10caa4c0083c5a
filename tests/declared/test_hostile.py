"""Whatever comes at the paths of whatever file is answered, and never by a failure of our own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdrill.conformance.platforms.hostile import BODIES, ODD, TYPES
from chatdrill.model import Text, Write
from chatdrill.wire import HttpRequest
from chatdrill_fakes.families.declared.signing import signed
from chatdrill_fakes.platforms.declared.spec import Take
from chatdrill_fakes.platforms.declared.wire import EXAMPLES
from declared.kit import Account, shown
from deep import tries

FILES = sorted(EXAMPLES.glob("*.yaml"))
_leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["outgoing", "send", "1"])
VALUES = st.recursive(
    _leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(params=FILES, ids=lambda file: str(file.stem))
def account(request: pytest.FixtureRequest) -> Account:
    """An account of each shipped file, with a customer whose conversation is known."""
    made = Account(request.param)
    for name in made.state.spec.kept:
        made.state.keep(made.chat, name, f"{name}-1")
    return made


def asked(account: Account, take: Take, body: bytes, kind: str = "application/json") -> int:
    """A request that is proved as the file asks for it."""
    path = take.path.replace("{chat}", account.to).replace("{id}", "x")
    proof = signed(account.state.spec.auth, account.state.settings["token"], "", body, "", account.now)
    handled = account.handle(HttpRequest(take.method, path, (("Content-Type", kind), *proof), body))
    assert handled.response is not None
    return handled.response.status


def test_broken_bodies_are_answered(account: Account) -> None:
    for take in account.state.spec.takes:
        assert all(200 <= asked(account, take, body) < 500 for body in BODIES.values())
        assert all(200 <= asked(account, take, b"a=1&to=%00&x[y][=2", kind) < 500 for kind in TYPES)


def _put(place: str, value: Any) -> Any:
    """A body that has a value at a place."""
    step, _, rest = place.partition(".")
    inner = _put(rest, value) if rest else value
    return {step[:-2]: [inner]} if step.endswith("[]") else [inner] if step == "0" else {step: inner}


def _merged(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **{key: _merged(one[key], value) if key in one else value for key, value in other.items()}}
    if isinstance(one, list) and isinstance(other, list) and one and other:
        return [_merged(one[0], other[0])]
    return other


def _meant(account: Account, take: Take) -> Any:
    """A body by which an entry is meant, and which leads to the customer."""
    given = {**{place: words[0] for place, words in take.where.items()}}
    given |= {place: f"{name}-1" for name, place in take.find.items()}
    given |= {take.read["to"]: account.to} if ":" not in take.read.get("to", ":") else {}
    body: Any = {}
    for place, value in given.items():
        body = _merged(body, _put(place, {"true": True, "false": False}.get(value, value)))
    return body


def test_odd_values_stand_anywhere(account: Account) -> None:
    for take in account.state.spec.takes:
        places = [place for found in take.read.values() for place in (found if isinstance(found, list) else [found])]
        for place in (each for each in places if ":" not in each and each != "."):
            for value in ODD:
                body = _merged(_meant(account, take), _put(place, value))
                body = _put(take.each, [body]) if take.each else body
                assert 200 <= asked(account, take, _encoded(body)) < 500, (place, value)


def _encoded(value: Any) -> bytes:
    import json  # it writes half surrogates

    return json.dumps(value).encode()


@settings(max_examples=tries(20, 2000), deadline=None)
@given(VALUES, st.sampled_from(FILES))
def test_any_json_is_answered(value: Any, file: Path) -> None:
    account = Account(file)
    for take in account.state.spec.takes[:1]:
        assert (
            200
            <= asked(account, take, _encoded({"events": [value], "chat": account.to, "text": value, "buttons": value}))
            < 500
        )


@settings(max_examples=tries(20, 2000), deadline=None)
@given(VALUES, st.sampled_from(FILES))
def test_any_answer_to_a_request_is_read(value: Any, file: Path) -> None:
    account = Account(file)
    for update in account.updates(Write(parts=(Text(text="x"),))):
        account.request(update)
        for body in (value, {"id": value, "messages": [value, {"text": value, "buttons": value, "files": value}]}):
            for call in account.answered(update, body=body).calls:
                shown(account.handle(call, "webhook_answer"))


def test_a_key_of_a_file_leads_nowhere_else(account: Account) -> None:
    for key in ("", "../secret", "%2e%2e/x", "x" * 5000, "\0"):
        handled = account.handle(HttpRequest("GET", f"/_files/{key}"))
        assert handled.response is not None and handled.response.status == 404


def test_headers_have_one_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    text = "tells: [{on: message, headers: {X-Text: '{text}'}}]\ntakes: [{method: POST, path: /x, does: send, read: {to: to, text: t}}]"
    file.write_text(text)
    account = Account(file)
    request = account.request(account.says("a\r\nX-Evil: ü")[0])
    assert request.header("X-Text") == "a X-Evil%3A %C3%BC"
    assert msgspec.json.encode(request.body.decode()) == b'""'
