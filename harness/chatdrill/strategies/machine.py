"""The dialog machine: whole dialogs as data, drawn rule by rule or made of a scenario's customer half, and checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from chatdrill.engine.steps import Piece, Presses, Says, Sends, Starts, Step, Waits
from chatdrill.strategies.chance import Chance, bounds_of, weighted
from chatdrill.strategies.place import Place
from chatdrill.strategies.rules import ANSWER_S, RULES, Rule, draw_burst, draw_media, draw_says, rule_of
from chatdrill.strategies.sentences import is_nudge_like
from chatdrill.strategies.state import DialogState
from chatdrill.strategies.words import Words

STEPS_MAX = 12
_PERSONAS = ("impatient", "fragmenter", "chatty", "non-native", "angry")
_PLAIN_SHARE = 0.8
_SEED_SHARE = 0.35
_ONE_LANGUAGE_SHARE = 0.6
_PAUSES_S = (ANSWER_S, ANSWER_S, ANSWER_S, 15.0, 20.0, 0.3, 1.0, 3.0, 0.0)
"""How long after one utterance the next one comes: mostly after an answer, at times before it."""
LAST_S = 15.0
"""Silence at the end, for the last answer."""


class Dialog(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One dialog as data. ``faults`` are what comes by chance in it, as ``--faults`` says it."""

    platform: str
    steps: tuple[Step, ...]
    desk: str | None = None
    persona: str = "patient"
    locale: str = "en_US"
    faults: str = ""

    @property
    def messages(self) -> int:
        """How many messages the customer writes, as far as that is known before."""
        return sum(len(step.pieces) if isinstance(step, Says) else speaks(step) for step in self.steps)


def speaks(step: Step) -> bool:
    """True for a step that is a message, a press or a start."""
    return isinstance(step, Says | Sends | Presses | Starts)


def states(steps: Sequence[Step], place: Place) -> list[DialogState] | None:
    """What is known before each step and at the end; ``None`` if one of them is not allowed where it stands."""
    state = DialogState()
    found = [state]
    for step in steps:
        rule = rule_of(step)
        if rule is None or not rule.allows(state, step, place):
            return None
        state = rule.after(state, step)
        found.append(state)
    return found


def is_valid(dialog: Dialog, place: Place) -> bool:
    """True for a dialog that people could have: every step is allowed where it stands, and somebody says something."""
    found = states(dialog.steps, place)
    return found is not None and found[-1].said > 0


def legal(steps: Sequence[Step], place: Place) -> tuple[Step, ...]:
    """The steps without those that are not allowed where they stand."""
    state = DialogState()
    kept: list[Step] = []
    for step in steps:
        rule = rule_of(step)
        if rule is not None and rule.allows(state, step, place):
            state = rule.after(state, step)
            kept.append(step)
    return tuple(kept)


# ------------------------------------------------------------------------------------------------------------ drawing


def draw_dialog(
    chance: Chance, words: Words, place: Place, *, steps_max: int = STEPS_MAX, faults: Sequence[str] = ("",)
) -> Dialog:
    """A dialog: of the machine's own, or a scenario's customer half that was changed. A customer who talks to people keeps to one language."""
    locales = place.locales
    if place.desk is not None or chance.random() < _ONE_LANGUAGE_SHARE:
        language = chance.choice(words.languages)
        words = words.spoken_in(language)
        locales = tuple(one for one in locales if one.startswith(language)) or locales
    if words.seeds and chance.random() < _SEED_SHARE:
        steps = mutate(chance, chance.choice(words.seeds), words, place, steps_max)
    else:
        steps = _walk(chance, words, place, steps_max)
    if not any(speaks(step) for step in steps):
        steps = (Says(pieces=(Piece(chance.choice(words.lines)),)),)
    is_plain = chance.random() < _PLAIN_SHARE or any(_is_fragile(step) for step in steps)
    return Dialog(
        platform=place.platform,
        desk=place.desk,
        steps=(*steps, Waits(seconds=LAST_S)),
        persona="patient" if is_plain else chance.choice(_PERSONAS),
        locale=locales[0] if is_plain else chance.choice(locales),
        faults=chance.choice(faults),
    )


def _is_fragile(step: Step) -> bool:
    """True for words of which a persona's typing may leave nothing."""
    return isinstance(step, Says) and any(is_nudge_like(piece.text) for piece in step.pieces)


_TABLE = tuple(rule for rule in RULES if rule.weight)
_BOUNDS = bounds_of([rule.weight for rule in _TABLE])
_TRIES = 8


def _walk(chance: Chance, words: Words, place: Place, steps_max: int) -> tuple[Step, ...]:
    """A walk from rule to rule."""
    state, steps = DialogState(), []
    count = 1 + min(chance.randrange(0, steps_max), chance.randrange(0, steps_max))
    acts = 0
    while acts < count:
        drawn = _draw_step(chance, words, place, state)
        if drawn is None:
            break
        rule, step = drawn
        steps.append(step)
        state = rule.after(state, step)
        acts += 1
        if rule.who != "clock" and (pause_s := _pause_after(chance, rule)):
            pause = Waits(seconds=pause_s)
            steps.append(pause)
            state = msgspec.structs.replace(state, quiet_s=state.quiet_s + pause_s)
    return tuple(steps)


def _pause_after(chance: Chance, rule: Rule) -> float:
    if rule.name == "asks for a person":
        return 30.0
    return chance.choice(_PAUSES_S)


def _draw_step(chance: Chance, words: Words, place: Place, state: DialogState) -> tuple[Rule, Step] | None:
    for _ in range(_TRIES):
        rule = weighted(chance, _TABLE, _BOUNDS)
        if (rule.who == "agent" and not (state.asked or state.closed)) or (
            state.blocked and rule.who == "customer" and rule.name != "unblocks"
        ):
            continue
        step = rule.draw(chance, words, place, state)
        own = rule_of(step)  # words may turn out to mean something else
        if own is not None and own.allows(state, step, place):
            return own, step
    return None


# ----------------------------------------------------------------------------------------------------------- mutating

Mutation = Callable[[Chance, list[Step], Words, Place], list[Step]]


def mutate(chance: Chance, seed: Sequence[Step], words: Words, place: Place, steps_max: int) -> tuple[Step, ...]:
    """A scenario's customer half with one to three changes, as far as it is legal, and not much longer than ``steps_max`` acts."""
    steps = list(seed)
    acts = [index for index, step in enumerate(steps) if not isinstance(step, Waits)]
    if len(acts) > steps_max:
        first = chance.randrange(0, len(acts) - steps_max + 1)
        steps = steps[acts[first] : acts[first + steps_max - 1] + 1]
    for _ in range(chance.randrange(1, 4)):
        if steps:
            steps = chance.choice(_MUTATIONS)(chance, steps, words, place)
    return legal(steps, place)


def _drop(chance: Chance, steps: list[Step], _words: Words, _place: Place) -> list[Step]:
    at = chance.randrange(0, len(steps))
    return steps[:at] + steps[at + 1 :]


def _double(chance: Chance, steps: list[Step], _words: Words, _place: Place) -> list[Step]:
    at = chance.randrange(0, len(steps))
    return [*steps[: at + 1], *steps[at:]]


def _swap(chance: Chance, steps: list[Step], _words: Words, _place: Place) -> list[Step]:
    first, second = chance.randrange(0, len(steps)), chance.randrange(0, len(steps))
    steps[first], steps[second] = steps[second], steps[first]
    return steps


def _split(chance: Chance, steps: list[Step], _words: Words, _place: Place) -> list[Step]:
    """One message in pieces."""
    at = chance.randrange(0, len(steps))
    step = steps[at]
    if not isinstance(step, Says) or len(step.pieces) > 1:
        return steps
    parts = step.pieces[0].text.split(" ")
    middle = (len(parts) + 1) // 2
    halves = [text for text in (" ".join(parts[:middle]), " ".join(parts[middle:])) if text.strip()]
    pieces = tuple(Piece(text, None if not number else 0.5) for number, text in enumerate(halves))
    return [*steps[:at], msgspec.structs.replace(step, pieces=pieces), *steps[at + 1 :]]


def _merge(_chance: Chance, steps: list[Step], _words: Words, _place: Place) -> list[Step]:
    """No pauses: all in one breath."""
    return [msgspec.structs.replace(step, seconds=0.3) if isinstance(step, Waits) else step for step in steps]


def _insert(make: Callable[..., Any]) -> Mutation:
    def insert(chance: Chance, steps: list[Step], words: Words, place: Place) -> list[Step]:
        at = chance.randrange(0, len(steps) + 1)
        made = make(chance, words, place, DialogState(said=1, wrote=1))
        return [*steps[:at], made, Waits(seconds=chance.choice(_PAUSES_S)), *steps[at:]]

    return insert


def _wait(chance: Chance, steps: list[Step], _words: Words, _place: Place) -> list[Step]:
    at = chance.randrange(0, len(steps) + 1)
    return [*steps[:at], Waits(seconds=chance.choice((60.0, 3600.0, 25 * 3600.0))), *steps[at:]]


_MUTATIONS: tuple[Mutation, ...] = (
    _drop, _double, _swap, _split, _merge, _insert(draw_says), _insert(draw_burst), _insert(draw_media), _wait,
)  # fmt: skip
