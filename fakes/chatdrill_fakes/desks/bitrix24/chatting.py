"""Messages in the chat of an open line: who wrote them, and who is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from chatdrill.model import Entry, EntryAdded, EntryChanged, File
from chatdrill_fakes.desks.bitrix24 import hooks, people, values
from chatdrill_fakes.desks.bitrix24.botting import bot_told, bot_told_all
from chatdrill_fakes.desks.bitrix24.calls import Scene
from chatdrill_fakes.desks.bitrix24.state import Bitrix24State, Dialog
from chatdrill_fakes.families.desks import plain_words

Author = Literal["customer", "bot", "agent", "system"]


def add(
    scene: Scene,
    dialog: Dialog,
    author: Author,
    text: str,
    *,
    sender: int = 0,
    files: Sequence[File] = (),
    is_public: bool = True,
    is_outward: bool = False,
    **about: Any,
) -> Entry:
    """A message stands in the chat; ``sender`` is the user's id (0: the portal). ``is_outward``: the customer gets it."""
    state = scene.state
    entry = Entry(
        id=str(state.next("message")),
        author=author,
        at=scene.at,
        text=plain_words(text),
        public=is_public,
        files=tuple(files),
        **about,
    )
    for file in files:
        people.keep(state, file)
    dialog.entries.append(entry)
    dialog.senders[entry.id] = sender
    dialog.changed_at = scene.at
    scene.events.append(EntryAdded(ticket=dialog.address, entry=entry))
    if is_outward:
        _outward(scene, dialog, entry, text)
    if is_public:
        _announce(scene, dialog, entry, text)
    if author == "customer":
        bot_told_all(scene, dialog, "add", entry, text)
    return entry


def _outward(scene: Scene, dialog: Dialog, entry: Entry, text: str) -> None:
    connector = scene.state.connectors.get(dialog.connector)
    if connector is None or (entry.author == "system" and not connector.flags["NEED_SYSTEM_MESSAGES"]):
        return
    message: dict[str, Any] = {"user_id": dialog.senders[entry.id], "text": signed(scene.state, dialog, entry, text)}
    if entry.files:
        message["files"] = [people.outward_file(scene.state, file) for file in entry.files]
    _to_connector(scene, dialog, "ONIMCONNECTORMESSAGEADD", entry.id, message)


def _to_connector(scene: Scene, dialog: Dialog, event: str, entry_id: str, message: dict[str, Any]) -> None:
    data = {
        "CONNECTOR": dialog.connector,
        "LINE": dialog.line,
        "MESSAGES": [
            {
                "im": {"chat_id": dialog.id, "message_id": int(entry_id)},
                "message": message,
                "chat": {"id": dialog.ext_chat},
            }
        ],
    }
    hooks.tell(scene, event, data, ticket=dialog.address, key=entry_id)


def signed(state: Bitrix24State, dialog: Dialog, entry: Entry, text: str) -> str:
    """The text as the customer's side gets it: the name of the person before it, if the connector wants signatures."""
    sender = dialog.senders[entry.id]
    if not sender or not state.connectors[dialog.connector].flags["NEED_SIGNATURE"]:
        return text
    return f"[b]{people.user(state, sender, dialog)['name']}:[/b] [br]{text}"


def _announce(scene: Scene, dialog: Dialog, entry: Entry, text: str) -> None:
    data = {
        "connector": connector_block(dialog),
        "chat": {"id": dialog.id},
        "message": {
            "id": int(entry.id),
            "date": values.iso(scene.at),
            "text": text,
            "files": [people.outward_file(scene.state, file) for file in entry.files],
            "attach": "",
            "system": "Y" if entry.author == "system" else "N",
            "user_id": dialog.senders[entry.id],
        },
        "ref": [],
        "extra": {"EXTRA_URL": ""},
    }
    hooks.tell(scene, "ONOPENLINEMESSAGEADD", {"DATA": [data]}, ticket=dialog.address, key=entry.id)


def connector_block(dialog: Dialog) -> dict[str, Any]:
    """Where a dialog comes from, as events say it."""
    return {
        "connector_id": dialog.connector,
        "line_id": dialog.line,
        "chat_id": dialog.ext_chat,
        "user_id": dialog.user_id,
    }


def entry_of(dialog: Dialog, entry_id: str) -> Entry | None:
    """The entry with this id."""
    return next((entry for entry in dialog.entries if entry.id == entry_id), None)


def change(scene: Scene, dialog: Dialog, entry: Entry, text: str) -> None:
    """A message has another text; the other side learns it, if it is known there by an id."""
    _replace(dialog, entry, text)
    scene.events.append(EntryChanged(ticket=dialog.address, entry_id=entry.id, text=plain_words(text)))
    _retold(scene, dialog, entry, "update", text)


def remove(scene: Scene, dialog: Dialog, entry: Entry) -> None:
    """A message is deleted; its place stays."""
    scene.events.append(EntryChanged(ticket=dialog.address, entry_id=entry.id, deleted=True))
    _replace(dialog, entry, "")
    _retold(scene, dialog, entry, "delete", "")


def _replace(dialog: Dialog, entry: Entry, text: str) -> None:
    fresh = Entry(**{**{name: getattr(entry, name) for name in entry.__struct_fields__}, "text": plain_words(text)})
    dialog.entries[dialog.entries.index(entry)] = fresh


def _retold(scene: Scene, dialog: Dialog, entry: Entry, what: Literal["update", "delete"], text: str) -> None:
    event = f"ONIMCONNECTORMESSAGE{what.upper()}"
    flag = "EDIT_INTERNAL_MESSAGES" if what == "update" else "DEL_INTERNAL_MESSAGES"
    connector, mids = scene.state.connectors.get(dialog.connector), dialog.mids.get(entry.id, [])
    is_inner = entry.author != "customer"
    if is_inner and mids and connector is not None and connector.flags[flag]:
        whole = {"id": mids, "text": signed(scene.state, dialog, entry, text)}
        _to_connector(scene, dialog, event, entry.id, whole if what == "update" else {"id": mids[0]})
    data = {
        "im": {"chat_id": dialog.id, "message_id": int(entry.id)},
        "message": {"id": mids[0] if mids else ""},
        "chat": {"id": dialog.ext_chat},
    }
    if entry.public:
        hooks.tell(scene, f"ONOPENLINEMESSAGE{what.upper()}", {"DATA": [data]}, ticket=dialog.address, key=entry.id)
    if not is_inner:
        bot_told_all(scene, dialog, what, entry, text)


def joined(scene: Scene, dialog: Dialog, bot_id: int) -> None:
    """A bot came into the chat."""
    bot_told(scene, dialog, scene.state.bots[bot_id], "join", None, "")
