"""What the bot does unasked, as arithmetic: which alarm is next, and what becomes of it."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from chatdrill_scenarios.shoebot.alarms import Alarm, next_alarm, ring, unsaid
from chatdrill_scenarios.shoebot.model import Say
from chatdrill_scenarios.shoebot.texts import text
from shoebot.kit import NOW, Dialog, photo, pressed, said

HOUR_S, DAY_S = 3600, 86_400
MONDAY = dt.datetime(2026, 3, 9, 10, tzinfo=ZoneInfo("Europe/Warsaw")).timestamp()


def monday() -> Dialog:
    dialog = Dialog()
    dialog.now = MONDAY
    return dialog


def following(dialog: Dialog) -> Alarm | None:
    return next_alarm(dialog.state, dialog.policy)


def rung(dialog: Dialog) -> str:
    """Time passes until the next alarm; its words."""
    alarm = following(dialog)
    assert alarm is not None
    dialog.now = alarm.due
    dialog.state, says = ring(dialog.state, alarm, now=dialog.now, policy=dialog.policy)
    dialog.replies = [*says]
    return "\n".join(say.text for say in says)


def test_a_bot_that_nobody_talked_to_waits_for_nothing(dialog: Dialog) -> None:
    assert following(dialog) is None


def test_an_unanswered_question_has_a_reminder_and_then_an_end() -> None:
    dialog = monday()
    dialog.tell("return order 1001")
    assert following(dialog) == Alarm(MONDAY + 2 * DAY_S, "remind")
    assert text("remind.return", "en") in rung(dialog)
    assert following(dialog) == Alarm(MONDAY + 3 * DAY_S, "resolve")
    assert rung(dialog) == ""
    assert following(dialog) is None


def test_a_draft_that_would_be_gone_by_then_has_no_reminder() -> None:
    dialog = monday()
    dialog.tell("can I book a fitting")
    assert following(dialog) == Alarm(MONDAY + DAY_S, "resolve")


def test_a_draft_that_is_gone_is_not_reminded_of_even_if_nothing_is_resolved() -> None:
    dialog = Dialog(SHOEBOT_RESOLVE_HOURS="0")
    dialog.now = MONDAY
    dialog.tell("can I book a fitting")
    assert following(dialog) is None


def test_a_reminder_comes_once_even_for_a_draft_that_never_expires() -> None:
    dialog = Dialog(SHOEBOT_DRAFT_MINUTES="return=0")
    dialog.now = MONDAY
    dialog.tell("return order 1001")
    rung(dialog)
    assert following(dialog) is None


def test_an_answer_puts_the_reminder_off() -> None:
    dialog = monday()
    dialog.tell("return order 1001")
    dialog.now += DAY_S
    dialog.tell("torn")
    assert following(dialog) == Alarm(MONDAY + 3 * DAY_S, "remind")


def test_a_sign_of_life_after_the_reminder_does_not_bring_it_back_at_once() -> None:
    dialog = monday()
    dialog.tell("return order 1001")
    rung(dialog)
    dialog.now += HOUR_S
    dialog.tell(said(" "))
    alarm = following(dialog)
    assert alarm is not None
    assert alarm.due >= dialog.now + DAY_S


def test_a_sign_of_life_that_needs_no_answer_puts_the_reminder_off() -> None:
    dialog = monday()
    dialog.tell("return order 1001")
    dialog.now += DAY_S
    assert dialog.tell(said(" ")) == ""
    assert following(dialog) == Alarm(MONDAY + 3 * DAY_S, "remind")


@pytest.mark.parametrize(("hours", "due"), [(12, "2026-03-11 22:00"), (5 * 24, "2026-03-16 10:00")])
def test_nothing_is_asked_at_night_or_on_a_sunday(hours: int, due: str) -> None:
    """Wednesday at ten in the evening becomes Thursday at nine, Monday at ten stays."""
    dialog = monday()
    dialog.now += hours * HOUR_S
    dialog.tell("return order 1001")
    moment = dt.datetime.fromisoformat(due).replace(tzinfo=ZoneInfo("Europe/Warsaw")).timestamp()
    awake = dialog.policy.awake.next_open(moment)
    assert following(dialog) == Alarm(awake, "remind")


def test_an_answered_question_is_rated_once() -> None:
    dialog = monday()
    dialog.tell("where is order 553")
    assert following(dialog) == Alarm(MONDAY + DAY_S, "resolve")
    assert rung(dialog) == text("survey", "en")
    assert dialog.payloads == [f"rate:{stars}" for stars in range(1, 6)]
    assert dialog.tell(pressed("rate:5")) == text("rate.thanks", "en", stars="5")
    assert following(dialog) is None
    assert text("reopened", "en") in dialog.tell("thanks")
    assert rung(dialog) == ""


def test_a_survey_that_could_not_be_asked_takes_no_digit_for_an_answer() -> None:
    dialog = monday()
    dialog.tell("where is order 553")
    rung(dialog)
    dialog.state = unsaid(dialog.state, "resolve", keep=True)
    assert text("help", "en") in dialog.tell("5")


def test_what_was_held_is_said_when_the_customer_goes_on() -> None:
    dialog = monday()
    dialog.tell("where is order 553")
    rung(dialog)
    dialog.state = unsaid(dialog.state, "resolve", keep=True)
    assert dialog.tell(pressed("go:on")) == text("survey", "en")
    assert dialog.tell("4") == text("rate.thanks", "en", stars="4")


def test_a_rating_of_nothing_is_too_late(dialog: Dialog) -> None:
    assert dialog.tell(pressed("rate:5")) == text("rate.late", "en")


def test_stars_while_a_person_is_in_charge_count_without_a_word(dialog: Dialog) -> None:
    dialog.state.with_person, dialog.state.survey, dialog.state.surveyed_at = True, "asked", dialog.now
    assert dialog.tell("5 \N{BLACK STAR}") == "" and dialog.state.survey == "5"
    assert dialog.tell(pressed("rate:2")) == "" and dialog.state.survey == "5"


def test_while_a_person_is_in_charge_the_bot_plans_nothing(dialog: Dialog) -> None:
    dialog.tell("give me a person")
    assert following(dialog) is None


def test_the_desk_is_announced_with_the_notes_up_to_their_number() -> None:
    dialog = monday()
    dialog.now += 10 * HOUR_S
    dialog.tell("give me a person")
    for number in range(9):
        assert dialog.tell(f"word {number}") == ""
    assert rung(dialog) == text("opened.note", "en", note="give me a person / word 0 / word 1 / word 2 / word 3")
    assert following(dialog) is None


@pytest.mark.parametrize(("order", "days"), [("1001", 6), ("1002", 8), ("1003", 1)])
def test_the_workshop_speaks_for_a_person(order: str, days: int) -> None:
    dialog = monday()
    dialog.now += DAY_S
    assert "looks at the shoes" in dialog.tell(f"repair order {order}")
    assert following(dialog) == Alarm(MONDAY + DAY_S + days * DAY_S, "repair")
    assert text("repair.done", "en", order=order) in rung(dialog)
    assert [reply.author for reply in dialog.replies if isinstance(reply, Say)] == ["agent"]


def test_an_agents_words_that_were_held_come_first_even_while_the_bot_is_silent() -> None:
    dialog = monday()
    dialog.tell("repair order 1001")
    rung(dialog)
    dialog.state = unsaid(dialog.state, "repair", keep=True)
    dialog.state.with_person = True
    assert dialog.tell("hello?") == text("repair.done", "en", order="1001")
    assert dialog.tell("hello?") == ""


def test_going_on_tells_an_agents_words_even_if_a_draft_has_expired() -> None:
    dialog = monday()
    dialog.tell("repair order 1001")
    rung(dialog)
    dialog.state = unsaid(dialog.state, "repair", keep=True)
    dialog.state.task = "fitting"
    words = dialog.tell(pressed("go:on"))
    assert words.startswith(text("repair.done", "en", order="1001"))
    assert text("again", "en") in words


def test_a_survey_that_was_held_is_not_tried_again_in_the_same_conversation() -> None:
    dialog = monday()
    dialog.tell("where is order 553")
    rung(dialog)
    dialog.state = unsaid(dialog.state, "resolve", keep=True)
    dialog.tell("thanks")
    assert rung(dialog) == ""


@pytest.mark.parametrize("order", ["", " 553"])
def test_a_repair_needs_an_order_that_can_be_repaired(dialog: Dialog, order: str) -> None:
    assert text("repair.which", "en") in dialog.tell(f"please repair my shoes{order}")


def test_the_order_just_talked_about_can_be_repaired(dialog: Dialog) -> None:
    dialog.tell("where is order 1001")
    assert "order 1001" in dialog.tell("can you repair them?")


def test_a_photo_does_not_save_a_draft_that_has_expired() -> None:
    dialog = monday()
    dialog.tell("return order 1001, torn")
    dialog.now += 4 * DAY_S
    assert text("again", "en") in dialog.tell(photo())
    assert dialog.tell("yes") == text("ask.order", "en")


def test_start_begins_anew_without_a_word_about_the_past() -> None:
    dialog = monday()
    dialog.tell("can I book a fitting")
    dialog.now += 4 * DAY_S
    assert dialog.tell(said("/start")) != ""
    assert dialog.state.task == ""


def test_time_is_given_and_not_read() -> None:
    one, two = Dialog(), Dialog()
    two.now = NOW
    assert one.tell("return order 1001") == two.tell("return order 1001")
    assert one.state == two.state
