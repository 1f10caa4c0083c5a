"""The bot that the conformance kit brings knows how to speak to the desk of the example."""

from __future__ import annotations

import pytest

from chatdrill.model import Accept, AgentTyping, Close, Customer, DeleteReply, EditReply, EntryAdded, Note, Reply, Text
from chatdrill.wire import Exchange, HttpRequest, HttpResponse, Upload
from chatdrill_fakes.desks.generic.rehearsal import Rehearsal
from desks.generic.kit import BASE, NOW, Office

ANN = Customer(key="tg-42", first_name="Ann", phone="+4915112345678")


def _bot(office: Office) -> Rehearsal:
    return Rehearsal(office.desk.environment(office.state, BASE))


def _call(office: Office, request: HttpRequest) -> HttpResponse:
    inner = HttpRequest(request.method, request.url.removeprefix(BASE), request.headers, request.body)
    response = office.desk.handle(office.state, Exchange(inner, NOW, BASE)).response
    assert response is not None
    return response


def _ticket(office: Office) -> str:
    said = [("customer", "Hi"), ("bot", "y" * 5000)]
    return _bot(office).hand_over(lambda request: _call(office, request), ANN, said)  # type: ignore[arg-type]


def test_the_history_is_handed_over_whole(office: Office) -> None:
    entries = office.state.tickets[_ticket(office)].entries
    assert [(each.author, len(each.text)) for each in entries] == [("customer", 2), ("bot", 4096), ("bot", 904)]
    assert office.owner() == "queue"


def test_words_and_files_are_passed_on(office: Office) -> None:
    ticket, bot = _ticket(office), _bot(office)
    assert bot.relay(lambda request: _call(office, request), ticket, ANN, "x" * 4097, "m-1").status == 201
    upload = Upload("file", "a.txt", "text/plain", b"x")
    assert bot.relay_file(lambda request: _call(office, request), ticket, ANN, upload, "m-2").status == 201
    *_, first, second, third = office.state.tickets[ticket].entries
    assert (len(first.text), second.text, third.origin_id) == (4096, "x", "m-2")
    assert office.state.blobs.get(third.files[0].sha256) == b"x"


def test_what_agents_do_is_read_from_the_webhooks(office: Office) -> None:
    _ticket(office)
    office.act(Accept(agent="bob"))
    (added,) = office.act(Reply(agent="bob", parts=(Text(text="Hello"),)))
    assert isinstance(added, EntryAdded)
    office.act(Note(agent="bob", text="psst"))
    office.act(AgentTyping(agent="bob"))
    office.act(EditReply(agent="bob", entry_id=added.entry.id, text="Hallo"))
    office.act(DeleteReply(agent="bob", entry_id=added.entry.id))
    office.act(Close(agent="bob"))
    heard = [told.kind for request in office.requests() for told in _bot(office).read_hook(request)]
    assert [kind for kind in heard if kind != "other"] == [
        "accepted",
        "reply",
        "note",
        "typing",
        "edited",
        "deleted",
        "closed",
    ]


def test_a_forged_webhook_is_not_believed(office: Office) -> None:
    _ticket(office)
    office.act(Note(agent="bob", text="psst"))
    forged = office.desk.forge(office.state, office.requests()[0], "wrong", NOW)
    with pytest.raises(ValueError, match="signature"):
        _bot(office).read_hook(forged)


def test_what_is_refused_says_so(office: Office) -> None:
    wrong = Rehearsal({**office.desk.environment(office.state, BASE), "GENERIC_TOKEN": "x"})
    with pytest.raises(ValueError, match="401"):
        wrong.hand_over(lambda request: _call(office, request), ANN, [])
