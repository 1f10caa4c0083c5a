"""Reading the bodies of the chats API, which is strict about types: numbers must be numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from chatdrill_fakes.desks.amocrm.errors import chat_problem
from chatdrill_fakes.desks.amocrm.state import AmoState, Document
from chatdrill_fakes.families.desks import Visit

SOURCE_ID_MAX = 40
_PRINTABLE = re.compile(r"[\x20-\x7e]+")
_KINDS: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,)}

Field = tuple[str, str, bool]
PERSON: tuple[Field, ...] = (
    ("id", "string", True),
    ("name", "string", True),
    ("ref_id", "string", False),
    ("avatar", "string", False),
    ("profile_link", "string", False),
)
PROFILE: tuple[Field, ...] = (("phone", "string", False), ("email", "string", False))


def body(visit: Visit[AmoState]) -> Document:
    """The body of a call, which must be a JSON object."""
    try:
        value = msgspec.json.decode(visit.request.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise chat_problem(400, f"the body is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise chat_problem(400, "the body must be an object")
    return value


def fields(value: Mapping[str, Any], wanted: tuple[Field, ...], path: str = "") -> None:
    """Check fields of an object: name, kind and whether it must be there. Raises 400."""
    for name, kind, required in wanted:
        found = value.get(name)
        if found is None or (found == "" and required):
            if required:
                raise chat_problem(400, f"{path}{name}: This field is missing.")
            continue
        if not isinstance(found, _KINDS[kind]) or (isinstance(found, bool) and kind != "boolean"):
            raise chat_problem(400, f"{path}{name}: This value should be of type {kind}.")


def child(value: Mapping[str, Any], name: str, path: str = "", *, required: bool = False) -> Document | None:
    """An object inside an object. Raises 400."""
    found = value.get(name)
    if found is None:
        if required:
            raise chat_problem(400, f"{path}{name}: This field is missing.")
        return None
    if not isinstance(found, dict):
        raise chat_problem(400, f"{path}{name}: This value should be of type object.")
    return found


def needed(value: Mapping[str, Any], name: str, path: str = "") -> Document:
    """An object that must be there. Raises 400."""
    found = child(value, name, path, required=True)
    assert found is not None  # child has raised
    return found


def person(value: Document, path: str) -> Document:
    """A participant, checked."""
    fields(value, PERSON, f"{path}.")
    profile = child(value, "profile", f"{path}.")
    if profile is not None:
        fields(profile, PROFILE, f"{path}.profile.")
    return value


def source(value: Mapping[str, Any], path: str = "") -> str | None:
    """The external id of the source, if one is named."""
    found = child(value, "source", path)
    if found is None:
        return None
    fields(found, (("external_id", "string", True),), f"{path}source.")
    external_id: str = found["external_id"]
    if len(external_id) > SOURCE_ID_MAX or not _PRINTABLE.fullmatch(external_id):
        raise chat_problem(400, f"{path}source.external_id: up to {SOURCE_ID_MAX} printable ASCII characters.")
    return external_id
