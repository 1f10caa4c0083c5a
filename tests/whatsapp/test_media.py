"""Media: upload, look up, download, delete; ids, links that end, tokens."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import File, Media, Sent, Write
from chatdrill.wire import Handled
from whatsapp.acts import WEBP_ANIMATED
from whatsapp.kit import BASE, NOW, NUMBER, PNG, TOKEN, Account, answer, details, error

UPLOAD = f"/v25.0/{NUMBER}/media"


def upload(
    account: Account, content: bytes = PNG, mime: str = "image/png", product: str = "whatsapp", name: str = "file"
) -> Handled:
    fields = {"messaging_product": product, "type": mime}
    lines = [
        f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="p.png"\r\nContent-Type: {mime}\r\n\r\n'
    body = b"".join([*lines, head.encode(), content, b"\r\n--x--\r\n"])
    return account.call("POST", UPLOAD, body, headers=(("Content-Type", "multipart/form-data; boundary=x"),))


def look_up(account: Account, media_id: str) -> dict[str, Any]:
    return answer(account.call("GET", f"/v25.0/{media_id}"))


def download(account: Account, url: str, token: str | None = TOKEN) -> tuple[int, bytes, str | None]:
    response = account.call("GET", url.removeprefix(BASE), token=token, headers=()).response
    assert response is not None
    return response.status, response.body, response.header("content-type")


def test_an_upload_gets_an_id_and_comes_back_byte_by_byte(account: Account) -> None:
    media_id = answer(upload(account))["id"]
    about = look_up(account, media_id)
    assert set(about) == {"messaging_product", "url", "mime_type", "sha256", "file_size", "id"}
    assert about["sha256"] == hashlib.sha256(PNG).hexdigest() and about["file_size"] == len(PNG)
    assert download(account, about["url"]) == (200, PNG, "image/png")


def test_an_uploaded_file_can_be_sent_by_its_id(open_account: Account) -> None:
    media_id = answer(upload(open_account))["id"]
    (effect,) = open_account.send({"type": "image", "image": {"id": media_id}}).effects
    assert isinstance(effect, Sent)
    (photo,) = effect.message.parts
    assert isinstance(photo, Media) and photo.file.sha256 == hashlib.sha256(PNG).hexdigest()


def test_a_file_of_another_kind_is_accepted_and_fails_later(open_account: Account) -> None:
    media_id = answer(upload(open_account))["id"]
    handled = open_account.send({"type": "video", "video": {"id": media_id}})
    assert open_account.play(handled)[0]["errors"][0]["code"] == 131053


def test_an_mp4_with_sound_only_may_be_sent_as_audio(open_account: Account) -> None:
    sound = b"\0\0\0\x18ftypmp42" + b"\0" * 12
    media_id = answer(upload(open_account, sound, "audio/mp4"))["id"]
    assert look_up(open_account, media_id)["mime_type"] == "audio/mp4"
    assert open_account.send({"type": "audio", "audio": {"id": media_id}}).effects


def test_a_customer_s_file_is_downloaded_by_its_webhook_link_or_its_id(account: Account) -> None:
    photo = account.message(Write(parts=(Media(kind="photo", file=account.file(PNG)),)))["image"]
    assert download(account, photo["url"])[:2] == (200, PNG)
    assert download(account, look_up(account, photo["id"])["url"])[:2] == (200, PNG)


@pytest.mark.parametrize(("token", "status"), [(None, 401), ("EAAwrong", 401), (TOKEN, 200)])
def test_a_link_needs_the_token(account: Account, token: str | None, status: int) -> None:
    url = look_up(account, answer(upload(account))["id"])["url"]
    assert download(account, url, token)[0] == status


@pytest.mark.parametrize(("later_s", "status"), [(300, 200), (301, 404)])
def test_a_link_works_for_five_minutes(account: Account, later_s: int, status: int) -> None:
    url = look_up(account, answer(upload(account))["id"])["url"]
    account.now += later_s
    assert download(account, url)[0] == status


def test_a_skipped_pause_ends_the_links_of_that_chat(account: Account) -> None:
    photo = account.message(Write(parts=(Media(kind="photo", file=account.file(PNG)),)))["image"]
    account.chat.ahead_s = 400.0
    assert download(account, photo["url"])[0] == 404
    assert f"ext={int(NOW) + 700}" in look_up(account, photo["id"])["url"]


@pytest.mark.parametrize("change", [("hash=A", "hash=B"), ("mid=", "mid=1"), ("ext=", "ext=1"), ("ext=1", "ext=x")])
def test_a_forged_link_leads_nowhere(account: Account, change: tuple[str, str]) -> None:
    url = look_up(account, answer(upload(account))["id"])["url"]
    assert download(account, url.replace(*change))[0] == 404


def test_a_deleted_file_is_gone(account: Account) -> None:
    media_id = answer(upload(account))["id"]
    assert answer(account.call("DELETE", f"/v25.0/{media_id}")) == {"success": True}
    gone = answer(account.call("GET", f"/v25.0/{media_id}"))["error"]
    assert (gone["code"], gone["error_subcode"]) == (100, 33)
    assert gone["message"].startswith(f"Unsupported get request. Object with ID '{media_id}' does not exist")


def test_a_file_asked_for_under_another_number_is_unknown(account: Account) -> None:
    media_id = answer(upload(account))["id"]
    assert error(account.call("GET", f"/{media_id}?phone_number_id=1"))[1] == 100
    assert answer(account.call("GET", f"/{media_id}?phone_number_id={NUMBER}"))["id"] == media_id


def test_ids_from_webhooks_live_seven_days_and_uploads_thirty(account: Account) -> None:
    photo = account.message(Write(parts=(Media(kind="photo", file=account.file(PNG)),)))["image"]
    uploaded = answer(upload(account))["id"]
    account.now += 8 * 86_400
    assert "error" in look_up(account, photo["id"]) and "url" in look_up(account, uploaded)
    account.now += 23 * 86_400
    assert "error" in look_up(account, uploaded)


SIZES = [
    ("image/png", PNG, 5 * 1024 * 1024),
    ("audio/amr", b"#!AMR\n", 16 * 1024 * 1024),
    ("image/webp", b"RIFF", 100 * 1024),
    ("image/webp", WEBP_ANIMATED, 500 * 1024),
]


@pytest.mark.parametrize(("mime", "begins", "most"), SIZES)
def test_a_file_may_be_as_large_as_its_sort_allows(account: Account, mime: str, begins: bytes, most: int) -> None:
    assert "id" in answer(upload(account, begins.ljust(most, b"\0"), mime))
    assert error(upload(account, begins.ljust(most + 1, b"\0"), mime)) == (400, 131053)


def test_a_type_that_whatsapp_does_not_know_is_refused(account: Account) -> None:
    handled = upload(account, b"GIF89a", "image/gif")
    assert error(handled) == (400, 100) and "Received 'image/gif'" in details(handled)


def test_an_upload_without_product_or_file_is_refused(account: Account) -> None:
    assert error(upload(account, product="telegram")) == (400, 100)
    assert answer(upload(account, name="picture"))["error"]["message"] == "(#100) The parameter file is required."


def test_the_call_record_shows_what_was_uploaded_without_its_content(account: Account) -> None:
    call = upload(account).call
    assert call is not None and call.method == "POST /{phone-number-id}/media"
    assert call.arguments["file"] == {"filename": "p.png", "content_type": "image/png", "size": len(PNG)}
    assert msgspec.json.encode(dict(call.arguments))


def test_a_file_without_content_says_so(account: Account) -> None:
    message = account.message(Write(parts=(Media(kind="photo", file=account.file(b"")),)))
    assert download(account, message["image"]["url"])[:2] == (200, b"")


def test_an_id_that_has_ended_cannot_be_sent(open_account: Account) -> None:
    media_id = answer(upload(open_account))["id"]
    body = {"type": "image", "image": {"id": media_id}}
    open_account.now += 30 * 86_400
    assert error_free(open_account.send(body))
    open_account.now += 1
    assert error(open_account.send(body)) == (400, 100)


def error_free(handled: Handled) -> bool:
    return "messages" in answer(handled)


@pytest.mark.parametrize(
    ("sound", "fits"),
    [(b"OpusHead\x01\x01", True), (b"OpusHead\x01\x02", False), (b"\x01vorbis\0\0\0\0\x01", False)],
)
def test_an_ogg_file_holds_one_channel_of_opus_or_fails_later(open_account: Account, sound: bytes, fits: bool) -> None:
    ogg = b"OggS\x00\x02" + b"\0" * 22 + sound + b"\0" * 40
    media_id = answer(upload(open_account, ogg, "audio/ogg"))["id"]
    handled = open_account.send({"type": "audio", "audio": {"id": media_id}})
    assert bool(handled.effects) is fits
    assert fits or "one channel of Opus" in open_account.play(handled)[0]["errors"][0]["error_data"]["details"]


def test_media_without_content_cannot_be_sent(account: Account) -> None:
    with pytest.raises(Unsupported, match="the photo has no content"):
        account.updates(Write(parts=(Media(kind="photo", file=File(name="a.jpg")),)))
