"""``imopenlines.*`` that reads: a dialog, its history, its CRM object, the rating of a head."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Entry
from chatdrill_fakes.desks.bitrix24 import chatting, linking, people, values
from chatdrill_fakes.desks.bitrix24.calls import Failure, Job, Method
from chatdrill_fakes.desks.bitrix24.methods.dialogs import operator
from chatdrill_fakes.desks.bitrix24.state import Bitrix24State, Dialog, Session

_RIGHTS = ("avatar", "rename", "extend", "call", "mute", "leave", "leave_owner", "send", "user_list")
_PERMISSIONS = {
    "manage_users_add": "member",
    "manage_users_delete": "manager",
    "manage_ui": "member",
    "manage_settings": "owner",
    "manage_messages": "member",
    "can_post": "member",
}


def get_dialog(job: Job) -> Any:
    """A chat with its owner and its session."""
    dialog = _dialog(job)
    if dialog is None:
        raise Failure("ACCESS_ERROR", "You do not have access to the specified dialog")
    job.visit.to = dialog.address
    return _shown(job.state, dialog, job.caller.user)


def _dialog(job: Job) -> Dialog | None:
    if job.get("CHAT_ID") is not None:
        return job.state.dialog(job.number("CHAT_ID"))
    if job.get("DIALOG_ID") is not None:
        return job.state.dialog(values.number(job.text("DIALOG_ID").lower().removeprefix("chat")))
    if job.get("SESSION_ID") is not None:
        return session_of(job.state, job.number("SESSION_ID"))[0]
    return by_code(job.state, job.text("USER_CODE"))


def session_of(state: Bitrix24State, id: int) -> tuple[Dialog | None, Session | None]:
    """The session with this id, and its dialog."""
    found = ((dialog, session) for dialog in state.dialogs() for session in dialog.sessions if session.id == id)
    return next(found, (None, None))


def by_code(state: Bitrix24State, code: str) -> Dialog | None:
    """The dialog of a ``USER_CODE``."""
    return next((dialog for dialog in state.dialogs() if dialog.code == code.removeprefix("imol|")), None)


def _shown(state: Bitrix24State, dialog: Dialog, user: str) -> dict[str, Any]:
    first, second = people.entity_data(dialog)
    owner = people.owner_id(state, dialog)
    last = int(dialog.entries[-1].id) if dialog.entries else 0
    return {
        "id": dialog.id,
        "parent_chat_id": 0,
        "parent_message_id": 0,
        "name": dialog.title,
        "description": None,
        "owner": owner,
        "extranet": False,
        "avatar": "",
        "color": "#58cc47",
        "type": "lines",
        "counter": 0,
        "user_counter": len(_members(state, dialog)),
        "message_count": len(dialog.entries),
        "unread_id": 0,
        "restrictions": dict.fromkeys(_RIGHTS, True),
        "last_message_id": last,
        "last_id": last,
        "marked_id": 0,
        "disk_folder_id": 0,
        "entity_type": "LINES",
        "entity_id": dialog.code,
        "entity_data_1": first,
        "entity_data_2": second,
        "entity_data_3": "N",
        "mute_list": [],
        "date_create": values.iso(dialog.made_at),
        "message_type": "L",
        "public": "",
        "role": "owner" if str(owner) == user else "guest",
        "entity_link": {"type": "LINES", "url": "", "id": dialog.code},
        "text_field_enabled": True,
        "background_id": None,
        "permissions": _PERMISSIONS,
        "is_new": False,
        "readed_list": [],
        "manager_list": [owner] if owner else [],
        "last_message_views": {"message_id": last, "first_viewers": [], "count_of_viewers": 0},
        "dialog_id": f"chat{dialog.id}",
    }


def _members(state: Bitrix24State, dialog: Dialog) -> list[int]:
    agents = [int(state.seats[agent].id) for agent in sorted(dialog.joined)]
    bots = sorted({*dialog.staying, *([dialog.bot] if dialog.bot else [])})
    return [*agents, *bots, dialog.user_id]


def history(job: Job) -> Any:
    """The messages of a session, everybody in them, and the files."""
    dialog, session = session_of(job.state, job.number("SESSION_ID"))
    if dialog is None or session is None:
        dialog = job.state.dialog(job.number("CHAT_ID"))
        session = dialog.session if dialog is not None and dialog.sessions else None
    if dialog is None or session is None:
        raise Failure("ACCESS_DENIED", "You cannot open this conversation as you do not have sufficient rights")
    job.visit.to = dialog.address
    state, until = job.state, session.closed_at
    entries = [each for each in dialog.entries if each.at >= session.opened_at and (until is None or each.at <= until)]
    speakers = {*_members(state, dialog), *(dialog.senders[each.id] for each in entries)} - {0}
    ids = [str(people.file_id_of(state, file)) for each in entries for file in each.files]
    return {
        "chatId": dialog.id,
        "canJoin": "Y",
        "canVoteHead": "Y",
        "sessionId": session.id,
        "sessionVoteHead": session.head_vote,
        "sessionCommentHead": session.head_comment or None,
        "userId": f"chat{dialog.id}",
        "message": {each.id: _message(state, dialog, each) for each in entries},
        "usersMessage": {f"chat{dialog.id}": [each.id for each in reversed(entries)]},
        "users": {str(id): {**people.user(state, id, dialog), "id": str(id)} for id in sorted(speakers)},
        "openlines": {"canvoteashead": {str(dialog.line): True}},
        "userInGroup": [],
        "woUserInGroup": [],
        "chat": {str(dialog.id): _camel(_shown(state, dialog, job.caller.user))},
        "userBlockChat": {str(dialog.id): {}},
        "userInChat": {str(dialog.id): _members(state, dialog)},
        "files": {id: _file(state, dialog, int(id)) for id in ids} or [],
    }


def _message(state: Bitrix24State, dialog: Dialog, entry: Entry) -> dict[str, Any]:
    params: dict[str, Any] = {}
    if dialog.mids.get(entry.id):
        params["connectorMid"] = dialog.mids[entry.id]
    if entry.files:
        params["fileId"] = [people.file_id_of(state, file) for file in entry.files]
    return {
        "id": entry.id,
        "chatid": str(dialog.id),
        "senderid": str(dialog.senders[entry.id]),
        "recipientid": f"chat{dialog.id}",
        "date": values.iso(entry.at),
        "text": entry.text,
        "textlegacy": entry.text,
        "params": params or [],
    }


def _file(state: Bitrix24State, dialog: Dialog, id: int) -> dict[str, Any]:
    file, url = state.files[id], people.download_url(state, id)
    name = people.file_name(file, id)
    return {
        "id": id,
        "chatid": dialog.id,
        "type": people.file_kind(name),
        "name": name,
        "extension": name.rpartition(".")[2],
        "size": file.size_bytes,
        "status": "done",
        "progress": 100,
        "urlshow": url,
        "urldownload": url,
    }


def _camel(shown: dict[str, Any]) -> dict[str, Any]:
    """Older answers spell the same chat in camel case, its id as text."""
    names = {key: key.split("_") for key in shown}
    camel = {head + "".join(map(str.capitalize, tail)): shown[key] for key, (head, *tail) in names.items()}
    return {**camel, "id": str(shown["id"]), "owner": str(shown["owner"])}


def open_session(job: Job) -> Any:
    """The chat of a customer's code."""
    dialog = by_code(job.state, job.text("USER_CODE"))
    if dialog is None:
        raise Failure("ACCESS_DENIED", "You cannot open this conversation as you do not have sufficient rights")
    job.visit.to = dialog.address
    return {"chatId": dialog.address}


def head_vote(job: Job) -> Any:
    """What the head of the operators thinks of a session; no customer's rating."""
    if job.number("SESSION_ID") <= 0:
        raise Failure("EMPTY_SESSION_ID", "Session ID can't be empty")
    if job.get("RATING") is None and job.get("COMMENT") is None:
        raise Failure("EMPTY_VOTE_PARAMS", "At least one of the parameters RATING or COMMENT must be specified")
    _, session = session_of(job.state, job.number("SESSION_ID"))
    if session is None:
        raise Failure("ACCESS_DENIED", "You cannot open this conversation as you do not have sufficient rights")
    session.head_vote = min(5, max(0, job.number("RATING")))
    session.head_comment = job.text("COMMENT")
    return True


# -------------------------------------------------------------------------------------------------- CRM of a chat


def _crm(job: Job) -> tuple[str, int]:
    return job.text("CRM_ENTITY_TYPE").upper(), job.number("CRM_ENTITY")


def crm_chats(job: Job) -> Any:
    """The chats of a CRM object."""
    wants_open = values.flag(job.get("ACTIVE_ONLY"), True)
    return [
        {
            "CHAT_ID": dialog.address,
            "CONNECTOR_ID": dialog.connector,
            "CONNECTOR_TITLE": job.state.connectors[dialog.connector].name
            if dialog.connector in job.state.connectors
            else "",
        }
        for dialog in job.state.dialogs()
        if dialog.crm == _crm(job) and not (wants_open and dialog.is_over)
    ]


def crm_last_chat(job: Job) -> Any:
    """The newest chat of a CRM object."""
    found = [dialog.id for dialog in job.state.dialogs() if dialog.crm == _crm(job)]
    if not found:
        raise Failure("CHAT_NOT_IN_CRM", "The chat does not belong to the CRM object")
    return str(max(found))


def crm_message(job: Job) -> Any:
    """A message in the name of a user, into the chat of a CRM object; the customer gets it."""
    dialog = job.state.dialog(job.number("CHAT_ID"))
    if dialog is None or dialog.crm != _crm(job):
        raise Failure("CHAT_NOT_IN_CRM", "The chat does not belong to the CRM object")
    if not job.text("MESSAGE"):
        raise Failure("CANCELED", "The message is empty")
    sender = job.number("USER_ID")
    author: Any = "agent" if job.state.agent_by_id(str(sender)) is not None else "bot"
    entry = chatting.add(job.scene(dialog), dialog, author, job.text("MESSAGE"), sender=sender, is_outward=True)
    return int(entry.id)


def crm_lead(job: Job) -> Any:
    """A lead out of a dialog, by its operator."""
    dialog = job.state.dialog(job.number("CHAT_ID"))
    if dialog is None:
        raise Failure("CHAT_ID", "The specified chat identifier is incorrect")
    if dialog.assignee is None or dialog.assignee != operator(job):
        raise Failure("ERROR_USER_NOT_OPERATOR", "Attempt to save a CRM object by a user who is not an operator")
    if dialog.crm is None:
        dialog.crm = ("LEAD", linking.make(job.scene(dialog), "LEAD", linking.lead_fields(dialog)))
    return True


_RUNS = {
    "imopenlines.dialog.get": get_dialog,
    "imopenlines.session.history.get": history,
    "imopenlines.session.open": open_session,
    "imopenlines.session.head.vote": head_vote,
    "imopenlines.crm.chat.get": crm_chats,
    "imopenlines.crm.chat.getLastId": crm_last_chat,
    "imopenlines.crm.message.add": crm_message,
    "imopenlines.crm.lead.create": crm_lead,
}
METHODS = {name: Method(run, "imopenlines") for name, run in _RUNS.items()}
