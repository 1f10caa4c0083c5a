"""Instagram messaging: one professional account, one app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatdrill.errors import SettingsError, did_you_mean
from chatdrill.model import Act, Customer
from chatdrill.seeds import Stream
from chatdrill.wire import Arguments, Exchange, Handled, Limit, Setting, Update
from chatdrill_fakes.families.graph import decoding
from chatdrill_fakes.families.graph.state import words
from chatdrill_fakes.families.graph.wire import GraphWire

from . import cdn, ids, probing
from .capabilities import CAPABILITIES
from .coverage import COVERAGE
from .dividing import SHARING
from .graph.routes import API
from .inbound.acts import encode
from .limits import DELIVERY, LIMITS
from .settings import LOGINS, SETTINGS
from .state import InstagramChat, InstagramState


class Instagram(GraphWire[InstagramState]):
    """The wire of Instagram; see ``chatdrill.wire.Platform``."""

    name = "instagram"
    title = "Instagram"
    hosts: tuple[str, ...] = (
        "graph.instagram.com",
        "graph.facebook.com",
        "api.instagram.com",
        "lookaside.fbsbx.com",
        "scontent.cdninstagram.com",
    )
    settings: tuple[Setting, ...] = SETTINGS
    capabilities = CAPABILITIES
    limits: tuple[Limit, ...] = LIMITS
    delivery = DELIVERY
    coverage = COVERAGE
    rules = probing.RULES
    reads = decoding.INSTAGRAM
    api = API
    sharing = SHARING

    def open(self, settings: Mapping[str, str], chance: Stream) -> InstagramState:
        """An account that is subscribed to the fields of the settings; raises ``SettingsError`` for an unknown login."""
        login = settings["login"]
        if login not in LOGINS:
            raise SettingsError(f"instagram has no login {login!r}{did_you_mean(login, LOGINS)}")
        fields = words(settings, "subscribed_fields")
        return InstagramState(settings=settings, chance=chance, page_fields=fields)

    def is_login(self, state: InstagramState, arguments: Arguments) -> bool:
        """True where the app names itself, as it does to exchange a code."""
        return arguments.values.get("client_id") == state.app_id

    def join(self, state: InstagramState, customer: Customer, ahead_s: float) -> str:
        """Give a customer an id that counts at this account only, of 16 digits, and a thread."""
        chat = self.chat_at(state, None, customer)
        chat.ahead_s = ahead_s
        return state.seat(chat)

    def chat_at(self, state: InstagramState, to: str | None, customer: Customer) -> InstagramChat:
        """A chat at an address, or at a new one."""
        number = ids.thread(state.chance)  # drawn first: one seed gives the ids that it always gave
        return InstagramChat(
            address=state.new_id() if to is None else to,
            customer=customer,
            thread_id=ids.thread_id(state.own_id, number, state.chance),
            thread=number,
        )

    def encode(self, state: InstagramState, to: str, act: Act, now: float) -> Sequence[Update]:
        """The elements of ``entry`` that tell the bot of an act."""
        return encode(state, to, act, now)

    def serve(self, state: InstagramState, exchange: Exchange) -> Handled:
        """Answer a download."""
        return cdn.serve(state, exchange)
