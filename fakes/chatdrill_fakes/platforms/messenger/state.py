"""What Meta's servers know about one Page, its app and its chats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chatdrill.wire import Bucket
from chatdrill_fakes.families.graph.state import GraphChat, GraphState, Json, profile_calls

from . import ids
from .product import PRODUCT


@dataclass(frozen=True, slots=True)
class Persona:
    """A name and a face that the bot may answer under."""

    id: str
    name: str
    picture: str


@dataclass(slots=True)
class UtilityTemplate:
    """A message that Meta approved beforehand."""

    id: str
    name: str
    language: str
    category: str
    status: str
    named: bool
    components: list[Json]


@dataclass(slots=True, kw_only=True)
class MessengerChat(GraphChat):
    """One person's thread with the Page; ``menu`` is a menu of their own."""

    labels: dict[str, None] = field(default_factory=dict)
    menu: list[Json] | None = None
    settings_calls: Bucket = field(default_factory=profile_calls)


@dataclass(kw_only=True)
class MessengerState(GraphState[MessengerChat]):
    """One Page with one app. ``human_app`` is the app that echoes of people's messages name."""

    personas: dict[str, Persona] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    templates: dict[str, UtilityTemplate] = field(default_factory=dict)
    user_refs: dict[str, str] = field(default_factory=dict)
    linking_tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    receivers: dict[str, str] = field(default_factory=lambda: {ids.PAGE_INBOX_APP: "Page Inbox"})
    human_app: int = ids.PAGE_INBOX_ECHO_APP

    def __post_init__(self) -> None:
        self.product = PRODUCT
        self.own_id = self.page_id = self.settings["page_id"]
        self.page_token = self.settings["page_token"]
        super().__post_init__()

    def taken_ids(self) -> tuple[Mapping[str, Any], ...]:
        """Personas and labels have ids of digits, too."""
        return (self.chats, self.assets, self.personas, self.labels)

    def draw_mid(self, chat: MessengerChat) -> str:  # noqa: ARG002 (nothing of the chat is in it)
        """``m_`` and base64."""
        return ids.mid(self.chance)
