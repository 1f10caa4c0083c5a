"""Messages to a Rasa bot read back as acts; what it says in its answer, or to its callback, as effects."""

from __future__ import annotations

import msgspec
import pytest

from chatdrill.model import Event, Press, Sent, Start, Text, Write
from chatdrill.wire import HttpRequest, HttpResponse
from recording.shadow import JSON, NOW, Shadow

HELLO = {"sender": "web-77", "message": "Где мой заказ?", "metadata": {"page": "/cart", "ref": "tok77"}}


@pytest.fixture
def shadow() -> Shadow:
    return Shadow("rasa")


def answered(shadow: Shadow, content: bytes, kind: str = "application/json") -> list[Sent]:
    """What the bot's answer to a message of web-77 did."""
    shadow.told(HELLO)
    update = list(shadow.platform.encode(shadow.state, "web-77", Write(parts=(Text(text="x"),)), NOW))
    answer = HttpResponse(200, (("Content-Type", kind),), content)
    calls = shadow.platform.read_ack(shadow.state, update, answer, NOW).calls
    seen = [shadow.observed(call, HttpResponse(200), "webhook_answer") for call in calls]
    return [effect for one in seen for effect in one.effects if isinstance(effect, Sent)]


def test_a_message_is_whose_sender_it_names(shadow: Shadow) -> None:
    (said,) = shadow.told(HELLO)
    assert (said.to, said.act, said.at) == ("web-77", Write(parts=(Text(text="Где мой заказ?"),)), None)
    (nobody,) = shadow.told({"message": "hi", "input_channel": "rest"})
    assert nobody.to == "default"


def test_the_same_words_twice_are_two_messages(shadow: Shadow) -> None:
    first, second = (
        shadow.took(HttpRequest("POST", "/", JSON, msgspec.json.encode(HELLO), came_at))[0] for came_at in (1.0, 2.0)
    )
    assert first.update != second.update


def test_the_intent_that_begins_is_a_start(shadow: Shadow) -> None:
    assert shadow.act({**HELLO, "message": "/session_start"}) == Start(payload="tok77")
    assert Shadow("rasa", start="/greet").act({**HELLO, "message": "/greet"}) == Start(payload="tok77")


def test_nothing_said_is_an_event(shadow: Shadow) -> None:
    act = shadow.act({"sender": "web-77", "message": None})
    assert isinstance(act, Event) and act.name == "message"


@pytest.mark.parametrize(
    "body", [{"sender": 5, "message": "x"}, {"sender": "a"}, {"sender": "a", "message": ["x"]}, []]
)
def test_what_is_no_message_is_refused(shadow: Shadow, body: object) -> None:
    with pytest.raises(ValueError, match=r"message|object"):
        shadow.told(body)


def test_a_payload_is_the_button_that_was_shown(shadow: Shadow) -> None:
    buttons = [{"title": "№77", "payload": '/order{"id":77}'}]
    (shown,) = answered(shadow, msgspec.json.encode([{"recipient_id": "web-77", "text": "?", "buttons": buttons}]))
    act = shadow.act({"sender": "web-77", "message": '/order{"id":77}'})
    assert act == Press(button=shown.message.buttons[0], message_id=shown.message.id) and act.button.title == "№77"


def test_every_message_of_an_answer_is_seen_also_in_lines(shadow: Shadow) -> None:
    said = [
        {"recipient_id": "web-77", "text": "one"},
        {"recipient_id": "web-77", "image": "https://cdn.example.test/77.png"},
    ]
    listed = answered(shadow, msgspec.json.encode(said))
    lines = answered(shadow, b"\n".join(map(msgspec.json.encode, said)), "text/event-stream")
    for seen in (listed, lines):
        assert [one.message.text for one in seen] == ["one", ""] and seen[1].message.media[0].kind == "photo"


def test_a_callback_is_seen_whatever_its_address(shadow: Shadow) -> None:
    shadow.told(HELLO)
    seen = shadow.saw("/anywhere/at/all", {"recipient_id": "web-77", "text": "Проверяю"}, {})
    (effect,) = seen.effects
    assert effect.message.text == "Проверяю" and seen.call is not None  # type: ignore[union-attr]
    assert (seen.call.method, seen.call.to) == ("callback", "web-77")
    assert not shadow.saw("/anywhere", {"recipient_id": "web-77", "text": "x"}, {}, status=500).effects


def test_words_for_somebody_who_never_wrote_are_kept_as_they_are(shadow: Shadow) -> None:
    seen = shadow.saw("/cb", {"recipient_id": "stranger", "text": "x"}, {})
    assert seen.unread and seen.effects[0].message.parts[0].data["text"] == "x"  # type: ignore[union-attr]
