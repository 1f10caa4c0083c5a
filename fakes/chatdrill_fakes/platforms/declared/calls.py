"""The other side's calls: read as the file says, carried out, answered by its templates."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chatdrill.model import Activity, Deleted, Edited, Effect, MarkedRead, Message, Receipt, Sent
from chatdrill.wire import Call, Exchange, Fetch, Handled, HttpRequest, HttpResponse, Later
from chatdrill_fakes.families.declared.filling import fill_text
from chatdrill_fakes.families.declared.refusing import one_line, respond
from chatdrill_fakes.families.declared.signing import proof
from chatdrill_fakes.families.declared.values import NESTING_MAX, is_too_deep, times, word_of
from chatdrill_fakes.platforms.declared.hearing import Refused, Visit, Wanted, draft
from chatdrill_fakes.platforms.declared.rendering import REPLY
from chatdrill_fakes.platforms.declared.spec import Reply, Spec, Take
from chatdrill_fakes.platforms.declared.state import FILES, DeclaredChat, DeclaredState

DELIVERED_AFTER_S = 1.0
"""How long a message is on its way to a customer, where the file has a tell on: receipt."""
FILE_CALL, REPLY_CALL = "download a file", "message in the answer"


@dataclass
class Outcome:
    """What calls have done so far."""

    take: Take | None = None
    to: str | None = None
    message: str | None = None
    effects: list[Effect] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)
    note: str | None = None


def handle(state: DeclaredState, exchange: Exchange) -> Handled:
    """Answer a call. Never raises for anything that may come."""
    request = exchange.request
    if exchange.source == "webhook_answer" and request.path == REPLY:
        return _reply(state, exchange)
    if request.path.startswith(FILES):
        return _serve(state, request)
    visit, outcome = Visit(state, exchange), Outcome()
    takes = candidates(state.spec, request)
    try:
        _check(visit, takes)
        for item in _items(visit, takes):
            visit.item = item
            _carry_out(visit, takes, outcome)
        _check_any(visit, outcome)
        response = _answered(state, outcome, exchange.now)
    except Wanted as wanted:
        return Handled(wait=Fetch(wanted.urls))
    except Refused as refused:
        return _refused(visit, takes, outcome, refused)
    call = Call(_name(outcome, request), outcome.to, shown(visit), note=outcome.note)
    return Handled(response, call, tuple(outcome.effects), tuple(outcome.later))


def candidates(spec: Spec, request: HttpRequest) -> list[Take]:
    """The declared requests with this method and path."""
    method, path = request.method, request.path
    return [each for each in spec.takes if each.method == method and each.pattern.fullmatch(path)]


def _refused(visit: Visit, takes: list[Take], outcome: Outcome, refused: Refused) -> Handled:
    take = outcome.take or next((each for each in takes if each.does != "ignore"), None)
    name = take.name if take else f"{visit.exchange.request.method} {visit.exchange.request.path[:80]}"
    support = "supported" if takes else "unknown"
    call = Call(name, outcome.to, shown(visit), ok=False, error=str(refused), support=support)  # type: ignore[arg-type]
    return Handled(refused.response, call, tuple(outcome.effects), tuple(outcome.later))


def _name(outcome: Outcome, request: HttpRequest) -> str:
    return outcome.take.name if outcome.take else request.path


def shown(visit: Visit) -> Mapping[str, Any]:
    """What a trace shows of a call's arguments."""
    if visit.is_too_deep:
        return {}
    if not visit.arguments.files:
        return visit.arguments.values
    files = {
        name: {"filename": file.filename, "content_type": file.content_type, "size": len(file.content)}
        for name, file in visit.arguments.files.items()
    }
    return {**visit.arguments.values, **files}


def _serve(state: DeclaredState, request: HttpRequest) -> Handled:
    file = state.shared.get(request.path.removeprefix(FILES))
    if request.method not in ("GET", "HEAD") or file is None:
        error = Refused(state.spec, "unknown_path", request.path[:80])
        return Handled(error.response, Call(FILE_CALL, ok=False, error=str(error)))
    content = state.blobs.get(file.sha256)
    return Handled(HttpResponse(200, (("Content-Type", file.mime),), content), Call(FILE_CALL))


# ---------------------------------------------------------------------------------------------------------- checks


def _check(visit: Visit, takes: list[Take]) -> None:
    """The rate, the proof, the path and the body, in this order."""
    state, request = visit.state, visit.exchange.request
    if state.requests is not None and state.requests.take(visit.exchange.now) > 0:
        raise visit.error("too_fast", f"more than {visit.spec.limits.requests_per_minute} requests in a minute")
    looks = request.method == "HEAD" and takes  # whether anybody is there; that changes nothing, and nobody signs it
    if not looks and (problem := _forged(visit)) is not None:
        raise visit.error("unauthorized", problem)
    if not takes:
        raise visit.error("unknown_path", f"{request.method} {request.path[:80]}")
    if visit.arguments.problem is not None:
        raise visit.error("bad_request", visit.arguments.problem[:200])
    if visit.is_too_deep:
        raise visit.error("bad_request", f"nested deeper than {NESTING_MAX} levels")


def _forged(visit: Visit) -> str | None:
    """Why a request is not the other side's, or ``None``."""
    how, request = visit.spec.auth, visit.exchange.request
    if how.kind == "none" or visit.state.trusts:
        return None
    token = visit.state.settings["token"]
    given, wanted = request.header(how.header) or "", how.prefix + token
    if how.kind == "hmac":
        stamp = request.header(how.timestamp_header) if how.timestamp_header else ""
        if visit.spec.auth_max_age_s is not None and not _is_fresh(stamp, visit):
            return (
                f"the header {how.timestamp_header} is missing, or more than {visit.spec.auth_max_age_s:g} s from now"
            )
        url = visit.exchange.base_url + request.url
        wanted = proof(how, token, url, request.body, "", stamp or "")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode()):
        return f"the header {how.header} is {'wrong' if given else 'missing'}"
    return None


def _is_fresh(stamp: str | None, visit: Visit) -> bool:
    if not stamp or not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
        return False
    return abs(visit.exchange.now - int(stamp)) <= (visit.spec.auth_max_age_s or 0)


def is_proved(state: DeclaredState, exchange: Exchange) -> bool:
    """True for a request with the proof that the file asks for."""
    return state.spec.auth.kind != "none" and _forged(Visit(state, exchange)) is None


# ------------------------------------------------------------------------------------------------- carrying out


def _items(visit: Visit, takes: list[Take]) -> list[Any]:
    """What the places look into: the body, or each element of a list in it."""
    each = takes[0].each
    if each is None:
        return [visit.arguments.values]
    found = visit.found(each)
    if not isinstance(found, list):
        raise visit.error("bad_request", f"{each} is no list")
    return found


def _carry_out(visit: Visit, takes: list[Take], outcome: Outcome) -> None:
    take = next((each for each in takes if _is_meant(visit, each)), None)
    if take is None:
        return
    if outcome.take is None or outcome.take.does == "ignore":
        outcome.take = take
    if take.does == "ignore":
        return
    for name in take.require:
        if visit.found(take.read[name]) in (None, "", []) and not visit.arguments.files:
            raise visit.error("bad_request", f"{take.read[name]} is missing")
    chat = _chat(visit, take)
    outcome.to = chat.address
    _DEEDS[take.does](visit, take, chat, outcome)


def _is_meant(visit: Visit, take: Take) -> bool:
    """True if all conditions of a declared request hold."""
    visit.turn_to(take)
    met = all(_plain(visit.found(place)) in words for place, words in take.where.items())
    return met and not any(_plain(visit.found(place)) in words for place, words in take.unless.items())


def _plain(value: Any) -> str | None:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return "" if value == "" else word_of(value)


def _check_any(visit: Visit, outcome: Outcome) -> None:
    if outcome.take is None:
        raise visit.error(
            "bad_request", f"{visit.spec.file} declares no such request: none whose where and unless hold"
        )


def _chat(visit: Visit, take: Take) -> DeclaredChat:
    """Whose call it is: by the customer's id, or by a value that was kept."""
    state, to = visit.state, visit.word(take.read, "to")
    if to is None:
        named = ((name, word_of(visit.found(place))) for name, place in take.find.items())
        to = next((state.found[pair] for name, word in named if word and (pair := (name, word)) in state.found), None)
    chat = state.chats.get(to) if to is not None else None
    if chat is None:
        places = [take.read["to"]] if "to" in take.read else list(take.find.values())
        raise visit.error("unknown_customer", f"{' or '.join(places)} leads to no customer")
    return chat


def _send(visit: Visit, take: Take, chat: DeclaredChat, outcome: Outcome) -> None:
    origin = visit.word(take.read, "origin")
    if origin is not None and origin in chat.origins:
        outcome.message, outcome.note = chat.origins[origin], f"repeated: {origin} was sent before"
        return
    message, later = show(visit, chat, take.read, take.buttons)
    if origin is not None:
        chat.origins[origin] = message.id
    outcome.message = message.id
    outcome.effects.append(Sent(to=chat.address, message=message))
    outcome.later += later


def show(
    visit: Visit, chat: DeclaredChat, read: Mapping[str, Any], buttons: Mapping[str, str]
) -> tuple[Message, list[Later]]:
    """Put a message into a chat."""
    found = draft(visit, read, buttons)
    if chat.blocked:
        raise visit.error("blocked", chat.address)
    if chat.fails_next:
        raise visit.error(chat.fails_next.pop(0), "as the scenario wants it")
    state, id = visit.state, visit.state.new_id("message")
    message = Message(
        ids=(id,),
        author="bot",
        parts=found.parts,
        at=chat.at(visit.exchange.now),
        reply_to=visit.word(read, "reply_to"),
        sender=visit.word(read, "said_by"),
    )
    chat.messages[id] = message
    told = state.spec.tells["receipt"]
    later = [Later(DELIVERED_AFTER_S, chat.address, Receipt(message_id=id, status="delivered"))] if told else []
    return message, later


def _own(visit: Visit, take: Take, chat: DeclaredChat) -> Message:
    """The message of the other side that a call is about, by our id or its own."""
    named = visit.word(take.read, "message") or ""
    found = chat.messages.get(chat.origins.get(named, named))
    if found is None or found.author != "bot":
        raise visit.error("unknown_message", f"no message {named[:80]}")
    return found


def _edit(visit: Visit, take: Take, chat: DeclaredChat, outcome: Outcome) -> None:
    was = _own(visit, take, chat)
    found = draft(visit, take.read, take.buttons)
    message = msgspec.structs.replace(was, parts=found.parts, edited_at=chat.at(visit.exchange.now))
    chat.messages[was.id], outcome.message = message, was.id
    outcome.effects.append(Edited(to=chat.address, message=message))


def _delete(visit: Visit, take: Take, chat: DeclaredChat, outcome: Outcome) -> None:
    was = _own(visit, take, chat)
    del chat.messages[was.id]
    outcome.message = was.id
    outcome.effects.append(Deleted(to=chat.address, message_ids=was.ids))


def _typing(visit: Visit, take: Take, chat: DeclaredChat, outcome: Outcome) -> None:  # noqa: ARG001
    outcome.effects.append(Activity(to=chat.address, action="typing"))


def _read(visit: Visit, take: Take, chat: DeclaredChat, outcome: Outcome) -> None:
    named = visit.word(take.read, "message") or ""
    if named not in chat.messages:
        raise visit.error("unknown_message", f"no message {named[:80]}")
    outcome.message = named
    outcome.effects.append(MarkedRead(to=chat.address, message_id=named))


_DEEDS: dict[str, Callable[[Visit, Take, DeclaredChat, Outcome], None]] = {
    "send": _send,
    "edit": _edit,
    "delete": _delete,
    "typing": _typing,
    "read": _read,
}


def _answered(state: DeclaredState, outcome: Outcome, now: float) -> HttpResponse:
    take = outcome.take
    assert take is not None
    id = state.delivery_id() if take.has_id else None
    names = {**times(now), "customer": outcome.to, "message": outcome.message, "id": id}
    headers = [(key, one_line(fill_text(value, names))) for key, value in take.answer.headers.items()]
    return respond(take.answer.status, take.fill(names), headers)


# ------------------------------------------------------------------------------------------------------- replies


def _reply(state: DeclaredState, exchange: Exchange) -> Handled:
    """A message that stood in the answer to a request of ours."""
    query, visit = dict(exchange.request.query), Visit(state, exchange)
    chat, reply = state.chats.get(query.get("to", "")), _declared(state.spec, query.get("on", ""))
    visit.item = visit.arguments.values.get("reply")
    values = {"reply": visit.item}
    try:
        if chat is None or reply is None:
            raise visit.error("unknown_customer", "nobody was told of this")
        if is_too_deep(visit.item):
            raise visit.error("bad_request", f"nested deeper than {NESTING_MAX} levels")
        message, later = show(visit, chat, reply.read, reply.buttons)
    except Wanted as wanted:
        return Handled(wait=Fetch(wanted.urls))
    except Refused as refused:
        call = Call(REPLY_CALL, query.get("to"), {} if is_too_deep(values) else values, ok=False, error=str(refused))
        return Handled(refused.response, call)
    call = Call(REPLY_CALL, chat.address, values)
    return Handled(respond(200, None, []), call, (Sent(to=chat.address, message=message),), tuple(later))


def _declared(spec: Spec, on: str) -> Reply | None:
    return next((tell.reply for tell in spec.tells.get(on, ()) if tell.reply is not None), None)
