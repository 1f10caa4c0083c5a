"""HO-27: what the customer sends and no helpdesk expects is visible all the same: stickers, places, contacts, polls."""

from __future__ import annotations

import re

from chatdrill.checks.handoff.arrivals import Arrival, arrivals, entry_of, tells
from chatdrill.checks.handoff.dialogs import Dialog
from chatdrill.checks.handoff.laws import rule
from chatdrill.checks.handoff.owed import due_items, is_missing
from chatdrill.checks.parameters import Parameters, duration
from chatdrill.checks.registry import Outcome
from chatdrill.model import Contact, Location


@rule(
    "HO-27",
    "Stickers, places, contacts and whatever else the customer sends while people are in charge leave a visible "
    "trace in the ticket.",
    relay_within=duration("5s"),
)
def kinds_are_visible(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """A file, a kind or any words will do; of a place also where it is, of a contact also the number. Whoever cannot pass a kind
    on may ask for words instead, once. Voice notes and other files are HO-08's."""
    _judge_asking(dialog, outcome)
    for item in due_items(dialog, parameters["relay_within"]):
        arrival = item.arrival
        if arrival.texts or arrival.is_file:
            continue
        outcome.evidence += 1
        if is_missing(dialog, item, outcome):
            outcome.fail(
                f"the agent never learned that the customer sent {arrival.quote}",
                cites=(arrival.act.n,),
                conv=dialog.conv,
                details={"expected": "an entry in the ticket that names what came"},
            )
        elif arrival.copies and not _is_telling(arrival):
            outcome.fail(
                f"the agent sees that the customer sent {arrival.quote}, but not what it says: "
                f"{entry_of(arrival.copies[0]).text[:80]!r}",
                cites=(arrival.copies[0].n, arrival.act.n),
                conv=dialog.conv,
                details={"expected": "the coordinates of a place, the number of a contact, a word about anything else"},
            )


def _is_telling(arrival: Arrival) -> bool:
    entries = [entry_of(record) for record in arrival.copies]
    shown = "\n".join(entry.text for entry in entries)
    if any(entry.kind is not None or entry.files for entry in entries):
        return True
    special = [part for part in arrival.parts if isinstance(part, Location | Contact)]
    return bool(shown.strip()) and all(tells(part, shown) for part in special)


_ASKS_FOR_WORDS = re.compile(
    r"\b(?:send|write|type|use|only)\b.*\b(?:text|words|writing)\b|напишите|текстом|proszę napisać|tekst|schreib|écri|escrib",
    re.IGNORECASE,
)


def _judge_asking(dialog: Dialog, outcome: Outcome) -> None:
    """Only for what the scenario lists as a notice: any other word of the bot's is HO-14's or HO-20's."""
    for episode in dialog.episodes:
        said = [out for out in dialog.outs if episode.holds(out.record.n) and out.kind == "notice"]
        asked = [out for out in said if _ASKS_FOR_WORDS.search(out.text) and _answers_a_kind(dialog, out.record.n)]
        if len(asked) > 1:
            outcome.fail(
                f"the customer was asked for words {len(asked)} times: {asked[-1].text[:80]!r}",
                cites=tuple(out.record.n for out in reversed(asked)),
                conv=dialog.conv,
            )


def _answers_a_kind(dialog: Dialog, number: int) -> bool:
    before = [arrival for n, arrival in arrivals(dialog).items() if n < number]
    return bool(before) and not before[-1].texts
