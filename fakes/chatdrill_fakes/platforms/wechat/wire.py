"""WeChat as a platform: the face that the harness sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdrill.errors import SettingsError
from chatdrill.model import Act, Customer
from chatdrill.seeds import Stream
from chatdrill.wire import Ack, Exchange, Handled, HttpFailure, HttpRequest, HttpResponse, Platform, Update
from chatdrill.wire.reading import Observed, Said
from chatdrill_fakes.families.faces import Hooked
from chatdrill_fakes.families.settings import check_number, check_word, for_bots
from chatdrill_fakes.platforms.wechat import (
    acts,
    crypto,
    declared,
    decoding,
    dividing,
    errors,
    ids,
    media,
    observing,
    probing,
    routes,
    webhooks,
)
from chatdrill_fakes.platforms.wechat.coverage import COVERAGE
from chatdrill_fakes.platforms.wechat.limits import DELIVERY, LIMITS
from chatdrill_fakes.platforms.wechat.state import MODES, WeChatChat, WeChatState


class WeChat(Hooked):
    """WeChat's service accounts (公众号, 服务号), as they were in autumn 2026."""

    name = "wechat"
    title = "WeChat"
    hosts: tuple[str, ...] = ("api.weixin.qq.com", "api2.weixin.qq.com", "file.api.weixin.qq.com", "mp.weixin.qq.com")
    settings = declared.SETTINGS
    capabilities = declared.CAPABILITIES
    limits = LIMITS
    delivery = DELIVERY
    coverage = COVERAGE
    rules = probing.RULES
    reads = decoding.READS
    body_max_bytes: int | None = None  # not documented for pushes

    def open(self, settings: Mapping[str, str], chance: Stream) -> WeChatState:
        """A fresh account. Raises ``SettingsError`` for a value that cannot be read."""
        check_word("wechat", settings, "mode", MODES)
        check_word("wechat", settings, "format", ("xml", "json"))
        check_word("wechat", settings, "account_type", ("verified", "test"))
        check_number("wechat", settings, "reply_quota", 1, 9_999_999)
        check_number("wechat", settings, "reply_hours", 1, 1000)
        crypto.key_of(settings["encoding_aes_key"])
        if settings["mode"] != "plain":
            crypto.check_available(settings["encoding_aes_key"])
        if not (settings["token"].isascii() and settings["token"].isalnum() and 3 <= len(settings["token"]) <= 32):
            raise SettingsError("wechat.token has 3 to 32 letters and digits")
        return WeChatState(settings=settings, chance=chance)

    def environment(self, state: WeChatState, base_url: str) -> dict[str, str]:
        """Ids, secrets and ``WECHAT_API_ROOT``: a call goes to ``{root}/cgi-bin/message/custom/send``."""
        known = for_bots(self.settings, declared.FOR_BOTS, state.settings)
        return {**known, "WECHAT_API_ROOT": base_url.rstrip("/")}

    def claims(self, request: HttpRequest, state: WeChatState) -> bool:
        """True for WeChat's own paths, and for whatever carries a token of the account."""
        return routes.claims(request, state)

    def join(self, state: WeChatState, customer: Customer, ahead_s: float) -> str:
        """Give a customer the openid by which this account alone knows them. They follow it, and have done nothing yet."""
        chat = WeChatChat(address=ids.open_id(state.chance), customer=customer, ahead_s=ahead_s)
        state.chats[chat.address] = chat
        return chat.address

    def encode(self, state: WeChatState, to: str, act: Act, now: float) -> Sequence[Update]:
        """See ``Platform.encode``."""
        return acts.encode(state, to, act, now)

    def handshake(self, state: WeChatState) -> HttpRequest | None:
        """The GET with an ``echostr``; ``None`` while there is no address."""
        if state.webhook_url is None:
            return None
        state.echo = state.chance.digits(16)
        return webhooks.check_request(state, state.echo, state.asked_at)

    def read_handshake(self, state: WeChatState, response: HttpResponse | HttpFailure) -> str | None:
        """What is wrong with the answer to the check, or ``None``."""
        return webhooks.check_problem(state, response)

    def request(self, state: WeChatState, updates: Sequence[Update], now: float) -> HttpRequest:
        """The signed push; one message or event each."""
        update = updates[0]
        return webhooks.pushed(state, update.to or "", update.id, update.body, now)

    def again(
        self,
        state: WeChatState,
        updates: Sequence[Update],
        request: HttpRequest,  # noqa: ARG002
        answer: HttpResponse | HttpFailure,  # noqa: ARG002
        number: int,  # noqa: ARG002
        now: float,
    ) -> HttpRequest:
        """The same, dated and signed anew; see ``chatdrill.wire.Resending``."""
        return self.request(state, updates, now)

    def read_ack(
        self,
        state: WeChatState,
        updates: Sequence[Update],
        answer: HttpResponse | HttpFailure,
        now: float,  # noqa: ARG002
    ) -> Ack:
        """Only status 200 is success; what is neither ``success`` nor nothing is a passive reply."""
        return webhooks.read_ack(state, updates, answer)

    def refusal(self, state: WeChatState, status: int, retry_after_s: int | None) -> HttpResponse:  # noqa: ARG002
        """Too many requests are 45011 inside an answer of 200; any other HTTP status comes from a gateway."""
        return errors.refusal(status)

    def handle(self, state: WeChatState, exchange: Exchange) -> Handled:
        """Answer a call of the bot. Never raises."""
        return routes.handle(state, exchange)

    def opened(self, state: WeChatState, request: HttpRequest) -> bytes:
        """What a push says, for the trace; see ``chatdrill.wire.Sealing``."""
        return webhooks.opened(state, request)

    def sign(self, state: WeChatState, body: bytes, now: float) -> HttpRequest:
        """A push with any body; see ``chatdrill.wire.Examinable``."""
        return webhooks.pushed(state, "", "", body, now)

    def unknown_event(self, state: WeChatState, to: str, now: float) -> bytes:
        """A push of a kind that does not exist yet."""
        return probing.unknown_event(state, to, now)

    def decode(self, state: WeChatState, request: HttpRequest) -> Sequence[Said]:
        """What a push tells of; a sealed one is opened by the account's key. See ``chatdrill.wire.Readable``."""
        fields = decoding.document_in(request.body)
        return list(decoding.read_push(decoding.unsealed(fields, state.key, state.app_id)))

    def meet(self, state: WeChatState, said: Said, customer: Customer, now: float) -> None:
        """Make a chat of the vendor's known."""
        observing.meet(state, said, customer, now)

    def observe(self, state: WeChatState, exchange: Exchange, response: HttpResponse) -> Observed:
        """What a call or a reply did, by the shadow account and the vendor's answer."""
        return observing.observe(self, state, exchange, response)

    def owner_of(self, state: WeChatState, request: HttpRequest) -> str | None:  # noqa: ARG002
        """Whose call this is, where several workers hold the account; see ``chatdrill.wire.doors.Divisible``."""
        return dividing.owner_of(request)

    def borrows(self, state: WeChatState, request: HttpRequest) -> Sequence[str]:
        """The files in a message that this worker has not."""
        return dividing.borrows(state, request)

    def lend(self, state: WeChatState, id: str) -> bytes | None:
        """A file of the bot's."""
        return media.lend(state, id)

    def borrow(self, state: WeChatState, loan: bytes) -> None:
        """Keep a file under its id."""
        media.borrow(state, loan)


platform: Platform[WeChatState] = WeChat()
