"""Chatwoot's own client for Python, unmodified: what it asks of an account it gets, and reads with its own types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from sdk.desk_kit import Helpdesk

chatwoot = pytest.importorskip("chatwoot", reason="chatwoot-sdk is not installed")
ACCOUNT = {"account_id": 1}


@pytest.fixture
def clients(helpdesk: Helpdesk) -> Iterator[Callable[[str], Any]]:
    made = []

    def client(variable: str) -> Any:
        token = helpdesk.env.get(variable, variable)
        made.append(chatwoot.ChatwootClient(base_url=helpdesk.env["CHATWOOT_API_ROOT"], api_token=token))
        return made[-1]

    yield client
    for each in made:
        each.close()


@pytest.fixture
def user(clients: Callable[[str], Any]) -> Any:
    return clients("CHATWOOT_API_ACCESS_TOKEN")


@pytest.fixture
def bot(clients: Callable[[str], Any]) -> Any:
    return clients("CHATWOOT_BOT_ACCESS_TOKEN")


def test_a_contact_is_made_found_changed_and_deleted(user: Any) -> None:
    made = user.contacts.create(**ACCOUNT, inbox_id=3, name="Ann", phone_number="+4915112345678", identifier="user-42")
    id = made.contact.id
    assert made.contact_inbox.source_id == made.contact.contact_inboxes[0].source_id
    assert [one.id for one in user.contacts.search(**ACCOUNT, query="+4915112345678")] == [id]
    changed = user.contacts.update(**ACCOUNT, contact_id=id, email="ann@example.com", custom_attributes={"vip": True})
    assert (changed.email, changed.custom_attributes) == ("ann@example.com", {"vip": True})
    assert user.contacts.labels.add(**ACCOUNT, contact_id=id, labels=["vip"]) == ["vip"]
    assert [one.name for one in user.contacts.list(**ACCOUNT)] == ["Ann"]
    user.contacts.delete(**ACCOUNT, contact_id=id)
    with pytest.raises(chatwoot.ChatwootNotFoundError):
        user.contacts.get(**ACCOUNT, contact_id=id)


def test_a_conversation_is_handed_over_and_comes_back(user: Any, bot: Any, helpdesk: Helpdesk) -> None:
    made = user.contacts.create(**ACCOUNT, inbox_id=3, name="Ann")
    source = {"source_id": made.contact_inbox.source_id, "inbox_id": 3, "contact_id": made.contact.id}
    talk = user.conversations.create(**ACCOUNT, **source)
    here = {**ACCOUNT, "conversation_id": talk.id}
    assert talk.status == "pending" and talk.meta.sender.name == "Ann"
    user.messages.create(**here, content="Where is my parcel?", message_type="incoming")
    bot.messages.create(**here, content="One moment")
    assert bot.conversations.toggle_status(**here, status="open").current_status == "open"
    helpdesk.agent("accept")
    helpdesk.agent(text="It is here")
    helpdesk.agent({"act": "note", "text": "calls back"})
    said = [(one.message_type, one.private, one.content) for one in user.messages.list(**here) if one.sender]
    assert said == [
        (0, False, "Where is my parcel?"), (1, False, "One moment"), (1, False, "It is here"), (1, True, "calls back"),
    ]  # fmt: skip
    assert user.conversations.get(**here).meta.assignee.name == "Bob"
    assert helpdesk.agent("close")["owner"] == "bot" and user.conversations.get(**here).status == "resolved"


def test_conversations_are_listed_and_labelled(user: Any, inbox: httpx.Client, talk: int) -> None:
    here = {**ACCOUNT, "conversation_id": talk}
    assert user.conversations.labels.add(**here, labels=["bot_handoff"]) == ["bot_handoff"]
    assert user.conversations.labels.list(**here) == ["bot_handoff"]
    assert user.conversations.list(**ACCOUNT) == []
    (shown,) = user.conversations.list(**ACCOUNT, status="pending", inbox_id=3, labels=["bot_handoff"])
    assert (shown.id, shown.labels) == (talk, ["bot_handoff"])
    assert user.conversations.list(**ACCOUNT, status="pending", labels=["vip"]) == []
    assert user.conversations.update(**here, priority="high").priority == "high"
    contact = user.conversations.get(**here).meta.sender.id
    assert [one.id for one in user.contacts.conversations(**ACCOUNT, contact_id=contact)] == [talk]


def test_the_account_shows_its_people_teams_and_inboxes(user: Any, helpdesk: Helpdesk) -> None:
    helpdesk.agent({"act": "set_presence", "presence": "online"})
    assert (user.profile.get().role, user.profile.get().accounts[0].name) == ("administrator", "Acme")
    assert {one.name: one.availability_status for one in user.agents.list(**ACCOUNT)}["Bob"] == "online"
    (inbox,) = user.inboxes.list(**ACCOUNT)
    assert (inbox.id, inbox.channel_type) == (3, "Channel::Api")
    assert user.inboxes.get_agent_bot(**ACCOUNT, inbox_id=3)["agent_bot"]["name"] == "Bot"
    team = user.teams.create(**ACCOUNT, name="Sales")
    assert [one.id for one in user.teams.list(**ACCOUNT)] == [team.id]


def test_errors_arrive_as_the_clients_own(user: Any, bot: Any, clients: Callable[[str], Any]) -> None:
    with pytest.raises(chatwoot.ChatwootNotFoundError):
        user.conversations.get(**ACCOUNT, conversation_id=999)
    with pytest.raises(chatwoot.ChatwootAuthError):
        clients("guessed").profile.get()
    with pytest.raises(chatwoot.ChatwootAuthError):
        bot.contacts.list(**ACCOUNT)
    with pytest.raises(chatwoot.ChatwootAPIError, match="e164"):
        user.contacts.create(**ACCOUNT, inbox_id=3, phone_number="12345")
