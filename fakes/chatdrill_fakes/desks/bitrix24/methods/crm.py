"""``crm.*``: leads, contacts, deals and companies in both their spellings, comments, and the search for duplicates."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from chatdrill.model import ContactFiled, Entry, EntryAdded, File
from chatdrill.wire import strings_in
from chatdrill.wire.files import describe
from chatdrill_fakes.desks.bitrix24 import linking, values
from chatdrill_fakes.desks.bitrix24.calls import Failure, Job, Method, Page, page
from chatdrill_fakes.families.desks import plain_words

KINDS = {"lead": "LEAD", "contact": "CONTACT", "deal": "DEAL", "company": "COMPANY"}
BY_NUMBER = {1: "LEAD", 2: "DEAL", 3: "CONTACT", 4: "COMPANY"}
VALUES_MAX = 20  # crm.duplicate.findbycomm
_MULTI = ("PHONE", "EMAIL", "IM", "WEB")
_STANDARD: dict[str, dict[str, Any]] = {
    "LEAD": {"TITLE": "", "NAME": None, "LAST_NAME": None, "STATUS_ID": "NEW", "SOURCE_ID": None, "CONTACT_ID": None},
    "CONTACT": {"NAME": None, "LAST_NAME": None, "TYPE_ID": None, "COMPANY_ID": None},
    "DEAL": {"TITLE": "", "CATEGORY_ID": "0", "STAGE_ID": "NEW", "CONTACT_ID": None, "OPPORTUNITY": "0.00"},
    "COMPANY": {"TITLE": ""},
}
_COMMON: dict[str, Any] = {
    "COMMENTS": None, "OPENED": "Y", "ORIGINATOR_ID": None, "ORIGIN_ID": None, "ASSIGNED_BY_ID": "1",
}  # fmt: skip
_HUMP = re.compile(r"(?<!^)(?=[A-Z])")
_OPERATOR = re.compile(r"[<>=!@%~?]*")

# ------------------------------------------------------------------------------------------------------- objects


def _items(job: Job, kind: str) -> dict[int, dict[str, Any]]:
    return job.state.crm.setdefault(kind, {})


def _fields(job: Job, kind: str, said: dict[str, Any]) -> dict[str, Any]:
    """What was said, as it is kept: scalars are text, numbers and addresses have ids of their own."""
    kept: dict[str, Any] = {}
    for key, value in values.upper(said).items():
        if key in _MULTI:
            kept[key] = [
                {"ID": str(job.state.next("crm")), **values.table(each), "TYPE_ID": key} for each in values.rows(value)
            ]
        elif isinstance(value, list | dict):
            kept[key] = value
        elif key != "ID":
            kept[key] = None if value is None else values.text(value)
    for key in ("PHONE", "EMAIL"):
        if key in kept and kind != "DEAL":
            kept[f"HAS_{key}"] = "Y" if kept[key] else "N"
    return kept


def create(job: Job, kind: str, said: dict[str, Any]) -> int:
    """A new object; no field makes it the only one."""
    kept = {**_COMMON, **_STANDARD[kind], **_fields(job, kind, said)}
    if not kept.get("TITLE") and kind in ("LEAD", "DEAL"):
        kept["TITLE"] = f"{kind.capitalize()} #{job.state.counts['crm'] + 1}"
    id = linking.make(job.scene(), kind, kept)
    linking.bind_by_im(job.state, kind, id, kept)
    _filed(job, kind, id, made=True)
    return id


def _filed(job: Job, kind: str, id: int, *, made: bool) -> None:
    if kind != "CONTACT":
        return
    item = _items(job, kind)[id]
    spoken = [item.get(key) for key in ("NAME", "LAST_NAME", "ORIGIN_ID", "COMMENTS", "SOURCE_DESCRIPTION")]
    own = {key: value for key, value in item.items() if key.startswith("UF_")}
    numbers = [values.table(each).get("VALUE") for key in _MULTI for each in values.rows(item.get(key))]
    keys = tuple(dict.fromkeys([*strings_in(spoken), *strings_in(own), *strings_in(numbers)]))
    name = " ".join(values.text(item.get(key)) for key in ("NAME", "LAST_NAME")).strip()
    job.visit.events.append(ContactFiled(contact=f"C_{id}", keys=keys, name=name, made=made))


def _found(job: Job, kind: str) -> tuple[int, dict[str, Any]]:
    id = job.number("ID")
    if id <= 0:
        raise Failure("", "ID is not defined or invalid.")
    item = _items(job, kind).get(id)
    if item is None:
        raise Failure("", "Not found")
    return id, item


def _add(kind: str, job: Job) -> Any:
    return create(job, kind, job.table("FIELDS"))


def _get(kind: str, job: Job) -> Any:
    return _found(job, kind)[1]


def _update(kind: str, job: Job) -> Any:
    id, _ = _found(job, kind)
    change(job, kind, id, job.table("FIELDS"))
    return True


def change(job: Job, kind: str, id: int, said: dict[str, Any]) -> None:
    """An object has other fields."""
    item = _items(job, kind)[id]
    before = item.get("CATEGORY_ID")
    item |= _fields(job, kind, said) | {"DATE_MODIFY": values.iso(job.now)}
    linking.bind_by_im(job.state, kind, id, item)
    linking.changed(job.scene(), kind, id, "UPDATE")
    if kind == "DEAL" and item.get("CATEGORY_ID") != before:
        linking.changed(job.scene(), kind, id, "MOVETOCATEGORY")
    _filed(job, kind, id, made=False)


def _delete(kind: str, job: Job) -> Any:
    id, _ = _found(job, kind)
    del _items(job, kind)[id]
    linking.changed(job.scene(), kind, id, "DELETE")
    return True


def _list(kind: str, job: Job) -> Any:
    rows = select(list(_items(job, kind).values()), values.upper(job.table("FILTER")), job.table("ORDER"))
    wanted = [values.text(each).upper() for each in values.rows(job.get("SELECT"))]
    if wanted and "*" not in wanted:
        rows = [{key: row[key] for key in row if key in ("ID", *wanted)} for row in rows]
    elif "PHONE" not in wanted:
        rows = [{key: value for key, value in row.items() if key not in _MULTI} for row in rows]
    return page(rows, job.number("START"))


def select(rows: list[dict[str, Any]], filter: dict[str, Any], order: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows that pass a filter, by the first field of the order."""
    for key, value in filter.items():
        found = _OPERATOR.match(key)
        how = found[0] if found else ""
        rows = [row for row in rows if _passes(row, key[len(how) :], how, value)]
    for key, way in reversed(list(values.upper(order).items())):
        rows = sorted(rows, key=_by(key), reverse=values.text(way).upper() == "DESC")
    return rows


def _by(key: str) -> Callable[[dict[str, Any]], tuple[int, str]]:
    return lambda row: _sortable(row.get(key))


def _sortable(value: Any) -> tuple[int, str]:
    said = values.text(value)
    return (int(said), "") if said.isascii() and said.isdigit() and len(said) < 16 else (0, said)


def _passes(row: dict[str, Any], field: str, how: str, value: Any) -> bool:
    mine = (
        [values.text(values.table(each).get("VALUE")) for each in row[field]]
        if field in _MULTI and field in row
        else [values.text(row.get(field))]
    )
    wanted = [values.text(each) for each in value] if isinstance(value, list) else [values.text(value)]
    if how in ("", "=", "@"):
        return any(each in wanted for each in mine)
    if how in ("!", "!=", "!@"):
        return not any(each in wanted for each in mine)
    if how.startswith("%"):
        return any(wanted[0].lower() in each.lower() for each in mine)
    left, right = _sortable(mine[0] if mine else ""), _sortable(wanted[0] if wanted else "")
    return {">": left > right, "<": left < right, ">=": left >= right, "<=": left <= right}.get(how, True)


_RUNS = {"add": _add, "get": _get, "update": _update, "delete": _delete, "list": _list}

# ------------------------------------------------------------------------------------------- the universal methods


def _kind(job: Job) -> str:
    kind = BY_NUMBER.get(job.number("ENTITYTYPEID"))
    if kind is None:
        raise Failure("NOT_FOUND", "SPA not found")
    return kind


def _camel(row: dict[str, Any], number: int) -> dict[str, Any]:
    """A row as ``crm.item.*`` shows it: camel case, ids as numbers."""
    shown: dict[str, Any] = {"entityTypeId": number}
    renamed = {"DATE_CREATE": "createdTime", "DATE_MODIFY": "updatedTime", "STATUS_ID": "stageId"}
    for key, value in row.items():
        head, *tail = key.lower().split("_")
        name = renamed.get(key, head + "".join(each.capitalize() for each in tail))
        is_id = name == "id" or name.endswith("Id")
        text = values.text(value)
        shown[name] = int(text) if is_id and text.isascii() and text.isdigit() and len(text) < 16 else value
    return shown


def _snake(said: dict[str, Any]) -> dict[str, Any]:
    renamed = {"stageId": "STATUS_ID"}
    return {renamed.get(key, _HUMP.sub("_", key).upper()): value for key, value in said.items()}


def _stage(kind: str, said: dict[str, Any]) -> dict[str, Any]:
    snake = _snake(said)
    if kind == "DEAL" and "STATUS_ID" in snake:
        snake["STAGE_ID"] = snake.pop("STATUS_ID")
    communications = values.rows(snake.pop("FM", None))
    for each in communications:
        entry = _snake(values.table(each))
        snake.setdefault(values.text(entry.get("TYPE_ID")).upper() or "PHONE", []).append(entry)
    return snake


def _item(job: Job) -> tuple[str, int]:
    kind, id = _kind(job), job.number("ID")
    if id not in _items(job, kind):
        raise Failure("NOT_FOUND", "Element not found")
    return kind, id


def item_add(job: Job) -> Any:
    """A new object of any kind."""
    kind = _kind(job)
    id = create(job, kind, _stage(kind, job.table("FIELDS")))
    return {"item": _camel(_items(job, kind)[id], job.number("ENTITYTYPEID"))}


def item_get(job: Job) -> Any:
    """One object of any kind."""
    kind, id = _item(job)
    return {"item": _camel(_items(job, kind)[id], job.number("ENTITYTYPEID"))}


def item_update(job: Job) -> Any:
    """An object of any kind has other fields."""
    kind, id = _item(job)
    change(job, kind, id, _stage(kind, job.table("FIELDS")))
    return {"item": _camel(_items(job, kind)[id], job.number("ENTITYTYPEID"))}


def item_delete(job: Job) -> Any:
    """An object of any kind is gone."""
    kind, id = _item(job)
    del _items(job, kind)[id]
    linking.changed(job.scene(), kind, id, "DELETE")
    return []


def item_list(job: Job) -> Any:
    """Objects of one kind."""
    kind, said = _kind(job), job.table("FILTER")
    filter = {}
    for key, value in said.items():
        found = _OPERATOR.match(key)
        how = found[0] if found else ""
        field = next(iter(_stage(kind, {key[len(how) :]: value})), "")
        filter[f"{how}{field}"] = value
    rows = select(list(_items(job, kind).values()), filter, _stage(kind, job.table("ORDER")))
    shown = page([_camel(row, job.number("ENTITYTYPEID")) for row in rows], job.number("START"))
    return Page({"items": shown.result}, shown.total, shown.next)


# --------------------------------------------------------------------------------------- duplicates and comments


def duplicates(job: Job) -> Any:
    """The objects that have one of the numbers or addresses."""
    field, wanted = job.text("TYPE").upper(), values.rows(job.get("VALUES"))
    if field not in ("PHONE", "EMAIL"):
        raise Failure("", "Communication type is not defined or invalid.")
    if not wanted:
        raise Failure("", "Communication values are not defined.")
    keys = {linking.normal(field, each) for each in wanted[:VALUES_MAX]} - {""}
    only = job.text("ENTITY_TYPE").upper()
    found: dict[str, list[int]] = {}
    for kind in ("LEAD", "CONTACT", "COMPANY"):
        ids = [id for id, item in _items(job, kind).items() if keys & linking.communications(item, field)]
        if ids and only in ("", kind):
            found[kind] = ids
    return found or []


def comment_add(job: Job) -> Any:
    """A comment on an object; in the chat that belongs to it the operators see it beside."""
    said = values.upper(job.table("FIELDS"))
    kind, id = values.text(said.get("ENTITY_TYPE")).upper(), values.number(said.get("ENTITY_ID"))
    text = values.text(said.get("COMMENT"))
    if kind not in _STANDARD or not text:
        raise Failure("INVALID_ARG_VALUE", "Required fields are missing or wrong")
    if id not in _items(job, kind):
        raise Failure("OWNER_NOT_FOUND", "Owner was not found")
    comment = job.state.next("crm")
    row = {"ID": str(comment), "ENTITY_TYPE": kind.lower(), "ENTITY_ID": id, "COMMENT": text}
    job.state.comments[comment] = {**row, "CREATED": values.iso(job.now), "AUTHOR_ID": job.caller.user}
    dialog = linking.dialog_of(job.state, kind, id)
    if dialog is not None:
        scene = job.scene(dialog)
        entry = Entry(
            id=f"comment-{comment}",
            author="bot",
            at=scene.at,
            text=plain_words(text),
            public=False,
            files=_files(job, said.get("FILES")),
            kind="timeline_comment",
        )
        scene.events.append(EntryAdded(ticket=dialog.address, entry=entry))
    return comment


def _files(job: Job, given: Any) -> tuple[File, ...]:
    found = []
    for pair in values.rows(given):
        name, content = (*map(values.text, values.rows(pair)), "", "")[:2]
        try:
            found.append(describe(base64.b64decode(content, validate=True), job.state.blobs, name=name))
        except (binascii.Error, ValueError):
            raise Failure("INVALID_ARG_VALUE", "A file is no base64") from None
    return tuple(found)


def _comment(job: Job) -> dict[str, Any]:
    comment = job.state.comments.get(job.number("ID"))
    if comment is None:
        raise Failure("NOT_FOUND", "Comment not found")
    return comment


def comment_list(job: Job) -> Any:
    """The comments of objects."""
    return page(select(list(job.state.comments.values()), values.upper(job.table("FILTER")), {}), job.number("START"))


def comment_delete(job: Job) -> Any:
    """A comment is gone."""
    del job.state.comments[int(_comment(job)["ID"])]
    return True


METHODS = {
    f"crm.{word}.{verb}": Method(partial(run, kind), "crm")
    for word, kind in KINDS.items()
    for verb, run in _RUNS.items()
} | {
    "crm.item.add": Method(item_add, "crm"),
    "crm.item.get": Method(item_get, "crm"),
    "crm.item.list": Method(item_list, "crm"),
    "crm.item.update": Method(item_update, "crm"),
    "crm.item.delete": Method(item_delete, "crm"),
    "crm.duplicate.findbycomm": Method(duplicates, "crm"),
    "crm.timeline.comment.add": Method(comment_add, "crm"),
    "crm.timeline.comment.get": Method(_comment, "crm"),
    "crm.timeline.comment.list": Method(comment_list, "crm"),
    "crm.timeline.comment.delete": Method(comment_delete, "crm"),
}
