"""The client API: contacts, conversations and messages of the customer's side."""

from __future__ import annotations

import pytest

from chatdrill.model import ContactFiled, EntryAdded, TicketOpened
from chatdrill_fakes.desks.chatwoot import hooks
from desks.chatwoot.kit import CONTACTS, NOW, PNG, Office, body, good, multipart, names, status

_TALK = f"{CONTACTS}/tg-42/conversations"


def test_the_proof_of_identity_is_that_of_the_vendors_vector() -> None:
    assert hooks.identifier_hash("hmac_tok", "user-42") == (
        "c71ee4ed32d827dbbefde9d9e37fd97a0f5525ed7c899aef906855d21fa76df9"
    )


def test_a_contact_is_filed_with_all_its_keys(office: Office) -> None:
    about = {"source_id": "tg-42", "identifier": "user-42", "name": "Ann", "email": "Ann@x.example"}
    handled = office.call("POST", CONTACTS, {**about, "phone_number": "+4912345", "custom_attributes": {"tg": 42}})
    (event,) = handled.events
    assert isinstance(event, ContactFiled) and event.made
    assert set(event.keys) == {"tg-42", "user-42", "ann@x.example", "+4912345", "42"}
    answer = good(handled)
    assert set(answer) == {"source_id", "pubsub_token", "id", "name", "email", "phone_number"}


def test_the_same_source_id_is_the_same_contact(office: Office) -> None:
    first, second = office.contact(), office.contact()
    assert first == second and len(office.state.contacts) == 1


@pytest.mark.parametrize("about", [{"identifier": "u"}, {"email": "a@b.example"}, {"phone_number": "+4912345"}])
def test_the_same_person_under_another_source_id_is_the_same_contact(office: Office, about: dict[str, str]) -> None:
    first, second = office.contact("a", **about), office.contact("b", **about)
    assert (first["id"], first["source_id"]) == (second["id"], "a") and second["source_id"] == "b"


def test_who_gives_no_name_gets_one(office: Office) -> None:
    assert office.ask("POST", CONTACTS, {"source_id": "x"})["name"].count("-") == 2


def test_without_a_source_id_one_is_made(office: Office) -> None:
    assert len(office.ask("POST", CONTACTS, {"name": "Ann"})["source_id"]) == 36


@pytest.mark.parametrize(("length", "expected"), [(255, 200), (256, 500)])
def test_a_source_id_has_at_most_255_characters(office: Office, length: int, expected: int) -> None:
    assert status(office.call("POST", CONTACTS, {"source_id": "x" * length})) == expected


BAD = {"phone_number": ("12345", "Phone number should be in e164 format"), "email": ("ann", "Email Invalid email")}


@pytest.mark.parametrize("field", BAD)
def test_a_malformed_address_is_refused(office: Office, field: str) -> None:
    value, message = BAD[field]
    handled = office.call("POST", CONTACTS, {"source_id": "x", field: value})
    assert (status(handled), body(handled)) == (422, {"message": message, "attributes": [field]})
    assert not office.state.contacts


@pytest.mark.parametrize(
    ("given", "mandatory", "expected"),
    [("right", "no", 200), ("wrong", "no", 500), (None, "yes", 500), (None, "no", 200)],
)
def test_a_wrong_proof_of_identity_is_an_error(given: str | None, mandatory: str, expected: int) -> None:
    office = Office(hmac_mandatory=mandatory)
    proof = hooks.identifier_hash("cw-hmac-chatdrill", "user-42") if given == "right" else given
    asked = {"source_id": "a", "identifier": "user-42", **({"identifier_hash": proof} if proof else {})}
    handled = office.call("POST", CONTACTS, asked)
    assert status(handled) == expected
    assert expected == 200 or body(handled)["error"] == "HMAC failed: Invalid Identifier Hash Provided"


def test_only_a_proved_identity_sees_the_persons_other_conversations(office: Office) -> None:
    proof = hooks.identifier_hash("cw-hmac-chatdrill", "u")
    office.contact("a", identifier="u")
    office.ask("POST", f"{CONTACTS}/a/conversations", {})
    office.contact("b", identifier="u")
    assert office.ask("GET", f"{CONTACTS}/b/conversations") == []
    office.ask("PATCH", f"{CONTACTS}/b", {"identifier": "u", "identifier_hash": proof})
    assert [each["id"] for each in office.ask("GET", f"{CONTACTS}/b/conversations")] == [1]


def test_a_conversation_is_opened_with_the_keys_of_its_contact(office: Office) -> None:
    office.contact(identifier="user-42")
    handled = office.call("POST", _TALK, {"custom_attributes": {"order": "A-1"}})
    opened = handled.events[0]
    assert isinstance(opened, TicketOpened) and opened.ticket == "1"
    assert {"tg-42", "user-42", "A-1"} <= set(opened.keys) and opened.fields == {"order": "A-1"}
    shown = good(handled)
    assert (shown["status"], shown["inbox_id"], shown["contact_last_seen_at"]) == ("pending", 3, 0)
    assert shown["messages"] == [] and len(shown["uuid"]) == 36


def test_creating_a_conversation_is_never_idempotent(office: Office) -> None:
    assert (office.talk(), office.talk()) == ("1", "2")
    assert [each["id"] for each in office.ask("GET", _TALK)] == [1, 2]


def test_a_message_is_the_customers_with_the_bots_id(office: Office) -> None:
    office.talk()
    handled = office.call("POST", f"{_TALK}/1/messages", {"content": "Hello", "echo_id": "local-1"})
    (event,) = handled.events
    assert isinstance(event, EntryAdded)
    assert (event.entry.author, event.entry.origin_id, event.entry.at) == ("customer", "local-1", NOW)
    shown = good(handled)
    assert (shown["message_type"], shown["content"], shown["conversation_id"]) == (0, "Hello", 1)
    assert shown["created_at"] == 1768471200 and shown["sender"]["type"] == "contact"


def test_a_second_message_with_the_same_echo_id_is_a_second_message(office: Office) -> None:
    office.talk()
    for _ in range(2):
        office.ask("POST", f"{_TALK}/1/messages", {"content": "Hello", "echo_id": "local-1"})
    assert len(office.ask("GET", f"{_TALK}/1/messages")) == 2


def test_an_uploaded_file_is_kept_and_shown(office: Office) -> None:
    office.talk()
    sent, kind = multipart(
        {"content": "see", "echo_id": "e"}, ("a.png", "image/png", PNG), ("b.txt", "text/plain", b"x")
    )
    handled = office.raw("POST", f"{_TALK}/1/messages", sent, kind, token=None)
    (event,) = handled.events
    assert isinstance(event, EntryAdded) and event.entry.files[0].sha256 in office.state.blobs
    assert [each["file_type"] for each in good(handled)["attachments"]] == ["image", "file"]


def test_a_broken_picture_is_its_own_thumbnail(office: Office) -> None:
    office.talk()
    sent, kind = multipart({}, ("a.png", "image/png", PNG[:40]))
    (file,) = good(office.raw("POST", f"{_TALK}/1/messages", sent, kind, token=None))["attachments"]
    thumb = (
        file["thumb_url"].replace("representations/redirect", "thumb").removeprefix("http://127.0.0.1:8080/chatwoot")
    )
    found = office.raw("GET", thumb, token=None).response
    assert found is not None and found.body == PNG[:40]


def test_the_customer_sees_no_notes(office: Office) -> None:
    office.talk()
    office.answer("for all")
    office.answer("for agents", private=True)
    assert [each["content"] for each in office.ask("GET", f"{_TALK}/1/messages")] == ["for all"]


def test_one_contact_does_not_reach_anothers_conversation(office: Office) -> None:
    office.talk()
    office.contact("tg-43")
    assert status(office.say("Hi", "1", "tg-43")) == 404


UNKNOWN = [
    ("GET", "/public/api/v1/inboxes/other"),
    ("POST", "/public/api/v1/inboxes/other/contacts"),
    ("GET", f"{CONTACTS}/nobody"),
    ("POST", f"{CONTACTS}/nobody/conversations"),
    ("POST", f"{_TALK}/77/messages"),
    ("POST", f"{_TALK}/x/messages"),
    ("PATCH", f"{_TALK}/1/messages/77"),
    ("GET", "/public/api/v1/csat_survey/none"),
    ("GET", "/nowhere"),
    ("GET", "/rails/active_storage/disk/none/x"),
]


@pytest.mark.parametrize(("method", "url"), UNKNOWN)
def test_what_does_not_exist_is_not_found(office: Office, method: str, url: str) -> None:
    office.talk()
    handled = office.call(method, url, {})
    assert (status(handled), body(handled)) == (404, {"error": "Resource could not be found"})


def test_typing_and_reading_are_told_and_noted(office: Office) -> None:
    office = Office(webhook_as="inbox")
    office.talk()
    office.told()
    for word in ("on", "off", "sideways"):
        office.ask("POST", f"{_TALK}/1/toggle_typing", {"typing_status": word})
    assert office.kinds() == ["conversation_typing_on", "conversation_typing_off"]
    office.ask("POST", f"{_TALK}/1/update_last_seen")
    assert office.ask("GET", f"{_TALK}/1")["contact_last_seen_at"] == 1768471200


def test_a_form_that_the_customer_fills_in_changes_the_message(office: Office) -> None:
    office.talk()
    form = office.answer("Your mail?", content_type="input_email")["id"]
    shown = office.ask("PATCH", f"{_TALK}/1/messages/{form}", {"submitted_values": {"email": "a@b.example"}})
    assert shown["content_attributes"] == {"submitted_values": {"email": "a@b.example"}}
    assert "message_updated" in office.kinds()


def test_the_inbox_says_what_it_is(office: Office) -> None:
    shown = office.ask("GET", CONTACTS.removesuffix("/contacts"))
    assert (shown["name"], shown["timezone"], len(shown["working_hours"])) == ("Messenger", "UTC", 7)
    assert shown["identity_validation_enabled"] is False


def test_a_changed_contact_is_filed_again(office: Office) -> None:
    office.contact()
    handled = office.call("PATCH", f"{CONTACTS}/tg-42", {"name": "Anna"})
    (event,) = handled.events
    assert isinstance(event, ContactFiled) and not event.made and event.name == "Anna"
    assert names(office.call("PATCH", f"{CONTACTS}/tg-42", {"name": "Anna"}).events) == []
    assert office.ask("GET", f"{CONTACTS}/tg-42")["name"] == "Anna"
