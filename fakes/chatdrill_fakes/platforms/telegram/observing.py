"""What a call did at Telegram, by the vendor's own answer: methods that send give the whole message back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import msgspec

from chatdrill.model import (
    Activity,
    Customer,
    Deleted,
    Edited,
    Effect,
    Message,
    Part,
    Press,
    PressAnswered,
    Reacted,
    Sent,
)
from chatdrill.wire import Call, Exchange, HttpRequest, HttpResponse
from chatdrill.wire.reading import Observed, Said, answered_object, raw_message, refused
from chatdrill_fakes.platforms.telegram.arguments import Arguments, BadJson, read_call
from chatdrill_fakes.platforms.telegram.coverage import BY_LOWER_NAME, SUPPORT
from chatdrill_fakes.platforms.telegram.decoding import parts_of, read_update
from chatdrill_fakes.platforms.telegram.errors import ApiError
from chatdrill_fakes.platforms.telegram.keyboards import read_markup
from chatdrill_fakes.platforms.telegram.state import Press as Pressed
from chatdrill_fakes.platforms.telegram.state import TelegramState, new_chat, private_card, user_card

Json = Mapping[str, Any]
_POLL = "getUpdates"


def meet(state: TelegramState, said: Said, customer: Customer, now: float) -> None:
    """Make a chat of the vendor's known."""
    if said.to is None:
        return
    chat = state.chats.get(said.to)
    if chat is None:
        number = int(said.to) if said.to.lstrip("-").isdigit() else 0
        user = user_card(number, customer)
        chat = state.chats[said.to] = new_chat(state, customer, user, private_card(user), "private", 0.0)
    chat.opened, chat.last_customer_at = True, now
    if isinstance(said.act, Press) and said.ids:
        state.presses[said.ids[0]] = Pressed(chat=chat, made_at=now)


def fetched(request: HttpRequest, response: HttpResponse) -> Iterator[Said]:
    """What an answer to ``getUpdates`` brings."""
    if _method(request) != _POLL or response.status != 200:
        return
    updates = _result(response)
    for update in updates if isinstance(updates, list) else ():
        yield from read_update(update)


def observe(state: TelegramState, exchange: Exchange, response: HttpResponse) -> Observed:
    """What a call did that the vendor answered."""
    name = _method(exchange.request)
    if not name:
        return Observed()
    try:
        arguments = read_call(exchange.request, has_query="?" in exchange.request.url)
    except ApiError as error:
        return Observed(call=Call(name, ok=False, error=error.description), unread=error.description)
    to = arguments.text("chat_id") or None
    call = Call(name, to, arguments.readable(), support=SUPPORT.get(name, "unknown"))
    envelope = answered_object(response)
    if not envelope.get("ok"):
        return refused(call, str(envelope.get("description") or f"status {response.status}"))
    try:
        effects = tuple(_effects(state, name, arguments, envelope.get("result"), exchange.now))
    except (KeyError, TypeError, AttributeError, IndexError, ValueError, ApiError, BadJson) as error:
        return Observed(call=call, unread=f"an answer of {name} that is not as documented: {error!r}")
    unread = name if not effects and name.startswith(_SPEAKING) and name not in _SILENT else None
    return Observed(call=call, effects=effects, unread=unread)


_SPEAKING = ("send", "edit", "forward", "copy", "delete", "answerCallback")
_SILENT = frozenset(("deleteWebhook", "deleteMyCommands", "editMessageLiveLocation"))


def _method(request: HttpRequest) -> str:
    parts = [part for part in unquote(request.path).split("/") if part]
    if len(parts) < 2 or not parts[0].startswith("bot"):
        return ""
    return BY_LOWER_NAME.get(parts[-1].lower(), parts[-1])


def _result(response: HttpResponse) -> Any:
    return answered_object(response).get("result")


# -------------------------------------------------------------------------------------------------------------- effects


def _effects(state: TelegramState, name: str, asked: Arguments, result: Any, now: float) -> Iterator[Effect]:
    doer = _DOERS.get(name)
    if doer is not None:
        yield from doer(state, asked, now)
        return
    messages = result if isinstance(result, list) else [result]
    found = [each for each in messages if isinstance(each, dict) and "message_id" in each]
    if not found:
        return
    if name.startswith(("copy", "forwardMessages")):  # no more than ids comes back
        to = asked.text("chat_id")
        yield raw_message(to, [str(each["message_id"]) for each in found], name, asked.readable(), now)
    elif name.startswith(("send", "forward")):
        yield Sent(to=_to(found[0]), message=_as_sent(found, asked, now))
    elif name.startswith(("edit", "stop")):
        yield Edited(to=_to(found[0]), message=_as_edited(found[0], now))


def _to(message: Json) -> str:
    return str(message["chat"]["id"])


def _as_sent(found: Sequence[Json], asked: Arguments, now: float) -> Message:
    parts = [part for each in found for part in parts_of(each)]
    markup = read_markup(asked)
    replied = found[0].get("reply_to_message")
    return Message(
        ids=tuple(str(each["message_id"]) for each in found),
        author="bot",
        parts=(*parts, *([markup.part] if markup else [])),
        at=now,
        reply_to=str(replied["message_id"]) if isinstance(replied, dict) else None,
        forwarded="forward_origin" in found[0],
    )


def _as_edited(message: Json, now: float) -> Message:
    """An edit shows the whole keyboard again; no other than an inline one can be there."""
    shown = message.get("reply_markup")
    markup = read_markup(Arguments({"reply_markup": msgspec.json.encode(shown).decode() if shown else ""}, {}))
    parts: tuple[Part, ...] = (*parts_of(message), *([markup.part] if markup else []))
    return Message(
        ids=(str(message["message_id"]),), author="bot", parts=parts, at=float(message["date"]), edited_at=now
    )


def _deleted(_state: TelegramState, asked: Arguments, _now: float) -> Iterator[Effect]:
    several = asked.json("message_ids") if asked.has("message_ids") else [asked.text("message_id")]
    yield Deleted(to=asked.text("chat_id"), message_ids=tuple(map(str, several)))


def _acted(_state: TelegramState, asked: Arguments, _now: float) -> Iterator[Effect]:
    yield Activity(to=asked.text("chat_id"), action=asked.text("action"))


def _reacted(_state: TelegramState, asked: Arguments, _now: float) -> Iterator[Effect]:
    given = asked.json("reaction") if asked.has("reaction") else []
    emoji = given[0].get("emoji") if given else None
    yield Reacted(to=asked.text("chat_id"), message_id=asked.text("message_id"), emoji=emoji)


def _answered(state: TelegramState, asked: Arguments, _now: float) -> Iterator[Effect]:
    key = asked.text("callback_query_id")
    press = state.presses.get(key)
    if press is not None:
        text, alert = asked.text("text") or None, asked.boolean("show_alert")
        yield PressAnswered(to=press.chat.address, press_id=key, text=text, alert=alert)


_DOERS: dict[str, Callable[[TelegramState, Arguments, float], Iterator[Effect]]] = {
    "deleteMessage": _deleted,
    "deleteMessages": _deleted,
    "sendChatAction": _acted,
    "setMessageReaction": _reacted,
    "answerCallbackQuery": _answered,
}
