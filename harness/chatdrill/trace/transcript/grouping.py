"""Sorting a whole trace by case, in one pass, so that any case can then be told alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from chatdrill.trace.records import Acted, Attempt, Called, CaseBegan, Dropped, Filed, Record, RunBegan, StepBegan, Took
from chatdrill.trace.transcript.passage import Passage
from chatdrill.trace.transcript.phrases import platform_title, zone_name
from chatdrill.trace.transcript.steps import step_words
from chatdrill.trace.transcript.telling import Teller
from chatdrill.trace.transcript.views import Relays, View
from chatdrill.trace.transcript.wire import wire_events


class Transcripts:
    """All cases of a trace. ``run`` is its first record, if it has one. ``add`` can listen to a ``Recorder``.

    ``relays`` says, for a case, what the bot passed on between customers and agents, so that nothing is told twice.
    """

    def __init__(self, records: Iterable[Record] = (), *, relays: Callable[[str], Relays | None] | None = None) -> None:
        self.run: RunBegan | None = None
        self._cases: dict[str, list[Record]] = {}
        self._case_of_conv: dict[str, str] = {}
        self._case_of_update: dict[str, str] = {}
        self._calls_without_case: dict[int, Called] = {}
        self._relays = relays
        for record in records:
            self.add(record)

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases, in the order in which they began."""
        return tuple(self._cases)

    def records(self, case: str) -> Sequence[Record]:
        """The records of one case, with the calls and webhooks that are about it."""
        return self._cases.get(case, [])

    def view(self, case: str) -> View:
        """Tell one case; an empty view for a case the trace knows nothing of."""
        records = self._cases.get(case, [])
        began = next((record for record in records if isinstance(record, CaseBegan)), None)
        customers = began.customers if began else {}
        steps = tuple(map(step_words, began.steps)) if began else ()
        platform = began.platform if began else ""
        run, zone = self.run, _zone(records)
        jumps = run is not None and run.clock == "virtual"
        passage = Passage(zone=zone, jumps=jumps)
        teller = Teller(began, case, passage, self._relays(case) if self._relays else None)
        for record in records:
            teller.tell(record)
        return View(
            case=case,
            name=began.name if began else case,
            platform=platform,
            seed=began.seed if began else 0,
            persona=began.persona if began else "",
            customers=customers,
            steps=steps,
            items=tuple(teller.items),
            wire=wire_events(records, began.desk or "" if began else ""),
            desk=began.desk or "" if began else "",
            channels={key: platform_title(name) for key, name in began.channels.items()} if began else {},
            began_at=run.at - run.t + records[0].t if run and records else 0.0,
            zone=zone,
            is_virtual=jumps,
        )

    def add(self, record: Record) -> None:
        """Sort in one more record."""
        if isinstance(record, RunBegan):
            self.run = record
        elif isinstance(record, Called) and record.case is None:
            self._calls_without_case[record.n] = record
        for case in self._cases_of(record):
            group = self._cases.setdefault(case, [])
            self._bring_call(record, group)
            group.append(record)

    def _bring_call(self, record: Record, group: list[Record]) -> None:
        """A call becomes part of a case by its effect on it."""
        if not isinstance(record, Took | Filed) or record.call is None:
            return
        if (call := self._calls_without_case.pop(record.call, None)) is not None:
            group.append(call)

    def _cases_of(self, record: Record) -> Iterable[str]:
        """One case; several for a webhook that carries updates of several conversations."""
        if isinstance(record, Attempt):
            found = (self._case_of_conv.get(conv, conv.rpartition("/")[0]) for conv in record.convs)
            return dict.fromkeys(found) or self._cases_of_updates(record)
        if isinstance(record, Dropped) and record.case is None:
            return self._cases_of_updates(record)
        if record.case is None:
            return ()
        self._learn(record, record.case)
        return (record.case,)

    def _cases_of_updates(self, record: Attempt | Dropped) -> Iterable[str]:
        return dict.fromkeys(self._case_of_update[key] for key in record.updates if key in self._case_of_update)

    def _learn(self, record: Record, case: str) -> None:
        if record.conv is not None:
            self._case_of_conv[record.conv] = case
        if isinstance(record, Acted):
            self._case_of_update.update(dict.fromkeys(record.updates, case))


def _zone(records: Iterable[Record]) -> str:
    """Where the clock times of a case are meant: where its calendar is, as its steps about moments say, else where its
    scenario is, else UTC."""
    steps = (record.zone for record in records if isinstance(record, StepBegan) and record.zone is not None)
    began = (record.zone for record in records if isinstance(record, CaseBegan) and record.zone is not None)
    return zone_name(next(steps, None) or next(began, None))
