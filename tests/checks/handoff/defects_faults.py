"""Defects of robustness, HO-47 to HO-52."""

from __future__ import annotations

from chatdrill.checks.handoff.dialogs import Dialog
from chatdrill.model import (
    Accepted,
    Entry,
    EntryAdded,
    EntryChanged,
    HandoffAsked,
)
from chatdrill.trace import FORGED, Attempt, BotState, Dropped, Record
from checks.handoff.talk import LOST, TWICE
from checks.handoff.tape import Tape, called, defect, once, text_of, words

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
        fields = {
            name: getattr(hook, name) for name in ("platform", "updates", "convs", "url", "status", "ok", "took_s")
        }
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
        if dialog.records(EntryChanged):
            return False
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
        entry = Entry(
            id="x1", author="agent", at=episode.asked.at, text="We will be right with you.", said_by="Bob Baker"
        )
        tape.files(episode.asked, 0.1, EntryAdded(ticket=episode.ticket, entry=entry))
        return True
    return False
