"""The life of a dialog: bot, queue, operator, closed. Whoever causes a step, it is made here."""

from __future__ import annotations

from typing import Any

from chatdrill.model import (
    Accepted,
    Assigned,
    Declined,
    Elapse,
    HandoffAsked,
    StateChanged,
    SurveyAsked,
    TicketClosed,
    TicketReopened,
)
from chatdrill.wire import Later
from chatdrill_fakes.desks.bitrix24 import chatting, hooks, lines, values
from chatdrill_fakes.desks.bitrix24.calls import Scene
from chatdrill_fakes.desks.bitrix24.state import Dialog, Line, Session

VOTE_S = 86_400.0  # how long an answer to the question for a rating counts where the line sets no limit


def line_of(scene: Scene, dialog: Dialog) -> Line:
    """The line that serves a dialog; one that was deleted leaves the line of the settings."""
    found = scene.state.lines.get(dialog.line if dialog.moved_to is None else dialog.moved_to)
    return found or scene.state.line


def start(scene: Scene, dialog: Dialog) -> None:
    """A new session; the line's bot has it first, or the queue."""
    parent = dialog.sessions[-1].id if dialog.sessions else 0
    dialog.sessions.append(Session(scene.state.next("session"), parent, scene.at))
    dialog.assignee, dialog.offered, dialog.bot, dialog.vote_until = None, None, None, None
    dialog.staying, dialog.asked, dialog.joined, dialog.moved_to = set(), [], set(), None
    if parent:
        scene.events.append(TicketReopened(ticket=dialog.address))
    set_state(scene, dialog, "new", "new")
    _told(scene, dialog, "START", "N")
    bot = welcome_bot(scene, dialog)
    if bot is not None:
        _with_bot(scene, dialog, bot)


def begin_service(scene: Scene, dialog: Dialog) -> None:
    """What follows the first message of a session, once it stands in the chat."""
    line = line_of(scene, dialog)
    is_first = len(dialog.sessions) == 1
    if line.on("WELCOME_MESSAGE") and (is_first or line.on("SEND_WELCOME_EACH_SESSION")):
        say(scene, dialog, line.config["WELCOME_MESSAGE_TEXT"])
    if not lines.is_open(line, scene.at) and line.config["WORKTIME_DAYOFF_RULE"] == "text":
        say(scene, dialog, line.config["WORKTIME_DAYOFF_TEXT"])
    if dialog.bot is None:
        scene.events.append(HandoffAsked(ticket=dialog.address))
        to_queue(scene, dialog)


def welcome_bot(scene: Scene, dialog: Dialog) -> int | None:
    """The bot that a new session begins with, if the line has one."""
    line = line_of(scene, dialog)
    bot = values.number(line.config["WELCOME_BOT_ID"])
    if not line.on("WELCOME_BOT_ENABLE") or bot not in scene.state.bots:
        return None
    return None if line.config["WELCOME_BOT_JOIN"] == "first" and len(dialog.sessions) > 1 else bot


def _with_bot(scene: Scene, dialog: Dialog, bot: int) -> None:
    dialog.bot = bot
    scene.events.append(Assigned(ticket=dialog.address, bot=True, automatic=True))
    chatting.joined(scene, dialog, bot)
    wait = values.number(line_of(scene, dialog).config["WELCOME_BOT_TIME"])
    if wait > 0:
        _plan(scene, dialog, wait, "welcome_bot")


def _plan(scene: Scene, dialog: Dialog, after_s: float, what: str) -> None:
    data = {"session": dialog.session.id, "offered": dialog.offered or "", "entries": len(dialog.entries)}
    scene.later.append(Later(float(after_s), dialog.address, Elapse(agent="", what=what, data=data)))


def _told(scene: Scene, dialog: Dialog, what: str, closed: str) -> None:
    """Start or finish of a session, to the connector's application and to those who watch the line."""
    session = dialog.session
    data = {
        "connector": chatting.connector_block(dialog),
        "session": {
            "id": session.id,
            "closed": closed,
            "parent_id": session.parent_id,
            "close_term": values.number(line_of(scene, dialog).config["FULL_CLOSE_TIME"]),
        },
        "chat": {"id": dialog.id},
        "user": {"id": dialog.user_id},
    }
    whole = {"CONNECTOR": dialog.connector, "LINE": str(dialog.line), "DATA": [data]}
    key = str(session.id)
    hooks.tell(scene, f"ONIMCONNECTORDIALOG{what}", whole, ticket=dialog.address, key=key)
    hooks.tell(scene, f"ONSESSION{what}", {"DATA": [data]}, ticket=dialog.address, key=key)


def set_state(scene: Scene, dialog: Dialog, state: Any, word: str) -> None:
    """The dialog's status, if it is another one."""
    if dialog.state != state:
        dialog.state = state
        scene.events.append(StateChanged(ticket=dialog.address, state=state, word=word))
    dialog.changed_at = scene.at


def say(scene: Scene, dialog: Dialog, text: Any) -> None:
    """The line itself writes to the customer; the connector gets it if it wants system messages."""
    if values.text(text):
        chatting.add(scene, dialog, "system", values.text(text), is_outward=True)


def note(scene: Scene, dialog: Dialog, text: str) -> None:
    """A line in the chat that only its operators see."""
    chatting.add(scene, dialog, "system", text, is_public=False)


# ------------------------------------------------------------------------------------------ queue and operators


def to_queue(scene: Scene, dialog: Dialog, *, keep_bot: bool = False) -> None:
    """The dialog waits for an operator; its bot leaves, or stays beside until one has answered."""
    leave_operator(scene, dialog, keep_bot=keep_bot)
    dialog.asked = []
    set_state(scene, dialog, "new", "new")
    offer(scene, dialog)
    line = line_of(scene, dialog)
    if line.config["NO_ANSWER_RULE"] == "text":
        _plan(scene, dialog, values.number(line.config["NO_ANSWER_TIME"]), "no_answer")


def leave_operator(scene: Scene, dialog: Dialog, *, keep_bot: bool = False) -> None:
    """Nobody is the operator any more."""
    if dialog.bot is not None and (keep_bot or line_of(scene, dialog).config["WELCOME_BOT_LEFT"] == "close"):
        dialog.staying.add(dialog.bot)
    dialog.bot, dialog.assignee, dialog.offered = None, None, None


def offer(scene: Scene, dialog: Dialog) -> None:
    """Ask the next agent of the queue; with ``all`` everybody may take it, and nobody in particular is asked."""
    line = line_of(scene, dialog)
    if line.config["QUEUE_TYPE"] == "all":
        return
    free = lines.free_agents(scene.state, line)
    fresh = [agent for agent in free if agent not in dialog.asked]
    if not fresh and free:
        dialog.asked = dialog.asked[-1:] if len(free) > 1 else []  # a new round, not with the one who was last
        fresh = [agent for agent in free if agent not in dialog.asked]
    if not fresh:
        dialog.offered = None
        return
    offer_to(scene, dialog, fresh[0])
    line.turn = (line.queue.index(fresh[0]) + 1) % len(line.queue)
    if len(free) > 1:
        _plan(scene, dialog, values.number(line.config["QUEUE_TIME"]), "queue_next")


def offer_to(scene: Scene, dialog: Dialog, agent: str) -> None:
    """One agent is asked; the dialog is theirs only when they answer."""
    dialog.offered = agent
    dialog.asked.append(agent)
    scene.events.append(Assigned(ticket=dialog.address, agent=agent, automatic=True))


def offer_waiting(scene: Scene) -> None:
    """Somebody is free again: what waits is offered."""
    for dialog in tuple(scene.state.dialogs()):
        if is_waiting(dialog) and dialog.offered is None:
            offer(Scene(scene.state, scene.at, scene.events, scene.later), dialog)


def is_waiting(dialog: Dialog) -> bool:
    """True while a dialog is in the queue."""
    return not dialog.is_over and dialog.assignee is None and dialog.bot is None


def accept(scene: Scene, dialog: Dialog, agent: str) -> None:
    """An agent has the dialog; bots leave, unless the line keeps its bot until the end."""
    is_asked_for = is_waiting(dialog)
    keeps = line_of(scene, dialog).config["WELCOME_BOT_LEFT"] == "close"
    leave_operator(scene, dialog)
    dialog.staying = dialog.staying if keeps else set()
    dialog.assignee = dialog.session.operator = agent
    dialog.joined.add(agent)
    scene.events.append(Assigned(ticket=dialog.address, agent=agent, automatic=is_asked_for))
    scene.events.append(Accepted(ticket=dialog.address, agent=agent))
    set_state(scene, dialog, "open", "answered")
    note(scene, dialog, f"{scene.state.seats[agent].agent.name} has started to work on the conversation")


def skip(scene: Scene, dialog: Dialog, agent: str) -> None:
    """An agent passes the dialog on to the next one in the queue."""
    scene.events.append(Declined(ticket=dialog.address, agent=agent))
    leave_operator(scene, dialog)
    if agent not in dialog.asked:
        dialog.asked.append(agent)
    set_state(scene, dialog, "new", "skip")
    offer(scene, dialog)


def to_agent(scene: Scene, dialog: Dialog, agent: str, *, keep_bot: bool = False) -> None:
    """The dialog is offered to one agent, who has yet to answer."""
    leave_operator(scene, dialog, keep_bot=keep_bot)
    set_state(scene, dialog, "new", "skip")
    dialog.offered = agent
    dialog.asked = [agent]
    scene.events.append(Assigned(ticket=dialog.address, agent=agent))
    note(scene, dialog, f"The conversation was redirected to {scene.state.seats[agent].agent.name}")


def to_line(scene: Scene, dialog: Dialog, line: Line, *, keep_bot: bool = False) -> None:
    """The dialog goes to the queue of a line, which may be another than its connector's."""
    dialog.moved_to = line.id
    dialog.team = line.name
    scene.events.append(Assigned(ticket=dialog.address, team=line.name))
    note(scene, dialog, f"The conversation was redirected to {line.name}")
    to_queue(scene, dialog, keep_bot=keep_bot)


# ---------------------------------------------------------------------------------------------------- the end


def finish(scene: Scene, dialog: Dialog, *, text: Any = "", asks_vote: bool = True) -> None:
    """The session is closed. Only where people had it, a part for people is over."""
    line = line_of(scene, dialog)
    had_people = dialog.bot is None
    say(scene, dialog, text or (line.config["CLOSE_TEXT"] if line.config["CLOSE_RULE"] == "text" else ""))
    if asks_vote and had_people and dialog.session.operator is not None and line.on("VOTE_MESSAGE"):
        say(scene, dialog, line.config["VOTE_MESSAGE_2_TEXT"])
        scene.events.append(SurveyAsked(ticket=dialog.address))
        dialog.vote_until = scene.at + (values.number(line.config["VOTE_TIME_LIMIT"]) or VOTE_S)
    dialog.session.closed_at = scene.at
    dialog.assignee, dialog.offered, dialog.bot = None, None, None
    dialog.staying, dialog.joined = set(), set()
    set_state(scene, dialog, "closed", "close")
    _told(scene, dialog, "FINISH", "Y")
    if had_people:
        scene.events.append(TicketClosed(ticket=dialog.address))
    offer_waiting(scene)
