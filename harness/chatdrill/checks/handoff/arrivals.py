"""What became of each of a customer's messages in the ticket: the entries that carry it, or whatever else shows it.

A message has arrived if an entry carries it alone (by the id that the bot passed on, by its words in any version, by its file,
as a placeholder where it has no words), in pieces, behind a name, or if a longer text of any author but the agents shows it.
Where several messages say the same, those that people had to see come first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from chatdrill.checks.handoff.dialogs import Dialog
from chatdrill.checks.handoff.matching import files_of, is_named, lines_of, normal, squeezed, words_of
from chatdrill.model import (
    Contact,
    Delete,
    Edit,
    Entry,
    EntryAdded,
    EntryChanged,
    HandoffAsked,
    Location,
    Media,
    Part,
    TicketOpened,
    Write,
    part_text,
)
from chatdrill.trace import Acted, Filed
from chatdrill.wire import strings_in

_PIECE_MIN = 12  # letters and digits: a shorter piece of a message may be another message
_NAME_MAX = 60  # characters: a name, a role and an ornament before the words
_NAME = re.compile(rf"^[^:\n]{{1,{_NAME_MAX}}}:\s")
_WITHIN_MIN = 3  # characters: shorter words are looked for as a whole line only
_NEAR_DEGREES = 0.01  # about a kilometre: a place whose coordinates were rounded is the same place
_PHONE_DIGITS = 7
"""So many last digits tell a phone number, however the rest is written."""

_FILES = ("photo", "video", "video_note", "voice", "audio", "document", "animation")
"""Media whose bytes matter; whether they are there is HO-08's question."""
_NUMBER = re.compile(r"-?\d+[.,]\d+")


@dataclass
class Arrival:
    """One message of the customer. ``texts`` are its words for comparison, as written and as changed later; ``copies`` the
    customer's entries that carry it, ``shown`` the first other record that shows it."""

    act: Acted
    texts: list[str]
    copies: list[Filed] = field(default_factory=list)
    shown: Filed | None = None

    @property
    def first(self) -> Filed | None:
        """The record with which it arrived."""
        return min((*self.copies, *([self.shown] if self.shown else [])), key=lambda record: record.n, default=None)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What it is made of."""
        assert isinstance(self.act.act, Write)
        return self.act.act.parts

    @property
    def is_file(self) -> bool:
        """True for files without a word, whose loss HO-08 tells."""
        return not self.texts and all(
            isinstance(part, Media) and part.kind in _FILES and part.file.sha256 for part in self.parts
        )

    @property
    def quote(self) -> str:
        """What the customer sent, to be quoted."""
        said = " ".join(filter(None, map(part_text, self.parts)))
        kinds = [part.kind if isinstance(part, Media) else part.__struct_config__.tag for part in self.parts]
        return repr(said[:80]) if said else f"the {' and '.join(dict.fromkeys(map(str, kinds)))}"


def entry_of(record: Filed) -> Entry:
    """The entry that a record added."""
    assert isinstance(record.event, EntryAdded)
    return record.event.entry


def arrivals(dialog: Dialog) -> dict[int, Arrival]:
    """The customer's messages by record number, each with what became of it. Kept until the case has more records."""
    key = ("arrivals", dialog.conv)
    kept = dialog.case.memo.get(key)
    if kept is None or kept[0] != len(dialog.case.records):
        kept = dialog.case.memo[key] = (len(dialog.case.records), _arrivals(dialog))
    found: dict[int, Arrival] = kept[1]
    return found


def changes_of(dialog: Dialog, act: Acted) -> list[Acted]:
    """The customer's edits and deletions of a message, in order."""
    return [
        other
        for other in dialog.case.acts
        if other.conv == act.conv and isinstance(other.act, Edit | Delete) and other.act.message_id in act.ids
    ]


def words_in(parts: Iterable[Part]) -> str:
    """The words of parts, for comparison."""
    return normal("\n".join(filter(None, map(part_text, parts))))


def _arrivals(dialog: Dialog) -> dict[int, Arrival]:
    found = {act.n: Arrival(act, _versions(dialog, act)) for act in dialog.said if isinstance(act.act, Write)}
    added = dialog.records(EntryAdded)
    theirs = [record for record in added if entry_of(record).author == "customer"]
    rest = _by_id(found, theirs)
    rest = _by_content(dialog, found, rest)
    rest = _by_piece(found, rest)
    _by_turn(found, rest)
    for arrival in found.values():
        arrival.copies.sort(key=lambda record: record.n)
        if not arrival.copies:
            taken = {copy.n for other in found.values() for copy in other.copies if _is_all(other, copy)}
            arrival.shown = _shown(dialog, arrival, [record for record in added if record.n not in taken])
    return found


def _versions(dialog: Dialog, act: Acted) -> list[str]:
    edited = [words_in(change.act.parts) for change in changes_of(dialog, act) if isinstance(change.act, Edit)]
    return [text for text in dict.fromkeys([words_of(act), *edited]) if text]


def _by_id(found: dict[int, Arrival], entries: Sequence[Filed]) -> list[Filed]:
    """Give each entry to the message that its id names; those without are returned."""
    rest = []
    for record in entries:
        entry = entry_of(record)
        named = [one for one in found.values() if one.act.n < record.n and is_named(entry, one.act)]
        if len(named) > 1:  # the number of a piece may look like another message's id
            words = squeezed(entry.text)
            named = [one for one in named if any(words in squeezed(text) for text in one.texts)] or named
        if named:
            max(named, key=lambda one: max(map(len, one.act.ids))).copies.append(record)
        else:
            rest.append(record)
    return rest


def _by_content(dialog: Dialog, found: dict[int, Arrival], entries: Sequence[Filed]) -> list[Filed]:
    """Give entries to the messages with the same words or file: one to each, first to those that people had to see, and of these
    to the newest (an older one may stand in a transcript); then what is more."""
    free = list(entries)
    ordered = sorted(found.values(), key=lambda one: (dialog.owner_at(one.act.n) not in ("queue", "agent"), -one.act.n))
    for arrival in ordered:
        match = next((record for record in free if not arrival.copies and _is_same(arrival, record)), None)
        if match is not None:
            arrival.copies.append(match)
            free.remove(match)
    rest = []
    for record in free:
        same = [one for one in found.values() if _is_same(one, record)]
        if same:
            same[-1].copies.append(record)
        else:
            rest.append(record)
    return rest


def _is_same(arrival: Arrival, record: Filed) -> bool:
    entry = entry_of(record)
    if arrival.act.n > record.n:
        return False
    bare = _NAME.sub("", normal(entry.text), count=1)
    return bool({normal(entry.text), bare} & set(arrival.texts)) or bool(
        files_of(arrival.act) & {file.sha256 for file in entry.files}
    )


def _by_piece(found: dict[int, Arrival], entries: Sequence[Filed]) -> list[Filed]:
    """Give entries to the messages of which they are a piece, or which they show behind a name."""
    rest = []
    incomplete = [one for one in found.values() if not one.copies]
    for record in entries:
        entry = entry_of(record)
        pieces = (squeezed(entry.text), squeezed(_NAME.sub("", entry.text, count=1)))
        able = [one for one in incomplete if one.act.n < record.n]
        home = [one for one in able if any(_is_piece(words, text, entry) for text in one.texts for words in pieces)]
        true = [one for one in home if any(words in squeezed(text) for text in one.texts for words in pieces if words)]
        home = true or home
        if home:
            shown = normal(entry.text)
            free = [one for one in home if not one.copies] or home[-1:]
            # Of several that begin alike it is the one that is shown whole.
            max(free, key=lambda one: max((len(text) for text in one.texts if text in shown), default=0)).copies.append(
                record
            )
        else:
            rest.append(record)
    return rest


def _is_piece(words: str, text: str, entry: Entry) -> bool:
    whole = squeezed(text)
    if len(words) >= _PIECE_MIN and words in whole:
        return True
    shown = normal(entry.text)
    return len(text) >= _WITHIN_MIN and len(shown) <= len(text) + _NAME_MAX and text in shown


def _by_turn(found: dict[int, Arrival], entries: Sequence[Filed]) -> None:
    """Give what is left over to the messages without words, in their order; places and contacts look for their own first."""
    free = list(entries)
    wordless = [arrival for arrival in found.values() if not arrival.texts and not arrival.copies]
    for fits in (_tells_all, _takes_any):
        for arrival in reversed(wordless):
            match = next((record for record in free if record.n > arrival.act.n and fits(arrival, record)), None)
            if match is not None and not arrival.copies:
                arrival.copies.append(match)
                free.remove(match)


def _tells_all(arrival: Arrival, record: Filed) -> bool:
    special = [part for part in arrival.parts if isinstance(part, Location | Contact)]
    return bool(special) and all(tells(part, entry_of(record).text) for part in special)


def _takes_any(_arrival: Arrival, _record: Filed) -> bool:
    return True


# --------------------------------------------------------------------------------------------------- whatever shows it


def _shown(dialog: Dialog, arrival: Arrival, added: Sequence[Filed]) -> Filed | None:
    """The first record that shows it: an entry, several entries in a row, or another text that people see."""
    said_by_bot = {normal(out.text) for out in dialog.outs}
    found: list[Filed] = []
    for record in added:
        entry = entry_of(record)
        if record.n < arrival.act.n or (entry.author == "agent" and record.by != "bot"):
            continue
        own_word = entry.author == "bot" and normal(entry.text) in said_by_bot
        if not own_word and _is_within(arrival, entry.text, {file.sha256 for file in entry.files}, entry.kind):
            found.append(record)
            break
    found += _in_pieces(arrival, added)
    for record, texts in _other_texts(dialog):
        if record.n > arrival.act.n and any(_is_within(arrival, text, set(), None) for text in texts):
            found.append(record)
            break
    return min(found, key=lambda record: record.n, default=None)


def _in_pieces(arrival: Arrival, added: Sequence[Filed]) -> list[Filed]:
    """The last entry of a transcript that was too long for one, if the message begins in one of them and ends in another."""
    said = [words for words in map(squeezed, arrival.texts) if len(words) >= _PIECE_MIN]
    whole = ""
    for record in added:
        if record.n > arrival.act.n and entry_of(record).author != "agent":
            whole += squeezed(entry_of(record).text)
            if any(words in whole for words in said):
                return [record]
    return []


def _is_all(arrival: Arrival, record: Filed) -> bool:
    """True for an entry that holds this message and nothing else, so that it cannot show another one."""
    entry = entry_of(record)
    return normal(entry.text) in (*arrival.texts, "") or is_named(entry, arrival.act)


def _other_texts(dialog: Dialog) -> Iterator[tuple[Filed, Sequence[str]]]:
    for record in dialog.records(EntryChanged, TicketOpened, HandoffAsked):
        yield record, tuple(strings_in(msgspec.to_builtins(record.event)))


def _is_within(arrival: Arrival, text: str, files: set[str], kind: str | None) -> bool:
    if files_of(arrival.act) & files:
        return True
    if arrival.texts:
        return any(_holds(text, said) for said in arrival.texts)
    return (kind is not None or bool(text.strip()) or bool(files)) and all(tells(part, text) for part in arrival.parts)


def _holds(text: str, said: str) -> bool:
    if len(said) >= _WITHIN_MIN:
        return said in normal(text) or (bool(squeezed(said)) and squeezed(said) in squeezed(text))
    return any(normal(line) == said or normal(line).endswith(f": {said}") for line in lines_of(text))


def tells(part: Part, text: str) -> bool:
    """True if a text says what matters in a part: where a place is, a contact's number. Other parts need only be there."""
    if isinstance(part, Location):
        return _tells_place(part, text)
    if isinstance(part, Contact):
        digits = "".join(filter(str.isdigit, part.phone))[-_PHONE_DIGITS:]
        return digits in "".join(filter(str.isdigit, text))
    return True


def _tells_place(place: Location, text: str) -> bool:
    numbers = [float(found.replace(",", ".")) for found in _NUMBER.findall(text)]
    near = [
        any(abs(number - value) <= _NEAR_DEGREES for number in numbers) for value in (place.latitude, place.longitude)
    ]
    named = [word for word in (place.name, place.address) if word and normal(word) in normal(text)]
    return all(near) or bool(named)
