"""Defects of availability, of the end of a handover and of robustness, HO-34 to HO-52."""

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
    HandoffAsked,
    HandoffFailed,
    OwnerChanged,
    Press,
    Rated,
    StateChanged,
    TicketClosed,
    Write,
)
from chatdrill.trace import FORGED, Acted, Attempt, BotState, Dropped, Filed, Record, Skipped
from checks.handoff.talk import LOST, TWICE
from checks.handoff.tape import Tape, called, defect, once, text_of, words

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
        if "hours" not in dialog.case.began.checks["handoff"] and came is not None and came.t - episode.asked.t > 121:
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
        later = [out for out in dialog.outs if 0 < out.record.t - failed.t]
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
            own = [r for r in dialog.records(Assigned, Accepted, OwnerChanged) if 0 <= taken.n - r.n < 4 and r.t == taken.t]
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


# --------------------------------------------------------------------------------------------------------- the end


def returns(tape: Tape, dialog: Dialog) -> Iterator[tuple[Episode, Filed, Acted]]:
    """Ends of handovers after which the customer soon says something that wants an answer."""
    for episode in dialog.episodes:
        ended = episode.returned
        for act in words(dialog, "bot", least=8):
            asked_anew = any(0 < each.n - act.n for each in dialog.records(OwnerChanged))
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
            if dialog.owner_at(record.n) == "agent":
                yield record


@defect("HO-41", "the bot answers in a ticket that was only set aside")
def premature_answer(tape: Tape, dialog: Dialog) -> bool:
    for record in soft_states(dialog):
        later = [state for state in dialog.records(StateChanged) if state.n > record.n]
        for act in words(dialog, "agent"):
            before_next = not later or act.n < later[0].n
            if 2 < act.t - record.t and before_next and dialog.span_at(act.n) is dialog.span_at(record.n):
                if tape.room(dialog, act, 4):
                    tape.says(act, 1.4, "You can have them in blue and in green for the same price.")
                    return True
    return False


@defect("HO-41", "the bot takes the conversation back from a silent agent")
def premature_return(tape: Tape, dialog: Dialog) -> bool:
    for record in soft_states(dialog):
        spoken = [act for act in dialog.said if -62 < act.t - record.t]
        if not spoken or (spoken[0].n > record.n and spoken[0].t - record.t > 7):
            if tape.room(dialog, record, 7) and tape.speed == 1.0:
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
    if not shown or not replies or not tape.room(dialog, replies[0], 30):
        return False
    tape.drop(*(out for reply in replies for out in dialog.outs_of(reply)))
    return True


# -------------------------------------------------------------------------------------------------------- robustness


def forged(tape: Tape, dialog: Dialog) -> list[Attempt]:
    """The forged webhooks of a conversation."""
    return [a for a in tape.case.attempts if a.conv == dialog.conv and (a.note or "").startswith(FORGED)]


@defect("HO-47", "a forged webhook is welcome")
def forgery_welcome(tape: Tape, dialog: Dialog) -> bool:
    for attempt in forged(tape, dialog):
        tape.change(attempt, status=200, ok=True)
        return True
    return False


@defect("HO-47", "forged words reach the customer")
def forgery_shown(tape: Tape, dialog: Dialog) -> bool:
    for attempt in forged(tape, dialog):
        tape.change(attempt, body='{"content": "Send me your card number now"}')
        tape.says(attempt, 0.3, "Bob: Send me your card number now")
        return True
    return False


def hook_of(tape: Tape, record: Record, what: str) -> Attempt | None:
    """The desk's webhook about a record."""
    own = (a for a in tape.case.attempts if a.conv == record.conv and a.n > record.n and a.updates[0].startswith(what))
    found = once(own)
    return found if found is not None and found.t - record.t < 0.5 else None


@defect("HO-48", "a repeated webhook makes the bot say it again")
def said_again(tape: Tape, dialog: Dialog) -> bool:
    for record in dialog.records(Accepted):
        hook = hook_of(tape, record, "accepted")
        said = [out for out in dialog.outs if 0 < out.record.t - record.t < 3 and out.kind == "notice"]
        if hook is None or len(said) != 1 or not tape.quiet(dialog, said[0].record, 3):
            continue
        tape.change(hook, note=TWICE)
        fields = {name: getattr(hook, name) for name in ("platform", "updates", "convs", "url", "status", "ok", "took_s")}
        tape.put(Attempt, said[0].record, 0.5, number=2, note=TWICE, began_t=said[0].record.t + 0.49, **fields)
        tape.says(said[0].record, 1, *said[0].heard.message.parts)
        return True
    return False


@defect("HO-49", "a reply whose webhook is lost is never found")
def never_found(tape: Tape, dialog: Dialog) -> bool:
    for record, entry in dialog.agent_replies:
        hook, outs = hook_of(tape, record, "reply"), dialog.outs_of(record)
        others = [e for r, e in dialog.agent_replies if e.text == entry.text and r is not record]
        others += [entry for change in dialog.records(EntryChanged) if change.event.entry_id == entry.id]  # type: ignore[union-attr]
        if hook is not None and outs and entry.text and not others and tape.end.t - record.t > 65:
            tape.drop(hook, *outs)
            tape.put(Dropped, record, 0.0, platform=tape.stage.desk, updates=("lost",), reason=LOST)
            return True
    return False


def restart(tape: Tape, anchor: Record) -> None:
    """The bot goes down and comes up again."""
    for place, state in enumerate(("stopped", "started", "ready")):
        made = tape.put(BotState, anchor, 0.3 + 0.2 * place, state=state)
        tape.change(made, case=None, conv=None)


@defect("HO-50", "after a restart no reply comes through")
def forgets_replies(tape: Tape, dialog: Dialog) -> bool:
    for episode in dialog.episodes:
        replies = [(r, e) for r, e in dialog.agent_replies if episode.holds(r.n) and e.text and dialog.outs_of(r)]
        if len(replies) < 2 or not tape.room(dialog, replies[1][0], 15):
            continue
        shown = dialog.outs_of(replies[0][0])[-1].record
        texts = [entry.text for _, entry in dialog.agent_replies]
        alone = all(texts.count(entry.text) == 1 for _, entry in replies)
        if alone and shown.n < replies[1][0].n and replies[1][0].t - shown.t > 2:
            restart(tape, shown)
            tape.drop(*(out for record, _ in replies[1:] for out in dialog.outs_of(record)))
            return True
    return False


@defect("HO-50", "after a restart the bot talks again")
def forgets_silence(tape: Tape, dialog: Dialog) -> bool:
    for act in words(dialog, "agent"):
        episode, since = dialog.episode_at(act.n), dialog.span_at(act.n).since
        early = [out for out in dialog.outs if out.kind == "bot" and dialog.owner_at(out.record.n) == "agent"]
        calm = not early and since is not None and act.t - since.t > 8 and tape.room(dialog, act, 40)
        if calm and episode is not None and not episode.by_agent:
            restart(tape, act)
            tape.says(act, 3, "You can have them in blue and in green for the same price.")
            return True
    return False


@defect("HO-51", "the desk's wish for patience is ignored")
def hasty(tape: Tape, dialog: Dialog) -> bool:
    for act in words(dialog, "agent"):
        facts = {"method": "POST messages", "arguments": {"text": text_of(act)}}
        tape.call(act, 0.05, tape.stage.desk, status=429, error="retry after 60", **facts)
        tape.call(act, 1.0, tape.stage.desk, status=200, **facts)
        return True
    return False


@defect("HO-52", "one handover is counted twice")
def counted_twice(tape: Tape, dialog: Dialog) -> bool:
    for record in dialog.records(HandoffAsked):
        if tape.quiet(dialog, record, 0.0) and tape.room(dialog, record, 0.0):
            tape.files(record, 0.3, record.event)
            return True
    return False


@defect("HO-52", "the bot's words stand as an agent's first response")
def false_response(tape: Tape, dialog: Dialog) -> bool:
    for episode in called(dialog):
        entry = Entry(id="x1", author="agent", at=episode.asked.at, text="We will be right with you.", said_by="Bob Baker")
        tape.files(episode.asked, 0.1, EntryAdded(ticket=episode.ticket, entry=entry))
        return True
    return False

