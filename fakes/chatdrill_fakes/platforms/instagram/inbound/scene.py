"""Who acts at the account, when, and how the bot is told of it."""

from __future__ import annotations

from chatdrill_fakes.families.graph import scene

from ..state import InstagramChat, InstagramState

Scene = scene.Scene[InstagramState, InstagramChat]
