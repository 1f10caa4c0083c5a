"""Conversations over the application API.

Source: Chatwoot v4.15.1, accounts/conversations_controller.rb and accounts/conversations/*.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chatdrill.model import Elapse
from chatdrill.wire import HttpResponse, Later, json_response
from chatdrill_fakes.desks.chatwoot import errors, hooks, shapes
from chatdrill_fakes.desks.chatwoot.common import (
    OK,
    Call,
    answer,
    caller,
    is_true,
    link_by,
    number,
    table,
    talk_of,
    words,
    work_of,
)
from chatdrill_fakes.desks.chatwoot.contacts import link
from chatdrill_fakes.desks.chatwoot.limits import CONVERSATIONS_PER_PAGE
from chatdrill_fakes.desks.chatwoot.messages import save
from chatdrill_fakes.desks.chatwoot.state import (
    PRIORITIES,
    STATUSES,
    AgentBot,
    ContactInbox,
    Conversation,
    Message,
    Status,
    User,
)


def _shown(visit: Call, talk: Conversation) -> HttpResponse:
    return answer(shapes.conversation(visit.state, talk, visit.at))


def create(visit: Call) -> HttpResponse:
    """``POST /conversations``. Never idempotent: a second one makes a second conversation."""
    values = visit.values
    if values.get("status") is not None and values["status"] not in STATUSES:
        raise errors.refused(422, f"'{words(values['status'])}' is not a valid status")
    place = _place(visit)
    first = table(values.get("message"))
    talk = work_of(visit).open_conversation(place, {**values, **_attributes(values)})
    visit.to = talk.address
    _assign_at_birth(visit, talk)
    if first:
        save(visit, talk, first)
    return _shown(visit, talk)


def _attributes(values: Any) -> dict[str, Any]:
    return {name: table(values.get(name)) for name in ("custom_attributes", "additional_attributes")}


def _place(visit: Call) -> ContactInbox:
    """The contact inbox by contact and inbox, or by its own id alone."""
    state, source_id = visit.state, words(visit.values.get("source_id"))
    inbox, contact_id = number(visit.values.get("inbox_id")), number(visit.values.get("contact_id"))
    if inbox is not None and inbox != state.inbox.id:
        raise errors.not_found("inbox")
    contact = state.contacts.get(contact_id) if contact_id is not None else None
    if contact_id is not None and contact is None:
        raise errors.not_found("contact")
    if contact is not None and inbox is not None:
        return link(visit, contact, source_id)
    known = link_by(state, source_id)
    if known is None:
        raise errors.not_found("contact inbox")
    return known


def _assign_at_birth(visit: Call, talk: Conversation) -> None:
    user = visit.state.users.get(number(visit.values.get("assignee_id")) or 0)
    if user is not None:
        work_of(visit).assign(talk, user)
    team = number(visit.values.get("team_id"))
    if team in visit.state.teams:
        work_of(visit).assign_team(talk, team)


def show(visit: Call) -> HttpResponse:
    """``GET /conversations/{id}``"""
    return _shown(visit, talk_of(visit))


def index(visit: Call) -> HttpResponse:
    """``GET /conversations``: those with a status (``open`` unless said), the last spoken in first."""
    state, talks = visit.state, _found(visit)
    talks.sort(key=lambda talk: -talk.active_at)
    who, me = words(visit.values.get("assignee_type")) or "all", caller(visit)
    chosen = [talk for talk in talks if _is_whose(talk, who, me)]
    page = max(1, number(visit.values.get("page")) or 1)
    rows = chosen[(page - 1) * CONVERSATIONS_PER_PAGE : page * CONVERSATIONS_PER_PAGE]
    payload = [shapes.conversation(state, talk, talk.at(visit.exchange.now)) for talk in rows]
    return answer({"data": {"meta": _counts(talks, me), "payload": payload}})


def _found(visit: Call) -> list[Conversation]:
    """The conversations that a list or its counts are about: by status (not where words are looked for), inbox, team, any of
    some labels, words, source id."""
    values = visit.values
    wanted, team, source = words(values.get("status")) or "open", number(values.get("team_id")), values.get("source_id")
    labels, query = set(_words_of(values.get("labels"))), (words(values.get("q")) or "").lower()
    if team is not None and team not in visit.state.teams:
        raise errors.not_found("team")
    if number(values.get("inbox_id")) not in (None, visit.state.inbox.id):
        return []
    return [
        talk
        for talk in visit.state.tickets.values()
        if (query or wanted in ("all", talk.status))
        and (team is None or talk.team_id == team)
        and (source is None or talk.link.source_id == words(source))
        and (not labels or not labels.isdisjoint(talk.labels))
        and (not query or any(query in (each.content or "").lower() for each in talk.messages if _is_said(each)))
    ]


def _is_said(message: Message) -> bool:
    return message.message_type in ("incoming", "outgoing")


def _words_of(value: object) -> list[str]:
    """A list of words, or the one that is given alone."""
    given = value if isinstance(value, list) else [value] if value else []
    return [str(each) for each in given]


def _is_whose(talk: Conversation, who: str, me: User | AgentBot) -> bool:
    if who == "me":
        return talk.user is me
    return who == "all" or (talk.user is None) == (who == "unassigned")


def _counts(talks: list[Conversation], me: User | AgentBot) -> dict[str, int]:
    return {
        "mine_count": sum(talk.user is me for talk in talks),
        "assigned_count": sum(talk.user is not None for talk in talks),
        "unassigned_count": sum(talk.user is None for talk in talks),
        "all_count": len(talks),
    }


def meta(visit: Call) -> HttpResponse:
    """``GET /conversations/meta``"""
    return answer({"meta": _counts(_found(visit), caller(visit))})


# -------------------------------------------------------------------------------------------------- changing


def toggle_status(visit: Call) -> HttpResponse:
    """``POST /conversations/{id}/toggle_status``: to the status asked for; without one, to and fro."""
    talk, wanted = talk_of(visit), words(visit.values.get("status"))
    if wanted is None:
        wanted = "resolved" if talk.status == "open" else "open"
    if wanted not in STATUSES:
        raise errors.refused(422, f"'{wanted}' is not a valid status")
    until = _moment(visit.values.get("snoozed_until")) if wanted == "snoozed" else None
    _set_status(visit, talk, wanted, until)
    payload = {
        "success": True,
        "conversation_id": int(talk.address),
        "current_status": talk.status,
        "snoozed_until": shapes.iso(talk.snoozed_until),
    }
    return answer({"meta": {}, "payload": payload})


def _set_status(visit: Call, talk: Conversation, wanted: Status, until: float | None) -> None:
    work = work_of(visit)
    handing_over = talk.status == "pending" and wanted == "open" and isinstance(work.by, AgentBot)
    waiting = {"waiting_since": visit.at} if handing_over and talk.waiting_since is None else {}
    work.set_status(talk, wanted, **({"snoozed_until": until} if wanted == "snoozed" else waiting))
    if until is not None and until > visit.at:
        visit.later.append(Later(until - visit.at, talk.address, Elapse(agent="", what="reopen_snoozed")))


def _moment(value: Any) -> float | None:
    """``snoozed_until``: Unix seconds or ISO 8601."""
    if (stamp := number(value)) is not None:
        return float(stamp)
    try:
        return datetime.fromisoformat(str(value)).timestamp() if value else None
    except (ValueError, OverflowError):
        return None


def assign(visit: Call) -> HttpResponse:
    """``POST /conversations/{id}/assignments``: to a user, an agent bot or a team; an unknown id unassigns."""
    talk, values, work = talk_of(visit), visit.values, work_of(visit)
    if "assignee_id" in values:
        id = number(values["assignee_id"]) or 0
        if values.get("assignee_type") == "AgentBot" and id in visit.state.bots:
            work.assign_bot(talk, visit.state.bots[id])
            return answer({**shapes.pushed_bot(visit.state.bots[id])})
        user = visit.state.users.get(id)
        work.assign(talk, user)
        return answer(shapes.agent(visit.state, user) if user else None)
    if "team_id" in values:
        work.assign_team(talk, number(values["team_id"]))
        return answer(shapes.team(visit.state, talk.team_id))
    return answer(None)


def labels(visit: Call) -> HttpResponse:
    """``GET|POST /conversations/{id}/labels``: writing replaces the list."""
    talk = talk_of(visit)
    if visit.request.method == "POST":
        work_of(visit).update(talk, labels=list(dict.fromkeys(_words_of(visit.values.get("labels")))))
    return answer({"payload": talk.labels})


def custom_attributes(visit: Call) -> HttpResponse:
    """``POST /conversations/{id}/custom_attributes``: replaces them."""
    talk = talk_of(visit)
    work_of(visit).update(talk, custom_attributes=table(visit.values.get("custom_attributes")))
    return answer({"custom_attributes": talk.custom_attributes})


def _prioritise(visit: Call, talk: Conversation) -> None:
    wanted = words(visit.values.get("priority"))
    wanted = None if wanted in (None, "none", "null") else wanted
    if wanted is not None and wanted not in PRIORITIES:
        raise errors.refused(422, f"'{wanted}' is not a valid priority")
    work_of(visit).update(talk, priority=wanted)


def toggle_priority(visit: Call) -> HttpResponse:
    """``POST /conversations/{id}/toggle_priority``"""
    _prioritise(visit, talk_of(visit))
    return OK


def update(visit: Call) -> HttpResponse:
    """``PATCH /conversations/{id}``: the priority."""
    talk = talk_of(visit)
    if "priority" in visit.values:
        _prioritise(visit, talk)
    return _shown(visit, talk)


def toggle_typing(visit: Call) -> HttpResponse:
    """``POST /conversations/{id}/toggle_typing_status``"""
    talk, status = talk_of(visit), visit.values.get("typing_status")
    if status in ("on", "off"):
        work = work_of(visit)
        payload = {
            "user": shapes.hooked(visit.state, work.by),
            "conversation": work.payload(talk),
            "is_private": is_true(visit.values.get("is_private")),
        }
        hooks.publish(visit.state, f"conversation_typing_{status}", payload, visit.at, talk)
    return OK


def update_last_seen(visit: Call) -> HttpResponse:
    """``POST /conversations/{id}/update_last_seen``"""
    talk = talk_of(visit)
    talk.agent_seen_at = visit.at
    return _shown(visit, talk)


def mute(visit: Call) -> HttpResponse:
    """``POST /conversations/{id}/mute``: resolves, and blocks the contact."""
    talk = talk_of(visit)
    talk.person.blocked = True
    work_of(visit).set_status(talk, "resolved")
    return OK


def unmute(visit: Call) -> HttpResponse:
    """``POST /conversations/{id}/unmute``"""
    talk_of(visit).person.blocked = False
    return OK


def destroy(visit: Call) -> HttpResponse:
    """``DELETE /conversations/{id}``: for administrators."""
    talk = talk_of(visit)
    del visit.state.tickets[talk.address]
    return json_response({})
