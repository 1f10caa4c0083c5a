"""Viber as a platform: the face that the harness sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdrill.model import Act, Customer
from chatdrill.seeds import Stream
from chatdrill.wire import Ack, Exchange, Handled, HttpFailure, HttpRequest, HttpResponse, Platform, Update
from chatdrill.wire.reading import Observed, Said, json_object
from chatdrill_fakes.families.faces import Hooked, Unlent
from chatdrill_fakes.families.settings import check_number, check_word, for_bots
from chatdrill_fakes.platforms.viber import (
    acts,
    declared,
    decoding,
    dividing,
    errors,
    ids,
    observing,
    probing,
    routes,
    webhooks,
)
from chatdrill_fakes.platforms.viber.coverage import COVERAGE
from chatdrill_fakes.platforms.viber.limits import API_VERSION_MAX, DELIVERY, LIMITS, PICTURE_MAX_BYTES
from chatdrill_fakes.platforms.viber.state import ViberChat, ViberState


class Viber(Hooked, Unlent):
    """Viber's REST Bot API, as it was in autumn 2026."""

    name = "viber"
    title = "Viber"
    hosts: tuple[str, ...] = ("chatapi.viber.com", "dl-media.viber.com", "media-direct.cdn.viber.com")
    settings = declared.SETTINGS
    capabilities = declared.CAPABILITIES
    limits = LIMITS
    delivery = DELIVERY
    coverage = COVERAGE
    rules = probing.RULES
    reads = decoding.READS
    body_max_bytes: int | None = None  # not documented for callbacks

    def open(self, settings: Mapping[str, str], chance: Stream) -> ViberState:
        """A fresh bot. Raises ``SettingsError`` for a value that cannot be read."""
        check_number("viber", settings, "devices", 1, 10)
        check_number("viber", settings, "api_version", 1, API_VERSION_MAX)
        check_number("viber", settings, "billing_status", 0, 99)
        check_word("viber", settings, "device_os", tuple(PICTURE_MAX_BYTES))
        check_word("viber", settings, "seen", ("last", "all"))
        return ViberState(settings=settings, chance=chance)

    def environment(self, state: ViberState, base_url: str) -> dict[str, str]:
        """Token, name and ids, and ``VIBER_API_ROOT``: a call goes to ``{root}/send_message``."""
        known = for_bots(self.settings, declared.FOR_BOTS, state.settings)
        return {**known, "VIBER_API_ROOT": f"{base_url.rstrip('/')}/pa"}

    def claims(self, request: HttpRequest, state: ViberState) -> bool:
        """True for Viber's own paths, and for whatever carries the token in its header."""
        return routes.claims(request, state)

    def join(self, state: ViberState, customer: Customer, ahead_s: float) -> str:
        """Give a customer the id by which this bot alone knows them."""
        chat = ViberChat(address=ids.user_id(state.chance), customer=customer, ahead_s=ahead_s)
        state.chats[chat.address] = chat
        return chat.address

    def encode(self, state: ViberState, to: str, act: Act, now: float) -> Sequence[Update]:
        """See ``Platform.encode``."""
        return acts.encode(state, to, act, now)

    def handshake(self, state: ViberState) -> HttpRequest | None:
        """The callback of the kind ``webhook``; ``None`` while there is no address."""
        if state.webhook_url is None:
            return None
        return webhooks.check_request(state, state.webhook_url, state.new_token(), state.asked_at)

    def read_handshake(self, state: ViberState, response: HttpResponse | HttpFailure) -> str | None:  # noqa: ARG002
        """What is wrong with the answer to the check, or ``None``."""
        return webhooks.check_problem(response)

    def request(self, state: ViberState, updates: Sequence[Update], now: float) -> HttpRequest:  # noqa: ARG002
        """The signed callback; one event each."""
        return webhooks.signed(state.webhook_url or "", state.token, updates[0].body)

    def read_ack(
        self,
        state: ViberState,
        updates: Sequence[Update],
        answer: HttpResponse | HttpFailure,
        now: float,  # noqa: ARG002
    ) -> Ack:
        """Only status 200 is success; a welcome message in the answer to an opening is a call of the bot."""
        return webhooks.read_ack(state, updates, answer)

    def refusal(self, state: ViberState, status: int, retry_after_s: int | None) -> HttpResponse:  # noqa: ARG002
        """Too many requests are status 12 inside an answer of 200; any other HTTP status comes from a gateway."""
        return errors.refusal(status)

    def handle(self, state: ViberState, exchange: Exchange) -> Handled:
        """Answer a call of the bot. Never raises."""
        return routes.handle(state, exchange)

    def sign(self, state: ViberState, body: bytes, now: float) -> HttpRequest:  # noqa: ARG002 (no date is signed)
        """A callback with any body; see ``chatdrill.wire.Examinable``."""
        return webhooks.signed(state.webhook_url or "", state.token, body)

    def unknown_event(self, state: ViberState, to: str, now: float) -> bytes:
        """A callback of a kind that does not exist yet."""
        return probing.unknown_event(state, to, now)

    def decode(self, state: ViberState, request: HttpRequest) -> Sequence[Said]:  # noqa: ARG002
        """What a callback tells of; see ``chatdrill.wire.Readable``."""
        return list(decoding.read_callback(json_object(request)))

    def meet(self, state: ViberState, said: Said, customer: Customer, now: float) -> None:
        """Make a chat of the vendor's known."""
        observing.meet(state, said, customer, now)

    def observe(self, state: ViberState, exchange: Exchange, response: HttpResponse) -> Observed:
        """What a call did, by the shadow account and the vendor's answer."""
        return observing.observe(self, state, exchange, response)

    def owner_of(self, state: ViberState, request: HttpRequest) -> str | None:  # noqa: ARG002
        """Whose call this is, where several workers hold the account; see ``chatdrill.wire.doors.Divisible``."""
        return dividing.owner_of(request)


platform: Platform[ViberState] = Viber()
