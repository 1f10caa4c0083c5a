"""Requests to the other side read back as acts: the opposite of ``telling``, by the same templates.

Whose a request is, it says itself, or a value in it that an earlier answer gave (a conversation's id). Of somebody whose opening was not
seen that value is the address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any

from chatdrill.model import (
    MEDIA_KINDS,
    Act,
    Block,
    Button,
    Contact,
    Delete,
    Edit,
    Location,
    Media,
    MediaKind,
    Part,
    Press,
    React,
    Read,
    Receipt,
    Start,
    Text,
    Typing,
    Unblock,
    Write,
)
from chatdrill.wire import Arguments, HttpRequest, read_arguments
from chatdrill.wire.reading import Reads, Said, bare_media, moment, unread_event
from chatdrill_fakes.families.declared.matching import Match
from chatdrill_fakes.families.declared.values import is_too_deep, word_of
from chatdrill_fakes.families.kinds import kind_of_mime
from chatdrill_fakes.platforms.declared.spec import MESSAGE, TELLS, Spec, Tell
from chatdrill_fakes.platforms.declared.state import DeclaredState, Heard

Names = Mapping[str, Any]
HEARD_MAX = 1000
"""Requests that are remembered until they are answered."""
_LINKS = {"image_url": "image/", "video_url": "video/", "audio_url": "audio/", "document_url": ""}
_LINK_OF = {
    "media.photo": "image_url",
    "media.video": "video_url",
    "media.audio": "audio_url",
    "media.document": "document_url",
}
_TYPED = frozenset((*_LINK_OF, "media.animation"))
_PERSON = ("phone", "email", "username", "locale")
_DIGITS_MAX = 20
_STATUSES = ("sent", "delivered", "read", "played", "failed")


def read_request(state: DeclaredState, request: HttpRequest) -> Iterator[Said]:
    """What a request tells of. Raises ``ValueError`` for one that the file declares nothing like."""
    arguments = read_arguments(request)
    if arguments.problem is not None:
        raise ValueError(arguments.problem)
    if is_too_deep(arguments.values):
        raise ValueError("nested too deeply")
    tell, found = _closest(state.spec, request, arguments)
    names = {name: value for name, value in found.names.items() if name not in state.constants}
    kept = {name: word for name in state.spec.kept if (word := word_of(names.get(name))) is not None}
    to = _whose(state, names, kept)
    if to is None:
        raise ValueError(f"nothing in {tell.name} says whose it is")
    update = (
        _id(names, tell) or blake2b(request.url.encode("utf-8", "replace") + request.body, digest_size=12).hexdigest()
    )
    head: dict[str, Any] = {"at": _moment(names), "update": update, "person": _person(names)}
    if found.strange:
        yield unread_event(to, str(found.strange[0])[:80], dict(arguments.values), **head)
        return
    if found.words and not tell.matcher.fits(arguments.values):
        raise ValueError(f"{state.spec.file} declares no such request")
    if len(state.heard) >= HEARD_MAX:
        del state.heard[next(iter(state.heard))]
    state.heard[update] = Heard(tell, kept)
    if tell.on not in _ACTS:  # what has to come first
        yield unread_event(to, tell.name, dict(names), by_platform=True, **head)
        return
    act = _ACTS[tell.on](state.spec, tell, names, arguments)
    message = word_of(names.get("message"))
    yield Said(to=to, act=act, ids=(message,) if message and tell.on == MESSAGE else (), **head)


def _told(spec: Spec) -> Iterator[Tell]:
    """Everything that is declared to go out."""
    yield from spec.opens
    for on in TELLS:
        yield from spec.tells[on]


def _closest(spec: Spec, request: HttpRequest, arguments: Arguments) -> tuple[Tell, Match]:
    """The declared request that explains the most of one; of those with other words than its own only if none fits."""
    coded = [tell for tell in _told(spec) if arguments.encoding in (tell.encoding, "none")]
    for strictly in (True, False):
        matches = ((tell, tell.matcher.match(request, arguments.values, strictly=strictly)) for tell in coded)
        known = [(tell, found) for tell, found in matches if found is not None and (found.names or found.hits)]
        if known:
            return max(known, key=lambda pair: pair[1].rank)
    raise ValueError(f"{spec.file} declares no such request")


def _whose(state: DeclaredState, names: Names, kept: Mapping[str, str]) -> str | None:
    """The customer's address."""
    to = word_of(names.get("customer"))
    if to is not None:
        return to
    pairs = list(kept.items())[::-1]  # what was kept last is the narrowest
    return next((state.found[pair] for pair in pairs if pair in state.found), pairs[0][1] if pairs else None)


def _id(names: Names, tell: Tell) -> str | None:
    """What a redelivery is known by."""
    own = word_of(names.get("id"))
    message = word_of(names.get("message")) if tell.on == MESSAGE else None
    return own or message


def _moment(names: Names) -> float | None:
    for name, per_s in (("now", 1), ("now_ms", 1000)):
        value = names.get(name)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < _DIGITS_MAX:
            value = int(value)  # in a form
        at = moment(value, per_s)
        if at is not None:
            return at
    try:
        return datetime.fromisoformat(str(names.get("now_iso", ""))).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _person(names: Names) -> dict[str, str]:
    """Who it is, as far as the file tells that."""
    whole = (word_of(names.get("name")) or "").partition(" ")
    found = {name: word_of(names.get(name)) for name in _PERSON}
    found["first_name"] = word_of(names.get("first_name")) or whole[0]
    found["last_name"] = word_of(names.get("last_name")) or whole[2]
    found["locale"] = found["locale"] or word_of(names.get("language"))
    return {name: value for name, value in found.items() if value}


# ------------------------------------------------------------------------------------------------------- messages


def _parts(spec: Spec, tell: Tell, names: Names, arguments: Arguments) -> tuple[Part, ...]:
    words = word_of(names.get("text"))
    found: list[Part] = [Text(text=words)] if words is not None else []
    found += _files(spec, tell, names, arguments)
    found += _place(names)
    if names.get("contact_phone") is not None:
        found.append(
            Contact(name=word_of(names.get("contact_name")) or "", phone=word_of(names["contact_phone"]) or "")
        )
    return tuple(found) or (Text(text=""),)


def _files(spec: Spec, tell: Tell, names: Names, arguments: Arguments) -> Iterator[Media]:
    """Files: as the file shapes them, as mere links, or in the body itself."""
    shaped = names.get("files")
    for each in shaped if isinstance(shaped, list) else ():
        yield _file(tell, spec.file_matcher.match(each).names)
    if not shaped and names.get("file_url"):
        yield _file(tell, names)
    elif not shaped:
        yield from (_file(tell, {"file_url": url, "file_mime": mime}) for url, mime in _links(names))
    for upload in arguments.files.values():
        if upload.name == tell.uploads:
            mime = upload.content_type or "application/octet-stream"
            yield bare_media(kind_of_mime(mime), mime=mime, name=upload.filename or None, size=len(upload.content))


def _links(names: Names) -> Iterator[tuple[Any, str]]:
    urls = names.get("file_urls")
    yield from ((url, "") for url in (urls if isinstance(urls, list) else ()))
    yield from ((names[name], mime) for name, mime in _LINKS.items() if names.get(name))


def _file(tell: Tell, names: Names) -> Media:
    """A file: of the kind that its type says, or else of the one that the request carries."""
    mime = word_of(names.get("file_mime")) or f"{word_of(names.get('file_kind')) or ''}/"
    kind = kind_of_mime(mime) if len(mime) > 1 else _carried(tell) or "document"
    whole = mime if mime.partition("/")[2] else None
    name, url = word_of(names.get("file_name")), word_of(names.get("file_url"))
    return bare_media(kind, mime=whole, name=name, size=names.get("file_size"), url=url)


def _carried(tell: Tell) -> MediaKind | None:
    """The one kind of file that a request carries, if it is one."""
    kinds = [kind for kind in MEDIA_KINDS if f"media.{kind}" in tell.parts]
    return kinds[0] if len(kinds) == 1 else None


def _place(names: Names) -> Iterator[Location]:
    if names.get("latitude") is None or names.get("longitude") is None:
        return
    latitude, longitude = (float(word_of(names[name]) or "") for name in ("latitude", "longitude"))
    name, address = word_of(names.get("place_name")), word_of(names.get("address"))
    yield Location(latitude=latitude, longitude=longitude, name=name, address=address)


# ----------------------------------------------------------------------------------------------------------- acts

Reader = Callable[[Spec, Tell, Names, Arguments], Act]


def _of(names: Names) -> str:
    """The message that an act is about. Raises ``ValueError`` where none is named."""
    found = word_of(names.get("message"))
    if found is None:
        raise ValueError("it names no message")
    return found


def _press(_spec: Spec, _tell: Tell, names: Names, _arguments: Arguments) -> Act:
    payload, title = word_of(names.get("payload")), word_of(names.get("title"))
    button = Button(title=title or payload or "", kind="postback", payload=payload)
    return Press(button=button, message_id=word_of(names.get("message")))


def _receipt(_spec: Spec, _tell: Tell, names: Names, _arguments: Arguments) -> Act:
    status = word_of(names.get("status"))
    if status not in _STATUSES:
        raise ValueError(f"no status {status!r} is known")
    return Receipt(message_id=_of(names), status=status)  # type: ignore[arg-type]  # one of them


_ACTS: dict[str, Reader] = {
    MESSAGE: lambda spec, tell, names, arguments: Write(
        parts=_parts(spec, tell, names, arguments), reply_to=word_of(names.get("reply_to"))
    ),
    "press": _press,
    "start": lambda _s, _t, names, _a: Start(payload=word_of(names.get("payload"))),
    "edit": lambda spec, tell, names, arguments: Edit(
        message_id=_of(names), parts=_parts(spec, tell, names, arguments)
    ),
    "delete": lambda _s, _t, names, _a: Delete(message_id=_of(names)),
    "react": lambda _s, _t, names, _a: React(message_id=_of(names), emoji=word_of(names.get("emoji"))),
    "typing": lambda _s, _t, _n, _a: Typing(),
    "read": lambda _s, _t, names, _a: Read(message_id=_of(names)),
    "receipt": _receipt,
    "block": lambda _s, _t, _n, _a: Block(),
    "unblock": lambda _s, _t, _n, _a: Unblock(),
}

# ------------------------------------------------------------------------------------------------- what a file gives

_NEEDS = {
    "press": ("payload", "title"),
    "edit": ("message", "text"),
    "delete": ("message",),
    "react": ("message", "emoji"),
    "read": ("message",),
    "receipt": ("message", "status"),
}
_MAY_LACK = {
    "press": {"press.message_id": "message"},
    "write": {"write.reply_to": "reply_to"},
    "location": {"location.name": "place_name", "location.address": "address"},
}
_ALWAYS = ("write.forwarded", "write.referral", "start.referral", "text.spans", "media.caption", "media.emoji", "contact.email", "contact.own", "receipt.error")  # fmt: skip


def reads_of(spec: Spec) -> Reads:
    """What of a file's requests is read back just as it was."""
    used = {on: frozenset().union(*(tell.matcher.names for tell in spec.tells[on])) for on in TELLS}
    acts = {on for on in TELLS if spec.tells[on] and on != MESSAGE and used[on] >= set(_NEEDS.get(on, ()))}
    said = used[MESSAGE]
    parts = {part for part in spec.parts if _is_read(spec, part, said)}
    loses = {*_ALWAYS}
    for tag, fields in _MAY_LACK.items():
        names = used["press"] if tag == "press" else said
        loses |= {field for field, name in fields.items() if name not in names}
    if not any("message" in take.answered.names for take in spec.takes if take.does == "send"):
        loses.add("message.ids")
    return Reads(acts=frozenset({"write", *acts}), parts=frozenset(parts), loses=frozenset(loses))


def _is_read(spec: Spec, part: str, said: Iterable[str]) -> bool:
    """Whether the names that a file uses are enough for a part."""
    names = set(said)
    if part.startswith("media."):
        typed = {"file_mime", "file_kind"} & (names | spec.file_matcher.names if "files" in names else names)
        alone = any(f"media.{_carried(tell)}" == part for tell in spec.tells[MESSAGE])
        uploads = any(tell.uploads for tell in spec.tells[MESSAGE])
        return alone or (part in _TYPED and bool(uploads or typed)) or _LINK_OF.get(part) in names
    return {"text": {"text"}, "location": {"latitude", "longitude"}, "contact": {"contact_name", "contact_phone"}}[
        part
    ] <= names
