"""From the agent to the customer, HO-28 to HO-33: what agents write reaches their customer, whole, once, and nobody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import msgspec

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.checks.handoff.arrivals import arrivals, entry_of
from chatdrill.checks.handoff.dialogs import Dialog, Out, dialogs
from chatdrill.checks.handoff.laws import case_rule, rule
from chatdrill.checks.handoff.matching import normal, squeezed
from chatdrill.checks.handoff.pace import LATEST, extra_s, moment, outlook
from chatdrill.checks.parameters import Parameters, duration
from chatdrill.checks.registry import Outcome
from chatdrill.model import (
    Block,
    Edited,
    Entry,
    EntryAdded,
    EntryChanged,
    EntryFailed,
    Sent,
    Unblock,
    Write,
)
from chatdrill.trace import Called, Filed
from chatdrill.wire import strings_in

_TELLING_MIN = 8  # letters and digits: shorter words may be said by anybody for reasons of their own
_CANNED_MIN = 12  # letters and digits, as above where two customers' bots may have the same phrases
_ECHOES_MAX = 3  # HO-31: more than three equal texts alternating are a loop
_LOOP_S = 60.0  # within a minute; a reminder may come back every day


@dataclass(frozen=True)
class Passing:
    """An agent's public message and the customer's messages that carry it. ``due``: when it must have come; ``None`` where
    nobody can be blamed, for the desk's news of it were lost or the platform was down."""

    record: Filed
    entry: Entry
    outs: tuple[Out, ...]
    due: float | None


def _passings(dialog: Dialog, within_s: float) -> Iterator[Passing]:
    case = dialog.case
    for record, entry in dialog.agent_replies:
        if record.by == "bot" or not (entry.text.strip() or entry.files):
            continue  # what the bot itself put there as somebody's word is no reply
        due = moment(case, record) + LATEST * within_s
        more = extra_s(case, moment(case, record), due, "api", "webhook", "bot")
        outs = tuple(dialog.outs_of(record)) or tuple(_perhaps(dialog, record, entry, due))
        yield Passing(record, entry, outs, None if more is None else due + more)


def _perhaps(dialog: Dialog, record: Filed, entry: Entry, due: float) -> Iterator[Out]:
    """Files without a hash can be told by nothing but their turn."""
    if entry.files and not all(file.sha256 for file in entry.files):
        later = (out for out in dialog.outs if out.record.n > record.n and out.kind != "agent")
        yield from (out for out in later if out.heard.message.media and moment(dialog.case, out.record) <= due)


def _quote(entry: Entry) -> str:
    return repr(entry.text[:80]) if entry.text.strip() else f"a file ({entry.files[0].name or entry.files[0].mime})"


def _letters(out: Out) -> str:
    return squeezed(out.text)


def _hashes(out: Out) -> frozenset[str]:
    return frozenset(media.file.sha256 for media in out.heard.message.media if media.file.sha256)


def _refusals(dialog: Dialog, since: int, until: float) -> list[Called]:
    """Calls for this customer that the platform refused between two records."""
    return [
        call
        for call in dialog.case.calls
        if since < call.n < until
        and call.conv == dialog.conv
        and call.platform == dialog.case.began.platform
        and not call.ok
    ]


def _is_blocked(dialog: Dialog, number: int) -> bool:
    blocked = False
    for act in dialog.case.acts:
        if act.conv == dialog.conv and act.n < number and isinstance(act.act, Block | Unblock):
            blocked = isinstance(act.act, Block)
    return blocked


def _was_withdrawn(dialog: Dialog, passing: Passing) -> bool:
    """The agent changed or deleted it: then the old words need not arrive any more."""
    changes = dialog.records(EntryChanged)
    return any(isinstance(one.event, EntryChanged) and one.event.entry_id == passing.entry.id for one in changes)


def _is_reported(dialog: Dialog, record: Filed, entry: Entry, since: int) -> bool:
    """The agents were shown that it failed: by a mark, or by a note."""
    for later in dialog.records(EntryFailed, EntryAdded):
        if later.n <= since or later.n <= record.n:
            continue
        if isinstance(later.event, EntryFailed):
            if later.event.entry_id == entry.id or later.by == "bot":
                return True
        elif entry_of(later).author in ("bot", "system") and not _is_said(dialog, entry_of(later)):
            return True
    return False


def _is_said(dialog: Dialog, entry: Entry) -> bool:
    """A copy of what the customer was told."""
    return entry.public and normal(entry.text) in {normal(out.text) for out in dialog.outs}


# ---------------------------------------------------------------------------------------------- HO-28: once, only there


@case_rule(
    "HO-28",
    "Every message of an agent reaches its customer exactly once, and no other customer.",
    relay_within=duration("5s"),
)
def only_that_customer_once(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    """What the platform refuses is HO-32's, what only arrived in part HO-29's, and the words of a second agent are HO-33's."""
    for dialog in dialogs(case):
        for passing in _passings(dialog, parameters["relay_within"]):
            outcome.evidence += 1
            if not passing.outs and not _is_by_another(dialog, passing):
                _judge_lost(dialog, passing, outcome, "the customer never got the agent's message {quote}")
            _judge_twice(dialog, passing, outcome)
            _judge_strangers(dialog, passing, outcome)


def _judge_lost(dialog: Dialog, passing: Passing, outcome: Outcome, message: str) -> None:
    record, due = passing.record, passing.due
    if due is None or _was_withdrawn(dialog, passing) or _is_blocked(dialog, record.n):
        return
    if _refusals(dialog, record.n, float("inf")) or _is_reported(dialog, record, passing.entry, record.n):
        return
    ahead = outlook(dialog.case, due)
    if ahead == "over":
        outcome.fail(message.format(quote=_quote(passing.entry)), cites=(record.n,), conv=dialog.conv)
    elif ahead == "cut":
        what = f"the run ended before the customer had to get the agent's message {_quote(passing.entry)}"
        outcome.undecided(what, cites=(record.n,), conv=dialog.conv)


def _judge_twice(dialog: Dialog, passing: Passing, outcome: Outcome) -> None:
    seen: dict[tuple[str, frozenset[str]], Out] = {}
    whole = squeezed(passing.entry.text)
    for out in passing.outs:
        is_whole = bool(_hashes(out)) or (bool(whole) and whole in _letters(out)) or not whole
        first = seen.setdefault((_letters(out), _hashes(out)), out)
        if is_whole and first is not out and not _had_no_answer(dialog.case, first):
            outcome.fail(
                f"the customer got the agent's message {_quote(passing.entry)} twice",
                cites=(out.record.n, first.record.n, passing.record.n),
                conv=dialog.conv,
            )
            return


def _had_no_answer(case: CaseEvidence, out: Out) -> bool:
    """The call's answer was lost on purpose: no bot can know that it had succeeded."""
    return any(call.n == out.record.call and (call.note or "").startswith("fault:") for call in case.calls)


def _judge_strangers(dialog: Dialog, passing: Passing, outcome: Outcome) -> None:
    hashes = {file.sha256 for file in passing.entry.files if file.sha256}
    letters = squeezed(passing.entry.text)
    for other in dialogs(dialog.case):
        if other.conv == dialog.conv:
            continue
        for out in other.outs:
            if out.record.n < passing.record.n or out.kind == "agent":
                continue
            has_words = len(letters) >= _CANNED_MIN and letters in _letters(out)
            if (has_words or hashes & _hashes(out)) and not _is_known(dialog.case, passing, letters, hashes):
                outcome.fail(
                    f"another customer got the agent's message {_quote(passing.entry)}",
                    cites=(out.record.n, passing.record.n),
                    conv=other.conv,
                    details={"expected": f"it reaches {dialog.conv} only"},
                )
                return


def _is_known(case: CaseEvidence, passing: Passing, letters: str, hashes: set[str]) -> bool:
    """The bot said the same before the agent did, so it may have it from elsewhere."""
    earlier = [heard.message for heard in case.heard if heard.record.n < passing.record.n]
    said = any(letters and letters in squeezed(message.text) for message in earlier)
    return said or any(media.file.sha256 in hashes for message in earlier for media in message.media)


# ------------------------------------------------------------------------------------------- HO-29: in order, complete


@rule(
    "HO-29",
    "The customer gets the agent's messages in the order in which they were written, and each with all its words and files.",
    relay_within=duration("5s"),
)
def in_order_complete(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """Where webhooks of the desk were swapped, delayed or repeated on purpose the order is HO-48's."""
    passings = [passing for passing in _passings(dialog, parameters["relay_within"]) if passing.outs]
    outcome.evidence += len(passings)
    for passing in passings:
        lack = None if _was_withdrawn(dialog, passing) else _lack(dialog, passing)
        if lack is not None and passing.due is not None and outlook(dialog.case, passing.due) == "over":
            outcome.fail(
                f"the agent's message {_quote(passing.entry)} came without {lack}",
                cites=(passing.outs[0].record.n, passing.record.n),
                conv=dialog.conv,
            )
    _judge_order(dialog, passings, outcome)


def _judge_order(dialog: Dialog, passings: list[Passing], outcome: Outcome) -> None:
    case = dialog.case
    alone = Counter(normal(passing.entry.text) for passing in passings)
    clear = [passing for passing in passings if alone[normal(passing.entry.text)] == 1]
    for earlier, later in pairwise(clear):
        first = later.outs[0]
        last = max(_firsts(earlier), key=lambda out: out.record.n)
        begin, end = moment(case, earlier.record), moment(case, last.record)
        if first.record.n < last.record.n and extra_s(case, begin, end, "webhook", "api", "bot") == 0.0:
            outcome.fail(
                f"the customer got {_quote(later.entry)} before {_quote(earlier.entry)}, which the agent wrote first",
                cites=(first.record.n, last.record.n, later.record.n, earlier.record.n),
                conv=dialog.conv,
            )


def _firsts(passing: Passing) -> list[Out]:
    """The messages that carry a reply, repetitions left out."""
    seen: dict[tuple[str, frozenset[str]], Out] = {}
    for out in passing.outs:
        seen.setdefault((_letters(out), _hashes(out)), out)
    return list(seen.values())


def _lack(dialog: Dialog, passing: Passing) -> str | None:
    """What the customer did not get of a message that came."""
    outs = [*passing.outs, *_beside(dialog, passing)]
    left = squeezed(passing.entry.text)
    for out in outs:
        letters = _letters(out)
        if left and left in letters:
            left = ""
        elif letters:
            left = left.replace(letters, "", 1) if letters in left else _without_a_name(left, letters)
    if left:
        return f"some of its words; {left[:40]!r} is missing"
    shown = sum(len(out.heard.message.media) for out in outs)
    links = sum(out.text.count("://") for out in outs) - passing.entry.text.count("://")
    missing = len(passing.entry.files) - shown - max(0, links)
    return f"{missing} of its {len(passing.entry.files)} files" if missing > 0 else None


def _without_a_name(left: str, letters: str) -> str:
    """A piece of a reply may have the agent's name, or its number, in front."""
    for begin in range(1, min(len(letters), 40)):
        piece = letters[begin:]
        if len(piece) >= _TELLING_MIN and piece in left:
            return left.replace(piece, "", 1)
    return left


def _beside(dialog: Dialog, passing: Passing) -> list[Out]:
    """What came meanwhile and may be a part of it: pieces that are too short to tell, files that were packed anew."""
    end = passing.due if passing.due is not None else float("inf")
    later = (out for out in dialog.outs if out.record.n > passing.record.n and out.reply is None)
    return [out for out in later if moment(dialog.case, out.record) <= end]


# ------------------------------------------------------------------------------------------------- HO-30: notes stay


@case_rule("HO-30", "No customer ever reads a note that agents wrote for themselves.")
def notes_stay(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    """Excused: words that were said publicly before, and notes that are too short to be told from any other word."""
    found = dialogs(case)
    notes = [
        note for dialog in found for ticket in dialog.tickets.values() for note in ticket.entries("agent", public=False)
    ]
    for record, note in notes:
        letters = squeezed(note.text)
        hashes = {file.sha256 for file in note.files if file.sha256}
        outcome.evidence += 1
        for took in case.took:
            if took.n < record.n or not isinstance(took.effect, Sent | Edited):
                continue
            message = took.effect.message
            has_words = len(letters) >= _TELLING_MIN and letters in squeezed(message.text)
            has_files = any(media.file.sha256 in hashes for media in message.media)
            if (has_words and not _was_public(found, letters, took.n)) or (
                has_files and not _was_sent(case, hashes, record.n)
            ):
                outcome.fail(
                    f"the customer read a private note: {message.text[:80]!r}",
                    cites=(took.n, record.n),
                    conv=took.conv,
                    details={"note": note.text[:200]},
                )
                break


def _was_public(found: list[Dialog], letters: str, before: int) -> bool:
    for dialog in found:
        said = [" ".join(arrival.texts) for arrival in arrivals(dialog).values() if arrival.act.n < before]
        told = [entry.text for record, entry in dialog.agent_replies if record.n < before]
        own = [out.text for out in dialog.outs if out.record.n < before]
        if any(letters in squeezed(text) for text in (*said, *told, *own)):
            return True
    return False


def _was_sent(case: CaseEvidence, hashes: set[str], before: int) -> bool:
    said = [act.act for act in case.acts if act.n < before and isinstance(act.act, Write)]
    files = {str(text) for act in said for text in strings_in(msgspec.to_builtins(act))}
    earlier = (media.file.sha256 for heard in case.heard if heard.record.n < before for media in heard.message.media)
    return bool(hashes & files) or any(sha256 in hashes for sha256 in earlier)
