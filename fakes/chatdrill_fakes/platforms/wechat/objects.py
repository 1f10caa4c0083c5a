"""What pushes are made of: the document of an event, and the update that carries it."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from chatdrill.model import Message, Part
from chatdrill.wire import Update
from chatdrill.wire.xml import legal, write_xml
from chatdrill_fakes.platforms.wechat import limits
from chatdrill_fakes.platforms.wechat.state import Json, WeChatChat, WeChatState

Told = tuple[Update, ...]


def document(state: WeChatState, fields: Json) -> bytes:
    """The exact bytes of a push before it is sealed: XML, or JSON with the same names where the account asks for that."""
    return msgspec.json.encode(_legal(fields)) if state.is_json else write_xml("xml", fields).encode()


def _legal(fields: Json) -> Json:
    return {name: legal(value) if isinstance(value, str) else value for name, value in fields.items()}


@dataclass(slots=True)
class Scene:
    """An act of a customer (or upon one) at drill time ``at``."""

    state: WeChatState
    chat: WeChatChat
    at: float

    def tell(self, kind: str, fields: Json, *, id: str) -> Told:
        """One push. ``id`` is what bots know a redelivery by: the MsgId of a message, of an event who did it and when."""
        to, state = self.chat.address, self.state
        body = document(state, {"ToUserName": state.account, "FromUserName": to, "CreateTime": int(self.at), **fields})
        return (Update(id=id, kind=kind, to=to, lane=to, body=body, made_at=self.at),)

    def event(self, name: str, fields: Json) -> Told:
        """An event. It has no MsgId; two of one second would be taken for one, so the second has the second after."""
        if int(self.at) <= self.chat.told_at:
            self.at = self.chat.told_at + 1.0
        self.chat.told_at = float(int(self.at))
        id = f"{self.chat.address}{int(self.at)}{name}"
        return self.tell(name, {"MsgType": "event", "Event": name, **fields}, id=id)

    def click(self) -> None:
        """The customer did something that lets the bot send a little for a minute."""
        chat = self.chat
        chat.grant(limits.CLICK_QUOTA, limits.CLICK_WINDOW_S, self.at)
        chat.opened, chat.spoken_at, chat.last_customer_at = True, self.at, self.at

    def message(self, kind: str, fields: Json, parts: tuple[Part, ...]) -> Told:
        """A message of the customer's. One that an agent is in charge of is not pushed."""
        chat, id = self.chat, self.state.new_message_id()
        chat.messages[id] = Message(ids=(id,), author="customer", parts=parts, at=self.at)
        chat.opened, chat.last_customer_at, chat.spoken_at = True, self.at, self.at
        if chat.session is not None and chat.session.agent:
            chat.session.active_at = self.at
            return ()
        behind = {name: fields.pop(name) for name in _BEHIND if name in fields}
        return self.tell(kind, {"MsgType": kind, **fields, "MsgId": int(id), **behind}, id=id)


_BEHIND = ("Recognition", "bizmsgmenuid")
"""Elements that stand behind the MsgId in WeChat's examples."""
