"""A file read into a ``Spec``: what is unknown, missing or contradicts itself is told with its line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

from chatdrill.model import Owner, TicketState
from chatdrill_fakes.desks.generic import spec as s
from chatdrill_fakes.desks.generic.names import ENTRY_NAMES, NAMES
from chatdrill_fakes.families.declared.ids import ID_NAMES
from chatdrill_fakes.families.declared.reading import Spot, read_file
from chatdrill_fakes.families.declared.signing import Signature, read_signature
from chatdrill_fakes.families.declared.spec import FILE_NAMES, Limits, read_delivery, read_limits
from chatdrill_fakes.families.declared.templates import (
    Answer,
    read_answer,
    read_errors,
    read_headers,
    read_ids,
    read_path,
    read_place,
    template,
    text_of,
)

_TOP = (
    "title",
    "base",
    "auth",
    "ids",
    "statuses",
    "moves",
    "after_close",
    "survey",
    "limits",
    "delivery",
    "requests",
    "errors",
    "signature",
    "hooks",
    "file",
    "entry",
)
_REQUEST = (
    "name",
    "method",
    "path",
    "does",
    "read",
    "require",
    "author",
    "authors",
    "words",
    "once",
    "status",
    "answer",
)
_HOOK = ("on", "name", "url", "method", "encoding", "headers", "body", "signature")
_AUTHORS = ("customer", "bot", "agent", "system")
_DELIVERED = ("sent", "delivered", "read", "failed")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_NEEDS: dict[str, tuple[str, ...]] = {
    "open": (),
    "add": ("ticket",),
    "ask": ("ticket",),
    "close": ("ticket",),
    "reopen": ("ticket",),
    "delivery": ("ticket", "message", "word"),
    "contact": ("contact",),
    "rate": ("ticket", "score"),
    "typing": ("ticket",),
    "show": ("ticket",),
}
_IDS = {"ticket": "{number}", "message": "{uuid}", "contact": "{number}", "agent": "{number}"}
_FILE_SHAPE = {"url": "{file_url}", "name": "{file_name}", "mime": "{file_mime}", "size": "{file_size}"}
_ENTRY_SHAPE = {"id": "{message}", "author": "{author}", "text": "{text}", "at": "{at}", "public": "{public}"}


def load(path: str | Path, shown: str | None = None) -> s.Spec:
    """The desk that a file declares; raises ``SettingsError`` with file and line. ``shown`` is how errors name it."""
    return read(text_of(path, "generic"), shown or str(path))


def read(text: str, file: str) -> s.Spec:
    """The desk that a text declares."""
    root = read_file(text, file)
    top = root.table(_TOP, needed=("statuses", "moves", "requests"))
    statuses = {word: _status(spot) for word, spot in top["statuses"].table().items()}
    moves = _moves(top["moves"], statuses)
    auth = top["auth"].table(("header", "value"), needed=("header",)) if "auth" in top else {}
    usual = read_signature(top["signature"]) if "signature" in top else Signature()
    found = s.Spec(
        file=file,
        title=top["title"].text() if "title" in top else "Desk",
        statuses=statuses,
        moves=moves,
        requests=tuple(_request(spot, statuses) for spot in top["requests"].items()),
        hooks=tuple(_hook(spot, usual) for spot in top["hooks"].items()) if "hooks" in top else (),
        base=top["base"].text() if "base" in top else "",
        auth_header=auth["header"].text() if auth else None,
        auth_value=template(auth["value"], ("token",)) if "value" in auth else "{token}",
        ids=read_ids(top.get("ids"), _IDS, ID_NAMES),
        errors=read_errors(top.get("errors"), s.ERRORS),
        limits=read_limits(top.get("limits"), Limits),
        delivery=read_delivery(top.get("delivery")),
        after_close=top["after_close"].word(("error", "reopen"), "after_close") if "after_close" in top else "error",
        survey=top["survey"].word(("page", "message", "bot", "none"), "survey") if "survey" in top else "none",
        file_shape=template(top["file"], FILE_NAMES) if "file" in top else _FILE_SHAPE,
        entry_shape=template(top["entry"], ENTRY_NAMES) if "entry" in top else _ENTRY_SHAPE,
    )
    _check_whole(found, top)
    return found


def _check_whole(found: s.Spec, top: Mapping[str, Spot]) -> None:
    """What no single line shows: calls that hide each other, and a reopening without a status."""
    seen: dict[tuple[str, str], int] = {}
    for number, each in enumerate(found.requests):
        if (first := seen.setdefault((each.method, each.path), each.line)) != each.line:
            raise top["requests"].at(number).wrong(f"{each.method} {each.path} is in line {first} already")
    if not any(each.does == "open" for each in found.requests):
        raise top["requests"].wrong("no request opens a ticket (does: open)")
    if found.after_close == "reopen" and "reopen" not in found.moves:
        raise top["after_close"].wrong("after_close: reopen needs a status in moves.reopen")


# ------------------------------------------------------------------------------------------------ whose it is


def _status(spot: Spot) -> s.Status:
    keys = spot.table(("owner", "state"), needed=("owner", "state"))
    return s.Status(
        owner=keys["owner"].word(get_args(Owner), "owner"),
        state=keys["state"].word(get_args(TicketState), "state"),
    )


def _moves(spot: Spot, statuses: Mapping[str, s.Status]) -> dict[str, str]:
    keys = spot.table(s.MOVES, needed=("open", "accept", "close"))
    return {move: each.word(statuses, "status") for move, each in keys.items()}


# --------------------------------------------------------------------------------------------------- requests


def _request(spot: Spot, statuses: Mapping[str, s.Status]) -> s.Ask:
    keys = spot.table(_REQUEST, needed=("method", "path", "does"))
    does = keys["does"].word(s.DEEDS, "deed")
    method, path = keys["method"].word(_METHODS, "method"), read_path(keys["path"])
    read = _read(keys["read"], path) if "read" in keys else {}
    for need in _NEEDS[does]:
        if need not in read:
            raise spot.wrong(f"a request that does {does!r} must read {need!r}")
    if "each" in read and "once" in keys and keys["once"].value == "origin":
        raise keys["once"].wrong("a request with a list of messages has no one origin; say once: request_key")
    require = [each.word(read, "reading") for each in keys["require"].items()] if "require" in keys else []
    return s.Ask(
        name=keys["name"].text() if "name" in keys else f"{method} {path}",
        method=method,
        path=path,
        does=does,
        read=read,
        require=tuple(require),
        author=keys["author"].word(_AUTHORS, "author") if "author" in keys else "customer",
        authors=_translated(keys.get("authors"), _AUTHORS, "author"),
        words=_translated(keys.get("words"), _DELIVERED, "delivery status"),
        once=keys["once"].word([name for name in ("request_key", "origin") if name in read], "key of repetition")
        if "once" in keys
        else None,
        status=keys["status"].word(statuses, "status") if "status" in keys else None,
        answer=read_answer(keys["answer"], NAMES) if "answer" in keys else Answer(),
        line=spot.line,
    )


def _translated(spot: Spot | None, known: Iterable[str], what: str) -> dict[str, str]:
    return {word: each.word(known, what) for word, each in spot.table().items()} if spot is not None else {}


def _read(spot: Spot, path: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, each in spot.table(s.READ).items():
        several = name in ("keys", "files", "uploads") and isinstance(each.value, list)
        places = [read_place(item, path) for item in each.items()] if several else [read_place(each, path)]
        found[name] = places if name in ("keys", "files", "uploads") else places[0]
    return found


# ------------------------------------------------------------------------------------------------------ hooks


def _hook(spot: Spot, usual: Signature) -> s.Hooked:
    keys = spot.table(_HOOK, needed=("on", "body"))
    on = keys["on"].word(s.EVENTS, "event")
    encoding: s.Encoding = keys["encoding"].word(s.ENCODINGS, "encoding") if "encoding" in keys else "json"
    body, headers = template(keys["body"], NAMES), read_headers(keys.get("headers"), NAMES)
    if encoding == "form" and not isinstance(body, dict):
        raise keys["body"].wrong("a form's body must be a table")
    signature = read_signature(keys["signature"]) if "signature" in keys else usual
    if "{id}" in signature.signs and "{id}" not in headers.values():
        raise spot.wrong("the signature covers {id}, but no header of the hook is '{id}'")
    return s.Hooked(
        on=on,
        name=keys["name"].text() if "name" in keys else on,
        url=keys["url"].text() if "url" in keys else "main",
        method=keys["method"].word(_METHODS[1:], "method") if "method" in keys else "POST",
        encoding=encoding,
        headers=headers,
        body=body,
        signature=signature,
        line=spot.line,
    )
