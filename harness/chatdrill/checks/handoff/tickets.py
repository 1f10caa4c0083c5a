"""Tickets are made once, for the right person, and nothing that stands in them sets the bot off (HO-01 to HO-04)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from chatdrill.checks.evidence import CaseEvidence, Evidence
from chatdrill.checks.excuses import allowance_s
from chatdrill.checks.handoff.dialogs import Dialog, Episode, TicketFile, all_dialogs, dialogs
from chatdrill.checks.handoff.laws import GROUP, rule
from chatdrill.checks.handoff.matching import squeezed, words_of
from chatdrill.checks.handoff.notices import Notices
from chatdrill.checks.parameters import Parameters, duration
from chatdrill.checks.registry import Outcome, suite_check
from chatdrill.model import (
    Edit,
    EntryAdded,
    HandoffAsked,
    Press,
    StateChanged,
    TicketClosed,
    TicketOpened,
    Write,
    part_text,
)
from chatdrill.trace import Acted, Called, Filed

_QUOTE_MAX = 80


def quoted(text: str) -> str:
    """The words for a finding, not too many of them."""
    return repr(text if len(text) <= _QUOTE_MAX else text[: _QUOTE_MAX - 1] + "…")


# ------------------------------------------------------------------------------------------------- HO-01 and HO-02


@rule(
    "HO-01",
    "A handover makes one ticket, however often the customer's message is delivered.",
    ticket_within=duration("10s"),
)
def one_ticket(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """Held against the bot: a second ticket of the same kind of call while the first is open. What follows a create whose fate
    the bot could not know is left to HO-02."""
    calls = _calls(dialog.case)
    for episode in dialog.episodes:
        if episode.by_agent or not _asked_by_bot(dialog, episode):
            continue
        outcome.evidence += 1
        opened = list(_opened_for(dialog, episode, parameters["ticket_within"]))
        for first, second in _twins(opened, calls):
            if not _is_uncertain(first, calls):
                _accuse_twin(dialog, first, second, outcome)
                break


def _accuse_twin(dialog: Dialog, first: Filed, second: Filed, outcome: Outcome) -> None:
    again = [act for act in dialog.said if act.n < second.n and len(dialog.case.tries_of([act])) > 1]
    hint = {"hint": "a message of the customer's was delivered more than once before"} if again else {}
    outcome.fail(
        f"the bot made a second ticket, {second.event.ticket}, while {first.event.ticket} of the same conversation was open",
        cites=(second.n, first.n),
        conv=dialog.conv,
        details={"expected": "one ticket for one handover", **hint},
    )


@rule(
    "HO-02",
    "A create whose answer was lost or an error is resolved, not repeated: one ticket stands in the end.",
)
def no_blind_repeat(dialog: Dialog, _parameters: Parameters, outcome: Outcome) -> None:
    """The trigger is a ticket that was made although the bot was told of an error, or of nothing: it must look for it, or
    send the key under which the desk knows the request again."""
    calls = _calls(dialog.case)
    opened = [file for file in dialog.tickets.values() if file.opened is not None and file.opened.by == "bot"]
    uncertain = [file.opened for file in opened if file.opened is not None and _is_uncertain(file.opened, calls)]
    outcome.evidence += len(uncertain)
    for first, second in _twins(opened, calls):
        if first in uncertain and first.call is not None:
            outcome.fail(
                f"the bot had no answer to the call that made ticket {first.event.ticket}, and made {second.event.ticket} as well",
                cites=(second.n, first.n, first.call),
                conv=dialog.conv,
                details={"expected": "the ticket is looked for before another one is made"},
            )
            return


def _calls(case: CaseEvidence) -> dict[int, Called]:
    kept: dict[int, Called] = case.memo.setdefault("calls by number", {})
    if len(kept) != len(case.calls):
        kept.update((call.n, call) for call in case.calls)
    return kept


def _asked_by_bot(dialog: Dialog, episode: Episode) -> bool:
    return episode.asked.by == "bot" or any(
        record.by == "bot" and episode.holds(record.n + 1) for record in dialog.records(HandoffAsked)
    )


def _opened_for(dialog: Dialog, episode: Episode, within_s: float) -> Iterator[TicketFile]:
    """The tickets that the bot made for an episode, or just before it."""
    before = max((each.ends_n for each in dialog.episodes if each.number < episode.number), default=-1.0)
    for file in dialog.tickets.values():
        opened = file.opened
        if opened is None or opened.by != "bot" or not before < opened.n < episode.ends_n:
            continue
        if opened.n > episode.asked.n or dialog.case.seconds_between(opened, episode.asked) <= within_s:
            yield file


def _twins(opened: Sequence[TicketFile], calls: dict[int, Called]) -> Iterator[tuple[Filed, Filed]]:
    """Pairs of tickets, made by the same kind of call, of which the second came while the first was open."""
    ordered = sorted((file for file in opened if file.opened is not None), key=lambda file: file.opened.n)  # type: ignore[union-attr]
    for place, later in enumerate(ordered):
        for earlier in ordered[:place]:
            first, second = earlier.opened, later.opened
            assert first is not None and second is not None
            if isinstance(second.event, TicketOpened) and second.event.follows is not None:
                continue
            if _kind(first, calls) == _kind(second, calls) and _is_open(earlier, second.n):
                yield first, second


def _kind(opened: Filed, calls: dict[int, Called]) -> str | None:
    call = calls.get(opened.call) if opened.call is not None else None
    return None if call is None else call.method


def _is_open(file: TicketFile, number: int) -> bool:
    ended = False
    for record in file.events(StateChanged, TicketClosed):
        if record.n < number:
            ended = isinstance(record.event, TicketClosed) or (
                isinstance(record.event, StateChanged) and record.event.state in ("solved", "closed")
            )
    return not ended


def _is_uncertain(opened: Filed, calls: dict[int, Called]) -> bool:
    call = calls.get(opened.call) if opened.call is not None else None
    return call is not None and (not call.ok or "fault:" in (call.note or ""))


# -------------------------------------------------------------------------------------------------------- HO-03

_OWN_WORDS_MIN = 15  # letters and digits: shorter texts are said by many


@dataclass
class _Person:
    """One customer of the run, by all the texts that are theirs alone."""

    conv: str
    platform: str
    address: str
    said: dict[str, Acted] = field(default_factory=dict)


@suite_check(
    "HO-03",
    "A ticket is filed under the customer it is about: no two customers share a contact, and nobody gets a second one.",
    group=GROUP,
)
def right_person(evidence: Evidence, _parameters: Parameters, outcome: Outcome) -> None:
    """Looks at all cases together, for a wrong contact is most often another customer's."""
    cases = [case for case in evidence.cases.values() if case.filed]
    known = [dialog for case in cases for dialog in dialogs(case)]
    people = {dialog.conv: _person(dialog) for case in cases for dialog in all_dialogs(case)}
    holders: dict[tuple[str, str], Filed] = {}
    for dialog in known:
        own: dict[str, Filed] = {}
        for record in dialog.records(TicketOpened):
            event = record.event
            assert isinstance(event, TicketOpened)
            if event.contact is None or record.by != "bot":
                continue
            outcome.evidence += 1
            holder = holders.setdefault((record.desk, event.contact), record)
            other = people.get(holder.conv or "")
            if other is not None and _differ(other, people[dialog.conv]):
                _accuse_shared(dialog, record, holder, event, outcome)
            first = own.setdefault(record.desk, record)
            assert isinstance(first.event, TicketOpened)
            if first.event.contact != event.contact:
                _accuse_second(dialog, first, record, outcome)
    _accuse_strangers(known, people, outcome)


def _person(dialog: Dialog) -> _Person:
    began = dialog.case.began
    key = dialog.conv.rpartition("/")[2]
    person = _Person(dialog.conv, began.platform_of(dialog.conv), began.addresses.get(key, dialog.conv))
    for act in dialog.said:
        if isinstance(act.act, Write):
            person.said.setdefault(squeezed(words_of(act)), act)
        elif isinstance(act.act, Press):
            person.said.setdefault(squeezed(act.act.button.title), act)
    for act in dialog.case.acts:
        if act.conv == dialog.conv and isinstance(act.act, Edit):
            person.said.setdefault(squeezed("\n".join(map(part_text, act.act.parts))), act)
    return person


def _differ(one: _Person, other: _Person) -> bool:
    """Two conversations of different people; the same person on two platforms may have two addresses and one contact."""
    return one.platform == other.platform and one.address != other.address


def _accuse_shared(dialog: Dialog, record: Filed, holder: Filed, event: TicketOpened, outcome: Outcome) -> None:
    outcome.fail(
        f"the ticket {event.ticket} is filed under contact {event.contact}, which is another customer's ({holder.conv})",
        cites=(record.n, holder.n),
        conv=dialog.conv,
        case=dialog.case.name,
    )


def _accuse_second(dialog: Dialog, first: Filed, record: Filed, outcome: Outcome) -> None:
    assert isinstance(first.event, TicketOpened) and isinstance(record.event, TicketOpened)
    outcome.fail(
        f"the customer had contact {first.event.contact} and got a second one, {record.event.contact}",
        cites=(record.n, first.n),
        conv=dialog.conv,
        case=dialog.case.name,
    )


def _accuse_strangers(found: Sequence[Dialog], people: dict[str, _Person], outcome: Outcome) -> None:
    """A customer's words stand as the customer's in the ticket of somebody who never said them."""
    speakers: dict[str, list[_Person]] = defaultdict(list)
    for person in people.values():
        for letters in person.said:
            if len(letters) >= _OWN_WORDS_MIN:
                speakers[letters].append(person)
    for dialog in found:
        own = people[dialog.conv]
        bots = {squeezed(out.text) for out in dialog.outs}
        for file in dialog.tickets.values():
            for record, entry in file.entries("customer"):
                letters = squeezed(entry.text)
                others = [each for each in speakers.get(letters, ()) if each.said[letters].n < record.n]
                if record.by != "bot" or letters in bots or not others or _is_own(own, letters):
                    continue
                if all(_differ(own, other) for other in others):
                    outcome.fail(
                        f"words of another customer ({others[0].conv}) stand in this one's ticket: {quoted(entry.text)}",
                        cites=(record.n, others[0].said[letters].n),
                        conv=dialog.conv,
                        case=dialog.case.name,
                    )
                    return


def _is_own(person: _Person, letters: str) -> bool:
    """Words of a person's own, or a piece of them: what is too long for one entry stands in several, and a piece may be all that
    somebody else said."""
    return letters in person.said or any(letters in words for words in person.said)


# -------------------------------------------------------------------------------------------------------- HO-04

_LONG_BEFORE_S = 30.0  # of what a customer said so long before the end of a talk, a new handover is no consequence


@rule(
    "HO-04",
    "What is written or done in the ticket sets no answer of the bot off there, and no new handover.",
    grace=duration("1.5s"),
    relay_within=duration("5s"),
)
def no_recursion(dialog: Dialog, parameters: Parameters, outcome: Outcome) -> None:
    """Public entries of the bot while an agent is in charge must be what somebody said (late history, a relay, a notice); notes
    are the bot's to write. A handover right after the end of one needs a word of the customer."""
    for episode in dialog.episodes:
        if episode.accepted is not None:
            outcome.evidence += 1
            _accuse_answers(dialog, episode, parameters, outcome)
        if episode.closed is not None:
            outcome.evidence += 1
            _accuse_endless(dialog, episode.closed, outcome)


def _accuse_answers(dialog: Dialog, episode: Episode, parameters: Parameters, outcome: Outcome) -> None:
    notices, case = Notices.of(dialog.case), dialog.case
    assert episode.accepted is not None
    for record in dialog.records(EntryAdded):
        assert isinstance(record.event, EntryAdded)
        entry = record.event.entry
        if entry.author != "bot" or not entry.public or record.by != "bot" or not entry.text.strip():
            continue
        if dialog.owner_at(record.n) != "agent" or record.n > episode.ends_n or record.n < episode.accepted.n:
            continue
        since = dialog.span_at(record.n).since
        if since is None or case.seconds_between(since, record) <= parameters["grace"]:
            continue
        cause = _cause_at_the_desk(dialog, record, parameters["relay_within"])
        if cause is not None and not _is_said(dialog, record, entry.text) and not notices.is_words_of_one(entry.text):
            outcome.fail(
                f"the bot answered in the ticket, where only agents read it: {quoted(entry.text)}",
                cites=(record.n, cause.n, since.n),
                conv=dialog.conv,
            )
            return


def _cause_at_the_desk(dialog: Dialog, record: Filed, within_s: float) -> Filed | None:
    """The agent's word or deed that came last before an entry, if the customer did nothing just then."""
    case = dialog.case
    for act in case.acts:
        if (
            act.conv == dialog.conv
            and act.n < record.n
            and (case.seconds_between(act, record) <= within_s + allowance_s(case, act.conv, act.n, record.n))
        ):
            return None
    done = [
        each for file in dialog.tickets.values() for each in file.records if each.by == "agent" and each.n < record.n
    ]
    return max(done, key=lambda each: each.n, default=None)


def _is_said(dialog: Dialog, record: Filed, text: str) -> bool:
    """True for what the customer, the bot or an agent said to one another, alone or in a list."""
    letters = squeezed(text)
    if not letters:
        return True
    others = [squeezed(out.text) for out in dialog.outs]
    others += [squeezed(words_of(act)) for act in dialog.said if isinstance(act.act, Write)]
    others += [squeezed(entry.text) for each, entry in dialog.agent_replies if each.n < record.n]
    return text.lstrip().startswith(("[", "(", "<")) or any(
        other and (other in letters or letters in other) for other in others
    )


def _accuse_endless(dialog: Dialog, closed: Filed, outcome: Outcome) -> None:
    asked = [
        record for record in dialog.records(HandoffAsked, TicketOpened) if record.n > closed.n and record.by == "bot"
    ]
    if not asked:
        return
    first, case = asked[0], dialog.case
    spoken = [act for act in case.acts if act.conv == dialog.conv and act.n < first.n]
    voiced = any(act.n > closed.n or case.seconds_between(act, closed) <= _LONG_BEFORE_S for act in spoken)
    rated = any(record.by == "customer" and closed.n < record.n < first.n for record in case.filed)
    if not voiced and not rated:
        outcome.fail(
            "the agent ended the conversation, and the bot handed it over again without a word of the customer",
            cites=(first.n, closed.n),
            conv=dialog.conv,
        )
