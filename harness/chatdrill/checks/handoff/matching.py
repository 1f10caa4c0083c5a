"""Which entry of a ticket carries which message of the customer, and which message to the customer carries which reply.

A message is recognised by an id that the bot passed on, else by its words (without markup, case and white space) and files.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from chatdrill.checks.evidence import Heard
from chatdrill.model import Entry, EntryAdded, Media, Write, part_text
from chatdrill.trace import Acted, Filed

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|\[/?\w+(?:=[^\]]*)?\]|[*_~`]+")
_WITHIN_MIN = 3  # characters: shorter texts are looked for as a whole message only


def normal(text: str) -> str:
    """Words for comparison: one Unicode form, no markup, one space between words, no case."""
    plain = _MARKUP.sub("", unicodedata.normalize("NFC", text))
    return " ".join(plain.split()).casefold()


def words_of(act: Acted) -> str:
    """The words of a customer's message, for comparison."""
    assert isinstance(act.act, Write)
    return normal("\n".join(filter(None, (part_text(part) for part in act.act.parts))))


def files_of(act: Acted) -> frozenset[str]:
    """The hashes of the files in a customer's message."""
    assert isinstance(act.act, Write)
    return frozenset(part.file.sha256 for part in act.act.parts if isinstance(part, Media) and part.file.sha256)


def carries(entry: Entry, act: Acted) -> bool:
    """True if an entry shows a customer's message: by its id, its words, or its file."""
    if entry.origin_id is not None and any(_names(entry.origin_id, id) for id in act.ids):
        return True
    files = files_of(act)
    if files & {file.sha256 for file in entry.files}:
        return True
    said, shown = words_of(act), normal(entry.text)
    return bool(said) and said == shown


def _names(origin: str, id: str) -> bool:
    """``tg:1234`` and ``telegram-5-1234`` name the message 1234."""
    return (
        origin == id or id in re.split(r"[^\w.=+/-]+|[:|]", origin) or origin.endswith((f"-{id}", f"_{id}", f":{id}"))
    )


def match_relays(said: Sequence[Acted], added: Sequence[Filed]) -> dict[int, list[Filed]]:
    """For each customer's message, by record number, the customer's entries that carry it; each entry carries one message:
    the first that has none yet, else (a duplicate) the newest."""
    relays: dict[int, list[Filed]] = {act.n: [] for act in said}
    for record in added:
        assert isinstance(record.event, EntryAdded)
        entry = record.event.entry
        if entry.author != "customer":
            continue
        able = [act for act in said if act.n < record.n and carries(entry, act)]
        free = [act for act in able if not relays[act.n]]
        if able:
            relays[(free[0] if free else able[-1]).n].append(record)
    return relays


def shows(entry: Entry, act: Acted) -> bool:
    """True if an entry of any author holds a message's words somewhere: a transcript."""
    said = words_of(act)
    return carries(entry, act) or (len(said) >= _WITHIN_MIN and said in normal(entry.text))


class Replies:
    """Which agents' replies the customer's messages carry. A reply may come in several messages (its words, its files), or
    twice: then the second carries it as well."""

    def __init__(self, replies: Sequence[tuple[Filed, Entry]]) -> None:
        self._replies = list(replies)
        self._carried: dict[int, int] = {}

    def carried_by(self, heard: Heard) -> Filed | None:
        """The reply that a message to the customer carries, the first one that no other message carried yet."""
        able = [record for record, entry in self._replies if record.n < heard.record.n and _passes_on(entry, heard)]
        if not able:
            return None
        best = min(able, key=lambda record: (self._carried.get(record.n, 0), record.n))
        self._carried[best.n] = self._carried.get(best.n, 0) + 1
        return best


def _passes_on(entry: Entry, heard: Heard) -> bool:
    message = heard.message
    hashes = {media.file.sha256 for media in message.media if media.file.sha256}
    if hashes & {file.sha256 for file in entry.files if file.sha256}:
        return True
    said, written = normal(message.text), normal(entry.text)
    return bool(written) and (said == written or _behind_a_name(said, written))


def _behind_a_name(said: str, written: str) -> bool:
    """``Bob: Hello`` and ``Bob\nHello`` pass ``Hello`` on."""
    head = said.removesuffix(written)
    return head != said and len(head) <= _NAME_MAX and head.rstrip()[-1:] in (":", ",", "-", "—", ")", "]", ">", "")


_NAME_MAX = 60
