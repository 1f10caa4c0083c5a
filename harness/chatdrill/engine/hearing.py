"""Which of the bot's messages meet what a turn expects. Pure: the player asks while it waits, the checks ask afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from chatdrill.engine.assigning import Assignment, assign
from chatdrill.engine.conversation import Heard
from chatdrill.engine.expect import Expectation
from chatdrill.engine.match import captured, matches, nearest
from chatdrill.engine.steps import Hears, Never
from chatdrill.engine.timing import ANY_TIME, Span
from chatdrill.model import Message


class Miss(msgspec.Struct, frozen=True, gc=False):
    """An expectation that no message met. ``step`` counts in the turn."""

    step: int
    expectation: Expectation


class TurnHeard(msgspec.Struct, gc=False):
    """``met``: the message that met each expectation, as (step, message). ``mistimed``: the message that would have met
    one at another time. ``extra``: what nobody expected, but for the earlier states of messages
    whose later state was expected."""

    met: list[tuple[int, Heard]] = []
    mistimed: list[tuple[int, Heard]] = []
    misses: list[Miss] = []
    extra: list[Heard] = []
    captured: dict[str, str] = {}

    def of(self, step: int) -> TurnHeard:
        """What came of one step."""
        return TurnHeard(
            met=[(number, item) for number, item in self.met if number == step],
            mistimed=[(number, item) for number, item in self.mistimed if number == step],
            misses=[miss for miss in self.misses if miss.step == step],
        )


def hear(
    steps: Sequence[Hears], heard: Sequence[Heard], known: Mapping[str, Message], spans: Sequence[Span] = ()
) -> TurnHeard:
    """Give the expectations of a turn's steps messages of their own. ``heard`` is what no earlier turn has used; ``spans``
    say when each step may be met (at any time, if there are none)."""
    if len(heard) == len(steps) == len(steps[0].expectations) == 1 and (not spans or spans[0] is ANY_TIME):
        return _hear_one(steps[0].expectations[0], heard[0], known)
    wanted = [(number, item) for number, step in enumerate(steps) for item in step.expectations]
    if not heard:
        return TurnHeard(misses=[Miss(number, item) for number, item in wanted])
    times = [spans[number] if spans else ANY_TIME for number, _ in wanted]
    result: Assignment = assign(
        [item for _, item in wanted],
        [item.message for item in heard],
        in_order=steps[0].in_order,
        known=known,
        may=lambda want, got: times[want].holds(heard[got].at),
    )
    met = [(wanted[want][0], heard[got]) for want, got in result.matched.items()]
    final = {identity for _, item in met if item.edit for identity in item.message.ids}
    extra = [item for item in (heard[got] for got in result.extra) if final.isdisjoint(item.message.ids)]
    made = TurnHeard(met=met, extra=extra, captured=result.captures)
    for want, (number, expectation) in enumerate(wanted):
        is_met, span = want in result.matched, times[want]
        found = None if span.is_open else _mistimed(expectation, span, made.extra, known, is_met=is_met)
        if found is not None:
            made.extra.remove(found)
            made.mistimed.append((number, found))
        elif not is_met:
            made.misses.append(Miss(number, expectation))
    return made


def _mistimed(
    expectation: Expectation, span: Span, extra: Sequence[Heard], known: Mapping[str, Message], *, is_met: bool
) -> Heard | None:
    """The message that would have met an expectation at another time. Too early stays too early when another follows."""
    outside = (item for item in extra if (span.is_early(item.at) if is_met else not span.holds(item.at)))
    return next((item for item in outside if matches(expectation, item.message, known) is None), None)


def _hear_one(expectation: Expectation, item: Heard, known: Mapping[str, Message]) -> TurnHeard:
    """The commonest case by far: one message, one expectation."""
    if matches(expectation, item.message, known) is not None:
        return TurnHeard(misses=[Miss(0, expectation)], extra=[item])
    return TurnHeard(met=[(0, item)], captured=captured(expectation, item.message))


def is_said(step: Never, item: Heard, known: Mapping[str, Message]) -> bool:
    """Whether a message is what ``step`` never wants. An edit says something too, unless edits are what is asked for."""
    message = item.message
    if item.edit and not step.expectation.edited:
        message = msgspec.structs.replace(message, edited_at=None)
    return matches(step.expectation, message, known) is None


def explain(miss: Miss, heard: Sequence[Heard], known: Mapping[str, Message]) -> dict[str, str]:
    """Labelled lines about a miss: what was expected, what came nearest, and what was different about it."""
    lines = {"expected": describe(miss.expectation)}
    closest = nearest(miss.expectation, [item.message for item in heard], known)
    if closest is None:
        lines["nearest"] = "the bot said nothing"
    else:
        lines["nearest"] = repr(closest.message.text) if closest.message.text else "a message without words"
        lines["but"] = str(closest.mismatch)
    return lines


def describe(expectation: Expectation) -> str:
    """An expectation in words."""
    said = (_say(expectation, name, words) for name, words in _WORDS)
    return ", ".join(filter(None, said)) or "any message"


_WORDS = (
    ("edited", "an edited message"),
    ("text", "{!r}"),
    ("one_of", "one of {}"),
    ("contains", "containing {}"),
    ("lacks", "without {}"),
    ("regex", "matching /{}/"),
    ("wordless", "no text"),
    ("buttons", "with the button {}"),
    ("media", "with {} media"),
    ("mime", "of type {}"),
    ("of", "the file {}"),
    ("card", "with a card {!r}"),
    ("template", "the template {}"),
    ("location", "with a location"),
    ("contact", "with a contact"),
    ("parts", "made of {}"),
    ("kind", "with a {}"),
    ("reply_to", "in reply to {}"),
)


def _say(expectation: Expectation, name: str, words: str) -> str:
    value = getattr(expectation, name)
    if value in (None, (), False):
        return "without buttons" if name == "buttons" and value == () else ""
    if isinstance(value, tuple):
        value = " and ".join(repr(item) if isinstance(item, str) else str(item) for item in value)
    return words.format(getattr(value, "name", value) if name == "template" else value)
