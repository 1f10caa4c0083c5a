"""Messages of a Sunshine conversation: how they look, who is told of them, and where they stand for the agents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.model import Entry
from chatdrill_fakes.desks.zendesk import hooks, ids
from chatdrill_fakes.desks.zendesk.ids import iso_ms
from chatdrill_fakes.desks.zendesk.origins import origin_of
from chatdrill_fakes.desks.zendesk.scene import Scene
from chatdrill_fakes.desks.zendesk.state import (
    AGENT_WORKSPACE,
    Message,
    Station,
    SuncoUser,
    Talk,
    ZendeskState,
    ZendeskTicket,
)

AGENT_ID = "__zendesk_msg.agent.id"
API_SOURCE = {"type": "api:conversations"}
WORKSPACE_SOURCE = {"type": AGENT_WORKSPACE}
_LINES = {
    "ticket:closed": "The ticket was closed",
    "ticket:transfer:email": "The conversation was moved to e-mail",
    "conversation:endedByUser": "The conversation was ended by the user",
}


# --------------------------------------------------------------------------------------------------------- shapes


def user(person: SuncoUser) -> dict[str, Any]:
    """A user with everything known."""
    zendesk = {} if person.person_id is None else {"zendeskId": str(person.person_id)}
    return {
        **truncated_user(person),
        **zendesk,
        "signedUpAt": person.signed_up_at,
        "hasPaymentInfo": False,
        "identities": _identities(person),
        "profile": {"locale": "en", "localeOrigin": "apiRequest", **person.profile},
        "metadata": dict(person.metadata),
    }


def _identities(person: SuncoUser) -> list[dict[str, Any]]:
    email = person.profile.get("email")
    return [{"type": "email", "value": email, "primary": True}] if email else []


def truncated_user(person: SuncoUser) -> dict[str, Any]:
    """A user in an event."""
    external = {} if person.external_id is None else {"externalId": person.external_id}
    return {"id": person.id, **external, "authenticated": False}


def station(each: Station) -> dict[str, Any]:
    """A switchboard integration in a conversation."""
    return {
        "id": each.id,
        "name": each.name,
        "integrationId": each.integration_id,
        "integrationType": each.integration_type,
    }


def truncated(state: ZendeskState, talk: Talk) -> dict[str, Any]:
    """A conversation in an event; who has control, and who is offered it, are left out where that is nobody."""
    shape: dict[str, Any] = {"id": talk.id, "type": talk.type}
    if talk.metadata:
        shape["metadata"] = dict(talk.metadata)
    for key, id in (("activeSwitchboardIntegration", talk.active), ("pendingSwitchboardIntegration", talk.pending)):
        if id in state.stations:
            shape[key] = station(state.stations[id])
    return shape


def conversation(state: ZendeskState, talk: Talk) -> dict[str, Any]:
    """A conversation in an answer."""
    told = {"displayName": talk.display_name, "description": talk.description, "iconUrl": talk.icon_url}
    read = {} if talk.business_read_at is None else {"businessLastRead": iso_ms(talk.business_read_at)}
    return {
        **truncated(state, talk),
        "isDefault": talk.is_default,
        **{key: value for key, value in told.items() if value is not None},
        **read,
        "lastUpdatedAt": iso_ms(talk.changed_at),
        "createdAt": iso_ms(talk.made_at),
    }


def shape(message: Message) -> dict[str, Any]:
    """A message in an answer."""
    base = {"id": message.id, "received": iso_ms(message.at), "author": dict(message.author)}
    if message.deleted:
        return {**base, "content": {"type": "text", "text": ""}, "source": dict(message.source), "deleted": True}
    activity = {} if message.activity is None else {"activity": dict(message.activity)}
    metadata = {"metadata": dict(message.metadata)} if message.metadata else {}
    return {**base, **activity, "content": dict(message.content), "source": dict(message.source), **metadata}


def hooked(state: ZendeskState, message: Message, *, full: bool) -> dict[str, Any]:
    """A message in an event: the author comes as a whole user."""
    told = shape(message)
    person = state.users.get(message.user_id or "")
    if person is not None:
        told["author"] = {**told["author"], "user": user(person) if full else truncated_user(person)}
    return told


# -------------------------------------------------------------------------------------------------------- posting


def is_live(ticket: ZendeskTicket) -> bool:
    """True while messages of the conversation stand in a ticket."""
    record = ticket.record
    return record is not None and record.status != "closed" and not record.moved


def post(scene: Scene, message: Message) -> Message:
    """A message is said: everybody who listens hears of it, and the agents see it if there is a ticket."""
    talk = scene.ticket.talk
    assert talk is not None
    talk.messages.append(message)
    talk.changed_at = max(talk.changed_at, message.at)
    if is_live(scene.ticket):
        talk.filed = len(talk.messages)
        file(scene, message)
        scene.record.agent_spoke |= message.agent is not None
    state = scene.state
    told = truncated(state, talk)  # as it is now, not as it is when the webhook goes
    hooks.tell_sunco(
        state,
        scene.ticket,
        "conversation:message",
        lambda full: {"conversation": told, "message": hooked(state, message, full=full)},
        message.at,
    )
    if is_live(scene.ticket):
        _tell_support(scene, message)
    return message


def file(scene: Scene, message: Message) -> None:
    """A message stands in the ticket."""
    scene.add(entry_of(scene.state, message))


def entry_of(state: ZendeskState, message: Message) -> Entry:
    """A message as the agents see it."""
    author: Any = "agent" if message.agent is not None else "customer" if message.user_id is not None else "bot"
    kind = str(message.content.get("type", "text"))
    person = state.users.get(message.user_id or "")
    name = message.author.get("displayName") or (person.name if person is not None else None)
    return Entry(
        id=message.id,
        author="system" if message.activity is not None else author,
        at=message.at,
        text=words_of(message.content),
        files=message.files,
        kind=None if kind in ("text", "image", "file") else kind,
        origin_id=origin_of({key: value for key, value in message.metadata.items() if key != AGENT_ID}),
        said_by=name or None,
    )


def words_of(content: Mapping[str, Any]) -> str:
    """What a message says, whatever its type."""
    said = content.get("text") or content.get("markdownText") or content.get("htmlText") or content.get("textFallback")
    if said:
        return str(said)
    place = content.get("coordinates")
    if isinstance(place, dict):
        return f"{place.get('lat')}, {place.get('long')}"
    titles = [str(item.get("title", "")) for item in content.get("items") or () if isinstance(item, dict)]
    return "\n".join(titles) or str(content.get("altText") or "")


def _tell_support(scene: Scene, message: Message) -> None:
    """Support has an event of its own for messages. Source: Zendesk, Messaging ticket events (2025)."""
    record = scene.record
    if message.agent is not None:
        actor = {"id": str(message.agent), "name": message.author.get("displayName", ""), "type": "agent"}
    elif message.user_id is not None:
        person = scene.state.users[message.user_id]
        actor = {"id": str(person.person_id or person.id), "name": person.name, "type": "end_user"}
    else:
        actor = {"id": "zd:answerBot", "name": message.author.get("displayName", ""), "type": "system"}
    said = {"id": message.id, "body": words_of(message.content)}
    event = {"actor": actor, "conversation_id": scene.address, "message": said}
    detail, subject = {"id": str(record.number)}, f"zen:ticket:{record.number}"
    hooks.tell_support(scene.state, scene.ticket, "messaging_ticket.message_added", subject, detail, event, message.at)


def say_activity(scene: Scene, type: str) -> None:
    """The desk writes a line of its own into the conversation."""
    message = Message(
        id=ids.object_id(scene.state.chance, scene.now),
        author={"type": "business", "subtypes": ["activity"]},
        content={"type": "text", "text": _LINES[type]},
        source=dict(WORKSPACE_SOURCE),
        at=scene.now,
        activity={"type": type},
    )
    post(scene, message)
    if scene.ticket.talk is not None:
        scene.ticket.talk.filed = len(scene.ticket.talk.messages)  # no later ticket repeats it


def tell_activity(scene: Scene, type: str, author: Mapping[str, Any], person: SuncoUser) -> None:
    """A user types or has read; of the business's own typing nobody is told."""
    state, talk = scene.state, scene.ticket.talk
    assert talk is not None
    told = truncated(state, talk)

    def payload(full: bool) -> dict[str, Any]:
        shown = {**author, "user": user(person) if full else truncated_user(person)}
        return {"conversation": told, "activity": {"type": type, "author": shown, "source": dict(API_SOURCE)}}

    event = "conversation:read" if type == "conversation:read" else "conversation:typing"
    hooks.tell_sunco(state, scene.ticket, event, payload, scene.now)
