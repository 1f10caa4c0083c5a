"""What a bot does at Chat2Desk, in short words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from sdk.office import Hooked, Workplace

EVENTS = (
    ["inbox", "outbox", "comment", "new_client", "client_updated", "new_request", "close_request", "close_dialog", "dialog_transferred", "add_tag_to_client", "add_tag_to_request", "delete_tag_from_request"]
)  # fmt: skip


class Account:
    """What a bot does with the API: calls with the bare token, and webhooks. ``heard`` are the ids of an inbox message."""

    def __init__(self, place: Workplace) -> None:
        self.place = place
        known = place.environment
        self.secret = known["CHAT2DESK_WEBHOOK_SECRET"]
        self.token, self.root = known["CHAT2DESK_TOKEN"], f"{known['CHAT2DESK_API_ROOT']}/v1"

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        headers = {"Authorization": self.token, **more.pop("headers", {})}
        return await self.place.api.request(method, f"{self.root}{path}", json=body, headers=headers, **more)

    async def data(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """The ``data`` of a call that succeeds."""
        answer = await self.call(method, path, body, **more)
        assert answer.status_code == 200 and answer.json()["status"] == "success", answer.text
        return answer.json()["data"]

    async def subscribe(self, *events: str, path: str = "/hook") -> Any:
        address = f"{self.place.receiver.root}{path}"
        return await self.data("POST", "/webhooks", {"url": address, "name": "bot", "events": list(events or EVENTS)})

    async def says(self, text: str, **more: Any) -> Any:
        """The customer writes in the external channel."""
        who = {"id": "tg-42", "phone": None, "nickname": "Ann"}
        return await self.data("POST", "/messages/inbox", {"channel_id": 15, "body": text, "from_client": who, **more})

    async def hooks(self, *expected: str) -> list[Hooked]:
        """The next webhooks, which must be these."""
        heard = await self.place.hooks(len(expected))
        assert [one.json["hook_type"] for one in heard] == list(expected)
        return heard


Hire = Callable[..., Awaitable[Account]]
