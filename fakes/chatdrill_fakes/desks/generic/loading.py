"""A file read into a ``Spec``: what is unknown, missing or contradicts itself is told with its line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

from chatdrill.errors import SettingsError, did_you_mean
from chatdrill.model import Owner, TicketState
from chatdrill_fakes.desks.generic import spec as s
from chatdrill_fakes.desks.generic.filling import names_in
from chatdrill_fakes.desks.generic.names import ENTRY_NAMES, FILE_NAMES, ID_NAMES, NAMES, SIGN_NAMES
from chatdrill_fakes.desks.generic.places import problem_of
from chatdrill_fakes.desks.generic.reading import Spot, read_file

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
_SIGNATURE = ("kind", "header", "prefix", "hash", "encoding", "signs", "timestamp_header")
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
_FILE_SHAPE = {"url": "{file_url}", "name": "{file_name}", "mime": "{file_mime}", "size": "{file_size}"}
_ENTRY_SHAPE = {"id": "{message}", "author": "{author}", "text": "{text}", "at": "{at}", "public": "{public}"}


def load(path: str | Path, shown: str | None = None) -> s.Spec:
    """The desk that a file declares; raises ``SettingsError`` with file and line. ``shown`` is how errors name it."""
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SettingsError(f"generic: the file {path} cannot be read: {reason}") from error
    return read(text, shown or str(path))


def read(text: str, file: str) -> s.Spec:
    """The desk that a text declares."""
    root = read_file(text, file)
    top = root.table(_TOP, needed=("statuses", "moves", "requests"))
    statuses = {word: _status(spot) for word, spot in top["statuses"].table().items()}
    moves = _moves(top["moves"], statuses)
    auth = top["auth"].table(("header", "value"), needed=("header",)) if "auth" in top else {}
    usual = _signature(top["signature"]) if "signature" in top else s.Signature()
    found = s.Spec(
        file=file,
        title=top["title"].text() if "title" in top else "Desk",
        statuses=statuses,
        moves=moves,
        requests=tuple(_request(spot, statuses) for spot in top["requests"].items()),
        hooks=tuple(_hook(spot, usual) for spot in top["hooks"].items()) if "hooks" in top else (),
        base=top["base"].text() if "base" in top else "",
        auth_header=auth["header"].text() if auth else None,
        auth_value=_template(auth["value"], ("token",)) if "value" in auth else "{token}",
        ids=_ids(top.get("ids")),
        errors=_errors(top.get("errors")),
        limits=_limits(top.get("limits")),
        delivery=_delivery(top.get("delivery")),
        after_close=top["after_close"].word(("error", "reopen"), "after_close") if "after_close" in top else "error",
        survey=top["survey"].word(("page", "message", "bot", "none"), "survey") if "survey" in top else "none",
        file_shape=_template(top["file"], FILE_NAMES) if "file" in top else _FILE_SHAPE,
        entry_shape=_template(top["entry"], ENTRY_NAMES) if "entry" in top else _ENTRY_SHAPE,
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
    method, path = keys["method"].word(_METHODS, "method"), keys["path"].text()
    if not path.startswith("/"):
        raise keys["path"].wrong(f"a path begins with '/', not as {path!r}")
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
        answer=_answer(keys["answer"], NAMES) if "answer" in keys else s.Answer(),
        line=spot.line,
    )


def _translated(spot: Spot | None, known: Iterable[str], what: str) -> dict[str, str]:
    return {word: each.word(known, what) for word, each in spot.table().items()} if spot is not None else {}


def _read(spot: Spot, path: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, each in spot.table(s.READ).items():
        several = name in ("keys", "files", "uploads") and isinstance(each.value, list)
        places = [_place(item, path) for item in each.items()] if several else [_place(each, path)]
        found[name] = places if name in ("keys", "files", "uploads") else places[0]
    return found


def _place(spot: Spot, path: str) -> str:
    place = spot.text()
    if (problem := problem_of(place)) is not None:
        raise spot.wrong(problem)
    params = [part.partition("}")[0] for part in path.split("{")[1:]]
    source, _, name = place.partition(":")
    if source == "path" and name not in params:
        raise spot.wrong(f"the path {path} has no {{{name}}}{did_you_mean(name, params)}")
    return place


def _answer(spot: Spot, names: Iterable[str], usual: int = 200) -> s.Answer:
    keys, known = spot.table(("status", "body", "headers")), tuple(names)
    status = int(keys["status"].number(least=100)) if "status" in keys else usual
    if status > 599:
        raise keys["status"].wrong(f"{status} is no HTTP status")
    body = _template(keys["body"], known) if "body" in keys else None
    return s.Answer(status, body, _headers(keys.get("headers"), known))


def _headers(spot: Spot | None, names: tuple[str, ...]) -> dict[str, str]:
    return {name: str(_template(each, names)) for name, each in spot.table().items()} if spot is not None else {}


def _template(spot: Spot, names: Iterable[str]) -> Any:
    """A template whose names are all known."""
    known = tuple(names)
    for name in names_in(spot.value):
        if name not in known:
            raise _deepest(spot, name).wrong(f"a template knows no {{{name}}} here{did_you_mean(name, known)}")
    return spot.value


def _deepest(spot: Spot, name: str) -> Spot:
    """The innermost place that uses a name, so that the error's line is its own."""
    if isinstance(spot.value, dict):
        inner: list[Spot] = [spot.at(key) for key in spot.value]
    else:
        inner = [spot.at(number) for number in range(len(spot.value))] if isinstance(spot.value, list) else []
    return next((_deepest(each, name) for each in inner if name in names_in(each.value)), spot)


# ------------------------------------------------------------------------------------ ids, errors, limits, delivery


def _ids(spot: Spot | None) -> dict[str, str]:
    found = {"ticket": "{number}", "message": "{uuid}", "contact": "{number}", "agent": "{number}"}
    for kind, each in spot.table(found).items() if spot is not None else ():
        found[kind] = _template(each, ID_NAMES)
        if not any(names_in(found[kind])):
            raise each.wrong(f"every {kind} would have the same id {found[kind]!r}; put {{number}} or {{uuid}} into it")
    return found


def _errors(spot: Spot | None) -> dict[str, s.Answer]:
    found = {name: s.Answer(status, {"error": words}) for name, (status, words) in s.ERRORS.items()}
    for name, each in spot.table(s.ERRORS).items() if spot is not None else ():
        found[name] = _answer(each, ("reason",), s.ERRORS[name][0])
        if found[name].status < 400:
            raise each.wrong(f"the error {name!r} must have a status of 400 or more")
    return found


def _limits(spot: Spot | None) -> s.Limits:
    keys = spot.table(("text_max", "files_max", "requests_per_minute")) if spot is not None else {}
    return s.Limits(**{name: int(each.number(least=1)) for name, each in keys.items()})


def _delivery(spot: Spot | None) -> s.Deliver:
    keys = spot.table(("retry_s", "timeout_s")) if spot is not None else {}
    retry = tuple(each.number() for each in keys["retry_s"].items()) if "retry_s" in keys else ()
    return s.Deliver(retry, keys["timeout_s"].number(least=0.1) if "timeout_s" in keys else 10.0)


# ------------------------------------------------------------------------------------------------------ hooks


def _signature(spot: Spot) -> s.Signature:
    keys, usual = spot.table(_SIGNATURE, needed=("kind",)), s.Signature()
    return s.Signature(
        kind=keys["kind"].word(("none", "token", "hmac"), "kind of signature"),
        header=keys["header"].text() if "header" in keys else usual.header,
        prefix=keys["prefix"].text() if "prefix" in keys else "",
        hash=keys["hash"].word(("sha1", "sha256"), "hash") if "hash" in keys else usual.hash,
        encoding=keys["encoding"].word(("hex", "base64"), "encoding") if "encoding" in keys else usual.encoding,
        signs=_template(keys["signs"], SIGN_NAMES) if "signs" in keys else usual.signs,
        timestamp_header=keys["timestamp_header"].text() if "timestamp_header" in keys else None,
    )


def _hook(spot: Spot, usual: s.Signature) -> s.Hooked:
    keys = spot.table(_HOOK, needed=("on", "body"))
    on = keys["on"].word(s.EVENTS, "event")
    encoding: s.Encoding = keys["encoding"].word(s.ENCODINGS, "encoding") if "encoding" in keys else "json"
    body, headers = _template(keys["body"], NAMES), _headers(keys.get("headers"), NAMES)
    if encoding == "form" and not isinstance(body, dict):
        raise keys["body"].wrong("a form's body must be a table")
    signature = _signature(keys["signature"]) if "signature" in keys else usual
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
