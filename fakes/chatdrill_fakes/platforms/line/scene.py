"""What events are made of: the envelope, the source, the tokens."""

from __future__ import annotations

from typing import Any

import msgspec

from chatdrill.wire import Update
from chatdrill_fakes.platforms.line import ids
from chatdrill_fakes.platforms.line.state import Json, LineChat, LineState, ReplyToken

Told = tuple[Update, ...]
_encode = msgspec.json.Encoder().encode
REPLYABLE = frozenset(
    {
        "message", "messageEdited", "follow", "join", "memberJoined", "postback", "videoPlayComplete", "beacon", "accountLink",
        "membership",
    }
)  # fmt: skip
CHANNEL = frozenset({"module", "activated", "deactivated", "botSuspended", "botResumed"})
"""What is about the channel and no customer: it has no source."""


class Scene(msgspec.Struct):
    """An act of a customer (or upon one) at drill time ``at``; ``group`` is where it happens, if not between the two alone."""

    state: LineState
    chat: LineChat
    at: float
    group: str = ""

    def source(self, *, anonymous: bool = False) -> Json:
        """Who did it, and where."""
        if not self.group:
            return {"type": "user", "userId": self.chat.address}
        user = {} if anonymous else {"userId": self.chat.address}
        if self.group[0] == "C":
            return {"type": "group", "groupId": self.group, **user}
        return {"type": "room", "roomId": self.group, **user}

    def tell(self, event: str, fields: Json, *, anonymous: bool = False, kind: str = "") -> Told:
        """One event. ``fields`` may replace what every event has; ``None`` takes it away."""
        state, to = self.state, self.chat.address
        id = ids.event_id(state.chance, self.at)
        head: Json = {
            "type": event,
            "mode": "standby" if state.standby else "active",
            "timestamp": ids.millis(self.at),
            "source": None if event in CHANNEL else self.source(anonymous=anonymous),
            "webhookEventId": id,
            "deliveryContext": {"isRedelivery": False},
        }
        if event in REPLYABLE and not state.standby and "replyToken" not in fields:
            head["replyToken"] = self._reply_token(id)
        body: dict[str, Any] = {**head, **fields}
        if None in body.values():
            body = {key: value for key, value in body.items() if value is not None}
        return (Update(id=id, kind=kind or event, to=to, lane=to, body=_encode(body), made_at=self.at),)

    def _reply_token(self, event: str) -> str:
        token = ids.reply_token(self.state.chance)
        kept = ReplyToken(self.chat.address, self.at, self.at, self.group)
        self.state.replies[token] = self.state.told[event] = kept
        return token

    def quotable(self, message_id: str) -> Json:
        """The token by which the bot may quote a message."""
        token = ids.opaque(self.state.chance)
        self.state.quotes[token] = (self.group or self.chat.address, message_id)
        return {"quoteToken": token}

    def markable(self, message_id: str) -> Json:
        """The token by which the bot may mark a message as read."""
        token = ids.opaque(self.state.chance)
        self.state.marks[token] = (self.chat.address, message_id)
        return {"markAsReadToken": token}
