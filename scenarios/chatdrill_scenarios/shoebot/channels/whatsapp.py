"""WhatsApp Business Platform (Cloud API)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp

from ..api import Api
from ..config import GRAPH_VERSION, Settings
from ..desks import File, value_in
from ..model import Button, Event, EventKind, Media, Picture, Pin, Reply, Say
from ..texts import LANGUAGES, TEXTS, label
from . import Writable, meta, pieces, short
from .shelf import Shelf

TEMPLATE, GO_ON = "stepwell_reopen", "go:on"
TEXT_MAX = 4096
INTERACTIVE_TEXT_MAX = 1024  # with buttons; a list allows more, but the stricter bound serves both
BUTTONS_MAX, BUTTON_MAX = 3, 20
ROWS_MAX, ROW_MAX = 10, 24
_FILES: dict[str, EventKind] = {
    "image": "photo", "video": "video", "document": "document", "audio": "voice", "sticker": "sticker",
}  # fmt: skip
_SENDABLE = ("image/jpeg", "image/png", "audio/", "video/mp4", "video/3gp")
_SILENT = ("reaction", "system", "revoke")  # known, and no reason to speak


class WhatsApp(Writable):
    name = "whatsapp"
    can_reopen = True

    def __init__(self, settings: Settings, api: Api, assets: Path) -> None:
        self._settings = settings
        self._shelf = Shelf(assets)
        self._api = api
        self._token = settings["WHATSAPP_TOKEN"]
        self._number = settings["WHATSAPP_PHONE_NUMBER_ID"]
        self._window_s = settings.policy.window_s - meta.MARGIN_S
        self._root = f"{settings.root('whatsapp')}/{GRAPH_VERSION}"

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        return meta.signed_by(self._settings["WHATSAPP_APP_SECRET"], headers, raw)

    def handshake(self, query: Mapping[str, str]) -> str | None:
        return meta.challenge(self._settings["WHATSAPP_VERIFY_TOKEN"], query)

    async def register(self) -> None:
        """The webhook is entered in Meta's dashboard; the template must be approved before it is needed."""
        url = f"{self._root}/{self._settings['WHATSAPP_BUSINESS_ACCOUNT_ID']}/message_templates"
        about = await self._api.get(f"{url}?name={TEMPLATE}", "whatsapp templates", token=self._token)
        there = {one.get("language") for one in about.get("data", ())}
        for language in LANGUAGES:
            if language not in there:
                await self._api.post(url, "whatsapp template", body=_template(language), token=self._token)

    def items(self, update: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        for entry in update.get("entry", ()):
            for change in entry.get("changes", ()):
                value = change.get("value") or {}
                ours = value.get("metadata", {}).get("phone_number_id") == self._number
                if change.get("field") == "messages" and ours:
                    names = {one.get("wa_id"): value_in(one, "profile", "name") for one in value.get("contacts", ())}
                    for message in value.get("messages", ()):
                        yield {**message, "name": names.get(message.get("from")) or ""}

    def events(self, item: Mapping[str, Any]) -> Iterator[Event]:
        kind = item.get("type", "")
        user = item.get("from") or item.get("from_user_id")
        if not user or kind in _SILENT or "group_id" in item:
            return
        number = item["id"]
        fields = _CONTENT.get(kind, _file if kind in _FILES else _other)(item)
        yield Event(
            channel="whatsapp", user=user, id=number, name=item.get("name", ""), **{"message_id": number, **fields}
        )

    async def confirm(self, event: Event) -> None:
        """Nothing to do: WhatsApp shows a press as the customer's own message."""

    async def attend(self, event: Event) -> None:
        body = {"status": "read", "message_id": event.id, "typing_indicator": {"type": "text"}}
        await self._post(body, once=True)

    def may_say(self, say: Say, silence_s: float) -> bool:  # noqa: ARG002 - the window knows no exception
        return silence_s < self._window_s

    async def reopen(self, user: str, language: str) -> None:
        button = {"type": "button", "sub_type": "quick_reply", "index": "0"}
        parameters = [{"type": "payload", "payload": GO_ON}]
        components = [{**button, "parameters": parameters}]
        content = {"name": TEMPLATE, "language": {"code": language}, "components": components}
        await self._message(user, "template", content)

    async def send(self, user: str, reply: Reply) -> None:
        match reply:
            case Say():
                await self._say(user, reply)
            case Pin(latitude=latitude, longitude=longitude, title=title, address=address):
                pin = {"latitude": latitude, "longitude": longitude, "name": title, "address": address}
                await self._message(user, "location", pin)
            case Picture():
                await self._show(user, reply)

    async def hand(self, user: str, file: File) -> None:
        def form() -> aiohttp.FormData:
            data = aiohttp.FormData({"messaging_product": "whatsapp", "type": file.mime})
            data.add_field("file", file.content, filename=file.name, content_type=file.mime)
            return data

        url = f"{self._root}/{self._number}/media"
        media_id = (await self._api.post(url, "whatsapp upload", form=form, token=self._token))["id"]
        kind = file.mime.partition("/")[0] if file.mime.startswith(_SENDABLE) else "document"
        await self._message(user, kind, {"id": media_id, **({"filename": file.name} if kind == "document" else {})})

    async def fetch(self, media: Media) -> bytes:
        """The URL of a webhook lives five minutes, so a fresh one is asked for."""
        about = await self._api.get(f"{self._root}/{media.ref}", "whatsapp media", token=self._token)
        return await self._api.download(about["url"], "whatsapp file", token=self._token)

    async def _say(self, user: str, say: Say) -> None:
        *before, last = pieces(say.text, INTERACTIVE_TEXT_MAX if say.buttons else TEXT_MAX)
        for piece in before:
            await self._message(user, "text", {"body": piece})
        if say.buttons:
            await self._message(user, "interactive", _interactive(last, say))
        else:
            await self._message(user, "text", {"body": last})

    async def _show(self, user: str, picture: Picture) -> None:
        async def send(media_id: str) -> None:
            await self._message(user, "image", {"id": media_id, "caption": picture.caption})

        async def upload() -> str:
            form = self._shelf.form(picture.file, "file", messaging_product="whatsapp", type="image/png")
            url = f"{self._root}/{self._number}/media"
            media_id = (await self._api.post(url, "whatsapp upload", form=form, token=self._token))["id"]
            await send(media_id)
            return str(media_id)

        await self._shelf.deliver(picture.file, send, upload)

    async def _message(self, user: str, kind: str, content: Mapping[str, Any]) -> None:
        # A customer who hides the number is addressed by the business-scoped id, which has a country and a dot.
        address = {"recipient": user} if "." in user else {"to": user}
        await self._call(recipient_type="individual", **address, type=kind, **{kind: content})

    async def _call(self, **body: Any) -> None:
        await self._post(body)

    async def _post(self, body: Mapping[str, Any], *, once: bool = False) -> None:
        what = f"whatsapp {body.get('type', 'read')}"
        url, whole = f"{self._root}/{self._number}/messages", {"messaging_product": "whatsapp", **body}
        await self._api.post(url, what, body=whole, token=self._token, once=once)


def _template(language: str) -> dict[str, Any]:
    """Body and one button. A press opens the window, and the bot says what it could not say before."""
    button = {"type": "QUICK_REPLY", "text": label(GO_ON, language)}
    body = {"type": "BODY", "text": TEXTS["template"][language]}
    components = [body, {"type": "BUTTONS", "buttons": [button]}]
    return {"name": TEMPLATE, "language": language, "category": "UTILITY", "components": components}


def _interactive(text: str, say: Say) -> dict[str, Any]:
    if len(say.buttons) <= BUTTONS_MAX:
        return {"type": "button", "body": {"text": text}, "action": {"buttons": [_button(one) for one in say.buttons]}}
    rows = [{"id": one.payload, "title": short(one.label, ROW_MAX)} for one in say.buttons[:ROWS_MAX]]
    action = {"button": short(say.menu, BUTTON_MAX), "sections": [{"title": say.menu, "rows": rows}]}
    return {"type": "list", "body": {"text": text}, "action": action}


def _button(button: Button) -> dict[str, Any]:
    return {"type": "reply", "reply": {"id": button.payload, "title": short(button.label, BUTTON_MAX)}}


def _other(message: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - one shape for the table
    return {"kind": "other"}


def _file(message: Mapping[str, Any]) -> dict[str, Any]:
    file = message[message["type"]]
    media = Media(file["id"], file.get("mime_type", ""))
    return {"kind": _FILES[message["type"]], "text": file.get("caption", ""), "media": media}


def _interactive_reply(message: Mapping[str, Any]) -> dict[str, Any]:
    answer = message.get("interactive") or {}
    picked = answer.get("button_reply") or answer.get("list_reply")
    return {"kind": "press", "payload": picked["id"], "message_id": ""} if picked else {"kind": "other"}


def _location(message: Mapping[str, Any]) -> dict[str, Any]:
    place = message["location"]
    return {"kind": "location", "latitude": float(place["latitude"]), "longitude": float(place["longitude"])}


def _contacts(message: Mapping[str, Any]) -> dict[str, Any]:
    phones = [phone["phone"] for card in message["contacts"] for phone in card.get("phones", ()) if "phone" in phone]
    return {"kind": "contact", "phone": phones[0]} if phones else {"kind": "other"}


def _edit(message: Mapping[str, Any]) -> dict[str, Any]:
    """Only numbers that are also used in the WhatsApp Business app get edits."""
    edited = message["edit"]["message"]
    words = edited.get("text", {}).get("body") or edited.get(edited.get("type", ""), {}).get("caption", "")
    return {"kind": "edit", "text": words, "message_id": message["edit"]["original_message_id"]}


_CONTENT: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "text": lambda message: {"kind": "text", "text": message["text"]["body"]},
    "button": lambda message: {"kind": "press", "payload": message["button"]["payload"], "message_id": ""},
    "interactive": _interactive_reply,
    "location": _location,
    "contacts": _contacts,
    "edit": _edit,
    "request_welcome": lambda _: {"kind": "start"},
}
