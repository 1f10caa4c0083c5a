"""Viber's REST Bot API."""

from __future__ import annotations

import hashlib
import hmac
import json
import mimetypes
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..api import TRIES_MAX, Api, ApiError
from ..config import Settings
from ..desks import File
from ..lending import Files
from ..model import Button, Event, EventKind, Media, Picture, Pin, Reply, Say
from . import JsonBody, pieces

TEXT_MAX, CAPTION_MAX, SENDER_MAX = 7000, 512, 28
COLUMNS, BUTTONS_IN_ROW = 6, 2
EVENTS = ["conversation_started"]  # messages and who comes or goes are told in any case
# Every answer has HTTP status 200: what happened is a number in it.
OK, INVALID_URL, TOO_MANY = 0, 1, 12
# Endings that Viber wants to see in the link of what it shows as a picture.
_PICTURES = (".jpg", ".jpeg", ".png", ".gif")
_HEARD: dict[str, EventKind] = {"audio": "voice", "video": "video"}


class Viber(JsonBody):
    name = "viber"
    can_reopen = False

    def __init__(self, settings: Settings, api: Api, assets: Path, files: Files) -> None:
        self._settings = settings
        self._api = api
        self._assets = assets
        self._files = files
        self._token = settings["VIBER_TOKEN"]
        self._sender = {"name": settings["VIBER_BOT_NAME"][:SENDER_MAX]}

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        expected = hmac.new(self._token.encode(), raw, hashlib.sha256).hexdigest()
        given = headers.get("x-viber-content-signature", "")
        return hmac.compare_digest(expected.encode(), given.encode())

    def handshake(self, query: Mapping[str, str]) -> str | None:  # noqa: ARG002 - Viber asks by an ordinary callback
        return None

    async def register(self) -> None:
        """Viber calls the address before it answers, and the server may not listen yet: then it is tried again."""
        url = f"{self._settings.public_url}/webhooks/viber"
        await self._call("set_webhook", INVALID_URL, url=url, event_types=EVENTS, send_name=True, send_photo=False)

    def items(self, update: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        yield update

    def events(self, item: Mapping[str, Any]) -> Iterator[Event]:
        number = str(item["message_token"])
        if item["event"] == "message":
            yield _message(number, item)
        elif item["event"] == "conversation_started":
            yield _opening(number, item)

    def opening(self, update: Mapping[str, Any]) -> Event | None:
        """Who has not written yet cannot be written to: only the answer to this very webhook reaches them."""
        if update.get("event") != "conversation_started" or update.get("subscribed"):
            return None
        return _opening(str(update["message_token"]), update)

    def greeting(self, event: Event, replies: Iterable[Reply]) -> bytes:  # noqa: ARG002
        """One message for that answer, or nothing."""
        says = [reply for reply in replies if isinstance(reply, Say)]
        if not says:
            return b""
        words = "\n\n".join(say.text for say in says)[:TEXT_MAX]
        return json.dumps({"sender": self._sender, **_words(words, says[-1].buttons)}).encode()

    async def confirm(self, event: Event) -> None:
        """Nothing to do: a press is a message."""

    async def attend(self, event: Event) -> None:
        """Nothing to do: bots can neither mark as read nor show that they type."""

    def may_say(self, say: Say, silence_s: float) -> bool:  # noqa: ARG002 - whoever is subscribed may be written to
        return True

    async def reopen(self, user: str, language: str) -> None:
        """Nothing to do: no window closes here."""

    async def send(self, user: str, reply: Reply) -> None:
        match reply:
            case Say(text=text, buttons=buttons):
                *before, last = pieces(text, TEXT_MAX)
                for piece in before:
                    await self._send(user, _words(piece, ()))
                await self._send(user, _words(last, buttons))
            case Pin(latitude=latitude, longitude=longitude):
                await self._send(user, {"type": "location", "location": {"lat": latitude, "lon": longitude}})
            case Picture(file=name, caption=caption):
                content = (self._assets / name).read_bytes()
                await self._show(user, File(name, "image/png", content), caption)

    async def hand(self, user: str, file: File) -> None:
        if file.mime.startswith("image/") and file.name.lower().endswith(_PICTURES):
            await self._show(user, file, "")
            return
        content = {"media": self._files.lend(file), "size": len(file.content)}
        if file.mime == "video/mp4" and file.name.lower().endswith(".mp4"):
            await self._send(user, {"type": "video", **content})
        else:
            await self._send(user, {"type": "file", "file_name": file.name[-256:], **content})

    async def fetch(self, media: Media) -> bytes:
        """The link lives for an hour."""
        return await self._api.download(media.ref, "viber file")

    async def _show(self, user: str, file: File, caption: str) -> None:
        """Viber takes links and no uploads, so the bot serves the file itself."""
        await self._send(user, {"type": "picture", "text": caption[:CAPTION_MAX], "media": self._files.lend(file)})

    async def _send(self, user: str, message: Mapping[str, Any]) -> None:
        await self._call("send_message", TOO_MANY, receiver=user, sender=self._sender, **message)

    async def _call(self, method: str, passing: int, **body: Any) -> None:
        """Raises `ApiError` for every status but 0; `passing` is one that goes away by itself."""
        url, headers = f"{self._settings.root('viber')}/{method}", {"X-Viber-Auth-Token": self._token}
        for attempt in range(TRIES_MAX):
            answer = await self._api.post(url, f"viber {method}", body=body, headers=headers)
            status = answer.get("status", OK)
            if status == OK:
                return
            if status != passing or attempt == TRIES_MAX - 1:
                raise ApiError(f"viber {method}", 200, f"{status} {answer.get('status_message')}")
            await self._api.pause(attempt)


def _words(text: str, buttons: tuple[Button, ...]) -> dict[str, Any]:
    """What a button says is a message like any other. The payloads go along, and come back with it: so a press is known."""
    message: dict[str, Any] = {"type": "text", "text": text}
    if buttons:
        message["keyboard"] = {"Type": "keyboard", "DefaultHeight": False, "Buttons": [_key(one) for one in buttons]}
        message["tracking_data"] = json.dumps([button.payload for button in buttons])
    return message


def _key(button: Button) -> dict[str, Any]:
    size = {"Columns": COLUMNS // BUTTONS_IN_ROW, "Rows": 1}
    return {**size, "ActionType": "reply", "ActionBody": button.payload, "Text": button.label}


def _opening(number: str, item: Mapping[str, Any]) -> Event:
    return Event(kind="start", payload=item.get("context", ""), **_person(number, item["user"]))


def _message(number: str, item: Mapping[str, Any]) -> Event:
    message = item["message"]
    fields = _CONTENT.get(message["type"], _other)(message)
    return Event(**{"message_id": number, **_person(number, item["sender"]), **fields})


def _person(number: str, user: Mapping[str, Any]) -> dict[str, Any]:
    language = str(user.get("language") or "")
    return {"channel": "viber", "user": user["id"], "id": number, "language": language, "name": user.get("name") or ""}


def _text(message: Mapping[str, Any]) -> dict[str, Any]:
    words = message["text"]
    if words in _offered(message):
        return {"kind": "press", "payload": words, "message_id": ""}
    return {"kind": "text", "text": words}


def _offered(message: Mapping[str, Any]) -> list[str]:
    """The payloads under the bot's last message."""
    try:
        offered = json.loads(message.get("tracking_data") or "[]")
    except ValueError:  # another program writes under the same token
        return []
    return offered if isinstance(offered, list) else []


def _picture(message: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": "photo", "text": message.get("text") or "", "media": Media(message["media"], "image/jpeg")}


def _file(message: Mapping[str, Any]) -> dict[str, Any]:
    """A file's type is not told, only its name; voice notes come as files."""
    mime = mimetypes.guess_type(message.get("file_name") or "")[0] or ""
    kind = _HEARD.get(mime.partition("/")[0], "document")
    return {"kind": kind, "media": Media(message["media"], mime)}


def _location(message: Mapping[str, Any]) -> dict[str, Any]:
    place = message["location"]
    return {"kind": "location", "latitude": float(place["lat"]), "longitude": float(place["lon"])}


def _other(message: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - one shape for the table
    return {"kind": "other"}


_CONTENT: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "text": _text,
    "picture": _picture,
    "video": lambda message: {
        "kind": "video", "text": message.get("text") or "", "media": Media(message["media"], "video/mp4"),
    },
    "file": _file,
    "sticker": lambda message: {"kind": "sticker", "media": Media(message.get("media") or "", "image/png")},
    "location": _location,
    "contact": lambda message: {"kind": "contact", "phone": message["contact"]["phone_number"]},
}  # fmt: skip
