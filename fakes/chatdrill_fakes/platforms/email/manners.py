"""What servers let pass although the standards, or the large providers, ask for something else: remarks about a mail of the bot's."""

from __future__ import annotations

from collections.abc import Iterator

from chatdrill_fakes.platforms.email.reading import Mail, bare_subject
from chatdrill_fakes.platforms.email.state import MailChat

_SOON_S = 600.0
"""What comes so soon after an automatic mail, and nobody had asked for, counts as an answer to it."""


def remarks(chat: MailChat, mail: Mail, at: float) -> list[str]:
    """Sentences, each with its source."""
    return [*_format(mail), *_automation(chat, mail, at), *_thread(chat, mail)]


def _format(mail: Mail) -> Iterator[str]:
    if "date" not in mail.heads:
        yield "the mail has no Date header, which every mail must have (RFC 5322, 3.6)"
    if not mail.ids("message-id"):
        yield "the mail has no Message-ID, so no reply and no bounce can name it (RFC 5322, 3.6.4)"
    if not mail.is_plain_head:
        yield "a header has signs beyond ASCII that are not coded (RFC 2047)"
    if not mail.has_plain and mail.text:
        yield "the mail has HTML and no plain text beside it (RFC 2046, 5.1.4)"


def _automation(chat: MailChat, mail: Mail, at: float) -> Iterator[str]:
    word = mail.head("auto-submitted").partition(";")[0].strip().lower()
    if not word:
        yield "the mail does not say whether a program wrote it: Auto-Submitted is missing (RFC 3834, 5)"
    if word == "no" or not chat.automatic:
        return
    id, nature, came_at = chat.automatic
    names_it = id in mail.ids("in-reply-to")
    if names_it or (not chat.asked and at - came_at < _SOON_S):
        yield f"the bot answers {nature}, which nobody wrote: so two programs write to each other for ever (RFC 3834, 2)"


def _thread(chat: MailChat, mail: Mail) -> Iterator[str]:
    """A mail program shows as one conversation what the headers, at Gmail the subject too, hold together."""
    if not chat.thread:
        return
    parents = mail.ids("in-reply-to")
    known = [id for id in parents if id in chat.messages]
    if not known:
        yield "the answer begins a new conversation: In-Reply-To names no mail of this one (RFC 5322, 3.6.4)"
    elif not set(known) & set(mail.ids("references")):
        yield "References leaves out the mail that is answered (RFC 5322, 3.6.4)"
    if chat.subject and bare_subject(mail.head("subject")) not in {bare_subject(chat.subject), *chat.subjects}:
        yield "the answer has another subject, so Gmail shows it as a new conversation (developers.google.com, Gmail API: users.messages, 2026)"
