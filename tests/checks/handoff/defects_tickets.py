"""Defects of tickets and of what goes into them, HO-01 to HO-13."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

import msgspec

from chatdrill.checks.handoff.dialogs import Dialog
from chatdrill.checks.handoff.history import Said, Sheet, _session
from chatdrill.checks.handoff.languages import language_of
from chatdrill.model import (
    ContactFiled,
    Entry,
    EntryAdded,
    HandoffAsked,
    HandoffFailed,
    Media,
    OwnerChanged,
    Sent,
    TicketOpened,
    Write,
)
from chatdrill.trace import Filed
from checks.handoff.talk import FACT, SECRET
from checks.handoff.tape import Tape, called, defect, once, text_of, words


def opened_at_the_handover(dialog: Dialog) -> Filed | None:
    """The ticket of the first handover, if it was made for it."""
    for episode in called(dialog):
        opened = dialog.tickets[episode.ticket].opened
        if episode.number == 1 and opened is not None and 0 < episode.asked.t - opened.t < 8:
            return opened
    return None


@defect("HO-01", "a second ticket for one handover")
def second_ticket(tape: Tape, dialog: Dialog) -> bool:
    opened = opened_at_the_handover(dialog)
    if opened is None:
        return False
    tape.files(opened, 0.4, msgspec.structs.replace(opened.event, ticket="T999"))
    return True


@defect("HO-02", "a create without an answer is repeated")
def blind_repeat(tape: Tape, dialog: Dialog) -> bool:
    opened = opened_at_the_handover(dialog)
    if opened is None or opened.call is None:
        return False
    tape.change(tape.kept[opened.call], status=504, ok=False, note="fault: the answer is lost")
    tape.files(opened, 0.4, msgspec.structs.replace(opened.event, ticket="T999"))
    return True


@defect("HO-03", "two customers under one contact")
def shared_contact(tape: Tape, dialog: Dialog) -> bool:
    others = [other for other in tape.dialogs if other is not dialog and other.records(TicketOpened)]
    own = dialog.records(TicketOpened)
    if not others or not own or others[0].records(TicketOpened)[0].n > own[0].n:
        return False
    for record in (*dialog.contacts, *own):
        assert isinstance(record.event, ContactFiled | TicketOpened)
        tape.change_event(record, contact=others[0].contacts[0].event.contact)  # type: ignore[union-attr]
    return True


@defect("HO-03", "a second contact for the second ticket")
def second_contact(tape: Tape, dialog: Dialog) -> bool:
    opened = dialog.records(TicketOpened)
    if len(opened) < 2:
        return False
    tape.change_event(opened[-1], contact="c-new")
    return True


@defect("HO-04", "the bot answers the agent in the ticket")
def answers_in_the_ticket(tape: Tape, dialog: Dialog) -> bool:
    for record, _ in dialog.agent_replies:
        recent = [act for act in tape.case.acts if act.conv == dialog.conv and -7 < act.t - record.t < 8]
        since = dialog.span_at(record.n).since
        if not recent and tape.room(dialog, record, 8) and since is not None and record.t - since.t > 3:
            entry = Entry(id="x1", author="bot", at=record.at, text="I did not understand that, my friend.")
            tape.files(record, 2, EntryAdded(ticket=record.event.ticket, entry=entry))
            return True
    return False


@defect("HO-04", "the end of one handover begins the next")
def endless(tape: Tape, dialog: Dialog) -> bool:
    for episode in dialog.episodes:
        closed, ended = episode.closed, episode.returned
        if closed is None or ended is None:
            continue
        near = [act for act in tape.case.acts if act.conv == dialog.conv and act.t - closed.t > -35]
        if not any(act.t - closed.t < 4 for act in near):
            ticket = episode.ticket
            asked = (HandoffAsked(ticket=ticket), OwnerChanged(ticket=ticket, owner="queue"))
            tape.cut(ended)
            tape.files(ended, 2, *asked)
            return True
    return False


@defect("HO-05", "somebody is promised and nobody called")
def empty_promise(tape: Tape, dialog: Dialog) -> bool:
    for act in words(dialog, "bot"):
        facts = dialog.records(OwnerChanged, HandoffAsked, HandoffFailed)
        if tape.room(dialog, act, 30) and all(abs(fact.t - act.t) > 30 for fact in facts):
            tape.says(act, 1.5, "I am calling a colleague.")
            return True
    return False


@defect("HO-06", "a silent handover")
def silent_handover(tape: Tape, dialog: Dialog) -> bool:
    for episode in called(dialog):
        before = [out for out in dialog.outs if -15 < out.record.t - episode.asked.t < 6]
        if tape.room(dialog, episode.asked, 6) and not any(out.kind == "agent" for out in before):
            tape.drop(*before)
            return bool(before)
    return False


@defect("HO-06", "the same notice twice")
def told_twice(tape: Tape, dialog: Dialog) -> bool:
    for episode in called(dialog):
        for out in dialog.outs_between(episode.asked.n, episode.ends_n):
            soon = out.record.t - episode.asked.t < 3 and out.record.t - episode.asked.t > 0
            spoken = any(act for act in dialog.said if 0 < act.t - out.record.t < 1)
            if soon and out.kind == "notice" and not spoken and tape.room(dialog, out.record, 2):
                tape.says(out.record, 0.5, *out.heard.message.parts)
                return True
    return False


# ------------------------------------------------------------------------------------------------------ the history


def history_entries(dialog: Dialog) -> list[tuple[Filed, Said]]:
    """The messages of a history that has an entry for each, with their entries."""
    episode = once(called(dialog))
    if episode is None:
        return []
    sheet, found = Sheet.of(dialog), []
    for said in _session(dialog, episode):
        own = [record for record, _, letters in sheet.entries if letters == said.texts[0] and len(letters) > 8]
        if len(own) != 1 or _count(sheet, said) != 1:
            continue
        found.append((own[0], said))
    return found


def _count(sheet: Sheet, said: Said) -> int:
    """How often its words stand in the ticket."""
    return sum(letters.count(said.texts[0]) for letters in (*(item[2] for item in sheet.entries), *sheet.others))


@defect("HO-07", "a message is missing in the history")
def history_lacks(tape: Tape, dialog: Dialog) -> bool:
    found = history_entries(dialog)
    if found:
        tape.drop(found[0][0])
    return bool(found)


@defect("HO-07", "a line is missing in the transcript")
def line_lacks(tape: Tape, dialog: Dialog) -> bool:
    episode = once(called(dialog))
    for said in _session(dialog, episode) if episode is not None else ():
        line = rf"\[12:00\] \w+: {re.escape(said.text)}(?:\n|<br>|$)"
        if len(said.texts[0]) > 8 and "\n" not in said.text and _count(Sheet.of(dialog), said) == 1:
            holders = [record for record, entry in entries(dialog, "bot") if re.search(line, entry.text)]
            if len(holders) == 1:
                tape.change_entry(holders[0], text=re.sub(line, "", holders[0].event.entry.text))  # type: ignore[union-attr]
                return True
    return False


def entries(dialog: Dialog, *authors: str) -> list[tuple[Filed, Entry]]:
    """All entries of these authors."""
    return [item for ticket in dialog.tickets.values() for item in ticket.entries(*authors)]


@defect("HO-07", "two messages in the wrong order")
def history_swapped(tape: Tape, dialog: Dialog) -> bool:
    found = history_entries(dialog)
    for (first, one), (second, other) in itertools.pairwise(found):
        if one.author == other.author or first.n > second.n or other.record.t - one.record.t < 11:
            continue
        if any(entry.origin_at for entry in (first.event.entry, second.event.entry)):  # type: ignore[union-attr]
            continue
        tape.move(first, second.t - first.t + 0.01)
        return True
    return False


@defect("HO-07", "what the bot said stands as the customer's")
def wrong_author(tape: Tape, dialog: Dialog) -> bool:
    own = [record for record, said in history_entries(dialog) if said.author == "bot"]
    for record in own:
        tape.change_entry(record, author="customer")
    return bool(own)


@defect("HO-07", "a message stands in the history twice")
def history_doubled(tape: Tape, dialog: Dialog) -> bool:
    for record, said in history_entries(dialog):
        if said.author == "bot" and sum(out.text == said.text for out in dialog.outs) == 1:
            event = record.event
            assert isinstance(event, EntryAdded)
            again = msgspec.structs.replace(event.entry, id="x1")
            tape.files(record, 0.01, EntryAdded(ticket=event.ticket, entry=again))
            return True
    return False


def media_entries(dialog: Dialog) -> list[tuple[Filed, str]]:
    """The entries with a file of the customer's that was sent while people were in charge, and its hash."""
    found = []
    for act in dialog.said:
        files = [part for part in getattr(act.act, "parts", ()) if isinstance(part, Media) and part.kind != "sticker"]
        if len(files) == 1 and dialog.owner_at(act.n) == "agent" and dialog.span_at(act.n + 40).owner == "agent":
            hashes = {files[0].file.sha256, f"new-{files[0].file.sha256}"}
            found += [
                (r, files[0].kind)
                for r, entry in entries(dialog, "customer")
                if {f.sha256 for f in entry.files} & hashes
            ]
    return found


@defect("HO-08", "a file is left out")
def file_lost(tape: Tape, dialog: Dialog) -> bool:
    for record, _ in media_entries(dialog):
        if tape.room(dialog, record, 12):
            tape.drop(record)
            return True
    return False


@defect("HO-08", "a file is a dead link")
def file_linked(tape: Tape, dialog: Dialog) -> bool:
    for record, _ in media_entries(dialog):
        if tape.room(dialog, record, 12):
            file = record.event.entry.files[0]  # type: ignore[union-attr]
            link = msgspec.structs.replace(file, sha256="", url="https://api.telegram.example/file/1")
            tape.change_entry(record, files=(link,))
            return True
    return False


@defect("HO-08", "a photo is filed as a text file")
def file_mistyped(tape: Tape, dialog: Dialog) -> bool:
    for record, kind in media_entries(dialog):
        if kind == "photo" and tape.room(dialog, record, 12):
            file = record.event.entry.files[0]  # type: ignore[union-attr]
            tape.change_entry(record, files=(msgspec.structs.replace(file, mime="text/plain"),))
            return True
    return False


def long_relays(dialog: Dialog) -> list[Filed]:
    """Entries that show a whole long message of the customer's."""
    return [
        record
        for act in words(dialog, "agent", least=1200)
        for record, entry in entries(dialog, "customer")
        if text_of(act).split("👩")[0] in entry.text and len(entry.text) > 600
    ]


@defect("HO-09", "a long message is cut")
def cut_short(tape: Tape, dialog: Dialog) -> bool:
    found = [record for record in long_relays(dialog) if tape.room(dialog, record, 15)]
    for record in found[:1]:
        text = record.event.entry.text  # type: ignore[union-attr]
        tape.change_entry(record, text=text[: len(text) // 2])
    return bool(found)


@defect("HO-09", "a sign is broken")
def broken_sign(tape: Tape, dialog: Dialog) -> bool:
    found = long_relays(dialog)
    for record in found[:1]:
        text = record.event.entry.text  # type: ignore[union-attr]
        tape.change_entry(record, text=text.replace("👩", "\ufffd", 1))
    return bool(found)


# ------------------------------------------------------------------------------------------------- facts and secrets


def _replace(tape: Tape, dialog: Dialog, old: str, new: str) -> int:
    """Other words in all that the bot filed; how often."""
    return _rewrite(tape, dialog, lambda text: text.replace(old, new))


def _rewrite(tape: Tape, dialog: Dialog, edit: Callable[[str], str]) -> int:
    count = 0
    for ticket in dialog.tickets.values():
        for record in ticket.records:
            if record.by != "bot" or not isinstance(record.event, EntryAdded | HandoffAsked | TicketOpened):
                continue
            event: Any = _edited(msgspec.to_builtins(record.event), edit)
            new = msgspec.convert(event, type(record.event))
            if new != record.event:
                tape.change(record, event=new)
                count += 1
    return count


def _edited(value: Any, edit: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {key: _edited(each, edit) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_edited(each, edit) for each in value]
    if isinstance(value, str):
        return edit(value)
    return int(edit(str(value))) if isinstance(value, int) and not isinstance(value, bool) else value


@defect("HO-10", "what the customer has told does not travel")
def fact_lost(tape: Tape, dialog: Dialog) -> bool:
    episode = once(called(dialog))
    told = [act for act in words(dialog, "bot", least=3) if FACT in text_of(act)]
    if episode is None or not told or told[0].n > episode.asked.n:
        return False
    return _replace(tape, dialog, FACT, "111") > 0


@defect("HO-11", "what was told is asked again")
def asked_again(tape: Tape, dialog: Dialog) -> bool:
    for act in words(dialog, "bot", least=3):
        before = [out for out in dialog.outs if out.record.n < act.n and out.text.endswith("?")]
        ended = [episode.returned for episode in dialog.episodes if episode.returned and episode.returned.n > act.n]
        if text_of(act) != FACT or not before or language_of(before[-1].text) is None:
            continue
        spoken = [other for other in dialog.said if ended and 0 < other.t - ended[0].t < 3]
        if ended and not spoken and tape.room(dialog, ended[0], 3):
            tape.says(ended[0], 1.5, before[-1].text)
            return True
    return False


@defect("HO-12", "a secret is filed")
def secret_filed(tape: Tape, dialog: Dialog) -> bool:
    return _replace(tape, dialog, "•••••", SECRET) > 0


@defect("HO-12", "a secret is filed in Base64")
def secret_encoded(tape: Tape, dialog: Dialog) -> bool:
    return _replace(tape, dialog, "•••••", "aHVudGVyLTQ3MTE=") > 0


@defect("HO-13", "a notice in another language")
def other_language(tape: Tape, dialog: Dialog) -> bool:
    spoken = {language_of(text_of(act)) for act in dialog.said if isinstance(act.act, Write)}
    answered = {language_of(out.text) for out in dialog.outs if out.kind == "bot"}
    for episode in called(dialog):
        early = [act for act in words(dialog, "bot") if act.n < episode.asked.n and language_of(text_of(act))]
        for out in dialog.outs_between(episode.asked.n, episode.ends_n):
            if out.kind == "notice" and early and "de" not in spoken and answered <= spoken:
                effect = out.record.effect
                assert isinstance(effect, Sent)
                tape.change(out.record, effect=Sent(to=effect.to, message=_worded(effect.message, GERMAN)))
                return True
    return False


GERMAN = "Bitte haben Sie noch einen Moment Geduld, ich verbinde Sie mit einem Kollegen."


def _worded(message: Any, text: str) -> Any:
    part = msgspec.structs.replace(message.parts[0], text=text)
    return msgspec.structs.replace(message, parts=(part, *message.parts[1:]))


@defect("HO-13", "the ticket names another language")
def other_locale(tape: Tape, dialog: Dialog) -> bool:
    spoken = {language_of(text_of(act)) for act in dialog.said if isinstance(act.act, Write)} - {None}
    answered = {language_of(out.text) for out in dialog.outs if out.kind == "bot"} - {None}
    opened = opened_at_the_handover(dialog)
    if opened is None or not spoken or not answered <= spoken:
        return False
    first = dialog.episodes[0]
    if not any(language_of(text_of(act)) for act in words(dialog, "bot", "queue", "agent") if act.n < first.ends_n):
        return False
    tape.change_event(opened, locale="es-ES")
    return True
