"""The chat of a company: the API of the messenger that chatdrill ships as an example of a declared one."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..api import Api
from ..config import Settings
from ..desks import File
from ..lending import Files
from ..model import Button, Event, EventKind, Media, Picture, Pin, Reply, Say
from . import Writable, pieces

TEXT_MAX, BUTTONS_MAX = 4000, 8
STALE_S = 300.0
_HEARD: dict[str, EventKind] = {"image": "photo", "audio": "voice", "video": "video"}


class Declared(Writable):
    name = "declared"
    can_reopen = False

    def __init__(self, settings: Settings, api: Api, assets: Path, files: Files) -> None:
        self._api = api
        self._assets = assets
        self._files = files
        self._root = settings.root("declared")
        self._secret = settings["DECLARED_SECRET"].encode()
        self._token = settings["DECLARED_TOKEN"]

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        stamp, given = headers.get("x-acme-timestamp", ""), headers.get("x-acme-signature", "")
        if not stamp.isascii() or not stamp.isdigit() or abs(time.time() - int(stamp)) > STALE_S:
            return False
        expected = "sha256=" + hmac.new(self._secret, stamp.encode() + b"." + raw, hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected.encode(), given.encode())

    def handshake(self, query: Mapping[str, str]) -> str | None:  # noqa: ARG002 - nothing is asked
        return None

    async def register(self) -> None:
        """Nothing to do: the address stands in the company's settings."""

    def items(self, update: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        yield update

    def events(self, item: Mapping[str, Any]) -> Iterator[Event]:
        reader = _EVENTS.get(str(item.get("event")))
        if reader is not None:
            yield from (Event(**{**_person(item), **fields}) for fields in reader(item))

    async def confirm(self, event: Event) -> None:
        """Nothing to do: a press needs no answer."""

    async def attend(self, event: Event) -> None:
        await self._api.post(
            f"{self._root}/v1/chats/{event.user}/typing", "declared typing", body={}, token=self._token, once=True
        )

    def may_say(self, say: Say, silence_s: float) -> bool:  # noqa: ARG002 - no window closes here
        return True

    async def reopen(self, user: str, language: str) -> None:
        """Nothing to do: no window closes here."""

    async def send(self, user: str, reply: Reply) -> None:
        match reply:
            case Say(text=text, buttons=buttons):
                *before, last = pieces(text, TEXT_MAX)
                for piece in before:
                    await self._send(user, text=piece)
                await self._send(user, text=last, **_keys(buttons))
            case Pin(latitude=latitude, longitude=longitude):
                await self._send(user, location={"latitude": latitude, "longitude": longitude})
            case Picture(file=name, caption=caption):
                content = (self._assets / name).read_bytes()
                await self._show(user, File(name, "image/png", content), caption)

    async def hand(self, user: str, file: File) -> None:
        await self._show(user, file, "")

    async def fetch(self, media: Media) -> bytes:
        return await self._api.download(media.ref, "declared file")

    async def _show(self, user: str, file: File, caption: str) -> None:
        """Files go by links, so the bot serves them itself."""
        await self._send(user, files=[{"url": self._files.lend(file)}], **({"text": caption} if caption else {}))

    async def _send(self, user: str, **message: Any) -> None:
        await self._api.post(
            f"{self._root}/v1/messages", "declared message", body={"chat": user, **message}, token=self._token
        )


def _keys(buttons: tuple[Button, ...]) -> dict[str, Any]:
    return (
        {"buttons": [{"title": one.label, "payload": one.payload} for one in buttons[:BUTTONS_MAX]]} if buttons else {}
    )


def _person(item: Mapping[str, Any]) -> dict[str, Any]:
    chat = item["chat"]
    person = {"language": chat.get("language") or "", "name": chat.get("name") or ""}
    return {"channel": "declared", "user": chat["id"], "id": item["id"], **person}


def _message(item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A message is a text, or files with a text under them, or a place, or a card; an album is known by the message's id."""
    message = item["message"]
    said = {"message_id": message["id"], "text": message.get("text") or ""}
    files = message.get("files") or []
    for number, file in enumerate(files):
        kind = _HEARD.get(file["type"].partition("/")[0], "document")
        more = {"id": f"{item['id']}:{number}", "message_id": f"{message['id']}:{number}"}
        yield {"kind": kind, "media": Media(file["url"], file["type"]), **(said if number == 0 else more)}
    if "location" in message:
        place = message["location"]
        yield {"kind": "location", "latitude": place["latitude"], "longitude": place["longitude"], **said}
    elif "contact" in message:
        yield {"kind": "contact", "phone": message["contact"]["phone"], **said}
    elif not files:
        yield {"kind": "text", **said}


def _press(item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"kind": "press", "payload": item["press"]["payload"], "menu_id": item["press"].get("message") or ""}


def _start(item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"kind": "start", "payload": item.get("link") or ""}


def _edit(item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"kind": "edit", "message_id": item["message"]["id"], "text": item["message"].get("text") or ""}


_EVENTS: dict[str, Callable[[Mapping[str, Any]], Iterator[dict[str, Any]]]] = {
    "message": _message,
    "press": _press,
    "start": _start,
    "edit": _edit,
}
