"""What was said before a handover stands in the ticket: all of it, in order, by the right author, to its last letter (HO-07 and HO-09)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import msgspec

from chatdrill.checks.handoff.deadlines import settle
from chatdrill.checks.handoff.dialogs import Dialog, Episode
from chatdrill.checks.handoff.laws import rule
from chatdrill.checks.handoff.matching import carries, squeezed
from chatdrill.checks.handoff.notices import NOTICE_S
from chatdrill.checks.handoff.tickets import quoted
from chatdrill.checks.parameters import Parameters, duration, whole
from chatdrill.checks.registry import Outcome
from chatdrill.model import (
    ContactFiled,
    Delete,
    Deleted,
    Edit,
    Edited,
    Entry,
    EntryAdded,
    EntryChanged,
    HandoffAsked,
    Text,
    TicketOpened,
    Write,
    part_text,
)
from chatdrill.trace import Acted, Filed, Record, Took
from chatdrill.wire import strings_in

_HEAD = 40
"""Letters and digits by which a long message is recognised; whether the rest is there is HO-09's question."""
_LONG_NUMBER = re.compile(r"(?:\d[ -]?){13,}")
_PART_MARK = re.compile(r"[(\[]?\b\d{1,3}\s*/\s*\d{1,3}\b[)\]]?")
_NAME = re.compile(r"^[^:\n]{1,60}:\s")
_SESSION_S = 24 * 3600.0
"""What is older is another session, as the shortest of the messengers' windows has it."""


@dataclass
class Said:
    """One public message from before a handover. ``texts`` are all that it ever said, without anything but letters."""

    record: Acted | Took
    author: str
    text: str
    texts: list[str] = field(default_factory=list)

    @property
    def heads(self) -> list[str]:
        """How each of its texts begins."""
        return [text[:_HEAD] for text in self.texts]


@dataclass
class Sheet:
    """All that agents can read of a ticket: entries, and other texts (fields, subjects, notes of the customer's data)."""

    entries: list[tuple[Filed, Entry, str]]
    others: list[str]

    @classmethod
    def of(cls, dialog: Dialog) -> Sheet:
        entries, others = [], []
        for file in dialog.tickets.values():
            for record in file.records:
                event = record.event
                if isinstance(event, EntryAdded):
                    entries.append((record, event.entry, squeezed(_PART_MARK.sub(" ", event.entry.text))))
                elif isinstance(event, TicketOpened | HandoffAsked | EntryChanged | ContactFiled):
                    others.append(squeezed(" ".join(strings_in(msgspec.to_builtins(event)))))
        entries.sort(key=lambda item: item[0].n)
        return cls(entries, others)

    @cached_property
    def joined(self) -> list[str]:
        """Everything, in a row: what stands in two entries is found as well."""
        plain = "".join(letters for _, _, letters in self.entries)
        bare = "".join(squeezed(_PART_MARK.sub(" ", _NAME.sub("", entry.text))) for _, entry, _ in self.entries)
        return [plain, bare, *self.others]

    def has(self, text: str) -> bool:
        """Whether these letters stand anywhere."""
        return any(text in letters for letters in self.joined)


# ------------------------------------------------------------------------------------------------------- HO-07


@rule(
    "HO-07",
    "Who takes over can read what was said before: no message is missing, doubled, misplaced or another author's.",
    ticket_within=duration("10s"),
    history=whole(20),
)
def full_history(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """Looks at the newest ``history`` messages of the session with words in them. They may stand in the ticket one by one, in a
    transcript, a note or a field, before or after the handover is asked for. Excused: what the customer deleted, secrets and long
    numbers (a bot may blot them out), commands, notices. Customers' messages since the ticket was made are HO-22's."""
    for episode in dialog.episodes:
        if episode.by_agent or episode.asked.by != "bot":
            continue
        told = list(_session(dialog, episode))[-parameters["history"] :]
        if not told:
            continue
        end = settle(dialog.case, episode.asked, parameters["ticket_within"], until=episode.returned)
        if end == "over":
            outcome.evidence += 1
            _judge_history(dialog, episode, told, outcome)
        elif end == "cut":
            outcome.undecided(
                "the conversation was cut short before the history could reach the ticket",
                cites=(episode.asked.n,),
                conv=dialog.conv,
            )


def _session(dialog: Dialog, episode: Episode) -> Iterator[Said]:
    """The messages since the last handover was over that must be handed over."""
    since = max((each.ends_n for each in dialog.episodes if each.number < episode.number), default=-1)
    opened = min(
        (file.opened.n for file in dialog.tickets.values() if file.opened is not None), default=episode.asked.n
    )
    kinds = {out.record.n: out.kind for out in dialog.outs}
    edits, gone = _changes(dialog)
    for record in dialog.case.records:
        if record.conv != dialog.conv or not since < record.n < episode.asked.n:
            continue
        if episode.asked.at - record.at > _SESSION_S or _is_farewell(dialog, record):
            continue
        if isinstance(record, Acted) and isinstance(record.act, Write) and record.n < opened:
            if not any(id in gone for id in record.ids):
                text = "\n".join(part_text(part) for part in record.act.parts if isinstance(part, Text))
                yield from _said(dialog, record, "customer", text, [t for id in record.ids for t in edits.get(id, ())])
        elif isinstance(record, Took) and kinds.get(record.n) == "bot":
            message = record.effect.message  # type: ignore[union-attr]
            if not any(id in gone or id in edits for id in message.ids):
                text = "\n".join(part.text for part in message.parts if isinstance(part, Text))
                yield from _said(dialog, record, "bot", text, [])


def _is_farewell(dialog: Dialog, record: Record) -> bool:
    """What the bot says at the end of the handover before, to nothing that the customer has said since."""
    case = dialog.case
    for episode in dialog.episodes:
        ended = episode.returned
        if isinstance(record, Took) and ended is not None and 0 <= case.seconds_between(ended, record) <= NOTICE_S:
            return not any(ended.n < act.n < record.n for act in dialog.said)
    return False


def _said(dialog: Dialog, record: Acted | Took, author: str, text: str, later: list[str]) -> Iterator[Said]:
    secret = any(each and each in text for each in dialog.case.began.secrets) or _LONG_NUMBER.search(text)
    texts = [letters for letters in map(squeezed, (_PART_MARK.sub(" ", each) for each in (text, *later))) if letters]
    if texts and not secret and not text.lstrip().startswith("/"):
        yield Said(record, author, text, texts)


def _changes(dialog: Dialog) -> tuple[dict[str, list[str]], set[str]]:
    """Later texts by the id of the message, and the ids of deleted ones."""
    edits: dict[str, list[str]] = {}
    gone: set[str] = set()
    for record in dialog.case.records:
        if record.conv != dialog.conv:
            continue
        change = record.act if isinstance(record, Acted) else record.effect if isinstance(record, Took) else None
        if isinstance(change, Edit):
            edits.setdefault(change.message_id, []).append(" ".join(map(part_text, change.parts)))
        elif isinstance(change, Edited):
            edits.setdefault(change.message.id, []).append(change.message.text)
        elif isinstance(change, Delete):
            gone.add(change.message_id)
        elif isinstance(change, Deleted):
            gone.update(change.message_ids)
    return edits, gone


def _judge_history(dialog: Dialog, episode: Episode, told: Sequence[Said], outcome: Outcome) -> None:
    sheet = Sheet.of(dialog)
    missing = [said for said in told if not _is_shown(sheet, said)]
    if missing:
        count = "" if len(missing) == 1 else f" (and {len(missing) - 1} more)"
        outcome.fail(
            f"the ticket lacks what the {missing[0].author} said before the handover: {quoted(missing[0].text)}{count}",
            cites=(episode.asked.n, *(said.record.n for said in missing[:5])),
            conv=dialog.conv,
        )
    present = [said for said in told if said not in missing]
    for accuse in (_accuse_author, _accuse_double, _accuse_order):
        accuse(dialog, sheet, present, outcome)


def _is_shown(sheet: Sheet, said: Said) -> bool:
    if any(sheet.has(head) for head in said.heads):
        return True
    return isinstance(said.record, Acted) and any(carries(entry, said.record) for _, entry, _ in sheet.entries)


def _alone(sheet: Sheet, said: Said) -> list[tuple[Filed, Entry]]:
    """The entries that are this message and nothing else."""
    return [(record, entry) for record, entry, letters in sheet.entries if letters in said.texts]


def _in_a_list(sheet: Sheet, said: Said) -> bool:
    """Whether it stands among others: in a transcript, a field."""
    lists = [letters for _, _, letters in sheet.entries if letters not in said.texts] + sheet.others
    return any(head in letters for head in said.heads for letters in lists)


def _accuse_author(dialog: Dialog, sheet: Sheet, told: Sequence[Said], outcome: Outcome) -> None:
    """One question of the customer's as the first comment of a bot is how some tickets begin; two are a transcript."""
    wrong: dict[str, list[tuple[Filed, Said]]] = {"customer": [], "bot": []}
    customer = dialog.case.began.customers.get(dialog.conv.rpartition("/")[2])
    filed = {record.event.name for record in dialog.contacts if isinstance(record.event, ContactFiled)}
    names = {"bot": set[str](), "customer": filed | ({customer.name} if customer else set())}
    for said in told:
        other = "customer" if said.author == "bot" else "bot"
        shown = [(record, entry) for record, entry in _alone(sheet, said) if entry.public]
        twice = any(each.author == other and each.texts[0] == said.texts[0] for each in told)
        if not shown or twice or _in_a_list(sheet, said):
            continue
        if all(entry.author == other and entry.said_by in (None, *names[other]) for _, entry in shown):
            wrong[said.author].append((shown[0][0], said))
    for author, found in wrong.items():
        if len(found) > (author == "customer"):
            record, said = found[0]
            other = "customer" if author == "bot" else "bot"
            outcome.fail(
                f"the ticket shows as the {other}'s what the {author} said: {quoted(said.text)}",
                cites=(record.n, said.record.n),
                conv=dialog.conv,
            )
            return


def _accuse_double(dialog: Dialog, sheet: Sheet, told: Sequence[Said], outcome: Outcome) -> None:
    everything = [squeezed(out.text) for out in dialog.outs]
    everything += [
        squeezed(" ".join(map(part_text, act.act.parts))) for act in dialog.said if isinstance(act.act, Write)
    ]
    everything += [squeezed(text) for texts in _changes(dialog)[0].values() for text in texts]
    everything += [squeezed(text) for call in dialog.doubtful for text in strings_in(call.arguments)]
    for said in told:
        shown = [
            (record, entry) for record, entry in _alone(sheet, said) if entry.public and entry.author == said.author
        ]
        shown = [item for item in shown if item[0].event.ticket == shown[0][0].event.ticket]
        if len(shown) > max(1, sum(map(everything.count, dict.fromkeys(said.texts)))):
            outcome.fail(
                f"the ticket shows {len(shown)} times what was said once: {quoted(said.text)}",
                cites=(shown[-1][0].n, shown[0][0].n, said.record.n),
                conv=dialog.conv,
            )
            return


def _accuse_order(dialog: Dialog, sheet: Sheet, told: Sequence[Said], outcome: Outcome) -> None:
    """Looks at messages that can be mistaken for no other, one by one in entries; a list of them all makes up for it."""
    heads = [said.texts[0] for said in told]
    alone: list[tuple[float, Filed, Said]] = []
    for said in told:
        shown = _alone(sheet, said)
        if len(shown) == 1 and heads.count(said.texts[0]) == 1 and not _in_a_list(sheet, said):
            record, entry = shown[0]
            alone.append((record.n if entry.origin_at is None else entry.origin_at, record, said))
    dated = [entry.origin_at is not None for _, record, _ in alone for entry in [_entry(record)]]
    if any(dated) and not all(dated):
        alone = [(record.n, record, said) for _, record, said in alone]
    for (place, record, said), (next_place, next_record, next_said) in pairwise(alone):
        if (next_place, next_record.n) < (place, record.n) and _was_told_in_order(dialog, said, next_said):
            outcome.fail(
                f"the ticket shows {quoted(next_said.text)} before {quoted(said.text)}, which was said first",
                cites=(next_record.n, record.n, said.record.n, next_said.record.n),
                conv=dialog.conv,
            )
            return


def _entry(record: Filed) -> Entry:
    assert isinstance(record.event, EntryAdded)
    return record.event.entry


# ------------------------------------------------------------------------------------------------------- HO-09

_BREAKERS = "\ufffd"


@rule(
    "HO-09",
    "A long message arrives to its last letter, however many entries it takes, and no sign of it is broken.",
    relay_within=duration("5s"),
)
def no_truncation(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """A message whose beginning the ticket shows must be there as a whole; one that is missing is HO-07's or HO-22's. Parts may be
    numbered and have a name in front. A part must not begin with half a sign."""
    if not dialog.episodes:
        return
    sheet = Sheet.of(dialog)
    for act in dialog.said:
        if not isinstance(act.act, Write) or act.n > dialog.episodes[-1].ends_n:
            continue
        text = "\n".join(part_text(part) for part in act.act.parts if isinstance(part, Text))
        if _BREAKERS not in text and _accuse_broken(dialog, sheet, act, text, outcome):
            continue
        letters = squeezed(_PART_MARK.sub(" ", text))
        if len(letters) <= _HEAD or any(secret in text for secret in dialog.case.began.secrets):
            continue
        first = next(
            (record for record, _, shown in sheet.entries if record.n > act.n and letters[:_HEAD] in shown), None
        )
        if first is None:
            continue
        kept = _kept(sheet, act, letters)
        if kept == len(letters):
            outcome.evidence += 1
        else:
            share = kept / len(letters)
            outcome.evidence += _judge_cut(dialog, act, first, text, share, parameters["relay_within"], outcome)


def _kept(sheet: Sheet, act: Acted, letters: str) -> int:
    """How many letters of a message stand in the ticket: in a text that has them all, or piece after piece in the entries."""
    if sheet.has(letters):
        return len(letters)
    at = 0
    for record, entry, shown in sheet.entries:
        if record.n > act.n:
            rest = letters[at:]
            is_rest = rest in (shown, squeezed(_PART_MARK.sub(" ", _NAME.sub("", entry.text))))
            at += len(rest) if is_rest else _longest_start(rest, shown)
    return at


def _longest_start(letters: str, shown: str) -> int:
    """The length of the longest beginning of ``letters`` that stands in a text; 0 for one that may be chance."""
    low, high = 0, min(len(letters), len(shown))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if letters[:middle] in shown else (low, middle - 1)
    return low if low >= _PIECE_MIN else 0


_PIECE_MIN = 8  # letters and digits: a name in front of a part does not begin like the part


def _judge_cut(
    dialog: Dialog, act: Acted, first: Filed, text: str, share: float, within_s: float, outcome: Outcome
) -> bool:
    if settle(dialog.case, first, within_s) != "over":
        return False
    outcome.fail(
        f"a message of {len(text)} characters is cut in the ticket, after about {share:.1%} of it: {quoted(text)}",
        cites=(first.n, act.n),
        conv=dialog.conv,
    )
    return True


def _accuse_broken(dialog: Dialog, sheet: Sheet, act: Acted, text: str, outcome: Outcome) -> bool:
    """Half of an emoji or of an accented letter, where the customer wrote a whole one."""
    for record, entry, letters in sheet.entries:
        if record.n < act.n or entry.author != "customer" or not entry.text or not letters:
            continue
        bare = _NAME.sub("", entry.text, count=1)
        whole = squeezed(_PART_MARK.sub(" ", text))
        if letters not in whole and (not squeezed(bare) or squeezed(_PART_MARK.sub(" ", bare)) not in whole):
            continue
        outcome.evidence += 1
        if _BREAKERS in entry.text or (_is_a_rest(bare[:1]) and bare[0] != text[:1]):
            outcome.fail(
                f"a sign of the message was cut in two: the entry is {quoted(entry.text)}",
                cites=(record.n, act.n),
                conv=dialog.conv,
            )
            return True
    return False


def _is_a_rest(char: str) -> bool:
    return bool(char) and (
        unicodedata.combining(char) > 0 or char in "\u200d\ufe0f" or "\U0001f3fb" <= char <= "\U0001f3ff"
    )


def _was_told_in_order(dialog: Dialog, said: Said, following: Said) -> bool:
    """False for what crossed on its way: an answer and the customer's next word, or words that were delivered side by side."""
    one, other = said.record, following.record
    if isinstance(one, Acted) and isinstance(other, Took):
        return dialog.case.seconds_between(one, other) > NOTICE_S
    return not (isinstance(one, Acted) and isinstance(other, Acted)) or dialog.case.told_in_order(one, other)
