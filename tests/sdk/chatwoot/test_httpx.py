"""Chatwoot over a real socket, from its documentation: what a bot calls, is refused, and hears."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from sdk.desk_kit import PNG, Helpdesk

UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
NOT_FOUND = {"error": "Resource could not be found"}


def event(name: str) -> Callable[[Any], bool]:
    return lambda hook: hook["event"] == name


def from_agent(hook: Any) -> bool:
    """What a bridge passes on to the customer."""
    return (
        hook["event"] == "message_created"
        and hook["message_type"] == "outgoing"
        and not hook["private"]
        and hook["sender"]["type"] == "user"
    )


def says(inbox: httpx.Client, talk: int, text: str) -> httpx.Response:
    return inbox.post(f"/contacts/tg-42/conversations/{talk}/messages", json={"content": text})


def hand_over(bot: httpx.Client, talk: int) -> httpx.Response:
    return bot.post(f"/conversations/{talk}/toggle_status", json={"status": "open"})


# -------------------------------------------------------------------------------------------------- authentication


def test_a_wrong_token_is_invalid_and_none_asks_to_sign_in(helpdesk: Helpdesk, talk: int) -> None:
    with helpdesk.client() as client:
        path = f"/api/v1/accounts/1/conversations/{talk}"
        wrong = client.get(path, headers={"api_access_token": "guessed"})
        assert (wrong.status_code, wrong.json()) == (401, {"error": "Invalid Access Token"})
        assert client.get(path).status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/contacts/search?q=Ann"), ("GET", "/conversations"), ("GET", "/agents"), ("POST", "/webhooks")],
)
def test_a_bots_token_opens_only_what_bots_may(bot: httpx.Client, method: str, path: str) -> None:
    answer = bot.request(method, path)
    assert answer.status_code == 401
    assert answer.json() == {"error": "Access to this endpoint is not authorized for bots"}


def test_another_account_is_closed(helpdesk: Helpdesk, user: httpx.Client) -> None:
    assert user.get(f"{helpdesk.root}/api/v1/accounts/2/agents").status_code == 401


# -------------------------------------------------------------------------------------------------------- contacts


def test_a_contact_is_made_by_its_source_id_and_known_again(inbox: httpx.Client) -> None:
    about = {"source_id": "tg-42", "identifier": "user-42", "name": "Ann", "email": "ann@example.com"}
    first = inbox.post("/contacts", json=about).json()
    assert set(first) == {"source_id", "pubsub_token", "id", "name", "email", "phone_number"}
    assert (first["source_id"], first["email"], first["phone_number"]) == ("tg-42", "ann@example.com", None)
    assert inbox.post("/contacts", json=about).json() == first
    assert inbox.get("/contacts/tg-42").json() == first
    assert inbox.patch("/contacts/tg-42", json={"name": "Anna"}).json()["name"] == "Anna"


@pytest.mark.parametrize("helpdesk", [{"hmac_mandatory": "yes", "hmac_token": "hmac_tok"}], indirect=True)
def test_where_identities_are_proved_a_contact_without_proof_is_refused(inbox: httpx.Client) -> None:
    proof = hmac.new(b"hmac_tok", b"user-42", hashlib.sha256).hexdigest()
    assert proof == "c71ee4ed32d827dbbefde9d9e37fd97a0f5525ed7c899aef906855d21fa76df9"
    for given in ({}, {"identifier_hash": "0" * 64}):
        answer = inbox.post("/contacts", json={"identifier": "user-42", **given})
        assert answer.status_code == 500 and "HMAC failed: Invalid Identifier Hash Provided" in answer.text
    assert inbox.post("/contacts", json={"identifier": "user-42", "identifier_hash": proof}).status_code == 200


def test_a_contact_of_the_application_api_is_found_by_its_number(user: httpx.Client) -> None:
    about = {"inbox_id": 3, "name": "Ann", "phone_number": "+4915112345678", "identifier": "user-42"}
    made = user.post("/contacts", json=about).json()["payload"]
    assert UUID.fullmatch(made["contact_inbox"]["source_id"]) and made["contact_inbox"]["inbox"]["id"] == 3
    assert made["contact"]["contact_inboxes"][0]["source_id"] == made["contact_inbox"]["source_id"]
    found = user.get("/contacts/search", params={"q": "+4915112345678"}).json()
    assert found["meta"] == {"count": 1, "current_page": 1} and found["payload"][0]["id"] == made["contact"]["id"]
    twice = user.post("/contacts", json=about)
    assert twice.status_code == 422 and "phone_number" in twice.json()["attributes"]


# --------------------------------------------------------------------------------------------------- conversations


def test_a_conversation_begins_with_the_bot_and_a_second_post_makes_a_second(inbox: httpx.Client, talk: int) -> None:
    path = "/contacts/tg-42/conversations"
    second = inbox.post(path, json={"custom_attributes": {"order": "7"}}).json()
    assert (second["id"], second["status"], second["messages"]) == (talk + 1, "pending", [])
    assert UUID.fullmatch(second["uuid"]) and second["inbox_id"] == 3 and second["contact_last_seen_at"] == 0
    assert [one["id"] for one in inbox.get(path).json()] == [talk, talk + 1]


def test_a_conversation_of_the_application_api_has_its_whole_shape(user: httpx.Client, inbox: httpx.Client) -> None:
    contact = inbox.post("/contacts", json={"source_id": "tg-42", "name": "Ann"}).json()
    asked = {"source_id": "tg-42", "inbox_id": 3, "contact_id": contact["id"], "message": {"content": "Hi"}}
    shown = user.post("/conversations", json={**asked, "custom_attributes": {"channel": "telegram"}}).json()
    assert (shown["status"], shown["can_reply"], shown["labels"], shown["priority"]) == ("pending", True, [], None)
    assert (shown["meta"]["channel"], shown["meta"]["assignee"]) == ("Channel::Api", None)
    assert shown["custom_attributes"] == {"channel": "telegram"} and shown["muted"] is False
    assert shown["last_non_activity_message"]["content"] == "Hi"
    assert user.get(f"/conversations/{shown['id']}").json()["uuid"] == shown["uuid"]


def test_a_source_id_of_somebody_else_is_not_unique(user: httpx.Client, talk: int) -> None:
    other = user.post("/contacts", json={"name": "Eve"}).json()["payload"]["contact"]["id"]
    answer = user.post("/conversations", json={"source_id": "tg-42", "inbox_id": 3, "contact_id": other})
    assert (answer.status_code, answer.json()) == (422, {"error": "source_id should be unique"})


# -------------------------------------------------------------------------------------------------------- messages


def test_words_go_both_ways_with_numbers_for_kinds(inbox: httpx.Client, bot: httpx.Client, talk: int) -> None:
    asked = says(inbox, talk, "Where is my parcel?").json()
    body = {"content": "One moment", "message_type": "outgoing", "echo_id": "local-1"}
    answered = bot.post(f"/conversations/{talk}/messages", json=body).json()
    assert (asked["message_type"], asked["content_type"], asked["conversation_id"]) == (0, "text", talk)
    assert (answered["message_type"], answered["private"], answered["status"]) == (1, False, "sent")
    assert answered["sender"]["type"] == "agent_bot" and answered["echo_id"] == "local-1"
    shown = inbox.get(f"/contacts/tg-42/conversations/{talk}/messages").json()
    assert [one["content"] for one in shown] == ["Where is my parcel?", "One moment"]


def test_files_go_up_in_a_form_and_come_down_over_a_redirection(
    inbox: httpx.Client, bot: httpx.Client, talk: int
) -> None:
    files = [("attachments[]", ("a.png", PNG, "image/png")), ("attachments[]", ("b.ogg", b"OggS", "audio/ogg"))]
    sent = inbox.post(f"/contacts/tg-42/conversations/{talk}/messages", data={"content": "See"}, files=files).json()
    picture, sound = sent["attachments"]
    assert (picture["file_type"], sound["file_type"], picture["file_size"]) == ("image", "audio", len(PNG))
    assert "transcribed_text" in sound and picture["message_id"] == sent["id"]
    assert httpx.get(picture["data_url"]).status_code in (301, 302)
    assert httpx.get(picture["data_url"], follow_redirects=True).content == PNG
    form = {"content": "", "message_type": "outgoing", "private": "true"}
    note = bot.post(f"/conversations/{talk}/messages", data=form, files=files[:1]).json()
    assert note["private"] is True and len(note["attachments"]) == 1


def test_a_form_nests_by_brackets_and_repeats_by_names(user: httpx.Client, talk: int) -> None:
    labels = user.post(f"/conversations/{talk}/labels", data={"labels[]": ["bot_handoff", "vip"]})
    assert labels.json() == {"payload": ["bot_handoff", "vip"]}
    fields = {"custom_attributes[owner]": "agent", "custom_attributes[order]": "7"}
    told = user.post(f"/conversations/{talk}/custom_attributes", data=fields).json()
    assert told["custom_attributes"] == {"owner": "agent", "order": "7"}
    hook = {"webhook[url]": "http://127.0.0.1:9/x", "webhook[subscriptions][]": ["message_created", "contact_created"]}
    made = user.post("/webhooks", data=hook).json()["payload"]["webhook"]
    assert made["url"] == "http://127.0.0.1:9/x" and set(made["subscriptions"]) == {
        "message_created",
        "contact_created",
    }


def test_a_history_is_read_in_pages_of_twenty(user: httpx.Client, inbox: httpx.Client, talk: int) -> None:
    ids = [says(inbox, talk, str(number)).json()["id"] for number in range(22)]
    last = user.get(f"/conversations/{talk}/messages").json()["payload"]
    assert [one["id"] for one in last] == ids[2:]
    before = user.get(f"/conversations/{talk}/messages", params={"before": ids[2]}).json()["payload"]
    assert [one["id"] for one in before] == ids[:2]
    after = user.get(f"/conversations/{talk}/messages", params={"after": ids[20]}).json()["payload"]
    assert ids[21] in [one["id"] for one in after] and ids[0] not in [one["id"] for one in after]


def test_a_deleted_message_keeps_its_id(user: httpx.Client, inbox: httpx.Client, talk: int) -> None:
    id = says(inbox, talk, "4111 1111").json()["id"]
    assert user.delete(f"/conversations/{talk}/messages/{id}").status_code == 200
    (left,) = user.get(f"/conversations/{talk}/messages").json()["payload"]
    assert (left["id"], left["content_attributes"]["deleted"]) == (id, True) and "4111" not in str(left)


@pytest.mark.parametrize(
    ("body", "files"),
    [({"content": "x" * 150_001}, 0), ({"content": "files"}, 16)],
)
def test_what_is_too_much_is_an_invalid_record(inbox: httpx.Client, talk: int, body: Any, files: int) -> None:
    sent = [("attachments[]", (f"{number}.txt", b"x", "text/plain")) for number in range(files)]
    path = f"/contacts/tg-42/conversations/{talk}/messages"
    answer = inbox.post(path, data=body, files=sent) if files else inbox.post(path, json=body)
    assert answer.status_code == 422 and set(answer.json()) == {"message", "attributes"}
    assert inbox.get(path).json() == []


# ------------------------------------------------------------------------------------- handing over, and what is heard


def test_the_bot_hands_over_and_an_agent_accepts(helpdesk: Helpdesk, bot: httpx.Client, talk: int) -> None:
    answer = hand_over(bot, talk).json()
    payload = {"success": True, "conversation_id": talk, "current_status": "open", "snoozed_until": None}
    assert answer == {"meta": {}, "payload": payload} and helpdesk.owner(str(talk)) == "queue"
    assert helpdesk.agent("accept")["owner"] == "agent"
    meta = bot.get(f"/conversations/{talk}").json()["meta"]
    assert (meta["assignee"]["name"], meta["assignee"]["type"], meta["assignee_type"]) == ("Bob", "user", "User")


def test_what_the_agent_says_is_heard_with_its_conversation(helpdesk: Helpdesk, bot: httpx.Client, talk: int) -> None:
    hand_over(bot, talk)
    helpdesk.agent("accept")
    helpdesk.agent(text="Hello, Bob here")
    hook = helpdesk.bot.until(from_agent)
    told = hook.json
    assert UUID.fullmatch(hook.headers["x-chatwoot-delivery"]) and hook.headers["content-type"] == "application/json"
    assert (told["content"], told["content_type"], told["source_id"]) == ("Hello, Bob here", "text", None)
    assert set(told["sender"]) == {"id", "name", "email", "type"} and ISO.fullmatch(told["created_at"])
    assert (told["account"], told["inbox"]["id"]) == ({"id": 1, "name": "Acme"}, 3)
    shown = told["conversation"]
    assert (shown["id"], shown["status"], shown["channel"]) == (talk, "open", "Channel::Api")
    assert shown["contact_inbox"]["source_id"] == "tg-42" and shown["meta"]["assignee"]["name"] == "Bob"
    assert shown["messages"][0]["content"] == "Hello, Bob here" and "attachments" not in told


def test_a_note_is_heard_as_private_beside_the_last_public_words(
    helpdesk: Helpdesk, inbox: httpx.Client, bot: httpx.Client, talk: int
) -> None:
    says(inbox, talk, "A person, please")
    hand_over(bot, talk)
    helpdesk.agent({"act": "note", "text": "an old friend"})
    told = helpdesk.bot.until(lambda hook: event("message_created")(hook) and hook["private"]).json
    assert told["content"] == "an old friend"
    assert told["conversation"]["messages"][0]["content"] == "A person, please"


def test_a_status_is_heard_with_what_it_was(helpdesk: Helpdesk, bot: httpx.Client, talk: int) -> None:
    hand_over(bot, talk)
    told = helpdesk.bot.until(event("conversation_status_changed")).json
    assert {"status": {"previous_value": "pending", "current_value": "open"}} in told["changed_attributes"]
    assert helpdesk.bot.until(event("conversation_opened")).json["id"] == talk
    assert not [hook for hook in helpdesk.bot.taken if hook.json["event"] == "conversation_created"]


def test_the_customers_words_have_a_sender_without_a_type(helpdesk: Helpdesk, inbox: httpx.Client, talk: int) -> None:
    says(inbox, talk, "Hi")
    sender = helpdesk.bot.until(event("message_created")).json["sender"]
    assert "type" not in sender and (sender["name"], sender["identifier"]) == ("Ann", "user-42")
    assert {"account", "additional_attributes", "avatar", "custom_attributes", "thumbnail", "blocked"} <= set(sender)


@pytest.mark.parametrize("status", [429, 500])
def test_a_bot_that_is_down_for_a_moment_is_asked_again(
    helpdesk: Helpdesk, inbox: httpx.Client, talk: int, status: int
) -> None:
    helpdesk.bot.answers = [status]
    says(inbox, talk, "Hi")
    first, again = helpdesk.bot.all_until(event("message_created"), 2)
    assert first.headers["x-chatwoot-delivery"] == again.headers["x-chatwoot-delivery"] and first.body == again.body


def test_a_bot_that_refuses_loses_the_conversation_to_the_queue(
    helpdesk: Helpdesk, inbox: httpx.Client, bot: httpx.Client, talk: int
) -> None:
    helpdesk.bot.answers = [404]
    says(inbox, talk, "Hi")
    helpdesk.bot.until(event("conversation_opened"))
    assert bot.get(f"/conversations/{talk}").json()["status"] == "open" and helpdesk.owner(str(talk)) == "queue"


def test_a_webhook_of_the_account_is_signed_with_its_own_secret(
    helpdesk: Helpdesk, user: httpx.Client, inbox: httpx.Client
) -> None:
    asked = {"webhook": {"url": f"{helpdesk.bot.url}/own", "subscriptions": ["conversation_created"]}}
    made = user.post("/webhooks", json=asked).json()["payload"]["webhook"]
    helpdesk.env["CHATWOOT_WEBHOOK_SECRET"] = made["secret"]
    inbox.post("/contacts", json={"source_id": "tg-42"})
    inbox.post("/contacts/tg-42/conversations", json={})
    heard = helpdesk.bot.until(event("conversation_created"))
    assert heard.path == "/own" and heard.json["status"] == "pending"


# --------------------------------------------------------------------------------- assignment, resolving, ratings


def test_assigning_answers_with_whom_it_was_given_to(helpdesk: Helpdesk, user: httpx.Client, talk: int) -> None:
    helpdesk.agent({"act": "set_presence", "presence": "online"})
    bob = next(one["id"] for one in user.get("/agents").json() if one["name"] == "Bob")
    path = f"/conversations/{talk}/assignments"
    assert user.post(path, json={"assignee_id": bob}).json()["name"] == "Bob"
    given = user.post(path, json={"assignee_id": 1, "assignee_type": "AgentBot"})
    assert given.json()["type"] == "agent_bot"
    assert user.get(f"/conversations/{talk}").json()["meta"]["assignee_type"] == "AgentBot"
    assert user.post(path, json={"assignee_id": 0}).json() is None
    team = user.post("/teams", json={"name": "Sales"}).json()["id"]
    assert user.post(path, json={"team_id": team}).json()["name"] == "sales"


def test_a_resolved_conversation_comes_back_to_the_bot_with_the_next_words(
    helpdesk: Helpdesk, inbox: httpx.Client, bot: httpx.Client, talk: int
) -> None:
    hand_over(bot, talk)
    helpdesk.agent("accept")
    assert helpdesk.agent("close")["owner"] == "bot"
    assert helpdesk.bot.until(event("conversation_resolved")).json["status"] == "resolved"
    says(inbox, talk, "Thanks")
    assert bot.get(f"/conversations/{talk}").json()["status"] == "pending"


def test_the_customer_resolves_and_cannot_open_by_the_same_call(inbox: httpx.Client, talk: int) -> None:
    path = f"/contacts/tg-42/conversations/{talk}/toggle_status"
    assert [inbox.post(path).json()["status"] for _ in range(2)] == ["resolved", "resolved"]


@pytest.mark.parametrize("helpdesk", [{"csat_survey_enabled": "yes"}], indirect=True)
def test_the_customer_rates_once_by_the_link_that_the_bot_is_told(
    helpdesk: Helpdesk, inbox: httpx.Client, bot: httpx.Client, user: httpx.Client, talk: int
) -> None:
    hand_over(bot, talk)
    helpdesk.agent("accept")
    helpdesk.agent("close")
    told = helpdesk.bot.until(lambda hook: hook.get("content_type") == "input_csat").json
    uuid = user.get(f"/conversations/{talk}").json()["uuid"]
    assert told["message_type"] == "template" and told["content"].endswith(f"/survey/responses/{uuid}")
    survey = f"{helpdesk.root}/public/api/v1/csat_survey/{uuid}"
    rating = {"rating": 5, "feedback_message": "ok"}
    body = {"message": {"submitted_values": {"csat_survey_response": rating}}}
    assert httpx.put(survey, json=body).json()["csat_survey_response"] == rating
    helpdesk.pass_time(15 * 86_400)
    late = httpx.put(survey, json=body)
    assert (late.status_code, late.json()) == (422, {"error": "You cannot update the CSAT survey after 14 days"})


# -------------------------------------------------------------------------------------------------- errors and rates


def test_what_is_unknown_is_not_found(user: httpx.Client, inbox: httpx.Client, talk: int) -> None:
    for path in ("/conversations/999", "/contacts/999", "/conversations/999/messages"):
        answer = user.get(path)
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    assert says(inbox, 999, "Hi").status_code == 404
    assert inbox.get("/contacts/nobody").status_code == 404
    assert user.post(f"/conversations/{talk}/toggle_status", json={"status": "gone"}).status_code == 422


def test_a_conversation_takes_two_hundred_messages_a_minute(helpdesk: Helpdesk, inbox: httpx.Client, talk: int) -> None:
    answers = [says(inbox, talk, str(number)) for number in range(201)]
    assert [one.status_code for one in answers] == [200] * 200 + [422]
    assert "Too many messages" in answers[-1].json()["message"]
    helpdesk.pass_time(61)
    assert says(inbox, talk, "now").status_code == 200


def test_a_hundred_searches_a_minute_and_then_429_without_a_word(helpdesk: Helpdesk, user: httpx.Client) -> None:
    answers = [user.get("/contacts/search", params={"q": "Ann"}) for _ in range(101)]
    assert [one.status_code for one in answers] == [200] * 100 + [429] and answers[-1].content == b""
    assert user.get("/agents").status_code == 200
    helpdesk.pass_time(61)
    assert user.get("/contacts/search", params={"q": "Ann"}).status_code == 200
