"""The page about calendars says what is so."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from chatdrill.calendars import read_calendar, read_calendars
from chatdrill.errors import SettingsError

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "calendars.md").read_text("utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)
MISTAKES = re.findall(r"^chatdrill\.toml:.*", PAGE, flags=re.MULTILINE)
WRONG = """\
[calendars.shop]
zone = "Europe/Warsaw"
hours = { mon-fri = "09:00-18:00" }
holidays = "PL"
days = { 2026-12-24 = "closed" }
[calendars.desk]
any_of = ["shop"]
"""
SLIPS = [
    ('"Europe/Warsaw"', '"Europe/Warsow"'),
    ("mon-fri", "mon-fir"),
    ("2026-12-24 =", '"2026-12-31..2026-12-24" ='),
    ('"PL"', '"Poland"'),
    ('["shop"]', '["shpo"]'),
]


@pytest.mark.parametrize("text", BLOCKS)
def test_every_example_is_a_calendar(text: str) -> None:
    blocks = tomllib.loads(text)["calendars"]
    found = read_calendars(blocks, lambda *keys: ".".join(keys))
    assert list(found) == list(blocks)
    assert all(calendar.next_open(1_795_000_000) for calendar in found.values())


def test_the_page_has_examples() -> None:
    assert len(BLOCKS) >= 5
    assert len(MISTAKES) == len(SLIPS)


@pytest.mark.parametrize(("right", "wrong"), SLIPS)
def test_every_mistake_is_answered_as_the_page_says(right: str, wrong: str) -> None:
    text = WRONG.replace(right, wrong, 1)
    line = next(number for number, line in enumerate(text.splitlines(), start=1) if wrong in line)
    with pytest.raises(SettingsError) as caught:
        read_calendars(tomllib.loads(text)["calendars"], lambda *_: f"chatdrill.toml:{line}")
    assert str(caught.value) in MISTAKES


def test_the_narrower_key_wins_in_the_example_as_the_page_says() -> None:
    block = next(tomllib.loads(text) for text in BLOCKS if "clinic" in text)["calendars"]["clinic"]
    clinic = read_calendar("clinic", block, "here")
    monday = datetime(2026, 11, 23, tzinfo=clinic.zone).timestamp()
    days = [monday + day * 86400 for day in range(8)]
    assert [clinic.open_seconds(*day) / 3600 for day in pairwise(days)] == [8.5, 8.5, 0, 8.5, 8.5, 3, 3]
