"""Events read back as acts: the opposite of ``acts``. A group or a room is one chat, whoever speaks in it.

Source: developers.line.biz, Messaging API reference: webhook event objects (2026-08).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chatdrill.model import (
    Act,
    Block,
    Button,
    Delete,
    Edit,
    Location,
    MediaKind,
    Other,
    Part,
    Press,
    Start,
    Text,
    Unblock,
    Write,
)
from chatdrill.model.parts import Span
from chatdrill.wire.reading import MALFORMED, Reads, Said, bare_media, moment, unread_event, unread_parts
from chatdrill_fakes.platforms.line.texts import before

Json = Mapping[str, Any]
Shown = Callable[[str, str], Press | None]
_MEDIA: dict[str, MediaKind] = {"image": "photo", "video": "video", "audio": "voice", "file": "document"}
READS = Reads(
    acts=frozenset(("write", "press", "delete", "block", "unblock")),
    parts=frozenset(
        (
            "text",
            "location",
            "media.photo",
            "media.video",
            "media.voice",
            "media.document",
            "media.sticker",
        )
    ),
    loses=frozenset(
        (
            "write.forwarded",
            "write.referral",
            "press.message_id",
            "media.caption",
            "media.emoji",
            "location.live_period_s",
        )
    ),
)
_HOLDERS = ("groupId", "roomId", "userId")
_TOKENS = {"quote": "quoteToken", "mark": "markAsReadToken"}


def read_webhook(body: Json, shown: Shown | None = None) -> Iterator[Said]:
    """What a webhook tells of; nothing for a test, which has no events. ``shown`` finds the button of a chat that has this data. Raises
    ``ValueError`` for a body that is none of LINE's."""
    if not isinstance(body.get("events"), list):
        raise ValueError("there are no events")  # noqa: TRY004  # one error for all that is no webhook
    try:
        for event in body["events"]:
            yield _event(event, shown)
    except MALFORMED as error:
        raise ValueError(f"an event of LINE's without {error}") from error


def _event(event: Json, shown: Shown | None) -> Said:
    name, source = str(event["type"]), event.get("source") or {}
    to = next((str(source[key]) for key in _HOLDERS if source.get(key)), None)
    reply = event.get("replyToken")
    head: dict[str, Any] = {
        "to": to,
        "at": moment(event.get("timestamp"), 1000),
        "update": str(event.get("webhookEventId") or ""),
        "tokens": {"reply": str(reply)} if reply else {},
    }
    reader = _READERS.get(name)
    if reader is not None and to is not None:
        return reader(event, head, shown)
    return unread_event(name=name, data=dict(event), by_platform=name in _CHANNELS, **head)


_CHANNELS = frozenset(("delivery", "module", "activated", "deactivated", "botSuspended", "botResumed"))
"""What the channel says by itself."""


def _message(event: Json, head: dict[str, Any], _shown: Shown | None) -> Said:
    message = event["message"]
    tokens = {name: str(message[key]) for name, key in _TOKENS.items() if message.get(key)}
    parts = (part_of(message),)
    quoted = message.get("quotedMessageId")
    act = Write(parts=parts, reply_to=str(quoted) if quoted else None)
    head["tokens"] = {**head["tokens"], **tokens}
    return Said(act=act, ids=(str(message["id"]),), unread=unread_parts(parts), **head)


def part_of(message: Json) -> Part:
    """What a message shows."""
    kind = str(message["type"])
    reader = _PARTS.get(kind)
    if reader is None:
        return Other(kind=kind, data={key: value for key, value in message.items() if key != "type"})
    return reader(message)


def _text(message: Json) -> Text:
    text = str(message.get("text") or "")
    mentions = (message.get("mention") or {}).get("mentionees") or ()
    if not mentions and not message.get("emojis"):
        return Text(text=text)
    wide = text.encode("utf-16-le", "surrogatepass")
    emojis = [_span(wide, one, "custom_emoji", _emoji(one)) for one in message.get("emojis") or ()]
    found = [*emojis, *(_span(wide, one, "mention", _whom(one)) for one in mentions)]
    return Text(text=text, spans=tuple(sorted(found, key=lambda span: span.start)))


def _span(wide: bytes, one: Json, style: Any, value: str | None) -> Span:
    start, end = int(one["index"]), int(one["index"]) + int(one["length"])
    first = before(wide, start)
    return Span(first, before(wide, end) - first, style, value)


def _emoji(one: Json) -> str:
    return f"{one.get('productId')}/{one.get('emojiId')}"


def _whom(one: Json) -> str | None:
    if one.get("type") == "all":
        return "all"
    whom = one.get("userId")
    return "self" if one.get("isSelf") is True else str(whom) if whom else "?"


def _file(message: Json) -> Part:
    provider = message.get("contentProvider") or {}
    url = provider.get("originalContentUrl")
    name = message.get("fileName")
    return bare_media(
        _MEDIA[str(message["type"])],
        name=str(name) if name else None,
        size=message.get("fileSize"),
        duration_s=moment(message.get("duration"), 1000),
        url=str(url) if url else None,
    )


def _sticker(message: Json) -> Part:
    """It is known by its number; some say words."""
    words = message.get("text")
    return bare_media(
        "sticker",
        mime="image/png",
        name=str(message.get("stickerId") or "") or None,
        caption=Text(text=str(words)) if words else None,
    )


def _location(message: Json) -> Part:
    name, address = message.get("title"), message.get("address")
    return Location(
        latitude=float(message["latitude"]),
        longitude=float(message["longitude"]),
        name=str(name) if name else None,
        address=str(address) if address else None,
    )


_PARTS: dict[str, Callable[[Json], Part]] = {
    "text": _text,
    "location": _location,
    "sticker": _sticker,
    **dict.fromkeys(_MEDIA, _file),
}


def _edited(event: Json, head: dict[str, Any], _shown: Shown | None) -> Said:
    message = event["message"]
    quote = message.get(_TOKENS["quote"])
    head["tokens"] = {**head["tokens"], **({"quote": str(quote)} if quote else {})}
    return Said(act=Edit(message_id=str(message["id"]), parts=(part_of(message),)), **head)


def _postback(event: Json, head: dict[str, Any], shown: Shown | None) -> Said:
    """The data of an action; a date, or the menu that was switched to, has no word of ours."""
    postback = event["postback"]
    data = str(postback["data"])
    press = shown(str(head["to"]), data) if shown is not None else None
    press = press or Press(button=Button(title=data, kind="postback", payload=data))
    return Said(act=press, unread="postback with params" if postback.get("params") else None, **head)


def _unsent(event: Json, head: dict[str, Any], _shown: Shown | None) -> Said:
    return Said(act=Delete(message_id=str(event["unsend"]["messageId"])), **head)


def _followed(event: Json, head: dict[str, Any], _shown: Shown | None) -> Said:
    act: Act = Unblock() if (event.get("follow") or {}).get("isUnblocked") else Start()
    return Said(act=act, **head)


def _unfollowed(_event: Json, head: dict[str, Any], _shown: Shown | None) -> Said:
    return Said(act=Block(), **head)


_READERS: dict[str, Callable[[Json, dict[str, Any], Shown | None], Said]] = {
    "message": _message,
    "messageEdited": _edited,
    "postback": _postback,
    "unsend": _unsent,
    "follow": _followed,
    "unfollow": _unfollowed,
}
