"""Replies of an SMTP server: code, enhanced code (RFC 3463) and words."""

from __future__ import annotations

from chatdrill.wire import HttpResponse
from chatdrill.wire.smtp import reply


class Refusal(Exception):
    """A reply of 4yz or 5yz; ``text`` begins with the enhanced code."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}")
        self.code, self.text = code, text

    @property
    def answer(self) -> HttpResponse:
        """As it is answered."""
        return reply(self.code, self.text)


def refusal(status: int) -> HttpResponse:
    """An injected error, by the status that it would have in HTTP."""
    words = _INJECTED.get(status) or (
        "451 4.3.0 Temporary failure" if status >= 500 else "554 5.7.1 Transaction failed"
    )
    answer = reply(int(words[:3]), words[4:])
    return HttpResponse(status, answer.headers, answer.body)


_INJECTED = {
    401: "535 5.7.8 Authentication credentials invalid",
    403: "550 5.7.1 Relay access denied",
    404: "550 5.1.1 User unknown",
    413: "552 5.3.4 Message size exceeds fixed limit",
    429: "450 4.2.1 The user is receiving mail too quickly",
    503: "421 4.3.2 Service not available, closing transmission channel",
}
NEEDS_AUTH = Refusal(530, "5.7.0 Authentication required")
BAD_AUTH = Refusal(535, "5.7.8 Authentication credentials invalid")
BAD_ADDRESS = Refusal(553, "5.1.3 Bad address syntax")
NOT_OWNED = Refusal(553, "5.7.1 Sender address rejected: not owned by user")
UNKNOWN = Refusal(550, "5.1.1 User unknown")
NO_RELAY = Refusal(550, "5.7.1 Relay access denied")
BLOCKED = Refusal(550, "5.7.1 Message rejected: the recipient has blocked this sender")
GREYLISTED = Refusal(451, "4.7.1 Greylisting in action, please come back later")
TOO_MANY = Refusal(452, "4.5.3 Too many recipients")
TOO_LARGE = Refusal(552, "5.3.4 Message size exceeds fixed limit")
TOO_OFTEN = Refusal(421, "4.7.0 Try again later: daily sending quota exceeded")
LONG_LINE = Refusal(500, "5.5.2 Line too long")
LONG_HEADERS = Refusal(554, "5.6.0 Transaction failed: headers are too large")
LOOP = Refusal(554, "5.4.6 Too many hops: mail is looping")
NO_FROM = Refusal(554, "5.6.0 Transaction failed: there is no valid From header")
FOREIGN_FROM = Refusal(550, "5.7.26 Unauthenticated mail: the From header is of another domain")
DANGEROUS = Refusal(552, "5.7.0 Message blocked: this kind of attachment is a potential security issue")
NO_RECIPIENT = Refusal(503, "5.5.1 Error: need RCPT command")
