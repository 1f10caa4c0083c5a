"""Contacts by conditions: ``POST /contacts/filter``, which bridges ask rather than the search.

Source: Chatwoot, lib/filters/filter_keys.yml, app/services/filter_service.rb, app/services/contacts/filter_service.rb (2026).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.desks.chatwoot import errors
from chatdrill_fakes.desks.chatwoot.common import Call, table, words
from chatdrill_fakes.desks.chatwoot.contacts import page_of
from chatdrill_fakes.desks.chatwoot.state import Contact
from chatdrill_fakes.families.desks import Refused

_SAME = frozenset({"equal_to", "not_equal_to"})
_LIKE = _SAME | {"contains", "does_not_contain"}
_OPERATORS = {"name": _LIKE, "email": _LIKE, "phone_number": _LIKE, "identifier": _SAME}
_OTHER_KEYS = frozenset({"country_code", "city", "company", "labels", "created_at", "last_activity_at", "blocked"})
# As in SQL, what is not there is neither equal nor unequal to anything.
_TESTS: dict[str, Callable[[str, Sequence[str]], bool]] = {
    "equal_to": lambda held, wanted: held == wanted[0],
    "not_equal_to": lambda held, wanted: held != wanted[0],
    "contains": lambda held, wanted: any(each in held for each in wanted),
    "does_not_contain": lambda held, wanted: not any(each in held for each in wanted),
}


def filter_contacts(visit: Call) -> HttpResponse:
    """``POST /contacts/filter``"""
    given = visit.values.get("payload")
    conditions = [table(each) for each in given] if isinstance(given, list) else []
    for each in conditions:
        _check(each)
    found = [each for each in visit.state.contacts.values() if _holds(each, conditions)]
    return page_of(visit, found)


def _check(condition: Mapping[str, Any]) -> None:
    """Refuse a condition that the vendor refuses, and loudly one that is not emulated."""
    key, operator = words(condition.get("attribute_key")) or "", words(condition.get("filter_operator")) or ""
    if key in _OTHER_KEYS:
        problem = f"chatdrill does not emulate POST /contacts/filter by {key}"
        raise Refused(json_response({"error": problem}, status=501), problem)
    if key not in _OPERATORS:
        raise errors.refused(422, f"Invalid attribute key - [{key}]. The key should be one of {sorted(_OPERATORS)}")
    if operator not in _OPERATORS[key]:
        raise errors.refused(422, f"Invalid operator. The allowed operators for {key} are {sorted(_OPERATORS[key])}")
    if not _wanted(condition):
        raise errors.refused(422, f"Invalid value. The values provided for {key} are invalid")


def _wanted(condition: Mapping[str, Any]) -> list[str]:
    values = condition.get("values")
    return [str(each).strip().lower() for each in (values if isinstance(values, list) else [values]) if each]


def _holds(contact: Contact, conditions: Sequence[Mapping[str, Any]]) -> bool:
    """Conditions are joined by the operator of the one before; AND binds closer than OR."""
    groups: list[list[Mapping[str, Any]]] = [[]]
    for each in conditions:
        groups[-1].append(each)
        if str(each.get("query_operator") or "").upper() == "OR":
            groups.append([])
    return any(all(_is_met(contact, each) for each in group) for group in groups if group or len(groups) == 1)


def _is_met(contact: Contact, condition: Mapping[str, Any]) -> bool:
    key, operator, wanted = condition["attribute_key"], condition["filter_operator"], _wanted(condition)
    if key == "phone_number" and operator in _SAME:
        wanted = [f"+{each}" for each in wanted]  # the vendor puts it there, whether it is there already or not
    held = getattr(contact, key)
    return held is not None and _TESTS[operator](str(held).lower(), wanted)
