"""The channel: connecting it, chats, messages in, their errors and their repetition."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Elapse, EntryAdded, TicketOpened
from chatdrill.wire import Fetch, Fetched
from chatdrill_fakes.desks.amocrm import desk
from desks.amocrm.kit import (
    AMOJO,
    BOT,
    BOT_PARTY,
    CHANNEL,
    CHATS,
    CUSTOMER,
    NOW,
    PNG,
    SCOPE,
    Account,
    error,
    kinds,
    new_message,
)

CONNECT, DISCONNECT = f"/v2/origin/custom/{CHANNEL}/connect", f"/v2/origin/custom/{CHANNEL}/disconnect"
CHAT = {"conversation_id": "my-42", "source": {"external_id": "shop1"}, "user": CUSTOMER}
MEDIA = "http://127.0.0.1:9/photo.png"


# ---------------------------------------------------------------------------------------------------- connecting


def test_connecting_gives_the_scope() -> None:
    account = Account(connected="no")
    assert error(account.send())[0] == 404
    asked = {"account_id": AMOJO, "title": "My bot", "hook_api_version": "v2", "is_time_window_disabled": True}
    assert account.ok(account.chat("POST", CONNECT, asked)) == {**asked, "scope_id": SCOPE}
    account.asked()


def test_a_disconnected_channel_sends_no_hooks(account: Account) -> None:
    account.accepted().clear()
    handled = account.chat("DELETE", DISCONNECT, {"account_id": AMOJO})
    assert account.ok(handled) is None
    account.reply()
    assert account.channel_hooks() == [] and error(account.send())[0] == 404


@pytest.mark.parametrize(
    ("path", "change", "status"),
    [
        (CONNECT.replace(CHANNEL, "other"), {}, 404),
        (CONNECT, {"account_id": "other"}, 400),
        (CONNECT, {"account_id": 5}, 400),
        (CONNECT, {"hook_api_version": "v3"}, 400),
        (CONNECT, {"hook_api_version": "v1"}, 400),
        (CONNECT, {"is_time_window_disabled": 1}, 400),
    ],
)
def test_a_wrong_connection_is_refused(account: Account, path: str, change: dict[str, Any], status: int) -> None:
    assert error(account.chat("POST", path, {"account_id": AMOJO, "hook_api_version": "v2", **change}))[0] == status


# --------------------------------------------------------------------------------------------------------- chats


def test_the_same_conversation_is_the_same_chat(account: Account) -> None:
    first = account.ok(account.chat("POST", f"{CHATS}/chats", CHAT))
    again = account.ok(account.chat("POST", f"{CHATS}/chats", CHAT))
    assert first == again and len(account.state.conversations) == 1 and not account.state.tickets
    assert first["user"] == {
        "id": first["user"]["id"],
        "client_id": "tg-42",
        "name": "Anna Nowak",
        "avatar": "",
        "phone": "+48600100200",
        "email": "anna@shop.example",
    }


def test_unknown_phone_and_mail_are_left_out(account: Account) -> None:
    user = {"id": "tg-1", "name": "Eve"}
    shown = account.ok(account.chat("POST", f"{CHATS}/chats", {"conversation_id": "c", "user": user}))["user"]
    assert set(shown) == {"id", "client_id", "name", "avatar"}


@pytest.mark.parametrize(("length", "status"), [(40, 200), (41, 400)])
def test_a_source_has_forty_characters(account: Account, length: int, status: int) -> None:
    body = {**CHAT, "source": {"external_id": "s" * length}}
    response = account.chat("POST", f"{CHATS}/chats", body).response
    assert response is not None and response.status == status


@pytest.mark.parametrize("external_id", ["", "tëst", 5])
def test_a_source_is_printable_ascii(account: Account, external_id: object) -> None:
    assert error(account.chat("POST", f"{CHATS}/chats", {**CHAT, "source": {"external_id": external_id}}))[0] == 400


# ------------------------------------------------------------------------------------------------------ messages


def test_an_accepted_message_is_named_by_both_ids(account: Account) -> None:
    told = account.ok(account.send(msgid="tg-42-1"))["new_message"]
    assert told.pop("msgid") == next(iter(account.ticket.messages))
    assert told == {"conversation_id": "my-42", "sender_id": "tg-42", "receiver_id": None, "ref_id": "tg-42-1"}


def test_a_silent_message_opens_a_ticket_that_is_the_bots(account: Account) -> None:
    events = account.send(silent=True).events
    assert kinds(events) == ["contact_filed", "ticket_opened", "entry_added"]
    opened = next(each for each in events if isinstance(each, TicketOpened))
    assert {"tg-42", "my-42", "+48600100200", "anna@shop.example"} <= set(opened.keys)
    assert account.owner() == "bot" and not account.state.incoming and account.ticket.talk is None


def test_the_author_is_told_by_the_parties(account: Account) -> None:
    eva = {"id": "m", "name": "Eva", "ref_id": account.state.amojo_ids["eva"]}
    account.ok(account.send(silent=True))
    account.ok(account.send("Hi", "m-2", by="bot", silent=True))
    account.ok(account.send("Eva here", "m-3", silent=True, sender=eva, receiver=CUSTOMER))
    said = [(entry.author, entry.origin_id, entry.public) for entry in account.ticket.entries]
    assert said == [("customer", "m-1", True), ("bot", "m-2", True), ("agent", "m-3", True)]
    assert account.ticket.entries[0].origin_at == NOW and account.channel_hooks() == []


def test_a_bots_message_never_asks_for_a_person(account: Account) -> None:
    events = account.send("Hi", by="bot", silent=False).events
    assert "handoff_asked" not in kinds(events) and account.owner() == "bot"


def test_the_same_msgid_makes_no_second_message(account: Account) -> None:
    first, again = account.ok(account.send()), account.send()
    assert account.ok(again) == first and again.events == () and len(account.ticket.entries) == 1
    assert again.call is not None and again.call.note is not None


def test_history_with_one_loud_message_makes_one_incoming_lead(account: Account) -> None:
    for number in range(5):
        account.ok(account.send(f"old {number}", f"m-{number}", silent=True))
    account.ok(account.send("A person, please", "m-9", silent=False))
    account.ok(account.send("Hello?", "m-10", silent=False))
    assert len(account.state.incoming) == 1 and len(account.updates("add_unsorted")) == 1


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"timestamp": "1639604761"}, "payload.timestamp"),
        ({"timestamp": True}, "payload.timestamp"),
        ({"msec_timestamp": None}, "payload.msec_timestamp"),
        ({"msgid": 5}, "payload.msgid"),
        ({"msgid": ""}, "payload.msgid"),
        ({"conversation_id": None}, "payload.conversation_id"),
        ({"silent": "true"}, "payload.silent"),
        ({"sender": None}, "payload.sender"),
        ({"sender": {"id": "x"}}, "payload.sender.name"),
        ({"sender": {**CUSTOMER, "profile": {"phone": 48600}}}, "payload.sender.profile.phone"),
        ({"sender": BOT_PARTY, "receiver": {"name": "x"}}, "payload.receiver.id"),
        ({"receiver": CUSTOMER}, "payload.sender.ref_id"),
        ({"message": None}, "payload.message"),
        ({"message": {"type": "poll"}}, "payload.message.type"),
        ({"message": {"type": "text"}}, "payload.message.text"),
        ({"message": {"type": "voice"}}, "payload.message.media"),
        ({"message": {"type": "picture", "media": MEDIA, "file_size": 1}}, "payload.message.file_name"),
        ({"message": {"type": "file", "media": MEDIA, "file_name": "a"}}, "payload.message.file_size"),
        ({"message": {"type": "voice", "media": "ftp://x"}}, "payload.message.media"),
        ({"message": {"type": "location"}}, "payload.message.location"),
        ({"message": {"type": "location", "location": {"lon": "1", "lat": 2}}}, "payload.message.location.lon"),
        ({"message": {"type": "contact", "contact": {"name": "x"}}}, "payload.message.contact.phone"),
        ({"conversation_ref_id": "nobody"}, "payload.conversation_ref_id"),
        ({"reply_to": {}}, "payload.reply_to.message"),
        ({"forwards": {"messages": [{}, {}]}}, "payload.forwards.messages"),
    ],
)
def test_types_are_strict(account: Account, change: dict[str, Any], where: str) -> None:
    body = new_message()
    body["payload"] |= change
    status, words = error(account.chat("POST", CHATS, body))
    assert status == 400 and words.startswith(where) and not account.state.tickets


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"event_type":"delete_message","payload":{}}', b"{}"])
def test_a_body_that_is_no_message_is_refused(account: Account, body: bytes) -> None:
    assert error(account.chat("POST", CHATS, body))[0] == 400


def test_an_unknown_scope_is_refused(account: Account) -> None:
    assert error(account.chat("POST", "/v2/origin/custom/other_scope", new_message()))[0] == 404


# --------------------------------------------------------------------------------------------------------- files


def picture() -> dict[str, Any]:
    message = {"type": "picture", "text": "look", "media": MEDIA, "file_name": "photo.png", "file_size": len(PNG)}
    return new_message(message=message)


def test_a_file_is_read_kept_and_served(account: Account) -> None:
    asked = account.chat("POST", CHATS, picture())
    assert asked.wait == Fetch((MEDIA,)) and not account.state.conversations
    handled = account.chat("POST", CHATS, picture(), fetched={MEDIA: Fetched(PNG, "image/png")})
    (entry,) = [each.entry for each in handled.events if isinstance(each, EntryAdded)]
    assert entry.text == "look" and account.state.blobs.get(entry.files[0].sha256) == PNG
    link = next(iter(account.ticket.messages.values()))["message"]["media"]
    served = account.chat("GET", link.removeprefix("http://127.0.0.1:8080/amocrm")).response
    assert served is not None and (served.body, served.header("content-type")) == (PNG, "image/png")


def test_a_file_that_cannot_be_read_is_a_broken_link(account: Account) -> None:
    account.ok(account.chat("POST", CHATS, picture(), fetched={MEDIA: Fetched(error="status 404")}))
    (entry,) = account.ticket.entries
    assert entry.files[0].url == MEDIA and not entry.files[0].sha256


def test_an_unknown_file_is_not_found(account: Account) -> None:
    assert error(account.chat("GET", "/attachments/a/b/c.png"))[0] == 404


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"type": "location", "location": {"lon": 16.4, "lat": 48.2}}, "16.4 48.2"),
        ({"type": "contact", "contact": {"name": "Eve", "phone": "+431"}}, "Eve +431"),
    ],
)
def test_places_and_cards_are_shown_in_words(account: Account, message: dict[str, Any], words: str) -> None:
    account.ok(account.send(message=message))
    assert (account.ticket.entries[0].text, account.ticket.entries[0].kind) == (words, message["type"])


# ----------------------------------------------------------------------------------------------------- behaviour


def test_a_message_is_shown_after_the_time_that_processing_takes() -> None:
    account = Account(lag_s="2")
    handled = account.send()
    assert account.ok(handled) and "entry_added" not in kinds(handled.events) and account.owner() == "bot"
    assert handled.later[0].after_s == 2 and account.ok(account.send()) == account.ok(handled)
    act = handled.later[0].act
    assert isinstance(act, Elapse)
    assert kinds(account.act(act))[:1] == ["entry_added"] and account.owner() == "queue"
    assert account.act(act) == []


def test_the_time_in_the_ticket_is_the_chats_own(account: Account) -> None:
    account.ok(account.send(silent=True))
    account.ticket.ahead_s = 3600.0
    account.ok(account.send("Later", "m-2"))
    assert account.ticket.entries[-1].at == NOW + 3600 and account.updates("add_talk")[0].made_at == NOW + 3600


def test_a_quoted_message_is_named(account: Account) -> None:
    account.accepted().reply()
    said = account.ticket.entries[-1].id
    account.ok(account.send("This one?", "m-2", reply_to={"message": {"id": said}}))
    account.ok(account.send("Or that?", "m-3", reply_to={"message": {"msgid": "m-1"}}))
    assert [each.reply_to for each in account.ticket.entries[-2:]] == [said, account.ticket.entries[0].id]


def test_an_agents_first_word_is_bound_by_the_next_message(account: Account) -> None:
    fields = [{"field_code": "PHONE", "values": [{"value": "+48600100200"}]}]
    lead = {"_embedded": {"contacts": [{"name": "Anna", "custom_fields_values": fields}]}}
    account.ok(account.crm("POST", "/leads/complex", [lead]))
    account.reply()
    hook = account.channel_hooks()[0]["message"]
    assert "client_id" not in hook["conversation"] and hook["receiver"]["phone"] == "48600100200"
    sender = {**CUSTOMER, "ref_id": hook["receiver"]["id"]}
    account.ok(account.send("Hi Bob", "m-1", conversation_ref_id=hook["conversation"]["id"], sender=sender))
    account.clear().reply("Hi Anna")
    again = account.channel_hooks()[0]["message"]
    assert again["conversation"] == {"id": hook["conversation"]["id"], "client_id": "my-42"}
    assert again["receiver"]["client_id"] == "tg-42" and len(account.state.tickets) == 1


def test_bot_and_scope_are_in_the_environment(account: Account) -> None:
    found = desk.environment(account.state, "http://h/amocrm/")
    assert found["AMOJO_BOT_ID"] == BOT and found["AMOJO_SCOPE_ID"] == SCOPE
    assert found["AMOCRM_API_ROOT"] == found["AMOJO_API_ROOT"] == "http://h/amocrm"
