"""Customer messages, the sign that somebody types, template messages.

Source: developers.weixin.qq.com, customer messages, typing, template messages; notice on reply quotas of 12 June 2023.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.model import Activity, Event, Keyboard, Message, Part, Sent, Template
from chatdrill.wire import Later
from chatdrill_fakes.platforms.wechat import limits
from chatdrill_fakes.platforms.wechat.calls import Answered, Asked
from chatdrill_fakes.platforms.wechat.contents import parts_of
from chatdrill_fakes.platforms.wechat.errors import ApiError
from chatdrill_fakes.platforms.wechat.state import WeChatChat, WeChatState


def custom_send(asked: Asked) -> Answered:
    """One message to a customer who has done something lately. No id is returned: nothing can be changed or followed later."""
    chat, kind = asked.person("touser"), asked.values.get("msgtype")
    parts = parts_of(asked, kind, asked.values.get(kind) if isinstance(kind, str) else None)
    sender = _sender(asked)
    at = chat.at(asked.now)
    check_reachable(chat)
    _spend(chat, at)
    sent = deliver(asked.state, chat, parts, at, sender)
    return Answered(to=chat.address, label=str(kind), effects=(sent,))


def _sender(asked: Asked) -> str | None:
    """The agent whose name and picture the message shows."""
    given = asked.values.get("customservice")
    if given is None:
        return None
    account = given.get("kf_account") if isinstance(given, dict) else None
    agent = asked.state.agents.get(account) if isinstance(account, str) else None
    if agent is None:
        raise ApiError(65401, f"there is no account {str(account)[:60]!r}")
    return agent.nick


def check_reachable(chat: WeChatChat) -> None:
    """Raises what a scenario has ordered, and 43004 for who does not follow the account."""
    if chat.fails_next:
        raise ApiError(chat.fails_next.pop(0))
    if not chat.subscribed:
        raise ApiError(43004)


def _spend(chat: WeChatChat, at: float) -> None:
    """Count a message; last, so that a refused one costs nothing."""
    if at > chat.window_ends:
        raise ApiError(45015, "the customer has done nothing that lets the bot write now")
    if chat.remaining <= 0:
        raise ApiError(45047, "as many were sent as the customer's last act allows")
    chat.remaining -= 1


def deliver(
    state: WeChatState, chat: WeChatChat, parts: tuple[Part, ...], at: float, sender: str | None = None
) -> Sent:
    """Put a message into the chat; WeChat tells no id, so the fake keeps one of its own."""
    id = state.new_message_id()
    message = Message(ids=(id,), author="bot", parts=parts, at=at, sender=sender)
    chat.messages[id] = message
    choices = tuple(button for part in parts if isinstance(part, Keyboard) for button in part.buttons)
    if choices:
        chat.pressables[id] = choices
    chat.typing_until, chat.spoken_at = float("-inf"), max(chat.spoken_at, at)
    return Sent(to=chat.address, message=message)


def typing(asked: Asked) -> Answered:
    """The customer sees for fifteen seconds, or until a message, that somebody types."""
    chat, command = asked.person("touser"), asked.values.get("command")
    if command not in ("Typing", "CancelTyping"):
        raise ApiError(45072, "command is Typing or CancelTyping")
    if asked.state.is_test:
        raise ApiError(48001, "a test account has no typing")
    check_reachable(chat)
    at = chat.at(asked.now)
    if command == "CancelTyping":
        chat.typing_until = float("-inf")
        return Answered(to=chat.address, label=str(command))
    if at - chat.spoken_at > limits.TYPING_AFTER_S:
        raise ApiError(45080)
    if at < chat.typing_until:
        raise ApiError(45081)
    chat.typing_until = at + limits.TYPING_LIFE_S
    return Answered(to=chat.address, label=str(command), effects=(Activity(to=chat.address, action="typing"),))


def template_send(asked: Asked) -> Answered:
    """A message from an approved template: any time, to whoever follows the account."""
    chat, state = asked.person("touser"), asked.state
    template, data = asked.given("template_id", 40037), asked.values.get("data")
    if template not in state.templates:
        raise ApiError(40037, f"the account has {', '.join(state.templates) or 'none'}")
    words = _filled(data)
    check_reachable(chat)
    state.jobs += 1
    text = "\n".join(words)
    part = Template(name=template, language=chat.customer.language, parameters=tuple(words), text=text)
    sent = deliver(state, chat, (part,), chat.at(asked.now))
    done = Event(name="TEMPLATESENDJOBFINISH", data={"MsgID": state.jobs, "Status": "success"})
    later = (Later(limits.SOON_S, chat.address, done),)
    return Answered({"msgid": state.jobs}, to=chat.address, effects=(sent,), later=later)


def _filled(data: Any) -> list[str]:
    if not isinstance(data, dict) or not data:
        raise ApiError(40097, "data is no object with values")
    values = [each.get("value") if isinstance(each, Mapping) else None for each in data.values()]
    if not all(isinstance(value, str | int | float) for value in values):
        raise ApiError(40097, "each of data is an object with a value")
    return [str(value) for value in values]
