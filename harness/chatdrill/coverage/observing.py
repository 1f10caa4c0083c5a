"""Reading traces: what each word of a customer was, in which state of the conversation, when, and what struck it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from chatdrill.calendars import Calendar
from chatdrill.checks.hours import calendars
from chatdrill.coverage.dimensions import NO_FAULT
from chatdrill.coverage.kinds import kinds_of, message_meant
from chatdrill.coverage.possible import Ability
from chatdrill.coverage.routes import Routes
from chatdrill.coverage.striking import RESTART, fault_of, is_about_a_message
from chatdrill.coverage.talk import Talk
from chatdrill.coverage.times import times_of
from chatdrill.model import Block, Unblock
from chatdrill.trace import Acted, CaseBegan, Filed, Injected, Record, RunBegan, StepEnded, Took

Point = tuple[str, str, str, str, str]
"""A platform, a state, a kind, a fault (or ``none``) and a time."""


_CHATTY = 2  # answers; who gets them talks to a bot that goes on


@dataclass
class Visit:
    """One word of a customer; what strikes it is known later."""

    platform: str
    states: frozenset[str]
    kinds: frozenset[str]
    times: frozenset[str]
    faults: set[str] = field(default_factory=set)

    def points(self) -> Iterable[Point]:
        """Every combination that the word stands for."""
        return product((self.platform,), self.states, self.kinds, self.faults or (NO_FAULT,), self.times)


@dataclass
class Observed:
    """What one or several traces met. ``points`` counts the words of customers by what they were, ``strikes`` faults that were about
    no word, by platform, fault and time. ``platforms`` are those that were played, ``desks`` the ones among them with a helpdesk behind,
    ``conversations`` counts them; ``calendar`` has the working hours of one of them. ``routes`` are ways to get somewhere again."""

    points: Counter[Point] = field(default_factory=Counter)
    strikes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    platforms: dict[str, None] = field(default_factory=dict)
    desks: dict[str, str] = field(default_factory=dict)
    conversations: int = 0
    words: int = 0
    traces: int = 0
    calendar: Calendar | None = None
    routes: Routes = field(default_factory=Routes)

    def add(self, other: Observed) -> None:
        """Take in what another trace met."""
        self.points.update(other.points)
        self.strikes.update(other.strikes)
        self.platforms.update(other.platforms)
        self.desks.update(other.desks)
        self.conversations += other.conversations
        self.words += other.words
        self.traces += other.traces
        self.calendar = self.calendar or other.calendar
        self.routes.add(other.routes)


def observe(records: Iterable[Record], abilities: Mapping[str, Ability]) -> Observed:
    """What a trace met. Platforms that ``abilities`` does not know are left out."""
    listed = list(records)
    watcher = _Watcher(abilities, calendars(listed))
    for record in listed:
        watch = _WATCHERS.get(type(record))
        if watch is not None:
            watch(watcher, record)
    return watcher.end()


@dataclass
class _Case:
    """A case that goes on: its conversations, and the words in it by the updates that told of them."""

    began: CaseBegan
    zone: str
    calendar: Calendar | None
    talks: dict[str, Talk] = field(default_factory=dict)
    last: dict[str, Visit] = field(default_factory=dict)
    by_update: dict[str, Visit] = field(default_factory=dict)


class _Watcher:
    def __init__(self, abilities: Mapping[str, Ability], hours: Mapping[str, Calendar]) -> None:
        self._abilities = abilities
        self._hours = hours
        self._cases: dict[str, _Case] = {}
        self._visits: list[Visit] = []
        self._is_virtual = False
        self.seen = Observed(traces=1)

    def end(self) -> Observed:
        """What was met, once every fault is known."""
        for visit in self._visits:
            self.seen.points.update(visit.points())
        self.seen.words = len(self._visits)
        for case in self._cases.values():
            locale = next(iter(case.began.customers.values())).locale if case.began.customers else ""
            openers = (talk.opener for talk in case.talks.values() if talk.answers >= _CHATTY)
            self.seen.routes.openers.update((locale, text) for text in openers if text)
        return self.seen

    def began_run(self, record: RunBegan) -> None:
        self._is_virtual = record.clock == "virtual"

    def began(self, record: CaseBegan) -> None:
        if record.platform not in self._abilities:
            return
        name = record.case or ""
        calendar = self._hours.get(name)
        self._cases[name] = _Case(record, record.zone or "UTC", calendar)
        self.seen.platforms[record.platform] = None
        if record.desk is not None:
            self.seen.desks[record.platform] = record.desk
        self.seen.conversations += len(record.customers)
        self.seen.calendar = self.seen.calendar or calendar

    def acted(self, record: Acted) -> None:
        case = self._cases.get(record.case or "")
        if case is None or record.cause == "platform":
            return
        talk = case.talks.setdefault(record.conv or "", Talk())
        if isinstance(record.act, Unblock):
            talk.is_unblocked = True
            return
        self._visit(case, talk, record)
        if not isinstance(record.act, Block):
            talk.acted(record)

    def _visit(self, case: _Case, talk: Talk, record: Acted) -> None:
        platform = case.began.platform_of(record.conv)
        is_template = message_meant(record.act) in talk.templates
        kinds = kinds_of(record.act, text_max=self._abilities[platform].text_max, quotes_template=is_template)
        if not kinds:
            return
        if talk.is_burst(record):
            kinds |= {"burst"}
        visit = Visit(platform, talk.states(record.at), kinds, times_of(record.at, case.zone, case.calendar))
        self._visits.append(visit)
        case.last[record.conv or ""] = visit
        case.by_update.update(dict.fromkeys(record.updates, visit))
        self.seen.routes.note(case.began, record, visit.states, talk, is_virtual=self._is_virtual)

    def took(self, record: Took) -> None:
        case = self._cases.get(record.case or "")
        if case is not None:
            case.talks.setdefault(record.conv or "", Talk()).took(record)

    def filed(self, record: Filed) -> None:
        case = self._cases.get(record.case or "")
        if case is not None:
            case.talks.setdefault(record.conv or "", Talk()).filed(record.event)

    def struck(self, record: Injected) -> None:
        case = self._cases.get(record.case or "")
        fault = fault_of(record, at_desk=case is not None and not case.began.is_messenger(record.platform))
        if case is None or fault is None:
            return
        visit = self._struck_word(case, record) if is_about_a_message(fault) else None
        if visit is not None:
            visit.faults.add(fault)
            return
        for time in times_of(record.at, case.zone, case.calendar):
            self.seen.strikes[case.began.platform_of(record.conv), fault, time] += 1

    def _struck_word(self, case: _Case, record: Injected) -> Visit | None:
        if record.updates:
            return next((case.by_update[one] for one in record.updates if one in case.by_update), None)
        return case.last.get(record.conv or "")

    def ended_step(self, record: StepEnded) -> None:
        case = self._cases.get(record.case or "")
        if case is None or record.outcome != "played" or record.step >= len(case.began.steps):
            return
        step: Mapping[str, Any] = case.began.steps[record.step]
        if step.get("step") == "restarts":
            for visit in case.last.values():
                visit.faults.add(RESTART)


_WATCHERS: Mapping[type, Any] = {
    RunBegan: _Watcher.began_run,
    CaseBegan: _Watcher.began,
    Acted: _Watcher.acted,
    Took: _Watcher.took,
    Filed: _Watcher.filed,
    Injected: _Watcher.struck,
    StepEnded: _Watcher.ended_step,
}
