"""What the standards prescribe for whoever takes mail, and mails that were never seen."""

from __future__ import annotations

from urllib.parse import urlencode

from chatdrill.wire import HttpRequest, Matter, Rule
from chatdrill.wire.smtp import DATA, Envelope, asked
from chatdrill_fakes.platforms.email.letters import GATEWAY
from chatdrill_fakes.platforms.email.quoting import date
from chatdrill_fakes.platforms.email.state import MailState
from chatdrill_fakes.platforms.email.webhooks import FORM, signature

RULES: dict[Matter, Rule] = {
    "signature": Rule(
        "timestamp and token, one after the other, are signed by HMAC-SHA256 under the signing key",
        "documentation.mailgun.com, Securing webhooks (2026)",
    ),
    "acknowledgement": Rule(
        "200 is taken and 406 refused; anything else comes again for eight hours",
        "documentation.mailgun.com, Receive, forward and store messages (2026)",
    ),
    "redelivery": Rule("a mail that comes again has the same Message-ID", "RFC 5322 (2008), 3.6.4"),
    "unknown": Rule("parts of an unknown type are treated as application/octet-stream", "RFC 2046 (1996), 4"),
    "text": Rule("a mail may have any script, each part in a charset of its own", "RFC 2045 (1996), 5"),
}


def sign(state: MailState, body: bytes, now: float) -> HttpRequest:
    """Any body. Over SMTP nothing is signed; a webhook's signature stands among its fields, before whatever follows."""
    url = state.webhook_url or ""
    if not state.is_parsed:
        envelope = Envelope(sender="someone@client.example", recipients=(state.address,), helo=GATEWAY)
        return asked(DATA, envelope, body, at=url)
    mark = urlencode(signature(state, f"{now}", now)).encode()
    return HttpRequest("POST", url, (("Content-Type", FORM),), mark + (b"&" + body if body else b""))


def unknown_event(state: MailState, to: str, now: float) -> bytes:
    """A mail of a type that does not exist yet."""
    id = f"<{state.chance.digits(16)}@client.example>"
    if state.is_parsed:
        fields = {"sender": to, "recipient": state.address, "Message-Id": id, "chatdrill-novelty": "yes"}
        return urlencode(fields).encode()
    heads = f"From: {to}\r\nTo: {state.address}\r\nDate: {date(now)}\r\nMessage-ID: {id}\r\nMIME-Version: 1.0\r\n"
    return f"{heads}Content-Type: chatdrill/novelty\r\n\r\nnews\r\n".encode()
