"""The rules of the dialog machine: who may do what when, how that is drawn, and what is known afterwards. One row each.

A step is legal where its rule allows it. So any list of steps can be checked, also one from which something was taken away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from chatdrill.engine.desk_steps import AgentDoes, Restarts
from chatdrill.engine.expect import MessageRef
from chatdrill.engine.step_parts import Attachment, Content
from chatdrill.engine.steps import (
    Blocks,
    Deletes,
    Edits,
    Piece,
    Presses,
    Reacts,
    Says,
    Sends,
    Starts,
    Step,
    Unblocks,
    Waits,
)
from chatdrill.model import Contact, Location
from chatdrill.strategies.chance import Chance, bounds_of, weighted
from chatdrill.strategies.place import Place
from chatdrill.strategies.sentences import draw_nudge, draw_text, is_nudge_like, is_visible, units
from chatdrill.strategies.state import DialogState
from chatdrill.strategies.words import Words, calls_person

Who = Literal["customer", "agent", "clock", "network"]
Draw = Callable[[Chance, Words, Place, DialogState], Step]
Allows = Callable[[DialogState, Step, Place], bool]
After = Callable[[DialogState, Step], DialogState]
_change = msgspec.structs.replace

ANSWER_S = 12.0
"""So long a customer waits for an answer: the check ``answered`` gives a bot 10 s."""
_EDIT_MAX_S = 600.0
"""Messengers let people change what they wrote for a quarter of an hour, or longer."""
_AWAY_S = (60.0, 600.0, 3600.0, 6 * 3600.0, 25 * 3600.0, 3 * 86400.0)
_BURST_GAPS_S = (0.0, 0.2, 0.7, 1.5, 4.0)
_REACTIONS = ("👍", "❤️", "😡", "🔥")
_AGENT_LINES = (
    "Hello, how can I help?",
    "One moment please.",
    "I have looked it up: all is well.",
    "Ваш заказ уже в пути.",
    "👍",
    "Anything else?",
)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """``kind`` is the class of its steps, ``fits`` tells those that are its own from others of that class; ``weight`` is how often it is
    drawn where it is allowed."""

    name: str
    who: Who
    kind: type
    weight: float
    draw: Draw
    allows: Allows
    after: After
    fits: Callable[[Any], bool] = lambda _step: True


# ------------------------------------------------------------------------------------------------- when it is allowed


def _can_write(state: DialogState, _step: Step, _place: Place) -> bool:
    return not state.blocked


def _can_say(state: DialogState, step: Any, place: Place) -> bool:
    """A nudge says something only after something else, and once: whether more of them are answered is a matter of taste."""
    if step.reply_to is not None and not state.wrote:
        return False
    if state.blocked or any(
        len(piece.text) > place.text_max + 1 or not is_visible(piece.text) for piece in step.pieces
    ):
        return False
    return not says_nothing(step) or (state.wrote > 0 and not state.nudged)


def says_nothing(step: Says) -> bool:
    """True for a nudge, also of several messages."""
    return all(is_nudge_like(piece.text) or piece.text in NUDGES for piece in step.pieces)


NUDGES = frozenset(("hello??", "are you there?", "алло?", "halo?"))


def _can_send(state: DialogState, step: Any, place: Place) -> bool:
    return not state.blocked and all(part_of(item) in place.parts for item in step.contents)


def part_of(item: Content) -> str:
    """How a platform's capabilities call what is sent."""
    if isinstance(item, Attachment):
        return f"media.{item.kind or _KIND_BY_SUFFIX.get(item.file.rpartition('.')[2], 'document')}"
    return str(item.__struct_config__.tag)


_KIND_BY_SUFFIX = {"jpg": "photo", "png": "photo", "ogg": "voice", "mp4": "video", "mp3": "audio", "webp": "sticker"}


def _can(act: str, *, newest: frozenset[str] = frozenset()) -> Allows:
    def allows(state: DialogState, _step: Step, place: Place) -> bool:
        return act in place.acts and not state.blocked and (not newest or state.newest in newest)

    return allows


def _can_edit(state: DialogState, step: Any, place: Place) -> bool:
    """The newest message is the one that is meant, in words or not."""
    known = "edit" in place.acts and not state.blocked and state.newest == "text" and state.quiet_s <= _EDIT_MAX_S
    return known and step.message.text is None and is_visible(step.text) and units(step.text) <= place.text_max


def _can_delete(state: DialogState, step: Any, place: Place) -> bool:
    """The newest message as well."""
    return _can("delete", newest=_OWN)(state, step, place) and step.message.text is None


def _can_react(state: DialogState, _step: Step, place: Place) -> bool:
    return "react" in place.acts and not state.blocked and state.said > 0


def _can_block(state: DialogState, _step: Step, place: Place) -> bool:
    return (
        "block" in place.acts and not state.blocked and state.said > 0 and state.quiet_s >= ANSWER_S and not state.asked
    )


def _is_blocked(state: DialogState, _step: Step, _place: Place) -> bool:
    return state.blocked


def _has_desk(state: DialogState, step: Any, place: Place) -> bool:
    return place.desk is not None and step.verb in _VERBS and (state.asked or (state.closed and step.verb == "reopens"))


def _can_restart(state: DialogState, _step: Step, place: Place) -> bool:
    return place.can_restart and not state.restarted and state.quiet_s >= ANSWER_S


def _always(_state: DialogState, _step: Step, _place: Place) -> bool:
    return True


# ------------------------------------------------------------------------------------------------ what is known then


def _said(state: DialogState, step: Any) -> DialogState:
    kind = "text" if len(step.pieces) == 1 else "burst"
    return _change(
        state,
        said=state.said + len(step.pieces),
        wrote=state.wrote + len(step.pieces),
        newest=kind,
        quiet_s=0.0,
        nudged=says_nothing(step),
    )


def _sent(state: DialogState, _step: Any) -> DialogState:
    return _change(state, said=state.said + 1, wrote=state.wrote + 1, newest="media", quiet_s=0.0, nudged=False)


def _spoke(state: DialogState, _step: Step) -> DialogState:
    return _change(state, said=state.said + 1, quiet_s=0.0, nudged=False, started=True)


def _waited(state: DialogState, step: Any) -> DialogState:
    return _change(state, quiet_s=state.quiet_s + step.seconds)


def _same(state: DialogState, _step: Step) -> DialogState:
    return state


def _deleted(state: DialogState, _step: Step) -> DialogState:
    return _change(state, newest="")


def _agent_did(state: DialogState, step: Any) -> DialogState:
    over = step.verb in ("closes", "releases")
    return _change(state, asked=not over and (state.asked or step.verb == "reopens"), closed=step.verb == "closes")


# ------------------------------------------------------------------------------------------------------ how it is drawn


def draw_says(chance: Chance, words: Words, place: Place, state: DialogState) -> Says:
    """One message."""
    text = draw_text(chance, words, place.text_max)
    plain = not is_visible(text) or (is_nudge_like(text) and (state.nudged or not state.wrote))
    return Says(pieces=(Piece(chance.choice(words.lines) if plain else text),))


def draw_burst(chance: Chance, words: Words, place: Place, _state: DialogState) -> Says:
    """Two to five messages, one thought."""
    count = chance.randrange(2, 6)
    pieces = []
    for number in range(count):
        text = draw_text(chance, words, place.text_max, plain=number == 0 or chance.random() < 0.7)
        gap_s = None if not number else chance.choice(_BURST_GAPS_S)
        pieces.append(Piece(text if is_visible(text) else chance.choice(words.lines), gap_s))
    return Says(pieces=tuple(pieces))


def _draw_person(chance: Chance, words: Words, _place: Place, _state: DialogState) -> Says:
    return Says(pieces=(Piece(chance.choice(words.person)),))


def _draw_nudge(chance: Chance, words: Words, _place: Place, _state: DialogState) -> Says:
    return Says(pieces=(Piece(draw_nudge(chance, words)),))


def _draw_quote(chance: Chance, words: Words, place: Place, state: DialogState) -> Says:
    return msgspec.structs.replace(draw_says(chance, words, place, state), reply_to=MessageRef())


def draw_media(chance: Chance, words: Words, place: Place, state: DialogState) -> Sends | Says:
    """A file, perhaps with a caption, an album, a point on the map or a card; words where a platform has nothing of these."""
    rare = [part for part in ("location", "contact") if part in place.parts]
    if rare and chance.random() < 0.2:
        return Sends(contents=(_draw_rare(chance, chance.choice(rare)),))
    known = [(file, kind) for file, kind in words.media if f"media.{kind}" in place.parts]
    if not known and not rare:
        return draw_says(chance, words, place, state)
    if not known:
        return Sends(contents=(_draw_rare(chance, chance.choice(rare)),))
    file, kind = chance.choice(known)
    if kind == "photo" and chance.random() < 0.3:
        return Sends(contents=tuple(Attachment(file=name, kind="photo") for name in _ALBUM[: chance.randrange(2, 4)]))
    captioned = kind in ("photo", "document", "video") and "media.caption" in place.parts | {"media.caption"}
    caption = draw_text(chance, words, 200, plain=True) if captioned and chance.random() < 0.4 else None
    return Sends(contents=(Attachment(file=file, kind=kind, caption=caption),))  # type: ignore[arg-type]  # a kind of the table


_ALBUM = ("shoe-front.jpg", "shoe-side.jpg", "shoe-sole.jpg")


def _draw_rare(chance: Chance, part: str) -> Content:
    """A place, or the card of somebody whom nobody else has sent."""
    if part == "location":
        return Location(latitude=52.2297, longitude=21.0122)
    return Contact(name=f"{chance.choice(_NAMES)} Archer", phone=f"+48{chance.randrange(500_000_000, 900_000_000)}")


_NAMES = ("Ann", "Ben", "Zoë", "Олег")


def _draw_press(chance: Chance, _words: Words, _place: Place, _state: DialogState) -> Presses:
    return Presses(nth=chance.randrange(0, 6))


def _draw_edit(chance: Chance, words: Words, place: Place, _state: DialogState) -> Edits:
    text = draw_text(chance, words, place.text_max, plain=chance.random() < 0.7)
    fits = is_visible(text) and units(text) <= place.text_max
    return Edits(text=text if fits else chance.choice(words.lines))


def _draw_reaction(chance: Chance, _words: Words, _place: Place, _state: DialogState) -> Reacts:
    return Reacts(emoji=chance.choice(_REACTIONS))


def _draw_away(chance: Chance, _words: Words, _place: Place, _state: DialogState) -> Waits:
    return Waits(seconds=chance.choice(_AWAY_S))


def _draw_agent(chance: Chance, _words: Words, _place: Place, state: DialogState) -> AgentDoes:
    verb = weighted(chance, _VERBS, _VERB_BOUNDS) if state.asked else "reopens"
    text = chance.choice(_AGENT_LINES) if verb in ("says", "notes") else None
    return AgentDoes(verb=verb, text=text)  # type: ignore[arg-type]  # a verb of the table


_VERBS = ("says", "notes", "closes", "releases", "reopens")
_VERB_BOUNDS = bounds_of((6, 2, 2, 0.5, 0))


# ------------------------------------------------------------------------------------------------------------ the table


def _just(step: Step) -> Draw:
    return lambda _chance, _words, _place, _state: step


def _asked(state: DialogState, step: Any) -> DialogState:
    return _change(_said(state, step), asked=True, closed=False)


def wants_person(step: Any) -> bool:
    """True for words that call a person."""
    return any(calls_person(piece.text) for piece in step.pieces)


def _can_ask(state: DialogState, step: Step, place: Place) -> bool:
    return place.desk is not None and _can_say(state, step, place)


_OWN = frozenset(("text", "burst", "media"))

RULES: tuple[Rule, ...] = (
    Rule(name="asks for a person", who="customer", kind=Says, weight=6, draw=_draw_person, allows=_can_ask, after=_asked, fits=wants_person),
    Rule(name="says", who="customer", kind=Says, weight=50, draw=draw_says, allows=_can_say, after=_said),
    Rule(name="says in a burst", who="customer", kind=Says, weight=12, draw=draw_burst, allows=_can_say, after=_said),
    Rule(name="quotes", who="customer", kind=Says, weight=3, draw=_draw_quote, allows=_can_say, after=_said),
    Rule(name="nudges", who="customer", kind=Says, weight=3, draw=_draw_nudge, allows=_can_say, after=_said),
    Rule(name="sends", who="customer", kind=Sends, weight=12, draw=draw_media, allows=_can_send, after=_sent),
    Rule(name="presses", who="customer", kind=Presses, weight=12, draw=_draw_press, allows=_can("press"), after=_spoke),
    Rule(name="starts", who="customer", kind=Starts, weight=3, draw=_just(Starts()), allows=_can("start"), after=_spoke),
    Rule(name="edits", who="customer", kind=Edits, weight=3, draw=_draw_edit, allows=_can_edit, after=_same),
    Rule(name="deletes", who="customer", kind=Deletes, weight=2, draw=_just(Deletes()), allows=_can_delete, after=_deleted),
    Rule(name="reacts", who="customer", kind=Reacts, weight=3, draw=_draw_reaction, allows=_can_react, after=_same),
    Rule(name="blocks", who="customer", kind=Blocks, weight=1, draw=_just(Blocks()), allows=_can_block, after=lambda s, _: _change(s, blocked=True)),
    Rule(name="unblocks", who="customer", kind=Unblocks, weight=20, draw=_just(Unblocks()), allows=_is_blocked, after=lambda s, _: _change(s, blocked=False)),
    Rule(name="comes back", who="clock", kind=Waits, weight=5, draw=_draw_away, allows=_always, after=_waited),
    Rule(name="an agent acts", who="agent", kind=AgentDoes, weight=25, draw=_draw_agent, allows=_has_desk, after=_agent_did),
    Rule(name="the bot restarts", who="network", kind=Restarts, weight=1, draw=_just(Restarts()), allows=_can_restart, after=lambda s, _: _change(s, restarted=True)),
)  # fmt: skip
"""All rules. Faults by chance strike whatever is under way, so they belong to a dialog as a whole (``Dialog.faults``)."""

_BY_KIND: dict[type, list[Rule]] = {}
for _rule in RULES:
    _BY_KIND.setdefault(_rule.kind, []).append(_rule)


def rule_of(step: Step) -> Rule | None:
    """The rule that a step belongs to; ``None`` for one that the machine does not know."""
    return next((rule for rule in _BY_KIND.get(type(step), ()) if rule.fits(step)), None)
