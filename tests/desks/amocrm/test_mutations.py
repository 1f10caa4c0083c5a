"""Bodies that are nearly right: each value in turn is replaced by something odd, and the desk answers all the same."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from deep import tries
from desks.amocrm.kit import AMOJO, CHANNEL, CHATS, CUSTOMER, NOW, Account, new_message

ODD = (None, True, -1, 0, 2**70, 1.5, "", "x", [], {}, [[]], [{}], {"id": []}, {"id": {}})
PHONE = {"field_code": "PHONE", "field_id": 271311, "values": [{"value": "+4912345", "enum_code": "WORK"}]}
CONTACT = {"name": "Ann", "custom_fields_values": [PHONE], "tags_to_add": [{"name": "vip"}], "request_id": "c"}
LEAD = {
    "name": "x",
    "price": 1,
    "status_id": 31653163,
    "pipeline_id": 3104455,
    "responsible_user_id": 8100200,
    "custom_fields_values": [PHONE],
    "_embedded": {"contacts": [CONTACT], "tags": [{"name": "bot"}]},
    "tags_to_delete": [{"id": 5}],
    "request_id": "l",
}
UNSORTED = {
    "source_uid": "s",
    "source_name": "Site",
    "created_at": 1,
    "metadata": {"form_id": "f", "form_name": "F", "form_page": "p"},
    "_embedded": {"contacts": [CONTACT], "leads": [LEAD]},
}
VOICE = {"type": "voice", "media": "http://127.0.0.1:9/v.ogg", "media_duration": 5, "text": ""}
QUOTES: dict[str, Any] = {
    "reply_to": {"message": {"id": "x", "msgid": "m-1"}},
    "forwards": {"messages": [{"id": "x"}], "conversation_id": "c"},
    "source": {"external_id": "s"},
    "conversation_ref_id": None,
}


def cases(account: Account) -> dict[str, tuple[str, str, Any]]:
    ticket, id = account.ticket, account.ticket.entries[0].id
    lead, contact, chat = ticket.lead, int(ticket.contact or 0), ticket.chat
    task = {"text": "x", "complete_till": 1, "entity_id": lead, "entity_type": "leads", "task_type_id": 1}
    note = {"entity_id": lead, "note_type": "common", "params": {"text": "x"}, "created_by": 0}
    edit = {"msgid": "m-1", "id": id, "conversation_id": "my-42", "message": {"type": "text", "text": "x"}}
    react = {"conversation_id": "my-42", "id": id, "user": {"id": "u", "ref_id": "r"}, "type": "react", "emoji": "x"}
    uid, talk = ticket.incoming, ticket.talk
    assert talk is not None
    return {
        "new message": ("POST", CHATS, new_message("x", "m-9", **QUOTES)),
        "voice": ("POST", CHATS, new_message("x", "m-9", message=VOICE)),
        "bot": ("POST", CHATS, new_message("x", "m-9", by="bot")),
        "edit": ("POST", CHATS, {"event_type": "edit_message", "payload": edit}),
        "chat": ("POST", f"{CHATS}/chats", {"conversation_id": "n", "source": {"external_id": "s"}, "user": CUSTOMER}),
        "connect": ("POST", f"/v2/origin/custom/{CHANNEL}/connect", {"account_id": AMOJO, "hook_api_version": "v2"}),
        "status": ("POST", f"{CHATS}/{id}/delivery_status", {"status_code": -1, "error_code": 905, "error": "x"}),
        "delivered": ("POST", f"{CHATS}/{id}/delivery_status", {"delivery_status": 1, "msgid": "x"}),
        "react": ("POST", f"{CHATS}/react", react),
        "typing": ("POST", f"{CHATS}/typing", {"conversation_id": "my-42", "duration_ms": 5, "sender": {"id": "u"}}),
        "contacts": ("POST", "/contacts", [CONTACT]),
        "contact": ("PATCH", f"/contacts/{contact}", CONTACT),
        "contact batch": ("PATCH", "/contacts", [{**CONTACT, "id": contact}]),
        "links": ("POST", "/contacts/chats", [{"contact_id": contact, "chat_id": chat, "request_id": "x"}]),
        "leads": ("POST", "/leads", [{**LEAD, "_embedded": {"contacts": [{"id": contact, "is_main": True}]}}]),
        "lead": ("PATCH", f"/leads/{lead}", LEAD),
        "lead batch": ("PATCH", "/leads", [{**LEAD, "id": lead}]),
        "complex": ("POST", "/leads/complex", [LEAD]),
        "unsorted": ("POST", "/leads/unsorted/forms", [UNSORTED]),
        "accept": ("POST", f"/leads/unsorted/{uid}/accept", {"user_id": 8100200, "status_id": 31653163}),
        "link": ("POST", f"/leads/unsorted/{uid}/link", {"link": {"entity_id": lead, "entity_type": "leads"}}),
        "notes": ("POST", "/leads/notes", [note]),
        "tasks": ("POST", "/tasks", [task]),
        "close": ("POST", f"/talks/{talk.id}/close", {"force_close": True}),
        "webhook": ("POST", "/webhooks", {"destination": "http://127.0.0.1/x", "settings": ["add_lead"], "sort": 1}),
        "no webhook": ("DELETE", "/webhooks", {"destination": "http://127.0.0.1/x"}),
    }


def mutants(body: Any) -> Iterator[Any]:
    """The body with one value after the other replaced by each odd one."""
    for path in list(paths(body)):
        for odd in ODD:
            mutant = copy.deepcopy(body)
            place = mutant
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = odd
            yield mutant


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield (*path, key)
        yield from paths(child, (*path, key))


@pytest.mark.parametrize("name", cases(Account().asked()))
def test_an_odd_value_anywhere_is_answered(name: str) -> None:
    method, path, body = cases(Account().asked())[name]
    for mutant in (body, *islice(mutants(body), 0, None, tries(3, 1))):  # every place, and every odd value in its turn
        account = Account().asked()
        ask = account.chat if path.startswith("/v2") else account.crm
        handled = ask(method, path, mutant)
        assert handled.wait is not None or (handled.response is not None and handled.response.status < 500), mutant
        assert account.now == NOW
