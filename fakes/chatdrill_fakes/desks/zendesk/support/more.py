"""Tags, merging, ratings, agents' presence, working hours."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Rated
from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.desks.zendesk import changing, commenting, gate, ids, problems, shapes
from chatdrill_fakes.desks.zendesk.ids import iso
from chatdrill_fakes.desks.zendesk.routing import load
from chatdrill_fakes.desks.zendesk.scene import Scene, begin, finish
from chatdrill_fakes.desks.zendesk.state import Record, ZendeskTicket
from chatdrill_fakes.desks.zendesk.support.reading import Call, listed, number, scene, tag_list, ticket
from chatdrill_fakes.desks.zendesk.support.tickets import check_open, check_stamp

SCORES = {"good": 5, "bad": 1}
UNIFIED = {"offline": (2, "Offline"), "online": (3, "Online"), "away": (4, "Away")}
"""Ids of an agent's unified status. Source: Zendesk, Agent availability API (2025)."""


# ----------------------------------------------------------------------------------------------------------- tags


def tags(visit: Call) -> HttpResponse:
    """``GET /tickets/{id}/tags``."""
    return json_response({"tags": ticket(visit)[1].tags})


def add_tags(visit: Call) -> HttpResponse:
    """``PUT /tickets/{id}/tags`` adds."""
    return _tagged(visit, 200, lambda old, new: [*old, *new])


def set_tags(visit: Call) -> HttpResponse:
    """``POST /tickets/{id}/tags`` replaces."""
    return _tagged(visit, 201, lambda old, new: new)  # noqa: ARG005


def remove_tags(visit: Call) -> HttpResponse:
    """``DELETE /tickets/{id}/tags`` takes away."""
    return _tagged(visit, 200, lambda old, new: [tag for tag in old if tag not in new])


def _tagged(visit: Call, status: int, change: Any) -> HttpResponse:
    of, record = ticket(visit)
    gate.count_update(visit, record, gate.caller(visit))
    check_open(record)
    check_stamp(record, visit.values)
    step = begin(scene(visit, of), record)
    changing.set_tags(step, change(record.tags, tag_list(visit.values.get("tags"))))
    finish(step)
    return json_response({"tags": record.tags}, status=status)


# -------------------------------------------------------------------------------------------------------- merging


def merge(visit: Call) -> HttpResponse:
    """``POST /tickets/{id}/merge``: the sources are closed; Zendesk answers with a job."""
    of, record = ticket(visit)
    check_open(record)
    given = visit.values.get("ids")
    numbers = [number(each) for each in given] if isinstance(given, list) else []
    sources = [visit.state.find(each or 0) for each in numbers]
    if not sources or any(each is None or each[1] is record or each[1].status == "closed" for each in sources):
        problems.invalid("ids", "Ids: must be other tickets that are not closed")
    for source in sources:
        if source is not None:
            _merge_one(visit, source, record)
    step = begin(scene(visit, of), record)
    text = str(visit.values.get("target_comment") or "Merged tickets")
    public = visit.values.get("target_comment_is_public") is True
    commenting.add_comment(step, gate.caller(visit), text, public=public)
    finish(step)
    return json_response({"job_status": _job(visit)})


def _merge_one(visit: Call, source: tuple[ZendeskTicket, Record], target: Record) -> None:
    of, record = source
    acting = Scene(
        visit.state, of, gate.caller(visit), of.at(visit.exchange.now), "merge", False, visit.events, visit.later
    )
    step = begin(acting, record)
    text = str(
        visit.values.get("source_comment") or f"This request was closed and merged into request #{target.number}"
    )
    public = visit.values.get("source_comment_is_public") is True
    commenting.add_comment(step, acting.actor, text, public=public)
    changing.set_tags(step, [*record.tags, "closed_by_merge"])
    step.hooked.append(("ticket.merged", {"target_ticket_id": str(target.number)}))
    changing.set_status(step, "closed")
    finish(step)


def _job(visit: Call) -> dict[str, Any]:
    id = visit.state.chance.hex(32)
    url = shapes.api_url(visit.base_url, f"job_statuses/{id}.json")
    job = {"id": id, "job_type": "Ticket Merge", "url": url, "total": 1, "progress": None, "status": "queued"}
    told = {**job, "message": None, "results": None}
    visit.state.jobs[id] = {**told, "progress": 1, "status": "completed", "message": "Completed", "results": []}
    return told


def job(visit: Call) -> HttpResponse:
    """``GET /job_statuses/{id}``: what was queued has been done."""
    found = visit.state.jobs.get(visit.params["id"])
    if found is None:
        problems.refuse(404, "there is no such job")
    return json_response({"job_status": found})


# -------------------------------------------------------------------------------------------------------- ratings


def rate(visit: Call) -> HttpResponse:
    """``POST /tickets/{id}/satisfaction_rating``, as the requester."""
    of, record = ticket(visit)
    given = visit.values.get("satisfaction_rating")
    if gate.caller(visit).id != record.requester_id:
        problems.refuse(403, "only the requester rates a ticket")
    if not isinstance(given, dict) or given.get("score") not in tuple(SCORES):
        problems.invalid("score", "Score: must be good or bad")
    if not record.was_solved:
        problems.invalid("base", "Ticket: must be solved before it is rated")
    acting = scene(visit, of)
    store_rating(acting, record, str(given["score"]), str(given.get("comment") or ""))
    return json_response({"satisfaction_rating": _rating(record, visit.base_url)})


def store_rating(acting: Scene, record: Record, score: str, comment: str) -> None:
    """A rating stands; it counts for whoever has the ticket."""
    before = record.rating["score"]
    record.rating = {"id": ids.number(acting.state.chance), "score": score, "comment": comment or None}
    record.rating["at"] = acting.now
    step = begin(acting, record)
    step.changed("satisfaction_score", before, score)
    event = {"rating": {"id": str(record.rating["id"]), "score": score, "comment": comment or None}}
    step.hooked.append(("ticket.csat_received", event))
    finish(step)
    agent = acting.state.agent_of(record.assignee_id)
    acting.events.append(Rated(ticket=acting.address, score=SCORES[score], word=score, agent=agent, comment=comment))


def _rating(record: Record, base_url: str) -> dict[str, Any]:
    rating, at = record.rating, iso(record.rating.get("at"))
    score = str(rating["score"]) + ("_with_comment" if rating.get("comment") else "")
    return {
        "id": rating.get("id"),
        "url": shapes.api_url(base_url, f"satisfaction_ratings/{rating.get('id')}.json"),
        "assignee_id": record.assignee_id,
        "group_id": record.group_id,
        "requester_id": record.requester_id,
        "ticket_id": record.number,
        "score": score,
        "comment": rating.get("comment"),
        "reason": None,
        "created_at": at,
        "updated_at": at,
    }


def ratings(visit: Call) -> HttpResponse:
    """``GET /satisfaction_ratings``: ``score`` as ``good``, ``good_with_comment``, ``received``."""
    records = [record for each in visit.state.tickets.values() for record in each.records()]
    rated = [_rating(record, visit.base_url) for record in records if record.rating.get("id")]
    wanted = str(visit.values.get("score") or "received")
    found = [each for each in rated if wanted == "received" or each["score"].startswith(wanted)]
    return listed(visit, "satisfaction_ratings", found, lambda each: each)


# --------------------------------------------------------------------------------------------------------- agents


def availabilities(visit: Call) -> HttpResponse:
    """``GET /agent_availabilities``."""
    found = [_availability(visit, key) for key in visit.state.seats]
    return json_response({"data": found, "meta": {"has_more": False}, "links": {}, "included": _channels(visit)})


def availability(visit: Call) -> HttpResponse:
    """``GET /agent_availabilities/{id}``."""
    key = visit.state.agent_by_id(visit.params["id"])
    if key is None:
        problems.refuse(404, f"there is no agent {visit.params['id']}")
    mine = [each for each in _channels(visit) if each["id"].startswith(visit.params["id"])]
    return json_response({"data": _availability(visit, key), "included": mine})


def _availability(visit: Call, key: str) -> dict[str, Any]:
    seat = visit.state.seats[key]
    id, name = UNIFIED[seat.presence]
    channels = [{"id": f"{seat.id}:{channel}", "type": "channels"} for channel in ("messaging", "support", "talk")]
    return {
        "id": seat.id,
        "type": "agent_availabilities",
        "attributes": {
            "agent_id": int(seat.id),
            "agent_status": {"id": id, "name": name, "reason": "", "updated_at": iso(visit.exchange.now)},
            "group_ids": list(visit.state.people[int(seat.id)].group_ids),
            "skills": [],
            "version": 1,
        },
        "relationships": {"channels": {"data": channels}},
    }


def _channels(visit: Call) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{seat.id}:{channel}",
            "type": "channels",
            "attributes": {
                "name": channel,
                "status": seat.presence,
                "work_item_count": load(visit.state, key) if channel == "messaging" else 0,
                "max_capacity": seat.agent.capacity,
            },
        }
        for key, seat in visit.state.seats.items()
        for channel in ("messaging", "support", "talk")
    ]


def schedules(visit: Call) -> HttpResponse:
    """``GET /business_hours/schedules``: one that is open from Monday to Friday, 9 to 17."""
    del visit
    day, opens, closes = 24 * 60, 9 * 60, 17 * 60
    week = [{"start_time": n * day + opens, "end_time": n * day + closes} for n in range(1, 6)]
    return json_response({"schedules": [{"id": 1, "name": "Office", "time_zone": "UTC", "intervals": week}]})


def holidays(visit: Call) -> HttpResponse:
    """``GET /business_hours/schedules/{id}/holidays``: none."""
    if visit.params["id"] != "1":
        problems.refuse(404, "there is no such schedule")
    return json_response({"holidays": []})
