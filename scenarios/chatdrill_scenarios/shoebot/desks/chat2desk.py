"""Chat2Desk: an external channel, in which the bot is the customer's messenger. Takes links, no bytes."""

from __future__ import annotations

import hmac
import json
import mimetypes
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from ..api import Api, ApiError
from ..config import Settings
from ..lending import Files
from . import File, Handover, Line, Link, News, Person, value_in

PAGE = 200  # the most that a list gives at once (API v1)
# What is looked through for what stands there already: more than any handover brings.
PAGES = 3
EVENTS = ["outbox", "dialog_transferred", "close_dialog", "close_request"]
# Type of a file → the field of the inbox that its link goes into; whatever else there is, is an attachment.
_FIELDS = {"image": "image", "video": "video", "audio": "audio"}
# Field of a message → the type of what lies there, where the name does not tell.
_KINDS = {"photo": "image/jpeg", "video": "video/mp4", "audio": "audio/ogg", "pdf": "application/pdf"}


class Chat2Desk:
    name = "chat2desk"
    hears_rating = True

    def __init__(self, settings: Settings, api: Api, files: Files) -> None:
        self._api = api
        self._files = files
        self._root = f"{settings.root('chat2desk')}/v1"
        self._hook = f"{settings.public_url}/webhooks/chat2desk"
        self._headers = {"Authorization": settings["CHAT2DESK_TOKEN"]}
        self._channel = int(settings["CHAT2DESK_CHANNEL_ID"])
        self._secret = settings["CHAT2DESK_WEBHOOK_SECRET"]
        self._signature = settings["CHAT2DESK_SIGNATURE_HEADER"].lower()
        self._hash = settings["CHAT2DESK_SIGNATURE_HASH"]
        self._survey = settings["CHAT2DESK_SURVEY"]
        self.asks_for_rating = bool(self._survey)
        self._routes = settings["CHAT2DESK_AUTO_ASSIGN"] in ("yes", "true", "1")

    # ------------------------------------------------------------------------------------------------- webhooks

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        """Only some accounts sign. Nothing that a webhook says is taken from it, so a forged one has no effect anyway."""
        if not self._secret:
            return True
        mac = hmac.new(self._secret.encode(), raw, self._hash).hexdigest()
        return hmac.compare_digest(mac.encode(), headers.get(self._signature, "").encode())

    def news(self, raw: bytes) -> Iterator[News]:
        """A webhook has no id, no date and often no signature: it only says where to look."""
        body = json.loads(raw)
        if body.get("hook_type") in EVENTS and (body["hook_type"] != "outbox" or _is_news(body)):
            yield News("look", str(body["dialog_id"]), "")

    async def register(self) -> None:
        wanted = {"url": self._hook, "name": "shoebot", "events": EVENTS}
        for known in (await self._get("/webhooks")).get("data") or []:
            if known.get("url") == self._hook:
                await self._call("PUT", f"/webhooks/{known['id']}", **wanted)
                return
        await self._call("POST", "/webhooks", **wanted)

    # ------------------------------------------------------------------------------------------------- the ticket

    async def open(self, handover: Handover) -> str:
        """The dialog lies before nobody until everything stands in it; the last message calls the people."""
        person = handover.person
        client = await self._client(person, handover)
        known = await self._known(client)
        for line in handover.lines:
            if line.id not in known:
                await self._add(person, client, line)
        mark = f"ask:{handover.key}"
        if mark in known:
            return known[mark]
        facts = {"Language": person.language, **handover.facts}
        words = "\n".join(["The customer asks for a person.", *(f"{key}: {value}" for key, value in facts.items())])
        return await self._write(client, words, mark, type="system", open_dialog=True)

    async def _client(self, person: Person, handover: Handover) -> int:
        """The client that the channel knows by the person's key. The first word in the channel makes it, a customer's."""
        found = await self._find(person.key)
        if found is None:
            first = handover.lines[0] if handover.lines else None
            if first is not None and first.author == "customer":
                made = await self._hear(person, first)
            else:
                made = await self._hear(person, Line(f"start:{person.key}", "customer", "[start]", 0.0))
            found = {"id": made["client_id"]}
        about = {"external_id": person.key, **({"client_phone": person.phone} if person.phone else {})}
        if any(found.get(name) != value for name, value in about.items()):
            await self._call("PUT", f"/clients/{found['id']}", **about)
        return int(found["id"])

    async def _find(self, key: str) -> dict[str, Any] | None:
        """A search by phone finds the digits of a key, too."""
        listed = (await self._get("/clients", phone=key, limit=PAGE)).get("data") or []
        return next((client for client in listed if client.get("phone") == key), None)

    async def _known(self, client: int) -> dict[str, str]:
        """The bot's ids of what stands there already, and the dialog it stands in."""
        listed = await self._messages(client_id=client)
        return {str(one["external_id"]): str(one["dialog_id"]) for one in listed if one.get("external_id")}

    async def _messages(self, **which: Any) -> list[dict[str, Any]]:
        """The newest messages, oldest first."""
        found: list[dict[str, Any]] = []
        for page in range(PAGES):
            part = await self._get("/messages", **which, order="desc", limit=PAGE, offset=page * PAGE)
            listed = part.get("data") or []
            found += listed
            if len(listed) < PAGE:
                break
        return found[::-1]

    async def _add(self, person: Person, client: int, line: Line) -> None:
        """On the side of whoever said it. The bot's words do not put the dialog before anybody."""
        if line.author == "customer":
            await self._hear(person, line)
        else:
            await self._write(client, line.text, line.id, type="autoreply", dont_open_dialog=True)

    async def _hear(self, person: Person, line: Line) -> dict[str, Any]:
        """A word of the customer's. Chat2Desk publishes no limit of a text, so none is cut."""
        sender = {"id": person.key, "nickname": person.name}
        body = {"channel_id": self._channel, "from_client": sender, "external_id": line.id, "body": line.text}
        return await self._call("POST", "/messages/inbox", **body, **(self._link(line.file) if line.file else {}))

    def _link(self, file: File) -> dict[str, str]:
        field = _FIELDS.get(file.mime.partition("/")[0], "attachment")
        return {field: self._files.lend(file), "attachment_filename": file.name}

    async def _write(self, client: int, text: str, mark: str, **how: Any) -> str:
        """The bot's words; returns the dialog."""
        said = await self._call("POST", "/messages", client_id=client, text=text, external_id=mark, **how)
        return str(said["dialog_id"])

    async def pass_on(self, ticket: str, person: Person, line: Line, *, again: bool) -> None:
        if again and any(one.get("external_id") == line.id for one in await self._messages(dialog_id=ticket)):
            return  # it had arrived, and only the answer was lost
        await self._hear(person, line)

    async def change(self, ticket: str, person: Person, line: Line) -> None:
        """Nobody can change what was sent; the operators see the new words beside the old."""
        await self._note(ticket, f"{person.name} has changed a message. It reads now:\n✎ {line.text}", line.id)

    async def confirm(self, news: News, *, delivered: bool, why: str = "") -> None:
        """An external channel has no receipts: only what went wrong is told."""
        if not delivered:
            await self._note(news.ticket, f"Not delivered: {news.text[:200]!r} ({why})", f"failed:{news.id}")

    async def end(self, ticket: str, why: str) -> None:
        """The dialog is taken from the operators, and the case is over."""
        dialog = await self._dialog(ticket)
        request, client = (value_in(dialog, "last_message", name) for name in ("request_id", "client_id"))
        await self._note(ticket, why, f"end:{request}")
        if dialog.get("state") == "open":
            await self._call("PUT", f"/dialogs/{ticket}", state="closed")
        try:
            await self._call("PUT", "/requests/close", client_id=client)
        except ApiError as error:
            if error.status != 404:  # no case is open any more
                raise

    async def rate(self, ticket: str, stars: int) -> None:
        """Where the desk has asked, the answer is a digit of the customer's; else a note beside the case."""
        dialog = await self._dialog(ticket)
        request, client = (value_in(dialog, "last_message", name) for name in ("request_id", "client_id"))
        said = await self._messages(dialog_id=ticket) if self._survey else []
        if not any(one.get("text") == self._survey and _is_news(one) for one in said):
            await self._note(ticket, f"The customer's rating: {stars} of 5", f"rated:{request}")
            return
        mark = f"rated:{request}"
        if mark not in await self._known(client):
            about = (await self._get(f"/clients/{client}"))["data"]
            person = Person(about["phone"], about.get("name") or "", "")
            await self._hear(person, Line(mark, "customer", str(stars), 0.0))

    async def _note(self, ticket: str, text: str, mark: str) -> None:
        """For the operators only, and once."""
        listed = await self._messages(dialog_id=ticket)
        if all(one.get("external_id") != mark for one in listed):
            await self._write(listed[-1]["client_id"], text, mark, type="comment")

    async def recent(self, ticket: str) -> list[News]:
        """Who has the dialog is asked first: an operator's last word stands there before the dialog is closed."""
        dialog = await self._dialog(ticket)
        is_open, operator = dialog.get("state") == "open", dialog.get("operator_id")
        messages = await self._messages(dialog_id=ticket)
        said = [news for one in messages for news in self._said(ticket, one, in_charge=is_open)]
        if not is_open:
            return [*said, News("closed", ticket, f"closed:{dialog.get('end')}")]
        if operator is None or self._routes:  # routing gives dialogs to people who know nothing of it yet
            return said
        asked = [one["id"] for one in messages if str(one.get("external_id")).startswith("ask:")]
        return [News("accepted", ticket, f"accepted:{operator}:{max(asked, default=0)}"), *said]

    def _said(self, ticket: str, message: Mapping[str, Any], *, in_charge: bool) -> Iterator[News]:
        """An operator's words, or the desk's own."""
        number, text = str(message["id"]), message.get("text") or ""
        if not _is_news(message):
            return
        if message.get("operator_id") is None:
            yield News("asked", ticket, number, text, number)
            return
        yield News("reply", ticket, number, text, number, files=_links(message), in_charge=in_charge)

    async def load(self, link: Link) -> bytes:
        return await self._api.download(link.url, "chat2desk file")

    # ------------------------------------------------------------------------------------------------- calling

    async def _dialog(self, ticket: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self._get(f"/dialogs/{ticket}")).get("data") or {}
        return found

    async def _get(self, path: str, **query: Any) -> Any:
        url = f"{self._root}{path}" + (f"?{urlencode(query)}" if query else "")
        return await self._api.get(url, f"chat2desk {path.split('/')[1]}", headers=self._headers)

    async def _call(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        what = f"chat2desk {path.split('/')[1]}"
        url = f"{self._root}{path}"
        answer = await self._api.post(url, what, body=body, headers=self._headers, method=method)
        return answer.get("data") or {}


def _is_news(message: Mapping[str, Any]) -> bool:
    """Said to the customer, and not by the bot, whose words have its ids. Comments and lines of the system are inside."""
    if message.get("external_id"):
        return False
    kind, operator = message.get("type"), message.get("operator_id")
    return (kind == "to_client" and operator is not None) or (kind == "autoreply" and operator is None)


def _links(message: Mapping[str, Any]) -> tuple[Link, ...]:
    """All files of a message. The fields by kind hold the first of each once more."""
    links = [_link(one["link"], one.get("name")) for one in message.get("attachments") or ()]
    known = {link.url for link in links}
    return (
        *links,
        *(_link(url, None, kind) for name, kind in _KINDS.items() if (url := message.get(name)) and url not in known),
    )


def _link(url: str, name: str | None, kind: str = "application/octet-stream") -> Link:
    name = name or url.partition("?")[0].rpartition("/")[2] or "file"
    return Link(url, name, mimetypes.guess_type(name)[0] or kind)
