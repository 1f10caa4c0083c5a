"""What a call did at Viber: the shadow account reads the request, the vendor's answer has the message's token."""

from __future__ import annotations

import msgspec

from chatdrill.model import Block, Customer, Write
from chatdrill.wire import Call, Exchange, HttpRequest, HttpResponse, Platform, read_arguments
from chatdrill.wire.reading import (
    Observed,
    Said,
    answered_object,
    observed_by_handling,
    or_raw,
    refused,
    remember,
)
from chatdrill_fakes.platforms.viber.routes import TOKEN_HEADER, method_of
from chatdrill_fakes.platforms.viber.state import ViberChat, ViberState

_SENDING = frozenset(("send_message", "broadcast_message"))


def meet(state: ViberState, said: Said, customer: Customer, now: float) -> None:
    """Make a chat of the vendor's known; a shadow has a webhook somewhere, for without one nobody may send."""
    state.webhook_url = state.webhook_url or "https://webhook.invalid/"
    if said.to is None:
        return
    chat = state.chats.get(said.to)
    if chat is None:
        chat = state.chats[said.to] = ViberChat(address=said.to, customer=customer)
    chat.hear(now)
    chat.subscribed = not isinstance(said.act, Block)
    if isinstance(said.act, Write):
        remember(chat, said, said.act.parts, now)


def observe(platform: Platform[ViberState], state: ViberState, exchange: Exchange, response: HttpResponse) -> Observed:
    """What a call did that the vendor answered."""
    request = exchange.request
    if exchange.source == "webhook_answer":
        return observed_by_handling(platform, state, exchange, request, ())
    method = method_of(request.path)
    if not method:
        return Observed()
    values = {key: value for key, value in read_arguments(request).values.items() if key != "auth_token"}
    receivers = values.get("broadcast_list")
    to = values.get("receiver")
    call = Call(f"{method} {values.get('type', '')}".strip(), to if isinstance(to, str) else None, values)
    answer = answered_object(response)
    if response.status >= 400 or answer.get("status", 0) != 0:
        return refused(call, str(answer.get("status_message") or f"status {response.status}"))
    if method not in _SENDING:
        return Observed(call=call)
    token = str(answer.get("message_token") or "?")
    ids = [token] * (len(receivers) if isinstance(receivers, list) else 1)
    headers = ((TOKEN_HEADER, state.token), ("Content-Type", "application/json"))
    shown = HttpRequest("POST", f"/pa/{method}", headers, msgspec.json.encode(values))
    seen = observed_by_handling(platform, state, exchange, shown, ids)
    return or_raw(seen, call, call.to, (token,), str(values.get("type")), exchange.now)
