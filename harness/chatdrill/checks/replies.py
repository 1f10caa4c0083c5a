"""Checks of what the bot said: what was expected came, nothing else came, and nobody was left without an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

from chatdrill.checks.evidence import CaseEvidence, Turn
from chatdrill.checks.excuses import OF_FILES, allowance_s, allowed_within_s, by_chance
from chatdrill.checks.handoff.promises import says_person_comes
from chatdrill.checks.parameters import Parameters, choice, duration
from chatdrill.checks.refusals import say_refusal
from chatdrill.checks.registry import Outcome, case_check
from chatdrill.checks.retelling import retell
from chatdrill.checks.told import Deviation
from chatdrill.model import Delete
from chatdrill.trace import Acted, Injected, Record
from chatdrill.wire import strings_in

_NEVER = float("inf")
_TRIES = 5
"""After so many refusals of the same kind of call a bot may give an answer up."""
_REAL_FLOOR_S = 5.0
"""However fast drill time runs, a bot has this long (real seconds) to answer, as it has while a drill is played."""


@case_check(
    "expected",
    "The bot says what the scenario expects, in time, and is silent where it must be.",
    broken="the bot did not answer as expected",
)
def expected(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    """A miss is left undecided where the bot had called a method that chatdrill does not emulate."""
    told = retell(case)
    outcome.evidence = told.expectations
    for deviation in told.deviations:
        if deviation.kind == "leftover":
            continue
        hint, is_ours = _hint(case, deviation)
        _report(deviation, outcome.undecided if is_ours else outcome.fail, {"hint": hint} if hint else {})


def _report(deviation: Deviation, tell: Callable[..., None], more: Mapping[str, str]) -> None:
    tell(
        deviation.message,
        conv=deviation.conv or None,
        step=deviation.step,
        cites=deviation.cites,
        details={**deviation.details, **more},
    )


def _hint(case: CaseEvidence, deviation: Deviation) -> tuple[str, bool]:
    """The likely cause of a miss: what the platform refused, or that the bot was never told; and if it is ours."""
    if deviation.kind not in ("missed", "unplayed"):
        return "", False
    refused = [call for call in case.snags if not call.ok and call.n > deviation.since and call.conv == deviation.conv]
    for call in refused:
        if call.support == "refused":
            return f"the bot called {call.method}, which chatdrill does not emulate", True
    if refused:
        return say_refusal(refused[-1]), False
    acts = [act for turn in case.turns if turn.conv == deviation.conv for act in turn.acts if act.n >= deviation.since]
    tries = case.tries_of(acts)
    if tries and not any(attempt.ok for attempt in tries):
        return f"the bot was not reached: {tries[-1].error or f'its webhook answered {tries[-1].status}'}", False
    return "", False


@case_check(
    "unexpected",
    "The bot says nothing that the scenario does not expect.",
    broken="the bot said what nobody expected",
    messages=choice("fail", "allow"),
)
def unexpected(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    """``messages: allow`` lets the bot say more. Edits, what follows a nudge, and what is said to a customer to whom the
    scenario does not listen are never held against it."""
    if parameters["messages"] == "allow":
        return
    told = retell(case)
    outcome.evidence = told.turns
    for deviation in told.deviations:
        if deviation.kind == "leftover":
            _report(deviation, outcome.fail, {})


@case_check(
    "answered",
    "Every message of a customer is answered, or there is an excuse for silence.",
    broken="a message of the customer was not answered",
    after=duration("10s"),
)
def answered(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    """Where the scenario listens, its expectations are the judge; this looks at what a customer says after that.

    Excuses: the customer went on, or the scenario ended, before ``after`` had passed; it was stopped; the customer blocked
    the bot; the bot was never told, or was told before ``after`` had passed that the customer had taken the message back;
    somebody else was in charge, or, where there is no helpdesk to tell, the bot had said so; a fault that came by chance took
    the time, the answer, or the news that the bot is in charge.
    """
    listened = retell(case).listened
    for turn in case.turns:
        outcome.evidence += len(turn.acts)
        heard = listened.get(turn.conv, -1)
        if not turn.acts or turn.acts[-1].n <= heard:
            continue
        acts = [act for act in turn.acts if act.n > heard and case.owner_at(turn.conv, act.n) == "bot"]
        forgotten = [
            act
            for act, silence in _silences(case, turn, acts, parameters["after"])
            if _is_long(case, silence, parameters["after"])
            and not _is_excused(case, silence)
            and not _went_to_an_agent(case, act, parameters["after"])
        ]
        if len(turn.answers) < len(forgotten):
            called = _called_person_at(case, turn.conv)
            forgotten = [act for act in forgotten if act.n < called]
        if len(turn.answers) < len(forgotten):
            outcome.fail(
                "the customer's message was never answered",
                cites=tuple(act.n for act in forgotten),
                conv=turn.conv,
            )


def _called_person_at(case: CaseEvidence, conv: str) -> float:
    """The number of the record in which the bot says that it calls a person, where no desk is drilled that could tell who is in charge; or
    would have said so, had its call not been lost."""
    if case.began.desk is not None:
        return _NEVER
    said = (one.record.n for one in case.heard if one.record.conv == conv and says_person_comes(one.message.text))
    lost = (
        one.n
        for one in case.snags
        if one.conv == conv and not one.ok and any(map(says_person_comes, strings_in(one.arguments)))
    )
    return min(next(said, _NEVER), next(lost, _NEVER))


Silence = tuple[Record, Record]


def _silences(case: CaseEvidence, turn: Turn, acts: list[Acted], after_s: float) -> Iterator[tuple[Acted, Silence]]:
    """The messages of a turn, each with the stretch of silence that followed it. A nudge is no message of its own, and what was taken
    back at once is none at all: what was said before it is still to be answered."""
    told = [act for act in acts if act.cause == "step" and act.blocks is None and _told_by(case, act) is not None]
    own = [act for act in told if not _was_taken_back(case, act, after_s)]
    for act, following in pairwise(own):
        yield from _until_blocked(case, act, following)
    if own and not turn.answers and case.ended is not None and case.ended.outcome == "done":
        yield from _until_blocked(case, own[-1], case.ended)


def _until_blocked(case: CaseEvidence, act: Acted, end: Record) -> Iterator[tuple[Acted, Silence]]:
    """Who has blocked the bot hears nothing; that may have been a word, as STOP is by SMS, and the bot then told later ones."""
    conv = act.conv or ""
    if case.blocking(conv, act.n + 1) is not None:
        return
    blocked = case.next_blocking(conv, act.n)
    yield act, (act, end if blocked is None or blocked.n > end.n else blocked)


def _is_long(case: CaseEvidence, silence: Silence, after_s: float) -> bool:
    real_s = min(after_s, 0.0 if case.is_virtual else _REAL_FLOOR_S)
    long_enough = case.drill_seconds_between(*silence) >= after_s
    return long_enough and silence[1].t - silence[0].t >= real_s


def _is_excused(case: CaseEvidence, silence: Silence) -> bool:
    """A fault by chance cost the bot more time than there was, may have taken its answer away, refused it until the bot gave up, or kept
    from it that it is in charge."""
    if not case.injected:
        return False
    act, end = silence
    struck = list(by_chance(case, act.conv))
    if any(one.bears == "loss" and _may_hush(case, one, act, end) for one in struck):
        return True
    refused = Counter(one.call for one in struck if one.call is not None and act.n < one.n < end.n)
    if max(refused.values(), default=0) >= _TRIES:
        return True
    return case.drill_seconds_between(act, end) <= allowance_s(case, act.conv, act.n, end.n) + _REAL_FLOOR_S


def _went_to_an_agent(case: CaseEvidence, act: Acted, after_s: float) -> bool:
    """To the bot it was a word for the agent, and the agents got the conversation: the customer wrote as one of them closed, or after the
    bot had said that it calls somebody."""
    if not (case.crosses_a_closing(act) or _was_promised_person(case, act)):
        return False
    later = (changed for changed, owner in case.owners_of(act.conv or "") if changed.n > act.n and owner != "bot")
    soon_s = after_s + allowed_within_s(case, act, after_s)
    return any(case.drill_seconds_between(act, changed) <= soon_s for changed in later)


def _was_promised_person(case: CaseEvidence, act: Acted) -> bool:
    before = [one for one in case.heard if one.record.conv == act.conv and one.record.n < act.n]
    if not before or not says_person_comes(before[-1].message.text):
        return False
    return not any(before[-1].record.n < changed.n < act.n for changed, _ in case.owners_of(act.conv or ""))


def _may_hush(case: CaseEvidence, fault: Injected, act: Record, end: Record) -> bool:
    """An answer that was reset on its way is the bot's to repeat or not, a file that cannot be had no excuse; news of the helpdesk that are lost are not looked for at once."""
    if fault.call is None:
        return not case.began.is_messenger(fault.platform) and fault.n < end.n
    return act.n < fault.n < end.n and fault.fault not in OF_FILES


def _was_taken_back(case: CaseEvidence, act: Acted, after_s: float) -> bool:
    """The bot was told so soon that nothing is left of the message that it need not have answered yet. Where the platform tells nobody
    what is deleted, it stays to be answered."""
    told = _told_by(case, act)
    if told is None or not act.ids:
        return False
    gone = {
        change.act.message_id
        for change in case.acts
        if isinstance(change.act, Delete) and change.conv == act.conv
        if (known := _told_by(case, change)) is not None and not _is_long(case, (told, known), after_s)
    }
    return gone.issuperset(act.ids)


def _told_by(case: CaseEvidence, act: Acted) -> Record | None:
    """What told the bot: the first webhook that arrived, or the act itself where the bot fetches its updates; ``None`` if the bot cannot
    know."""
    tries = case.tries_of([act])
    if tries:
        until = _NEVER if case.ended is None else case.ended.n
        return next((attempt for attempt in tries if attempt.ok and attempt.n < until), None)
    dropped = any(update in case.given_up for update in act.updates)
    return act if act.updates and not dropped else None
