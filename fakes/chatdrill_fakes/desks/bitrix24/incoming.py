"""A customer's message comes in through a connector: whose it is, and what it begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from chatdrill.model import ContactFiled, Elapse, Entry, File, Rated, TicketOpened
from chatdrill.wire import Later, strings_in
from chatdrill_fakes.desks.bitrix24 import chatting, linking, sessions, values
from chatdrill_fakes.desks.bitrix24.calls import Job, Scene
from chatdrill_fakes.desks.bitrix24.state import Bitrix24State, Connector, Dialog

_VOTES: dict[str, tuple[float, str, str]] = {
    "1": (5.0, "like", "VOTE_MESSAGE_2_LIKE"),
    "0": (1.0, "dislike", "VOTE_MESSAGE_2_DISLIKE"),
}


@dataclass(frozen=True)
class Incoming:
    """One element of ``MESSAGES``."""

    user: dict[str, Any]
    message: dict[str, Any]
    chat: dict[str, Any]
    files: tuple[File, ...] = field(default=())

    @property
    def text(self) -> str:
        """What was written."""
        return values.text(self.message.get("text"))

    @property
    def id(self) -> str:
        """The message's id outside."""
        return values.text(self.message.get("id"))


def key_of(connector: Connector, line: int, element: Incoming) -> str:
    """By what a connector tells dialogs apart: the user, or with ``CHAT_GROUP`` the chat."""
    who = element.chat if connector.flags["CHAT_GROUP"] else element.user
    return f"{connector.id}|{line}|{values.text(who.get('id'))}"


def find(state: Bitrix24State, connector: Connector, line: int, element: Incoming) -> Dialog | None:
    """The dialog that an element belongs to."""
    return state.tickets.get(state.codes.get(key_of(connector, line, element), ""))


def receive(job: Job, connector: Connector, line: int, element: Incoming) -> Dialog:
    """File one message; opens the dialog and its session where there is none."""
    dialog = find(job.state, connector, line, element)
    is_new = dialog is None
    if dialog is None:
        dialog = _made(job.state, connector, line, element)
    scene = job.scene(dialog)
    scene.user = None  # the customer is no user of the portal whose token could be passed on
    if is_new:
        dialog.made_at = scene.at
        _opened(scene, dialog, element)
    elif element.user:
        _known(scene, dialog, element)
    if values.number(element.message.get("user_id")):
        _on_behalf(scene, dialog, element)
    elif not _voted(scene, dialog, element):
        _said(scene, dialog, element)
    return dialog


def _made(state: Bitrix24State, connector: Connector, line: int, element: Incoming) -> Dialog:
    dialog = Dialog(
        address=str(state.next("chat")),
        connector=connector.id,
        line=line,
        ext_chat=values.text(element.chat.get("id")),
        ext_user=values.text(element.user.get("id")),
        user_id=state.next("user"),
        user=element.user,
        team=state.lines[line].name,
    )
    dialog.contact = str(dialog.user_id)
    name = person_name(element.user) or f"Guest #{dialog.user_id}"
    dialog.title = f"{name} - {state.lines[line].name}"
    state.tickets[dialog.address] = dialog
    state.codes[key_of(connector, line, element)] = dialog.address
    return dialog


def person_name(user: dict[str, Any]) -> str:
    """First and last name, as the connector gave them."""
    return " ".join(values.text(user.get(key)) for key in ("name", "last_name")).strip()


def _opened(scene: Scene, dialog: Dialog, element: Incoming) -> None:
    keys = tuple(dict.fromkeys([*strings_in(element.user), *strings_in(element.chat), dialog.code]))
    name = person_name(element.user)
    scene.events.append(ContactFiled(ticket=dialog.address, contact=str(dialog.user_id), keys=keys, name=name))
    scene.events.append(
        TicketOpened(
            ticket=dialog.address,
            contact=str(dialog.user_id),
            keys=keys,
            name=name,
            subject=dialog.title,
            team=dialog.team,
            request_key=element.id or None,
            fields={"CONNECTOR": dialog.connector, "LINE": dialog.line},
        )
    )


def _known(scene: Scene, dialog: Dialog, element: Incoming) -> None:
    """The connector says more, or something else, of a customer whom the portal knows."""
    fresh = {**dialog.user, **element.user}
    if fresh != dialog.user and values.text(element.user.get("id")) == dialog.ext_user:
        dialog.user = fresh
        keys = tuple(dict.fromkeys(strings_in(fresh)))
        filed = ContactFiled(
            ticket=dialog.address, contact=str(dialog.user_id), keys=keys, name=person_name(fresh), made=False
        )
        scene.events.append(filed)


def _said(scene: Scene, dialog: Dialog, element: Incoming) -> None:
    is_new_session = dialog.is_over
    if is_new_session:
        sessions.start(scene, dialog)
    _entry(scene, dialog, "customer", element, sender=dialog.user_id)
    if is_new_session:
        linking.track(scene, dialog, is_wanted=not values.flag(element.message.get("disable_crm")))
        sessions.begin_service(scene, dialog)
    wait = values.number(sessions.line_of(scene, dialog).config["AUTO_CLOSE_TIME"])
    if wait > 0:
        data = {"session": dialog.session.id, "entries": len(dialog.entries)}
        scene.later.append(Later(float(wait), dialog.address, Elapse(agent="", what="auto_close", data=data)))


def _entry(
    scene: Scene, dialog: Dialog, author: Literal["customer", "bot", "agent"], element: Incoming, *, sender: int
) -> Entry:
    stated = values.number(element.message.get("date"))
    entry = chatting.add(
        scene,
        dialog,
        author,
        element.text,
        sender=sender,
        files=element.files,
        origin_id=element.id or None,
        origin_at=float(stated) if stated > 0 else None,
        said_by=person_name(element.user) or None,
    )
    if element.id:
        dialog.mids[entry.id] = [element.id]
        dialog.outside[element.id] = entry.id
    return entry


def _on_behalf(scene: Scene, dialog: Dialog, element: Incoming) -> None:
    """A message in an employee's or a bot's name; one of the integration's own user counts as the bot's."""
    id = values.number(element.message.get("user_id"))
    is_new_session = dialog.is_over
    if is_new_session:
        sessions.start(scene, dialog)
    agent = scene.state.agent_by_id(str(id))
    _entry(scene, dialog, "agent" if agent is not None else "bot", element, sender=id)
    if is_new_session:
        sessions.begin_service(scene, dialog)


def _voted(scene: Scene, dialog: Dialog, element: Incoming) -> bool:
    """A lone ``1`` or ``0`` after the question for a rating is one, and begins nothing."""
    vote = _VOTES.get(element.text.strip())
    if vote is None or not dialog.is_over or dialog.vote_until is None or scene.at > dialog.vote_until:
        return False
    score, word, answer = vote
    _entry(scene, dialog, "customer", element, sender=dialog.user_id)
    dialog.vote_until, dialog.session.vote = None, int(score)
    scene.events.append(Rated(ticket=dialog.address, score=score, word=word, agent=dialog.session.operator))
    sessions.say(scene, dialog, sessions.line_of(scene, dialog).config[answer])
    return True


def files_of(element: dict[str, Any]) -> Sequence[tuple[str, str | None]]:
    """Address and name of each file of an element."""
    found = []
    for file in values.rows(values.table(element.get("message")).get("files")):
        if isinstance(file, dict) and values.text(file.get("url")):
            found.append((values.text(file["url"]), values.text(file.get("name")) or None))
    return found
