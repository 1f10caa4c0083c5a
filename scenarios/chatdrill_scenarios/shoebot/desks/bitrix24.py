"""Bitrix24: a connector of the bot's own in an open line. The chat is one for each customer, its sessions are the handovers."""

from __future__ import annotations

import asyncio
import hmac
import logging
import mimetypes
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha1
from typing import Any
from urllib.parse import urlencode

from ..api import Api, ApiError
from ..config import Settings
from ..lending import Files
from . import Handover, Line, Link, News, Person, value_in
from .brackets import rows, tree
from .cutting import pieces

log = logging.getLogger("shoebot")

TEXT_MAX = 20_000  # a message of the messenger inside; what is longer is cut with " (...)"
NAME_MAX = 25
MESSAGES_IN_CALL = 20  # the portal reads the files of a call while it is answered, within a minute
OFFLINE_PAGE = 50
TRIED_MAX = 10_000
KEEP_S = 86_400.0
CLEARED_MAX = 1000
EVENTS = (
    "ONIMCONNECTORMESSAGEADD", "ONIMCONNECTORMESSAGEUPDATE", "ONIMCONNECTORMESSAGEDELETE", "ONIMCONNECTORDIALOGSTART",
    "ONIMCONNECTORDIALOGFINISH",
)  # fmt: skip
_ICON = "data:image/svg+xml;charset=US-ASCII,%3Csvg%20xmlns%3D%22http%3A//www.w3.org/2000/svg%22/%3E"
# The line before an agent's words, where the connector could not be told to leave it out.
_SIGNATURE = re.compile(r"\[b\]([^\[\]\n]+):\[/b\] ?\[br\]")
_LINK = re.compile(r"\[url=([^\]]+)\](.*?)\[/url\]", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(r"\[/?(?:b|i|u|s|url|size|color|quote|code|user)(?:=[^\]]*)?\]", re.IGNORECASE)
_SESSION_FIELD = 5  # of entity_data_1: CRM, its object's type and id, pause, wait, session ...


class Bitrix24:
    name = "bitrix24"
    hears_rating = True

    def __init__(self, settings: Settings, api: Api, files: Files) -> None:
        self.asks_for_rating, self._question = False, ""  # until the line says so
        self._api = api
        self._env = settings
        self._root = settings.root("bitrix24")
        self._token, self._refresher = settings["BITRIX24_ACCESS_TOKEN"], settings["BITRIX24_REFRESH_TOKEN"]
        self._proof = settings["BITRIX24_APPLICATION_TOKEN"]
        self._connector = settings["BITRIX24_CONNECTOR"]
        self._line = settings["BITRIX24_LINE"]
        self._user = settings["BITRIX24_USER_ID"]
        self._door = f"{settings.public_url}/webhooks/{self.name}"
        self._files = files
        self._renewing = asyncio.Lock()
        self._born = time.time()
        self._tried: dict[str, None] = {}
        self._sessions: dict[str, int] = {}  # the newest of each chat
        self._over: dict[str, float] = {}  # when the last one of a chat ended
        self._taken: dict[str, News] = {}  # chat → that its operator has it
        self._reading = asyncio.Lock()
        self._record, self._cleared = 0, self._born
        self._kept: dict[str, dict[str, News]] = {}

    # ------------------------------------------------------------------------------------------------- webhooks

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:  # noqa: ARG002 - the proof is in the body
        """Nothing is signed: the token that the portal gave the application is all there is, and it does not grow old."""
        try:
            proof = value_in(tree(raw), "auth", "application_token")
        except ValueError:
            return False
        return isinstance(proof, str) and hmac.compare_digest(proof.encode(), self._proof.encode())

    def news(self, raw: bytes) -> Iterator[News]:
        body = tree(raw)
        yield from self._told(body.get("event", ""), body.get("data") or {}, float(body.get("ts") or 0))

    def _told(self, event: str, data: Mapping[str, Any], at: float) -> Iterator[News]:
        """The same for an event that came and for one that was fetched; other connectors are not the bot's business."""
        if str(data.get("CONNECTOR", "")).lower() != self._connector.lower():
            return
        for row in rows(data.get("DATA")):
            yield from self._sessioned(event, str(row["chat"]["id"]), int(row["session"]["id"]), at)
        for row in rows(data.get("MESSAGES")):
            ticket, number = str(row["im"]["chat_id"]), str(row["im"]["message_id"])
            entry, message = f"{number}:{value_in(row, 'chat', 'id')}", row.get("message") or {}
            if event == "ONIMCONNECTORMESSAGEADD" and self._is_for_customer(message):
                yield self._said(ticket, number, entry, message, at)
            elif event == "ONIMCONNECTORMESSAGEUPDATE":
                text = _plain(_unsigned(str(message.get("text", "")))[1])
                mark = sha1(text.encode(), usedforsecurity=False).hexdigest()[:12]
                yield News("edited", ticket, f"{number}:edited:{mark}", text, entry)
            elif event == "ONIMCONNECTORMESSAGEDELETE":
                yield News("deleted", ticket, f"{number}:deleted", entry=entry)

    def _is_for_customer(self, message: Mapping[str, Any]) -> bool:
        """Of the line's own texts only the question for a rating is: the bot says the rest itself."""
        is_lines = str(message.get("user_id", "")) in ("", "0")
        return not (is_lines and self.asks_for_rating) or _plain(str(message.get("text") or "")) == self._question

    def _said(self, ticket: str, number: str, entry: str, message: Mapping[str, Any], at: float) -> News:
        """An agent's words, or the line's own. Who writes has the chat, unless the session has ended since."""
        agent, text = _unsigned(str(message.get("text") or ""))
        files = tuple(map(_link, rows(message.get("files"))))
        if str(message.get("user_id", "")) in ("", "0"):
            return News("asked", ticket, number, _plain(text), entry)
        in_charge = at > self._over.get(ticket, 0.0)
        return News("reply", ticket, number, _plain(text), entry, agent, files, in_charge)

    def _sessioned(self, event: str, ticket: str, session: int, at: float) -> Iterator[News]:
        """A session has begun, perhaps by an agent, or is over. What is told of an earlier one comes late."""
        if session < self._sessions.get(ticket, 0):
            return
        self._sessions[ticket] = session
        if event == "ONIMCONNECTORDIALOGFINISH":
            self._over[ticket] = max(at, self._over.get(ticket, 0.0))
            self._taken.pop(ticket, None)
            yield News("closed", ticket, f"{session}:closed")
        else:
            yield News("look", ticket, f"{session}:begun")

    async def register(self) -> None:
        """The connector, and its events twice: as webhooks, which come once, and in a queue for what did not arrive.

        Signatures and the line's own texts are left out, as the bot speaks for itself; but a line that asks for a rating could
        not ask then.
        """
        config = await self._call("imopenlines.config.get", CONFIG_ID=self._line)
        self.asks_for_rating = value_in(config, "VOTE_MESSAGE") == "Y"
        self._question = _plain(str(value_in(config, "VOTE_MESSAGE_2_TEXT") or ""))
        place = {"CONNECTOR": self._connector, "LINE": self._line}
        named = {"ID": self._connector, "NAME": "Stepwell", "ICON[DATA_IMAGE]": _ICON, "PLACEMENT_HANDLER": self._door}
        asks = "Y" if self.asks_for_rating else "N"
        quiet = {"NEED_SIGNATURE": "N", "NEED_SYSTEM_MESSAGES": asks, "CHAT_GROUP": "N"}
        calls = {
            "register": ("imconnector.register", {**named, **quiet}),
            "activate": ("imconnector.activate", {**place, "ACTIVE": "1"}),
            **{f"on_{event}": ("event.bind", {"event": event, "handler": self._door}) for event in EVENTS},
            **{f"kept_{event}": ("event.bind", {"event": event, "event_type": "offline"}) for event in EVENTS},
        }
        commands = {key: f"{method}?{urlencode(args)}" for key, (method, args) in calls.items()}
        answer = await self._call("batch", halt=0, cmd=commands)
        for key, error in dict(answer.get("result_error") or {}).items():
            if error.get("error") != "ERROR_HANDLER_ALREADY_EXIST":  # the portal remembers the last start
                log.warning("bitrix24 %s: %s", key, error)

    # ------------------------------------------------------------------------------------------------- the ticket

    async def open(self, handover: Handover) -> str:
        """The conversation so far begins a session, and the line's queue calls the people."""
        person = handover.person
        ticket, known = "", set[str]()
        if not self._is_first(handover.key) or any(line.at < self._born for line in handover.lines):
            ticket, known = await self._standing(handover)
        missing = [piece for piece in self._pieces(person, _lines(handover)) if piece["message"]["id"] not in known]
        for at in range(0, len(missing), MESSAGES_IN_CALL):
            sent = await self._send(missing[at : at + MESSAGES_IN_CALL])
            ticket = str(sent[0]["session"]["CHAT_ID"])
        self._taken.pop(ticket, None)
        self._kept.pop(ticket, None)
        return ticket

    async def _standing(self, handover: Handover) -> tuple[str, set[str]]:
        """Chat and messages of a handover that may have been carried out without an answer.

        A chat is found by a customer's number inside, which only calls about a message tell: one that changes nothing does.
        """
        person, line = handover.person, _lines(handover)[0]
        probe = next(self._pieces(person, [line]))
        (found,) = await self._deliver("imconnector.update.messages", [probe])
        if not found.get("SUCCESS"):
            return "", set()
        code = f"{self._connector}|{self._line}|{person.key}|{found['user']}"
        dialog = await self._call("imopenlines.dialog.get", USER_CODE=code)
        return str(dialog["id"]), await self._marks(str(dialog["id"]))

    async def _marks(self, ticket: str) -> set[str]:
        """The ids that the bot gave to what stands in the session."""
        history = await self._call("imopenlines.session.history.get", CHAT_ID=ticket)
        mids = (value_in(message, "params", "connectorMid") for message in rows(history.get("message")))
        return {str(mid) for found in mids for mid in rows(found)}

    async def pass_on(self, ticket: str, person: Person, line: Line, *, again: bool) -> None:
        known = await self._marks(ticket) if again else set()
        if missing := [piece for piece in self._pieces(person, [line]) if piece["message"]["id"] not in known]:
            await self._send(missing)

    async def change(self, ticket: str, person: Person, line: Line) -> None:
        """In its place; what the chat does not have comes as something new."""
        original = line.id.partition(":edit:")[0]
        (piece, *_) = self._pieces(person, [line])
        changed = {**piece, "message": {**piece["message"], "id": original}}
        (found,) = await self._deliver("imconnector.update.messages", [changed])
        if not found.get("SUCCESS"):
            await self.pass_on(ticket, person, line, again=not self._is_first(line.id))

    async def confirm(self, news: News, *, delivered: bool, why: str = "") -> None:
        """By the receipt, which also makes later edits come; of a failure the portal takes no receipt, so a line says it."""
        number, _, key = news.entry.partition(":")
        if not delivered:
            await self._remark(news.ticket, key, f"{number}:failed", f"Not delivered: {news.text[:200]!r} ({why})")
            return
        im = {"chat_id": news.ticket, "message_id": number}
        receipt = {"im": im, "message": {"id": [f"out-{number}"], "date": int(time.time())}, "chat": {"id": key}}
        await self._call(
            "imconnector.send.status.delivery", CONNECTOR=self._connector, LINE=self._line, MESSAGES=[receipt]
        )

    async def end(self, ticket: str, why: str) -> None:
        dialog = await self._call("imopenlines.dialog.get", CHAT_ID=ticket)
        await self._remark(ticket, _key(dialog), f"{_session(dialog)}:end", why)
        await self._call("imopenlines.operator.another.finish", CHAT_ID=ticket)

    async def rate(self, ticket: str, stars: int) -> None:
        """As the customer's answer to the line's question, if it asks one; else with the CRM's object, if there is one.

        At most once: an answer behind the first would begin a new session.
        """
        dialog = await self._call("imopenlines.dialog.get", CHAT_ID=ticket)
        mark = f"{ticket}:{_session(dialog)}:rating"
        if not self._is_first(mark):
            return
        is_linked, kind, number = (*str(dialog.get("entity_data_1")).split("|"), "", "", "")[:3]
        if self.asks_for_rating:
            key = _key(dialog)
            message = {"id": mark, "text": str(stars)}
            await self._send([{"user": {"id": key}, "message": message, "chat": {"id": key}}])
        elif is_linked == "Y":
            comment = {"ENTITY_TYPE": kind.lower(), "ENTITY_ID": number, "COMMENT": f"Rated {stars} of 5"}
            await self._call("crm.timeline.comment.add", fields=comment)

    async def _remark(self, ticket: str, key: str, mark: str, text: str) -> None:
        """A line of the bot's for the agents, once; what comes in never goes out to the customer."""
        if not self._is_first(f"{ticket}:{mark}") and mark in await self._marks(ticket):
            return
        message = {"id": mark, "text": text, "user_id": self._user}
        await self._send([{"user": {"id": key}, "message": message, "chat": {"id": key}}])

    async def recent(self, ticket: str) -> list[News]:
        """What the portal has kept, and whether somebody has taken the chat. The history would not do: it does not tell
        private words from public ones."""
        await self._read_kept()
        newest = f"{self._sessions.get(ticket, 0)}:closed"
        found = [news for news in self._kept.get(ticket, {}).values() if news.kind != "closed" or news.id == newest]
        if any(news.kind == "closed" for news in found):
            return found
        if ticket in self._taken:
            return [*found, self._taken[ticket]]
        return [*found, *await self._operator(ticket)]

    async def _read_kept(self) -> None:
        """The records that came since; whoever else looks waits for the same ones. Old ones are taken away."""
        async with self._reading:
            while True:
                query = {"filter": {">ID": self._record}, "order": {"ID": "ASC"}}
                records = rows(await self._call("event.offline.list", **query))
                for record in records:
                    self._keep(record)
                if len(records) < OFFLINE_PAGE:
                    break
            if self._record and time.time() - self._cleared > KEEP_S:
                self._cleared = time.time()
                before = datetime.fromtimestamp(self._cleared - KEEP_S, UTC).isoformat()
                await self._call("event.offline.get", clear=1, filter={"<TIMESTAMP_X": before}, limit=CLEARED_MAX)

    def _keep(self, record: Mapping[str, Any]) -> None:
        self._record = max(int(record["ID"]), self._record)
        at = datetime.fromisoformat(record["TIMESTAMP_X"]).timestamp()
        for news in self._told(record["EVENT_NAME"].upper(), record["EVENT_DATA"], at):
            if news.kind != "look":
                self._kept.setdefault(news.ticket, {})[news.id] = news

    async def _operator(self, ticket: str) -> list[News]:
        """No event says that an agent has taken a chat: its owner does."""
        dialog = await self._call("imopenlines.dialog.get", CHAT_ID=ticket)
        owner = str(dialog.get("owner") or "0")
        if owner in ("0", self._user):
            return []
        self._taken[ticket] = News("accepted", ticket, f"{_session(dialog)}:accepted:{owner}")
        return [self._taken[ticket]]

    async def load(self, link: Link) -> bytes:
        return await self._api.download(link.url, "bitrix24 file")

    # ------------------------------------------------------------------------------------------------- calling

    def _pieces(self, person: Person, lines: Iterable[Line]) -> Iterator[dict[str, Any]]:
        """Elements of a call. What the bot said stands in the name of the integration's user."""
        user = _about(person)
        for line in lines:
            for number, text in enumerate(pieces(line.text, TEXT_MAX)):
                message: dict[str, Any] = {"id": f"{line.id}:{number}" if number else line.id, "text": text}
                message["date"] = int(line.at)
                if line.file and not number:
                    message["files"] = [{"url": self._files.lend(line.file), "name": line.file.name}]
                if line.author == "bot":
                    message["user_id"] = self._user
                yield {"user": user, "message": message, "chat": {"id": person.key}}

    async def _send(self, elements: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Each element succeeds or fails for itself, under one status of success."""
        sent = await self._deliver("imconnector.send.messages", elements)
        for one in sent:
            if not one.get("SUCCESS"):
                raise ApiError("bitrix24 imconnector.send.messages", 400, str(one.get("ERRORS")))
            session = one["session"]
            ticket = str(session["CHAT_ID"])
            self._sessions[ticket] = max(int(session["ID"]), self._sessions.get(ticket, 0))
        return sent

    async def _deliver(self, method: str, elements: list[dict[str, Any]]) -> list[dict[str, Any]]:
        answer = await self._call(method, CONNECTOR=self._connector, LINE=self._line, MESSAGES=elements)
        return rows(value_in(answer, "DATA", "RESULT"))

    async def _call(self, method: str, **args: Any) -> Any:
        token = self._token
        try:
            return await self._call_with(token, method, args)
        except ApiError as error:
            if error.status != 401 or "expired_token" not in str(error):
                raise
        await self._renew(token)
        return await self._call_with(self._token, method, args)

    async def _call_with(self, token: str, method: str, args: Mapping[str, Any]) -> Any:
        body = {**args, "auth": token}
        answer = await self._api.post(f"{self._root}/rest/{method}", f"bitrix24 {method}", body=body)
        return answer.get("result")

    async def _renew(self, old: str) -> None:
        """An access token lives for an hour; whoever else waits for a new one takes the first."""
        async with self._renewing:
            if self._token != old:
                return
            asked = {
                "grant_type": "refresh_token", "client_id": self._env["BITRIX24_CLIENT_ID"],
                "client_secret": self._env["BITRIX24_CLIENT_SECRET"], "refresh_token": self._refresher,
            }  # fmt: skip
            given = await self._api.post(f"{self._root}/oauth/token/", "bitrix24 token", body=asked)
            self._token, self._refresher = given["access_token"], given["refresh_token"]

    def _is_first(self, mark: str) -> bool:
        """False for what was tried before: it may have been carried out."""
        if mark in self._tried:
            return False
        self._tried[mark] = None
        if len(self._tried) > TRIED_MAX:
            del self._tried[next(iter(self._tried))]
        return True


def _lines(handover: Handover) -> list[Line]:
    """The conversation so far, and behind it what the bot knows."""
    return [*handover.lines, handover.summary]


def _about(person: Person) -> dict[str, str]:
    """A customer; names are letters, spaces, hyphens and apostrophes, 25 at most."""
    letters = "".join(char for char in person.name if char.isalpha() or char in " '-’").split()
    named = {"name": " ".join(letters[:1])[:NAME_MAX], "last_name": " ".join(letters[1:])[:NAME_MAX].strip()}
    phone = {"phone": person.phone} if person.phone.startswith("+") else {}
    return {"id": person.key, **{key: value for key, value in named.items() if value}, **phone}


def _key(dialog: Mapping[str, Any]) -> str:
    """The customer's key: the third part of connector, line, chat and user."""
    return str(dialog["entity_id"]).split("|")[2]


def _session(dialog: Mapping[str, Any]) -> str:
    return str(dialog["entity_data_1"]).split("|")[_SESSION_FIELD]


def _unsigned(text: str) -> tuple[str, str]:
    """The agent's name, if it stands before the text, and the text."""
    signed = _SIGNATURE.match(text)
    return (signed[1], text[signed.end() :]) if signed else ("", text)


def _plain(text: str) -> str:
    linked = _LINK.sub(lambda found: found[1] if found[2] in ("", found[1]) else f"{found[2]} ({found[1]})", text)
    return _MARKUP.sub("", linked.replace("[br]", "\n")).strip()


def _link(file: Mapping[str, Any]) -> Link:
    name = str(file.get("name") or "file")
    return Link(
        str(file.get("downloadLink") or file["link"]), name, mimetypes.guess_type(name)[0] or "application/octet-stream"
    )
