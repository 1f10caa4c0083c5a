"""SMS and MMS by Infobip."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..api import Api, ApiError
from ..config import Settings
from ..desks import File
from ..lending import Files
from ..model import Event, EventKind, Media, Picture, Reply
from ..store import Store
from .sms import Texting

_HEARD: dict[str, EventKind] = {"image": "photo", "video": "video", "audio": "voice"}
_STICKER, _WORDS = "image/webp", "text/plain"
REJECTED = "REJECTED"


class Infobip(Texting):
    name = "infobip"
    explains = False

    def __init__(self, settings: Settings, api: Api, assets: Path, files: Files, store: Store) -> None:
        super().__init__(store)
        self._api = api
        self._assets = assets
        self._files = files
        self._root = settings.root("infobip")
        self._sender = settings["INFOBIP_SENDER"]
        self._headers = {"Authorization": f"App {settings['INFOBIP_API_KEY']}"}
        known = f"{settings['INFOBIP_WEBHOOK_USER']}:{settings['INFOBIP_WEBHOOK_PASSWORD']}"
        self._expected = b"Basic " + b64encode(known.encode())

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:  # noqa: ARG002 - the body is not signed
        return hmac.compare_digest(headers.get("authorization", "").encode(), self._expected)

    def items(self, update: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Inbound messages; delivery reports and clicks have no `from` with words or files."""
        for result in update.get("results", ()):
            if "text" in result or "message" in result:
                yield result

    def events(self, item: Mapping[str, Any]) -> Iterator[Event]:
        user, number = item["from"], item["messageId"]
        if "text" in item:
            yield from self.heard(user, number, item["text"])
            return
        words = "\n".join(piece["value"] for piece in item["message"] if piece["contentType"] == _WORDS)
        files = [piece for piece in item["message"] if "url" in piece]
        for place, piece in enumerate(files):
            mime = piece["contentType"]
            kind = "sticker" if mime == _STICKER else _HEARD.get(mime.partition("/")[0], "document")
            id = f"{number}:{place}" if place else number
            media = Media(piece["url"], mime)
            yield Event(self.name, user, id, kind, text="" if place else words, message_id=id, media=media)

    async def send(self, user: str, reply: Reply) -> None:
        if isinstance(reply, Picture):
            content = (self._assets / reply.file).read_bytes()
            await self._show(user, reply.caption, File(reply.file, "image/png", content))
            return
        for text in self.texts(user, reply):
            await self._send(user, "sms/3/messages", {"text": text})

    async def hand(self, user: str, file: File) -> None:
        await self._show(user, "", file)

    async def fetch(self, media: Media) -> bytes:
        return await self._api.download(media.ref, "infobip media", headers=self._headers)

    async def _show(self, user: str, caption: str, file: File) -> None:
        link = {"type": "LINK", "contentUrl": self._files.lend(file), "contentType": file.mime}
        words = [{"type": "TEXT", "text": caption}] if caption else []
        await self._send(user, "mms/2/messages", {"messageSegments": [*words, link]})

    async def _send(self, user: str, path: str, content: Mapping[str, Any]) -> None:
        """What is rejected is answered with 200 all the same: the status of the message says so."""
        if self.has_left(user):
            return
        message = {"sender": self._sender, "destinations": [{"to": user}], "content": content}
        what = f"infobip {path}"
        answer = await self._api.post(f"{self._root}/{path}", what, body={"messages": [message]}, headers=self._headers)
        for sent in answer.get("messages", ()):
            status = sent.get("status") or {}
            if status.get("groupName") == REJECTED:
                raise ApiError(what, 200, f"{status.get('id')} {status.get('name')}")
