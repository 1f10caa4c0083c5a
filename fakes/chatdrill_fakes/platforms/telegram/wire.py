"""Telegram as a platform: what the kernel asks, answered by the modules beside this one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdrill.model import Act, Customer
from chatdrill.seeds import Stream
from chatdrill.wire import (
    Ack,
    Capabilities,
    Coverage,
    Delivery,
    Exchange,
    Handled,
    HttpFailure,
    HttpRequest,
    HttpResponse,
    Limit,
    Setting,
    Update,
)
from chatdrill.wire.reading import Observed, Said, json_object, observed_by_handling
from chatdrill_fakes.families.faces import Unchecked
from chatdrill_fakes.platforms.telegram import decoding, dividing, observing, probing
from chatdrill_fakes.platforms.telegram.capabilities import CAPABILITIES
from chatdrill_fakes.platforms.telegram.coverage import COVERAGE
from chatdrill_fakes.platforms.telegram.errors import any_refusal, error_response
from chatdrill_fakes.platforms.telegram.inbound import encode_act
from chatdrill_fakes.platforms.telegram.limits import LIMITS
from chatdrill_fakes.platforms.telegram.routing import handle_request
from chatdrill_fakes.platforms.telegram.settings import SETTINGS
from chatdrill_fakes.platforms.telegram.state import TelegramState, join, open_state
from chatdrill_fakes.platforms.telegram.updates import renumbered
from chatdrill_fakes.platforms.telegram.webhooks import DELIVERY, read_webhook_ack, webhook_request


class Telegram(Unchecked):
    """The Bot API 10.1, as one bot sees it. See ``chatdrill.wire.Platform`` for what the methods promise."""

    # The contract fixes the arguments; this vendor has no use for some of them.
    # ruff: noqa: ARG002

    name: str = "telegram"
    title: str = "Telegram"
    hosts: tuple[str, ...] = ("api.telegram.org",)
    settings: tuple[Setting, ...] = SETTINGS
    capabilities: Capabilities = CAPABILITIES
    limits: tuple[Limit, ...] = LIMITS
    delivery: Delivery = DELIVERY
    coverage: tuple[Coverage, ...] = COVERAGE
    rules = probing.RULES
    reads = decoding.READS
    body_max_bytes: int | None = None  # not documented

    def open(self, settings: Mapping[str, str], chance: Stream) -> TelegramState:
        """A fresh account of the bot."""
        return open_state(settings, chance)

    def environment(self, state: TelegramState, base_url: str) -> dict[str, str]:
        """``{TELEGRAM_API_ROOT}/bot{TELEGRAM_BOT_TOKEN}/<method>`` is where the bot calls."""
        return {
            "TELEGRAM_BOT_TOKEN": state.token,
            "TELEGRAM_API_ROOT": base_url,
            "TELEGRAM_WEBHOOK_SECRET": state.settings["webhook_secret"],
            "TELEGRAM_BOT_USERNAME": str(state.bot["username"]),
        }

    def claims(self, request: HttpRequest, state: TelegramState) -> bool:
        """True for the paths of the Bot API; no other platform has such."""
        return request.path.startswith(("/bot", "/file/bot"))

    def join(self, state: TelegramState, customer: Customer, ahead_s: float) -> str:
        """Give a customer an account; the address is the chat id."""
        return join(state, customer, ahead_s)

    def encode(self, state: TelegramState, to: str, act: Act, now: float) -> Sequence[Update]:
        """The updates of an act; raises ``Unsupported``."""
        return encode_act(state, to, act, now)

    def request(self, state: TelegramState, updates: Sequence[Update], now: float) -> HttpRequest:
        """The webhook that carries the one update."""
        return webhook_request(state, updates[0])

    def read_ack(
        self, state: TelegramState, updates: Sequence[Update], answer: HttpResponse | HttpFailure, now: float
    ) -> Ack:
        """What the bot's answer to a webhook means."""
        return read_webhook_ack(state, answer, now)

    def refusal(self, state: TelegramState, status: int, retry_after_s: int | None) -> HttpResponse:
        """The envelope with ``ok`` false; 429 says how long to wait in ``parameters``."""
        return error_response(any_refusal(status, retry_after_s))

    def handle(self, state: TelegramState, exchange: Exchange) -> Handled:
        """Answer a request of the bot."""
        return handle_request(state, exchange)

    def sign(self, state: TelegramState, body: bytes, now: float) -> HttpRequest:
        """A webhook with any body; see ``chatdrill.wire.Examinable``."""
        return probing.sign(state, body, now)

    def unknown_event(self, state: TelegramState, to: str, now: float) -> bytes:
        """An update of a kind that does not exist yet."""
        return probing.unknown_event(state, to, now)

    def decode(self, state: TelegramState, request: HttpRequest) -> Sequence[Said]:
        """What a webhook tells of; see ``chatdrill.wire.Readable``."""
        return list(decoding.read_update(json_object(request)))

    def fetched(self, state: TelegramState, request: HttpRequest, response: HttpResponse) -> Sequence[Said]:
        """What ``getUpdates`` brings."""
        return list(observing.fetched(request, response))

    def meet(self, state: TelegramState, said: Said, customer: Customer, now: float) -> None:
        """Make a chat of the vendor's known."""
        observing.meet(state, said, customer, now)

    def observe(self, state: TelegramState, exchange: Exchange, response: HttpResponse) -> Observed:
        """What a call did, by the vendor's answer; a call inside a webhook's answer gets none."""
        if exchange.source == "webhook_answer":
            return observed_by_handling(self, state, exchange, exchange.request, ())
        return observing.observe(state, exchange, response)

    def owner_of(self, state: TelegramState, request: HttpRequest) -> str | None:
        """Whose call this is, where several workers hold the account; see ``chatdrill.wire.doors.Divisible``."""
        return dividing.owner_of(state, request)

    def borrows(self, state: TelegramState, request: HttpRequest) -> Sequence[str]:
        """The files that a call names and this worker has not."""
        return dividing.borrows(state, request)

    def lend(self, state: TelegramState, id: str) -> bytes | None:
        """A file for another worker."""
        return dividing.lend(state, id)

    def borrow(self, state: TelegramState, loan: bytes) -> None:
        """Keep a file of another worker's."""
        dividing.borrow(state, loan)

    def wanted(self, state: TelegramState) -> list[str]:
        """The kinds of updates that the bot has asked for; see ``chatdrill.wire.doors.Pollable``."""
        return sorted(state.allowed)

    def want(self, state: TelegramState, kinds: Sequence[str]) -> None:
        """The bot has asked for these at another worker."""
        state.allowed = frozenset(kinds)

    def adopt(self, state: TelegramState, update: Update) -> Update:
        """Another worker's update under the next id of this one's."""
        return renumbered(state, update)
