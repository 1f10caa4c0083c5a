"""The steps of a scenario as data: what customers do, what happens to them, and what they expect to hear.

Steps are frozen and serialisable (``step_to_dict``/``step_from_dict``), so that a trace holds the scenario it was made
from. Conditions are flattened: a scenario is one list of steps, and each step carries the conditions it stands under.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from chatdrill.engine import templates
from chatdrill.engine.conditions import fill_condition, holds
from chatdrill.engine.desk_steps import AgentDoes, AgentSees, Breaks, Forges, Handoff, Rates, Restarts
from chatdrill.engine.expect import Expectation, MessageRef
from chatdrill.engine.step_parts import BaseStep, Content, Guard
from chatdrill.model import Referral

_encode = msgspec.json.Encoder().encode


class Piece(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message of a burst; ``after_s`` drill seconds after the one before it (``None``: as the persona writes)."""

    text: str
    after_s: float | None = None


class Says(BaseStep, frozen=True, kw_only=True, tag="says"):
    """The customer writes words, in one message or a scripted burst."""

    pieces: tuple[Piece, ...]
    reply_to: MessageRef | None = None
    forwarded: bool = False
    referral: Referral | None = None

    @property
    def scripted(self) -> bool:
        """True if the scenario wrote the burst itself, so that the persona must not split or change the text."""
        return len(self.pieces) > 1 or self.pieces[0].after_s is not None


class Sends(BaseStep, frozen=True, kw_only=True, tag="sends"):
    """The customer sends one message that is not just words; several attachments are an album."""

    contents: tuple[Content, ...]
    reply_to: MessageRef | None = None
    forwarded: bool = False


class Starts(BaseStep, frozen=True, kw_only=True, tag="starts"):
    """The customer opens the chat, perhaps by a link that carries ``payload``."""

    payload: str | None = None
    referral: Referral | None = None


class Presses(BaseStep, frozen=True, kw_only=True, tag="presses"):
    """The customer presses a button, found by title or payload, of the newest message that has it.

    ``of`` narrows the messages down; ``menu`` means the bot's permanent menu instead of a message. ``nth``: that button of the newest
    message that has any, counted from 0 and round and round, whatever it is called.
    """

    title: str | None = None
    payload: str | None = None
    of: MessageRef | None = None
    menu: bool = False
    nth: int | None = None


class Edits(BaseStep, frozen=True, kw_only=True, tag="edits"):
    """The customer changes an own message to ``text``."""

    text: str
    message: MessageRef = MessageRef()


class Deletes(BaseStep, frozen=True, kw_only=True, tag="deletes"):
    """The customer deletes an own message."""

    message: MessageRef = MessageRef()


class Reacts(BaseStep, frozen=True, kw_only=True, tag="reacts"):
    """The customer reacts to a message of the bot, or takes the reaction back (``emoji`` ``None``)."""

    emoji: str | None = None
    message: MessageRef = MessageRef()


class Reads(BaseStep, frozen=True, kw_only=True, tag="reads"):
    """The customer reads everything up to a message of the bot."""

    message: MessageRef = MessageRef()


class Types(BaseStep, frozen=True, kw_only=True, tag="types"):
    """The customer types for a while and sends nothing."""

    seconds: float


class Waits(BaseStep, frozen=True, kw_only=True, tag="waits"):
    """Nothing happens for a while of drill time."""

    seconds: float


class WaitsUntil(BaseStep, frozen=True, kw_only=True, tag="waits_until"):
    """Nothing happens until a moment (``chatdrill.engine.moments``)."""

    moment: str

    @property
    def is_timed(self) -> bool:
        return True


class Blocks(BaseStep, frozen=True, kw_only=True, tag="blocks"):
    """The customer blocks the bot."""


class Unblocks(BaseStep, frozen=True, kw_only=True, tag="unblocks"):
    """The customer lets the bot write again."""


class Happens(BaseStep, frozen=True, kw_only=True, tag="happens"):
    """An event that only ``platform`` has, by the vendor's name; a case on another platform leaves the step out."""

    platform: str
    event: str
    data: dict[str, Any] = msgspec.field(default_factory=dict)


class Hears(BaseStep, frozen=True, kw_only=True, tag="hears"):
    """The bot says what is expected, at most ``within_s`` drill seconds from the start of the step.

    It does not come earlier than ``not_before`` and not later than ``by``: drill seconds after the customer's last word,
    or a moment (``chatdrill.engine.moments``).

    Several expectations are met by as many messages, in any order or (``in_order``) in the given one. ``only``: and by no
    other message of the turn. An ``optional`` step that is not met is skipped.
    """

    expectations: tuple[Expectation, ...]
    within_s: float | None = None
    not_before: float | str | None = None
    by: float | str | None = None
    in_order: bool = False
    only: bool = False
    optional: bool = False

    @property
    def is_timed(self) -> bool:
        return self.not_before is not None or self.by is not None

    @property
    def captures(self) -> frozenset[str]:
        """The names that this step captures."""
        return frozenset[str]().union(*(item.captures for item in self.expectations))


class Eventually(Hears, frozen=True, kw_only=True, tag="eventually"):
    """Like ``Hears``, and what the bot says meanwhile is excused."""


class Reminded(Hears, frozen=True, kw_only=True, tag="reminded"):
    """Like ``Hears``, but the bot speaks unasked: the customer is away and does not nudge."""


class HearsNothing(BaseStep, frozen=True, kw_only=True, tag="hears_nothing"):
    """The bot says nothing for ``seconds`` of drill time."""

    seconds: float


class Never(BaseStep, frozen=True, kw_only=True, tag="never"):
    """The bot does not say this from here on: for ``for_s`` drill seconds, or (``None``) to the end."""

    expectation: Expectation
    for_s: float | None = None


Step = (
    Says
    | Sends
    | Starts
    | Presses
    | Edits
    | Deletes
    | Reacts
    | Reads
    | Types
    | Waits
    | WaitsUntil
    | Blocks
    | Unblocks
    | Happens
    | Hears
    | Eventually
    | Reminded
    | HearsNothing
    | Never
    | Handoff
    | AgentDoes
    | AgentSees
    | Rates
    | Breaks
    | Forges
    | Restarts
)


class _Box(msgspec.Struct):
    """Holds a step while it is read: msgspec prepares a union once for a field, and anew for every bare call."""

    step: Step


def step_to_dict(step: Step) -> dict[str, Any]:
    """A step as plain data, for a trace."""
    data: dict[str, Any] = msgspec.to_builtins(step)
    return data


def step_from_dict(data: Mapping[str, Any]) -> Step:
    """The step that ``step_to_dict`` gave. Raises ``msgspec.ValidationError`` for anything else."""
    return msgspec.convert({"step": data}, _Box).step


def moments_of(step: Step) -> tuple[str, ...]:
    """The moments that a step names."""
    if isinstance(step, WaitsUntil):
        return (step.moment,)
    return tuple(at for at in (step.not_before, step.by) if isinstance(at, str)) if isinstance(step, Hears) else ()


# ------------------------------------------------------------------------------------------------ names in steps


def substitute(step: Step, values: Mapping[str, str]) -> Step:
    """The step as it is played: every ``{name}`` replaced, in a regular expression by its literal text.

    Conditions stay: ``Branches`` reads them. Raises ``ScenarioError`` for a name without a value.
    """

    def change(text: str, key: str) -> str:
        return text if key == "condition" else templates.render(text, values, quote=_QUOTES.get(key, str))

    return _changed(step, change)


def prefill(step: Step, values: Mapping[str, str], plain: dict[str, Any] | None = None) -> Step:
    """The step with the names replaced that are known by now; the others stay for ``substitute``."""

    def change(text: str, key: str) -> str:
        if key == "condition":
            return fill_condition(text, values)
        return templates.fill(text, values, quote=_QUOTES.get(key, str))

    return _changed(step, change, plain)


def plain_if_open(step: Step) -> dict[str, Any] | None:
    """The step as plain data if it may ask for names: what ``filled`` needs, once for however many rows."""
    return step_to_dict(step) if has_names(step) else None


def filled(step: Step, plain: dict[str, Any] | None, values: Mapping[str, str], customer: str) -> tuple[Step, bool]:
    """The step with the names replaced that are known by now, ``{customer.phone}`` meant as ``{key.phone}`` of the customer
    with this key; and whether there may be names left. ``plain`` is what ``plain_if_open`` gave."""
    if plain is None:
        return step, False
    known = prefill(step, values, plain)
    return (address_to(known, customer), True) if has_names(known) else (known, False)


def address_to(step: Step, key: str) -> Step:
    """The step with ``{customer.phone}`` meant as ``{key.phone}``: whoever acts, the names are unambiguous."""
    return _changed(step, lambda text, _: templates.rename(text, "customer", key))


def has_names(step: Step) -> bool:
    """Whether a step may ask for names at all; a quick look that spares most steps the slow one."""
    return templates.looks_unfilled(_encode(step).decode())


def names_used(step: Step) -> frozenset[str]:
    """The names that a step asks for, in its texts and conditions."""
    found: set[str] = set()
    if not has_names(step):
        return frozenset()

    def collect(text: str, _key: str) -> str:
        found.update(templates.names(text))
        return text

    templates.map_texts(step_to_dict(step), collect)
    return frozenset(found)


_QUOTES: dict[str, Callable[[str], str]] = {"regex": re.escape}


def _changed(step: Step, change: Callable[[str, str], str], plain: dict[str, Any] | None = None) -> Step:
    before = step_to_dict(step) if plain is None else plain
    after = templates.map_texts(before, change)
    return step if after == before else msgspec.convert(after, type(step))


# --------------------------------------------------------------------------------------------- order of steps


def branch(condition: str, then: Sequence[Step], otherwise: Sequence[Step], index: int) -> list[Step]:
    """The steps of an ``if`` at ``index`` of its list: one flat list, each step under the condition."""
    yes, no = Guard(str(index), condition), Guard(str(index), condition, negated=True)
    return [_under(yes, step) for step in nested(then, index)] + [_under(no, step) for step in nested(otherwise, index)]


def nested(steps: Sequence[Step], index: int) -> list[Step]:
    """``steps`` as a part of another list, from ``index`` on: their conditions keep ids of their own."""
    return [
        msgspec.structs.replace(step, when=tuple(_renamed(guard, index) for guard in step.when)) if step.when else step
        for step in steps
    ]


def _renamed(guard: Guard, index: int) -> Guard:
    return msgspec.structs.replace(guard, id=f"{index}.{guard.id}")


def _under(guard: Guard, step: Step) -> Step:
    return msgspec.structs.replace(step, when=(guard, *step.when))


class Branches:
    """Which conditions held. An ``if`` is decided once, when the first of its steps comes up."""

    def __init__(self) -> None:
        self._decided: dict[str, bool] = {}

    def admits(self, step: Step, values: Mapping[str, str]) -> bool:
        """True if ``step`` is to be played. A name that was not captured is empty in a condition."""
        return all(self._decide(guard, values) is not guard.negated for guard in step.when)

    def _decide(self, guard: Guard, values: Mapping[str, str]) -> bool:
        if guard.id not in self._decided:
            self._decided[guard.id] = holds(guard.condition, values)
        return self._decided[guard.id]


Turn = tuple[int, tuple[Step, ...]]
"""Steps that are played together, and the index of the first of them."""


def turns_of(steps: Sequence[Step]) -> Iterator[Turn]:
    """The steps in turns. Neighbouring plain ``hears`` of one customer under the same conditions are one turn, heard in any order,
    unless one of them uses what another captures; any other step is a turn by itself."""
    start = 0
    while start < len(steps):
        end = _turn_end(steps, start)
        yield start, tuple(steps[start:end])
        start = end


def _turn_end(steps: Sequence[Step], start: int) -> int:
    first, end = steps[start], start + 1
    if not _joins(first):
        return end
    captured = _captured(first)
    while end < len(steps) and _joins(steps[end]) and _same_ears(first, steps[end]):
        if captured & names_used(steps[end]):
            break
        captured |= _captured(steps[end])
        end += 1
    return end


def _joins(step: Step) -> bool:
    return type(step) is Hears and not (step.in_order or step.only)


def _same_ears(one: Step, other: Step) -> bool:
    return one.customer == other.customer and one.when == other.when


def _captured(step: Step) -> frozenset[str]:
    return step.captures if isinstance(step, Hears) else frozenset()
