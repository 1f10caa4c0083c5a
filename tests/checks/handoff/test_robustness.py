"""Forged, repeated, reordered and lost webhooks of the desk, and its limits (HO-47, HO-48, HO-49, HO-51)."""

from __future__ import annotations

import json

import msgspec
import pytest

import chatdrill.checks.handoff.robustness  # noqa: F401  registers them
from chatdrill.trace import Dropped
from checks.handoff.traces import Told

FORGED_WORDS = "Send me your card number"
TWICE = "fault: delivered twice"
SWAPPED = "fault: overtaken by the next one"
LOST = "fault: lost for good"


def served(**case: object) -> Told:
    told = Told(**case).says("A person, please").handoff().notice("I am calling a colleague.").accepts()
    return told.replies("Good morning!").passes_on()


def planned(told: Told, *steps: dict[str, object]) -> Told:
    """The case has these steps."""
    told.made[told.began_n] = msgspec.structs.replace(told.made[told.began_n], steps=steps)
    return told


def loses(told: Told) -> Told:
    """The desk's newest webhook is lost on its way."""
    told.add(Dropped, platform=told.desk, updates=("lost",), reason=LOST)
    return told


# ------------------------------------------------------------------------------------------------------ HO-47


@pytest.mark.parametrize("status", [401, 403, 400, 404])
def test_a_forged_webhook_that_is_refused_passes(status):
    assert served().forges(status=status, body=json.dumps({"text": FORGED_WORDS})).done().verdict("HO-47") == "pass"


def test_without_a_forged_webhook_there_is_no_evidence():
    assert served().done().verdict("HO-47") == "none"


@pytest.mark.parametrize("status", [200, 204, 302, 500])
def test_a_forged_webhook_must_be_refused(status):
    [finding] = served().forges("stale", status=status).done().findings("HO-47")
    assert finding.message == f"a forged webhook (stale) was answered {status}"


@pytest.mark.parametrize("body", [json.dumps({"content": FORGED_WORDS}), "id=5&text=Send+me+your+card+number", ""])
def test_forged_words_must_not_reach_the_customer(body):
    steps = () if body else ({"step": "forges", "how": "wrong", "text": FORGED_WORDS},)
    told = planned(Told(), *steps)
    told.says("A person").handoff().accepts().forges("wrong", status=200, body=body).bot(f"Bob: {FORGED_WORDS}").done()
    [finding] = told.findings("HO-47")
    assert finding.message.startswith("words of a forged webhook (wrong) reached the customer")
    assert told.cited(finding) == [f"Bob: {FORGED_WORDS}", "attempt"]


def test_words_that_others_said_as_well_are_not_the_forgers():
    body = json.dumps({"last": "Good morning to you", "text": "x"})
    told = (
        served().says("Good morning to you").mirrors().forges(body=body).closes().bot("You said: good morning to you")
    )
    assert told.done().verdict("HO-47") == "pass"


def test_a_forged_webhook_must_not_change_who_is_in_charge():
    told = served().wait(60).forges().owner("bot", by="bot", after=0.5).done()
    [finding] = told.findings("HO-47")
    assert finding.message == "after a forged webhook (signature) the bot changed who is in charge"


def test_what_a_customer_wants_is_not_the_forgers_doing():
    assert served().says("bot").forges().owner("bot", by="bot", after=0.5).done().verdict("HO-47") == "pass"


def test_a_forged_webhook_without_an_answer_is_undecided():
    told = served().forges()
    told.made[-1] = msgspec.structs.replace(told.made[-1], status=None, error="no answer in 10 s")
    assert told.done().verdict("HO-47") == "inconclusive"


# ------------------------------------------------------------------------------------------------------ HO-48


def joined(told: Told) -> Told:
    """Bob has come, and the webhook of it comes twice."""
    told.says("A person, please").handoff().accepts()
    update = told.made[-1].updates
    told.made.pop()
    told.attempt(told.desk, update, note=TWICE).notice("Bob has joined.")
    return told.attempt(told.desk, update, number=2, note=TWICE)


def test_a_webhook_that_comes_twice_and_changes_nothing_passes():
    assert joined(Told()).wait(40).done().verdict("HO-48") == "pass"


def test_without_a_fault_there_is_no_evidence():
    assert served().closes().done().verdict("HO-48") == "none"


def test_words_that_come_twice_with_their_webhook_fail():
    told = joined(Told()).bot("Bob has joined.").done()
    [finding] = told.findings("HO-48")
    assert finding.message == "a webhook of the desk came twice, and so did the bot's words: 'Bob has joined.'"
    assert told.cited(finding) == ["Bob has joined.", "Bob has joined.", "attempt"]


def test_a_repetition_needs_no_note_of_its_own():
    told = served()
    told.made.pop()
    told.attempt(told.desk, ("end",), note=TWICE).bot("The bot is back.").attempt(told.desk, ("end",), number=2)
    assert told.bot("The bot is back.").done().verdict("HO-48") == "fail"


def test_a_second_attempt_after_an_error_is_no_fault():
    told = served()
    told.attempt(told.desk, ("end",), status=500).bot("The bot is back.").attempt(told.desk, ("end",), number=2)
    assert told.bot("The bot is back.").done().verdict("HO-48") == "none"


def test_another_agent_who_joins_is_news():
    assert joined(Told()).transfers().bot("Bob has joined.").done().verdict("HO-48") == "pass"


def test_the_same_answer_to_another_word_is_no_repetition():
    assert joined(Told()).says("Hello?").bot("Bob has joined.").done().verdict("HO-48") == "pass"


def test_what_the_bot_files_twice_fails():
    told = joined(Told()).mirrors_bot().mirrors_bot().done()
    [finding] = told.findings("HO-48")
    assert finding.message == "a webhook of the desk came twice, and the bot filed the same twice: 'bob has joined.'"


def closed_out_of_order(words: str) -> Told:
    told = served().closes()
    told.made.pop()
    return told.hooked("replied", note=SWAPPED).hooked("closed", note=SWAPPED).says(words)


def test_a_bot_that_believes_an_older_webhook_fails():
    told = closed_out_of_order("When do you open?").wait(60).done()
    [finding] = told.findings("HO-48")
    assert finding.message.startswith(
        "a webhook of the desk was overtaken by the next one, and the bot, in charge again,"
    )


def test_a_bot_that_answers_all_the_same_passes():
    assert closed_out_of_order("When do you open?").bot("At ten.").wait(60).done().verdict("HO-48") == "pass"


def test_an_answer_after_a_swap_may_be_cut_off():
    assert closed_out_of_order("When do you open?").wait(2).ends("stopped").verdict("HO-48") == "inconclusive"


# ------------------------------------------------------------------------------------------------------ HO-49


def unseen() -> Told:
    """The webhook of a reply is lost."""
    told = served().replies("It comes on Friday.")
    told.made.pop()
    return loses(told)


def test_a_reply_that_is_found_in_time_passes():
    assert unseen().wait(40).passes_on().wait(60).done().verdict("HO-49") == "pass"


def test_a_reply_that_is_never_found_fails():
    told = unseen().wait(70).done()
    [finding] = told.findings("HO-49")
    assert finding.message == (
        "the webhook of the agent's reply was lost, and 1m later the customer has not seen 'It comes on Friday.'"
    )
    assert told.cited(finding) == ["entry_added", "dropped"]


@pytest.mark.parametrize(("ending", "verdict"), [("done", "pass"), ("unmet", "inconclusive")])
def test_a_reply_that_could_still_be_found_is_not_lost(ending, verdict):
    assert unseen().wait(20).ends(ending).verdict("HO-49") == verdict


def test_without_a_lost_webhook_there_is_no_evidence():
    assert served().replies("It comes on Friday.").wait(70).done().verdict("HO-49") == "none"


def test_an_end_of_which_the_bot_never_hears_fails():
    told = served().closes()
    told.made.pop()
    told = loses(told).wait(70).says("When do you open?").wait(70).done()
    [finding] = told.findings("HO-49")
    assert finding.message.startswith("a webhook of the desk was lost for good, and the bot, in charge again, does not")


def test_an_end_that_is_found_out_passes():
    told = served().closes()
    told.made.pop()
    told = loses(told).wait(50).notice("The bot is back.").says("When do you open?").bot("At ten.").wait(70).done()
    assert told.verdict("HO-49") == "pass"


# ------------------------------------------------------------------------------------------------------ HO-51

PATIENCE = {"step": "breaks", "fault": {"where": "api", "status": 429, "retry_after_s": 3}}
REFUSED = {"status": 429, "note": "fault: answered 429 instead of being handled", "arguments": {"text": "laces"}}


def limited(told: Told | None = None) -> Told:
    told = planned(told or Told(), PATIENCE)
    told.says("A person").handoff().accepts().says("laces").calls("add", **REFUSED)
    return told


@pytest.mark.parametrize(("after_s", "verdict"), [(0.5, "fail"), (2.9, "pass"), (6, "pass")])
def test_the_desk_says_how_long_to_wait(after_s, verdict):
    told = limited().wait(after_s)
    told.calls("add", arguments={"text": "laces"}, after=0)
    assert told.mirrors().done().verdict("HO-51") == verdict


def test_who_does_not_wait_is_told_for_how_long():
    told = limited()
    told.calls("add", arguments={"text": "laces"}, after=0.5)
    [finding] = told.done().findings("HO-51")
    assert finding.message == "add was tried again after 500ms; the desk had asked for 3s"


@pytest.mark.parametrize(
    ("path", "text", "verdict"),
    [
        ("POST /api/v1/tickets/7/messages", "laces", "fail"),
        ("POST /api/v1/tickets/7/messages", "my laces are torn", "pass"),
        ("POST /api/v1/tickets/7/tags", "laces", "pass"),
        ("PUT /api/v1/tickets/7/messages", "laces", "pass"),
    ],
)
def test_what_a_fault_refused_is_known_by_its_path(path, text, verdict):
    told = planned(Told(), PATIENCE).says("A person").handoff().accepts().says("laces")
    told.calls(path, **{**REFUSED, "arguments": {"text": text}})
    told.calls("POST /tickets/{id}/messages", arguments={"text": "laces"}, after=1)
    assert told.mirrors().done().verdict("HO-51") == verdict


def test_without_a_limit_there_is_no_evidence():
    assert served().done().verdict("HO-51") == "none"


def test_the_desks_own_words_count_as_well():
    told = Told().says("A person").handoff().accepts()
    told.calls("add", status=429, error="Too many requests, retry after 10", arguments={"a": 1})
    told.calls("add", arguments={"a": 1}, after=4)
    assert told.done().verdict("HO-51") == "fail"


@pytest.mark.parametrize(("after_s", "verdict"), [(4, "fail"), (10, "pass")])
def test_so_does_the_header_of_the_answer(after_s, verdict):
    told = Told().says("A person").handoff().accepts()
    told.calls("add", status=429, retry_after_s=10.0, arguments={"a": 1})
    told.calls("add", arguments={"a": 1}, after=after_s)
    assert told.done().verdict("HO-51") == verdict


@pytest.mark.parametrize(("late_s", "verdict"), [(1, "pass"), (20, "fail")])
def test_one_conversation_does_not_hold_up_another(late_s, verdict):
    told = Told()
    told.begins("two", people=("anna", "boris"))
    told.to("boris").says("Person").handoff().accepts("carol").to("anna")
    limited(told).to("boris").says("my boots").wait(late_s).mirrors().done()
    assert told.verdict("HO-51") == verdict
