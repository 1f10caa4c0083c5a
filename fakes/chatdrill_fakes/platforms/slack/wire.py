"""Slack as a platform: the face that the harness sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from chatdrill.model import Act, Customer
from chatdrill.seeds import Stream
from chatdrill.wire import (
    Ack,
    Data,
    Exchange,
    Handled,
    Heard,
    HttpFailure,
    HttpRequest,
    HttpResponse,
    Platform,
    SocketMessage,
    Update,
)
from chatdrill.wire.reading import Observed, Said
from chatdrill_fakes.families.faces import Hooked, Unlent
from chatdrill_fakes.families.settings import check_word, for_bots
from chatdrill_fakes.platforms.slack import (
    acts,
    declared,
    decoding,
    dividing,
    errors,
    links,
    observing,
    probing,
    routes,
    webhooks,
)
from chatdrill_fakes.platforms.slack.coverage import COVERAGE
from chatdrill_fakes.platforms.slack.limits import DELIVERY, LIMITS
from chatdrill_fakes.platforms.slack.objects import CHANNEL_NAME
from chatdrill_fakes.platforms.slack.state import Room, SlackChat, SlackState


class Slack(Hooked, Unlent):
    """Slack's platform for apps, as it was in autumn 2026."""

    name = "slack"
    title = "Slack"
    hosts: tuple[str, ...] = (
        "slack.com",
        "www.slack.com",
        "api.slack.com",
        "files.slack.com",
        "hooks.slack.com",
        "wss-primary.slack.com",
        "wss-backup.slack.com",
    )
    settings = declared.SETTINGS
    capabilities = declared.CAPABILITIES
    limits = LIMITS
    delivery = DELIVERY
    coverage = COVERAGE
    rules = probing.RULES
    reads = decoding.READS
    body_max_bytes: int | None = None  # not documented for events

    def open(self, settings: Mapping[str, str], chance: Stream) -> SlackState:
        """A fresh app in a workspace with one channel. Raises ``SettingsError`` for a value that cannot be read."""
        check_word("slack", settings, "customers", ("members", "guests", "strangers"))
        check_word("slack", settings, "file_login", ("redirect", "page"))
        state = SlackState(settings=settings, chance=chance)
        channel = settings["channel"]
        state.rooms[channel] = Room(channel, "channel", CHANNEL_NAME, 1_700_000_000)
        return state

    def environment(self, state: SlackState, base_url: str) -> dict[str, str]:
        """Tokens, secrets and ids, and ``SLACK_API_ROOT``: a call goes to ``{root}chat.postMessage``."""
        known = for_bots(self.settings, declared.FOR_BOTS, state.settings)
        return {**known, "SLACK_API_ROOT": f"{base_url.rstrip('/')}/{routes.ROOT}/"}

    def claims(self, request: HttpRequest, state: SlackState) -> bool:
        """True for Slack's own paths, and for whatever carries one of the tokens."""
        return routes.claims(request, state)

    def join(self, state: SlackState, customer: Customer, ahead_s: float) -> str:
        """Give a customer an account in the workspace, and a direct message with the bot."""
        user, dm = state.new_id("U"), state.new_id("D")
        state.chats[user] = SlackChat(address=user, customer=customer, ahead_s=ahead_s, dm=dm)
        state.rooms[dm] = Room(dm, "im", "", 1_789_990_000, user, {user: None})
        return user

    def encode(self, state: SlackState, to: str, act: Act, now: float) -> Sequence[Update]:
        """See ``Platform.encode``."""
        return acts.encode(state, to, act, now)

    def handshake(self, state: SlackState) -> HttpRequest | None:
        """The challenge; ``None`` while there is no address, and in Socket Mode."""
        if state.webhook_url is None or state.comes_by_itself:
            return None
        return webhooks.verification(state, state.webhook_url, state.asked_at)

    def read_handshake(self, state: SlackState, response: HttpResponse | HttpFailure) -> str | None:
        """What is wrong with the answer to the challenge, or ``None``."""
        return webhooks.problem_of(state.webhook_url or "", response)

    def request(self, state: SlackState, updates: Sequence[Update], now: float) -> HttpRequest:
        """The signed request, or in Socket Mode the envelope; one update each."""
        if state.comes_by_itself:
            return links.enveloped(state, updates[0])
        return webhooks.request(state, updates[0], now)

    def again(
        self,
        state: SlackState,
        updates: Sequence[Update],
        request: HttpRequest,
        answer: HttpResponse | HttpFailure,
        number: int,
        now: float,
    ) -> HttpRequest:
        """The same, with the number of the retry and its reason; see ``chatdrill.wire.Resending``."""
        if isinstance(request, SocketMessage):
            return links.again(state, updates, answer, number)
        return webhooks.again(state, request, answer, number, now)

    def read_ack(
        self,
        state: SlackState,  # noqa: ARG002
        updates: Sequence[Update],
        answer: HttpResponse | HttpFailure,
        now: float,  # noqa: ARG002
    ) -> Ack:
        """A 2xx is success; what answers a command or a submission is a call of the bot."""
        return webhooks.read_ack(updates, answer)

    def hears(self, state: SlackState, socket: str, data: Data, now: float) -> Heard:  # noqa: ARG002
        """What the bot said over a WebSocket; see ``chatdrill.wire.Conversing``."""
        return links.hears(data)

    def hung_up(self, state: SlackState, socket: str, code: int, now: float) -> None:  # noqa: ARG002
        """A WebSocket is closed."""
        links.hung_up(state, socket)

    def refusal(self, state: SlackState, status: int, retry_after_s: int | None) -> HttpResponse:  # noqa: ARG002
        """The Web API's error for an HTTP status."""
        return errors.refusal(status, retry_after_s)

    def handle(self, state: SlackState, exchange: Exchange) -> Handled:
        """Answer a call of the bot. Never raises."""
        return routes.handle(state, exchange)

    def sign(self, state: SlackState, body: bytes, now: float) -> HttpRequest:
        """An event with any body; see ``chatdrill.wire.Examinable``."""
        return webhooks.signed(state, state.webhook_url or "", body, now)

    def unknown_event(self, state: SlackState, to: str, now: float) -> bytes:
        """An event of a kind that does not exist yet."""
        return probing.unknown_event(state, to, now)

    def decode(self, state: SlackState, request: HttpRequest) -> Sequence[Said]:
        """What an event, an interaction or a command tells of; see ``chatdrill.wire.Readable``."""
        return list(decoding.read_body(decoding.body_in(request), partial(observing.owner_of, state)))

    def meet(self, state: SlackState, said: Said, customer: Customer, now: float) -> None:
        """Make a customer known, and where they are."""
        observing.meet(state, said, customer, now)

    def observe(self, state: SlackState, exchange: Exchange, response: HttpResponse) -> Observed:
        """What a call did, by the call and the vendor's answer."""
        return observing.observe(self, state, exchange, response)

    def owner_of(self, state: SlackState, request: HttpRequest) -> str | None:
        """Whose call this is, where several workers hold the account; see ``chatdrill.wire.doors.Divisible``."""
        return dividing.owner_of(state, request)


platform: Platform[SlackState] = Slack()
