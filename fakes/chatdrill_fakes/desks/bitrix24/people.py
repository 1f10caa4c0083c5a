"""How the portal describes users, chats and files, in the spellings of its several generations."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from chatdrill.model import File
from chatdrill_fakes.desks.bitrix24 import values
from chatdrill_fakes.desks.bitrix24.state import Bitrix24State, Dialog

_PICTURES = ("jpe", "jpg", "jpeg", "png", "webp", "gif", "bmp")  # imconnector.send.messages: shown as an image


def user(state: Bitrix24State, id: int, dialog: Dialog | None = None) -> dict[str, Any]:
    """A user: an employee, a bot, or the customer whom a connector brought."""
    bot = state.bots.get(id)
    agent = state.agent_by_id(str(id))
    is_customer = dialog is not None and dialog.user_id == id
    first, last, position = "", "", ""
    if agent is not None:
        first, last = state.seats[agent].agent.first_name, state.seats[agent].agent.last_name
    elif bot is not None:
        first, position = bot.name, values.text(bot.properties.get("WORK_POSITION"))
    elif is_customer and dialog is not None:
        first, last = values.text(dialog.user.get("name")) or "Guest", values.text(dialog.user.get("last_name"))
    return {
        "id": id,
        "active": True,
        "name": f"{first} {last}".strip() or f"User {id}",
        "firstName": first,
        "lastName": last,
        "workPosition": position,
        "color": "#df532d",
        "avatar": "",
        "gender": "F" if is_customer and dialog is not None and dialog.user.get("gender") == "female" else "M",
        "birthday": "",
        "extranet": is_customer,
        "bot": bot is not None,
        "connector": is_customer,
        "externalAuthId": "bot" if bot else "imconnector" if is_customer else "default",
        "status": "online",
        "idle": False,
        "lastActivityDate": False,
        "absent": False,
        "departments": [] if is_customer or bot else [1],
        "phones": False,
        "type": "bot" if bot else "extranet" if is_customer else "employee",
    }


def old_user(state: Bitrix24State, id: int, dialog: Dialog) -> dict[str, Any]:
    """The same as the events of ``imbot`` spell it."""
    seen = user(state, id, dialog)
    return {
        "ID": id,
        "NAME": seen["name"],
        "FIRST_NAME": seen["firstName"],
        "LAST_NAME": seen["lastName"],
        "WORK_POSITION": seen["workPosition"],
        "GENDER": seen["gender"],
        "IS_BOT": "Y" if seen["bot"] else "N",
        "IS_CONNECTOR": "Y" if seen["connector"] else "N",
        "IS_NETWORK": "N",
        "IS_EXTRANET": "Y" if seen["extranet"] else "N",
    }


def owner_id(state: Bitrix24State, dialog: Dialog) -> int:
    """The operator of a dialog: an employee, a bot, or 0 while nobody has it."""
    if dialog.is_over:
        return 0
    if dialog.assignee is not None:
        return int(state.seats[dialog.assignee].id)
    return dialog.bot or 0


def entity_data(dialog: Dialog) -> tuple[str, str]:
    """The two lines in which a chat carries its CRM object and its session (the sixth field of the first)."""
    kind, id = dialog.crm or ("NONE", 0)
    linked = "Y" if dialog.crm else "N"
    opened = int(dialog.session.opened_at)
    first = f"{linked}|{kind}|{id}|N|N|{dialog.session.id}|{opened}|0|0|0"
    bound = {"LEAD": 0, "COMPANY": 0, "CONTACT": 0, "DEAL": 0, **({kind: id} if dialog.crm else {})}
    return first, "|".join(f"{name}|{value}" for name, value in bound.items())


def chat(state: Bitrix24State, dialog: Dialog) -> dict[str, Any]:
    """A chat as ``imbot.v2`` describes it."""
    first, second = entity_data(dialog)
    return {
        "id": dialog.id,
        "dialogId": f"chat{dialog.id}",
        "type": "chat",
        "name": dialog.title,
        "entityType": "LINES",
        "entityId": dialog.code,
        "entityData1": first,
        "entityData2": second,
        "owner": owner_id(state, dialog),
        "avatar": "",
        "color": "#58cc47",
    }


def keep(state: Bitrix24State, file: File) -> int:
    """File a file; returns its id."""
    id = state.next("file")
    state.files[id] = file
    return id


def file_name(file: File, id: int) -> str:
    """A name for a file that has none."""
    return file.name or f"file{id}"


def file_kind(name: str) -> str:
    """``image`` for what a chat shows as a picture, ``file`` for the rest."""
    return "image" if name.rpartition(".")[2].lower() in _PICTURES else "file"


def download_url(state: Bitrix24State, id: int) -> str:
    """Where a file can be read without further proof."""
    name = quote(file_name(state.files[id], id))
    return (
        f"{state.base_url.rstrip('/')}/bitrix/services/main/ajax.php?action=disk.api.file.download&SITE_ID=s1"
        f"&humanRE=1&fileId={id}&exact=N&fileName={name}"
    )


def file_id_of(state: Bitrix24State, file: File) -> int:
    """The id under which this very file was filed."""
    return next(id for id, kept in state.files.items() if kept is file)


def outward_file(state: Bitrix24State, file: File) -> dict[str, Any]:
    """A file in an event for a connector."""
    id = file_id_of(state, file)
    url, name = download_url(state, id), file_name(file, id)
    return {"name": name, "type": file_kind(name), "link": url, "downloadLink": url, "size": file.size_bytes}
