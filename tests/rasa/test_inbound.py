"""What the bot is told."""

from __future__ import annotations

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import File, Media, Press, Start, Write
from chatdrill_fakes.platforms.rasa import platform
from rasa.kit import HOOK, NOW, Page


def test_a_message_says_who_and_what(page: Page) -> None:
    update = page.update()
    said = page.told()
    assert (said["sender"], said["message"]) == (page.to, "Hi")
    assert {name: said["metadata"][name] for name in ("page", "name", "language")} == {
        "page": "/shoes", "name": "Anna Nowak", "language": "de",
    }  # fmt: skip
    assert said["metadata"]["message_id"] != update.id and platform.request(page.state, [update], NOW).url == HOOK


def test_a_start_is_the_intent_that_begins(page: Page) -> None:
    said = page.told(Start(payload="ord_1"))
    assert (said["message"], said["metadata"]["ref"]) == ("/session_start", "ord_1")
    assert page.told()["metadata"]["ref"] == "ord_1"


def test_a_press_is_the_buttons_payload(page: Page) -> None:
    buttons = [{"title": "Yes", "payload": '/affirm{"sure": true}'}, {"title": "Page", "url": "https://a.test/"}]
    (message,) = page.shown({"text": "Agreed?", "buttons": buttons})
    assert page.told(Press(button=message.buttons[0], message_id=message.id))["message"] == '/affirm{"sure": true}'
    assert platform.encode(page.state, page.to, Press(button=message.buttons[1]), NOW) == ()


def test_lines_are_asked_for_where_the_page_wants_them() -> None:
    page = Page(stream="yes", proxy_token="")
    request = platform.request(page.state, [page.update()], NOW)
    assert request.url == f"{HOOK}?stream=true" and request.header("Authorization") is None


def test_files_are_refused_with_a_reason(page: Page) -> None:
    with pytest.raises(Unsupported, match="no files"):
        page.update(Write(parts=(Media(kind="photo", file=File()),)))
