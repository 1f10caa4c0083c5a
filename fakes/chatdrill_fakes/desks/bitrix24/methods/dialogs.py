"""``imopenlines.*`` about one dialog: bots hand it over, operators take, pass and finish it."""

from __future__ import annotations

from typing import Any

from chatdrill.model import HandoffAsked
from chatdrill_fakes.desks.bitrix24 import sessions, values
from chatdrill_fakes.desks.bitrix24.calls import Failure, Job, Method
from chatdrill_fakes.desks.bitrix24.state import Bot, Dialog, Line

# ------------------------------------------------------------------------------------------------------ the bot


def _bot_dialog(job: Job) -> Dialog:
    if job.number("CHAT_ID") <= 0:
        raise Failure("CHAT_ID_EMPTY", "Chat ID can't be empty")
    dialog = job.state.dialog(job.number("CHAT_ID"))
    if dialog is None:
        raise Failure("WRONG_CHAT", "Operator is not a bot")
    job.visit.to = dialog.address
    return dialog


def own_bot(job: Job, name: str = "CLIENT_ID") -> Bot:
    """A bot of the calling application; with a webhook, the one that was registered with that key."""
    bots = list(job.state.bots.values())
    if not job.caller.is_app:
        bots = [bot for bot in bots if bot.token and bot.token == job.text(name)]
    if not bots:
        raise Failure("BOT_ID_ERROR", "Bot not found")
    return bots[0]


def _is_bots(dialog: Dialog) -> bool:
    return not dialog.is_over and dialog.bot is not None


def to_free_operator(job: Job) -> Any:
    """The bot gives the dialog to the line's queue."""
    dialog = _bot_dialog(job)
    if not _is_bots(dialog):
        raise Failure("WRONG_CHAT", "Operator is not a bot")
    scene = job.scene(dialog)
    scene.events.append(HandoffAsked(ticket=dialog.address))
    sessions.to_queue(scene, dialog)
    return True


def transfer_by_bot(job: Job) -> Any:
    """The bot gives the dialog to one operator or to a queue; with ``LEAVE`` ``N`` it stays beside until somebody answers."""
    dialog = _bot_dialog(job)
    agent, line = target(job)
    own_bot(job)
    if not _is_bots(dialog):
        raise Failure("OPERATOR_WRONG", "You cannot redirect to this operator")
    scene, keep = job.scene(dialog), not values.flag(job.get("LEAVE"))
    asked = {"agent": agent} if agent is not None else {"line": 0 if line is None else line.id}
    scene.events.append(HandoffAsked(ticket=dialog.address, fields=asked))
    if agent is not None:
        sessions.to_agent(scene, dialog, agent, keep_bot=keep)
    elif line is not None:
        sessions.to_line(scene, dialog, line, keep_bot=keep)
    return True


def target(job: Job) -> tuple[str | None, Line | None]:
    """To whom: ``USER_ID`` goes before ``QUEUE_ID``, that before ``TRANSFER_ID``."""
    user, queue = job.get("USER_ID"), job.get("QUEUE_ID")
    whole = job.text("TRANSFER_ID").strip().lower()
    if user is not None:
        if values.number(user) <= 0:
            raise Failure("USER_ID_EMPTY", "User ID can't be empty")
        return _agent(job, values.number(user)), None
    if queue is not None:
        if values.number(queue) <= 0:
            raise Failure("QUEUE_ID_EMPTY", "QUEUE ID can't be empty")
        return None, _line(job, values.number(queue))
    if not whole:
        raise Failure("TRANSFER_ID_EMPTY", "Queue ID or User ID can't be empty")
    if whole.startswith("queue"):
        return None, _line(job, values.number(whole.removeprefix("queue")))
    return _agent(job, values.number(whole)), None


def _agent(job: Job, id: int) -> str:
    agent = job.state.agent_by_id(str(id))
    if agent is None:
        raise Failure("OPERATOR_WRONG", "You cannot redirect to this operator")
    return agent


def _line(job: Job, id: int) -> Line:
    if id not in job.state.lines:
        raise Failure("OPERATOR_WRONG", "You cannot redirect to this operator")
    return job.state.lines[id]


def finish_by_bot(job: Job) -> Any:
    """The bot ends the session."""
    dialog = _bot_dialog(job)
    own_bot(job)
    if not dialog.is_over:
        sessions.finish(job.scene(dialog), dialog, asks_vote=False)
    return True


def say_by_bot(job: Job) -> Any:
    """One of the line's automatic texts, or a given one; true even if nothing was said."""
    dialog = _bot_dialog(job)
    line = sessions.line_of(job.scene(dialog), dialog)
    standard = line.config["WELCOME_MESSAGE_TEXT"] if job.text("NAME").upper() == "WELCOME" else ""
    if not dialog.is_over:
        sessions.say(job.scene(dialog), dialog, job.text("MESSAGE") or standard)
    return True


# ---------------------------------------------------------------------------------------------------- operators


def _dialog(job: Job) -> Dialog:
    dialog = job.state.dialog(job.number("CHAT_ID"))
    if dialog is None:
        raise Failure("CHAT_ID", "The specified chat identifier is incorrect")
    job.visit.to = dialog.address
    return dialog


def operator(job: Job) -> str:
    """The agent in whose name the call is made."""
    agent = job.state.agent_by_id(job.caller.user)
    if agent is None:
        raise Failure("ACCESS_DENIED", "You cannot open this conversation as you do not have sufficient rights")
    return agent


def answer(job: Job) -> Any:
    """The operator takes the dialog."""
    dialog, agent = _dialog(job), operator(job)
    if dialog.is_over:
        sessions.start(job.scene(dialog), dialog)
    if dialog.assignee != agent:
        sessions.accept(job.scene(dialog), dialog, agent)
    return True


def skip(job: Job) -> Any:
    """The operator passes it on to the next."""
    dialog, agent = _dialog(job), operator(job)
    if dialog.is_over or dialog.bot is not None:
        raise Failure("ACCESS_DENIED_KICK", "Insufficient permissions to remove participants from the chat")
    sessions.skip(job.scene(dialog), dialog, agent)
    return True


def finish(job: Job) -> Any:
    """The operator ends the session."""
    dialog = _dialog(job)
    operator(job)
    if not dialog.is_over:
        sessions.finish(job.scene(dialog), dialog)
    return True


def finish_anothers(job: Job) -> Any:
    """An operator, or the administrator, ends a session whoever has it."""
    dialog = _dialog(job)
    if job.caller.user != job.state.settings["user_id"]:
        operator(job)
    if not dialog.is_over:
        sessions.finish(job.scene(dialog), dialog)
    return True


def spam(job: Job) -> Any:
    """The operator ends the session as spam: nobody asks for a rating."""
    dialog = _dialog(job)
    operator(job)
    if not dialog.is_over:
        sessions.finish(job.scene(dialog), dialog, asks_vote=False)
    return True


def transfer(job: Job) -> Any:
    """The operator passes the dialog to a colleague or a queue."""
    if job.number("CHAT_ID") <= 0:
        raise Failure("CHAT_ID_EMPTY", "Chat ID can't be empty")
    agent, line = target(job)
    dialog = _dialog(job)
    if dialog.is_over:
        raise Failure("OPERATOR_WRONG", "You cannot redirect to this operator")
    if agent is not None:
        sessions.to_agent(job.scene(dialog), dialog, agent)
    elif line is not None:
        sessions.to_line(job.scene(dialog), dialog, line)
    return True


def join(job: Job) -> Any:
    """A colleague comes into the chat beside the operator."""
    dialog, agent = _dialog(job), operator(job)
    dialog.joined.add(agent)
    return True


_RUNS = {
    "imopenlines.bot.session.operator": to_free_operator,
    "imopenlines.bot.session.transfer": transfer_by_bot,
    "imopenlines.bot.session.finish": finish_by_bot,
    "imopenlines.bot.session.message.send": say_by_bot,
    "imopenlines.operator.answer": answer,
    "imopenlines.operator.skip": skip,
    "imopenlines.operator.finish": finish,
    "imopenlines.operator.another.finish": finish_anothers,
    "imopenlines.operator.spam": spam,
    "imopenlines.operator.transfer": transfer,
    "imopenlines.session.intercept": answer,
    "imopenlines.session.start": answer,
    "imopenlines.message.session.start": answer,
    "imopenlines.session.join": join,
}
METHODS = {name: Method(run, "imopenlines") for name, run in _RUNS.items()}
