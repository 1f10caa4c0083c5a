"""A drawn transcript can be read on any terminal, and moves nobody's cursor."""

from __future__ import annotations

import pytest

from chatdrill.model import Contact, Location, Template
from chatdrill.trace.transcript import Transcripts, render_text, render_wire
from chatdrill.trace.transcript.cells import cells, wrap
from chatdrill.trace.transcript.phrases import (
    clock_time,
    day,
    exact_time,
    later,
    length,
    plain,
    play_time,
    seconds,
    size_words,
    zone_name,
)
from chatdrill.trace.transcript.steps import step_words


def view_of(story):
    return Transcripts(story.scribe.records).view(story.case)


def test_the_customer_stands_left_and_the_bot_is_indented(telegram):
    telegram.says("Hello")
    telegram.wait(1.2).bot("Hi!")
    _, customer, bot = render_text(view_of(telegram), width=70).split("\n")
    assert customer.startswith("09:15:00 Anna ▏Hello") and customer.endswith("✓✓")
    assert bot.startswith("09:15:01 ") and bot.index("▏Hi!") > customer.index("▏Hello") and bot.endswith("+1.2 s")


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_no_line_is_wider_than_the_terminal(run, width):
    transcripts = Transcripts(run["records"])
    for case in transcripts.cases:
        view = transcripts.view(case)
        assert max(map(cells, render_text(view, width=width).split("\n"))) <= width


def test_colour_comes_only_when_asked_for(telegram):
    telegram.says("\x1b[31mred\x07")
    view = view_of(telegram)
    assert "\x1b" not in render_text(view) and "\x1b" not in render_wire(view)
    assert "\x1b[36m" in render_text(view, color=True)


def test_customers_cannot_move_the_cursor_or_turn_the_line_around(telegram):
    telegram.says("\x1b[2J\x9b1A\x00\r\nsafe \u202egnp.exe\u2066")
    drawn = render_text(view_of(telegram), color=True)
    assert not {"\x9b", "\x00", "\r", "\u202e", "\u2066"} & set(drawn)
    assert "\x1b[2J" not in drawn and "␛[2J" in drawn


def test_plain_signs_replace_the_drawn_ones_for_an_ascii_terminal(telegram):
    telegram.says("Hello")
    telegram.wait(1).bot(Location(latitude=1, longitude=2), Contact(name="Bo", phone="1"))
    view = view_of(telegram)
    assert render_text(view, unicode=False).isascii() and render_wire(view, unicode=False).isascii()


def test_notes_stand_below_what_they_accuse(telegram):
    telegram.says("Hello")
    accused = telegram.bot("Hi!")
    telegram.says("Thanks")
    drawn = render_text(view_of(telegram), notes={accused: ["The bot was rude."]}).split("\n")
    assert "▏Hi!" in drawn[2] and drawn[3].strip() == "✗ The bot was rude." and "Thanks" in drawn[4]


def test_a_failed_message_and_a_template_say_so(telegram):
    telegram.bot(Template(name="ready", language="pl", text="Gotowe"))
    telegram.receipt("failed", error=131026)
    drawn = render_text(view_of(telegram))
    assert "Gotowe" in drawn and "(template ready, pl)" in drawn and "✗ failed 131026" in drawn


def test_the_wire_says_what_came_of_each_request(telegram):
    telegram.says("Hello")
    update = telegram.scribe.records[-1].updates[0]
    telegram.wait(10).attempt(update, status=None, number=2, error="timeout", retry_in_s=5.0)
    telegram.call("sendMessage", status=400, ok=False, error="chat not found", support="partial")
    first, second, third = render_wire(view_of(telegram), width=120).split("\n")
    assert first.endswith("200 in 13 ms") and f"→ message {update}" in first
    assert "2nd attempt" in second and second.endswith("no answer in 13 ms: timeout, again in 5.0 s")
    assert third.endswith("400 in 2 ms: chat not found (partial by the fake)") and "← sendMessage" in third


def test_text_is_wrapped_by_cells_and_long_words_are_cut():
    assert wrap("one two three", 7) == ["one two", "three"]
    assert wrap("漢字漢字", 4) == ["漢字", "漢字"]
    assert wrap("abcdefgh", 3) == ["abc", "def", "gh"]
    assert wrap("a\n\nb", 9) == ["a", "", "b"]
    assert cells("e\u0301👍") == 3


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (seconds(0.42), "0.4 s"),
        (seconds(0), "0 s"),
        (seconds(200), "3m 20s"),
        (seconds(36_900), "10h 15m"),
        (seconds(187_200), "2d 4h"),
        (seconds(187_200, days=False), "52h"),
        (exact_time(1_795_338_902.25, "Asia/Kolkata"), "14:45:02.250"),
        (clock_time(1_795_338_900, "Europe/Warsaw"), "10:15:00"),
        (day(1_795_388_400, "Europe/Warsaw"), "Monday 23 November 2026"),
        (zone_name("Mars/Base"), "UTC"),
        (later(90_000), "1 day and 1 hour later"),
        (later(172_807), "2 days later"),
        (later(50_399.2), "14 hours later"),
        (later(0.2), "a moment later"),
        (size_words(999), "999 B"),
        (size_words(240_000), "240 kB"),
        (size_words(1_300_000), "1.3 MB"),
        (play_time(7.4), "0:07"),
        (clock_time(0), "00:00:00"),
        (plain("a\tb\r\nc"), "a    b\nc"),
        (step_words({"step": "says", "pieces": [{"text": "hi"}], "when": [1]}), "says “hi”"),
        (step_words({"step": "waits", "seconds": 3}), "waits 3s"),
        (step_words({"step": "hears_nothing", "seconds": 2.0}), "hears nothing for 2s"),
        (step_words({"step": "waits_until", "moment": "09:00 monday"}), "waits until 09:00 monday"),
        (step_words({"step": "reminded", "not_before": 85_800.0, "by": 87_000.0}), "reminded after 24h ± 10m"),
        (step_words({"step": "hears", "not_before": 3600.0, "by": "09:15"}), "hears not before 1h, by 09:15"),
        (length(0.25), "250ms"),
        (length(90), "1m 30s"),
        (length(50_399.2), "14h"),  # rounded, not cut
        (length(86_999.2), "24h 10m"),
        (length(176_400), "2d 1h"),
    ],
)
def test_numbers_are_said_in_words(said, words):
    assert said == words
