"""Files of customers and of the bot."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from chatdrill.model import Media, Write
from wechat.kit import DAY, MP3, MP4, PNG, Account, answer, code

MIB = 1024 * 1024


def photo(account: Account) -> dict[str, str]:
    return account.event(Write(parts=(Media(kind="photo", file=account.file(PNG)),)))


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    return out.getvalue()


def test_a_customers_picture_is_fetched_by_its_id(account: Account) -> None:
    handled = account.call("media/get", media_id=photo(account)["MediaId"])
    response = handled.response
    assert response is not None and response.body == PNG
    assert response.header("Content-Type") == "image/png"
    assert (response.header("Content-disposition") or "").startswith('attachment; filename="')


def test_a_picture_lies_at_its_address(account: Account) -> None:
    url = photo(account)["PicUrl"]
    assert account.get(url).body == PNG
    assert account.get(f"{url[:-10]}xxxxxxxx/0").status == 404


def test_of_a_video_there_is_only_its_address(account: Account) -> None:
    told = account.event(Write(parts=(Media(kind="video", file=account.file(MP4)),)))
    url = answer(account.call("media/get", media_id=told["MediaId"]))["video_url"]
    assert account.get(url).body == MP4
    thumb = account.call("media/get", media_id=told["ThumbMediaId"]).response
    assert thumb is not None and Image.open(io.BytesIO(thumb.body)).format == "JPEG"


def test_a_customers_file_is_gone_after_three_days(account: Account) -> None:
    told = photo(account)
    account.now += 3 * DAY + 1
    assert code(account.call("media/get", media_id=told["MediaId"])) == 40007
    assert account.get(told["PicUrl"]).status == 404


@pytest.mark.parametrize(("kind", "content"), [("image", PNG), ("voice", MP3), ("voice", b"#!AMR\nx"), ("video", MP4)])
def test_a_file_of_the_bots_is_kept_for_three_days(account: Account, kind: str, content: bytes) -> None:
    body = answer(account.upload(kind, content))
    assert (body["type"], body["created_at"], len(body["media_id"])) == (kind, int(account.now), 64)
    account.now += 3 * DAY
    got = account.call("media/get", media_id=body["media_id"])
    assert code(got) == 0 if kind == "video" else got.response is not None and got.response.body == content
    account.now += 1
    assert code(account.call("media/get", media_id=body["media_id"])) == 40007


def test_a_small_picture_has_a_name_of_its_own(account: Account) -> None:
    assert "thumb_media_id" in answer(account.upload("thumb", jpeg()))


@pytest.mark.parametrize(
    ("kind", "size", "expected"),
    [("image", 10 * MIB, 40009), ("voice", 2 * MIB, 40010), ("video", 10 * MIB, 40011), ("thumb", 64 * 1024, 40012)],
)
def test_a_file_may_have_so_many_bytes(account: Account, kind: str, size: int, expected: int) -> None:
    begin = {"image": PNG, "voice": b"#!AMR\n", "video": MP4, "thumb": jpeg()}[kind]
    assert code(account.upload(kind, begin.ljust(size, b"\0"))) == 0
    assert code(account.upload(kind, begin.ljust(size + 1, b"\0"))) == expected


def test_a_sound_lasts_a_minute(account: Account) -> None:
    frame = bytes.fromhex("fffb9064") + b"\0" * 413  # 128 kbit/s, 44.1 kHz: 26 ms
    assert code(account.upload("voice", frame * 2290)) == 0
    assert code(account.upload("voice", frame * 2400)) == 45007


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [("image", MP4, 40005), ("video", PNG, 40005), ("thumb", PNG, 40005), ("voice", PNG, 40005), ("dance", PNG, 40004),
     ("image", b"", 44001)],
)  # fmt: skip
def test_what_is_no_such_file_is_refused(account: Account, kind: str, content: bytes, expected: int) -> None:
    assert code(account.upload(kind, content)) == expected


def test_an_upload_has_a_file(account: Account) -> None:
    assert code(account.call("media/upload", b"x=1", type="image")) == 41005
