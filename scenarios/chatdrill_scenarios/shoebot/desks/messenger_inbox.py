"""The inbox of the Page itself: handing over is passing the thread, and the agents write to the customer directly.

The people see the whole conversation by themselves, so nothing is copied to them and nothing is passed on from them. What
happens there comes by Messenger's webhooks: `messaging_handovers`, and on standby what is said while the thread is theirs.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

from ..api import Api, ApiError
from ..channels import meta
from ..config import GRAPH_VERSION, Settings
from . import Handover, Line, Link, News, Person, value_in

METADATA_MAX = 1000
_NAME = "messenger inbox"


class MessengerInbox:
    name = "messenger_inbox"
    hears_rating = False
    asks_for_rating = False

    def __init__(self, settings: Settings, api: Api) -> None:
        self._api = api
        self._secret = settings["MESSENGER_APP_SECRET"]
        self._token = settings["MESSENGER_PAGE_TOKEN"]
        self._root = f"{settings.root('messenger')}/{GRAPH_VERSION}"
        self._page = f"{self._root}/{settings['MESSENGER_PAGE_ID']}"
        self._own = settings["MESSENGER_APP_ID"]
        self._inbox = settings["MESSENGER_INBOX_APP_ID"]

    # ------------------------------------------------------------------------------------------------- webhooks

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        return meta.signed_by(self._secret, headers, raw)

    def news(self, raw: bytes) -> Iterator[News]:
        for entry in json.loads(raw).get("entry", ()):
            for item in entry.get("messaging", ()):
                yield from self._moved(item)
            for item in entry.get("standby", ()):
                yield from self._echoed(item)

    def _moved(self, item: Mapping[str, Any]) -> Iterator[News]:
        """The thread has another owner."""
        ticket, stamp = value_in(item, "sender", "id"), item.get("timestamp", "")
        for kind in ("pass_thread_control", "take_thread_control"):
            owner = value_in(item, kind, "new_owner_app_id")
            if owner == self._own:
                yield News("closed", ticket, f"closed:{stamp}")
            elif owner:
                yield News("accepted", ticket, f"accepted:{stamp}")

    def _echoed(self, item: Mapping[str, Any]) -> Iterator[News]:
        """On standby only other apps write to the customer: somebody is there."""
        if value_in(item, "message", "is_echo") and str(value_in(item, "message", "app_id")) != self._own:
            yield News("accepted", str(value_in(item, "recipient", "id")), f"wrote:{item['message']['mid']}")

    async def register(self) -> None:
        """Nothing to do: the webhook is Messenger's."""

    # ------------------------------------------------------------------------------------------------- the thread

    async def open(self, handover: Handover) -> str:
        """A thread that is the inbox's already was passed by a call whose answer was lost."""
        platform, _, user = handover.person.key.partition(":")
        if platform != "messenger":
            raise ApiError(_NAME, 400, f"a conversation on {platform} does not come into the Page's inbox")
        if await self._owner(user) != self._inbox:
            await self._control("pass", user, target_app_id=self._inbox, metadata=_short(handover.known))
        return user

    async def _owner(self, user: str) -> str:
        answer = await self._api.get(f"{self._page}/thread_owner?recipient={user}", f"{_NAME} owner", token=self._token)
        return str(value_in(answer, "data", 0, "thread_owner", "app_id") or self._own)

    async def _control(self, verb: str, user: str, **more: str) -> None:
        body = {"recipient": {"id": user}, **more}
        await self._api.post(f"{self._page}/{verb}_thread_control", f"{_NAME} {verb}", body=body, token=self._token)

    async def pass_on(self, ticket: str, person: Person, line: Line, *, again: bool) -> None:
        """Nothing to do: it stands there."""

    async def change(self, ticket: str, person: Person, line: Line) -> None:
        """Nothing to do: the agents see it changed."""

    async def confirm(self, news: News, *, delivered: bool, why: str = "") -> None:
        """Nothing to do: the agents' words are not the bot's business."""

    async def end(self, ticket: str, why: str) -> None:
        await self._control("take", ticket, metadata=why[:METADATA_MAX])

    async def rate(self, ticket: str, stars: int) -> None:
        """A label, which the agents see beside the thread."""
        name = {"page_label_name": f"rated-{stars}"}
        made = await self._api.post(f"{self._page}/custom_labels", f"{_NAME} label", body=name, token=self._token)
        where = f"{self._root}/{made['id']}/label"
        await self._api.post(where, f"{_NAME} rating", body={"user": ticket}, token=self._token)

    async def recent(self, ticket: str) -> list[News]:
        """Only whose it is can be asked for; a thread that nobody has written in for a day is the bot's again, untold."""
        if await self._owner(ticket) == self._own:
            return [News("closed", ticket, f"seen:{time.time():.0f}")]
        return []

    async def load(self, link: Link) -> bytes:
        return await self._api.download(link.url, f"{_NAME} file")


def _short(facts: Mapping[str, str]) -> str:
    """The facts as far as there is room; the last ones stay behind."""
    left = dict(facts)
    while len(text := json.dumps(left, ensure_ascii=False)) > METADATA_MAX:
        left.popitem()
    return text
