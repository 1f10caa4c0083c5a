"""What receivers are told, how it is signed, and what happens when it is given up."""

from __future__ import annotations

import msgspec
import pytest

from chatdrill.errors import SettingsError, Unsupported
from chatdrill.model import Accept, AgentTyping, Close, EntryFailed, Media, Note, Reply, Text
from chatdrill.wire import HttpFailure, HttpRequest, HttpResponse
from chatdrill_fakes.desks.chatwoot import desk, hooks
from desks.chatwoot.kit import CONTACTS, HOOK, NOW, SECRET, USER, Office, names, path, status

_ANSWER = Reply(agent="bob", parts=(Text(text="Hello, Bob here"),))
ALL = "agent_bot,inbox,account"


def test_the_signature_is_that_of_the_vendors_vector() -> None:
    body = b'{"event":"message_created","id":7}'
    assert hooks.signature("cw_secret", "1767000000", body) == (
        "sha256=f907a02e3aa91597a5d62e4dfdc8f0194b7ec681c268b57785069c3f08c2a733"
    )


def _first(office: Office) -> HttpRequest:
    office.talk()
    office.say("Hi")
    return desk.request(office.state, office.told()[:1], NOW)


def test_a_webhook_is_signed_over_its_time_and_its_raw_body(office: Office) -> None:
    request = _first(office)
    assert (request.method, request.url, request.content_type) == ("POST", HOOK, "application/json")
    assert request.header("accept") == "application/json"
    assert request.header("x-chatwoot-timestamp") == "1768471200"
    assert request.header("x-chatwoot-signature") == hooks.signature(SECRET, "1768471200", request.body)


def test_without_a_secret_nothing_is_signed() -> None:
    request = _first(Office(webhook_secret=""))
    assert request.header("x-chatwoot-signature") is None and request.header("x-chatwoot-delivery")


def test_a_redelivered_webhook_keeps_its_delivery_id_and_body(office: Office) -> None:
    office.talk()
    office.say("Hi")
    updates = office.told()[:1]
    first, second = desk.request(office.state, updates, NOW), desk.request(office.state, updates, NOW + 3)
    assert first.body == second.body
    assert first.header("x-chatwoot-delivery") == second.header("x-chatwoot-delivery") == updates[0].id
    assert first.header("x-chatwoot-signature") != second.header("x-chatwoot-signature")


def test_a_message_of_the_customer_is_told_field_by_field(office: Office) -> None:
    office.talk()
    office.told()
    office.say("Hi")
    (hook,) = office.hooks("message_created")
    talk = hook.pop("conversation")
    sender = hook.pop("sender")
    assert hook == {
        "event": "message_created",
        "id": 1,
        "content": "Hi",
        "content_type": "text",
        "content_attributes": {},
        "additional_attributes": {},
        "created_at": "2026-01-15T10:00:00.250Z",
        "message_type": "incoming",
        "private": False,
        "source_id": None,
        "account": {"id": 1, "name": "Acme"},
        "inbox": {"id": 3, "name": "Messenger"},
    }
    assert "type" not in sender and (sender["id"], sender["name"], sender["account"]["id"]) == (1, "Ann", 1)
    assert (talk["id"], talk["status"], talk["contact_inbox"]["source_id"]) == (1, "pending", "tg-42")


def test_a_pushed_conversation_has_numbers_where_answers_have_them(office: Office) -> None:
    office.queued()
    office.act(Accept(agent="bob"))
    office.say("Hi")
    talk = office.hooks("message_created")[0]["conversation"]
    assert (talk["waiting_since"], talk["created_at"], talk["updated_at"]) == (1768471200, 1768471200, NOW)
    assert talk["meta"]["assignee"]["type"] == "user" and talk["meta"]["assignee_type"] == "User"
    assert talk["meta"]["sender"]["type"] == "contact" and talk["channel"] == "Channel::Api"
    assert talk["messages"][0]["message_type"] == 0 and talk["first_reply_created_at"] is None


SENDERS = {
    "user": {"id": 2, "name": "Bob", "email": "bob@acme.example", "type": "user"},
    "agent_bot": {"id": 1, "name": "Bot", "type": "agent_bot"},
}


@pytest.mark.parametrize("kind", SENDERS)
def test_the_sender_tells_people_from_bots(office: Office, kind: str) -> None:
    office.queued()
    office.told()
    if kind == "user":
        office.act(_ANSWER)
    else:
        office.answer("I am a bot")
    (hook,) = office.hooks("message_created")
    assert (hook["message_type"], hook["sender"]) == ("outgoing", SENDERS[kind])


def test_a_note_is_told_beside_the_last_public_message(office: Office) -> None:
    office.queued()
    office.say("public words")
    office.told()
    office.act(Note(agent="bob", text="secret words"))
    (hook,) = office.hooks("message_created")
    assert (hook["private"], hook["content"]) == (True, "secret words")
    assert hook["conversation"]["messages"][0]["content"] == "public words"


def test_a_file_is_told_with_its_size_and_link(office: Office) -> None:
    office.queued()
    office.told()
    office.act(Reply(agent="bob", parts=(Media(kind="photo", file=office.file(name="a b.png")),)))
    (hook,) = office.hooks("message_created")
    (file,) = hook["attachments"]
    assert {"id", "message_id", "file_type", "account_id", "extension", "content_type"} < set(file)
    assert file["data_url"].endswith("/a%20b.png") and (file["width"], file["height"]) == (1, 1)


def test_a_status_is_told_with_what_it_was(office: Office) -> None:
    office.talk()
    office.told()
    office.status("open")
    (changed,) = office.hooks("conversation_status_changed")
    assert changed["status"] == "open"
    assert changed["changed_attributes"] == [{"status": {"previous_value": "pending", "current_value": "open"}}]


def test_an_assignment_is_told_by_the_users_id(office: Office) -> None:
    office.queued()
    office.told()
    office.act(Accept(agent="bob"))
    (changed,) = office.hooks("conversation_updated")
    assert {"assignee_id": {"previous_value": None, "current_value": 2}} in changed["changed_attributes"]


RECEIVERS = {
    "message_created": {"agent_bot", "inbox", "account"},
    "message_updated": {"agent_bot", "inbox", "account"},
    "conversation_created": {"inbox", "account"},
    "conversation_updated": {"agent_bot", "inbox", "account"},
    "conversation_status_changed": {"agent_bot", "inbox", "account"},
    "conversation_opened": {"agent_bot"},
    "conversation_resolved": {"agent_bot"},
    "conversation_typing_on": {"inbox", "account"},
    "contact_created": {"account"},
    "contact_updated": {"account"},
    "inbox_updated": {"account"},
}


def test_every_event_goes_to_those_who_hear_of_it() -> None:
    office = Office(webhook_as=ALL, csat_survey_enabled="yes")
    office.queued()
    office.ask("PATCH", f"{CONTACTS}/tg-42", {"name": "Anna"})
    office.act(AgentTyping(agent="bob"))
    office.act(_ANSWER)
    office.ask("DELETE", f"{path()}/messages/2", token=USER)
    office.act(Close(agent="bob"))
    office.ask("PATCH", "/api/v1/accounts/1/inboxes/3", {"greeting_message": "Hi"}, token=USER)
    found: dict[str, set[str]] = {}
    for update in office.told():
        found.setdefault(update.kind, set()).add(update.hook.kind if update.hook else "agent_bot")
    assert found == RECEIVERS


def test_every_receiver_has_a_delivery_id_and_a_lane_of_its_own() -> None:
    office = Office(webhook_as=ALL)
    office.talk()
    office.told()
    office.say("Hi")
    updates = [update for update in office.told() if update.kind == "message_created"]
    assert len({update.id for update in updates}) == len({update.lane for update in updates}) == 3


def test_account_and_inbox_hooks_are_tried_once_and_the_bots_three_times() -> None:
    office = Office(webhook_as=ALL)
    office.talk()
    office.say("Hi")
    for update in office.told():
        retry = (update.hook and update.hook.retry) or desk.delivery.retry
        bot = update.hook is None
        assert retry.delay_s(1, 0.0, office.state.chance) == (3.0 if bot else None)
        assert retry.delay_s(3, 6.0, office.state.chance) is None


@pytest.mark.parametrize(
    ("answer", "ok"),
    [
        (HttpResponse(200), True),
        (HttpResponse(204, (), b"whatever"), True),
        (HttpResponse(302), False),
        (HttpResponse(500), False),
        (HttpFailure("timeout"), False),
    ],
)
def test_any_2xx_is_an_acknowledgement(office: Office, answer: HttpResponse | HttpFailure, ok: bool) -> None:
    office.talk()
    office.say("Hi")
    assert desk.read_ack(office.state, office.told()[:1], answer, NOW).ok is ok


@pytest.mark.parametrize(
    ("answer", "again"),
    [
        (HttpResponse(429), True),
        (HttpResponse(500), True),
        (HttpResponse(502), False),
        (HttpResponse(404), False),
        (HttpFailure("timeout"), False),
    ],
)
def test_a_bots_webhook_is_tried_again_only_after_429_and_500(
    office: Office, answer: HttpResponse | HttpFailure, again: bool
) -> None:
    office.talk()
    office.say("Hi")
    ack = desk.read_ack(office.state, office.told()[:1], answer, NOW)
    assert ack.attempts_max == (None if again else 1)


def test_a_bot_that_fails_loses_its_pending_conversation_to_the_queue(office: Office) -> None:
    office.talk()
    office.say("Hi")
    (update,) = [each for each in office.told() if each.kind == "message_created"]
    assert "StateChanged" in names(desk.dropped(office.state, [update], NOW))
    assert (office.owner(), office.state.tickets["1"].entries[-1].kind) == ("queue", "activity")
    assert "error with the agent bot" in office.state.tickets["1"].entries[-1].text


def test_a_failing_bot_keeps_its_conversation_where_the_account_says_so() -> None:
    office = Office(keep_pending_on_bot_failure="yes")
    office.talk()
    office.say("Hi")
    assert desk.dropped(office.state, office.told(), NOW) == []
    assert office.owner() == "bot"


def test_a_dropped_status_event_has_no_consequence(office: Office) -> None:
    office.talk()
    office.ask("POST", f"{path()}/custom_attributes", {"custom_attributes": {"a": 1}})
    (update,) = office.told()
    assert update.kind == "conversation_updated" and desk.dropped(office.state, [update], NOW) == []


def test_a_failing_inbox_hook_shows_the_agent_a_failed_message() -> None:
    office = Office(webhook_as="inbox")
    office.queued()
    office.told()
    office.act(_ANSWER)
    (update,) = [each for each in office.told() if each.kind == "message_created"]
    desk.read_ack(office.state, [update], HttpResponse(502), NOW)
    (event,) = desk.dropped(office.state, [update], NOW)
    assert isinstance(event, EntryFailed) and event.reason == "502"
    assert office.hooks("message_updated")[0]["content_attributes"] == {"external_error": "502"}


@pytest.mark.parametrize("how", ["unsigned", "wrong", "stale"])
def test_a_forged_webhook_has_the_same_body_and_no_valid_fresh_signature(office: Office, how: str) -> None:
    request = _first(office)
    forged = desk.forge(office.state, request, how, NOW)  # type: ignore[arg-type]
    stamp, given = forged.header("x-chatwoot-timestamp"), forged.header("x-chatwoot-signature")
    right = given == hooks.signature(SECRET, stamp or "", forged.body)
    assert forged.body == request.body and forged.url == request.url
    assert (given is None, right, stamp and NOW - int(stamp) > 300) == {
        "unsigned": (True, False, None),
        "wrong": (False, False, False),
        "stale": (False, True, True),
    }[how]


def test_nothing_can_be_forged_where_nothing_is_signed() -> None:
    office = Office(webhook_secret="")
    request = _first(office)
    with pytest.raises(Unsupported, match="webhook_secret"):
        desk.forge(office.state, request, "wrong", NOW)


# ------------------------------------------------------------------------------------------- by a call


def test_a_webhook_made_by_a_call_hears_only_what_it_wants_under_its_own_secret(office: Office) -> None:
    asked = {"webhook": {"url": "http://127.0.0.1:9/mine", "subscriptions": ["message_created"]}}
    made = office.ask("POST", "/api/v1/accounts/1/webhooks", asked, token=USER)["payload"]["webhook"]
    office.talk()
    office.say("Hi")
    (update,) = [each for each in office.told() if each.hook is not None]
    request = desk.request(office.state, [update], NOW)
    assert (update.kind, request.url) == ("message_created", "http://127.0.0.1:9/mine")
    assert request.header("x-chatwoot-signature") == hooks.signature(made["secret"], "1768471200", request.body)
    wrong = desk.forge(office.state, request, "stale", NOW)
    assert wrong.header("x-chatwoot-signature") == hooks.signature(made["secret"], "1768470300", request.body)


BAD_HOOKS = {
    "no address": ({"url": "nowhere"}, "url"),
    "broken address": ({"url": "http://[::1"}, "url"),
    "unknown event": ({"url": "http://127.0.0.1:9/a", "subscriptions": ["message_sent"]}, "subscriptions"),
    "no event": ({"url": "http://127.0.0.1:9/a", "subscriptions": []}, "subscriptions"),
}


@pytest.mark.parametrize("case", BAD_HOOKS)
def test_a_wrong_webhook_is_not_saved(office: Office, case: str) -> None:
    asked, attribute = BAD_HOOKS[case]
    handled = office.call("POST", "/api/v1/accounts/1/webhooks", asked, token=USER)
    assert handled.response is not None
    assert status(handled) == 422 and msgspec.json.decode(handled.response.body)["attributes"] == [attribute]
    assert not office.state.hooks


def test_webhooks_are_listed_changed_and_deleted(office: Office) -> None:
    url = "/api/v1/accounts/1/webhooks"
    office.ask("POST", url, {"url": "http://127.0.0.1:9/a"}, token=USER)
    assert status(office.call("POST", url, {"url": "http://127.0.0.1:9/a"}, token=USER)) == 422
    changed = office.ask("PATCH", f"{url}/1", {"url": "http://127.0.0.1:9/b", "name": "b"}, token=USER)
    assert changed["payload"]["webhook"]["url"] == "http://127.0.0.1:9/b"
    (listed,) = office.ask("GET", url, token=USER)["payload"]["webhooks"]
    assert listed["name"] == "b" and "secret" not in listed and len(listed["subscriptions"]) == 8
    office.ask("DELETE", f"{url}/1", token=USER)
    assert status(office.call("DELETE", f"{url}/1", token=USER)) == 404


def test_a_bot_says_by_a_call_where_it_listens(office: Office) -> None:
    office.ask("PATCH", "/api/v1/accounts/1/agent_bots/1", {"outgoing_url": "http://127.0.0.1:9/bot"}, token=USER)
    office.talk()
    office.say("Hi")
    (update,) = [each for each in office.told() if each.kind == "message_created"]
    assert update.hook is not None and update.hook.url == "http://127.0.0.1:9/bot"
    assert desk.request(office.state, [update], NOW).header("x-chatwoot-signature")


def test_nothing_is_told_while_nobody_listens(office: Office) -> None:
    office.state.webhook_url = None
    office.talk()
    office.say("Hi")
    assert office.told() == []


def test_an_unknown_kind_of_receiver_is_named_with_the_nearest() -> None:
    with pytest.raises(SettingsError, match="agent_bot"):
        Office(webhook_as="agentbot")


def test_typing_of_the_bot_is_told_to_others_only() -> None:
    office = Office(webhook_as=ALL)
    office.talk()
    office.told()
    for word in ("on", "off"):
        office.ask("POST", f"{path()}/toggle_typing_status", {"typing_status": word, "is_private": True})
    updates = office.told()
    assert {(each.kind[-3:], each.hook and each.hook.kind) for each in updates} == {
        (end, kind) for end in ("_on", "off") for kind in ("inbox", "account")
    }
    body = msgspec.json.decode(updates[0].body)
    assert (body["user"]["type"], body["is_private"], body["conversation"]["id"]) == ("agent_bot", True, 1)
