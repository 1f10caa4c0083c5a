"""The switchboard's actions. A wrong target is no error of the call: an event tells of it later."""

from __future__ import annotations

from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.desks.zendesk import gate, problems, routing, switchboard
from chatdrill_fakes.desks.zendesk.state import ZendeskTicket
from chatdrill_fakes.desks.zendesk.sunco.reading import Call, conversation, metadata, scene


def _target(visit: Call) -> str:
    name = visit.values.get("switchboardIntegration")
    if not isinstance(name, str) or not name:
        problems.wrong("switchboardIntegration is required")
    return name


def _done(visit: Call, ticket: ZendeskTicket, problem: str | None) -> HttpResponse:
    if ticket.record is not None:
        visit.to = ticket.address
    if problem is not None:
        visit.note = f"answered 200; an event tells of {problem}"
    return json_response({})


def pass_control(visit: Call) -> HttpResponse:
    """``passControl``: to the agent workspace it makes the ticket."""
    ticket, _ = conversation(visit)
    name, told = _target(visit), metadata(visit.values.get("metadata"))
    acting = scene(visit, ticket)
    problem = switchboard.pass_control(acting, name, told)
    routing.route(acting)
    return _done(visit, ticket, problem)


def offer_control(visit: Call) -> HttpResponse:
    """``offerControl``."""
    ticket, _ = conversation(visit)
    name, told = _target(visit), metadata(visit.values.get("metadata"))
    acting = scene(visit, ticket)
    problem = switchboard.offer_control(acting, name, told)
    routing.route(acting)
    return _done(visit, ticket, problem)


def accept_control(visit: Call) -> HttpResponse:
    """``acceptControl``: with the scope of an integration only by the one that was offered it."""
    ticket, talk = conversation(visit)
    _check_scope(visit, talk.pending)
    told = metadata(visit.values.get("metadata"))
    return _done(visit, ticket, switchboard.accept_control(scene(visit, ticket), told))


def release_control(visit: Call) -> HttpResponse:
    """``releaseControl``: with the scope of an integration only by the active one."""
    ticket, talk = conversation(visit)
    _check_scope(visit, talk.active)
    switchboard.release_control(scene(visit, ticket), metadata(visit.values.get("metadata")))
    return _done(visit, ticket, None)


def _check_scope(visit: Call, wanted: str | None) -> None:
    scope = gate.scope(visit)
    station = scope.station(visit.state)
    if scope.name == "integration" and (station is None or station.id != wanted):
        problems.fail(403)
