"""Facebook Messenger: one Page, one app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdrill.model import Act, Customer
from chatdrill.seeds import Stream
from chatdrill.wire import (
    Exchange,
    Handled,
    HttpRequest,
    Limit,
    Setting,
    Update,
    read_arguments,
)
from chatdrill_fakes.families import meta
from chatdrill_fakes.families.graph import cdn, decoding
from chatdrill_fakes.families.graph.state import words
from chatdrill_fakes.families.graph.wire import GraphWire

from . import ids, probing
from .capabilities import CAPABILITIES
from .coverage import COVERAGE
from .dividing import SHARING
from .graph.routes import API
from .graph.target import locate
from .inbound.acts import encode
from .limits import DELIVERY, LIMITS
from .settings import SETTINGS
from .state import MessengerChat, MessengerState


class Messenger(GraphWire[MessengerState]):
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
    reads = decoding.MESSENGER
    api = API
    sharing = SHARING
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
        chat = self.chat_at(state, state.new_id(), customer)
        chat.ahead_s = ahead_s
        state.chats[chat.address] = chat
        state.threads[chat.thread_id] = chat.address
        return chat.address

    def chat_at(self, state: MessengerState, to: str, customer: Customer) -> MessengerChat:
        """A chat at an address."""
        return MessengerChat(address=to, customer=customer, thread_id=ids.thread_id(state.chance))

    def encode(self, state: MessengerState, to: str, act: Act, now: float) -> Sequence[Update]:
        """The elements of ``entry`` that tell the bot of an act."""
        return encode(state, to, act, now)

    def serve(self, state: MessengerState, exchange: Exchange) -> Handled:
        """Answer a download."""
        return cdn.serve(state, exchange)
