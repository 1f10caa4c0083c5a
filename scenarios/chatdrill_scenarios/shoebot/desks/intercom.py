"""Intercom: a conversation in the customer's name, a seat of the bot's own, a team that it is handed to."""

from __future__ import annotations

import base64
import hmac
import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha1
from typing import Any
from urllib.parse import quote

from ..api import Api, ApiError
from ..config import Settings
from . import File, Handover, Line, Link, News, Person, value_in

VERSION = "2.14"
PAGE = 50
# What the customer may hear; notes and the words that go with an assignment are for colleagues.
_PUBLIC = frozenset({"comment", "quick_reply", "close"})
_ASSIGNED = frozenset({"assignment", "assign_and_reopen", "assign_and_unsnooze", "default_assignment"})
_BREAK = re.compile(r"<br\s*/?>|</p>\s*<p[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
# Who, when (Unix seconds), what, and whether with a file: Intercom keeps no id of the bot's with a message.
Mark = tuple[str, int, str, bool]
MARKS_MAX = 5000


class Intercom:
    name = "intercom"
    hears_rating = False

    def __init__(self, settings: Settings, api: Api) -> None:
        self._api = api
        self._root = settings.root("intercom")
        self._secret = settings["INTERCOM_CLIENT_SECRET"]
        self._admin = settings["INTERCOM_ADMIN_ID"]
        self._team = settings["INTERCOM_TEAM_ID"]
        token = settings["INTERCOM_ACCESS_TOKEN"]
        self._headers = {
            "Authorization": f"Bearer {token}", "Accept": "application/json", "Intercom-Version": VERSION,
        }  # fmt: skip
        self.asks_for_rating = settings["INTERCOM_CSAT"] in ("yes", "true", "1")
        self._confirmed: Counter[tuple[str, Mark]] = Counter()
        self._closed: dict[str, int] = {}

    # ------------------------------------------------------------------------------------------------- webhooks

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        """Signed is the raw body. The signature has no time in it: what was told before is known by its id."""
        mac = hmac.new(self._secret.encode(), raw, sha1).hexdigest()
        return hmac.compare_digest(f"sha1={mac}".encode(), headers.get("x-hub-signature", "").encode())

    def news(self, raw: bytes) -> Iterator[News]:
        body = json.loads(raw)
        item = value_in(body, "data", "item") or {}
        if body.get("topic") == "conversation.deleted":
            ticket = str(item["conversation_id"])
            yield News("closed", ticket, f"{ticket}:deleted")
            return
        talk, parts = _opened_up(item)
        for part in parts:
            yield from self._told(talk, part)

    def _told(self, talk: Mapping[str, Any], part: Mapping[str, Any]) -> Iterator[News]:
        """One part of a conversation; not the customer's words, and not what the bot did itself."""
        ticket, number, kind = str(talk["id"]), str(part["id"]), part.get("part_type")
        if part.get("redacted"):
            yield News("deleted", ticket, f"{number}:deleted", entry=number)
            return
        author = part.get("author") or {}
        if str(author.get("id")) == self._admin:
            return
        is_late = int(number) < self._closed.get(ticket, 0)
        text, files = _words(part.get("body")), tuple(map(_link, part.get("attachments") or ()))
        if author.get("type") == "admin" and kind in _PUBLIC and (text or files):
            in_charge = talk.get("state") != "closed" and not is_late
            yield News("reply", ticket, number, text, number, author.get("name") or "", files, in_charge)
        if kind == "close":
            self._closed[ticket] = max(int(number), self._closed.get(ticket, 0))
            yield News("closed", ticket, f"{number}:closed")
        elif not is_late:
            yield from self._owned(talk, part)

    def _owned(self, talk: Mapping[str, Any], part: Mapping[str, Any]) -> Iterator[News]:
        """Somebody has it now; given back to the bot's seat, it is the bot's again."""
        ticket, number, kind = str(talk["id"]), str(part["id"]), part.get("part_type")
        if kind in _ASSIGNED and value_in(part, "assigned_to", "type") == "admin":
            owner = str(value_in(part, "assigned_to", "id"))
        elif kind == "open" and value_in(part, "author", "type") == "admin":
            owner = str(talk.get("admin_assignee_id") or "")
        else:
            return
        if owner == self._admin:
            yield News("closed", ticket, f"{number}:closed")
        elif owner:
            yield News("accepted", ticket, f"{number}:accepted")

    async def register(self) -> None:
        """Nothing to do: address and topics of the webhook are entered in Intercom's Developer Hub."""

    # ------------------------------------------------------------------------------------------------- the ticket

    async def open(self, handover: Handover) -> str:
        """The conversation has no assignee until everything stands in it; the team's inbox calls the people."""
        contact = await self._contact(handover.person)
        ticket = await self._conversation(contact, handover)
        talk = await self._talk(ticket)
        known = _marks(talk)
        for line in handover.lines:
            if known[_mark(line)] > 0:
                known[_mark(line)] -= 1
            else:
                await self._add(ticket, handover.person, line)
        await self._note(ticket, handover.summary.text, talk=talk)
        facts = {"episode": handover.key, **handover.known}
        if any(value_in(talk, "custom_attributes", key) != value for key, value in facts.items()):
            await self._call("PUT", f"/conversations/{ticket}", custom_attributes=facts)
        if not self._calls_people(talk):
            await self._manage(ticket, message_type="assignment", type="team", assignee_id=self._team)
        return ticket

    def _calls_people(self, talk: Mapping[str, Any]) -> bool:
        """True if somebody has it, or the team is asked already. With the bot's seat it calls nobody, whatever team is beside it."""
        agent, team = str(talk.get("admin_assignee_id") or ""), str(talk.get("team_assignee_id") or "")
        return agent != self._admin if agent else team == self._team

    async def _contact(self, person: Person) -> str:
        """The contact with the bot's id. Search may lag behind; making a contact twice is refused, and then it is looked up."""
        about = {"name": person.name, **({"phone": person.phone} if person.phone.startswith("+") else {})}
        query = {"field": "external_id", "operator": "=", "value": person.key}
        known = (await self._call("POST", "/contacts/search", query=query)).get("data") or []
        found = known[0] if known else await self._new_contact(person, about)
        if any(found.get(key) != value for key, value in about.items()):
            await self._call("PUT", f"/contacts/{found['id']}", **about)
        return str(found["id"])

    async def _new_contact(self, person: Person, about: Mapping[str, str]) -> dict[str, Any]:
        try:
            return await self._call("POST", "/contacts", role="user", external_id=person.key, **about)
        except ApiError as error:
            if error.status != 409:
                raise
        path = f"/contacts/find_by_external_id/{quote(person.key, safe='')}"
        found: dict[str, Any] = await self._api.get(f"{self._root}{path}", "intercom contact", headers=self._headers)
        return found

    async def _conversation(self, contact: str, handover: Handover) -> str:
        """The conversation of this handover; one whose making was never confirmed is among the contact's open ones."""
        filters = [
            {"field": "contact_ids", "operator": "=", "value": contact},
            {"field": "state", "operator": "IN", "value": ["open", "snoozed"]},
        ]
        query = {"operator": "AND", "value": filters}
        found = await self._call("POST", "/conversations/search", query=query, pagination={"per_page": PAGE})
        if talks := found.get("conversations"):
            return str(talks[0]["id"])
        begun = {"from": {"type": "user", "id": contact}, **_beginning(handover)}
        made = await self._call("POST", "/conversations", **begun)
        return str(made["conversation_id"])  # its `id` is that of the message

    async def _talk(self, ticket: str) -> dict[str, Any]:
        url = f"{self._root}/conversations/{ticket}?display_as=plaintext"
        talk: dict[str, Any] = await self._api.get(url, "intercom conversation", headers=self._headers)
        return talk

    async def pass_on(self, ticket: str, person: Person, line: Line, *, again: bool) -> None:
        if again and _marks(await self._talk(ticket))[_mark(line)] > self._confirmed[ticket, _mark(line)]:
            return  # it had arrived, and only the answer was lost
        await self._add(ticket, person, line)

    async def _add(self, ticket: str, person: Person, line: Line) -> None:
        """In the name of whoever said it. A seat's words may have markup, a customer's are taken as they stand."""
        said: dict[str, Any] = {"message_type": "comment", "created_at": int(line.at)}
        if line.author == "customer":
            said |= {"type": "user", "user_id": person.key, "body": line.text}
        else:
            said |= {"type": "admin", "admin_id": self._admin, "body": _markup(line.text)}
        if line.file:
            said["attachment_files"] = [_enclosed(line.file)]
        await self._call("POST", f"/conversations/{ticket}/reply", **said)
        if len(self._confirmed) >= MARKS_MAX:
            self._confirmed.clear()
        self._confirmed[ticket, _mark(line)] += 1

    async def change(self, ticket: str, person: Person, line: Line) -> None:
        """Nobody can change what a customer wrote at Intercom; the agents see the new words beside the old."""
        await self._note(ticket, f"{person.name} has changed a message. It reads now:\n✎ {line.text}", at=line.at)

    async def confirm(self, news: News, *, delivered: bool, why: str = "") -> None:
        """Intercom takes no receipts: only what went wrong is told."""
        if not delivered:
            await self._note(news.ticket, f"Message {news.entry} was not delivered: {why}\n{news.text[:200]}")

    async def end(self, ticket: str, why: str) -> None:
        talk = await self._talk(ticket)
        if talk.get("state") == "closed":
            return
        await self._note(ticket, why, talk=talk)
        await self._manage(ticket, message_type="close", type="admin")

    async def rate(self, ticket: str, stars: int) -> None:
        """Ratings of its own Intercom takes from its Messenger only; the attribute is there for reports."""
        await self._call("PUT", f"/conversations/{ticket}", custom_attributes={"bot_rating": stars})

    async def _note(
        self, ticket: str, text: str, *, at: float | None = None, talk: Mapping[str, Any] | None = None
    ) -> None:
        """For colleagues only, and once: what stands there already is not written again."""
        talk = talk or await self._talk(ticket)
        if any(
            part.get("part_type") == "note" and _squeezed(part.get("body") or "") == _squeezed(text)
            and (at is None or part.get("created_at") == int(at))
            for part in _parts(talk)
        ):  # fmt: skip
            return
        said: dict[str, Any] = {"message_type": "note", "type": "admin", "admin_id": self._admin, "body": _markup(text)}
        if at is not None:
            said["created_at"] = int(at)
        await self._call("POST", f"/conversations/{ticket}/reply", **said)

    async def recent(self, ticket: str) -> list[News]:
        """All parts. Whose it was before it was last closed is nobody's business any more; an end counts while it lasts."""
        talk = await self._talk(ticket)
        parts = list(_parts(talk))
        closed = [int(part["id"]) for part in parts if part.get("part_type") == "close"]
        if closed:
            self._closed[ticket] = max(closed)
        is_over = talk.get("state") == "closed" or str(talk.get("admin_assignee_id") or "") == self._admin
        found = [news for part in parts for news in self._told(talk, part)]
        if not is_over:
            return [news for news in found if news.kind != "closed"]
        if not any(news.kind == "closed" for news in found):  # the bot has closed it
            found.append(News("closed", ticket, f"{self._closed.get(ticket, 0)}:closed"))
        return found

    async def load(self, link: Link) -> bytes:
        return await self._api.download(link.url, "intercom file")

    # ------------------------------------------------------------------------------------------------- calling

    async def _manage(self, ticket: str, **what: Any) -> None:
        await self._call("POST", f"/conversations/{ticket}/parts", admin_id=self._admin, **what)

    async def _call(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        what = f"intercom {path.split('/')[-1]}"
        return await self._api.post(f"{self._root}{path}", what, body=body, headers=self._headers, method=method)


def _opened_up(item: Mapping[str, Any]) -> tuple[Mapping[str, Any], Iterable[Mapping[str, Any]]]:
    """The conversation and its new parts; one that became a ticket comes as a pair."""
    if "ticket_part" in item:
        return item["ticket"], [item["ticket_part"]]
    return item, _parts(item)


def _parts(talk: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return value_in(talk, "conversation_parts", "conversation_parts") or []


def _beginning(handover: Handover) -> dict[str, Any]:
    """What a conversation begins with: it must be the customer's, and has no file of its own."""
    for line in handover.lines[:1]:
        if line.author == "customer" and line.file is None:
            return {"body": line.text, "created_at": int(line.at)}
    return {"body": f"{handover.person.name} asks for a person"}


def _marks(talk: Mapping[str, Any]) -> Counter[Mark]:
    """How often each message stands in the conversation."""
    first = talk.get("source") or {}
    begun = {**first, "created_at": talk.get("created_at"), "part_type": "comment"}
    return Counter(_mark_of(part) for part in (begun, *_parts(talk)) if part.get("part_type") != "note")


def _mark_of(part: Mapping[str, Any]) -> Mark:
    author = "bot" if value_in(part, "author", "type") == "admin" else "customer"
    words = _squeezed(part.get("body") or "")  # plain, as it was asked for: what looks like markup is the customer's
    return (author, int(part.get("created_at") or 0), words, bool(part.get("attachments")))


def _mark(line: Line) -> Mark:
    return (line.author, int(line.at), _squeezed(line.text), line.file is not None)


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _markup(text: str) -> str:
    return f"<p>{html.escape(text, quote=False)}</p>".replace("\n", "<br>")


def _words(body: str | None) -> str:
    """Plain text of a body, which newer versions of the webhooks have already."""
    if not body or not body.startswith("<"):
        return body or ""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", body))).strip()


def _enclosed(file: File) -> dict[str, str]:
    data = base64.b64encode(file.content).decode()
    return {"content_type": file.mime, "name": file.name, "data": data}


def _link(attachment: Mapping[str, Any]) -> Link:
    mime = attachment.get("content_type") or "application/octet-stream"
    return Link(attachment["url"], attachment.get("name") or "file", mime)
