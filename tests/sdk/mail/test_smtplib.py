"""The standard library's own programs for mail, unmodified, in both directions."""

from __future__ import annotations

import asyncio
import email
import email.policy
import smtplib
import ssl
from collections.abc import AsyncIterator
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

import pytest

from chatdrill.model import Text, Write
from chatdrill.serve import Stage
from chatdrill.trace import Called, Took
from mail.kit import ANNA, OWN, PASSWORD, make_stage


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with make_stage(tls="offered") as made:
        yield made


def written(to: str) -> EmailMessage:
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = f"Bench Support <{OWN}>", to, "Re: Где мой заказ?"
    mail["Message-ID"], mail["Date"] = make_msgid(domain="bench.example"), "Mon, 21 Sep 2026 14:13:30 +0000"
    mail["Auto-Submitted"] = "auto-replied"
    mail.set_content("Заказ в пути.\n\n1. Возврат\n2. Человек")
    mail.add_alternative("<p>Заказ в пути.</p>", subtype="html")
    mail.add_attachment(b"%PDF-1.4 x", maintype="application", subtype="pdf", filename="чек.pdf")
    return mail


def sent(environment: dict[str, str], mail: EmailMessage) -> dict[str, Any]:
    with smtplib.SMTP(environment["EMAIL_SMTP_HOST"], int(environment["EMAIL_SMTP_PORT"]), timeout=10) as server:
        server.starttls(context=ssl.create_default_context(cafile=environment["CHATDRILL_CA_FILE"]))
        server.login(environment["EMAIL_USER"], environment["EMAIL_PASSWORD"])
        return dict(server.send_message(mail, mail_options=("RET=HDRS",), rcpt_options=("NOTIFY=FAILURE",)))


async def test_smtplib_sends_over_tls_and_all_of_it_is_journaled(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    to = stage.join("email", ANNA, case="c", conv="v")
    original = smtplib.SMTP.starttls

    def named(self: smtplib.SMTP, *args: Any, **options: Any) -> Any:
        self._host = "mx.bench.example"  # type: ignore[attr-defined]
        return original(self, *args, **options)

    monkeypatch.setattr(smtplib.SMTP, "starttls", named)
    assert await asyncio.to_thread(sent, stage.environment(), written(to)) == {}
    (call,) = [record for record in stage._recorder.records if isinstance(record, Called)]
    assert call.ok and call.arguments["subject"] == "Re: Где мой заказ?" and call.arguments["files"] == ["чек.pdf"]
    (took,) = [record for record in stage._recorder.records if isinstance(record, Took)]
    message = took.effect.message  # type: ignore[union-attr]
    assert [button.title for button in message.buttons] == ["Возврат", "Человек"]
    assert message.media[0].file.name == "чек.pdf"


async def test_smtplib_is_told_what_is_wrong(stage: Stage) -> None:
    environment = stage.environment()

    def tries() -> None:
        with smtplib.SMTP(environment["EMAIL_SMTP_HOST"], int(environment["EMAIL_SMTP_PORT"]), timeout=10) as server:
            with pytest.raises(smtplib.SMTPAuthenticationError):
                server.login(OWN, "wrong")
            server.login(OWN, PASSWORD)
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                server.sendmail(OWN, ["nobody@client.example"], b"From: a\r\n\r\nx")
            with pytest.raises(smtplib.SMTPSenderRefused):
                server.sendmail("a@other.example", [OWN], b"From: a\r\n\r\nx")

    await asyncio.to_thread(tries)


@pytest.mark.parametrize("client", ["gmail", "outlook", "apple", "yandex", "thunderbird"])
async def test_the_email_package_reads_what_customers_send(client: str) -> None:
    stage = make_stage(client=client, charset="windows-1251")
    to = stage.join("email", ANNA, case="c", conv="v")
    channel = stage.channels["email"]
    (letter,) = channel.platform.encode(channel.state, to, Write(parts=(Text(text="Где мой заказ?"),)), 1795212345.0)
    mail = email.message_from_bytes(letter.body, policy=email.policy.default)
    body = mail.get_body(("plain",))
    assert body is not None and body.get_content().strip() == "Где мой заказ?" and not mail.defects
    assert mail["Subject"] == "Где мой заказ?" and body.get_content_charset() == "windows-1251"
