"""LINE as a platform: the face that the harness sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from chatdrill.errors import SettingsError
from chatdrill.model import Act, Customer
from chatdrill.seeds import Stream
from chatdrill.wire import Ack, Exchange, Handled, HttpFailure, HttpRequest, HttpResponse, Platform, Update
from chatdrill.wire.reading import Observed, Said, json_object
from chatdrill_fakes.families.faces import Hooked, Unchecked, Unlent
from chatdrill_fakes.families.settings import for_bots
from chatdrill_fakes.platforms.line import (
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
from chatdrill_fakes.platforms.line.coverage import COVERAGE
from chatdrill_fakes.platforms.line.events import EVENT_NAMES
from chatdrill_fakes.platforms.line.limits import DELIVERY, LIMITS
from chatdrill_fakes.platforms.line.state import LineChat, LineState


class Line(Hooked, Unchecked, Unlent):
    """LINE's Messaging API, as it was in August 2026. An address is asked only when LINE is told to test it."""

    name = "line"
    title = "LINE"
    hosts: tuple[str, ...] = ("api.line.me", "api-data.line.me")
    settings = declared.SETTINGS
    capabilities = declared.capabilities(EVENT_NAMES)
    limits = LIMITS
    delivery = DELIVERY
    coverage = COVERAGE
    rules = probing.RULES
    reads = decoding.READS
    body_max_bytes: int | None = None  # not documented for webhooks

    def open(self, settings: Mapping[str, str], chance: Stream) -> LineState:
        """A fresh channel. Raises ``SettingsError`` for a value that cannot be read."""
        quota, seconds = settings["quota"], settings["preparing_s"]
        if quota != "none" and not _is_natural(quota):
            raise SettingsError(f"line.quota is a number of messages or 'none', not {quota!r}")
        if not _is_natural(seconds):
            raise SettingsError(f"line.preparing_s is a number of seconds, not {seconds!r}")
        if not ids.is_holder(settings["user_id"], "U"):
            raise SettingsError(f"line.user_id is U and 32 hex digits, not {settings['user_id']!r}")
        return LineState(settings=settings, chance=chance)

    def environment(self, state: LineState, base_url: str) -> dict[str, str]:
        """Token, secret and ids, and the two roots: calls go to ``{root}/v2/bot/...``."""
        known = for_bots(self.settings, declared.FOR_BOTS, state.settings)
        root = base_url.rstrip("/")
        return {**known, "LINE_API_ROOT": root, "LINE_DATA_API_ROOT": root}

    def claims(self, request: HttpRequest, state: LineState) -> bool:
        """True for LINE's own paths, and for whatever carries the token."""
        return routes.claims(request, state)

    def join(self, state: LineState, customer: Customer, ahead_s: float) -> str:
        """Give a customer the id by which this provider's channels know them."""
        address = ids.holder(state.chance, "U")
        state.chats[address] = LineChat(address=address, customer=customer, ahead_s=ahead_s, friend=state.on("friends"))
        return address

    def encode(self, state: LineState, to: str, act: Act, now: float) -> Sequence[Update]:
        """See ``Platform.encode``."""
        return acts.encode(state, to, act, now)

    def request(self, state: LineState, updates: Sequence[Update], now: float) -> HttpRequest:
        """The signed webhook with these events."""
        return webhooks.request(state, updates, now)

    def again(
        self,
        state: LineState,
        updates: Sequence[Update],
        request: HttpRequest,  # noqa: ARG002
        answer: HttpResponse | HttpFailure,  # noqa: ARG002
        number: int,  # noqa: ARG002
        now: float,
    ) -> HttpRequest:
        """The same, which says that it comes again; see ``chatdrill.wire.Resending``."""
        return self.request(state, updates, now)

    def read_ack(
        self,
        state: LineState,
        updates: Sequence[Update],
        answer: HttpResponse | HttpFailure,
        now: float,  # noqa: ARG002
    ) -> Ack:
        """Any 2xx is success; what failed comes again only where redelivery is switched on."""
        return webhooks.read_ack(state, updates, answer)

    def refusal(self, state: LineState, status: int, retry_after_s: int | None) -> HttpResponse:  # noqa: ARG002
        """LINE's words for a status."""
        return errors.refusal(status, retry_after_s)

    def handle(self, state: LineState, exchange: Exchange) -> Handled:
        """Answer a call of the bot. Never raises."""
        return routes.handle(state, exchange)

    def sign(self, state: LineState, body: bytes, now: float) -> HttpRequest:  # noqa: ARG002 (no date is signed)
        """A webhook with any body; see ``chatdrill.wire.Examinable``."""
        return webhooks.signed(state.webhook_url or "", state.secret, body)

    def unknown_event(self, state: LineState, to: str, now: float) -> bytes:
        """A webhook with an event of a kind that does not exist yet."""
        return probing.unknown_event(state, to, now)

    def decode(self, state: LineState, request: HttpRequest) -> Sequence[Said]:
        """What a webhook tells of; see ``chatdrill.wire.Readable``."""
        return list(decoding.read_webhook(json_object(request), partial(observing.pressed, state)))

    def meet(self, state: LineState, said: Said, customer: Customer, now: float) -> None:
        """Make a chat of the vendor's known."""
        observing.meet(state, said, customer, now)

    def observe(self, state: LineState, exchange: Exchange, response: HttpResponse) -> Observed:
        """What a call did, by the call and the vendor's answer."""
        return observing.observe(state, exchange, response)

    def owner_of(self, state: LineState, request: HttpRequest) -> str | None:  # noqa: ARG002
        """Whose call this is, where several workers hold the channel; see ``chatdrill.wire.doors.Divisible``."""
        return dividing.owner_of(request)


def _is_natural(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 10


platform: Platform[LineState] = Line()
