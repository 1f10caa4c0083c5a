"""Makes the sample media and their index again: `python -m chatdrill_scenarios.media.make_samples`.

Everything is drawn, spoken and played by this script from a fixed seed, so the samples belong to this project. Pillow
draws; espeak-ng speaks and ffmpeg encodes, and both are needed only here.
"""

from __future__ import annotations

import hashlib
import io
import math
import struct
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from tinytag import TinyTag

from .drawing import BLUE, GREEN, RED, contrasted, shoe_front, shoe_side, shoe_sole
from .papers import invoice_pdf, receipt, screenshot, size_chart, thumbs_up

HERE = Path(__file__).resolve().parent
RATE_HZ = 48_000
FPS = 15
WOOD, GREY, DARK = (168, 132, 98), (134, 134, 138), (118, 92, 74)
_QUIET = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", "-threads", "1"]
# Without dates, versions and random serial numbers in the files, the same input gives the same bytes.
_EXACT = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]
_H264 = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-preset", "slow", "-threads", "1", "-movflags", "+faststart"]


@dataclass(frozen=True, slots=True)
class Sample:
    file: str
    kind: str
    mime: str
    alt: str
    make: Callable[[], bytes]


def jpeg(image: Image.Image, quality: int) -> bytes:
    return _saved(contrasted(image), "JPEG", quality=quality, optimize=True)


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def _run(command: list[str], content: bytes | None = None) -> bytes:
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout


def _encoded(suffix: str, inputs: list[str], options: list[str], content: bytes) -> bytes:
    """What ffmpeg makes of the content; MP4 needs a real file, as its index is written last."""
    target = HERE / f".new{suffix}"
    try:
        _run([*_QUIET, *inputs, *_EXACT, *options, str(target)], content)
        return target.read_bytes()
    finally:
        target.unlink(missing_ok=True)


def speech(language: str, words: str, words_per_min: int = 140) -> bytes:
    """What a messenger makes of a voice message: Ogg, Opus, mono, about 16 kbit/s."""
    spoken = _run(["espeak-ng", "-v", language, "-s", str(words_per_min), "--stdout", words])
    opus = ["-c:a", "libopus", "-b:a", "16k", "-ac", "1", "-ar", str(RATE_HZ), "-application", "voip"]
    return _encoded(".ogg", ["-f", "wav", "-i", "pipe:0"], opus, spoken)


def _tune(notes: Iterable[tuple[float, float]]) -> bytes:
    """Soft bell-like tones (Hz, seconds) as 16-bit samples."""
    sound = bytearray()
    for pitch_hz, length_s in notes:
        for n in range(int(length_s * RATE_HZ)):
            t = n / RATE_HZ
            fade = min(t / 0.01, 1.0) * math.exp(-2.6 * t)
            tone = sum(math.sin(2 * math.pi * pitch_hz * part * t) / part**1.6 for part in (1, 2, 3, 4))
            sound += struct.pack("<h", int(13_000 * fade * tone))
    return bytes(sound)


JINGLE = [(523.25, 0.3), (659.25, 0.3), (783.99, 0.3), (1046.5, 0.6), (783.99, 0.3), (880.0, 0.3), (783.99, 0.3),
          (659.25, 0.3), (1046.5, 1.3)]  # fmt: skip


def song() -> bytes:
    pcm = ["-f", "s16le", "-ar", str(RATE_HZ), "-ac", "1", "-i", "pipe:0"]
    tags = ["-metadata", "title=Stepwell jingle", "-metadata", "artist=chatdrill"]
    return _encoded(".mp3", pcm, ["-c:a", "libmp3lame", "-b:a", "64k", *tags], _tune(JINGLE))


def film(frames: Iterable[Image.Image], size: tuple[int, int], crf: int, sound: bytes = b"") -> bytes:
    """An MP4 of the frames, with the 16-bit samples as its sound if there are any."""
    raw = b"".join(frame.resize(size, Image.Resampling.LANCZOS).tobytes() for frame in frames)
    video = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}", "-r", str(FPS), "-i", "pipe:0"]
    options = [*_H264, "-crf", str(crf)]
    if not sound:
        return _encoded(".mp4", video, [*options, "-an"], raw)
    track = HERE / ".sound.raw"
    track.write_bytes(sound)
    try:
        audio = ["-f", "s16le", "-ar", str(RATE_HZ), "-ac", "1", "-i", str(track)]
        return _encoded(".mp4", [*video, *audio], [*options, "-c:a", "aac", "-b:a", "48k", "-shortest"], raw)
    finally:
        track.unlink(missing_ok=True)


def clip() -> bytes:
    """The camera wanders over the torn shoe from heel to toe."""
    picture = shoe_side(True, BLUE, WOOD)

    def frame(number: int) -> Image.Image:
        part = number / (3 * FPS - 1)
        left = 560 * (1 - part) + 6 * math.sin(number / 2)
        top = 40 + 20 * math.sin(number / 5)
        return picture.crop((round(left), round(top), round(left) + 660, round(top) + 880))

    return film((frame(n) for n in range(3 * FPS)), (480, 640), 30, _tune([(440.0, 1.0), (554.37, 1.0), (659.25, 1.0)]))


def round_note() -> bytes:
    """A video note: the sole, turned in front of the camera."""
    picture = shoe_sole(GREY)

    def frame(number: int) -> Image.Image:
        turned = picture.rotate(14 * math.sin(number / 5), Image.Resampling.BICUBIC)
        return turned.crop((60, 200, 740, 880))

    return film((frame(n) for n in range(2 * FPS)), (384, 384), 30, _tune([(392.0, 1.0), (523.25, 1.0)]))


def wave() -> bytes:
    """A silent loop, as messengers make of a GIF: the thumb waves."""
    hand = thumbs_up()

    def frame(number: int) -> Image.Image:
        ground = Image.new("RGB", (640, 480), (232, 240, 248))
        turned = hand.rotate(18 * math.sin(2 * math.pi * number / FPS), Image.Resampling.BICUBIC, center=(256, 430))
        small = turned.resize((420, 420), Image.Resampling.LANCZOS)
        ground.paste(small, (110, 40), small)
        return ground

    return film((frame(n) for n in range(2 * FPS)), (320, 240), 28)


_DOCUMENT = "application/pdf"
SAMPLES: tuple[Sample, ...] = (
    Sample("shoe-torn.jpg", "photo", "image/jpeg", "A blue trainer, torn open between toe and sole",
           lambda: jpeg(shoe_side(True, BLUE, WOOD), 78)),
    Sample("shoe-front.jpg", "photo", "image/jpeg", "A pair of red trainers from the front",
           lambda: jpeg(shoe_front(RED, GREY), 76)),
    Sample("shoe-side.jpg", "photo", "image/jpeg", "A green trainer from the side, undamaged",
           lambda: jpeg(shoe_side(False, GREEN, DARK).resize((960, 720), Image.Resampling.LANCZOS), 82)),
    Sample("shoe-sole.jpg", "photo", "image/jpeg", "A worn sole with a crack across the middle",
           lambda: jpeg(shoe_sole(GREY), 76)),
    Sample("receipt.jpg", "photo", "image/jpeg", "A till receipt for order 553, total 340.00 PLN",
           lambda: jpeg(receipt(), 80)),
    Sample("screenshot.png", "photo", "image/png", "A chat with the shop about order 553 on a phone",
           lambda: _saved(screenshot().quantize(128), "PNG", optimize=True)),
    Sample("size-chart.png", "photo", "image/png", "The shop's size chart, EU 35 to 47",
           lambda: _saved(size_chart().quantize(64), "PNG", optimize=True)),
    Sample("thumbs-up.webp", "sticker", "image/webp", "A yellow hand with the thumb up",
           lambda: _saved(thumbs_up(), "WEBP", quality=86, method=6)),
    Sample("voice-en.ogg", "voice", "audio/ogg", "English: Hello, my shoes are torn, order five five three",
           lambda: speech("en-gb", "Hello, my shoes are torn. Order five, five, three.")),
    Sample("voice-ru.ogg", "voice", "audio/ogg", "Russian: Здравствуйте, мои ботинки порвались, заказ пять пять три",
           lambda: speech("ru", "Здравствуйте, мои ботинки порвались. Заказ пять, пять, три.")),
    Sample("voice-pl.ogg", "voice", "audio/ogg", "Polish: Dzień dobry, moje buty są podarte, zamówienie pięć pięć trzy",
           lambda: speech("pl", "Dzień dobry, moje buty są podarte. Zamówienie pięć, pięć, trzy.", 165)),
    Sample("song.mp3", "audio", "audio/mpeg", "The shop's jingle", song),
    Sample("clip.mp4", "video", "video/mp4", "The camera moves along the torn trainer", clip),
    Sample("round.mp4", "video_note", "video/mp4", "A worn sole, turned in front of the camera", round_note),
    Sample("wave.gif.mp4", "animation", "video/mp4", "A thumb that waves, without sound", wave),
    Sample("invoice-553.pdf", "document", _DOCUMENT, "The invoice for order 553, one page", invoice_pdf),
)  # fmt: skip
_FILM_SIZES = {"clip.mp4": (480, 640), "round.mp4": (384, 384), "wave.gif.mp4": (320, 240)}


def table(sample: Sample, content: bytes) -> str:
    """The sample's table in the index."""
    rows = [f'file = "{sample.file}"', f'kind = "{sample.kind}"', f'mime = "{sample.mime}"']
    size = Image.open(io.BytesIO(content)).size if sample.mime.startswith("image/") else _FILM_SIZES.get(sample.file)
    if size:
        rows += [f"width = {size[0]}", f"height = {size[1]}"]
    if sample.mime.startswith(("audio/", "video/")):
        rows.append(f"duration_s = {_duration_s(sample.file):.2f}")
    rows += [f'alt = "{sample.alt}"', f'sha256 = "{hashlib.sha256(content).hexdigest()}"']
    return "\n".join([f'["{sample.file}"]', *rows])


def _duration_s(file: str) -> float:
    return TinyTag.get(HERE / file).duration or 0.0


def main() -> None:
    tables = ["# Made by make_samples.py; do not edit."]
    for sample in SAMPLES:
        content = sample.make()
        (HERE / sample.file).write_bytes(content)
        tables.append(table(sample, content))
        print(f"{sample.file:16} {len(content):8} bytes")
    (HERE / "index.toml").write_text("\n\n".join(tables) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
