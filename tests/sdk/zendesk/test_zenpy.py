"""zenpy, unmodified, whose host is fixed: what it asks of an account it gets, and reads as its own objects."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

zenpy = pytest.importorskip("zenpy", reason="zenpy is not installed")
pytest.importorskip("trustme", reason="trustme is not installed")
from zenpy.lib.api_objects import Comment, Ticket, User
from zenpy.lib.exception import APIException, RecordNotFoundException

from chatdrill_fakes.desks.zendesk import desk
from sdk.desk_kit import PNG, Helpdesk


@pytest.fixture
def helpdesk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Helpdesk]:
    with Helpdesk(desk, redirect=tmp_path) as made:
        for name, value in made.env.items():
            monkeypatch.setenv(name, value)
        yield made


@pytest.fixture
def client(helpdesk: Helpdesk) -> Iterator[Any]:
    env = helpdesk.env
    known = {"subdomain": env["ZENDESK_SUBDOMAIN"], "email": env["ZENDESK_EMAIL"], "token": env["ZENDESK_API_TOKEN"]}
    made = zenpy.Zenpy(**known, disable_cache=True)  # agents change what it would show again
    yield made
    made.users.session.close()


@pytest.fixture
def ann(client: Any) -> Any:
    return client.users.create_or_update(User(external_id="tg-42", name="Ann", email="ann@example.com"))


@pytest.fixture
def ticket(client: Any, ann: Any) -> Any:
    words, group = Comment(body="Where is my parcel?", author_id=ann.id), client.groups().next()
    asked = Ticket(subject="Parcel", comment=words, requester_id=ann.id, group_id=group.id, tags=["bot_handoff"])
    asked.external_id = "dialog-42"
    return client.tickets.create(asked).ticket


def test_a_user_is_made_found_and_changed(client: Any, ann: Any) -> None:
    assert [one.id for one in client.users.search(external_id="tg-42")] == [ann.id]
    ann.phone = "+4912345"
    assert client.users.update(ann).phone == "+4912345" and client.users(id=ann.id).role == "end-user"
    assert client.users.me().email == "bot@chatdrill.example"
    assert {one.name for one in client.users()} == {"Bot", "Ann"}


def test_a_ticket_is_handed_over_answered_and_solved(client: Any, helpdesk: Helpdesk, ann: Any, ticket: Any) -> None:
    assert (ticket.requester.name, ticket.submitter.name, ticket.group.name) == ("Ann", "Bot", "Support")
    ticket.comment = Comment(body="an old friend", public=False)
    audit = client.tickets.update(ticket).audit
    assert [event["body"] for event in audit.events if event["type"] == "Comment"] == ["an old friend"]
    helpdesk.agent("accept")
    helpdesk.agent(text="It is here")
    helpdesk.agent("close")
    told = [(one.author.name, one.body, one.public) for one in client.tickets.comments(ticket=ticket.id)]
    assert told == [("Ann", "Where is my parcel?", True), ("Bot", "an old friend", False), ("Bob", "It is here", True)]
    assert (client.tickets(id=ticket.id).status, client.tickets(id=ticket.id).assignee.name) == ("solved", "Bob")


def test_files_go_up_and_come_down(client: Any, ticket: Any, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    upload = client.attachments.upload(str(tmp_path / "a.png"), target_name="a.png")
    ticket.comment = Comment(body="Look", uploads=[upload.token])
    client.tickets.update(ticket)
    (file,) = list(client.tickets.comments(ticket=ticket.id))[-1].attachments
    assert (file.file_name, file.size, file.content_type) == ("a.png", len(PNG), "image/png")
    assert Path(client.attachments.download(file.id, str(tmp_path / "back.png"))).read_bytes() == PNG


def test_tags_lists_and_audits_are_read(client: Any, ticket: Any) -> None:
    assert list(client.tickets.add_tags(ticket.id, ["vip"])) == ["bot_handoff", "vip"]
    assert list(client.tickets.delete_tags(ticket.id, ["vip"])) == ["bot_handoff"]
    assert [one.id for one in client.tickets()] == [ticket.id]
    assert [one.id for one in client.users.requested(user=ticket.requester_id)] == [ticket.id]
    assert len(list(client.tickets.audits(ticket=ticket.id))) == 3
    assert client.tickets(external_id="dialog-42").next().id == ticket.id


def test_errors_arrive_as_the_clients_own(client: Any, helpdesk: Helpdesk, ticket: Any) -> None:
    with pytest.raises(RecordNotFoundException):
        client.tickets(id=999999)
    helpdesk.agent("accept")
    ticket.status = "closed"
    client.tickets.update(ticket)
    ticket.comment = Comment(body="One more thing")
    with pytest.raises(APIException, match="closed prevents ticket update"):
        client.tickets.update(ticket)
    wrong = zenpy.Zenpy(subdomain="chatdrill", email="bot@chatdrill.example", token="guessed")
    with pytest.raises(APIException, match="Couldn't authenticate you"):
        wrong.users.me()
    wrong.users.session.close()


def test_the_client_waits_where_it_is_too_fast(client: Any, helpdesk: Helpdesk, ticket: Any, monkeypatch: Any) -> None:
    waits: list[float] = []

    def passing(seconds: float) -> None:
        waits.append(seconds)
        helpdesk.pass_time(seconds)

    monkeypatch.setattr("zenpy.lib.api.sleep", passing)
    for number in range(31):
        client.tickets.update(Ticket(id=ticket.id, comment=Comment(body=str(number))))
    assert len(list(client.tickets.comments(ticket=ticket.id))) == 32
    assert 590 < sum(waits) <= 601
