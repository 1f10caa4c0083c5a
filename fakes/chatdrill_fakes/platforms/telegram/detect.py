"""Entities that Telegram finds by itself: links, e-mail addresses, mentions, commands, tags, phone and card numbers.

The rules follow tdlib/td (MessageEntity, find_entities, commit 022d602) where they are public. Phone numbers are found on
the vendor's servers, whose rule is not published: here a ``+`` and 7 to 15 digits with the usual separators.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import resources

from chatdrill_fakes.platforms.telegram.entities import Entity, order

_INTERESTING = re.compile(r"[@#$/+.0-9]")
_DOTTED = re.compile(r"\.(?<=[^\s.]\.)[^\s.]")  # begins with the dot, which is found at once
_MANY_DIGITS = re.compile(r"[0-9][0-9 -]{11}")
_MENTION = re.compile(r"(?<!\w)@([A-Za-z0-9_]{2,32})(?!\w)")
_SHORT_MENTIONS = frozenset(("gif", "nft", "pic", "ufc", "vid"))
_COMMAND = re.compile(
    r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32}(?![\w/<>])|(?![\w/<>@]))",
)
_TAG_LETTER = r"[\w\u200c\xb7\u0d80-\u0dff]"
_HASHTAG = re.compile(rf"(?<!{_TAG_LETTER})#({_TAG_LETTER}{{1,256}})(?:@[A-Za-z0-9_]{{3,32}})?(?!{_TAG_LETTER}|#)")
_CASHTAG = re.compile(
    rf"(?<!{_TAG_LETTER})(?<!\$)\$(?:1INCH|[A-Z]{{1,8}})(?:@[A-Za-z0-9_]{{3,32}})?(?!{_TAG_LETTER}|\$)"
)
_PHONE = re.compile(r"(?<![\w+])\+[0-9](?:[ ()-]{0,2}[0-9]){6,14}(?![0-9\w])")
_CARD = re.compile(r"(?<![\w.,+-])[0-9](?:[ -]?[0-9]){12,18}(?![\w-])")
_APP_URL = re.compile(r"(?i:tg|ton|tonsite)://[A-Za-z0-9_-]{1,253}(?:[/?#][^\s<>\"«»]*)?")
_WEB_URL = re.compile(
    r"(?<![\w/#@])(?P<scheme>(?i:https?|ftp)://)?"
    r"(?P<user>[^\s/\[\]{}()'`<>\"@«»]{1,64}@)?"
    r"(?P<host>(?:[\w~-]{1,63}\.){1,20}[^\W_][\w-]*)"
    r"(?P<port>:[0-9]{1,5})?"
    r"(?P<path>[/?#][^\s<>\"«»]*)?"
)
_EMAIL = re.compile(
    r"(?:[A-Za-z0-9_-]{0,26}[.+]){0,10}[A-Za-z0-9_-]{1,35}@"
    r"(?:(?:[A-Za-z0-9][A-Za-z0-9_-]{0,28})?[A-Za-z0-9][.]){1,6}[A-Za-z]{2,8}"
)
_PATH_END = ".:;,('?!`"


def find_entities(text: str) -> list[Entity]:
    """Everything found in ``text``; of overlapping ones the first and longest."""
    if not _INTERESTING.search(text):
        return []
    found = [e for sign, finder in _FINDERS if sign in text for e in finder(text)]
    if "." in text and _DOTTED.search(text):
        found.extend(_web_urls(text))
    if _MANY_DIGITS.search(text):
        found.extend(_cards(text))
    if not found:
        return []
    kept: list[Entity] = []
    for entity in sorted(found, key=order):
        if not kept or entity.offset >= kept[-1].end:
            kept.append(entity)
    return kept


def _mentions(text: str) -> Iterator[Entity]:
    for match in _MENTION.finditer(text):
        if len(match[1]) >= 4 or match[1].lower() in _SHORT_MENTIONS:
            yield _entity(match, "mention")


def _commands(text: str) -> Iterator[Entity]:
    for match in _COMMAND.finditer(text):
        yield _entity(match, "bot_command")


def _hashtags(text: str) -> Iterator[Entity]:
    for match in _HASHTAG.finditer(text):
        if any(char.isalpha() for char in match[1]):
            yield _entity(match, "hashtag")


def _cashtags(text: str) -> Iterator[Entity]:
    for match in _CASHTAG.finditer(text):
        yield _entity(match, "cashtag")


def _phones(text: str) -> Iterator[Entity]:
    for match in _PHONE.finditer(text):
        yield _entity(match, "phone_number")


def _app_urls(text: str) -> Iterator[Entity]:
    for match in _APP_URL.finditer(text):
        yield Entity(match.start(), len(match[0].rstrip(_PATH_END)), "url")


def _cards(text: str) -> Iterator[Entity]:
    for match in _CARD.finditer(text):
        if _is_card(re.sub("[ -]", "", match[0])):
            yield _entity(match, "bank_card_number")


def _is_card(digits: str) -> bool:
    """Luhn's check; a first digit 4 (Visa) or 51-55 (Mastercard) also asks for their lengths."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 * (doubled > 9)
    lengths = (13, 16, 18, 19) if digits[0] == "4" else (16,) if 51 <= int(digits[:2]) <= 55 else range(13, 20)
    return total % 10 == 0 and len(digits) in lengths


def _web_urls(text: str) -> Iterator[Entity]:
    for match in _WEB_URL.finditer(text):
        if match["user"] and not match["scheme"] and not match["path"] and not match["port"]:
            yield from _emails(match)
        elif _is_domain(match["host"], has_scheme=bool(match["scheme"])) and match["host"].lower() != "teiegram.org":
            yield Entity(match.start(), _url_length(match), "url")


def _emails(match: re.Match[str]) -> Iterator[Entity]:
    skipped = len("mailto:") if match[0].startswith("mailto:") else 0
    if _EMAIL.fullmatch(match[0][skipped:]):
        yield Entity(match.start() + skipped, len(match[0]) - skipped, "email")


def _is_domain(host: str, *, has_scheme: bool) -> bool:
    labels = host.split(".")
    if all(label.isascii() and label.isdigit() for label in labels):
        return len(labels) == 4 and all(len(label) < 4 and int(label) < 256 for label in labels)
    top = labels[-1]
    if any(label.endswith("-") for label in labels) or "_" in top or "_" in labels[-2]:
        return False
    if top.lower().startswith("xn--"):
        return len(top) > 5
    return len(top) > 1 and "-" not in top and (has_scheme or top.lower() in _top_level_domains())


def _url_length(match: re.Match[str]) -> int:
    """The link's length without what belongs to the sentence: closing brackets and final punctuation."""
    path = match["path"] or ""
    depth = {"(": 0, "[": 0, "{": 0}
    end = len(path)
    for place, char in enumerate(path):
        if char in depth:
            depth[char] += 1
        elif char in _CLOSING:
            depth[_CLOSING[char]] -= 1
            if depth[_CLOSING[char]] < 0:
                end = place
                break
    kept = path[:end].rstrip(_PATH_END)
    return len(match[0]) - len(path) + (len(kept) if len(kept) > 1 or path.startswith("/") else 0)


_CLOSING = {")": "(", "]": "[", "}": "{"}


@lru_cache(maxsize=1)
def _top_level_domains() -> frozenset[str]:
    lines = resources.files(__package__).joinpath("data/tlds.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _entity(match: re.Match[str], kind: str) -> Entity:
    return Entity(match.start(), match.end() - match.start(), kind)


# What must be in a text for a finder to be worth running.
_FINDERS: tuple[tuple[str, Callable[[str], Iterator[Entity]]], ...] = (
    ("@", _mentions),
    ("/", _commands),
    ("#", _hashtags),
    ("$", _cashtags),
    ("+", _phones),
    ("://", _app_urls),
)
