"""The bot that the conformance kit brings knows how to speak to this desk."""

from __future__ import annotations

import pytest

from chatdrill.model import (
    Accept,
    AgentTyping,
    Close,
    Customer,
    DeleteReply,
    EntryAdded,
    Media,
    Note,
    Reply,
    Text,
)
from chatdrill.wire import Exchange, HttpRequest, HttpResponse, Told, Upload
from chatdrill_fakes.desks.chatwoot import desk
from chatdrill_fakes.desks.chatwoot.rehearsal import Rehearsal
from desks.chatwoot.kit import BASE, NOW, PNG, Office

ANN = Customer(key="tg-42", first_name="Ann", phone="+4915112345678")


def _bot(office: Office) -> Rehearsal:
    return Rehearsal(desk.environment(office.state, BASE))


def _call(office: Office, request: HttpRequest) -> HttpResponse:
    inner = HttpRequest(request.method, request.url.removeprefix(BASE), request.headers, request.body)
    response = desk.handle(office.state, Exchange(inner, office.now, BASE)).response
    assert response is not None
    return response


def _ticket(office: Office) -> str:
    said = [("customer", "Hi"), ("bot", "Hello, I am a bot"), ("customer", "A person, please")]
    return _bot(office).hand_over(lambda request: _call(office, request), ANN, said)  # type: ignore[arg-type]


def _heard(office: Office) -> list[Told]:
    requests = [desk.request(office.state, [update], NOW) for update in office.told()]
    return [told for request in requests for told in _bot(office).read_hook(request) if told.kind != "other"]


def test_the_history_is_handed_over_with_its_authors(office: Office) -> None:
    ticket = _ticket(office)
    entries = [each for each in office.state.tickets[ticket].entries if each.kind is None]
    assert [(each.author, each.text) for each in entries] == [
        ("customer", "Hi"),
        ("bot", "Hello, I am a bot"),
        ("customer", "A person, please"),
    ]
    assert office.owner(ticket) == "queue"


def test_words_and_files_are_passed_on(office: Office) -> None:
    ticket, bot = _ticket(office), _bot(office)
    assert bot.relay(lambda request: _call(office, request), ticket, ANN, "x" * 150_001, "m-1").status == 200
    upload = Upload("file", "a.png", "image/png", PNG)
    assert bot.relay_file(lambda request: _call(office, request), ticket, ANN, upload, "m-2").status == 200
    *_, first, second, third = office.state.tickets[ticket].entries
    assert (len(first.text), len(second.text), third.origin_id) == (150_000, 1, "m-2")
    assert office.state.blobs.get(third.files[0].sha256) == PNG


def test_what_agents_do_is_read_from_the_webhooks() -> None:
    office = Office(webhook_as="agent_bot,account")
    ticket = _ticket(office)
    office.told()
    office.act(Accept(agent="bob"), ticket)
    media = Media(kind="photo", file=office.file(name="a.png"))
    (added,) = office.act(Reply(agent="bob", parts=(Text(text="Hello"), media)), ticket)
    assert isinstance(added, EntryAdded)
    office.act(Note(agent="bob", text="psst"), ticket)
    office.act(AgentTyping(agent="bob"), ticket)
    office.act(DeleteReply(agent="bob", entry_id=added.entry.id), ticket)
    office.act(Close(agent="bob"), ticket)
    heard = _heard(office)
    assert {told.kind for told in heard} == {"reply", "note", "typing", "deleted", "closed"}
    reply = next(told for told in heard if told.kind == "reply")
    assert (reply.ticket, reply.text, len(reply.files)) == (ticket, "Hello", 1)


def test_a_forged_webhook_is_not_believed(office: Office) -> None:
    _ticket(office)
    request = desk.request(office.state, office.told()[:1], NOW)
    with pytest.raises(ValueError, match="signature"):
        _bot(office).read_hook(desk.forge(office.state, request, "wrong", NOW))


def test_what_is_refused_says_so(office: Office) -> None:
    environment = {**desk.environment(office.state, BASE), "CHATWOOT_INBOX_IDENTIFIER": "other"}
    with pytest.raises(ValueError, match="404"):
        Rehearsal(environment).hand_over(lambda request: _call(office, request), ANN, [])
