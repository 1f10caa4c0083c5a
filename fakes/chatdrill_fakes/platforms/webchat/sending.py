"""Activities that the bot posts, changes and deletes, and conversations that it begins.

Source: learn.microsoft.com, Bot Connector REST API reference (2025). What a service drops in silence (an id that a bot set, another
conversation in the body) is told in the trace.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from chatdrill.model import Activity as Doing
from chatdrill.model import Deleted, Edited, Message, Part, Reacted, Sent, Text
from chatdrill.wire import HttpResponse, Push, json_response
from chatdrill_fakes.families.connector.errors import error
from chatdrill_fakes.platforms.webchat import cards, shelf, streaming
from chatdrill_fakes.platforms.webchat.activities import Activity, read, read_activity, stamp
from chatdrill_fakes.platforms.webchat.calls import Asked, Refused, refuse
from chatdrill_fakes.platforms.webchat.state import Json, WebChat

_ACTIVITY = "specs/botframework-activity"
_WORDS = (
    ("textFormat", "text_format", ("plain", "markdown", "xml")),
    ("inputHint", "input_hint", ("acceptingInput", "ignoringInput", "expectingInput")),
    ("attachmentLayout", "attachment_layout", ("list", "carousel")),
)
_DROPPED = "is not shown to the customer"


def receive(asked: Asked) -> HttpResponse:
    """POST .../activities, with or without what it answers."""
    chat = asked.chat()
    fail(chat)
    activity = read_activity(dict(asked.values))
    asked.label = activity.type or ""
    judge(asked, chat, activity)
    id = _TYPES.get(activity.type or "", _other)(asked, chat, activity)
    return json_response({"id": id})


def fail(chat: WebChat) -> None:
    """The error that the next call was to meet, if any."""
    if chat.fails_next:
        status, code = chat.fails_next.pop(0)
        headers = (("Retry-After", "1"),) if status == 429 else ()
        response = error(status, code, f"The service answers with {code}", headers)
        raise Refused(response, f"{code}: as a scenario wanted it")


def judge(asked: Asked, chat: WebChat, activity: Activity) -> None:
    """What the service lets pass although its reference asks for something else."""
    if activity.conversation is not None and activity.conversation.id not in (None, chat.address):
        asked.remarks.append(
            f"the activity names the conversation {activity.conversation.id!r:.80} and goes to {chat.address!r}: the address counts ({_ACTIVITY}, conversation)"
        )
    replied = asked.params.get("activity") or activity.reply_to_id
    if replied and "|" in replied and replied.rpartition("|")[0] != chat.address:
        asked.remarks.append(
            f"an answer to {replied!r:.80}, which was said in another conversation ({_ACTIVITY}, replyToId)"
        )
    for name, field, known in _WORDS:
        value = getattr(activity, field)
        if value is not None and value not in known:
            asked.remarks.append(f"{name} is {value!r:.40}, not one of {', '.join(known)} ({_ACTIVITY}, {name})")


# --------------------------------------------------------------------------------------------------------- by type


def _message(asked: Asked, chat: WebChat, activity: Activity) -> str:
    actions: cards.Actions = {}
    parts = shown(asked, activity, actions)
    id = chat.new_id()
    note(asked, chat, activity, id)
    if not parts:
        asked.remarks.append(f"a message without text or attachments shows nothing ({_ACTIVITY}, message)")
        return id
    if actions:
        chat.actions |= {(id, title, payload): each for (title, payload), each in actions.items()}
    at = chat.at(asked.exchange.now)
    message = Message(ids=(id,), author="bot", parts=parts, at=at, reply_to=activity.reply_to_id)
    chat.messages[id] = message
    asked.effects.append(Sent(to=chat.address, message=message))
    return id


def shown(asked: Asked, activity: Activity, actions: cards.Actions) -> tuple[Part, ...]:
    """The parts of a message: words first, then files and cards in their order, then suggested actions."""
    found: list[Part] = [Text(text=activity.text)] if activity.text else []
    attachments = activity.attachments or ()
    if not attachments and activity.suggested_actions is None:
        return tuple(found)
    for each in attachments:
        if not each.content_type:
            raise refuse(400, "MissingProperty", "The 'Attachment.ContentType' property is required")
        if each.content is None and not each.content_url:
            raise refuse(400, "MissingProperty", "An attachment has contentUrl or content")
    media = iter(shelf.media_of(asked, [each for each in attachments if each.content is None]))
    for each in attachments:
        found += [next(media)] if each.content is None else cards.parts_of(each, actions)
    if activity.attachment_layout == "carousel":
        found = cards.side_by_side(found)
    if activity.suggested_actions is not None and activity.suggested_actions.actions:
        found.append(cards.chips(activity.suggested_actions.actions, actions))
    return tuple(found)


def _typing(asked: Asked, chat: WebChat, activity: Activity) -> str:
    id = chat.new_id()
    note(asked, chat, activity, id)
    asked.effects.append(Doing(to=chat.address, action="typing"))
    return id


def _reaction(asked: Asked, chat: WebChat, activity: Activity) -> str:
    to = activity.reply_to_id or asked.params.get("activity") or ""
    if to not in chat.messages:
        raise refuse(404, "NotFound", "Unknown activity id")
    added = activity.reactions_added or ()
    id = chat.new_id()
    note(asked, chat, activity, id)
    asked.effects.append(Reacted(to=chat.address, message_id=to, emoji=added[-1].type if added else None))
    return id


def _event(asked: Asked, chat: WebChat, activity: Activity) -> str:
    """For the page, not for the customer."""
    id = chat.new_id()
    note(asked, chat, activity, id)
    asked.note = f"{activity.type} {activity.name or ''}".rstrip() + f" {_DROPPED}: it is the page's"
    return id


def _refused(_asked: Asked, _chat: WebChat, activity: Activity) -> str:
    raise refuse(400, "BadArgument", f"A bot cannot send the activity '{(activity.type or '')[:40]}'")


def _other(asked: Asked, chat: WebChat, activity: Activity) -> str:
    """Channels drop what they do not know."""
    asked.label = "other"
    asked.remarks.append(f"the type {activity.type!r:.60} is unknown, and channels drop it ({_ACTIVITY}, type)")
    return chat.new_id()


_TYPES: dict[str, Callable[[Asked, WebChat, Activity], str]] = {
    "message": _message,
    "typing": _typing,
    "messageReaction": _reaction,
    **dict.fromkeys(("event", "endOfConversation", "trace", "handoff", "command", "commandResult"), _event),
    **dict.fromkeys(("invoke", "conversationUpdate", "installationUpdate", "contactRelationUpdate", "deleteUserData"), _refused),
}  # fmt: skip


def note(asked: Asked, chat: WebChat, activity: Activity, id: str) -> None:
    """Those who read the conversation by Direct Line see what the bot said."""
    state = asked.state
    stamped = stamp(chat.at(asked.exchange.now))[0]
    said: Json = {
        **asked.values,
        "id": id,
        "timestamp": stamped,
        "channelId": state.channel,
        "from": state.bot,
        "conversation": {"id": chat.address},
        "serviceUrl": state.service_url,
    }
    if activity.type != "typing":
        chat.note(said)
    if chat.sockets:
        asked.pushes += streaming.pushed(chat, [said] if activity.type == "typing" else [])
    if activity.type == "endOfConversation":
        asked.pushes += [Push(socket, close=1000) for socket in chat.sockets]
        chat.sockets.clear()


# ------------------------------------------------------------------------------------------------ changes and beginnings


def _own(asked: Asked, chat: WebChat) -> Message:
    if asked.state.is_silent:
        message = "The channel does not support changes of activities"
        raise refuse(405, "BadArgument", message, f"in {asked.state.channel} what a bot said stays as it is")
    known = chat.messages.get(asked.params["activity"])
    if known is None:
        raise refuse(404, "NotFound", "Unknown activity id")
    if known.author != "bot":
        raise refuse(403, "Forbidden", "The activity belongs to somebody else")
    return known


def change(asked: Asked) -> HttpResponse:
    """PUT .../activities/{activity}."""
    chat = asked.chat()
    fail(chat)
    known = _own(asked, chat)
    activity = read(dict(asked.values), Activity)
    actions: cards.Actions = {}
    parts = shown(asked, activity, actions)
    changed = msgspec.structs.replace(known, parts=parts, edited_at=chat.at(asked.exchange.now))
    chat.messages[known.id] = changed
    chat.actions |= {(known.id, title, payload): each for (title, payload), each in actions.items()}
    asked.effects.append(Edited(to=chat.address, message=changed))
    return json_response({"id": known.id})


def remove(asked: Asked) -> HttpResponse:
    """DELETE .../activities/{activity}."""
    chat = asked.chat()
    fail(chat)
    known = _own(asked, chat)
    del chat.messages[known.id]
    asked.effects.append(Deleted(to=chat.address, message_ids=(known.id,)))
    return HttpResponse(200)


class Member(msgspec.Struct, frozen=True):
    """Whom to talk to."""

    id: str = ""


class Beginning(msgspec.Struct, frozen=True):
    """``ConversationParameters``, as far as they mean something here."""

    members: tuple[Member, ...] | None = None
    activity: dict[str, object] | None = None


def begin(asked: Asked) -> HttpResponse:
    """POST /v3/conversations: there is one conversation with a customer, so it is that one."""
    if asked.state.is_silent:
        raise refuse(403, "Forbidden", "The bot cannot begin conversations in this channel")
    given = read(dict(asked.values), Beginning)
    if not given.members or len(given.members) != 1:
        raise refuse(400, "BadArgument", "A conversation begins with one member")
    address = asked.state.people.get(given.members[0].id)
    if address is None:
        raise refuse(403, "BotNotInConversationRoster", "The bot is not part of a conversation with this user")
    asked.to, chat = address, asked.state.chats[address]
    fail(chat)
    id = ""
    if given.activity is not None:
        activity = read_activity(given.activity)
        id = _TYPES.get(activity.type or "", _other)(asked, chat, activity)
    told = {"activityId": id, "serviceUrl": asked.state.service_url, "id": address}
    return json_response(told, status=201)
