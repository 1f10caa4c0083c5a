"""Requests to the other side: their bytes, their proof, and what is read of the answers.

A request whose template names a value that an earlier answer must give is made at the last moment, for updates of a customer go out
one after the other. From then on it stays as it is, so that a redelivery has the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import msgspec

from chatdrill.wire import Ack, HttpFailure, HttpRequest, HttpResponse, Update
from chatdrill_fakes.families.declared.filling import fill_text
from chatdrill_fakes.families.declared.places import inside
from chatdrill_fakes.families.declared.refusing import one_line
from chatdrill_fakes.families.declared.signing import signed
from chatdrill_fakes.families.declared.values import word_of
from chatdrill_fakes.platforms.declared.spec import Reply, Tell
from chatdrill_fakes.platforms.declared.state import DeclaredChat, DeclaredState, Told

REPLY = "/_reply"
_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
_encode = msgspec.json.Encoder().encode
_REPLIES_MAX = 100


def prepare(state: DeclaredState, chat: DeclaredChat, update: Told) -> None:
    """Fill in a request: at once, and again when it goes out if something was not known yet."""
    tell = next(
        (each for each in update.tells if each.without is None or each.without not in chat.kept), update.tells[-1]
    )
    names = update.names if not state.spec.kept else {**dict.fromkeys(state.spec.kept), **update.names, **chat.kept}
    update.kind, update.tell = tell.name, tell
    update.lacking = tuple(name for name in state.spec.kept if name in tell.uses and name not in chat.kept)
    update.url = fill_text(tell.url, {name: _quoted(value) for name, value in names.items()}) if tell.url else ""
    kind, update.body = _content(state, tell, update, names)
    update.headers = (
        kind,
        *((name, _line(str(value))) for name, each in tell.heads if (value := each(names)) is not None),
    )


def _quoted(value: Any) -> Any:
    return quote(value, safe="") if isinstance(value, str) else value


def _line(value: str) -> str:
    """A value as a header may have it."""
    line = one_line(value)
    return line if line.isascii() else quote(line, safe=" ")


def _content(state: DeclaredState, tell: Tell, update: Told, names: Mapping[str, Any]) -> tuple[tuple[str, str], bytes]:
    filled = tell.fill(names)
    if tell.encoding == "json":
        return ("Content-Type", "application/json"), b"" if filled is None else _encode(filled)
    fields = {name: fill_text("{value}", {"value": value}) for name, value in (filled or {}).items()}
    if tell.encoding == "form":
        return ("Content-Type", "application/x-www-form-urlencoded"), urlencode(fields).encode()
    boundary = f"chatdrill-{update.id}"
    return ("Content-Type", f"multipart/form-data; boundary={boundary}"), _multipart(
        state, tell, update, fields, boundary
    )


def _multipart(state: DeclaredState, tell: Tell, update: Told, fields: Mapping[str, str], boundary: str) -> bytes:
    chunks = [_segment(boundary, f'name="{name}"', value.encode()) for name, value in fields.items()]
    for file in update.files if tell.uploads else ():
        name = state.shape(file)[1]["file_name"].replace('"', "%22").replace("\r", "").replace("\n", " ")
        head = f'name="{tell.uploads}"; filename="{name}"\r\nContent-Type: {file.mime}'
        chunks.append(_segment(boundary, head, state.blobs.get(file.sha256) if file.sha256 else b""))
    return b"".join(chunks) + f"--{boundary}--\r\n".encode()


def _segment(boundary: str, head: str, content: bytes) -> bytes:
    return f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"


# -------------------------------------------------------------------------------------------------------- requests


def request(state: DeclaredState, updates: Sequence[Update], now: float) -> HttpRequest:
    """The signed request that carries one update."""
    (update,) = updates
    if not isinstance(update, Told) or update.tell is None:
        raise TypeError(f"not an update of a declared messenger: {update!r}")
    if not update.is_fixed and update.to is not None and (update.lacking or len(update.tells) > 1):
        prepare(state, state.chats[update.to], update)
    update.is_fixed = True
    url = address(state.webhook_url or "", update.url)
    return proved(state, update.tell, url, update.headers, update.body, update.id, now)


def proved(
    state: DeclaredState, tell: Tell, url: str, headers: tuple[tuple[str, str], ...], body: bytes, id: str, now: float
) -> HttpRequest:
    """A request with its proof."""
    proofs = signed(tell.signature, state.settings["secret"], url, body, id, now)
    return HttpRequest(tell.method, url, (*headers, *proofs), body)


@lru_cache(maxsize=256)
def _cut(webhook: str) -> tuple[str, str]:
    parts = urlsplit(webhook)
    return urlunsplit(parts._replace(query="", fragment="")).rstrip("/"), parts.query


def address(webhook: str, path: str) -> str:
    """A path below the webhook's address; what is asked there stays behind it."""
    if not path:
        return webhook
    base, query = _cut(webhook)
    joined = f"{base}/{path.lstrip('/')}" if path[0] != "?" else f"{base}{path}"
    return joined if not query else f"{joined}{'&' if '?' in path else '?'}{query}"


# --------------------------------------------------------------------------------------------------------- answers


def read_ack(state: DeclaredState, updates: Sequence[Update], answer: HttpResponse | HttpFailure) -> Ack:
    """Success is as the file says; values are kept, and messages in the answer become calls."""
    update = updates[0]
    if isinstance(answer, HttpFailure):
        return Ack(False, f"{answer.kind} {answer.detail}".strip())
    tell, lacking = _made_of(state, update)
    if tell is None or update.to is None:
        return Ack(200 <= answer.status < 300, None if 200 <= answer.status < 300 else f"status {answer.status}")
    chat = state.chats[update.to]
    if problem := _problem(tell, lacking, answer):
        return Ack(False, problem, attempts_max=1 if lacking else None)
    value = _json(answer.body) if tell.keep or tell.reply else None
    for name, place in tell.keep.items():
        found = inside(place, value)
        if word_of(found) is None:
            return Ack(False, f"the answer to {tell.name} has no {place}, which {state.spec.file} keeps as {name}")
        state.keep(chat, name, found)
    if tell.on == "open":
        chat.done.add(tell.name)
    return Ack(True, calls=tuple(_replies(tell, tell.reply, chat, update.id, value)) if tell.reply else ())


def _made_of(state: DeclaredState, update: Update) -> tuple[Tell | None, tuple[str, ...]]:
    """What an update is declared as, and what it lacks; one of the vendor's own was read back."""
    if isinstance(update, Told):
        return update.tell, update.lacking
    heard = state.heard.get(update.id)
    return (heard.tell if heard is not None else None), ()


def _problem(tell: Tell, lacking: tuple[str, ...], answer: HttpResponse) -> str | None:
    good = answer.status in tell.ack if tell.ack else 200 <= answer.status < 300
    if lacking:
        return f"status {answer.status}; no answer before has given {', '.join(lacking)}, so it could not be right"
    if good:
        return None
    return f"status {answer.status}" + (f", not {' or '.join(map(str, tell.ack))}" if tell.ack else "")


def _json(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body) if body else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _replies(tell: Tell, reply: Reply, chat: DeclaredChat, id: str, value: Any) -> Iterator[HttpRequest]:
    """The messages of an answer. The first answer to an update counts, whatever comes after it."""
    if id in chat.replied or value is None:
        return
    found = inside(reply.each, value) if reply.each else [value]
    items = [each for each in found if _says(reply, each)] if isinstance(found, list) else []
    if items:
        chat.replied.add(id)
    for number, item in enumerate(items[:_REPLIES_MAX]):
        query = urlencode({"to": chat.address, "on": tell.on, "n": number})
        yield HttpRequest("POST", f"{REPLY}?{query}", (("Content-Type", "application/json"),), _encode({"reply": item}))


def _says(reply: Reply, item: Any) -> bool:
    """True for what has anything in the places of a message."""
    for place in reply.read.values():
        places = place if isinstance(place, list) else [place]
        if any(inside(each, item) not in (None, "", []) for each in places):
            return True
    return False
