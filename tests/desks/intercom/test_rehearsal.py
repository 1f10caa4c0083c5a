"""A correct bot, driven through a whole hand-off."""

from __future__ import annotations

import pytest

from chatdrill.model import Accept, Close, Customer, DeleteReply, EntryAdded, Note, Reply
from chatdrill.wire import Exchange, HttpRequest, HttpResponse, Told, Upload
from chatdrill_fakes.desks.intercom import desk as intercom
from chatdrill_fakes.desks.intercom.rehearsal import Rehearsal
from desks.intercom.kit import BASE, PNG, WORDS, Desk

ANN = Customer(key="ann", first_name="Ann", email="ann@example.org", phone="+493012")


@pytest.fixture
def bot(desk: Desk) -> Rehearsal:
    return Rehearsal(intercom.environment(desk.state, BASE))


def call(desk: Desk):  # type: ignore[no-untyped-def]
    def send(request: HttpRequest) -> HttpResponse:
        request = HttpRequest(request.method, request.url.removeprefix(BASE), request.headers, request.body)
        handled = intercom.handle(desk.state, Exchange(request, desk.now, BASE))
        desk.seen += handled.events
        assert handled.response is not None
        return handled.response

    return send


def told(desk: Desk, bot: Rehearsal) -> list[Told]:
    requests = [intercom.request(desk.state, [update], desk.now) for update in desk.updates()]
    desk.state.outbox.clear()
    return [one for request in requests for one in bot.read_hook(request) if one.kind != "other"]


def test_the_history_arrives_in_order_with_its_authors(desk: Desk, bot: Rehearsal) -> None:
    history = [("customer", "Hi"), ("bot", "Hello <3"), ("customer", "A person!"), ("bot", "One moment")]
    ticket = bot.hand_over(call(desk), ANN, history)  # type: ignore[arg-type]
    entries = [event.entry for event in desk.seen if isinstance(event, EntryAdded)]
    assert [(entry.author, entry.text) for entry in entries] == history and desk.owner(ticket) == "queue"
    assert told(desk, bot) == []


def test_a_second_hand_over_finds_the_same_contact(desk: Desk, bot: Rehearsal) -> None:
    tickets = [bot.hand_over(call(desk), ANN, [("bot", "Hi")]) for _ in range(2)]
    assert len(set(tickets)) == 2 and len(desk.state.contacts) == 1


def test_words_and_files_are_relayed(desk: Desk, bot: Rehearsal) -> None:
    ticket = bot.hand_over(call(desk), ANN, [("customer", "Hi")])
    assert bot.relay(call(desk), ticket, ANN, "Still there?", "m1").status == 200
    assert bot.relay_file(call(desk), ticket, ANN, Upload("file", "shoe.png", "image/png", PNG), "m2").status == 200
    words, picture = desk.state.tickets[ticket].entries[-2:]
    assert words.text == "Still there?" and picture.files[0].name == "shoe.png"


def test_the_bot_reads_what_agents_do(desk: Desk, bot: Rehearsal) -> None:
    ticket = bot.hand_over(call(desk), ANN, [("customer", "Hi")])
    told(desk, bot)
    desk.act(ticket, Accept(agent="bob"))
    desk.act(ticket, Reply(agent="bob", parts=WORDS))
    reply = desk.state.tickets[ticket].entries[-1].id
    for act in (Note(agent="bob", text="psst"), DeleteReply(agent="bob", entry_id=reply), Close(agent="bob")):
        desk.act(ticket, act)
    found = [(one.kind, one.text) for one in told(desk, bot)]
    expected = [("accepted", ""), ("reply", "Hello"), ("note", "psst"), ("deleted", ""), ("closed", "")]
    assert found == expected


def test_a_notification_with_a_wrong_signature_is_not_read(desk: Desk, bot: Rehearsal) -> None:
    desk.conversation()
    genuine = intercom.request(desk.state, desk.updates()[-1:], desk.now)
    with pytest.raises(ValueError, match="signature"):
        bot.read_hook(intercom.forge(desk.state, genuine, "wrong", desk.now))
