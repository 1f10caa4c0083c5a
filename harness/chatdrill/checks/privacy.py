"""Checks that customers are kept apart: nobody reads what belongs to somebody else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatdrill.checks.evidence import Evidence, Heard
from chatdrill.checks.registry import Outcome, Parameters, suite_check
from chatdrill.model import Customer, Media, Message, Write
from chatdrill.trace import Acted

_PHONE = re.compile(r"\+?\d[\d ()-]{7,}\d")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+\w")
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)


@suite_check("no-cross-talk", "No customer ever reads the name, phone, e-mail or file of another.")
def no_cross_talk(evidence: Evidence, _parameters: Parameters, outcome: Outcome) -> None:
    """A mark (name, phone, e-mail, file) that two customers share proves nothing and is left out."""
    owners = _owners(evidence)
    for case in evidence.cases.values():
        for heard in case.heard:
            outcome.evidence += 1
            _accuse(heard, owners, outcome)


def _owners(evidence: Evidence) -> dict[str, str]:
    owners: dict[str, str] = {}
    shared: set[str] = set()
    for mark, conv in _all_marks(evidence):
        if owners.setdefault(mark, conv) != conv:
            shared.add(mark)
    return {mark: conv for mark, conv in owners.items() if mark not in shared}


def _all_marks(evidence: Evidence) -> Iterator[tuple[str, str]]:
    for case in evidence.cases.values():
        for key, customer in case.began.customers.items():
            for mark in marks_of(customer):
                yield mark, f"{case.name}/{key}"
        for record in case.records:
            if isinstance(record, Acted) and isinstance(record.act, Write):
                for part in record.act.parts:
                    if isinstance(part, Media) and part.file.sha256:
                        yield part.file.sha256, record.conv or ""


def marks_of(customer: Customer) -> list[str]:
    """What tells this customer from others in a text: full name, phone digits, e-mail."""
    names = [word.casefold() for word in _WORD.findall(customer.name)]
    marks = [" ".join(names)] if len(names) > 1 else []
    digits = re.sub(r"\D", "", customer.phone)
    marks += [digits] if len(digits) > 8 else []
    return marks + ([customer.email.casefold()] if customer.email else [])


def marks_in(message: Message) -> set[str]:
    """Everything in a message that may be somebody's mark."""
    text = message.text
    words = [word.casefold() for word in _WORD.findall(text)]
    found = {" ".join(words[at : at + size]) for size in (2, 3, 4) for at in range(len(words) - size + 1)}
    found |= {re.sub(r"\D", "", match) for match in _PHONE.findall(text)}
    found |= {match.casefold() for match in _EMAIL.findall(text)}
    return found | {media.file.sha256 for media in message.media if media.file.sha256}


def _accuse(heard: Heard, owners: dict[str, str], outcome: Outcome) -> None:
    for mark in sorted(marks_in(heard.message)):
        owner = owners.get(mark)
        if owner is not None and owner != heard.record.conv:
            outcome.fail(
                f"a customer read what belongs to another one ({owner}): {mark!r}",
                cites=(heard.record.n,),
                conv=heard.record.conv,
            )
