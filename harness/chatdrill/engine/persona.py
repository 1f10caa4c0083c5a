"""How a customer behaves: data, and the seeded draws from it. No language model.

All times are drill seconds. ``chance`` gives a ``chatdrill.seeds.Stream``; the same stream gives the same behaviour. It is asked for
only where something is drawn: making a stream takes longer than all that most customers do with it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from chatdrill.engine.durations import seconds
from chatdrill.engine.phrases import phrases
from chatdrill.engine.steps import Says
from chatdrill.engine.templates import bare
from chatdrill.engine.writing import Rate, Style, shout, split, write
from chatdrill.errors import ScenarioError, did_you_mean
from chatdrill.seeds import Stream

NudgeKind = Literal["poke", "repeat", "shout", "person"]
Fragment = tuple[float, str]
"""A gap in drill seconds since the message before, and the text that follows it."""
Chance = Callable[[], Stream]


NotNegative = Annotated[float, Meta(ge=0)]
Positive = Annotated[float, Meta(gt=0)]
Hour = Annotated[int, Meta(ge=0, le=24)]


class Spread(msgspec.Struct, frozen=True):
    """A log-normal time: half of the draws lie below ``median_s``; ``sigma`` is the deviation of its logarithm."""

    median_s: NotNegative
    sigma: NotNegative = 0.0

    def draw(self, chance: Chance) -> float:
        """One draw, in seconds; what does not vary needs no chance."""
        if not self.sigma:
            return self.median_s
        return self.median_s * math.exp(self.sigma * chance().gauss(0.0, 1.0))


class Persona(Style, frozen=True, kw_only=True):
    """Somebody's habits.

    ``burst`` weighs the numbers of messages that one thought takes (first weight: one message). ``gap`` is the pause
    between two messages of a burst, before typing; ``typing`` counts characters a minute, ``reading`` words a minute;
    ``think`` is the pause before an answer, after reading. After ``patience`` without an answer comes the next of
    ``nudges``; after the last one the customer leaves. ``patience`` ``None`` never nudges. ``voice_rate`` is the
    probability of a voice note in place of a text. ``hours`` are the local hours in which the customer begins to write:
    from the first, until the second. ``phrases`` replace those of the language (``poke``, ``person``, ``filler``).
    """

    name: str
    about: str = ""
    burst: Annotated[tuple[NotNegative, ...], Meta(min_length=1)] = (1.0,)
    gap: Spread = Spread(1.2, 0.35)
    typing: Positive = 181.0
    reading: Positive = 238.0
    think: Spread = Spread(1.5, 0.4)
    patience: Spread | None = None
    nudges: tuple[NudgeKind, ...] = ()
    voice_rate: Rate = 0.0
    hours: tuple[Hour, Hour] | None = None
    phrases: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)


# Typing: 181 characters a minute is the mean on phones, 131 that of people over fifty, 198 that of teenagers
# (Palin et al., "How do people type on mobile devices?", MobileHCI 2019: 36.2, 26.3 and 39.6 words of five characters).
# Reading: 238 words a minute in silence (Brysbaert, Journal of Memory and Language 109, 2019). The other numbers are
# chosen to tell the personas apart; every one can be overridden in a scenario.
_PERSONAS = (
    Persona(name="patient", about="Writes what the scenario says, in one piece, and waits."),
    Persona(
        name="impatient",
        about="Short bursts, no full stops, and a '??' after a few seconds.",
        burst=(0.5, 0.35, 0.15),
        gap=Spread(0.8, 0.4),
        typing=230,
        think=Spread(0.6, 0.4),
        patience=Spread(8, 0.25),
        nudges=("poke", "repeat", "poke", "person"),
        writes_punctuation=False,
    ),
    Persona(
        name="fragmenter",
        about="One thought in many small messages, all in lower case.",
        burst=(0.05, 0.2, 0.35, 0.25, 0.15),
        gap=Spread(1.6, 0.6),
        typing=198,
        think=Spread(1.0, 0.5),
        patience=Spread(60, 0.3),
        nudges=("poke",),
        writes_capitals=False,
        writes_punctuation=False,
    ),
    Persona(
        name="night-owl",
        about="Writes in the small hours, slowly, with long pauses.",
        burst=(0.6, 0.3, 0.1),
        gap=Spread(4, 0.7),
        typing=150,
        think=Spread(12, 0.8),
        patience=Spread(600, 0.4),
        nudges=("poke",),
        typo_rate=0.04,
        emoji_rate=0.1,
        emoji=("🌙", "😴", "🙏"),
        writes_capitals=False,
        hours=(22, 4),
    ),
    Persona(
        name="elderly",
        about="Types slowly, in whole sentences, sometimes speaks instead, and waits long.",
        gap=Spread(8, 0.5),
        typing=100,
        reading=160,
        think=Spread(15, 0.5),
        patience=Spread(300, 0.4),
        nudges=("repeat", "person"),
        typo_rate=0.05,
        filler_rate=0.3,
        voice_rate=0.2,
        hours=(7, 20),
    ),
    Persona(
        name="angry",
        about="SHOUTS, repeats, wants a person, leaves.",
        burst=(0.3, 0.4, 0.3),
        gap=Spread(0.7, 0.3),
        typing=230,
        think=Spread(0.5, 0.3),
        patience=Spread(6, 0.2),
        nudges=("shout", "poke", "person", "shout", "person"),
        typo_rate=0.03,
        emoji_rate=0.3,
        shout_rate=0.5,
        emoji=("😡", "🤬", "👎"),
    ),
    Persona(
        name="non-native",
        about="Slow in a foreign language: no accents, more slips, polite openers.",
        burst=(0.7, 0.25, 0.05),
        gap=Spread(3, 0.5),
        typing=110,
        reading=140,
        think=Spread(6, 0.5),
        patience=Spread(90, 0.4),
        nudges=("repeat", "poke"),
        typo_rate=0.12,
        filler_rate=0.4,
        writes_accents=False,
    ),
    Persona(
        name="chatty",
        about="A teenager: quick, emoji everywhere, never a capital letter.",
        burst=(0.2, 0.4, 0.25, 0.15),
        gap=Spread(0.9, 0.4),
        typing=198,
        think=Spread(0.8, 0.4),
        patience=Spread(25, 0.4),
        nudges=("poke", "poke"),
        typo_rate=0.05,
        emoji_rate=0.6,
        emoji=("😂", "🥺", "✨", "❤️", "🔥"),
        writes_capitals=False,
        writes_punctuation=False,
    ),
    Persona(
        name="voice-lover",
        about="Speaks rather than types.",
        typing=131,
        think=Spread(3, 0.5),
        patience=Spread(45, 0.4),
        nudges=("poke", "person"),
        voice_rate=0.8,
    ),
)
PERSONAS: Mapping[str, Persona] = {persona.name: persona for persona in _PERSONAS}
"""The shipped personas by name."""

_SPREADS = ("gap", "think", "patience")


def make_persona(name: str = "patient", overrides: Mapping[str, Any] | None = None) -> Persona:
    """A shipped persona, with some habits changed.

    A time may be given as a duration (the new median) or as ``{median: 3s, sigma: 0.4}``. Raises ``ScenarioError`` for
    an unknown name, an unknown habit or a value that cannot be.
    """
    if name not in PERSONAS:
        raise ScenarioError(f"no persona {name!r}" + did_you_mean(name, PERSONAS))
    base = PERSONAS[name]
    if not overrides:
        return base
    habits = {key: bare(value) for key, value in overrides.items()}
    for habit in habits:
        if habit not in base.__struct_fields__:
            raise ScenarioError(f"a persona has no habit {habit!r}" + did_you_mean(habit, base.__struct_fields__))
    try:
        habits |= {key: _spread(habits[key], getattr(base, key)) for key in _SPREADS if key in habits}
        persona = msgspec.convert(msgspec.structs.asdict(base) | habits, Persona, from_attributes=True)
    except (msgspec.ValidationError, ValueError, TypeError) as error:
        raise ScenarioError(f"persona {name!r}: {error}") from error
    if not sum(persona.burst):
        raise ScenarioError(f"persona {name!r}: the weights of a burst are all zero")
    return persona


def _spread(value: Any, base: Spread | None) -> Spread | None:
    if value is None or isinstance(value, Spread):
        return value
    sigma = base.sigma if base else 0.3
    if isinstance(value, Mapping):
        return Spread(seconds(value["median"]), float(value.get("sigma", sigma)))
    return Spread(seconds(value), sigma)


# ------------------------------------------------------------------------------------------------- what they do


def typing_s(text: str, persona: Persona) -> float:
    """Seconds that typing ``text`` takes."""
    return len(text) * 60 / persona.typing


def reading_time(text: str, persona: Persona) -> float:
    """Seconds that reading ``text`` takes."""
    return _words_in(text) * 60 / persona.reading


@lru_cache(maxsize=256)
def _words_in(text: str) -> int:
    """Thousands of customers hear the same few texts."""
    return len(text.split())


def think_s(heard: str, persona: Persona, chance: Chance) -> float:
    """Seconds between hearing ``heard`` and beginning to answer: reading, then thinking."""
    return reading_time(heard, persona) + persona.think.draw(chance)


def patience_s(persona: Persona, chance: Chance) -> float | None:
    """Seconds until the customer nudges, counted from the last thing the customer or the bot said."""
    return None if persona.patience is None else persona.patience.draw(chance)


def speaks(persona: Persona, chance: Chance) -> bool:
    """Whether the customer sends a voice note in place of the next text."""
    return chance().random() < persona.voice_rate


def voice_for(language: str) -> str:
    """The name of the shipped voice sample that stands for a spoken text."""
    return f"voice-{language}.ogg" if language in ("en", "pl", "ru") else "voice-en.ogg"


def fragments(
    text: str, persona: Persona, chance: Chance, *, language: str = "en", keep: frozenset[str] = frozenset()
) -> list[Fragment]:
    """One thought as the persona sends it: pieces in their style, each with its gap (the first one 0).

    The words to ``keep`` (of a name, an order number) arrive as they are.
    """
    most = len(persona.burst)
    if most == 1 and text and not persona.filler_rate and persona.is_plain:
        return [(0.0, text)]
    size = chance().choices(range(1, most + 1), persona.burst)[0] if most > 1 else 1
    pieces = split(text, size, chance())
    openers = phrases("filler", language, persona.phrases) if persona.filler_rate else ()
    if openers and chance().random() < persona.filler_rate:
        pieces[0] = chance().choice(openers).capitalize() + pieces[0]
    typed = [write(piece, persona, chance(), keep=keep) for piece in pieces]
    return _with_gaps([(None, piece) for piece in typed if piece], persona, chance)


def burst(
    says: Says, persona: Persona, chance: Chance, *, language: str = "en", keep: frozenset[str] = frozenset()
) -> list[Fragment]:
    """The messages of a ``says`` step: a scripted burst word by word, anything else as the persona fragments it."""
    if says.scripted:
        return _with_gaps([(piece.after_s, piece.text) for piece in says.pieces], persona, chance)
    return fragments(says.pieces[0].text, persona, chance, language=language, keep=keep)


def _with_gaps(pieces: list[tuple[float | None, str]], persona: Persona, chance: Chance) -> list[Fragment]:
    sent: list[Fragment] = []
    for after_s, text in pieces:
        natural = persona.gap.draw(chance) + typing_s(text, persona) if sent else 0.0
        sent.append((natural if after_s is None else after_s, text))
    return sent


class Nudge(msgspec.Struct, frozen=True):
    """What an impatient customer writes into the silence, and why."""

    kind: NudgeKind
    text: str


def nudge(n: int, persona: Persona, language: str, last_text: str, chance: Chance) -> Nudge | None:
    """The nudge after ``n`` earlier ones, or ``None``: the customer leaves. ``last_text`` is what got no answer."""
    if n >= len(persona.nudges):
        return None
    kind = persona.nudges[n]
    if kind == "repeat" and last_text:
        return Nudge(kind, last_text)
    if kind == "shout" and last_text:
        return Nudge(kind, shout(last_text) + "!!!")
    options = phrases(kind, language, persona.phrases) or phrases("poke", language, persona.phrases)
    return Nudge(kind, chance().choice(options))


def next_active(persona: Persona, at: float, zone: str) -> float:
    """The first drill time from ``at`` on at which the persona begins to write, in its local hours."""
    if persona.hours is None:
        return at
    first, until = persona.hours
    local = dt.datetime.fromtimestamp(at, ZoneInfo(zone))
    awake = first <= local.hour < until if first < until else local.hour >= first or local.hour < until
    if awake:
        return at
    start = local.replace(hour=first, minute=0, second=0, microsecond=0)
    return (start if start > local else start + dt.timedelta(days=1)).timestamp()
