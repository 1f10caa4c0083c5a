"""Instagram, for an account that logs in without a Page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..api import Api
from ..config import GRAPH_VERSION, Settings
from ..desks import File
from ..lending import Files
from ..model import Event, EventKind, Media, Picture, Pin, Reply, Say
from ..policy import DAY_S
from . import in_bytes, meta, pieces

TEXT_MAX_BYTES = 1000
# What a person wrote may leave for a week after the customer's last word; nothing else after a day.
HUMAN_AGENT = "HUMAN_AGENT"
TAGGED_S = 7 * DAY_S
ICE_BREAKER = "START"
_FILES: dict[str, EventKind] = {"image": "photo", "audio": "voice", "video": "video", "file": "document"}
_SENDABLE = {
    "image/png": "image",
    "image/jpeg": "image",
    "image/gif": "image",
    "video/mp4": "video",
    "application/pdf": "file",
}
# One post may come in both forms, the old one (until spring 2026) and the new one.
_OLD_SHARE = "share"


class Instagram(meta.Inbox):
    name = "instagram"

    def __init__(self, settings: Settings, api: Api, assets: Path, files: Files) -> None:
        node = f"{settings.root('instagram')}/{GRAPH_VERSION}/me"
        super().__init__(settings, api, node, settings["INSTAGRAM_TOKEN"])
        self._assets = assets
        self._files = files

    async def register(self) -> None:
        """The webhook is entered in Meta's dashboard; a question to tap on takes the place of a start button."""
        question = {"question": "What can you do?", "payload": ICE_BREAKER}
        body = {"platform": "instagram", "ice_breakers": [{"locale": "default", "call_to_actions": [question]}]}
        await self._api.post(f"{self._node}/messenger_profile", "instagram profile", body=body, token=self._token)

    def items(self, update: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """`standby` is left alone, as in it another app owns the conversation; comments (`changes`) are no conversation."""
        for entry in update.get("entry", ()):
            yield from entry.get("messaging", ())

    def events(self, item: Mapping[str, Any]) -> Iterator[Event]:
        user = (item.get("sender") or {}).get("id")
        if user:
            yield from _events(user, item)

    def may_say(self, say: Say, silence_s: float) -> bool:
        window_s = TAGGED_S if say.author == "agent" else self._policy.window_s
        return silence_s < window_s - meta.MARGIN_S

    async def send(self, user: str, reply: Reply) -> None:
        match reply:
            case Say(author="agent", text=text):
                for piece in pieces(text, TEXT_MAX_BYTES, in_bytes):
                    await self._tagged(user, {"text": piece}, HUMAN_AGENT)
            case Say(text=text, buttons=buttons):
                await self._say(user, pieces(text, TEXT_MAX_BYTES, in_bytes), buttons)
            case Pin() as pin:
                await self._point(user, pin)
            case Picture(file=name):
                await self._message(
                    user, self._linked(File(name, "image/png", (self._assets / name).read_bytes()), "image")
                )

    async def hand(self, user: str, file: File) -> None:
        """Instagram shows few kinds of files; any other one is a link that the customer opens."""
        kind = _SENDABLE.get(file.mime)
        message = self._linked(file, kind) if kind else {"text": self._files.lend(file)}
        await self._tagged(user, message, HUMAN_AGENT)

    async def fetch(self, media: Media) -> bytes:
        return await self._api.download(media.ref, "instagram file")

    def _linked(self, file: File, kind: str) -> dict[str, Any]:
        """Instagram takes links and no uploads, so the bot serves the file itself."""
        return {"attachment": {"type": kind, "payload": {"url": self._files.lend(file)}}}


def _events(user: str, item: Mapping[str, Any]) -> Iterator[Event]:
    match item:
        case {"message": {"is_echo": True}}:
            return
        case {"message": {"is_deleted": True, "mid": mid}}:
            yield Event("instagram", user, f"{mid}~unsent", "edit", message_id=mid)
        case {"message": {"quick_reply": {"payload": payload}, "mid": mid}}:
            yield Event("instagram", user, mid, "press", payload=payload)
        case {"message": message}:
            yield from _message(user, message)
        case _:
            yield from meta.told("instagram", ICE_BREAKER, user, item)


def _message(user: str, message: Mapping[str, Any]) -> Iterator[Event]:
    """Text and every attachment is an event of its own; the burst brings them together again."""
    mid, text = message["mid"], message.get("text", "")
    match message.get("referral"):
        case {"source": "IGME-SOURCE-LINK", "ref": ref}:
            yield Event("instagram", user, f"{mid}#link", "start", payload=ref)
    if text:
        yield Event("instagram", user, mid, "text", text=text, message_id=mid)
    attachments = message.get("attachments") or ()
    posts = [one for one in attachments if one.get("type") != _OLD_SHARE]
    for number, attachment in enumerate(posts or attachments):
        yield _attachment(user, f"{mid}#{number}", attachment)
    if message.get("is_unsupported"):
        yield Event("instagram", user, mid, "other")


def _attachment(user: str, number: str, attachment: Mapping[str, Any]) -> Event:
    kind, payload = attachment.get("type", ""), attachment.get("payload") or {}
    if kind == "like_heart":
        return Event("instagram", user, number, "sticker")
    if kind in _FILES and "url" in payload:
        return Event("instagram", user, number, _FILES[kind], media=Media(payload["url"]))
    return Event("instagram", user, number, "other")
