"""A desk with a plain REST API: the one that chatdrill's example declares. Whoever has a desk of their own begins here."""

from __future__ import annotations

import hmac
import json
import logging
import time
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from ..api import Api, ApiError
from ..config import Settings
from ..lending import Files
from . import File, Handover, Line, Link, News, NewsKind, Person, value_in
from .cutting import pieces

log = logging.getLogger("shoebot")

STALE_S = 300
TEXT_MAX = 4096  # the example's limits.text_max
_WAITING = "waiting"
_OVER = ("returned", "closed")


class Generic:
    name = "generic"
    hears_rating = False
    asks_for_rating = False

    def __init__(self, settings: Settings, api: Api, files: Files) -> None:
        self._api = api
        self._files = files
        self._root = f"{settings.root('generic')}/api/v1/tickets"
        self._headers = {"Authorization": f"Bearer {settings['GENERIC_TOKEN']}"}
        self._secret = settings["GENERIC_SECRET"].encode()
        self._over: set[str] = set()  # tickets of which a webhook has said so

    # ------------------------------------------------------------------------------------------------- webhooks

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        """Signed are the time and the raw body; what was signed minutes ago is somebody's copy."""
        stamp = headers.get("x-timestamp", "")
        mac = hmac.new(self._secret, stamp.encode() + b"." + raw, sha256).hexdigest()
        is_signed = hmac.compare_digest(f"sha256={mac}".encode(), headers.get("x-signature", "").encode())
        return is_signed and stamp.isdecimal() and abs(time.time() - int(stamp)) <= STALE_S

    def news(self, raw: bytes) -> Iterator[News]:
        body = json.loads(raw)
        ticket, event, message = str(body["ticket"]), body.get("event"), body.get("message") or {}
        if event == "message.created":
            agent = value_in(message, "agent", "name") or ""
            yield _reply(ticket, message, agent, in_charge=ticket not in self._over)
        elif event in ("message.edited", "message.deleted"):
            number = str(message["id"])
            kind: NewsKind = "edited" if event == "message.edited" else "deleted"
            yield News(kind, ticket, str(body["id"]), message.get("text") or "", number)
        elif event == "ticket.accepted":
            self._over.discard(ticket)
            yield _accepted(ticket, value_in(body, "agent", "name"))
        elif event == "ticket.status" and body["status"] == _WAITING and ticket in self._over:
            self._over.discard(ticket)  # an agent has opened it again: it is theirs
            yield News("accepted", ticket, str(body["id"]))
        elif event == "ticket.closed" or (event == "ticket.status" and body["status"] in _OVER):
            self._over.add(ticket)
            yield News("closed", ticket, str(body["id"]))

    async def register(self) -> None:
        """Nothing to do: the webhook's address is entered at the desk."""

    # ------------------------------------------------------------------------------------------------- the ticket

    async def open(self, handover: Handover) -> str:
        """One call; with the key of the handover it makes one ticket, however often it is made."""
        person = handover.person
        customer = {"id": person.key, "name": person.name, "language": person.language}
        about = {
            "customer": {**customer, **({"phone": person.phone} if person.phone else {})},
            "subject": f"{person.name} asks for a person",
            "fields": {"platform": handover.platform, **handover.known},
            "transcript": [said for line in (*handover.lines, handover.summary) for said in self._said(line, "id")],
        }
        headers = {**self._headers, "Idempotency-Key": handover.key}
        made = await self._api.post(self._root, "generic ticket", body=about, headers=headers)
        return str(made["id"])

    def _said(self, line: Line, mark: str) -> Iterator[dict[str, Any]]:
        """A line in pieces of a legal length; `mark` names the field that takes its id."""
        for number, text in enumerate(pieces(line.text, TEXT_MAX)):
            said: dict[str, Any] = {"from": line.author, "text": text, "at": line.at}
            said[mark] = f"{line.id}:{number}" if number else line.id
            if line.file and not number:
                said["files"] = [self._shown(line.file)]
            yield said

    def _shown(self, file: File) -> dict[str, Any]:
        return {"url": self._files.lend(file), "name": file.name, "type": file.mime, "size": len(file.content)}

    async def pass_on(self, ticket: str, person: Person, line: Line, *, again: bool) -> None:  # noqa: ARG002 - see below
        """The desk takes a message with a known id for the same one, so it may be sent again."""
        for said in self._said(line, "external_id"):
            await self._call("POST", f"{ticket}/messages", said)

    async def change(self, ticket: str, person: Person, line: Line) -> None:
        """Nobody can change what stands there; the agents see the new words below the old."""
        await self.pass_on(ticket, person, Line(line.id, line.author, f"✎ {line.text}", line.at, line.file), again=True)

    async def confirm(self, news: News, *, delivered: bool, why: str = "") -> None:
        told = {"status": "delivered"} if delivered else {"status": "failed", "error": why}
        await self._call("POST", f"{news.ticket}/messages/{news.entry}/status", told)

    async def end(self, ticket: str, why: str) -> None:
        """What is closed already (409) needs no end."""
        try:
            await self._call("POST", f"{ticket}/messages", {"from": "bot", "text": why, "external_id": "end"})
            await self._call("POST", f"{ticket}/close", {})
        except ApiError as error:
            if error.status != 409:
                raise

    async def rate(self, ticket: str, stars: int) -> None:
        """The desk has no place for ratings, and takes no message when a ticket is closed."""
        log.info("ticket %s was rated %s of 5", ticket, stars)

    async def recent(self, ticket: str) -> list[News]:
        """Private notes stand among the messages, and are nobody's business."""
        shown = await self._call("GET", ticket)
        is_over, messages = shown["status"] in _OVER, shown.get("messages") or []
        said = [one for one in messages if one["from"] == "agent" and one.get("public") is True]
        found = [_reply(ticket, one, shown.get("agent") or "", in_charge=not is_over) for one in said]
        if is_over:
            return [*found, News("closed", ticket, f"closed:{len(messages)}")]
        return [*found, _accepted(ticket, shown.get("agent"))] if shown["status"] == "active" else found

    async def load(self, link: Link) -> bytes:
        return await self._api.download(link.url, "generic file")

    async def _call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        what = f"generic {path.rpartition('/')[2]}"
        return await self._api.post(f"{self._root}/{path}", what, body=body, headers=self._headers, method=method)


def _reply(ticket: str, message: Mapping[str, Any], agent: str, *, in_charge: bool) -> News:
    number = str(message["id"])
    files = tuple(_link(one) for one in message.get("files") or ())
    return News("reply", ticket, number, message.get("text") or "", number, agent, files, in_charge)


def _accepted(ticket: str, agent: str | None) -> News:
    return News("accepted", ticket, f"accepted:{agent}", agent=agent or "")


def _link(file: Mapping[str, Any]) -> Link:
    url, mime = file["url"], file.get("type") or "application/octet-stream"
    return Link(url, file.get("name") or url.rpartition("/")[2], mime)
