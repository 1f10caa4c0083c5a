"""The sample media are what their index says, and small."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tinytag import TinyTag

import chatdrill_scenarios

MEDIA = Path(chatdrill_scenarios.__file__).parent / "media"
INDEX: dict[str, dict[str, Any]] = tomllib.loads((MEDIA / "index.toml").read_text(encoding="utf-8"))
KINDS = {"photo", "video", "voice", "audio", "document", "sticker", "animation", "video_note"}
TOTAL_MAX_BYTES = 2_500_000
SIZES_BYTES = {  # at least, at most
    "shoe-torn.jpg": (120_000, 250_000),
    "shoe-front.jpg": (60_000, 150_000),
    "shoe-side.jpg": (60_000, 150_000),
    "shoe-sole.jpg": (60_000, 150_000),
    "screenshot.png": (40_000, 120_000),
    "thumbs-up.webp": (4_000, 100_000),  # WhatsApp's bound for a static sticker
    "clip.mp4": (20_000, 500_000),
}


def of(*kinds: str) -> list[str]:
    return [file for file, sample in INDEX.items() if sample["kind"] in kinds]


def pictures() -> list[str]:
    return [file for file, sample in INDEX.items() if sample["mime"].startswith("image/")]


def test_the_index_lists_every_file_and_nothing_else() -> None:
    files = {path.name for path in MEDIA.iterdir() if path.suffix not in (".py", ".toml") and path.is_file()}
    assert set(INDEX) == files


@pytest.mark.parametrize("file", INDEX)
def test_a_sample_is_described_and_unchanged(file: str) -> None:
    sample = INDEX[file]
    assert sample["file"] == file
    assert sample["kind"] in KINDS
    assert sample["alt"]
    assert sample["sha256"] == hashlib.sha256((MEDIA / file).read_bytes()).hexdigest()


def test_all_samples_together_are_small() -> None:
    assert sum((MEDIA / file).stat().st_size for file in INDEX) < TOTAL_MAX_BYTES


@pytest.mark.parametrize(("file", "bounds"), SIZES_BYTES.items())
def test_a_sample_is_as_large_as_a_real_one(file: str, bounds: tuple[int, int]) -> None:
    assert bounds[0] <= (MEDIA / file).stat().st_size <= bounds[1]


@pytest.mark.parametrize("file", pictures())
def test_a_picture_opens_and_has_the_size_of_the_index(file: str) -> None:
    with Image.open(MEDIA / file) as image:
        image.verify()
    with Image.open(MEDIA / file) as image:
        image.load()
        assert image.size == (INDEX[file]["width"], INDEX[file]["height"])
        assert Image.MIME[image.format or ""] == INDEX[file]["mime"]


@pytest.mark.parametrize("file", [file for file in pictures() if file.endswith(".jpg")])
def test_a_jpeg_is_baseline_and_carries_no_exif(file: str) -> None:
    with Image.open(MEDIA / file) as image:
        assert not image.getexif()
        assert "progressive" not in image.info


def test_the_sticker_is_512_wide_and_has_transparent_parts() -> None:
    with Image.open(MEDIA / "thumbs-up.webp") as image:
        assert image.size == (512, 512)
        assert image.convert("RGBA").getchannel("A").getextrema() == (0, 255)


@pytest.mark.parametrize("file", of("voice"))
def test_a_voice_message_is_mono_opus_in_ogg(file: str) -> None:
    content = (MEDIA / file).read_bytes()
    assert content.startswith(b"OggS")
    assert content[28:36] == b"OpusHead"
    assert content[37] == 1  # channels
    assert int.from_bytes(content[40:44], "little") == 48_000


@pytest.mark.parametrize(("kind", "shortest_s", "longest_s"), [
    ("voice", 3, 6), ("audio", 3, 5), ("video", 2.9, 3.1), ("video_note", 1.9, 2.1), ("animation", 1.9, 2.1),
])  # fmt: skip
def test_sound_and_film_last_as_long_as_the_index_says(kind: str, shortest_s: float, longest_s: float) -> None:
    for file in of(kind):
        duration_s = TinyTag.get(MEDIA / file).duration
        assert duration_s == pytest.approx(INDEX[file]["duration_s"], abs=0.05)
        assert shortest_s <= duration_s <= longest_s


@pytest.mark.parametrize("file", of("video", "video_note", "animation"))
def test_a_film_can_start_before_it_is_loaded(file: str) -> None:
    content = (MEDIA / file).read_bytes()
    assert content[4:8] == b"ftyp"
    assert 0 < content.index(b"moov") < content.index(b"mdat")


def test_only_the_animation_is_silent() -> None:
    silent = [file for file in of("video", "video_note", "animation") if b"mp4a" not in (MEDIA / file).read_bytes()]
    assert silent == ["wave.gif.mp4"]


def test_the_video_note_is_square() -> None:
    assert INDEX["round.mp4"]["width"] == INDEX["round.mp4"]["height"] == 384


def test_the_invoice_is_a_pdf_whose_table_points_at_its_objects() -> None:
    content = (MEDIA / "invoice-553.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.endswith(b"%%EOF\n")
    table = int(content.rsplit(b"startxref\n", 1)[1].split()[0])
    rows = content[table:].split(b"\n")[3:8]
    assert [content[int(row[:10]) :].split(b" ", 1)[0] for row in rows] == [b"1", b"2", b"3", b"4", b"5"]
