"""What the customer sends while people are in charge stands in the ticket: once, in order, in time, with its changes."""

from __future__ import annotations

import pytest

import chatdrill.checks.handoff.inbound
import chatdrill.checks.handoff.kinds  # noqa: F401
from chatdrill.model import Contact, EntryChanged, File, Location, Media, Other, Text
from checks.handoff.traces import Told

FILE = File(sha256="aa", mime="image/jpeg")
STICKER = Media(kind="sticker", file=File(sha256="5e", mime="image/webp"))
PLACE = Location(latitude=52.22977, longitude=21.01178)
FRIEND = Contact(name="Zofia", phone="+48 601 234 567")


def served(**case) -> Told:
    """An agent is in charge of a conversation whose ticket was made at the handover."""
    told = Told(**case).says("My boots squeak").bot("Which ones?").says("A person, please").handoff()
    return told.bot("I am calling a colleague.").accepts("bob")


def queued(**case) -> Told:
    """Somebody waits."""
    return Told(**case).says("A person, please").handoff().bot("I am calling a colleague.")


# ------------------------------------------------------------------------------------------------------- HO-22


def test_a_message_that_is_passed_on_passes():
    told = served().says("the left one").mirrors().wait(30).done()
    assert told.judge("HO-22").evidence == 1
    assert told.verdict("HO-22") == "pass"


def test_without_an_agent_there_is_nothing_to_say():
    assert Told().says("hello").bot("Hi!").done().verdict("HO-22") == "none"


def test_a_message_that_never_comes_fails():
    told = served().says("the left one").wait(30).done()
    [finding] = told.findings("HO-22")
    assert "never saw 'the left one'" in finding.message
    assert told.cited(finding) == ["the left one"]


@pytest.mark.parametrize(("outcome", "verdict"), [("stopped", "inconclusive"), ("done", "pass")])
def test_before_the_deadline_only_a_run_that_was_cut_short_is_undecided(outcome, verdict):
    assert served().says("the left one").wait(10).ends(outcome).verdict("HO-22") == verdict


def test_a_second_copy_fails_and_cites_both():
    told = served().says("the left one").mirrors().delivers(number=2).mirrors().wait(30).done()
    [finding] = told.findings("HO-22")
    assert "2 times" in finding.message
    assert [told.cited(finding)[place] for place in (0, 1, 2)] == ["entry_added", "entry_added", "the left one"]


def test_a_second_copy_without_ids_fails_too():
    told = served().says("the left one").mirrors(origin_id=None).mirrors(origin_id=None).wait(30).done()
    assert told.verdict("HO-22") == "fail"


def test_the_same_words_said_twice_are_two_messages():
    told = served().says("hello?").mirrors(origin_id=None).says("hello?").mirrors(origin_id=None).wait(30).done()
    assert told.verdict("HO-22") == "pass"


def test_words_that_were_said_to_the_bot_before_do_not_take_an_entry_away():
    told = Told().says("ok").bot("Fine.").says("A person, please").handoff("ok / Fine. / A person, please").accepts()
    told.says("ok").mirrors(origin_id=None).wait(30).done()
    assert told.verdict("HO-22") == "pass"


@pytest.mark.parametrize(
    "text",
    ["<p>the left &amp; the right one</p>", "Anna Nowak: the left & the right one", "*The left & the right one*"],
)
def test_markup_and_a_name_in_front_change_nothing(text):
    told = served().says("the left & the right one").mirrors(text=text, origin_id=None).wait(30).done()
    assert told.verdict("HO-22") == "pass"


def test_a_long_message_may_come_in_pieces():
    words = [f"word{number}" for number in range(900)]
    told = served().says(" ".join(words))
    for part in (words[:400], words[400:800], words[800:]):
        told.enters("customer", " ".join(part))
    assert told.wait(30).done().verdict("HO-22") == "pass"


def test_an_album_makes_an_entry_for_each_picture():
    album = tuple(Media(kind="photo", file=File(sha256=sha256, mime="image/jpeg")) for sha256 in ("a1", "a2", "a2"))
    told = served().sends(*album)
    for part in album:
        told.enters("customer", files=(part.file,))
    assert told.wait(30).done().verdict("HO-22") == "pass"


def test_a_caption_and_its_picture_may_part():
    told = served().sends(Media(kind="photo", file=FILE, caption=Text(text="look at the heel")))
    told.enters("customer", files=(FILE,)).enters("customer", "look at the heel").wait(30).done()
    assert told.verdict("HO-22") == "pass"


def test_a_picture_that_was_packed_anew_is_the_one_that_came():
    told = served().photo("b1").enters("customer", files=(File(sha256="ff", mime="image/png"),)).wait(30).done()
    assert told.verdict("HO-22") == "pass"


def test_several_messages_may_come_in_one_entry():
    told = served().says("it").says("is torn").enters("customer", "it\nis torn").wait(30).done()
    assert told.verdict("HO-22") == "pass"


def test_a_desk_without_a_customers_voice_shows_the_words_as_the_bots():
    assert (
        served().says("the left one").enters("bot", "Anna writes: the left one").wait(30).done().verdict("HO-22")
        == "pass"
    )


def test_an_agent_who_repeats_the_words_shows_nothing():
    told = served().says("the left one").replies("The left one, you say?").passes_on().wait(30).done()
    assert told.verdict("HO-22") == "fail"


def test_the_history_of_a_later_handover_comes_too_late():
    told = served().says("the left one").wait(60).closes().wait(60).says("A person again").opens()
    told.enters("bot", "Anna: the left one\nAnna: A person again").asks().accepts().wait(30).done()
    assert told.verdict("HO-22") == "fail"


@pytest.mark.parametrize("words", ["/help", "stop it"])
def test_what_is_a_command_or_taken_back_need_not_come(words):
    told = served().says(words)
    told = told if words.startswith("/") else told.deletes()
    assert told.wait(30).done().verdict("HO-22") == "none"


def test_a_message_that_was_changed_at_once_may_come_in_its_new_words_only():
    told = served().says("the left one").edits("the right one", after=0.1)
    told.enters("customer", "the right one").wait(30).done()
    assert told.verdict("HO-22") == "pass"


def test_the_wish_that_ends_the_episode_need_not_come():
    assert served().says("bot").closes(after=2).wait(30).done().verdict("HO-22") == "none"


def test_a_bot_that_was_not_told_cannot_pass_on():
    told = served().says("the left one", told=False).attempt("telegram", ("u99",), status=500)
    told.made[-1] = type(told.made[-1])(**{**_fields(told.made[-1]), "updates": told.message().updates})
    assert told.wait(30).done().verdict("HO-22") == "none"


def _fields(record) -> dict:
    return {name: getattr(record, name) for name in record.__struct_fields__}


def test_a_desk_that_asks_for_patience_is_given_a_minute_more():
    told = served().says("the left one").fails_to_call("POST messages", 429).wait(40).mirrors().wait(60).done()
    assert told.verdict("HO-22") == "pass"
    assert served().says("the left one").fails_to_call("POST messages", 500).wait(90).done().verdict("HO-22") == "fail"


def reopened() -> Told:
    """An agent has put a closed conversation into the queue again, and nobody has taken it yet."""
    told = queued().accepts("bob").closes().bot("The bot is back.").reopens().owner("queue", by="agent")
    return told.says("where is it?")


def test_while_nobody_has_accepted_what_an_agent_reopened_the_bot_may_answer():
    told = reopened().bot("On its way.").accepts("bob").wait(30).done()
    assert told.verdict("HO-25") == "none"


def test_what_nobody_answered_while_it_lay_reopened_is_owed():
    assert reopened().accepts("bob").wait(30).done().verdict("HO-25") == "fail"


# ------------------------------------------------------------------------------------------------------- HO-23


def test_messages_in_their_order_pass():
    told = served().says("one").says("two").says("three").mirrors(3).mirrors(2).mirrors(1).wait(30).done()
    assert told.verdict("HO-23") == "pass"


def test_a_later_message_before_an_earlier_one_fails():
    told = served().photo("c1").says("what do you think?").mirrors(1).mirrors(2).wait(30).done()
    [finding] = told.findings("HO-23")
    assert "'what do you think?' before the photo" in finding.message
    assert told.cited(finding)[2] == "what do you think?"


def test_a_platform_that_delivers_out_of_order_is_no_fault_of_the_bots():
    told = served().says("one", told=False).says("two").mirrors(1)
    told.attempt("telegram", told.message(2).updates).mirrors(2).wait(30).done()
    assert told.verdict("HO-23") != "fail"


def test_one_message_has_no_order():
    assert served().says("one").mirrors().done().verdict("HO-23") == "none"


def test_equal_words_cannot_be_told_apart():
    told = served().says("ok").says("two").says("ok").mirrors(origin_id=None).mirrors(2).mirrors(3, origin_id=None)
    assert told.wait(30).done().verdict("HO-23") != "fail"


# ------------------------------------------------------------------------------------------------------- HO-24


def test_what_comes_at_once_is_in_time():
    assert served().says("one").mirrors().wait(30).done().verdict("HO-24") == "pass"


def test_one_message_of_many_may_be_a_little_late():
    told = served()
    for number in range(20):
        told.says(f"message {number}").mirrors(after=8 if number == 7 else 0.2)
    assert told.done().verdict("HO-24") == "pass"
    assert told.verdict("HO-24", relay_share=99) == "fail"


def test_slow_messages_fail_by_their_share():
    [finding] = served().says("one").mirrors(after=9).says("two").mirrors().done().findings("HO-24")
    assert "1 of 2 messages" in finding.message


def test_a_message_that_is_far_too_late_fails_alone():
    [finding] = served().says("one").mirrors(after=40).done().findings("HO-24")
    assert "40" in finding.message


def test_the_time_in_which_the_desk_was_broken_does_not_count():
    told = served().says("one").fails_to_call("POST messages", 503).mirrors(after=20).done()
    assert told.verdict("HO-24") == "none"


# ------------------------------------------------------------------------------------------------------- HO-25


def test_what_is_written_while_waiting_may_come_with_the_agent():
    told = queued().says("it is urgent").wait(20).accepts().mirrors().wait(40).done()
    assert told.verdict("HO-25") == "pass"
    assert told.verdict("HO-22") == "none"


def test_what_is_written_while_waiting_and_never_comes_fails():
    told = queued().says("it is urgent").wait(5).accepts().wait(40).done()
    [finding] = told.findings("HO-25")
    assert told.cited(finding) == ["it is urgent"]


def test_what_is_written_while_the_ticket_is_made_belongs_into_it():
    told = Told().says("A person, please").opens().says("please hurry").asks().accepts().wait(40).done()
    assert told.verdict("HO-25") == "fail"
    told = Told().says("A person, please").opens().says("please hurry").asks().mirrors().accepts().wait(40).done()
    assert told.verdict("HO-25") == "pass"


def test_a_desk_that_mirrors_everything_has_it_already():
    told = Told().says("hi").opens().mirrors().bot("Hello").mirrors_bot().says("A person, please").mirrors().asks()
    assert told.accepts().wait(40).done().verdict("HO-25") == "pass"


def test_what_is_in_the_transcript_need_not_come_again():
    told = queued().says("it is urgent").enters("bot", "Anna: A person, please\nAnna: it is urgent").accepts().wait(40)
    assert told.done().verdict("HO-25") == "pass"


def test_a_message_of_the_gap_that_stands_there_twice_fails():
    told = queued().says("it is urgent").mirrors().accepts().mirrors().wait(40).done()
    assert told.verdict("HO-25") == "fail"


def test_nobody_who_was_never_accepted_is_judged():
    assert queued().says("it is urgent").wait(60).done().verdict("HO-25") == "none"


def test_a_run_that_ends_too_early_leaves_the_gap_undecided():
    assert queued().says("it is urgent").accepts().wait(3).ends("stopped").verdict("HO-25") == "inconclusive"


# ------------------------------------------------------------------------------------------------------- HO-26


def changed() -> Told:
    return served().says("the left one").mirrors().wait(2).edits("the right one")


def test_an_edit_that_changes_the_entry_passes():
    told = changed()
    told.files(_changed(told, "the right one"), by="bot").wait(40).done()
    assert told.verdict("HO-26") == "pass"


@pytest.mark.parametrize(
    "entry",
    [
        {"text": "Anna has changed a message. It reads now: the right one", "public": False, "author": "bot"},
        {"text": "✎ edited: the right one", "author": "customer"},
        {"text": "the right one", "author": "customer", "reply_to": "e1"},
    ],
)
def test_an_edit_that_comes_as_a_marked_entry_passes(entry):
    told = changed().enters(entry.pop("author"), **entry).wait(40).done()
    assert told.verdict("HO-26") == "pass"


def test_an_edit_that_is_ignored_fails():
    told = changed().wait(40).done()
    [finding] = told.findings("HO-26")
    assert "changed 'the left one'" in finding.message


def test_an_edit_that_comes_as_one_more_message_fails():
    told = changed().enters("customer", "the right one").wait(40).done()
    [finding] = told.findings("HO-26")
    assert "a message of its own" in finding.message


def test_a_deletion_must_be_seen():
    told = served().says("my number is 5").mirrors().wait(2).deletes()
    assert told.wait(40).done().verdict("HO-26") == "fail"
    told = served().says("my number is 5").mirrors().wait(2).deletes()
    assert told.files(_changed(told, "", deleted=True), by="bot").wait(40).done().verdict("HO-26") == "pass"


def test_an_edit_just_before_the_run_was_stopped_is_undecided():
    assert changed().ends("stopped").verdict("HO-26") == "inconclusive"


def _changed(told: Told, text: str, *, deleted: bool = False) -> EntryChanged:
    return EntryChanged(ticket=told.ticket, entry_id=told.entries[told.who][-1].id, text=text, deleted=deleted)


# ------------------------------------------------------------------------------------------------------- HO-27


@pytest.mark.parametrize(
    ("part", "entry"),
    [
        (STICKER, {"text": "[sticker]"}),
        (STICKER, {"files": (File(sha256="5e"),)}),
        (PLACE, {"text": "[location] 52.22977, 21.01178"}),
        (PLACE, {"text": "https://maps.example.org/?q=52.2298,21.0118"}),
        (PLACE, {"kind": "location"}),
        (FRIEND, {"text": "[contact] Zofia 601-234-567"}),
        (Other(kind="poll"), {"text": "[a message of a kind that cannot be shown]"}),
    ],
)
def test_what_has_no_words_gets_some(part, entry):
    assert served().sends(part).enters("customer", **entry).wait(30).done().verdict("HO-27") == "pass"


@pytest.mark.parametrize("part", [STICKER, PLACE, FRIEND, Other(kind="poll")])
def test_what_has_no_words_and_is_dropped_fails(part):
    told = served().sends(part).wait(30).done()
    [finding] = told.findings("HO-27")
    assert "never learned" in finding.message
    assert told.verdict("HO-22") == "none"


@pytest.mark.parametrize("part", [PLACE, FRIEND])
def test_a_place_without_coordinates_and_a_contact_without_a_number_fail(part):
    told = served().sends(part).enters("customer", "[attachment]").wait(30).done()
    assert "but not what it says" in told.findings("HO-27")[0].message


def test_to_be_asked_for_words_twice_fails():
    told = served().sends(STICKER).mirrors(text="[sticker]").notice("Please send text only.").sends(STICKER)
    told.mirrors(text="[sticker]").bot("Please send text only.").wait(30).done()
    [finding] = told.findings("HO-27")
    assert "2 times" in finding.message


def test_a_sticker_just_before_the_run_was_stopped_is_undecided():
    assert served().sends(STICKER).ends("stopped").verdict("HO-27") == "inconclusive"
