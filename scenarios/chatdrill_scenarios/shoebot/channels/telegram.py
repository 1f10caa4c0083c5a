"""Telegram Bot API."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp

from ..api import Api
from ..config import Settings
from ..desks import File
from ..model import Button, Event, EventKind, Media, Picture, Pin, Reply, Say
from . import Writable, pieces
from .shelf import Shelf

TEXT_MAX = 4096
BUTTONS_IN_ROW = 2
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "message_reaction"]
# Key of the message → kind of event. An animation also fills `document`, so the order matters.
_FILES: dict[str, EventKind] = {
    "animation": "sticker", "sticker": "sticker", "voice": "voice", "audio": "audio",
    "video": "video", "video_note": "video", "document": "document",
}  # fmt: skip
# Type of an agent's file → method and field.
_SENDS = (
    ("image/gif", "sendAnimation", "animation"), ("image/", "sendPhoto", "photo"), ("audio/ogg", "sendVoice", "voice"),
    ("audio/", "sendAudio", "audio"), ("video/", "sendVideo", "video"),
)  # fmt: skip
_UNSUPPORTED = ("poll", "dice", "game", "story", "paid_media", "checklist")


class Telegram(Writable):
    name = "telegram"
    can_reopen = False

    def __init__(self, settings: Settings, api: Api, assets: Path) -> None:
        self._settings = settings
        self._api = api
        self._shelf = Shelf(assets)
        self._token = settings["TELEGRAM_BOT_TOKEN"]
        self._root = settings.root("telegram")

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:  # noqa: ARG002 - Telegram signs nothing
        given = headers.get("x-telegram-bot-api-secret-token", "")
        return hmac.compare_digest(given.encode(), self._settings["TELEGRAM_WEBHOOK_SECRET"].encode())

    def handshake(self, query: Mapping[str, str]) -> str | None:  # noqa: ARG002 - Telegram has none
        return None

    async def register(self) -> None:
        await self._call(
            "setWebhook",
            url=f"{self._settings.public_url}/webhooks/telegram",
            secret_token=self._settings["TELEGRAM_WEBHOOK_SECRET"],
            allowed_updates=ALLOWED_UPDATES,
        )

    def items(self, update: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        yield update

    def events(self, item: Mapping[str, Any]) -> Iterator[Event]:
        number = str(item["update_id"])
        if "message" in item:
            yield from _message(number, item["message"])
        elif "edited_message" in item:
            yield from _edit(number, item["edited_message"])
        elif "callback_query" in item:
            yield from _press(number, item["callback_query"])

    async def confirm(self, event: Event) -> None:
        """Stops the spinner on the button, and takes the buttons away: a menu is pressed once."""
        await self._call("answerCallbackQuery", callback_query_id=event.callback_id)
        if event.menu_id:
            await self._call("editMessageReplyMarkup", chat_id=int(event.user), message_id=int(event.menu_id))

    async def attend(self, event: Event) -> None:
        body = {"chat_id": int(event.user), "action": "typing"}
        await self._api.post(self._url("sendChatAction"), "telegram sendChatAction", body=body, once=True)

    def may_say(self, say: Say, silence_s: float) -> bool:  # noqa: ARG002 - a bot may write whenever it likes
        return True

    async def reopen(self, user: str, language: str) -> None:
        """Nothing to do: no window closes here."""

    async def send(self, user: str, reply: Reply) -> None:
        chat = int(user)
        match reply:
            case Say():
                await self._say(chat, reply)
            case Pin(latitude=latitude, longitude=longitude, title=title, address=address):
                await self._call(
                    "sendVenue", chat_id=chat, latitude=latitude, longitude=longitude, title=title, address=address
                )
            case Picture():
                await self._show(chat, reply)

    async def hand(self, user: str, file: File) -> None:
        method, field = next(
            (found for kind, *found in _SENDS if file.mime.startswith(kind)), ("sendDocument", "document")
        )

        def form() -> aiohttp.FormData:
            data = aiohttp.FormData({"chat_id": user})
            data.add_field(field, file.content, filename=file.name, content_type=file.mime)
            return data

        await self._api.post(self._url(method), f"telegram {method}", form=form)

    async def fetch(self, media: Media) -> bytes:
        answer = await self._call("getFile", file_id=media.ref)
        path = answer["result"]["file_path"]
        return await self._api.download(f"{self._root}/file/bot{self._token}/{path}", "telegram file")

    async def _say(self, chat: int, say: Say) -> None:
        *before, last = pieces(say.text, TEXT_MAX)
        for piece in before:
            await self._call("sendMessage", chat_id=chat, text=piece)
        markup = {"reply_markup": _keyboard(say.buttons)} if say.buttons else {}
        await self._call("sendMessage", chat_id=chat, text=last, **markup)

    async def _show(self, chat: int, picture: Picture) -> None:
        async def send(file_id: str) -> None:
            await self._call("sendPhoto", chat_id=chat, photo=file_id, caption=picture.caption)

        async def upload() -> str:
            form = self._shelf.form(picture.file, "photo", chat_id=str(chat), caption=picture.caption)
            answer = await self._api.post(self._url("sendPhoto"), "telegram sendPhoto", form=form)
            return str(answer["result"]["photo"][-1]["file_id"])

        await self._shelf.deliver(picture.file, send, upload)

    async def _call(self, method: str, **arguments: Any) -> dict[str, Any]:
        return await self._api.post(self._url(method), f"telegram {method}", body=arguments)

    def _url(self, method: str) -> str:
        return f"{self._root}/bot{self._token}/{method}"


def _keyboard(buttons: tuple[Button, ...]) -> dict[str, Any]:
    keys = [{"text": button.label, "callback_data": button.payload} for button in buttons]
    return {"inline_keyboard": [keys[at : at + BUTTONS_IN_ROW] for at in range(0, len(keys), BUTTONS_IN_ROW)]}


def _message(number: str, message: Mapping[str, Any]) -> Iterator[Event]:
    chat = message["chat"]
    if chat.get("type") != "private":
        return  # a support bot has no business in groups
    content = _content(message)
    if content is None:
        return
    yield Event(
        channel="telegram",
        user=str(chat["id"]),
        id=number,
        message_id=str(message["message_id"]),
        language=message.get("from", {}).get("language_code", ""),
        name=_name(message.get("from", {})),
        **content,
    )


def _name(user: Mapping[str, Any]) -> str:
    return f"{user.get('first_name', '')} {user.get('last_name', '')}".strip()


def _content(message: Mapping[str, Any]) -> dict[str, Any] | None:
    """The fields of the event that depend on what was sent; None for service messages."""
    if "text" in message:
        return _text(message["text"])
    caption = message.get("caption", "")
    if message.get("photo"):
        largest = max(message["photo"], key=lambda size: size["width"] * size["height"])
        return {"kind": "photo", "text": caption, "media": Media(largest["file_id"], "image/jpeg")}
    for key, kind in _FILES.items():
        if key in message:
            file = message[key]
            return {"kind": kind, "text": caption, "media": Media(file["file_id"], file.get("mime_type", ""))}
    if "location" in message:
        place = message["location"]
        return {"kind": "location", "latitude": place["latitude"], "longitude": place["longitude"]}
    if "contact" in message:
        return {"kind": "contact", "phone": message["contact"]["phone_number"]}
    return {"kind": "other"} if any(key in message for key in _UNSUPPORTED) else None


def _text(text: str) -> dict[str, Any]:
    command, _, payload = text.partition(" ")
    if command.split("@")[0] == "/start":
        return {"kind": "start", "payload": payload.strip()}
    return {"kind": "text", "text": text}


def _edit(number: str, message: Mapping[str, Any]) -> Iterator[Event]:
    words = message.get("text") or message.get("caption")
    if words and message["chat"].get("type") == "private":  # a moving live location is an edit, too
        yield Event(
            channel="telegram",
            user=str(message["chat"]["id"]),
            id=number,
            kind="edit",
            text=words,
            message_id=str(message["message_id"]),
            language=message.get("from", {}).get("language_code", ""),
        )


def _press(number: str, query: Mapping[str, Any]) -> Iterator[Event]:
    menu = query.get("message") or {}
    reachable = menu.get("date", 0) != 0  # a message with date 0 is gone for bots
    yield Event(
        channel="telegram",
        user=str(menu.get("chat", query["from"])["id"]),
        id=number,
        kind="press",
        payload=query.get("data", ""),
        language=query["from"].get("language_code", ""),
        callback_id=query["id"],
        menu_id=str(menu["message_id"]) if reachable else "",
    )
