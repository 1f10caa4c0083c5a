"""How platforms look on a phone: data of the page, which has something to say of each."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from chatdrill import console
from chatdrill.run.registry import platform_names

ASSETS = Path(console.__file__).with_name("assets")
SKINS = json.loads((ASSETS / "skins.json").read_text("utf-8"))
PARTS = set(re.findall(r"(\w+): \"--", (ASSETS / "phone.js").read_text("utf-8")))
READABLE = 4.5
"""The contrast of words that the Web Content Accessibility Guidelines ask for (1.4.3)."""


def test_every_platform_has_a_skin_and_no_skin_is_nobodys() -> None:
    assert set(SKINS) == set(platform_names())


@pytest.mark.parametrize("platform", sorted(SKINS))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_skin_has_every_colour_and_its_words_can_be_read(platform: str, scheme: str) -> None:
    colours = SKINS[platform][scheme]
    assert set(colours) == PARTS
    for words, ground in (("headerText", "header"), ("mineText", "mine"), ("theirsText", "theirs")):
        assert contrast(colours[words], colours[ground]) >= READABLE, (words, ground)


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Of ``#rrggbb``, as the guidelines define it."""
    shares = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
