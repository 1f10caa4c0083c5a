"""One mailbox of the bot whose correspondents several workers hold: whose a mail is, its recipients say."""

from __future__ import annotations

from chatdrill.wire import HttpRequest
from chatdrill.wire.doors import one_owner
from chatdrill.wire.smtp import DATA, RCPT, envelope_in
from chatdrill_fakes.platforms.email.commands import canonical


def owner_of(request: HttpRequest) -> str | None:
    """See ``chatdrill.wire.doors.Divisible``."""
    if request.path not in (RCPT, DATA):
        return None
    recipients = envelope_in(request).recipients
    marks = (canonical(to).partition("@")[0] for to in recipients)
    return one_owner((mark for mark in marks if mark[-2:].isdigit()), "mail")
