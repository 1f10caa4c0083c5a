"""Files: fetched from the bot, uploaded, reused, and downloaded again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatdrill.model import Echo, Media, Products, Write
from chatdrill.wire import Exchange, HttpRequest
from chatdrill_fakes.platforms.messenger import platform

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
URL = "http://127.0.0.1:9/map.png"


def by_url(url: str = URL, kind: str = "image", **payload: Any) -> dict[str, Any]:
    return {"attachment": {"type": kind, "payload": {"url": url, **payload}}}


def test_the_platform_reads_the_url_before_it_changes_anything(page: Any, anna: str) -> None:
    before = dict(page.state.chats[anna].messages)
    handled = page.send(anna, by_url()).handled
    assert handled.response is None and handled.wait.urls == (URL,)
    assert (handled.wait.timeout_s, handled.wait.size_max_bytes) == (10.0, 25 * 1024 * 1024)
    assert page.send(anna, by_url(kind="video")).handled.wait.timeout_s == 75.0
    assert page.state.chats[anna].messages == before


def test_a_picture_by_url_is_kept_with_its_bytes(page: Any, anna: str) -> None:
    page.serve(URL, PNG, "image/png")
    (photo,) = page.send(anna, by_url()).parts
    assert (photo.kind, photo.file.name, photo.file.width, photo.file.url) == ("photo", "map.png", 1, URL)
    assert page.state.blobs.get(photo.file.sha256) == PNG


@pytest.mark.parametrize(
    ("kind", "content", "mime", "neutral"),
    [
        ("image", GIF, "image/gif", "animation"),
        ("audio", b"ID3\x04\x00", "audio/mpeg", "audio"),
        ("video", b"\x00\x00\x00\x18ftypisom", "video/mp4", "video"),
        ("file", b"%PDF-1.4", "application/pdf", "document"),
    ],
)
def test_every_type_has_its_neutral_kind(
    page: Any, anna: str, kind: str, content: bytes, mime: str, neutral: str
) -> None:
    page.serve(URL, content, mime)
    answer = page.send(anna, by_url(kind=kind))
    (media,) = answer.parts
    assert media.kind == neutral and answer.handled.call.method == f"POST /me/messages {kind}"


def test_several_pictures_share_a_bubble(page: Any, anna: str) -> None:
    page.serve(URL, PNG, "image/png")
    one = {"type": "image", "payload": {"url": URL}}
    assert len(page.send(anna, {"attachments": [one, one]}).parts) == 2


def test_a_reusable_attachment_gets_an_id_and_is_sent_again(page: Any, anna: str) -> None:
    page.serve(URL, PNG, "image/png")
    answer = page.send(anna, by_url(is_reusable="true"))
    key = answer.json["attachment_id"]
    again = page.send(anna, {"attachment": {"type": "image", "payload": {"attachment_id": key}}})
    assert again.parts[0].file == answer.parts[0].file and "attachment_id" not in again.json
    assert "attachment_id" not in page.send(anna, by_url()).json


def test_an_upload_lives_90_days_and_keeps_its_type(page: Any, anna: str, moved: Any) -> None:
    page.serve(URL, PNG, "image/png")
    key = page.call("POST", "/v25.0/me/message_attachments", {"message": by_url()}).json["attachment_id"]
    wrong = page.send(anna, {"attachment": {"type": "audio", "payload": {"attachment_id": key}}})
    moved(90 * 86_400 + 1)
    page.says(anna)
    late = page.send(anna, {"attachment": {"type": "image", "payload": {"attachment_id": key}}})
    assert (wrong.code, late.code) == ((100, 2018047), (100, 2018074))


@pytest.mark.parametrize("path", ["/v25.0/me/messages", "/v25.0/me/message_attachments"])
def test_a_file_may_come_in_the_request(page: Any, anna: str, path: str) -> None:
    fields = {"recipient": json.dumps({"id": anna}), "message": '{"attachment":{"type":"image","payload":{}}}'}
    lines = [f'--b\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
    head = '--b\r\nContent-Disposition: form-data; name="filedata"; filename="m.png"\r\nContent-Type: image/png\r\n\r\n'
    body = "".join(lines).encode() + head.encode() + PNG + b"\r\n--b--\r\n"
    headers = (
        ("Content-Type", "multipart/form-data; boundary=b"),
        ("Authorization", f"Bearer {page.state.page_token}"),
    )
    answer = page.ask(HttpRequest("POST", path, headers, body))
    assert answer.status == 200
    shown = answer.handled.call.arguments["filedata"]
    assert shown == {"filename": "m.png", "content_type": "image/png", "size_bytes": len(PNG)}


FAILURES = {
    "refused": ("image", b"", "image/png", "refused", 2018008),
    "gone": ("image", b"", "image/png", "status 404", 2018008),
    "slow": ("image", b"", "image/png", "timeout", 2018008),
    "slow video": ("video", b"", "video/mp4", "timeout", 2018294),
    "empty": ("image", b"", "image/png", None, 2018008),
    "too big": ("file", b"", "", "too big", 2018109),
    "big picture": ("image", PNG + bytes(8 * 1024 * 1024), "image/png", None, 2018109),
    "page as picture": ("image", b"<html>", "text/html", None, 2018047),
    "picture as sound": ("audio", PNG, "image/png", None, 2018047),
    "nonsense as picture": ("image", b"nonsense", "image/png", None, 2018047),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_file_that_cannot_be_had_has_its_error(page: Any, anna: str, name: str) -> None:
    kind, content, mime, error, subcode = FAILURES[name]
    page.serve(URL, content, mime, error)
    assert page.send(anna, by_url(kind=kind)).code == (100, subcode)


def test_a_file_outside_the_loopback_is_taken_on_trust(page: Any, anna: str) -> None:
    page.serve("https://cdn.shop.example/a/map.png", b"", "", "unreachable")
    (photo,) = page.send(anna, by_url("https://cdn.shop.example/a/map.png")).parts
    assert photo.file.url == "https://cdn.shop.example/a/map.png"
    assert (photo.file.sha256, photo.file.name, photo.file.mime) == ("", "map.png", "image/jpeg")


# ------------------------------------------------------------------------------------------------------ download


def link(page: Any, anna: str) -> str:
    act = Write(parts=(Media(kind="photo", file=page.file()),))
    return str(page.event(anna, act)["message"]["attachments"][0]["payload"]["url"])


def test_a_link_needs_no_token_but_its_signature(page: Any, anna: str) -> None:
    url = link(page, anna)
    assert url.startswith("http://127.0.0.1:7000/messenger/cdn/") and "?oh=" in url and "&oe=" in url
    assert page.download(url) == (200, PNG)
    assert page.download(url.replace("?oh=", "?oh=0"))[0] == 403
    assert page.download(url.partition("?")[0])[0] == 403
    assert page.download("/cdn/1_2_n.png?oh=x&oe=y")[0] == 404


def test_a_link_expires_in_the_time_of_its_chat(page: Any, anna: str) -> None:
    url = link(page, anna)
    page.state.chats[anna].ahead_s = 8 * 86_400
    assert page.download(url) == (403, b"URL signature expired")


def test_the_expiry_in_a_link_is_seconds_in_hex(page: Any, anna: str) -> None:
    expires = int(link(page, anna).partition("&oe=")[2], 16)
    assert page.now < expires <= page.now + 7 * 86_400


def test_a_profile_picture_is_a_picture(page: Any, anna: str) -> None:
    url = page.call("GET", f"/v25.0/{anna}").json["profile_pic"]
    status, content = page.download(url)
    assert status == 200 and content[:3] == b"\xff\xd8\xff"
    assert page.download(url.replace("&hash=", "&hash=0"))[0] == 403
    assert page.download("/cdn/profilepic?psid=1&ext=x")[0] == 404


def test_a_download_stands_in_the_trace_with_its_customer(page: Any, anna: str) -> None:
    url = link(page, anna).removeprefix(page.state.base_url)
    handled = platform.handle(page.state, Exchange(HttpRequest("GET", url), page.now))
    assert (handled.call.method, handled.call.to, handled.call.ok) == ("GET /cdn", anna, True)
    refused = platform.handle(page.state, Exchange(HttpRequest("DELETE", url), page.now))
    assert refused.response.status == 405


@pytest.mark.parametrize(
    ("kind", "content", "taken"),
    [
        ("image", b"RIFF\x00\x00\x00\x00WEBPVP8 ", True),
        ("image", b"BM" + b"\x00" * 60, False),
        ("audio", b"OggS" + b"\x00" * 24 + b"OpusHead", True),
        ("audio", b"fLaC" + b"\x00" * 60, False),
    ],
)
def test_only_the_listed_formats_are_taken(page: Any, anna: str, kind: str, content: bytes, taken: bool) -> None:
    page.serve(URL, content, "application/octet-stream")
    answer = page.send(anna, by_url(kind=kind))
    assert answer.status == 200 if taken else answer.code == (100, 2018047)


def test_a_sticker_and_a_product_have_a_picture(page: Any, anna: str) -> None:
    page.subscribe("messages", "message_echoes")
    shown = Write(parts=(Products(ids=("MUG 01",)),))
    (product,) = page.event(anna, shown)["message"]["attachments"][0]["payload"]["product"]["elements"]
    sent = page.send(anna, {"sticker_id": 369239263222822}).effect.message
    payload = page.event(anna, Echo(message=sent))["message"]["attachments"][0]["payload"]
    pictures = [page.download(url) for url in (product["image_url"], payload["url"])]
    assert [status for status, _ in pictures] == [200, 200] and pictures[0] != pictures[1]
    assert payload["sticker_id"] == 369239263222822
