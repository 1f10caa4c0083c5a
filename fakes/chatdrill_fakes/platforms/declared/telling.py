"""Every act of a customer as the requests that the other side gets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.model import (
    Act,
    Block,
    Button,
    Contact,
    Delete,
    Edit,
    Event,
    File,
    Location,
    Media,
    Message,
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
    part_text,
)
from chatdrill.wire import Update
from chatdrill_fakes.families.declared.values import times
from chatdrill_fakes.platforms.declared.names import TELL_NAMES
from chatdrill_fakes.platforms.declared.rendering import prepare
from chatdrill_fakes.platforms.declared.spec import ERRORS, MESSAGE, Spec, Tell
from chatdrill_fakes.platforms.declared.state import DeclaredChat, DeclaredState, Told

_NOTHING: dict[str, Any] = dict.fromkeys(TELL_NAMES) | {"files": []}
EVENTS = frozenset({"api_error"})
ECHO = "a declared messenger shows the other side none of its own messages"
_KINDS = {"image": "image_url", "video": "video_url", "audio": "audio_url"}


class Scene:
    """An act at drill time ``at``."""

    def __init__(self, state: DeclaredState, chat: DeclaredChat, at: float) -> None:
        self.state, self.chat, self.at = state, chat, at
        self.told: list[Update] = []

    def tell(self, on: str, uploads: Sequence[File] = (), among: Sequence[Tell] | None = None, **names: Any) -> None:
        """The request of the act, if one is declared, behind those that have to come first."""
        tells = tuple(self.state.spec.tells[on] if among is None else among)
        if tells:
            self._open()
            self._put(tells, tells[0].name, uploads, names)

    def _open(self) -> None:
        chat = self.chat
        for each in self.state.spec.opens:
            waits = chat.opening.get(each.name)
            if each.name in chat.done or (waits is not None and waits in self.state.outbox):
                continue
            chat.opening[each.name] = self._put((each,), each.name, (), {})

    def _put(self, tells: tuple[Tell, ...], kind: str, uploads: Sequence[File], names: dict[str, Any]) -> Told:
        chat, id = self.chat, self.state.delivery_id()
        known = {**_NOTHING, **self.state.constants, **chat.person, **times(self.at), **names, "id": id}
        update = Told(
            id, kind, chat.address, chat.address, b"", self.at, tells=tells, names=known, files=tuple(uploads)
        )
        prepare(self.state, chat, update)
        self.told.append(update)
        return update


def encode(state: DeclaredState, to: str, act: Act, now: float) -> Sequence[Update]:
    """See ``Platform.encode``."""
    chat = state.chats.get(to)
    if chat is None:
        raise Unsupported(f"declared: nobody with the id {to!r} has joined")
    encoder = _ENCODERS.get(type(act))
    if encoder is None:
        raise Unsupported(f"declared: {ECHO}")
    scene = Scene(state, chat, now)
    encoder(scene, act)
    return scene.told


# ---------------------------------------------------------------------------------------------------------- writing


def name_of(part: Part) -> str:
    """A part as a file calls it."""
    return f"media.{part.kind}" if isinstance(part, Media) else str(part.__struct_config__.tag)


def _write(scene: Scene, act: Write) -> None:
    spec = scene.state.spec
    for part in act.parts:
        if name_of(part) not in spec.parts:
            raise Unsupported(f"declared: {lacking(spec, name_of(part))}")
    if not act.parts:
        raise Unsupported("declared: a customer cannot send an empty message")
    for parts in _requests(spec, act.parts):
        _say(scene, parts, act.reply_to)
        scene.at += 0.001  # messages of one act follow each other


def lacking(spec: Spec, part: str) -> str:
    """Why customers cannot send a part."""
    return f"{spec.file} has no {part} among the parts that customers can send"


def _requests(spec: Spec, parts: tuple[Part, ...]) -> Iterator[tuple[Part, ...]]:
    """The parts of a message by requests: all in one that carries them all, or each in one of its own."""
    if len(parts) > 1 and _carriers(spec, parts):
        yield parts
        return
    for part in parts:
        if isinstance(part, Media) and part.caption is not None and not _carriers(spec, (part,)):
            yield (Media(kind=part.kind, file=part.file, emoji=part.emoji),)
            yield (part.caption,)
        else:
            yield (part,)


def _carriers(spec: Spec, parts: tuple[Part, ...]) -> tuple[Tell, ...]:
    names, files = {name_of(part) for part in parts}, [part for part in parts if isinstance(part, Media)]
    if files and any(file.caption for file in files):
        names.add("text")
    return tuple([tell for tell in spec.tells[MESSAGE] if names <= tell.parts and (len(files) < 2 or tell.several)])


def _say(scene: Scene, parts: tuple[Part, ...], reply_to: str | None) -> None:
    state, chat = scene.state, scene.chat
    id = state.new_id("message")
    chat.messages[id] = Message(ids=(id,), author="customer", parts=parts, at=scene.at, reply_to=reply_to)
    chat.opened, chat.last_customer_at = True, scene.at
    names = contents(state, parts)
    files = tuple(part.file for part in parts if isinstance(part, Media))
    scene.tell(MESSAGE, files, _carriers(state.spec, parts), **names, message=id, reply_to=reply_to)


def contents(state: DeclaredState, parts: tuple[Part, ...]) -> dict[str, Any]:
    """What a message says, by the names of templates."""
    found: dict[str, Any] = {"part": name_of(parts[0]).partition(".")[0]}
    texts = [words for part in parts if (words := part_text(part))]
    if texts:
        found["text"] = "\n".join(texts)
    for part in parts:
        if (reader := _CONTENTS.get(type(part))) is not None:
            reader(state, part, found)
    return found


def _file(state: DeclaredState, part: Media, found: dict[str, Any]) -> None:
    shape, names = state.shape(part.file)
    found["files"] = [*found.get("files", ()), shape]
    found["file_urls"] = [*found.get("file_urls", ()), names["file_url"]]
    for name, value in names.items():
        found.setdefault(name, value)
    found.setdefault(_KINDS.get(names["file_kind"], "document_url"), names["file_url"])


def _place(_state: DeclaredState, part: Location, found: dict[str, Any]) -> None:
    found |= {"latitude": part.latitude, "longitude": part.longitude}
    found |= {"place_name": part.name, "address": part.address}


def _contact(_state: DeclaredState, part: Contact, found: dict[str, Any]) -> None:
    found |= {"contact_name": part.name, "contact_phone": part.phone}


_CONTENTS: dict[type, Callable[[DeclaredState, Any, dict[str, Any]], None]] = {
    Media: _file,
    Location: _place,
    Contact: _contact,
}

# ------------------------------------------------------------------------------------------------------ other acts


def _press(scene: Scene, act: Press) -> None:
    """A press is told as such, or is what the button says as the customer's own words."""
    button = act.button
    if button.kind == "url":
        return
    if scene.state.spec.tells["press"]:
        scene.tell("press", payload=_payload(button), title=button.title, message=act.message_id)
    else:
        _say(scene, (Text(text=button.title),), None)


def _payload(button: Button) -> str:
    return button.payload if button.payload is not None else button.title


def _start(scene: Scene, act: Start) -> None:
    scene.tell("start", payload=act.payload or (act.referral.ref if act.referral else None))


def _edit(scene: Scene, act: Edit) -> None:
    was = scene.chat.messages.get(act.message_id)
    if was is not None:
        scene.chat.messages[act.message_id] = msgspec.structs.replace(was, parts=act.parts, edited_at=scene.at)
    scene.tell("edit", message=act.message_id, **contents(scene.state, act.parts))


def _delete(scene: Scene, act: Delete) -> None:
    scene.tell("delete", message=act.message_id)


def _react(scene: Scene, act: React) -> None:
    scene.tell("react", message=act.message_id, emoji=act.emoji)


def _typing(scene: Scene, _act: Typing) -> None:
    scene.tell("typing")


def _read(scene: Scene, act: Read) -> None:
    scene.tell("read", message=act.message_id)


def _receipt(scene: Scene, act: Receipt) -> None:
    scene.tell("receipt", message=act.message_id, status=act.status)


def _block(scene: Scene, _act: Block) -> None:
    scene.chat.blocked = True
    scene.tell("block")


def _unblock(scene: Scene, _act: Unblock) -> None:
    scene.chat.blocked = False
    scene.tell("unblock")


def _event(scene: Scene, act: Event) -> None:
    """``api_error``: the next messages to this customer meet an error of the file."""
    if act.name not in EVENTS:
        raise Unsupported(f"declared has no event {act.name!r}{did_you_mean(act.name, EVENTS)}")
    error, times_ = act.data.get("error", "bad_request"), act.data.get("times", 1)
    if error not in ERRORS:
        raise Unsupported(f"declared has no error {error!r}{did_you_mean(str(error), ERRORS)}")
    if not isinstance(times_, int) or isinstance(times_, bool) or not 0 < times_ <= 1000:
        raise Unsupported(f"declared: times must be a number from 1 to 1000, not {times_!r}")
    scene.chat.fails_next += [error] * times_


_ENCODERS: dict[type, Callable[[Scene, Any], None]] = {
    Write: _write,
    Press: _press,
    Start: _start,
    Edit: _edit,
    Delete: _delete,
    React: _react,
    Typing: _typing,
    Read: _read,
    Receipt: _receipt,
    Block: _block,
    Unblock: _unblock,
    Event: _event,
}
