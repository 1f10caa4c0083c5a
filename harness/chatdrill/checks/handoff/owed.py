"""The messages that people must see: those that the customer sends while people are in charge, and by when they must have come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chatdrill.checks.handoff.arrivals import Arrival, arrivals, changes_of
from chatdrill.checks.handoff.dialogs import Dialog, Episode, Out
from chatdrill.checks.handoff.notices import Notices
from chatdrill.checks.handoff.pace import LATEST, RECONCILE_S, extra_s, known_since, moment, outlook, stays, told
from chatdrill.checks.registry import Outcome
from chatdrill.model import Delete, SurveyAsked
from chatdrill.trace import Acted

_HISTORY = 20  # messages: the least history of a session that a bot hands over, as for HO-07
_SESSION_S = 24 * 3600.0
_LONG_NUMBER = re.compile(r"(?:\d[ -]?){13,}")
_PARAGRAPHS = re.compile(r"\n\s*\n")
_SCORE_DIGITS = 2
CROSSING_S = 1.5
"""So long before the bot speaks, news may come too late for it to think of them: the ``grace`` of HO-14 to HO-17."""
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
    """The messages that belong to people, in order: those of an episode, and those that came since the ticket was made. What is
    withdrawn at once, a command, or a rating need not be passed on."""
    for arrival in arrivals(dialog).values():
        act = arrival.act
        episode = dialog.episode_at(act.n) or _next_episode(dialog, arrival)
        if episode is None:
            continue
        known = told(dialog.case, act)
        if (
            known is None
            or _is_for_the_bot(dialog, arrival, known, within_s)
            or _has_crossed(dialog, act, episode, known)
        ):
            continue
        waiting = episode.accepted is None or act.n < episode.accepted.n
        if not waiting or episode.accepted is not None:
            since = max(known, moment(dialog.case, episode.accepted)) if waiting and episode.accepted else known
            if stays(dialog, episode, since, STAYS * within_s):
                yield Due(arrival, episode, known, since, _deadline(dialog, since, within_s), waiting)


def _next_episode(dialog: Dialog, arrival: Arrival) -> Episode | None:
    """The episode into whose ticket words of the bot's own time belong, for the ticket was there already: one of the newest of
    a day. Older tickets get the history with the handover, which is HO-07's. What a bot may blot out is left out."""
    act = arrival.act
    opened = min((file.opened.n for file in dialog.tickets.values() if file.opened is not None), default=act.n)
    later = next((episode for episode in dialog.episodes if episode.asked.n > act.n), None)
    if later is None or later.by_agent or later.asked.by != "bot" or opened >= act.n or not arrival.texts:
        return None
    between = [one for one in dialog.said if act.n < one.n < later.asked.n]
    if len(between) >= _HISTORY or later.asked.at - act.at > _SESSION_S:
        return None
    hidden = any(secret and secret in arrival.quote for secret in dialog.case.began.secrets)
    return None if hidden or _LONG_NUMBER.search(arrival.texts[0]) else later


def _deadline(dialog: Dialog, since: float, within_s: float) -> float | None:
    due = since + LATEST * within_s
    more = extra_s(dialog.case, since, due, "api", "bot")
    return None if more is None else due + more


def _is_for_the_bot(dialog: Dialog, arrival: Arrival, known: float, within_s: float) -> bool:
    words = arrival.texts[0] if arrival.texts else ""
    if words.startswith("/"):
        return True
    if words.isdigit() and len(words) <= _SCORE_DIGITS and _was_surveyed(dialog, arrival):
        return True
    gone = [change for change in changes_of(dialog, arrival.act) if isinstance(change.act, Delete)]
    return any(moment(dialog.case, change) <= known + LATEST * within_s for change in gone)


def _has_crossed(dialog: Dialog, act: Acted, episode: Episode, known: float) -> bool:
    """True for words that the bot answered itself before it could hear that an agent had come uncalled, or before one was there."""
    if not episode.by_agent or act.n < episode.asked.n:
        return False
    answers = (out.record for out in dialog.outs if out.record.n > act.n and _is_an_answer(dialog, out))
    answer = next((one for one in answers if moment(dialog.case, one) >= known), None)
    if answer is None or episode.accepted is None or answer.n < episode.accepted.n:
        return answer is not None
    news = known_since(dialog, episode.accepted)
    late_s = RECONCILE_S if news is episode.accepted else CROSSING_S
    return moment(dialog.case, answer) <= moment(dialog.case, news) + late_s


def _is_an_answer(dialog: Dialog, out: Out) -> bool:
    """A message of the bot's own; or a notice with a paragraph beside it that speaks of other things, for a bot may say in one message
    that it has opened a conversation again, and what it was asked."""
    if out.kind != "notice":
        return out.kind == "bot"
    notices = Notices.of(dialog.case)
    speaks_of_it = [notices.is_words_of_one(each) for each in _PARAGRAPHS.split(out.text.strip())]
    return any(speaks_of_it) and not all(speaks_of_it)


def _was_surveyed(dialog: Dialog, arrival: Arrival) -> bool:
    """The desk asked for a rating, or an episode is over after which the bot may have."""
    asked = any(survey.n < arrival.act.n for survey in dialog.records(SurveyAsked))
    return asked or any(episode.ends_n < arrival.act.n for episode in dialog.episodes)


def is_missing(dialog: Dialog, item: Due, outcome: Outcome) -> bool:
    """True for a message that has not come and will not. Where the case was cut short that is undecided."""
    if item.arrival.copies or item.due is None:
        return False
    shown = item.arrival.shown
    if shown is not None and moment(dialog.case, shown) <= item.due:
        return False  # the history of a later handover comes too late
    ahead = outlook(dialog.case, item.due)
    if ahead == "cut":
        outcome.undecided(
            f"the run ended before {item.arrival.quote} had to be in the ticket",
            cites=(item.arrival.act.n,),
            conv=dialog.conv,
        )
    return ahead == "over"
