"""The client API of an API inbox, and the survey page. Source: Chatwoot v4.15.1, controllers/public/api/v1."""

from __future__ import annotations

import html

from chatdrill.wire import HttpResponse
from chatdrill_fakes.desks.chatwoot import contacts, errors, hooks, shapes
from chatdrill_fakes.desks.chatwoot.common import OK, Call, answer, link_by, message_of, number, same, table, words
from chatdrill_fakes.desks.chatwoot.life import Work
from chatdrill_fakes.desks.chatwoot.messages import page
from chatdrill_fakes.desks.chatwoot.rating import rate
from chatdrill_fakes.desks.chatwoot.state import Contact, ContactInbox, Conversation, Message
from chatdrill_fakes.desks.chatwoot.writing import Invalid, write

_HMAC_FAILED = "HMAC failed: Invalid Identifier Hash Provided"


def check_inbox(visit: Call) -> None:
    """Refuse another inbox's identifier."""
    if visit.params.get("inbox_identifier") not in (None, visit.state.inbox.identifier):
        raise errors.not_found("inbox")


def _link(visit: Call) -> ContactInbox:
    found = link_by(visit.state, visit.params["source_id"])
    if found is None:
        raise errors.not_found("contact inbox")
    return found


def _talk(visit: Call) -> Conversation:
    """The conversation in the path, if it is this contact's."""
    place, talk = _link(visit), visit.state.tickets.get(str(number(visit.params["conversation_id"])))
    mine = talk is not None and (talk.link is place or (place.hmac_verified and talk.person is place.contact))
    if talk is None or not mine:
        raise errors.not_found("conversation")
    visit.to = talk.address
    return talk


def _work(visit: Call, contact: Contact) -> Work:
    return Work(visit.state, visit.at, contact, True, visit.events)


# ----------------------------------------------------------------------------------------- inbox and contacts


def show_inbox(visit: Call) -> HttpResponse:
    """``GET /inboxes/{identifier}``"""
    inbox = visit.state.inbox
    return answer(
        {
            "identifier": inbox.identifier,
            "name": inbox.name,
            "timezone": inbox.timezone,
            "working_hours": inbox.hours,
            "working_hours_enabled": inbox.working_hours_enabled,
            "csat_survey_enabled": inbox.csat_survey_enabled,
            "greeting_enabled": bool(inbox.greeting_message),
            "identity_validation_enabled": inbox.hmac_mandatory,
        }
    )


def create_contact(visit: Call) -> HttpResponse:
    """``POST /inboxes/{identifier}/contacts``: the same for the same source id; the same person for the same identifier,
    e-mail address or number."""
    verified = _is_verified(visit)
    source_id = words(visit.values.get("source_id"))
    place = link_by(visit.state, source_id) if source_id else None
    if place is None:
        place = _new_link(visit, source_id)
    place.hmac_verified = place.hmac_verified or verified
    return answer(shapes.public_contact(place))


def _new_link(visit: Call, source_id: str | None) -> ContactInbox:
    fields, known = contacts.fields_of(visit.values), None
    for name in ("identifier", "email", "phone_number"):
        known = known or contacts.find(visit.state, name, fields.get(name))
    if known is None:
        contacts.check(visit.state, fields)
        known = contacts.make(visit, visit.values, contacts.nickname(visit.state))
        made = True
    else:
        made = False
    place = contacts.link(visit, known, source_id)
    contacts.filed(visit, known, place.source_id, made=made)
    return place


def _is_verified(visit: Call) -> bool:
    """Whether the identity is proved; a wrong proof, or none where one must be, is an error."""
    given = words(visit.values.get("identifier_hash"))
    if given is None and not visit.state.inbox.hmac_mandatory:
        return False
    identifier = words(visit.values.get("identifier")) or ""
    if not same(given or "", hooks.identifier_hash(visit.state.settings["hmac_token"], identifier)):
        raise errors.refused(500, _HMAC_FAILED)
    return True


def show_contact(visit: Call) -> HttpResponse:
    """``GET .../contacts/{source_id}``"""
    return answer(shapes.public_contact(_link(visit)))


def update_contact(visit: Call) -> HttpResponse:
    """``PATCH .../contacts/{source_id}``"""
    place, verified = _link(visit), _is_verified(visit)
    contacts.change(visit, place.contact, visit.values)
    place.hmac_verified = place.hmac_verified or verified
    return answer(shapes.public_contact(place))


# ---------------------------------------------------------------------------------------------- conversations


def create_conversation(visit: Call) -> HttpResponse:
    """``POST .../conversations``: a new one each time."""
    place = _link(visit)
    values = {"custom_attributes": table(visit.values.get("custom_attributes"))}
    talk = _work(visit, place.contact).open_conversation(place, values)
    visit.to = talk.address
    return answer(shapes.public_conversation(visit.state, talk))


def list_conversations(visit: Call) -> HttpResponse:
    """``GET .../conversations``: of this source id; of the whole person where the identity is proved."""
    place, state = _link(visit), visit.state
    links = [each for each in state.links if each.contact is place.contact] if place.hmac_verified else [place]
    return answer([shapes.public_conversation(state, talk) for talk in state.conversations_of(links)])


def show_conversation(visit: Call) -> HttpResponse:
    """``GET .../conversations/{id}``"""
    return answer(shapes.public_conversation(visit.state, _talk(visit)))


def toggle_status(visit: Call) -> HttpResponse:
    """``POST .../toggle_status``: the customer resolves; there is no way back by this call."""
    talk = _talk(visit)
    _work(visit, talk.person).set_status(talk, "resolved")
    return answer(shapes.public_conversation(visit.state, talk))


def toggle_typing(visit: Call) -> HttpResponse:
    """``POST .../toggle_typing``"""
    talk, status = _talk(visit), visit.values.get("typing_status")
    if status in ("on", "off"):
        work = _work(visit, talk.person)
        user = shapes.hooked_contact(visit.state, talk.person)
        payload = {"user": user, "conversation": work.payload(talk), "is_private": False}
        hooks.publish(visit.state, f"conversation_typing_{status}", payload, visit.at, talk)
    return OK


def update_last_seen(visit: Call) -> HttpResponse:
    """``POST .../update_last_seen``: the customer has read."""
    talk = _talk(visit)
    talk.contact_seen_at = visit.at
    return OK


# --------------------------------------------------------------------------------------------------- messages


def create_message(visit: Call) -> HttpResponse:
    """``POST .../messages``: the customer's words. Never idempotent: ``echo_id`` is only given back to screens."""
    talk = _talk(visit)
    values = {name: visit.values.get(name) for name in ("content", "echo_id")}
    try:
        message = write(_work(visit, talk.person), talk, visit, values, "incoming")
    except Invalid as problem:
        raise errors.invalid(problem.problem, [problem.attribute]) from problem
    return answer(shapes.public_message(visit.state, talk, message))


def list_messages(visit: Call) -> HttpResponse:
    """``GET .../messages``: without notes and activity."""
    talk = _talk(visit)
    shown = [each for each in talk.messages if each.message_type != "activity" and not each.private]
    return answer([shapes.public_message(visit.state, talk, each) for each in page(shown, visit.values)])


def update_message(visit: Call) -> HttpResponse:
    """``PATCH .../messages/{id}``: the customer fills in a form, or rates."""
    talk = _talk(visit)
    message = message_of(visit, talk)
    _submit(visit, talk, message, table(visit.values.get("submitted_values")))
    return answer(shapes.public_message(visit.state, talk, message))


def _submit(visit: Call, talk: Conversation, message: Message, values: dict[str, object]) -> None:
    work = _work(visit, talk.person)
    if message.content_type != "input_csat":
        work.rewrite(talk, message, content_attributes={**message.content_attributes, "submitted_values": values})
    elif (problem := rate(work, talk, message, values)) is not None:
        raise errors.refused(422, problem)


# ----------------------------------------------------------------------------------------------------- survey


def _surveyed(visit: Call) -> tuple[Conversation, Message]:
    for talk in visit.state.tickets.values():
        if talk.uuid == visit.params["uuid"]:
            visit.to = talk.address
            for message in talk.messages:
                if message.content_type == "input_csat":
                    return talk, message
    raise errors.not_found("survey")


def show_survey(visit: Call) -> HttpResponse:
    """``GET /csat_survey/{uuid}``"""
    talk, message = _surveyed(visit)
    return answer(_survey(visit, talk, message))


def answer_survey(visit: Call) -> HttpResponse:
    """``PUT|PATCH /csat_survey/{uuid}``"""
    talk, message = _surveyed(visit)
    _submit(visit, talk, message, table(table(visit.values.get("message")).get("submitted_values")))
    return answer(_survey(visit, talk, message))


def _survey(visit: Call, talk: Conversation, message: Message) -> dict[str, object]:
    given = message.content_attributes.get("submitted_values", {}).get("csat_survey_response")
    return {
        "id": message.id,
        "csat_survey_response": given,
        "inbox_avatar_url": "",
        "inbox_name": visit.state.inbox.name,
        "locale": "en",
        "conversation_id": int(talk.address),
        "created_at": shapes.iso(message.at),
    }


def survey_page(visit: Call) -> HttpResponse:
    """``GET /survey/responses/{uuid}``: the page itself, without its script."""
    _surveyed(visit)
    name = html.escape(visit.state.inbox.name)
    body = f"<!DOCTYPE html><html><head><title>{name}</title></head><body><h1>Rate your conversation</h1></body></html>"
    return HttpResponse(200, (("Content-Type", "text/html; charset=utf-8"),), body.encode())
