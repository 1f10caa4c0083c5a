"""amoCRM and Kommo: a channel of the chats API for the words, the CRM for whose they are.

The ticket is the chat, which is one customer's for good; a talk is a session of support inside it. The vendor tells of
talks by webhook alone, so the bot remembers the newest talk of each chat.
"""

from __future__ import annotations

import hmac
import json
import logging
import mimetypes
import time
from collections.abc import Iterator, Mapping
from hashlib import sha1
from typing import Any

from ..api import Api, ApiError
from ..config import Settings
from ..lending import Files
from . import File, Handover, Line, Link, News, NewsKind, Person, value_in
from .amocalls import Amojo, Crm
from .brackets import rows, tree

log = logging.getLogger("shoebot")

HISTORY = 50  # messages at once, the most that the chats API gives
# A bot that was away for longer does not say so late what an agent wrote.
KEPT_S = 3 * 86_400.0
# The clocks of the bot and the vendor differ, and both round.
SLACK_S = 60.0
REMEMBERED_MAX = 10_000
TELLS = ["add_talk", "update_talk", "responsible_lead"]
_DELIVERED, _FAILED, _OTHER = 1, -1, 905  # of a message; an error that has no number of its own
_WHY_MAX = 250
# Type of a file → of a message, and back where the name does not tell.
_KINDS = {"image": "picture", "video": "video", "audio": "audio"}
_MIMES = {"picture": "image/jpeg", "video": "video/mp4", "voice": "audio/ogg", "audio": "audio/mpeg",
          "sticker": "image/webp"}  # fmt: skip


class AmoCrm:
    name = "amocrm"
    hears_rating = False

    def __init__(self, settings: Settings, api: Api, files: Files) -> None:
        self._api = api
        self._files = files
        self._amojo = Amojo(settings, api)
        self._crm = Crm(settings, api)
        self._secret = settings["AMOJO_CHANNEL_SECRET"].encode()
        self._account = settings["AMOCRM_ACCOUNT_ID"]
        self._bot = settings["AMOJO_BOT_ID"]
        self._user = int(settings["AMOCRM_USER_ID"])
        self._hook = f"{settings.public_url}/webhooks/amocrm"
        self.asks_for_rating = settings["AMOCRM_NPS"] in ("yes", "true", "1")
        self._talks: dict[str, int] = {}  # chat → its newest talk, as a webhook says; looked up before it is believed
        self._hints: dict[str, tuple[Any, ...]] = {}  # chat → what the last webhook said of its talk
        self._leads: dict[str, int] = {}  # chat → the lead that its talk is about
        self._chats: dict[int, str] = {}  # and back
        self._ended: dict[str, int] = {}  # chat → when its talk was closed
        self._taken: dict[str, News] = {}  # chat → that somebody has it, or has given it back
        self._doubted: dict[int, None] = {}  # leads that have got another user since
        self._episodes: dict[str, str] = {}  # chat → the handover that it was opened for

    # ------------------------------------------------------------------------------------------------- webhooks

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        """The channel signs its hooks (there is no time in them: what was told before is known by its id). The CRM signs
        nothing; its forms are believed in nothing but where to look."""
        if _is_form(raw):
            return True
        mac = hmac.new(self._secret, raw, sha1).hexdigest()
        return hmac.compare_digest(mac.encode(), headers.get("x-signature", "").encode())

    def news(self, raw: bytes) -> Iterator[News]:
        if _is_form(raw):
            yield from self._hinted(tree(raw))
        elif told := json.loads(raw).get("message"):
            ticket = str(told["conversation"]["id"])
            for item in self._said(ticket, told):
                if item.kind == "reply" and item.in_charge and self._taken.get(ticket, item).kind != "accepted":
                    _remember(self._taken, ticket, News("accepted", ticket, f"{item.id}:accepted", agent=item.agent))
                yield item

    def _hinted(self, form: Mapping[str, Any]) -> Iterator[News]:
        if value_in(form, "account", "id") != self._account:
            return
        for change in ("add", "update"):
            for talk in rows(value_in(form, "talk", change)):
                yield from self._looked_for(talk)
        for lead in rows(value_in(form, "leads", "responsible")):
            _remember(self._doubted, int(lead["id"]), None)
            if known := self._chats.get(int(lead["id"])):
                yield News("look", known, "")

    def _looked_for(self, talk: Mapping[str, Any]) -> Iterator[News]:
        """Calls are few: at once only an end is looked up, and what goes on after it. Whoever has taken a conversation shows
        that by what they write."""
        chat, number = str(talk["chat_id"]), int(talk["talk_id"])
        hint = (number, talk.get("is_in_work"), talk.get("updated_at"))
        is_new = hint != self._hints.get(chat)
        _remember(self._hints, chat, hint)
        _remember(self._talks, chat, max(number, self._talks.get(chat, 0)))
        if lead := talk.get("entity_id"):
            _remember(self._chats, int(lead), chat)
        if is_new and (talk.get("is_in_work") != "1" or chat in self._ended):
            yield News("look", chat, "")

    def _said(self, ticket: str, told: Mapping[str, Any]) -> Iterator[News]:
        """A user's words, or the rating bot's question; not what the channel has brought itself."""
        message, sender = told["message"], told.get("sender") or {}
        if message.get("client_id") or sender.get("client_id"):
            return
        number, text = str(message["id"]), _words(message)
        if sender.get("id") == self._bot:
            yield News("asked", ticket, number, message.get("text") or text, number)  # no button of it can be pressed
            return
        stamp = int(told.get("timestamp") or 0)
        in_charge = stamp > self._ended.get(ticket, -1)
        files = (_link(message),) if message.get("media") else ()
        yield News("reply", ticket, number, text, number, sender.get("name") or "", files, in_charge)

    async def register(self) -> None:
        """The channel's address is entered by the vendor's support; the channel is connected by API, as is the CRM."""
        await self._amojo.connect()
        await self._crm.call("POST", "/webhooks", {"destination": self._hook, "settings": TELLS})
        await self._crm.waiting_stages()

    # ------------------------------------------------------------------------------------------------- the ticket

    async def open(self, handover: Handover) -> str:
        """Everything is brought silently but the customer's last word: that one calls the people."""
        person, lines = handover.person, handover.lines
        about = {"conversation_id": person.key, "user": _party(person)}
        ticket = str((await self._amojo.call("POST", "/chats", about))["id"])
        known = await self._known(ticket, lines[0].at if lines else time.time())
        last = next((line.id for line in reversed(lines) if line.author == "customer"), "")
        for line in (*lines, handover.summary):
            if _msgid(person, line.id) not in known:
                await self._add(person, line, silent=line.id != last)
        if not last and _msgid(person, handover.key) not in known:
            asking = Line(handover.key, "customer", "[asks for a person]", time.time())
            await self._add(person, asking, silent=False)
        _remember(self._episodes, ticket, handover.key)
        self._taken.pop(ticket, None)
        self._ended.pop(ticket, None)
        return ticket

    async def _history(self, ticket: str, since: float) -> list[dict[str, Any]]:
        """The messages of a chat, the oldest first, back to a moment (Unix seconds)."""
        found: list[dict[str, Any]] = []
        while True:
            path = f"/chats/{ticket}/history?offset={len(found)}&limit={HISTORY}"
            page = (await self._amojo.call("GET", path)).get("messages") or []
            found += page
            if len(page) < HISTORY or page[-1]["timestamp"] < since - SLACK_S:
                return found[::-1]

    async def _known(self, ticket: str, since: float) -> set[str]:
        return {str(mark) for item in await self._history(ticket, since) if (mark := item["message"].get("client_id"))}

    async def pass_on(self, ticket: str, person: Person, line: Line, *, again: bool) -> None:
        if again and _msgid(person, line.id) in await self._known(ticket, line.at):
            return  # it had arrived, and only the answer was lost
        await self._add(person, line, silent=False)

    async def _add(self, person: Person, line: Line, *, silent: bool) -> None:
        """With a receiver the sender is the bot, without one the customer."""
        bot = {"id": self._bot, "name": "Bot", "ref_id": self._bot}
        parties = (
            {"sender": _party(person)} if line.author == "customer" else {"sender": bot, "receiver": _party(person)}
        )
        said = {"msgid": _msgid(person, line.id), "conversation_id": person.key, "silent": silent}
        payload = {**_stamps(line.at), **said, **parties, "message": self._message(line)}
        await self._amojo.call("POST", "", {"event_type": "new_message", "payload": payload})

    def _message(self, line: Line) -> dict[str, Any]:
        if line.file is None:
            return {"type": "text", "text": line.text}
        file = line.file
        about = {"media": self._files.lend(file), "file_name": file.name, "file_size": len(file.content)}
        return {"type": _kind(file), "text": line.text, **about}

    async def change(self, ticket: str, person: Person, line: Line) -> None:  # noqa: ARG002 - the chat is the customer's
        """A message that never was in the chat is new there."""
        msgid = _msgid(person, line.id.partition(":edit:")[0])
        payload = {**_stamps(line.at), "msgid": msgid, "conversation_id": person.key, "message": self._message(line)}
        try:
            await self._amojo.call("POST", "", {"event_type": "edit_message", "payload": payload})
        except ApiError as error:
            if error.status not in (400, 404):
                raise
            await self._add(person, Line(line.id, line.author, f"✎ {line.text}", line.at, line.file), silent=False)

    async def confirm(self, news: News, *, delivered: bool, why: str = "") -> None:
        """The status has two names in the vendor's documentation; both are sent."""
        status = _DELIVERED if delivered else _FAILED
        told: dict[str, Any] = {"msgid": news.entry, "delivery_status": status, "status_code": status}
        if not delivered:
            told |= {"error_code": _OTHER, "error": why[:_WHY_MAX] or "not delivered"}
        await self._amojo.call("POST", f"/{news.entry}/delivery_status", told)

    async def end(self, ticket: str, why: str) -> None:
        """The talk is closed without the rating bot, whose question would come when the bot speaks again."""
        self._taken.pop(ticket, None)
        talk = await self._talk(ticket)
        lead = await self._lead_of(ticket)
        if lead:
            await self._note(lead, why)
        if talk is None:
            await self._take_back(ticket, lead)
        elif talk["is_in_work"]:
            await self._crm.call("POST", f"/talks/{talk['talk_id']}/close", {"force_close": True}, fine=(422,))

    async def _take_back(self, ticket: str, lead: int | None) -> None:
        """Without a talk to close (no webhook has told of one yet) the bot is made responsible again."""
        waiting = await self._crm.call("GET", "/leads/unsorted?filter[category][]=chats&limit=250")
        for one in value_in(waiting, "_embedded", "unsorted") or ():
            if value_in(one, "metadata", "origin", "chat_id") == ticket:
                await self._crm.call("POST", f"/leads/unsorted/{one['uid']}/accept", {"user_id": self._user})
                return
        if lead:
            await self._crm.call("PATCH", f"/leads/{lead}", {"responsible_user_id": self._user})

    async def rate(self, ticket: str, stars: int) -> None:
        """A talk's own rating is the rating bot's alone; a tag can be counted, too."""
        if lead := await self._lead_of(ticket):
            await self._crm.call("PATCH", f"/leads/{lead}", {"tags_to_add": [{"name": f"rated-{stars}"}]})

    async def _note(self, lead: int, text: str) -> None:
        """For colleagues only, and once: what stands there already is not written again."""
        path = f"/leads/{lead}/notes"
        noted = value_in(await self._crm.call("GET", f"{path}?limit=250"), "_embedded", "notes") or ()
        if not any(value_in(note, "params", "text") == text for note in noted):
            await self._crm.call("POST", path, [{"note_type": "common", "params": {"text": text}}])

    # ------------------------------------------------------------------------------------------------- looking

    async def recent(self, ticket: str) -> list[News]:
        """First whose the chat is: what was said before its end was said by somebody in charge of nothing any more."""
        talk = await self._talk(ticket)
        moved = [] if talk is None else await self._moved(ticket, talk)
        since = time.time() - KEPT_S
        items = [item for item in await self._history(ticket, since) if item["timestamp"] >= since]
        return [*(news for item in items for news in self._said(ticket, item)), *moved]

    async def _talk(self, ticket: str) -> dict[str, Any] | None:
        """The chat's newest talk; what a webhook said of somebody else's is forgotten."""
        number = self._talks.get(ticket)
        if number is None:
            return None
        talk = await self._crm.call("GET", f"/talks/{number}", fine=(404,))
        if talk.get("chat_id") != ticket:
            self._talks.pop(ticket, None)
            return None
        if lead := talk.get("entity_id"):
            _remember(self._leads, ticket, int(lead))
            _remember(self._chats, int(lead), ticket)
        return talk

    async def _moved(self, ticket: str, talk: Mapping[str, Any]) -> list[News]:
        """Somebody has it, or nobody has any more. A lead that is gone before anybody came was declined."""
        taken = self._taken.get(ticket)
        if not talk["is_in_work"]:
            _remember(self._ended, ticket, int(talk["updated_at"]))
            self._taken.pop(ticket, None)
            kind: NewsKind = "closed" if taken or await self._lead(talk) else "failed"
            return [News(kind, ticket, f"{talk['talk_id']}:closed:{talk['updated_at']}")]
        if talk["updated_at"] < self._ended.get(ticket, 0):
            return []  # it was asked before the end, and answered after it
        self._ended.pop(ticket, None)
        number = talk.get("entity_id") or 0
        has_changed = number in self._doubted
        if taken and not has_changed:
            return [taken]
        self._doubted.pop(number, None)
        return await self._whose(ticket, await self._lead(talk), has_changed=has_changed)

    async def _whose(self, ticket: str, lead: Mapping[str, Any], *, has_changed: bool) -> list[News]:
        """The responsible user has it, unless that is the bot. In an incoming lead the name means nothing yet. Who has taken it and given
        it back without a word may never have been seen: then only the change tells. What has ended while this was asked is nobody's."""
        if not lead or lead.get("status_id") in await self._crm.waiting_stages() or ticket in self._ended:
            return []
        user, stamp = int(lead["responsible_user_id"]), f"{lead['id']}:{lead['updated_at']}"
        if user != self._user:
            taken = News("accepted", ticket, f"{stamp}:accepted:{user}:{self._episodes.get(ticket, '')}")
            _remember(self._taken, ticket, taken)
            return [taken]
        if ticket in self._taken or has_changed:  # it was a person's until now
            _remember(self._taken, ticket, News("closed", ticket, f"{stamp}:released"))
            return [self._taken[ticket]]
        return []

    async def _lead(self, talk: Mapping[str, Any]) -> dict[str, Any]:
        """The lead of a talk; nothing of one that is gone."""
        number = talk.get("entity_id")
        return await self._crm.call("GET", f"/leads/{number}", fine=(404,)) if number else {}

    async def _lead_of(self, ticket: str) -> int | None:
        """The lead that the chat is about: its talk's, or else the newest of its contact."""
        if ticket not in self._leads:
            await self._talk(ticket)
        if ticket in self._leads:
            return self._leads[ticket]
        chats = await self._crm.call("GET", f"/contacts/chats?chat_id={ticket}")
        contact = value_in(chats, "_embedded", "chats", 0, "contact_id")
        if contact is None:
            return None
        known = await self._crm.call("GET", f"/contacts/{contact}?with=leads", fine=(404,))
        return max((int(lead["id"]) for lead in value_in(known, "_embedded", "leads") or ()), default=None)

    async def load(self, link: Link) -> bytes:
        return await self._api.download(link.url, "amocrm file")


def _remember(known: dict[Any, Any], key: Any, value: Any) -> None:
    """Unsigned webhooks fill memories, too; the oldest half goes when one is full."""
    known[key] = value
    if len(known) > REMEMBERED_MAX:
        for old in list(known)[: REMEMBERED_MAX // 2]:
            del known[old]


def _is_form(raw: bytes) -> bool:
    """True for a webhook of the CRM; a hook of the channel is JSON, whatever its headers say."""
    return not raw.lstrip().startswith(b"{")


def _party(person: Person) -> dict[str, Any]:
    phone = {"profile": {"phone": person.phone}} if person.phone else {}
    return {"id": person.key, "name": person.name, **phone}


def _msgid(person: Person, mark: str) -> str:
    """Platforms count messages in each chat anew."""
    return f"{person.key}/{mark}"


def _stamps(at: float) -> dict[str, int]:
    return {"timestamp": int(at), "msec_timestamp": int(at * 1000)}


def _kind(file: File) -> str:
    return "voice" if file.mime.startswith("audio/ogg") else _KINDS.get(file.mime.partition("/")[0], "file")


def _words(message: Mapping[str, Any]) -> str:
    """The text, and below it the buttons, which not every messenger has."""
    text = message.get("text") or value_in(message, "template", "content") or ""
    buttons = value_in(message, "markup", "buttons") or ()
    shown = [" · ".join(_button(one) for one in row) for row in buttons]
    return "\n".join(each for each in (text, *shown) if each)


def _button(button: Mapping[str, Any]) -> str:
    return f"{button['text']}: {button['url']}" if button.get("url") else str(button["text"])


def _link(message: Mapping[str, Any]) -> Link:
    url, kind = message["media"], message.get("type", "")
    name = message.get("file_name") or url.rpartition("/")[2]
    return Link(url, name, mimetypes.guess_type(name)[0] or _MIMES.get(kind, "application/octet-stream"))
