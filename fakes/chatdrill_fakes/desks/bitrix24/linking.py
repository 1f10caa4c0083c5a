"""Dialogs and CRM objects: which belongs to which, and the lead that a line makes by itself."""

from __future__ import annotations

from typing import Any

from chatdrill_fakes.desks.bitrix24 import hooks, sessions, values
from chatdrill_fakes.desks.bitrix24.calls import Scene
from chatdrill_fakes.desks.bitrix24.state import Bitrix24State, Dialog


def track(scene: Scene, dialog: Dialog, *, is_wanted: bool) -> None:
    """The line looks for the customer in the CRM by phone and e-mail, and makes a lead where it is told to."""
    line, connector = sessions.line_of(scene, dialog), scene.state.connectors.get(dialog.connector)
    if not is_wanted or dialog.crm or not line.on("CRM") or (connector and connector.flags["CHAT_GROUP"]):
        return
    known = _contact(scene.state, dialog)
    if known is not None:
        dialog.crm = ("CONTACT", known)
    elif line.config["CRM_CREATE"] == "lead":
        lead = make(scene, "LEAD", lead_fields(dialog))
        dialog.crm = ("LEAD", lead)
        sessions.note(scene, dialog, "[b]A new lead has been created[/b]")


def make(scene: Scene, kind: str, fields: dict[str, Any]) -> int:
    """A new CRM object; the event says no more than its id."""
    id = scene.state.next("crm")
    scene.state.crm.setdefault(kind, {})[id] = {
        **fields,
        "ID": str(id),
        "DATE_CREATE": values.iso(scene.at),
        "DATE_MODIFY": values.iso(scene.at),
    }
    changed(scene, kind, id, "ADD")
    return id


def changed(scene: Scene, kind: str, id: int, what: str) -> None:
    """Tell of a CRM object: ``ADD``, ``UPDATE`` or ``DELETE``."""
    hooks.tell(scene, f"ONCRM{kind}{what}", {"FIELDS": {"ID": id}}, key=str(id))


def lead_fields(dialog: Dialog) -> dict[str, Any]:
    """What a line writes into the lead that it makes of a dialog."""
    fields: dict[str, Any] = {
        "TITLE": dialog.title,
        "NAME": values.text(dialog.user.get("name")),
        "LAST_NAME": values.text(dialog.user.get("last_name")),
        "STATUS_ID": "NEW",
        "SOURCE_ID": f"{dialog.line}|{dialog.connector.upper()}",
        "IM": [{"VALUE": f"imol|{dialog.code}", "VALUE_TYPE": "IMOL"}],
    }
    for key in ("phone", "email"):
        if values.text(dialog.user.get(key)):
            fields[key.upper()] = [{"VALUE": values.text(dialog.user[key]), "VALUE_TYPE": "WORK"}]
    return fields


def _contact(state: Bitrix24State, dialog: Dialog) -> int | None:
    for field, key in (("PHONE", "phone"), ("EMAIL", "email")):
        wanted = normal(field, dialog.user.get(key))
        for id, contact in state.crm.get("CONTACT", {}).items() if wanted else ():
            if wanted in communications(contact, field):
                return id
    return None


def normal(field: str, value: Any) -> str:
    """A phone number or an address as duplicates are looked for: digits only, small letters."""
    said = values.text(value)
    return "".join(filter(str.isdigit, said)) if field == "PHONE" else said.strip().lower()


def communications(item: dict[str, Any], field: str) -> set[str]:
    """All numbers or addresses of a CRM object."""
    return {normal(field, values.table(each).get("VALUE")) for each in values.rows(item.get(field))} - {""}


def bind_by_im(state: Bitrix24State, kind: str, id: int, fields: dict[str, Any]) -> None:
    """An object whose messenger is ``imol|<code>`` belongs to that dialog."""
    codes = {
        values.text(values.table(each).get("VALUE")).removeprefix("imol|") for each in values.rows(fields.get("IM"))
    }
    for dialog in state.dialogs():
        if dialog.code in codes:
            dialog.crm = (kind, id)


def dialog_of(state: Bitrix24State, kind: str, id: int) -> Dialog | None:
    """The dialog that an object belongs to."""
    return next((dialog for dialog in state.dialogs() if dialog.crm == (kind, id)), None)
