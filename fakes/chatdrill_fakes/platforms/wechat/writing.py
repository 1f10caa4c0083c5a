"""What a customer writes, as messages of WeChat: each part is one, and captions, which it has not, follow.

Source: developers.weixin.qq.com, receiving standard messages (2026). Which of an animation and a sticker comes as a picture is a choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.model import Location, Media, Other, Part, Text, Write
from chatdrill.model.parts import MediaKind
from chatdrill_fakes.platforms.wechat import media
from chatdrill_fakes.platforms.wechat.objects import Scene, Told
from chatdrill_fakes.platforms.wechat.state import Json

UNSUPPORTED = "【收到不支持的消息类型，暂无法显示】"
"""What stands in the place of files, cards and calls."""
OTHERS: dict[str, Json] = {
    "link": {"Title": "Shoes in the rain", "Description": "How to dry them", "Url": "https://acme.example/a/1"},
    "miniprogrampage": {
        "Title": "Stepwell",
        "AppId": "wx00000000acme0001",
        "PagePath": "pages/shop?id=1",
        "ThumbUrl": "http://mmbiz.qpic.cn/mmbiz_jpg/acme/0",
        "ThumbMediaId": "",
    },
    "unsupported": {"Content": UNSUPPORTED},
}
"""What only WeChat has, with what it holds where a scenario does not say."""


def write(scene: Scene, act: Write) -> Told:
    """The pushes of what the customer wrote. Raises ``Unsupported`` for what nobody can send on WeChat."""
    pieces = list(_pieces(act.parts))
    if not pieces:
        raise Unsupported("wechat: a customer cannot send an empty message")
    made = [(part, *_content(scene, part)) for part in pieces]
    told: Told = ()
    for part, kind, fields in made:
        told += say(scene, kind, fields, part)
        scene.at += 0.001  # messages of one act follow each other
    return told


def say(scene: Scene, kind: str, fields: Json, part: Part) -> Told:
    """One message of the customer's, which opens the long window."""
    told = scene.message(kind, fields, (part,))
    scene.chat.grant(scene.state.quota, scene.state.window_s, scene.at)
    return told


def _pieces(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        if isinstance(part, Media) and part.caption is not None:
            yield Media(kind=part.kind, file=part.file, emoji=part.emoji)
            yield part.caption
        else:
            yield part


def _content(scene: Scene, part: Part) -> tuple[str, Json]:
    writer = _WRITERS.get(type(part))
    if writer is None:
        name = type(part).__name__.lower()
        raise Unsupported(
            f"wechat: a bot is not told of a {name}: it comes as words that say so, send {{other: unsupported}}"
        )
    return writer(scene, part)


def _text(_scene: Scene, part: Text) -> tuple[str, Json]:
    return "text", {"Content": part.text}


def _media(scene: Scene, part: Media) -> tuple[str, Json]:
    kind = _KINDS.get(part.kind)
    if kind is None:
        raise Unsupported(
            f"wechat: a bot is not told of a {part.kind}: it comes as words that say so, send {{other: unsupported}}"
        )
    id = media.publish(scene.state, scene.chat, _STORED[kind], part.file, scene.at)
    return kind, _MORE[kind](scene, part, id)


def _image(scene: Scene, _part: Media, id: str) -> Json:
    return {"PicUrl": media.picture_url(scene.state, id), "MediaId": id}


def _voice(scene: Scene, _part: Media, id: str) -> Json:
    heard = {"Recognition": scene.state.settings["recognized"]} if scene.state.on("recognition") else {}
    return {"MediaId": id, "Format": "amr", "MediaId16K": media.again(scene.state, id), **heard}


def _video(scene: Scene, _part: Media, id: str) -> Json:
    return {"MediaId": id, "ThumbMediaId": media.thumb_of(scene.state, scene.chat, scene.at)}


def _location(_scene: Scene, part: Location) -> tuple[str, Json]:
    label = ", ".join(word for word in (part.name, part.address) if word)
    place = {"Location_X": part.latitude, "Location_Y": part.longitude}  # X is the latitude
    return "location", {**place, "Scale": 15, "Label": label}


def _other(_scene: Scene, part: Other) -> tuple[str, Json]:
    if part.kind not in OTHERS:
        raise Unsupported(f"wechat: a customer cannot send {part.kind!r}{did_you_mean(part.kind, OTHERS)}")
    fields = {**OTHERS[part.kind], **part.data}
    return ("text" if part.kind == "unsupported" else part.kind), fields


_KINDS: dict[MediaKind, str] = {
    "photo": "image",
    "animation": "image",
    "sticker": "image",
    "voice": "voice",
    "video": "video",
    "video_note": "shortvideo",
}
_STORED = {"image": "image", "voice": "voice", "video": "video", "shortvideo": "video"}
_MORE: dict[str, Callable[[Scene, Media, str], Json]] = {
    "image": _image,
    "voice": _voice,
    "video": _video,
    "shortvideo": _video,
}
_WRITERS: dict[type, Callable[[Scene, Any], tuple[str, Json]]] = {
    Text: _text,
    Media: _media,
    Location: _location,
    Other: _other,
}
