"""Files reach the agents whole, and as what they are (HO-08)."""

from __future__ import annotations

from collections.abc import Iterator

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.checks.handoff.deadlines import settle
from chatdrill.checks.handoff.dialogs import Dialog
from chatdrill.checks.handoff.laws import rule
from chatdrill.checks.handoff.matching import carries
from chatdrill.checks.parameters import Parameters, duration
from chatdrill.checks.registry import Outcome
from chatdrill.model import Delete, Entry, EntryAdded, File, Media, Write
from chatdrill.trace import Acted, Filed, Record

_SHOWN_KINDS = ("photo", "video", "voice", "audio", "document", "animation", "video_note")
"""A sticker may be named instead of shown, which HO-27 looks at."""

_ALIKE = ({"audio", "video"}, {"image", "video"})
"""A voice note may be filed as Ogg or MP4 video, an animation as a picture: nobody is the worse for it."""
_AT_THE_END_S = 10.0
"""What was sent so shortly before the bot is in charge again may be the bot's to see to."""
_SESSION_S = 24 * 3600.0


@rule(
    "HO-08",
    "A file of the customer's can be opened by the agents: the same bytes or the same kind, under a type they can use.",
    media_within=duration("30s"),
)
def media_usable(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """Looks at files from before the handover and during it. The desk must hold the bytes: a link to the platform dies, and the
    platform's token with it. Another file of the same kind passes for one that was converted, if it names the message. Excused:
    what the platform or the desk refused to give or take."""
    for act, media in _files(dialog):
        start = _due_from(dialog, act)
        if start is None:
            continue
        shown = _entries_of(dialog, act, media.file)
        whole = [(record, file) for record, file in shown if file.sha256]
        if whole:
            outcome.evidence += 1
            _accuse_type(dialog, act, media, whole, outcome)
            continue
        if _is_refused(dialog.case, act):
            continue
        match settle(dialog.case, start, parameters["media_within"]):
            case "over":
                outcome.evidence += 1
                _accuse_missing(dialog, act, media, shown, outcome)
            case "cut":
                outcome.undecided(
                    f"the conversation was cut short before the {media.kind} could reach the ticket",
                    cites=(act.n,),
                    conv=dialog.conv,
                )


def _files(dialog: Dialog) -> Iterator[tuple[Acted, Media]]:
    gone = {act.act.message_id for act in dialog.case.acts if act.conv == dialog.conv and isinstance(act.act, Delete)}
    for act in dialog.said:
        if isinstance(act.act, Write) and not gone.intersection(act.ids):
            for part in act.act.parts:
                if isinstance(part, Media) and part.kind in _SHOWN_KINDS and part.file.sha256:
                    yield act, part


def _due_from(dialog: Dialog, act: Acted) -> Record | None:
    """The record from which on the agents are owed a file: the handover for what came before it, else the message itself."""
    for episode in dialog.episodes:
        before = max((each.ends_n for each in dialog.episodes if each.number < episode.number), default=-1)
        if episode.holds(act.n):
            ended = episode.returned
            return act if ended is None or dialog.case.seconds_between(act, ended) > _AT_THE_END_S else None
        if before < act.n < episode.asked.n and not episode.by_agent:
            return episode.asked if episode.asked.at - act.at <= _SESSION_S else None
    return None


def _entries_of(dialog: Dialog, act: Acted, file: File) -> list[tuple[Filed, File]]:
    """The files in the tickets that are this one: by their bytes, or as all that an entry of this message has."""
    found: list[tuple[Filed, File]] = []
    for record in dialog.records(EntryAdded):
        entry = _entry(record)
        same = [each for each in entry.files if each.sha256 == file.sha256]
        if not same and record.n > act.n and entry.files and carries(entry, act):
            same = [each for each in entry.files if not each.sha256 or _alike(each.mime, file.mime)]
        found += [(record, each) for each in same]
    return found


def _entry(record: Filed) -> Entry:
    assert isinstance(record.event, EntryAdded)
    return record.event.entry


def _alike(one: str, other: str) -> bool:
    kinds = {one.partition("/")[0], other.partition("/")[0]}
    return len(kinds) == 1 or "application" in kinds or kinds in _ALIKE


def _accuse_type(dialog: Dialog, act: Acted, media: Media, shown: list[tuple[Filed, File]], outcome: Outcome) -> None:
    if all(not _alike(file.mime, media.file.mime) for _, file in shown):
        record, file = shown[0]
        outcome.fail(
            f"the {media.kind} is filed as {file.mime}, and it is {media.file.mime}",
            cites=(record.n, act.n),
            conv=dialog.conv,
        )


def _accuse_missing(
    dialog: Dialog, act: Acted, media: Media, shown: list[tuple[Filed, File]], outcome: Outcome
) -> None:
    if shown:
        record, file = shown[0]
        what = f"the {media.kind} is only a link in the ticket, which does not load: {file.url or file.name or 'no address'}"
        outcome.fail(what, cites=(record.n, act.n), conv=dialog.conv, details={"expected": "the file itself"})
    else:
        outcome.fail(
            f"the {media.kind} that the customer sent is not in the ticket",
            cites=(act.n,),
            conv=dialog.conv,
            details={"expected": "a file with the same bytes"},
        )


def _is_refused(case: CaseEvidence, act: Acted) -> bool:
    """After the message a call that may have been about the file was refused or spoiled."""
    return any(
        call.n > act.n and call.conv in (act.conv, None) and (not call.ok or "fault:" in (call.note or ""))
        for call in case.calls
    )
