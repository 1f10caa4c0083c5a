"""SMS and MMS by Twilio's Programmable Messaging."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import aiohttp

from ..api import Api
from ..config import Settings
from ..desks import File
from ..lending import Files
from ..model import Event, EventKind, Media, Picture, Reply
from ..store import Store
from .sms import Texting

VERSION = "2010-04-01"
_HEARD: dict[str, EventKind] = {"image": "photo", "video": "video", "audio": "voice"}
_STICKER = "image/webp"


class Twilio(Texting):
    name = "twilio"
    path = "/webhooks/twilio"

    def __init__(self, settings: Settings, api: Api, assets: Path, files: Files, store: Store) -> None:
        super().__init__(store)
        self._api = api
        self._assets = assets
        self._files = files
        self._token = settings["TWILIO_AUTH_TOKEN"].encode()
        self._number = settings["TWILIO_PHONE_NUMBER"]
        account = settings["TWILIO_ACCOUNT_SID"]
        self._url = f"{settings.root('twilio')}/{VERSION}/Accounts/{account}/Messages.json"
        self._hook = f"{settings.public_url}{self.path}"
        self._headers = {"Authorization": f"Basic {b64encode(account.encode() + b':' + self._token).decode()}"}

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        """The address, with its query, and every field, sorted by name, are signed."""
        fields = sorted(set(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)))
        query = headers.get(":path", "").partition("?")[2]
        signed = (f"{self._hook}?{query}" if query else self._hook) + "".join(name + value for name, value in fields)
        expected = b64encode(hmac.new(self._token, signed.encode("utf-8", "replace"), hashlib.sha1).digest())
        return hmac.compare_digest(expected, headers.get("x-twilio-signature", "").encode())

    def read(self, headers: Mapping[str, str], raw: bytes) -> Any:  # noqa: ARG002
        return dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))

    def items(self, update: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        if update.get("SmsStatus") == "received":
            yield update

    def events(self, item: Mapping[str, Any]) -> Iterator[Event]:
        user, number, text = item["From"], item["MessageSid"], item.get("Body", "")
        count = int(item.get("NumMedia") or 0)
        if not count:
            yield from self.heard(user, number, text)
        for place in range(count):
            mime = item[f"MediaContentType{place}"]
            kind = "sticker" if mime == _STICKER else _HEARD.get(mime.partition("/")[0], "document")
            id = f"{number}:{place}" if place else number
            media, words = Media(item[f"MediaUrl{place}"], mime), "" if place else text
            yield Event(self.name, user, id, kind, text=words, message_id=id, media=media)

    async def send(self, user: str, reply: Reply) -> None:
        if isinstance(reply, Picture):
            content = (self._assets / reply.file).read_bytes()
            await self._send(user, reply.caption, self._files.lend(File(reply.file, "image/png", content)))
            return
        for text in self.texts(user, reply):
            await self._send(user, text)

    async def text(self, number: str, words: str) -> None:
        """One message to a number, whoever has it. Raises `ApiError` where the platform refuses it."""
        await self._send(number, words)

    async def hand(self, user: str, file: File) -> None:
        await self._send(user, "", self._files.lend(file))

    async def fetch(self, media: Media) -> bytes:
        return await self._api.download(media.ref, "twilio media", headers=self._headers)

    async def _send(self, user: str, text: str, link: str = "") -> None:
        if self.has_left(user):
            return
        fields = {"To": user, "From": self._number, "Body": text, "MediaUrl": link}

        def form() -> aiohttp.FormData:
            return aiohttp.FormData({name: value for name, value in fields.items() if value})

        await self._api.post(self._url, "twilio Messages", form=form, headers=self._headers)
