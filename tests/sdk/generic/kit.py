"""What a bot does at the example desk, in short words."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from sdk.office import Hooked, Workplace

ANN = {"id": "tg-42", "name": "Ann", "phone": "+48600100200", "language": "pl"}


class Bot:
    """Calls with the token, and webhooks whose signature is checked as the file says."""

    def __init__(self, place: Workplace) -> None:
        self.place = place
        known = place.environment
        self.root = f"{known['GENERIC_API_ROOT']}/api/v1"
        self.token, self.secret = known["GENERIC_TOKEN"], known["GENERIC_SECRET"]
        place.stage.set_webhook("generic", f"{place.receiver.root}/hook")

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return await self.place.api.request(method, f"{self.root}{path}", json=body, headers=headers, **more)

    async def open(self, *said: Any, key: str | None = None, **more: Any) -> Any:
        """A ticket of Ann's."""
        body = {"customer": ANN, "subject": "Parcel", "transcript": list(said), **more}
        answer = await self.call("POST", "/tickets", body, headers={} if key is None else {"Idempotency-Key": key})
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def say(self, ticket: str, text: str, **more: Any) -> httpx.Response:
        return await self.call("POST", f"/tickets/{ticket}/messages", {"text": text, "from": "customer", **more})

    async def hooks(self, *events: str) -> list[Hooked]:
        """The next webhooks, which must be these, each signed over its time and body."""
        heard = await self.place.hooks(len(events))
        assert [one.json["event"] for one in heard] == list(events)
        for one in heard:
            text = one.headers["x-timestamp"].encode() + b"." + one.body
            signature = hmac.new(self.secret.encode(), text, hashlib.sha256).hexdigest()
            assert one.headers["x-signature"] == f"sha256={signature}"
        return heard


Hire = Callable[..., Awaitable[Bot]]
