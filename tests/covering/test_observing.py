"""What a trace tells of each word of a customer: its kinds, the states it fell into, its times, what struck it."""

from __future__ import annotations

import pytest

from chatdrill.coverage import observe
from chatdrill.coverage.possible import Ability
from chatdrill.coverage.times import times_of
from chatdrill.model import (
    Block,
    Contact,
    Customer,
    Delete,
    Edit,
    File,
    Location,
    Media,
    Press,
    React,
    Referral,
    Start,
    Template,
    Text,
    TicketClosed,
    TicketReopened,
    Unblock,
    Write,
)
from chatdrill.model.parts import Button
from chatdrill.trace import StepEnded
from covering.story import MONDAY, Story

TEXTS = Ability(name="telegram", parts=frozenset({"text"}), acts=frozenset(), text_max=4096)
WARSAW = "Europe/Warsaw"
HOUR, DAY = 3600, 86_400


def points(story: Story, index: int) -> set[str]:
    """One column of what was met: 1 states, 2 kinds, 3 faults, 4 times."""
    seen = observe(story.records, {"telegram": TEXTS, "whatsapp": TEXTS})
    return {point[index] for point in seen.points}


def last_states(story: Story) -> set[str]:
    """The states of the last word, which is an emoji."""
    seen = observe(story.says("🙏").records, {"telegram": TEXTS})
    return {point[1] for point in seen.points if point[2] == "emoji"}


PHOTO = Media(kind="photo", file=File())
KINDS = {
    "text": Write(parts=(Text(text="Hello there"),)),
    "short text": Write(parts=(Text(text="ok"),)),
    "long text": Write(parts=(Text(text="x" * 500),)),
    "longest text": Write(parts=(Text(text="x" * 4096),)),
    "emoji": Write(parts=(Text(text="👟👟"),)),
    "text, right-to-left": Write(parts=(Text(text="أين طلبي"),)),
    "text, command": Write(parts=(Text(text="/start"),)),
    "photo": Write(parts=(PHOTO,)),
    "photo, album": Write(parts=(PHOTO, PHOTO)),
    "photo, caption": Write(parts=(Media(kind="photo", file=File(), caption=Text(text="this")),)),
    "round video": Write(parts=(Media(kind="video_note", file=File()),)),
    "location": Write(parts=(Location(latitude=1, longitude=2),)),
    "contact": Write(parts=(Contact(name="a", phone="+1"),)),
    "text, quote": Write(parts=(Text(text="this one"),), reply_to="m1"),
    "text, forward": Write(parts=(Text(text="this one"),), forwarded=True),
    "text, referral": Write(parts=(Text(text="this one"),), referral=Referral(source="ad")),
    "press": Press(button=Button(title="a", kind="reply")),
    "reaction": React(message_id="m1", emoji="👍"),
    "edit": Edit(message_id="m1", parts=()),
    "delete": Delete(message_id="m1"),
    "start": Start(),
    "deep link": Start(payload="x"),
    "block": Block(),
}


@pytest.mark.parametrize("kinds", KINDS)
def test_an_act_is_of_every_kind_that_it_shows(kinds: str) -> None:
    assert points(Story().acts(KINDS[kinds]), 2) == set(kinds.split(", "))


def test_a_further_word_before_an_answer_is_a_burst_until_ten_seconds_have_passed() -> None:
    assert "burst" in points(Story().says().says(), 2)
    assert "burst" not in points(Story().says().later(11).says(), 2)
    assert "burst" not in points(Story().says().hears().says(), 2)


def test_a_press_on_a_template_is_a_reply_to_it() -> None:
    story = Story().says().hears(parts=(Template(name="order", language="en"),))
    template = story.records[-1].effect.message.id
    assert "template reply" in points(story.acts(Press(button=KINDS["press"].button, message_id=template)), 2)


STATES = {
    "first contact": Story(),
    "waiting": Story().says(),
    "answered": Story().says().hears(),
    "buttons": Story().says().hears("Yes", "No"),
    "reminded": Story().says().later(600).hears("Yes"),
    "waiting, nudged": Story().says().says(cause="persona"),
    "answered, nudged": Story().says().says(cause="persona").hears(),
    "answered, hours later": Story().says().hears().later(HOUR),
    "answered, days later": Story().says().hears().later(DAY),
    "answered, unblocked": Story().says().hears().acts(Block()).acts(Unblock()),
    "in the queue": Story().says().hears().becomes("queue"),
    "with an agent": Story().says().becomes("queue").becomes("agent").hears(),
    "answered, back to the bot": Story().says().becomes("agent").hears().becomes("bot"),
    "answered, back to the bot, ticket closed": Story().says().becomes("agent").hears().becomes("bot").files(TicketClosed()),
    "with an agent, ticket reopened": Story().says().becomes("agent").files(TicketClosed()).files(TicketReopened()),
}  # fmt: skip


@pytest.mark.parametrize("states", STATES)
def test_a_word_falls_into_the_state_that_the_conversation_is_in(states: str) -> None:
    assert last_states(STATES[states]) == set(states.split(", "))


def test_only_the_first_word_after_the_end_of_a_ticket_is_after_it() -> None:
    story = Story().says().becomes("agent").becomes("bot").files(TicketClosed()).says().hears()
    assert last_states(story) == {"answered", "back to the bot"}


@pytest.mark.parametrize(
    ("at", "zone", "times"),
    [
        (MONDAY, "UTC", {"weekday"}),
        (MONDAY - 2 * DAY, "UTC", {"weekend"}),
        (MONDAY + 14 * HOUR, "UTC", {"night"}),
        (1774774800.0, WARSAW, {"weekend", "clock change"}),  # Sunday, 2026-03-29: the day has 23 hours there
        (1774774800.0, "UTC", {"weekend"}),
    ],
)
def test_a_word_is_said_at_the_time_of_its_place(at: float, zone: str, times: set[str]) -> None:
    assert times_of(at, zone, None) == times
    assert points(Story(at=at - 1, zone=zone).says(), 4) == times


def test_a_calendar_says_what_is_open_and_what_is_a_holiday() -> None:
    hours = {"zone": WARSAW, "hours": {"mon-fri": "09:00-17:00"}, "holidays": "PL"}
    easter = 1775466000.0  # Monday, 2026-04-06 11:00 in Warsaw
    sla = {"first_response": 5.0, "calendar": hours}
    assert points(Story(at=easter, zone=WARSAW, sla=sla).says(), 4) == {"weekday", "closed", "holiday"}
    assert points(Story(at=easter - 4 * DAY, zone=WARSAW, sla=sla).says(), 4) == {"weekday", "open"}


FAULTS = {
    "delay": {"fault": "delay", "updates": ("2",)},
    "concurrent-duplicate": {"fault": "twin", "updates": ("2",), "by": "step"},
    "lost": {"fault": "drop", "updates": ("2",), "by": "step"},
    "lost-answer": {"fault": "drop", "call": "sendMessage", "by": "step"},
    "api-error": {"fault": "status", "call": "sendMessage", "by": "step"},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_strikes_the_word_that_it_is_about(fault: str) -> None:
    story = Story().says().hears().says("🙏").strikes(**FAULTS[fault])
    seen = observe(story.records, {"telegram": TEXTS})
    assert {point[2] for point in seen.points if point[3] == fault} == {"emoji"}


def test_a_fault_of_a_receipt_is_about_no_word_and_counts_for_its_platform_and_time() -> None:
    seen = observe(Story().says().strikes("late-receipt", updates=("9",)).records, {"telegram": TEXTS})
    assert dict(seen.strikes) == {("telegram", "late-receipt", "weekday"): 1}
    assert {point[3] for point in seen.points} == {"none"}


def test_platforms_that_nobody_asked_for_are_left_out() -> None:
    assert not observe(Story("messenger").says().records, {"telegram": TEXTS}).points


def test_traces_add_up_and_the_order_makes_no_difference() -> None:
    one, other = Story().says().hears(), Story("whatsapp").sends(PHOTO).strikes("delay", updates=("1",))
    both, turned = (observe((), {}) for _ in range(2))
    for total, stories in ((both, (one, other)), (turned, (other, one))):
        for story in stories:
            total.add(observe(story.records, {"telegram": TEXTS, "whatsapp": TEXTS}))
    assert both.points == turned.points and both.conversations == 2 and both.words == 2
    assert set(both.platforms) == {"telegram", "whatsapp"}


def test_two_customers_of_one_case_are_two_conversations(abilities) -> None:
    both = {key: Customer(key=key, first_name=key, locale="pl_PL") for key in ("anna", "boris")}
    seen = observe(Story(who=both).says().records, abilities)
    assert (seen.conversations, seen.words, seen.routes.locale) == (2, 1, "en_US")


def test_a_step_that_a_trace_does_not_have_is_no_error(abilities) -> None:
    story = Story().says().add(StepEnded, step=7, outcome="played")
    assert observe(story.records, abilities).words == 1
