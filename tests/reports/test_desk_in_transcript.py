"""The helpdesk in the transcript: told beside the chat, once, in the words of people."""

from __future__ import annotations

import pytest

from chatdrill.checks.results import Judgement
from chatdrill.model import Assigned, EntryFailed, File, Rated
from chatdrill.trace.transcript import Bubble, Mark, Transcripts, View, render_text, render_wire
from chatdrill.trace.transcript.steps import step_words
from chatdrill.trace.transcript.wire import event_name
from chatdrill_reports.contract import Report
from checks.handoff.traces import Told

NOT_JUDGED = Judgement(verdict="none", cases=())


@pytest.fixture
def told() -> Told:
    """A customer who asked for a person; Bob has come."""
    return Told().says("A person, please").handoff().accepts("bob")


def view_of(told: Told) -> View:
    return Report(records=told.made, judgement=NOT_JUDGED).transcripts.view(told.name)


def lines(told: Told, **more) -> str:
    return render_text(view_of(told), width=120, **more)


def desk_marks(told: Told) -> list[str]:
    return [item.text for item in view_of(told).items if isinstance(item, Mark) and item.kind == "desk"]


def test_a_reply_that_the_bot_passed_on_is_said_once_and_by_the_agent(told):
    told.replies("Good morning!").passes_on(prefix="Bob: ", after=2.0)
    replies = [bubble for bubble in view_of(told).bubbles if "Good morning!" in bubble.text]
    assert [(one.author, one.name, one.relayed_s, one.ticket) for one in replies] == [
        ("agent", "Bob Baker", pytest.approx(2.01), None)
    ]
    assert "Bob via bot ▏Bob: Good morning!" in lines(told)


def test_a_reply_that_nobody_passed_on_stands_at_the_desk_and_says_so(told):
    told.replies("Good morning!").done()
    (reply,) = [bubble for bubble in view_of(told).bubbles if bubble.author == "agent"]
    assert reply.ticket and reply.lost and not reply.private
    assert "┊(not passed on: the customer did not get it)" in lines(told)


def test_without_anybody_who_knows_nothing_is_called_lost(told):
    told.replies("Good morning!")
    (reply,) = [one for one in Transcripts(told.made).view(told.name).bubbles if one.author == "agent"]
    assert reply.ticket and not reply.lost


def test_a_note_is_private(told):
    told.notes("complains often")
    (note,) = [bubble for bubble in view_of(told).bubbles if bubble.text == "complains often"]
    assert note.private and not note.lost and note.name == "Bob Baker"
    assert "private note, the customer does not see it" in lines(told)


def test_what_the_bot_copies_into_the_ticket_is_not_told_again(told):
    told.says("my shoes are torn").mirrors().bot("One moment.").mirrors_bot()
    said = [bubble for bubble in view_of(told).bubbles if bubble.author == "customer"]
    assert said[-1].copied_s == [pytest.approx(0.21, abs=0.02)]
    assert "torn" not in "".join(desk_marks(told)) and lines(told).count("One moment.") == 1


def test_a_copy_made_twice_is_remarked(told):
    told.says("my shoes are torn").mirrors().mirrors()
    assert "(stands 2 times at the desk)" in lines(told)


def test_every_record_of_the_desk_stands_behind_a_line(told):
    told.replies("Hello").passes_on().says("hi").mirrors().notes("x").sets("pending").closes().done()
    view = view_of(told)
    filed = [record.n for record in told.made if record.__class__.__name__ == "Filed"]
    assert [n for n in filed if view.item_of(n) is None] == []


def test_what_becomes_true_at_one_moment_is_one_line(told):
    told.closes()
    accepted, closed = desk_marks(told)[-2:]
    assert accepted.endswith(": Bob Baker accepts")
    assert closed.startswith("Chatwoot ticket T") and closed.endswith(": status closed, closed by Bob Baker")


def test_a_ticket_says_what_it_was_opened_with():
    told = Told().says("Help").opens(subject="Torn shoe", team="returns", priority="high", follows="7")
    assert (
        "opened by the bot (“Torn shoe”, for the team returns, priority high, continues ticket 7)"
        in desk_marks(told)[-1]
    )


def test_a_transcript_handed_over_as_one_text_is_one_line():
    told = Told().says("Help").bot("Sure").handoff("Customer: Help\nBot: Sure")
    assert [
        text
        for text in desk_marks(told)
        if text.endswith("a message of the bot stands in it: “Customer: Help Bot: Sure”")
    ]


def test_a_message_that_did_not_reach_the_customer_is_an_alarm(told):
    told.replies("Hello").files(
        EntryFailed(ticket=told.ticket, entry_id=told.entries["anna"][-1].id, reason="blocked"), by="desk"
    )
    (mark,) = [item for item in view_of(told).items if isinstance(item, Mark) and item.alarm]
    assert mark.bad and mark.text.endswith("the agents see that the customer did not get “Hello” (blocked)")


def test_survey_and_rating_are_told(told):
    told.closes().surveys().files(Rated(ticket=told.ticket, score=4, agent="bob", comment="kind"), by="customer")
    assert desk_marks(told)[-2].endswith("the desk asks the customer for a rating")
    assert desk_marks(told)[-1].endswith("rated 4 of 5 for Bob Baker, “kind”")


def test_changes_of_a_reply_are_told(told):
    told.replies("Size 41").agent_edits("Size 42").agent_edits(deleted=True)
    assert desk_marks(told)[-2].endswith("Bob Baker changed “Size 41” to “Size 42”")
    assert desk_marks(told)[-1].endswith("Bob Baker deleted “Size 41”")


def test_every_item_knows_who_had_the_conversation(told):
    told.says("hi").closes().says("bye")
    spans = [(item.owner, item.holder) for item in view_of(told).items if isinstance(item, Bubble)]
    assert spans == [("bot", ""), ("agent", "Bob Baker"), ("bot", "")]


def test_a_change_of_owner_is_a_line(told):
    drawn = lines(told.closes(owner="none")).split("\n")
    assert [line[9:] for line in drawn if "▌" in line] == [
        "▌ owner: the queue, waiting for a person",
        "▌ owner: Bob Baker",
        "▌ owner: nobody",
    ]
    assert "| owner: Bob Baker" in lines(told, unicode=False)


def test_a_ticket_that_is_assigned_to_another_agent_is_theirs_from_then_on(told):
    told.files(Assigned(ticket=told.ticket, agent="carol"), by="agent", after=3.0).says("hi").closes()
    assert [item.text for item in view_of(told).items if isinstance(item, Mark) and item.kind == "owner"][
        2
    ] == "Carol Clark"
    assert desk_marks(told)[-1].endswith("closed by Carol Clark")


def test_several_customers_are_told_apart():
    told = Told(people=("anna", "carl")).to("anna").says("Help").handoff().to("carl").says("Me too").handoff()
    drawn = lines(told)
    assert "▌ owner, anna: the queue" in drawn and "▌ owner, carl: the queue" in drawn


def test_a_forged_webhook_is_told_with_the_bots_answer(told):
    told.forges("unsigned", status=401).forges("wrong", status=200)
    refused, taken = [item for item in view_of(told).items if isinstance(item, Mark) and "forged" in item.text]
    assert refused.text.endswith("(unsigned); the bot answered 401") and not refused.bad and taken.bad


def test_a_picture_from_an_agent_that_was_not_passed_on_is_shown(told):
    told.enters("agent", "", by="agent", files=(File(name="chart.png", mime="image/png"),))
    (bubble,) = [bubble for bubble in view_of(told).bubbles if bubble.author == "agent"]
    assert bubble.parts[0].kind == "photo" and bubble.name == "Bob Baker"


def test_a_refusal_of_the_desk_is_not_blamed_on_the_platform(told):
    told.fails_to_call("POST /messages", status=500, error="broken")
    assert "Chatwoot refused the bot's POST /messages: broken" in lines(told)


def test_the_wire_names_the_desk_and_its_event(told):
    told.calls("GET /conversations")
    told.attempt("chatwoot", ("u-1",), body='{"event": "message_created"}')
    drawn = render_wire(view_of(told), width=120)
    assert "← Chatwoot GET /conversations" in drawn and "→ Chatwoot message_created" in drawn
    assert [event.desk for event in view_of(told).wire if event.title == "send"] == []


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('{"event": "message_created", "id": 1}', "message_created"),
        ('{"type": "notification_event", "topic": "conversation.admin.replied"}', "conversation.admin.replied"),
        ('{"events": [{"type": "conversation:message"}, {"type": "conversation:message"}]}', "conversation:message"),
        ('{"hook_type": "outbox", "type": "to_client"}', "outbox"),
        ("event=ONIMCONNECTORMESSAGEADD&data%5BLINE%5D=1", "ONIMCONNECTORMESSAGEADD"),
        ("account%5Bid%5D=1&talk%5Bupdate%5D%5B0%5D%5Bid%5D=2", "talk update"),
        ('{"account_id": "1", "message": {"id": "2"}}', "message"),
        ("[]", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_an_event_has_the_vendors_name_wherever_it_stands(body, name):
    assert event_name(body) == name


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"step": "handoff"}, "handoff"),
        (
            {"step": "handoff", "to": "returns", "within_s": 10.0, "carries": ["order", "photo"]},
            "handoff to the team returns, with “order” and “photo” in the ticket, within 10s",
        ),
        ({"step": "agent_does", "verb": "says", "text": "Hi"}, "agent says “Hi”"),
        ({"step": "agent_does", "verb": "transfers", "agent": "ann.e1", "to": "ben.e1"}, "agent ann transfers the ticket to ben"),
        ({"step": "agent_does", "verb": "closes", "customer": "c01"}, "agent closes the ticket, customer “c01”"),
        ({"step": "agent_does", "verb": "sets", "word": "pending"}, "agent sets the ticket to pending"),
        ({"step": "agent_does", "verb": "edits", "message": {"text": "41"}, "text": "42"}, "agent edits the message with “41” to “42”"),
        ({"step": "agent_does", "verb": "sends", "contents": [{"kind": "photo", "file": "a.png"}]}, "agent sends photo a.png"),
        ({"step": "agent_sees", "expectations": [{"text": "red"}], "within_s": 20.0}, "agent sees “red”, within 20s"),
        ({"step": "rates", "score": 5, "comment": "great"}, "rates the conversation 5 of 5, “great”"),
        ({"step": "restarts"}, "the bot is killed and started again"),
        (
            {"step": "forges", "how": "wrong", "text": "Hi"},
            "somebody forges an agent's reply, signed with a wrong secret: “Hi”",
        ),
        (
            {"step": "breaks", "fault": {"where": "api", "kind": "status", "status": 503, "times": None, "platform": "chatwoot"}},
            "breaks: all further calls to Chatwoot: answered 503",
        ),
        ({"step": "breaks", "fault": {"where": "webhook", "kind": "drop"}}, "breaks: the next webhook: lost"),
    ],
)  # fmt: skip
def test_steps_about_what_lies_behind_the_bot_are_told_in_words(step, words):
    assert step_words(step) == words
