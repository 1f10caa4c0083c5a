"""What a bot's answer or callback did: the page shows whatever comes, so the shadow reads it and nothing of the vendor's is needed."""

from __future__ import annotations

import msgspec

from chatdrill.model import Customer, Write
from chatdrill.wire import Call, Exchange, HttpRequest, HttpResponse, Platform, read_arguments
from chatdrill.wire.reading import Observed, Said, observed_by_handling, or_raw, refused, remember
from chatdrill_fakes.platforms.rasa.routes import CALLBACK
from chatdrill_fakes.platforms.rasa.state import RasaChat, RasaState

_JSON = (("Content-Type", "application/json"),)


def meet(state: RasaState, said: Said, customer: Customer, now: float) -> None:
    """Make a visitor known."""
    if said.to is None:
        return
    chat = state.chats.get(said.to)
    if chat is None:
        chat = state.chats[said.to] = RasaChat(address=said.to, customer=customer)
    chat.opened, chat.last_customer_at = True, now
    if isinstance(said.act, Write):
        remember(chat, said, said.act.parts, now)


def observe(platform: Platform[RasaState], state: RasaState, exchange: Exchange, response: HttpResponse) -> Observed:
    """What the bot said in an answer, or to whatever address the callback channel has."""
    if exchange.source == "webhook_answer":
        return observed_by_handling(platform, state, exchange, exchange.request, ())
    values = read_arguments(exchange.request).values
    to = values.get("recipient_id")
    if not isinstance(to, str):
        return Observed()
    call = Call("callback", to, values)
    if response.status >= 400:
        return refused(call, f"status {response.status}")
    shown = HttpRequest("POST", f"{CALLBACK}/{state.token}", _JSON, msgspec.json.encode(values))
    seen = observed_by_handling(platform, state, exchange, shown, ())
    return or_raw(seen, call, to, (), "message", exchange.now)
