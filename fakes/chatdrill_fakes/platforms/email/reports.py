"""What mail servers and programs report of the bot's mails: bounces, delays, delivery, reading, complaints.

Sources: RFC 3461-3464 and RFC 6522 (delivery), RFC 8098 (reading), RFC 5965 (complaints).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from chatdrill_fakes.platforms.email.coding import encoded, joined
from chatdrill_fakes.platforms.email.letters import Envelope, Part, Scene, letter
from chatdrill_fakes.platforms.email.quoting import date
from chatdrill_fakes.platforms.email.state import Answer, Letter

Original = Literal["headers", "whole", "none"]
STATUSES: Mapping[str, str] = {
    "4.2.2": "452 4.2.2 The recipient's mailbox is over quota",
    "4.4.1": "421 4.4.1 Connection timed out",
    "4.4.7": "421 4.4.7 Message expired: delivery time was over",
    "4.7.1": "451 4.7.1 Greylisting in action, please come back later",
    "5.1.1": "550 5.1.1 {to}: Recipient address rejected: User unknown",
    "5.1.2": "550 5.1.2 Host or domain name not found",
    "5.1.10": "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {to} not found by SMTP address lookup",
    "5.2.1": "550 5.2.1 Mailbox disabled, not accepting messages",
    "5.2.2": "552 5.2.2 Mailbox full",
    "5.2.3": "552 5.2.3 Message length exceeds administrative limit",
    "5.3.4": "552 5.3.4 Message size exceeds fixed limit",
    "5.4.4": "550 5.4.4 Unable to route: invalid nexthop domain",
    "5.4.6": "554 5.4.6 Hop count exceeded: possible mail loop",
    "5.7.1": "550 5.7.1 Message rejected due to local policy",
    "5.7.26": "550 5.7.26 Unauthenticated mail is not accepted due to the domain's DMARC policy",
}
"""What a server says, by the status that a bounce names."""
_APOLOGY = (
    "I'm sorry to have to inform you that your message could not\r\nbe delivered to one or more recipients.\r\n"
    "It's attached below.\r\n\r\n<{to}>: {words}\r\n"
)
_PLAIN = 'Content-Type: text/plain; charset="us-ascii"'


def bounced(
    scene: Scene,
    answer: Answer,
    status: str = "5.1.1",
    *,
    original: Original = "headers",
    extra: Mapping[str, str | None] | None = None,
) -> Letter:
    """A mail could not be delivered. A status of 4 is a delay, but for one that says that the time was over."""
    action = "delayed" if status.startswith("4") and status != "4.4.7" else "failed"
    return _delivery(scene, answer, action, status, original, extra or {})


def delivered(scene: Scene, answer: Answer) -> Letter:
    """A mail lies in its mailbox."""
    return _delivery(scene, answer, "delivered", "2.1.5", "headers", {"Subject": "Successful Mail Delivery Report"})


def _delivery(
    scene: Scene, answer: Answer, action: str, status: str, original: Original, extra: Mapping[str, str | None]
) -> Letter:
    to = scene.chat.address
    words = STATUSES.get(status, f"250 {status} Ok").format(to=to)
    fields = [f"Reporting-MTA: dns; mx.{scene.domain}"]
    fields += [f"Original-Envelope-Id: {answer.envelope_id}"] if answer.envelope_id else []
    fields += [f"Arrival-Date: {date(answer.at)}", "", f"Final-Recipient: rfc822; {to}"]
    fields += [f"Original-Recipient: rfc822;{to}", f"Action: {action}", f"Status: {status}"]
    fields += [f"Remote-MTA: dns; mail.{scene.domain}", f"Diagnostic-Code: smtp; {words}", ""]
    text = (
        "Your message was successfully delivered to the destination(s)\r\nlisted below.\r\n"
        if action == "delivered"
        else _APOLOGY
    )
    parts = [
        (_PLAIN, text.format(to=to, words=words).encode()),
        ("Content-Type: message/delivery-status", "\r\n".join(fields).encode()),
        *_third(scene, answer, original),
    ]
    subject = "Delayed Mail (still being retried)" if action == "delayed" else "Undelivered Mail Returned to Sender"
    return _report(scene, answer, "bounce", "delivery-status", parts, {"Subject": subject, **extra})


def _third(scene: Scene, answer: Answer, original: Original) -> list[Part]:
    """What is given back of the mail."""
    if original == "none":
        return []
    heads = (
        f"From: {scene.state.address}\r\nTo: {scene.chat.address}\r\nSubject: {encoded(answer.subject)}\r\n"
        f"Message-ID: {answer.id}\r\n"
    )
    if original == "headers":
        return [("Content-Type: text/rfc822-headers", heads.encode())]
    whole = f"{heads}Content-Type: text/plain; charset=utf-8\r\n\r\n{answer.text}\r\n".replace("\r\n", "\n")
    return [("Content-Type: message/rfc822", whole.replace("\n", "\r\n").encode())]


def _report(
    scene: Scene, answer: Answer, kind: str, type: str, parts: list[Part], extra: Mapping[str, str | None]
) -> Letter:
    """Any report: it comes from nobody, so that nobody answers."""
    heads, body = joined("report", scene.boundary(), parts)
    server = f"mx.{scene.domain}"
    heads = heads.replace("multipart/report;", f"multipart/report; report-type={type};")
    daemon = f"MAILER-DAEMON@{server} (Mail Delivery System)"
    id = f"<{scene.state.chance.digits(16)}@{server}>"
    scene.chat.automatic = (id, f"a report ({type})", scene.now)
    about = Envelope(
        id=id,
        kind=kind,
        sender="",
        recipient=answer.sender or scene.state.address,
        extra={"From": daemon, "Auto-Submitted": "auto-replied", **extra},
    )
    return letter(scene, (heads, body), about)


def displayed(scene: Scene, answer: Answer) -> Letter:
    """A note that the customer's program has shown the mail."""
    to = scene.chat.address
    fields = (
        f"Reporting-UA: {scene.domain}; Mail 1\r\nOriginal-Recipient: rfc822;{to}\r\nFinal-Recipient: rfc822;{to}\r\n"
        f"Original-Message-ID: {answer.id}\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n"
    )
    parts = [
        (_PLAIN, b"This is a receipt for the mail that you sent. It was displayed on the recipient's computer.\r\n"),
        ("Content-Type: message/disposition-notification", fields.encode()),
    ]
    extra = {"From": to, "Subject": encoded(f"Read: {answer.subject}"), "Auto-Submitted": None}
    return _report(scene, answer, "read_receipt", "disposition-notification", parts, extra)


def complaint(scene: Scene, answer: Answer) -> Letter:
    """The customer has called the mail spam, and their provider tells."""
    fields = (
        f"Feedback-Type: abuse\r\nUser-Agent: {scene.domain}-feedback/1.0\r\nVersion: 1\r\n"
        f"Original-Mail-From: <{answer.sender}>\r\nOriginal-Rcpt-To: <{scene.chat.address}>\r\n"
    )
    parts = [
        (_PLAIN, b"This is an email abuse report for an email message.\r\n"),
        ("Content-Type: message/feedback-report", fields.encode()),
        *_third(scene, answer, "whole"),
    ]
    extra = {"From": f"abuse@{scene.domain}", "Subject": encoded(f"FW: {answer.subject}")}
    return _report(scene, answer, "complaint", "feedback-report", parts, extra)
