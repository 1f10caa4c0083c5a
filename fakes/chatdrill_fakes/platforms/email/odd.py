"""Mails of people whose programs do something odd, and mails that are broken: each a part, and changes to the envelope."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable

from chatdrill_fakes.platforms.email.coding import encoded, file_part, joined, text_part
from chatdrill_fakes.platforms.email.letters import Envelope, Part, Scene

_PNG = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNgSDv7HwADzgIyupqDXwAAAABJRU5ErkJggg==")
_PDF = b"%PDF-1.4\n"
_TEST_VIRUS = b"".join((rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EIC", b"AR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"))
"""The test file that every scanner knows, in two pieces, so that none minds this source."""
_HISTORY_LINES = 4000
_CYRILLIC = "\u041a\u043e\u0433\u0434\u0430 \u0432\u044b \u043e\u0442\u043a\u0440\u044b\u0442\u044b?"
_RECEIPT = "\u0447\u0435\u043a \u0437\u0430 \u0441\u0435\u043d\u0442\u044f\u0431\u0440\u044c.pdf"
WORDS = {
    "wrong_charset": _CYRILLIC,
    "no_charset": _CYRILLIC,
    "koi8": _CYRILLIC,
    "cp1251": _CYRILLIC,
    "broken_subject": _CYRILLIC,
}
"""What is written where the point is its charset."""


def plain(text: str) -> Part:
    """Words, and nothing beside."""
    return text_part(text, "plain", "utf-8", "auto")


def _raw(text: str, charset: str, label: str) -> Part:
    """Eight-bit words under a label that may be wrong."""
    head = f"Content-Type: text/plain{label}\r\nContent-Transfer-Encoding: 8bit"
    return head, text.encode(charset, "replace").replace(b"\n", b"\r\n") + b"\r\n"


def _without_threading(_scene: Scene, words: str, about: Envelope) -> Part:
    about.parent = ""
    return plain(words)


def _new_subject(_scene: Scene, words: str, about: Envelope) -> Part:
    about.subject = "Something else"
    return plain(words)


def _other_address(scene: Scene, words: str, about: Envelope) -> Part:
    """The same person writes from work; the thread is the same, the sender is not."""
    local, _, domain = scene.chat.address.partition("@")
    about.sender = f"{local}@work.{domain}"
    about.extra = {"From": about.sender, "Reply-To": scene.chat.address}
    return plain(words)


def _forwarded(scene: Scene, words: str, about: Envelope) -> Part:
    answer = scene.chat.answer
    about.subject = f"Fwd: {about.subject.removeprefix('Re: ')}"
    old = (
        f"\n\n---------- Forwarded message ---------\nFrom: {scene.state.address}\nSubject: {answer.subject}\n\n{answer.text}"
        if answer
        else ""
    )
    return plain(words + old)


def _nested(scene: Scene, words: str, about: Envelope) -> Part:
    inner = f"From: a@other.example\r\nSubject: Inner\r\nMessage-ID: {scene.new_id()}\r\n\r\nThe inner mail.\r\n"
    attachment = ("Content-Type: message/rfc822\r\nContent-Disposition: attachment", inner.encode())
    about.subject = f"Fwd: {about.subject.removeprefix('Re: ')}"
    return joined("mixed", scene.boundary(), [plain(words), attachment])


def _many_references(scene: Scene, words: str, about: Envelope) -> Part:
    own = tuple(about.references)
    about.references = (*(scene.new_id() for _ in range(40 - len(own))), *own)
    about.parent = about.parent or about.references[-1]
    return plain(words)


def _no_id(_scene: Scene, words: str, about: Envelope) -> Part:
    about.extra = {"Message-ID": None}
    return plain(words)


def _no_date(_scene: Scene, words: str, about: Envelope) -> Part:
    about.extra = {"Date": None}
    return plain(words)


def _html_only(_scene: Scene, words: str, _about: Envelope) -> Part:
    page = (
        '<html><head><style>p{margin:0}</style></head><body><div style="display:none">preheader</div>'
        f'<table><tr><td><p><o:p>{words}&nbsp;</o:p></p></td></tr></table><img src="https://t.example/p.gif" width="1" height="1">'
        "</body></html>"
    )
    return text_part(page, "html", "utf-8", "quoted-printable")


def _inline_logo(scene: Scene, words: str, _about: Envelope) -> Part:
    page = text_part(f'<p>{words}</p><img src="cid:logo1">', "html", "utf-8", "auto")
    disposition = ('Content-Disposition: inline; filename="logo.png"', "Content-ID: <logo1>")
    logo = file_part(_PNG, "image/png", "logo.png", extra=disposition)
    related = joined("related", scene.boundary(), [page, logo])
    return joined("alternative", scene.boundary(), [plain(words), related])


def _empty_with_file(scene: Scene, _words: str, _about: Envelope) -> Part:
    return joined("mixed", scene.boundary(), [plain(""), file_part(_PDF, "application/pdf", "order.pdf")])


def _texts_in_turn(scene: Scene, words: str, _about: Envelope) -> Part:
    parts = [plain(words), file_part(_PNG, "image/png", "shoe.png"), plain("Thank you.")]
    return joined("mixed", scene.boundary(), parts)


def _flowed(_scene: Scene, words: str, _about: Envelope) -> Part:
    """Soft breaks. Source: RFC 3676 (2004)."""
    soft = words.replace(" ", "  \r\n", 1)
    return 'Content-Type: text/plain; charset="utf-8"; format=flowed; delsp=yes', soft.encode() + b"\r\n"


def _named(disposition: str) -> Callable[[Scene, str, Envelope], Part]:
    """A file whose name is written in one of the ways that are in use."""

    def make(scene: Scene, words: str, _about: Envelope) -> Part:
        file = file_part(_PDF, "application/pdf", None, extra=(f"Content-Disposition: attachment{disposition}",))
        return joined("mixed", scene.boundary(), [plain(words), file])

    return make


def _typed(mime: str, name: str | None, content: bytes) -> Callable[[Scene, str, Envelope], Part]:
    def make(scene: Scene, words: str, _about: Envelope) -> Part:
        return joined("mixed", scene.boundary(), [plain(words), file_part(content, mime, name)])

    return make


def _signed(scene: Scene, words: str, _about: Envelope) -> Part:
    signature = file_part(b"0\x80\x06\x09", "application/pkcs7-signature", "smime.p7s")
    heads, body = joined("signed", scene.boundary(), [plain(words), signature])
    return f'{heads};\r\n protocol="application/pkcs7-signature"; micalg=sha-256', body


def _encrypted(scene: Scene, _words: str, _about: Envelope) -> Part:
    control = ("Content-Type: application/pgp-encrypted", b"Version: 1\r\n")
    content = (
        "Content-Type: application/octet-stream",
        b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n",
    )
    heads, body = joined("encrypted", scene.boundary(), [control, content])
    return f'{heads};\r\n protocol="application/pgp-encrypted"', body


def _invitation(scene: Scene, words: str, _about: Envelope) -> Part:
    calendar = (
        'Content-Type: text/calendar; charset="utf-8"; method=REQUEST',
        b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",
    )
    return joined("alternative", scene.boundary(), [plain(words), calendar])


def _long_history(_scene: Scene, words: str, _about: Envelope) -> Part:
    old = "\n".join(f"> line {number} of what was said before, again and again" for number in range(_HISTORY_LINES))
    return plain(f"{words}\n\nOn Mon, Sep 21, 2026 at 5:13 PM Somebody <a@other.example> wrote:\n\n{old}")


def _between_quotes(scene: Scene, words: str, _about: Envelope) -> Part:
    """What the customer says stands between two pieces of what is quoted."""
    answer = scene.chat.answer
    old = (answer.text if answer else "How can I help?").split("\n")[0]
    return plain(f"> {old}\n\n{words}\n\n> Regards\n> {scene.state.settings['name']}")


def _broken_subject(_scene: Scene, words: str, about: Envelope) -> Part:
    """A sign is split over two encoded words, which RFC 2047 forbids and programs do."""
    raw = words.encode()
    about.extra = {"Subject": f"=?utf-8?b?{_b64(raw[:9])}?=\r\n =?utf-8?b?{_b64(raw[9:])}?="}
    return plain(words)


def _b64(raw: bytes) -> str:
    return b64encode(raw).decode()


def _injected_subject(_scene: Scene, words: str, about: Envelope) -> Part:
    about.extra = {"Subject": f"=?utf-8?b?{_b64(b'Hello' + bytes((13, 10)) + b'Bcc: victim@other.example')}?="}
    return plain(words)


def _with_others(_scene: Scene, words: str, about: Envelope) -> Part:
    about.extra = {"Cc": 'boss@other.example, "Secretary, the" <office@other.example>'}
    return plain(words)


def _to_nobody(_scene: Scene, words: str, about: Envelope) -> Part:
    about.extra = {"To": "undisclosed-recipients:;"}
    return plain(words)


def _reply_to_bot(scene: Scene, words: str, about: Envelope) -> Part:
    """Whoever answers to Reply-To writes to itself."""
    about.extra = {"Reply-To": scene.state.address}
    return plain(words)


def _reply_to_other(scene: Scene, words: str, about: Envelope) -> Part:
    """Answers are wanted in a folder of the customer's own."""
    local, _, domain = scene.chat.address.partition("@")
    about.extra = {"Reply-To": f"{local}+orders@{domain}"}
    return plain(words)


def _spaced_ids(_scene: Scene, words: str, about: Envelope) -> Part:
    """Servers between have folded the ids anew."""
    parent = about.parent or about.id
    about.extra = {"In-Reply-To": f"  {parent} ", "References": "\r\n\t".join((*about.references, parent))}
    return plain(words)


def _many_hops(_scene: Scene, words: str, about: Envelope) -> Part:
    hops = "\r\nReceived: ".join(f"from h{number}.example by h{number + 1}.example" for number in range(60))
    about.extra = {"Received": hops}
    return plain(words)


def _outlook_thread(_scene: Scene, words: str, about: Envelope) -> Part:
    """Outlook's own marks of a thread. Source: Microsoft, [MS-OXOMSG] (2026)."""
    topic = encoded(about.subject.removeprefix("Re: "))
    about.extra = {"Thread-Topic": topic, "Thread-Index": "Ad1J01q5bx0sOwobTC2OPwARIjNEVQAAEjRQ"}
    return plain(words)


ODDITIES: dict[str, Callable[[Scene, str, Envelope], Part]] = {
    "reply_without_headers": _without_threading,
    "new_subject": _new_subject,
    "other_address": _other_address,
    "forwarded": _forwarded,
    "nested_mail": _nested,
    "many_references": _many_references,
    "no_message_id": _no_id,
    "no_date": _no_date,
    "html_only": _html_only,
    "inline_logo": _inline_logo,
    "empty_with_file": _empty_with_file,
    "texts_in_turn": _texts_in_turn,
    "flowed": _flowed,
    "wrong_charset": lambda _scene, words, _about: _raw(words, "cp1251", '; charset="us-ascii"'),
    "no_charset": lambda _scene, words, _about: _raw(words, "utf-8", ""),
    "koi8": lambda _scene, words, _about: _raw(words, "koi8-r", '; charset="koi8-r"'),
    "cp1251": lambda _scene, words, _about: _raw(words, "cp1251", '; charset="windows-1251"'),
    "broken_subject": _broken_subject,
    "injected_subject": _injected_subject,
    "name_continued": _named(";\r\n filename*0*=utf-8''%D1%87%D0%B5%D0%BA%20;\r\n filename*1*=%D0%B7%D0%B0.pdf"),
    "name_encoded": _named(f';\r\n filename="{encoded(_RECEIPT).partition(chr(13))[0]}"'),
    "name_missing": _named(""),
    "name_with_path": _named('; filename="../../etc/passwd.pdf"'),
    "winmail": _typed("application/ms-tnef", "winmail.dat", b"\x78\x9f\x3e\x22\x01\x00"),
    "heic_photo": _typed("image/heic", "IMG_0001.HEIC", b"\0\0\0\x18ftypheic" + b"\0" * 12),
    "empty_file": _typed("application/pdf", "empty.pdf", b""),
    "virus": _typed("application/octet-stream", "eicar.com", _TEST_VIRUS),
    "signed": _signed,
    "encrypted": _encrypted,
    "invitation": _invitation,
    "long_history": _long_history,
    "between_quotes": _between_quotes,
    "with_others": _with_others,
    "to_nobody": _to_nobody,
    "reply_to_bot": _reply_to_bot,
    "reply_to_other": _reply_to_other,
    "spaced_ids": _spaced_ids,
    "many_hops": _many_hops,
    "outlook_thread": _outlook_thread,
}
