"""The vocabulary of a drill: what its scenarios let customers say, press and send, and their customers' halves as seeds."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from chatdrill.engine.desk_steps import AgentDoes, Handoff
from chatdrill.engine.expect import Expectation
from chatdrill.engine.scenario import Scenario
from chatdrill.engine.step_parts import Attachment
from chatdrill.engine.steps import (
    Deletes,
    Edits,
    Hears,
    Presses,
    Reacts,
    Reminded,
    Says,
    Sends,
    Starts,
    Step,
    Waits,
    WaitsUntil,
    has_names,
)
from chatdrill.engine.templates import looks_unfilled

_LINES = (
    "hello", "where is my order 553?", "I want to return my shoes", "what sizes do you have?", "when do you open?", "yes", "no", "thanks",
    "cancel", "где мой заказ 553", "gdzie jest moje zamówienie 553", "how much is delivery?", "help", "one more thing",
)  # fmt: skip
_PERSON = ("I want to talk to a person", "operator please", "позовите оператора", "chcę porozmawiać z człowiekiem")
_MEDIA: tuple[tuple[str, str], ...] = (
    ("shoe-torn.jpg", "photo"),
    ("voice-en.ogg", "voice"),
    ("invoice-553.pdf", "document"),
    ("thumbs-up.webp", "sticker"),
    ("clip.mp4", "video"),
    ("song.mp3", "audio"),
    ("round.mp4", "video_note"),
)
_KEPT = (Says, Sends, Starts, Presses, Edits, Deletes, Reacts, Waits, AgentDoes)
_PATIENCE_S = 15.0
"""A customer who expected something goes on after so long, whether it came or not."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """``lines`` are customers' texts, ``labels`` titles of buttons, ``person`` what they say who want a person, ``media`` names of samples and
    their kinds, ``seeds`` the customers' halves of whole scenarios (``Seeded``)."""

    lines: tuple[str, ...] = _LINES
    labels: tuple[str, ...] = ()
    person: tuple[str, ...] = _PERSON
    media: tuple[tuple[str, str], ...] = _MEDIA
    seeds: tuple[tuple[Step, ...], ...] = ()
    _spoken: dict[str, Words] = field(default_factory=dict, compare=False, repr=False)

    def spoken_in(self, language: str) -> Words:
        """The words of one language, where there are enough."""
        known = self._spoken.get(language)
        if known is None:
            lines, person = _in(language, self.lines), _in(language, self.person)
            seeds = tuple(
                seed
                for seed in self.seeds
                if all(language_of(line) in (language, "") for step in seed for line in _lines(step))
            )
            known = dataclasses.replace(
                self,
                lines=lines or self.lines,
                person=person or self.person,
                labels=_in(language, self.labels),
                seeds=seeds,
            )
            self._spoken[language] = known
        return known

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the lines."""
        return tuple(dict.fromkeys(filter(None, map(language_of, self.lines)))) or ("en",)

    @classmethod
    def of(cls, scenarios: Iterable[Scenario]) -> Words:
        """What the scenarios say. Lines with names that are filled in later are left out."""
        scenarios = list(scenarios)
        steps = [step for scenario in scenarios for step in scenario.steps]
        lines = dict.fromkeys(line for step in steps for line in _lines(step))
        labels = dict.fromkeys(label for step in steps for label in _labels(step))
        person = dict.fromkeys(line for scenario in scenarios for line in _asking(scenario.steps) if calls_person(line))
        seeds = [seed for scenario in scenarios if (seed := customers_half(scenario))]
        usual = cls()
        return cls(
            lines=tuple(line for line in lines if not calls_person(line)) or usual.lines,
            labels=tuple(labels),
            person=tuple(person) or usual.person,
            seeds=tuple(seeds),
        )


def _in(language: str, texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text for text in texts if language_of(text) in (language, ""))


def _lines(step: Step) -> Iterator[str]:
    if isinstance(step, Says):
        yield from (piece.text for piece in step.pieces if _is_usable(piece.text))


def _is_usable(text: str) -> bool:
    """Not what is filled in later, nor what belongs to one person: two customers with one telephone number are one to a helpdesk."""
    return bool(text.strip()) and not looks_unfilled(text) and not _PERSONAL.search(text)


_PERSONAL = re.compile(r"(?:\d[ .-]?){8,}|@")


def language_of(text: str) -> str:
    """``ru``, ``pl`` or ``en``, by the letters: enough to keep a customer to one of them; empty for a text without letters."""
    if not any(c.isalpha() for c in text):
        return ""
    if re.search(r"[а-яё]", text, re.IGNORECASE):
        return "ru"
    return (
        "pl"
        if re.search(
            r"[ąćęłńóśźż]|\b(?:gdzie|jest|nie|tak|chcę|moje|zamówieni\w*|jak|czy|konsultant\w*)\b", text, re.IGNORECASE
        )
        else "en"
    )


def _labels(step: Step) -> Iterator[str]:
    if isinstance(step, Presses) and step.title is not None and _is_usable(step.title):
        yield step.title
    if isinstance(step, Hears):
        for expectation in step.expectations:
            yield from _shown(expectation)


def _shown(expectation: Expectation) -> Iterator[str]:
    for button in expectation.buttons or ():
        if button.title is not None and _is_usable(button.title):
            yield button.title


_WANTS_PERSON = ("person", "human", "operator", "оператор", "человек", "konsultant", "człowiek")


def calls_person(text: str) -> bool:
    """True for words that call a person."""
    return any(word in text.casefold() for word in _WANTS_PERSON)


def _asking(steps: Iterable[Step]) -> Iterator[str]:
    """What was said last before a handover."""
    last: Says | None = None
    for step in steps:
        if isinstance(step, Says):
            last = step
        elif isinstance(step, Handoff) and last is not None:
            yield from _lines(last)
            last = None


def customers_half(scenario: Scenario) -> tuple[Step, ...]:
    """What the first customer of a scenario does, and its agents, with a pause where something was expected; nothing for a scenario that
    cannot be told without what it captures."""
    made: list[Step] = []
    first = scenario.customers[0].key
    for step in scenario.steps:
        if step.customer not in (None, first) or step.when:
            continue
        made.extend(_half(step))
    return tuple(made)


def _half(step: Step) -> Iterator[Step]:
    if isinstance(step, Reminded | WaitsUntil):
        yield Waits(seconds=3600.0)
    elif isinstance(step, Hears | Handoff):
        yield Waits(seconds=_PATIENCE_S)
    elif isinstance(step, Sends):
        if not has_names(step) and all(
            not isinstance(item, Attachment) or item.file in dict(_MEDIA) for item in step.contents
        ):
            yield msgspec.structs.replace(step, customer=None, reply_to=None)
    elif isinstance(step, Says):
        pieces = tuple(piece for piece in step.pieces if _is_usable(piece.text))
        if pieces:
            yield Says(pieces=pieces)
    elif isinstance(step, Presses):
        if (
            step.of is None
            and not step.menu
            and not looks_unfilled(step.title or "")
            and not looks_unfilled(step.payload or "")
        ):
            yield msgspec.structs.replace(step, customer=None)
    elif isinstance(step, AgentDoes):
        if step.agent is None and not step.contents and step.message is None and step.to is None and step.team is None:
            yield msgspec.structs.replace(step, template=None, customer=None)
    elif isinstance(step, _KEPT) and step.customer is None:
        yield step
