"""Mails read back as acts: the opposite of ``acts`` and ``reports``. They come as they are, or taken apart by a service that tells them.

Sources: RFC 5322 (mails), RFC 3834 (what nobody wrote), RFC 3464 and RFC 8098 (reports); documentation.mailgun.com, Receive, forward and store
messages; www.twilio.com/docs/sendgrid, Inbound Parse (2026). What a reply quotes, and the signature, were not said by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from chatdrill.importing.quotes import unquoted
from chatdrill.model import Contact, Part, Read, Receipt, Text, Write
from chatdrill.wire import Arguments, HttpRequest, read_arguments
from chatdrill.wire.reading import Reads, Said, bare_media, unread_event
from chatdrill.wire.smtp import MAIL_TYPE, METHOD
from chatdrill_fakes.families.kinds import kind_of_mime
from chatdrill_fakes.platforms.email.commands import canonical
from chatdrill_fakes.platforms.email.reading import Attached, Mail, as_text, read

Fields = Mapping[str, Any]
READS = Reads(
    acts=frozenset(("write", "read", "receipt")),
    parts=frozenset(("text", "contact", "media.photo", "media.video", "media.audio", "media.document", "media.animation")),
    loses=frozenset(
        ("write.reply_to", "write.referral", "text.spans", "media.caption", "media.emoji", "contact.own", "message.ids")
    ),
)  # fmt: skip
_REPORT, _SHOWN, _COMPLAINT = (
    "message/delivery-status",
    "message/disposition-notification",
    "message/feedback-report",
)
_GIVEN_BACK = ("text/rfc822-headers", "message/rfc822")
_STATUSES = {"failed": "failed", "delivered": "delivered", "relayed": "sent"}
_BULK = frozenset(("bulk", "list", "junk", "auto_reply"))
_CARD = re.compile(r"^(FN|TEL|EMAIL)(?:;[^:\r\n]*)?:(.*?)\r?$", re.IGNORECASE | re.MULTILINE)
_NOT_A_HEAD = frozenset(("body-plain", "body-html", "stripped-text", "stripped-html", "stripped-signature"))


def mail_in(request: HttpRequest) -> Mail:
    """The mail of a delivery. Raises ``ValueError`` for what is none."""
    if request.method == METHOD or request.content_type == MAIL_TYPE:
        return read(request.body)
    arguments = read_arguments(request)
    mail = told_mail(arguments.values)
    mail.files += _attached(arguments)
    return mail


def told_mail(fields: Fields) -> Mail:
    """The mail in the fields of a service's webhook, without its files. Raises ``ValueError`` for the fields of nobody who is known."""
    for name in ("email", "body-mime"):
        if isinstance(fields.get(name), str):
            return read(fields[name].encode("utf-8", "replace"))
    if "body-plain" in fields or "stripped-text" in fields:
        words = fields.get("stripped-text") or fields.get("body-plain") or as_text(str(fields.get("body-html") or ""))
        return Mail(_heads_of_mailgun(fields), 0, text=str(words))
    if "envelope" in fields and ("text" in fields or "html" in fields):
        mail = read(f"{fields.get('headers') or ''}\r\n\r\n".encode("utf-8", "replace"))
        for name in ("from", "subject"):
            mail.heads.setdefault(name, [str(fields.get(name) or "")])
        mail.text = str(fields.get("text") or as_text(str(fields.get("html") or "")))
        return mail
    raise ValueError("there is no mail in it")


def _heads_of_mailgun(fields: Fields) -> dict[str, list[str]]:
    heads = {name.lower(): [str(value)] for name, value in fields.items() if name.lower() not in _NOT_A_HEAD}
    try:
        pairs = msgspec.json.decode(str(fields.get("message-headers") or "[]"), type=list[tuple[str, str]])
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        pairs = []
    for name, value in pairs:
        if name.lower() not in fields:
            heads[name.lower()] = [value]
    return heads


def _attached(arguments: Arguments) -> Iterator[Attached]:
    for upload in arguments.files.values():
        yield Attached(upload.filename or None, upload.content_type or "application/octet-stream", upload.content)


# ---------------------------------------------------------------------------------------------------------- reading


def read_mail(mail: Mail) -> Said:
    """What a mail tells of. Raises ``ValueError`` for bytes that are no mail."""
    authors = mail.mailboxes("from")
    if not authors:
        raise ValueError("there is no From with an address: it is no mail")
    id = (mail.ids("message-id") or ("",))[0]
    head: dict[str, Any] = {"at": _date(mail.head("date")), "update": id}
    parts = {file.mime.lower(): file.content.decode("utf-8", "replace") for file in mail.files}
    if _REPORT in parts:
        return _delivery(mail, parts, head)
    if _SHOWN in parts:
        return _displayed(mail, parts[_SHOWN], head)
    to = canonical(authors[0])
    if _COMPLAINT in parts or _is_automatic(mail):
        told = {"subject": mail.head("subject"), "text": mail.text}
        return unread_event(
            to, "complaint" if _COMPLAINT in parts else "automatic mail", told, by_platform=True, **head
        )
    is_forwarded = mail.head("subject")[:4].lower() == "fwd:"
    act = Write(parts=tuple(_parts(mail)) or (Text(text=""),), forwarded=is_forwarded)
    return Said(to=to, act=act, ids=(id,) if id else (), person=_person(mail, to), **head)


def _is_automatic(mail: Mail) -> bool:
    """Whether nobody wrote it, as far as it says so (RFC 3834, 5; and what was usual before)."""
    said = mail.head("auto-submitted").partition(";")[0].strip().lower()
    bulk = mail.head("precedence").strip().lower() in _BULK
    marked = any(name in mail.heads for name in ("list-id", "list-unsubscribe", "x-autoreply"))
    daemon = mail.mailboxes("from")[0].partition("@")[0] in ("mailer-daemon", "postmaster")
    return said not in ("", "no") or bulk or marked or daemon


def _date(value: str) -> float | None:
    try:
        return parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _person(mail: Mail, address: str) -> dict[str, str]:
    name = mail.head("from").partition("<")[0].strip(" \t\"'")
    first, _, last = ("" if "@" in name else name).partition(" ")
    found = {"first_name": first, "last_name": last.strip(), "email": address}
    return {field: value for field, value in found.items() if value}


def _parts(mail: Mail) -> Iterator[Part]:
    words = unquoted(mail.text)
    if words:
        yield Text(text=words)
    for file in mail.files:
        yield _card(file) or _media(file)


def _media(file: Attached) -> Part:
    mime = file.mime.lower()
    return bare_media(kind_of_mime(mime), mime=mime, name=file.name, size=len(file.content))


def _card(file: Attached) -> Contact | None:
    """A visiting card with a number (RFC 6350)."""
    if file.mime.lower() not in ("text/vcard", "text/x-vcard"):
        return None
    said = {name.upper(): value.strip() for name, value in _CARD.findall(file.content.decode("utf-8", "replace"))}
    if "TEL" not in said:
        return None
    phone = said["TEL"].removeprefix("tel:")
    return Contact(name=said.get("FN", ""), phone=phone, email=said.get("EMAIL"))


# ---------------------------------------------------------------------------------------------------------- reports


def _delivery(mail: Mail, parts: Mapping[str, str], head: dict[str, Any]) -> Said:
    """What became of a mail of the bot's; that it is late has no word."""
    said = _lines(parts[_REPORT])
    to = _recipient(said)
    given_back = next((parts[mime] for mime in _GIVEN_BACK if mime in parts), "")
    of = next(iter(read(f"{given_back.strip()}\r\n\r\n".encode("utf-8", "replace")).ids("message-id")), None)
    status = _STATUSES.get(said.get("action", "").lower())
    if status is None or to is None or of is None:
        told = {"subject": mail.head("subject"), "report": dict(said)}
        return unread_event(to, f"report {said.get('action') or 'without an action'}", told, by_platform=True, **head)
    return Said(to=to, act=Receipt(message_id=of, status=status), **head)  # type: ignore[arg-type]  # one of three


def _displayed(mail: Mail, report: str, head: dict[str, Any]) -> Said:
    said = _lines(report)
    to, of = _recipient(said), said.get("original-message-id", "")
    if to is None or not of or "displayed" not in said.get("disposition", "").lower():
        return unread_event(
            to, "report on reading", {"subject": mail.head("subject"), "report": dict(said)}, by_platform=True, **head
        )
    return Said(to=to, act=Read(message_id=of), **head)


def _lines(report: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in report.replace("\r\n ", " ").splitlines())
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


def _recipient(said: Mapping[str, str]) -> str | None:
    """Whose mail it was about."""
    given = (said.get("original-recipient") or said.get("final-recipient") or "").rpartition(";")[2].strip(" <>")
    return canonical(given) if "@" in given else None
