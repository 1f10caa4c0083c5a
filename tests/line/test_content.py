"""Customers' files."""

from __future__ import annotations

from chatdrill.model import Delete
from line.kit import MP4, PNG, Account, answer, response, status, words

LARGE = MP4 + bytes(1_000_000)


def at(id: str, what: str = "") -> str:
    return f"/v2/bot/message/{id}/content{what}"


def test_a_file_is_fetched_by_the_id_of_its_message(account: Account) -> None:
    id = account.sends("photo", PNG)["message"]["id"]
    got = response(account.get(at(id)))
    assert (got.status, got.body, got.header("content-type")) == (200, PNG, "image/png")


def test_a_large_film_is_prepared_first(account: Account) -> None:
    id = account.sends("video", LARGE)["message"]["id"]
    first = account.get(at(id))
    assert (status(first), response(first).body) == (202, b"")
    assert answer(account.get(at(id, "/transcoding"))) == {"status": "processing"}
    account.now += 3
    assert response(account.get(at(id))).body == LARGE
    assert answer(account.get(at(id, "/transcoding"))) == {"status": "succeeded"}


def test_a_small_film_is_there_at_once(account: Account) -> None:
    assert status(account.get(at(account.sends("video", MP4)["message"]["id"]))) == 200


def test_pictures_have_previews_and_sounds_have_none(account: Account) -> None:
    for kind, content in (("photo", PNG), ("video", MP4)):
        got = response(account.get(at(account.sends(kind, content)["message"]["id"], "/preview")))
        assert got.status == 200 and got.body.startswith(b"\xff\xd8")
    sound = account.sends("audio", b"ID3\x03")["message"]["id"]
    assert words(account.get(at(sound, "/preview"))) == "The content can not be previewed"
    document = account.sends("document", b"%PDF")["message"]["id"]
    assert words(account.get(at(document, "/transcoding"))) == "Transcoding status doesn't support this type of content"


def test_what_was_unsent_is_gone(account: Account) -> None:
    id = account.sends("photo", PNG)["message"]["id"]
    account.told(Delete(message_id=id))
    assert (status(account.get(at(id))), words(account.get(at(id)))) == (410, "The content is gone")


def test_a_sticker_and_words_have_no_file(account: Account) -> None:
    for event in (account.sends("sticker", PNG), account.says()):
        assert words(account.get(at(event["message"]["id"]))) == "not found"
