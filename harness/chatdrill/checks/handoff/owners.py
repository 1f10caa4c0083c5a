"""One owner at a time, and no sign of another: what is no takeover, who writes, who seems to be there (HO-18, HO-19, HO-21)."""

from __future__ import annotations

from collections.abc import Sequence

from chatdrill.checks.handoff.deadlines import is_reachable, settle, was_told
from chatdrill.checks.handoff.dialogs import Dialog, Out
from chatdrill.checks.handoff.laws import rule
from chatdrill.checks.handoff.matching import squeezed
from chatdrill.checks.handoff.pace import RECONCILE_S
from chatdrill.checks.handoff.quiet import agents_echoes, switched
from chatdrill.checks.handoff.tickets import quoted
from chatdrill.checks.parameters import Parameters, duration
from chatdrill.checks.registry import Outcome
from chatdrill.model import (
    Activity,
    AgentTyped,
    Assigned,
    EntryAdded,
    MarkedRead,
    PresenceChanged,
    Write,
    part_text,
)
from chatdrill.trace import Acted, Filed, Took

# ------------------------------------------------------------------------------------------------------- HO-18


@rule(
    "HO-18",
    "What is no takeover does not silence the bot: routing by the desk, notes, activity lines, the bot's own words.",
    answer=duration("30s"),
)
def no_false_takeover(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """Held against the bot: it had answered before; something of that kind happened while it was in charge; from then on (or, for
    agents who come and go, until one does again) it leaves a question, or two messages, unanswered although it still is."""
    case = dialog.case
    marks = _no_takeovers(dialog)
    for mark in marks:
        turned = _turned(mark, marks)
        until_n = float("inf") if turned is None else turned.n
        spoken = [act for act in _spoken_under_the_bot(dialog, mark) if act.n < until_n]
        answers = [took for turn in case.turns if turn.conv == dialog.conv for took in turn.answers]
        if not spoken or not any(took.n < mark.n for took in answers):
            continue
        if any(mark.n < took.n < until_n for took in answers):
            outcome.evidence += 1
            continue
        if len(spoken) < 2 and not _is_question(spoken[0]):
            continue
        if not is_reachable(case, dialog.conv, mark.n, until_n):
            continue
        changes = [span.since for span in dialog.spans if span.since is not None and span.since.n > spoken[-1].n]
        until = min(filter(None, (*changes, turned)), key=lambda record: record.n, default=None)
        if settle(case, spoken[-1], parameters["answer"], until) == "over":
            outcome.evidence += 1
            what = type(mark.event).__name__ if isinstance(mark, Filed) else "echo"
            outcome.fail(
                f"the bot fell silent after {_NAMES.get(what, what)}, although nobody had taken over",
                cites=(spoken[-1].n, mark.n),
                conv=dialog.conv,
            )
            return


_NAMES = {
    "Assigned": "the desk's routing assigned the ticket",
    "EntryAdded": "an entry that is no agent's reply",
    "PresenceChanged": "an agent came or went",
    "AgentTyped": "an agent typed",
}


def _no_takeovers(dialog: Dialog) -> list[Filed]:
    found = dialog.records(Assigned, EntryAdded, AgentTyped)
    found += [record for record in dialog.case.filed if isinstance(record.event, PresenceChanged)]
    return [
        record for record in sorted(found, key=lambda r: r.n) if _is_none(record) and dialog.owner_at(record.n) == "bot"
    ]


def _turned(mark: Filed, marks: Sequence[Filed]) -> Filed | None:
    """Where an agent's coming is what the bot fell silent after, their going may be what it speaks again after."""
    if not isinstance(mark.event, PresenceChanged):
        return None
    return next((each for each in marks if each.n > mark.n and isinstance(each.event, PresenceChanged)), None)


def _is_none(record: Filed) -> bool:
    event = record.event
    if isinstance(event, Assigned):
        return event.automatic
    if isinstance(event, EntryAdded):
        entry = event.entry
        return (entry.author == "agent" and not entry.public) or (
            entry.author in ("system", "bot") and record.by == "desk"
        )
    return isinstance(event, AgentTyped | PresenceChanged)


def _spoken_under_the_bot(dialog: Dialog, mark: Filed) -> list[Acted]:
    """What the customer said and the bot was told from then on, as long as the bot was in charge."""
    taken = [span.since.n for span in dialog.spans if span.since is not None and span.since.n > mark.n]
    until = min(taken, default=float("inf"))
    return [
        act
        for act in dialog.said
        if mark.n < act.n < until
        and not _is_hushed(dialog, act)
        and isinstance(act.act, Write)
        and act.cause == "step"
        and was_told(dialog.case, act)
    ]


def _is_hushed(dialog: Dialog, act: Acted) -> bool:
    """A person has written from the vendor's own inbox of late: the bot is to keep quiet (HO-17)."""
    seconds_between = dialog.case.seconds_between
    return any(echo.n < act.n and seconds_between(echo, act) <= HUSH_S for echo in agents_echoes(dialog))


def _is_question(act: Acted) -> bool:
    assert isinstance(act.act, Write)
    return any("?" in part_text(part) for part in act.act.parts)


# ------------------------------------------------------------------------------------------------------- HO-19

HUSH_S = 300.0
"""How long a bot keeps quiet after a person has written from the vendor's own inbox, as for HO-17."""

_SAME_S = 60.0  # what comes later is no answer to the same message


@rule(
    "HO-19",
    "One owner at a time: no two bots answer one message, no two agents hold one conversation, no old reply comes between.",
    grace=duration("1.5s"),
    relay_within=duration("5s"),
)
def one_owner(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """A bot that speaks in an agent's time is HO-14's to judge. Here: the desk's own bot answers the message that this one
    answers; two tickets of the customer are in two agents' hands; a reply from before the return comes after the bot has
    already spoken again."""
    outcome.evidence += len(dialog.episodes)
    _accuse_two_bots(dialog, outcome)
    _accuse_two_agents(dialog, parameters, outcome)
    _accuse_stragglers(dialog, parameters, outcome)


def _accuse_two_bots(dialog: Dialog, outcome: Outcome) -> None:
    case = dialog.case
    for file in dialog.tickets.values():
        for record, entry in file.entries("bot", public=True):
            if record.by != "desk":
                continue
            act = max((act for act in dialog.said if act.n < record.n), key=lambda act: act.n, default=None)
            later = min((each.n for each in dialog.said if each.n > record.n), default=float("inf"))
            if act is None or case.seconds_between(act, record) > _SAME_S or dialog.owner_at(record.n) != "bot":
                continue
            shown = [
                out for out in dialog.outs if out.record.n > record.n and squeezed(out.text) == squeezed(entry.text)
            ]
            own = [out for out in dialog.outs_between(act.n, later) if out.kind == "bot"]
            outcome.evidence += 1
            if shown and own:
                outcome.fail(
                    f"the desk's own bot and the bot both answered one message: {quoted(own[0].text)} and {quoted(entry.text)}",
                    cites=(own[0].record.n, shown[0].record.n, record.n, act.n),
                    conv=dialog.conv,
                )
                return


def _accuse_two_agents(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """The holders are followed ticket by ticket; tickets of one handover are HO-01's."""
    held: dict[str, tuple[str, Filed]] = {}
    for span in dialog.spans:
        if span.since is None or span.since.event.ticket is None:
            continue
        ticket = span.since.event.ticket
        held.pop(ticket, None)
        if span.owner != "agent" or span.agent is None:
            continue
        others = [(other, record) for other, (agent, record) in held.items() if agent != span.agent]
        held[ticket] = (span.agent, span.since)
        for other, record in others:
            ended = dialog.tickets[ticket].opened
            apart = ended is None or ended.n > record.n
            if apart and dialog.case.seconds_between(record, span.since) > parameters["grace"]:
                outcome.fail(
                    f"two agents have the same customer at once, in the tickets {other} and {ticket}",
                    cites=(span.since.n, record.n),
                    conv=dialog.conv,
                )
                return


def _accuse_stragglers(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    case = dialog.case
    desks = {file.desk for file in dialog.tickets.values()}
    spoiled = any(
        "fault:" in f"{attempt.note} {attempt.error}" for attempt in case.attempts if attempt.platform in desks
    )
    if spoiled or any(drop.platform in desks for drop in case.given_up.values()):
        return  # a reply that was lost and found again comes late, as HO-49 wants it
    for episode in dialog.episodes:
        if episode.returned is None:
            continue
        own: Took | None = None
        for out in dialog.outs_between(episode.returned.n, float("inf")):
            if out.kind == "bot":
                own = own or out.record
            elif own is not None and _is_straggler(dialog, out, episode.returned, parameters["relay_within"]):
                outcome.fail(
                    f"the bot was in charge again and had spoken, and then an agent's old reply came: {quoted(out.text)}",
                    cites=(out.record.n, own.n, episode.returned.n),
                    conv=dialog.conv,
                )
                return


def _is_straggler(dialog: Dialog, out: Out, returned: Filed, within_s: float) -> bool:
    """A reply from before the return that comes late, and for the first time."""
    if out.reply is None or out.reply.n > returned.n or dialog.outs_of(out.reply)[0].record.n != out.record.n:
        return False
    return within_s < dialog.case.seconds_between(returned, out.record) <= RECONCILE_S


# ------------------------------------------------------------------------------------------------------- HO-21

_NEAR_S = 10.0  # how long before and after a sign of the agent the bot may show one
_AT_ONCE_S = 2.0
_READS_MIN = 2


@rule(
    "HO-21",
    "Nobody seems to be there who is not: while an agent is in charge, the bot neither types nor reads by itself.",
    grace=duration("1.5s"),
)
def no_false_presence(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """A bot may show that the agent types, and that it is about to pass a reply on. Read marks are held against it where they
    come at once, time and again, and no agent did anything."""
    case = dialog.case
    typed: list[Took] = []
    read: list[Took] = []
    for took in case.took:
        if took.conv != dialog.conv or not isinstance(took.effect, Activity | MarkedRead):
            continue
        switch = switched(dialog, took.n)
        if switch is None or case.seconds_between(switch, took) <= parameters["grace"] + RECONCILE_S * _is_uncalled(
            dialog, took
        ):
            continue
        outcome.evidence += 1
        if not _is_the_agents(dialog, took):
            (typed if isinstance(took.effect, Activity) else read).append(took)
    at_once = [took for took in read if _follows_at_once(dialog, took)]
    if typed:
        outcome.fail(
            "the bot showed that somebody was typing, and no agent was",
            cites=_with_switch(dialog, typed[:5]),
            conv=dialog.conv,
        )
    elif len(at_once) >= _READS_MIN:
        outcome.fail(
            "the bot marked messages as read that no agent had looked at",
            cites=_with_switch(dialog, at_once[:5]),
            conv=dialog.conv,
        )
    outcome.evidence += any(span.owner == "agent" for span in dialog.spans)


def _with_switch(dialog: Dialog, signs: Sequence[Took]) -> tuple[int, ...]:
    """The signs, and since when an agent was in charge at the first of them."""
    switch = switched(dialog, signs[0].n)
    return (*(took.n for took in signs), *(() if switch is None else (switch.n,)))


def _is_uncalled(dialog: Dialog, took: Took) -> bool:
    episode = dialog.episode_at(took.n)
    return episode is not None and episode.by_agent


def _is_the_agents(dialog: Dialog, took: Took) -> bool:
    """An agent did something about then, or the bot passes something of theirs, or a notice, on right after."""
    case = dialog.case
    done = [record for file in dialog.tickets.values() for record in file.records if record.by in ("agent", "desk")]
    if any(abs(case.seconds_between(record, took)) <= _NEAR_S for record in done):
        return True
    passed = [case.seconds_between(took, out.record) for out in dialog.outs if out.kind in ("agent", "notice")]
    refused = [
        case.seconds_between(took, call)
        for call in case.calls
        if call.conv == dialog.conv and call.platform == took.platform and not call.ok
    ]
    return any(0 <= gap_s <= _NEAR_S for gap_s in (*passed, *refused))


def _follows_at_once(dialog: Dialog, took: Took) -> bool:
    return any(act.n < took.n and dialog.case.seconds_between(act, took) <= _AT_ONCE_S for act in dialog.said)
