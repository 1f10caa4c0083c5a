"""Messages over the application API. Source: Chatwoot v4.15.1, accounts/conversations/messages_controller.rb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chatdrill.wire import HttpResponse
from chatdrill_fakes.desks.chatwoot import errors, shapes
from chatdrill_fakes.desks.chatwoot.common import Call, answer, message_of, number, talk_of, words, work_of
from chatdrill_fakes.desks.chatwoot.limits import MESSAGES_PER_PAGE
from chatdrill_fakes.desks.chatwoot.state import Conversation, Message
from chatdrill_fakes.desks.chatwoot.writing import CONTENT_TYPES, Invalid, delete, report_status, write

_AFTER_MAX = 100
_TYPES = ("incoming", "outgoing", "activity", "template")


def save(visit: Call, talk: Conversation, values: Mapping[str, Any]) -> Message:
    """Write the message of a call; what cannot be saved is a 422 with ``error``."""
    kind = words(values.get("message_type")) or "outgoing"
    content_type = words(values.get("content_type")) or "text"
    if kind not in _TYPES:
        raise errors.refused(422, f"'{kind}' is not a valid message_type")
    if content_type not in CONTENT_TYPES:
        raise errors.refused(422, f"'{content_type}' is not a valid content_type")
    if kind in ("activity", "template"):
        raise errors.refused(422, f"chatdrill does not emulate messages of type {kind} that a call writes")
    try:
        return write(work_of(visit), talk, visit, values, kind)
    except Invalid as problem:
        raise errors.refused(422, f"Validation failed: {problem.problem}") from problem


def create(visit: Call) -> HttpResponse:
    """``POST /conversations/{id}/messages``. Never idempotent, whatever ids it carries."""
    talk = talk_of(visit)
    message = save(visit, talk, visit.values)
    return answer(shapes.message(visit.state, talk, message))


def page(messages: Sequence[Message], values: Mapping[str, Any]) -> list[Message]:
    """Twenty messages before an id (or the last ones), or a hundred after one; oldest first."""
    before, after = number(values.get("before")), number(values.get("after"))
    found = [each for each in messages if (before is None or each.id < before) and (after is None or each.id > after)]
    return found[:_AFTER_MAX] if after is not None else found[-MESSAGES_PER_PAGE:]


def index(visit: Call) -> HttpResponse:
    """``GET /conversations/{id}/messages``"""
    talk, state = talk_of(visit), visit.state
    meta = {
        "labels": talk.labels,
        "additional_attributes": talk.additional_attributes,
        "contact": shapes.pushed_contact(talk.person),
        **({"assignee": shapes.agent(state, talk.user)} if talk.user else {}),
        "agent_last_seen_at": shapes.iso(talk.agent_seen_at),
        "assignee_last_seen_at": shapes.iso(talk.assignee_seen_at),
    }
    shown = [shapes.message(state, talk, each) for each in page(talk.messages, visit.values)]
    return answer({"meta": meta, "payload": shown})


def update(visit: Call) -> HttpResponse:
    """``PATCH /conversations/{id}/messages/{id}``: what became of a message on the channel."""
    talk = talk_of(visit)
    message = message_of(visit, talk)
    status, error = words(visit.values.get("status")) or "", words(visit.values.get("external_error"))
    report_status(work_of(visit), talk, message, status, error)
    return answer(shapes.message(visit.state, talk, message))


def destroy(visit: Call) -> HttpResponse:
    """``DELETE /conversations/{id}/messages/{id}``: a marker stays."""
    talk = talk_of(visit)
    message = message_of(visit, talk)
    delete(work_of(visit), talk, message)
    return answer(shapes.message(visit.state, talk, message))
