"""The days of a long conversation on an axis: who spoke when, what the bot did by itself, and when nobody works."""

from __future__ import annotations

import pytest

from chatdrill.calendars import read_calendar
from chatdrill.checks.hours import calendars
from chatdrill.checks.results import Finding, Judgement
from chatdrill.model import Customer
from chatdrill.trace.transcript import Transcripts
from chatdrill_reports import html
from chatdrill_reports.html import timeline
from reports.scribe import Scribe, Story

HOUR, DAY = 3_600.0, 86_400.0
SHOP = {"zone": "UTC", "hours": {"mon-fri": "09:00-18:00"}}
ANNA = Customer(key="anna", first_name="Anna")


@pytest.fixture
def days() -> Story:
    """Sunday to Tuesday: a question and its answer, a reminder a day later, words and an answer on Tuesday."""
    story = Scribe(clock="virtual", speed=1.0).story("days", "telegram", ANNA)
    story.says("Where is it?")
    story.wait(1).bot("On its way.")
    story.wait(DAY).bot("Are you still there?")
    story.step(0, not_before_at=story.at - HOUR, due_at=story.at + HOUR, zone="UTC")
    story.wait(DAY).says("Yes")
    story.wait(1).bot("Good.")
    return story


def drawn(story: Story, **more) -> timeline.Timeline | None:
    return timeline.draw(Transcripts(story.scribe.records).view(story.case), **more)


def lane(found: timeline.Timeline, kind: str) -> timeline.Lane:
    return next(one for one in found.lanes if one.kind == kind)


def test_what_a_bot_says_long_after_the_customers_last_word_it_does_by_itself(days):
    found = drawn(days)
    assert {one.kind: len(one.dots) for one in found.lanes} == {"customer": 2, "bot": 2, "timer": 1}
    assert lane(found, "timer").dots[0].words == "Mon 23 Nov 09:15 Bot: Are you still there?"


def test_dots_lie_on_whole_days(days):
    found = drawn(days)
    assert [tick.label for tick in found.ticks] == ["Sun 22 Nov", "Mon 23 Nov", "Tue 24 Nov", ""]
    first, second = (dot.x for dot in lane(found, "customer").dots)
    assert found.ticks[0].x < first < found.ticks[1].x and found.ticks[2].x < second < found.ticks[3].x


def test_a_conversation_of_one_day_needs_no_axis(telegram):
    telegram.says("Hello")
    telegram.wait(6 * HOUR).bot("Hi!")
    assert drawn(telegram) is None
    assert timeline.draw(Transcripts([]).view("nothing")) is None


def test_closed_hours_are_shaded_from_midnight_to_midnight(days):
    found = drawn(days, calendar=read_calendar("shop", SHOP, "test"))
    ticks = [tick.x for tick in found.ticks]
    day = ticks[1] - ticks[0]
    assert len(found.closed) == 3 and found.closed[0][0] == ticks[0]
    assert [round(width / day * 24) for _, width in found.closed] == [24 + 9, 15, 6]
    assert found.legend.startswith("Shaded: shop is closed.")


def test_an_expected_moment_is_framed_around_what_came(days):
    found = lane(drawn(days), "timer")
    (span,) = found.spans
    assert span.outcome == "met" and span.x < found.dots[0].x < span.x + span.width


def test_messages_that_would_cover_each_other_are_one_dot_that_counts_them(days):
    for _ in range(9):
        days.wait(5).says("hello?")
    last = lane(drawn(days), "customer").dots[-1]
    assert last.words.count("\n") == 4 and last.words.endswith("and 6 more") and last.r > 3.2


def test_an_accused_message_is_marked(days):
    n = days.bot("Goodbye!")
    dots = [dot for one in drawn(days, accused=(n,)).lanes for dot in one.dots]
    assert [dot.n for dot in dots if dot.accused] == [n]


def test_a_year_has_no_more_labels_than_a_week():
    story = Scribe(clock="virtual", speed=1.0).story("year", "telegram", ANNA)
    for _ in range(53):
        story.wait(7 * DAY).says("Hi")
    found = drawn(story, calendar=read_calendar("shop", SHOP, "test"))
    assert 4 < len(found.ticks) <= 11 and any(tick.minor for tick in found.ticks)
    assert len(found.closed) in range(401)


def test_the_days_of_a_change_of_clocks_are_an_hour_shorter_or_longer():
    found = timeline._Axis.of(1_774_656_000.0, 1_774_828_800.0, "Europe/Warsaw")  # 28 to 30 March 2026
    lengths = [(end - start) / HOUR for start, end in zip(found.midnights, found.midnights[1:], strict=False)]
    assert lengths == [24, 23, 24]


# ----------------------------------------------------------------------------------------------------- which hours


def hours(*, sla=None, settings=None) -> dict[str, str]:
    story = Scribe(clock="virtual", speed=1.0, settings=settings or {}).story("c", "telegram", ANNA, sla=sla or {})
    return {case: calendar.name for case, calendar in calendars(story.scribe.records).items()}


def test_the_hours_are_those_of_the_promise_else_the_only_ones_there_are():
    block = {"name": "desk", **SHOP}
    case = next(iter(hours(sla={"first_response": "2h", "calendar": block})))
    assert hours(sla={"first_response": "2h", "calendar": block}, settings={"calendars": {"shop": SHOP}}) == {
        case: "desk"
    }
    assert hours(settings={"calendars": {"shop": SHOP}}) == {case: "shop"}
    assert hours(settings={"calendars": {"shop": SHOP, "desk": SHOP}}) == {}


@pytest.mark.parametrize("calendar", ["only a name", {"zone": "Mars"}, 7])
def test_hours_that_cannot_be_read_are_not_drawn(calendar):
    assert hours(sla={"first_response": "2h", "calendar": calendar}) == {}
    assert hours(settings={"calendars": {"shop": calendar}}) == {}


# ----------------------------------------------------------------------------------------------------- in the page


def test_every_dot_leads_to_its_message_and_hostile_words_stay_words(days, evil):
    n = days.wait(DAY).bot(evil)
    finding = Finding(check="x", verdict="fail", fault="bot", message="no", cites=(n,))
    judgement = Judgement(verdict="fail", cases=(days.judged(finding),))
    page = html.render(records=days.scribe.records, judgement=judgement).decode()
    assert 'aria-label="The days of this conversation: 3d 2s; messages: Customer 2, Bot, in answer 2' in page
    assert f'<a href="#c1-{n}" tabindex="-1"><circle class="accused"' in page and f'id="c1-{n}"' in page
    assert evil not in page and page.count("<script>") == 1
