"""Strategies: drawn texts, messages, customers, agents, faults, webhooks and whole conversations, for Hypothesis and for ``chatdrill fuzz``.

The names below need Hypothesis (``pip install 'chatdrill[fuzz]'``) and are imported when they are first used; the dialog machine does not.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatdrill.strategies.given import agents as agents
    from chatdrill.strategies.given import bursts as bursts
    from chatdrill.strategies.given import conversations as conversations
    from chatdrill.strategies.given import customers as customers
    from chatdrill.strategies.given import dialogs as dialogs
    from chatdrill.strategies.given import faults as faults
    from chatdrill.strategies.given import messages as messages
    from chatdrill.strategies.given import payloads as payloads
    from chatdrill.strategies.given import texts as texts

__all__ = ["agents", "bursts", "conversations", "customers", "dialogs", "faults", "messages", "payloads", "texts"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'chatdrill.strategies' has no attribute {name!r}")
    return getattr(import_module("chatdrill.strategies.given"), name)
