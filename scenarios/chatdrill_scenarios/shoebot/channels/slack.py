"""Slack: events, presses and slash commands at one address; the Web API."""

from __future__ import annotations

import hashlib
import hmac
import html
import json
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import aiohttp

from ..api import Api, ApiError
from ..config import Settings
from ..desks import File
from ..model import Button, Event, EventKind, Media, Picture, Pin, Reply, Say
from . import Writable, pieces, short

TEXT_MAX, LABEL_MAX = 3000, 75  # of a section, of a button
STALE_S = 300.0
_FORM = "payload="
_LINK = re.compile(r"<(?:mailto:)?([^<>|]+)(?:\|[^<>]*)?>")
_KINDS: dict[str, EventKind] = {"image": "photo", "audio": "audio", "video": "video"}
_CLIPS: dict[str, EventKind] = {"slack_audio": "voice", "slack_video": "video"}


class Slack(Writable):
    name = "slack"
    can_reopen = False

    def __init__(self, settings: Settings, api: Api, assets: Path) -> None:
        self._settings = settings
        self._api = api
        self._assets = assets
        self._token = settings["SLACK_BOT_TOKEN"]
        self._root = settings.root("slack")
        self._rooms: dict[str, str] = {}  # the direct message with somebody, where a file is shared

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        stamp = headers.get("x-slack-request-timestamp", "")
        if not stamp.isdecimal() or abs(time.time() - int(stamp)) > STALE_S:
            return False
        signed = b"v0:" + stamp.encode() + b":" + raw
        mac = hmac.new(self._settings["SLACK_SIGNING_SECRET"].encode(), signed, hashlib.sha256)
        return hmac.compare_digest(headers.get("x-slack-signature", "").encode(), f"v0={mac.hexdigest()}".encode())

    def handshake(self, query: Mapping[str, str]) -> str | None:  # noqa: ARG002 - Slack asks by an ordinary webhook
        return None

    def read(self, headers: Mapping[str, str], raw: bytes) -> Any:  # noqa: ARG002
        """JSON; or a form: of a press with JSON in it, of a command without."""
        if raw[:1] == b"{":
            return json.loads(raw)
        form = dict(parse_qsl(raw.decode(), keep_blank_values=True))
        return json.loads(form["payload"]) if raw.startswith(_FORM.encode()) else form or json.loads(raw)

    def challenge(self, update: Mapping[str, Any]) -> bytes | None:
        if update.get("type") != "url_verification":
            return None
        return str(update.get("challenge", "")).encode()

    async def register(self) -> None:
        """Nothing to do: the owner names the addresses."""

    def items(self, update: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        yield update

    def events(self, item: Mapping[str, Any]) -> Iterator[Event]:
        if "command" in item:
            yield Event("slack", item["user_id"], item["trigger_id"], "text", text=item["text"] or item["command"])
        elif item["type"] == "event_callback":
            yield from self._events(item["event_id"], item["event"])
        elif item["type"] == "block_actions":
            yield _press(item)

    def _events(self, number: str, event: Mapping[str, Any]) -> Iterator[Event]:
        kind = event["type"], event.get("subtype")
        if event.get("bot_id"):
            return  # the bot's own words, and those of other programs
        if kind in (("message", None), ("message", "file_share")) and event.get("channel_type") == "im":
            yield from _message(number, event)
        elif kind == ("message", "message_changed") and event.get("channel_type") == "im":
            yield from _edit(number, event)
        elif kind[0] == "app_home_opened" and event.get("tab") == "messages":
            yield Event("slack", event["user"], number, "start")

    async def confirm(self, event: Event) -> None:
        """Nothing to do: the answer to the webhook says that the press has come."""

    async def attend(self, event: Event) -> None:
        """Nothing to do: only assistants can show that they are busy."""

    def may_say(self, say: Say, silence_s: float) -> bool:  # noqa: ARG002 - a bot may write whenever it likes
        return True

    async def reopen(self, user: str, language: str) -> None:
        """Nothing to do: no window closes here."""

    async def send(self, user: str, reply: Reply) -> None:
        match reply:
            case Say(text=text, buttons=buttons):
                *before, last = pieces(text, TEXT_MAX)
                for piece in before:
                    await self._say(user, piece, ())
                await self._say(user, last, buttons)
            case Pin(latitude=latitude, longitude=longitude, title=title, address=address):
                # Nobody can send a place here, so the map comes as a link.
                link = f"https://www.google.com/maps/search/?api=1&query={latitude},{longitude}"
                await self._say(user, f"{title}, {address}\n{link}", ())
            case Picture(file=name, caption=caption):
                await self._share(user, File(name, "image/png", (self._assets / name).read_bytes()), caption)

    async def hand(self, user: str, file: File) -> None:
        await self._share(user, file, "")

    async def fetch(self, media: Media) -> bytes:
        """Without the token comes a page of the login, and no error."""
        return await self._api.download(media.ref, "slack file", token=self._token)

    async def _say(self, user: str, text: str, buttons: tuple[Button, ...]) -> None:
        body: dict[str, Any] = {"channel": user, "text": html.escape(text, quote=False), "mrkdwn": False}
        if buttons:
            words = {"type": "section", "text": {"type": "plain_text", "text": text}}
            body["blocks"] = [words, {"type": "actions", "elements": [_button(one) for one in buttons]}]
        await self._call("chat.postMessage", **body)

    async def _share(self, user: str, file: File, comment: str) -> None:
        """Announced, brought, and shared."""
        about = {"filename": file.name, "length": str(len(file.content))}
        place = await self._ask("files.getUploadURLExternal", about)

        def form() -> aiohttp.FormData:
            data = aiohttp.FormData()
            data.add_field("file", file.content, filename=file.name, content_type=file.mime)
            return data

        await self._api.post(place["upload_url"], "slack upload", form=form)
        files = [{"id": place["file_id"], "title": file.name}]
        said = {"initial_comment": comment} if comment else {}
        await self._call("files.completeUploadExternal", files=files, channel_id=await self._room(user), **said)

    async def _room(self, user: str) -> str:
        if user not in self._rooms:
            self._rooms[user] = (await self._call("conversations.open", users=user))["channel"]["id"]
        return self._rooms[user]

    async def _call(self, method: str, **body: Any) -> dict[str, Any]:
        """Raises `ApiError` for an answer of success that says otherwise."""
        answer = await self._api.post(f"{self._root}/{method}", f"slack {method}", body=body, token=self._token)
        return _good(method, answer)

    async def _ask(self, method: str, arguments: Mapping[str, str]) -> dict[str, Any]:
        url = f"{self._root}/{method}?{urlencode(arguments)}"
        return _good(method, await self._api.get(url, f"slack {method}", token=self._token))


def _good(method: str, answer: dict[str, Any]) -> dict[str, Any]:
    if not answer.get("ok"):
        raise ApiError(f"slack {method}", 200, str(answer.get("error")))
    return answer


def _button(button: Button) -> dict[str, Any]:
    label = {"type": "plain_text", "text": short(button.label, LABEL_MAX)}
    return {"type": "button", "action_id": button.payload, "text": label, "value": button.payload}


def _words(text: str) -> str:
    """What was typed, out of Slack's markup."""
    return html.unescape(_LINK.sub(r"\1", text))


def _message(number: str, event: Mapping[str, Any]) -> Iterator[Event]:
    """Several files come in one message, the words with the first."""
    text, files = _words(event.get("text") or ""), event.get("files") or []
    if not files:
        yield Event("slack", event["user"], number, "text", text=text, message_id=event["ts"])
    for place, file in enumerate(files):
        mark = f":{place}" if place else ""
        yield Event(
            channel="slack",
            user=event["user"],
            id=number + mark,
            message_id=event["ts"] + mark,
            text="" if place else text,
            **_file(file),
        )


def _file(file: Mapping[str, Any]) -> dict[str, Any]:
    mime = file.get("mimetype") or ""
    kind = _CLIPS.get(file.get("subtype", "")) or _KINDS.get(mime.partition("/")[0], "document")
    return {"kind": "sticker" if mime == "image/gif" else kind, "media": Media(file.get("url_private") or "", mime)}


def _edit(number: str, event: Mapping[str, Any]) -> Iterator[Event]:
    """A preview of a link, or a counter of replies, is no edit of the customer's."""
    message = event["message"]
    if "edited" in message and not message.get("bot_id") and message["text"] != event["previous_message"].get("text"):
        yield Event("slack", message["user"], number, "edit", text=_words(message["text"]), message_id=message["ts"])


def _press(item: Mapping[str, Any]) -> Event:
    action = item["actions"][0]
    menu = (item.get("container") or {}).get("message_ts", "")
    return Event(
        "slack", item["user"]["id"], item["trigger_id"], "press", payload=action.get("value") or "", menu_id=menu
    )
