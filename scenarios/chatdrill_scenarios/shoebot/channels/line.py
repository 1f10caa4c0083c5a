"""LINE's Messaging API."""

from __future__ import annotations

import base64
import hashlib
import hmac
import mimetypes
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..api import TRIES_MAX, Api, ApiError
from ..config import Settings
from ..desks import File
from ..lending import Files
from ..model import Button, Event, EventKind, Media, Picture, Pin, Reply, Say
from . import Writable, pieces, short

TEXT_MAX = 5000 // 2  # LINE counts UTF-16 units, and no sign has more than two
LABEL_MAX, QUICK_REPLIES_MAX = 20, 13
# A token lives for about a minute after the webhook; what comes later is pushed, which counts against the month's quota.
REPLY_S = 45.0
TOKENS_MAX = 10_000
LOADING_S = 20
LINK = "ord_"
ACCEPTED_BEFORE = 409
PREVIEW = "size-chart.png"  # what stands for a film until it is played
_SHOWN = ("image/jpeg", "image/png")


class Line(Writable):
    name = "line"
    can_reopen = False

    def __init__(self, settings: Settings, api: Api, assets: Path, files: Files) -> None:
        self._settings = settings
        self._api = api
        self._assets = assets
        self._files = files
        self._root, self._data = settings.root("line"), settings["LINE_DATA_API_ROOT"].rstrip("/")
        self._token, self._secret = settings["LINE_CHANNEL_ACCESS_TOKEN"], settings["LINE_CHANNEL_SECRET"]
        self._given: dict[str, tuple[str, float]] = {}  # reply tokens by the event that they came with
        self._open: dict[str, tuple[str, float]] = {}  # and by the customer whose turn it is

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        expected = base64.b64encode(hmac.new(self._secret.encode(), raw, hashlib.sha256).digest())
        return hmac.compare_digest(expected, headers.get("x-line-signature", "").encode())

    def handshake(self, query: Mapping[str, str]) -> str | None:  # noqa: ARG002 - LINE tests an address by an ordinary webhook
        return None

    async def register(self) -> None:
        """Nothing to do: the address stands in the console."""

    def items(self, update: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        yield from update["events"]

    def events(self, item: Mapping[str, Any]) -> Iterator[Event]:
        """Of chats between two only. In standby somebody else speaks."""
        reader = _READERS.get(item["type"])
        source = item.get("source") or {}
        if reader is None or source.get("type") != "user" or item.get("mode") == "standby" or _is_back(item):
            return
        number = item["webhookEventId"]
        if "replyToken" in item:
            self._keep(number, item["replyToken"])
        yield Event(**{"channel": "line", "user": source["userId"], "id": number, **reader(item)})

    def _keep(self, number: str, token: str) -> None:
        if len(self._given) >= TOKENS_MAX:
            del self._given[next(iter(self._given))]
        self._given[number] = (token, time.time())

    async def confirm(self, event: Event) -> None:
        """Nothing to do: quick replies vanish by themselves."""

    async def attend(self, event: Event) -> None:
        """The first answer is free, by the token of the last word."""
        if event.id in self._given:
            self._open[event.user] = self._given.pop(event.id)
        body = {"chatId": event.user, "loadingSeconds": LOADING_S}
        await self._post("/v2/bot/chat/loading/start", body, "loading", once=True)

    def may_say(self, say: Say, silence_s: float) -> bool:  # noqa: ARG002 - friends may be written to
        return True

    async def reopen(self, user: str, language: str) -> None:
        """Nothing to do: no window closes here."""

    async def send(self, user: str, reply: Reply) -> None:
        match reply:
            case Say(text=text, buttons=buttons):
                *before, last = pieces(text, TEXT_MAX)
                for piece in before:
                    await self._say(user, {"type": "text", "text": piece})
                await self._say(user, _words(last, buttons))
            case Pin(latitude=latitude, longitude=longitude, title=title, address=address):
                place = {"latitude": latitude, "longitude": longitude}
                await self._say(user, {"type": "location", "title": title[:100], "address": address[:100], **place})
            case Picture(file=name):
                await self._show(user, File(name, "image/png", (self._assets / name).read_bytes()))

    async def hand(self, user: str, file: File) -> None:
        """LINE takes links and no uploads, so the bot serves the file itself; what no message is made for is a link that can be read."""
        if file.mime in _SHOWN:
            await self._show(user, file)
            return
        link = self._files.lend(file)
        if file.mime == "video/mp4":
            preview = self._files.lend(File(PREVIEW, "image/png", (self._assets / PREVIEW).read_bytes()))
            await self._say(user, {"type": "video", "originalContentUrl": link, "previewImageUrl": preview})
        else:
            await self._say(user, {"type": "text", "text": f"{file.name}: {link}"})

    async def fetch(self, media: Media) -> bytes:
        """A large film is not there at once: until then LINE answers 202 and nothing."""
        for attempt in range(TRIES_MAX):
            url = f"{self._data}/v2/bot/message/{media.ref}/content"
            content = await self._api.download(url, "line content", token=self._token)
            if content:
                return content
            await self._api.pause(attempt)
        raise ApiError("line content", 202, "not ready")

    async def _show(self, user: str, file: File) -> None:
        link = self._files.lend(file)
        await self._say(user, {"type": "image", "originalContentUrl": link, "previewImageUrl": link})

    async def _say(self, user: str, message: Mapping[str, Any]) -> None:
        """By the token of the turn, if it is fresh; else by a push, which is not said twice whatever is tried again."""
        token, given_at = self._open.pop(user, ("", 0.0))
        if token and (time.time() - given_at) * self._settings.speed < REPLY_S:
            await self._post("/v2/bot/message/reply", {"replyToken": token, "messages": [message]}, "reply")
            return
        try:
            key = {"X-Line-Retry-Key": str(uuid.uuid4())}
            await self._post("/v2/bot/message/push", {"to": user, "messages": [message]}, "push", headers=key)
        except ApiError as error:
            if error.status != ACCEPTED_BEFORE:
                raise

    async def _post(self, path: str, body: Mapping[str, Any], what: str, **more: Any) -> None:
        await self._api.post(f"{self._root}{path}", f"line {what}", body=body, token=self._token, **more)


def _words(text: str, buttons: tuple[Button, ...]) -> dict[str, Any]:
    message: dict[str, Any] = {"type": "text", "text": text}
    if buttons:
        items = [{"type": "action", "action": _action(one)} for one in buttons[:QUICK_REPLIES_MAX]]
        message["quickReply"] = {"items": items}
    return message


def _action(button: Button) -> dict[str, str]:
    known = {"type": "postback", "label": short(button.label, LABEL_MAX), "data": button.payload}
    return {**known, "displayText": button.label}


def _is_back(item: Mapping[str, Any]) -> bool:
    """Who lets the account write again begins nothing new."""
    return item["type"] == "follow" and bool((item.get("follow") or {}).get("isUnblocked"))


def _message(item: Mapping[str, Any]) -> dict[str, Any]:
    message = item["message"]
    return {"message_id": message["id"], **_CONTENT.get(message["type"], _other)(message)}


def _text(message: Mapping[str, Any]) -> dict[str, Any]:
    """A link to the chat carries nothing but words, which stand ready there: those of the shop's links are no words of a person."""
    if message["text"].startswith(LINK):
        return {"kind": "start", "payload": message["text"]}
    return {"kind": "text", "text": message["text"]}


def _file(message: Mapping[str, Any]) -> dict[str, Any]:
    mime = mimetypes.guess_type(message.get("fileName") or "")[0] or ""
    return {"kind": "document", "media": Media(message["id"], mime)}


def _place(message: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": "location", "latitude": float(message["latitude"]), "longitude": float(message["longitude"])}


def _other(message: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - one shape for the table
    return {"kind": "other"}


def _media(kind: EventKind, mime: str) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    return lambda message: {"kind": kind, "media": Media(message["id"], mime)}


_CONTENT: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "text": _text,
    "image": _media("photo", "image/jpeg"),
    "video": _media("video", "video/mp4"),
    "audio": _media("voice", "audio/mp4"),
    "file": _file,
    "sticker": lambda _: {"kind": "sticker"},
    "location": _place,
}
_READERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "message": _message,
    "postback": lambda item: {"kind": "press", "payload": item["postback"]["data"]},
    "follow": lambda _: {"kind": "start"},
}
