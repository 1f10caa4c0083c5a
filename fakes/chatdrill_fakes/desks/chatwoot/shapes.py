"""How things look in the answers of the APIs (integers for kinds) and, below them, in what is pushed to webhooks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from chatdrill_fakes.desks.chatwoot.hours import can_reply
from chatdrill_fakes.desks.chatwoot.state import (
    AgentBot,
    Attachment,
    Author,
    ChatwootState,
    Contact,
    ContactInbox,
    Conversation,
    Message,
    User,
)

CHANNEL = "Channel::Api"
MESSAGE_TYPES = {"incoming": 0, "outgoing": 1, "activity": 2, "template": 3}


def iso(at: float | None) -> str | None:
    """A moment as Rails writes it: ``2026-01-15T10:01:00.123Z``."""
    if at is None:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds(at: float | None) -> int:
    """Whole Unix seconds; 0 for never."""
    return int(at or 0)


# ------------------------------------------------------------------------------------------------------ people


def pushed_contact(contact: Contact) -> dict[str, Any]:
    """A contact inside a pushed conversation."""
    return {
        "additional_attributes": contact.additional_attributes,
        "custom_attributes": contact.custom_attributes,
        "email": contact.email,
        "id": contact.id,
        "identifier": contact.identifier,
        "name": contact.name,
        "phone_number": contact.phone_number,
        "thumbnail": "",
        "blocked": contact.blocked,
        "type": "contact",
    }


def hooked_contact(state: ChatwootState, contact: Contact) -> dict[str, Any]:
    """A contact as the sender in a webhook: with the account, without a type."""
    shape = pushed_contact(contact)
    del shape["type"]
    return {"account": account(state), "avatar": "", **shape}


def pushed_user(state: ChatwootState, user: User) -> dict[str, Any]:
    """A user inside a pushed conversation or an answer."""
    return {
        "id": user.id,
        "name": user.name,
        "available_name": user.name,
        "avatar_url": "",
        "type": "user",
        "availability_status": state.presence_of(user),
        "thumbnail": "",
    }


def pushed_bot(bot: AgentBot) -> dict[str, Any]:
    """An agent bot inside a pushed conversation or an answer."""
    return {"id": bot.id, "name": bot.name, "avatar_url": "", "type": "agent_bot"}


def pushed(state: ChatwootState, author: Author) -> dict[str, Any] | None:
    """Anybody as pushed."""
    if isinstance(author, User):
        return pushed_user(state, author)
    if isinstance(author, AgentBot):
        return pushed_bot(author)
    return pushed_contact(author) if author else None


def hooked(state: ChatwootState, author: Author) -> dict[str, Any] | None:
    """Anybody as the sender in a webhook."""
    if isinstance(author, User):
        return {"id": author.id, "name": author.name, "email": author.email, "type": "user"}
    if isinstance(author, AgentBot):
        return {"id": author.id, "name": author.name, "type": "agent_bot"}
    return hooked_contact(state, author) if author else None


def account(state: ChatwootState) -> dict[str, Any]:
    """The account in a webhook."""
    return {"id": state.account_id, "name": state.account_name}


def inbox(state: ChatwootState) -> dict[str, Any]:
    """The inbox in a webhook."""
    return {"id": state.inbox.id, "name": state.inbox.name}


def slim_inbox(state: ChatwootState) -> dict[str, Any]:
    """The inbox inside a contact."""
    return {
        "id": state.inbox.id,
        "avatar_url": "",
        "channel_id": state.inbox.id,
        "name": state.inbox.name,
        "channel_type": CHANNEL,
        "provider": None,
    }


def contact(state: ChatwootState, person: Contact) -> dict[str, Any]:
    """A contact in the application API."""
    links = [link for link in state.links if link.contact is person]
    return {
        "additional_attributes": person.additional_attributes,
        "availability_status": "offline",
        "email": person.email,
        "id": person.id,
        "name": person.name,
        "phone_number": person.phone_number,
        "blocked": person.blocked,
        "identifier": person.identifier,
        "thumbnail": "",
        "custom_attributes": person.custom_attributes,
        **({"last_activity_at": int(person.last_activity_at)} if person.last_activity_at else {}),
        "created_at": int(person.created_at),
        "contact_inboxes": [{"source_id": link.source_id, "inbox": slim_inbox(state)} for link in links],
    }


def public_contact(link: ContactInbox) -> dict[str, Any]:
    """A contact in the client API."""
    person = link.contact
    return {
        "source_id": link.source_id,
        "pubsub_token": link.pubsub_token,
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "phone_number": person.phone_number,
    }


def agent(state: ChatwootState, user: User) -> dict[str, Any]:
    """A user in the application API."""
    return {
        "id": user.id,
        "account_id": state.account_id,
        "availability_status": state.presence_of(user),
        "auto_offline": True,
        "confirmed": True,
        "email": user.email,
        "provider": "email",
        "available_name": user.name,
        "name": user.name,
        "role": user.role,
        "thumbnail": "",
        "custom_role_id": None,
    }


def team(state: ChatwootState, id: int | None) -> dict[str, Any] | None:
    """A team as pushed."""
    found = state.teams.get(id) if id is not None else None
    return {"id": found.id, "name": found.name} if found else None


# ---------------------------------------------------------------------------------------------------- messages


def attachment(state: ChatwootState, message: Message, each: Attachment) -> dict[str, Any]:
    """A file of a message. Links lead over a redirection to the bytes."""
    name = quote(each.file.name or "file")
    url = f"{state.base_url}/rails/active_storage/blobs/redirect/{each.key}/{name}"
    thumb = f"{state.base_url}/rails/active_storage/representations/redirect/{each.key}/{name}"
    return {
        "id": each.id,
        "message_id": message.id,
        "file_type": each.file_type,
        "account_id": state.account_id,
        "extension": None,
        "content_type": each.file.mime,
        "data_url": url,
        "thumb_url": thumb if each.file_type == "image" else "",
        "file_size": each.file.size_bytes,
        "width": each.file.width,
        "height": each.file.height,
        **({"transcribed_text": ""} if each.file_type == "audio" else {}),
    }


def _files(state: ChatwootState, message: Message) -> dict[str, Any]:
    files = [attachment(state, message, each) for each in message.attachments]
    return {"attachments": files} if files else {}


def _sender(state: ChatwootState, message: Message) -> dict[str, Any]:
    sender = pushed(state, message.sender)
    return {"sender": sender} if sender else {}


def message(state: ChatwootState, talk: Conversation, each: Message) -> dict[str, Any]:
    """A message in the application API."""
    return {
        "id": each.id,
        "content": each.content,
        "inbox_id": state.inbox.id,
        **({"echo_id": each.echo_id} if each.echo_id else {}),
        "conversation_id": int(talk.address),
        "message_type": MESSAGE_TYPES[each.message_type],
        "content_type": each.content_type,
        "status": each.status,
        "content_attributes": each.content_attributes,
        "created_at": int(each.at),
        "private": each.private,
        "source_id": each.source_id,
        **_sender(state, each),
        **_files(state, each),
    }


def public_message(state: ChatwootState, talk: Conversation, each: Message) -> dict[str, Any]:
    """A message in the client API."""
    return {
        "id": each.id,
        "content": each.content,
        "message_type": MESSAGE_TYPES[each.message_type],
        "content_type": each.content_type,
        "content_attributes": each.content_attributes,
        "created_at": int(each.at),
        "conversation_id": int(talk.address),
        **_files(state, each),
        **_sender(state, each),
    }


def pushed_message(state: ChatwootState, talk: Conversation, each: Message) -> dict[str, Any]:
    """A message inside a pushed conversation: the columns of its row, and whom it is from."""
    kinds = {User: "User", AgentBot: "AgentBot", Contact: "Contact"}
    return {
        "id": each.id,
        "content": each.content,
        "account_id": state.account_id,
        "inbox_id": state.inbox.id,
        "conversation_id": int(talk.address),
        "message_type": MESSAGE_TYPES[each.message_type],
        "created_at": int(each.at),
        "updated_at": iso(each.changed_at or each.at),
        "private": each.private,
        "status": each.status,
        "source_id": each.source_id,
        "content_type": each.content_type,
        "content_attributes": each.content_attributes,
        "sender_type": kinds.get(type(each.sender)) if each.sender else None,
        "sender_id": each.sender.id if each.sender else None,
        "external_source_ids": {},
        "additional_attributes": each.additional_attributes,
        "processed_message_content": each.content,
        "sentiment": {},
        "conversation": {
            "assignee_id": talk.user.id if talk.user else None,
            "unread_count": unread(talk),
            "last_activity_at": int(talk.active_at),
            "contact_inbox": {"source_id": talk.link.source_id},
        },
        **({"echo_id": each.echo_id} if each.echo_id else {}),
        **_files(state, each),
        **_sender(state, each),
    }


# ----------------------------------------------------------------------------------------------- conversations


def unread(talk: Conversation) -> int:
    """Messages of the customer since an agent has looked, ten at most."""
    since = talk.agent_seen_at or 0.0
    return min(10, sum(each.message_type == "incoming" and each.at > since for each in talk.messages))


def _last(talk: Conversation, *, chat: bool) -> Message | None:
    for each in reversed(talk.messages):
        if each.message_type != "activity" and not (chat and each.private):
            return each
    return None


def _meta(state: ChatwootState, talk: Conversation) -> dict[str, Any]:
    assigned: Author = talk.bot or talk.user
    return {
        "sender": pushed_contact(talk.person),
        "assignee": pushed(state, assigned),
        "assignee_type": None if assigned is None else "AgentBot" if talk.bot else "User",
        "team": team(state, talk.team_id),
        "hmac_verified": talk.link.hmac_verified,
    }


def pushed_conversation(state: ChatwootState, talk: Conversation, now: float) -> dict[str, Any]:
    """A conversation in a webhook. ``messages`` is the last *public* one, also beside a private note."""
    last = _last(talk, chat=True)
    return {
        "account": account(state),
        "additional_attributes": talk.additional_attributes,
        "can_reply": can_reply(state.inbox, talk, now),
        "channel": CHANNEL,
        "contact_inbox": pushed_link(state, talk.link),
        "id": int(talk.address),
        "inbox_id": state.inbox.id,
        "messages": [pushed_message(state, talk, last)] if last else [],
        "labels": talk.labels,
        "meta": _meta(state, talk),
        "status": talk.status,
        "custom_attributes": talk.custom_attributes,
        "snoozed_until": iso(talk.snoozed_until),
        "unread_count": unread(talk),
        "first_reply_created_at": iso(talk.first_reply_at),
        "priority": talk.priority,
        "waiting_since": seconds(talk.waiting_since),
        "agent_last_seen_at": seconds(talk.agent_seen_at),
        "contact_last_seen_at": seconds(talk.contact_seen_at),
        "last_activity_at": int(talk.active_at),
        "timestamp": int(talk.active_at),
        "created_at": int(talk.made_at),
        "updated_at": talk.changed_at,
    }


def pushed_link(state: ChatwootState, link: ContactInbox) -> dict[str, Any]:
    """A contact inbox in a webhook."""
    return {
        "id": link.id,
        "contact_id": link.contact.id,
        "inbox_id": state.inbox.id,
        "source_id": link.source_id,
        "created_at": iso(link.created_at),
        "updated_at": iso(link.created_at),
        "hmac_verified": link.hmac_verified,
        "pubsub_token": link.pubsub_token,
    }


def conversation(state: ChatwootState, talk: Conversation, now: float) -> dict[str, Any]:
    """A conversation in the application API."""
    last, spoken = talk.messages[-1] if talk.messages else None, _last(talk, chat=False)
    return {
        "meta": {**_meta(state, talk), "channel": CHANNEL},
        "id": int(talk.address),
        "messages": [pushed_message(state, talk, last)] if last else [],
        "account_id": state.account_id,
        "uuid": talk.uuid,
        "additional_attributes": talk.additional_attributes,
        "agent_last_seen_at": seconds(talk.agent_seen_at),
        "assignee_last_seen_at": seconds(talk.assignee_seen_at),
        "can_reply": can_reply(state.inbox, talk, now),
        "contact_last_seen_at": seconds(talk.contact_seen_at),
        "custom_attributes": talk.custom_attributes,
        "inbox_id": state.inbox.id,
        "labels": talk.labels,
        "muted": talk.person.blocked,
        "snoozed_until": iso(talk.snoozed_until),
        "status": talk.status,
        "created_at": int(talk.made_at),
        "updated_at": talk.changed_at,
        "timestamp": int(talk.active_at),
        "first_reply_created_at": seconds(talk.first_reply_at),
        "unread_count": unread(talk),
        "last_non_activity_message": pushed_message(state, talk, spoken) if spoken else None,
        "last_activity_at": int(talk.active_at),
        "priority": talk.priority,
        "waiting_since": seconds(talk.waiting_since),
        "sla_policy_id": None,
    }


def public_conversation(state: ChatwootState, talk: Conversation) -> dict[str, Any]:
    """A conversation in the client API; notes and activity are not the customer's business."""
    shown = [each for each in talk.messages if each.message_type != "activity" and not each.private]
    return {
        "id": int(talk.address),
        "uuid": talk.uuid,
        "inbox_id": state.inbox.id,
        "contact_last_seen_at": seconds(talk.contact_seen_at),
        "status": talk.status,
        "agent_last_seen_at": seconds(talk.agent_seen_at),
        "messages": [public_message(state, talk, each) for each in shown],
        "contact": pushed_contact(talk.person),
    }
