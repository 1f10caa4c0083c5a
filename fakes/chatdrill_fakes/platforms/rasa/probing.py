"""What is prescribed for the bot's side of the REST channel, and messages that were never seen."""

from __future__ import annotations

import msgspec

from chatdrill.wire import Matter, Rule
from chatdrill_fakes.platforms.rasa.acts import message
from chatdrill_fakes.platforms.rasa.state import RasaState

_CHANNELS = "rasa.com/docs, Your own website: REST and callback channels (3.x, 2025)"
RULES: dict[Matter, Rule] = {
    "signature": Rule("the channels look at nothing: a proxy before the bot lets those in who know a word", _CHANNELS),
    "acknowledgement": Rule(
        "the REST channel answers 200 with a list of messages, the callback channel with the word success", _CHANNELS
    ),
    "unknown": Rule("metadata is whatever the page puts there; other fields are ignored", _CHANNELS),
    "text": Rule("a message is a text of any script", _CHANNELS),
}


def unknown_event(state: RasaState, to: str, now: float) -> bytes:  # noqa: ARG001 - messages are not dated
    """A message without words, with a field that does not exist yet."""
    return msgspec.json.encode(
        {**message(state.chats[to], None, state.chance.hex(16)), "chatdrill_novelty": {"of": to}}
    )
