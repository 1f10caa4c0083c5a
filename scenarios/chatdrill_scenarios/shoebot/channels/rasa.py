"""A page that speaks as to a Rasa bot: messages come as to its callback channel, and answers go to the page's address."""

from __future__ import annotations

import hmac
import json
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..api import Api
from ..config import Settings
from ..desks import File
from ..lending import Files
from ..model import Button, Event, Media, Picture, Pin, Reply, Say
from . import Writable

PRESS, START = "/press", "/session_start"


class Rasa(Writable):
    name = "rasa"
    can_reopen = False

    def __init__(self, settings: Settings, api: Api, assets: Path, files: Files) -> None:
        self._api = api
        self._assets = assets
        self._files = files
        self._url = settings["RASA_CALLBACK_URL"]
        self._word = f"Bearer {settings['RASA_PROXY_TOKEN']}".encode()

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:  # noqa: ARG002 - nothing is signed
        """Rasa leaves this to a proxy, and the shop has none."""
        return hmac.compare_digest(headers.get("authorization", "").encode(), self._word)

    def handshake(self, query: Mapping[str, str]) -> str | None:  # noqa: ARG002 - nothing is asked
        return None

    async def register(self) -> None:
        """Nothing to do: the page knows where the bot is."""

    def items(self, update: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        yield update

    def events(self, item: Mapping[str, Any]) -> Iterator[Event]:
        """Messages have no id but what the page puts beside them."""
        page = item.get("metadata") or {}
        about: dict[str, Any] = {"language": page.get("language") or "", "name": page.get("name") or ""}
        number = str(page.get("message_id") or uuid.uuid4().hex)
        about |= _read(item.get("message") or "", page)
        yield Event(channel=self.name, user=item["sender"], id=number, message_id=number, **about)

    async def confirm(self, event: Event) -> None:
        """Nothing to do: a press is a message."""

    async def attend(self, event: Event) -> None:
        """Nothing to do: the channel has only messages."""

    def may_say(self, say: Say, silence_s: float) -> bool:  # noqa: ARG002 - the page shows it when it is open again
        return True

    async def reopen(self, user: str, language: str) -> None:
        """Nothing to do: no window closes here."""

    async def send(self, user: str, reply: Reply) -> None:
        match reply:
            case Say(text=text, buttons=buttons):
                await self._say(user, text=text, **({"buttons": [_button(one) for one in buttons]} if buttons else {}))
            case Pin(latitude=latitude, longitude=longitude, title=title, address=address):
                link = f"https://www.google.com/maps/search/?api=1&query={latitude},{longitude}"
                await self._say(user, text=f"{title}, {address}\n{link}")
            case Picture(file=name, caption=caption):
                content = (self._assets / name).read_bytes()
                await self._say(user, text=caption, image=self._files.lend(File(name, "image/png", content)))

    async def hand(self, user: str, file: File) -> None:
        field = "image" if file.mime.startswith("image/") else "attachment"
        await self._say(user, **{field: self._files.lend(file)})

    async def fetch(self, media: Media) -> bytes:  # noqa: ARG002
        raise KeyError("no files come this way")

    async def _say(self, user: str, **message: Any) -> None:
        await self._api.post(self._url, "rasa callback", body={"recipient_id": user, **message})


def _button(button: Button) -> dict[str, str]:
    """A payload is an intent with entities, as Rasa's are."""
    return {"title": button.label, "payload": f"{PRESS}{json.dumps({'to': button.payload})}"}


def _read(text: str, page: Mapping[str, Any]) -> dict[str, Any]:
    if text == START:
        return {"kind": "start", "payload": str(page.get("ref") or "")}
    if text.startswith(f"{PRESS}{{"):
        return {"kind": "press", "payload": str(json.loads(text.removeprefix(PRESS))["to"])}
    return {"kind": "text", "text": text} if text else {"kind": "other"}
