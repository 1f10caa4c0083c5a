"""What a call brings, found where the file says: values by name, and the messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chatdrill.model import File
from chatdrill.wire import HttpRequest, Upload
from chatdrill_fakes.desks.generic.errors import error
from chatdrill_fakes.desks.generic.spec import Ask, Spec
from chatdrill_fakes.desks.generic.state import GenericState
from chatdrill_fakes.families.declared.places import find, inside
from chatdrill_fakes.families.declared.values import NESTING_MAX, flat, is_too_deep, word_of
from chatdrill_fakes.families.desks import Visit

Call = Visit[GenericState]
_AUTHORS = ("customer", "bot", "agent", "system")
_MESSAGE = ("text", "files", "origin", "author", "at", "public", "reply_to", "said_by")


@dataclass
class Said:
    """One message as a call brings it; ``urls`` are to be read, ``files`` were."""

    text: str
    author: Any
    public: bool
    origin: str | None
    origin_at: float | None
    reply_to: str | None
    said_by: str | None
    urls: tuple[str, ...]
    files: tuple[File, ...] = ()


@dataclass
class Reading:
    """What the file finds in a call: values by name, and the messages."""

    values: Mapping[str, Any]
    said: list[Said]

    def word(self, name: str) -> str | None:
        """A text, or a number as one."""
        return word_of(self.values.get(name))


def read(ask: Ask, visit: Call) -> Reading:
    """Everything that the file finds; raises ``Refused`` for what is missing, too long or too much."""
    spec, request = visit.state.spec, visit.request
    if visit.arguments.problem is not None:
        raise error(spec, "bad_request", visit.arguments.problem)
    if is_too_deep(visit.values):
        raise error(spec, "bad_request", f"nested deeper than {NESTING_MAX} levels")
    outside = set(ask.read) - set(_MESSAGE) if "each" in ask.read else set(ask.read)
    values = {name: _found(ask.read[name], visit.values, request, visit.params) for name in outside}
    for name in ask.require:
        if values.get(name) in (None, "", []) and not uploads_of(ask, visit):
            raise error(spec, "bad_request", f"{ask.read[name]} is missing")
    said = [_said(ask, each, visit) for each in _messages(ask, values, visit)]
    for each in said:
        _check(spec, each, len(uploads_of(ask, visit)))
    return Reading(values, said)


def _found(place: Any, body: Any, request: HttpRequest, params: Mapping[str, str]) -> Any:
    if isinstance(place, list):
        return [value for each in place if (value := find(each, body, request, params)) is not None]
    return find(place, body, request, params)


def uploads_of(ask: Ask, visit: Call) -> list[Upload]:
    """The files of a multipart body that the file reads."""
    return [upload for upload in visit.arguments.files.values() if upload.name in ask.read.get("uploads", ())]


def _messages(ask: Ask, values: Mapping[str, Any], visit: Call) -> list[Mapping[str, Any]]:
    """What is said, one table each: the elements of the list, or the one of the call, if it says anything."""
    if "each" in ask.read:
        items = values["each"] if isinstance(values["each"], list) else []
        return [{name: _inner(ask.read[name], item) for name in _MESSAGE if name in ask.read} for item in items]
    says = values.get("text") is not None or any(values.get("files") or ()) or bool(uploads_of(ask, visit))
    return [values] if says and ask.does in ("open", "add", "ask") else []


def _inner(place: Any, item: Any) -> Any:
    if isinstance(place, list):
        return [value for each in place if (value := inside(each, item)) is not None]
    return place[1:] if place.startswith("=") else inside(place, item)


def _said(ask: Ask, values: Mapping[str, Any], visit: Call) -> Said:
    written = word_of(values.get("author"))
    author = ask.author if written is None else ask.authors.get(written, written)
    if author not in _AUTHORS:
        raise error(visit.state.spec, "bad_request", f"nobody is called {written!r}")
    at = values.get("at")
    return Said(
        text=word_of(values.get("text")) or "",
        author=author,
        public=values.get("public") not in (False, "false", "0", 0),
        origin=word_of(values.get("origin")),
        origin_at=float(at) if isinstance(at, int | float) and not isinstance(at, bool) else None,
        reply_to=word_of(values.get("reply_to")),
        said_by=word_of(values.get("said_by")),
        urls=tuple(url for url in flat(values.get("files")) if url.startswith(("http://", "https://"))),
    )


def _check(spec: Spec, said: Said, uploads: int) -> None:
    limits = spec.limits
    if limits.text_max is not None and len(said.text) > limits.text_max:
        raise error(spec, "too_long", f"{len(said.text)} characters, {limits.text_max} at most")
    count = len(said.urls) + uploads
    if limits.files_max is not None and count > limits.files_max:
        raise error(spec, "too_many_files", f"{count} files, {limits.files_max} at most")
