"""From the customer to the agent, HO-22 to HO-26: what the customer sends while people are in charge stands in the ticket."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.checks.handoff.arrivals import Arrival, arrivals, changes_of, entry_of, words_in
from chatdrill.checks.handoff.dialogs import Dialog, dialogs
from chatdrill.checks.handoff.laws import case_rule, rule
from chatdrill.checks.handoff.matching import files_of, names, normal, squeezed
from chatdrill.checks.handoff.owed import STAYS, Due, due_items, is_missing
from chatdrill.checks.handoff.pace import LATEST, extra_s, moment, outlook, stays, told
from chatdrill.checks.parameters import Parameters, duration, whole
from chatdrill.checks.registry import Outcome
from chatdrill.engine.durations import say_seconds
from chatdrill.model import Delete, Edit, EntryAdded, EntryChanged, Media, Press, Write
from chatdrill.trace import Acted, Filed


def _judge_once(dialog: Dialog, items: list[Due], outcome: Outcome, when: str) -> None:
    for item in items:
        arrival = item.arrival
        outcome.evidence += bool(arrival.texts or arrival.copies)
        if arrival.texts and is_missing(dialog, item, outcome):
            outcome.fail(
                f"the agent never saw {arrival.quote}, which the customer sent {when}",
                cites=(arrival.act.n,),
                conv=dialog.conv,
                details={"expected": "one entry in the ticket"},
            )
        again = _extra_copy(dialog, arrival)
        if again is not None:
            first, second, count = again
            outcome.fail(
                f"{arrival.quote} stands in the ticket {count} times, though the customer sent it once",
                cites=(second.n, first.n, arrival.act.n),
                conv=dialog.conv,
            )


def _extra_copy(dialog: Dialog, arrival: Arrival) -> tuple[Filed, Filed, int] | None:
    """Two entries of one ticket that carry the same of one message, and how many there are."""
    change = min((change.n for change in changes_of(dialog, arrival.act)), default=float("inf"))
    deleted = {
        record.event.entry_id
        for record in dialog.records(EntryChanged)
        if isinstance(record.event, EntryChanged) and record.event.deleted
    }
    seen: dict[tuple[object, ...], list[Filed]] = {}
    for record in arrival.copies:
        entry = entry_of(record)
        if record.n < change and entry.public and entry.id not in deleted and _is_whole(arrival, record):
            seen.setdefault(_content(record, many=len(arrival.act.ids) > 1), []).append(record)
    for same in seen.values():
        if len(same) > _allowed(arrival, same[0]) and (_is_named(arrival, same) or _is_too_many(dialog, same)):
            return same[0], same[-1], len(same)
    return None


def _is_named(arrival: Arrival, copies: list[Filed]) -> bool:
    origins = [entry_of(record).origin_id or "" for record in copies]
    return all(any(names(origin, id) for id in arrival.act.ids) for origin in origins)


def _is_too_many(dialog: Dialog, same: list[Filed]) -> bool:
    """True if the ticket shows it more often than the customer sent it: messages with the same words or file are
    interchangeable where no id tells them apart."""
    content = _content(same[0], many=False)
    shown = [
        record
        for ticket in dialog.tickets.values()
        for record, entry in ticket.entries("customer", public=True)
        if record.n <= same[-1].n and _content(record, many=False) == content
    ]
    text = normal(entry_of(same[0]).text)
    sent = sum(  # a pressed button may stand there as its words
        isinstance(act.act, Press)
        and act.conv == dialog.conv
        and act.n < same[-1].n
        and normal(act.act.button.title) == text
        for act in dialog.case.acts
    )
    for arrival in arrivals(dialog).values():
        has_file = files_of(arrival.act) & {file.sha256 for file in entry_of(same[0]).files}
        if arrival.act.n < same[-1].n and (has_file or (text and text in arrival.texts)):
            sent += _allowed(arrival, same[0])
    return len(shown) > sent


def _content(record: Filed, *, many: bool) -> tuple[object, ...]:
    """What makes two entries the same; the pictures of an album may differ in nothing but their ids."""
    entry = entry_of(record)
    own = entry.origin_id if many else None
    return record.event.ticket, normal(entry.text), frozenset(file.sha256 for file in entry.files), own


def _is_whole(arrival: Arrival, record: Filed) -> bool:
    entry = entry_of(record)
    if entry.files or not arrival.texts:
        return True
    return any(squeezed(text) in squeezed(entry.text) for text in arrival.texts)


def _allowed(arrival: Arrival, record: Filed) -> int:
    """The same file may be in one message more than once."""
    own = {file.sha256 for file in entry_of(record).files}
    files = Counter(part.file.sha256 for part in arrival.parts if isinstance(part, Media))
    return max((count for sha256, count in files.items() if sha256 in own), default=1)


@rule(
    "HO-22",
    "Every message that the customer sends while an agent is in charge stands in the ticket exactly once.",
    relay_within=duration("5s"),
)
def exactly_once(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """A file that is missing is HO-08's, stickers, places and the like are HO-27's, what is sent before somebody has accepted is
    HO-25's."""
    items = [item for item in due_items(dialog, parameters["relay_within"]) if not item.waiting]
    _judge_once(dialog, items, outcome, "while an agent was in charge")


@rule(
    "HO-25",
    "What the customer sends between the making of the ticket and the acceptance stands in the ticket exactly once.",
    relay_within=duration("5s"),
)
def no_gap(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """The bot may collect it until somebody has accepted. Whether it answers meanwhile is HO-20's."""
    items = [item for item in due_items(dialog, parameters["relay_within"]) if item.waiting]
    _judge_once(dialog, items, outcome, "while waiting for an agent")


@rule(
    "HO-23",
    "The agent reads the customer's messages in the order in which they were sent.",
    relay_within=duration("5s"),
)
def in_order(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """Held against the bot: an entry that comes before an entry of an earlier message, if the bot was told in order."""
    told_apart = [
        item for item in due_items(dialog, parameters["relay_within"]) if _is_told_apart(dialog, item.arrival)
    ]
    placed = [item for item in told_apart if item.arrival.copies]
    outcome.evidence += len(placed) if len(placed) > 1 else 0
    for place, later in enumerate(placed):
        early = later.arrival.copies[0]
        for earlier in placed[:place]:
            late = _last_copy(dialog, earlier.arrival, early)
            if late is None or earlier.told > later.told or not _is_before(early, late):
                continue
            if dialog.case.told_in_order(earlier.arrival.act, later.arrival.act):
                outcome.fail(
                    f"the agent read {later.arrival.quote} before {earlier.arrival.quote}, which the customer sent first",
                    cites=(early.n, late.n, later.arrival.act.n, earlier.arrival.act.n),
                    conv=dialog.conv,
                )
                return  # one knot is one defect, however many pairs it has


def _is_told_apart(dialog: Dialog, arrival: Arrival) -> bool:
    """False where another message says the same and no id says which entry is whose."""
    if arrival.copies and _is_named(arrival, arrival.copies):
        return True
    others = [other for other in arrivals(dialog).values() if other is not arrival]
    twins = [o for o in others if set(o.texts) & set(arrival.texts) or files_of(o.act) & files_of(arrival.act)]
    shown = {file.sha256 for record in arrival.copies for file in entry_of(record).files}
    return not twins and (bool(arrival.texts) or bool(files_of(arrival.act) & shown))


def _last_copy(dialog: Dialog, arrival: Arrival, other: Filed) -> Filed | None:
    """The last entry of a message in the same ticket, copies of copies and changes left out."""
    change = min((change.n for change in changes_of(dialog, arrival.act)), default=float("inf"))
    seen: dict[tuple[object, ...], Filed] = {}
    for record in arrival.copies:
        if record.event.ticket == other.event.ticket and record.n < change:
            seen.setdefault(_content(record, many=True), record)
            if len(arrival.act.ids) == 1 and _is_whole(arrival, record) and not files_of(arrival.act):
                break
    return max(seen.values(), key=lambda record: record.n, default=None)


def _is_before(early: Filed, late: Filed) -> bool:
    """Also by the times that the bot stated: a desk that sorts by them shows the messages in order."""
    early_at, late_at = entry_of(early).origin_at, entry_of(late).origin_at
    return early.n < late.n and (early_at is None or late_at is None or early_at <= late_at)


@case_rule(
    "HO-24",
    "The agent sees what the customer writes in time: nearly always at once, and always soon.",
    relay_within=duration("5s"),
    relay_share=whole(95),
)
def timely(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    """From the moment when the bot was told. What was sent while something was broken on purpose is left out."""
    within_s, share = parameters["relay_within"], parameters["relay_share"]
    samples = [sample for dialog in dialogs(case) for sample in _samples(dialog, within_s)]
    outcome.evidence += len(samples)
    slow = [(seconds, item) for seconds, item in samples if within_s < seconds <= LATEST * within_s]
    for seconds, item in samples:
        if seconds > LATEST * within_s:
            outcome.fail(
                f"the agent saw {item.arrival.quote} {say_seconds(round(seconds, 1))} after the customer sent it",
                cites=_cites(item),
                conv=item.arrival.act.conv,
                details={"expected": f"at the latest after {say_seconds(LATEST * within_s)}"},
            )
    if slow and (len(samples) - len(slow)) * 100 < share * len(samples):
        seconds, item = max(slow, key=lambda sample: sample[0])
        outcome.fail(
            f"{len(slow)} of {len(samples)} messages reached the agent later than {say_seconds(within_s)}; "
            f"{item.arrival.quote} took {say_seconds(round(seconds, 1))}",
            cites=_cites(item),
            conv=item.arrival.act.conv,
            details={"expected": f"{share} % within {say_seconds(within_s)}"},
        )


def _samples(dialog: Dialog, within_s: float) -> Iterator[tuple[float, Due]]:
    for item in due_items(dialog, within_s):
        first = item.arrival.first
        if (
            first is None
            or item.waiting
            or changes_of(dialog, item.arrival.act)
            or not _is_told_apart(dialog, item.arrival)
        ):
            continue
        came = moment(dialog.case, first)
        if extra_s(dialog.case, item.since, came, "api", "bot") == 0.0:
            yield max(0.0, came - item.since), item


def _cites(item: Due) -> tuple[int, ...]:
    first = item.arrival.first
    return (first.n, item.arrival.act.n) if first is not None else (item.arrival.act.n,)


# --------------------------------------------------------------------------------------------- edits and deletions


@rule(
    "HO-26",
    "What the customer changes or deletes while people are in charge changes in the ticket, too, and makes no second message.",
    relay_within=duration("5s"),
)
def changes_follow(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """The new words may stand in the old entry or in a new one that is marked: by words of its own, as an answer to the old
    one, or as a note. A message that never arrived is HO-22's."""
    within_s = parameters["relay_within"]
    for arrival in arrivals(dialog).values():
        changes = changes_of(dialog, arrival.act)
        if changes and arrival.copies and arrival.copies[0].n < changes[-1].n:
            _judge_change(dialog, arrival, changes, within_s, outcome)


def _judge_change(dialog: Dialog, arrival: Arrival, changes: list[Acted], within_s: float, outcome: Outcome) -> None:
    last = changes[-1]
    episode, known = dialog.episode_at(last.n), told(dialog.case, last)
    if episode is None or episode.accepted is None or known is None:
        return
    since = max(known, moment(dialog.case, episode.accepted))
    due = since + LATEST * within_s
    more = extra_s(dialog.case, since, due, "api", "bot")
    if more is None or not stays(dialog, episode, since, STAYS * within_s) or not _changes_words(arrival, changes):
        return
    outcome.evidence += 1
    again = _plain_again(dialog, arrival, last)
    deed = "deleted" if isinstance(last.act, Delete) else "changed"
    if again is not None:
        outcome.fail(
            f"the words to which the customer changed a message came as a message of its own: {entry_of(again).text[:80]!r}",
            cites=(again.n, last.n, arrival.copies[0].n),
            conv=dialog.conv,
            details={"expected": "the old entry with the new words, or a new one that says that it replaces the old"},
        )
    elif not _followed(dialog, arrival, last):
        ahead = outlook(dialog.case, due + more)
        if ahead == "over":
            outcome.fail(
                f"the customer {deed} {arrival.quote}, and the ticket does not show it",
                cites=(last.n, arrival.copies[0].n),
                conv=dialog.conv,
            )
        elif ahead == "cut":
            outcome.undecided(
                f"the run ended before the ticket had to show that the customer {deed} {arrival.quote}",
                cites=(last.n,),
                conv=dialog.conv,
            )


def _changes_words(arrival: Arrival, changes: list[Acted]) -> bool:
    """False for an edit that leaves the words as they were, such as one of the formatting."""
    versions = [
        words_in(change.act.parts) for change in (arrival.act, *changes) if isinstance(change.act, Write | Edit)
    ]
    return isinstance(changes[-1].act, Delete) or (bool(versions[-1]) and versions[-1] != versions[-2])


def _plain_again(dialog: Dialog, arrival: Arrival, change: Acted) -> Filed | None:
    """The entry that shows the new words like any other message of the customer, beside the old one."""
    if not isinstance(change.act, Edit):
        return None
    replaced = {_id_of(record) for record in dialog.records(EntryChanged) if record.n > change.n}
    new = words_in(change.act.parts)
    for record in arrival.copies:
        entry = entry_of(record)
        if record.n > change.n and entry.public and normal(entry.text) == new and entry.reply_to is None:
            old = [copy for copy in arrival.copies if copy.n < change.n and entry_of(copy).id not in replaced]
            return record if old and entry.kind is None else None
    return None


def _followed(dialog: Dialog, arrival: Arrival, change: Acted) -> bool:
    later = [record for record in dialog.records(EntryAdded, EntryChanged) if record.n > change.n]
    if isinstance(change.act, Edit):
        new = words_in(change.act.parts)
        return any(squeezed(new) in squeezed(_text_of(record)) and new for record in later)
    own = {entry_of(copy).id for copy in arrival.copies}
    return any(_tells_deletion(dialog, record, own) for record in later)


def _id_of(record: Filed) -> str:
    return record.event.entry_id if isinstance(record.event, EntryChanged) else ""


def _text_of(record: Filed) -> str:
    event = record.event
    return event.entry.text if isinstance(event, EntryAdded) else event.text if isinstance(event, EntryChanged) else ""


def _tells_deletion(dialog: Dialog, record: Filed, own: set[str]) -> bool:
    """A change of the entry, or a new entry that is nobody's message."""
    event = record.event
    if isinstance(event, EntryChanged):
        return event.entry_id in own
    entry = entry_of(record)
    carries_another = any(record in other.copies for other in arrivals(dialog).values())
    is_said = entry.author == "bot" and entry.public and normal(entry.text) in {normal(out.text) for out in dialog.outs}
    return record.by != "agent" and not carries_another and not is_said
