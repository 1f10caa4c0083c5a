"""Zendesk: Sunshine Conversations for the words, its switchboard for whose they are, Support for what agents file.

The ticket is the conversation: a customer has one for good, and every handover makes a ticket of Support out of it.
"""

from __future__ import annotations

import hmac
import json
import logging
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote, urlencode

import aiohttp

from ..api import Api, ApiError, Form
from ..config import Settings
from . import File, Handover, Line, Link, News, Person, value_in
from .cutting import pieces

log = logging.getLogger("shoebot")

TEXT_MAX = 4096  # Sunshine Conversations API 17.12.1
NAME_MAX = 128  # the same
# A bot that was away for longer does not say so late what an agent wrote.
KEPT_S = 3 * 86_400.0
# The clocks of the bot and the vendor differ.
SLACK_S = 60.0
TRIGGERS = ["conversation:message", "switchboard:passControl", "switchboard:passControl:failure",
            "switchboard:releaseControl"]  # fmt: skip
_WORKSPACE = "zd:agentWorkspace"
_AGENT = "__zendesk_msg.agent.id"
_SYSTEM = "dataCapture.systemField"
_ENDED = ("solved", "closed")


class Zendesk:
    name = "zendesk"
    hears_rating = False

    def __init__(self, settings: Settings, api: Api) -> None:
        self._api = api
        root = settings.root("zendesk")
        self._app = f"{root}/sc/v2/apps/{settings['SUNCO_APP_ID']}"
        self._support = f"{root}/api/v2"
        self._key = _basic(settings["SUNCO_KEY_ID"], settings["SUNCO_KEY_SECRET"])
        self._token = _basic(f"{settings['ZENDESK_EMAIL']}/token", settings["ZENDESK_API_TOKEN"])
        self._own = settings["SUNCO_SWITCHBOARD_NAME"]
        self._agents = settings["SUNCO_WORKSPACE_NAME"]
        self._integration = settings["SUNCO_INTEGRATION_ID"]
        self._secret = settings["SUNCO_WEBHOOK_SECRET"]
        self._hook = f"{settings.public_url}/webhooks/zendesk"
        self.asks_for_rating = settings["ZENDESK_CSAT"] in ("yes", "true", "1")

    # ------------------------------------------------------------------------------------------------- webhooks

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:  # noqa: ARG002 - the body is not signed
        """The vendor shows a key, and no time: what was told before is known by its id."""
        given = headers.get("x-api-key", "")
        return bool(self._secret) and hmac.compare_digest(given.encode(), self._secret.encode())

    def news(self, raw: bytes) -> Iterator[News]:
        """A request may carry several events."""
        for event in json.loads(raw)["events"]:
            payload, kind = event["payload"], event["type"]
            talk = payload.get("conversation") or {}
            if kind == "conversation:message":
                yield from _said(str(talk["id"]), payload["message"], in_charge=_has_agents(talk))
            elif kind == "switchboard:passControl:failure":
                yield News("failed", str(talk["id"]), str(event["id"]))
            elif kind in ("switchboard:passControl", "switchboard:releaseControl") and not _has_agents(talk):
                yield News("closed", str(talk["id"]), str(event["id"]))

    async def register(self) -> None:
        """The webhook is made with the integration; where its key is not known there is none yet."""
        if self._secret:
            return
        path = f"/integrations/{self._integration}/webhooks"
        known = (await self._sunco("GET", path)).get("webhooks") or []
        hook = next((one for one in known if one.get("target") == self._hook), None)
        hook = hook or (await self._sunco("POST", path, {"target": self._hook, "triggers": TRIGGERS}))["webhook"]
        self._secret = str(hook["secret"])

    # ------------------------------------------------------------------------------------------------- the ticket

    async def open(self, handover: Handover) -> str:
        """The conversation is the bot's until everything stands in it; control is passed last. Who has agents has got
        them: the answer to that was lost, or they have not closed the ticket of last time."""
        person = handover.person
        await self._register(person)
        talk = await self._conversation(handover)
        ticket = str(talk["id"])
        known = await self._known(ticket, handover.lines[0].at if handover.lines else time.time())
        for line in (*handover.lines, handover.summary):
            await self._add(ticket, person, line, known)
        facts = {"episode": handover.key, **handover.known}
        await self._sunco("PATCH", f"/conversations/{ticket}", {"metadata": facts})
        if not _has_agents(talk):
            if value_in(talk, "metadata", "episode"):
                await self._reopen(ticket)
            about = {f"{_SYSTEM}.requester.name": person.name, f"{_SYSTEM}.tags": f"bot_handoff,lang_{person.language}"}
            await self._pass_control(ticket, self._agents, about)
        return ticket

    async def _register(self, person: Person) -> None:
        """The user, brought up to date; looked for first, as making one twice is refused."""
        phone = {"metadata": {"phone": person.phone}} if person.phone else {}
        about = {"profile": {"givenName": person.name[:NAME_MAX], "locale": person.language}, **phone}
        path = f"/users/{quote(person.key, safe='')}"
        try:
            known = (await self._sunco("GET", path))["user"]
        except ApiError as error:
            if error.status != 404:
                raise
            await self._sunco("POST", "/users", {"externalId": person.key, **about})
            return
        if any(value_in(known, part, key) != value for part, new in about.items() for key, value in new.items()):
            await self._sunco("PATCH", path, about)

    async def _conversation(self, handover: Handover) -> dict[str, Any]:
        """The customer's conversation; one whose making was never confirmed is found, too."""
        key = handover.person.key
        query = urlencode({"filter[userExternalId]": key})
        found: list[dict[str, Any]] = (await self._sunco("GET", f"/conversations?{query}")).get("conversations") or []
        if found:
            return found[0]
        wanted = {"type": "personal", "participants": [{"userExternalId": key, "subscribeSDKClient": False}]}
        made = await self._sunco("POST", "/conversations", {**wanted, "metadata": {"channel": handover.platform}})
        return dict(made["conversation"])

    async def _pass_control(self, ticket: str, to: str, about: Mapping[str, str]) -> None:
        body = {"switchboardIntegration": to, "metadata": dict(about)}
        await self._sunco("POST", f"/conversations/{ticket}/passControl", body)

    async def _messages(self, ticket: str, since: float) -> list[dict[str, Any]]:
        """The messages of a conversation, the oldest first, back to a moment (Unix seconds)."""
        found: list[dict[str, Any]] = []
        before = ""
        while True:
            page = await self._sunco("GET", f"/conversations/{ticket}/messages{before}")
            found = [*(page.get("messages") or []), *found]
            cursor = value_in(page, "meta", "beforeCursor")
            if not cursor or (found and _moment(found[0]["received"]) < since - SLACK_S):
                return found
            before = "?" + urlencode({"page[before]": cursor})

    async def _known(self, ticket: str, since: float) -> set[str]:
        """The messages that stand there already, by the id the bot gave them."""
        return {
            str(mark) for one in await self._messages(ticket, since) if (mark := value_in(one, "metadata", "origin"))
        }

    async def pass_on(self, ticket: str, person: Person, line: Line, *, again: bool) -> None:
        await self._add(ticket, person, line, await self._known(ticket, line.at) if again else set())

    async def _add(self, ticket: str, person: Person, line: Line, known: set[str]) -> None:
        """In the name of whoever said it, in pieces of a legal length, as far as it does not stand there."""
        author: dict[str, Any] = {"type": "user", "userExternalId": person.key}
        if line.author == "bot":
            author = {"type": "business", "displayName": "Bot", "subtypes": ["bot"]}
        contents: list[dict[str, Any]] = [{"type": "text", "text": piece} for piece in _pieces(line.text)]
        for number, content in enumerate(contents or [{}]):
            mark = f"{line.id}:{number}" if number else line.id
            if mark in known:
                continue
            said = (
                await self._shown(ticket, line.file, content.get("text", "")) if line.file and not number else content
            )
            # Nobody but the agents shall get it: the customer has it already.
            body = {"author": author, "content": said, "metadata": {"origin": mark},
                    "destination": {"integrationType": "none"}}  # fmt: skip
            await self._sunco("POST", f"/conversations/{ticket}/messages", body)

    async def _shown(self, ticket: str, file: File, text: str) -> dict[str, Any]:
        """A picture, or a file of any other kind; the vendor has no voice notes and no videos."""
        query = urlencode({"access": "public", "for": "message", "conversationId": ticket})
        url = f"{self._app}/attachments?{query}"
        lent = (await self._api.post(url, "zendesk attachment", form=_form(file), headers=self._key))["attachment"]
        kind = "image" if file.mime.startswith("image/") else "file"
        words = {"text": text} if text else {}
        return {"type": kind, "mediaUrl": lent["mediaUrl"], "altText": file.name[:NAME_MAX], **words}

    async def change(self, ticket: str, person: Person, line: Line) -> None:
        """Nobody can change what stands in a conversation; the agents see the new words below the old."""
        edited = Line(line.id, line.author, f"✎ {line.text}", line.at, line.file)
        await self._add(ticket, person, edited, await self._known(ticket, line.at))

    async def confirm(self, news: News, *, delivered: bool, why: str = "") -> None:
        """Sunshine takes no receipts of others: what went wrong is told in the ticket."""
        if delivered:
            return
        if filed := await self._filed(news.ticket):
            await self._note(filed, f"Message {news.entry} was not delivered: {why}\n{news.text[:200]}")

    async def end(self, ticket: str, why: str) -> None:
        """The bot takes control, and the ticket is solved; only somebody's can be."""
        talk = (await self._sunco("GET", f"/conversations/{ticket}"))["conversation"]
        if _has_agents(talk):
            await self._pass_control(ticket, self._own, {})
        filed = await self._filed(ticket)
        if filed is None or filed["status"] in _ENDED:
            return
        await self._note(filed, why)
        own = {} if filed.get("assignee_id") else {"assignee_id": await self._me()}
        await self._ticketing("PUT", f"/tickets/{filed['id']}", {"ticket": {"status": "solved", **own}})

    async def _reopen(self, ticket: str) -> None:
        """A ticket that the bot has solved and nobody has closed goes on; one that nobody had is nobody's again."""
        filed = await self._filed(ticket)
        if filed is None or filed["status"] != "solved":
            return
        nobody = {"assignee_id": None} if filed.get("assignee_id") == await self._me() else {}
        await self._ticketing("PUT", f"/tickets/{filed['id']}", {"ticket": {"status": "open", **nobody}})

    async def _me(self) -> int:
        return int((await self._ticketing("GET", "/users/me"))["user"]["id"])

    async def rate(self, ticket: str, stars: int) -> None:
        """A tag can be counted. Only the customer themselves may give the vendor's own rating, and a closed ticket takes
        nothing any more: then the conversation keeps it."""
        await self._sunco("PATCH", f"/conversations/{ticket}", {"metadata": {"bot_rating": stars}})
        filed = await self._filed(ticket)
        if filed and filed["status"] != "closed":
            await self._ticketing("PUT", f"/tickets/{filed['id']}/tags", {"tags": [f"rated-{stars}"]})

    async def _filed(self, ticket: str) -> dict[str, Any] | None:
        """Support's newest ticket of the conversation, found by whose it is: the switchboard does not tell its number."""
        talk = await self._sunco("GET", f"/conversations/{ticket}/participants")
        user = value_in(talk, "participants", 0, "userId")
        requester = value_in(await self._sunco("GET", f"/users/{user}"), "user", "zendeskId") if user else None
        if requester is None:
            return None
        path = f"/users/{requester}/tickets/requested?sort_by=created_at&sort_order=desc"
        tickets = (await self._ticketing("GET", path)).get("tickets") or []
        return max(tickets, key=lambda one: int(one["id"]), default=None)

    async def _note(self, filed: Mapping[str, Any], text: str) -> None:
        """For colleagues only, and once: what stands there already is not written again."""
        path = f"/tickets/{filed['id']}"
        noted = (await self._ticketing("GET", f"{path}/comments")).get("comments") or ()
        if filed["status"] == "closed" or any(
            one.get("plain_body", one["body"]).strip() == text.strip() for one in noted
        ):
            return
        await self._ticketing("PUT", path, {"ticket": {"comment": {"body": text, "public": False}}})

    # ------------------------------------------------------------------------------------------------- looking

    async def recent(self, ticket: str) -> list[News]:
        """Who has control is the truth. That somebody has taken a ticket, only Support knows."""
        talk = (await self._sunco("GET", f"/conversations/{ticket}"))["conversation"]
        in_charge = _has_agents(talk)
        messages = await self._messages(ticket, time.time() - KEPT_S)
        found = [news for one in messages for news in _said(ticket, one, in_charge=in_charge)]
        if not in_charge:
            return [*found, News("closed", ticket, f"closed:{talk.get('lastUpdatedAt')}")]
        filed = await self._filed(ticket)
        agent = filed.get("assignee_id") if filed and filed["status"] not in _ENDED else None
        if filed is None or agent is None:
            return found
        return [*found, News("accepted", ticket, f"{filed['id']}:accepted:{agent}")]

    async def load(self, link: Link) -> bytes:
        return await self._api.download(link.url, "zendesk file")

    # ------------------------------------------------------------------------------------------------- calling

    async def _sunco(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        what = f"zendesk {path.partition('?')[0].split('/')[1]}"
        return await self._api.post(f"{self._app}{path}", what, body=body, headers=self._key, method=method)

    async def _ticketing(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        what = f"zendesk {path.split('/')[1]}"
        return await self._api.post(f"{self._support}{path}", what, body=body, headers=self._token, method=method)


def _said(ticket: str, message: Mapping[str, Any], *, in_charge: bool) -> Iterator[News]:
    """An agent's words; not the customer's, not the bot's, and not the lines that the desk writes."""
    author = message.get("author") or {}
    is_agent = value_in(message, "metadata", _AGENT) or "agent" in (author.get("subtypes") or ())
    if author.get("type") != "business" or not is_agent or message.get("deleted"):
        return
    content, number = message["content"], str(message["id"])
    files = (_link(content),) if content.get("mediaUrl") else ()
    text = content.get("text") or content.get("markdownText") or content.get("textFallback") or ""
    yield News("reply", ticket, number, text, number, author.get("displayName") or "", files, in_charge)


def _has_agents(talk: Mapping[str, Any]) -> bool:
    return bool(value_in(talk, "activeSwitchboardIntegration", "integrationType") == _WORKSPACE)


def _link(content: Mapping[str, Any]) -> Link:
    url = content["mediaUrl"]
    name = unquote(url.partition("?")[0].rpartition("/")[2])
    return Link(url, name, content.get("mediaType") or "application/octet-stream")


def _pieces(text: str) -> list[str]:
    """The vendor counts as JavaScript does: what lies beyond the first 65,536 signs counts twice."""
    is_plain = all(ord(char) < 0x10000 for char in text)
    return [piece for piece in pieces(text, TEXT_MAX if is_plain else TEXT_MAX // 2) if piece]


def _form(file: File) -> Form:
    def make() -> aiohttp.FormData:
        form = aiohttp.FormData()
        form.add_field("source", file.content, filename=file.name, content_type=file.mime)
        return form

    return make


def _basic(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{name}:{secret}".encode()).decode()}


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
