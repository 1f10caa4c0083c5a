"""A transcript shows what a person would have seen, and knows which records are behind it."""

from __future__ import annotations

from chatdrill.model import (
    Block,
    Button,
    Customer,
    Delete,
    Deleted,
    Echo,
    Edit,
    Keyboard,
    MarkedRead,
    Message,
    Press,
    PressAnswered,
    React,
    Read,
    Sent,
    Text,
    Typing,
    Write,
)
from chatdrill.trace import Acted, Called, Dropped, Skipped, Took
from chatdrill.trace.transcript import Bubble, Mark, Transcripts, View


def view_of(story) -> View:
    return Transcripts(story.scribe.records).view(story.case)


def marks(view: View, kind: str) -> list[str]:
    return [item.text for item in view.items if isinstance(item, Mark) and item.kind == kind]


def test_a_bubble_knows_its_records_author_and_the_gap_before_it(telegram):
    asked = telegram.says("Hello")
    answered = telegram.wait(1.5).bot("Hi!")
    first, second = view_of(telegram).bubbles
    assert (first.author, first.name, first.text, first.gap_s) == ("customer", "Anna Nowak", "Hello", None)
    assert (second.author, second.text, second.gap_s) == ("bot", "Hi!", 1.5)
    assert first.n == asked and second.n == answered
    assert answered - 1 in second.records, "the call behind the message"


def test_a_redelivered_message_counts_its_attempts_and_stays_delivered(telegram):
    telegram.says("Hello")
    update = telegram.scribe.records[-1].updates[0]
    again = telegram.attempt(update, status=500, number=2)
    (bubble,) = view_of(telegram).bubbles
    assert (bubble.attempts, bubble.status) == (2, "delivered")
    assert again in bubble.records


def test_a_message_the_bot_was_never_told_of_has_failed(telegram):
    telegram.says("Hello")
    update = telegram.scribe.records[-1].updates[0]
    telegram.add(Dropped, platform="telegram", updates=(update,), reason="7 attempts failed")
    view = view_of(telegram)
    assert view.bubbles[0].status == "failed"
    assert marks(view, "trouble") == ["The platform gave up telling the bot: 7 attempts failed"]


def test_late_receipts_do_not_take_a_read_message_back(telegram):
    telegram.bot("Hi!")
    for status in ("read", "delivered", "sent"):
        telegram.receipt(status)
    assert view_of(telegram).bubbles[0].status == "read"


def test_a_failed_receipt_carries_the_vendors_code(telegram):
    telegram.bot("Hi!")
    telegram.receipt("failed", error=131026)
    bubble = view_of(telegram).bubbles[0]
    assert (bubble.status, bubble.error) == ("failed", 131026)


def test_reading_a_message_means_having_read_those_before_it(telegram):
    telegram.bot("one")
    telegram.says("two")
    telegram.bot("three")
    telegram.act(Read(message_id=str(telegram.ids)))
    assert [bubble.status for bubble in view_of(telegram).bubbles] == ["read", "delivered", "read"]


def test_the_bot_reads_the_customers_messages_only(telegram):
    telegram.bot("one")
    telegram.says("two")
    telegram.effect("markRead", MarkedRead, message_id=str(telegram.ids))
    assert [bubble.status for bubble in view_of(telegram).bubbles] == [None, "read"]


def test_a_pressed_button_is_marked_on_the_message_that_offered_it(telegram):
    yes, no = Button(title="Yes", kind="callback", payload="y"), Button(title="No", kind="callback", payload="n")
    telegram.bot("Sure?", Keyboard(style="inline", rows=((yes, no),)))
    telegram.act(Press(button=yes, message_id=str(telegram.ids)))
    telegram.effect("answerCallbackQuery", PressAnswered, press_id="1", text="Noted")
    view = view_of(telegram)
    assert [view.bubbles[0].is_pressed(button) for button in (yes, no)] == [True, False]
    assert marks(view, "press") == ["Anna Nowak pressed “Yes”"] and marks(view, "toast") == ["Noted"]


def test_a_button_that_speaks_is_a_message_and_is_found_without_an_id(telegram):
    yes = Button(title="Yes", kind="reply", payload="y")
    telegram.bot("Sure?", Keyboard(style="reply", rows=((yes,),)))
    telegram.bot("I mean it.")
    telegram.act(Press(button=yes), ids=(telegram.new_id(),))
    asked, _, answer = view_of(telegram).bubbles
    assert (answer.text, answer.by_press, answer.author) == ("Yes", True, "customer")
    assert asked.is_pressed(yes)


def test_an_edited_message_shows_the_new_words_and_keeps_the_old(telegram):
    telegram.says("my name is Ana")
    edit = telegram.wait(2).act(Edit(message_id=str(telegram.ids), parts=(Text(text="my name is Anna"),)))
    (bubble,) = view_of(telegram).bubbles
    assert bubble.text == "my name is Anna" and edit in bubble.records
    assert [(version.text, version.until) for version in bubble.versions] == [("my name is Ana", telegram.at)]


def test_deletions_of_either_side_are_dated(telegram):
    telegram.says("oops")
    telegram.wait(3).act(Delete(message_id=str(telegram.ids)))
    telegram.bot("wrong chat")
    telegram.wait(1).effect("deleteMessages", Deleted, message_ids=(str(telegram.ids), "999"))
    assert [bubble.deleted_at - bubble.at for bubble in view_of(telegram).bubbles] == [3, 1]


def test_a_reaction_can_be_taken_back(telegram):
    telegram.bot("Hi!")
    telegram.act(React(message_id=str(telegram.ids), emoji="👍"))
    assert view_of(telegram).bubbles[0].reactions == {"Anna Nowak": "👍"}
    telegram.act(React(message_id=str(telegram.ids)))
    assert view_of(telegram).bubbles[0].reactions == {}


def test_a_reply_quotes_what_it_answers_and_names_what_is_unknown(telegram):
    telegram.says("Where is my parcel?")
    telegram.bot("On its way.", reply_to=str(telegram.ids))
    telegram.act(Write(parts=(Text(text="and mine?"),), reply_to="4711"), ids=("5",))
    _, answer, stray = view_of(telegram).bubbles
    assert (answer.quote.name, answer.quote.text) == ("Anna Nowak", "Where is my parcel?")
    assert stray.quote.text == "message 4711" and stray.quote.n is None


def test_an_echo_is_shown_only_where_a_person_wrote_it(telegram):
    own = Message(ids=("1",), author="bot", parts=(Text(text="Hi"),), at=0)
    person = Message(ids=("2",), author="agent", sender="Kasia", parts=(Text(text="Kasia here"),), at=0)
    for message in (own, person):
        telegram.act(Echo(message=message), cause="platform", step=None)
    assert [(bubble.author, bubble.name) for bubble in view_of(telegram).bubbles] == [("agent", "Kasia")]


def test_typing_that_goes_on_is_one_mark(telegram):
    for _ in range(3):
        telegram.act(Typing())
    (mark,) = (item for item in view_of(telegram).items if isinstance(item, Mark) and item.kind == "typing")
    assert mark.text == "Anna Nowak is typing" and len(mark.records) >= 3


def test_a_skipped_pause_and_a_new_day_are_said_in_words(telegram):
    telegram.says("Hello")
    telegram.add(Skipped, seconds=172_800.0)
    telegram.at += 172_800
    telegram.says("??", cause="persona")
    view = view_of(telegram)
    assert marks(view, "pause") == ["2 days later"]
    assert marks(view, "day") == ["Sunday 22 November 2026", "Tuesday 24 November 2026"]
    assert view.bubbles[1].cause == "persona"


def test_a_refused_call_stands_in_the_chat_with_the_vendors_words(telegram):
    n = telegram.call("sendMessage", status=400, ok=False, error="Bad Request: chat not found")
    (mark,) = (item for item in view_of(telegram).items if isinstance(item, Mark) and item.bad)
    assert mark.text == "Telegram refused the bot's sendMessage: Bad Request: chat not found"
    assert mark.records == [n]


def test_steps_are_named_where_they_were_met_and_not_met(scribe):
    steps = ({"step": "hears", "expectations": [{"contains": ["hi"]}], "within_s": 5.0}, {"step": "hears_nothing"})
    story = scribe.story("steps", "telegram", Customer(key="anna", first_name="Anna"), steps=steps)
    story.step(0)
    story.step(1, "unmet", "it spoke")
    found = [item for item in view_of(story).items if isinstance(item, Mark) and item.kind == "step"]
    assert [(mark.text, mark.outcome) for mark in found] == [
        ("hears contains “hi”, within 5s", "met"),
        ("hears nothing (it spoke)", "unmet"),
    ]


def test_customers_with_the_same_message_ids_do_not_meet(scribe):
    story = scribe.story("two", "telegram", Customer(key="a", first_name="A"), Customer(key="b", first_name="B"))
    for who in ("a", "b"):
        story.who, story.ids = who, 100
        story.says(f"I am {who}")
    story.act(Delete(message_id="101"))
    first, second = view_of(story).bubbles
    assert (first.deleted_at, first.customer) == (None, "a")
    assert second.deleted_at is not None


def test_acts_on_messages_of_nowhere_do_not_stop_the_story(telegram):
    for act in (
        Edit(message_id="0", parts=()),
        Delete(message_id="0"),
        React(message_id="0"),
        Read(message_id="0"),
        Block(),
    ):
        telegram.act(act)
    telegram.receipt("read", "0")
    assert len(marks(view_of(telegram), "event")) == 3


def test_a_trace_cut_off_before_its_case_began_can_still_be_told(telegram):
    telegram.says("Hello")
    records = [record for record in telegram.scribe.records if isinstance(record, Acted)]
    view = Transcripts(records).view(telegram.case)
    assert [bubble.text for bubble in view.bubbles] == ["Hello"]
    assert Transcripts([]).view("nothing").items == ()


def test_a_call_without_a_case_comes_to_it_by_its_effect(telegram):
    call = telegram.scribe.add(
        Called, telegram.at, platform="telegram", method="sendMessage", status=200, ok=True, took_s=0
    )
    message = Message(ids=("1",), author="bot", parts=(Text(text="Hi"),), at=0)
    telegram.add(Took, platform="telegram", call=call, effect=Sent(to="77", message=message))
    assert [event.title for event in view_of(telegram).wire] == ["sendMessage"]


def test_the_wire_is_in_order_with_attempts_and_what_the_bot_was_told(telegram):
    telegram.wait(10).says("Hello")
    update = telegram.scribe.records[-1].updates[0]
    telegram.wait(10).attempt(update, status=None, number=2, error="timeout", retry_in_s=5.0)
    first, second = view_of(telegram).wire
    assert first.title == f"message {update}" and (first.status, first.attempt) == (200, 1)
    assert (second.attempt, second.error, second.retry_in_s, second.ok) == (2, "timeout", 5.0, False)
    assert 0 < first.t_s < second.t_s


def test_a_finding_is_pinned_to_the_first_record_that_shows_else_to_its_step(telegram):
    telegram.says("Hello")
    answered = telegram.bot("Hi!")
    unmet = telegram.step(0, "unmet")
    view = view_of(telegram)
    assert isinstance(bubble := view.item_to_accuse((9999, answered)), Bubble) and bubble.text == "Hi!"
    assert view.item_to_accuse((), step=0) is view.item_of(unmet)
    assert view.item_to_accuse((9999,), step=7) is None


def test_an_excerpt_keeps_what_is_near_and_counts_what_is_not(telegram):
    numbers = [telegram.says(f"message {count}") for count in range(20)]
    excerpt = view_of(telegram).around([numbers[10]], before=2, after=1)
    assert [bubble.text for bubble in excerpt.bubbles] == [f"message {count}" for count in (8, 9, 10, 11)]
    assert marks(excerpt, "cut") == ["8 more messages", "8 more messages"]


def test_transcripts_can_listen_while_a_run_goes_on(telegram):
    live = Transcripts()
    telegram.says("Hello")
    for record in telegram.scribe.records:
        live.add(record)
    assert live.run is not None and live.cases == (telegram.case,)
    assert live.view(telegram.case).bubbles == view_of(telegram).bubbles
