"""Webhooks are acknowledged, in time, and what is delivered twice takes effect once."""

from __future__ import annotations

import pytest

from chatdrill.model import Event, File, Media, Write
from chatdrill.trace import DEAF, Acted, Attempt


def test_acknowledged_webhooks_pass(tale, case):
    case("fine").says("Hi").bot("Hello!").done()
    assert tale.verdict("acknowledged") == "pass"


def test_a_polling_bot_gives_no_evidence(tale, case):
    case("polling").says("Hi", told=False).bot("Hello!").done()
    assert tale.verdict("acknowledged") == "none"


def test_a_refused_webhook_names_status_time_and_attempts(tale, case):
    told = case("down").says("Hi", told=False).attempt(status=500, took_s=0.012)
    told.attempt(status=500, number=2).attempt(number=3).bot("Hello!").done()
    [finding] = tale.findings("acknowledged")
    assert finding.message == (
        "the webhook was not acknowledged: status 500 after 12 ms; 2 attempts failed, the next one succeeded"
    )
    assert tale.cited(finding) == ["attempt", "attempt"]


def test_a_timeout_is_told_in_the_platforms_words(tale, case):
    case("hang").says("Hi", told=False).attempt(status=None, error="read timeout after 20 s", took_s=20.0).done()
    assert tale.findings("acknowledged")[0].message == "the webhook was not acknowledged: read timeout after 20 s"


def test_a_bot_that_nothing_can_reach_is_told_so(tale, case):
    case("deaf").says("Hi", told=False).dropped(DEAF).done()
    [finding] = tale.findings("reachable")
    assert finding.message == f"what the customer said reached nobody: {DEAF}"
    assert tale.cited(finding) == ["dropped"]


def test_a_bot_that_took_its_webhook_away_could_be_reached(tale, case):
    case("leaving").says("Hi").bot("Hello!").says("Bye", told=False).dropped(DEAF).done()
    case("slow").says("Hi", told=False).dropped("case ended").done()
    assert tale.verdict("reachable") == "pass"


def test_who_said_nothing_could_not_be_heard(tale, case):
    case("mute").done()
    assert tale.verdict("reachable") == "none"


def test_a_stricter_bound_can_be_asked_for(tale, case):
    case("slow").says("Hi", told=False).attempt(took_s=1.5).done()
    assert tale.verdict("acknowledged") == "pass"
    [finding] = tale.findings("acknowledged", checks={"acknowledged": "1s"})
    assert finding.message == "the webhook was acknowledged after 1500 ms, later than 1s"


def test_an_injected_fault_is_not_the_bots(tale, case):
    note = "fault: the bot's answer was replaced by 500"
    case("drill").says("Hi", told=False).attempt(status=500, note=note).attempt(number=2).done()
    case("reset").says("Hi", told=False).attempt(status=None, error="reset", note="fault: reset before it").done()
    assert tale.findings("acknowledged") == []


def test_the_platforms_own_second_try_is_no_fault(tale, case):
    told = case("stale").says("Hi", told=False)
    told.attempt(status=None, error="connection refused", note="a second try on a fresh connection").done()
    assert len(tale.findings("acknowledged")) == 1


def test_an_acknowledgement_that_fails_after_the_end_still_counts(tale, case):
    told = case("late").says("Hi", told=False).bot("Hello!").done()
    told.attempt(status=None, error="timeout after 20 s", after=20.0)
    assert len(tale.findings("acknowledged")) == 1


def test_a_batch_belongs_to_every_case_in_it(tale, case):
    one, two = case("one").says("Hi", told=False), case("two", starts_t=0.01).says("Hi", told=False)
    updates, convs = (one.said[-1][0], two.said[-1][0]), (one.conv, two.conv)
    facts = {"platform": "telegram", "number": 1, "url": "http://bot", "began_t": 0.2, "took_s": 0.1, "status": 503}
    tale.add(0.3, Attempt, updates=updates, convs=convs, **facts)
    one.wait(0.5).done()
    two.wait(0.5).done()
    assert sorted(finding.case for finding in tale.findings("acknowledged")) == ["one [telegram]", "two [telegram]"]


def test_a_webhook_about_the_account_belongs_to_the_case_that_made_it_happen(tale, case):
    told = case("account").act(Event(name="account_update"), told=False)
    facts = {"platform": "telegram", "number": 1, "url": "http://bot", "began_t": 0.2, "took_s": 0.1, "status": 500}
    tale.add(0.3, Attempt, updates=(told.said[-1][0],), convs=(), **facts)
    told.wait(1).done()
    assert [finding.case for finding in tale.findings("acknowledged")] == ["account [telegram]"]


def test_an_update_that_nobody_fetched_is_found(tale, case):
    case("asleep").says("Hi", told=False).dropped("expired").done()
    assert "did not fetch an update" in tale.findings("acknowledged")[0].message
    assert tale.cited(tale.findings("acknowledged")[0]) == ["dropped"]


def test_what_is_dropped_with_the_case_is_nobodys_fault(tale, case):
    case("over").says("Hi", told=False).dropped("case ended").done()
    assert tale.verdict("acknowledged") == "none"


# ------------------------------------------------------------------------------------------------------ once


def test_a_redelivery_with_one_answer_passes(tale, case):
    case("dedup").says("Hi", told=False).attempt(status=500).attempt(number=2).bot("Hello!").done()
    assert tale.verdict("once") == "pass"


def test_without_a_redelivery_there_is_no_evidence(tale, case):
    case("plain").says("Hi").bot("Hello!").bot("Hello!").done()
    assert tale.verdict("once") == "none"


def test_a_twin_answer_after_a_redelivery_fails(tale, case):
    told = case("twice").says("Book it", told=False).attempt(status=500).bot("Booked")
    told.attempt(number=2).bot("Booked").bot("See you", after=0.1).bot("See you", after=0.1).done()
    [finding] = tale.findings("once")
    assert finding.message == "the bot said the same twice after a webhook was delivered again: 'Booked'"
    assert tale.cited(finding) == ["Booked", "Booked", "attempt"]


def test_a_twin_in_the_next_turn_is_found(tale, case):
    told = case("next").says("Book it", told=False).attempt(status=500).bot("Booked").says("Thanks")
    told.attempt(back=2, number=2).bot("Booked").bot("Booked").bot("Welcome").done()
    assert len(tale.findings("once")) == 1


def test_twins_before_the_redelivery_are_no_effect_of_it(tale, case):
    told = (
        case("before").says("Hi", told=False).bot("...").bot("...").attempt(status=500).attempt(number=2).bot("Hello!")
    )
    told.done()
    assert tale.verdict("once") == "pass"


def test_one_answer_to_each_of_two_messages_is_no_twin(tale, case):
    told = case("burst").says("What?", told=False).attempt(status=500).says("What??").bot("I do not understand")
    told.attempt(back=2, number=2).bot("I do not understand").done()
    assert tale.verdict("once") == "pass"


def test_what_was_said_before_the_redelivered_word_has_an_answer_of_its_own(tale, case):
    told = case("owed").says("Same").says("Same").says("A photo", told=False).attempt(status=500).attempt(number=2)
    told.bot("You said: same").bot("You said: same").done()
    assert tale.verdict("once") == "pass"


def test_the_same_reminder_a_day_later_is_no_twin(tale, case):
    told = case("reminder").says("Hi", told=False).attempt(status=500).attempt(number=2).bot("Still there?")
    told.skip(86400).bot("Still there?").done()
    assert tale.verdict("once") == "pass"


def test_an_injected_duplicate_counts_as_a_redelivery(tale, case):
    told = case("duplicate").says("Pay", told=False).attempt(note="fault: delivered twice").bot("Paid")
    told.attempt(number=2).bot("Paid").done()
    assert len(tale.findings("once")) == 1


def test_two_photos_without_words_are_no_twins(tale, case):
    photos = [Media(kind="photo", file=File(sha256=digit * 64)) for digit in "ab"]
    told = case("photos").says("Show me", told=False).attempt(status=500).attempt(number=2)
    told.bot("", photos[0]).bot("", photos[1]).done()
    assert tale.verdict("once") == "pass"


@pytest.mark.parametrize(("answers", "verdict"), [(2, "pass"), (3, "fail")])
def test_one_answer_to_each_file_of_an_album_is_no_twin(tale, case, answers, verdict):
    photos = tuple(Media(kind="photo", file=File(sha256=digit * 64)) for digit in "ab")
    told = (
        case("album").says("Look").bot("Yes?").put(Acted, act=Write(parts=photos), ids=("1", "2"), updates=("a1", "a2"))
    )
    told.attempt(updates=("a1",)).attempt(updates=("a1",), number=2).attempt(updates=("a2",))
    for _ in range(answers):
        told.bot("Thanks")
    told.done()
    assert tale.verdict("once") == verdict


def test_the_answer_to_words_that_were_held_up_is_no_twin(tale, case):
    told = case("late").says("left", told=False).says("left", told=False)
    told.attempt(back=2).bot("left").attempt().bot("left").attempt(number=2).done()
    assert tale.verdict("once") == "pass"
