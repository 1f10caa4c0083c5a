"""The Conversations API: threads and what stands in them, without what was unsent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chatdrill_fakes.families.graph import reading
from chatdrill_fakes.families.graph.conversations import Conversations, updated_at, written
from chatdrill_fakes.families.graph.state import Json

from ..limits import DETAILED_MAX
from ..state import InstagramChat, InstagramState, username_of
from .call import Asked

_OTHER_INBOX = (
    "without platform=instagram these are the Page's conversations on Messenger, of which there are none here"
)


def _elsewhere(asked: Asked) -> str | None:
    platform = asked.values.get("platform")
    if platform is not None:
        reading.one_of(str(platform).lower(), "platform", ("instagram", "messenger"))
    if str(platform).lower() != "instagram" and (platform is not None or asked.state.by_page):
        return _OTHER_INBOX
    return None


def _thread(state: InstagramState, chat: InstagramChat) -> Json:
    return {
        "id": chat.thread_id,
        "updated_time": written(updated_at(chat)),
        "participants": {"data": [_own(state), _person(chat)]},
    }


def _own(state: InstagramState) -> Json:
    return {"username": state.settings["username"], "id": state.own_id}


def _person(chat: InstagramChat) -> Json:
    return {"username": username_of(chat), "id": chat.address}


def _message(state: InstagramState, chat: InstagramChat, mid: str) -> Json:
    message, record = chat.messages[mid], chat.records.get(mid, {})
    mine = message.author == "customer"
    sender, recipient = (_person(chat), _own(state)) if mine else (_own(state), _person(chat))
    values: Json = {
        "id": mid,
        "created_time": written(message.at),
        "from": sender,
        "to": {"data": [recipient]},
        "message": record.get("text", ""),
        "is_unsupported": record.get("is_unsupported"),
        **_quoted(record.get("reply_to") or {}),
    }
    if mid in chat.reactions:
        reaction = {"reaction": chat.reactions[mid], "users": [_person(chat)]}
        values["reactions"] = {"data": [reaction]}
    return values | _shown(record.get("attachments") or [])


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


CONVERSATIONS = Conversations(_thread, _message, _elsewhere, DETAILED_MAX)
