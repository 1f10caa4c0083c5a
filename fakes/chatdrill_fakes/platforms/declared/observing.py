"""What a call did at a messenger that a file declares: the shadow account reads it, the vendor's answer names the message."""

from __future__ import annotations

from collections.abc import Iterator

from chatdrill.model import Block, Customer, Sent, Write
from chatdrill.wire import Call, Exchange, HttpResponse, Platform
from chatdrill.wire.reading import (
    STRANGER,
    Observed,
    Said,
    answered_object,
    observed_by_handling,
    raw_message,
    refused,
    remember,
)
from chatdrill_fakes.families.declared.values import word_of
from chatdrill_fakes.platforms.declared.calls import candidates, shown
from chatdrill_fakes.platforms.declared.hearing import Visit
from chatdrill_fakes.platforms.declared.state import DeclaredChat, DeclaredState, person_of


def meet(state: DeclaredState, said: Said, customer: Customer, now: float) -> None:
    """Make a chat of the vendor's known, and the values by which it is known."""
    if said.to is None:
        return
    chat = _chat(state, said.to, customer)
    heard = state.heard.get(said.update)
    for name, value in heard.kept.items() if heard is not None else ():
        state.keep(chat, name, value)
    chat.opened, chat.last_customer_at, chat.blocked = True, now, isinstance(said.act, Block)
    if isinstance(said.act, Write):
        remember(chat, said, said.act.parts, now)


def _chat(state: DeclaredState, to: str, customer: Customer) -> DeclaredChat:
    chat = state.chats.get(to)
    if chat is None:
        chat = state.chats[to] = DeclaredChat(address=to, customer=customer, person=person_of(customer, to))
    return chat


def observe(
    platform: Platform[DeclaredState], state: DeclaredState, exchange: Exchange, response: HttpResponse
) -> Observed:
    """What a call did that the other side answered."""
    state.trusts, state.requests = True, None
    request = exchange.request
    if exchange.source == "webhook_answer":
        return observed_by_handling(platform, state, exchange, request, ())
    visit = Visit(state, exchange)
    takes = list(candidates(state.spec, request))
    if not takes:
        return Observed()
    if response.status >= 400:
        call = Call(takes[0].name, next(_receivers(visit), None), shown(visit))
        return refused(call, f"status {response.status} {response.body[:200].decode('utf-8', 'replace')}".rstrip())
    for to in _receivers(visit):
        _chat(state, to, STRANGER).blocked = False
    answer = answered_object(response)
    known = (word_of(take.answered.match(answer).names.get("message")) for take in takes if take.does == "send")
    ids = tuple(filter(None, known))[:1]
    seen = observed_by_handling(platform, state, exchange, request, ids)
    for effect in seen.effects:
        if isinstance(effect, Sent) and ids:
            _remember_origin(visit, state.chats[effect.to], effect.message.id)
    if seen.unread is None or seen.call is None or seen.call.to is None:
        return seen
    effect = raw_message(seen.call.to, ids, seen.call.method, shown(visit), exchange.now)
    return Observed(call=seen.call, effects=(effect,), unread=seen.unread)


def _receivers(visit: Visit) -> Iterator[str]:
    """The customers whom a call names."""
    values = visit.arguments.values
    for take in candidates(visit.spec, visit.exchange.request):
        visit.turn_to(take)
        visit.item = values
        found = visit.found(take.each) if take.each else [values]
        for item in found if isinstance(found, list) else ():
            visit.item = item
            to = visit.word(take.read, "to")
            if to is not None:
                yield to
    visit.item = values


def _remember_origin(visit: Visit, chat: DeclaredChat, id: str) -> None:
    """The other side's own id leads to the vendor's, for it may be changed by either."""
    for take in candidates(visit.spec, visit.exchange.request):
        visit.turn_to(take)
        origin = visit.word(take.read, "origin") if take.does == "send" else None
        if origin is not None:
            chat.origins[origin] = id
