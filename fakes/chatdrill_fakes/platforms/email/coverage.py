"""How faithfully each step, mail and report is emulated, and the test that shows it."""

from __future__ import annotations

from collections.abc import Iterable

from chatdrill.wire import Coverage
from chatdrill_fakes.platforms.email.events import EVENT_NAMES


def _proof(file: str, test: str) -> str:
    return f"tests/mail/test_{file}.py::test_{test}"


_STEPS: tuple[Coverage, ...] = (
    Coverage("DATA", "supported", _proof("sending", "a_mail_is_shown_with_its_words_and_files")),
    Coverage("AUTH", "supported", _proof("smtp", "a_client_proves_itself_in_any_of_three_ways")),
    Coverage("MAIL", "supported", _proof("smtp", "parameters_of_delivery_notices_are_taken")),
    Coverage("RCPT", "supported", _proof("smtp", "parameters_of_delivery_notices_are_taken")),
    Coverage("BDAT", "refused", _proof("smtp", "what_is_not_offered_is_refused"), "CHUNKING is not announced"),
    Coverage("ETRN", "refused", _proof("smtp", "what_is_not_offered_is_refused"), "no queue can be asked for"),
    Coverage(
        "IMAP",
        "refused",
        _proof("smtp", "what_is_not_offered_is_refused"),
        "mailboxes cannot be polled: mail is delivered",
    ),
)
_MAILS: tuple[Coverage, ...] = (
    Coverage("mail", "supported", _proof("inbound", "a_reply_names_what_it_answers_and_quotes_it")),
    Coverage("bounce", "supported", _proof("reports", "a_bounce_names_the_mail_and_why")),
    Coverage("read_receipt", "supported", _proof("reports", "reading_is_told_only_if_it_was_asked_for")),
    Coverage("complaint", "supported", _proof("reports", "a_complaint_brings_the_mail_back")),
    Coverage("auto_reply", "supported", _proof("events", "automatic_mail_is_marked_as_its_kind_marks_itself")),
    Coverage("list", "supported", _proof("events", "automatic_mail_is_marked_as_its_kind_marks_itself")),
    Coverage("again", "supported", _proof("events", "the_same_mail_again_has_the_same_id")),
)


def _events() -> Iterable[Coverage]:
    for name in sorted(EVENT_NAMES):
        yield Coverage(f"event {name}", "supported", _proof("events", "every_declared_event_is_told_or_prepared"))


COVERAGE: tuple[Coverage, ...] = (*_STEPS, *_MAILS, *_events())
