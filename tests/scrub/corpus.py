"""Messages of support chats in three languages with what is personal in them in brackets: ``[kind|text]``; ``plain`` has nothing personal.

All of it is made up. Kinds: N name, P phone, E e-mail, C card, I IBAN, A address, O order, D date of birth, U username, L link, G
document of a state, B account of a bank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).parent / "messages"
KINDS = {
    "N": "name", "P": "phone", "E": "email", "C": "card", "I": "iban", "A": "address", "O": "order", "D": "birth date",
    "U": "username", "L": "link", "G": "document", "B": "account",
}  # fmt: skip
_MARK = re.compile(r"\[([A-Z])\|([^\]]*)\]")
Language = Literal["en", "pl", "ru"]
Labelled = tuple[Language, str, list[tuple[int, int, str]]]
LANGUAGES: tuple[Language, ...] = ("en", "pl", "ru")


def labelled() -> Iterator[Labelled]:
    """Language, text, and the stretches that are personal with their kinds."""
    for language in LANGUAGES:
        for line in _lines(language):
            yield language, *_read(line.replace("\\n", "\n"))
    for line in _lines("plain"):
        yield "ru" if re.search("[а-я]", line) else "pl" if re.search("[ąćęłńóśźż]|Sklep|Kod", line) else "en", line, []


def _lines(name: str) -> list[str]:
    return (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()


def _read(line: str) -> tuple[str, list[tuple[int, int, str]]]:
    text, spans, at = "", [], 0
    for found in _MARK.finditer(line):
        text += line[at : found.start()]
        spans.append((len(text), len(text) + len(found[2]), KINDS[found[1]]))
        text += found[2]
        at = found.end()
    return text + line[at:], spans
