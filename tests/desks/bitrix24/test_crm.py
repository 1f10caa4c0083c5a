"""CRM objects, in both spellings, and how they hang together with dialogs."""

from __future__ import annotations

import base64

import pytest

from chatdrill.model import ContactFiled, EntryAdded
from desks.bitrix24.kit import PNG, Portal, error

KINDS = ("lead", "contact", "deal", "company")


@pytest.mark.parametrize("kind", KINDS)
def test_an_object_lives_and_its_events_say_its_id_only(portal: Portal, kind: str) -> None:
    portal.bind(*(f"ONCRM{kind.upper()}{what}" for what in ("ADD", "UPDATE", "DELETE")))
    id = portal.result(f"crm.{kind}.add", {"fields": {"TITLE": "A", "NAME": "Ann", "ORIGIN_ID": "d-42"}})
    assert portal.result(f"crm.{kind}.get", {"id": id})["ORIGIN_ID"] == "d-42"
    assert portal.result(f"crm.{kind}.update", {"ID": id, "fields": {"COMMENTS": "late"}}) is True
    (row,) = portal.result(f"crm.{kind}.list", {"filter": {"=ORIGIN_ID": "d-42"}, "select": ["ID", "COMMENTS"]})
    assert row == {"ID": str(id), "COMMENTS": "late"}
    assert portal.result(f"crm.{kind}.delete", {"ID": id}) is True
    told = portal.told(None)
    assert [each["event"] for each in told] == [f"ONCRM{kind.upper()}{what}" for what in ("ADD", "UPDATE", "DELETE")]
    assert all(each["data"] == {"FIELDS": {"ID": str(id)}} for each in told)


@pytest.mark.parametrize("verb", ["get", "update", "delete"])
def test_an_object_that_is_not_there_has_an_error_without_a_code(portal: Portal, verb: str) -> None:
    assert error(portal.call(f"crm.lead.{verb}")) == (400, "", "ID is not defined or invalid.")
    assert error(portal.call(f"crm.lead.{verb}", {"ID": 5})) == (400, "", "Not found")


def test_nothing_makes_an_object_the_only_one(portal: Portal) -> None:
    fields = {"fields": {"TITLE": "x", "ORIGINATOR_ID": "bot", "ORIGIN_ID": "d-42"}}
    assert portal.result("crm.lead.add", fields) != portal.result("crm.lead.add", fields)


def test_a_contact_is_filed_with_all_it_is_known_by(portal: Portal) -> None:
    fields = {"NAME": "Ann", "LAST_NAME": "Lee", "PHONE": [{"VALUE": "+49 151 555"}], "UF_CRM_TG": "tg-42"}
    handled = portal.call("crm.contact.add", {"fields": fields})
    (filed,) = handled.events
    assert isinstance(filed, ContactFiled) and filed.name == "Ann Lee" and filed.made
    assert {"+49 151 555", "tg-42"} <= set(filed.keys)


def test_duplicates_are_found_by_digits(portal: Portal) -> None:
    id = portal.result("crm.contact.add", {"fields": {"PHONE": [{"VALUE": "+49 (151) 555"}]}})
    args = {"type": "PHONE", "values": ["+49151555"], "entity_type": "CONTACT"}
    assert portal.result("crm.duplicate.findbycomm", args) == {"CONTACT": [id]}
    assert portal.result("crm.duplicate.findbycomm", {**args, "values": ["+1"]}) == []
    assert portal.result("crm.duplicate.findbycomm", {**args, "values": ["+1"] * 20 + ["+49151555"]}) == []
    assert portal.result("crm.duplicate.findbycomm", {**args, "values": ["+1"] * 19 + ["+49151555"]})
    assert error(portal.call("crm.duplicate.findbycomm", {"type": "FAX", "values": ["1"]}))[0] == 400
    assert error(portal.call("crm.duplicate.findbycomm", {"type": "PHONE"}))[0] == 400


def test_items_are_the_same_objects_in_camel_case(portal: Portal) -> None:
    item = portal.result("crm.item.add", {"entityTypeId": 1, "fields": {"title": "Box", "originId": "d-1"}})["item"]
    assert item["title"] == "Box" and item["entityTypeId"] == 1 and item["originId"] == "d-1"
    where = {"entityTypeId": 1, "id": item["id"]}
    assert portal.result("crm.lead.get", {"ID": item["id"]})["TITLE"] == "Box"
    changed = portal.result("crm.item.update", {**where, "fields": {"title": "Crate"}})
    assert changed["item"]["title"] == "Crate"
    listed = portal.result("crm.item.list", {"entityTypeId": 1, "filter": {"=originId": "d-1"}})
    assert [each["id"] for each in listed["items"]] == [item["id"]]
    assert portal.result("crm.item.get", where)["item"]["title"] == "Crate"
    assert portal.result("crm.item.delete", where) == []
    assert error(portal.call("crm.item.get", where))[1] == "NOT_FOUND"
    assert error(portal.call("crm.item.add", {"entityTypeId": 99}))[1] == "NOT_FOUND"


def test_a_deal_tells_when_it_moves(portal: Portal) -> None:
    portal.bind("ONCRMDEALMOVETOCATEGORY")
    id = portal.result("crm.deal.add", {"fields": {"TITLE": "x", "CATEGORY_ID": 0}})
    portal.result("crm.deal.update", {"ID": id, "fields": {"CATEGORY_ID": 3}})
    assert portal.told("ONCRMDEALMOVETOCATEGORY")[0]["data"] == {"FIELDS": {"ID": str(id)}}


def test_a_comment_stands_beside_the_chat_it_belongs_to(portal: Portal) -> None:
    chat = portal.sent()
    code = portal.state.tickets[chat].code
    lead = portal.result("crm.lead.add", {"fields": {"IM": [{"VALUE": f"imol|{code}", "VALUE_TYPE": "IMOL"}]}})
    files = [["p.png", base64.b64encode(PNG).decode()]]
    fields = {"ENTITY_TYPE": "lead", "ENTITY_ID": lead, "COMMENT": "[b]Transcript[/b]", "FILES": files}
    handled = portal.call("crm.timeline.comment.add", {"fields": fields})
    (added,) = handled.events
    assert isinstance(added, EntryAdded) and added.ticket == chat and not added.entry.public
    assert added.entry.text == "Transcript" and portal.state.blobs.get(added.entry.files[0].sha256) == PNG
    (row,) = portal.result("crm.timeline.comment.list", {"filter": {"ENTITY_ID": lead}})
    assert portal.result("crm.timeline.comment.get", {"id": row["ID"]})["COMMENT"] == "[b]Transcript[/b]"
    assert portal.result("crm.timeline.comment.delete", {"id": row["ID"]}) is True


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"ENTITY_TYPE": "lead", "ENTITY_ID": 5, "COMMENT": "x"}, "OWNER_NOT_FOUND"),
        ({"ENTITY_TYPE": "tea", "ENTITY_ID": 5, "COMMENT": "x"}, "INVALID_ARG_VALUE"),
        ({"ENTITY_TYPE": "lead", "ENTITY_ID": 5}, "INVALID_ARG_VALUE"),
    ],
)
def test_a_comment_has_its_errors(portal: Portal, fields: dict[str, object], code: str) -> None:
    assert error(portal.call("crm.timeline.comment.add", {"fields": fields}))[1] == code


def test_a_line_makes_a_lead_if_it_shall(portal: Portal) -> None:
    portal.configure(CRM_CREATE="lead")
    portal.bind("ONCRMLEADADD")
    chat = portal.sent()
    (told,) = portal.told("ONCRMLEADADD")
    lead = told["data"]["FIELDS"]["ID"]
    shown = portal.result("imopenlines.dialog.get", {"CHAT_ID": chat})
    assert shown["entity_data_1"].startswith(f"Y|LEAD|{lead}|")
    args = {"CRM_ENTITY_TYPE": "LEAD", "CRM_ENTITY": lead}
    (found,) = portal.result("imopenlines.crm.chat.get", args)
    assert found == {"CHAT_ID": chat, "CONNECTOR_ID": "chatdrill", "CONNECTOR_TITLE": "chatdrill"}
    assert portal.result("imopenlines.crm.chat.getLastId", args) == chat
    assert portal.result("imopenlines.crm.message.add", {**args, "CHAT_ID": chat, "USER_ID": 1, "MESSAGE": "x"})
    assert error(portal.call("imopenlines.crm.message.add", {**args, "CHAT_ID": chat}))[1] == "CANCELED"
    assert error(portal.call("imopenlines.crm.chat.getLastId"))[1] == "CHAT_NOT_IN_CRM"


def test_a_known_contact_is_linked_and_the_tracker_can_be_off(portal: Portal) -> None:
    contact = portal.result("crm.contact.add", {"fields": {"PHONE": [{"VALUE": "+49 1515 5501234"}]}})
    chat = portal.sent()
    assert portal.state.tickets[chat].crm == ("CONTACT", contact)
    user = {"id": "tg-43", "phone": "+4915155501234"}
    other = portal.sent(user=user, message={"disable_crm": "Y"})
    assert portal.state.tickets[other].crm is None


def test_only_the_operator_makes_a_lead_of_a_dialog(portal: Portal, chat: str) -> None:
    portal.reply(chat)
    token = portal.told("ONIMCONNECTORMESSAGEADD")[0]["auth"]["access_token"]
    assert error(portal.call("imopenlines.crm.lead.create", {"CHAT_ID": 1}))[1] == "CHAT_ID"
    assert portal.result("imopenlines.crm.lead.create", {"CHAT_ID": chat}, token=token) is True
    assert portal.state.tickets[chat].crm is not None
    eva = portal.sent(user={"id": "tg-44"})
    assert (
        error(portal.call("imopenlines.crm.lead.create", {"CHAT_ID": eva}, token=token))[1] == "ERROR_USER_NOT_OPERATOR"
    )
