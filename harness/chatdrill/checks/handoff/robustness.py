"""What may go wrong on the way, HO-47 to HO-49 and HO-51: forged, repeated, reordered and lost webhooks, and limits."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.checks.handoff.arrivals import arrivals
from chatdrill.checks.handoff.deadlines import is_faulted, is_given_up, is_reachable, settle
from chatdrill.checks.handoff.dialogs import Dialog, Out, dialogs
from chatdrill.checks.handoff.laws import case_rule, rule
from chatdrill.checks.handoff.matching import normal, words_of
from chatdrill.checks.handoff.ratings import asks_rating
from chatdrill.checks.handoff.silence import (
    DELIVERED,
    LOST,
    OVERTAKEN,
    answers_two,
    cause,
    disturbances,
    quoted,
    silence_to,
    was_withdrawn,
    words_after,
)
from chatdrill.checks.parameters import Parameters, duration
from chatdrill.checks.refusals import retry_after_s
from chatdrill.checks.registry import Outcome
from chatdrill.engine.durations import say_seconds
from chatdrill.model import Accepted, EntryAdded, OwnerChanged, TicketClosed, Write
from chatdrill.trace import FORGED, Acted, Attempt, Called, Dropped, Filed
from chatdrill.wire import strings_in

# ------------------------------------------------------------------------------------------------------------ HO-47
_WORDS_MIN = 3
"""A text of so many words that stands in a forged webhook, and then before the customer, came from there."""
_AT_ONCE_S = 2.0
_QUIET_S = 30.0
"""Where nothing else happened for so long, what the bot does at once is because of the webhook."""


@rule("HO-47", "A webhook that the desk has not sent has no effect and is answered 401 or 403.")
def authentic_hooks_only(dialog: Dialog, _parameters: Parameters, outcome: Outcome) -> None:
    for attempt in dialog.case.attempts:
        if attempt.conv == dialog.conv and (attempt.note or "").startswith(FORGED):
            outcome.evidence += 1
            _accuse_taken_in(dialog, attempt, outcome)


def _accuse_taken_in(dialog: Dialog, attempt: Attempt, outcome: Outcome) -> None:
    how = (attempt.note or "").removeprefix(FORGED).strip(": ") or "forged"
    answered = attempt.error if attempt.status is None else str(attempt.status)
    said = next((out for out in dialog.outs if out.record.n > attempt.n and _is_from(dialog, out, attempt)), None)
    moved = _moved_by(dialog, attempt)
    if said is not None:
        outcome.fail(
            f"words of a forged webhook ({how}) reached the customer: {said.text[:80]!r}",
            cites=(said.record.n, attempt.n),
            conv=dialog.conv,
            details={"answered": str(answered)},
        )
    elif moved is not None:
        outcome.fail(
            f"after a forged webhook ({how}) the bot changed who is in charge",
            cites=(moved.n, attempt.n),
            conv=dialog.conv,
        )
    elif attempt.status is None:
        outcome.undecided(f"a forged webhook ({how}) had no answer: {answered}", cites=(attempt.n,), conv=dialog.conv)
    elif not 400 <= attempt.status < 500:
        outcome.fail(
            f"a forged webhook ({how}) was answered {attempt.status}",
            cites=(attempt.n,),
            conv=dialog.conv,
            details={"expected": "401 or 403"},
        )


def _is_from(dialog: Dialog, out: Out, attempt: Attempt) -> bool:
    """True for a message with the forged words, which nobody has said before: neither the bot nor an agent."""
    said = normal(out.text)
    if out.reply is not None:
        return False
    known = [normal(other.text) for other in dialog.outs if other.record.n < attempt.n]
    known += [normal(entry.text) for ticket in dialog.tickets.values() for _, entry in ticket.entries()]
    known += [words_of(act) for act in dialog.said if isinstance(act.act, Write)]
    return any(
        words in said and not any(words in text for text in known) for words in _forged_words(dialog.case, attempt)
    )


def _forged_words(case: CaseEvidence, attempt: Attempt) -> Iterator[str]:
    """The words that the scenario had forged; where it does not say them, the texts in the webhook."""
    given = [normal(str(step.get("text", ""))) for step in case.began.steps if step.get("step") == "forges"]
    texts = given or [text for text in _texts_in(attempt.body or "") if len(text.split()) >= _WORDS_MIN]
    yield from filter(None, texts)


def _texts_in(body: str) -> Iterator[str]:
    """The texts in a webhook, whether it is JSON, a form or neither."""
    try:
        yield from map(normal, strings_in(json.loads(body)))
    except ValueError:
        yield from (normal(unquote_plus(pair.partition("=")[2] or pair)) for pair in body.split("&"))


def _moved_by(dialog: Dialog, attempt: Attempt) -> Filed | None:
    """The bot's change of the owner that nothing but the forged webhook explains."""
    for record in dialog.records(OwnerChanged, TicketClosed):
        soon = attempt.n < record.n and record.at - attempt.at <= _AT_ONCE_S
        if (
            soon
            and record.by == "bot"
            and dialog.owner_at(attempt.n) == "agent"
            and _was_quiet(dialog, attempt, record)
        ):
            return record
    return None


def _was_quiet(dialog: Dialog, attempt: Attempt, before: Filed) -> bool:
    others = (
        record
        for record in dialog.case.records
        if isinstance(record, Acted | Attempt | Filed)
        and record.conv == dialog.conv
        and record is not attempt
        and record.n < before.n
        and getattr(record, "by", "") != "bot"
    )
    return not any(attempt.at - record.at <= _QUIET_S for record in others)


# ------------------------------------------------------------------------------------------------------------ HO-48
_SOON_S = 30.0
"""So soon after a repeated webhook a repeated message is its effect; later it is an idea of the bot's own."""


@rule(
    "HO-48",
    "Webhooks of the desk that come twice, or in another order, change nothing: no words twice, nobody in charge who was before.",
    answer_within=duration("30s"),
)
def survives_duplicates(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """What is relayed twice is judged by HO-22 and HO-28, also after a repeated webhook; this looks at the bot's own words, at
    what it files about them, and at whether it still knows who is in charge."""
    # The note stands at the delivery that was to be repeated; the repetitions are attempts like others.
    repeated = {record.updates for record in disturbances(dialog, DELIVERED) if isinstance(record, Attempt)}
    seconds = [attempt for attempt in dialog.case.attempts if attempt.number > 1 and attempt.updates in repeated]
    outcome.evidence += len(seconds) + sum(1 for _ in disturbances(dialog, OVERTAKEN))
    for attempt in seconds:
        if _accuse_said_again(dialog, attempt, outcome) or _accuse_filed_again(dialog, attempt, outcome):
            break  # the next repetition is the same defect
    _accuse_confused(dialog, parameters["answer_within"], OVERTAKEN, outcome)


def _accuse_said_again(dialog: Dialog, again: Attempt, outcome: Outcome) -> bool:
    """The bot's own words are said after the first delivery and again after the second; nobody spoke in between."""
    first = next((each for each in dialog.case.attempts if each.updates == again.updates), again)
    since = max((act.n for act in dialog.said if act.n < again.n), default=-1)
    said = [
        out for out in dialog.outs if out.kind != "agent" and out.record.n > since and out.record.t >= first.began_t
    ]
    for out in said:
        twin = next(
            (other for other in said if other.record.n < out.record.n and other.heard.says == out.heard.says), None
        )
        if twin is not None and again.began_t <= out.record.t and _is_effect(dialog, again, twin, out):
            outcome.fail(
                f"a webhook of the desk came twice, and so did the bot's words: {out.text[:80]!r}",
                cites=(out.record.n, twin.record.n, again.n),
                conv=dialog.conv,
            )
            return True
    return False


def _is_effect(dialog: Dialog, again: Attempt, twin: Out, out: Out) -> bool:
    """True if nothing but the repetition explains the second of two messages. A survey that is shown twice is HO-44's."""
    if out.record.at - again.at > _SOON_S or asks_rating(out, ()) or answers_two(dialog, twin):
        return False
    spoken = any(twin.record.n < act.n < out.record.n for act in dialog.said)
    news = any(
        twin.record.n < record.n < out.record.n and record.by != "bot"
        for ticket in dialog.tickets.values()
        for record in ticket.records
    )
    return not spoken and not news


def _accuse_filed_again(dialog: Dialog, again: Attempt, outcome: Outcome) -> bool:
    """The bot files its own words once more, though it has said them once."""
    filed: dict[str, list[Filed]] = defaultdict(list)
    for record in dialog.records(EntryAdded):
        assert isinstance(record.event, EntryAdded)
        entry = record.event.entry
        if entry.author == "bot" and record.by == "bot" and entry.text:
            filed[normal(entry.text)].append(record)
    for words, records in filed.items():
        said = sum(normal(out.text) == words for out in dialog.outs)
        late = [record for record in records if again.n < record.n and record.at - again.at <= _SOON_S]
        if (
            said
            and len(late) > 1
            and len(records) > said
            and not any(late[0].n < act.n < late[-1].n for act in dialog.said)
        ):
            outcome.fail(
                f"a webhook of the desk came twice, and the bot filed the same twice: {words[:80]!r}",
                cites=(late[-1].n, late[0].n, again.n),
                conv=dialog.conv,
            )
            return True
    return False


def _accuse_confused(dialog: Dialog, within_s: float, fault: str, outcome: Outcome) -> None:
    """The bot is in charge and does not know it, because a webhook about that was held back, or lost."""
    for episode in dialog.episodes:
        for act in words_after(dialog, episode)[:1]:
            why = cause(dialog, episode, act.n)
            silence = silence_to(dialog, episode, act, within_s) if why is not None and fault in _fault(why) else None
            if why is None or silence is None:
                continue
            assert episode.returned is not None
            if silence.settled == "over":
                outcome.fail(
                    f"a webhook of the desk was {_fault(why)}, and the bot, in charge again, does not answer {quoted(act)}",
                    cites=(act.n, episode.returned.n, why.n),
                    conv=dialog.conv,
                )
            elif silence.settled == "cut":
                outcome.undecided(
                    f"the case was stopped before {quoted(act)} could be answered", cites=(act.n,), conv=dialog.conv
                )


def _fault(record: Attempt | Dropped) -> str:
    note = record.reason if isinstance(record, Dropped) else record.note or record.error or ""
    return note.rpartition("fault: ")[2]


# ------------------------------------------------------------------------------------------------------------ HO-49
_BESIDE_S = 1.0
"""A webhook that is lost is lost at once: what became true so shortly before is its news."""


@rule(
    "HO-49",
    "The news of a webhook that was lost is found by asking: within the time to reconcile all is as if it had come.",
    reconcile=duration("60s"),
)
def lost_hooks_heal(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    reconcile_s = parameters["reconcile"]
    for lost in disturbances(dialog, LOST):
        outcome.evidence += 1
        for reply in _replies_in(dialog, lost):
            _accuse_unshown(dialog, lost, reply, reconcile_s, outcome)
    _accuse_confused(dialog, reconcile_s, LOST, outcome)


def _replies_in(dialog: Dialog, lost: Attempt | Dropped) -> Iterator[Filed]:
    """The agents' replies of which a lost webhook may have told: the newest events before it, unless it was about another."""
    news = [record for record in dialog.records(EntryAdded, Accepted, TicketClosed, OwnerChanged) if record.by != "bot"]
    fresh = [record for record in news if record.n < lost.n and abs(lost.at - record.at) <= _BESIDE_S]
    replies = {record.n for record, entry in dialog.agent_replies if entry.text}
    return (record for record in fresh if record.n in replies)


def _accuse_unshown(dialog: Dialog, lost: Attempt | Dropped, reply: Filed, within_s: float, outcome: Outcome) -> None:
    assert isinstance(reply.event, EntryAdded)
    if dialog.outs_of(reply) or not is_reachable(dialog.case, dialog.conv, reply.n):
        return
    if is_given_up(dialog.tickets[reply.event.ticket or ""], reply.event.entry.id):
        return  # the agents know
    if was_withdrawn(dialog, reply.event.entry):
        return
    settled = settle(dialog.case, lost, within_s)
    if settled == "over":
        outcome.fail(
            f"the webhook of the agent's reply was lost, and {say_seconds(within_s)} later the customer has not seen "
            f"{reply.event.entry.text[:80]!r}",
            cites=(reply.n, lost.n),
            conv=dialog.conv,
            details={"hint": "this desk does not send it again: ask for the history from time to time"},
        )
    elif settled == "cut":
        outcome.undecided("the case was stopped before the bot could ask", cites=(lost.n,), conv=dialog.conv)


# ------------------------------------------------------------------------------------------------------------ HO-51
_LIMITED = (429, 503)
_EARLY = 0.9
"""Of the time that the desk asks for: clocks and timers are not exact."""


@case_rule(
    "HO-51",
    "A limit of the desk is waited out as it says, and holds up no other conversation for longer.",
    relay_within=duration("5s"),
)
def limits_survived(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    found = dialogs(case)
    desks = {ticket.desk for dialog in found for ticket in dialog.tickets.values()} | {case.began.desk}
    limited = [call for call in case.calls if call.platform in desks and call.status in _LIMITED]
    outcome.evidence += len(limited)
    accused: set[object] = set()
    for call in limited:
        wait_s = _asked_s(case, call)
        if wait_s <= 0 or _same(call) in accused:
            continue
        accused.add(_same(call))
        _accuse_hasty(case, [each for each in limited if _same(each) == _same(call)], outcome)
        for dialog in found:
            if call.conv not in (None, dialog.conv):
                _accuse_blocked(dialog, call, wait_s, parameters["relay_within"], outcome)


def _asked_s(case: CaseEvidence, call: Called) -> float:
    """How long the desk asks to wait, by its answer or by the step that made it; in the seconds of ``seconds_between``."""
    asked_s = retry_after_s(call)
    for step in case.began.steps:
        fault: Any = step.get("fault") if step.get("step") == "breaks" else None
        if fault and fault.get("status") == call.status and "fault:" in (call.note or ""):
            asked_s = max(asked_s, float(fault.get("retry_after_s") or 0.0))
    return asked_s if case.is_virtual else asked_s / max(case.speed, 1.0)


def _same(call: Called) -> tuple[object, ...]:
    return call.platform, call.conv, call.method, msgspec.json.encode(call.arguments, order="sorted")


def _is_again(call: Called, refused: Called) -> bool:
    """True for the same call. What a fault refused was not looked at by the desk, so that it has a path instead of a name."""
    if _same(call)[::3] != _same(refused)[::3] or call.conv != refused.conv:
        return False
    verb, _, route = call.method.partition(" ")
    pattern = "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^}]*\})", route))
    return call.method == refused.method or re.fullmatch(rf"{verb} .*{pattern}/?", refused.method) is not None


def _accuse_hasty(case: CaseEvidence, refused: Sequence[Called], outcome: Outcome) -> None:
    """The same call again, sooner than the desk had asked."""
    first = refused[0]
    again = [call for call in case.calls if call.n > first.n and _is_again(call, first)]
    for before in refused:
        wait_s = _asked_s(case, before)
        call = next((each for each in again if each.n > before.n), None)
        if call is None or not first.arguments:
            continue
        waited_s = case.seconds_between(before, call)
        if waited_s < wait_s * _EARLY:
            outcome.fail(
                f"{call.method} was tried again after {say_seconds(waited_s)}; the desk had asked for {say_seconds(wait_s)}",
                cites=(call.n, before.n),
                conv=before.conv,
            )
            return


def _accuse_blocked(dialog: Dialog, call: Called, wait_s: float, relay_s: float, outcome: Outcome) -> None:
    """A word of another customer to their agent, said during the wait, that comes later than the wait explains."""
    case = dialog.case
    for act in dialog.said:
        arrival = arrivals(dialog).get(act.n)
        relays = arrival.copies if arrival else []
        waits = call.n < act.n and case.seconds_between(call, act) <= wait_s
        if not waits or not relays or dialog.owner_at(act.n) != "agent":
            continue
        late_s = case.seconds_between(act, relays[0])
        if late_s > wait_s + relay_s and not is_faulted(case, call.platform, act.n, relays[0].n):
            outcome.fail(
                f"one conversation had to wait {say_seconds(wait_s)} for the desk, and held up {quoted(act)} of another for "
                f"{say_seconds(late_s)}",
                cites=(relays[0].n, act.n, call.n),
                conv=dialog.conv,
            )
            return
