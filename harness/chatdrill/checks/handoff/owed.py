"""The messages that people must see: those that the customer sends while people are in charge, and by when they must have come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chatdrill.checks.handoff.arrivals import Arrival, arrivals, changes_of
from chatdrill.checks.handoff.dialogs import Dialog, Episode
from chatdrill.checks.handoff.pace import LATEST, extra_s, moment, outlook, stays, told
from chatdrill.checks.registry import Outcome
from chatdrill.model import Delete, SurveyAsked

STAYS = 2
"""A message belongs to the agents if people are in charge for so many times the usual delay after it: before that, the bot may
have it back, or have understood it as the wish to have the bot back."""


@dataclass(frozen=True)
class Due:
    """A message that the agents must see. ``told`` is when the bot knew of it, ``since`` when its time began to run, ``due``
    when it must have arrived (``None``: the desk is down). ``waiting``: nobody had accepted yet."""

    arrival: Arrival
    episode: Episode
    told: float
    since: float
    due: float | None
    waiting: bool


def due_items(dialog: Dialog, within_s: float) -> Iterator[Due]:
    """The messages that belong to people, in order. What is withdrawn at once, a command, or a rating need not be passed on."""
    for arrival in arrivals(dialog).values():
        act = arrival.act
        episode = dialog.episode_at(act.n)
        if episode is None or dialog.owner_at(act.n) not in ("queue", "agent"):
            continue
        known = told(dialog.case, act)
        if known is None or _is_for_the_bot(dialog, arrival, known, within_s):
            continue
        waiting = episode.accepted is None or act.n < episode.accepted.n
        if not waiting or episode.accepted is not None:
            since = max(known, moment(dialog.case, episode.accepted)) if waiting and episode.accepted else known
            if stays(dialog, episode, since, STAYS * within_s):
                yield Due(arrival, episode, known, since, _deadline(dialog, since, within_s), waiting)


def _deadline(dialog: Dialog, since: float, within_s: float) -> float | None:
    due = since + LATEST * within_s
    more = extra_s(dialog.case, since, due, "api", "bot")
    return None if more is None else due + more


def _is_for_the_bot(dialog: Dialog, arrival: Arrival, known: float, within_s: float) -> bool:
    words = arrival.texts[0] if arrival.texts else ""
    if words.startswith("/"):
        return True
    if words.isdigit() and any(asked.n < arrival.act.n for asked in dialog.records(SurveyAsked)):
        return True
    gone = [change for change in changes_of(dialog, arrival.act) if isinstance(change.act, Delete)]
    return any(moment(dialog.case, change) <= known + LATEST * within_s for change in gone)


def is_missing(dialog: Dialog, item: Due, outcome: Outcome) -> bool:
    """True for a message that has not come and will not. Where the case was cut short that is undecided."""
    if item.arrival.first is not None or item.due is None:
        return False
    ahead = outlook(dialog.case, item.due)
    if ahead == "cut":
        outcome.undecided(
            f"the run ended before {item.arrival.quote} had to be in the ticket",
            cites=(item.arrival.act.n,),
            conv=dialog.conv,
        )
    return ahead == "over"
