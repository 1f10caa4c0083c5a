"""Calls to amoCRM's two APIs: the chats API is signed call by call, the CRM takes a token and few calls a second."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Container
from email.utils import formatdate
from hashlib import md5, sha1
from typing import Any
from urllib.parse import urlsplit

from ..api import Api, ApiError
from ..config import Settings
from ..pace import Pace

_JSON = "application/json"
# Seven calls a second are let through (commonly quoted, not published by the vendor, 2026-01); more get 429, and who goes
# on is blocked.
CALL_EVERY_S = 1 / 6
WAITING = 1  # the type of a stage in which incoming leads wait for somebody


class Amojo:
    """The chats API, in one account."""

    def __init__(self, settings: Settings, api: Api) -> None:
        self._api = api
        self._root = f"{settings.root('amojo')}/v2/origin/custom"
        self._scope = settings["AMOJO_SCOPE_ID"]
        self._channel = settings["AMOJO_CHANNEL_ID"]
        self._account = settings["AMOJO_ACCOUNT_ID"]
        self._secret = settings["AMOJO_CHANNEL_SECRET"].encode()

    async def connect(self) -> None:
        """The channel comes to the account; again, nothing changes. When agents may write is for the messengers to say."""
        wanted = {
            "account_id": self._account, "title": "Shop bot", "hook_api_version": "v2", "is_time_window_disabled": True,
        }  # fmt: skip
        await self._call("POST", f"{self._root}/{self._channel}/connect", wanted)

    async def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """`path` is below the channel's scope. Raises `ApiError`."""
        return await self._call(method, f"{self._root}/{self._scope}{path}", body)

    async def _call(self, method: str, url: str, body: Any = None) -> dict[str, Any]:
        raw = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = self._signed(method, urlsplit(url).path, raw)
        what = f"amojo {urlsplit(url).path.rpartition('/')[2]}"
        return await self._api.post(url, what, raw=raw, headers=headers, method=method)

    def _signed(self, method: str, path: str, raw: bytes) -> dict[str, str]:
        """Signed is all but the query and the host."""
        digest, date = md5(raw, usedforsecurity=False).hexdigest(), formatdate(time.time())
        text = f"{method}\n{digest}\n{_JSON}\n{date}\n{path}"
        mac = hmac.new(self._secret, text.encode(), sha1).hexdigest()
        return {"Date": date, "Content-Type": _JSON, "Content-MD5": digest, "X-Signature": mac}


class Crm:
    """The CRM's API, version 4. Calls take their turns."""

    def __init__(self, settings: Settings, api: Api) -> None:
        self._api = api
        self._root = f"{settings.root('amocrm')}/api/v4"
        self._headers = {"Authorization": f"Bearer {settings['AMOCRM_ACCESS_TOKEN']}"}
        self._pace = Pace(CALL_EVERY_S / settings.speed)
        self._stages: frozenset[int] | None = None

    async def call(self, method: str, path: str, body: Any = None, *, fine: Container[int] = ()) -> dict[str, Any]:
        """An empty list is answered by nothing at all, and so is a status that is `fine`. Raises `ApiError`."""
        await self._pace.turn()
        what = f"amocrm {path.partition('?')[0].split('/')[1]}"
        try:
            return await self._api.post(self._root + path, what, body=body, headers=self._headers, method=method)
        except ApiError as error:
            if error.status not in fine:
                raise
            return {}

    async def waiting_stages(self) -> frozenset[int]:
        """The stages that incoming leads wait in, of all pipelines."""
        if self._stages is None:
            found = await self.call("GET", "/leads/pipelines")
            stages = [stage for line in found["_embedded"]["pipelines"] for stage in line["_embedded"]["statuses"]]
            self._stages = frozenset(stage["id"] for stage in stages if stage.get("type") == WAITING)
        return self._stages
