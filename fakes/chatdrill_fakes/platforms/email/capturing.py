"""Captured webhooks of services that take mail, read as turns. Mail itself is imported from its own files (.eml, .mbox)."""

from __future__ import annotations

from collections.abc import Iterator

from chatdrill.importing.captures import Body, Capture, Said, told
from chatdrill.wire import Said as Read
from chatdrill_fakes.platforms.email.decoding import read_mail, told_mail


def _knows(body: Body) -> bool:
    mailgun = "sender" in body and "recipient" in body and ("body-plain" in body or "body-mime" in body)
    return mailgun or ("envelope" in body and "from" in body and ("text" in body or "html" in body or "email" in body))


def _read(body: Body) -> Iterator[Read]:
    yield read_mail(told_mail(body))


def _call(_url: str, _body: Body, _answer: Body, _at: float) -> Said:
    """Nothing: the bot's mail goes by SMTP."""
    return iter(())


capture = Capture("email", (), _knows, told(_read), _call)
