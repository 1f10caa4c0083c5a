"""What a bot does at the hub, in short words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import httpx

from sdk.office import Workplace

ANN = {"id": "tg-42", "name": "Ann", "role": "user"}


class Bot:
    """A bot that is the proxy between its customer and the hub; ``api`` calls carry the token that the login gave."""

    def __init__(self, place: Workplace) -> None:
        self.place = place
        known = self.known = place.environment
        self.root, self.token = f"{known['BOTFRAMEWORK_API_ROOT']}/v3", ""
        self.me = {"id": known["MicrosoftAppId"], "name": "Bot", "role": "bot"}
        place.stage.set_webhook("botframework", f"{place.receiver.root}/api/messages")

    async def log_in(self, **change: str) -> httpx.Response:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.known["MicrosoftAppId"],
            "client_secret": self.known["MicrosoftAppPassword"],
            "scope": "https://api.botframework.com/.default",
        }
        return await self.place.api.post(
            f"{self.known['BOTFRAMEWORK_LOGIN_URL']}/oauth2/v2.0/token", data={**form, **change}
        )

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        if not self.token:
            self.token = (await self.log_in()).json()["access_token"]
        headers = {"Authorization": f"Bearer {self.token}"}
        return await self.place.api.request(method, f"{self.root}{path}", json=body, headers=headers, **more)

    async def post(self, activity: Any, conversation: str = "tg:42", status: int = 200) -> Any:
        """Post an activity into a conversation."""
        answer = await self.call("POST", f"/conversations/{quote(conversation, safe='')}/activities", activity)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def ask(self, *past: Any, conversation: str = "tg:42", **more: Any) -> Any:
        """``handoff.initiate`` with a transcript inline."""
        transcript = {"contentType": "application/json", "name": "Transcript", "content": {"activities": past}}
        event = {"type": "event", "name": "handoff.initiate", "from": self.me, "attachments": [transcript], **more}
        return await self.post(event, conversation)

    def says(self, text: str, **more: Any) -> dict[str, Any]:
        """The customer's words."""
        return {"type": "message", "from": ANN, "text": text, **more}

    async def statuses(self, *states: str) -> list[Any]:
        """The next activities, which must be ``handoff.status`` with these states."""
        heard = [one.json for one in await self.place.hooks(len(states))]
        assert [one["value"]["state"] for one in heard] == list(states)
        return heard


Hire = Callable[..., Awaitable[Bot]]
