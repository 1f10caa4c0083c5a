"""One portal that several workers hold: which calls are whose. Ids from ``OWN_FROM`` on are a worker's, others all have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from chatdrill.errors import Unsupported
from chatdrill.wire import HttpRequest
from chatdrill.wire.doors import EVERY_DOOR, one_owner
from chatdrill_fakes.desks.bitrix24 import values
from chatdrill_fakes.desks.bitrix24.batching import commands_of, read_command
from chatdrill_fakes.desks.bitrix24.routes import FILES, OAUTH, REST
from chatdrill_fakes.desks.bitrix24.state import OWN_FROM, Bitrix24State
from chatdrill_fakes.families.desks.dividing import inside

_SHARED = re.compile(
    r"imconnector\.(register|unregister|activate|connector\.data\.set)"
    r"|imopenlines\.config\.(add|update|delete)"
    r"|imbot\.(v2\.bot\.)?(register|unregister|update)"
    r"|event\.(un)?bind"
)
_POLLS = re.compile(r"imbot\.v2\.event\.get|event\.offline\..*")
_REFUSED = "the portal's queue of events to be fetched is that of one worker only; use one worker, or handlers"
_FIELDS = (
    "CHAT_ID",
    "CHATID",
    "DIALOG_ID",
    "DIALOGID",
    "SESSION_ID",
    "USER_CODE",
    "MESSAGE_ID",
    "MESSAGEID",
    "MESSAGES.im.chat_id",
    "FILE_ID",
    "FILEID",
    "CRM_ENTITY",
    "ID",
    "ENTITY_ID",
    "FIELDS.ENTITY_ID",
    "FIELDS.CONTACT_ID",
    "FIELDS.CONTACT_IDS",
    "FIELDS.contactId",
    "FILTER.ID",
    "FILTER.CONTACT_ID",
    "FILTER.ENTITY_ID",
    "USER_ID",
    "TRANSFER_ID",
)
_NUMBER_AT_END = re.compile(r"\d{8,}$")


def owner_of(state: Bitrix24State, request: HttpRequest) -> str | None:  # noqa: ARG001  ids tell it all
    """See ``chatdrill.wire.doors.Divisible``. Events that are fetched, and batches about several workers, are refused."""
    if request.path == FILES:
        return next(_ids(dict(request.query), ("fileId",)), None)
    if request.path == OAUTH:
        return EVERY_DOOR
    found = REST.fullmatch(request.path)
    if found is None:
        return None
    name, args = found["method"].lower(), values.upper(values.arguments_of(request))
    return _owner_of_batch(args) if name == "batch" else _owner_of_one(name, args)


def _owner_of_one(name: str, args: Mapping[str, Any]) -> str | None:
    if _POLLS.fullmatch(name):
        raise Unsupported(f"{name}: {_REFUSED}")
    if _SHARED.fullmatch(name):
        return EVERY_DOOR
    return next(_ids(args, _FIELDS), None)


def _owner_of_batch(args: Mapping[str, Any]) -> str | None:
    """What all workers must hear, and what one of them owns, cannot be one call."""
    commands = [read_command(command) for command in commands_of(args).values()]
    found = [_owner_of_one(name.lower(), inner) for name, inner in commands if name.lower() != "batch"]
    owned = [owner for owner in found if owner not in (None, EVERY_DOOR)]
    if EVERY_DOOR in found and owned:
        raise Unsupported(
            "this batch changes the portal and writes to one chat; make two calls of it, or use one worker"
        )
    return EVERY_DOOR if EVERY_DOOR in found else one_owner([owner for owner in owned if owner], "a batch that")


def _ids(args: Mapping[str, Any], fields: tuple[str, ...]) -> Iterator[str]:
    """``10000412``, ``chat10000412`` and ``connector|1|their chat|10000412`` end in a worker's id; a list counts by its first."""
    for name in fields:
        value = inside(_unlisted(args), name.split("."))
        value = value[0] if isinstance(value, list) and value else value
        number = _NUMBER_AT_END.search(str(value)) if isinstance(value, str | int) else None
        if number is not None and int(number[0]) >= OWN_FROM:
            yield number[0]


def _unlisted(args: Mapping[str, Any]) -> Mapping[str, Any]:
    rows = values.rows(args.get("MESSAGES"))
    return {**args, "MESSAGES": rows} if rows else args
