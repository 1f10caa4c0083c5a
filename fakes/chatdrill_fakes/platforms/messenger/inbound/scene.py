"""Who acts at the Page, when, and how the bot is told of it."""

from __future__ import annotations

from chatdrill_fakes.families.graph import scene

from ..state import MessengerChat, MessengerState

Scene = scene.Scene[MessengerState, MessengerChat]
