"""The check that customers are kept apart: nobody reads what belongs to somebody else."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chatdrill.checks.evidence import CaseEvidence, Evidence
from chatdrill.checks.parameters import Parameters
from chatdrill.checks.registry import Outcome, suite_check
from chatdrill.model import Contact, Customer, Edited, Media, Message, Part, Sent, Text, Write, part_text
from chatdrill.trace import Acted, StepBegan, Took

# Digits with what people put between them: spaces (also fixed ones), dots, slashes, brackets, hyphens and dashes.
_PHONE = re.compile(r"\+?\(?\d(?:[\s.()/\u2010-\u2015-]{0,2}\d){8,17}")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_WORD = re.compile(r"[^\W\d_]+")
_NO_DIGIT = re.compile(r"\D")
_PHONE_DIGITS = 9
"""So many last digits tell a phone number, with or without its country code."""

_SHOWN_MAX = 3


@dataclass(frozen=True, slots=True)
class _Mark:
    """Something that belongs to one customer. ``since`` is the number of the record from which a bot can know it."""

    kind: str
    value: str
    conv: str
    since: int


@dataclass
class _Marks:
    """All marks of a run, to look them up in a text. ``names`` are the full names by their first word."""

    by_value: dict[tuple[str, str], _Mark | None] = field(default_factory=dict)  # None: shared, so it proves nothing
    names: dict[str, set[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(set))
    _read: dict[str, frozenset[tuple[str, str]]] = field(default_factory=dict)  # bots say the same to many

    def add(self, mark: _Mark) -> None:
        self._read.clear()
        key = mark.kind, mark.value
        known = self.by_value.setdefault(key, mark)
        if known is not None and known.conv != mark.conv:
            self.by_value[key] = None
        if mark.kind == "name":
            words = tuple(mark.value.split())
            self.names[words[0]].add(words)

    def found_in(self, text: str, files: Collection[str]) -> list[_Mark]:
        """The marks in a text and its files."""
        keys = self._read.get(text)
        if keys is None:
            keys = self._read[text] = frozenset(self._in_text(text))
        if files:
            keys = keys | {("file", sha256) for sha256 in files}
        return [mark for key in keys if (mark := self.by_value.get(key)) is not None]

    def _in_text(self, text: str) -> Iterator[tuple[str, str]]:
        if "@" in text:
            yield from (("e-mail", found.casefold()) for found in _EMAIL.findall(text))
            text = _EMAIL.sub(" @ ", text)  # an address made of a name is one mark, not two
        words = [word.casefold() for word in _WORD.findall(text)]
        for place, word in enumerate(words):
            for name in self.names.get(word, ()):
                if tuple(words[place : place + len(name)]) == name:
                    yield "name", " ".join(name)
        yield from (("phone", digits) for found in _PHONE.findall(text) for digits in _phones(found))


@suite_check("no-cross-talk", "No customer ever reads the name, phone, e-mail or file of another.")
def no_cross_talk(evidence: Evidence, _parameters: Parameters, outcome: Outcome) -> None:
    """Full names, phones in any spelling, e-mails and the content of files. Excused: what two customers share; what the
    bot said before its owner ever spoke or sent it (so it has it from elsewhere); what the reader said first, or the
    scenario expects the reader to hear."""
    marks = _marks(evidence)
    hits: list[tuple[_Mark, CaseEvidence, Took]] = []
    for case in evidence.cases.values():
        for record, message in _read(case):
            outcome.evidence += 1
            for mark in marks.found_in(_text(message), _sent_files(message)):
                hits.append((mark, case, record))
    public = {mark for mark, _, record in hits if record.n < mark.since}
    suspects = [hit for hit in hits if not _is_own(*hit) and hit[0] not in public]
    _accuse([hit for hit in suspects if not _is_sanctioned(*hit)], outcome)


def _is_own(mark: _Mark, case: CaseEvidence, record: Took) -> bool:
    """The reader's, on this platform or on another one."""
    return mark.conv == record.conv or (
        bool(case.began.channels) and case.began.is_one_person(mark.conv, record.conv or "")
    )


def _accuse(hits: list[tuple[_Mark, CaseEvidence, Took]], outcome: Outcome) -> None:
    """One finding for each message."""
    messages: dict[int, list[tuple[_Mark, CaseEvidence, Took]]] = defaultdict(list)
    for hit in hits:
        messages[hit[2].n].append(hit)
    for leaks in messages.values():
        mark, case, record = leaks[0]
        shown = ", ".join(sorted({f"{leak.kind} {leak.value!r}" for leak, _, _ in leaks})[:_SHOWN_MAX])
        outcome.fail(
            f"a customer read what belongs to another one ({mark.conv}): {shown}",
            case=case.name,
            cites=(record.n, mark.since),
            conv=record.conv,
        )


def _marks(evidence: Evidence) -> _Marks:
    marks = _Marks()
    for case in evidence.cases.values():
        spoke = _first_words(case)
        for key, customer in case.began.customers.items():
            conv = f"{case.name}/{key}"
            for kind, value in marks_of(customer):
                marks.add(_Mark(kind, value, conv, spoke.get(conv, case.began.n)))
        for mark in _files(case):
            marks.add(mark)
    return marks


def _first_words(case: CaseEvidence) -> dict[str, int]:
    """When each customer first spoke: from then on the bot can know who they are."""
    first: dict[str, int] = {}
    for turn in case.turns:
        if turn.acts:
            first.setdefault(turn.conv, turn.acts[0].n)
    return first


def _files(case: CaseEvidence) -> Iterator[_Mark]:
    for record, parts in _written(case):
        for part in parts:
            if isinstance(part, Media) and part.file.sha256:
                yield _Mark("file", part.file.sha256, record.conv or "", record.n)


def marks_of(customer: Customer) -> list[tuple[str, str]]:
    """What tells this customer from others in a text: full name (either way round), the phone's last digits, e-mail."""
    first, last = (
        [word.casefold() for word in _WORD.findall(name)] for name in (customer.first_name, customer.last_name)
    )
    names = [("name", " ".join(words)) for words in (first + last, last + first)] if first and last else []
    phone = _phone(customer.phone)
    found = [*names, ("phone", phone), ("e-mail", customer.email.casefold())]
    return [(kind, value) for kind, value in found if value]


def _phone(text: str) -> str:
    return next(reversed(_phones(text)), "")


def _phones(text: str) -> list[str]:
    """Every stretch of digits that may be the end of a phone number: two numbers may stand side by side."""
    digits = _NO_DIGIT.sub("", text)
    return [digits[end - _PHONE_DIGITS : end] for end in range(_PHONE_DIGITS, len(digits) + 1)]


def _read(case: CaseEvidence) -> Iterator[tuple[Took, Message]]:
    """All that customers of the case read of the bot, also when the case was over."""
    for record in (*case.took, *case.late):
        if isinstance(record, Took) and isinstance(record.effect, (Sent, Edited)):
            yield record, record.effect.message


def _is_text(message: Message) -> bool:
    return len(message.parts) == 1 and isinstance(message.parts[0], Text)


def _sent_files(message: Message) -> list[str]:
    return [] if _is_text(message) else [media.file.sha256 for media in message.media]


def _text(message: Message) -> str:
    if _is_text(message):  # nearly always
        return message.text
    cards = [f"{part.name}\n{part.phone}\n{part.email or ''}" for part in message.parts if isinstance(part, Contact)]
    return "\n".join([message.text, *(button.title for button in message.buttons), *cards])


# ------------------------------------------------------------------------------------------------------ excuses


def _is_sanctioned(mark: _Mark, case: CaseEvidence, record: Took) -> bool:
    """The reader brought it up, or the scenario expects it. Asked for suspects only, so it may look at everything."""
    told = [_text_of(parts) for act, parts in _written(case) if act.conv == record.conv and act.n < record.n]
    wanted = [text for step in _heard_by(case, record.conv or "") for text in _texts(step)]
    if mark.kind == "file":
        return mark.value in wanted
    own = _Marks()
    own.add(mark)
    return any(own.found_in(text, ()) for text in (*told, *wanted))


def _heard_by(case: CaseEvidence, conv: str) -> Iterator[Mapping[str, Any]]:
    """The steps, as they were played, in which the scenario says what this customer hears."""
    first = next(iter(case.began.customers), "")
    played = [record.played for record in case.records if isinstance(record, StepBegan) and record.played]
    for step in (*case.began.steps, *played):
        if step.get("step") in ("hears", "eventually") and conv == f"{case.name}/{step.get('customer') or first}":
            yield step


def _written(case: CaseEvidence) -> Iterator[tuple[Acted, tuple[Part, ...]]]:
    return ((record, record.act.parts) for record in case.acts if isinstance(record.act, Write))


def _text_of(parts: Iterable[Part]) -> str:
    return "\n".join(f"{part.name}\n{part.phone}" if isinstance(part, Contact) else part_text(part) for part in parts)


def _texts(data: Any) -> Iterator[str]:
    """All texts in plain data."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _texts(value)
