"""What python-intercom asks of a workspace, it gets, and reads with its own types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chatdrill.model import Accept, Close, Reply, Text

intercom = pytest.importorskip("intercom", reason="python-intercom is not installed")
httpx = pytest.importorskip("httpx")
if not hasattr(intercom, "Intercom"):
    pytest.skip("this is an older client than python-intercom 4", allow_module_level=True)


@pytest.fixture
def client(server: Any) -> Iterator[Any]:
    environment = server.environment
    with httpx.Client(timeout=5) as http:
        root, token = environment["INTERCOM_API_ROOT"], environment["INTERCOM_API_KEY"]
        yield intercom.Intercom(token=token, base_url=root, httpx_client=http)


@pytest.fixture
def ann(client: Any) -> Any:
    return client.contacts.create(request={"role": "user", "external_id": "tg-42", "email": "ann@example.org"})


@pytest.fixture
def talk(client: Any, ann: Any) -> str:
    made = client.conversations.create(from_={"type": "user", "id": ann.id}, body="Where is my parcel?")
    assert made.type == "user_message" and made.id != made.conversation_id
    return str(made.conversation_id)


def test_a_contact_is_made_found_changed_and_deleted(client: Any, ann: Any) -> None:
    assert client.contacts.find(ann.id).email == "ann@example.org"
    assert client.contacts.show_contact_by_external_id("tg-42").id == ann.id
    query = {"field": "external_id", "operator": "=", "value": "tg-42"}
    assert [one.id for one in client.contacts.search(query=query)] == [ann.id]
    assert client.contacts.update(ann.id, name="Ann", custom_attributes={"channel": "telegram"}).name == "Ann"
    assert client.contacts.delete(ann.id).deleted is True


def test_the_pages_of_a_list_are_walked_through(client: Any) -> None:
    ids = [client.contacts.create(request={"external_id": f"tg-{n}"}).id for n in range(5)]
    # The client's pager for searches asks for the first page again and again; that for lists goes on.
    assert [one.id for one in client.contacts.list(per_page=2)] == ids


def test_a_second_contact_is_a_conflict_that_names_the_first(client: Any, ann: Any) -> None:
    with pytest.raises(intercom.core.ApiError) as caught:
        client.contacts.create(request={"external_id": "tg-42"})
    assert caught.value.status_code == 409 and ann.id in str(caught.value.body)


def test_a_conversation_is_handed_over_and_comes_back(client: Any, server: Any, talk: str) -> None:
    me = client.admins.identify()
    said = {"message_type": "comment", "type": "user", "user_id": "tg-42", "body": "A person, please"}
    client.conversations.reply(talk, request=said)
    note = {"message_type": "note", "type": "admin", "admin_id": me.id, "body": "<p>Transcript</p>"}
    client.conversations.reply(talk, request=note)
    team = client.teams.list().teams[0]
    hand = {"message_type": "assignment", "type": "team", "admin_id": me.id, "assignee_id": team.id}
    assert client.conversations.manage(talk, request=hand).team_assignee_id == int(team.id)
    for act in (Accept(agent="bob"), Reply(agent="bob", parts=(Text(text="It is here"),)), Close(agent="bob")):
        server.act(talk, act)
    found = client.conversations.find(talk, display_as="plaintext")
    parts = found.conversation_parts.conversation_parts
    kinds = ["comment", "note", "assignment", "assignment", "comment", "close"]
    assert [part.part_type for part in parts] == kinds and found.state == "closed"
    assert (parts[4].body, parts[4].author.name) == ("It is here", "Bob Ray")


def test_conversations_are_listed_searched_and_changed(client: Any, talk: str) -> None:
    query = {"operator": "AND", "value": [{"field": "created_at", "operator": ">", "value": "1306054154"}]}
    assert [one.id for one in client.conversations.search(query=query)] == [talk]
    assert [one.id for one in client.conversations.list()] == [talk]
    assert client.conversations.update(talk, read=True, custom_attributes={"bot_owner": "bot"}).read is True
    me = client.admins.identify()
    tag = client.tags.create(request={"name": "vip"})
    assert client.tags.tag_conversation(talk, tag_id=tag.id, admin_id=me.id).name == "vip"
    assert client.tags.untag_conversation(talk, tag.id, admin_id=me.id).id == tag.id


def test_a_ticket_is_made_read_changed_and_answered(client: Any, ann: Any) -> None:
    kind = client.ticket_types.list().data[0]
    made = client.tickets.create(ticket_type_id=kind.id, contacts=[{"id": ann.id}])
    assert client.tickets.get(made.id).ticket_id == made.ticket_id
    assert client.tickets.update(made.id, ticket_state_id="8482").ticket_state.category == "in_progress"
    said = {"message_type": "comment", "type": "user", "intercom_user_id": ann.id, "body": "Thanks"}
    assert client.tickets.reply(made.id, request=said).body == "<p>Thanks</p>"
    query = {"field": "id", "operator": "=", "value": made.id}
    assert [one.id for one in client.tickets.search(query=query)] == [made.id]


def test_errors_arrive_as_the_clients_own(client: Any, server: Any, talk: str) -> None:
    with pytest.raises(intercom.NotFoundError):
        client.conversations.find("12")
    with httpx.Client(timeout=5) as http, pytest.raises(intercom.UnauthorizedError):
        root = server.environment["INTERCOM_API_ROOT"]
        intercom.Intercom(token="wrong", base_url=root, httpx_client=http).admins.list()
    with pytest.raises(intercom.core.ApiError) as caught:
        client.conversations.run_assignment_rules(talk)
    assert caught.value.status_code == 501 and "does not emulate" in str(caught.value.body)
