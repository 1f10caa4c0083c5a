"""What the bot is told."""

from __future__ import annotations

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Button, Delete, Event, Location, Media, Press, React, Start, Text, Write
from chatdrill.wire.files import describe
from webchat.kit import BASE, HI, PNG, Channel


def test_a_message_has_the_fields_of_the_reference(channel: Channel) -> None:
    said = channel.told(HI)
    assert (said["type"], said["text"], said["textFormat"], said["locale"]) == ("message", "Hi", "plain", "de-DE")
    assert said["timestamp"] == "2026-11-20T22:00:00.0000000Z" and said["serviceUrl"] == f"{BASE}/"
    assert said["conversation"] == {"id": channel.to} and said["id"] == f"{channel.to}|0000002"
    assert said["from"]["role"] == "user" and said["recipient"]["role"] == "bot"


def test_the_bot_is_told_once_who_is_here(channel: Channel) -> None:
    first, second = channel.updates(HI), channel.updates(HI)
    assert [update.kind for update in (*first, *second)] == ["conversationUpdate", "message", "message"]
    assert [update.kind for update in channel.updates(Start())] == ["event"]


def test_a_reaction_takes_the_place_of_another(channel: Channel) -> None:
    sent = channel.sent(text="Hello")
    channel.told(React(message_id=sent.id, emoji="👍"))
    said = channel.told(React(message_id=sent.id, emoji="😡"))
    assert (said["reactionsAdded"], said["reactionsRemoved"]) == ([{"type": "angry"}], [{"type": "like"}])
    assert "reactionsAdded" not in channel.told(React(message_id=sent.id))


def test_a_file_is_told_by_a_link_that_gives_it(channel: Channel) -> None:
    file = describe(PNG, channel.state.blobs, name="torn.png")
    (attached,) = channel.told(Write(parts=(Media(kind="photo", file=file, caption=Text(text="See")),)))["attachments"]
    assert (attached["contentType"], attached["name"]) == ("image/png", "torn.png")
    handled = channel.call("GET", attached["contentUrl"], token="")
    assert handled.response is not None and handled.response.body == PNG


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ({"type": "imBack", "value": "yes"}, {"text": "yes"}),
        ({"type": "postBack", "value": {"n": 1}}, {"text": "", "value": {"n": 1}}),
        ({"type": "messageBack", "text": "later", "value": 5, "displayText": "Not now"}, {"text": "later", "value": 5}),
    ],
)
def test_a_press_says_what_its_action_says(
    channel: Channel, action: dict[str, object], expected: dict[str, object]
) -> None:
    message = channel.sent(text="?", suggestedActions={"actions": [{"title": "A", **action}]})
    said = channel.told(Press(button=message.buttons[0], message_id=message.id))
    assert {name: said[name] for name in expected} == expected and ("value" in said) == ("value" in expected)
    assert channel.updates(Press(button=Button(title="Page", kind="url", url="https://a.test/"))) == []


def test_what_a_page_cannot_send_is_refused_with_a_reason(channel: Channel) -> None:
    with pytest.raises(Unsupported, match="write the address"):
        channel.updates(Write(parts=(Location(latitude=1.0, longitude=2.0),)))
    with pytest.raises(Unsupported, match="no such message"):
        channel.updates(Delete(message_id="x"))
    with pytest.raises(Unsupported, match="status must be one of"):
        channel.updates(Event(name="api_error", data={"status": 299}))
