"""Defects of ownership and silence, HO-14 to HO-21."""

from __future__ import annotations

import itertools

import msgspec

from chatdrill.checks.handoff.dialogs import Dialog, Episode
from chatdrill.checks.handoff.languages import language_of
from chatdrill.model import (
    Activity,
    Assigned,
    Echo,
    Entry,
    EntryAdded,
    OwnerChanged,
    TicketClosed,
    TicketOpened,
    Write,
)
from chatdrill.trace import Acted, Took
from checks.handoff.tape import Tape, called, defect, words

ANSWER = "You can have them in blue and in green for the same price."
"""An answer that is no notice: it names nobody and nothing of a handover."""


def answered_while_served(dialog: Dialog, *, by_agent: bool) -> list[tuple[Episode, Acted]]:
    """The customer's words to an agent, in handovers of one kind, well after the agent came."""
    found = []
    for act in words(dialog, "agent"):
        episode = dialog.episode_at(act.n)
        accepted = episode.accepted if episode is not None and episode.by_agent == by_agent else None
        if episode is not None and accepted is not None and act.t - accepted.t > 6:
            found.append((episode, act))
    return found


@defect("HO-14", "an answer after the takeover")
def answer_after_takeover(tape: Tape, dialog: Dialog) -> bool:
    for _, act in answered_while_served(dialog, by_agent=False):
        if tape.room(dialog, act, 4):
            tape.says(act, 1.4, ANSWER)
            return True
    return False


@defect("HO-14", "too many notices while an agent is in charge")
def chatter(tape: Tape, dialog: Dialog) -> bool:
    for episode in called(dialog):
        if episode.accepted is not None and tape.room(dialog, episode.accepted, 8):
            for number in range(5):
                tape.says(episode.accepted, 1 + number, f"Your agent is here, please wait {number}.")
            return True
    return False


@defect("HO-15", "an answer that was under way comes after the takeover")
def in_flight(tape: Tape, dialog: Dialog) -> bool:
    for episode in dialog.episodes:
        accepted = episode.accepted
        before = [act for act in dialog.said if accepted is not None and act.n < accepted.n]
        if accepted is None or not before or not 0 < accepted.t - before[-1].t < 40:
            continue
        since = [act for act in dialog.said if 0 < act.t - accepted.t < 6]
        if not since and tape.room(dialog, accepted, 6):
            tape.says(accepted, 4, ANSWER)
            return True
    return False


@defect("HO-15", "an answer that was under way comes to a waiting customer")
def in_flight_waiting(tape: Tape, dialog: Dialog) -> bool:
    for episode in called(dialog):
        near = [act for act in dialog.said if -20 < act.t - episode.asked.t < 9]
        if near and near[-1].n < episode.asked.n and tape.room(dialog, episode.asked, 10):
            tape.says(episode.asked, 7, ANSWER)
            return True
    return False


@defect("HO-16", "a reminder while an agent is in charge")
def reminder(tape: Tape, dialog: Dialog) -> bool:
    for span in dialog.spans:
        if span.owner != "agent" or span.since is None:
            continue
        until = span.until or tape.end
        spoken = [act.t for act in dialog.said if act.n < until.n]
        gap = until.t - max(spoken, default=0.0)
        if gap > 80 and until.t - span.since.t > 20:
            tape.says(until, -3, "Are you still there? We have new shoes.")
            return True
    return False


@defect("HO-16", "a timer closes the ticket under the agent's hands")
def timer_closes(tape: Tape, dialog: Dialog) -> bool:
    for span in dialog.spans:
        if span.owner != "agent" or span.since is None:
            continue
        until = span.until or tape.end
        signs = [act.t for act in dialog.said if act.n < until.n]
        signs += [r.t for ticket in dialog.tickets.values() for r in ticket.records if r.n < until.n and r.by != "bot"]
        if until.t - max(signs, default=until.t) > 80:
            tape.files(until, -3, TicketClosed(ticket=span.since.event.ticket))
            return True
    return False


@defect("HO-17", "an answer although an agent came uncalled")
def answer_after_uncalled(tape: Tape, dialog: Dialog) -> bool:
    for _, act in answered_while_served(dialog, by_agent=True):
        if tape.room(dialog, act, 4):
            tape.says(act, 1.4, ANSWER)
            return True
    return False


@defect("HO-17", "an answer although a person wrote in the vendor's inbox")
def answer_after_echo(tape: Tape, dialog: Dialog) -> bool:
    for echo in tape.case.acts:
        if echo.conv != dialog.conv or not isinstance(echo.act, Echo):
            continue
        for act in words(dialog, "bot"):
            if 3 < act.t - echo.t < 200 and tape.room(dialog, act, 4):
                tape.says(act, 1.4, ANSWER)
                return True
    return False


@defect("HO-18", "a note or the desk's routing silences the bot")
def silenced(tape: Tape, dialog: Dialog) -> bool:
    if dialog.spans[-1].owner != "bot" or not any(isinstance(out.record, Took) for out in dialog.outs):
        return False
    since = dialog.spans[-1].since
    start = -1 if since is None else since.n
    for record in dialog.records(Assigned, EntryAdded):
        event = record.event
        is_note = isinstance(event, EntryAdded) and event.entry.author == "agent" and not event.entry.public
        if record.n < start or not (is_note or (isinstance(event, Assigned) and event.automatic)):
            continue
        later = [act for act in dialog.said if act.n > record.n]
        texts = [act for act in later if isinstance(act.act, Write)]
        if len(texts) >= 2 and texts[0] is later[0] and any(out.record.n < record.n for out in dialog.outs):
            tape.drop(*(took for took in tape.case.took if took.conv == dialog.conv and took.n > record.n))
            return True
    return False


@defect("HO-19", "an agent's old reply comes after the bot has spoken again")
def straggler(tape: Tape, dialog: Dialog) -> bool:
    for episode in dialog.episodes:
        ended = episode.returned
        replies = [record for record, _ in dialog.agent_replies if episode.holds(record.n)]
        if ended is None or not replies or not tape.room(dialog, ended, 14):
            continue
        outs, texts = dialog.outs_of(replies[-1]), [entry.text for _, entry in dialog.agent_replies]
        last = replies[-1].event.entry.text  # type: ignore[union-attr]
        if texts.count(last) > 1 or len(last) < 18:
            continue
        own = [out for out in dialog.outs if out.kind == "bot" and 0 < out.record.t - ended.t < 8]
        own = [out for out in own if language_of(out.text) is not None]
        if len(outs) == 1 and own and ended.t - outs[0].record.t < 40:
            tape.move(outs[0], ended.t + 10 - outs[0].record.t)
            return True
    return False


@defect("HO-19", "two agents have the customer in two tickets")
def two_agents(tape: Tape, dialog: Dialog) -> bool:
    for span in dialog.spans:
        if span.owner != "agent" or span.since is None or not tape.room(dialog, span.since, 10):
            continue
        other = "carol" if span.agent == "bob" else "bob"
        opened = dialog.records(TicketOpened)[0].event
        anew = msgspec.structs.replace(opened, ticket="T999")
        tape.files(span.since, 4, anew)
        tape.files(span.since, 5, OwnerChanged(ticket="T999", owner="agent", agent=other), by="agent")
        return True
    return False


@defect("HO-19", "the desk's own bot answers as well")
def two_bots(tape: Tape, dialog: Dialog) -> bool:
    for act in words(dialog, "bot"):
        answers = [out for out in dialog.outs if 0 < out.record.t - act.t < 4 and out.kind == "bot"]
        others = [other for other in dialog.said if 0 < abs(other.t - act.t) < 8]
        if (
            answers
            and language_of(answers[0].text) is not None
            and not others
            and dialog.tickets
            and tape.room(dialog, act, 8)
        ):
            ticket = next(iter(dialog.tickets))
            if dialog.tickets[ticket].records[0].n > act.n:
                continue
            entry = Entry(id="x1", author="bot", at=act.at, text="Our opening hours are on the web site.")
            tape.files(act, 0.5, EntryAdded(ticket=ticket, entry=entry), by="desk")
            tape.says(act, 0.7, entry.text)
            return True
    return False


@defect("HO-20", "the bot answers a customer who waits")
def answer_while_waiting(tape: Tape, dialog: Dialog) -> bool:
    for act in words(dialog, "queue"):
        episode = dialog.episode_at(act.n)
        if episode is not None and act.t - episode.asked.t > 8 and tape.room(dialog, act, 5):
            tape.says(act, 2, ANSWER)
            return True
    return False


@defect("HO-20", "a flood of notices")
def flood(tape: Tape, dialog: Dialog) -> bool:
    for episode in called(dialog):
        if tape.room(dialog, episode.asked, 33):
            for number in range(1, 4):
                tape.says(episode.asked, 9 * number, f"You are number {4 - number} in the queue.")
            return True
    return False


@defect("HO-21", "the bot shows that somebody types, and nobody does")
def false_typing(tape: Tape, dialog: Dialog) -> bool:
    for span in dialog.spans:
        if span.owner != "agent" or span.since is None:
            continue
        until = span.until or tape.end
        episode = dialog.episode_at(span.since.n)
        marks = [r.t for ticket in dialog.tickets.values() for r in ticket.records if span.since.n <= r.n <= until.n]
        marks = sorted([*marks, *(out.record.t for out in dialog.outs), until.t])
        for mark, following in itertools.pairwise(marks):
            if (
                span.since.t <= mark < until.t
                and following - mark > 30
                and episode is not None
                and not episode.by_agent
            ):
                anchor = span.since
                call = tape.call(anchor, mark - anchor.t + 12, tape.stage.platform, method="typing")
                effect = Activity(to="5550001", action="typing")
                platform = tape.stage.platform
                tape.put(Took, anchor, mark - anchor.t + 12, platform=platform, effect=effect, call=call.n)
                return True
    return False
