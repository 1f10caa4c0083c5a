"""Asking for a person: the event, its transcript, and what the hub answers."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import msgspec
import pytest

from chatdrill.model import (
    Accept,
    Assigned,
    Close,
    ContactFiled,
    Decline,
    Elapse,
    HandoffAsked,
    HandoffFailed,
    SetPresence,
    TicketClosed,
    TicketOpened,
    TicketReopened,
)
from chatdrill.wire import Fetch, Fetched, Later
from desks.botframework.kit import BOT, NOW, PNG, USER, Hub, asking, names, refused, said, status

LINK = "http://127.0.0.1:7/t.json"


def test_a_request_opens_the_conversation_with_its_transcript(hub: Hub) -> None:
    past = said("Hi", id="m1", timestamp="2026-11-20T22:00:00.1234567Z"), said("Hello", BOT)
    reference = {"user": {"id": "fb-7"}, "conversation": {"id": "x"}}
    handled = hub.post(asking(*past, value={"Skill": "credit cards"}, relatesTo=reference, locale="pl-PL"))
    assert names(handled.events) == [
        *("ContactFiled", "TicketOpened", "EntryAdded", "EntryAdded", "HandoffAsked", "StateChanged")
    ]
    filed, opened, *_, asked, _ = handled.events
    assert isinstance(filed, ContactFiled) and isinstance(opened, TicketOpened) and isinstance(asked, HandoffAsked)
    assert (opened.contact, opened.name, opened.locale) == ("tg-42", "Anna", "pl-PL")
    assert {"tg-42", "Anna", "fb-7", "credit cards", "cnv-1"} <= set(opened.keys)
    assert asked.fields == {"Skill": "credit cards"} and hub.owner() == "queue" and hub.told() == []
    assert [(entry.author, entry.text, entry.origin_id) for entry in hub.shown()] == [
        ("customer", "Hi", "m1"),
        ("bot", "Hello", None),
    ]
    assert hub.shown()[0].origin_at == pytest.approx(1795212000.123456) and hub.shown()[0].at == NOW


@pytest.mark.parametrize("value", [None, {}, "credit cards", 5])
def test_the_context_is_optional_and_free(hub: Hub, value: Any) -> None:
    handled = hub.post({"type": "event", "name": "handoff.initiate", "value": value})
    (asked,) = [event for event in handled.events if isinstance(event, HandoffAsked)]
    assert asked.fields == ({"value": value} if value else {}) and hub.owner() == "queue"


def test_a_transcript_may_lie_behind_a_link(hub: Hub) -> None:
    event = asking()
    event["attachments"] = [{"contentType": "application/json", "name": "Transcript", "contentUrl": LINK}]
    waiting = hub.post(event)
    assert waiting.wait == Fetch((LINK,)) and not hub.state.tickets
    content = msgspec.json.encode({"activities": [said("Hi"), {"type": "typing"}, said("Hello", BOT)]})
    hub.post(event, fetched={LINK: Fetched(content, "application/json")})
    assert [entry.text for entry in hub.shown()] == ["Hi", "Hello"]


@pytest.mark.parametrize("fetched", [Fetched(error="status 404"), Fetched(b"<html>"), Fetched(b'{"activities":5}')])
def test_a_transcript_that_cannot_be_read_is_refused(hub: Hub, fetched: Fetched) -> None:
    event = asking()
    event["attachments"] = [{"contentType": "application/json", "name": "Transcript", "contentUrl": LINK}]
    assert refused(hub.post(event, fetched={LINK: fetched})) == (400, "BadArgument") and not hub.state.tickets


def test_a_transcript_outside_of_the_loopback_is_not_visited(hub: Hub) -> None:
    event = asking()
    event["attachments"] = [{"contentType": "application/json", "name": "Transcript", "contentUrl": LINK}]
    handled = hub.post(event, fetched={LINK: Fetched(error="unreachable")})
    assert hub.owner() == "queue" and handled.call is not None and "nothing of it was read" in str(handled.call.note)


def test_a_transcript_may_be_uploaded_first(hub: Hub) -> None:
    ticket = msgspec.json.decode(hub.call("POST", "/v3/conversations", {"members": [USER]}).response.body)["id"]  # type: ignore[union-attr]
    content = base64.b64encode(msgspec.json.encode({"activities": [said("Hi")]})).decode()
    body = {"type": "application/json", "name": "Transcript", "originalBase64": content}
    uploaded = hub.call("POST", f"/v3/conversations/{ticket}/attachments", body)
    id = msgspec.json.decode(uploaded.response.body)["id"]  # type: ignore[union-attr]
    event = asking()
    url = f"http://127.0.0.1:8080/botframework/v3/attachments/{id}/views/original"
    event["attachments"] = [{"name": "Transcript", "contentUrl": url}]
    hub.post(event, ticket)
    assert [entry.text for entry in hub.shown(ticket)] == ["Hi"]


def test_files_of_a_transcript_are_read_together_before_anything_changes(hub: Hub) -> None:
    links = ["http://127.0.0.1:7/a.png", "http://127.0.0.1:7/b.png"]
    event = asking(*(said("", attachments=[{"contentUrl": link, "name": "p.png"}]) for link in links))
    assert hub.post(event).wait == Fetch(tuple(links)) and not hub.state.tickets
    hub.post(event, fetched={link: Fetched(PNG, "image/png") for link in links})
    assert [entry.files[0].sha256 for entry in hub.shown()] == [hashlib.sha256(PNG).hexdigest()] * 2


@pytest.mark.parametrize("content", [{"activities": 5}, {"activities": [{"text": 5}]}, [1], "x"])
def test_a_transcript_of_another_shape_is_refused(hub: Hub, content: Any) -> None:
    event = asking()
    event["attachments"][0]["content"] = content
    assert refused(hub.post(event)) == (400, "BadArgument") and not hub.state.tickets


def test_nothing_recognises_a_second_request(hub: Hub) -> None:
    hub.asked()
    handled = hub.post(asking(said("Hi")))
    assert any(isinstance(event, HandoffAsked) for event in handled.events)
    assert [entry.text for entry in hub.shown()] == ["Hi", "Hi"] and len(hub.state.tickets) == 1


def test_a_request_while_an_agent_speaks_takes_nothing_from_them(hub: Hub) -> None:
    hub.asked()
    hub.act(Accept(agent="bob"))
    hub.told()
    hub.asked()
    assert (hub.owner(), hub.told()) == ("agent", [])


def test_a_second_episode_reopens_the_conversation(hub: Hub) -> None:
    hub.asked()
    hub.act(Close(agent="bob"))
    handled = hub.post(asking())
    assert TicketReopened(ticket="cnv-1") in handled.events and hub.owner() == "queue"


def test_one_person_is_made_once(hub: Hub) -> None:
    hub.asked("a")
    handled = hub.post(asking(said("Hi")), "b")
    (filed,) = [event for event in handled.events if isinstance(event, ContactFiled)]
    assert (filed.contact, filed.made) == ("tg-42", False)


@pytest.mark.parametrize(
    ("sender", "author"),
    [
        (USER, "customer"),
        ({"id": "tg-42"}, "customer"),
        (BOT, "bot"),
        ({"id": "anything", "role": "bot"}, "bot"),
        ({"name": "Anna"}, "bot"),
        (None, "bot"),
    ],
)
def test_from_says_whose_words_they_are(hub: Hub, sender: Any, author: str) -> None:
    hub.asked()
    hub.post(said("x", sender, channelData={"clientActivityID": "m7"}))
    assert (hub.shown()[-1].author, hub.shown()[-1].origin_id) == (author, "m7")


def test_the_end_of_the_conversation_gives_it_back(hub: Hub) -> None:
    hub.asked()
    handled = hub.post({"type": "endOfConversation", "code": "userCancelled"})
    assert TicketClosed(ticket="cnv-1") in handled.events and (hub.owner(), hub.words()) == ("bot", ["completed"])
    assert hub.post({"type": "endOfConversation"}).events == ()


# ------------------------------------------------------------------------------------------- what the hub says


def test_a_state_of_the_hubs_own_comes_first() -> None:
    hub = Hub(extra_state="queued")
    hub.asked()
    hub.act(Accept(agent="bob"))
    assert hub.words() == ["queued", "accepted"]


@pytest.mark.parametrize(("skill", "owner"), [("Orders", "queue"), ("billing", "bot"), (None, "queue")])
def test_without_the_skill_the_request_fails(skill: str | None, owner: str) -> None:
    hub = Hub(skills="yes")
    handled = hub.post(asking(value={"Skill": skill}))
    assert hub.owner() == owner
    reason = "Cannot find agent with requested skill"
    assert (HandoffFailed(ticket="cnv-1", reason=reason) in handled.events) is (owner == "bot")
    assert [each["value"] for each in hub.told()] == (
        [{"state": "failed", "message": reason}] if owner == "bot" else []
    )


@pytest.mark.parametrize(("when_nobody", "owner"), [("queue", "queue"), ("fail", "bot")])
def test_with_nobody_online_a_request_waits_or_fails(when_nobody: str, owner: str) -> None:
    hub = Hub(when_nobody=when_nobody)
    hub.asked("first")
    for agent in ("bob", "eva"):
        hub.act(SetPresence(agent=agent, presence="away"), "first")
    hub.told()
    hub.asked()
    assert (hub.owner(), hub.words()) == (owner, ["failed"] if owner == "bot" else [])


def test_a_request_that_all_decline_fails_at_a_strict_hub() -> None:
    hub = Hub(when_nobody="fail")
    hub.asked()
    assert names(hub.act(Decline(agent="bob"))) == ["Declined"] and hub.owner() == "queue"
    assert names(hub.act(Decline(agent="eva"))) == ["Declined", "HandoffFailed"] and hub.owner() == "bot"


def test_routing_offers_to_who_is_free_and_tells_the_bot_nothing() -> None:
    hub = Hub(auto_assign="yes")
    tickets = [hub.asked(f"c{n}") for n in range(3)]
    assert [hub.ticket(ticket).assignee for ticket in tickets] == ["bob", "eva", None]
    assert {hub.owner(ticket) for ticket in tickets} == {"queue"} and hub.told() == []


def test_a_declined_offer_goes_to_the_next() -> None:
    hub = Hub(auto_assign="yes")
    hub.asked()
    declined = hub.act(Decline(agent="bob"))
    assert declined[1:] == [Assigned(ticket="cnv-1", agent="eva", automatic=True)]
    assert names(hub.act(Accept(agent="eva"))) == ["StateChanged", "Accepted"]


def test_who_declined_one_request_is_offered_the_next() -> None:
    hub = Hub(auto_assign="yes")
    hub.asked()
    hub.act(Decline(agent="bob"))
    hub.act(Decline(agent="eva"))
    assert hub.ticket().assignee is None
    hub.asked()
    assert hub.ticket().assignee == "bob"


def test_a_request_runs_out_unless_somebody_took_it() -> None:
    hub = Hub(accept_timeout_s="120")
    (later,) = hub.post(asking()).later
    assert isinstance(later, Later) and (later.after_s, later.to) == (120, "cnv-1")
    assert isinstance(later.act, Elapse) and names(hub.act(later.act)) == ["HandoffFailed"]
    assert (hub.owner(), hub.words()) == ("bot", ["failed"])
    (again,) = hub.post(asking()).later
    assert hub.act(later.act) == [], "the time of the first request is none of the second's"
    hub.act(Accept(agent="bob"))
    assert isinstance(again.act, Elapse) and hub.act(again.act) == [] and hub.owner() == "agent"


def test_time_in_a_conversation_runs_ahead_of_the_clock(hub: Hub) -> None:
    hub.asked()
    hub.ticket().ahead_s = 86_400
    hub.post(said("later"))
    hub.reply()
    assert [entry.at for entry in hub.shown()[1:]] == [NOW + 86_400] * 2
    assert hub.told()[-1]["timestamp"] == "2026-11-21T22:05:45.2500000Z"


def test_an_unknown_conversation_takes_nothing_but_a_request(hub: Hub) -> None:
    assert refused(hub.post(said("Hi"))) == (404, "ConversationNotFound") and status(hub.post(asking())) == 200
    assert hub.owner("nobody knows") == "bot"
