"""HO-50 and HO-52: what a handover leaves behind in the bot that was restarted, and in the desk's own statistics."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from chatdrill.checks.evidence import CaseEvidence, Evidence
from chatdrill.checks.handoff.deadlines import (
    Settled,
    is_faulted,
    is_given_up,
    is_reachable,
    is_refused,
    settle,
)
from chatdrill.checks.handoff.dialogs import Dialog, Episode, Out, dialogs
from chatdrill.checks.handoff.languages import is_foreign
from chatdrill.checks.handoff.laws import GROUP, rule
from chatdrill.checks.handoff.silence import LOST, disturbances, is_for_the_agents, is_passed_on, quoted, was_withdrawn
from chatdrill.checks.parameters import Parameters, duration
from chatdrill.checks.registry import CHECKS, Outcome, effective_parameters, suite_check
from chatdrill.model import Declined, Entry, HandoffAsked, HandoffFailed, TicketClosed, TicketOpened, TicketReopened
from chatdrill.trace import BotState, Filed, Record

# ------------------------------------------------------------------------------------------------------------ HO-50


_ANEW_S = 30.0
"""Drill seconds after which the bot acts anew, not because of what was before."""


@dataclass(frozen=True)
class Restart:
    """The bot went down and came up again; ``until`` is the number of the record with which it goes down the next time."""

    down: BotState
    up: BotState
    until: float = float("inf")

    def precedes(self, number: int) -> bool:
        """True for a record from the time after this restart, and before the next."""
        return self.up.n < number < self.until


Accusation = tuple[str, tuple[int, ...], Settled]


@suite_check(
    "HO-50",
    "A bot that is restarted in the middle of a handover goes on where it was: same ticket, same silence, same relays.",
    group=GROUP,
    grace=duration("1.5s"),
    relay_within=duration("5s"),
)
def restart_safe(evidence: Evidence, parameters: Parameters, outcome: Outcome) -> None:
    """Says that something worked before the restart and not after it; each single message is judged by its own rule."""
    restarts = list(_bounded(list(_restarts(evidence))))
    for case in evidence.cases.values() if restarts else ():
        if not case.filed or _is_off(case):
            continue
        for dialog in dialogs(case):
            for restart, episode in _hits(dialog, restarts):
                outcome.evidence += 1
                for told in _ASPECTS:
                    _tell(case, dialog, restart, told(dialog, episode, restart, parameters), outcome)


def _is_off(case: CaseEvidence) -> bool:
    return effective_parameters(CHECKS["HO-50"], case.began.checks) is None


def _restarts(evidence: Evidence) -> Iterator[Restart]:
    down: BotState | None = None
    for record in evidence.outside:
        if not isinstance(record, BotState):
            continue
        if record.state in ("stopped", "exited", "unreachable"):
            down = down or record
        elif record.state == "ready" and down is not None:
            yield Restart(down, record)
            down = None


def _bounded(restarts: list[Restart]) -> Iterator[Restart]:
    for place, restart in enumerate(restarts):
        yield replace(restart, until=min((later.down.n for later in restarts[place + 1 :]), default=float("inf")))


def _hits(dialog: Dialog, restarts: list[Restart]) -> Iterator[tuple[Restart, Episode]]:
    for restart in restarts:
        for episode in dialog.episodes:
            if episode.holds(restart.down.n) and not _is_over(dialog.case, restart):
                yield restart, episode


def _is_over(case: CaseEvidence, restart: Restart) -> bool:
    return case.ended is not None and case.ended.n < restart.up.n


def _tell(case: CaseEvidence, dialog: Dialog, restart: Restart, found: Accusation | None, outcome: Outcome) -> None:
    if found is None or found[2] == "open":
        return
    text, cites, settled = found
    tell = outcome.fail if settled == "over" else outcome.undecided
    tell(f"after its restart {text}", cites=(*cites, restart.down.n), case=case.name, conv=dialog.conv)


def _second_ticket(dialog: Dialog, episode: Episode, restart: Restart, _given: Parameters) -> Accusation | None:
    for record in dialog.records(TicketOpened):
        if (
            restart.precedes(record.n)
            and record.n < episode.ends_n
            and record.by == "bot"
            and record.event.ticket != episode.ticket
        ):
            old = dialog.tickets[episode.ticket]
            if not old.events(TicketClosed, HandoffFailed):
                text = f"the bot made a second ticket, {record.event.ticket}, for what stands in {episode.ticket}"
                return text, (record.n, episode.asked.n), "over"
    return None


def _lost_silence(dialog: Dialog, episode: Episode, restart: Restart, given: Parameters) -> Accusation | None:
    own = [out for out in dialog.outs if _is_own(dialog, out)]
    late = [
        out
        for out in own
        if restart.precedes(out.record.n) and out.record.n < episode.ends_n and _is_late(dialog, out.record, given)
    ]
    early = [
        out for out in own if episode.asked.n < out.record.n < restart.down.n and _is_late(dialog, out.record, given)
    ]
    if early or not late or _takes_back(dialog, episode, late[0].record):
        return None
    return f"the bot talks although an agent is in charge: {late[0].text[:80]!r}", (late[0].record.n,), "over"


def _is_own(dialog: Dialog, out: Out) -> bool:
    """The bot's own words in an agent's time; foreign ones may be a notice."""
    is_words = out.kind == "bot" and bool(out.text) and not is_foreign(out.text)
    return is_words and dialog.owner_at(out.record.n) == "agent"


def _is_late(dialog: Dialog, record: Record, given: Parameters) -> bool:
    span = dialog.span_at(record.n)
    return span.since is not None and record.at - span.since.at > given["grace"]


def _takes_back(dialog: Dialog, episode: Episode, said: Record) -> bool:
    """True where the bot was about to take over as the customer wished (HO-39), or would be if the desk had let it."""
    back = episode.returned
    if back is not None and back.by == "bot" and dialog.case.drill_seconds_between(said, back) <= _ANEW_S:
        return True
    return is_refused(dialog.case, dialog.tickets[episode.ticket].desk, episode.asked.n, said.n)


def _lost_words(dialog: Dialog, episode: Episode, restart: Restart, given: Parameters) -> Accusation | None:
    said = [
        act
        for act in dialog.said
        if episode.holds(act.n) and dialog.owner_at(act.n) == "agent" and is_for_the_agents(dialog, episode, act)
    ]
    early = [act for act in said if act.n < restart.down.n]
    late = [act for act in said if restart.precedes(act.n)]
    if not late or is_passed_on(dialog, late[0]) or (early and not any(is_passed_on(dialog, act) for act in early)):
        return None
    if is_refused(dialog.case, dialog.tickets[episode.ticket].desk, late[0].n):
        return None
    text = f"the bot does not pass on to the agent what the customer writes: {quoted(late[0])}"
    return text, (late[0].n,), settle(dialog.case, late[0], given["relay_within"])


def _is_due(dialog: Dialog, episode: Episode, record: Filed, entry: Entry) -> bool:
    return bool(entry.text) and episode.holds(record.n) and not was_withdrawn(dialog, entry)


def _lost_replies(dialog: Dialog, episode: Episode, restart: Restart, given: Parameters) -> Accusation | None:
    replies = [(record, entry) for record, entry in dialog.agent_replies if _is_due(dialog, episode, record, entry)]
    early = [record for record, _ in replies if record.n < restart.down.n]
    late = [(record, entry) for record, entry in replies if restart.precedes(record.n)]
    if not late or dialog.outs_of(late[0][0]) or (early and not any(map(dialog.outs_of, early))):
        return None
    reply, entry = late[0]
    if not is_reachable(dialog.case, dialog.conv, reply.n) or any(disturbances(dialog, LOST)):
        return None
    if is_given_up(dialog.tickets[reply.event.ticket or ""], entry.id):
        return None
    text = f"the bot does not pass the agent's reply on: {entry.text[:80]!r}"
    return text, (reply.n,), settle(dialog.case, reply, given["relay_within"])


_ASPECTS: tuple[Callable[[Dialog, Episode, Restart, Parameters], Accusation | None], ...] = (
    _second_ticket,
    _lost_silence,
    _lost_words,
    _lost_replies,
)

# ------------------------------------------------------------------------------------------------------------ HO-52


@rule(
    "HO-52",
    "The desk's statistics are right: one handover and one resolution in each episode, in their order, and the first response "
    "is a person's.",
)
def measurable(dialog: Dialog, _parameters: Parameters, outcome: Outcome) -> None:
    """Of what the bot counts itself nothing is visible here; this is about the records from which the desk counts."""
    for episode in dialog.episodes:
        outcome.evidence += 1
        _accuse_counted_twice(dialog, episode, outcome)
        _accuse_disorder(dialog, episode, outcome)
        _accuse_false_response(dialog, episode, outcome)


_COUNTED: Mapping[type[HandoffAsked | TicketClosed], tuple[str, tuple[type, ...]]] = {
    HandoffAsked: ("handover", (Declined, HandoffFailed, TicketClosed, TicketReopened)),
    TicketClosed: ("resolution", (TicketReopened, HandoffAsked)),
}
"""What is counted, and what makes another one right."""


def _accuse_counted_twice(dialog: Dialog, episode: Episode, outcome: Outcome) -> None:
    own = [record for record in dialog.tickets[episode.ticket].records if _belongs(dialog, episode, record)]
    for kind, (word, renewals) in _COUNTED.items():
        counted: Filed | None = None
        for record in own:
            if isinstance(record.event, renewals):
                counted = None
            if not isinstance(record.event, kind):
                continue
            if counted is not None and record.by == "bot" and not _is_retry(dialog, counted, record):
                outcome.fail(
                    f"the bot makes the desk count one {word} twice",
                    cites=(record.n, counted.n),
                    conv=dialog.conv,
                )
                break
            counted = record


def _belongs(dialog: Dialog, episode: Episode, record: Filed) -> bool:
    """From the request (which comes just before the queue has it) to the next one."""
    following = [other.asked.call for other in dialog.episodes if other.number > episode.number]
    before = [other.ends_n for other in dialog.episodes if other.number < episode.number]
    until = min((o.asked.n for o in dialog.episodes if o.number > episode.number), default=float("inf"))
    since = max(before, default=-1.0)
    return since < record.n < until and (record.call is None or record.call not in following)


def _is_retry(dialog: Dialog, first: Filed, second: Filed) -> bool:
    """True where the bot could not know that the first had taken effect, since its answer was lost; or where it asks anew after
    a while, for example another team."""
    if dialog.case.drill_seconds_between(first, second) > _ANEW_S:
        return True
    desk = dialog.tickets[first.event.ticket or ""].desk
    return is_faulted(dialog.case, desk, (first.call or first.n) - 1, second.n)


def _accuse_disorder(dialog: Dialog, episode: Episode, outcome: Outcome) -> None:
    opened = dialog.tickets[episode.ticket].opened
    known = [
        ("the ticket was made", opened),
        ("an agent accepted", episode.accepted),
        ("it was closed", episode.closed),
    ]
    marks = [(what, record) for what, record in known if record is not None and record.event.ticket == episode.ticket]
    for (earlier, first), (later, second) in pairwise(marks):
        if second.at < first.at or second.n < first.n:
            outcome.fail(f"by the desk's records {later} before {earlier}", cites=(second.n, first.n), conv=dialog.conv)
            return


def _accuse_false_response(dialog: Dialog, episode: Episode, outcome: Outcome) -> None:
    """Words of the bot that stand under an agent's name are the first response for the desk, whomever it takes for the author."""
    names = {agent.name for agent in dialog.case.began.agents.values()}
    for record, entry in _public(dialog):
        is_named = record.by == "bot" and entry.author == "bot" and entry.said_by in names
        if not episode.holds(record.n) or not (entry.author == "agent" or is_named):
            continue
        if record.by == "bot":
            outcome.fail(
                f"the bot's own words stand in the ticket as an agent's first response: {entry.text[:80]!r}",
                cites=(record.n, episode.asked.n),
                conv=dialog.conv,
            )
        return


def _public(dialog: Dialog) -> list[tuple[Filed, Entry]]:
    found = [item for ticket in dialog.tickets.values() for item in ticket.entries("agent", "bot", public=True)]
    return sorted(found, key=lambda item: item[0].n)
