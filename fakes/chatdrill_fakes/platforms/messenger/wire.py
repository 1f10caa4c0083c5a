"""Facebook Messenger: one Page, one app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdrill.model import Act, Customer
from chatdrill.seeds import Stream
from chatdrill.wire import Exchange, Handled, Limit, Setting, Update
from chatdrill_fakes.families.graph import cdn, decoding
from chatdrill_fakes.families.graph.state import words
from chatdrill_fakes.families.graph.wire import GraphWire

from . import ids, probing
from .capabilities import CAPABILITIES
from .coverage import COVERAGE
from .dividing import SHARING
from .graph.routes import API
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

    def open(self, settings: Mapping[str, str], chance: Stream) -> MessengerState:
        """A Page that is subscribed to the fields of the settings."""
        return MessengerState(settings=settings, chance=chance, page_fields=words(settings, "subscribed_fields"))

    def join(self, state: MessengerState, customer: Customer, ahead_s: float) -> str:
        """Give a customer a PSID of 16 digits and a thread with the Page."""
        chat = self.chat_at(state, state.new_id(), customer)
        chat.ahead_s = ahead_s
        return state.seat(chat)

    def chat_at(self, state: MessengerState, to: str, customer: Customer) -> MessengerChat:
        """A chat at an address."""
        return MessengerChat(address=to, customer=customer, thread_id=ids.thread_id(state.chance))

    def encode(self, state: MessengerState, to: str, act: Act, now: float) -> Sequence[Update]:
        """The elements of ``entry`` that tell the bot of an act."""
        return encode(state, to, act, now)

    def serve(self, state: MessengerState, exchange: Exchange) -> Handled:
        """Answer a download."""
        return cdn.serve(state, exchange)
