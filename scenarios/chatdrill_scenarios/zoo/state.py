"""Defects in what a bot remembers, and of whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from ..shoebot import bot as bot_module
from ..shoebot.brain import respond
from ..shoebot.model import Event, Reply, State
from ..shoebot.skills import forms, talk, visits
from ..shoebot.store import Store
from .specimen import instead, specimen

_load, _write, _register, _begin, _greet = Store.load, Store._write, forms._register_return, forms.begin, talk._greet
_init, _advance, _leave, _finish = Store.__init__, forms._advance, visits.leave, Store.finish
_arrive, _alarms = visits.arrive, Store.alarms


def _answers(turn: Any) -> Any:
    """The bot's mind, in which something is done before or after the thought."""

    def thought(state: State, burst: Iterable[Event], **more: Any) -> tuple[State, list[Reply]]:
        found: tuple[State, list[Reply]] = turn(state, burst, **more)
        return found

    return instead(bot_module, respond=thought)


def _without_past(state: State, burst: Iterable[Event], **more: Any) -> tuple[State, list[Reply]]:
    return respond(State(), burst, **more)


def _without_facts(state: State, burst: Iterable[Event], **more: Any) -> tuple[State, list[Reply]]:
    return respond(replace(state, facts={}), burst, **more)


def _without_topic(state: State, burst: Iterable[Event], **more: Any) -> tuple[State, list[Reply]]:
    return respond(replace(state, topic=""), burst, **more)


def _a_stranger(state: State, burst: Iterable[Event], **more: Any) -> tuple[State, list[Reply]]:
    return respond(replace(state, met=False), burst, **more)


def _without_counts(state: State, burst: Iterable[Event], **more: Any) -> tuple[State, list[Reply]]:
    return respond(replace(state, returns={}), burst, **more)


def _without_task_later(state: State, burst: Iterable[Event], **more: Any) -> tuple[State, list[Reply]]:
    """Another question ends the form."""
    before = state.task
    after, replies = respond(state, burst, **more)
    asked = bool(before) and after.task == before and after.facts == state.facts
    return (replace(after, task="", facts={}) if asked else after), replies


def _never_tired(state: State, burst: Iterable[Event], **more: Any) -> tuple[State, list[Reply]]:
    return respond(replace(state, puzzled=0), burst, **more)


def _never_done(state: State, burst: Iterable[Event], **more: Any) -> tuple[State, list[Reply]]:
    """A finished form begins again with the facts of the last one."""
    after, replies = respond(state, burst, **more)
    if state.task and not after.task:
        after = replace(
            after, task=state.task, facts={name: fact for name, fact in state.facts.items() if name != "order"}
        )
    return after, replies


def _of_whoever_was_last(store: Store, conversation: str) -> State:
    return _load(store, str(store.__dict__.get("last", conversation)))


def _writes_last(store: Store, conversation: str, state: State, due: float | None) -> None:
    store.__dict__["last"] = conversation
    _write(store, conversation, state, due)


def _by_channel(store: Store, conversation: str) -> State:
    """A chat's key without its second half."""
    return _load(store, conversation.partition(":")[0])


def _written_by_channel(store: Store, conversation: str, state: State, due: float | None) -> None:
    _write(store, conversation.partition(":")[0], state, due)


def _half_an_id(store: Store, conversation: str) -> State:
    """A column of four characters."""
    return _load(store, conversation[:13])


def _written_by_half(store: Store, conversation: str, state: State, due: float | None) -> None:
    _write(store, conversation[:13], state, due)


def _not_after_restart(store: Store) -> list[tuple[str, float]]:
    """Timers are in memory."""
    return []


def _once_in_a_process(store: Store, path: str) -> None:
    """The dialogs of the last process are old."""
    _init(store, path)
    store._db.execute("DELETE FROM conversations")


def _in_the_other_order(
    store: Store, burst: Iterable[Event], state: State | None = None, due: float | None = None
) -> None:
    """The state is written with the next message, when there is one."""
    _finish(store, burst, store.__dict__.pop("held", None), due)
    store.__dict__["held"] = state


RESTART, REMINDER = "Restarted in the middle of a return", "Restarted before the reminder"
TWO, HELLO, COUNTED, LATER = (
    "Two customers at once",
    "Hello again",
    "Returns are counted",
    "From the status to a return",
)
REASON, UP = "The reason comes first", "The bot gives up"
RETURN = ("I want to return order 553", "torn")

_state = partial(specimen, "state")
SPECIMENS = (
    _state("keeps dialogs in memory", "BotBuilder-Samples#3523", "expected", RESTART, env=("SHOEBOT_DB=:memory:",), minimum=RETURN),
    _state("keeps dialogs in memory, on WhatsApp", "BotBuilder-Samples#2882", "expected", RESTART, env=("SHOEBOT_DB=:memory:",),
           platform="whatsapp", minimum=RETURN),
    _state("begins anew with every process", "botpress#13660", "expected", RESTART, instead(Store, __init__=_once_in_a_process),
           minimum=RETURN),
    _state("keeps timers in memory", "python-telegram-bot#648", "expected", REMINDER, instead(Store, alarms=_not_after_restart)),
    _state("remembers nothing", "rasa#6796", "expected", REASON, _answers(_without_past), minimum=RETURN),
    _state("asks again what it was told", "chatwoot#15430", "expected", REASON, _answers(_without_facts), minimum=RETURN),
    _state("asks for a number that it has just told", "rasa#3955", "expected", LATER, _answers(_without_topic),
           minimum=("Where is order 553?", "I want to return it")),
    _state("greets everybody like a stranger", "fazer-ai/agents#458", "expected", HELLO, _answers(_a_stranger), minimum=("Hello", "Hello")),
    _state("gives every return the first number", "rasa#4212", "expected", COUNTED, _answers(_without_counts),
           minimum=("return 553, torn, no photo",) * 2),
    _state("drops a form at any other question", "rasa#8691", "expected", "A voice note instead of the photo | Take your time",
           _answers(_without_task_later)),
    _state("never gives up", "rasa#5251", "expected", UP, _answers(_never_tired), minimum=("abracadabra",) * 3),
    _state("goes on with a form that is finished", "rasa#8119", "expected", "A second photo", _answers(_never_done)),
    _state("remembers whoever wrote last", "freescout#5121", "expected", TWO,
           (*instead(Store, load=_of_whoever_was_last), *instead(Store, _write=_writes_last)),
           minimum=("order 553", "order 554", "I want to return it")),
    _state("has one memory for all of Telegram", "waha#2241", "expected", TWO,
           (*instead(Store, load=_by_channel), *instead(Store, _write=_written_by_channel)),
           minimum=("order 553", "order 554", "I want to return it")),
    _state("has one memory for all of WhatsApp", "waha#2241", "expected", TWO,
           (*instead(Store, load=_by_channel), *instead(Store, _write=_written_by_channel)), platform="whatsapp"),
    _state("writes down what was said one message later", "rasa#9305", "expected", REASON, instead(Store, finish=_in_the_other_order),
           minimum=RETURN),
)  # fmt: skip
