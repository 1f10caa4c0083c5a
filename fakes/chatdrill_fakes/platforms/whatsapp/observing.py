"""What a call did at WhatsApp: the shadow account reads the request, the vendor's answer names the message."""

from __future__ import annotations

from typing import Any

import msgspec

from chatdrill.model import Customer, Message, Part, Template, Write
from chatdrill.model import Sent as SentEffect
from chatdrill.wire import Call, Exchange, HttpRequest, HttpResponse, Platform, read_arguments
from chatdrill.wire.reading import Observed, Said, answered_object, observed_by_handling, raw_message, refused, remember
from chatdrill_fakes.families.meta import GraphPath
from chatdrill_fakes.platforms.whatsapp import ids
from chatdrill_fakes.platforms.whatsapp.state import WhatsAppChat, WhatsAppState

_FILES = ("image", "video", "audio", "document", "sticker")
_STAND_IN = "https://media.invalid/"
"""Files that were uploaded to the vendor are known by an id; the shadow takes a link of this kind on trust (RFC 2606)."""
_SECRET = frozenset(("access_token", "appsecret_proof", "pin", "verify_token", "client_secret"))


def meet(state: WhatsAppState, said: Said, customer: Customer, now: float) -> None:
    """Make a chat of the vendor's known; writing opens the window."""
    if said.to is None:
        return
    chat = state.chats.get(said.to)
    if chat is None:
        user_id = ids.user_id(customer, state.chance)
        chat = WhatsAppChat(address=said.to, customer=customer, wa_id=said.to, user_id=user_id)
        state.chats[said.to] = chat
        state.numbers[said.to] = state.user_ids[user_id] = said.to
    chat.opened, chat.last_customer_at = True, now
    for id in said.ids:
        state.owners[id] = chat.address
    remember(chat, said, said.act.parts if isinstance(said.act, Write) else (), now)


def observe(
    platform: Platform[WhatsAppState], state: WhatsAppState, exchange: Exchange, response: HttpResponse
) -> Observed:
    """What a call did that the vendor answered."""
    request = exchange.request
    segments = GraphPath.read(request.path).segments
    values = {key: value for key, value in read_arguments(request).values.items() if key not in _SECRET}
    edge = segments[-1] if segments else ""
    if request.method.upper() != "POST" or edge != "messages":
        call = Call(
            f"{request.method} /{'/'.join(('{id}', *segments[1:]))}", arguments=values, ok=response.status < 400
        )
        return Observed(call=call if response.status < 400 else refused(call, _error(response)).call)
    to = "".join(sign for sign in str(values.get("to") or "") if sign.isalnum())
    call = Call(f"POST /{{phone-number-id}}/messages {values.get('type', '')}".strip(), to or None, values)
    if response.status >= 400:
        return refused(call, _error(response))
    made = answered_object(response).get("messages")
    given = tuple(str(one.get("id")) for one in (made if isinstance(made, list) else ()) if isinstance(one, dict))
    seen = observed_by_handling(platform, state, exchange, _for_shadow(state, exchange.request, values), given)
    if seen.unread is None or not to or not given:
        return seen
    return _as_it_stands(to, given, values, exchange.now, msgspec.structs.replace(seen, call=call))


def _as_it_stands(to: str, given: tuple[str, ...], values: dict[str, Any], now: float, seen: Observed) -> Observed:
    """A message that the shadow could not read: a template that it does not have, or something new."""
    kind = str(values.get("type") or "message")
    template = values.get("template")
    if kind == "template" and isinstance(template, dict):
        message = Message(ids=given, author="bot", parts=(_template(template),), at=now)
        return msgspec.structs.replace(seen, effects=(SentEffect(to=to, message=message),))
    return msgspec.structs.replace(seen, effects=(raw_message(to, given, kind, values, now),))


def _template(value: dict[str, Any]) -> Part:
    language = value.get("language")
    components = [one for one in value.get("components") or () if isinstance(one, dict)]
    given = [each for one in components for each in one.get("parameters") or () if isinstance(each, dict)]
    return Template(
        name=str(value.get("name")),
        language=str(language.get("code") if isinstance(language, dict) else language),
        parameters=tuple(str(each.get("text", each.get("type"))) for each in given),
    )


def _for_shadow(state: WhatsAppState, request: HttpRequest, values: dict[str, Any]) -> HttpRequest:
    """The call as the shadow's account would get it: its number, its token, files that it knows."""
    body = dict(values)
    for kind in _FILES:
        file = body.get(kind)
        if isinstance(file, dict) and "id" in file:
            rest = {key: value for key, value in file.items() if key != "id"}
            body[kind] = {**rest, "link": f"{_STAND_IN}{file['id']}"}
    headers = (("Authorization", f"Bearer {state.settings['token']}"), ("Content-Type", "application/json"))
    url = f"/{state.settings['phone_number_id']}/messages"
    return HttpRequest("POST", url, headers, msgspec.json.encode(body), request.came_at)


def _error(response: HttpResponse) -> str:
    error = answered_object(response).get("error")
    return str(error.get("message")) if isinstance(error, dict) else f"status {response.status}"
