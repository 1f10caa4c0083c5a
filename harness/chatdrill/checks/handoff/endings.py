"""The end of the human part, HO-40 and HO-41: the bot is in charge again then, and not before."""

from __future__ import annotations

from collections.abc import Iterator

from chatdrill.checks.handoff.deadlines import settle
from chatdrill.checks.handoff.dialogs import Dialog, Episode, Out, Span
from chatdrill.checks.handoff.laws import rule
from chatdrill.checks.handoff.matching import normal
from chatdrill.checks.handoff.silence import (
    DELIVERED,
    VISIT_S,
    answers_two,
    appended,
    cause,
    disturbances,
    ended_by,
    quoted,
    silence_to,
    state_of,
    words_after,
)
from chatdrill.checks.parameters import Parameters, choice, duration
from chatdrill.checks.registry import Outcome
from chatdrill.engine.durations import say_seconds
from chatdrill.model import Assigned, HandoffAsked, StateChanged, TicketClosed, TicketReopened
from chatdrill.trace import Acted, Filed

# ------------------------------------------------------------------------------------------------------------ HO-40
_TWIN_S = 60.0
"""The same words after so long are said anew."""


@rule(
    "HO-40",
    "After the end of the human part the bot is in charge again, answers the customer's next word, and announces its return "
    "once.",
    return_within=duration("10s"),
    answer_within=duration("30s"),
    closing_notice=choice("at-most-one", "required"),
)
def control_returns(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    for episode in dialog.episodes:
        end = ended_by(episode)
        if end is None:
            continue
        outcome.evidence += 1
        if episode.returned is None:
            _accuse_kept(dialog, episode, parameters["return_within"], outcome)
            continue
        _accuse_notices(dialog, episode, end, parameters, outcome)
        words = words_after(dialog, episode)
        if words and dialog.case.drill_seconds_between(end, words[0]) < VISIT_S:
            _accuse_silence(dialog, episode, words[0], parameters["answer_within"], outcome)


def _accuse_kept(dialog: Dialog, episode: Episode, within_s: float, outcome: Outcome) -> None:
    closed = episode.closed
    assert closed is not None  # one of the two ended it
    if any(closed.n < record.n for record in dialog.records(TicketReopened, HandoffAsked)):
        return
    settled = settle(dialog.case, closed, within_s)
    if settled == "over":
        outcome.fail(
            f"the ticket was closed, and {say_seconds(within_s)} later the bot is still not in charge",
            cites=(closed.n, episode.asked.n),
            conv=dialog.conv,
            details={"hint": "where the desk only offers control, the bot has to take it"},
        )
    elif settled == "cut":
        outcome.undecided("the case was stopped before control could return", cites=(closed.n,), conv=dialog.conv)


def _accuse_silence(dialog: Dialog, episode: Episode, act: Acted, within_s: float, outcome: Outcome) -> None:
    silence = silence_to(dialog, episode, act, within_s)
    if silence is None or cause(dialog, episode, act.n) is not None or appended(dialog, act, within_s) is not None:
        return  # answered; or a lost webhook (HO-49), one out of order (HO-48), a closed ticket (HO-43) is why
    if silence.settled == "over":
        assert episode.returned is not None
        outcome.fail(
            f"the bot is in charge again but does not answer {quoted(act)}",
            cites=(act.n, episode.returned.n),
            conv=dialog.conv,
            details={"expected": "an answer, or another handover"},
        )
    elif silence.settled == "cut":
        outcome.undecided(
            f"the case was stopped before the bot could answer {quoted(act)}", cites=(act.n,), conv=dialog.conv
        )


def _accuse_notices(dialog: Dialog, episode: Episode, end: Filed, parameters: Parameters, outcome: Outcome) -> None:
    assert episode.returned is not None
    said = list(_between(dialog, end, episode))
    first: dict[str, Out] = {}
    for out in said:
        words = normal(out.text)
        if words in first and out.kind == "notice" and _is_twin(dialog, first[words], out):
            outcome.fail(
                f"the end of the human part was announced twice: {out.text[:80]!r}",
                cites=(out.record.n, first[words].record.n, end.n),
                conv=dialog.conv,
            )
            break  # a third time is the same defect
        first.setdefault(words, out)
    if parameters["closing_notice"] == "required" and not said:
        _accuse_unannounced(dialog, episode.returned, parameters["return_within"], outcome)


def _is_twin(dialog: Dialog, first: Out, second: Out) -> bool:
    """What a repeated webhook led to is HO-48's."""
    if answers_two(dialog, first):
        return False
    return second.record.at - first.record.at <= _TWIN_S and not any(disturbances(dialog, DELIVERED))


def _accuse_unannounced(dialog: Dialog, returned: Filed, within_s: float, outcome: Outcome) -> None:
    settled = settle(dialog.case, returned, within_s)
    if settled == "over":
        outcome.fail("the customer was not told that the bot is back", cites=(returned.n,), conv=dialog.conv)
    elif settled == "cut":
        outcome.undecided(
            "the case was stopped before the customer could be told that the bot is back",
            cites=(returned.n,),
            conv=dialog.conv,
        )


def _between(dialog: Dialog, end: Filed, episode: Episode) -> Iterator[Out]:
    """What the bot says of its own accord after the end: until the customer speaks, or the next person is called."""
    following = [act.n for act in dialog.said if act.n > end.n]
    following += [other.asked.n for other in dialog.episodes if other.number > episode.number]
    return (
        out
        for out in dialog.outs_between(end.n, min(following, default=float("inf")))
        if out.kind != "agent" and out.text
    )


# ------------------------------------------------------------------------------------------------------------ HO-41
_SOFT = ("pending", "snoozed", "solved")
_CANCEL_S = 60.0
"""A customer's word so shortly before may be their wish to have the bot back (HO-39)."""


@rule(
    "HO-41",
    "A ticket that is solved, snoozed or pending, or whose agent is silent, stays the agent's: the bot does not take it back.",
    grace=duration("1.5s"),
    silence=duration("15m"),
)
def no_premature_return(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    for span in dialog.spans:
        if span.owner != "agent":
            continue
        soft = [record for record in _states(dialog, span) if state_of(record) in _SOFT]
        outcome.evidence += len(soft)
        for record in soft:
            _accuse_answer(dialog, span, record, parameters["grace"], outcome)
        if span.until is not None and span.until.by == "bot" and dialog.owner_at(span.until.n) in ("bot", "none"):
            outcome.evidence += 1
            _accuse_taken(dialog, span, span.until, parameters["silence"], outcome)


def _states(dialog: Dialog, span: Span) -> list[Filed]:
    return [record for record in dialog.records(StateChanged) if span.holds(record.n)]


def speaks_too_early(dialog: Dialog, out: Out, grace_s: float) -> Filed | None:
    """The record of a ticket that was only solved, snoozed or pending, if the bot answers the customer as if it were closed."""
    span = dialog.span_at(out.record.n)
    states = [record for record in _states(dialog, span) if record.n < out.record.n]
    if span.owner != "agent" or out.kind != "bot" or not out.text or not states or state_of(states[-1]) not in _SOFT:
        return None
    answers = any(states[-1].n < act.n < out.record.n for act in dialog.said)
    late_enough = out.record.at - states[-1].at > grace_s
    return states[-1] if answers and late_enough else None


def _accuse_answer(dialog: Dialog, span: Span, state: Filed, grace_s: float, outcome: Outcome) -> None:
    until = float("inf") if span.until is None else span.until.n
    for out in dialog.outs_between(state.n, until):
        if speaks_too_early(dialog, out, grace_s) is state:
            outcome.fail(
                f"the ticket is only {state_of(state)}, an agent still has it, and the bot answers: {out.text[:80]!r}",
                cites=(out.record.n, state.n),
                conv=dialog.conv,
                details={"expected": "what the customer writes goes to the agent until the ticket is closed"},
            )
            return  # the rest of the stretch is the same defect


def _accuse_taken(dialog: Dialog, span: Span, taken: Filed, silence_s: float, outcome: Outcome) -> None:
    last = _last_sign(dialog, taken)
    if any(
        span.holds(record.n) and record.by != "bot"
        for record in dialog.records(TicketClosed, Assigned)
        if _lets_go(record)
    ):
        return
    spoke = [act for act in dialog.said if act.n < taken.n]
    if spoke and dialog.case.seconds_between(spoke[-1], taken) <= _CANCEL_S:
        return
    quiet_s = dialog.case.drill_seconds_between(last, taken)
    if quiet_s >= silence_s:
        return
    agent = span.agent or "an agent"
    outcome.fail(
        f"the bot took the conversation back from {agent} after {say_seconds(quiet_s)} of silence; nobody had closed it",
        cites=(taken.n, last.n),
        conv=dialog.conv,
        details={"expected": f"it stays the agent's for {say_seconds(silence_s)} at least"},
    )


def _lets_go(record: Filed) -> bool:
    """True where the people themselves ended their part, or gave the conversation to the bot."""
    return isinstance(record.event, TicketClosed) or (isinstance(record.event, Assigned) and record.event.bot)


def _last_sign(dialog: Dialog, before: Filed) -> Acted | Filed:
    """The last sign of life of the customer, or of anybody at the desk but the bot."""
    signs: list[Acted | Filed] = [act for act in dialog.said if act.n < before.n]
    signs += [
        record
        for ticket in dialog.tickets.values()
        for record in ticket.records
        if record.n < before.n and record.by != "bot"
    ]
    return max(signs, key=lambda record: record.n, default=before)
