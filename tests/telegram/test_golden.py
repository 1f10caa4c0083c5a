"""Golden updates: the fake makes them to the byte."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import msgspec
import pytest

from chatdrill.model import Act, Customer
from chatdrill_fakes.platforms.telegram import platform
from chatdrill_fakes.platforms.telegram.state import new_chat, private_card

GOLDEN = sorted(
    (entry for entry in resources.files("chatdrill_fakes.platforms.telegram").joinpath("golden").iterdir()),
    key=lambda entry: entry.name,
)
OLENA = {
    "id": 512340987,
    "is_bot": False,
    "first_name": "Olena",
    "last_name": "Kovalenko",
    "username": "olena_k",
    "language_code": "uk",
}


def _spelled(value: Any) -> str:
    """As the vendor writes JSON: ASCII, compact, six decimals."""
    if isinstance(value, float):
        return f"{value:.6f}"
    if isinstance(value, dict):
        return "{" + ",".join(f'"{name}":{_spelled(inner)}' for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_spelled, value)) + "]"
    return json.dumps(value)


@pytest.mark.parametrize("entry", GOLDEN, ids=lambda entry: entry.name)
def test_a_golden_update_is_made_to_the_byte(make_drill, entry):
    golden = json.loads(entry.read_text("utf-8"))
    state = make_drill().state
    customer = Customer(key="olena", first_name="Olena", locale="uk_UA")
    chat = new_chat(state, customer, OLENA, private_card(OLENA), "private", 0.0)
    chat.opened = True
    state.chats[chat.address] = chat
    state.next_update_id, state.next_message_id = golden["update"]["update_id"], 119
    act = msgspec.convert(golden["act"], Act)
    update = platform.encode(state, chat.address, act, 1767225600.0)[0]
    kind, payload = list(golden["update"].items())[1]
    assert update.body.decode() == f'{{"update_id":1001,\n"{kind}":{_spelled(payload)}}}'
    assert golden["source"] and golden["date"]
