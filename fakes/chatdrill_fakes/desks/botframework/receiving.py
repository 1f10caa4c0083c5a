"""Activities that the bot posts: requests for a person, messages, changes of messages, an end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from chatdrill.model import (
    ContactFiled,
    Elapse,
    Entry,
    EntryAdded,
    EntryChanged,
    File,
    HandoffAsked,
    StateChanged,
    TicketOpened,
    TicketReopened,
)
from chatdrill.wire import HttpResponse, Later, json_response, strings_in
from chatdrill_fakes.desks.botframework import hub
from chatdrill_fakes.desks.botframework.activities import (
    Account,
    Activity,
    author_of,
    entry_of,
    files_of,
    messages_among,
    read,
    read_activity,
    said_before,
)
from chatdrill_fakes.desks.botframework.answers import At, conversation_of, refuse
from chatdrill_fakes.desks.botframework.state import Conversation

INITIATE = "handoff.initiate"
Past = Sequence[tuple[Activity, list[File]]]


class Parameters(msgspec.Struct, frozen=True, rename="camel"):
    """``ConversationParameters``."""

    members: tuple[Account, ...] | None = None
    bot: Account | None = None
    topic_name: str | None = None
    activity: Any = None
    channel_data: Any = None


# --------------------------------------------------------------------------------------------- conversations


def create(visit: At) -> HttpResponse:
    """POST /v3/conversations; a second call makes a second conversation."""
    given = read(dict(visit.values), Parameters)
    if not given.members or not all(member.id for member in given.members):
        raise refuse(400, "MissingProperty", "The 'Members' property is required, with an id for each")
    first = None if given.activity is None else read_activity(given.activity)
    loaded = None if first is None else _load(visit, first)
    words = [member for member in visit.values["members"] if isinstance(member, dict)]
    keys = strings_in([words, given.channel_data, given.topic_name])
    id = visit.state.chance.base64url(22)
    conversation = _open(visit, id, given.members, keys, first, given.topic_name or "")
    done = "" if first is None or loaded is None else _carry_out(visit, conversation, first, loaded, None)
    told = {"activityId": done, "serviceUrl": f"{visit.base_url}/", "id": conversation.address}
    return json_response(told, status=201)


def _open(
    visit: At,
    id: str,
    people: Sequence[Account],
    keys: Iterable[str],
    activity: Activity | None,
    subject: str = "",
) -> Conversation:
    conversation = Conversation(address=id, made_at=visit.exchange.now, changed_at=visit.exchange.now)
    for person in people:
        _file(visit, conversation, person)
    visit.state.tickets[id] = conversation
    visit.to = id
    said = (word for person in people for word in (person.id, person.name))
    visit.events.append(
        TicketOpened(
            ticket=id,
            contact=conversation.contact,
            keys=tuple(dict.fromkeys(word for word in (*said, *keys, id) if word)),
            name=next((person.name for person in people if person.name), None) or "",
            subject=subject,
            locale=None if activity is None else activity.locale,
        )
    )
    return conversation


def _file(visit: At, conversation: Conversation, person: Account | None) -> None:
    """Remember a customer who is spoken of for the first time."""
    if person is None or not person.id or author_of(visit.state, person) == "bot" or person.id in conversation.members:
        return
    conversation.members[person.id] = {"id": person.id, "name": person.name, "role": "user"}
    conversation.contact = conversation.contact or person.id
    keys = (person.id, *((person.name,) if person.name else ()))
    made = person.id not in visit.state.people
    visit.state.people.add(person.id)
    ticket = conversation.address if conversation.address in visit.state.tickets else None
    visit.events.append(ContactFiled(ticket=ticket, contact=person.id, keys=keys, name=person.name or "", made=made))


# ------------------------------------------------------------------------------------------------ activities


def receive(visit: At) -> HttpResponse:
    """POST /v3/conversations/{id}/activities, and .../{activity} for a reply.

    The event ``handoff.initiate`` about a conversation that the hub does not know opens it under the bot's id: the hub's
    statuses name the conversation as the bot does.
    """
    activity = read_activity(dict(visit.values))
    id = visit.params["conversation"]
    if id not in visit.state.tickets and not _asks(activity):
        conversation_of(visit)
    loaded = _load(visit, activity)
    if id in visit.state.tickets:
        conversation = conversation_of(visit)
    else:
        people = _writers(visit, activity, loaded[1])
        keys = strings_in([activity.relates_to, activity.value, activity.channel_data])
        conversation = _open(visit, id, people, keys, activity)
    return json_response({"id": _carry_out(visit, conversation, activity, loaded, visit.params.get("activity"))})


def _asks(activity: Activity) -> bool:
    return activity.type == "event" and activity.name == INITIATE


def _writers(visit: At, activity: Activity, past: Past) -> list[Account]:
    """The customers who write in a transcript, or in whose name the bot asks."""
    writers = [activity.sender, *(each.sender for each, _ in past)]
    return [writer for writer in writers if writer and author_of(visit.state, writer) == "customer"]


def _load(visit: At, activity: Activity) -> tuple[list[File], Past]:
    """Everything that must be read from the network, before anything is changed."""
    if _asks(activity):
        return [], said_before(visit, activity)
    return (files_of(visit, activity.attachments or ()), ()) if activity.type == "message" else ([], ())


def _carry_out(
    visit: At, conversation: Conversation, activity: Activity, loaded: tuple[list[File], Past], reply_to: str | None
) -> str:
    files, past = loaded
    if _asks(activity):
        _initiate(visit, conversation, activity, past)
    elif activity.type == "message":
        if not (activity.text or activity.attachments):
            raise refuse(400, "MissingProperty", "A message needs text or attachments")
        return _add(visit, conversation, activity, files, reply_to).id
    else:
        _OTHERS.get(activity.type or "", _drop)(visit, conversation, activity)
    return conversation.new_id()


def _add(
    visit: At, conversation: Conversation, activity: Activity, files: list[File], reply_to: str | None = None
) -> Entry:
    _file(visit, conversation, activity.sender)
    entry = entry_of(visit, conversation, activity, files, reply_to)
    conversation.entries.append(entry)
    conversation.changed_at = visit.at
    visit.events.append(EntryAdded(ticket=conversation.address, entry=entry))
    return entry


def _initiate(visit: At, conversation: Conversation, activity: Activity, past: Past) -> None:
    """A request for a person. Nothing in the protocol recognises a second one: its transcript stands there twice."""
    state, value = visit.state, activity.value
    ticket = conversation.address
    fields = value if isinstance(value, dict) else {} if value is None else {"value": value}
    if conversation.ended and conversation.phase == "bot":
        visit.events.append(TicketReopened(ticket=ticket))
    for each, files in past:
        _add(visit, conversation, each, files)
    visit.events.append(HandoffAsked(ticket=ticket, fields=fields))
    conversation.episode += 1
    if conversation.phase == "agent":
        return
    visit.events.append(StateChanged(ticket=ticket, state="new", word=INITIATE))
    skill = fields.get("Skill", fields.get("skill"))
    visit.events += hub.enqueue(state, conversation, skill if isinstance(skill, str) else None, visit.at)
    wait_s = float(state.settings["accept_timeout_s"])
    if wait_s and conversation.phase == "queue":
        data = {"episode": conversation.episode}
        visit.later.append(Later(wait_s, ticket, Elapse(agent="", what="accept_timeout", data=data)))


def _end(visit: At, conversation: Conversation, activity: Activity) -> None:  # noqa: ARG001
    """``endOfConversation``: the customer left or wants no person any more."""
    if conversation.phase != "bot":
        visit.events += hub.complete(visit.state, conversation, visit.at)


def _change(visit: At, conversation: Conversation, activity: Activity) -> None:
    _changed(visit, conversation, activity.id or "", activity.text or "")


def _remove(visit: At, conversation: Conversation, activity: Activity) -> None:
    _changed(visit, conversation, activity.id or "", None)


def _drop(visit: At, conversation: Conversation, activity: Activity) -> None:  # noqa: ARG001
    """Channels drop what they do not know."""
    if activity.type == "invoke":
        raise refuse(400, "BadArgument", "A bot cannot send an invoke")
    what = f"event {activity.name}" if activity.type == "event" else activity.type
    visit.note = f"{what}: dropped, the hub shows agents messages only"


_OTHERS: dict[str, Callable[[At, Conversation, Activity], None]] = {
    "endOfConversation": _end,
    "messageUpdate": _change,
    "messageDelete": _remove,
}


def history(visit: At) -> HttpResponse:
    """POST /v3/conversations/{id}/activities/history: what was said before, without asking for anybody.

    The ids that the sender gives are there to deal with duplicates (Bot Connector, SendConversationHistory): what stands in
    the conversation under one, also as a message's ``clientActivityID``, is not shown again.
    """
    conversation = conversation_of(visit)
    given = visit.values.get("activities")
    for each, files in messages_among(visit, read(given if given is not None else [], tuple[Activity, ...])):
        if not each.id or all(entry.origin_id != each.id for entry in conversation.entries):
            _add(visit, conversation, each, files)
    return json_response({"id": conversation.new_id()})


# --------------------------------------------------------------------------------------- changes of messages


def change(visit: At) -> HttpResponse:
    """PUT /v3/conversations/{id}/activities/{activity}."""
    conversation, activity = conversation_of(visit), read(dict(visit.values), Activity)
    id = visit.params["activity"]
    _changed(visit, conversation, id, activity.text or "")
    return json_response({"id": id})


def remove(visit: At) -> HttpResponse:
    """DELETE /v3/conversations/{id}/activities/{activity}."""
    _changed(visit, conversation_of(visit), visit.params["activity"], None)
    return HttpResponse(200)


def _changed(visit: At, conversation: Conversation, id: str, text: str | None) -> None:
    """Give a message of the bot's side another text; ``None`` deletes it. Raises ``Refused``."""
    at = next((n for n, entry in enumerate(conversation.entries) if entry.id == id), None)
    if at is None:
        raise refuse(404, "NotFound", "Unknown activity id")
    entry = conversation.entries[at]
    if entry.author == "agent" or not entry.public:
        raise refuse(403, "Forbidden", "The activity belongs to somebody else")
    if text is None:
        del conversation.entries[at]
    else:
        conversation.entries[at] = msgspec.structs.replace(entry, text=text)
    visit.events.append(EntryChanged(ticket=conversation.address, entry_id=id, text=text or "", deleted=text is None))
