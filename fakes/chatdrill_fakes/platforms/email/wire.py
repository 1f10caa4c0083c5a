"""E-mail as a platform: the face that the harness sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import cast

from chatdrill.errors import SettingsError
from chatdrill.model import Act, Customer
from chatdrill.seeds import Stream
from chatdrill.wire import (
    Ack,
    Exchange,
    Handled,
    HttpFailure,
    HttpRequest,
    HttpResponse,
    Platform,
    Transport,
    Update,
)
from chatdrill.wire.reading import Observed, Said
from chatdrill.wire.smtp import SCHEME, Terms
from chatdrill_fakes.families.faces import Hooked, Unchecked, Unlent
from chatdrill_fakes.families.settings import check_word, for_bots
from chatdrill_fakes.platforms.email import (
    acts,
    commands,
    declared,
    decoding,
    dividing,
    errors,
    observing,
    probing,
    webhooks,
)
from chatdrill_fakes.platforms.email.coverage import COVERAGE
from chatdrill_fakes.platforms.email.events import EVENT_NAMES
from chatdrill_fakes.platforms.email.letters import GATEWAY
from chatdrill_fakes.platforms.email.limits import DELIVERY, LIMITS, SIZE_MAX_BYTES
from chatdrill_fakes.platforms.email.state import Letter, MailChat, MailState

_ADDRESS = re.compile(r"[A-Za-z0-9._-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_BESIDE = 25
"""With the usual port of the fakes, 7700, that is one whose end everybody knows from mail."""


class Email(Hooked, Unchecked, Unlent):
    """The mail world around a bot: customers' programs, their servers, and the server that the bot sends by."""

    name = "email"
    title = "E-mail"
    hosts: tuple[str, ...] = ()
    settings = declared.SETTINGS
    capabilities = declared.capabilities(EVENT_NAMES)
    limits = LIMITS
    delivery = DELIVERY
    coverage = COVERAGE
    rules = probing.RULES
    reads = decoding.READS
    body_max_bytes: int | None = SIZE_MAX_BYTES
    transport = Transport(SCHEME, _BESIDE)

    def open(self, settings: Mapping[str, str], chance: Stream) -> MailState:
        """A fresh mailbox. Raises ``SettingsError`` for a value that cannot be read."""
        for name, known in _WORDS.items():
            check_word("email", settings, name, known)
        if not _ADDRESS.fullmatch(settings["address"]):
            raise SettingsError(f"email.address is an address such as help@shop.example, not {settings['address']!r}")
        if not settings["daily_max"].isdigit() or int(settings["daily_max"][:9]) == 0:
            raise SettingsError(f"email.daily_max is a number above 0, not {settings['daily_max']!r}")
        return MailState(settings=settings, chance=chance)

    def environment(self, state: MailState, base_url: str) -> dict[str, str]:
        """Address, user and secrets, and where the outgoing server is: as one address, and as host and port."""
        known = for_bots(self.settings, declared.FOR_BOTS, state.settings)
        host, _, port = base_url.partition("://")[2].partition("/")[0].rpartition(":")
        return {**known, "EMAIL_SMTP_URL": base_url, "EMAIL_SMTP_HOST": host.strip("[]"), "EMAIL_SMTP_PORT": port}

    def claims(self, request: HttpRequest, state: MailState) -> bool:  # noqa: ARG002
        """Nothing that comes over HTTP."""
        return False

    def terms(self, state: MailState) -> Terms:
        """What the outgoing server tells; see ``chatdrill.wire.smtp.Posting``."""
        tls = state.settings["tls"]
        return Terms(
            hostname=GATEWAY,
            size_max_bytes=SIZE_MAX_BYTES,
            extensions=("DSN",),
            tls="required" if tls == "required" else "offered" if tls == "offered" else "no",
        )

    def join(self, state: MailState, customer: Customer, ahead_s: float) -> str:
        """Give a customer a mailbox, of the customer's name and a number."""
        local, _, domain = customer.email.lower().rpartition("@")
        plain = _plain(local.partition("+")[0] or f"{customer.first_name}.{customer.last_name}") or "customer"
        address = f"{plain[:40]}.{state.chance.digits(6)}@{domain or 'client.example'}"
        state.chats[address] = MailChat(address=address, customer=customer, ahead_s=ahead_s)
        return address

    def encode(self, state: MailState, to: str, act: Act, now: float) -> Sequence[Update]:
        """See ``Platform.encode``."""
        return acts.encode(state, to, act, now)

    def request(self, state: MailState, updates: Sequence[Update], now: float) -> HttpRequest:  # noqa: ARG002
        """One mail: by SMTP, or told by webhook where the bot's address begins with http."""
        return webhooks.request(state, _letter(updates[0]))

    def read_ack(
        self, state: MailState, updates: Sequence[Update], answer: HttpResponse | HttpFailure, now: float
    ) -> Ack:
        """See ``webhooks.read_ack``."""
        return webhooks.read_ack(state, [_letter(update) for update in updates], answer, now)

    def refusal(self, state: MailState, status: int, retry_after_s: int | None) -> HttpResponse:  # noqa: ARG002
        """A reply of 4yz for what passes, of 5yz for what does not."""
        return errors.refusal(status)

    def handle(self, state: MailState, exchange: Exchange) -> Handled:
        """Answer a step of a mail. Never raises."""
        return commands.handle(state, exchange)

    def sign(self, state: MailState, body: bytes, now: float) -> HttpRequest:
        """A delivery of any bytes; see ``chatdrill.wire.Examinable``."""
        return probing.sign(state, body, now)

    def unknown_event(self, state: MailState, to: str, now: float) -> bytes:
        """A mail of a type that does not exist yet."""
        return probing.unknown_event(state, to, now)

    def decode(self, state: MailState, request: HttpRequest) -> Sequence[Said]:  # noqa: ARG002
        """What a mail tells of, however it came; see ``chatdrill.wire.Readable``."""
        return (decoding.read_mail(decoding.mail_in(request)),)

    def meet(self, state: MailState, said: Said, customer: Customer, now: float) -> None:
        """Make a mailbox of the world's known."""
        observing.meet(state, said, customer, now)

    def observe(self, state: MailState, exchange: Exchange, response: HttpResponse) -> Observed:
        """What a step of a mail did, by the shadow mailbox and the server's reply."""
        return observing.observe(self, state, exchange, response)

    def owner_of(self, state: MailState, request: HttpRequest) -> str | None:  # noqa: ARG002
        """Whose mail this is, where several workers hold the mailbox; see ``chatdrill.wire.doors.Divisible``."""
        return dividing.owner_of(request)


_WORDS = {
    "parser": declared.PARSERS,
    "auth": ("required", "no"),
    "tls": ("no", "offered", "required"),
    "client": declared.CLIENTS,
    "charset": declared.CHARSETS,
    "encoding": declared.ENCODINGS,
}


def _letter(update: Update) -> Letter:
    return cast(Letter, update)


def _plain(name: str) -> str:
    """The part of an address that a name makes: ASCII letters, digits and dots."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", ".", bare).strip(".")


platform: Platform[MailState] = Email()
