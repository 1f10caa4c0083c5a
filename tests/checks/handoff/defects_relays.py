"""Defects of what passes between customers and agents, HO-22 to HO-33."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import msgspec

from chatdrill.checks.handoff.arrivals import arrivals
from chatdrill.checks.handoff.dialogs import Dialog, Episode, Out
from chatdrill.model import Contact, Edit, Entry, EntryAdded, EntryChanged, Location, Media, Write
from chatdrill.trace import Acted, Filed
from checks.handoff.tape import Tape, defect, text_of, words


def relayed(tape: Tape, dialog: Dialog, owner: str, *, room: float = 14) -> Iterator[tuple[Acted, Filed]]:
    """The customer's words, and the one entry that shows them; nobody else comes in charge soon after."""
    texts = [text_of(act) for act in words(dialog, "bot", "queue", "agent", least=0)]
    for act in words(dialog, owner):
        copies = arrivals(dialog)[act.n].copies
        changed = any(getattr(other.act, "message_id", None) in act.ids for other in tape.case.acts)
        if (
            len(copies) == 1
            and sum(text_of(act) in text for text in texts) == 1
            and not changed
            and copies[0].t - act.t < 8
        ) and (owner == "queue" or tape.room(dialog, act, room)):
            yield act, copies[0]


@defect("HO-22", "a message does not reach the agent")
def relay_dropped(tape: Tape, dialog: Dialog) -> bool:
    for _, entry in relayed(tape, dialog, "agent"):
        tape.drop(entry)
        return True
    return False


@defect("HO-22", "a message reaches the agent twice")
def relay_doubled(tape: Tape, dialog: Dialog) -> bool:
    for _, entry in relayed(tape, dialog, "agent"):
        assert isinstance(entry.event, EntryAdded)
        again = msgspec.structs.replace(entry.event.entry, id="x1")
        tape.files(entry, 0.3, EntryAdded(ticket=entry.event.ticket, entry=again))
        return True
    return False


@defect("HO-23", "messages reach the agent in the wrong order")
def relay_swapped(tape: Tape, dialog: Dialog) -> bool:
    found = list(relayed(tape, dialog, "agent"))
    for (first, one), (second, other) in itertools.pairwise(found):
        span = dialog.span_at(first.n)
        if span is not dialog.span_at(second.n) or other.t - one.t > 20:
            continue
        if any(entry.event.entry.origin_at for entry in (one, other)):  # type: ignore[union-attr]
            continue
        tape.move(one, other.t - one.t + 0.05)
        return True
    return False


@defect("HO-24", "a message reaches the agent half a minute late")
def relay_late(tape: Tape, dialog: Dialog) -> bool:
    for act, entry in relayed(tape, dialog, "agent", room=45):
        if not any(0 < other.t - act.t < 40 for other in dialog.said):
            tape.move(entry, 32)
            return True
    return False


@defect("HO-25", "a message is lost while the customer waits")
def gap(tape: Tape, dialog: Dialog) -> bool:
    for act, entry in relayed(tape, dialog, "queue"):
        episode = dialog.episode_at(act.n)
        if episode is not None and episode.accepted is not None and tape.room(dialog, episode.accepted, 30):
            tape.drop(entry)
            return True
    return False


@defect("HO-25", "a message stands twice in the ticket after the wait")
def doubled_in_the_gap(tape: Tape, dialog: Dialog) -> bool:
    for act, entry in relayed(tape, dialog, "queue"):
        episode = dialog.episode_at(act.n)
        if episode is not None and episode.accepted is not None and tape.room(dialog, episode.accepted, 30):
            assert isinstance(entry.event, EntryAdded)
            again = msgspec.structs.replace(entry.event.entry, id="x1")
            tape.files(episode.accepted, 0.5, EntryAdded(ticket=entry.event.ticket, entry=again))
            return True
    return False


def changes(tape: Tape, dialog: Dialog) -> Iterator[tuple[Acted, list[Filed]]]:
    """The customer's changes while an agent is in charge, with the changes of entries that follow."""
    for act in tape.case.acts:
        is_change = act.conv == dialog.conv and getattr(act.act, "message_id", None) is not None
        if is_change and dialog.owner_at(act.n) == "agent" and tape.room(dialog, act, 30):
            follow = [
                record for record in dialog.records(EntryChanged) if 0 < record.t - act.t < 6 and record.by == "bot"
            ]
            if follow:
                yield act, follow


@defect("HO-26", "a change is lost")
def change_lost(tape: Tape, dialog: Dialog) -> bool:
    for act, follow in changes(tape, dialog):
        if isinstance(act.act, Edit):
            tape.drop(*follow)
            return True
    return False


@defect("HO-26", "a change comes as a message of its own")
def change_as_new(tape: Tape, dialog: Dialog) -> bool:
    for act, follow in changes(tape, dialog):
        if isinstance(act.act, Edit):
            tape.drop(*follow)
            text = "".join(part.text for part in act.act.parts if hasattr(part, "text"))
            entry = Entry(id="x1", author="customer", at=act.at, text=text, origin_id=act.act.message_id)
            tape.files(act, 0.5, EntryAdded(ticket=follow[0].event.ticket, entry=entry))
            return True
    return False


def special(tape: Tape, dialog: Dialog, *kinds: type) -> Iterator[tuple[Acted, Filed]]:
    """Stickers, places and contacts that were sent to an agent, with their entries."""
    for act in dialog.said:
        parts = act.act.parts if isinstance(act.act, Write) else ()
        is_sticker = any(isinstance(part, Media) and part.kind == "sticker" for part in parts)
        fits = any(isinstance(part, kinds) for part in parts) or (is_sticker and Media in kinds)
        if (
            not fits
            or dialog.owner_at(act.n) != "agent"
            or any(isinstance(p, Media) and p.kind != "sticker" for p in parts)
        ):
            continue
        near = [other for other in dialog.said if 0 < abs(other.t - act.t) < 5]
        own = [record for record in dialog.records(EntryAdded) if 0 < record.t - act.t < 4 and record.by == "bot"]
        if len(own) == 1 and not near and tape.room(dialog, act, 30):
            yield act, own[0]


@defect("HO-27", "a sticker, a place or a contact is left out")
def kind_lost(tape: Tape, dialog: Dialog) -> bool:
    for act, entry in special(tape, dialog, Media, Location, Contact):
        later = [other for other in dialog.said if other.n > act.n]
        if not later:
            tape.drop(entry)
            return True
    return False


@defect("HO-27", "a place without where it is")
def kind_untold(tape: Tape, dialog: Dialog) -> bool:
    for _, entry in special(tape, dialog, Location, Contact):
        tape.change_entry(entry, text="[unsupported message]", origin_id=None)
        return True
    return False


# --------------------------------------------------------------------------------------------- from agent to customer


def passed(tape: Tape, dialog: Dialog, *, room: float = 30) -> Iterator[tuple[Filed, Entry, list[Out]]]:
    """Agents' replies of some length that the customer saw, with what shows them; no two say the same."""
    texts = [entry.text for _, entry in dialog.agent_replies]
    changed = {record.event.entry_id for record in dialog.records(EntryChanged)}  # type: ignore[union-attr]
    for record, entry in dialog.agent_replies:
        outs = dialog.outs_of(record)
        alone = texts.count(entry.text) == 1 and len(entry.text) >= 18 and entry.id not in changed
        if outs and alone and tape.room(dialog, record, room):
            yield record, entry, outs


@defect("HO-28", "a reply does not reach the customer")
def reply_lost(tape: Tape, dialog: Dialog) -> bool:
    for record, entry, outs in passed(tape, dialog):
        episode = dialog.episode_at(record.n)
        if episode is not None and entry.said_by == _first_writer(dialog, episode):
            tape.drop(*outs)
            return True
    return False


def _first_writer(dialog: Dialog, episode: Episode) -> str | None:
    return next((entry.said_by for record, entry in dialog.agent_replies if episode.holds(record.n)), None)


@defect("HO-28", "a reply reaches the customer twice")
def reply_twice(tape: Tape, dialog: Dialog) -> bool:
    for _, _, outs in passed(tape, dialog):
        if len(outs) == 1:
            tape.says(outs[0].record, 0.4, *outs[0].heard.message.parts)
            return True
    return False


@defect("HO-28", "a reply reaches another customer")
def reply_astray(tape: Tape, dialog: Dialog) -> bool:
    others = [other.conv for other in tape.dialogs if other is not dialog]
    for _, entry, outs in passed(tape, dialog):
        said = [heard for heard in tape.case.heard if entry.text in heard.message.text and heard.record.conv in others]
        if others and not said and len(outs) == 1:
            tape.says(outs[0].record, 0.2, *outs[0].heard.message.parts, conv=others[0])
            return True
    return False


@defect("HO-29", "replies in the wrong order")
def reply_swapped(tape: Tape, dialog: Dialog) -> bool:
    found = list(passed(tape, dialog, room=14))
    for (one, _, first), (other, _, second) in itertools.pairwise(found):
        between = [record for record, _ in dialog.agent_replies if one.n < record.n < other.n]
        if len(first) == len(second) == 1 and not between and other.t - one.t < 20:
            tape.move(first[0], second[0].record.t - first[0].record.t + 0.1)
            return True
    return False


@defect("HO-29", "a file of a reply is left out")
def reply_file_lost(tape: Tape, dialog: Dialog) -> bool:
    for record, entry in dialog.agent_replies:
        outs = dialog.outs_of(record)
        files = [out for out in outs if out.heard.message.media]
        near = [other for other, _ in dialog.agent_replies if 0 < abs(other.t - record.t) < 27]
        if entry.text and len(outs) == 2 and len(files) == 1 and not near and tape.room(dialog, record, 30):
            tape.drop(files[0])
            return True
    return False


@defect("HO-29", "the end of a long reply is left out")
def reply_cut(tape: Tape, dialog: Dialog) -> bool:
    for _, entry, outs in passed(tape, dialog):
        if len(entry.text) > 1100 and len(outs) > 1 and len(outs[-1].text) > 60:
            tape.drop(outs[-1])
            return True
    return False


@defect("HO-30", "a private note reaches the customer")
def note_leaks(tape: Tape, dialog: Dialog) -> bool:
    for record in dialog.records(EntryAdded):
        entry = record.event.entry  # type: ignore[union-attr]
        if entry.author == "agent" and not entry.public:
            tape.says(record, 0.4, entry.text)
            return True
    return False


@defect("HO-31", "a reply comes back as the customer's message")
def echo(tape: Tape, dialog: Dialog) -> bool:
    for record, entry, outs in passed(tape, dialog):
        back = Entry(id="x1", author="customer", at=record.at, text=entry.text)
        tape.files(outs[0].record, 0.4, EntryAdded(ticket=record.event.ticket, entry=back))
        return True
    return False


@defect("HO-31", "one text goes round")
def loop(tape: Tape, dialog: Dialog) -> bool:
    for record, entry, outs in passed(tape, dialog):
        last = outs[-1].record
        if any(-1 < act.t - last.t < 14 for act in dialog.said) or len(entry.text) > 200:
            continue
        for number in range(8):
            made = Entry(id=f"x{number}", author="customer", at=record.at, text="Sorry, what do you mean?")
            tape.files(last, 0.5 + number, EntryAdded(ticket=record.event.ticket, entry=made))
            tape.says(last, 1.0 + number, "Sorry, what do you mean?")
        return True
    return False


def refuse(tape: Tape, out: Out, text: str) -> None:
    """The platform does not take a message."""
    record = out.record
    tape.drop(record)
    tape.call(
        record, 0, tape.stage.platform, status=403, method="sendMessage", error="Forbidden", arguments={"text": text}
    )


@defect("HO-32", "a refused reply is kept from the agent")
def refusal_hidden(tape: Tape, dialog: Dialog) -> bool:
    for record, entry, outs in passed(tape, dialog, room=60):
        notes = [each for each, _ in dialog.agent_replies if each.n > record.n]
        filed = [each for each in dialog.records(EntryAdded) if each.n > record.n and each.by == "bot"]
        if len(outs) == 1 and not any(each.event.entry.author == "bot" for each in filed) and notes is not None:  # type: ignore[union-attr]
            refuse(tape, outs[0], entry.text)
            return True
    return False


@defect("HO-33", "the second agent's words are not passed on")
def second_agent_unheard(tape: Tape, dialog: Dialog) -> bool:
    for record, entry, outs in passed(tape, dialog):
        episode = dialog.episode_at(record.n)
        earlier = [e.said_by for r, e in dialog.agent_replies if episode is not None and episode.holds(r.n)]
        if earlier and earlier[0] not in (None, entry.said_by):
            tape.drop(*outs)
            return True
    return False


@defect("HO-33", "a reply under another agent's name")
def wrong_name(tape: Tape, dialog: Dialog) -> bool:
    if len({entry.said_by for _, entry in dialog.agent_replies}) < 2:
        return False
    for _, entry, outs in passed(tape, dialog):
        first = (entry.said_by or "").partition(" ")[0]
        text = outs[0].text
        if len(outs) == 1 and first in text.replace(entry.text, ""):
            swapped = text.replace("Bob", "~").replace("Baker", "^").replace("Carol", "Bob").replace("Clark", "Baker")
            tape.drop(outs[0])
            tape.says(outs[0].record, 0, swapped.replace("~", "Carol").replace("^", "Clark"))
            return True
    return False
