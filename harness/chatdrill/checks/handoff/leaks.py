"""What must not pass between the desk and the customer, HO-30 and HO-31: notes, and what was passed on already."""

from __future__ import annotations

import msgspec

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.checks.handoff.arrivals import arrivals, entry_of
from chatdrill.checks.handoff.dialogs import Dialog, dialogs
from chatdrill.checks.handoff.laws import case_rule, rule
from chatdrill.checks.handoff.matching import squeezed
from chatdrill.checks.parameters import Parameters
from chatdrill.checks.registry import Outcome
from chatdrill.model import Edited, EntryAdded, Sent, Write
from chatdrill.trace import Filed, Took
from chatdrill.wire import strings_in

_TELLING_MIN = 8  # letters and digits: shorter words may be said by anybody for reasons of their own
_ECHOES_MAX = 3  # HO-31: more than three equal texts alternating are a loop
_LOOP_S = 60.0  # within a minute; a reminder may come back every day

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


# --------------------------------------------------------------------------------------------------- HO-31: no echo


@rule(
    "HO-31",
    "What was passed on never comes back: neither the agent's words as the customer's, nor one text round and round.",
)
def no_echo(dialog: Dialog, _parameters: Parameters, outcome: Outcome) -> None:
    """A bot that repeats the customer's words while people are in charge is HO-14's and HO-20's."""
    carried = {copy.n for arrival in arrivals(dialog).values() if arrival.texts for copy in arrival.copies}
    for ticket in dialog.tickets.values():
        replies = [
            (record, squeezed(entry.text))
            for record, entry in ticket.entries("agent", public=True)
            if record.by != "bot"
        ]
        outcome.evidence += len(replies)
        for record, entry in ticket.entries("customer"):
            letters = squeezed(entry.text)
            source = next(
                (reply for reply, words in replies if words and words == letters and reply.n < record.n), None
            )
            if source is not None and record.n not in carried:
                outcome.fail(
                    f"the agent's message came back as the customer's: {entry.text[:80]!r}",
                    cites=(record.n, source.n),
                    conv=dialog.conv,
                )
                break
    _judge_loop(dialog, outcome)


def _judge_loop(dialog: Dialog, outcome: Outcome) -> None:
    """One text that goes from the customer's side to the desk's and back, more than three times in a minute."""
    steps: list[tuple[Filed | Took, str, str]] = [(out.record, squeezed(out.text), "out") for out in dialog.outs]
    added = dialog.records(EntryAdded)
    steps += [(record, squeezed(entry_of(record).text), "in") for record in added if record.by == "bot"]
    spoken = {squeezed(text) for arrival in arrivals(dialog).values() for text in arrival.texts}
    rounds: dict[str, list[tuple[Filed | Took, str]]] = {}
    for record, letters, side in sorted(steps, key=lambda step: step[0].n):
        if not letters or letters in spoken:
            continue
        chain = rounds.setdefault(letters, [])
        if chain and (
            chain[-1][1] == side or record.at - chain[-1][0].at > _LOOP_S or _spoke(dialog, chain[-1][0], record)
        ):
            chain.clear()
        chain.append((record, side))
        if len(chain) > 2 * _ECHOES_MAX and not _were_asked(dialog, chain[0][0], len(chain) // 2):
            outcome.fail(
                f"one text goes round between the customer and the desk: {letters[:40]!r}",
                cites=tuple(link.n for link, _ in reversed(chain)),
                conv=dialog.conv,
            )
            return


def _were_asked(dialog: Dialog, since: Filed | Took, answers: int) -> bool:
    """True if the customer had said so many things shortly before that the same answer may have come for each."""
    return sum(act.n < since.n and since.at - act.at <= _LOOP_S for act in dialog.said) >= answers


def _spoke(dialog: Dialog, since: Filed | Took, until: Filed | Took) -> bool:
    """True if the customer said something in between, to which the bot may have answered the same again."""
    return any(since.n < act.n < until.n for act in dialog.said)
