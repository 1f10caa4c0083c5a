"""Surveys and ratings, HO-44 and HO-45: asked once and at the right time, stored once and in the right place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from chatdrill.checks.handoff.deadlines import is_refused, settle
from chatdrill.checks.handoff.dialogs import Dialog, Episode
from chatdrill.checks.handoff.laws import rule
from chatdrill.checks.handoff.oracles import compiled, patterns
from chatdrill.checks.handoff.ratings import Ask, answers, asks, scale_of, score_of
from chatdrill.checks.handoff.silence import ended_by
from chatdrill.checks.parameters import Parameters, duration
from chatdrill.checks.registry import Outcome
from chatdrill.engine.durations import say_seconds
from chatdrill.model import Accepted, Assigned, OwnerChanged, Press, Rated
from chatdrill.trace import Acted, Filed

# ------------------------------------------------------------------------------------------------------------ HO-44


@rule(
    "HO-44",
    "After the human part the customer is asked once how it was: not while a person is in charge, and not again soon.",
    surveys=patterns(),
    survey_gap=duration("24h"),
    grace=duration("1.5s"),
)
def asked_once(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """When the desk asks by itself is the desk's business; what the bot asks, or shows twice, is the bot's."""
    if not dialog.episodes:
        return
    found = asks(dialog, compiled(parameters["surveys"], dialog.case.began.facts))
    outcome.evidence += len(found)
    for ask in found:
        _accuse_early(dialog, ask, parameters["grace"], outcome)
    for before, ask in pairwise(found):
        gap_s = dialog.case.drill_seconds_between(before.record, ask.record)
        if ask.is_bots and gap_s < parameters["survey_gap"] and ask.record.n > dialog.episodes[0].asked.n:
            outcome.fail(
                f"the customer is asked {_how_soon(gap_s)} how it was{_words(ask)}",
                cites=(ask.record.n, before.record.n),
                conv=dialog.conv,
                details={"expected": f"one survey in {say_seconds(parameters['survey_gap'])}"},
            )


def _how_soon(gap_s: float) -> str:
    return f"again after {say_seconds(gap_s)}" if gap_s >= 1 else "twice"


def _words(ask: Ask) -> str:
    return "" if ask.out is None else f": {ask.out.text[:80]!r}"


def _accuse_early(dialog: Dialog, ask: Ask, grace_s: float, outcome: Outcome) -> None:
    if ask.filed is not None or ask.out is None:
        return
    span = dialog.span_at(ask.record.n)
    if span.owner not in ("queue", "agent") or span.since is None:
        return
    if ask.record.at - span.since.at > grace_s:
        who = "an agent is in charge" if span.owner == "agent" else "the customer waits for a person"
        outcome.fail(
            f"the bot asks how it was while {who}{_words(ask)}",
            cites=(ask.record.n, span.since.n),
            conv=dialog.conv,
        )


# ------------------------------------------------------------------------------------------------------------ HO-45

_GOOD = 0.8
"""A rating in the upper fifth of its scale is no reason to call a person; a bad one may be."""


@rule(
    "HO-45",
    "A rating is taken as a rating: stored once, where the survey was asked, for the agent who served; no other number is one.",
    surveys=patterns(),
    rating_within=duration("10s"),
)
def rating_in_place(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    asked = asks(dialog, compiled(parameters["surveys"], dialog.case.began.facts))
    stored = [record for record in dialog.records(Rated) if record.by == "bot"]
    outcome.evidence += len(stored)
    for before, record in _with_previous(stored):
        accusation = (
            _unasked(dialog, asked, record)
            or _not_given(dialog, before, record)
            or _misplaced(dialog, asked, record)
            or _misattributed(dialog, record)
        )
        if accusation is not None:
            outcome.fail(accusation[0], cites=accusation[1], conv=dialog.conv)
    for ask, act in answers(dialog, asked):
        outcome.evidence += 1
        _accuse_not_taken(dialog, ask, act, parameters["rating_within"], outcome)


Accusation = tuple[str, tuple[int, ...]]


def _with_previous(records: Sequence[Filed]) -> Iterator[tuple[Filed | None, Filed]]:
    yield from zip((None, *records), records, strict=False)


def _event(record: Filed) -> Rated:
    assert isinstance(record.event, Rated)
    return record.event


def _unasked(dialog: Dialog, asked: Sequence[Ask], record: Filed) -> Accusation | None:
    """An ordinary number, taken for a rating although nothing that was said could be a survey."""
    spoke = [act for act in dialog.said if act.n < record.n]
    if not spoke or score_of(spoke[-1]) is None or isinstance(spoke[-1].act, Press):
        return None
    if any(ask.record.n < record.n for ask in asked) or any(
        out.record.n < record.n and out.kind != "agent" and ("?" in out.text or out.heard.message.buttons)
        for out in dialog.outs
    ):
        return None
    return f"a number that answers no survey was stored as a rating of {_event(record).score:g}", (
        record.n,
        spoke[-1].n,
    )


def _not_given(dialog: Dialog, before: Filed | None, record: Filed) -> Accusation | None:
    """Stored although the customer has said nothing since the last rating, or since the human part ended."""
    ends = [end for episode in dialog.episodes if (end := ended_by(episode)) is not None and end.n < record.n]
    since = max([*(end.n for end in ends), -1 if before is None else before.n])
    if since < 0 or any(since < act.n < record.n for act in dialog.said):
        return None
    if before is not None and since == before.n:
        return f"one rating of the customer's was stored twice ({_event(record).score:g})", (record.n, before.n)
    return f"a rating of {_event(record).score:g} was stored that the customer has not given", (record.n, since)


def _misplaced(dialog: Dialog, asked: Sequence[Ask], record: Filed) -> Accusation | None:
    """Stored on another ticket than the one that the survey is about."""
    earlier = [ask for ask in asked if ask.record.n < record.n]
    if not earlier:
        return None
    ask = earlier[-1]
    expected = ask.filed.event.ticket if ask.filed is not None else _last_ticket(dialog, ask.record.n)
    if expected is None or expected == record.event.ticket:
        return None
    return f"the rating of ticket {expected} was stored on ticket {record.event.ticket}", (record.n, ask.record.n)


def _last_ticket(dialog: Dialog, before: int) -> str | None:
    ended = [episode for episode in dialog.episodes if (end := ended_by(episode)) is not None and end.n < before]
    return ended[-1].ticket if ended else None


def _misattributed(dialog: Dialog, record: Filed) -> Accusation | None:
    """Stored for an agent who did not serve, or for nobody because the bot took the ticket from the agent first."""
    ticket = dialog.tickets[record.event.ticket or ""]
    served = _served(dialog, ticket.id, record.n)
    agent = _event(record).agent
    if not served or agent in served:
        return None
    if agent is not None:
        return f"the rating was stored for {agent}, but {' and '.join(sorted(served))} served", (record.n,)
    for assigned in ticket.events(Assigned):
        event = assigned.event
        assert isinstance(event, Assigned)
        if assigned.n < record.n and assigned.by == "bot" and event.agent is None and event.team is None:
            text = f"the rating was stored for nobody: the bot had taken the ticket from {' and '.join(sorted(served))}"
            return text, (record.n, assigned.n)
    return None


def _served(dialog: Dialog, ticket: str, before: int) -> set[str]:
    agents: set[str] = set()
    for record in dialog.tickets[ticket].events(Accepted, OwnerChanged, Assigned):
        agent = getattr(record.event, "agent", None)
        if record.n < before and agent is not None:
            agents.add(agent)
    return agents


def _accuse_not_taken(dialog: Dialog, ask: Ask, act: Acted, within_s: float, outcome: Outcome) -> None:
    stored = any(act.n < record.n for record in dialog.records(Rated))
    called = None if stored or not _is_good(ask, act) else _calls_a_person(dialog, act, within_s)
    if called is not None:
        outcome.fail(
            f"the rating {score_of(act)} was taken for a new matter: it called a person",
            cites=(act.n, called.asked.n, ask.record.n),
            conv=dialog.conv,
        )
    elif ask.filed is not None and not stored:
        _accuse_not_stored(dialog, ask.filed, act, within_s, outcome)


def _is_good(ask: Ask, act: Acted) -> bool:
    score, scale = score_of(act), scale_of(ask)
    return score is not None and scale is not None and score >= _GOOD * scale[1]


def _calls_a_person(dialog: Dialog, act: Acted, within_s: float) -> Episode | None:
    following = min((other.n for other in dialog.said if other.n > act.n), default=float("inf"))
    for episode in dialog.episodes:
        if act.n < episode.asked.n < following and not episode.by_agent:
            return episode if dialog.case.drill_seconds_between(act, episode.asked) <= within_s else None
    return None


def _accuse_not_stored(dialog: Dialog, filed: Filed, act: Acted, within_s: float, outcome: Outcome) -> None:
    """Only where the desk itself asked: what the bot asks for its own ends, it may keep."""
    if is_refused(dialog.case, filed.desk, act.n):
        return
    settled = settle(dialog.case, act, within_s)
    if settled == "over":
        outcome.fail(
            f"the customer's rating {score_of(act)} does not reach the desk, which had asked for it",
            cites=(act.n, filed.n),
            conv=dialog.conv,
        )
    elif settled == "cut":
        outcome.undecided("the case was stopped before the rating could be stored", cites=(act.n,), conv=dialog.conv)
