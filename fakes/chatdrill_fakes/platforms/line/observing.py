"""What a call did at LINE: the messages as the call has them, with the ids of the vendor's answer."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Activity, Block, Customer, Effect, MarkedRead, Message, Other, Press, Sent, Write
from chatdrill.wire import Call, Exchange, HttpResponse
from chatdrill.wire.reading import (
    MALFORMED,
    Observed,
    Said,
    answered_object,
    pressed_in,
    refused,
    remember,
    unread_parts,
)
from chatdrill_fakes.platforms.line import actions, messages
from chatdrill_fakes.platforms.line.drafts import Draft
from chatdrill_fakes.platforms.line.errors import ApiError
from chatdrill_fakes.platforms.line.reading import Place, Problems
from chatdrill_fakes.platforms.line.routes import find, shown_values, values_of
from chatdrill_fakes.platforms.line.state import Json, LineChat, LineState, Pressable, ReplyToken, RichMenu

_SENDING = frozenset(("reply", "push", "multicast", "broadcast", "narrowcast"))


def meet(state: LineState, said: Said, customer: Customer, now: float) -> None:
    """Make a chat of the vendor's known, and the tokens that came with an event of it."""
    if said.to is None:
        return
    chat = state.chats.get(said.to)
    if chat is None:
        chat = state.chats[said.to] = LineChat(address=said.to, customer=customer)
    if isinstance(said.act, Write | Press):
        chat.hear(now)
    chat.blocked = isinstance(said.act, Block)
    if isinstance(said.act, Write):
        remember(chat, said, said.act.parts, now)
    _keep(state, said, now)


def _keep(state: LineState, said: Said, now: float) -> None:
    to, id = str(said.to), next(iter(said.ids), "")
    for name, token in said.tokens.items():
        if name == "reply":
            state.replies[token] = ReplyToken(to, now, now)
        else:
            (state.quotes if name == "quote" else state.marks)[token] = (to, id)


def pressed(state: LineState, to: str, data: str) -> Press | None:
    """The button with this data: under a message of the chat, else on a rich menu."""
    found = pressed_in(state.chats.get(to), lambda one: one.payload == data and one.kind in _TOLD)
    if found is not None:
        return found
    on_menus = (one.button for menu in state.menus.values() for one in menu.pressables if one.button.payload == data)
    return next((Press(button=button) for button in on_menus if button.kind in _TOLD), None)


_TOLD = ("postback", "callback", "other")


def read_message(raw: Any) -> Draft:
    """A message as the customer sees it, which LINE has taken; what is known to nobody here stands as it is."""
    value: Json = raw if isinstance(raw, dict) else {"message": raw}
    try:
        draft = messages.read(Place(value, "", Problems()))
    except (ApiError, RecursionError, *MALFORMED):
        draft = Draft("")
    if not draft.parts:
        draft.parts = (Other(kind=str(value.get("type")), data=dict(value)),)
    return draft


def observe(state: LineState, exchange: Exchange, response: HttpResponse) -> Observed:
    """What a call did that LINE answered."""
    request = exchange.request
    found = find(request.method.upper(), request.path_in_parts)
    if found is None:
        return Observed()
    route, path = found
    try:
        values = values_of(request, route)
    except (ApiError, RecursionError):
        values = {}
    to = _recipient(state, route.name, values) or path.get("userId")
    call = Call(route.name, to, shown_values(values), support=route.support)
    answer = answered_object(response)
    if response.status >= 400:
        return refused(call, f"{response.status} {answer.get('message', '')}".rstrip())
    if route.name in _SENDING:
        return _sent(state, call, answer, exchange.now)
    if route.name == "create richmenu":
        _menu(state, values, str(answer.get("richMenuId")))
    effects = _EFFECTS[route.name](state, to, values) if route.name in _EFFECTS and to is not None else ()
    return Observed(call=call, effects=effects)


def _recipient(state: LineState, name: str, values: Json) -> str | None:
    """Whose call this is, if one chat's."""
    if name == "reply":
        token = state.replies.get(str(values.get("replyToken")))
        return token.to if token is not None else None
    if name == "mark as read":
        return state.marks.get(str(values.get("markAsReadToken")), (None, ""))[0]
    to = values.get("chatId" if name == "loading" else "to")
    if isinstance(to, list) and len(to) == 1:
        to = to[0]
    return to if isinstance(to, str) else None


def _sent(state: LineState, call: Call, answer: Json, now: float) -> Observed:
    given = call.arguments.get("messages")
    drafts = [read_message(each) for each in given] if isinstance(given, list) else []
    people = _people(state, call)
    if not people and call.method == "reply":
        return Observed(call=call, unread="nobody here was given this reply token")
    entries = answer.get("sentMessages")
    named = [each if isinstance(each, dict) else {} for each in entries] if isinstance(entries, list) else []
    effects = [
        _shown(state, to, draft, named[number] if number < len(named) else {}, now)
        for to in people
        for number, draft in enumerate(drafts)
    ]
    unread = unread_parts(part for draft in drafts for part in draft.parts)
    return Observed(call=call, effects=tuple(effects), unread=unread)


def _people(state: LineState, call: Call) -> list[str]:
    """Who gets it: LINE takes what is for somebody who blocked the account, and delivers nothing."""
    to = call.arguments.get("to")
    if call.method in ("reply", "push"):
        people = [call.to] if call.to is not None else []
    else:
        listed = to if isinstance(to, list) else list(state.chats) if call.method != "multicast" else []
        people = [each for each in listed if isinstance(each, str) and each in state.chats]
    return [each for each in people if each not in state.chats or not state.chats[each].blocked]


def _shown(state: LineState, to: str, draft: Draft, entry: Json, now: float) -> Effect:
    id, token = str(entry.get("id") or state.new_id()), entry.get("quoteToken")
    if isinstance(token, str):
        state.quotes[token] = (to, id)
    quoted = state.quotes.get(draft.quote or "", (to, None))[1]
    message = Message(ids=(id,), author="bot", parts=draft.parts, at=now, sender=draft.sender, reply_to=quoted)
    if to in state.chats:
        state.chats[to].messages[id] = message
    return Sent(to=to, message=message)


def _menu(state: LineState, values: Json, id: str) -> None:
    """Remember the buttons of a rich menu, for what is pressed on it."""
    areas = values.get("areas")
    found: list[Pressable] = []
    for area in areas if isinstance(areas, list) else ():
        try:
            one = actions.read(Place(area["action"], "", Problems()), "richmenu")
        except (ApiError, *MALFORMED):
            continue
        found += [one] if one is not None else []
    state.menus[id] = RichMenu(id, values, pressables=found)


def _loading(_state: LineState, to: str, _values: Json) -> tuple[Effect, ...]:
    return (Activity(to=to, action="typing"),)


def _read(state: LineState, to: str, values: Json) -> tuple[Effect, ...]:
    return (MarkedRead(to=to, message_id=state.marks[str(values.get("markAsReadToken"))][1]),)


_EFFECTS = {"loading": _loading, "mark as read": _read}
