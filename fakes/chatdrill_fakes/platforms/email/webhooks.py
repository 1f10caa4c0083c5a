"""Mail as the bot gets it: over SMTP, or by the webhook of a service that takes mail and tells it.

Sources: documentation.mailgun.com, Receive, forward and store messages (2026); www.twilio.com/docs/sendgrid, Inbound Parse (2026).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from chatdrill.wire import Ack, HttpFailure, HttpRequest, HttpResponse
from chatdrill.wire.smtp import DATA, Envelope, asked
from chatdrill_fakes.platforms.email import limits
from chatdrill_fakes.platforms.email.letters import GATEWAY
from chatdrill_fakes.platforms.email.reading import Mail, read
from chatdrill_fakes.platforms.email.state import Letter, MailState

Fields = list[tuple[str, str]]
Files = list[tuple[str, str, str, bytes]]
FORM = "application/x-www-form-urlencoded"
_TOKEN = 50
_NOT_ACCEPTABLE = 406


def request(state: MailState, letter: Letter) -> HttpRequest:
    """The mail on its way, however the bot's address wants it."""
    url = state.webhook_url or ""
    if not state.is_parsed:
        envelope = Envelope(sender=letter.sender, recipients=(letter.recipient,), helo=GATEWAY)
        return asked(DATA, envelope, letter.body, at=url)
    fields, files = _PARSERS[state.settings["parser"]](state, letter)
    return _form(url, fields, files, letter.id)


def _form(url: str, fields: Fields, files: Files, id: str) -> HttpRequest:
    if not files:
        return HttpRequest("POST", url, (("Content-Type", FORM),), urlencode(fields).encode())
    boundary = hashlib.sha256(id.encode()).hexdigest()[:24]
    chunks = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode(
            "utf-8", "surrogateescape"
        )
        for name, value in fields
    ]
    for name, filename, mime, content in files:
        shown = filename.replace('"', "%22").replace("\r", " ").replace("\n", " ")
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{shown}"\r\nContent-Type: {mime}\r\n\r\n'
        chunks.append(head.encode() + content + b"\r\n")
    body = b"".join(chunks) + f"--{boundary}--\r\n".encode()
    return HttpRequest("POST", url, (("Content-Type", f"multipart/form-data; boundary={boundary}"),), body)


# --------------------------------------------------------------------------------------------------------- Mailgun


def _mailgun(state: MailState, letter: Letter) -> tuple[Fields, Files]:
    mail = read(letter.body)
    words, quote = stripped(mail.text)
    heads = _pairs(letter.body)
    fields: Fields = [
        ("recipient", letter.recipient),
        ("sender", letter.sender),
        ("from", mail.head("from")),
        ("subject", mail.head("subject")),
        *((name, mail.heads[name.lower()][0]) for name in _COPIED if name.lower() in mail.heads),
        ("body-plain", mail.text),
        ("stripped-text", words),
        ("stripped-signature", quote),
        ("message-headers", json.dumps(heads)),
    ]
    files: Files = []
    for number, file in enumerate(mail.files, 1):
        files.append((f"attachment-{number}", file.name or f"attachment-{number}", file.mime, file.content))
    if files:
        fields.append(("attachment-count", str(len(files))))
    return [*fields, *signature(state, letter.id, letter.made_at)], files


_COPIED = ("Message-Id", "In-Reply-To", "References", "Auto-Submitted", "Reply-To", "To", "Cc", "Date")


def signature(state: MailState, id: str, at: float) -> Fields:
    """What proves whose a webhook is: HMAC-SHA256 of time and token under the signing key. A retry has the same."""
    stamp, token = str(int(at)), hashlib.sha256(id.encode()).hexdigest()[:_TOKEN]
    key = state.settings["signing_key"].encode()
    mark = hmac.new(key, f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    return [("timestamp", stamp), ("token", token), ("signature", mark)]


def stripped(text: str) -> tuple[str, str]:
    """Words without what they quote, and that. Mailgun's own ways are not published: this cuts at the first line of a quote."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.startswith((">", "_____")) or (line.startswith("On ") and line.endswith(":")):
            return "\n".join(lines[:number]).strip(), "\n".join(lines[number:])
    return text.strip(), ""


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    top = raw.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").replace("\r\n ", " ").replace("\r\n\t", " ")
    return [(name, value.strip()) for line in top.split("\r\n") for name, _, value in (line.partition(":"),)]


# -------------------------------------------------------------------------------------------------------- SendGrid


def _sendgrid(_state: MailState, letter: Letter) -> tuple[Fields, Files]:
    mail = read(letter.body)
    files: Files = [
        (f"attachment{number}", file.name or f"attachment{number}", file.mime, file.content)
        for number, file in enumerate(mail.files, 1)
    ]
    about = {name: {"filename": filename, "name": filename, "type": mime} for name, filename, mime, _ in files}
    fields: Fields = [
        *_frame(letter, mail),
        ("text", mail.text),
        ("attachments", str(len(files))),
        ("headers", letter.body.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")),
        ("charsets", json.dumps(dict.fromkeys(("to", "from", "subject", "text"), "UTF-8"))),
        *([("attachment-info", json.dumps(about))] if about else []),
    ]
    return fields, files or _NONE


def _sendgrid_raw(_state: MailState, letter: Letter) -> tuple[Fields, Files]:
    fields = [*_frame(letter, read(letter.body)), ("email", letter.body.decode("utf-8", "surrogateescape"))]
    return fields, _NONE


def _frame(letter: Letter, mail: Mail) -> Fields:
    envelope = {"to": [letter.recipient], "from": letter.sender}
    return [
        ("to", mail.head("to")),
        ("from", mail.head("from")),
        ("subject", mail.head("subject")),
        ("envelope", json.dumps(envelope)),
        ("SPF", "pass"),
        ("dkim", "{@client.example : pass}"),
        ("sender_ip", "192.0.2.15"),
        ("spam_score", "0.1"),
    ]


_NONE: Files = []
_PARSERS: dict[str, Callable[[MailState, Letter], tuple[Fields, Files]]] = {
    "mailgun": _mailgun,
    "sendgrid": _sendgrid,
    "sendgrid-raw": _sendgrid_raw,
}

# --------------------------------------------------------------------------------------------------------- answers


def read_ack(state: MailState, letters: Sequence[Letter], answer: HttpResponse | HttpFailure, now: float) -> Ack:
    """2yz is taken, 4yz comes again, 5yz goes back to its sender: the bot will never get it."""
    if isinstance(answer, HttpFailure):
        ack = Ack(False, f"{answer.kind} {answer.detail}".rstrip())
        return _later(ack, letters, now) if state.is_parsed else ack
    if 200 <= answer.status < 300:
        return Ack(True)
    if state.is_parsed:
        ack = Ack(False, f"status {answer.status}")
        if answer.status == _NOT_ACCEPTABLE and state.settings["parser"] == "mailgun":
            return Ack(False, "status 406: the mail is refused", attempts_max=1)
        return _later(ack, letters, now)
    words = answer.body.decode("utf-8", "replace").partition("\n")[0]
    said = f"{answer.status} {words}".rstrip()
    return Ack(False, said, attempts_max=1 if answer.status >= 500 else None)


def _later(ack: Ack, letters: Sequence[Letter], now: float) -> Ack:
    """When a service tries again, by the time since the mail came in."""
    elapsed = now - min(letter.made_at for letter in letters)
    point = next((point for point in limits.PARSE_POINTS_S if point > elapsed + 1), None)
    if point is None:
        return Ack(False, ack.error, attempts_max=1)
    return Ack(False, ack.error, retry_after_s=point - elapsed)
