"""Facebook Messenger: one Page, one app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdrill.model import Act, Customer
from chatdrill.seeds import Stream
from chatdrill.wire import (
    Ack,
    Exchange,
    Handled,
    HttpFailure,
    HttpRequest,
    HttpResponse,
    Limit,
    Setting,
    Update,
    read_arguments,
)
from chatdrill_fakes.families import meta

from . import cdn, dividing, errors, ids, probing
from .capabilities import CAPABILITIES
from .coverage import COVERAGE
from .graph.answering import answer, refusal
from .graph.batch import answer_batch, is_batch
from .graph.target import locate
from .inbound.acts import encode
from .limits import DELIVERY, LIMITS, UNSUBSCRIBED_AFTER_S
from .settings import SETTINGS, words
from .state import MessengerChat, MessengerState


class Messenger:
    """The wire of Facebook Messenger; see ``chatdrill.wire.Platform``."""

    name = "messenger"
    title = "Facebook Messenger"
    hosts: tuple[str, ...] = (
        "graph.facebook.com",
        "scontent.xx.fbcdn.net",
        "cdn.fbsbx.com",
        "platform-lookaside.fbsbx.com",
    )
    settings: tuple[Setting, ...] = SETTINGS
    capabilities = CAPABILITIES
    limits: tuple[Limit, ...] = LIMITS
    delivery = DELIVERY
    coverage = COVERAGE
    rules = probing.RULES
    body_max_bytes: int | None = None  # not documented for Pages

    def open(self, settings: Mapping[str, str], chance: Stream) -> MessengerState:
        """A Page that is subscribed to the fields of the settings."""
        return MessengerState(settings=settings, chance=chance, page_fields=words(settings, "subscribed_fields"))

    def environment(self, state: MessengerState, base_url: str) -> dict[str, str]:
        """The settings, and ``MESSENGER_API_ROOT``: calls go to ``{root}/v25.0/me/messages``."""
        return {
            **{setting.env: state.settings[setting.name] for setting in SETTINGS},
            "MESSENGER_API_ROOT": base_url,
        }

    def claims(self, request: HttpRequest, state: MessengerState) -> bool:
        """Files of the network, nodes of this Page, and every call with one of its tokens.

        An app may serve several of Meta's messengers; a subscription to another one's object is not ours.
        """
        if request.path.startswith(cdn.PREFIX):
            return True
        arguments = read_arguments(request)
        segments = meta.GraphPath.read(request.path).segments
        if arguments.values.get("object", "page") != "page":
            return False
        if segments[:1] != ("me",) and locate(state, segments)[0] not in ("", "root"):
            return True
        return meta.access_token(request, arguments) in (state.page_token, state.app_token)

    def join(self, state: MessengerState, customer: Customer, ahead_s: float) -> str:
        """Give a customer a PSID of 16 digits and a thread with the Page."""
        chat = MessengerChat(
            address=state.new_id(), customer=customer, ahead_s=ahead_s, thread_id=ids.thread_id(state.chance)
        )
        state.chats[chat.address] = chat
        state.threads[chat.thread_id] = chat.address
        return chat.address

    def encode(self, state: MessengerState, to: str, act: Act, now: float) -> Sequence[Update]:
        """The elements of ``entry`` that tell the bot of an act."""
        return encode(state, to, act, now)

    def handshake(self, state: MessengerState) -> HttpRequest | None:
        """The GET with the three ``hub.`` arguments, where the bot has said where its webhook is."""
        if state.webhook_url is None:
            return None
        state.challenge = state.chance.digits(10)
        return meta.handshake_request(state.webhook_url, state.settings["verify_token"], state.challenge)

    def read_handshake(self, state: MessengerState, response: HttpResponse | HttpFailure) -> str | None:
        """Meta wants status 200 and the challenge, nothing else."""
        return meta.handshake_problem(response, state.challenge)

    def request(self, state: MessengerState, updates: Sequence[Update], now: float) -> HttpRequest:  # noqa: ARG002 (signed bodies carry no date)
        """One signed webhook; each update is an element of ``entry``."""
        body = b'{"object":"page","entry":[' + b",".join(update.body for update in updates) + b"]}"
        return meta.webhook_request(state.webhook_url or "", body, state.settings["app_secret"])

    def read_ack(
        self, state: MessengerState, updates: Sequence[Update], answer: HttpResponse | HttpFailure, now: float
    ) -> Ack:
        """Only 200 counts. After an hour without one the app is unsubscribed from the Page."""
        if isinstance(answer, HttpResponse) and answer.status == 200:
            state.failing_since = None
            return Ack(True)
        at = now - _ahead_s(state, updates)
        if state.failing_since is None:
            state.failing_since = at
        elif at - state.failing_since >= UNSUBSCRIBED_AFTER_S:
            state.page_fields = None
            state.resubscribe()
        return Ack(False, _problem(answer))

    def refusal(self, state: MessengerState, status: int, retry_after_s: int | None) -> HttpResponse:
        """A Graph error; 613 for status 429."""
        return refusal(state, meta.any_refusal(status, errors.rate_limited(), retry_after_s), None)

    def handle(self, state: MessengerState, exchange: Exchange) -> Handled:
        """Answer a download, a batch or a call."""
        if exchange.request.path.startswith(cdn.PREFIX):
            return cdn.serve(state, exchange)
        return answer_batch(state, exchange) if is_batch(exchange) else answer(state, exchange)

    def sign(self, state: MessengerState, body: bytes, now: float) -> HttpRequest:  # noqa: ARG002 (no date is signed)
        """A webhook with any body; see ``chatdrill.wire.Examinable``."""
        return probing.sign(state, body)

    def unknown_event(self, state: MessengerState, to: str, now: float) -> bytes:
        """An event of a kind that does not exist yet."""
        return probing.unknown_event(state, to, now)

    def owner_of(self, state: MessengerState, request: HttpRequest) -> str | None:
        """Whose call this is, where several workers hold the account; see ``chatdrill.wire.doors.Divisible``."""
        return dividing.owner_of(state, request)

    def borrows(self, state: MessengerState, request: HttpRequest) -> Sequence[str]:
        """The files that a call names and this worker has not."""
        return dividing.borrows(state, request)

    def lend(self, state: MessengerState, id: str) -> bytes | None:
        """A file for another worker."""
        return dividing.lend(state, id)

    def borrow(self, state: MessengerState, loan: bytes) -> None:
        """Keep a file of another worker's."""
        dividing.borrow(state, loan)


def _ahead_s(state: MessengerState, updates: Sequence[Update]) -> float:
    """``now`` is the time of the first update's chat; how long the bot has failed is counted on the listener's clock."""
    chat = state.chats.get(updates[0].to or "") if updates else None
    return 0.0 if chat is None else chat.ahead_s


def _problem(answer: HttpResponse | HttpFailure) -> str:
    if isinstance(answer, HttpFailure):
        return f"{answer.kind} {answer.detail}".rstrip()
    return f"status {answer.status}; Messenger wants 200"
