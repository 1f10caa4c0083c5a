"""What the bot says, in its answer or to the callback's address."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Carousel, Keyboard, Media, Other, Sent, Text
from chatdrill.wire import Fetched, HttpRequest
from chatdrill_fakes.platforms.rasa import platform
from rasa.kit import Page

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")


@pytest.mark.parametrize(
    ("message", "kinds"),
    [
        ({"text": "Hi"}, [Text]),
        ({"text": "Hi", "buttons": [{"title": "A", "payload": "/a"}]}, [Text, Keyboard]),
        ({"image": "https://a.test/x.png"}, [Media]),
        ({"attachment": {"type": "file", "payload": {"src": "https://a.test/x.pdf"}}}, [Media]),
        ({"elements": [{"title": "Runner"}]}, [Carousel]),
        ({"custom": {"widget": "map"}}, [Other]),
    ],
)
def test_every_kind_of_answer_is_shown(page: Page, message: Any, kinds: list[type]) -> None:
    (shown,) = page.shown(message)
    assert [type(part) for part in shown.parts] == kinds


def test_several_messages_come_in_order_and_none_is_no_mistake(page: Page) -> None:
    assert [each.text for each in page.shown({"text": "one"}, {"text": "two"})] == ["one", "two"]
    assert page.shown() == []


def test_lines_of_a_stream_are_messages(page: Page) -> None:
    lines = b'{"recipient_id":"%b","text":"one"}\n\n{"recipient_id":"%b","text":"two"}\n' % ((page.to.encode(),) * 2)
    (handled,) = page.answers(lines, "text/event-stream")
    assert [effect.message.text for effect in handled.effects if isinstance(effect, Sent)] == ["one", "two"]


@pytest.mark.parametrize("word", [b"success", b'"success"', b"", b" "])
def test_the_word_of_the_callback_channel_says_nothing_yet(page: Page, word: bytes) -> None:
    assert page.answers(word, "text/plain") == []


def test_a_picture_is_read_and_shown_as_what_it_is(page: Page) -> None:
    page.fetched["https://a.test/x"] = Fetched(PNG, "image/png")
    (shown,) = page.shown({"attachment": "https://a.test/x"})
    assert (shown.media[0].kind, shown.media[0].file.mime) == ("photo", "image/png")


def test_callbacks_are_for_whom_they_name(page: Page) -> None:
    handled = page.call_back({"recipient_id": page.to, "text": "Hi", "shout": True})
    (effect,) = handled.effects
    assert effect.to == page.to and handled.call is not None and handled.call.note == "not shown: shout"
    assert platform.owner_of(page.state, HttpRequest("POST", "/callback/x", (), b'{"recipient_id":"web-1"}')) == "web-1"  # type: ignore[attr-defined]
    strange = page.call_back({"recipient_id": "default", "text": "Hi"})
    assert strange.effects == () and strange.call is not None and "nobody has the sender" in (strange.call.error or "")


def test_one_wrong_message_spoils_the_answer(page: Page) -> None:
    (handled,) = page.answers([{"recipient_id": page.to, "text": "Hi"}, {"recipient_id": "default", "text": "Hi"}])
    assert handled.effects == () and handled.call is not None and "another one's answer" in (handled.call.error or "")


@pytest.mark.parametrize("path", ["/socket.io/?EIO=4", "/conversations/x/tracker/events"])
def test_what_is_not_emulated_is_loud(page: Page, path: str) -> None:
    handled = page.handle(HttpRequest("POST", path))
    assert handled.response is not None and handled.response.status == 501
    assert handled.call is not None and handled.call.support == "refused"
