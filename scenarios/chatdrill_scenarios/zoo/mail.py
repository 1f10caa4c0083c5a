"""Defects in writing and reading mail: threads, machines, quotes, charsets, patience."""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import partial
from typing import Any

from ..shoebot import mails, posting
from ..shoebot.channels import email
from ..shoebot.mails import Incoming
from .specimen import instead, specimen

_MACHINES, _BOUNCES, _GREYLISTED = "Mail that nobody wrote", "A mail comes back", "Greylisted"
_TWICE, _QUOTED, _ODD = "The same mail twice", "Thanks under a quote", "Odd programs"
_compose, _read_form = mails.compose, mails.read_form


def _only_marked(mail: Incoming, own: str) -> bool:
    """Only what says of itself that it is automatic counts."""
    return mail.heads.get("auto-submitted", "no") != "no"


def _from_people(mail: Incoming, own: str) -> bool:
    return False


def _without_thread(own: Any, thread: Any, *more: Any, **named: Any) -> bytes:
    return _compose(own, replace(thread, parent="", references=[]), *more, **named)


def _new_subject(own: Any, thread: Any, *more: Any, **named: Any) -> bytes:
    return _compose(own, replace(thread, subject="Message from Stepwell Shoes"), *more, **named)


def _unmarked(*more: Any, **named: Any) -> bytes:
    """Nobody can know that a program wrote it."""
    return _compose(*more, **named).replace(b"Auto-Submitted: auto-replied\r\n", b"")


def _ids_of_its_own(fields: Any, files: Any) -> Incoming:
    """Each delivery is a mail."""
    mail = _read_form(fields, files)
    return replace(mail, heads={**mail.heads, "message-id": f"<{uuid.uuid4().hex}@x>"})


_mail = partial(specimen, platform="email")
SPECIMENS = (
    _mail("dialog", "answers out-of-office notes", "osTicket/osTicket#1041", "calls-proper", _MACHINES,
          instead(Incoming, is_automatic=_from_people)),
    _mail("dialog", "answers bounces", "faveosuite/faveo-helpdesk#150", "calls-proper | expected", _BOUNCES,
          instead(Incoming, is_automatic=_only_marked), settings=("email.client=bare",)),
    _mail("calls", "answers by mail outside the thread", "cyclestreets/cyclescape#227", "calls-proper", _QUOTED,
          instead(email, compose=_without_thread)),
    _mail("calls", "gives each answer a subject of its own", "developers.google.com, Gmail API: users.messages", "calls-proper", _QUOTED,
          instead(email, compose=_new_subject)),
    _mail("calls", "does not mark its mail as automatic", "Intermesh/groupoffice#64", "calls-proper", _QUOTED,
          instead(email, compose=_unmarked)),
    _mail("text", "takes the quoted mail for the customer's words", "chatwoot/chatwoot#1062", "expected", _QUOTED,
          instead(email, own_words=str.strip)),
    _mail("calls", "gives a greylisted mail up", "RFC 6647", "calls-accepted | expected", _GREYLISTED,
          instead(posting, PAUSES_S=())),
    _mail("delivery", "answers a mail that comes twice, twice", "osTicket/osTicket#1908", "expected", _TWICE,
          instead(email, read_form=_ids_of_its_own)),
)  # fmt: skip
