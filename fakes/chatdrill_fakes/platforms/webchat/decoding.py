"""Activities read back as acts: the opposite of ``acts``. A conversation is one chat, whoever speaks in it.

Source: github.com/microsoft/botframework-sdk, specs/botframework-activity; BotFramework-WebChat (2025-12). What was said by a button is told
as if it had been typed, but for what is not shown (``postBack``, ``messageBack``): then a button is known by its value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from chatdrill.model import (
    Act,
    Button,
    Delete,
    Edit,
    Form,
    Media,
    MediaKind,
    Other,
    Part,
    Press,
    React,
    Start,
    Text,
    Typing,
    Write,
)
from chatdrill.wire.reading import MALFORMED, Reads, Said, bare_media, unread_event, unread_parts
from chatdrill_fakes.platforms.webchat.acts import JOIN, REACTIONS
from chatdrill_fakes.platforms.webchat.cards import written

Json = Mapping[str, Any]
Shown = Callable[[str, str], Press | None]
_KINDS: dict[str, MediaKind] = {"image": "photo", "video": "video", "audio": "audio"}
_SIGNS = {name: emoji for emoji, name in reversed(REACTIONS.items())}
READS = Reads(
    acts=frozenset(("write", "press", "edit", "delete", "react", "start", "typing")),
    parts=frozenset(("text", "form", "media.photo", "media.video", "media.audio", "media.document", "media.animation")),
    loses=frozenset(
        (
            "write.reply_to",
            "write.forwarded",
            "write.referral",
            "press.message_id",
            "start.referral",
            "text.spans",
            "media.emoji",
            "form.name",
        )
    ),
    presses="callback",
)


def read_activity(said: Json, shown: Shown | None = None) -> Iterator[Said]:
    """What an activity tells of. ``shown`` finds the button of a conversation that has this value. Raises ``ValueError`` for a body that is no
    activity."""
    try:
        kind, to = said["type"], said["conversation"]["id"]
        if not isinstance(kind, str) or not isinstance(to, str) or not to:
            raise ValueError("an activity has a type and a conversation")  # one error for all that is no webhook
        yield _READERS.get(kind, _other)(said, _head(said, kind, to), shown)
    except MALFORMED as error:
        raise ValueError(f"an activity without {error}") from error


def _head(said: Json, kind: str, to: str) -> dict[str, Any]:
    id, moment, sender = str(said.get("id") or ""), said.get("timestamp"), said.get("from") or {}
    user = sender.get("id")
    return {
        "to": to,
        "at": _seconds(moment),
        # Changes of a message have its id.
        "update": id if kind not in _CHANGES or not id else f"{id} {kind} {moment}",
        "person": _person(sender.get("name"), said.get("locale")),
        "tokens": {"user": str(user)} if user else {},
    }


_CHANGES = frozenset(("messageUpdate", "messageDelete", "messageReaction"))


def _seconds(moment: Any) -> float | None:
    try:
        found = datetime.fromisoformat(moment)
    except (TypeError, ValueError):
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _person(name: Any, locale: Any) -> dict[str, str]:
    first, _, last = name.partition(" ") if isinstance(name, str) else ("", "", "")
    found = {
        "first_name": first,
        "last_name": last,
        "locale": locale.replace("-", "_") if isinstance(locale, str) else "",
    }
    return {key: value for key, value in found.items() if value}


# ------------------------------------------------------------------------------------------------------------- messages


def _message(said: Json, head: dict[str, Any], shown: Shown | None) -> Said:
    id, text, value = str(said.get("id") or ""), str(said.get("text") or ""), said.get("value")
    head["ids"] = (id,) if id else ()
    given = said.get("channelData")
    data: Json = given if isinstance(given, dict) else {}
    if data.get("postBack") or data.get("messageBack") or (value is not None and not text):
        return Said(act=_pressed(head["to"], text, value, shown), **head)
    parts = parts_of(said)
    replied = said.get("replyToId")
    act = Write(parts=parts, reply_to=str(replied) if replied else None)
    return Said(act=act, unread=unread_parts(parts), **head)


def _pressed(to: str, text: str, value: Any, shown: Shown | None) -> Act:
    """A button, or the fields of a card, which come as a value alone."""
    payload = text if value is None else value if isinstance(value, str) else written(value)
    known = shown(to, payload) if shown is not None else None
    if known is not None:
        return known
    if isinstance(value, dict) and not text:
        return Write(parts=(Form(name="form", values=value),))
    return Press(button=Button(title=text or payload, kind="callback", payload=payload))


def parts_of(said: Json) -> tuple[Part, ...]:
    """What a message shows; words beside a file are its caption."""
    text = Text(text=str(said.get("text") or ""))
    # Teams repeats the words as HTML.
    given = [one for one in said.get("attachments") or () if one.get("contentType") != "text/html" or not text.text]
    found = [_attachment(one) for one in given]
    if not found:
        return (text,)
    first = found[0]
    if isinstance(first, Media) and text.text:
        return (msgspec.structs.replace(first, caption=text), *found[1:])
    return (text, *found) if text.text else tuple(found)


def _attachment(one: Json) -> Part:
    mime, url, name = str(one.get("contentType") or ""), one.get("contentUrl"), one.get("name")
    if not url:
        content = one.get("content")
        return Other(kind=mime or "attachment", data=content if isinstance(content, dict) else {"content": content})
    kind = "animation" if mime == "image/gif" else _KINDS.get(mime.partition("/")[0], "document")
    is_inside = str(url).startswith("data:")
    return bare_media(kind, mime=mime, name=str(name) if name else None, url=None if is_inside else str(url))


# ------------------------------------------------------------------------------------------------------ everything else


def _updated(said: Json, head: dict[str, Any], _shown: Shown | None) -> Said:
    return Said(act=Edit(message_id=str(said["id"]), parts=parts_of(said)), **head)


def _deleted(said: Json, head: dict[str, Any], _shown: Shown | None) -> Said:
    return Said(act=Delete(message_id=str(said["id"])), **head)


def _reacted(said: Json, head: dict[str, Any], _shown: Shown | None) -> Said:
    """Of several at once the last one stays."""
    added = said.get("reactionsAdded") or ()
    name = str(added[-1]["type"]) if added else None
    emoji = _SIGNS.get(name, name) if name is not None else None
    return Said(act=React(message_id=str(said["replyToId"]), emoji=emoji), **head)


def _typing(_said: Json, head: dict[str, Any], _shown: Shown | None) -> Said:
    return Said(act=Typing(), **head)


def _event(said: Json, head: dict[str, Any], shown: Shown | None) -> Said:
    if said.get("name") != JOIN:
        return _other(said, head, shown)
    value = said.get("value")
    ref = value.get("ref") if isinstance(value, dict) else None
    return Said(act=Start(payload=str(ref) if ref else None), **head)


def _other(said: Json, head: dict[str, Any], _shown: Shown | None) -> Said:
    kind = said["type"]
    name = f"{kind} {said.get('name') or ''}".rstrip()
    return unread_event(name=name, data=dict(said), by_platform=kind in _CHANNELS, **head)


_CHANNELS = frozenset(("conversationUpdate", "installationUpdate", "contactRelationUpdate", "deleteUserData"))
"""What a channel says by itself."""


_READERS: dict[str, Callable[[Json, dict[str, Any], Shown | None], Said]] = {
    "message": _message,
    "messageUpdate": _updated,
    "messageDelete": _deleted,
    "messageReaction": _reacted,
    "typing": _typing,
    "event": _event,
}
