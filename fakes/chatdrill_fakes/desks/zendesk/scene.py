"""Somebody does something with a ticket: one update of it, with its audit, its webhooks and what became true."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from chatdrill.model import DeskEvent, Elapse, Entry, EntryAdded
from chatdrill.wire import Later
from chatdrill_fakes.desks.zendesk import hooks, ids, shapes
from chatdrill_fakes.desks.zendesk.state import Audit, Person, Record, ZendeskState, ZendeskTicket


@dataclass
class Scene:
    """``actor`` does something with ``ticket`` at its drill time ``now``. ``automatic``: a rule of the desk did it."""

    state: ZendeskState
    ticket: ZendeskTicket
    actor: Person
    now: float
    channel: str = "api"
    automatic: bool = False
    events: list[DeskEvent] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Our name of the ticket."""
        return self.ticket.address

    @property
    def record(self) -> Record:
        """The ticket at Support."""
        if self.ticket.record is None:
            raise LookupError(f"no ticket was made of the conversation {self.address}")
        return self.ticket.record

    def add(self, entry: Entry) -> None:
        """An entry stands in the ticket."""
        self.ticket.entries.append(entry)
        self.events.append(EntryAdded(ticket=self.address, entry=entry))

    def after(self, seconds: float, what: str) -> None:
        """The desk will do ``what`` by itself."""
        self.later.append(Later(seconds, self.address, Elapse(agent="", what=what)))


@dataclass
class Step:
    """One update of a record: ``audited`` goes to the change log, ``hooked`` to the webhooks once it is done. ``author_id`` is
    whose update it is, where that is not the caller."""

    scene: Scene
    record: Record
    audit_id: int
    audited: list[dict[str, Any]] = field(default_factory=list)
    hooked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    author_id: int | None = None

    def changed(self, name: str, before: Any, after: Any, *, type: str | None = None, shown: Any = None) -> None:
        """A field has another value. ``type`` is the event of it; ``shown`` maps a value to what that event shows."""
        as_text = shown or (lambda value: value)
        log = {"id": ids.number(self.scene.state.chance), "type": "Change", "field_name": name}
        self.audited.append({**log, "value": after, "previous_value": before})
        if type is not None:
            self.hooked.append((type, {"current": as_text(after), "previous": as_text(before)}))


def begin(scene: Scene, record: Record | None = None) -> Step:
    """Begin to update a record."""
    return Step(scene, record or scene.record, ids.number(scene.state.chance))


def finish(step: Step) -> Audit:
    """Write the audit and tell the webhooks; ``updated_at`` grows with every update."""
    scene, record, state = step.scene, step.record, step.scene.state
    record.changed_at = max(scene.now, record.changed_at)
    scene.ticket.changed_at = record.changed_at
    audit = Audit(
        id=step.audit_id,
        author_id=scene.actor.id if step.author_id is None else step.author_id,
        at=scene.now,
        channel=scene.channel,
        events=step.audited,
        metadata=step.metadata,
    )
    record.audits.append(audit)
    sequence, total = ids.ulid(state.chance, scene.now), len(step.hooked)
    detail = shapes.detail(record, scene.actor.id)
    for position, (type, event) in enumerate(step.hooked, 1):
        meta = {"meta": {"sequence": {"id": sequence, "position": position, "total": total}}}
        hooks.tell_support(
            state, scene.ticket, type, f"zen:ticket:{record.number}", detail, {**event, **meta}, scene.now
        )
    return audit
