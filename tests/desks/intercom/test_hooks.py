"""Notifications: envelope, signature, topics, redelivery, forgery."""

from __future__ import annotations

import hashlib
import hmac
import re

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Accept, Close, DeleteReply, Elapse, EntryAdded, Rate, Reply, SetPresence, SetState
from chatdrill.wire import HttpFailure, HttpResponse
from chatdrill_fakes.desks.intercom import desk as intercom
from chatdrill_fakes.desks.intercom import hooks
from chatdrill_fakes.desks.intercom.declared import NEVER_SENT, TOPICS
from desks.intercom.kit import BOT, NOW, SECRET, WORDS, Desk, queued


def test_a_known_body_gets_its_known_signature() -> None:
    body = b'{"type":"notification_event","topic":"ping"}'
    assert hooks.signature("ic_secret", body) == "sha1=a2ea86fda7401582bbdaea967bc64df7a401902f"


def test_a_notification_has_its_envelope_and_only_the_new_part(desk: Desk) -> None:
    ticket = desk.conversation()
    desk.say(ticket)
    desk.hooks()
    desk.speak(ticket, "One moment")
    (hook,) = desk.hooks()
    item = hook["data"].pop("item")
    assert re.fullmatch(r"notif_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", hook.pop("id"))
    assert hook == {
        "type": "notification_event",
        "app_id": "cdrl4711",
        "data": {"type": "notification_event_data"},
        "links": {},
        "topic": "conversation.admin.replied",
        "delivery_status": "pending",
        "delivery_attempts": 1,
        "delivered_at": 0,
        "first_sent_at": int(NOW),
        "created_at": int(NOW),
        "self": None,
    }
    assert (item["type"], item["id"], item["conversation_parts"]["total_count"]) == ("conversation", ticket, 1)
    assert item["conversation_parts"]["conversation_parts"][0]["author"]["id"] == BOT  # the bot hears itself


def test_a_request_is_signed_over_its_exact_bytes(desk: Desk) -> None:
    desk.conversation()
    update = desk.updates()[-1]
    request = intercom.request(desk.state, [update], desk.now)
    expected = hmac.new(SECRET.encode(), update.body, hashlib.sha1).hexdigest()
    assert (request.method, request.url, request.body) == ("POST", "http://127.0.0.1:9/hook", update.body)
    assert request.header("x-hub-signature") == f"sha1={expected}"
    assert request.header("user-agent") == "intercom-parrot-service-client/1.0"
    assert update.to is not None and update.lane == update.to and update.hook is None


def test_a_redelivery_is_the_same_notification(desk: Desk) -> None:
    desk.conversation()
    update = desk.updates()[-1]
    first = intercom.request(desk.state, [update], desk.now)
    assert intercom.request(desk.state, [update], desk.now + 60) == first
    delivery = intercom.delivery
    assert (delivery.ack_timeout_s, delivery.retry.delays_s, delivery.retry.attempts_max) == (5.0, (60.0,), 2)
    assert delivery.order == "first_try" and intercom.dropped(desk.state, [update], desk.now) == ()


@pytest.mark.parametrize(
    ("answer", "ok", "wait_s"),
    [
        (HttpResponse(200), True, None),
        (HttpResponse(204), True, None),
        (HttpResponse(302), False, None),
        (HttpResponse(500), False, None),
        (HttpResponse(429), False, 60.0),
        (HttpFailure("timeout", "after 5 s"), False, None),
    ],
)
def test_only_2xx_is_success(desk: Desk, answer: HttpResponse | HttpFailure, ok: bool, wait_s: float | None) -> None:
    ack = intercom.read_ack(desk.state, [], answer, desk.now)
    assert (ack.ok, ack.retry_after_s) == (ok, wait_s)


def test_gone_ends_the_subscription(desk: Desk) -> None:
    ticket = queued(desk)
    desk.say(ticket)
    assert not intercom.read_ack(desk.state, desk.updates(), HttpResponse(410), desk.now).ok
    desk.say(ticket)
    assert desk.updates() == []


def test_the_endpoint_must_answer_head(desk: Desk) -> None:
    request = intercom.handshake(desk.state)
    assert request is not None and (request.method, request.url) == ("HEAD", "http://127.0.0.1:9/hook")
    assert intercom.read_handshake(desk.state, HttpResponse(200)) is None
    assert "405" in (intercom.read_handshake(desk.state, HttpResponse(405)) or "")
    assert "refused" in (intercom.read_handshake(desk.state, HttpFailure("refused")) or "")
    assert intercom.handshake(Desk(validate_endpoint="no").state) is None
    desk.state.webhook_url = None
    assert intercom.handshake(desk.state) is None


def test_a_forgery_has_no_signature_or_a_wrong_one(desk: Desk) -> None:
    desk.conversation()
    genuine = intercom.request(desk.state, desk.updates()[-1:], desk.now)
    unsigned = intercom.forge(desk.state, genuine, "unsigned", desk.now)
    wrong = intercom.forge(desk.state, genuine, "wrong", desk.now)
    assert unsigned.header(hooks.SIGNATURE) is None and unsigned.body == wrong.body == genuine.body
    assert wrong.header(hooks.SIGNATURE) not in (None, genuine.header(hooks.SIGNATURE))
    with pytest.raises(Unsupported, match="no timestamp"):
        intercom.forge(desk.state, genuine, "stale", desk.now)


def test_only_subscribed_topics_come_and_ping_always() -> None:
    desk = Desk(topics="conversation.admin.replied, conversation.admin.closed")
    ticket = desk.conversation()
    desk.speak(ticket)
    desk.act("", Elapse(agent="", what="ping"))
    assert desk.told() == ["conversation.admin.replied", "ping"]


@pytest.mark.parametrize(("version", "body"), [("2.14", "<p>One moment</p>"), ("2.15", "One moment")])
def test_newer_versions_tell_bodies_as_plain_text(version: str, body: str) -> None:
    desk = Desk(version=version)
    shown = desk.speak(desk.conversation())
    (part,) = desk.hooks()[-1]["data"]["item"]["conversation_parts"]["conversation_parts"]
    assert part["body"] == body
    assert shown["conversation_parts"]["conversation_parts"][0]["body"] == "<p>One moment</p>"


def test_an_event_of_a_ticket_names_ticket_and_part(desk: Desk) -> None:
    ticket = desk.conversation()
    desk.ok("POST", f"/conversations/{ticket}/convert", {"ticket_type_id": "53"})
    desk.hooks()
    desk.act(ticket, Reply(agent="bob", parts=WORDS))
    (hook,) = desk.hooks()
    item = hook["data"]["item"]
    assert hook["topic"] == "ticket.admin.replied" and item["ticket"]["id"] == ticket
    assert item["ticket_part"]["body"] == "<p>Hello</p>" and "app_package_code" not in item["ticket_part"]


def test_every_topic_is_sent_when_its_thing_happens(desk: Desk) -> None:
    desk.act("", Elapse(agent="", what="ping"))
    _people(desk)
    _conversation(desk)
    _ticket(desk)
    told = set(desk.told())
    assert told == set(TOPICS) and not told & set(NEVER_SENT)


def _people(desk: Desk) -> None:
    for presence in ("away", "offline", "online"):
        desk.act("", SetPresence(agent="bob", presence=presence))
    user = desk.contact("tg-1")
    leads = [desk.ok("POST", "/contacts", {"role": "lead", "email": f"l{n}@x.org"})["id"] for n in range(2)]
    for id in (user, leads[0]):
        desk.ok("PUT", f"/contacts/{id}", {"name": "X"})
    desk.ok("POST", "/contacts/merge", {"from": leads[0], "into": user})
    desk.ok("POST", f"/contacts/{user}/archive")
    desk.ok("POST", f"/contacts/{user}/unarchive")
    desk.ok("DELETE", f"/contacts/{leads[1]}")


def _conversation(desk: Desk) -> None:
    ticket = desk.conversation()
    desk.say(ticket)
    desk.speak(ticket, kind="note")
    desk.assign(ticket)
    desk.act(ticket, Accept(agent="bob"))
    desk.act(ticket, Reply(agent="bob", parts=WORDS))
    event = desk.seen[-1]
    assert isinstance(event, EntryAdded)
    desk.act(ticket, DeleteReply(agent="bob", entry_id=event.entry.id))
    desk.act(ticket, SetState(agent="bob", state="snoozed"))
    desk.act(ticket, SetState(agent="bob", state="open"))
    desk.act(ticket, Close(agent="bob"))
    desk.act(ticket, Rate(agent="", score=5))
    desk.manage(ticket, "open")
    desk.manage(ticket, "close")
    desk.assign(ticket)
    tag = desk.ok("POST", "/tags", {"name": "vip"})["id"]
    desk.ok("POST", f"/conversations/{ticket}/tags", {"id": tag, "admin_id": BOT})
    who = desk.contact("tg-2")
    desk.ok("POST", f"/conversations/{ticket}/customers", {"admin_id": BOT, "customer": {"user_id": "tg-2"}})
    desk.ok("DELETE", f"/conversations/{ticket}/customers/{who}", {"admin_id": BOT})
    desk.ok("DELETE", f"/conversations/{ticket}")


def _ticket(desk: Desk) -> None:
    body = {"ticket_type_id": "53", "contacts": [{"external_id": "tg-42"}]}
    ticket = desk.ok("POST", "/tickets", body)["id"]
    for change in ({"ticket_attributes": {"a": 1}}, {"assignee_id": "5017691"}, {"assignee_id": desk.id()}):
        desk.ok("PUT", f"/tickets/{ticket}", change)
    for said in ({"type": "user", "user_id": "tg-42"}, {"type": "admin", "admin_id": BOT}):
        desk.ok("POST", f"/tickets/{ticket}/reply", {**said, "body": "Hi"})
    desk.ok("POST", f"/tickets/{ticket}/reply", {"type": "admin", "admin_id": BOT, "message_type": "note", "body": "x"})
    desk.act(ticket, SetState(agent="bob", state="solved"))
    desk.act(ticket, Close(agent="bob"))
    desk.act(ticket, Rate(agent="", score=1))
