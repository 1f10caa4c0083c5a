"""What a platform's package knows of its own traffic: webhooks and calls, read as turns. Found by entry points of the group
``chatdrill.captures``, one for a platform."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from chatdrill.importing.dialog import Turn
from chatdrill.importing.turning import said_turn, turn_of
from chatdrill.model import Echo
from chatdrill.wire import Said as Read

Body = Mapping[str, Any]
Said = Iterator[tuple[str, Turn]]
GROUP = "chatdrill.captures"


def _silence(_body: Body, _text: str, _at: float) -> Said:
    return iter(())


@dataclass(frozen=True)
class Capture:
    """``knows(body)``: whether a JSON object is a webhook of the platform's. ``webhook(body, at)`` and ``call(url, body, answer, at)``
    give turns with the chat that each belongs to; ``at`` counts where the vendor gives no time. ``hosts`` are those of the API.
    ``answer(body, text, at)`` gives what the bot said in its answer to a webhook, where the platform has that. ``tokens(body)`` are words of a
    webhook by which a later call may name its chat (a reply token), each with the chat."""

    platform: str
    hosts: tuple[str, ...]
    knows: Callable[[Body], bool]
    webhook: Callable[[Body, float], Said]
    call: Callable[[str, Body, Body, float], Said]
    answer: Callable[[Body, str, float], Said] = _silence
    tokens: Callable[[Body], Iterable[tuple[str, str]]] = lambda _body: ()


@lru_cache(maxsize=1)
def captures() -> tuple[Capture, ...]:
    """What all installed platforms know."""
    from importlib.metadata import entry_points

    return tuple(point.load() for point in sorted(entry_points(group=GROUP), key=lambda point: point.name))


def told(decode: Callable[[Body], Iterable[Read]]) -> Callable[[Body, float], Said]:
    """The turns of a webhook, by what the platform reads back of it. What is no turn (a receipt, an event), and what nobody can read, is left out."""

    def turns(body: Body, at: float) -> Said:
        for said in decode(body):
            if said.to is not None:
                yield from ((said.to, turn) for turn in _turns(said, at) if _says_anything(turn))

    return turns


def tokens_in(decode: Callable[[Body], Iterable[Read]]) -> Callable[[Body], Iterable[tuple[str, str]]]:
    """The tokens of a webhook, by what the platform reads back of it."""
    return lambda body: [
        (token, said.to)
        for said in decode(body)
        for token in said.tokens.values()
        if said.to is not None and token != said.to
    ]


def _turns(said: Read, at: float) -> Iterator[Turn]:
    when = at if said.at is None else said.at
    if isinstance(said.act, Echo):
        message = said.act.message
        role = "agent" if message.author == "agent" else "bot"
        yield said_turn(message.parts, {"at": when, "who": role, "role": role, "id": message.id})
        return
    name = " ".join(filter(None, (said.person.get("first_name"), said.person.get("last_name"))))
    head = {"at": when, "who": name or str(said.to), "role": "customer", "id": next(iter(said.ids), None)}
    yield from turn_of(said.act, head)


def _says_anything(turn: Turn) -> bool:
    return turn.does != "writes" or bool(turn.text or turn.files or turn.place or turn.card)
