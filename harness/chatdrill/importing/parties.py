"""Who is who: the customer, the bot, the agents among those who write."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from chatdrill.errors import ExportError, did_you_mean
from chatdrill.importing.dialog import Dialog, Role, Turn

_BOT_WORDS = re.compile(
    r"\bbot\b|bot$|\bassistant\b|\bsupport\b|\bhelp\s?desk\b|\bservice\b|\bshop\b|\bstore\b|\bno-?reply\b|бот\b|поддержк|магазин|помощник|ассистент"
    r"|obsługa|sklep|pomoc\b|asystent|infolinia",
    re.IGNORECASE,
)
_SAMPLE = 400
_POLISH = re.compile(
    r"[ąćęłńóśźż]|\b(?:nie|jest|się|dzień|mam|czy|proszę|dziękuję|zamówienie|dla|gdzie|kiedy|jak)\b", re.IGNORECASE
)
_RUSSIAN = re.compile(r"[а-яё]", re.IGNORECASE)
_ENGLISH = re.compile(r"\b(?:the|is|my|you|and|have|what|where|when|please|hello|order)\b", re.IGNORECASE)

Language = Literal["ru", "pl", "en"]
LOCALES: Mapping[Language, str] = {"ru": "ru_RU", "pl": "pl_PL", "en": "en_US"}


@dataclass
class Census:
    """Who writes in a dialog, how much, and in which language. ``roles`` are those that every turn of somebody has."""

    counts: Counter[str] = field(default_factory=Counter)
    roles: dict[str, Role | None] = field(default_factory=dict)
    first: str | None = None
    first_at: float = 0.0
    last_at: float = 0.0
    turns: int = 0
    language: Language = "en"


def take_census(turns: Iterable[Turn]) -> Census:
    """Go through a dialog once."""
    made, votes = Census(), Counter[Language]()
    for turn in turns:
        if turn.role == "nobody":
            continue
        made.turns += 1
        made.counts[turn.who] += 1
        made.roles.setdefault(turn.who, turn.role)
        if made.first is None:
            made.first, made.first_at = turn.who, turn.at
        made.last_at = turn.at
        if turn.text and made.turns <= _SAMPLE:
            votes.update(_votes(turn.text))
    if votes.total():
        made.language = votes.most_common(1)[0][0]
    return made


def _votes(text: str) -> dict[Language, int]:
    return {
        "ru": len(_RUSSIAN.findall(text)) // 4,
        "pl": 2 * len(_POLISH.findall(text)),
        "en": len(_ENGLISH.findall(text)),
    }


def assign(dialog: Dialog, census: Census, given: Mapping[Role, Sequence[str]]) -> dict[str, Role]:
    """The role of everybody who writes.

    What a person said (``given``) counts first, then what the export says, then names that sound like a bot's; of two who are
    left the first to write is the customer. Raises ``ExportError`` that lists the participants where that does not do.
    """
    roles: dict[str, Role] = {}
    for role, names in given.items():
        roles.update(dict.fromkeys((_found(name, census, dialog) for name in names), role))
    said = {**dialog.roles, **{who: role for who, role in census.roles.items() if role}}
    for who, role in said.items():
        if who in census.counts:
            roles.setdefault(who, role)
    _guess(roles, census)
    open_ones = [who for who in census.counts if who not in roles]
    if open_ones or "customer" not in roles.values():
        raise ExportError(_question(census, roles, open_ones), where=dialog.where)
    return roles


def _guess(roles: dict[str, Role], census: Census) -> None:
    rest = [who for who in census.counts if who not in roles]
    if len(rest) == 2 and "customer" not in roles.values() and "bot" not in roles.values():
        bots = [who for who in rest if _BOT_WORDS.search(who)]
        customer = next((who for who in rest if who not in bots), None) if len(bots) == 1 else census.first
        roles.update({who: "customer" if who == customer else "bot" for who in rest})
    elif len(rest) == 1:
        roles[rest[0]] = "bot" if "customer" in roles.values() else "customer"


def _found(name: str, census: Census, dialog: Dialog) -> str:
    exact = [who for who in census.counts if who.casefold() == name.casefold()]
    near = exact or [who for who in census.counts if name.casefold() in who.casefold()]
    if len(near) == 1:
        return near[0]
    if near:
        raise ExportError(f"{name!r} could be {' or '.join(map(repr, near))}", where=dialog.where)
    raise ExportError(
        f"nobody is called {name!r}{did_you_mean(name, census.counts)}; {_people(census)}", where=dialog.where
    )


def _people(census: Census) -> str:
    shown = (f"{who!r} ({count:,})" for who, count in census.counts.most_common(12))
    return f"those who write: {', '.join(shown)}"


def _question(census: Census, roles: Mapping[str, Role], open_ones: Sequence[str]) -> str:
    if not census.counts:
        return "nobody writes anything in it"
    known = ", ".join(f"{who!r} is the {role}" for who, role in roles.items())
    lead = f"who is {', '.join(map(repr, open_ones[:6]))}?" if open_ones else "who is the customer?"
    return f"{lead} Say so with --customer, --bot, --agent or --ignore NAME; {_people(census)}{f'; {known}' if known else ''}"
