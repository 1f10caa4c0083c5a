"""What customers do by SMS, whoever carries it: all of it comes down to words and files, and the rest happens on their phones only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from chatdrill.errors import Unsupported
from chatdrill.model import (
    Act,
    Block,
    Event,
    Media,
    Part,
    Press,
    Read,
    Receipt,
    Start,
    Text,
    Typing,
    Unblock,
    Write,
)
from chatdrill.wire import ChannelState, Chat, Update, typed
from chatdrill_fakes.families.sms.lacks import GREETING

S = TypeVar("S", bound=ChannelState[Any])
C = TypeVar("C", bound=Chat)
Told = tuple[Update, ...]


@dataclass(slots=True)
class Scene(Generic[S, C]):
    """An act of a customer (or upon one) at drill time ``at``."""

    state: S
    chat: C
    at: float


Encoders = Mapping[type, Callable[[Any, Any], Told]]


def encoders(
    write: Callable[[Any, Write], Told], receipt: Callable[[Any, Receipt], Told], event: Callable[[Any, Event], Told]
) -> dict[type, Callable[[Any, Any], Told]]:
    """How each act is told, by the three in which gateways differ."""
    return {
        Write: write,
        Press: lambda scene, act: write(scene, typed(act)),
        Start: lambda scene, act: write(scene, _said(_opening(act))),
        Block: lambda scene, _act: write(scene, _said("STOP")),
        Unblock: lambda scene, _act: write(scene, _said("START")),
        Typing: _nothing,
        Read: _nothing,
        Receipt: receipt,
        Event: event,
    }


def _opening(act: Start) -> str:
    return act.payload or (act.referral.ref if act.referral else None) or GREETING


def _said(words: str) -> Write:
    return Write(parts=(Text(text=words),))


def _nothing(_scene: object, _act: object) -> Told:
    """Something happens on the customer's phone only."""
    return ()


def encode(
    name: str, lacks: Mapping[str, str], known: Encoders, state: ChannelState[Any], to: str, act: Act, now: float
) -> Told:
    """What the bot is told of an act on the platform ``name``, which ``lacks`` some; ``now`` is the chat's drill time. Raises ``Unsupported``."""
    chat = state.chats.get(to)
    if chat is None:
        raise Unsupported(f"{name}: nobody with the number {to!r} has joined")
    encoder = known.get(type(act))
    if encoder is None:
        raise Unsupported(f"{name}: {lacks.get(type(act).__name__.lower(), 'a customer cannot do that')}")
    return encoder(Scene(state, chat, now), act)


def pieces(name: str, lacks: Mapping[str, str], parts: Sequence[Part]) -> tuple[str, list[Media]]:
    """The words and the files of a message, captions among the words. Raises ``Unsupported`` for what is neither, and for nothing."""
    words: list[str] = []
    files: list[Media] = []
    for part in parts:
        if isinstance(part, Text):
            words.append(part.text)
        elif isinstance(part, Media):
            files.append(part)
            words += [part.caption.text] if part.caption else []
        else:
            tag = str(type(part).__struct_config__.tag)
            raise Unsupported(
                f"{name}: {lacks.get(tag, f'a customer cannot send {tag}: there is nothing of the kind in SMS')}"
            )
    text = "\n".join(words)
    if not text and not files:
        raise Unsupported(f"{name}: a customer cannot send an empty message")
    return text, files
