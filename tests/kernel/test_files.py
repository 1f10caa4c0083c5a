"""Looking into files: bytes decide what they are, and broken ones are no accident."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from chatdrill.model import Blobs
from chatdrill.run.selection import samples
from chatdrill.wire.files import describe, duration, shrink, sniff


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("shoe-torn.jpg", "image/jpeg"),
        ("screenshot.png", "image/png"),
        ("thumbs-up.webp", "image/webp"),
        ("voice-en.ogg", "audio/ogg"),
        ("song.mp3", "audio/mpeg"),
        ("clip.mp4", "video/mp4"),
        ("invoice-553.pdf", "application/pdf"),
    ],
)
def test_a_sample_is_what_its_bytes_say(name, mime):
    assert sniff(samples()[name].read_bytes()) == mime


def test_a_picture_has_its_size_and_a_sound_its_length():
    blobs = Blobs()
    picture = describe(samples()["shoe-torn.jpg"].read_bytes(), blobs)
    voice = describe(samples()["voice-en.ogg"].read_bytes(), blobs)
    assert (picture.width, picture.height, picture.duration_s) == (1280, 960, None)
    assert voice.duration_s is not None
    assert 2 < voice.duration_s < 10


def test_bytes_win_over_a_declared_type():
    assert describe(samples()["screenshot.png"].read_bytes(), Blobs(), mime="image/jpeg").mime == "image/png"


def test_an_unknown_content_keeps_the_declared_type():
    assert describe(b"hello", Blobs(), mime="text/plain").mime == "text/plain"


def test_a_shrunk_picture_fits_and_is_a_jpeg():
    small = Image.open(io.BytesIO(shrink(samples()["shoe-torn.jpg"].read_bytes(), 320)))
    assert (small.format, max(small.size)) == ("JPEG", 320)


def test_what_is_no_picture_cannot_be_shrunk():
    with pytest.raises(ValueError, match="not a picture"):
        shrink(b"no picture", 320)


def test_a_picture_that_is_broken_in_the_middle_cannot_be_shrunk():
    torn = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
        "0000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
    )
    with pytest.raises(ValueError, match="not a picture: broken PNG"):
        shrink(torn, 320)


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"OggS", b"\x89PNG\r\n\x1a\n", b"\x00\x00\x00\x18ftypmp42"]),
)
def test_no_content_raises(content, head):
    assert describe(head + content, Blobs()).size_bytes == len(head + content)


def test_a_long_sound_is_not_searched_to_its_end():
    song = samples()["song.mp3"].read_bytes()
    audio = song[song.index(b"\xff") :]
    assert duration(audio * 30) == pytest.approx(30 * (duration(audio) or 0), rel=0.05)
    assert duration(b"ID3" + bytes(16_000_000)) is None
