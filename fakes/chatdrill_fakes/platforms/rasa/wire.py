"""A page before a Rasa bot, as a platform: the face that the harness sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

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
    Update,
    json_response,
)
from chatdrill.wire.reading import Observed, Said, json_object
from chatdrill_fakes.families.faces import Hooked
from chatdrill_fakes.platforms.rasa import acts, declared, decoding, observing, probing, routes, webhooks
from chatdrill_fakes.platforms.rasa.coverage import COVERAGE
from chatdrill_fakes.platforms.rasa.limits import DELIVERY, LIMITS
from chatdrill_fakes.platforms.rasa.state import RasaChat, RasaState


class Rasa(Hooked):
    """Rasa's REST and callback channels, as of 3.6: whichever the bot answers by."""

    name = "rasa"
    title = "Rasa (REST, callback)"
    hosts: tuple[str, ...] = ()
    settings = declared.SETTINGS
    capabilities = declared.CAPABILITIES
    limits = LIMITS
    delivery = DELIVERY
    coverage = COVERAGE
    rules = probing.RULES
    reads = decoding.READS
    body_max_bytes: int | None = None  # not documented

    def open(self, settings: Mapping[str, str], chance: Stream) -> RasaState:
        """A fresh page. Raises ``SettingsError`` for a token that cannot stand in an address."""
        if not settings["callback_token"] or "/" in settings["callback_token"]:
            raise SettingsError("rasa.callback_token is a word that can stand in an address")
        return RasaState(settings=settings, chance=chance)

    def environment(self, state: RasaState, base_url: str) -> dict[str, str]:
        """``RASA_CALLBACK_URL`` is the ``url`` of the callback channel, for ``credentials.yml``; REST needs nothing."""
        return {
            "RASA_CALLBACK_TOKEN": state.token,
            "RASA_PROXY_TOKEN": state.settings["proxy_token"],
            "RASA_CALLBACK_URL": f"{base_url.rstrip('/')}{routes.CALLBACK}/{state.token}",
        }

    def claims(self, request: HttpRequest, state: RasaState) -> bool:
        """True for the callback's address."""
        return request.path == f"{routes.CALLBACK}/{state.token}"

    def join(self, state: RasaState, customer: Customer, ahead_s: float) -> str:
        """A visitor, by an id that the page has drawn."""
        address = f"web-{state.chance.hex(12)}"
        page = {"page": state.settings["page"], "name": customer.name, "language": customer.language}
        state.chats[address] = RasaChat(address=address, customer=customer, ahead_s=ahead_s, page=page)
        return address

    def encode(self, state: RasaState, to: str, act: Act, now: float) -> Sequence[Update]:
        """See ``Platform.encode``."""
        return acts.encode(state, to, act, now)

    def handshake(self, state: RasaState) -> HttpRequest | None:  # noqa: ARG002
        """Nothing: an address is not asked before it is used."""
        return None

    def read_handshake(self, state: RasaState, response: HttpResponse | HttpFailure) -> str | None:  # noqa: ARG002
        """Nothing is ever wrong with it."""
        return None

    def request(self, state: RasaState, updates: Sequence[Update], now: float) -> HttpRequest:  # noqa: ARG002
        """The message, with the word for the proxy."""
        return webhooks.request(state, updates[0].body)

    def read_ack(
        self,
        state: RasaState,  # noqa: ARG002
        updates: Sequence[Update],
        answer: HttpResponse | HttpFailure,
        now: float,  # noqa: ARG002
    ) -> Ack:
        """Any 2xx is success; what is in it are the bot's messages."""
        return webhooks.read_ack(updates, answer)

    def refusal(self, state: RasaState, status: int, retry_after_s: int | None) -> HttpResponse:  # noqa: ARG002
        """An error of the page's server."""
        headers = () if retry_after_s is None else (("Retry-After", str(retry_after_s)),)
        body = {"status": "failure", "message": f"status {status}", "code": status}
        return json_response(body, status=status, headers=headers)

    def handle(self, state: RasaState, exchange: Exchange) -> Handled:
        """What the bot says. Never raises."""
        return routes.handle(state, exchange)

    def sign(self, state: RasaState, body: bytes, now: float) -> HttpRequest:  # noqa: ARG002
        """A request with any body; see ``chatdrill.wire.Examinable``."""
        return webhooks.request(state, body)

    def unknown_event(self, state: RasaState, to: str, now: float) -> bytes:
        """A message with a field that does not exist yet."""
        return probing.unknown_event(state, to, now)

    def decode(self, state: RasaState, request: HttpRequest) -> Sequence[Said]:
        """What a message to the bot tells of; see ``chatdrill.wire.Readable``."""
        found = decoding.read_message(json_object(request), state.settings["start"], decoding.shown_in(state))
        # Messages have no id, and none is sent twice: the moment at which one came tells it from another one with the same words.
        return [
            said if said.update else msgspec.structs.replace(said, update=f"{said.to} {request.came_at}")
            for said in found
        ]

    def meet(self, state: RasaState, said: Said, customer: Customer, now: float) -> None:
        """Make a visitor known."""
        observing.meet(state, said, customer, now)

    def observe(self, state: RasaState, exchange: Exchange, response: HttpResponse) -> Observed:
        """What an answer or a callback said."""
        return observing.observe(self, state, exchange, response)

    def owner_of(self, state: RasaState, request: HttpRequest) -> str | None:  # noqa: ARG002
        """Whose message this is, where several workers are the page; see ``chatdrill.wire.doors.Divisible``."""
        try:
            found = msgspec.json.decode(request.body)["recipient_id"]
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError, TypeError):
            return None
        return found if isinstance(found, str) else None

    def borrows(self, state: RasaState, request: HttpRequest) -> Sequence[str]:  # noqa: ARG002
        """Nothing: a bot's files lie at addresses of its own."""
        return ()

    def lend(self, state: RasaState, id: str) -> bytes | None:  # noqa: ARG002
        """Nothing has an id that another worker could ask for."""
        return None

    def borrow(self, state: RasaState, loan: bytes) -> None:
        """Nothing is ever lent."""


platform: Platform[RasaState] = Rasa()
