"""What a line does by itself when a time is up."""

from __future__ import annotations

from collections.abc import Callable

from chatdrill.errors import UsageError, did_you_mean
from chatdrill.model import Elapse, HandoffAsked
from chatdrill_fakes.desks.bitrix24 import sessions
from chatdrill_fakes.desks.bitrix24.calls import Scene
from chatdrill_fakes.desks.bitrix24.state import Dialog


def elapse(scene: Scene, dialog: Dialog, act: Elapse) -> None:
    """A timer of the line's. One that belongs to a session that is over, or that was overtaken, does nothing."""
    if act.what not in TIMERS:
        raise UsageError(f"bitrix24 plans no {act.what!r}{did_you_mean(act.what, TIMERS)}")
    if not dialog.is_over and act.data.get("session", dialog.session.id) == dialog.session.id:
        TIMERS[act.what](scene, dialog, act)


def _queue_next(scene: Scene, dialog: Dialog, act: Elapse) -> None:
    """``QUEUE_TIME``: whoever was asked did not answer."""
    if sessions.is_waiting(dialog) and dialog.offered == act.data.get("offered", dialog.offered):
        sessions.offer(scene, dialog)


def _no_answer(scene: Scene, dialog: Dialog, act: Elapse) -> None:  # noqa: ARG001
    """``NO_ANSWER_TIME``: the customer is told that nobody is free."""
    if sessions.is_waiting(dialog):
        sessions.say(scene, dialog, sessions.line_of(scene, dialog).config["NO_ANSWER_TEXT"])


def _welcome_bot(scene: Scene, dialog: Dialog, act: Elapse) -> None:  # noqa: ARG001
    """``WELCOME_BOT_TIME``: the bot had its time, the queue is next."""
    if dialog.bot is not None:
        scene.events.append(HandoffAsked(ticket=dialog.address))
        sessions.to_queue(scene, dialog)


def _auto_close(scene: Scene, dialog: Dialog, act: Elapse) -> None:
    """``AUTO_CLOSE_TIME``: nobody has written since."""
    if len(dialog.entries) == act.data.get("entries", len(dialog.entries)):
        config = sessions.line_of(scene, dialog).config
        text = config["AUTO_CLOSE_TEXT"] if config["AUTO_CLOSE_RULE"] == "text" else ""
        sessions.finish(scene, dialog, text=text)


TIMERS: dict[str, Callable[[Scene, Dialog, Elapse], None]] = {
    "queue_next": _queue_next,
    "no_answer": _no_answer,
    "welcome_bot": _welcome_bot,
    "auto_close": _auto_close,
}
