"""Whose file it is that a bot downloads: followed from the customer's message, by the ids and links that the vendor gave out."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from chatdrill.serve.channel import Role
from chatdrill.wire import strings_in

_MIN = 10  # characters; what is shorter, or without a digit, is no id that leads anywhere
_SPLIT = re.compile(r"[/?&=:#\s]+")


class Trail:
    """The words that lead to a conversation. One that leads to several leads nowhere."""

    def __init__(self) -> None:
        self._roles: dict[str, Role | None] = {}
        self._words: defaultdict[str, set[str]] = defaultdict(set)

    def lay(self, role: Role, texts: Iterable[str]) -> None:
        """These texts are about a conversation."""
        for word in _words(texts):
            self._roles[word] = role if self._roles.get(word, role) == role else None
            self._words[role.case or ""].add(word)

    def forget(self, case: str) -> None:
        """A case is over."""
        for word in self._words.pop(case, ()):
            self._roles.pop(word, None)

    def follow(self, asked: Iterable[str], body: bytes) -> None:
        """A bot asked for something on the trail: what it was told lies on the trail too."""
        role = self.find(asked)
        if role is not None:
            self.lay(role, texts_of(body))

    def find(self, texts: Iterable[str]) -> Role | None:
        """The conversation to which the first word that leads anywhere leads."""
        return next((role for word in _words(texts) if (role := self._roles.get(word)) is not None), None)


def texts_of(body: bytes) -> Iterator[str]:
    """The texts of a JSON document; none of anything else."""
    try:
        yield from strings_in(json.loads(body))
    except ValueError:
        return


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for word in _SPLIT.split(text):
            if len(word) >= _MIN and any(char.isdigit() for char in word):
                yield word
