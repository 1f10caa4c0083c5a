"""The Bot Connector as a platform: the face that the harness sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from chatdrill.errors import SettingsError
from chatdrill.model import Act, Customer
from chatdrill.seeds import Stream
from chatdrill.wire import Ack, Data, Exchange, Handled, Heard, HttpFailure, HttpRequest, HttpResponse, Platform, Update
from chatdrill.wire.reading import Observed, Said, json_object
from chatdrill_fakes.families.connector import errors, login
from chatdrill_fakes.families.faces import Hooked
from chatdrill_fakes.platforms.webchat import (
    acts,
    declared,
    decoding,
    directline,
    dividing,
    observing,
    probing,
    routes,
    webhooks,
)
from chatdrill_fakes.platforms.webchat.activities import Told
from chatdrill_fakes.platforms.webchat.coverage import COVERAGE
from chatdrill_fakes.platforms.webchat.limits import DELIVERY, LIMITS
from chatdrill_fakes.platforms.webchat.state import WebChat, WebChatState


class Connector(Hooked):
    """The Bot Connector (v3) between a site's chat and a bot, and Direct Line (3.0), as documented in 2025."""

    name = "webchat"
    title = "Web chat (Bot Connector, Direct Line)"
    hosts: tuple[str, ...] = (
        "webchat.botframework.com",
        "directline.botframework.com",
        login.HOST,
        login.METADATA_HOST,
    )
    settings = declared.SETTINGS
    capabilities = declared.CAPABILITIES
    limits = LIMITS
    delivery = DELIVERY
    coverage = COVERAGE
    rules = probing.RULES
    reads = decoding.READS
    body_max_bytes: int | None = None  # not documented for what a bot is told

    def open(self, settings: Mapping[str, str], chance: Stream) -> WebChatState:
        """A fresh channel. Raises ``SettingsError`` for a value that cannot be read."""
        if settings["delivery_mode"] not in declared.DELIVERY_MODES:
            known = ", ".join(declared.DELIVERY_MODES)
            raise SettingsError(f"webchat.delivery_mode is one of {known}, not {settings['delivery_mode']!r}")
        if not settings["token_valid_s"].isdecimal():
            raise SettingsError(f"webchat.token_valid_s are whole seconds, not {settings['token_valid_s']!r}")
        return WebChatState(settings=settings, chance=chance)

    def environment(self, state: WebChatState, base_url: str) -> dict[str, str]:
        """App id, password and tokens; ``WEBCHAT_SERVICE_URL`` is that of the activities, ``WEBCHAT_LOGIN_URL`` where tokens are given,
        ``WEBCHAT_OPENID_METADATA_URL`` where the keys are, and ``WEBCHAT_DIRECTLINE_URL`` where clients of Direct Line call. SDKs have these
        built in, and their logins refuse any address without TLS: they go through the redirect."""
        root = base_url.rstrip("/")
        known = {each.env: state.settings[each.name] for each in self.settings if each.name in declared.FOR_BOTS}
        return {
            **known,
            "WEBCHAT_SERVICE_URL": f"{root}/{state.region}/" if state.region else f"{root}/",
            "WEBCHAT_LOGIN_URL": f"{root}/botframework.com/oauth2/v2.0/token",
            "WEBCHAT_OPENID_METADATA_URL": f"{root}{login.METADATA_PATH}",
            "WEBCHAT_DIRECTLINE_URL": f"{root}/v3/directline",
        }

    def claims(self, request: HttpRequest, state: WebChatState) -> bool:
        """True for what carries one of the account's tokens, and for Direct Line."""
        if "/v3/directline/" in request.path:
            return True
        word = (request.header("authorization") or "").removeprefix("Bearer ")
        return word == state.settings["token"] or word.startswith("eyJ.")

    def join(self, state: WebChatState, customer: Customer, ahead_s: float) -> str:
        """A conversation; who speaks in it has an account of their own."""
        address = state.chance.base64url(22)
        user = {"id": f"dl_{state.chance.hex(16)}", "name": customer.name, "role": "user"}
        state.chats[address] = WebChat(address=address, customer=customer, ahead_s=ahead_s, user=user)
        state.people[str(user["id"])] = address
        return address

    def encode(self, state: WebChatState, to: str, act: Act, now: float) -> Told:
        """See ``Platform.encode``."""
        return acts.encode(state, to, act, now)

    def handshake(self, state: WebChatState) -> HttpRequest | None:  # noqa: ARG002
        """A messaging endpoint is not checked."""
        return None

    def read_handshake(self, state: WebChatState, response: HttpResponse | HttpFailure) -> str | None:  # noqa: ARG002
        """Nothing is ever wrong with it."""
        return None

    def request(self, state: WebChatState, updates: Sequence[Update], now: float) -> HttpRequest:
        """The activity, with the Connector's token."""
        return webhooks.signed(state, updates[0].body, updates[0].to or "", now)

    def read_ack(
        self,
        state: WebChatState,  # noqa: ARG002
        updates: Sequence[Update],
        answer: HttpResponse | HttpFailure,
        now: float,  # noqa: ARG002
    ) -> Ack:
        """Any 2xx is success; with ``expectReplies`` the bot's activities are in it."""
        return webhooks.read_ack(updates, answer)

    def refusal(self, state: WebChatState, status: int, retry_after_s: int | None) -> HttpResponse:  # noqa: ARG002
        """An error of the connector."""
        return errors.refusal(status, retry_after_s)

    def handle(self, state: WebChatState, exchange: Exchange) -> Handled:
        """Answer a call of the bot, or of a client of Direct Line. Never raises."""
        return routes.handle(state, exchange)

    def hears(self, state: WebChatState, socket: str, data: Data, now: float) -> Heard:  # noqa: ARG002
        """Clients say nothing over a stream but that they are there, by an empty message."""
        return Heard(trouble="a client speaks by POST, and its stream only listens" if data else None)

    def hung_up(self, state: WebChatState, socket: str, code: int, now: float) -> None:  # noqa: ARG002
        """A stream is closed."""
        directline.hung_up(state, socket)

    def sign(self, state: WebChatState, body: bytes, now: float) -> HttpRequest:
        """What the bot is told, with any body; see ``chatdrill.wire.Examinable``."""
        return webhooks.signed(state, body, "examination", now)

    def unknown_event(self, state: WebChatState, to: str, now: float) -> bytes:
        """An activity of a type that does not exist yet."""
        return probing.unknown_event(state, to, now)

    def decode(self, state: WebChatState, request: HttpRequest) -> Sequence[Said]:
        """What an activity tells of; see ``chatdrill.wire.Readable``."""
        return list(decoding.read_activity(json_object(request), partial(observing.pressed, state)))

    def meet(self, state: WebChatState, said: Said, customer: Customer, now: float) -> None:
        """Make a conversation of the vendor's known."""
        observing.meet(state, said, customer, now)

    def observe(self, state: WebChatState, exchange: Exchange, response: HttpResponse) -> Observed:
        """What a call did, by the call and the service's answer."""
        return observing.observe(state, exchange, response)

    def owner_of(self, state: WebChatState, request: HttpRequest) -> str | None:
        """Whose call this is, where several workers hold the account; see ``chatdrill.wire.doors.Divisible``."""
        return dividing.owner_of(state, request)

    def borrows(self, state: WebChatState, request: HttpRequest) -> Sequence[str]:  # noqa: ARG002
        """Nothing: a file is asked for where it was uploaded."""
        return ()

    def lend(self, state: WebChatState, id: str) -> bytes | None:  # noqa: ARG002
        """Nothing is ever asked for."""
        return None

    def borrow(self, state: WebChatState, loan: bytes) -> None:
        """Nothing is ever lent."""


platform: Platform[WebChatState] = Connector()
