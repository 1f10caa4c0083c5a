"""Golden updates, each to the byte."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import msgspec

from chatdrill.model import Act, Customer
from chatdrill.wire.sheets import Golden
from chatdrill_fakes.platforms.telegram.state import TelegramState, new_chat, private_card

_OLENA = {
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


def _arranged(state: TelegramState, address: str) -> str:
    """The account before the update: a customer with that id has started the bot, and the counters stand one below."""
    del state.chats[address]
    customer = Customer(key="olena", first_name="Olena", locale="uk_UA")
    chat = new_chat(state, customer, _OLENA, private_card(_OLENA), "private", 0.0)
    chat.opened = True
    state.chats[chat.address] = chat
    state.next_update_id, state.next_message_id = 1001, 119
    return chat.address


def _read(name: str, text: str) -> Golden:
    golden = json.loads(text)
    number, (kind, payload) = golden["update"].items()
    body = f'{{"update_id":{number[1]},\n"{kind}":{_spelled(payload)}}}'
    act = msgspec.convert(golden["act"], Act)
    return Golden(name, act, body.encode(), golden["source"], golden["date"], arrange=_arranged)


def _all() -> tuple[Golden, ...]:
    folder = resources.files("chatdrill_fakes.platforms.telegram").joinpath("golden")
    files = sorted(folder.iterdir(), key=lambda entry: entry.name)
    return tuple(_read(entry.name.removesuffix(".json"), entry.read_text("utf-8")) for entry in files)


GOLDEN = _all()
