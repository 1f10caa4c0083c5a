"""The WhatsApp Cloud API as a platform: the face that the harness sees."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from chatdrill.errors import SettingsError, did_you_mean
from chatdrill.model import Act, Customer
from chatdrill.seeds import Stream
from chatdrill.wire import Ack, Bucket, Exchange, Handled, HttpFailure, HttpRequest, HttpResponse, Platform, Update
from chatdrill.wire.reading import Observed, Said, json_object
from chatdrill_fakes.families import meta
from chatdrill_fakes.families.faces import Hooked, acknowledged
from chatdrill_fakes.families.settings import for_bots
from chatdrill_fakes.platforms.whatsapp import (
    declared,
    decoding,
    dividing,
    envelope,
    errors,
    ids,
    inbound,
    observing,
    probing,
    routes,
)
from chatdrill_fakes.platforms.whatsapp.coverage import COVERAGE
from chatdrill_fakes.platforms.whatsapp.default_templates import default_templates
from chatdrill_fakes.platforms.whatsapp.limits import ALLOWED_MAX, COEXISTENCE_PER_S, LIMITS, MESSAGES_PER_S
from chatdrill_fakes.platforms.whatsapp.state import Account, WhatsAppChat, WhatsAppState
from chatdrill_fakes.platforms.whatsapp.subscriptions import target

_NOT_DIGITS = re.compile(r"\D")


class WhatsApp(Hooked):
    """WhatsApp Business Platform, Cloud API, as it was in autumn 2026."""

    name = "whatsapp"
    title = "WhatsApp"
    hosts: tuple[str, ...] = ("graph.facebook.com", "lookaside.fbsbx.com")
    settings = declared.SETTINGS
    capabilities = declared.CAPABILITIES
    limits = LIMITS
    delivery = declared.DELIVERY
    coverage = COVERAGE
    rules = probing.RULES
    reads = decoding.READS
    body_max_bytes: int | None = probing.BODY_MAX_BYTES

    def open(self, settings: Mapping[str, str], chance: Stream) -> WhatsAppState:
        """A fresh account; raises ``SettingsError`` for an unknown quirk or too many allowed recipients."""
        quirks = frozenset(word.strip() for word in settings["quirks"].split(",") if word.strip())
        for word in quirks - set(declared.QUIRKS):
            raise SettingsError(f"whatsapp has no quirk {word!r}{did_you_mean(word, declared.QUIRKS)}")
        digits = _NOT_DIGITS.sub("", settings["display_phone_number"])
        state = WhatsAppState(
            settings={**settings, "display_phone_number": digits},
            chance=chance,
            quirks=quirks,
            allowed=_allowed(settings["allowed_recipients"]),
            account=Account(profile=dict(declared.PROFILE), documents=declared.documents()),
            templates=default_templates(),
        )
        per_s = COEXISTENCE_PER_S if state.on("coexistence") else MESSAGES_PER_S
        state.throughput = Bucket(per_s=per_s, burst=per_s)
        return state

    def environment(self, state: WhatsAppState, base_url: str) -> dict[str, str]:
        """Tokens and ids, and ``WHATSAPP_API_ROOT``: a call goes to ``{root}/v25.0/{phone number id}/messages``."""
        known = for_bots(self.settings, declared.FOR_BOTS, state.settings)
        return {**known, "WHATSAPP_API_ROOT": base_url.rstrip("/")}

    def claims(self, request: HttpRequest, state: WhatsAppState) -> bool:
        """True if the path begins with an id of this account or the call carries its token."""
        return routes.claims(request, state)

    def join(self, state: WhatsAppState, customer: Customer, ahead_s: float) -> str:
        """Give a customer a ``wa_id``: their number as WhatsApp spells it, or a near one if that is taken."""
        digits = ids.canonical(_NOT_DIGITS.sub("", customer.phone)) or f"4915{state.chance.digits(9)}"
        wa_id = state.free_number(digits)
        chat = WhatsAppChat(
            address=wa_id,
            customer=customer,
            ahead_s=ahead_s,
            wa_id=wa_id,
            user_id=ids.user_id(customer, state.chance),
        )
        state.chats[wa_id] = chat
        state.numbers[wa_id] = state.user_ids[chat.user_id] = wa_id
        return wa_id

    def encode(self, state: WhatsAppState, to: str, act: Act, now: float) -> Sequence[Update]:
        """See ``Platform.encode``."""
        return inbound.encode(state, to, act, now)

    def handshake(self, state: WhatsAppState) -> HttpRequest | None:
        """The GET with ``hub.challenge``; ``None`` while there is no callback."""
        if state.webhook_url is None:
            return None
        token = state.settings["verify_token"]
        return meta.handshake_request(state.webhook_url, token, ids.challenge(state.webhook_url, token))

    def read_handshake(self, state: WhatsAppState, response: HttpResponse | HttpFailure) -> str | None:
        """What is wrong with the callback's answer, or ``None``."""
        url = state.webhook_url or ""
        return meta.handshake_problem(response, ids.challenge(url, state.settings["verify_token"]))

    def request(self, state: WhatsAppState, updates: Sequence[Update], now: float) -> HttpRequest:  # noqa: ARG002
        """The signed webhook, to wherever it belongs."""
        return meta.webhook_request(target(state, updates), envelope.body(updates), state.settings["app_secret"])

    def read_ack(
        self,
        state: WhatsAppState,  # noqa: ARG002
        updates: Sequence[Update],  # noqa: ARG002
        answer: HttpResponse | HttpFailure,
        now: float,  # noqa: ARG002
    ) -> Ack:
        """Only status 200 is success; the body does not matter."""
        return acknowledged(answer, (200,), ", not 200")

    def refusal(self, state: WhatsAppState, status: int, retry_after_s: int | None) -> HttpResponse:
        """A Graph error; 130429 for status 429."""
        error = meta.any_refusal(status, errors.problem(130429), retry_after_s)
        return meta.error_response(error, state.chance)

    def handle(self, state: WhatsAppState, exchange: Exchange) -> Handled:
        """Answer a call of the bot. Never raises."""
        return routes.handle(state, exchange)

    def sign(self, state: WhatsAppState, body: bytes, now: float) -> HttpRequest:  # noqa: ARG002 (no date is signed)
        """A webhook with any body; see ``chatdrill.wire.Examinable``."""
        return probing.sign(state, body)

    def unknown_event(self, state: WhatsAppState, to: str, now: float) -> bytes:  # noqa: ARG002
        """A change of a field that does not exist yet."""
        return probing.unknown_event(state, to)

    def decode(self, state: WhatsAppState, request: HttpRequest) -> Sequence[Said]:  # noqa: ARG002
        """What a webhook tells of; see ``chatdrill.wire.Readable``."""
        return list(decoding.read_webhook(json_object(request))) if request.method.upper() == "POST" else []

    def meet(self, state: WhatsAppState, said: Said, customer: Customer, now: float) -> None:
        """Make a chat of the vendor's known."""
        observing.meet(state, said, customer, now)

    def observe(self, state: WhatsAppState, exchange: Exchange, response: HttpResponse) -> Observed:
        """What a call did, by the shadow account and the vendor's answer."""
        return observing.observe(self, state, exchange, response)

    def owner_of(self, state: WhatsAppState, request: HttpRequest) -> str | None:
        """Whose call this is, where several workers hold the account; see ``chatdrill.wire.doors.Divisible``."""
        return dividing.owner_of(state, request)

    def borrows(self, state: WhatsAppState, request: HttpRequest) -> Sequence[str]:
        """The files that a call names and this worker has not."""
        return dividing.borrows(state, request)

    def lend(self, state: WhatsAppState, id: str) -> bytes | None:
        """A file for another worker."""
        return dividing.lend(state, id)

    def borrow(self, state: WhatsAppState, loan: bytes) -> None:
        """Keep a file of another worker's."""
        dividing.borrow(state, loan)


def _allowed(setting: str) -> frozenset[str]:
    numbers = [_NOT_DIGITS.sub("", number) for number in setting.split(",") if number.strip()]
    if len(numbers) > ALLOWED_MAX:
        raise SettingsError(f"whatsapp lets a test number write to {ALLOWED_MAX} recipients, not to {len(numbers)}")
    return frozenset(ids.canonical(number) for number in numbers)


platform: Platform[WhatsAppState] = WhatsApp()
