"""What Meta's messengers share: the raw bytes are signed, and a webhook is greeted with a challenge. Messenger and Instagram also
share how a message is sent."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from ..api import Api
from ..config import Settings
from ..model import Event
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

    async def _tagged(self, user: str, message: Mapping[str, Any], tag: str) -> None:
        addressed = {"recipient": {"id": user}, "messaging_type": "MESSAGE_TAG", "tag": tag}
        await self._post({**addressed, "message": message}, tag)

    async def _message(self, user: str, message: Mapping[str, Any]) -> None:
        await self._post({"recipient": {"id": user}, "messaging_type": "RESPONSE", "message": message}, "message")

    async def _post(self, body: Mapping[str, Any], what: str, *, once: bool = False) -> None:
        await self._api.post(f"{self._node}/messages", f"{self.name} {what}", body=body, token=self._token, once=once)
