"""Defects of availability, HO-34 to HO-39."""

from __future__ import annotations

from collections.abc import Iterator

from chatdrill.checks.handoff.dialogs import Dialog, Episode, Out
from chatdrill.model import (
    Accepted,
    Assigned,
    HandoffFailed,
    OwnerChanged,
    Press,
    Write,
)
from chatdrill.trace import Acted, Filed, Skipped
from checks.handoff.tape import Tape, called, defect, text_of

# ------------------------------------------------------------------------------------------------- nobody is there


def asked_in_closed_hours(dialog: Dialog) -> Iterator[tuple[Episode, list[Out]]]:
    """Handovers at which the customer hears when somebody is there."""
    for episode in called(dialog):
        said = [out for out in dialog.outs if 0 < out.record.t - episode.asked.t < 5 and "9" in out.text]
        hours = dialog.case.began.checks["handoff"].get("hours")
        if said and hours and "9" not in "".join(out.text for out in dialog.outs if out.record.n < episode.asked.n):
            yield episode, said


@defect("HO-34", "closed hours are not told")
def hours_untold(tape: Tape, dialog: Dialog) -> bool:
    for episode, _ in asked_in_closed_hours(dialog):
        said = [out for out in dialog.outs if -6 < out.record.t - episode.asked.t < 6]
        tape.drop(*said)
        tape.says(episode.asked, 1, "I have taken a note of it.")
        return True
    return False


@defect("HO-34", "haste is promised in closed hours")
def haste(tape: Tape, dialog: Dialog) -> bool:
    for _, said in asked_in_closed_hours(dialog):
        tape.says(said[-1].record, 0.3, "Somebody will be with you in a few minutes.")
        return True
    return False


def unserved(dialog: Dialog) -> Iterator[Episode]:
    """Handovers that nobody accepted in time."""
    for episode in called(dialog):
        came = episode.accepted or episode.returned
        if "hours" not in dialog.case.began.checks["handoff"] and came is not None and came.t - episode.asked.t > 135:
            yield episode


@defect("HO-35", "nobody comes, and nobody says so")
def nobody_tells(tape: Tape, dialog: Dialog) -> bool:
    for episode in unserved(dialog):
        late = [out for out in dialog.outs if 6 < out.record.t - episode.asked.t < 200]
        said = [act for act in dialog.said if 100 < act.t - episode.asked.t < 190]
        if not any(out.kind == "agent" for out in late) and not said:
            tape.drop(*late)
            return True
    return False


@defect("HO-35", "a late agent is not announced")
def late_agent(tape: Tape, dialog: Dialog) -> bool:
    for gone, late in zip(dialog.episodes, dialog.episodes[1:], strict=False):
        if gone.accepted is None and late.by_agent and late.accepted is not None and gone.returned is not None:
            outs = list(dialog.outs_between(late.accepted.n, late.ends_n))
            replies = [out for out in outs if out.kind == "agent"]
            if replies and gone.ticket == late.ticket and replies[0].text == _written(replies[0]):
                tape.drop(*(out for out in outs if out.record.n < replies[0].record.n))
                return True
    return False


def _written(out: Out) -> str:
    return out.reply.event.entry.text if out.reply is not None else ""  # type: ignore[union-attr]


@defect("HO-36", "a failed handover is kept from the customer")
def failure_hidden(tape: Tape, dialog: Dialog) -> bool:
    for failed in dialog.records(HandoffFailed):
        later = [out for out in dialog.outs if out.record.t - failed.t > 0]
        if tape.end.t - failed.t > 130:
            tape.drop(*later)
            tape.cut(failed)
            return True
    return False


@defect("HO-37", "an agent gets more than they can hold")
def overload(tape: Tape, dialog: Dialog) -> bool:
    if tape.stage.capacity != 1:
        return False
    for span in dialog.spans:
        taken = span.since
        others = [s for other in tape.dialogs if other is not dialog for s in other.spans if s.owner == "agent"]
        if span.owner != "agent" or taken is None or dialog.owner_at(taken.n - 1) != "queue":
            continue
        held = [s for s in others if s.holds(taken.n) and s.agent != span.agent]
        if held:
            own = [
                r for r in dialog.records(Assigned, Accepted, OwnerChanged) if 0 <= taken.n - r.n < 4 and r.t == taken.t
            ]
            for record in own:
                if getattr(record.event, "agent", None) == span.agent:
                    tape.change_event(record, agent=held[0].agent)
            return True
    return False


@defect("HO-38", "somebody in the queue is overtaken")
def overtaken(tape: Tape, dialog: Dialog) -> bool:
    for other in tape.dialogs:
        for mine in called(dialog):
            for theirs in called(other) if other is not dialog else ():
                first, second = mine.accepted, theirs.accepted
                if first is None or second is None or first.by != "desk" or second.by != "desk":
                    continue
                if mine.asked.n < theirs.asked.n < first.n < second.n and second.t - first.t < 60:
                    taken = [r for r in other.records(Assigned, OwnerChanged) if r.t == second.t]
                    for record in taken:
                        tape.move(record, first.t - record.t - 0.02)
                    return True
    return False


def cancels(dialog: Dialog) -> Iterator[tuple[Acted, Filed]]:
    """The customer's wish to have the bot back, and the return."""
    for episode in dialog.episodes:
        ended = episode.returned
        wish = [act for act in dialog.said if ended is not None and 0 < ended.t - act.t < 4]
        if ended is not None and ended.by == "bot" and wish and _is_wish(wish[-1]):
            yield wish[-1], ended


def _is_wish(act: Acted) -> bool:
    known = ("back to bot", "back to the bot", "вернуться к боту", "wróć do bota", "zurück zum bot")
    return isinstance(act.act, Press) or (isinstance(act.act, Write) and text_of(act).lower() in known)


@defect("HO-39", "the wish to have the bot back is not heard")
def wish_unheard(tape: Tape, dialog: Dialog) -> bool:
    for act, _ in cancels(dialog):
        tape.cut(act)
        tape.put(Skipped, act, 60, seconds=0.0)
        return True
    return False


@defect("HO-39", "the bot is back, and the customer is not told")
def return_untold(tape: Tape, dialog: Dialog) -> bool:
    for act, _ in cancels(dialog):
        said = [out for out in dialog.outs if 0 < out.record.t - act.t < 11]
        later = [other for other in dialog.said if 0 < other.t - act.t < 25]
        if not later:
            tape.drop(*said)
            return True
        tape.cut(later[0]) if later[0].t - act.t > 10.5 else None
    return False
