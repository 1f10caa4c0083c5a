"""What a customer expects to hear: expectations as data, and the words that make them in Python.

Every field that is set must hold. ``chatdrill.engine.match`` compares expectations with messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

from chatdrill.engine.durations import size_range
from chatdrill.engine.templates import bare, plain
from chatdrill.errors import ScenarioError, did_you_mean
from chatdrill.model import MEDIA_KINDS
from chatdrill.wire.http import Once


class _Data(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of the values in this module."""


class MessageRef(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message of the conversation: the newest that contains ``text``, or the newest of all (``None``)."""

    text: str | None = None

    def __str__(self) -> str:
        return "the last message" if self.text is None else f"the message with {self.text!r}"


class ExpectedButton(_Data, frozen=True, kw_only=True):
    """A button: its title as the customer reads it, and what it carries."""

    title: str | None = None
    payload: str | None = None
    url: str | None = None

    def __str__(self) -> str:
        title = [] if self.title is None else [repr(self.title)]
        rest = ((name, getattr(self, name)) for name in ("payload", "url"))
        return " ".join([*title, *(f"with {name} {value!r}" for name, value in rest if value is not None)])


class ExpectedLocation(_Data, frozen=True, kw_only=True):
    """A point on the map, at most ``radius_m`` metres from the given one; without fields, any point."""

    latitude: float | None = None
    longitude: float | None = None
    name: str | None = None
    radius_m: float = 100


class ExpectedContact(_Data, frozen=True, kw_only=True):
    """A contact card; without fields, any card. ``name`` is contained, of ``phone`` the digits count."""

    name: str | None = None
    phone: str | None = None


class ExpectedTemplate(_Data, frozen=True, kw_only=True):
    """An approved template, by its name."""

    name: str
    language: str | None = None
    parameters: tuple[str, ...] | None = None


class Expectation(_Data, frozen=True, kw_only=True, dict=True):
    """One message that the bot should send.

    ``text`` is the whole text (spaces and line breaks count as one space), ``contains`` pieces of it and ``lacks``
    pieces that must not be there (letters in any case), ``one_of`` possible whole texts, ``regex`` a search. Named
    groups of ``regex`` are captured; ``capture`` maps further names to a group's name or number, or to ``text``.
    ``wordless`` asks for a message without any text. ``buttons`` must all be there (``()``: none at all). ``media`` is a
    kind, ``any`` or ``none``; ``of`` names a file whose content is expected, which becomes ``sha256``. ``parts`` are
    the exact parts in order (``media.photo``, ``keyboard.inline``), ``kind`` one that must be among them. ``edited``
    asks for an edit of an earlier message instead of a new one.
    """

    text: str | None = None
    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    regex: str | None = None
    capture: dict[str, str] = {}
    wordless: bool = False
    buttons: tuple[ExpectedButton, ...] | None = None
    media: str | None = None
    mime: str | None = None
    sha256: str | None = None
    size_min_bytes: int | None = None
    size_max_bytes: int | None = None
    of: str | None = None
    reply_to: MessageRef | None = None
    card: str | None = None
    template: ExpectedTemplate | None = None
    location: ExpectedLocation | None = None
    contact: ExpectedContact | None = None
    parts: tuple[str, ...] | None = None
    kind: str | None = None
    edited: bool = False

    @Once
    def asked(self) -> frozenset[str]:
        """The names of the fields that say anything."""
        return frozenset(name for name, silent in _SILENT.items() if getattr(self, name) != silent)

    @property
    def captures(self) -> frozenset[str]:
        """The names of the values that this expectation captures."""
        groups = re.compile(self.regex).groupindex if self.regex is not None else {}
        return frozenset(groups) | frozenset(self.capture)


_SILENT = msgspec.structs.asdict(Expectation())
Order = Literal["any", "given"]


# ------------------------------------------------------------------------------------------ the words for Python


def expect(
    text: str | None = None,
    *,
    contains: str | Iterable[str] = (),
    lacks: str | Iterable[str] = (),
    one_of: Iterable[str] = (),
    regex: str | None = None,
    capture: str | Mapping[str, str | int] | None = None,
    button: str | Mapping[str, str] | None = None,
    buttons: Iterable[str | Mapping[str, str]] | None = None,
    media: str | None = None,
    size: str | int | None = None,
    reply_to: str | None = None,
    template: str | Mapping[str, Any] | None = None,
    location: object = None,
    contact: object = None,
    parts: Iterable[str] | None = None,
    **exactly: Any,
) -> Expectation:
    """An expectation from the words of the scenario language; ``exactly`` takes the fields that are plain values.

    Raises ``ScenarioError`` for a regular expression, a size or a media kind that cannot be.
    """
    fields: dict[str, Any] = dict(exactly)
    _set_text(fields, text, one_of)
    fields["contains"], fields["lacks"] = _texts(contains), _texts(lacks)
    _set_regex(fields, regex, capture)
    _set_buttons(fields, button, buttons)
    _set_media(fields, media, size)
    fields["reply_to"] = None if reply_to is None else message(reply_to)
    fields["template"] = _template(template)
    fields["location"], fields["contact"] = _location(location), _contact(contact)
    fields["parts"] = None if parts is None else tuple(parts)
    return Expectation(**fields)


def contains(*pieces: str, **also: Any) -> Expectation:
    """A message whose text contains all ``pieces``, letters in any case."""
    return expect(contains=pieces, **also)


def regex(pattern: str, **also: Any) -> Expectation:
    """A message in whose text ``re.search`` finds ``pattern``."""
    return expect(regex=pattern, **also)


def one_of(*texts: str, **also: Any) -> Expectation:
    """A message whose whole text is one of ``texts``."""
    return expect(one_of=texts, **also)


def media(kind: str = "any", **also: Any) -> Expectation:
    """A message with a photo, voice note, document ..., see ``chatdrill.model.MEDIA_KINDS``."""
    return expect(media=kind, **also)


def message(words: str) -> MessageRef:
    """A reference to a message: ``last``, or words that it contains."""
    return MessageRef() if words == "last" else MessageRef(plain(words))


def as_expectation(value: str | Expectation) -> Expectation:
    """A bare text expects exactly that text."""
    return value if isinstance(value, Expectation) else expect(plain(value))


def _texts(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(plain(item) for item in value)


def _set_text(fields: dict[str, Any], text: str | None, one_of: Iterable[str]) -> None:
    fields["wordless"] = text == "none"
    fields["text"] = None if text == "none" else text
    fields["one_of"] = _texts(one_of)


def _set_regex(fields: dict[str, Any], pattern: str | None, capture: str | Mapping[str, str | int] | None) -> None:
    named = {capture: "text"} if isinstance(capture, str) else {k: str(v) for k, v in (capture or {}).items()}
    fields["regex"], fields["capture"] = pattern, named
    try:
        compiled = re.compile(pattern or "")
    except re.error as error:
        raise ScenarioError(f"not a regular expression: {pattern!r}: {error}") from error
    for group in named.values():
        if group != "text" and group not in compiled.groupindex and not _is_group(group, compiled.groups):
            raise ScenarioError(
                f"the regular expression has no group {group!r}" + did_you_mean(group, compiled.groupindex)
            )


def _is_group(number: str, groups: int) -> bool:
    return number.isdigit() and int(number) <= groups


def _set_buttons(
    fields: dict[str, Any], one: str | Mapping[str, str] | None, several: Iterable[str | Mapping[str, str]] | None
) -> None:
    wanted: list[str | Mapping[str, str]] = [] if one is None else [one]
    if several is not None and several != "none":
        wanted.extend([several] if isinstance(several, str) else several)
    fields["buttons"] = None if one is None and several is None else tuple(_button(item) for item in wanted)


def _button(value: str | Mapping[str, str]) -> ExpectedButton:
    if not isinstance(value, Mapping):
        return ExpectedButton(title=plain(value))
    return ExpectedButton(**{name: plain(item) for name, item in value.items()})


def _set_media(fields: dict[str, Any], kind: str | None, size: str | int | None) -> None:
    known = (*MEDIA_KINDS, "any", "none")
    if kind is not None and kind not in known:
        raise ScenarioError(f"no kind of media: {kind!r}" + did_you_mean(kind, known))
    fields["media"] = kind
    if size is not None:
        try:
            fields["size_min_bytes"], fields["size_max_bytes"] = size_range(size)
        except ValueError as error:
            raise ScenarioError(str(error)) from error


def _template(value: str | Mapping[str, Any] | None) -> ExpectedTemplate | None:
    if value is None or isinstance(value, str):
        return None if value is None else ExpectedTemplate(name=value)
    return msgspec.convert(bare(value), ExpectedTemplate)


def _location(value: Any) -> ExpectedLocation | None:
    if value is None or value == "any":
        return None if value is None else ExpectedLocation()
    if isinstance(value, str):
        return ExpectedLocation(name=value)
    if isinstance(value, Mapping):
        return msgspec.convert(bare(value), ExpectedLocation)
    latitude, longitude = value
    return ExpectedLocation(latitude=float(latitude), longitude=float(longitude))


def _contact(value: Any) -> ExpectedContact | None:
    if value is None or value == "any":
        return None if value is None else ExpectedContact()
    return ExpectedContact(name=value) if isinstance(value, str) else msgspec.convert(bare(value), ExpectedContact)
