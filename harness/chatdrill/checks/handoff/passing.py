"""What became of each message of an agent: the customer's messages that carry it, and whether it was reported as failed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chatdrill.checks.handoff.arrivals import arrivals, entry_of
from chatdrill.checks.handoff.dialogs import Dialog, Out
from chatdrill.checks.handoff.matching import normal, squeezed
from chatdrill.checks.handoff.pace import LATEST, MENDING_S, extra_s, moment
from chatdrill.model import Entry, EntryAdded, EntryChanged, EntryFailed
from chatdrill.trace import Called, Filed

TELLING_MIN = 12
"""Letters and digits: shorter words may be said by anybody, for reasons of their own."""


@dataclass(frozen=True)
class Passing:
    """An agent's public message and the customer's messages that carry it. ``due``: when it must have come; ``None`` where
    nobody can be blamed, for the desk's news of it were lost or the platform was down."""

    record: Filed
    entry: Entry
    outs: tuple[Out, ...]
    due: float | None


def passings_of(dialog: Dialog, within_s: float) -> Iterator[Passing]:
    """The agents' public messages, in order, each with what became of it."""
    case = dialog.case
    for record, entry in dialog.agent_replies:
        if record.by == "bot" or not (entry.text.strip() or entry.files):
            continue  # what the bot itself put there as somebody's word is no reply
        due = moment(case, record) + LATEST * within_s
        more = extra_s(case, moment(case, record), due, "api", "webhook", "bot")
        outs = tuple(_carrying(dialog, record, due)) or tuple(_perhaps(dialog, record, entry, due))
        yield Passing(record, entry, outs, None if more is None else due + more)


def _carrying(dialog: Dialog, record: Filed, due: float) -> Iterator[Out]:
    """The messages that carry a reply. What comes much later is the bot's own word, and so are short words that anybody may say
    once people are gone."""
    outs = [out for out in dialog.outs_of(record) if moment(dialog.case, out.record) <= due + MENDING_S]
    for place, out in enumerate(outs):
        is_short = len(letters_of(out)) < TELLING_MIN and not hashes_of(out)
        if not (is_short and place > 0 and dialog.owner_at(out.record.n) not in ("queue", "agent")):
            yield out


def _perhaps(dialog: Dialog, record: Filed, entry: Entry, due: float) -> Iterator[Out]:
    """Files without a hash can be told by nothing but their turn."""
    if entry.files and not all(file.sha256 for file in entry.files):
        later = (out for out in dialog.outs if out.record.n > record.n and out.kind != "agent")
        yield from (out for out in later if out.heard.message.media and moment(dialog.case, out.record) <= due)


def quote_of(entry: Entry) -> str:
    """What the agent wrote, to be quoted."""
    return repr(entry.text[:80]) if entry.text.strip() else f"a file ({entry.files[0].name or entry.files[0].mime})"


def letters_of(out: Out) -> str:
    """The letters and digits of a message to the customer."""
    return squeezed(out.text)


def hashes_of(out: Out) -> frozenset[str]:
    """The hashes of the files in it."""
    return frozenset(media.file.sha256 for media in out.heard.message.media if media.file.sha256)


def refusals(dialog: Dialog, since: int, until: float) -> list[Called]:
    """Calls for this customer that the platform refused between two records."""
    return [
        call
        for call in dialog.case.calls
        if since < call.n < until
        and call.conv == dialog.conv
        and dialog.case.began.is_messenger(call.platform)
        and not call.ok
    ]


def was_withdrawn(dialog: Dialog, passing: Passing) -> bool:
    """The agent changed or deleted it: then the old words need not arrive any more."""
    changes = dialog.records(EntryChanged)
    return any(isinstance(one.event, EntryChanged) and one.event.entry_id == passing.entry.id for one in changes)


_FAILED = re.compile(
    r"not (?:be )?(?:delivered|sent)|undeliver|fail|could ?n[o']t|cannot|refus|reject|block|error|window|не доставл|не отправл|"
    r"ошибк|заблок|не удалось|отказ|nie dostarcz|nie wysłan|błąd|zablok|nie udało|odrzuc|nicht zugestellt|fehl|blockiert|"
    r"échou|bloqu|refusé|no (?:se )?entreg|não (?:foi )?entreg",
    re.IGNORECASE,
)
_QUOTE_MIN = 20  # letters and digits of a reply by which a note is about it


def is_reported(dialog: Dialog, record: Filed, entry: Entry, since: int, *, said: bool = False) -> bool:
    """The agents were shown that a reply failed: by a mark, or by an entry of the bot's that quotes it or speaks of a failure.
    ``said``: any entry that is nobody's message will do, as a refusal is known and the note may be in any language."""
    for later in dialog.records(EntryFailed, EntryAdded):
        if later.n <= max(since, record.n):
            continue
        if isinstance(later.event, EntryFailed):
            if later.event.entry_id == entry.id or later.by == "bot":
                return True
        elif later.by == "bot" and _is_note(dialog, later) and (said or _is_about(entry, entry_of(later).text)):
            return True
    return False


def _is_about(entry: Entry, text: str) -> bool:
    quoted = squeezed(entry.text)[:_QUOTE_MIN]
    return _FAILED.search(text) is not None or (len(quoted) == _QUOTE_MIN and quoted in squeezed(text))


def _is_note(dialog: Dialog, record: Filed) -> bool:
    """An entry that shows neither what the customer said nor what they were told."""
    shown = {copy.n for arrival in arrivals(dialog).values() for copy in (*arrival.copies, arrival.shown) if copy}
    entry = entry_of(record)
    if not entry.public and _FAILED.search(entry.text):
        return True
    return record.n not in shown and entry.author != "customer" and not _is_said(dialog, entry)


def _is_said(dialog: Dialog, entry: Entry) -> bool:
    """A copy of what the customer was told."""
    return entry.public and normal(entry.text) in {normal(out.text) for out in dialog.outs}


def is_by_another(dialog: Dialog, passing: Passing) -> bool:
    """True for the words of somebody else than the agent who wrote first in the same episode."""
    episode = dialog.episode_at(passing.record.n)
    if episode is None or passing.entry.said_by is None:
        return False
    own = [entry for record, entry in dialog.agent_replies if episode.holds(record.n) and record.by != "bot"]
    first = next((entry.said_by for entry in own if entry.said_by is not None), passing.entry.said_by)
    return first != passing.entry.said_by
