"""Twilio as a platform: the face that the harness sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdrill.errors import SettingsError
from chatdrill.model import Act, Customer
from chatdrill.seeds import Stream
from chatdrill.wire import Ack, Exchange, Handled, HttpFailure, HttpRequest, HttpResponse, Platform, Update
from chatdrill.wire.reading import Observed, Said
from chatdrill_fakes.families.faces import Hooked
from chatdrill_fakes.families.sms import free_number, is_e164, number_of
from chatdrill_fakes.platforms.twilio import (
    acts,
    declared,
    decoding,
    dividing,
    errors,
    observing,
    probing,
    routes,
    webhooks,
)
from chatdrill_fakes.platforms.twilio.coverage import COVERAGE
from chatdrill_fakes.platforms.twilio.limits import DELIVERY, LIMITS
from chatdrill_fakes.platforms.twilio.state import TwilioChat, TwilioState
from chatdrill_fakes.platforms.twilio.voice import answering


class Twilio(Hooked):
    """Twilio's Programmable Messaging with SMS and MMS, and the Programmable Voice of the same number, as they were in autumn 2026."""

    name = "twilio"
    title = "SMS (Twilio)"
    hosts: tuple[str, ...] = ("api.twilio.com",)
    settings = declared.SETTINGS
    capabilities = declared.CAPABILITIES
    limits = LIMITS
    delivery = DELIVERY
    coverage = COVERAGE
    rules = probing.RULES
    reads = decoding.READS
    body_max_bytes: int | None = None  # not documented for webhooks

    def open(self, settings: Mapping[str, str], chance: Stream) -> TwilioState:
        """A fresh account. Raises ``SettingsError`` for a value that cannot be read."""
        for name, known in declared.WORDS.items():
            if settings[name] not in known:
                raise SettingsError(f"twilio.{name} is one of {', '.join(known)}, not {settings[name]!r}")
        if not is_e164(settings["phone_number"]):
            raise SettingsError(f"twilio.phone_number is + and 7 to 15 digits, not {settings['phone_number']!r}")
        return TwilioState(settings=settings, chance=chance)

    def environment(self, state: TwilioState, base_url: str) -> dict[str, str]:
        """Account, tokens and number, and ``TWILIO_API_ROOT``: a call goes to ``{root}/2010-04-01/Accounts/...``."""
        known = {each.env: state.settings[each.name] for each in self.settings if each.name in declared.FOR_BOTS}
        return {**known, "TWILIO_API_ROOT": base_url.rstrip("/")}

    def claims(self, request: HttpRequest, state: TwilioState) -> bool:
        """True for paths of this API's version, and for whatever carries the account's name."""
        return routes.claims(request, state)

    def join(self, state: TwilioState, customer: Customer, ahead_s: float) -> str:
        """The customer's number, or a near one if that is taken, or the account's own."""
        digits = number_of(customer.phone, state.chance)
        number = "+" + free_number(
            digits, lambda one: (full := f"+{one}") in state.chats or full == state.number, state.chance
        )
        state.chats[number] = TwilioChat(address=number, customer=customer, ahead_s=ahead_s)
        return number

    def encode(self, state: TwilioState, to: str, act: Act, now: float) -> Sequence[Update]:
        """See ``Platform.encode``."""
        return acts.encode(state, to, act, now)

    def handshake(self, state: TwilioState) -> HttpRequest | None:  # noqa: ARG002
        """Nothing: an address is not asked before it is used."""
        return None

    def read_handshake(self, state: TwilioState, response: HttpResponse | HttpFailure) -> str | None:  # noqa: ARG002
        """Nothing is ever wrong with it."""
        return None

    def request(self, state: TwilioState, updates: Sequence[Update], now: float) -> HttpRequest:  # noqa: ARG002
        """The signed form; one message or status each."""
        return webhooks.request(state, updates[0])

    def read_ack(
        self,
        state: TwilioState,
        updates: Sequence[Update],
        answer: HttpResponse | HttpFailure,
        now: float,  # noqa: ARG002
    ) -> Ack:
        """Any 2xx is success; TwiML or a text in it is a call of the bot."""
        if updates[0].kind.startswith("call"):
            return answering.read_ack(state, updates[0], answer)
        return webhooks.read_ack(state, updates, answer)

    def refusal(self, state: TwilioState, status: int, retry_after_s: int | None) -> HttpResponse:  # noqa: ARG002
        """An error of Twilio's with this status; ``Retry-After`` is not documented."""
        return errors.refusal(status)

    def handle(self, state: TwilioState, exchange: Exchange) -> Handled:
        """Answer a call of the bot. Never raises."""
        return routes.handle(state, exchange)

    def sign(self, state: TwilioState, body: bytes, now: float) -> HttpRequest:  # noqa: ARG002 (no date is signed)
        """A webhook with any body; see ``chatdrill.wire.Examinable``."""
        return webhooks.signed(state.webhook_url or "", state.token, "examination", body)

    def unknown_event(self, state: TwilioState, to: str, now: float) -> bytes:
        """A message of a kind that does not exist yet."""
        return probing.unknown_event(state, to, now)

    def decode(self, state: TwilioState, request: HttpRequest) -> Sequence[Said]:  # noqa: ARG002
        """What a webhook tells of; see ``chatdrill.wire.Readable``."""
        return list(decoding.read_request(request))

    def meet(self, state: TwilioState, said: Said, customer: Customer, now: float) -> None:
        """Make a chat of the vendor's known."""
        observing.meet(state, said, customer, now)

    def observe(self, state: TwilioState, exchange: Exchange, response: HttpResponse) -> Observed:
        """What a call or an answer did, by the shadow account and the vendor's answer."""
        return observing.observe(self, state, exchange, response)

    def owner_of(self, state: TwilioState, request: HttpRequest) -> str | None:  # noqa: ARG002
        """Whose call this is, where several workers hold the account; see ``chatdrill.wire.doors.Divisible``."""
        return dividing.owner_of(request)

    def borrows(self, state: TwilioState, request: HttpRequest) -> Sequence[str]:  # noqa: ARG002
        """Nothing: a bot's files lie at addresses of its own."""
        return ()

    def lend(self, state: TwilioState, id: str) -> bytes | None:  # noqa: ARG002
        """Nothing has an id that another worker could ask for."""
        return None

    def borrow(self, state: TwilioState, loan: bytes) -> None:
        """Nothing is ever lent."""


platform: Platform[TwilioState] = Twilio()
