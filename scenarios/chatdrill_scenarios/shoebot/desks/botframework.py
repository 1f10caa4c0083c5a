"""Bot Framework: the bot is a proxy between the customer and a hub, which it asks by `handoff.initiate`."""

from __future__ import annotations

import hmac
import json
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote

import aiohttp

from ..api import Api, ApiError
from ..config import Settings
from ..lending import Files
from . import File, Handover, Line, Link, News, NewsKind, Person, value_in
from .cutting import pieces

SCOPE = "https://api.botframework.com/.default"
# An activity has at most 256 KB; a character is at most 12 bytes of escaped JSON, and something stands around it.
TEXT_MAX = 20_000
INLINE_MAX_BYTES = 200 * 1024
# A token is renewed so long before it runs out.
MARGIN_S = 300.0
REMEMBERED_MAX = 10_000
_STATES: Mapping[str, NewsKind] = {"accepted": "accepted", "failed": "failed", "completed": "closed"}
T = TypeVar("T")
_CHANGES: Mapping[str, NewsKind] = {"messageUpdate": "edited", "messageDelete": "deleted"}


class BotFramework:
    """The connector gives nothing back that was said there. What must not be said twice is sent as history, whose activities
    have ids that a hub knows duplicates by (Bot Connector, SendConversationHistory)."""

    name = "botframework"
    hears_rating = False
    asks_for_rating = False

    def __init__(self, settings: Settings, api: Api, files: Files) -> None:
        self._api = api
        self._files = files
        self._root = settings.root("botframework")
        self._login = f"{settings['BOTFRAMEWORK_LOGIN_URL'].rstrip('/')}/oauth2/v2.0/token"
        self._app, self._password = settings["MicrosoftAppId"], settings["MicrosoftAppPassword"]
        self._hub_token = settings["BOTFRAMEWORK_HUB_TOKEN"]
        self._bot = {"id": self._app, "name": "Bot", "role": "bot"}
        self._token, self._token_until = "", 0.0
        self._status: dict[str, tuple[float, News]] = {}
        self._placed: dict[str, str] = {}
        self._unsure: set[str] = set()

    # ------------------------------------------------------------------------------------------------- webhooks

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:  # noqa: ARG002 - a bearer signs nothing
        """The hub's token; it has no date, so what was told before is known by its id."""
        given = headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {self._hub_token}".encode())

    def news(self, raw: bytes) -> Iterator[News]:
        activity = json.loads(raw)
        ticket, number, kind = activity["conversation"]["id"], activity["id"], activity["type"]
        at = _seconds(activity["timestamp"])
        if kind == "event" and activity.get("name") == "handoff.status":
            yield from self._moved(ticket, number, at, str(value_in(activity, "value", "state")))
        elif kind in _CHANGES:
            words = activity.get("text") or ""
            yield News(_CHANGES[kind], ticket, f"{number}:{kind}:{at}", words, number)
        elif kind == "message":
            yield self._said(ticket, number, at, activity)

    def _moved(self, ticket: str, number: str, at: float, state: str) -> Iterator[News]:
        """A status; nothing for one of the hub's own, or for one that a newer one has overtaken."""
        if state in _STATES and at >= self._status.get(ticket, (0.0, None))[0]:
            news = News(_STATES[state], ticket, number)
            _remember(self._status, ticket, (at, news))
            yield news

    def _said(self, ticket: str, number: str, at: float, activity: Mapping[str, Any]) -> News:
        """An agent's words. Late ones are passed on, but nobody is in charge any more."""
        moved_at, last = self._status.get(ticket, (0.0, None))
        in_charge = last is None or last.kind == "accepted" or at > moved_at
        files = tuple(_link(one) for one in activity.get("attachments") or () if one.get("contentUrl"))
        agent = value_in(activity, "from", "name") or ""
        return News("reply", ticket, number, activity.get("text") or "", number, agent, files, in_charge)

    async def register(self) -> None:
        """The messaging endpoint is entered in the hub's settings; the first token is fetched before anybody waits for it."""
        await self._headers()

    # ------------------------------------------------------------------------------------------------- the ticket

    async def open(self, handover: Handover) -> str:
        """One event makes the conversation, fills it and calls the people. Its id is made of the handover's key, so that a
        second try finds what the first has made."""
        ticket = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self._app}/{handover.key}"))
        if not await self._exists(ticket):
            await self._post(ticket, self._request(handover))
        return ticket

    async def _exists(self, ticket: str) -> bool:
        try:
            await self._api.get(
                f"{self._talk(ticket)}/members", "botframework members", headers=await self._headers(), many=True
            )
        except ApiError as error:
            if error.status == 404:
                return False
            raise
        return True

    def _request(self, handover: Handover) -> dict[str, Any]:
        person = handover.person
        said = [part for line in (*handover.lines, handover.summary) for part in self._activities(person, line)]
        about = {"episode": handover.key, **handover.known}
        origin = {"bot": self._bot, "user": _account(person), "conversation": {"id": person.key}}
        return {
            "type": "event", "name": "handoff.initiate", "from": self._bot, "locale": person.language,
            "timestamp": _stamp(time.time()), "value": {**about, **({"phone": person.phone} if person.phone else {})},
            "attachments": [self._transcript(said)], "relatesTo": {**origin, "channelId": handover.platform},
        }  # fmt: skip

    def _transcript(self, said: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Inside of the event, or beside it where it is too long."""
        kind = {"contentType": "application/json", "name": "Transcript"}
        content = {"activities": list(said)}
        raw = json.dumps(content).encode()
        if len(raw) <= INLINE_MAX_BYTES:
            return {**kind, "content": content}
        return {**kind, "contentUrl": self._files.lend(File("transcript.json", "application/json", raw))}

    def _activities(self, person: Person, line: Line) -> list[dict[str, Any]]:
        """A message of whoever said it, in as many activities as it needs."""
        who = _account(person) if line.author == "customer" else self._bot
        found: list[dict[str, Any]] = []
        for number, piece in enumerate(pieces(line.text, TEXT_MAX)):
            mark = f"{line.id}:{number}" if number else line.id
            found.append({
                "type": "message", "id": mark, "timestamp": _stamp(line.at), "from": who, "text": piece,
                "textFormat": "plain", "locale": person.language, "channelData": {"clientActivityID": mark},
            })  # fmt: skip
        if line.file:
            found[0]["attachments"] = [self._attached(line.file)]
        return found

    def _attached(self, file: File) -> dict[str, str]:
        return {"contentType": file.mime, "contentUrl": self._files.lend(file), "name": file.name}

    async def pass_on(self, ticket: str, person: Person, line: Line, *, again: bool) -> None:
        for activity in self._activities(person, line):
            mark = activity["id"]
            if mark in self._placed:
                continue
            if again and mark in self._unsure:  # it may have arrived, and only the answer was lost
                await self._remind(ticket, activity)
                place = ""
            else:
                place = await self._place(ticket, activity)
            self._unsure.discard(mark)
            _remember(self._placed, mark, place)

    async def _place(self, ticket: str, activity: Mapping[str, Any]) -> str:
        """Posts a message; returns its id, which is the hub's to give."""
        fresh = {key: value for key, value in activity.items() if key != "id"}
        try:
            return str((await self._post(ticket, fresh)).get("id") or "")
        except ApiError as error:
            if not error.status:
                self._unsure.add(activity["id"])
            raise

    async def change(self, ticket: str, person: Person, line: Line) -> None:
        """The hub's message is changed where its id is known; else the agents see the new words beside the old."""
        place = self._placed.get(line.id.partition(":edit:")[0])
        if not place:
            words = f"{person.name} has changed a message. It reads now:\n✎ {line.text}"
            await self._note(ticket, line.id, words)
            return
        changed = {"type": "message", "id": place, "from": _account(person), "text": line.text[:TEXT_MAX]}
        url = f"{self._talk(ticket)}/activities/{quote(place, safe='')}"
        await self._api.post(url, "botframework change", body=changed, headers=await self._headers(), method="PUT")

    async def confirm(self, news: News, *, delivered: bool, why: str = "") -> None:
        """The protocol has no receipts: only what went wrong is told."""
        if not delivered:
            words = f"Not delivered: {news.text[:200]!r} ({why})"
            await self._note(news.ticket, f"{news.id}:failed", words, replyToId=news.entry)

    async def end(self, ticket: str, why: str) -> None:
        """A second end finds nothing to end."""
        end = {"type": "endOfConversation", "code": "userCancelled", "text": why, "from": self._bot}
        await self._post(ticket, end)

    async def rate(self, ticket: str, stars: int) -> None:
        """The protocol has no rating; the words stand in the conversation, and call nobody."""
        await self._note(ticket, f"{ticket}:rated", f"The customer's rating: {stars} of 5")

    async def _note(self, ticket: str, mark: str, text: str, **more: str) -> None:
        """The bot's own words to the agents, once."""
        said = {"type": "message", "id": mark, "timestamp": _stamp(time.time()), "from": self._bot, "text": text}
        await self._remind(ticket, {**said, "channelData": {"clientActivityID": mark}, **more})

    async def recent(self, ticket: str) -> list[News]:
        """The connector cannot be asked what was said or who has it: only what it has told last, and whether it still knows
        the conversation at all."""
        if not await self._exists(ticket):
            return [News("closed", ticket, f"{ticket}:gone")]
        last = self._status.get(ticket)
        return [last[1]] if last else []

    async def load(self, link: Link) -> bytes:
        """The token is for nobody but the hub."""
        headers = await self._headers() if link.url.startswith(f"{self._root}/") else None
        return await self._api.download(link.url, "botframework file", headers=headers)

    # ------------------------------------------------------------------------------------------------- calling

    async def _remind(self, ticket: str, activity: Mapping[str, Any]) -> None:
        url = f"{self._talk(ticket)}/activities/history"
        history = {"activities": [activity]}
        await self._api.post(url, "botframework history", body=history, headers=await self._headers())

    async def _post(self, ticket: str, activity: Mapping[str, Any]) -> dict[str, Any]:
        what = f"botframework {activity.get('name') or activity['type']}"
        url = f"{self._talk(ticket)}/activities"
        return await self._api.post(url, what, body=activity, headers=await self._headers())

    async def _headers(self) -> dict[str, str]:
        if time.time() >= self._token_until:
            told = await self._api.post(self._login, "botframework login", form=self._credentials)
            self._token, self._token_until = told["access_token"], time.time() + float(told["expires_in"]) - MARGIN_S
        return {"Authorization": f"Bearer {self._token}"}

    def _credentials(self) -> aiohttp.FormData:
        who = {"grant_type": "client_credentials", "client_id": self._app, "client_secret": self._password}
        return aiohttp.FormData({**who, "scope": SCOPE})

    def _talk(self, ticket: str) -> str:
        return f"{self._root}/v3/conversations/{quote(ticket, safe='')}"


def _remember(kept: dict[str, T], key: str, value: T) -> None:
    """The newest; what is older than some thousands of others is forgotten."""
    kept.pop(key, None)
    kept[key] = value
    while len(kept) > REMEMBERED_MAX:
        del kept[next(iter(kept))]


def _account(person: Person) -> dict[str, str]:
    return {"id": person.key, "name": person.name, "role": "user"}


def _stamp(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def _seconds(stamp: str) -> float:
    return datetime.fromisoformat(stamp).timestamp()


def _link(attachment: Mapping[str, Any]) -> Link:
    mime = attachment.get("contentType") or "application/octet-stream"
    return Link(attachment["contentUrl"], attachment.get("name") or "file", mime)
