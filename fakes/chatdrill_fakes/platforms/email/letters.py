"""A mail to the bot, as the last server on its way hands it over."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chatdrill_fakes.platforms.email import limits
from chatdrill_fakes.platforms.email.coding import address, encoded, file_part, joined, text_part
from chatdrill_fakes.platforms.email.quoting import date, quoted
from chatdrill_fakes.platforms.email.state import Answer, Letter, MailChat, MailState

Told = tuple[Letter, ...]
Part = tuple[str, bytes]
GATEWAY = "mx.bench.example"
"""The server that hands mail over to the bot."""
_PEER = "192.0.2.15"
_CLIENT_NAMES = {
    "outlook": "Microsoft Outlook 16.0",
    "apple": "iPhone Mail (21G93)",
    "yandex": "Yamail [ http://yandex.ru ] 5.0",
}


@dataclass(slots=True)
class Scene:
    """One customer's mailbox at a moment of its own time."""

    state: MailState
    chat: MailChat
    now: float

    def new_id(self) -> str:
        """A fresh ``Message-ID``, made by the customer's program."""
        return f"<{self.state.chance.digits(16)}@{self.domain}>"

    @property
    def domain(self) -> str:
        """The customer's."""
        return self.chat.address.rpartition("@")[2]

    def boundary(self) -> str:
        """What stands between the parts of a mail."""
        return f"=_{self.state.chance.digits(12)}"

    def part(self, text: str, *, reply: Answer | None = None) -> Part:
        """Words as a mail program sends them: with what they answer below, and as HTML beside."""
        settings = self.state.settings
        rich = f'<div dir="ltr">{html.escape(text, quote=False)}</div>'.replace("\n", "<br>")
        if reply is not None and self.state.quotes:
            plain, more = quoted(settings["client"], reply, settings["name"], self.state.address)
            text, rich = text + plain, rich + more
        charset, encoding = settings["charset"], settings["encoding"]
        plain_part = text_part(text, "plain", charset, encoding)
        if not self.state.html:
            return plain_part
        return joined("alternative", self.boundary(), [plain_part, text_part(rich, "html", charset, encoding)])

    def with_files(self, part: Part | None, files: Sequence[Part]) -> Part:
        """Words with attached files."""
        if not files and part is not None:
            return part
        return joined("mixed", self.boundary(), [*([part] if part else []), *files])


@dataclass(slots=True, kw_only=True)
class Envelope:
    """What a mail is beside its content. ``extra`` headers take the place of those with their name; ``None`` leaves one out."""

    id: str
    subject: str = ""
    parent: str = ""
    references: Sequence[str] = ()
    kind: str = "mail"
    sender: str | None = None
    recipient: str | None = None
    extra: Mapping[str, str | None] = field(default_factory=dict)


def letter(scene: Scene, part: Part, about: Envelope) -> Letter:
    """The mail."""
    state, chat = scene.state, scene.chat
    to = state.address if about.recipient is None else about.recipient
    heads: dict[str, str | None] = {
        "Received": _received(scene, about.id, to),
        "Authentication-Results": f"{GATEWAY}; spf=pass smtp.mailfrom={scene.domain}; dkim=pass header.d={scene.domain};"
        f"\r\n dmarc=pass header.from={scene.domain}",
        "From": address(chat.customer.name, chat.address),
        "To": state.address,
        "Subject": encoded(about.subject),
        "Date": date(scene.now),
        "Message-ID": about.id,
    }
    if about.parent:
        heads["In-Reply-To"] = about.parent
        heads["References"] = "\r\n ".join(about.references or (about.parent,))
    program = _CLIENT_NAMES.get(state.settings["client"])
    if program is not None:
        heads["X-Mailer"] = program
    heads["MIME-Version"] = "1.0"
    heads |= about.extra
    lines = "".join([f"{name}: {value}\r\n" for name, value in heads.items() if value is not None])
    raw = f"{lines}{part[0]}\r\n\r\n".encode("utf-8", "surrogateescape") + part[1]
    return Letter(
        id=about.id,
        kind=about.kind,
        to=chat.address,
        lane=chat.address,
        body=raw,
        made_at=scene.now,
        expires_at=None,
        sender=chat.address if about.sender is None else about.sender,
        recipient=to,
    )


def _received(scene: Scene, id: str, to: str) -> str:
    """The trace of the last hop. Its queue id is made of the mail's own."""
    queue = id[1:11].upper()
    host = f"out.{scene.domain}"
    return f"from {host} ({host} [{_PEER}])\r\n by {GATEWAY} with ESMTPS id {queue}\r\n for <{to}>; {date(scene.now)}"


def attached(content: bytes, mime: str, name: str | None) -> Part:
    """A file."""
    return file_part(content, mime, name)


def references(answer: Answer) -> tuple[str, ...]:
    """Those of a reply (RFC 5322, 3.6.4); long ones lose their middle, as many programs do."""
    return shortened((*answer.references, answer.id))


def shortened(known: Sequence[str]) -> tuple[str, ...]:
    """Ids of a thread, as many as a header has at most."""
    known = tuple(known)
    return known if len(known) <= limits.REFERENCES_KEPT else (known[0], *known[1 - limits.REFERENCES_KEPT :])
