"""A file read into a ``Spec``: what is unknown, missing or contradicts itself is told with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from chatdrill_fakes.families.declared.reading import Spot, read_file
from chatdrill_fakes.families.declared.signing import Signature, read_signature
from chatdrill_fakes.families.declared.spec import read_delivery, read_limits
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
from chatdrill_fakes.platforms.declared import spec as s
from chatdrill_fakes.platforms.declared.names import ANSWER_NAMES, FILE_NAMES, ID_NAMES, TELL_NAMES

_TOP = (
    "title",
    "source",
    "values",
    "parts",
    "limits",
    "delivery",
    "keyboard",
    "ids",
    "file",
    "auth",
    "signature",
    "headers",
    "opens",
    "tells",
    "takes",
    "errors",
)
_CARRIES = ("name", "method", "url", "encoding", "headers", "body", "uploads", "ack", "keep", "signature")
_TELL = ("on", *_CARRIES, "parts", "several", "without", "reply")
_TAKE = (
    "name",
    "method",
    "path",
    "does",
    "where",
    "unless",
    "each",
    "read",
    "find",
    "require",
    "buttons",
    "markup",
    "answer",
)
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_SEVERAL = ("files", "uploads")
_NEEDS = {"edit": ("message", "text"), "delete": ("message",), "read": ("message",)}
_IDS = {"customer": "{uuid}", "message": "{uuid}"}
_FILE_SHAPE = {"url": "{file_url}", "name": "{file_name}", "type": "{file_mime}", "size": "{file_size}"}
_MEDIA = tuple(part for part in s.PARTS if part.startswith("media."))
_SHOWN = ("media.photo", "media.video", "media.audio", "media.document")


def load(path: str | Path, shown: str | None = None) -> s.Spec:
    """The messenger that a file declares; raises ``SettingsError`` with file and line. ``shown`` is how errors name it."""
    return read(text_of(path, "declared"), shown or str(path))


def read(text: str, file: str) -> s.Spec:
    """The messenger that a text declares."""
    root = read_file(text, file, "messenger")
    top = root.table(_TOP, needed=("tells", "takes"))
    values = top["values"].texts() if "values" in top else {}
    kept = tuple(dict.fromkeys(_kept(top)))
    names = (*TELL_NAMES, *values, *kept)
    usual = _Usual(
        names,
        read_signature(top["signature"]) if "signature" in top else Signature(),
        read_headers(top.get("headers"), names),
    )
    tells = [_tell(spot, usual) for spot in top["tells"].items()]
    takes = tuple(_take(spot, kept) for spot in top["takes"].items())
    carried = frozenset(part for each in tells if each.on == s.MESSAGE for part in each.parts)
    auth, max_age_s = _auth(top.get("auth"))
    found = s.Spec(
        file=file,
        title=top["title"].text() if "title" in top else "Chat",
        source=top["source"].text() if "source" in top else file,
        parts=_parts(top["parts"]) if "parts" in top else carried,
        tells={on: tuple(each for each in tells if each.on == on) for on in s.TELLS},
        opens=tuple(_open(spot, usual) for spot in top["opens"].items()) if "opens" in top else (),
        takes=takes,
        values=values,
        kept=kept,
        auth=auth,
        auth_max_age_s=max_age_s,
        ids=read_ids(top.get("ids"), _IDS, ID_NAMES),
        errors=read_errors(top.get("errors"), s.ERRORS),
        limits=read_limits(top.get("limits"), s.Limits),
        delivery=read_delivery(top.get("delivery")),
        keyboard=top["keyboard"].word(s.STYLES, "keyboard") if "keyboard" in top else "inline",
        file_shape=template(top["file"], FILE_NAMES) if "file" in top else _FILE_SHAPE,
        shows=_shows(takes, tells, top["keyboard"].text() if "keyboard" in top else "inline"),
    )
    _check_whole(found, top, carried)
    return found


def _kept(top: Mapping[str, Spot]) -> Iterator[str]:
    """The names that answers give to values, wherever they stand in the file."""
    for section in ("opens", "tells"):
        for spot in top[section].items() if section in top else ():
            keep = spot.table().get("keep")
            yield from keep.table() if keep is not None else ()


def _check_whole(found: s.Spec, top: Mapping[str, Spot], carried: frozenset[str]) -> None:
    """What no single line shows."""
    if not any(each.does == "send" for each in found.takes) and not any(
        tell.reply for tells in found.tells.values() for tell in tells
    ):
        raise top["takes"].wrong(
            "nothing can be said to a customer: no request is taken that does: send, and no tell has a reply"
        )
    if missing := sorted(found.parts - carried):
        raise top["parts"].wrong(f"customers can send {missing[0]}, but no tell on: message carries it")
    for name in found.values:
        if name in TELL_NAMES:
            raise top["values"].at(name).wrong(f"{{{name}}} is known to templates already; choose another name")


# ------------------------------------------------------------------------------------------------ what goes out


class _Usual:
    """What stands once for all requests of a file."""

    def __init__(self, names: tuple[str, ...], signature: Signature, headers: Mapping[str, str]) -> None:
        self.names, self.signature, self.headers = names, signature, headers


def _open(spot: Spot, usual: _Usual) -> s.Tell:
    keys = spot.table(_CARRIES, needed=("name", "url"))
    return s.Tell(on="open", **_carried(spot, keys, usual, "open"))


def _tell(spot: Spot, usual: _Usual) -> s.Tell:
    keys = spot.table(_TELL, needed=("on",))
    on = keys["on"].word(s.TELLS, "act")
    return s.Tell(
        on=on,
        parts=(_parts(keys["parts"]) if "parts" in keys else frozenset({"text"})) if on == s.MESSAGE else frozenset(),
        several=keys["several"].truth() if "several" in keys else False,
        without=_known(keys["without"], usual.names) if "without" in keys else None,
        reply=_reply(keys["reply"]) if "reply" in keys else None,
        **_carried(spot, keys, usual, on),
    )


def _carried(spot: Spot, keys: Mapping[str, Spot], usual: _Usual, on: str) -> dict[str, Any]:
    """What all requests have that go out."""
    encoding: s.Encoding = keys["encoding"].word(s.ENCODINGS, "encoding") if "encoding" in keys else "json"
    body = template(keys["body"], usual.names) if "body" in keys else None
    if encoding != "json" and not isinstance(body, dict | None):
        raise keys["body"].wrong("the body of a form must be a table")
    if "uploads" in keys and encoding != "multipart":
        raise keys["uploads"].wrong("only a body with encoding: multipart can have uploads")
    return {
        "name": keys["name"].text() if "name" in keys else on,
        "method": keys["method"].word(_METHODS, "method") if "method" in keys else "POST",
        "url": str(template(keys["url"], usual.names)) if "url" in keys else "",
        "encoding": encoding,
        "headers": {**usual.headers, **read_headers(keys.get("headers"), usual.names)},
        "body": body,
        "uploads": keys["uploads"].text() if "uploads" in keys else None,
        "ack": _statuses(keys["ack"]) if "ack" in keys else (),
        "keep": {name: read_place(each, "") for name, each in keys["keep"].table().items()} if "keep" in keys else {},
        "signature": read_signature(keys["signature"]) if "signature" in keys else usual.signature,
        "line": spot.line,
    }


def _known(spot: Spot, names: tuple[str, ...]) -> str:
    return spot.word(names, "value")


def _statuses(spot: Spot) -> tuple[int, ...]:
    """The statuses of success: one, or several; ``2xx`` is what holds where nothing is said."""
    if spot.value == "2xx":
        return ()
    found = list(spot.items()) if isinstance(spot.value, list) else [spot]
    return tuple(_status(each) for each in found)


def _status(spot: Spot) -> int:
    status = int(spot.number(least=100))
    if status > 599:
        raise spot.wrong(f"{status} is no HTTP status")
    return status


def _reply(spot: Spot) -> s.Reply:
    keys = spot.table(("each", "read", "buttons"), needed=("read",))
    return s.Reply(
        read=_read(keys["read"], ""),
        each=read_place(keys["each"], "") if "each" in keys else None,
        buttons=_buttons(keys.get("buttons")),
    )


def _parts(spot: Spot) -> frozenset[str]:
    """Kinds of parts; ``media`` is all files."""
    found: set[str] = set()
    for each in spot.items():
        word = each.word((*s.PARTS, "media"), "part")
        found |= set(_MEDIA) if word == "media" else {word}
    return frozenset(found)


# -------------------------------------------------------------------------------------------------- what comes in


def _take(spot: Spot, kept: tuple[str, ...]) -> s.Take:
    keys = spot.table(_TAKE, needed=("method", "path", "does"))
    does = keys["does"].word(s.DEEDS, "deed")
    method, path = keys["method"].word(_METHODS, "method"), read_path(keys["path"])
    reading = _read(keys["read"], path) if "read" in keys else {}
    find = {name: read_place(each, path) for name, each in keys["find"].table(kept).items()} if "find" in keys else {}
    if does != "ignore" and "to" not in reading and not find:
        raise spot.wrong(f"a request that does {does!r} must read 'to', or find a customer by a value that was kept")
    for need in _NEEDS.get(does, ()):
        if need not in reading:
            raise spot.wrong(f"a request that does {does!r} must read {need!r}")
    return s.Take(
        name=keys["name"].text() if "name" in keys else f"{method} {path}",
        method=method,
        path=path,
        does=does,
        pattern=_pattern(path),
        where=_conditions(keys.get("where"), path),
        unless=_conditions(keys.get("unless"), path),
        each=read_place(keys["each"], path) if "each" in keys else None,
        read=reading,
        find=find,
        require=tuple(each.word(reading, "reading") for each in keys["require"].items()) if "require" in keys else (),
        buttons=_buttons(keys.get("buttons")),
        markup=keys["markup"].word(("plain", "html"), "markup") if "markup" in keys else "plain",
        answer=read_answer(keys["answer"], ANSWER_NAMES) if "answer" in keys else Answer(),
        line=spot.line,
    )


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", path)
    return re.compile("".join(re.escape(p) if n % 2 == 0 else f"(?P<{p}>[^/]+)" for n, p in enumerate(parts)) + "/?")


def _read(spot: Spot, path: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, each in spot.table(s.READ).items():
        listed = name in _SEVERAL and isinstance(each.value, list)
        places = [read_place(item, path) for item in each.items()] if listed else [read_place(each, path)]
        found[name] = places if name in _SEVERAL else places[0]
    return found


def _buttons(spot: Spot | None) -> dict[str, str]:
    """Where a button has its title and so on; without a word of it, a button is its title."""
    return {name: read_place(each, "") for name, each in spot.table(s.BUTTON).items()} if spot is not None else {}


def _conditions(spot: Spot | None, path: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for place in spot.table() if spot is not None else ():
        each = spot.at(place)  # type: ignore[union-attr]
        words = list(each.items()) if isinstance(each.value, list) else [each]
        read_place(spot.key(place), path)  # type: ignore[union-attr]
        found[place] = tuple(_plain(word) for word in words)
    return found


def _plain(spot: Spot) -> str:
    """What must lie at a place: as the text that it is compared by."""
    if spot.value is None or isinstance(spot.value, bool):
        return {None: "null", True: "true", False: "false"}[spot.value]
    return spot.text()


def _auth(spot: Spot | None) -> tuple[Signature, float | None]:
    """How the other side proves itself: a signature, and how old it may be."""
    if spot is None:
        return Signature(), None
    max_age = spot.table().get("max_age_s")
    rest = {key: value for key, value in spot.value.items() if key != "max_age_s"}
    return read_signature(spot.with_value(rest)), None if max_age is None else max_age.number(least=1)


def _shows(takes: tuple[s.Take, ...], tells: list[s.Tell], style: str) -> frozenset[str]:
    """What the other side can show a customer, by what is read of its messages."""
    replies = [each.reply for each in tells if each.reply is not None]
    read = {name for each in takes if each.does == "send" for name in each.read} | {n for r in replies for n in r.read}
    found = {"text"} if "text" in read else set()
    found |= set(_SHOWN) if read & {"files", "uploads"} else set()
    found |= {f"keyboard.{style}"} if "buttons" in read else set()
    return frozenset(found | ({"location"} if {"latitude", "longitude"} <= read else set()))
