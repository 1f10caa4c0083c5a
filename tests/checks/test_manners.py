"""The bot does not talk to itself, does not flood, and keeps the order of its customer's messages."""

from __future__ import annotations

import pytest

from chatdrill.model import Activity, Message, Text

# --------------------------------------------------------------------------------------------------- no-echo


def test_an_echo_that_is_left_alone_passes(tale, case):
    case("fine", platform="messenger").says("Hi").bot("Hello, how can I help?").echo().bot("Choose a size.").done()
    assert tale.verdict("no-echo") == "pass"


def test_without_echoes_there_is_no_evidence(tale, case):
    case("plain").says("Hi").bot("You said: Hi").done()
    assert tale.verdict("no-echo") == "none"


def test_quoting_an_echo_is_answering_it(tale, case):
    told = case("loop", platform="messenger").says("Hi").bot("You said: Hi").echo()
    told.bot("You said: You said: Hi").echo().bot("You said: You said: You said: Hi").done()
    [finding] = tale.findings("no-echo")
    assert finding.message == "the bot answered its own echo: 'You said: You said: Hi'"
    assert tale.cited(finding) == ["You said: You said: Hi", "acted"]


def test_saying_the_same_after_every_echo_is_answering_them(tale, case):
    told = case("loop", platform="messenger").says("Hi").bot("I do not understand")
    for _ in range(3):
        told.echo().bot("I do not understand")
    told.done()
    assert len(tale.findings("no-echo")) == 1


def test_saying_the_same_twice_more_is_a_reminder(tale, case):
    told = case("remind", platform="messenger").says("Hi").bot("Are you still there?").echo()
    told.bot("Are you still there?").echo().bot("Are you still there?").echo().bot("Goodbye then").done()
    assert tale.verdict("no-echo") == "pass"


def test_a_reminder_hours_after_the_echo_is_no_answer_to_it(tale, case):
    told = case("remind", platform="messenger").says("Hi").bot("Are you still there?")
    for _ in range(5):
        told.echo().skip(7200).bot("Are you still there?")
    told.done()
    assert tale.verdict("no-echo") == "pass"


def test_a_longer_second_message_is_no_answer(tale, case):
    told = case("more", platform="messenger").says("Hi").bot("Your order is paid.").echo()
    told.bot("Your order is paid. It leaves tomorrow.").done()
    assert tale.verdict("no-echo") == "pass"


def test_a_customers_word_in_between_makes_it_an_answer_to_that(tale, case):
    told = case("parrot", platform="messenger").says("Hi").bot("You said: Hi there").echo().says("What did I say?")
    told.bot("I said: You said: Hi there").done()
    assert tale.verdict("no-echo") == "pass"


@pytest.mark.parametrize(("held_s", "verdict"), [(1.0, "pass"), (None, "fail")])
def test_a_word_that_comes_with_the_echo_has_its_answer_after_it(tale, case, held_s, verdict):
    told = case("late", platform="messenger").says("Back with 553").says("And delivery?", told=False)
    told.bot("A photo of the shoes, please.").echo()
    if held_s is not None:
        told.attempt(back=2, after=held_s)
    told.bot("It takes 3 days.\n\nA photo of the shoes, please.").done()
    assert tale.verdict("no-echo") == verdict


def test_a_word_has_one_answer_and_what_follows_its_echo_is_none(tale, case):
    told = (
        case("loop", platform="messenger").says("Hi").bot("You said: Hi").echo().says("Hello?").bot("You said: Hello?")
    )
    told.echo().bot("You said: You said: Hello?").done()
    assert len(tale.findings("no-echo")) == 1


def test_a_word_that_was_answered_long_ago_excuses_no_echo(tale, case):
    told = case("burst", platform="messenger").says("Hi", "I have", "a question", gap=0.1).bot("You said: Hi").echo()
    told.wait(11).echo().bot("You said: You said: Hi").done()
    assert len(tale.findings("no-echo")) == 1


def test_an_echo_of_which_the_bot_was_not_told_cannot_be_answered(tale, case):
    told = case("unsubscribed", platform="messenger").says("Hi").bot("You said: Hi").echo(told=False)
    told.bot("You said: You said: Hi").done()
    assert tale.verdict("no-echo") == "none"


def test_what_was_said_before_the_echo_arrived_is_no_answer_to_it(tale, case):
    told = case("queued", platform="messenger").says("Hi").bot("You said: Hi").echo(told=False)
    told.bot("Again, You said: Hi").attempt().done()
    assert tale.verdict("no-echo") == "pass"


def test_words_of_a_person_in_the_inbox_are_no_echo_of_the_bot(tale, case):
    person = Message(ids=("p1",), author="agent", parts=(Text(text="I take over now"),), at=0)
    case("agent", platform="messenger").says("Hi").echo(person).bot("They said: I take over now").done()
    assert tale.verdict("no-echo") == "none"


# ------------------------------------------------------------------------------------------------ no-runaway


@pytest.mark.parametrize(("count", "verdict"), [(30, "pass"), (31, "fail")])
def test_the_limit_is_the_last_number_that_passes(tale, case, count, verdict):
    told = case("flood").says("Hi")
    for number in range(count):
        told.bot(f"Message {number}", after=0.01)
    told.done()
    assert tale.verdict("no-runaway") == verdict


def test_the_first_message_too_many_is_accused(tale, case):
    told = case("flood").says("Hi")
    for number in range(9):
        told.bot(f"Message {number}", after=0.01)
    told.done()
    [finding] = tale.findings("no-runaway", checks={"no-runaway": 5})
    assert finding.message == "the bot sent 9 messages without a word of the customer (the limit is 5)"
    assert tale.cited(finding) == ["Message 5"]


def test_a_word_of_the_customer_starts_a_new_count(tale, case):
    told = case("talk")
    for _ in range(10):
        told.says("More").bot("One").bot("Two")
    told.done()
    assert tale.verdict("no-runaway", checks={"no-runaway": 2}) == "pass"


def test_a_bot_that_speaks_first_can_flood_too(tale, case):
    told = case("spam")
    for number in range(6):
        told.bot(f"Offer {number}")
    told.done()
    assert tale.verdict("no-runaway", checks={"no-runaway": 5}) == "fail"


def test_edits_and_typing_are_no_flood(tale, case):
    told = case("stream").says("Hi").bot("...")
    for number in range(50):
        told.types().bot_edits("." * number)
    told.done()
    assert tale.verdict("no-runaway") == "pass"


def test_silence_gives_no_evidence_of_a_flood(tale, case):
    case("mute").says("Hi").done()
    assert tale.verdict("no-runaway") == "none"


# ---------------------------------------------------------------------------------------------------- order


def burst(case, *texts):
    told = case("burst")
    for text in texts:
        told.says(text)
    return told


def test_answers_in_the_order_of_the_messages_pass(tale, case):
    burst(case, "one", "two", "three").bot("echo: one").bot("echo: two").bot("echo: three").done()
    assert tale.verdict("order") == "pass"


def test_answers_that_do_not_say_what_they_answer_are_no_evidence(tale, case):
    burst(case, "one", "two").bot("Thank you").bot("All noted").done()
    assert tale.verdict("order") == "none"


def test_a_later_message_answered_first_fails_by_words(tale, case):
    burst(case, "one", "two", "three").bot("echo: one").bot("echo: three").bot("echo: two").done()
    [finding] = tale.findings("order")
    assert finding.message == "the bot answered a later message first, then 'echo: two'"
    assert tale.cited(finding) == ["echo: two", "echo: three"]


def test_a_later_message_answered_first_fails_by_quoting(tale, case):
    told = burst(case, "Is 553 paid?", "Is 554 paid?")
    told.replies_to("Yes", told.id_of(1)).replies_to("No", told.id_of(2)).done()
    assert tale.cited(tale.findings("order")[0]) == ["No", "Yes"]


def test_plain_echoes_are_held_to_the_order_too(tale, case):
    burst(case, "1", "2").bot("2").bot("1").done()
    assert tale.verdict("order") == "fail"


def test_different_frames_are_one_answer_to_the_whole_burst(tale, case):
    burst(case, "order 553", "size 42").bot("In size 42 we have two.").bot("Your order 553 is on its way.").done()
    assert tale.verdict("order") == "none"


def test_a_further_answer_to_an_earlier_message_may_come_late(tale, case):
    told = burst(case, "Photo?", "Price?")
    first, second = told.id_of(2), told.id_of(1)
    told.replies_to("In a moment", first).replies_to("9 euros", second).replies_to("The photo", first).done()
    assert tale.verdict("order") == "pass"


def test_a_nudge_may_be_answered_before_the_question(tale, case):
    told = case("nudged").says("Where is 553?").nudges()
    told.replies_to("One moment", told.id_of(1)).replies_to("On its way", told.id_of(2)).done()
    assert tale.verdict("order") == "none"


def test_messages_that_were_delivered_out_of_order_may_be_answered_so(tale, case):
    told = case("retry").says("one", told=False).attempt(status=None, error="reset", note="fault: reset before it")
    told.says("two").bot("echo: two").attempt(back=2, number=2).bot("echo: one").done()
    assert tale.verdict("order") == "none"


def test_what_came_before_a_message_was_told_is_no_answer_to_it(tale, case):
    told = case("again").says("yes").bot("ok").says("no", told=False).says("yes", told=False)
    told.bot("yes").attempt(back=2).bot("no").attempt().bot("yes").done()
    assert tale.verdict("order") != "fail"


def test_repeated_words_tell_nothing(tale, case):
    burst(case, "yes", "yes", "no").bot("echo: no").bot("echo: yes").done()
    assert tale.verdict("order") == "none"


def test_words_inside_other_words_tell_nothing(tale, case):
    burst(case, "art", "all").bot("a small one").bot("a smart one").done()
    assert tale.verdict("order") == "none"


@pytest.mark.parametrize(("times", "found"), [(20, 0), (21, 1)])
def test_a_bot_types_twenty_times_at_most_before_it_says_something(tale, case, times, found):
    told = case("slow").says("Hi")
    for _ in range(times):
        told.calls("sendChatAction", after=4.0).takes(Activity(to="1", action="typing"))
    told.bot("Hello!").done()
    assert len(tale.findings("typing")) == found


def test_each_answer_may_be_typed_anew(tale, case):
    told = case("talkative")
    for _ in range(3):
        told.says("Hi")
        for _ in range(15):
            told.calls("sendChatAction", after=4.0).takes(Activity(to="1", action="typing"))
        told.bot("Hello!")
    told.done()
    assert tale.verdict("typing") == "pass"
