"""The chat on a site: the Bot Connector, as the bots of Bot Framework speak it."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp

from ..api import Api, ApiError
from ..config import Settings
from ..desks import File
from ..lending import Files
from ..model import Button, Event, EventKind, Media, Picture, Pin, Reply, Say
from . import Writable, pieces
from .bearers import ISSUER, claims_of, is_due, keys_in

log = logging.getLogger("shoebot")

# An activity has at most 256 KB; a character is at most 12 bytes of escaped JSON, and something stands around it.
TEXT_MAX = 20_000
SCOPE = "https://api.botframework.com/.default"
MARGIN_S = 300.0  # before it runs out a token is renewed
KEYS_S = 86_400.0  # for so long the SDKs keep the keys, too
PLACES_MAX = 100_000
JOIN = "webchat/join"
HERO = "application/vnd.microsoft.card.hero"
_HEARD: dict[str, EventKind] = {"image": "photo", "video": "video", "audio": "voice"}


class WebChat(Writable):
    name = "webchat"
    can_reopen = False

    def __init__(self, settings: Settings, api: Api, assets: Path, files: Files) -> None:
        self._api = api
        self._assets = assets
        self._files = files
        self._app, self._password = settings["MicrosoftAppId"], settings["MicrosoftAppPassword"]
        self._login, self._metadata = settings["WEBCHAT_LOGIN_URL"], settings["WEBCHAT_OPENID_METADATA_URL"]
        self._usual = settings["WEBCHAT_SERVICE_URL"]
        self._places: dict[str, str] = {}  # the serviceUrl of each conversation
        self._token, self._token_until = "", 0.0
        self._keys: dict[str, Mapping[str, Any]] = {}
        self._keys_at = 0.0
        self._looking = asyncio.Lock()

    # ------------------------------------------------------------------------------------------------- webhooks

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        """Signature, issuer, audience and dates of the token, and that it is for this address and this channel."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        found = claims_of(token, self._keys) if scheme == "Bearer" else None
        return found is not None and self._fits(*found, raw)

    def _fits(self, claims: Mapping[str, Any], key: Mapping[str, Any], raw: bytes) -> bool:
        if (claims["iss"], claims["aud"]) != (ISSUER, self._app) or not is_due(claims, time.time()):
            return False
        try:
            said = json.loads(raw)
        except (ValueError, RecursionError):
            return True  # it comes from the Connector, and is refused as what it is
        if not isinstance(said, dict) or "serviceUrl" not in said:
            return True
        return said["serviceUrl"] == claims["serviceurl"] and said.get("channelId") in key.get("endorsements", ())

    async def prepare(self) -> None:
        """The keys are fetched once a day; whoever asks meanwhile waits for them."""
        if time.time() - self._keys_at <= KEYS_S:
            return
        async with self._looking:
            if time.time() - self._keys_at > KEYS_S:
                await self._look()

    async def _look(self) -> None:
        try:
            about = await self._api.get(self._metadata, "webchat metadata")
            self._keys = keys_in(await self._api.get(about["jwks_uri"], "webchat keys"))
            self._keys_at = time.time()
        except (ApiError, KeyError) as error:
            log.warning("the keys of the Bot Connector cannot be had: %s", error)

    def handshake(self, query: Mapping[str, str]) -> str | None:  # noqa: ARG002 - nothing is asked
        return None

    async def register(self) -> None:
        """The messaging endpoint stands in the bot's settings; the keys are fetched before anybody shows a token."""
        await self.prepare()

    def items(self, update: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        yield update

    def events(self, item: Mapping[str, Any]) -> Iterator[Event]:
        kind, number, user = item["type"], item["id"], item["conversation"]["id"]
        self._remember(user, item["serviceUrl"])
        about: dict[str, Any] = {"channel": self.name, "user": user, "id": number}
        about |= {"language": item.get("locale") or "", "name": item["from"].get("name") or ""}
        if kind == "message":
            yield from _message(about, item)
        elif kind == "event" and item.get("name") == JOIN:
            yield Event(**about, kind="start", payload=str((item.get("value") or {}).get("ref", "")))
        elif kind in ("messageUpdate", "messageDelete"):
            text = item.get("text") or "" if kind == "messageUpdate" else ""
            yield Event(
                **{**about, "id": f"{number}:{kind}:{item['timestamp']}"}, kind="edit", text=text, message_id=number
            )

    def _remember(self, user: str, place: str) -> None:
        self._places.pop(user, None)
        self._places[user] = place
        if len(self._places) > PLACES_MAX:
            del self._places[next(iter(self._places))]

    # ---------------------------------------------------------------------------------------------------- calls

    async def confirm(self, event: Event) -> None:
        """Nothing to do: a press is a message."""

    async def attend(self, event: Event) -> None:
        await self._send(event.user, type="typing")

    def may_say(self, say: Say, silence_s: float) -> bool:  # noqa: ARG002 - the page is open, or shows it when it is again
        return True

    async def reopen(self, user: str, language: str) -> None:
        """Nothing to do: no window closes here."""

    async def send(self, user: str, reply: Reply) -> None:
        match reply:
            case Say(text=text, buttons=buttons):
                *before, last = pieces(text, TEXT_MAX)
                for piece in before:
                    await self._say(user, piece)
                await self._say(user, last, *_card(buttons))
            case Pin(latitude=latitude, longitude=longitude, title=title, address=address):
                # There are no places here, so the map comes as a link.
                link = f"https://www.google.com/maps/search/?api=1&query={latitude},{longitude}"
                await self._say(user, f"{title}, {address}\n{link}")
            case Picture(file=name, caption=caption):
                content = (self._assets / name).read_bytes()
                await self._say(user, caption, self._link(File(name, "image/png", content)))

    async def hand(self, user: str, file: File) -> None:
        await self._say(user, "", self._link(file))

    async def fetch(self, media: Media) -> bytes:
        """The link has its own token in it."""
        return await self._api.download(media.ref, "webchat attachment")

    def _link(self, file: File) -> dict[str, Any]:
        return {"contentType": file.mime, "contentUrl": self._files.lend(file), "name": file.name}

    async def _say(self, user: str, text: str, *attachments: Mapping[str, Any]) -> None:
        more = {"attachments": list(attachments)} if attachments else {}
        await self._send(user, type="message", text=text, textFormat="plain", **more)

    async def _send(self, user: str, **activity: Any) -> None:
        """A token that is refused is renewed once."""
        root = self._places.get(user, self._usual).rstrip("/")
        url = f"{root}/v3/conversations/{quote(user, safe='')}/activities"
        try:
            await self._post(url, activity)
        except ApiError as error:
            if error.status != 401:
                raise
            self._token_until = 0.0
            await self._post(url, activity)

    async def _post(self, url: str, activity: Mapping[str, Any]) -> None:
        await self._api.post(url, "webchat activity", body=activity, token=await self._bearer())

    async def _bearer(self) -> str:
        if time.time() >= self._token_until:
            told = await self._api.post(self._login, "webchat login", form=self._credentials)
            valid_s = float(told["expires_in"])
            self._token, self._token_until = told["access_token"], time.time() + max(valid_s - MARGIN_S, valid_s / 2)
        return self._token

    def _credentials(self) -> aiohttp.FormData:
        who = {"grant_type": "client_credentials", "client_id": self._app, "client_secret": self._password}
        return aiohttp.FormData({**who, "scope": SCOPE})


def _card(buttons: tuple[Button, ...]) -> Iterator[dict[str, Any]]:
    """A card with nothing but buttons, which stands under the words."""
    if buttons:
        pressed = [{"type": "postBack", "title": one.label, "value": one.payload} for one in buttons]
        yield {"contentType": HERO, "content": {"buttons": pressed}}


def _message(about: Mapping[str, Any], item: Mapping[str, Any]) -> Iterator[Event]:
    """Words, a press, or files with words; what comes with neither is of no kind that is known."""
    text, number, files = (
        item.get("text") or "",
        item["id"],
        [one for one in item.get("attachments") or () if "contentUrl" in one],
    )
    if (item.get("channelData") or {}).get("postBack"):
        yield Event(**about, kind="press", payload=text, message_id=number)
    elif not files:
        kind: EventKind = "text" if text else "other"
        yield Event(**about, kind=kind, text=text, message_id=number)
    for place, file in enumerate(files):
        mime = file.get("contentType") or ""
        id = f"{number}:{place}" if place else number
        said = {"kind": _HEARD.get(mime.partition("/")[0], "document"), "text": "" if place else text, "message_id": id}
        yield Event(**{**about, "id": id, **said}, media=Media(file["contentUrl"], mime))
