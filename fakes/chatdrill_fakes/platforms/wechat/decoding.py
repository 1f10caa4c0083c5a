"""Pushes read back as acts: the opposite of ``acts``, ``writing`` and ``events``.

Source: developers.weixin.qq.com, receiving standard messages and events, menu events, message encryption (2026). Vendors' libraries differ in
the letter case of events, so it is not looked at. The words that WeChat recognises in a voice message are no words of the customer's: they
stand in the push alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from chatdrill.errors import SettingsError
from chatdrill.model import Block, Button, Event, Location, Media, Other, Part, Press, Start, Text, Write
from chatdrill.wire.reading import Reads, Said, bare_media, unread_event, unread_parts
from chatdrill.wire.xml import read_xml
from chatdrill_fakes.platforms.wechat.crypto import SealError, unseal
from chatdrill_fakes.platforms.wechat.events import EVENT_NAMES
from chatdrill_fakes.platforms.wechat.writing import OTHERS, UNSUPPORTED

Json = Mapping[str, Any]
READS = Reads(
    acts=frozenset(("write", "press", "start", "block")),
    parts=frozenset(
        ("text", "location", "other", "media.photo", "media.video", "media.voice", "media.video_note")
    ),
    loses=frozenset(
        (
            "write.reply_to",
            "write.forwarded",
            "write.referral",
            "press.message_id",
            "button.payload",
            "start.referral",
            "text.spans",
            "media.caption",
            "media.emoji",
            "location.name",
            "location.live_period_s",
            "other.data",
            "message.ids",
        )
    ),
    presses="reply",
    events=frozenset(
        (
            *("LOCATION", "VIEW", "view_miniprogram", "scancode_push", "scancode_waitmsg", "location_select"),
            *("pic_sysphoto", "pic_photo_or_album", "pic_weixin"),
        )
    ),
)  # fmt: skip
SEALED = "a sealed push, which only wechat.encoding_aes_key and wechat.appid open"
_HEAD = frozenset(("ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "Event", "Encrypt"))
_SCENE = "qrscene_"
_KNOWN = {name.lower(): name for name in EVENT_NAMES}
_SECONDS_MAX = 11
"""Digits of a time that is believed."""


def document_in(body: bytes) -> Json:
    """A push or a passive reply as it came: XML, or JSON with the same names. Raises ``ValueError``."""
    if body.lstrip()[:1] == b"{":
        try:
            fields = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ValueError(f"no JSON: {error}") from error
    else:
        root, fields = read_xml(body)
        if root != "xml":
            raise ValueError(f"the root is {root[:40]!r}, not <xml>")
    if not isinstance(fields, dict):
        raise ValueError("there are no elements in it")  # noqa: TRY004  # one error for all that is no push
    return fields


def unsealed(fields: Json, key: str, app_id: str) -> Json | None:
    """What is inside a sealed document; the fields themselves if they can be read; ``None`` if the key is another one."""
    if "Encrypt" not in fields or "MsgType" in fields:
        return fields
    try:
        return document_in(unseal(key, app_id, str(fields["Encrypt"])))
    except (SealError, SettingsError):
        return None


def read_push(fields: Json | None) -> Iterator[Said]:
    """What an opened push tells of. Raises ``ValueError`` for what is none of WeChat's."""
    if fields is None:
        yield Said(to=None, act=Event(name="sealed push"), by_platform=True, unread=SEALED)
        return
    to, kind, at = fields.get("FromUserName"), fields.get("MsgType"), str(fields.get("CreateTime", ""))
    if not (to and kind and isinstance(to, str) and isinstance(kind, str)):
        raise ValueError("there is no FromUserName with its MsgType")
    if not at.isdecimal() or len(at) > _SECONDS_MAX:
        raise ValueError(f"CreateTime is no number: {at[:20]!r}")
    yield _event(fields, to, at) if kind == "event" else _message(fields, to, kind, at)


# ------------------------------------------------------------------------------------------------------- messages


def _message(fields: Json, to: str, kind: str, at: str) -> Said:
    id = str(fields.get("MsgId") or f"{to}{at}{kind}")
    head: dict[str, Any] = {"to": to, "at": float(at), "ids": (id,), "update": id, "kind": kind}
    if fields.get("bizmsgmenuid"):
        choice = Button(title=str(fields.get("Content") or ""), kind="reply", payload=str(fields["bizmsgmenuid"]))
        return Said(act=Press(button=choice), **head)
    parts = (part_of(kind, fields),)
    return Said(act=Write(parts=parts), unread=None if kind in OTHERS else unread_parts(_foreign(parts)), **head)


def _foreign(parts: tuple[Part, ...]) -> Iterator[Part]:
    """What the fake has no word for either."""
    return (part for part in parts if isinstance(part, Other) and part.kind not in OTHERS)


def part_of(kind: str, fields: Json) -> Part:
    """What a message shows."""
    reader = _PARTS.get(kind)
    return Other(kind=kind, data=_inner(fields)) if reader is None else reader(fields)


def _inner(fields: Json) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in _HEAD}


def _text(fields: Json) -> Part:
    words = str(fields.get("Content") or "")
    return Other(kind="unsupported", data=_inner(fields)) if words == UNSUPPORTED else Text(text=words)


def _image(fields: Json) -> Media:
    url = fields.get("PicUrl")
    return bare_media("photo", mime="image/jpeg", url=str(url) if url else None)


def _location(fields: Json) -> Part:
    label = fields.get("Label")
    return Location(
        latitude=float(str(fields.get("Location_X"))),
        longitude=float(str(fields.get("Location_Y"))),
        address=str(label) if label else None,
    )


_PARTS: dict[str, Callable[[Json], Part]] = {
    "text": _text,
    "image": _image,
    "voice": lambda _: bare_media("voice", mime="audio/amr"),
    "video": lambda _: bare_media("video", mime="video/mp4"),
    "shortvideo": lambda _: bare_media("video_note", mime="video/mp4"),
    "location": _location,
}


# --------------------------------------------------------------------------------------------------------- events


def _event(fields: Json, to: str, at: str) -> Said:
    name = str(fields.get("Event") or "")
    head: dict[str, Any] = {"at": float(at), "update": f"{to}{at}{name}", "kind": name}
    reader = _EVENTS.get(name.lower())
    if reader is not None:
        return Said(to=to, act=reader(str(fields.get("EventKey") or "")), **head)
    known = _KNOWN.get(name.lower())
    if known is not None:
        return Said(to=to, act=Event(name=known, data=_inner(fields)), by_platform=known not in READS.events, **head)
    return unread_event(to, name or "event", _inner(fields), **head)


_EVENTS: dict[str, Callable[[str], Start | Block | Press]] = {
    "subscribe": lambda key: Start(payload=key.removeprefix(_SCENE) or None),
    "scan": lambda key: Start(payload=key or None),
    "unsubscribe": lambda _: Block(),
    "click": lambda key: Press(button=Button(title=key, kind="postback", payload=key)),
}
