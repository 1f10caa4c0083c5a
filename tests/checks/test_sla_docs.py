"""The page about response times tells the truth: its blocks can be used, and its finding comes out."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from chatdrill.calendars import read_calendars
from chatdrill.checks.sla import MEASURES, OPTIONS, read_sla, resolved_sla

yaml = pytest.importorskip("yaml")
PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "sla.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
SETTINGS = tomllib.loads(next(text for language, text in BLOCKS if language == "toml"))
CALENDARS = read_calendars(SETTINGS["calendars"], lambda name, *_: f"sla.md: {name}")
HOUR_S = 3600.0
MONDAY_TO_FRIDAY_S = 5 * 24 * HOUR_S


def test_the_settings_of_the_page_are_valid():
    sla = read_sla(resolved_sla(SETTINGS["sla"], CALENDARS))
    assert sla.calendar_of("first_response") is None
    assert sla.calendar_of("resolution").name == "shop"


@pytest.mark.parametrize("text", [text for language, text in BLOCKS if language == "yaml"])
def test_the_scenarios_of_the_page_are_valid(text):
    block = yaml.load(text, Loader=yaml.BaseLoader)["sla"]
    assert "resolution" in read_sla(resolved_sla(block, CALENDARS)).measures


def test_the_page_names_every_key():
    assert [key for key in (*MEASURES, *OPTIONS) if f"`{key}`" not in PAGE] == []


def test_the_finding_of_the_page_comes_out(tale, case):
    block = resolved_sla({"first_response": "2h", "calendar": "shop"}, CALENDARS)
    told = case("late", sla=block).skip(MONDAY_TO_FRIDAY_S + 6.75 * HOUR_S - 0.1).says("Hi", told=False)
    told.skip(19 * HOUR_S + 600).bot("Hello!", after=0).done()
    [finding] = tale.findings("sla")
    said = [finding.message, *(f"  {label:<9} {text}" for label, text in finding.details.items())]
    assert "\n".join(said) in PAGE
