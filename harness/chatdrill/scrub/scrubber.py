"""The scrubber of one import: what it found, what it put there, and how much of it."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path

from chatdrill.errors import UsageError, did_you_mean
from chatdrill.scrub.inflection import Language
from chatdrill.scrub.names import Found, NameFinder, initials
from chatdrill.scrub.numbers import find_by_form, find_orders
from chatdrill.scrub.places import find_addresses
from chatdrill.scrub.pseudonyms import Pseudonyms
from chatdrill.scrub.sentences import words_of_name
from chatdrill.scrub.spans import Span, without_overlaps
from chatdrill.seeds import Stream

KINDS = (
    "name", "phone", "email", "card", "iban", "account", "document", "birth date", "address", "order", "username", "link", "place",
)  # fmt: skip
"""What is replaced, by the words that reports and ``--keep`` use."""
_LEARNED_MIN = 3
_NAME_WORDS_MAX = 3


class Scrubber:
    """Replaces personal data in texts, consistently. ``keep`` are kinds that stay as they are."""

    def __init__(self, language: Language, chance: Stream, *, keep: Collection[str] = ()) -> None:
        for kind in keep:
            if kind not in KINDS:
                raise UsageError(f"nothing personal is called {kind!r}{did_you_mean(kind, KINDS)}")
        self.counts: Counter[str] = Counter()
        self._keep = frozenset(keep)
        self._names = NameFinder(language)
        self._pseudonyms = Pseudonyms(language, chance)
        self._orders: set[str] = set()
        self._wholes: dict[str, str] = {}
        self._last: tuple[str, list[Span], list[Found]] = ("", [], [])

    @property
    def language(self) -> Language:
        """The language of the texts that come; names are told apart by it, and what was found stays known."""
        return self._names.language

    @language.setter
    def language(self, language: Language) -> None:
        self._names.language = self._pseudonyms.language = language
        self._last = ("", [], [])

    # ------------------------------------------------------------------------------------------------ learning

    def learn_person(self, name: str) -> None:
        """Know the name of somebody who takes part, also where it stands in no list."""
        words = [word for word in words_of_name(name) if len(word) > 1]
        if len(words) > _NAME_WORDS_MAX:  # a title, a joke, a piece of code: its small words are no names
            words = [word for word in words if word[0].isupper()]
        for number, word in enumerate(words):
            known = self._names.knows(word)
            if known is None:
                self._names.learn(word, "last" if number else "first")
            self._pseudonyms.avoid(known[0].lemma if known else word.lower())

    def learn(self, text: str) -> None:
        """Know what a text gives away about others: an order's number, a surname beside a first name."""
        for span in find_orders(text):
            token = text[span.start : span.end]
            if sum(map(str.isdigit, token)) >= _LEARNED_MIN:
                self._orders.add(token)
        for found in self._names.find(text):
            self._pseudonyms.avoid(found.name.lemma)
            if found.name.part == "last":
                self._names.learn(found.name.lemma, "last", language=found.name.language)

    # ---------------------------------------------------------------------------------------------- replacing

    def find(self, text: str) -> list[Span]:
        """What is personal in a text, in order, without overlaps."""
        if text == self._last[0]:
            return self._last[1]
        spans = list(find_by_form(text))
        spans += [*find_addresses(text), *find_orders(text), *self._known_orders(text)]
        words = self._names.find(text)
        spans += [Span(word.start, word.end, "name") for word in words]
        spans += [Span(start, end, "name") for start, end in initials(text, words)]
        found = without_overlaps(spans)
        self._last = (text, found, words)
        return found

    def _known_orders(self, text: str) -> Iterable[Span]:
        for token in self._orders:
            start = text.find(token)
            while start >= 0:
                end = start + len(token)
                if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
                    yield Span(start, end, "order")
                start = text.find(token, end)

    def scrub(self, text: str) -> str:
        """The text with everything personal replaced."""
        spans, words = self.find(text), {word.start: word for word in self._last[2]}
        pieces, at = [], 0
        for span in spans:
            pieces.append(text[at : span.start])
            pieces.append(self._replaced(text[span.start : span.end], span, words.get(span.start)))
            at = span.end
        return "".join([*pieces, text[at:]])

    def _replaced(self, written: str, span: Span, word: Found | None) -> str:
        if span.kind in self._keep:
            return written
        self.counts[span.kind] += 1
        if span.kind == "name":
            named = word is not None and self._pseudonyms.name(word.name, word.place, written)
            return named or self._pseudonyms.of("initials", written)
        return self._pseudonyms.of(span.kind, written)

    def person(self, name: str) -> str:
        """What a participant is called from here on. Signs and emoji of the old name stay behind."""
        if "name" in self._keep:
            return name
        if name not in self._wholes:
            made = [self._word(word) for word in words_of_name(name) if len(word) > 1]
            self._wholes[name] = " ".join(made[:3]) or "Customer"
            self.counts["name"] += 1
        return self._wholes[name]

    def _word(self, word: str) -> str:
        known = self._names.knows(word)
        name, place = known if known else (self._names.learn(word), 0)
        return self._pseudonyms.name(name, place, word.title() if word.islower() else word)

    def of(self, kind: str, value: str) -> str:
        """What stands for a value of which the kind is known: the phone of a contact card."""
        if kind in self._keep or not value.strip():
            return value
        self.counts[kind] += 1
        return self._pseudonyms.of(kind, value)

    def keeps(self, kind: str) -> bool:
        """Whether a kind stays as it is."""
        return kind in self._keep

    # -------------------------------------------------------------------------------------------------- telling

    def report(self) -> list[str]:
        """What was replaced, by kind, the most frequent first."""
        return [f"{count:,} × {kind}" for kind, count in self.counts.most_common()]

    def write_mapping(self, path: Path) -> None:
        """What stands for what, for the eyes of the owner of the file only. Raises ``UsageError``."""
        data = {kind: dict(sorted(made.items())) for kind, made in sorted(self._pseudonyms.made.items())}
        data["person"] = self._wholes
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                json.dump(data, file, ensure_ascii=False, indent=1)
        except OSError as error:
            raise UsageError(f"cannot write the mapping {path}: {error.strerror}") from error
