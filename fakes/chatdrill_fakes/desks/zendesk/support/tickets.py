"""Tickets: made, changed, read, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.model import ContactFiled, HandoffAsked, TicketClosed, TicketOpened
from chatdrill.wire import HttpResponse, json_response, strings_in
from chatdrill_fakes.desks.zendesk import (
    changing,
    commenting,
    filing,
    gate,
    ids,
    ownership,
    problems,
    routing,
    shapes,
    switchboard,
)
from chatdrill_fakes.desks.zendesk.ids import moment
from chatdrill_fakes.desks.zendesk.scene import Scene, Step, begin, finish
from chatdrill_fakes.desks.zendesk.state import (
    ENDED,
    STATES,
    Audit,
    Person,
    Record,
    ZendeskState,
    ZendeskTicket,
)
from chatdrill_fakes.desks.zendesk.support.idempotency import remember, replayed
from chatdrill_fakes.desks.zendesk.support.reading import (
    Call,
    Draft,
    body,
    check_assignment,
    check_status,
    draft,
    listed,
    many,
    number,
    person,
    scene,
    ticket,
)

# --------------------------------------------------------------------------------------------------------- making


def create(visit: Call) -> HttpResponse:
    """``POST /tickets``."""
    stored = replayed(visit)
    if stored is not None:
        return stored
    given, actor = body(visit, "ticket"), gate.caller(visit)
    found = draft(visit, given, actor)
    if found.words is None:
        problems.invalid("base", "Description: cannot be blank", "BlankValue")
    follows = _followed(visit, given)
    assignee_id, group_id = check_assignment(visit.state, found, None)
    check_status(found, assignee_id, "new")
    requester = _requester(visit, given, actor)
    made, record = new_ticket(visit, requester, actor, found, follows, group_id)
    of = scene(visit, made)
    tell_opened(of, requester, given, follows, visit.request.header("idempotency-key"))
    audit = _fill(of, record, found, assignee_id)
    routing.route(of)
    link = shapes.api_url(visit.base_url, f"tickets/{record.number}.json")
    told = _answer(visit, record, audit)
    return remember(visit, json_response(told, status=201, headers=(("Location", link),)))


def _followed(visit: Call, given: Mapping[str, Any]) -> Record | None:
    """The closed ticket that is continued."""
    if given.get("via_followup_source_id") is None:
        return None
    found = visit.state.find(number(given["via_followup_source_id"]) or 0)
    if found is None or found[1].status != "closed":
        problems.invalid("via_followup_source_id", "Via followup source: must be a closed ticket")
    return found[1]


def _requester(visit: Call, given: Mapping[str, Any], actor: Person) -> Person:
    """Who the ticket is from: ``requester_id``, ``requester``, or else the API user, which is a classic mistake."""
    if given.get("requester_id") is not None:
        return person(visit.state, given["requester_id"]) or problems.invalid("requester", "Requester: is invalid")
    told = given.get("requester")
    if not isinstance(told, dict):
        return actor
    email = str(told["email"]) if told.get("email") else None
    external = str(told["external_id"]) if told.get("external_id") else None
    known = filing.find_person(visit.state, external, email)
    if known is not None:
        return known
    if not str(told.get("name") or "").strip():
        problems.invalid("requester", "Requester Name: is too short (minimum one character)", "ValueTooShort")
    made = filing.new_person(
        visit.state, str(told["name"]), visit.at, email=email, external_id=external, phone=_phone(told)
    )
    keys = filing.keys_of(made)
    visit.events.append(ContactFiled(contact=str(made.id), keys=keys, name=made.name))
    return made


def _phone(told: Mapping[str, Any]) -> str | None:
    return str(told["phone"]) if told.get("phone") else None


def new_ticket(
    visit: Call, requester: Person, actor: Person, found: Draft, follows: Record | None, group_id: int | None
) -> tuple[ZendeskTicket, Record]:
    """A ticket that nothing was told of yet."""
    state = visit.state
    state.last_number = state.chance.following(state.last_number)
    record = Record(
        number=state.last_number,
        requester_id=requester.id,
        submitter_id=actor.id,
        subject=found.simple.get("subject") or "",
        priority=found.simple.get("priority"),
        type=found.simple.get("type"),
        external_id=found.simple.get("external_id"),
        group_id=group_id,
        tags=list(found.tags or ()),
        custom_fields=dict(found.custom),
        follows=None if follows is None else follows.number,
        made_at=visit.at,
        changed_at=visit.at,
    )
    if follows is not None:
        follows.followup_ids.append(record.number)
    made = ZendeskTicket(
        address=str(record.number),
        contact=str(requester.id),
        record=record,
        made_at=visit.at,
        changed_at=visit.at,
        team=state.groups[group_id].name if group_id is not None else None,
    )
    state.tickets[made.address] = made
    state.numbers[record.number] = made.address
    return made, record


def tell_opened(
    of: Scene, requester: Person, given: Mapping[str, Any], follows: Record | None, request_key: str | None
) -> None:
    """A ticket was made, and with it a person asked for."""
    record = of.record
    told = {name: value for name, value in given.items() if name not in ("comment", "comments")}
    named = [
        record.external_id,
        given.get("requester"),
        record.subject,
        list(record.custom_fields.values()),
        record.tags,
    ]
    own = (*filing.keys_of(requester), *strings_in(named))
    of.events.append(
        TicketOpened(
            ticket=of.address,
            contact=str(requester.id),
            keys=tuple(dict.fromkeys(own)),
            name=requester.name if not requester.is_staff else "",
            subject=record.subject,
            fields=told,
            locale=requester.locale,
            priority=record.priority,
            team=of.ticket.team,
            request_key=request_key,
            follows=_address(of.state, follows),
        )
    )
    if record.status not in ENDED and given.get("assignee_id") != of.state.api_user_id:
        of.events.append(HandoffAsked(ticket=of.address, fields=told))


def _address(state: ZendeskState, follows: Record | None) -> str | None:
    return None if follows is None else state.numbers.get(follows.number, str(follows.number))


def _fill(of: Scene, record: Record, found: Draft, assignee_id: int | None) -> Audit:
    """The first update of a ticket: its comment, and who has it."""
    step = begin(of)
    step.metadata.update(found.metadata)
    for name in ("subject", "priority", "type", "tags", "requester_id", "group_id"):
        value = getattr(record, name)
        log = {"id": ids.number(of.state.chance), "type": "Create", "field_name": name, "value": value}
        step.audited.append(log)
    step.hooked.append(("ticket.created", {}))
    _say(step, found)
    had = len(step.hooked)
    changing.assign(step, assignee_id=assignee_id, group_id=record.group_id)
    if found.status is not None:
        changing.set_status(step, found.status)
    del step.hooked[had:]  # that is how the ticket was made, not a change of it
    return finish(step)


def _say(step: Step, found: Draft) -> None:
    """The comment of a draft, with its files: a token is used up by it."""
    words = found.words
    if words is None:
        return
    files = [each for upload in words.uploads for each in upload.attachments]
    for upload in words.uploads:
        step.scene.state.uploads.pop(upload.token, None)
    step.author_id = words.author.id
    commenting.add_comment(
        step,
        words.author,
        words.body,
        public=words.public,
        html=words.html,
        attachments=files,
        metadata=found.metadata,
    )


# ------------------------------------------------------------------------------------------------------- changing


def update(visit: Call) -> HttpResponse:
    """``PUT /tickets/{id}``."""
    of, record = ticket(visit)
    given, actor = body(visit, "ticket"), gate.caller(visit)
    gate.count_update(visit, record, actor)
    check_open(record)
    check_stamp(record, given)
    found = draft(visit, given, actor)
    assignee_id, group_id = check_assignment(visit.state, found, record)
    check_status(found, assignee_id, record.status)
    acting = scene(visit, of)
    was_bots = ownership.owner(visit.state, of) == "bot" and record.status not in ENDED
    step = begin(acting, record)
    step.metadata.update(found.metadata)
    _say(step, found)
    apply(step, found, assignee_id, group_id)
    if was_bots and ownership.owner(visit.state, of) in ("queue", "agent"):
        acting.events.append(HandoffAsked(ticket=acting.address, fields=dict(given)))
    audit = finish(step)
    return json_response(_answer(visit, record, audit))


def apply(step: Step, found: Draft, assignee_id: int | None, group_id: int | None) -> None:
    """Change what a draft says."""
    for name, value in found.simple.items():
        changing.set_simple(step, name, value)
    for id, value in found.custom.items():
        changing.set_field(step, id, value)
    if found.tags is not None:
        changing.set_tags(step, found.tags)
    if found.assignment:
        changing.assign(step, assignee_id=assignee_id, group_id=group_id)
    if found.status is not None:
        changing.set_status(step, found.status)


def check_open(record: Record) -> None:
    """A closed ticket never changes again."""
    if record.status == "closed":
        problems.invalid("status", "Status: closed prevents ticket update", "InvalidValue")


def check_stamp(record: Record, given: Mapping[str, Any]) -> None:
    """Refused with 409 if a safe update is based on what the ticket no longer is."""
    if given.get("safe_update") in (True, "true"):
        stamp = moment(given.get("updated_stamp"))
        if stamp is None or int(stamp) < int(record.changed_at):
            problems.outdated()


def _answer(visit: Call, record: Record, audit: Audit) -> dict[str, Any]:
    told = shapes.ticket(record, visit.base_url)
    return {"ticket": told, "audit": shapes.audit(audit, record.number)}


def delete(visit: Call) -> HttpResponse:
    """``DELETE /tickets/{id}``: it is gone from every list, and nobody works on it any more."""
    of, record = ticket(visit)
    acting = scene(visit, of)
    if of.talk is not None:
        switchboard.hand_back(acting, "ticketClosed")
    elif record.status not in ENDED:
        acting.events.append(TicketClosed(ticket=acting.address))
    record.is_deleted = record.moved = True
    step = begin(acting, record)
    step.hooked.append(("ticket.soft_deleted", {}))
    finish(step)
    return HttpResponse(204)


# -------------------------------------------------------------------------------------------------------- reading


def show(visit: Call) -> HttpResponse:
    """``GET /tickets/{id}``."""
    _, record = ticket(visit)
    return json_response({"ticket": shapes.ticket(record, visit.base_url)})


def show_many(visit: Call) -> HttpResponse:
    """``GET /tickets/show_many?ids=``: those that are there."""
    found = [visit.state.find(number(each) or 0) for each in many(visit, "ids")]
    records = [each[1] for each in found if each is not None and not each[1].is_deleted]
    return listed(visit, "tickets", records, lambda record: shapes.ticket(record, visit.base_url))


def index(visit: Call) -> HttpResponse:
    """``GET /tickets``, with ``external_id`` those that have it."""
    wanted = visit.values.get("external_id")
    requester = number(visit.params.get("user"))
    found = [
        record
        for each in visit.state.tickets.values()
        for record in each.records()
        if not record.is_deleted
        and (wanted is None or record.external_id == str(wanted))
        and (requester is None or record.requester_id == requester)
    ]
    found.sort(key=lambda record: record.number)
    return listed(visit, "tickets", found, lambda record: shapes.ticket(record, visit.base_url))


def audits(visit: Call) -> HttpResponse:
    """``GET /tickets/{id}/audits``."""
    _, record = ticket(visit)
    return listed(visit, "audits", record.audits, lambda each: shapes.audit(each, record.number))


def import_ticket(visit: Call) -> HttpResponse:
    """``POST /imports/tickets``: as it was, with its own times; no webhook tells of it."""
    given, actor = body(visit, "ticket"), gate.caller(visit)
    rows = given.get("comments") if isinstance(given.get("comments"), list) else []
    found = draft(visit, {**given, "comment": None}, actor)
    told = [(draft(visit, {"comment": row}, actor), row) for row in rows or []]
    if not told:
        problems.invalid("base", "Description: cannot be blank", "BlankValue")
    assignee_id, group_id = check_assignment(visit.state, found, None)
    requester = _requester(visit, given, actor)
    made, record = new_ticket(visit, requester, actor, found, None, group_id)
    record.status, record.assignee_id = found.status or "new", assignee_id
    made.state, made.assignee = STATES[record.status], visit.state.agent_of(assignee_id)
    of = scene(visit, made)
    tell_opened(of, requester, given, None, None)
    step = begin(of)
    for each, row in told:
        _import_comment(step, each, row)
    step.hooked.clear()
    finish(step)
    return json_response({"ticket": shapes.ticket(record, visit.base_url)}, status=201)


def _import_comment(step: Step, found: Draft, row: object) -> None:
    words = found.words
    if words is None:
        return
    at = moment(row.get("created_at")) if isinstance(row, dict) else None
    files = [each for upload in words.uploads for each in upload.attachments]
    status = step.record.status
    commenting.add_comment(
        step, words.author, words.body, public=words.public, html=words.html, attachments=files, at=at
    )
    if step.record.status != status:  # what is imported happened long ago and moves nothing
        step.record.status, step.scene.ticket.state = status, STATES[status]
