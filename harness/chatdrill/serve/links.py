"""Whose ticket it is: a ticket is linked to the conversation of the person whom the bot named in it.

The bot may name a person however it likes: by the platform's address, a phone, an e-mail, a user name, its own text round
one of these. A name alone counts only where nobody else has it, and the words of the transcript only as a last resort.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from chatdrill.model import Customer

Place = tuple[str, str]
"""A channel's name, and the address of a customer there."""

_WORD = re.compile(r"[\w.+@-]+")
_PIECE = re.compile(r"[^\W_]+")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{22}==")  # sixteen bytes: a slash in them is no border
_WORDS_MIN = 8  # characters; "hi" is said by everybody
_ID_MIN = 8  # characters; a shorter number may be anything's


class Links:
    """Who is known by which text. The newest of several with the same address is meant; other texts must be nobody else's."""

    def __init__(self) -> None:
        self._addresses: dict[str, Place] = {}
        self._marks: dict[str, set[Place]] = defaultdict(set)
        self._names: dict[str, set[Place]] = defaultdict(set)
        self._words: dict[str, set[Place]] = defaultdict(set)
        self._filed: dict[tuple[str, str], set[Place]] = defaultdict(set)

    def joined(self, channel: str, address: str, customer: Customer) -> None:
        """A customer has come."""
        place = (channel, address)
        self._addresses[address] = place
        digits = customer.phone.lstrip("+")
        for mark in {customer.phone, digits, customer.email, customer.username or ""} - {""}:
            self._marks[mark.lower()].add(place)
        self._names[customer.name.lower()].add(place)

    def said(self, channel: str, address: str, text: str) -> None:
        """A customer has written something."""
        words = _plain(text)
        if len(words) >= _WORDS_MIN:
            self._words[words].add((channel, address))

    def filed(self, desk: str, texts: Iterable[str], place: Place) -> None:
        """A desk knows a customer by these texts: its own id of the contact, and the bot's."""
        for text in texts:
            if len(text) >= _ID_MIN:
                self._filed[desk, text].add(place)

    def contact(self, desk: str, texts: Iterable[str]) -> Place | None:
        """The customer of the contact that one of these texts names at a desk."""
        found = (self._filed.get((desk, text), set()) for text in texts)
        return next((next(iter(places)) for places in found if len(places) == 1), None)

    def find(self, keys: Iterable[str], name: str = "", words: Iterable[str] = ()) -> Place | None:
        """The customer who is meant, or ``None`` if that is nobody or several."""
        tokens = list(dict.fromkeys(token for key in keys for token in _tokens(key)))
        for token in tokens:
            if token in self._addresses:
                return self._addresses[token]
        found = [self._marks.get(token.lower(), set()) for token in tokens]
        found.append(self._names.get(name.lower(), set()))
        found += [self._words.get(_plain(text), set()) for text in words]
        return next((next(iter(places)) for places in found if len(places) == 1), None)

    def forget(self) -> None:
        """Everybody has gone."""
        for index in (self._addresses, self._marks, self._names, self._words, self._filed):
            index.clear()


def _tokens(key: str) -> Iterator[str]:
    """The text itself, its words, and the pieces of these: ``telegram:5001/anna`` names ``5001``."""
    yield key.strip()
    if "==" in key:
        yield from _BASE64.findall(key)
    for word in _WORD.findall(key):
        yield word
        yield word.lstrip("+")
        yield from _PIECE.findall(word)


def _plain(text: str) -> str:
    return " ".join(text.split()).lower()
