"""E-mail: by SMTP in both directions, or in by the webhook of a service that takes it (Mailgun routes)."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import mimetypes
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..api import ApiError
from ..config import Settings
from ..desks import File
from ..lending import PATH as FILES
from ..lending import Files
from ..mails import Incoming, Thread, canonical, compose, form_of, new_id, own_words, read, read_form, user_of
from ..model import Button, Event, EventKind, Media, Picture, Pin, Reply, Say
from ..posting import Relay
from ..store import Store
from . import Writable

MAP = "https://maps.google.com/?q={:.5f},{:.5f}"
_KINDS: dict[str, EventKind] = {"image": "photo", "video": "video", "audio": "audio"}


class Email(Writable):
    name = "email"
    can_reopen = False

    def __init__(self, settings: Settings, assets: Path, files: Files, store: Store) -> None:
        self._assets = assets
        self._files = files
        self._store = store
        self._own = (settings["EMAIL_NAME"], settings["EMAIL_ADDRESS"].lower())
        self._key = settings["EMAIL_SIGNING_KEY"]
        self._domain = self._own[1].rpartition("@")[2]
        self._relay = Relay(
            settings["EMAIL_SMTP_URL"], settings["EMAIL_USER"], settings["EMAIL_PASSWORD"], settings.speed
        )

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        try:
            fields, _ = form_of(raw, headers.get("content-type", ""))
        except (ValueError, LookupError, RecursionError, AttributeError, TypeError):
            return False
        signed = f"{fields.get('timestamp', '')}{fields.get('token', '')}"
        expected = hmac.new(self._key.encode(), signed.encode(), hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected.encode(), fields.get("signature", "").encode())

    def handshake(self, query: Mapping[str, str]) -> str | None:  # noqa: ARG002 - nobody asks
        return None

    def read(self, headers: Mapping[str, str], raw: bytes) -> Any:
        fields, files = form_of(raw, headers.get("content-type", ""))
        return {"mail": read_form(fields, files)}

    @staticmethod
    def delivered(sender: str, raw: bytes) -> dict[str, Any]:
        """The same for a mail that came over SMTP."""
        return {"mail": read(raw, sender)}

    def items(self, update: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        yield update

    def events(self, item: Mapping[str, Any]) -> Iterator[Event]:
        """Words and files of a person; nothing of what a program wrote."""
        mail: Incoming = item["mail"]
        if mail.is_automatic(self._own[1]) or "@" not in mail.author[1]:
            return
        user = user_of(mail.references, self._domain) or canonical(mail.author[1])
        thread = self._thread(user)
        self._follow(user, thread, mail)
        person: dict[str, Any] = {"channel": self.name, "user": user, "name": mail.author[0], "message_id": mail.id}
        words = own_words(mail.text)
        yield from self._heard(mail, words, person, thread.payloads)

    def _heard(self, mail: Incoming, words: str, person: dict[str, Any], payloads: list[str]) -> Iterator[Event]:
        choice = words.rstrip(".)")
        for number, file in enumerate(mail.files):
            kind = _KINDS.get(file.mime.partition("/")[0], "document")
            media = Media(self._files.lend(file).partition(FILES)[2], file.mime)
            about = words if number == 0 else ""
            id = f"{mail.id}#{number}"
            yield Event(**{**person, "id": id, "message_id": id, "kind": kind, "text": about, "media": media})
        if mail.files:
            return
        if choice.isascii() and choice.isdigit() and 0 < int(choice[:3]) <= len(payloads):
            yield Event(id=mail.id, kind="press", payload=payloads[int(choice[:3]) - 1], **person)
        elif words:
            yield Event(id=mail.id, kind="text", text=words, **person)

    # ---------------------------------------------------------------------------------------------------- threads

    def _thread(self, user: str) -> Thread:
        kept = self._store.note(f"{self.name}:{user}")
        return Thread(**json.loads(kept)) if kept else Thread(to=user)

    def _keep(self, user: str, thread: Thread) -> None:
        self._store.keep_note(f"{self.name}:{user}", json.dumps(asdict(thread)))

    def _follow(self, user: str, thread: Thread, mail: Incoming) -> None:
        """What is said next answers this mail."""
        thread.to = mail.answers_go_to(self._own[1])
        thread.subject = mail.heads.get("subject", "")
        if mail.id.startswith("<"):
            thread.parent = mail.id
            thread.references = [*mail.references, mail.id]
        self._keep(user, thread)

    # --------------------------------------------------------------------------------------------------- speaking

    async def register(self) -> None:
        """Nothing to do: where mail goes stands in the domain's records, or in the service's console."""

    async def confirm(self, event: Event) -> None:
        """Nothing to do: a press is a mail."""

    async def attend(self, event: Event) -> None:
        """Nothing to do: nobody sees that somebody types."""

    def may_say(self, say: Say, silence_s: float) -> bool:  # noqa: ARG002 - no window closes here
        return True

    async def reopen(self, user: str, language: str) -> None:
        """Nothing to do: no window closes here."""

    async def send(self, user: str, reply: Reply) -> None:
        match reply:
            case Say(text=text, buttons=buttons, author=author):
                words = f"{text}\n\n{_numbered(buttons)}" if buttons else text
                await self._send(user, words, [], buttons=buttons, by_person=author == "agent")
            case Pin(title=title, address=address, latitude=latitude, longitude=longitude):
                await self._send(user, f"{title}, {address}\n{MAP.format(latitude, longitude)}", [])
            case Picture(file=name, caption=caption):
                mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
                await self._send(user, caption, [File(name, mime, (self._assets / name).read_bytes())])

    async def hand(self, user: str, file: File) -> None:
        await self._send(user, file.name, [file], by_person=True)

    async def fetch(self, media: Media) -> bytes:
        file = self._files.find(f"{FILES}{media.ref}")
        if file is None:
            raise ApiError("email file", 404, media.ref)
        return file.content

    async def _send(
        self, user: str, text: str, files: list[File], *, buttons: tuple[Button, ...] = (), by_person: bool = False
    ) -> None:
        thread = self._thread(user)
        now = time.time()
        letter = hashlib.sha256(f"{user} {now} {text}".encode()).hexdigest()[
            :32
        ]  # the same again only for the same words at one moment
        id = new_id(user, letter, self._domain)
        at = dt.datetime.fromtimestamp(now, dt.UTC)
        mail = compose(self._own, thread, id, at, text, files, by_person=by_person)
        if not files:  # numbers stand for what the last words offered
            thread.payloads = [button.payload for button in buttons]
            self._keep(user, thread)
        await self._relay.send(self._own[1], thread.to, mail)


def _numbered(buttons: tuple[Button, ...]) -> str:
    return "\n".join(f"{number}. {button.label}" for number, button in enumerate(buttons, 1))
