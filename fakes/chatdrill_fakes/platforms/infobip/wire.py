"""Infobip as a platform: the face that the harness sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdrill.errors import SettingsError
from chatdrill.model import Act, Customer
from chatdrill.seeds import Stream
from chatdrill.wire import Ack, Exchange, Handled, HttpFailure, HttpRequest, HttpResponse, Platform, Update
from chatdrill.wire.reading import Observed, Said, answered_object, json_object
from chatdrill_fakes.families.sms import free_number, number_of
from chatdrill_fakes.platforms.infobip import (
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
from chatdrill_fakes.platforms.infobip.coverage import COVERAGE
from chatdrill_fakes.platforms.infobip.limits import DELIVERY, LIMITS
from chatdrill_fakes.platforms.infobip.state import InfobipChat, InfobipState


class Infobip:
    """Infobip's SMS and MMS, as they were in autumn 2026."""

    name = "infobip"
    title = "SMS (Infobip)"
    hosts: tuple[str, ...] = ("api.infobip.com",)
    settings = declared.SETTINGS
    capabilities = declared.CAPABILITIES
    limits = LIMITS
    delivery = DELIVERY
    coverage = COVERAGE
    rules = probing.RULES
    reads = decoding.READS
    body_max_bytes: int | None = None  # not documented for webhooks

    def open(self, settings: Mapping[str, str], chance: Stream) -> InfobipState:
        """A fresh account. Raises ``SettingsError`` for a value that cannot be read."""
        for name, known in declared.WORDS.items():
            if settings[name] not in known:
                raise SettingsError(f"infobip.{name} is one of {', '.join(known)}, not {settings[name]!r}")
        if not (settings["sender"].isascii() and settings["sender"].isdigit()):
            raise SettingsError(f"infobip.sender is a number without plus, not {settings['sender']!r}")
        return InfobipState(settings=settings, chance=chance)

    def environment(self, state: InfobipState, base_url: str) -> dict[str, str]:
        """Keys, number, and ``INFOBIP_API_ROOT``: a call goes to ``{root}/sms/3/messages``."""
        known = {each.env: state.settings[each.name] for each in self.settings if each.name in declared.FOR_BOTS}
        return {**known, "INFOBIP_API_ROOT": base_url.rstrip("/")}

    def claims(self, request: HttpRequest, state: InfobipState) -> bool:
        """True for paths of this API, and for whatever carries the key."""
        return routes.claims(request, state)

    def join(self, state: InfobipState, customer: Customer, ahead_s: float) -> str:
        """The customer's number, or a near one if that is taken, or the account's own."""
        digits = number_of(customer.phone, state.chance)
        number = free_number(digits, lambda one: one in state.chats or one == state.number, state.chance)
        state.chats[number] = InfobipChat(address=number, customer=customer, ahead_s=ahead_s)
        return number

    def encode(self, state: InfobipState, to: str, act: Act, now: float) -> Sequence[Update]:
        """See ``Platform.encode``."""
        return acts.encode(state, to, act, now)

    def handshake(self, state: InfobipState) -> HttpRequest | None:  # noqa: ARG002
        """Nothing: an address is not asked before it is used."""
        return None

    def read_handshake(self, state: InfobipState, response: HttpResponse | HttpFailure) -> str | None:  # noqa: ARG002
        """Nothing is ever wrong with it."""
        return None

    def request(self, state: InfobipState, updates: Sequence[Update], now: float) -> HttpRequest:  # noqa: ARG002
        """The results of one address, a hundred at most."""
        return webhooks.request(state, updates)

    def read_ack(
        self,
        state: InfobipState,
        updates: Sequence[Update],
        answer: HttpResponse | HttpFailure,
        now: float,  # noqa: ARG002
    ) -> Ack:
        """Any 2xx is success, and nobody reads the body."""
        return webhooks.read_ack(state, updates, answer)

    def refusal(self, state: InfobipState, status: int, retry_after_s: int | None) -> HttpResponse:  # noqa: ARG002
        """An error of Infobip's with this status, in the older shape."""
        return errors.refusal(status)

    def handle(self, state: InfobipState, exchange: Exchange) -> Handled:
        """Answer a call of the bot. Never raises."""
        return routes.handle(state, exchange)

    def sign(self, state: InfobipState, body: bytes, now: float) -> HttpRequest:  # noqa: ARG002 (no date is signed)
        """A webhook with any body; see ``chatdrill.wire.Examinable``."""
        return webhooks.signed(state, state.webhook_url or "", body)

    def unknown_event(self, state: InfobipState, to: str, now: float) -> bytes:
        """A result of a kind that does not exist yet."""
        return probing.unknown_event(state, to, now)

    def decode(self, state: InfobipState, request: HttpRequest) -> Sequence[Said]:  # noqa: ARG002
        """What a webhook tells of; see ``chatdrill.wire.Readable``."""
        return list(decoding.read_webhook(json_object(request)))

    def fetched(self, state: InfobipState, request: HttpRequest, response: HttpResponse) -> Sequence[Said]:  # noqa: ARG002
        """What nobody had taken yet, where the bot asks for it."""
        if request.path.rstrip("/") not in decoding.INBOX or response.status >= 400:
            return ()
        return list(decoding.read_webhook(answered_object(response)))

    def meet(self, state: InfobipState, said: Said, customer: Customer, now: float) -> None:
        """Make a chat of the vendor's known."""
        observing.meet(state, said, customer, now)

    def observe(self, state: InfobipState, exchange: Exchange, response: HttpResponse) -> Observed:
        """What a call did, by the shadow account and the vendor's answer."""
        return observing.observe(self, state, exchange, response)

    def owner_of(self, state: InfobipState, request: HttpRequest) -> str | None:  # noqa: ARG002
        """Whose call this is, where several workers hold the account; see ``chatdrill.wire.doors.Divisible``."""
        return dividing.owner_of(request)

    def borrows(self, state: InfobipState, request: HttpRequest) -> Sequence[str]:  # noqa: ARG002
        """Nothing: a bot's files lie at addresses of its own."""
        return ()

    def lend(self, state: InfobipState, id: str) -> bytes | None:  # noqa: ARG002
        """Nothing has an id that another worker could ask for."""
        return None

    def borrow(self, state: InfobipState, loan: bytes) -> None:
        """Nothing is ever lent."""


platform: Platform[InfobipState] = Infobip()
