"""The face of a product: what Messenger and Instagram do alike."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar, cast

from chatdrill.model import Customer
from chatdrill.wire import (
    Ack,
    Arguments,
    Exchange,
    Handled,
    HttpFailure,
    HttpRequest,
    HttpResponse,
    Platform,
    Setting,
    Update,
    read_arguments,
)
from chatdrill.wire.reading import Observed, Said, json_object
from chatdrill_fakes.families import meta
from chatdrill_fakes.families.faces import Hooked

from . import decoding, dividing, limits, observing, probing
from .answering import answer, refusal
from .batch import answer_batch, is_batch
from .state import GraphChat, Shared
from .target import Api

S = TypeVar("S", bound=Shared)


class GraphWire(Hooked, ABC, Generic[S]):
    """The methods of ``chatdrill.wire.Platform`` that need to know nothing of the product but what is declared."""

    name: str
    settings: tuple[Setting, ...]
    body_max_bytes: int | None = None  # not documented for either
    api: ClassVar[Api]
    sharing: ClassVar[dividing.Sharing]

    @abstractmethod
    def serve(self, state: S, exchange: Exchange) -> Handled:
        """Answer a download."""

    @abstractmethod
    def chat_at(self, state: S, to: str, customer: Customer) -> GraphChat:
        """A chat at an address that the vendor gave."""

    def environment(self, state: S, base_url: str) -> dict[str, str]:
        """The settings, and the root of the API under the product's name: calls go to ``{root}/v25.0/me/messages``."""
        return {
            **{setting.env: state.settings[setting.name] for setting in self.settings},
            f"{self.name.upper()}_API_ROOT": base_url,
        }

    def claims(self, request: HttpRequest, state: S) -> bool:
        """Files of customers, nodes of this business, and every call with one of its tokens.

        An app may serve several of Meta's messengers; a subscription to another one's object is not ours.
        """
        if self.sharing.is_file(request.path):
            return True
        arguments = read_arguments(request)
        segments = meta.GraphPath.read(request.path).segments
        if arguments.values.get("object", state.product.object) != state.product.object:
            return False
        if segments[:1] != ("me",) and self.api.locate(state, segments)[0] not in ("", "root"):
            return True
        return self.is_login(state, arguments) or meta.access_token(request, arguments) in (
            state.page_token,
            state.app_token,
        )

    def is_login(self, state: S, arguments: Arguments) -> bool:  # noqa: ARG002 (a product may log people in)
        """True for a call without a token by which the app gets one."""
        return False

    def handshake(self, state: S) -> HttpRequest | None:
        """The GET with the three ``hub.`` arguments, where the bot has said where its webhook is."""
        if state.webhook_url is None:
            return None
        state.challenge = state.chance.digits(10)
        return meta.handshake_request(state.webhook_url, state.settings["verify_token"], state.challenge)

    def read_handshake(self, state: S, response: HttpResponse | HttpFailure) -> str | None:
        """Meta wants status 200 and the challenge, nothing else."""
        return meta.handshake_problem(response, state.challenge)

    def request(self, state: S, updates: Sequence[Update], now: float) -> HttpRequest:  # noqa: ARG002 (signed bodies carry no date)
        """One signed webhook; each update is an element of ``entry``."""
        head = b'{"object":"%b","entry":[' % state.product.object.encode()
        body = head + b",".join(update.body for update in updates) + b"]}"
        return meta.webhook_request(state.webhook_url or "", body, state.settings["app_secret"])

    def read_ack(self, state: S, updates: Sequence[Update], answer: HttpResponse | HttpFailure, now: float) -> Ack:
        """Only 200 counts. After an hour without one the app is unsubscribed from the Page."""
        if isinstance(answer, HttpResponse) and answer.status == 200:
            state.failing_since = None
            return Ack(True)
        at = now - _ahead_s(state, updates)
        if state.failing_since is None:
            state.failing_since = at
        elif at - state.failing_since >= limits.UNSUBSCRIBED_AFTER_S:
            state.page_fields = None
            state.resubscribe()
        return Ack(False, _problem(state, answer))

    def refusal(self, state: S, status: int, retry_after_s: int | None) -> HttpResponse:
        """A Graph error; 613 for status 429."""
        return refusal(state, meta.any_refusal(status, state.product.refusals.rate_limited(), retry_after_s), None)

    def handle(self, state: S, exchange: Exchange) -> Handled:
        """Answer a download, a batch or a call."""
        if self.sharing.is_file(exchange.request.path):
            return self.serve(state, exchange)
        return (answer_batch if is_batch(exchange) else answer)(self.api, state, exchange)

    def sign(self, state: S, body: bytes, now: float) -> HttpRequest:  # noqa: ARG002 (no date is signed)
        """A webhook with any body; see ``chatdrill.wire.Examinable``."""
        return probing.sign(state, body)

    def unknown_event(self, state: S, to: str, now: float) -> bytes:
        """An event of a kind that does not exist yet."""
        return probing.unknown_event(state, to, now)

    def decode(self, state: S, request: HttpRequest) -> Sequence[Said]:
        """What a webhook tells of; see ``chatdrill.wire.Readable``."""
        if request.method.upper() != "POST":
            return ()
        return list(decoding.read_webhook(json_object(request), state.product.object))

    def meet(self, state: S, said: Said, customer: Customer, now: float) -> None:
        """Make a chat of the vendor's known."""
        if said.to is not None:
            if said.to not in state.chats:
                state.chats[said.to] = self.chat_at(state, said.to, customer)
            observing.heard(state, state.chats[said.to], said, now)

    def observe(self, state: S, exchange: Exchange, response: HttpResponse) -> Observed:
        """What a call did, by the shadow account and the vendor's answer."""
        return observing.observe(cast("Platform[S]", self), state, exchange, response)

    def owner_of(self, state: S, request: HttpRequest) -> str | None:
        """Whose call this is, where several workers hold the account; see ``chatdrill.wire.doors.Divisible``."""
        return dividing.owner_of(self.sharing, state, request)

    def borrows(self, state: S, request: HttpRequest) -> Sequence[str]:
        """The files that a call names and this worker has not."""
        return dividing.borrows(state, request)

    def lend(self, state: S, id: str) -> bytes | None:
        """A file for another worker."""
        return dividing.lend(state, id)

    def borrow(self, state: S, loan: bytes) -> None:
        """Keep a file of another worker's."""
        dividing.borrow(state, loan)


def _ahead_s(state: Shared, updates: Sequence[Update]) -> float:
    """``now`` is the time of the first update's chat; how long the bot has failed is counted on the listener's clock."""
    chat = state.chats.get(updates[0].to or "") if updates else None
    return 0.0 if chat is None else chat.ahead_s


def _problem(state: Shared, answer: HttpResponse | HttpFailure) -> str:
    if isinstance(answer, HttpFailure):
        return f"{answer.kind} {answer.detail}".rstrip()
    return f"status {answer.status}; {state.product.title} wants 200"
