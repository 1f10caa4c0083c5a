"""What is prescribed for the bot's side of the connector, and activities that were never seen."""

from __future__ import annotations

import msgspec

from chatdrill.wire import Matter, Rule
from chatdrill_fakes.platforms.webchat.activities import activity
from chatdrill_fakes.platforms.webchat.state import WebChatState

_AUTHENTICATION = "learn.microsoft.com, Authenticate requests from the Bot Connector service to your bot (2025)"
_ACTIVITY = "github.com/microsoft/botframework-sdk, specs/botframework-activity (2025-12)"
_CONNECTOR = "learn.microsoft.com, Bot Connector REST API reference (2025)"
RULES: dict[Matter, Rule] = {
    "signature": Rule(
        "the bearer's token is signed by a published key (RS256); its issuer, its audience (the app id), its dates with 5 minutes of "
        "skew and its serviceurl are right, and the key is endorsed for the channel; else the bot answers 403 or 401",
        _AUTHENTICATION,
    ),
    "acknowledgement": Rule("success is 200, 201 or 202 within 15 s; nothing is sent again", _CONNECTOR),
    "unknown": Rule("types and properties that are not known are ignored", _ACTIVITY),
    "text": Rule("a text is of any script, in Markdown or plain", _ACTIVITY),
}


def unknown_event(state: WebChatState, to: str, now: float) -> bytes:
    """An activity of a type that does not exist yet."""
    return msgspec.json.encode({**activity(state, state.chats[to], "chatdrillNovelty", now), "value": {"of": to}})
