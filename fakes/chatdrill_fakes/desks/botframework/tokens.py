"""What makes the bot believe the hub: a JSON Web Token as the Bot Connector signs them, a word that both know, or nothing."""

from __future__ import annotations

from typing import Any

from chatdrill_fakes.desks.botframework.state import BotFrameworkState
from chatdrill_fakes.families.connector import tokens

KEY_ID = "chatdrill-hub"
_ENDS = 4_102_444_800  # 2100: the clocks of a drill run ahead, and one token serves a whole run
_ENDED = 3_600  # 1970: over by any clock


def token_of(state: BotFrameworkState, base_url: str) -> str:
    """The token that the hub at ``base_url`` shows; empty for a bot without an app id, as the Emulator does it."""
    settings = state.settings
    if settings["hub_token"] or not settings["app_id"]:
        return settings["hub_token"]
    return _signed(settings["app_id"], base_url, _ENDS)


def wrong(state: BotFrameworkState) -> str:
    """One that nobody may believe."""
    head, dot, signature = token_of(state, state.base_url).rpartition(".")
    return f"{head}{dot}{signature[::-1]}" if dot else f"not-{signature}"


def stale(state: BotFrameworkState) -> str | None:
    """One that has run out; ``None`` where the token has no date."""
    has_date = state.settings["app_id"] and not state.settings["hub_token"]
    return _signed(state.settings["app_id"], state.base_url, _ENDED) if has_date else None


def _signed(app_id: str, base_url: str, ends: int) -> str:
    return tokens.signed(tokens.claims_of(app_id, f"{base_url}/", 0, ends), KEY_ID)


def keys(channel_id: str) -> dict[str, Any]:
    """The public key as a JSON Web Key Set, endorsed for the hub's channel."""
    return tokens.key_set(KEY_ID, [channel_id])
