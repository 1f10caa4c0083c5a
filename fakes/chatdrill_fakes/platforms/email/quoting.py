"""What mail programs put under a reply: the mail that is answered, each in its own way.

Source: what these programs send (2026); the exact words differ by version and language.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

from chatdrill_fakes.platforms.email.state import Answer

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def date(at: float) -> str:
    """A date as mails have it (RFC 5322, 3.3), whatever the language of the machine."""
    return _date(int(at))


@lru_cache(maxsize=256)
def _date(second: int) -> str:
    t = datetime.fromtimestamp(second, UTC)
    clock = f"{t.hour:02}:{t.minute:02}:{t.second:02} +0000"
    return f"{_DAYS[t.weekday()]}, {t.day} {_MONTHS[t.month - 1]} {t.year} {clock}"


def quoted(client: str, answer: Answer, author: str, mailbox: str) -> tuple[str, str]:
    """What stands under the words of a reply: as plain text and as HTML."""
    return _CLIENTS[client](answer, author, mailbox)


def _arrows(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def _inside(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>")


def _gmail(answer: Answer, author: str, mailbox: str) -> tuple[str, str]:
    t = datetime.fromtimestamp(answer.at, UTC)
    half = "AM" if t.hour < 12 else "PM"
    day = f"{_DAYS[t.weekday()]}, {_MONTHS[t.month - 1]} {t.day}, {t.year}"
    head = f"On {day} at {t.hour % 12 or 12}:{t.minute:02} {half} {author} <{mailbox}> wrote:"
    rich = (
        f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{html.escape(head, quote=False)}<br></div>'
        f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{_inside(answer.text)}</blockquote></div>'
    )
    return f"\n\n{head}\n\n{_arrows(answer.text)}\n", rich


def _outlook(answer: Answer, author: str, mailbox: str) -> tuple[str, str]:
    heads = {
        "From": f"{author} <{mailbox}>",
        "Sent": date(answer.at).rpartition(":")[0],
        "To": "me",
        "Subject": answer.subject,
    }
    plain = "\n".join(f"{name}: {value}" for name, value in heads.items())
    rich = "<br>".join(f"<b>{name}:</b> {html.escape(value, quote=False)}" for name, value in heads.items())
    return (
        f"\n\n________________________________\n{plain}\n\n{answer.text}\n",
        f'<div id="divRplyFwdMsg" dir="ltr">{rich}</div><div>{_inside(answer.text)}</div>',
    )


def _apple(answer: Answer, author: str, mailbox: str) -> tuple[str, str]:
    t = datetime.fromtimestamp(answer.at, UTC)
    head = f"On {t.day} {_MONTHS[t.month - 1]} {t.year}, at {t.hour:02}:{t.minute:02}, {author} <{mailbox}> wrote:"
    rich = f'<div><br><blockquote type="cite"><div>{html.escape(head, quote=False)}</div>{_inside(answer.text)}</blockquote></div>'
    return f"\n\nSent from my iPhone\n\n> {head}\n> \n{_arrows(answer.text)}\n", rich


def _yandex(answer: Answer, author: str, mailbox: str) -> tuple[str, str]:
    t = datetime.fromtimestamp(answer.at, UTC)
    head = f'{t.day:02}.{t.month:02}.{t.year}, {t.hour:02}:{t.minute:02}, "{author}" <{mailbox}>:'
    rich = f"<div>{html.escape(head, quote=False)}</div><blockquote>{_inside(answer.text)}</blockquote>"
    return f"\n\n{head}\n{_arrows(answer.text)}\n", rich


def _thunderbird(answer: Answer, author: str, _mailbox: str) -> tuple[str, str]:
    t = datetime.fromtimestamp(answer.at, UTC)
    head = f"On {t.day:02}/{t.month:02}/{t.year} {t.hour:02}:{t.minute:02}, {author} wrote:"
    rich = f'<div class="moz-cite-prefix">{html.escape(head, quote=False)}<br></div><blockquote type="cite">{_inside(answer.text)}</blockquote>'
    return f"\n\n{head}\n{_arrows(answer.text)}\n\n-- \nSent with Thunderbird\n", rich


def _bare(_answer: Answer, _author: str, _mailbox: str) -> tuple[str, str]:
    return "", ""


_CLIENTS: dict[str, Callable[[Answer, str, str], tuple[str, str]]] = {
    "gmail": _gmail,
    "outlook": _outlook,
    "apple": _apple,
    "yandex": _yandex,
    "thunderbird": _thunderbird,
    "bare": _bare,
}
