"""Who is told: bindings, the one delivery, forged events, and the queue for those who ask."""

from __future__ import annotations

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Close
from chatdrill.wire import HttpFailure, HttpResponse
from chatdrill_fakes.desks.bitrix24 import desk
from desks.bitrix24.kit import HOOK, PROOF, Portal, error, pairs

OFFLINE = {"event": "ONCRMLEADUPDATE", "event_type": "offline"}


def test_a_binding_is_made_listed_and_taken_away(portal: Portal) -> None:
    said = {"event": "onCrmLeadAdd", "handler": f"{HOOK}/crm"}
    assert portal.result("event.bind", said) is True
    assert error(portal.call("event.bind", said)) == (400, "ERROR_HANDLER_ALREADY_EXIST", "Handler already exists!")
    listed = {"event": "ONCRMLEADADD", "handler": f"{HOOK}/crm", "auth_type": "0", "offline": 0}
    assert portal.result("event.get") == [listed]
    assert "ONIMCONNECTORMESSAGEADD" in portal.result("events")
    assert portal.result("event.unbind", said) == {"count": 1}
    assert portal.result("event.unbind", said) == {"count": 0}


def test_a_binding_has_its_errors(portal: Portal) -> None:
    assert error(portal.call("event.bind", {"event": "ONTEA", "handler": HOOK}))[1] == "ERROR_EVENT_NOT_FOUND"
    assert error(portal.call("event.bind", {"event": "ONCRMLEADADD", "handler": "x"}))[1] == "ERROR_WRONG_HANDLER_URL"
    chat = portal.sent()
    portal.reply(chat)
    token = portal.told("ONIMCONNECTORMESSAGEADD")[0]["auth"]["access_token"]
    for said in (OFFLINE, {"event": "ONCRMLEADADD", "handler": HOOK, "auth_type": 1}):
        assert error(portal.call("event.bind", said, token=token))[:2] == (403, "ACCESS_DENIED")
    assert error(portal.call("event.offline.get", token=token))[:2] == (403, "ACCESS_DENIED")


def test_a_bots_own_binding_takes_the_place_of_the_given_address(portal: Portal) -> None:
    chat = portal.sent()
    portal.reply(chat)
    (given,) = portal.updates("ONIMCONNECTORMESSAGEADD")
    portal.result("event.bind", {"event": "ONIMCONNECTORMESSAGEADD", "handler": f"{HOOK}/own"})
    portal.reply(chat)
    (own,) = portal.updates("ONIMCONNECTORMESSAGEADD")
    assert given.hook is None and portal.request(given).url == HOOK
    assert own.hook is not None and portal.request(own).url == f"{HOOK}/own"
    assert own.lane != given.lane and own.id != given.id


def test_without_an_address_nobody_is_told() -> None:
    portal = Portal(hook=None)
    portal.sent()
    assert not portal.updates()


def test_a_lost_event_is_lost(portal: Portal, chat: str) -> None:
    portal.act(chat, Close(agent="bob"))
    (update,) = portal.updates()
    assert desk.delivery.retry.delay_s(1, 0.0, portal.state.chance) is None
    assert not desk.capabilities.retries_hooks
    assert list(desk.dropped(portal.state, [update], portal.now)) == []
    assert portal.request(update) == portal.request(update)


def test_any_success_will_do(portal: Portal) -> None:
    answers = [HttpResponse(status) for status in (200, 204, 302, 500)]
    assert [desk.read_ack(portal.state, [], each, 0.0).ok for each in answers] == [True, True, False, False]
    assert desk.read_ack(portal.state, [], HttpFailure("timeout"), 0.0).error == "timeout"
    assert desk.handshake(portal.state) is None and desk.read_handshake(portal.state, answers[0]) is None


def test_a_forged_event_lacks_the_application_token(portal: Portal, chat: str) -> None:
    portal.reply(chat)
    request = portal.request(portal.updates("ONIMCONNECTORMESSAGEADD")[0])
    unsigned = pairs(desk.forge(portal.state, request, "unsigned", portal.now))
    wrong = pairs(desk.forge(portal.state, request, "wrong", portal.now))
    good = pairs(request)
    assert good.pop("auth[application_token]") == PROOF and unsigned == good
    assert wrong.pop("auth[application_token]") != PROOF and wrong == good
    with pytest.raises(Unsupported, match="never grows old"):
        desk.forge(portal.state, request, "stale", portal.now)


def test_all_that_is_said_in_a_line_can_be_watched(portal: Portal) -> None:
    portal.bind("ONOPENLINEMESSAGEADD", "ONOPENLINEMESSAGEUPDATE", "ONOPENLINEMESSAGEDELETE")
    chat = portal.sent()
    portal.reply(chat)
    first, second = (each["data"]["DATA"][0] for each in portal.told("ONOPENLINEMESSAGEADD"))
    assert first["message"]["text"] == "Where is my parcel?" and first["message"]["system"] == "N"
    assert first["connector"]["chat_id"] == "tg-42" and first["chat"] == {"id": chat}
    assert first["extra"] == {"EXTRA_URL": ""} and second["message"]["text"] == "Guten Tag!"
    element = {"user": {"id": "tg-42"}, "message": {"id": "tg-1001", "text": "x"}, "chat": {"id": "tg-42"}}
    for method in ("update", "delete"):
        portal.result(f"imconnector.{method}.messages", {"CONNECTOR": "chatdrill", "LINE": 107, "MESSAGES": [element]})
        (told,) = portal.told(f"ONOPENLINEMESSAGE{method.upper()}")
        assert told["data"]["DATA"][0]["message"] == {"id": "tg-1001"}


def test_repeated_changes_of_one_object_are_one_record(portal: Portal) -> None:
    assert portal.result("event.bind", OFFLINE) is True
    one, two = (portal.result("crm.lead.add", {"fields": {"TITLE": title}}) for title in "ab")
    for id in (one, one, two):
        portal.result("crm.lead.update", {"ID": id, "fields": {"COMMENTS": "x"}})
    assert not portal.updates("ONCRMLEADUPDATE")
    listed = portal.result("event.offline.list")
    assert [each["EVENT_DATA"]["FIELDS"]["ID"] for each in listed] == [one, two]
    assert {each["PROCESS_ID"] for each in listed} == {""}
    found = portal.result("event.offline.get")
    assert found["process_id"] is None and len(found["events"]) == 2
    assert portal.result("event.offline.get")["events"] == []


def test_reserved_records_are_cleared_or_marked(portal: Portal) -> None:
    portal.result("event.bind", OFFLINE)
    for title in "ab":
        id = portal.result("crm.lead.add", {"fields": {"TITLE": title}})
        portal.result("crm.lead.update", {"ID": id, "fields": {"TITLE": "x"}})
    found = portal.result("event.offline.get", {"clear": 0})
    process, (first, second) = found["process_id"], found["events"]
    assert portal.result("event.offline.get", {"clear": 0})["events"] == []
    assert portal.result("event.offline.error", {"process_id": process, "message_id": [first["MESSAGE_ID"]]}) is True
    assert portal.result("event.offline.clear", {"process_id": process, "id": [second["ID"]]}) is True
    (left,) = portal.result("event.offline.list", {"filter": {"=ERROR": 1}, "order": {"ID": "DESC"}})
    assert left["ID"] == first["ID"] and left["ERROR"] == "1"
    assert portal.result("event.offline.get", {"error": 1, "limit": 1})["events"][0]["ID"] == first["ID"]
