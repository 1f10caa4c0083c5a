"""How people type: bursts, typos of neighbouring keys, missing punctuation, emoji. Seeded, and kind to facts.

What carries a fact stays as it is: words with digits, addresses, links, and every word that a caller protects.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Annotated

import msgspec

from chatdrill.seeds import Stream

_KEYBOARDS: dict[str, tuple[str, ...]] = {
    "latin": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    "cyrillic": ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
}
_FACT = re.compile(r"\d|[@#/\\_{}<>=]|www\.|\w\.\w")
_WORD = re.compile(r"\S+")
_EDGES = ".,;:!?…"
_STROKES = str.maketrans("łŁøØđĐ", "lLoOdD")  # letters that Unicode does not take apart
_TYPO_LETTERS_MIN = 4


Rate = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Style(msgspec.Struct, frozen=True, kw_only=True):
    """What a person's writing looks like. Rates are probabilities: typos per word, the others per message."""

    typo_rate: Rate = 0.0
    emoji_rate: Rate = 0.0
    shout_rate: Rate = 0.0
    filler_rate: Rate = 0.0
    emoji: tuple[str, ...] = ("🙂", "🙏", "👍")
    writes_punctuation: bool = True
    writes_capitals: bool = True
    writes_accents: bool = True

    @property
    def is_plain(self) -> bool:
        """True for somebody who types just what was thought."""
        rates = self.typo_rate or self.emoji_rate or self.shout_rate
        return not rates and self.writes_punctuation and self.writes_capitals and self.writes_accents


def split(text: str, count: int, chance: Stream) -> list[str]:
    """Cut ``text`` between words into at most ``count`` pieces, rather after a sign than in the middle of a phrase."""
    if count == 1:
        return [text]
    words = list(_WORD.finditer(text))
    gaps = range(1, len(words))
    weights = [6.0 if words[gap - 1][0][-1] in _EDGES else 1.0 for gap in gaps]
    cuts = sorted(_draw_apart(list(gaps), weights, min(count, len(words)) - 1, chance))
    starts = [0, *(words[cut].start() for cut in cuts)]
    ends = [*(words[cut - 1].end() for cut in cuts), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def _draw_apart(items: list[int], weights: list[float], count: int, chance: Stream) -> list[int]:
    """``count`` different items by weight."""
    drawn: list[int] = []
    for _ in range(count):
        index = chance.choices(range(len(items)), weights)[0]
        drawn.append(items.pop(index))
        weights.pop(index)
    return drawn


def words_of(values: Iterable[str]) -> frozenset[str]:
    """The words of some values, as ``write`` looks for them."""
    return frozenset(word.strip(_EDGES) for value in values for word in value.split())


def write(text: str, style: Style, chance: Stream, *, keep: frozenset[str] = frozenset()) -> str:
    """``text`` as somebody of this style types it; the words to ``keep`` arrive as they are."""
    if style.is_plain:
        return text
    shouts = chance.random() < style.shout_rate
    typed = _WORD.sub(lambda word: _typed(word[0], style, chance, keep, shouts), text)
    if style.emoji and chance.random() < style.emoji_rate:
        typed = f"{typed} {chance.choice(style.emoji)}"
    return typed if typed.strip() else text  # "??" says something, also without punctuation


def shout(text: str) -> str:
    """``text`` in capitals, facts excepted."""
    return _WORD.sub(lambda word: word[0] if is_fact(word[0]) else word[0].upper(), text)


def is_fact(word: str) -> bool:
    """True for a word that must not change: it has a digit, or is an address, a link, a path."""
    return bool(_FACT.search(word.strip(_EDGES)))


def _typed(word: str, style: Style, chance: Stream, keep: frozenset[str], shouts: bool) -> str:
    core = word.strip(_EDGES)
    if core in keep or is_fact(word):
        return word
    if not core:
        return word if style.writes_punctuation else ""
    typed = core if chance.random() >= style.typo_rate else typo(core, chance)
    if not style.writes_capitals:
        typed = typed.lower()
    if not style.writes_accents:
        typed = plain_letters(typed)
    start = word.index(core)
    edges = (word[:start], word[start + len(core) :]) if style.writes_punctuation else ("", "")
    typed = f"{edges[0]}{typed}{edges[1]}"
    return typed.upper() if shouts else typed


def plain_letters(text: str) -> str:
    """Letters without accents, as people write on a foreign keyboard: ``zażółć`` is ``zazolc``, ``ё`` is ``е``."""
    apart = unicodedata.normalize("NFD", text.translate(_STROKES))
    plain = "".join(c for i, c in enumerate(apart) if not unicodedata.combining(c) or _is_short_i(apart, i))
    return unicodedata.normalize("NFC", plain)


def _is_short_i(apart: str, index: int) -> bool:
    return apart[index] == "\u0306" and apart[index - 1] in "иИ"  # й is a letter of its own, not an accented и


def typo(word: str, chance: Stream) -> str:
    """One slip of the finger in ``word``; its first letter stays, and short words are left alone."""
    if len(word) < _TYPO_LETTERS_MIN or not word.isalpha():
        return word
    at = chance.randrange(1, len(word) - 1)
    slip = chance.choice((_swap, _miss, _double, _neighbour, _neighbour))
    return slip(word, at, chance)


def _swap(word: str, at: int, _: Stream) -> str:
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _miss(word: str, at: int, _: Stream) -> str:
    return word[:at] + word[at + 1 :]


def _double(word: str, at: int, _: Stream) -> str:
    return word[:at] + word[at] + word[at:]


def _neighbour(word: str, at: int, chance: Stream) -> str:
    near = neighbours().get(plain_letters(word[at]).lower())
    return word[:at] + chance.choice(near) + word[at + 1 :] if near else word


@cache
def neighbours() -> dict[str, tuple[str, ...]]:
    """The keys around each key of the Latin and the Cyrillic keyboard."""
    near: dict[str, tuple[str, ...]] = {}
    for rows in _KEYBOARDS.values():
        for y, row in enumerate(rows):
            for x, key in enumerate(row):
                around = [(x - 1, y), (x + 1, y), (x, y - 1), (x + 1, y - 1), (x - 1, y + 1), (x, y + 1)]
                near[key] = tuple(rows[j][i] for i, j in around if 0 <= j < len(rows) and 0 <= i < len(rows[j]))
    return near
