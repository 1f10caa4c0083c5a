"""What Meta's messengers share: the raw bytes are signed, and a webhook is greeted with a challenge. Messenger and Instagram also
share how a message is sent."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..api import Api
from ..config import Settings
from ..model import Button, Event, Pin
from . import Writable, short

# The platform counts from its own clock; who writes in the last minute of a window comes too late.
MARGIN_S = 60
QUICK_REPLIES_MAX, QUICK_REPLY_MAX = 13, 20


def signed_by(secret: str, headers: Mapping[str, str], raw: bytes) -> bool:
    """The signature covers the escaped bytes as sent; JSON that was parsed and written again would not match."""
    expected = "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    given = headers.get("x-hub-signature-256", "")
    return hmac.compare_digest(expected.encode(), given.encode())


def challenge(verify_token: str, query: Mapping[str, str]) -> str | None:
    token = query.get("hub.verify_token", "")
    if query.get("hub.mode") != "subscribe" or not hmac.compare_digest(token.encode(), verify_token.encode()):
        return None
    return query.get("hub.challenge", "")


def quick_reply(label: str, payload: str) -> dict[str, str]:
    return {"content_type": "text", "title": short(label, QUICK_REPLY_MAX), "payload": payload}


def told(platform: str, start: str, user: str, item: Mapping[str, Any]) -> Iterator[Event]:
    """What is no message. `start` is the payload of the button that stands before the first word; receipts, echoes and reactions match no case
    and vanish here."""
    stamp = f"{user}:{item.get('timestamp', '')}"
    match item:
        case {"postback": postback}:
            payload = postback.get("payload", "")
            number = postback.get("mid") or f"postback:{stamp}:{payload}"
            if payload == start:
                ref = (postback.get("referral") or {}).get("ref", "")
                yield Event(platform, user, number, "start", payload=ref)
            else:
                yield Event(platform, user, number, "press", payload=payload)
        case {"referral": {"ref": ref}}:
            yield Event(platform, user, f"referral:{stamp}", "start", payload=ref)
        case {"message_edit": {"mid": mid, "text": text, **rest}}:
            number = f"{mid}~{rest.get('num_edit', stamp)}"
            yield Event(platform, user, number, "edit", text=text, message_id=mid)


class Inbox(Writable):
    """The Send API. `_node` is the URL of the Page or account, `_token` its token; `name` also begins the names of the settings."""

    name = ""
    can_reopen = False

    def __init__(self, settings: Settings, api: Api, node: str, token: str) -> None:
        self._settings = settings
        self._api = api
        self._node = node
        self._token = token
        self._policy = settings.policy

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        return signed_by(self._settings[f"{self.name.upper()}_APP_SECRET"], headers, raw)

    def handshake(self, query: Mapping[str, str]) -> str | None:
        return challenge(self._settings[f"{self.name.upper()}_VERIFY_TOKEN"], query)

    async def confirm(self, event: Event) -> None:
        """Nothing to do: quick replies vanish by themselves."""

    async def attend(self, event: Event) -> None:
        for action in ("mark_seen", "typing_on"):
            body = {"recipient": {"id": event.user}, "sender_action": action}
            await self._post(body, action, once=True)

    async def reopen(self, user: str, language: str) -> None:
        """Nothing to do: the business has to wait."""

    async def _say(self, user: str, texts: Sequence[str], buttons: Sequence[Button]) -> None:
        """Quick replies go with the last piece."""
        *before, last = texts
        for piece in before:
            await self._message(user, {"text": piece})
        choices = [quick_reply(one.label, one.payload) for one in buttons[:QUICK_REPLIES_MAX]]
        await self._message(user, {"text": last, **({"quick_replies": choices} if choices else {})})

    async def _point(self, user: str, pin: Pin) -> None:
        """A business cannot send pins, so the map comes as a link."""
        link = f"https://www.google.com/maps/search/?api=1&query={pin.latitude},{pin.longitude}"
        await self._message(user, {"text": f"{pin.title}, {pin.address}\n{link}"})

    async def _tagged(self, user: str, message: Mapping[str, Any], tag: str) -> None:
        addressed = {"recipient": {"id": user}, "messaging_type": "MESSAGE_TAG", "tag": tag}
        await self._post({**addressed, "message": message}, tag)

    async def _message(self, user: str, message: Mapping[str, Any]) -> None:
        await self._post({"recipient": {"id": user}, "messaging_type": "RESPONSE", "message": message}, "message")

    async def _post(self, body: Mapping[str, Any], what: str, *, once: bool = False) -> None:
        await self._api.post(f"{self._node}/messages", f"{self.name} {what}", body=body, token=self._token, once=once)
