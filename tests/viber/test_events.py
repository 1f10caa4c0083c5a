"""Callbacks by Viber's own names."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Event
from chatdrill_fakes.platforms.viber import platform
from viber.kit import Account

UNTOLD = {"api_error", "account_status"}


def test_every_declared_event_is_told(talk: Account) -> None:
    told = {name for name in platform.capabilities.events if talk.told(Event(name=name))}
    assert platform.capabilities.events - told == UNTOLD


def test_data_override_the_payload_and_null_removes(talk: Account) -> None:
    event = talk.event(Event(name="failed", data={"desc": "not shown", "user_id": None}))
    assert event["desc"] == "not shown" and "user_id" not in event


def test_an_events_message_may_hold_anything(talk: Account) -> None:
    assert talk.event(Event(name="message", data={"message": {"type": "novelty"}}))["message"] == {"type": "novelty"}


def test_receipts_are_of_the_bots_last_message(talk: Account) -> None:
    token = talk.sent(type="text", text="Hi").id
    assert str(talk.event(Event(name="seen"))["message_token"]) == token


def test_an_unknown_event_is_refused_with_the_nearest_name(talk: Account) -> None:
    with pytest.raises(Unsupported, match=r"no event 'conversation_start'.*conversation_started"):
        talk.updates(Event(name="conversation_start"))


@pytest.mark.parametrize("data", [{"type": None}, {"text": 5}, {"user": [1]}, {"message_token": "x"}])
def test_odd_data_of_an_event_are_told(talk: Account, data: dict[str, Any]) -> None:
    for name in platform.capabilities.events - UNTOLD:
        assert isinstance(talk.told(Event(name=name, data=data)), list)
