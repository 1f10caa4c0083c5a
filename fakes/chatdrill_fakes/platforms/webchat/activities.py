"""Activities as the bot is told them, and as it writes them.

Source: github.com/microsoft/botframework-sdk, Activity schema and specs/botframework-activity (2025-12).
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from chatdrill.wire import Update
from chatdrill_fakes.platforms.webchat.calls import refuse
from chatdrill_fakes.platforms.webchat.state import Json, WebChat, WebChatState

T = TypeVar("T")
Told = tuple[Update, ...]
_encode = msgspec.json.Encoder().encode


@lru_cache(maxsize=256)
def _second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")


@lru_cache(maxsize=64)
def stamp(at: float) -> tuple[str, str]:
    """A moment with seven decimals, as .NET writes it, and the same as browsers do."""
    second = int(at)
    moment = f"{_second(second)}.{min(int((at - second) * 1e7), 9_999_999):07d}Z"
    return moment, f"{moment[:23]}+00:00"


def activity(state: WebChatState, chat: WebChat, kind: str, at: float, id: str | None = None) -> Json:
    """What every activity to the bot has."""
    moment, shown = stamp(at)
    return {
        "type": kind,
        "id": id or chat.new_id(),
        "timestamp": moment,
        "localTimestamp": shown,
        "serviceUrl": state.service_url,
        "channelId": state.channel,
        "from": chat.user,
        "conversation": {"id": chat.address},
        "recipient": state.bot,
    }


def told(chat: WebChat, said: Json, at: float, mark: str = "") -> Update:
    """The update that an activity is; ``mark`` tells those of one message apart."""
    to, id = chat.address, said["id"] + mark
    return Update(id=id, kind=said["type"], to=to, lane=to, body=_encode(said), made_at=at)


# ------------------------------------------------------------------------------------------------------- of the bot


class Account(msgspec.Struct, frozen=True):
    """A ``ChannelAccount`` or ``ConversationAccount``."""

    id: str | None = None
    name: str | None = None


class CardAction(msgspec.Struct, frozen=True, rename="camel"):
    """What a button does."""

    type: str | None = None
    title: str | None = None
    value: Any = None
    text: str | None = None
    display_text: str | None = None
    image: str | None = None


class SuggestedActions(msgspec.Struct, frozen=True):
    """Chips above the input."""

    actions: tuple[CardAction, ...] = ()
    to: tuple[str, ...] | None = None


class Attachment(msgspec.Struct, frozen=True, rename="camel"):
    """A link, or content of its own (a card)."""

    content_type: str | None = None
    content_url: str | None = None
    content: Any = None
    name: str | None = None


class Reaction(msgspec.Struct, frozen=True):
    """A like or the like."""

    type: str = ""


class Activity(msgspec.Struct, frozen=True, rename="camel"):
    """The fields that mean something here; any others may come along."""

    type: str | None = None
    id: str | None = None
    timestamp: Any = None
    name: str | None = None
    text: str | None = None
    speak: str | None = None
    text_format: str | None = None
    input_hint: str | None = None
    attachment_layout: str | None = None
    reply_to_id: str | None = None
    value: Any = None
    sender: Account | None = msgspec.field(default=None, name="from")
    conversation: Account | None = None
    attachments: tuple[Attachment, ...] | None = None
    suggested_actions: SuggestedActions | None = None
    reactions_added: tuple[Reaction, ...] | None = None
    reactions_removed: tuple[Reaction, ...] | None = None
    channel_data: Any = None


def read(value: Any, kind: type[T]) -> T:
    """``value`` as ``kind``; raises ``Refused`` where a field has another type."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as problem:
        raise refuse(400, "BadArgument", str(problem)) from None


def read_activity(value: Any) -> Activity:
    """An activity that says what it is; raises ``Refused``."""
    found = read(value, Activity)
    if not found.type:
        raise refuse(400, "MissingProperty", "The 'Activity.Type' property is required")
    return found
