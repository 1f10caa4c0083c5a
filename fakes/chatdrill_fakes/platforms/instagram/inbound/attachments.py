"""What stands in ``attachments`` beside photos and films: shares, stories, hearts, and what only people can see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.model import Other
from chatdrill_fakes.families.graph.state import Json

from .. import cdn
from .scene import Scene

_STORY_ID = "17861000123456789"


def _link(scene: Scene, key: str) -> str:
    return cdn.stand_in(scene.state, key)


def _share(scene: Scene) -> Json:
    return {"url": _link(scene, "share")}


def _post(scene: Scene) -> Json:
    """A copy of the picture and the words below it; no permanent link."""
    return {"url": _link(scene, "post"), "title": "New in the window", "ig_post_media_id": "18055512345678901"}


def _reel(scene: Scene) -> Json:
    return {"url": _link(scene, "reel"), "title": "Unboxing", "reel_video_id": "17900123456789012"}


def _mention(scene: Scene) -> Json:
    return {"url": _link(scene, "story")}


def _template(_scene: Scene) -> Json:
    return {"template_type": "generic", "elements": [{"title": "A shared card"}]}


_PAYLOADS: dict[str, Callable[[Scene], Json] | None] = {
    "share": _share,
    "ig_post": _post,
    "post": _post,
    "ig_reel": _reel,
    "reel": _reel,
    "story_mention": _mention,
    "template": _template,
    "ephemeral": None,
    "like_heart": None,
}
"""Attachments that only Instagram has, with the payload they get where a scenario does not write one; some have none."""
_STORIES = "story_reply"
_BOTH = "share_and_post"
_UNSUPPORTED = "unsupported"
OTHERS = (*_PAYLOADS, _STORIES, _BOTH, _UNSUPPORTED)


def record_of(scene: Scene, part: Other) -> Json:
    """The ``message`` without its id. ``share_and_post`` is the spring of 2026, when one post came in both forms."""
    if part.kind == _UNSUPPORTED:
        return {"is_unsupported": True}
    if part.kind == _STORIES:
        return _story_reply(scene, part.data)
    if part.kind == _BOTH:
        post = {**_post(scene), **part.data}
        old: Json = {"type": "share", "payload": {"url": post["url"]}}
        return {"attachments": [old, {"type": "ig_post", "payload": post}]}
    if part.kind not in _PAYLOADS:
        raise Unsupported(f"Instagram has no attachment {part.kind!r}{did_you_mean(part.kind, OTHERS)}")
    payload = _PAYLOADS[part.kind]
    attachment: Json = {"type": part.kind}
    if payload is not None:
        attachment["payload"] = {**payload(scene), **part.data}
    return {"attachments": [attachment]}


def _story_reply(scene: Scene, data: Mapping[str, Any]) -> Json:
    """Words (or one emoji: a reaction) under a story of the account's."""
    story = {"url": data.get("url") or _link(scene, "story"), "id": str(data.get("id") or _STORY_ID)}
    return {"text": str(data.get("text") or "beautiful!"), "reply_to": {"story": story}}


def words_of(part: Other) -> str | None:
    """The words in it, if any."""
    return str(part.data.get("text") or "beautiful!") if part.kind == _STORIES else None
