"""What the other side's messages bring, found where the file says, and the parts that a customer sees of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chatdrill.model import Button, File, Keyboard, Location, Media, Part, Text
from chatdrill.model.parts import MediaKind
from chatdrill.wire import Arguments, Exchange, HttpResponse, Upload, read_arguments
from chatdrill_fakes.families.declared.places import finder, inside
from chatdrill_fakes.families.declared.refusing import refusal
from chatdrill_fakes.families.declared.values import flat, is_too_deep, word_of
from chatdrill_fakes.families.desks import fetched_file, plain_words, uploaded_file
from chatdrill_fakes.platforms.declared.spec import Spec, Take
from chatdrill_fakes.platforms.declared.state import DeclaredState

_KINDS: dict[str, MediaKind] = {"image": "photo", "video": "video", "audio": "audio"}
_DEGREES = {"latitude": 90.0, "longitude": 180.0}


class Refused(Exception):
    """The answer to a call that is not carried out; ``why`` is for the trace."""

    def __init__(self, spec: Spec, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.response: HttpResponse = refusal(spec.errors, name, reason)


class Wanted(Exception):
    """Files of the network that must be read before a call can be answered."""

    def __init__(self, urls: tuple[str, ...]) -> None:
        super().__init__()
        self.urls = urls


@dataclass
class Visit:
    """One call while it is answered. ``item`` is the element that the places look into, ``params`` the names in the path."""

    state: DeclaredState
    exchange: Exchange
    arguments: Arguments = field(init=False)
    params: Mapping[str, str] = field(default_factory=dict)
    item: Any = None
    markup: str = "plain"
    is_too_deep: bool = field(init=False)

    def __post_init__(self) -> None:
        self.arguments = read_arguments(self.exchange.request)
        self.item = self.arguments.values
        self.is_too_deep = is_too_deep(self.item)

    def turn_to(self, take: Take) -> None:
        """From now on the names in the path are those of one declared request."""
        found = take.pattern.fullmatch(self.exchange.request.path)
        self.params = found.groupdict() if found is not None else {}
        self.markup = take.markup

    @property
    def spec(self) -> Spec:
        """The file."""
        return self.state.spec

    def found(self, place: Any) -> Any:
        """What lies at a place; of several places a list."""
        if type(place) is list:
            return [value for each in place if (value := self.found(each)) is not None]
        return finder(place)(self.item, self.exchange.request, self.params)

    def word(self, read: Mapping[str, Any], name: str) -> str | None:
        """A text that is read, or a number as one."""
        return word_of(self.found(read[name])) if name in read else None

    def error(self, name: str, reason: str) -> Refused:
        """An error of the file."""
        return Refused(self.spec, name, reason)


@dataclass
class Draft:
    """What a customer is to see."""

    parts: tuple[Part, ...]
    buttons: tuple[Button, ...] = ()


def draft(visit: Visit, read: Mapping[str, Any], buttons: Mapping[str, str]) -> Draft:
    """The parts of a message; raises ``Refused`` for what is too much or nothing, ``Wanted`` for files to be read first."""
    words = text(visit, read)
    parts: list[Part] = [Text(text=words)] if words else []
    parts += [Media(kind=_kind(file), file=file) for file in _files(visit, read)]
    parts += _place(visit, read)
    keys = _buttons(visit, visit.found(read["buttons"]), buttons) if "buttons" in read else ()
    if not parts:
        raise visit.error("nothing_to_say", f"none of {', '.join(_places(read))} is there")
    rows = tuple(row for row in keys if row)
    if rows:
        parts.append(Keyboard(style=visit.spec.keyboard, rows=rows))
    return Draft(tuple(parts), tuple(button for row in rows for button in row))


def _places(read: Mapping[str, Any]) -> list[str]:
    return flat([read[name] for name in ("text", "files", "uploads", "latitude") if name in read])


def text(visit: Visit, read: Mapping[str, Any]) -> str:
    """The words of a message; raises ``Refused`` if there are too many."""
    found = visit.found(read["text"]) if "text" in read else None
    if found is not None and word_of(found) is None and found != "":
        raise visit.error("bad_request", f"{read['text']} is no text")
    words, most = word_of(found) or "", visit.spec.limits.text_max
    words = plain_words(words) if visit.markup == "html" else words
    if most is not None and len(words) > most:
        raise visit.error("too_long", f"{len(words)} characters, {most} at most")
    return words


def _files(visit: Visit, read: Mapping[str, Any]) -> Sequence[File]:
    found = visit.found(read["files"]) if "files" in read else None
    if not found and not visit.arguments.files:
        return ()
    urls = tuple(dict.fromkeys(each for each in flat(found) if each.startswith(("http://", "https://"))))
    uploads = [each for each in visit.arguments.files.values() if each.name in read.get("uploads", ())]
    most = visit.spec.limits.files_max
    if most is not None and len(urls) + len(uploads) > most:
        raise visit.error("too_many_files", f"{len(urls) + len(uploads)} files, {most} at most")
    if missing := tuple(url for url in urls if url not in visit.exchange.fetched):
        raise Wanted(missing)
    return [*_fetched(visit, read, urls), *_uploaded(visit, uploads)]


def _fetched(visit: Visit, read: Mapping[str, Any], urls: Sequence[str]) -> Sequence[File]:
    """Files by their addresses; one of our own is a customer's, given back."""
    name = visit.word(read, "file_name") if len(urls) == 1 else None
    return [fetched_file(visit.exchange.fetched[url], visit.state.blobs, url=url, name=name) for url in urls]


def _uploaded(visit: Visit, uploads: Sequence[Upload]) -> Sequence[File]:
    return [uploaded_file(upload, visit.state.blobs) for upload in uploads]


def _kind(file: File) -> MediaKind:
    return _KINDS.get(file.mime.partition("/")[0], "document")


def _place(visit: Visit, read: Mapping[str, Any]) -> list[Part]:
    """A point on the map, if there is one."""
    if "latitude" not in read or "longitude" not in read:
        return []
    latitude, longitude = visit.found(read["latitude"]), visit.found(read["longitude"])
    if latitude is None and longitude is None:
        return []
    return [Location(latitude=_degrees(visit, "latitude", latitude), longitude=_degrees(visit, "longitude", longitude))]


def _degrees(visit: Visit, name: str, value: Any) -> float:
    try:
        number = float(word_of(value) or "")
    except ValueError:
        raise visit.error("bad_request", f"{name} is no number") from None
    if not abs(number) <= _DEGREES[name]:
        raise visit.error("bad_request", f"{name} is not between -{_DEGREES[name]:g} and {_DEGREES[name]:g}")
    return number


def _buttons(visit: Visit, found: Any, places: Mapping[str, str]) -> tuple[tuple[Button, ...], ...]:
    """Buttons, one under the other, or in rows where the list has lists."""
    if found is None:
        return ()
    if not isinstance(found, list):
        raise visit.error("bad_request", "buttons are a list")
    rows = tuple(
        tuple(_button(visit, each, places) for each in (row if isinstance(row, list) else [row])) for row in found
    )
    count, most = sum(map(len, rows)), visit.spec.limits.buttons_max
    if most is not None and count > most:
        raise visit.error("too_many_buttons", f"{count} buttons, {most} at most")
    return rows


def _button(visit: Visit, found: Any, places: Mapping[str, str]) -> Button:
    title = word_of(inside(places["title"], found) if "title" in places else found)
    if title is None:
        raise visit.error("bad_request", f"a button has no {places.get('title', 'title')}")
    payload, url = (word_of(inside(places[name], found)) if name in places else None for name in ("payload", "url"))
    if url is not None:
        return Button(title=title, kind="url", url=url)
    return Button(title=title, kind="postback" if visit.spec.tells["press"] else "reply", payload=payload)
