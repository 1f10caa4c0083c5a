"""The three reports of a difference say the same, and nothing in them is taken for markup or moves a terminal's cursor."""

from __future__ import annotations

import json

import msgspec

from chatdrill.comparing import Difference, compare
from chatdrill.run.registry import diff_reporters
from comparing.kit import Script


def changed() -> Difference:
    before = Script().says("Hi <b>there</b>").hears("Hello").says("More").hears("One", after=0.1).over()
    after = (
        Script()
        .says("Hi <b>there</b>")
        .hears("Hello \x1b[2J<script>alert(1)</script>", "Yes")
        .says("More")
        .hears("One", after=4.0)
    )
    return compare(before, after.over(), strictness="wording", verdicts=({CASE: "pass"}, {CASE: "fail"}))


CASE = "drills/a.yaml::Order [telegram]"


def test_the_terminal_says_what_changed_in_which_turn() -> None:
    text = diff_reporters()["txt"](changed())
    assert "turn 1: Hi <b>there</b>" in text and "    - Hello\n" in text and "(parts, buttons, text)" in text
    assert "pass, then fail" in text and "later: " in text and "\x1b" not in text
    assert text.endswith("1 of 1 conversation changed; 1 reply changed; 1 time changed; 1 verdict changed\n")


def test_colours_are_only_drawn_where_they_are_wanted() -> None:
    assert "\x1b[31m" in diff_reporters()["txt"](changed(), color=True)


def test_machines_get_all_of_it() -> None:
    value = json.loads(diff_reporters()["json"](changed()))
    assert (
        value["same"] is False and value["counts"]["changed"] == 1 and value["cases"][0]["verdicts"] == ["pass", "fail"]
    )
    again = msgspec.convert(value, Difference)
    assert again.changed == changed().changed


def test_the_page_escapes_what_people_wrote_and_asks_nothing_of_the_network() -> None:
    page = diff_reporters()["html"](changed())
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page and "&lt;b&gt;there" in page
    assert 'src="http' not in page and 'href="http' not in page and "default-src" in page


def test_nothing_changed_is_said_in_so_many_words() -> None:
    same = compare(Script().says("Hi").over(), Script().says("Hi").over())
    assert diff_reporters()["txt"](same).endswith("nothing changed in 1 conversation\n")
    assert "Nothing changed in 1 conversation" in diff_reporters()["html"](same)
