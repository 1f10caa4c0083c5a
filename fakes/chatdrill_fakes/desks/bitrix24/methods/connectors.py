"""``imconnector.*``: a messenger of one's own, its messages, and what became of the agents' ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chatdrill.model import EntryDelivered
from chatdrill_fakes.desks.bitrix24 import chatting, hooks, incoming, values
from chatdrill_fakes.desks.bitrix24.calls import Failure, Job, Method
from chatdrill_fakes.desks.bitrix24.incoming import Incoming
from chatdrill_fakes.desks.bitrix24.state import Connector, Dialog
from chatdrill_fakes.families.desks import fetched_file

NAME_MAX = 25  # imconnector.send.messages: name and last_name
FLAGS = {
    "DEL_EXTERNAL_MESSAGES": True,
    "EDIT_INTERNAL_MESSAGES": True,
    "DEL_INTERNAL_MESSAGES": True,
    "NEWSLETTER": True,
    "NEED_SYSTEM_MESSAGES": True,
    "NEED_SIGNATURE": True,
    "CHAT_GROUP": False,
}
_ODD = re.compile(r"[^\W\d_]|[ '\-’]")


# ------------------------------------------------------------------------------------------------------- set-up


def register(job: Job) -> Any:
    """A connector is made, or changed where the id is known. Failures come with status 200."""
    id = job.text("ID").lower()
    for is_missing, code, words in (
        (not id or "." in id, "CONNECTOR_ID_REQUIRED", "The connector ID is required and has no dots"),
        (not job.text("NAME"), "NAME_REQUIRED", "The connector name is required"),
        (not job.table("ICON").get("DATA_IMAGE"), "ICON_REQUIRED", "The connector icon is required"),
        (not job.text("PLACEMENT_HANDLER"), "NO_PLACEMENT_HANDLER", "The placement handler is required"),
    ):
        if is_missing:
            return {"result": False, "error": code, "error_description": words}
    flags = {name: values.flag(job.get(name), default) for name, default in FLAGS.items()}
    known = job.state.connectors.get(id)
    if known is None:
        job.state.connectors[id] = Connector(id, job.text("NAME"), flags)
    else:
        known.name, known.flags = job.text("NAME"), flags
    return {"result": True}


def activate(job: Job) -> Any:
    """A connector is switched on or off for a line."""
    connector, line = _connector(job), _line_number(job)
    if line not in job.state.lines:
        raise Failure("NOT_ACTIVE_LINE", "The line with this ID is inactive or does not exist")
    if values.flag(job.get("ACTIVE")):
        connector.active.add(line)
    else:
        connector.active.discard(line)
    return True


def set_data(job: Job) -> Any:
    """What the line's page shows of a connector."""
    connector, line = _connector(job), _line_number(job)
    said = values.upper(job.table("DATA"))
    connector.data[line] = {key: values.text(said.get(key)) for key in ("ID", "URL", "URL_IM", "NAME") if key in said}
    return True


def status(job: Job) -> Any:
    """Whether a connector is set up and on."""
    id, line = job.text("CONNECTOR").lower(), job.number("LINE")
    connector = job.state.connectors.get(id)
    is_on = connector is not None and line in connector.active
    return {"LINE": line, "CONNECTOR": id, "ERROR": False, "CONFIGURED": is_on, "STATUS": is_on}


def unregister(job: Job) -> Any:
    """A connector is removed; its application hears of each line that it leaves."""
    id = job.text("ID").lower()
    connector = job.state.connectors.pop(id, None)
    if connector is None:
        return {"result": False, "error": "CONNECTOR_ID_REQUIRED", "error_description": "No such connector"}
    for line in sorted(connector.active):
        hooks.tell(job.scene(), "ONIMCONNECTORSTATUSDELETE", {"connector": id, "line": line})
    return {"result": True}


def listed(job: Job) -> Any:
    """The connectors by id."""
    return {connector.id: connector.name for connector in job.state.connectors.values()}


# ----------------------------------------------------------------------------------------------------- messages


def send(job: Job) -> Any:
    """Messages of customers. Each element succeeds or fails for itself."""
    return _each(job, _send_one)


def update(job: Job) -> Any:
    """Messages of customers that have another text now."""
    return _each(job, _update_one)


def delete(job: Job) -> Any:
    """Messages that customers deleted."""
    return _each(job, _delete_one)


def _each(job: Job, run: Any) -> dict[str, Any]:
    connector, line = _connector(job), _line_number(job)
    elements = _elements(job)
    if line not in connector.active or job.state.lines[line].config.get("ACTIVE") != "Y":
        raise Failure("NOT_ACTIVE_LINE", "The line with this ID is inactive or does not exist")
    done = [run(job, connector, line, element) for element in elements]
    return {"SUCCESS": True, "DATA": {"RESULT": done}}


def _connector(job: Job) -> Connector:
    id = job.text("CONNECTOR").lower()
    if not id:
        raise Failure("ERROR_ARGUMENT", "Argument 'CONNECTOR' is null or empty")
    connector = job.state.connectors.get(id)
    if connector is None:
        raise Failure("IMCONNECTOR_NO_CORRECT_PROVIDER", "Failed to find a suitable provider for the connector")
    return connector


def _line_number(job: Job) -> int:
    if not job.number("LINE"):
        raise Failure("ERROR_ARGUMENT", "Argument 'LINE' is null or empty")
    return job.number("LINE")


def _elements(job: Job) -> list[Incoming]:
    given = job.get("MESSAGES")
    if not given:
        raise Failure("ERROR_ARGUMENT", "Argument 'MESSAGES' is null or empty")
    if not isinstance(given, list | dict):
        raise Failure("ERROR_ARGUMENT", "The value of an argument 'MESSAGES' must be of type array")
    found = []
    for element in values.rows(given):
        if not isinstance(element, dict):
            raise Failure("ERROR_ARGUMENT", "The MESSAGES parameter must be an array of messages (arrays)")
        blocks = {key: element.get(key) for key in ("user", "message", "chat")}
        if not all(isinstance(block, dict) and block for block in blocks.values()):
            raise Failure("ERROR_ARGUMENT", "The incorrect structure of a message inside MESSAGES parameter")
        user, message, chat = map(values.table, blocks.values())
        found.append(Incoming(user, message, chat))
    return found


def addresses(args: Mapping[str, Any]) -> tuple[str, ...]:
    """The files that the portal must read."""
    elements = [each for each in values.rows(args.get("MESSAGES")) if isinstance(each, dict)]
    return tuple(dict.fromkeys(url for element in elements for url, _ in incoming.files_of(element)))


def _problems(job: Job, element: Incoming) -> list[str]:
    found = []
    if not values.text(element.user.get("id")) or not values.text(element.chat.get("id")):
        found.append("The user ID and the chat ID are required")
    if not element.text and not incoming.files_of({"message": element.message}):
        found.append("The message is empty")
    odd = [key for key in ("name", "last_name") if not is_plain(values.text(element.user.get(key)))]
    if odd:
        words = f"user.{odd[0]}: at most {NAME_MAX} letters, spaces, hyphens and apostrophes are allowed"
        if job.state.on("strict_names"):
            found.append(words)
        else:
            job.visit.note = f"{words}; taken all the same, for what the vendor does then is not known"
    return found


def is_plain(name: str) -> bool:
    """True for a name as the documentation allows it."""
    return len(name) <= NAME_MAX and all(_ODD.fullmatch(letter) for letter in name)


def _send_one(job: Job, connector: Connector, line: int, element: Incoming) -> dict[str, Any]:
    problems = _problems(job, element)
    if problems:
        return {**_answer(element, ""), "SUCCESS": False, "ERRORS": problems}
    known = incoming.find(job.state, connector, line, element)
    is_repeated = known is not None and element.id in known.outside and job.state.on("dedupe_messages")
    if known is None or not is_repeated:
        files = _files(job, element)
        known = incoming.receive(job, connector, line, Incoming(element.user, element.message, element.chat, files))
    done = {**_answer(element, str(known.user_id)), "SUCCESS": True}
    return {**done, "session": {"ID": str(known.session.id), "CHAT_ID": known.address}}


def _files(job: Job, element: Incoming) -> tuple[Any, ...]:
    named = incoming.files_of({"message": element.message})
    read = job.visit.read(*(url for url, _ in named))
    blobs = job.state.blobs
    return tuple(fetched_file(each, blobs, url=url, name=name) for each, (url, name) in zip(read, named, strict=True))


def _answer(element: Incoming, user: str) -> dict[str, Any]:
    files = [{"url": url, "name": name or ""} for url, name in incoming.files_of({"message": element.message})]
    chat = {"id": values.text(element.chat.get("id")), "name": values.text(element.chat.get("name"))}
    if values.text(element.chat.get("url")):
        chat["description"] = f"Link to the original post: {values.text(element.chat['url'])}"
    extra = {}
    if values.flag(element.user.get("skip_phone_validate")):
        extra["skip_phone_validate"] = "Y"
    if values.flag(element.message.get("disable_crm")):
        extra["disable_tracker"] = "Y"
    message = {"id": element.id, "date": {}, "text": element.text, "files": files}
    return {"user": user, "message": message, "chat": chat, "extra": extra or []}


def _found(job: Job, connector: Connector, line: int, element: Incoming) -> tuple[Dialog, Any] | None:
    dialog = incoming.find(job.state, connector, line, element)
    entry = None if dialog is None else chatting.entry_of(dialog, dialog.outside.get(element.id, ""))
    return None if dialog is None or entry is None else (dialog, entry)


def _update_one(job: Job, connector: Connector, line: int, element: Incoming) -> dict[str, Any]:
    found = _found(job, connector, line, element)
    if found is None:
        return {**_answer(element, ""), "SUCCESS": False, "ERRORS": ["The message was not found"]}
    chatting.change(job.scene(found[0]), found[0], found[1], element.text)
    return {**_answer(element, str(found[0].user_id)), "SUCCESS": True}


def _delete_one(job: Job, connector: Connector, line: int, element: Incoming) -> dict[str, Any]:
    found = _found(job, connector, line, element)
    said = {"message": {"id": element.id}, "chat": {"id": values.text(element.chat.get("id"))}}
    if found is None:
        return {"user": "", **said, "SUCCESS": False, "ERRORS": ["The message was not found"]}
    chatting.remove(job.scene(found[0]), found[0], found[1])
    return {"user": str(found[0].user_id), **said, "SUCCESS": True}


# ----------------------------------------------------------------------------------------------------- receipts


def delivered(job: Job) -> Any:
    """An agent's message has arrived outside, and by which id it is known there. It counts as read too."""
    _connector(job)
    _line_number(job)
    for receipt in _receipts(job):
        im, message = values.table(receipt.get("im")), values.table(receipt.get("message"))
        dialog = job.state.dialog(values.number(im.get("chat_id")))
        entry = None if dialog is None else chatting.entry_of(dialog, str(values.number(im.get("message_id"))))
        if dialog is None or entry is None:
            continue
        job.visit.to = dialog.address
        ids = [values.text(each) for each in values.rows(message.get("id"))] or [values.text(message.get("id"))]
        _delivered(job, dialog, entry.id, [id for id in ids if id])
    return {"SUCCESS": True, "DATA": []}


def _delivered(job: Job, dialog: Dialog, entry_id: str, ids: list[str]) -> None:
    if ids:
        dialog.mids[entry_id] = ids
        dialog.outside |= dict.fromkeys(ids, entry_id)
    origin = ids[0] if ids else None
    told = EntryDelivered(ticket=dialog.address, entry_id=entry_id, status="read", origin_id=origin)
    job.visit.events.append(told)


def _receipts(job: Job) -> list[dict[str, Any]]:
    found = [each for each in values.rows(job.get("MESSAGES")) if isinstance(each, dict)]
    if not found:
        raise Failure("ERROR_ARGUMENT", "Argument 'MESSAGES' is null or empty")
    return found


def read(job: Job) -> Any:
    """The vendor's own stub: it always succeeds."""
    _connector(job)
    _line_number(job)
    _receipts(job)
    return {"SUCCESS": True, "DATA": []}


def rename(job: Job) -> Any:
    """A chat gets another title."""
    connector, line = _connector(job), _line_number(job)
    id, name = job.text("CHAT_ID"), job.text("NAME")
    for dialog in job.state.dialogs():
        if (dialog.connector, dialog.line, dialog.ext_chat) == (connector.id, line, id) and name:
            dialog.title = name
            return {"SUCCESS": True, "DATA": []}
    raise Failure("CHAT_RENAMING_FAILED", "Failed to rename the chat")


_RUNS = {
    "imconnector.register": register,
    "imconnector.activate": activate,
    "imconnector.connector.data.set": set_data,
    "imconnector.status": status,
    "imconnector.unregister": unregister,
    "imconnector.list": listed,
    "imconnector.update.messages": update,
    "imconnector.delete.messages": delete,
    "imconnector.send.status.delivery": delivered,
    "imconnector.send.status.reading": read,
    "imconnector.chat.name.set": rename,
}
METHODS = {name: Method(run, "imopenlines", app_only=True) for name, run in _RUNS.items()} | {
    "imconnector.send.messages": Method(send, "imopenlines", app_only=True, urls=addresses)
}
