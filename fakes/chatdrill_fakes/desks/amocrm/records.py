"""Contacts and leads as the CRM keeps them: documents in the shape of its API.

A lead has one key that no answer shows, ``contacts``: the ids of the contacts that are linked to it, the main one first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from chatdrill.wire import strings_in
from chatdrill_fakes.desks.amocrm.state import PIPELINE, AmoState, Document, Person

PHONE_FIELD, EMAIL_FIELD, POSITION_FIELD, IM_FIELD = 271311, 271313, 271316, 271315
FIELD_IDS = {"PHONE": PHONE_FIELD, "EMAIL": EMAIL_FIELD, "POSITION": POSITION_FIELD, "IM": IM_FIELD}
_FIELD_CODES = {id: code for code, id in FIELD_IDS.items()}
_FIELD_NAMES = {"PHONE": "Phone", "EMAIL": "Email", "POSITION": "Position", "IM": "IM"}
_MULTIPLE = ("PHONE", "EMAIL", "IM")


def new_contact(state: AmoState, given: Document, *, by: int, now: float) -> Document:
    """Keep a contact; ``given`` is as a bot writes it."""
    id = state.next_id()
    names = [str(given.get(each) or "") for each in ("first_name", "last_name")]
    contact = {
        "id": id,
        "name": str(given.get("name") or " ".join(names).strip()),
        "first_name": names[0],
        "last_name": names[1],
        **_stamps(state, given, by, now),
        "closest_task_at": None,
        "is_deleted": False,
        "custom_fields_values": custom_fields(given.get("custom_fields_values")),
        "account_id": state.account_id,
        "_embedded": {"tags": tags(state, _wanted_tags(given)), "companies": []},
    }
    state.contacts[id] = contact
    return contact


def new_lead(
    state: AmoState, given: Document, *, by: int, now: float, status: int, contacts: Iterable[int]
) -> Document:
    """Keep a lead; ``given`` is as a bot writes it."""
    id = state.next_id()
    lead = {
        "id": id,
        "name": str(given.get("name") or f"Lead #{id}"),
        "price": given.get("price") or 0,
        **_stamps(state, given, by, now),
        "status_id": status,
        "pipeline_id": given.get("pipeline_id") or PIPELINE,
        "loss_reason_id": given.get("loss_reason_id"),
        "source_id": None,
        "closed_at": given.get("closed_at"),
        "closest_task_at": None,
        "is_deleted": False,
        "custom_fields_values": custom_fields(given.get("custom_fields_values")),
        "score": None,
        "account_id": state.account_id,
        "labor_cost": None,
        "contacts": list(contacts),
        "_embedded": {"tags": tags(state, _wanted_tags(given)), "companies": []},
    }
    state.leads[id] = lead
    return lead


def contact_of_person(person: Person) -> Document:
    """What the chats API hands to the CRM of somebody who writes for the first time."""
    fields = [("PHONE", person.phone), ("EMAIL", person.email)]
    values = [
        {"field_code": code, "values": [{"value": value, "enum_code": "WORK"}]} for code, value in fields if value
    ]
    return {"name": person.name, "custom_fields_values": values}


def custom_fields(given: Any) -> list[Document] | None:
    """Values of custom fields, with the ids, codes and names that the account has for them."""
    if not given:
        return None
    return [_custom_field(each) for each in given]


def merge_fields(old: list[Document] | None, given: Any) -> list[Document] | None:
    """Values of custom fields after a change: named fields are replaced, ``null`` empties one, others stay."""
    new = {each["field_id"]: each for each in old or ()}
    for each in custom_fields(given) or ():
        new[each["field_id"]] = each
    return [each for each in new.values() if each["values"]] or None


def _custom_field(given: Document) -> Document:
    code = given.get("field_code") or _FIELD_CODES.get(given.get("field_id") or 0)
    id = given.get("field_id") or FIELD_IDS.get(str(code), 0)
    return {
        "field_id": id,
        "field_name": _FIELD_NAMES.get(str(code), f"Field {id}"),
        "field_code": code,
        "field_type": "multitext" if code in _MULTIPLE else "text",
        "values": list(given.get("values") or ()),
    }


def tags(state: AmoState, given: Iterable[Document]) -> list[Document]:
    """Tags with the ids that the account has for them; new names get new ids."""
    found = []
    for each in given:
        name = each.get("name") or next((name for name, id in state.tags.items() if id == each.get("id")), None)
        if name is not None:
            found.append({"id": _tag_id(state, str(name)), "name": str(name), "color": None})
    return found


def retag(state: AmoState, old: Sequence[Document], given: Document) -> list[Document]:
    """The tags after a change: ``_embedded.tags`` replaces all, the other two add and take away."""
    embedded = given.get("_embedded") or {}
    kept = tags(state, embedded["tags"] or ()) if "tags" in embedded else list(old)
    gone = {tag["name"] for tag in tags(state, given.get("tags_to_delete") or ())}
    added = tags(state, given.get("tags_to_add") or ())
    return list({tag["name"]: tag for tag in (*kept, *added) if tag["name"] not in gone}.values())


def keys_of(*values: Any) -> tuple[str, ...]:
    """All texts by which a person may be recognised in what the bot sent."""
    return tuple(dict.fromkeys(text for value in values for text in strings_in(value) if text))


def phones(contact: Document) -> list[str]:
    """The phone numbers of a contact."""
    fields = contact["custom_fields_values"] or ()
    return [str(value.get("value")) for each in fields if each["field_code"] == "PHONE" for value in each["values"]]


def _wanted_tags(given: Document) -> list[Document]:
    return [*((given.get("_embedded") or {}).get("tags") or ()), *(given.get("tags_to_add") or ())]


def _tag_id(state: AmoState, name: str) -> int:
    if name not in state.tags:
        state.tags[name] = state.next_id()
    return state.tags[name]


def _stamps(state: AmoState, given: Document, by: int, now: float) -> Document:
    responsible = given.get("responsible_user_id")
    return {
        "responsible_user_id": state.bot_user if responsible is None else responsible,
        "group_id": 0,
        "created_by": given.get("created_by", by),
        "updated_by": given.get("updated_by", by),
        "created_at": given.get("created_at") or int(now),
        "updated_at": given.get("updated_at") or int(now),
    }
