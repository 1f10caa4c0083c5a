"""What the standards and the usual servers say, as examples: what the conformance kit holds this fake to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from chatdrill.model import Block, Contact, Customer, Event, Media, Read, Receipt, Text, Write
from chatdrill.model.parts import File
from chatdrill.wire import HttpRequest
from chatdrill.wire.sheets import Ask, Bound, Golden, Happens, Mistake, Refused, Sheet, Step
from chatdrill.wire.smtp import AUTH, DATA, MAIL, MAIL_TYPE, METHOD, RCPT, SCHEME, envelope_in
from chatdrill_fakes.platforms.email import reports
from chatdrill_fakes.platforms.email.events import EVENT_NAMES, SILENT
from chatdrill_fakes.platforms.email.state import MailState

_LOGIN = (("User", "{user}"), ("Password", "{password}"))
_FRAME = (*_LOGIN, ("Mail-From", "{address}"), ("Rcpt-To", "{to}"))
_MAIL = (*_FRAME, ("Content-Type", MAIL_TYPE))
_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNgSDv7HwADzgIyupqDXwAAAABJRU5ErkJggg=="
_HEADS: dict[str, Any] = {
    "From": "Bench Support <{address}>",
    "To": "{to}",
    "Subject": "Re: hello",
    "Date": "Mon, 21 Sep 2026 14:13:30 +0000",
    "Message-ID": "<20260921141330.77.1@bench.example>",
    "In-Reply-To": "{mine}",
    "References": "{mine}",
    "Auto-Submitted": "auto-replied",
    "MIME-Version": "1.0",
}
_PLAIN = {"Content-Type": "text/plain; charset=utf-8", "Content-Transfer-Encoding": "8bit"}


def believes(environment: Mapping[str, str], request: HttpRequest, now: float) -> bool:  # noqa: ARG001 (no mail expires)
    """It is for this mailbox, and that is all that anybody can say."""
    return envelope_in(request).recipients == (environment["EMAIL_ADDRESS"],)


def mail(after: tuple[Step, ...] = (), **heads: Any) -> Ask:
    """A mail to the customer; ``None`` leaves a header out."""
    given = {name.replace("_", "-") if name[0].isupper() else name: value for name, value in heads.items()}
    body = {**_HEADS, **(_PLAIN if "parts" not in given else {}), "body": "Hello", **given}
    if "parts" in given:
        del body["body"]
    return Ask(
        DATA, {name: value for name, value in body.items() if value is not None}, METHOD, headers=_MAIL, after=after
    )


def _step(step: str, *heads: tuple[str, str], after: tuple[Step, ...] = ()) -> Ask:
    return Ask(step, method=METHOD, headers=heads, after=after)


def _file(mime: str, name: str) -> dict[str, str]:
    disposition = f'attachment; filename="{name}"'
    return {
        "Content-Type": mime,
        "Content-Transfer-Encoding": "base64",
        "Content-Disposition": disposition,
        "body": _PIXEL,
    }


_WORDS = {**_PLAIN, "body": "See the file"}
EXAMPLES = (
    mail(body="Which one?\n\n1. Status\n2. Return"),
    mail(parts=[_WORDS, _file("image/png", "shoe.png")]),
    mail(parts=[_WORDS, _file("video/mp4", "shoe.mp4")]),
    mail(parts=[_WORDS, _file("audio/mpeg", "call.mp3")]),
    mail(parts=[_WORDS, _file("application/pdf", "invoice.pdf")]),
    _step(AUTH, *_LOGIN),
    _step(AUTH, ("User", "{user}"), ("Token", "{token}")),
    _step(MAIL, *_LOGIN, ("Mail-From", "{address}"), ("Mail-Option", "SIZE=2048")),
    _step(RCPT, *_FRAME),
)


def _says(code: int) -> Refused:
    return Refused(401 if code in (530, 535) else 429 if code < 500 else 400)


_TO = (*_LOGIN, ("Mail-From", "{address}"))
ERRORS = (
    Mistake("no password", _step(MAIL, ("Mail-From", "{address}")), _says(530)),
    Mistake("wrong password", _step(AUTH, ("User", "{user}"), ("Password", "no")), _says(535)),
    Mistake("wrong token", _step(AUTH, ("User", "{user}"), ("Token", "no")), _says(535)),
    Mistake("no address", _step(RCPT, *_TO, ("Rcpt-To", "nobody")), _says(553)),
    Mistake("somebody else's address", _step(MAIL, *_LOGIN, ("Mail-From", "a@other.example")), _says(553)),
    Mistake("unknown user", _step(RCPT, *_TO, ("Rcpt-To", "nobody@client.example")), _says(550)),
    Mistake("blocked", _step(RCPT, *_FRAME, after=(Block(),)), _says(550)),
    Mistake("too large by its own word", _step(MAIL, *_FRAME, ("Mail-Option", "SIZE=30000000")), _says(552)),
    Mistake("no From", mail(From=None), _says(554)),
    Mistake("a foreign From", mail(From="a@other.example"), _says(550)),
    Mistake("a program attached", mail(parts=[_WORDS, _file("application/x-msdownload", "a.exe")]), _says(552)),
    Mistake(
        "no recipient",
        Ask(DATA, {**_HEADS, "body": "x"}, METHOD, headers=(*_TO, ("Content-Type", MAIL_TYPE))),
        _says(503),
    ),
    Mistake("greylisted", _step(RCPT, *_FRAME), _says(451), settings={"greylist": "yes"}),
    *(
        Mistake(name, _step(RCPT, *_FRAME, after=(Event(name=name),)), _says(429 if code < 500 else code))
        for name, code in (
            ("greylisted", 451),
            ("over_quota", 452),
            ("too_quickly", 450),
            ("server_down", 421),
            ("mailbox_full", 552),
            ("mailbox_disabled", 550),
            ("spam", 550),
            ("dmarc", 550),
            ("refused", 550),
        )
    ),
)
BOUNDS = (
    Bound("line", mail(), _says(500), "body"),
    Bound("recipients", mail(), _says(452), "headers.Rcpt-To", "colleague{i}@bench.example"),
    Bound("hops", mail(Received=[]), _says(554), "Received", "from a by b; {i}"),
)
_WHOLE = "is about the whole mail: tests/mail/test_limits.py"
_PATHS = "is about parts of an address: tests/mail/test_limits.py"
UNTRIED = {
    "message.size": _WHOLE,
    "headers.size": _WHOLE,
    "command": "is the protocol's: tests/mail/test_smtp.py",
    "path": _PATHS,
    "local_part": _PATHS,
    "domain": _PATHS,
    "daily": "is about many mails: tests/mail/test_limits.py",
    "greylist": "is about two tries: tests/mail/test_limits.py",
}
_CYRILLIC = "Здравствуйте! Когда привезут заказ №77?"
_FIRST = Write(parts=(Text(text="Where is order 553?"),))


def _settled(state: MailState, to: str) -> str:
    """The customer of the golden payloads, whose addresses are always the same."""
    chat = state.chats.pop(to)
    chat.address = "anna@client.example"
    state.chats[chat.address] = chat
    return chat.address


_ANSWERED: tuple[Step, ...] = (_FIRST, mail(body="It left this morning.", Subject="Re: Where is order 553?"))
_THANKS = Happens(Write(parts=(Text(text="Thank you!"),)), after=_ANSWERED)
_CHECK = Write(
    parts=(Text(text="The receipt"), Media(kind="document", file=File(name="чек.pdf", mime="application/pdf")))
)
_FORMAT, _REPORT, _QUOTE = (
    "RFC 5322 (2008) and RFC 2045-2049 (1996)",
    "RFC 3464 (2003), 5",
    "what the programs send; no vendor publishes it",
)
_GOLDEN: tuple[tuple[str, Any, str, Mapping[str, str]], ...] = (
    ("first", _FIRST, _FORMAT, {}),
    ("cyrillic", Write(parts=(Text(text=_CYRILLIC),)), "RFC 2047 (1996) and RFC 2045, 6.8", {"html": "no"}),
    ("windows-1251", Write(parts=(Text(text=_CYRILLIC),)), _FORMAT, {"html": "no", "charset": "windows-1251"}),
    ("file", _CHECK, "RFC 2183 (1997) and RFC 2231 (1997), 4", {"html": "no"}),
    *((f"reply {client}", _THANKS, _QUOTE, {"client": client}) for client in ("gmail", "outlook", "apple", "yandex")),
    ("bounce", Happens(Event(name="bounce"), after=_ANSWERED), _REPORT, {}),
    ("read", Happens(Event(name="read_note"), after=_ANSWERED), "RFC 8098 (2017), 9", {}),
    ("out of office", Happens(Event(name="out_of_office"), after=_ANSWERED), "RFC 3834 (2004), 5", {"html": "no"}),
)


def _golden() -> tuple[Golden, ...]:
    text = (resources.files("chatdrill_fakes.platforms.email") / "golden" / "mails.json").read_text("utf-8")
    whole = json.loads(text)
    return tuple(
        Golden(name, act, whole[name], source, "2026-09", arrange=_settled, settings=settings)
        for name, act, source, settings in _GOLDEN
    )


DRAWN = (r"<[0-9]{16}@[a-z.]+>|^<id>$", r" id [0-9]{10}", r"=_[0-9]{12}")


_TOLD_OF_MAILS = sorted(EVENT_NAMES - SILENT)
_CUSTOMER = Customer(
    key="anna", first_name="Anna", last_name="Nowak", phone="+48501112233", email="anna@client.example"
)
SHEET = Sheet(
    headers=_MAIL,
    says=mail(body="{text}", Message_ID=None),
    believes=believes,
    customer=_CUSTOMER,
    golden=_golden(),
    drawn=DRAWN,
    examples=EXAMPLES,
    told=(
        _FIRST,
        Read(message_id="{sent}"),
        Receipt(message_id="{sent}", status="failed"),
        *(Event(name=name) for name in _TOLD_OF_MAILS),
        *(Event(name="bounce", data={"status": status}) for status in reports.STATUSES),
    ),
    refused=(
        Ask("/BDAT", method=METHOD, headers=_FRAME),
        Ask("/ETRN", method=METHOD, headers=_FRAME),
        Ask("/IMAP", method=METHOD, headers=_LOGIN),
    ),
    errors=ERRORS,
    bounds=BOUNDS,
    untried=UNTRIED,
    parts={
        "contact": Contact(name="Eva Lang", phone="+436601234567"),
        "media.document": Happens(Write(parts=(Media(kind="document", file=File(name="чек за сентябрь.pdf")),))),
    },
    silent=dict.fromkeys(SILENT, "the next mail of the bot's meets it"),
    file_key="content",
    webhook=f"{SCHEME}://127.0.0.1:9025",
    unproven="anybody can hand a mail over: no secret is shared with whoever delivers it",
)
