"""Chatwoot: an API inbox for the customer's side, an agent bot for the bot's."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import aiohttp

from ..api import Api, Form
from ..config import Settings
from . import File, Handover, Line, Link, News, Person, value_in

STALE_S = 300
CONTENT_MAX = 150_000
PAGE = 20
_PEOPLE = "user"


class Chatwoot:
    name = "chatwoot"
    hears_rating = False

    def __init__(self, settings: Settings, api: Api) -> None:
        self._api = api
        self._secret = settings["CHATWOOT_WEBHOOK_SECRET"]
        self._auth = {"api_access_token": settings["CHATWOOT_BOT_ACCESS_TOKEN"]}
        self._user = {"api_access_token": settings["CHATWOOT_API_ACCESS_TOKEN"]}
        root = settings.root("chatwoot")
        self._root = root
        self._account = f"{root}/api/v1/accounts/{settings['CHATWOOT_ACCOUNT_ID']}"
        self._inbox = f"{root}/public/api/v1/inboxes/{settings['CHATWOOT_INBOX_IDENTIFIER']}"
        self.asks_for_rating = settings["CHATWOOT_CSAT_SURVEY_ENABLED"] in ("yes", "true", "1")

    # ------------------------------------------------------------------------------------------------- webhooks

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        """Signed are the time and the raw body; what was signed minutes ago is somebody's copy."""
        stamp = headers.get("x-chatwoot-timestamp", "")
        mac = hmac.new(self._secret.encode(), stamp.encode() + b"." + raw, sha256).hexdigest()
        is_signed = hmac.compare_digest(f"sha256={mac}".encode(), headers.get("x-chatwoot-signature", "").encode())
        return is_signed and stamp.isdigit() and abs(time.time() - int(stamp)) <= STALE_S

    def news(self, raw: bytes) -> Iterator[News]:
        body = json.loads(raw)
        event = body.get("event", "")
        if event == "message_created":
            yield from _said(str(body["conversation"]["id"]), body, people=_PEOPLE)
        elif event == "message_updated" and value_in(body, "content_attributes", "deleted"):
            number = str(body["id"])
            yield News("deleted", str(body["conversation"]["id"]), f"{number}:deleted", entry=number)
        elif event in ("conversation_updated", "conversation_status_changed"):
            yield from _moved(body)

    async def register(self) -> None:
        """Nothing to do: the agent bot's webhook is entered in Chatwoot's settings."""

    # ------------------------------------------------------------------------------------------------- the ticket

    async def open(self, handover: Handover) -> str:
        """The conversation is the bot's (`pending`) until everything stands in it; opening it calls the people."""
        ticket = await self._conversation(handover)
        person = handover.person
        known = await self._known(ticket)
        for line in handover.lines:
            if line.id not in known:
                await self._add(ticket, person, line)
        summary = handover.summary
        if summary.id not in known:
            await self._note(ticket, summary.text, mark=summary.id)
        facts = {"episode": handover.key, **handover.known}
        await self._api.post(
            f"{self._talk(ticket)}/custom_attributes", "chatwoot attributes",
            body={"custom_attributes": facts}, headers=self._auth,
        )  # fmt: skip
        await self._api.post(
            f"{self._talk(ticket)}/toggle_status", "chatwoot open", body={"status": "open"}, headers=self._auth
        )
        return ticket

    async def _conversation(self, handover: Handover) -> str:
        """The conversation of this handover; one whose making was never confirmed is found by its key."""
        person = handover.person
        contact = f"{self._inbox}/contacts"
        about = {"source_id": person.key, "identifier": person.key, "name": person.name}
        phone = {"phone_number": person.phone} if person.phone.startswith("+") else {}
        await self._api.post(contact, "chatwoot contact", body={**about, **phone}, headers=self._auth)
        own = f"{contact}/{quote(person.key, safe='')}/conversations"
        for talk in await self._api.get(own, "chatwoot conversations", headers=self._auth, many=True):
            is_ours = value_in(talk, "custom_attributes", "episode") == handover.key
            if is_ours or talk.get("status") in ("pending", "open", "snoozed"):
                return str(talk["id"])
        body = {"custom_attributes": {"episode": handover.key}}
        made = await self._api.post(own, "chatwoot conversation", body=body, headers=self._auth)
        return str(made["id"])

    async def _known(self, ticket: str) -> set[str]:
        """The lines that stand in the conversation already, by the id the bot gave them."""
        listed = await self._messages(ticket)
        return {str(mark) for message in listed if (mark := value_in(message, "content_attributes", "origin"))}

    async def _messages(self, ticket: str) -> list[dict[str, Any]]:
        url = f"{self._talk(ticket)}/messages"
        found: list[dict[str, Any]] = []
        while True:
            before = f"?before={found[0]['id']}" if found else ""
            page = (await self._api.get(url + before, "chatwoot messages", headers=self._user)).get("payload", [])
            found = [*page, *found]
            if len(page) < PAGE:
                return found

    async def pass_on(self, ticket: str, person: Person, line: Line, *, again: bool) -> None:
        if again and line.id in await self._known(ticket):
            return  # it had arrived, and only the answer was lost
        await self._add(ticket, person, line)

    async def _add(self, ticket: str, person: Person, line: Line) -> None:  # noqa: ARG002 - the conversation knows whose it is
        """On the side of whoever said it. A token of the agent bot would make everything the bot's."""
        kind, headers = ("incoming", self._user) if line.author == "customer" else ("outgoing", self._auth)
        attributes = {"origin": line.id, "external_created_at": int(line.at)}
        url = f"{self._talk(ticket)}/messages"
        for number, piece in enumerate(_pieces(line.text)):
            marked = attributes if number == 0 else {**attributes, "origin": f"{line.id}:{number}"}
            file = line.file if number == 0 else None
            if file is None:
                body = {"content": piece, "message_type": kind, "private": False, "content_attributes": marked}
                await self._api.post(url, "chatwoot message", body=body, headers=headers)
            else:
                await self._api.post(url, "chatwoot file", form=_form(piece, kind, marked, file), headers=headers)

    async def change(self, ticket: str, person: Person, line: Line) -> None:
        """Chatwoot cannot change what stands there; the agents see the new words beside the old."""
        text = f"✎ {line.text}"
        await self._note(ticket, f"{person.name} has changed a message. It reads now:\n{text}", mark=f"{line.id}:edit")

    async def confirm(self, news: News, *, delivered: bool, why: str = "") -> None:
        if not delivered:
            await self._note(news.ticket, f"Not delivered: {news.text[:200]!r} ({why})", mark=f"{news.id}:failed")

    async def end(self, ticket: str, why: str) -> None:
        await self._note(ticket, why, mark="end")
        await self._api.post(
            f"{self._talk(ticket)}/toggle_status", "chatwoot resolve", body={"status": "resolved"}, headers=self._auth
        )

    async def rate(self, ticket: str, stars: int) -> None:
        await self._api.post(
            f"{self._talk(ticket)}/labels", "chatwoot rating", body={"labels": [f"rated-{stars}"]}, headers=self._auth
        )

    async def _note(self, ticket: str, text: str, *, mark: str) -> None:
        body = {"content": text, "message_type": "outgoing", "private": True, "content_attributes": {"origin": mark}}
        await self._api.post(f"{self._talk(ticket)}/messages", "chatwoot note", body=body, headers=self._auth)

    async def recent(self, ticket: str) -> list[News]:
        found = [news for one in await self._messages(ticket) for news in _said(ticket, _as_hook(one), people=_PEOPLE)]
        talk = await self._api.get(self._talk(ticket), "chatwoot conversation", headers=self._auth)
        return [*found, *_moved(talk)]

    async def load(self, link: Link) -> bytes:
        return await self._api.download(link.url, "chatwoot file")

    def _talk(self, ticket: str) -> str:
        return f"{self._account}/conversations/{ticket}"


def _said(ticket: str, message: Mapping[str, Any], *, people: str) -> Iterator[News]:
    """A person's public words, or the desk's own form for a rating; not the bot's words, which come back here, too."""
    number, kind = str(message["id"]), message.get("message_type")
    files = tuple(_link(one) for one in message.get("attachments") or ())
    text = message.get("content") or ""
    if message.get("private"):
        return
    if kind == "outgoing" and value_in(message, "sender", "type") == people:
        agent, status = value_in(message, "sender", "name") or "", value_in(message, "conversation", "status")
        in_charge = status in ("open", "snoozed", None)
        yield News("reply", ticket, number, text, number, agent, files, in_charge)
    elif kind == "template":
        yield News("asked", ticket, number, text, number)


def _as_hook(message: Mapping[str, Any]) -> dict[str, Any]:
    """REST counts the kinds of messages, webhooks name them."""
    return {**message, "message_type": {0: "incoming", 1: "outgoing", 3: "template"}.get(message["message_type"], "")}


def _moved(talk: Mapping[str, Any]) -> Iterator[News]:
    """Somebody has it, or nobody has any more. A webhook tells so only where it is about that: many are late."""
    ticket, status = str(talk["id"]), talk.get("status")
    agent, stamp = value_in(talk, "meta", "assignee"), talk.get("last_activity_at") or talk.get("timestamp") or 0
    changes = [name for change in talk.get("changed_attributes") or () for name in change]
    if status in ("resolved", "pending") and ("status" in changes or "changed_attributes" not in talk):
        yield News("closed", ticket, f"{ticket}:closed:{int(stamp)}")
    elif status == "open" and agent and value_in(talk, "meta", "assignee_type") != "AgentBot":
        yield News(
            "accepted", ticket, f"{ticket}:accepted:{agent.get('id')}:{int(stamp)}", agent=agent.get("name") or ""
        )


def _link(attachment: Mapping[str, Any]) -> Link:
    url = attachment["data_url"]
    kind = {"image": "image/jpeg", "audio": "audio/ogg", "video": "video/mp4"}.get(attachment.get("file_type", ""), "")
    mime = attachment.get("content_type") or kind or "application/octet-stream"
    return Link(url, url.rpartition("/")[2], mime)


def _form(text: str, kind: str, attributes: Mapping[str, Any], file: File) -> Form:
    def make() -> aiohttp.FormData:
        form = aiohttp.FormData({"content": text, "message_type": kind, "private": "false"})
        form.add_field("content_attributes", json.dumps(attributes))
        form.add_field("attachments[]", file.content, filename=file.name, content_type=file.mime)
        return form

    return make


def _pieces(text: str) -> list[str]:
    return [text[at : at + CONTENT_MAX] for at in range(0, len(text), CONTENT_MAX)] or [""]
