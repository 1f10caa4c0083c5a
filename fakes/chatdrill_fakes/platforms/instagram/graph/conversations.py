"""The Conversations API: threads and what stands in them, without what was unsent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from chatdrill_fakes.families.graph import gate, reading
from chatdrill_fakes.families.graph.call import Answered
from chatdrill_fakes.families.graph.selection import Field, page, read_fields, select
from chatdrill_fakes.families.graph.state import Json

from .. import errors
from ..limits import DETAILED_MAX
from ..state import InstagramChat, InstagramState, username_of
from .call import Asked

_CONVERSATION_FIELDS = "id,updated_time"
_MESSAGE_FIELDS = "id,created_time"
_OTHER_INBOX = (
    "without platform=instagram these are the Page's conversations on Messenger, of which there are none here"
)


def conversations(asked: Asked) -> Answered:
    """``GET /me/conversations?platform=instagram``, newest first; ``user_id`` narrows them down to one person's."""
    gate.take(asked, asked.state.quotas.conversations)
    platform = asked.values.get("platform")
    if platform is not None:
        reading.one_of(str(platform).lower(), "platform", ("instagram", "messenger"))
    if str(platform).lower() != "instagram" and (platform is not None or asked.state.by_page):
        return Answered(page([], asked), note=_OTHER_INBOX)
    fields = read_fields(asked.values.get("fields"), _CONVERSATION_FIELDS)
    wanted = asked.values.get("user_id")
    chats = [
        chat for chat in asked.state.chats.values() if chat.messages and str(wanted or chat.address) == chat.address
    ]
    chats.sort(key=_updated_at, reverse=True)
    return Answered(page([_conversation(asked, chat, fields) for chat in chats], asked))


def read_conversation(asked: Asked) -> Answered:
    """``GET /{conversation}``"""
    gate.take(asked, asked.state.quotas.conversations)
    fields = read_fields(asked.values.get("fields"), _CONVERSATION_FIELDS)
    return Answered(_conversation(asked, _by_thread(asked), fields))


def conversation_messages(asked: Asked) -> Answered:
    """``GET /{conversation}/messages``"""
    gate.take(asked, asked.state.quotas.conversations)
    fields = read_fields(asked.values.get("fields"), _MESSAGE_FIELDS)
    return Answered(page(_messages(asked.state, _by_thread(asked), fields), asked))


def read_message(asked: Asked) -> Answered:
    """``GET /{mid}``; error 9000001 for one that was unsent, or is not among the newest of its thread."""
    gate.take(asked, asked.state.quotas.conversations)
    chat = asked.state.chats[asked.state.mids[asked.node]]
    if asked.node not in _newest(chat):
        raise errors.gone()
    fields = read_fields(asked.values.get("fields"), _MESSAGE_FIELDS)
    return Answered(_message(asked.state, chat, asked.node, fields))


def _by_thread(asked: Asked) -> InstagramChat:
    return asked.state.chats[asked.state.threads[asked.node]]


def _updated_at(chat: InstagramChat) -> float:
    return next(reversed(chat.messages.values())).at if chat.messages else 0.0


def _newest(chat: InstagramChat) -> list[str]:
    """The messages that have details: not those that were unsent, and not the older ones."""
    left = [mid for mid in reversed(chat.messages) if mid not in chat.deleted]
    return left[:DETAILED_MAX]


def _conversation(asked: Asked, chat: InstagramChat, fields: Sequence[Field]) -> Json:
    state = asked.state
    values: Json = {
        "id": chat.thread_id,
        "updated_time": _time(_updated_at(chat)),
        "participants": {"data": [_own(state), _person(chat)]},
    }
    for one in fields:
        if one.name == "messages":
            inner = one.inner or read_fields(None, _MESSAGE_FIELDS)
            values["messages"] = page(_messages(state, chat, inner), asked, limit=one.limit)
    return select(values, fields)


def _own(state: InstagramState) -> Json:
    return {"username": state.settings["username"], "id": state.own_id}


def _person(chat: InstagramChat) -> Json:
    return {"username": username_of(chat), "id": chat.address}


def _messages(state: InstagramState, chat: InstagramChat, fields: Sequence[Field]) -> list[Json]:
    """Newest first; the older ones by id and time only."""
    newest, bare = frozenset(_newest(chat)), read_fields(None, _MESSAGE_FIELDS)
    left = [mid for mid in reversed(chat.messages) if mid not in chat.deleted]
    return [_message(state, chat, mid, fields if mid in newest else bare) for mid in left]


def _message(state: InstagramState, chat: InstagramChat, mid: str, fields: Sequence[Field]) -> Json:
    message, record = chat.messages[mid], chat.records.get(mid, {})
    mine = message.author == "customer"
    sender, recipient = (_person(chat), _own(state)) if mine else (_own(state), _person(chat))
    values: Json = {
        "id": mid,
        "created_time": _time(message.at),
        "from": sender,
        "to": {"data": [recipient]},
        "message": record.get("text", ""),
        "is_unsupported": record.get("is_unsupported"),
        **_quoted(record.get("reply_to") or {}),
    }
    if mid in chat.reactions:
        reaction = {"reaction": chat.reactions[mid], "users": [_person(chat)]}
        values["reactions"] = {"data": [reaction]}
    return select(values | _shown(record.get("attachments") or []), fields)


def _quoted(reply_to: Json) -> Json:
    if "story" in reply_to:
        story = reply_to["story"]
        return {"story": {"reply_to": {"link": story.get("url"), "id": story.get("id")}}}
    return {"reply_to": reply_to} if reply_to else {}


def _shown(attachments: Sequence[Json]) -> Json:
    """The Conversations API words attachments differently from webhooks, by what they are."""
    files = [(one["type"], _url(one)) for one in attachments]
    shares = [{"link": url} for kind, url in files if kind in _SHARES and url]
    found: Json = {"shares": {"data": shares}} if shares else {}
    media = [_media(kind, url) for kind, url in files if kind in _MEDIA and url]
    if media:
        found["attachments"] = {"data": media}
    mention = next((one for one in attachments if one["type"] == "story_mention"), None)
    if mention is not None:
        found["story"] = {"mention": {"link": _url(mention), "id": mention["payload"].get("id", "")}}
    return found


_SHARES = ("share", "ig_post", "post", "ig_reel", "reel")
_MEDIA = {"image": "image_data", "video": "video_data", "audio": "file_url", "file": "file_url"}


def _media(kind: str, url: str) -> Json:
    key = _MEDIA[kind]
    return {key: url if key == "file_url" else {"url": url}}


def _url(attachment: Json) -> str | None:
    payload: Any = attachment.get("payload")
    return payload.get("url") if isinstance(payload, dict) else None


def _time(at: float) -> str:
    return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
