"""The agent workspace gets a conversation: a ticket is made of it, or the open one goes on.

What the bot knows travels in the metadata of the transfer (``dataCapture.*``). Source: Zendesk, Passing metadata (2025).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.model import Assigned, ContactFiled, HandoffAsked, TicketOpened, TicketReopened
from chatdrill.wire import strings_in
from chatdrill_fakes.desks.zendesk import filing, ids, talking
from chatdrill_fakes.desks.zendesk.scene import Scene, Step, begin, finish
from chatdrill_fakes.desks.zendesk.shapes import MESSAGING
from chatdrill_fakes.desks.zendesk.state import Message, Person, Record, SuncoUser, Talk

_SYSTEM, _FIELD = "dataCapture.systemField.", "dataCapture.ticketField."


def open_ticket(scene: Scene, metadata: Mapping[str, Any]) -> None:
    """Make a ticket of the conversation, with all that was said in it; metadata of a transfer into an open ticket is
    ignored."""
    talk = scene.ticket.talk
    assert talk is not None
    if talking.is_live(scene.ticket):
        scene.events.append(HandoffAsked(ticket=scene.address, fields=dict(metadata)))
        return
    person = _requester(scene, talk, metadata)
    again = scene.ticket.record is not None
    record = _record(scene, person, metadata)
    if scene.ticket.record is not None:
        scene.ticket.past.append(scene.ticket.record)
    scene.ticket.record, scene.ticket.state = record, "new"
    scene.ticket.contact = str(person.id)
    scene.ticket.assignee = scene.state.agent_of(record.assignee_id)
    group = scene.state.groups.get(record.group_id or 0)
    scene.ticket.team = group.name if group is not None else None
    scene.state.numbers[record.number] = scene.address
    _tell(scene, talk, person, record, metadata, again)
    for message in _transcript(talk, metadata):
        talking.file(scene, message)
    talk.filed = len(talk.messages)


def _requester(scene: Scene, talk: Talk, metadata: Mapping[str, Any]) -> Person:
    """The end user at Support behind the user of the conversation."""
    user = scene.state.users.get(talk.user_ids[0] if talk.user_ids else "")
    profile = user.profile if user is not None else {}
    name = metadata.get(f"{_SYSTEM}requester.name") or (user.name if user is not None else "")
    email = metadata.get(f"{_SYSTEM}requester.email") or profile.get("email")
    known = scene.state.people.get(user.person_id or 0) if user is not None else None
    person = known or filing.find_person(scene.state, _external(user), _text(email))
    made = person is None
    if person is None:
        person = filing.new_person(scene.state, _text(name) or "Visitor", scene.now, external_id=_external(user))
    person.name = _text(name) or person.name
    person.email = _text(email) or person.email
    person.locale = _text(profile.get("locale")) or person.locale
    person.changed_at = scene.now
    if user is not None:
        user.person_id = person.id
    keys = keys_of(scene, talk)
    scene.events.append(ContactFiled(contact=str(person.id), keys=keys, name=person.name, made=made))
    return person


def _external(user: SuncoUser | None) -> str | None:
    return None if user is None else user.external_id


def _text(value: Any) -> str | None:
    return str(value) if value not in (None, "") else None


def keys_of(scene: Scene, talk: Talk) -> tuple[str, ...]:
    """All texts by which the bot names the person and the conversation."""
    users = [scene.state.users[id] for id in talk.user_ids if id in scene.state.users]
    values = [[user.external_id, user.profile, user.metadata] for user in users]
    told = [talk.metadata, talk.display_name, talk.description]
    return tuple(dict.fromkeys(strings_in([values, told])))


def _record(scene: Scene, person: Person, metadata: Mapping[str, Any]) -> Record:
    state = scene.state
    state.last_number = state.chance.following(state.last_number)
    assignee, group = _number(metadata, "assignee_id"), _number(metadata, "group_id")
    tags = str(metadata.get(f"{_SYSTEM}tags") or "")
    staff = state.people.get(assignee or 0)
    record = Record(
        number=state.last_number,
        requester_id=person.id,
        submitter_id=person.id,
        subject=f"Conversation with {person.name}",
        description=f"Conversation with {person.name}",
        priority=_text(metadata.get(f"{_SYSTEM}priority")),
        group_id=group if group in state.groups else next(iter(state.groups), None),
        assignee_id=assignee if staff is not None and staff.is_staff else None,
        organization_id=_number(metadata, "organization_id"),
        brand_id=_number(metadata, "brand_id") or 1,
        tags=[tag.strip() for tag in tags.split(",") if tag.strip()],
        channel=MESSAGING,
        made_at=scene.now,
        changed_at=scene.now,
    )
    for key, value in metadata.items():
        field = key.removeprefix(_FIELD)
        if key.startswith(_FIELD) and field.isdecimal():
            record.custom_fields[int(field)] = value
    record.status = "open" if record.assignee_id is not None else "new"
    return record


def _number(metadata: Mapping[str, Any], name: str) -> int | None:
    text = str(metadata.get(f"{_SYSTEM}{name}") or "")
    return int(text) if text.isascii() and text.isdecimal() else None


def _tell(scene: Scene, talk: Talk, person: Person, record: Record, metadata: Mapping[str, Any], again: bool) -> None:
    fields = {**metadata, **talk.metadata}
    if again:
        scene.events.append(TicketReopened(ticket=scene.address))
    else:
        scene.events.append(
            TicketOpened(
                ticket=scene.address,
                contact=str(person.id),
                keys=(*keys_of(scene, talk), *strings_in(dict(metadata))),
                name=person.name,
                subject=record.subject,
                fields=fields,
                locale=person.locale,
                priority=record.priority,
                team=scene.ticket.team,
            )
        )
    scene.events.append(HandoffAsked(ticket=scene.address, fields=fields))
    if record.assignee_id is not None:
        is_bot = record.assignee_id == scene.state.api_user_id
        agent, team = scene.ticket.assignee, scene.ticket.team
        scene.events.append(Assigned(ticket=scene.address, agent=agent, team=team, bot=is_bot))
    step: Step = begin(scene, record)
    step.audited.append(
        {"id": ids.number(scene.state.chance), "type": "Create", "field_name": "status", "value": "new"}
    )
    step.hooked.append(("ticket.created", {}))
    finish(step)


def _transcript(talk: Talk, metadata: Mapping[str, Any]) -> list[Message]:
    """What was said since the last ticket, or from the first to the last message that the transfer names."""
    place = {message.id: number for number, message in enumerate(talk.messages)}
    first = place.get(str(metadata.get("first_message_id")), talk.filed)
    last = place.get(str(metadata.get("last_message_id")), len(talk.messages) - 1)
    return [message for message in talk.messages[first : last + 1] if not message.deleted]
