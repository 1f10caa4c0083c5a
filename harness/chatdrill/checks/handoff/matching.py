"""Which entry of a ticket carries which message of the customer, and which message to the customer carries which reply.

A message is recognised by an id that the bot passed on, else by its words (without markup, case and white space) and files.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chatdrill.checks.evidence import Heard
from chatdrill.model import Entry, File, Media, Write, part_text
from chatdrill.trace import Acted, Called, Filed, Record
from chatdrill.wire import strings_in

_MARKUP = re.compile(
    r"</?[a-zA-Z][^<>]*>|\[/?(?:[bisu]|url|img|code|quote|size|color)(?:=[^\]]*)?\]|[*_~`]+", re.IGNORECASE
)
_BREAKS = re.compile(r"<br\s*/?>|\[br\]|</p>", re.IGNORECASE)
_WITHIN_MIN = 3  # characters: shorter texts are looked for as a whole message only


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """Words for comparison: one Unicode form, no markup, one space between words, no case."""
    plain = _MARKUP.sub("", _BREAKS.sub("\n", unicodedata.normalize("NFC", html.unescape(text))))
    return " ".join(plain.split()).casefold()


def lines_of(text: str) -> list[str]:
    """The lines of a text, whatever breaks them."""
    return _BREAKS.sub("\n", text).splitlines()


@lru_cache(maxsize=8192)
def squeezed(text: str) -> str:
    """The letters and digits of a text alone: what is left of it however it is wrapped, quoted, escaped or marked up."""
    return "".join(filter(str.isalnum, normal(text)))


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
    if is_named(entry, act):
        return True
    files = files_of(act)
    if files & {file.sha256 for file in entry.files}:
        return True
    said, shown = words_of(act), normal(entry.text)
    return bool(said) and said == shown


def is_named(entry: Entry, act: Acted) -> bool:
    """True if the id that the bot gave an entry is that of a customer's message."""
    return entry.origin_id is not None and any(names(entry.origin_id, id) for id in act.ids)


def names(origin: str, id: str) -> bool:
    """True if an id that the bot gave (``tg:1234``, ``telegram-5-1234``) names the platform's message ``1234``."""
    return (
        origin == id or id in re.split(r"[^\w.=+/-]+|[:|]", origin) or origin.endswith((f"-{id}", f"_{id}", f":{id}"))
    )


def shows(entry: Entry, act: Acted) -> bool:
    """True if an entry of any author holds a message's words somewhere: a transcript."""
    said = words_of(act)
    return carries(entry, act) or (len(said) >= _WITHIN_MIN and said in normal(entry.text))


class Replies:
    """Which agents' replies the customer's messages carry. A reply may come in several messages (its words piece by piece,
    its files), or twice: then the second carries it as well. ``changes`` are later texts of replies, by the id of the entry."""

    def __init__(
        self,
        replies: Sequence[tuple[Filed, Entry]],
        seconds_between: Callable[[Record, Record], float],
        changes: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._seconds_between = seconds_between
        self._replies = [
            (record, entry, _Shown.of(entry, (changes or {}).get(entry.id, ()))) for record, entry in replies
        ]
        self._carried: Counter[tuple[int, str]] = Counter()

    def carried_by(self, heard: Heard) -> Filed | None:
        """The reply that a message to the customer carries: of several with the same words the first that no other message carried
        yet, except one so old that it must have failed."""
        earlier = [(record, shown) for record, _, shown in self._replies if record.n < heard.record.n]
        able = [record for record, shown in earlier if shown.has_a_file_of(heard)]
        able = able or [record for record, shown in earlier if shown.is_whole_in(heard)]
        able = able or [record for record, shown in reversed(earlier) if shown.is_partly_in(heard)][:1]
        return self._choose(able, heard.record, "file" if heard.message.media else "words")

    def refused(self, call: Called) -> None:
        """The platform did not take a message: the reply whose words are in the call is not waited for any more."""
        said = set(map(normal, strings_in(call.arguments)))
        self._choose([record for record, _, shown in self._replies if said & set(shown.texts)], call, "words")

    def _choose(self, able: Sequence[Filed], by: Record, kind: str) -> Filed | None:
        def rank(record: Filed) -> tuple[bool, int, int]:
            is_stale = self._seconds_between(record, by) > _STALE_S
            return is_stale, self._carried[record.n, kind], -record.n if is_stale else record.n

        best = min((record for record in able if record.n < by.n), key=rank, default=None)
        if best is not None:
            self._carried[best.n, kind] += 1
        return best


_STALE_S = 90.0
"""A reply this old that never came has failed if the same words were written anew since."""

_NAME_MAX = 60  # characters: a name, a role and an ornament
_SPLIT_MIN = 500  # characters: of a shorter reply nobody makes several messages, with a short one at the end
_PIECE_MIN = 12  # letters and digits: a shorter piece of a reply may be the bot's own word


@dataclass(frozen=True)
class _Shown:
    """What a customer may see of a reply: any of its texts, its files by hash, name and address."""

    texts: tuple[str, ...]
    letters: tuple[str, ...]
    hashes: frozenset[str]
    marks: frozenset[str]
    looks: frozenset[tuple[object, ...]]

    @classmethod
    def of(cls, entry: Entry, changed: Sequence[str]) -> _Shown:
        texts = tuple(filter(None, map(normal, (entry.text, *changed))))
        hashes = frozenset(file.sha256 for file in entry.files if file.sha256)
        marks = frozenset(mark for file in entry.files for mark in (file.name, file.url) if mark)
        looks = frozenset(filter(None, map(_look, entry.files)))
        return cls(texts, tuple(map(squeezed, texts)), hashes, marks, looks)

    def has_a_file_of(self, heard: Heard) -> bool:
        """True for a message with a file of the reply, by its bytes."""
        return any(media.file.sha256 in self.hashes for media in heard.message.media)

    def is_whole_in(self, heard: Heard) -> bool:
        """True for a message with a file of the reply, or with all its words, alone or beside a name."""
        files = [media.file for media in heard.message.media]
        if any(file.sha256 in self.hashes or {file.name, file.url} & self.marks for file in files):
            return True
        if any(_look(file) in self.looks for file in files):
            return True
        raw = heard.message.text
        said = normal(raw)
        if any(said == text or _beside_a_name(said, text) or _below_a_name(raw, text) for text in self.texts):
            return True
        return any(mark in raw for mark in self.marks if "://" in mark)

    def is_partly_in(self, heard: Heard) -> bool:
        """True for a message that is a piece of a longer reply, with or without a name and a number in front."""
        said = _PART_MARK.sub("", normal(heard.message.text))
        below = heard.message.text.strip().partition("\n")[2]
        pieces = [squeezed(said), squeezed(below), *(squeezed(lead.sub("", said, count=1)) for lead in _LEADS)]
        if any(len(piece) >= _PIECE_MIN and piece in letters for piece in pieces for letters in self.letters):
            return True
        return bool(said) and any(len(text) >= _SPLIT_MIN and text.endswith(said) for text in self.texts)


def _look(file: File) -> tuple[object, ...] | None:
    """What stays of a picture or a sound when a platform encodes it anew."""
    if file.width and file.height:
        return (file.mime.partition("/")[0], file.width, file.height)
    return ("sound", round(file.duration_s)) if file.duration_s else None


_PART_MARK = re.compile(r"[(\[]?\b\d{1,3}\s*/\s*\d{1,3}\b[)\]]?")
_LEADS = tuple(
    re.compile(lead)
    for lead in (
        rf"^[^:\n]{{1,{_NAME_MAX}}}:\s",
        rf"^[^\n]{{1,{_NAME_MAX}}}?\s[-–—|>]\s",
        rf"^[\[(][^\])\n]{{1,{_NAME_MAX}}}[\])]\s",
    )
)
"""How a name stands before the words: ``Bob: ``, ``Bob — ``, ``[Bob] ``."""
_ENDS_A_NAME = tuple(":,-–—)]>|»")
_BEGINS_A_NAME = tuple("-–—([|/~")


def _beside_a_name(said: str, written: str) -> bool:
    """``Bob: Hello`` and ``Hello — Bob`` pass ``Hello`` on."""
    before, after = said.removesuffix(written), said.removeprefix(written)
    if before != said and len(before) <= _NAME_MAX and before.rstrip().endswith(_ENDS_A_NAME):
        return True
    return after != said and len(after) <= _NAME_MAX and after.lstrip().startswith(_BEGINS_A_NAME)


def _below_a_name(text: str, written: str) -> bool:
    """A name on a line of its own, and the words below."""
    name, _, rest = text.strip().partition("\n")
    return len(name) <= _NAME_MAX and normal(rest) == written
