"""From what a person wrote to steps. YAML and Python go the same way, so both give equal data.

``read_step(verb, value)`` takes the value as it stands after the verb in YAML; ready-made values (an ``Expectation``, an
``Attachment`` ...) may stand wherever their description may. Raises ``ScenarioError`` for what the JSON Schema cannot
see; the shapes themselves are the schema's business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, cast

import msgspec

from chatdrill.engine import steps
from chatdrill.engine.desk_reading import desk_readers
from chatdrill.engine.durations import DURATION_PATTERN, seconds, span
from chatdrill.engine.expect import Expectation, MessageRef, as_expectation, expect, message
from chatdrill.engine.moments import read_moment, why_neither
from chatdrill.engine.step_parts import Attachment, Content
from chatdrill.engine.steps import Piece, Step
from chatdrill.engine.templates import bare, plain
from chatdrill.errors import ScenarioError, did_you_mean
from chatdrill.model import MEDIA_KINDS, Contact, Form, Location, MediaKind, Order, OrderItem, Other, Referral


def read_step(verb: str, value: Any) -> Step:
    """One step from its verb and what stands after it. Raises ``ScenarioError``."""
    if verb not in READERS:
        raise ScenarioError(f"no step is called {verb!r}" + did_you_mean(verb, READERS))
    try:
        return READERS[verb](value)
    except (TypeError, ValueError, KeyError, msgspec.ValidationError) as error:
        raise ScenarioError(f"cannot read {verb!r}: {error}") from error


def _mapping(value: Any, main: str) -> dict[str, Any]:
    """The long form of a value; the short form is the ``main`` field alone."""
    return dict(value) if isinstance(value, Mapping) else {main: value}


def _text(value: Any) -> str | None:
    return None if value is None else plain(value)


def _message(value: Any) -> MessageRef:
    if isinstance(value, MessageRef):
        return value
    return MessageRef() if value is None else message(plain(value))


def _referral(value: Any) -> Referral | None:
    return None if value is None else msgspec.convert(bare(value), Referral)


# ------------------------------------------------------------------------------------------------- what is said


def _says(value: Any, reply_to: MessageRef | None = None) -> steps.Says:
    if isinstance(value, Mapping):
        return steps.Says(
            pieces=(_piece(value),),
            reply_to=reply_to,
            forwarded=bool(value.get("forwarded", False)),
            referral=_referral(value.get("referral")),
        )
    pieces = value if isinstance(value, list | tuple) else [value]
    return steps.Says(pieces=tuple(_piece(item) for item in pieces), reply_to=reply_to)


def _piece(value: Any) -> Piece:
    if isinstance(value, Mapping):
        return Piece(plain(value["text"]), seconds(value["after"]) if "after" in value else None)
    return Piece(plain(value))


def _sends(value: Any, reply_to: MessageRef | None = None) -> steps.Sends:
    forwarded = isinstance(value, Mapping) and bool(value.get("forwarded", False))
    return steps.Sends(contents=read_contents(value), reply_to=reply_to, forwarded=forwarded)


def read_contents(value: Any) -> tuple[Content, ...]:
    """What one message carries besides words: a file by its name, or a mapping that begins with its kind."""
    if isinstance(value, msgspec.Struct):
        return (cast(Content, value),)
    if not isinstance(value, Mapping):
        return (Attachment(file=plain(value)),)
    kinds = [kind for kind in CONTENT_KINDS if kind in value]
    if len(kinds) != 1:
        said = " and ".join(kinds) or "nothing"
        raise ScenarioError(f"'sends' needs one kind of content, and got {said}; known: {', '.join(CONTENT_KINDS)}")
    _allow(value, kinds[0])
    return _CONTENTS[kinds[0]](kinds[0], dict(value)) if kinds[0] in _CONTENTS else (_file(kinds[0], value),)


_EXTRAS: dict[str, tuple[str, ...]] = {
    "location": ("name", "address", "live"),
    "album": ("caption",),
    "order": ("note", "catalog"),
    "contact": (),
    "form": ("values",),
    "other": ("data",),
}
_FILE_EXTRAS = ("caption", "name", "emoji")


def _allow(value: Mapping[str, Any], kind: str) -> None:
    extras = (kind, "forwarded", *_EXTRAS.get(kind, _FILE_EXTRAS))
    for key in value:
        if key not in extras:
            raise ScenarioError(f"{key!r} does not go with {kind!r}" + did_you_mean(key, extras))


def _file(kind: str, value: Mapping[str, Any]) -> Attachment:
    extras = {key: _text(value[key]) for key in _FILE_EXTRAS if key in value}
    media = None if kind == "file" else cast(MediaKind, kind)
    return Attachment(file=plain(value[kind]), kind=media, **extras)


def _album(_: str, value: dict[str, Any]) -> tuple[Content, ...]:
    files = [content for item in value["album"] for content in read_contents(item)]
    if not all(isinstance(item, Attachment) for item in files):
        raise ScenarioError("an album holds files and nothing else")
    if "caption" in value:
        files[0] = msgspec.structs.replace(files[0], caption=plain(value["caption"]))
    return tuple(files)


def _location(_: str, value: dict[str, Any]) -> tuple[Content, ...]:
    where = value["location"]
    point = dict(where) if isinstance(where, Mapping) else {"latitude": where[0], "longitude": where[1]}
    point |= {key: plain(value[key]) for key in ("name", "address") if key in value}
    if "live" in value:
        point["live_period_s"] = round(seconds(value["live"]))
    return (msgspec.convert(bare(point), Location),)


def _contact(_: str, value: dict[str, Any]) -> tuple[Content, ...]:
    if value["contact"] == "own":
        return (Contact(name="{customer.name}", phone="{customer.phone}", own=True),)
    return (msgspec.convert({key: plain(item) for key, item in value["contact"].items()}, Contact),)


def _order(_: str, value: dict[str, Any]) -> tuple[Content, ...]:
    items = tuple(_order_item(item) for item in value["order"])
    return (Order(items=items, catalog=_text(value.get("catalog")), note=_text(value.get("note"))),)


def _order_item(value: Any) -> OrderItem:
    if isinstance(value, OrderItem):
        return value
    fields = _mapping(value, "id")
    return msgspec.convert(bare(fields) | {"id": plain(fields["id"])}, OrderItem)


def _form(_: str, value: dict[str, Any]) -> tuple[Content, ...]:
    return (Form(name=plain(value["form"]), values=bare(value.get("values", {}))),)


def _other(_: str, value: dict[str, Any]) -> tuple[Content, ...]:
    return (Other(kind=plain(value["other"]), data=bare(value.get("data", {}))),)


_CONTENTS: dict[str, Callable[[str, dict[str, Any]], tuple[Content, ...]]] = {
    "location": _location,
    "contact": _contact,
    "album": _album,
    "order": _order,
    "form": _form,
    "other": _other,
}
CONTENT_KINDS: tuple[str, ...] = ("file", *MEDIA_KINDS, *_CONTENTS)
"""What can stand first in the mapping after ``sends``."""


def _replies(value: Mapping[str, Any]) -> Step:
    quoted = _message(value.get("to"))
    if ("says" in value) == ("sends" in value):
        raise ScenarioError("'replies' needs either 'says' or 'sends'")
    return _says(value["says"], quoted) if "says" in value else _sends(value["sends"], quoted)


# ------------------------------------------------------------------------------------------------- what is done


def _starts(value: Any) -> steps.Starts:
    given = _mapping(value, "payload")
    return steps.Starts(payload=_text(given.get("payload")), referral=_referral(given.get("referral")))


def _presses(value: Any) -> steps.Presses:
    given = _mapping(value, "button")
    title, payload, of = _text(given.get("button")), _text(given.get("payload")), given.get("of")
    if title is None and payload is None:
        raise ScenarioError("'presses' needs the button's title, or its payload")
    menu = of == "menu"
    return steps.Presses(title=title, payload=payload, of=None if of is None or menu else _message(of), menu=menu)


def _edits(value: Mapping[str, Any]) -> steps.Edits:
    return steps.Edits(text=plain(value["to"]), message=_message(value.get("message")))


def _reacts(value: Any) -> steps.Reacts:
    given = _mapping(value, "with")
    return steps.Reacts(emoji=_text(given.get("with")), message=_message(given.get("to")))


def _happens(value: Mapping[str, Any]) -> steps.Happens:
    named = [key for key in value if key != "with"]
    if len(named) != 1:
        raise ScenarioError(
            "'happens' needs one platform and the event there: {whatsapp: message_template_status_update}"
        )
    return steps.Happens(platform=named[0], event=plain(value[named[0]]), data=bare(value.get("with", {})))


# ------------------------------------------------------------------------------------------------ what is heard

_GROUPS = ("all", "in_order", "only")
_TIMES = ("within", "after", "not before", "by")
_NOT_OF_ONE_MESSAGE = (*_GROUPS, *_TIMES, "for")


def _expectations(value: Any) -> tuple[Expectation, ...]:
    return tuple(read_expectation(item) for item in value)


def read_expectation(value: Any) -> Expectation:
    """One expected message: its exact text, or a mapping of what must hold. Raises ``ScenarioError``."""
    if not isinstance(value, Mapping):
        return value if isinstance(value, Expectation) else as_expectation(plain(value))
    fields = {key: item for key, item in value.items() if key not in _NOT_OF_ONE_MESSAGE}
    for key in ("text", "contains", "lacks", "regex", "card", "sha256"):
        if key in fields and not isinstance(fields[key], list | tuple):
            fields[key] = plain(fields[key])
    if not fields:
        raise ScenarioError("an expectation needs something to expect: a text, contains, regex, buttons, media ...")
    return expect(**fields)


def _heard(kind: type[steps.Hears], value: Any) -> steps.Hears:
    given = dict(value) if isinstance(value, Mapping) else {"all" if isinstance(value, list | tuple) else "one": value}
    times = _times({key: given.pop(key) for key in _TIMES if key in given})
    groups = [group for group in _GROUPS if group in given]
    if not groups:
        return kind(expectations=(read_expectation(given.get("one", given)),), **times)
    beside = sorted(set(given) - {groups[0]})
    if beside:
        raise ScenarioError(f"{groups[0]!r} and {beside[0]!r} do not go together; put {beside[0]!r} into its items")
    group = groups[0]
    return kind(expectations=_expectations(given[group]), in_order=group == "in_order", only=group == "only", **times)


def _times(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that say when. ``after`` is short for the other two, so it stands alone."""
    for one, other in _ONE_OF_THEM:
        if one in given and other in given:
            raise ScenarioError(f"{one!r} and {other!r} do not go together; {_WHY[one]}")
    if "after" in given:
        not_before, by = span(given["after"])
        return {"not_before": not_before, "by": by}
    return {_FIELDS[key]: read(given[key]) for key, read in _READS.items() if key in given}


def _since_or_moment(value: Any) -> float | str:
    if not isinstance(value, str) or re.match(DURATION_PATTERN, value.strip()):
        return seconds(value)
    if ":" not in value:
        raise ScenarioError(why_neither(value))
    return _moment(value)


def _moment(value: Any) -> str:
    return str(read_moment(plain(value)))


_ONE_OF_THEM = (("after", "not before"), ("after", "by"), ("after", "within"), ("by", "within"))
_WHY = {"after": "'after' says from when and until when", "by": "both say until when"}
_FIELDS = {"within": "within_s", "not before": "not_before", "by": "by"}
_READS: dict[str, Callable[[Any], Any]] = {"within": seconds, "not before": _since_or_moment, "by": _moment}


def _hears(value: Any) -> steps.Hears:
    return _heard(steps.Hears, value)


def _optional(value: Any) -> steps.Hears:
    return msgspec.structs.replace(_hears(value), optional=True)


def _eventually(value: Any) -> steps.Hears:
    return _heard(steps.Eventually, value)


def _reminded(value: Any) -> steps.Hears:
    """A reminder says when it comes; what it says may be left open."""
    given = dict(value) if isinstance(value, Mapping) else {}
    if not {"after", "not before", "by"} & set(given):
        raise ScenarioError("'reminded' needs to know when: after (24h ± 10m), not before (1h) or by (09:15 tomorrow)")
    says = any(key not in _TIMES for key in given)
    return _heard(steps.Reminded, given if says else {**given, "all": [Expectation()]})


def _never(value: Any) -> steps.Never:
    for_s = seconds(value["for"]) if isinstance(value, Mapping) and "for" in value else None
    return steps.Never(expectation=read_expectation(value), for_s=for_s)


READERS: dict[str, Callable[[Any], Step]] = {
    "says": _says,
    "sends": _sends,
    "replies": _replies,
    "starts": _starts,
    "presses": _presses,
    "edits": _edits,
    "deletes": lambda value: steps.Deletes(message=_message(value)),
    "reacts": _reacts,
    "reads": lambda value: steps.Reads(message=_message(value)),
    "types": lambda value: steps.Types(seconds=seconds(value)),
    "waits": lambda value: steps.Waits(seconds=seconds(value)),
    "waits until": lambda value: steps.WaitsUntil(moment=_moment(value)),
    "blocks": lambda _: steps.Blocks(),
    "unblocks": lambda _: steps.Unblocks(),
    "happens": _happens,
    "hears": _hears,
    "hears nothing for": lambda value: steps.HearsNothing(seconds=seconds(value)),
    "eventually": _eventually,
    "reminded": _reminded,
    "optional": _optional,
    "never": _never,
    **desk_readers(read_contents, read_expectation),
}
"""The step table: every verb, and how what stands after it is read."""
