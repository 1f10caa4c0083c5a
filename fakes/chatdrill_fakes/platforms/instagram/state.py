"""What Meta's servers know about one professional account, its app and its chats."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

from chatdrill_fakes.families.graph.state import GraphChat, GraphState, is_on

from . import ids
from .product import LOGIN, PAGE


@dataclass(slots=True, kw_only=True)
class InstagramChat(GraphChat):
    """One person's thread with the account. ``thread`` is its number; ``consented``: the profile may be read."""

    thread: str
    consented: bool = False


@dataclass(kw_only=True)
class InstagramState(GraphState[InstagramChat]):
    """One professional account with one app; ``scoped_id`` is its own id as the app sees it, ``own_ids`` are the nodes of the API that are
    the account, or the Page through which it is reached."""

    receivers: dict[str, str] = field(default_factory=lambda: {ids.INBOX_APP: "Instagram inbox"})

    def __post_init__(self) -> None:
        self.by_page = self.settings["login"] == "page"
        self.product = PAGE if self.by_page else LOGIN
        self.page_fields = tuple(name for name in self.page_fields or () if name in self.product.fields)
        self.own_id = self.settings["account_id"]
        self.page_id = self.settings["page_id"] if self.by_page else ""
        self.scoped_id = f"25{int(sha256(self.own_id.encode()).hexdigest(), 16) % 10**15:015}"
        self.own_ids = ("me", self.own_id, self.page_id if self.by_page else self.scoped_id)
        self.page_token = self.settings["token"]
        self.human_agent = is_on(self.settings, "human_agent")
        super().__post_init__()

    def draw_mid(self, chat: InstagramChat) -> str:
        """Some 180 characters that say nothing to a bot."""
        return ids.mid(self.own_id, chat.thread, self.chance)


def username_of(chat: InstagramChat) -> str:
    """The name that stands in links; customers without one get it from their name."""
    customer = chat.customer
    plain = customer.username or f"{customer.first_name}.{customer.last_name[:1]}"
    return "".join(sign for sign in plain.lower() if sign.isalnum() or sign in "._").strip(".") or chat.address
