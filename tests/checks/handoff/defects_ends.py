"""Defects of the end of a handover, HO-40 to HO-46."""

from __future__ import annotations

from collections.abc import Iterator

from chatdrill.checks.handoff.dialogs import Dialog, Episode, Out
from chatdrill.checks.handoff.silence import wants_answer
from chatdrill.model import (
    Accepted,
    Assigned,
    Entry,
    EntryAdded,
    EntryChanged,
    OwnerChanged,
    Rated,
    StateChanged,
    TicketClosed,
)
from chatdrill.trace import Acted, Filed
from checks.handoff.tape import Tape, defect, text_of, words

# --------------------------------------------------------------------------------------------------------- the end


def returns(tape: Tape, dialog: Dialog) -> Iterator[tuple[Episode, Filed, Acted]]:
    """Ends of handovers after which the customer soon says something that wants an answer."""
    for episode in dialog.episodes:
        ended = episode.returned
        for act in words(dialog, "bot", least=8):
            asked_anew = any(each.n - act.n > 0 for each in dialog.records(OwnerChanged))
            if ended is not None and act.n > ended.n and not asked_anew and wants_answer(act):
                earlier = [other for other in dialog.said if ended.n < other.n < act.n]
                if not earlier and _until(tape, act) > 40:
                    yield episode, ended, act


def _until(tape: Tape, act: Acted) -> float:
    return tape.end.t - act.t


@defect("HO-40", "the bot stays silent after the end")
def stays_silent(tape: Tape, dialog: Dialog) -> bool:
    for episode, ended, act in returns(tape, dialog):
        mirrored = any(record.n > act.n for record in dialog.records(EntryAdded))
        if tape.case.drill_seconds_between(ended, act) < 280 and episode.accepted is not None and not mirrored:
            tape.cut(act)
            return True
    return False


@defect("HO-40", "the end is announced twice")
def farewell_twice(tape: Tape, dialog: Dialog) -> bool:
    for episode in dialog.episodes:
        if episode.closed is None or episode.returned is None:
            continue
        said = [out for out in dialog.outs if 0 < out.record.t - episode.returned.t < 2 and out.kind == "notice"]
        if said and not any(0 < act.t - said[0].record.t < 2 for act in dialog.said):
            tape.says(said[0].record, 0.5, *said[0].heard.message.parts)
            return True
    return False


@defect("HO-40", "a closed ticket stays with the agent")
def never_returns(tape: Tape, dialog: Dialog) -> bool:
    closed = dialog.records(TicketClosed)
    ended = dialog.episodes[-1].returned if dialog.episodes else None
    if closed and ended is not None and closed[-1].t == ended.t and tape.end.t - ended.t > 15:
        tape.cut(ended)
        tape.drop(ended)
        return True
    return False


def soft_states(dialog: Dialog) -> Iterator[Filed]:
    """Where an agent only set a ticket aside."""
    for record in dialog.records(StateChanged):
        if isinstance(record.event, StateChanged) and record.event.state in ("pending", "snoozed", "solved"):
            yield from [record] if dialog.owner_at(record.n) == "agent" else []


@defect("HO-41", "the bot answers in a ticket that was only set aside")
def premature_answer(tape: Tape, dialog: Dialog) -> bool:
    for record in soft_states(dialog):
        later = [state for state in dialog.records(StateChanged) if state.n > record.n]
        for act in words(dialog, "agent"):
            before_next = not later or act.n < later[0].n
            late = act.t - record.t > 2 and tape.room(dialog, act, 4)
            if late and before_next and dialog.span_at(act.n) is dialog.span_at(record.n):
                tape.says(act, 1.4, "You can have them in blue and in green for the same price.")
                return True
    return False


@defect("HO-41", "the bot takes the conversation back from a silent agent")
def premature_return(tape: Tape, dialog: Dialog) -> bool:
    for record in soft_states(dialog):
        spoken = [act for act in dialog.said if act.t - record.t > -62]
        calm = not spoken or (spoken[0].n > record.n and spoken[0].t - record.t > 7)
        if calm and tape.room(dialog, record, 7) and tape.speed == 1.0:
            tape.cut(record)
            tape.files(record, 5, OwnerChanged(ticket=record.event.ticket, owner="bot"))
            return True
    return False


@defect("HO-42", "the bot contradicts the agent")
def contradicts(tape: Tape, dialog: Dialog) -> bool:
    for episode, _, act in returns(tape, dialog):
        if episode.accepted is not None:
            tape.says(act, 1.2, "I see no such order of yours.")
            return True
    return False


@defect("HO-42", "the bot greets as if the customer were new")
def greets_anew(tape: Tape, dialog: Dialog) -> bool:
    for episode, ended, act in returns(tape, dialog):
        if episode.accepted is not None and tape.case.drill_seconds_between(ended, act) < 3000:
            starts = [other for other in tape.case.acts if ended.n < other.n < act.n and other.conv == dialog.conv]
            if not starts:
                tape.says(act, 1.2, "Hello! I am the virtual assistant of the shoe shop.")
                return True
    return False


@defect("HO-43", "who comes back later is not answered")
def visit_unheard(tape: Tape, dialog: Dialog) -> bool:
    for episode, ended, act in returns(tape, dialog):
        if tape.case.drill_seconds_between(ended, act) > 310 and episode.accepted is not None:
            tape.cut(act)
            return True
    return False


@defect("HO-43", "what is said after the end goes into a closed ticket")
def appended(tape: Tape, dialog: Dialog) -> bool:
    for episode, ended, act in returns(tape, dialog):
        states = [record for record in dialog.records(StateChanged) if record.n < act.n]
        closed = states and isinstance(states[-1].event, StateChanged) and states[-1].event.state == "closed"
        if closed and tape.case.drill_seconds_between(ended, act) > 310:
            tape.cut(act)
            entry = Entry(id="x1", author="customer", at=act.at, text=text_of(act), origin_id=act.ids[0])
            tape.files(act, 1, EntryAdded(ticket=episode.ticket, entry=entry))
            return True
    return False


def surveys(dialog: Dialog) -> list[Out]:
    """The bot's own surveys: with stars to press."""
    return [out for out in dialog.outs if len(out.heard.message.buttons) == 5]


@defect("HO-44", "the survey comes twice")
def survey_twice(tape: Tape, dialog: Dialog) -> bool:
    for out in surveys(dialog):
        tape.says(out.record, 1.5, *out.heard.message.parts)
        return True
    return False


@defect("HO-44", "the survey comes while an agent is in charge")
def survey_early(tape: Tape, dialog: Dialog) -> bool:
    for out in surveys(dialog):
        closed = [record for record in dialog.records(TicketClosed) if record.n < out.record.n]
        since = dialog.span_at(closed[-1].n - 1).since if closed else None
        if since is not None and closed[-1].t - since.t > 4:
            tape.move(out, closed[-1].t - out.record.t - 1)
            return True
    return False


@defect("HO-45", "a rating is not stored")
def rating_lost(tape: Tape, dialog: Dialog) -> bool:
    found = dialog.records(Rated)
    if found and found[-1].by == "bot" and tape.end.t - found[-1].t > 15:
        tape.drop(*found)
    return bool(found)


@defect("HO-45", "a rating is stored twice")
def rating_twice(tape: Tape, dialog: Dialog) -> bool:
    for record in dialog.records(Rated):
        tape.files(record, 0.2, record.event)
        return True
    return False


@defect("HO-45", "a rating is stored for an agent who did not serve")
def rating_misplaced(tape: Tape, dialog: Dialog) -> bool:
    for record in dialog.records(Rated):
        served = {getattr(r.event, "agent", None) for r in dialog.records(Accepted, Assigned, OwnerChanged)}
        others = {"bob", "carol"} - served
        if others:
            tape.change_event(record, agent=others.pop())
            return True
    return False


@defect("HO-46", "the second time no reply comes through")
def second_time(tape: Tape, dialog: Dialog) -> bool:
    if len(dialog.episodes) < 2 or len(dialog.agent_replies) > 14:
        return False
    first, second = dialog.episodes[0], dialog.episodes[1]
    shown = [out for out in dialog.outs if out.kind == "agent" and out.text and first.holds(out.reply.n)]  # type: ignore[union-attr]
    replies = [record for record, entry in dialog.agent_replies if second.holds(record.n) and entry.text]
    texts = [entry.text for _, entry in dialog.agent_replies]
    if len(set(texts)) < len(texts) or dialog.records(EntryChanged):
        return False
    if not shown or not replies or not tape.room(dialog, replies[0], 30):
        return False
    tape.drop(*(out for reply in replies for out in dialog.outs_of(reply)))
    return True
