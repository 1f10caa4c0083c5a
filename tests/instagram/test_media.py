"""Files of the bot's, which Instagram fetches, and links to those of customers."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Write
from chatdrill.wire import HttpRequest
from instagram.kit import BASE, MP4, PNG, Account

PDF = b"%PDF-1.4\n%%EOF\n"
URL = "https://bot.example/file"
DAY_S = 86_400
MB = 1024 * 1024


def attachment(kind: str, **payload: Any) -> dict[str, Any]:
    return {"attachment": {"type": kind, "payload": payload or {"url": URL}}}


@pytest.mark.parametrize(
    ("kind", "content", "mime", "neutral"),
    [
        ("image", PNG, "image/png", "photo"),
        ("audio", MP4, "audio/mp4", "audio"),
        ("video", MP4, "video/mp4", "video"),
        ("file", PDF, "application/pdf", "document"),
    ],
)
def test_a_file_comes_by_address(talk: Account, kind: str, content: bytes, mime: str, neutral: str) -> None:
    assert talk.send(attachment(kind)).handled.wait is not None
    talk.serve(URL, content, mime)
    (media,) = talk.send(attachment(kind)).parts
    assert media.kind == neutral and talk.state.blobs.get(media.file.sha256) == content


@pytest.mark.parametrize(
    ("kind", "content", "mime", "error", "code"),
    [
        ("image", PDF, "application/pdf", None, 2018047),
        ("image", b"RIFF\x24\0\0\0WEBPVP8X" + b"\0" * 20, "image/webp", None, 2018047),
        ("file", PNG, "image/png", None, 2018047),
        ("audio", b"ID3\x03" + b"\0" * 40, "audio/mpeg", None, 2018047),
        ("image", PNG + b"\0" * 8 * MB, "image/png", None, 2018109),
        ("file", PDF, "", "too big", 2018109),
        ("video", b"", "", "timeout", 2018294),
        ("image", b"", "", "timeout", 2018008),
        ("image", b"", "", "status 404", 2018008),
    ],
)
def test_a_file_that_will_not_do_is_refused(
    talk: Account, kind: str, content: bytes, mime: str, error: str | None, code: int
) -> None:
    talk.serve(URL, content, mime, error)
    assert talk.send(attachment(kind)).code == (100, code)


def test_ten_pictures_share_a_message(talk: Account) -> None:
    talk.serve(URL, PNG, "image/png")
    one = attachment("image")["attachment"]
    assert len(talk.send({"attachments": [one] * 10}).parts) == 10
    assert talk.send({"attachments": [one] * 11}).code == (100, 2534015)
    assert talk.send({"attachments": [attachment("file")["attachment"]]}).code == (100, 2534015)


def test_a_picture_is_uploaded_by_its_address_only(talk: Account) -> None:
    talk.serve(URL, PNG, "image/png")
    body = {"platform": "instagram", "message": attachment("image", url=URL, is_reusable=True)}
    key = talk.call("POST", "/v25.0/me/message_attachments", body).json["attachment_id"]
    (photo,) = talk.send(attachment("image", attachment_id=key)).parts
    assert photo.file.mime == "image/png"
    talk.now += 90 * DAY_S + 1
    talk.says()
    assert talk.send(attachment("image", attachment_id=key)).code == (100, 2018074)


def test_a_file_in_the_request_is_refused(talk: Account) -> None:
    parts = {"recipient": f'{{"id":"{talk.to}"}}', "message": '{"attachment":{"type":"image","payload":{}}}'}
    body = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{one}\r\n' for name, one in parts.items()
    )
    file = b'--b\r\nContent-Disposition: form-data; name="filedata"; filename="a.png"\r\n\r\n' + PNG + b"\r\n--b--\r\n"
    headers = (
        ("Content-Type", "multipart/form-data; boundary=b"),
        ("Authorization", f"Bearer {talk.state.page_token}"),
    )
    answer = talk.ask(HttpRequest("POST", "/v25.0/me/messages", headers, body.encode() + file))
    assert answer.code == (100, 2534015)


def test_a_link_needs_no_token_but_its_signature_and_expires(talk: Account) -> None:
    event = talk.event(Write(parts=(talk.media(),)))
    url = event["message"]["attachments"][0]["payload"]["url"]
    assert url.startswith(f"{BASE}/ig_messaging_cdn/?asset_id=") and talk.download(url) == (200, PNG)
    assert talk.download(f"{url}x")[0] == 403 and talk.download(url.replace("asset_id=", "asset_id=9"))[0] == 404
    talk.now += 8 * DAY_S
    assert talk.download(url)[0] == 403


def test_a_portrait_is_a_picture_while_its_link_lives(talk: Account) -> None:
    url = talk.call("GET", f"/v25.0/{talk.to}", fields="profile_pic").json["profile_pic"]
    assert talk.download(url)[1][:2] == b"\xff\xd8" and talk.download(url.replace("oh=", "oh=0"))[0] == 403
    talk.now += 8 * DAY_S
    assert talk.download(url)[0] == 403
