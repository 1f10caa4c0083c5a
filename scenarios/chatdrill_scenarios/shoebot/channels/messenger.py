"""Facebook Messenger."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp

from ..api import Api
from ..config import GRAPH_VERSION, Settings
from ..desks import File
from ..model import Event, EventKind, Media, Picture, Pin, Reply, Say
from ..policy import DAY_S
from . import meta, pieces
from .shelf import Shelf

TEXT_MAX = 2000
GET_STARTED = "GET_STARTED"
# The two messages that may leave after a day of silence, for a week: what a person wrote, and a survey.
HUMAN_AGENT, FEEDBACK = "HUMAN_AGENT", "CUSTOMER_FEEDBACK"
TAGGED_S = 7 * DAY_S
QUESTION = "q-csat"
_FILES: dict[str, EventKind] = {"image": "photo", "audio": "voice", "video": "video", "file": "document"}

_ASIDE = "standby"  # a mark of ours on what another app has the conversation for


class Messenger(meta.Inbox):
    name = "messenger"

    def __init__(self, settings: Settings, api: Api, assets: Path) -> None:
        node = f"{settings.root('messenger')}/{GRAPH_VERSION}/{settings['MESSENGER_PAGE_ID']}"
        super().__init__(settings, api, node, settings["MESSENGER_PAGE_TOKEN"])
        self._shelf = Shelf(assets)

    async def register(self) -> None:
        """The webhook is entered in Meta's dashboard, but without this call nobody sees a Get Started button."""
        url = f"{self._settings.root('messenger')}/{GRAPH_VERSION}/me/messenger_profile"
        body = {"get_started": {"payload": GET_STARTED}}
        await self._api.post(url, "messenger profile", body=body, token=self._token)

    def items(self, update: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """`standby` is left alone, as in it another app owns the conversation; but where that is the desk, the customer may
        still say that the bot shall come back."""
        arrays = ("messaging", "standby") if self._settings["SHOEBOT_DESK"] == "messenger_inbox" else ("messaging",)
        for entry in update.get("entry", ()):
            for array in arrays:
                for item in entry.get(array, ()):
                    yield {**item, _ASIDE: True} if array == "standby" else item

    def events(self, item: Mapping[str, Any]) -> Iterator[Event]:
        user = (item.get("sender") or {}).get("id")
        if user:
            for event in _events(user, item):
                yield replace(event, aside=bool(item.get(_ASIDE)))

    def may_say(self, say: Say, silence_s: float) -> bool:
        window_s = self._policy.window_s if say.author == "bot" else TAGGED_S
        return silence_s < window_s - meta.MARGIN_S

    async def send(self, user: str, reply: Reply) -> None:
        match reply:
            case Say(author="survey", text=text):
                await self._tagged(user, {"attachment": {"type": "template", "payload": self._survey(text)}}, FEEDBACK)
            case Say(author="agent", text=text):
                await self._tagged(user, {"text": text}, HUMAN_AGENT)
            case Say(text=text, buttons=buttons):
                await self._say(user, pieces(text, TEXT_MAX), buttons)
            case Pin() as pin:
                await self._point(user, pin)
            case Picture(file=file):
                await self._show(user, file)

    async def hand(self, user: str, file: File) -> None:
        kind = file.mime.partition("/")[0]
        message = {"attachment": {"type": kind if kind in ("image", "audio", "video") else "file", "payload": {}}}

        def form() -> aiohttp.FormData:
            tagged = {"messaging_type": "MESSAGE_TAG", "tag": HUMAN_AGENT}
            data = aiohttp.FormData({"recipient": json.dumps({"id": user}), "message": json.dumps(message), **tagged})
            data.add_field("filedata", file.content, filename=file.name, content_type=file.mime)
            return data

        await self._api.post(f"{self._node}/messages", "messenger file", form=form, token=self._token)

    async def fetch(self, media: Media) -> bytes:
        return await self._api.download(media.ref, "messenger file")

    async def _show(self, user: str, file: str) -> None:
        async def send(attachment_id: str) -> None:
            await self._message(user, {"attachment": {"type": "image", "payload": {"attachment_id": attachment_id}}})

        async def upload() -> str:
            message = json.dumps({"attachment": {"type": "image", "payload": {"is_reusable": True}}})
            form = self._shelf.form(file, "filedata", platform="MESSENGER", message=message)
            url = f"{self._node}/message_attachments"
            attachment_id = (await self._api.post(url, "messenger upload", form=form, token=self._token))[
                "attachment_id"
            ]
            await send(attachment_id)
            return str(attachment_id)

        await self._shelf.deliver(file, send, upload)

    def _survey(self, text: str) -> dict[str, Any]:
        """Messenger has a form for ratings, which may be sent when the window is closed."""
        title, _, subtitle = text.partition("? ")
        question = {
            "id": QUESTION, "type": "csat", "title": f"{title}?", "score_label": "neg_pos", "score_option": "five_stars",
        }  # fmt: skip
        return {
            "template_type": "customer_feedback",
            "title": f"{title}?",
            "subtitle": subtitle,
            "button_title": "★",
            "feedback_screens": [{"questions": [question]}],
            "business_privacy": {"url": f"{self._settings.public_url}/privacy"},
            "expires_in_days": max(1, min(7, round(self._policy.rating_s / DAY_S))),
        }


def _events(user: str, item: Mapping[str, Any]) -> Iterator[Event]:
    match item:
        case {"message": {"is_echo": True}}:
            return
        case {"message": {"quick_reply": {"payload": payload}, "mid": mid}}:
            yield Event("messenger", user, mid, "press", payload=payload)
        case {"message": message}:
            yield from _message(user, message)
        case {"messaging_feedback": {"feedback_screens": [{"questions": {"q-csat": {"payload": stars}}}]}}:
            number = f"feedback:{user}:{item.get('timestamp', '')}"
            yield Event("messenger", user, number, "press", payload=f"rate:{stars}")
        case _:
            yield from meta.told("messenger", GET_STARTED, user, item)


def _message(user: str, message: Mapping[str, Any]) -> Iterator[Event]:
    """Text and every attachment is an event of its own; the burst brings them together again."""
    mid = message["mid"]
    text = message.get("text", "")
    if text:
        yield Event("messenger", user, mid, "text", text=text, message_id=mid)
    attachments = message.get("attachments") or ()
    if any(_is_sticker(one) for one in attachments):
        attachments = [one for one in attachments if _is_sticker(one)][:1]  # it may come doubled, as an image, too
    for number, attachment in enumerate(attachments):
        if not (text and attachment.get("type") == "fallback"):  # the preview of a link in the text
            yield _attachment(user, f"{mid}#{number}", attachment)


def _is_sticker(attachment: Mapping[str, Any]) -> bool:
    return attachment.get("type") == "sticker" or "sticker_id" in (attachment.get("payload") or {})


def _attachment(user: str, number: str, attachment: Mapping[str, Any]) -> Event:
    kind = attachment.get("type", "")
    payload = attachment.get("payload") or {}
    if _is_sticker(attachment):
        return Event("messenger", user, number, "sticker")
    if kind in _FILES and "url" in payload:
        return Event("messenger", user, number, _FILES[kind], media=Media(payload["url"]))
    if place := payload.get("coordinates"):
        return Event("messenger", user, number, "location", latitude=place["lat"], longitude=place["long"])
    return Event("messenger", user, number, "other")
