"""How a customer enters: Get Started, ice breakers, links, and the person who answers beside the bot."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Button, Echo, Media, Message, Press, React, Start, Text

LINK = {"ref": "flyer-17", "source": "SHORTLINK", "type": "OPEN_THREAD"}


@pytest.fixture
def welcoming(page: Any) -> Any:
    """A Page with Get Started and ice breakers."""
    questions = [{"call_to_actions": [{"question": "Opening hours?", "payload": "HOURS"}], "locale": "default"}]
    profile = {"get_started": {"payload": "GET_STARTED"}, "ice_breakers": questions}
    page.call("POST", "/v25.0/me/messenger_profile", profile)
    return page


def test_ice_breakers_take_the_place_of_get_started(welcoming: Any, fresh: str) -> None:
    assert welcoming.events(fresh, Start(payload="flyer-17")) == []
    postback = welcoming.event(fresh, Press(button=Button(title="Opening hours?", kind="postback")))["postback"]
    assert (postback["title"], postback["payload"], postback["referral"]) == ("Opening hours?", "HOURS", LINK)
    again = welcoming.event(fresh, Press(button=Button(title="Opening hours?", kind="postback")))["postback"]
    assert "referral" not in again


def test_without_ice_breakers_the_button_is_back(welcoming: Any, fresh: str) -> None:
    welcoming.call("DELETE", "/v25.0/me/messenger_profile", {"fields": ["ice_breakers"]})
    assert welcoming.event(fresh, Start())["postback"]["payload"] == "GET_STARTED"


def test_a_link_carries_2083_letters_and_no_more(page: Any, anna: str) -> None:
    assert page.event(anna, Start(payload="x" * 2083))["referral"]["ref"] == "x" * 2083
    for wrong in ("x" * 2084, "flyer 17", "flyer/17", "größe"):
        with pytest.raises(Unsupported, match="link carries at most 2083"):
            page.events(anna, Start(payload=wrong))


@pytest.mark.parametrize(("emoji", "word"), [("👍🏽", "like"), ("👎🏿", "dislike"), ("❤", "love"), ("🥨", "other")])
def test_the_colour_of_a_hand_does_not_change_the_reaction(page: Any, anna: str, emoji: str, word: str) -> None:
    reaction = page.event(anna, React(message_id=page.says(anna), emoji=emoji))["reaction"]
    assert (reaction["reaction"], reaction["emoji"]) == (word, emoji)


def test_what_a_person_writes_beside_a_picture_is_a_message_of_its_own(page: Any, anna: str) -> None:
    page.subscribe("message_echoes")
    photo = Media(kind="photo", file=page.file(), caption=Text(text="the mug"))
    eva = Message(ids=(), author="agent", parts=(Text(text="Look"), photo), at=0.0)
    echoes = [event["message"] for event in page.events(anna, Echo(message=eva))]
    assert [one.get("text") for one in echoes] == [None, "the mug", "Look"]
    assert echoes[0]["attachments"][0]["type"] == "image"
    assert len({one["mid"] for one in echoes}) == 3 and {one["app_id"] for one in echoes} == {26390203743090}


def test_a_button_of_no_known_kind_cannot_be_pressed(page: Any, anna: str) -> None:
    with pytest.raises(Unsupported, match="no button 'dance'"):
        page.events(anna, Press(button=Button(title="x", kind="other", payload="dance")))
