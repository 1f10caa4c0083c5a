"""The sections of the page that show a run as a whole: promises by hour, who had it, slow and failed steps, the course of time."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from chatdrill.calendars import read_calendar
from chatdrill.checks.results import Judgement, Latency
from chatdrill.model import Customer
from chatdrill_reports import html
from chatdrill_reports.contract import Report
from chatdrill_reports.html import moments
from chatdrill_reports.html.attainment import Kept, attainment
from chatdrill_reports.html.page import Book
from reports.scribe import Scribe

MONDAY = dt.datetime(2026, 11, 23, tzinfo=dt.UTC).timestamp()
SHOP = read_calendar("shop", {"zone": "Europe/Warsaw", "hours": {"mon-fri": "09:00-12:00"}}, "here")


def kept(day: int, hour: float, in_time: bool = True) -> Kept:
    """An answer, by the clocks of Warsaw."""
    return Kept(MONDAY + day * 86_400 + (hour - 1) * 3600, "Europe/Warsaw", in_time)


def test_promises_are_counted_by_the_hour_in_which_the_customer_began_to_wait():
    found = attainment([kept(0, 9.5), kept(0, 9.9, False), kept(0, 11), kept(4, 11)], SHOP)
    assert found.hours == ("09", "10", "11") and [name for name, _ in found.rows] == ["Mon", "Fri", "all days"]
    assert [cell.text for cell in found.rows[0][1]] == ["50", "", "100"]
    assert found.rows[0][1][0].title == "Mon 09:00 to 09:59: 1 of 2 in time"
    assert (found.kept, found.promised, found.share) == (3, 4, "75 %")


def test_hours_in_which_the_calendar_is_closed_are_marked_where_nothing_was_promised():
    found = attainment([kept(0, 8), kept(0, 13)], SHOP)
    assert [cell.look for cell in found.rows[0][1]] == ["a5", "", "", "", "shut", "a5"]
    weekend = attainment([kept(5, 8), kept(5, 10)], SHOP)
    assert [cell.look for cell in weekend.rows[0][1]] == ["a5", "shut", "a5"]


def test_without_a_promise_there_is_no_table(run):
    assert attainment([]) is None and b'id="attainment"' not in html.render(**run)


@pytest.fixture
def slow_case(scribe: Scribe):
    """A customer who waits nine seconds while the bot's call is refused once."""
    story = scribe.story("slow", "telegram", Customer(key="anna", first_name="Anna"), sla={"first_response": "5s"})
    asked = story.wait(1).says("Where is my order?")
    story.wait(4).call("sendMessage", status=429, ok=False, error="Too Many Requests")
    said = story.wait(5).bot("Here.")
    story.step(0, "unmet", "nobody said it")
    story.end("unmet")
    late = Latency(name="first_response", platform="telegram", case=story.case, t=0.1, seconds=9.0, cites=(said, asked))
    return story, late


def book_of(slow_case) -> Book:
    story, late = slow_case
    import msgspec

    case = msgspec.structs.replace(story.judged(), latencies=(late,) * 6)
    return Book(Report(records=story.scribe.records, judgement=Judgement(verdict="fail", cases=(case,))))


def test_a_slow_answer_has_the_wire_between_question_and_answer(slow_case):
    book = book_of(slow_case)
    (found,) = moments.slow(book.report, book.conversations)
    assert found.took == "9.0 s" and found.detail == "after “Where is my order?”"
    assert [(bar.event.kind, bar.event.ok) for bar in found.bars] == [
        ("webhook", True),
        ("call", False),
        ("call", True),
    ]
    assert [bar.x for bar in found.bars] == sorted(bar.x for bar in found.bars)
    assert all(bar.x >= 0 and bar.x + bar.width <= 100.01 for bar in found.bars)


def test_a_step_that_was_not_met_is_told_with_what_was_missing(slow_case):
    book = book_of(slow_case)
    (found,) = moments.failed(book.report, book.conversations)
    assert found.detail == "nobody said it" and found.anchor.startswith("c1")


def test_what_came_later_than_promised_is_drawn_and_counted(slow_case):
    book = book_of(slow_case)
    assert [one.in_time for one in book.answers.kept()] == [False] * 6
    page = html.render(records=book.report.records, judgement=book.judgement).decode()
    course = page[page.index('<section id="course"') :]
    assert re.search(r'<path class="late" d="M', course) and 'class="limit"' in course


def test_the_worst_conversations_come_first(run):
    book = Book(Report(**run))
    assert [one.case.verdict for one in book.conversations] == ["error", "fail", "inconclusive", "pass", "pass"]
