"""What is odd is told in full or refused; that what is declared happens is proved by the laws of tests/conformance."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import (
    Event,
    Media,
    Text,
    Write,
)
from chatdrill_fakes.platforms.whatsapp import platform
from whatsapp.kit import Account


def test_the_words_under_a_sound_are_a_message_of_their_own(account: Account) -> None:
    voice = Media(kind="voice", file=account.file(b"OggS" + b"\0" * 30), caption=Text(text="hör mal"))
    assert [message["type"] for message in account.messages(Write(parts=(voice,)))] == ["audio", "text"]


@pytest.mark.parametrize("data", [{"type": None}, {"text": 5}, {"code": [1]}, {"errors": None}])
def test_odd_data_of_an_event_are_told_or_refused(account: Account, data: dict[str, Any]) -> None:
    for name in platform.capabilities.events:
        try:
            assert isinstance(account.updates(Event(name=name, data=data)), list)
        except Unsupported as refused:
            assert str(refused).startswith("whatsapp")
