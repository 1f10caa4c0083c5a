"""What the tests of the mail world share: one mailbox of a bot, one customer, and short words for mails and acts."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from chatdrill.clock import WallClock
from chatdrill.model import Act, Customer, Event, Message, Sent, Text, Write
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Recorder
from chatdrill.wire import Exchange, Handled
from chatdrill.wire.smtp import DATA, RCPT, Envelope, asked
from chatdrill_fakes.platforms.email.state import Letter, MailState
from chatdrill_fakes.platforms.email.wire import platform

NOW = 1795212345.0
OWN, PASSWORD = "support@bench.example", "mail-drill-secret"
ANNA = Customer(key="anna", first_name="Anna", last_name="Nowak", email="anna@client.example")


class Account:
    """A mailbox with one correspondent, who has not written yet; ``now`` is the clock."""

    def __init__(self, **settings: str) -> None:
        given = {each.name: each.default for each in platform.settings} | settings
        self.state: MailState = platform.open(given, Seed(7).stream("email"))
        self.state.webhook_url = "smtp://127.0.0.1:9025"
        self.now = NOW
        self.to = platform.join(self.state, ANNA, 0.0)
        self.chat = self.state.chats[self.to]

    # -- the customer's side

    def updates(self, act: Act) -> list[Letter]:
        return [cast(Letter, one) for one in platform.encode(self.state, self.to, act, self.now)]

    def mail(self, act: Act) -> EmailMessage:
        (letter,) = self.updates(act)
        return parsed(letter.body)

    def says(self, text: str = "Where is order 553?") -> EmailMessage:
        return self.mail(Write(parts=(Text(text=text),)))

    def happens(self, name: str, **data: Any) -> EmailMessage:
        return self.mail(Event(name=name, data=data))

    # -- the bot's side

    def envelope(self, *to: str, **fields: Any) -> Envelope:
        given: dict[str, Any] = {"sender": OWN, "recipients": to or (self.to,), "user": OWN, "password": PASSWORD}
        return Envelope(**{**given, **fields})

    def gives(self, raw: bytes, envelope: Envelope | None = None, step: str = DATA) -> Handled:
        request = asked(step, envelope or self.envelope(), raw)
        return platform.handle(self.state, Exchange(request, self.now, "smtp://127.0.0.1:7725"))

    def offers(self, *to: str, **fields: Any) -> Handled:
        """A recipient is named."""
        return self.gives(b"", self.envelope(*to, **fields), RCPT)

    def answer(self, text: str = "It left this morning.", **heads: str | None) -> EmailMessage:
        """A correct answer to the customer's last mail."""
        mail = EmailMessage(policy=policy.SMTP)
        last = self.chat.thread[-1] if self.chat.thread else ""
        own: dict[str, str | None] = {
            "From": f"Bench Support <{OWN}>",
            "To": self.to,
            "Subject": f"Re: {self.chat.subject}" if self.chat.subject else "Hello",
            "Date": "Mon, 21 Sep 2026 14:13:30 +0000",
            "Message-ID": f"<{len(self.chat.answers)}.answer@bench.example>",
            "In-Reply-To": last or None,
            "References": last or None,
            "Auto-Submitted": "auto-replied",
        }
        for name, value in {**own, **{key.replace("_", "-"): value for key, value in heads.items()}}.items():
            if value is not None:
                mail[name] = value
        mail.set_content(text)
        return mail

    def replies(self, text: str = "It left this morning.", **heads: str | None) -> Handled:
        return self.gives(self.answer(text, **heads).as_bytes())

    def talked(self) -> Account:
        self.says()
        assert reply_of(self.replies()).startswith("250")
        return self


def parsed(raw: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(raw, policy=policy.default))


def reply_of(handled: Handled) -> str:
    assert handled.response is not None
    return handled.response.body.decode()


def shown(handled: Handled) -> Message:
    (sent,) = handled.effects
    assert isinstance(sent, Sent)
    return sent.message


def remarks(handled: Handled) -> str:
    assert handled.call is not None
    return "; ".join(handled.call.remarks)


def make_stage(**settings: str) -> Stage:
    """The mail world on a port of its own."""
    clock = WallClock()
    stage = Stage(clock=clock, seed=Seed(7), recorder=Recorder(clock), listen=ListenOptions(port=0))
    stage.add(platform, settings)
    return stage
