"""What a call did at Infobip: the shadow account reads the request, the vendor's answer judges each destination and has the ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from chatdrill.model import Customer, Effect, Sent, Write, part_text
from chatdrill.wire import Call, Exchange, HttpRequest, HttpResponse, Platform, read_arguments
from chatdrill.wire.reading import (
    STRANGER,
    Observed,
    Said,
    answered_object,
    handled_alone,
    raw_message,
    refused,
    remember,
    renamed,
)
from chatdrill_fakes.families.sms import is_out
from chatdrill_fakes.platforms.infobip import sending
from chatdrill_fakes.platforms.infobip.routes import ROUTES, path_of
from chatdrill_fakes.platforms.infobip.sending import number_of
from chatdrill_fakes.platforms.infobip.state import InfobipChat, InfobipState

_SECRETS = frozenset(("password", "client_secret", "username"))
_SENDERS = (sending.send, sending.send_older, sending.send_single, sending.send_by_query, sending.send_mms)
_SENDING = {key for key, route in ROUTES.items() if route.handler in _SENDERS} | {("POST", "/sms/2/binary/advanced")}
_REJECTED = 5


class Answer(msgspec.Struct, frozen=True):
    """What Infobip said of one destination; ``problem`` is the status with which it was rejected."""

    to: str
    id: str
    problem: str | None


def meet(state: InfobipState, said: Said, customer: Customer, now: float) -> None:
    """Make a chat of the vendor's known."""
    if said.to is None:
        return
    chat = state.chats.get(said.to)
    if chat is None:
        chat = state.chats[said.to] = InfobipChat(address=said.to, customer=customer)
    chat.opened, chat.last_customer_at = True, now
    if isinstance(said.act, Write):
        remember(chat, said, said.act.parts, now)
        chat.blocked = is_out(chat.blocked, " ".join(map(part_text, said.act.parts)))


def observe(
    platform: Platform[InfobipState], state: InfobipState, exchange: Exchange, response: HttpResponse
) -> Observed:
    """What a call did that Infobip answered."""
    request = exchange.request
    path, _ = path_of(request.path)
    method = request.method.upper().replace("HEAD", "GET")
    route = ROUTES.get((method, path))
    if route is None:
        return Observed()
    values = {name: value for name, value in read_arguments(request).values.items() if name not in _SECRETS}
    call = Call(f"{method} {path}", arguments=values, support=route.support)
    if response.status >= 400:
        return refused(call, _error(response))
    if (method, path) not in _SENDING:
        return Observed(call=call)
    answers = list(_answers(answered_object(response)))
    problems = "; ".join(one.problem for one in answers if one.problem) or None
    to = answers[0].to if len(answers) == 1 else None
    return _sent(
        platform, state, exchange, msgspec.structs.replace(call, to=to, ok=not problems, error=problems), answers
    )


def _error(response: HttpResponse) -> str:
    answer = answered_object(response)
    old = answer.get("requestError")
    fault = old.get("serviceException") if isinstance(old, dict) else None
    words = fault.get("text") if isinstance(fault, dict) else answer.get("description")
    return f"{response.status} {words or ''}".rstrip()


def _answers(answer: dict[str, Any]) -> Iterator[Answer]:
    given = answer.get("messages")
    for one in given if isinstance(given, list) else ():
        if isinstance(one, dict):
            given_status = one.get("status")
            status = given_status if isinstance(given_status, dict) else {}
            is_rejected = status.get("groupId") == _REJECTED
            to = number_of(str(one.get("destination") or one.get("to") or ""))
            yield Answer(
                to,
                str(one.get("messageId") or "?"),
                f"{status.get('id')} {status.get('name')}" if is_rejected else None,
            )


def _sent(
    platform: Platform[InfobipState], state: InfobipState, exchange: Exchange, call: Call, answers: list[Answer]
) -> Observed:
    for one in answers:
        if one.to not in state.chats:
            state.chats[one.to] = InfobipChat(address=one.to, customer=STRANGER)
        state.chats[one.to].blocked = False  # whom the vendor does not reject is on no list
    state.trusts, state.limited = True, False
    request = exchange.request
    proof = (("Authorization", f"App {state.settings['api_key']}"), ("Content-Type", "application/json"))
    shown = HttpRequest(request.method, request.url, proof, request.body)
    handled = handled_alone(platform, state, msgspec.structs.replace(exchange, request=shown))
    if handled.call is not None and handled.call.ok:
        return Observed(call=call, effects=tuple(_told(state, handled.effects, answers)))
    taken = [one for one in answers if one.problem is None]
    effects = tuple(raw_message(one.to, (one.id,), "message", call.arguments, exchange.now) for one in taken)
    return Observed(call=call, effects=effects, unread=(handled.call and handled.call.error) or "not known here")


def _told(state: InfobipState, effects: Iterable[Effect], answers: list[Answer]) -> Iterator[Effect]:
    """What Infobip took, with its ids; the answers to one destination are in the order of its messages."""
    left = list(answers)
    for effect in effects:
        one = next((each for each in left if each.to == effect.to), None)
        if one is None or not isinstance(effect, Sent):
            continue
        left.remove(one)
        if one.problem is None:
            yield from renamed(state, (effect,), (one.id,))
