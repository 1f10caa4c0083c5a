"""Customers' files under links that expire, and the bot's files at links of its own."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Media, Write
from chatdrill.wire import Fetch, Fetched, HttpRequest
from chatdrill_fakes.platforms.viber.limits import KIB, MIB
from viber.kit import BASE, LINK, PNG, Account, answer, keys, status

PICTURE = {"type": "picture", "text": "", "media": LINK}


def link_of(account: Account) -> str:
    part = Media(kind="photo", file=account.file(PNG, name="мої туфлі.png"))
    return str(account.event(Write(parts=(part,)))["message"]["media"])


def after(account: Account, **message: Any) -> list[dict[str, Any]]:
    return account.play(account.send(**message))


# -------------------------------------------------------------------------------------------------- customers' files


def test_a_link_gives_the_file_for_an_hour(account: Account) -> None:
    link = link_of(account)
    got = account.get(link)
    assert (got.status, got.body, got.header("content-type")) == (200, PNG, "image/png")
    account.now += 3600
    assert account.get(link).status == 200
    account.now += 1
    assert account.get(link).status == 403


@pytest.mark.parametrize("spoil", [("Signature=", "Signature=0"), ("Expires=", "Expires=9")])
def test_a_tampered_link_is_refused(account: Account, spoil: tuple[str, str]) -> None:
    assert account.get(link_of(account).replace(*spoil)).status == 403


@pytest.mark.parametrize(
    "path", ["/1/share/2/long/vibes/x/y", "/1/share/2/long/vibes/../../etc/passwd", "/download_photo"]
)
def test_what_was_never_shared_is_not_found(account: Account, path: str) -> None:
    assert account.get(BASE + path).status == 404


def test_a_link_can_only_be_read(account: Account) -> None:
    handled = account.handle(HttpRequest("POST", link_of(account).removeprefix(BASE)))
    assert handled.response is not None and handled.response.status == 405


def test_a_customers_picture_can_be_downloaded() -> None:
    account = Account(send_photo="yes")
    got = account.get(account.says()["sender"]["avatar"])
    assert got.status == 200 and got.body.startswith(b"\xff\xd8")


# --------------------------------------------------------------------------------------------------- the bot's files


def test_a_picture_is_read_before_the_answer(talk: Account) -> None:
    talk.fetched[LINK] = Fetched(PNG, "image/png", status=200)
    (part,) = talk.sent(**PICTURE).parts
    assert isinstance(part, Media) and (part.file.width, part.file.size_bytes, part.file.url) == (1, len(PNG), LINK)
    assert talk.state.blobs.get(part.file.sha256) == PNG


def test_a_link_is_read_once_in_ten_minutes(talk: Account) -> None:
    talk.fetched[LINK] = Fetched(PNG, "image/png", status=200)
    talk.sent(**PICTURE)
    body = {"receiver": talk.to, **PICTURE}
    assert talk.call("send_message", body, fetched={}).wait is None
    talk.now += 601
    assert isinstance(talk.call("send_message", body, fetched={}).wait, Fetch)


UNFIT = [
    (Fetched(error="status 404", status=404), {}, "could not be read: status 404"),
    (Fetched(b"hello", "text/html", status=200), {}, "text/html"),
    (Fetched(PNG + b"x" * 3 * MIB, status=200), {}, "bytes"),
    (Fetched(error="unreachable"), {"media": "https://a.test/p"}, "must end with"),
]


@pytest.mark.parametrize(("got", "over", "words"), UNFIT)
def test_a_file_that_the_app_cannot_show_fails_later(
    talk: Account, got: Fetched, over: dict[str, str], words: str
) -> None:
    talk.fetched[LINK] = got
    handled = talk.send(**{**PICTURE, **over})
    assert status(handled) == 0
    (event,) = talk.play(handled)
    assert event["event"] == "failed" and event["message_token"] == answer(handled)["message_token"]
    assert words in event["desc"] and event["user_id"] == talk.to


def test_what_nobody_can_read_is_taken_on_trust(talk: Account) -> None:
    assert [one["event"] for one in after(talk, **{**PICTURE, "media": "https://a.test/p.jpg"})] == ["delivered"]


@pytest.mark.parametrize(("os", "most"), [("android", 3 * MIB), ("ios", MIB)])
def test_a_picture_may_be_as_large_as_the_device_takes(os: str, most: int) -> None:
    for size, fate in ((most, "delivered"), (most + 1, "failed")):
        account = Account(device_os=os)
        account.says()
        account.fetched[LINK] = Fetched(PNG.ljust(size, b"\0"), "image/png", status=200)
        assert [one["event"] for one in after(account, **PICTURE)] == [fate]


def test_a_thumbnail_has_a_hundred_kibibytes(talk: Account) -> None:
    for number, (size, fate) in enumerate(((100 * KIB, "delivered"), (100 * KIB + 1, "failed"))):
        small = f"http://127.0.0.1:9/t{number}.png"
        talk.fetched |= {LINK: Fetched(PNG, status=200), small: Fetched(PNG.ljust(size, b"\0"), status=200)}
        assert [one["event"] for one in after(talk, **PICTURE, thumbnail=small)] == [fate]


DECLARED = [
    ({"type": "video", "media": "https://a.test/v.mp4", "size": 26 * MIB, "duration": 180}, "delivered"),
    ({"type": "video", "media": "https://a.test/v.mp4", "size": 26 * MIB + 1}, "failed"),
    ({"type": "video", "media": "https://a.test/v.mp4", "size": 1, "duration": 181}, "failed"),
    ({"type": "video", "media": "https://a.test/v.mov", "size": 1}, "failed"),
    ({"type": "file", "media": "https://a.test/f", "size": 50 * MIB, "file_name": "f.pdf"}, "delivered"),
    ({"type": "file", "media": "https://a.test/f", "size": 50 * MIB + 1, "file_name": "f.pdf"}, "failed"),
    ({"type": "file", "media": "https://a.test/f", "size": 1, "file_name": "setup.EXE"}, "failed"),
]


@pytest.mark.parametrize(("message", "fate"), DECLARED)
def test_what_is_declared_too_large_or_harmful_fails_later(talk: Account, message: dict[str, Any], fate: str) -> None:
    assert [one["event"] for one in after(talk, **message)] == [fate]


def test_a_message_that_failed_takes_no_keyboard_away(talk: Account) -> None:
    shown = talk.sent(type="text", text="?", keyboard=keys())
    talk.send(**{**PICTURE, "media": "https://a.test/p"})
    assert talk.chat.keyboard == shown.id
