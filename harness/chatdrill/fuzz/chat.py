"""A dialog that was played, as a user's own property sees it; and the properties."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.errors import UsageError, did_you_mean
from chatdrill.model import Block, Delete, Edit, Edited, Press, React, Sent, Start, Unblock, Write, part_text
from chatdrill.model.messages import Message
from chatdrill.trace import Acted, Took

Kind = Literal["message", "press", "start", "edit", "delete", "reaction", "block", "unblock"]
_ACTS: dict[type, Kind] = {
    Write: "message", Press: "press", Start: "start", Edit: "edit", Delete: "delete", React: "reaction", Block: "block", Unblock: "unblock",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One thing that was said or done. ``at`` is drill time (Unix seconds), ``t`` seconds since the run began; ``n`` the number of its record.
    ``text`` are the words, of a press its button's title."""

    who: Literal["customer", "bot", "agent"]
    kind: Kind
    text: str
    at: float
    t: float
    n: int
    message: Message | None = None

    @property
    def buttons(self) -> tuple[str, ...]:
        """The titles of the buttons below a message."""
        return () if self.message is None else tuple(button.title for button in self.message.buttons)

    @property
    def files(self) -> tuple[str, ...]:
        """The kinds of the files in a message."""
        return () if self.message is None else tuple(media.kind for media in self.message.media)


@dataclass(frozen=True)
class Chat:
    """A dialog that was played: ``platform``, the name of the ``customer``, and ``lines`` in their order. ``evidence`` has all that checks
    see."""

    evidence: CaseEvidence

    @property
    def platform(self) -> str:
        """The platform's word."""
        return self.evidence.began.platform

    @property
    def customer(self) -> str:
        """The customer's full name."""
        return next((person.name for person in self.evidence.began.customers.values()), "")

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All that was said and done."""
        return tuple(line for record in self.evidence.records if (line := _line(record)) is not None)

    @property
    def said(self) -> tuple[Line, ...]:
        """What the customer wrote, pressed and started."""
        return tuple(
            line for line in self.lines if line.who == "customer" and line.kind in ("message", "press", "start")
        )

    @property
    def heard(self) -> tuple[Line, ...]:
        """The bot's messages, and how they were edited."""
        return tuple(line for line in self.lines if line.who != "customer")

    @property
    def turns(self) -> tuple[tuple[tuple[Line, ...], tuple[Line, ...]], ...]:
        """What the customer said, each time with what the bot said until they spoke again."""
        return tuple(_turns(self.lines))


def _line(record: object) -> Line | None:
    if isinstance(record, Acted) and record.cause != "platform" and type(record.act) in _ACTS:
        return Line("customer", _ACTS[type(record.act)], _words(record.act), record.at, record.t, record.n)
    if isinstance(record, Took) and isinstance(record.effect, Sent | Edited):
        message = record.effect.message
        who: Literal["agent", "bot"] = "agent" if message.author == "agent" else "bot"
        kind: Kind = "message" if isinstance(record.effect, Sent) else "edit"
        return Line(who, kind, message.text, record.at, record.t, record.n, message)
    return None


def _words(act: object) -> str:
    if isinstance(act, Write | Edit):
        return " ".join(filter(None, map(part_text, act.parts)))
    if isinstance(act, Press):
        return act.button.title
    return act.payload or "" if isinstance(act, Start) else ""


def _turns(lines: tuple[Line, ...]) -> Iterator[tuple[tuple[Line, ...], tuple[Line, ...]]]:
    said: list[Line] = []
    heard: list[Line] = []
    for line in lines:
        if line.who != "customer":
            heard.append(line)
        elif line.kind in ("message", "press", "start"):
            if heard:
                yield tuple(said), tuple(heard)
                said, heard = [], []
            said.append(line)
    if said or heard:
        yield tuple(said), tuple(heard)


# ---------------------------------------------------------------------------------------------------------- properties


@dataclass(frozen=True)
class Property:
    """A promise of the user's own: ``holds`` gets the chat, and raises ``AssertionError`` where it is broken."""

    name: str
    holds: Callable[[Chat], object]

    def broken(self, chat: Chat) -> str | None:
        """What is wrong, in a sentence; ``None`` if nothing is. Whatever else it raises is wrong, too: the property itself may be."""
        try:
            self.holds(chat)
        except AssertionError as error:
            return str(error).partition("\n")[0] or "the assertion does not hold"
        except Exception as error:  # noqa: BLE001  a user's code may raise whatever it likes
            return f"the property itself failed: {type(error).__name__}: {error}"
        return None


def load_property(text: str) -> Property:
    """The property behind ``file.py::name``. Raises ``UsageError`` if there is none."""
    place, _, name = text.partition("::")
    if not name:
        raise UsageError(f"a property is written file.py::name, not {text!r}")
    path = Path(place)
    spec = importlib.util.spec_from_file_location(path.stem, path) if path.is_file() else None
    if spec is None or spec.loader is None:
        raise UsageError(f"no file {place!r} to take the property {name!r} from")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise UsageError(f"{place} cannot be imported: {type(error).__name__}: {error}") from error
    known = [key for key, value in vars(module).items() if callable(value) and not key.startswith("_")]
    if name not in known:
        raise UsageError(f"{place} has no function {name!r}{did_you_mean(name, known)}")
    return Property(name, getattr(module, name))


def as_property(value: Property | Callable[[Chat], object]) -> Property:
    """A function as a property."""
    return value if isinstance(value, Property) else Property(getattr(value, "__name__", "property"), value)
