"""The verbs of the scenario language for Python: the same words, the same data."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import msgspec

from chatdrill.engine.conditions import check_condition
from chatdrill.engine.desk_verbs import DeskVerbs
from chatdrill.engine.expect import Expectation
from chatdrill.engine.moments import MOMENT_PATTERN
from chatdrill.engine.reading import read_contents, read_step
from chatdrill.engine.step_parts import Attachment, Content
from chatdrill.engine.steps import Piece, Step, branch, nested
from chatdrill.errors import ScenarioError

Duration = str | float
Expected = str | Expectation
Said = str | Piece | Mapping[str, Any]
Sendable = str | Content | Mapping[str, Any]


class Verbs(DeskVerbs):
    """What can be said, done and heard. Every verb returns a new object with one step more.

    ``by`` is the key of the customer who acts or listens. Durations are texts (``"5s"``) or seconds. A message is named
    by ``"last"`` or by words that it contains. What is heard comes ``within`` a time from the start of the step,
    ``after`` one (``"24h ± 10m"``) or ``not_before`` one since the customer's last word, or until it is ``due``; the
    last two may be moments (``"09:15 next working day"``; ``due`` is YAML's ``by``). Every verb raises ``ScenarioError`` for what cannot be read.
    """

    steps: tuple[Step, ...]

    @abstractmethod
    def _added(self, steps: Sequence[Step]) -> Self:
        """This, with these steps more."""

    def _step(self, verb: str, value: Any, by: str | None) -> Self:
        step = read_step(verb, value)
        if by and re.match(MOMENT_PATTERN, by):  # what YAML means by it
            raise ScenarioError(f"by={by!r} says which customer; until when it is heard is due={by!r}")
        return self._added([msgspec.structs.replace(step, customer=by) if by else step])

    # -------------------------------------------------------------------------------------------------- says

    def says(self, *words: Said, by: str | None = None) -> Self:
        """Write one message; several are a burst. ``{"text": .., "after": "2s"}`` sets a gap."""
        return self._step("says", list(words), by) if len(words) != 1 else self._step("says", words[0], by)

    def sends(self, content: Sendable, *, by: str | None = None) -> Self:
        """Send a file by name, or what ``photo()``, ``location()``, ``contact()`` ... describe."""
        return self._step("sends", content, by)

    def replies(
        self, to: str, *, says: Said | None = None, sends: Sendable | None = None, by: str | None = None
    ) -> Self:
        """Quote a message and write or send something."""
        return self._step("replies", {"to": to} | _given(says=says, sends=sends), by)

    # -------------------------------------------------------------------------------------------------- does

    def starts(
        self, payload: str | None = None, *, referral: Mapping[str, str] | None = None, by: str | None = None
    ) -> Self:
        """Open the chat, perhaps by a deep link that carries ``payload``."""
        return self._step("starts", _given(payload=payload, referral=referral), by)

    def presses(
        self, button: str | None = None, *, payload: str | None = None, of: str | None = None, by: str | None = None
    ) -> Self:
        """Press a button by its title or payload, of the newest message that has it or of the message ``of``."""
        return self._step("presses", _given(button=button, payload=payload, of=of), by)

    def edits(self, to: str, *, message: str = "last", by: str | None = None) -> Self:
        """Change an own message."""
        return self._step("edits", {"message": message, "to": to}, by)

    def deletes(self, message: str = "last", *, by: str | None = None) -> Self:
        """Delete an own message."""
        return self._step("deletes", message, by)

    def reacts(self, emoji: str | None, *, to: str = "last", by: str | None = None) -> Self:
        """React to a message of the bot; ``None`` takes the reaction back."""
        return self._step("reacts", {"with": emoji, "to": to}, by)

    def reads(self, message: str = "last", *, by: str | None = None) -> Self:
        """Read everything up to a message of the bot."""
        return self._step("reads", message, by)

    def types(self, duration: Duration, *, by: str | None = None) -> Self:
        """Type for a while and send nothing."""
        return self._step("types", duration, by)

    def waits(self, duration: Duration, *, by: str | None = None) -> Self:
        """Let drill time pass."""
        return self._step("waits", duration, by)

    def waits_until(self, moment: str, *, by: str | None = None) -> Self:
        """Let drill time pass until a moment such as ``"monday 09:00"``."""
        return self._step("waits until", moment, by)

    def blocks(self, *, by: str | None = None) -> Self:
        """Block the bot."""
        return self._step("blocks", None, by)

    def unblocks(self, *, by: str | None = None) -> Self:
        """Let the bot write again."""
        return self._step("unblocks", None, by)

    def happens(
        self, platform: str, event: str, data: Mapping[str, Any] | None = None, *, by: str | None = None
    ) -> Self:
        """An event that only one vendor has."""
        return self._step("happens", {platform: event} | ({"with": data} if data else {}), by)

    # ------------------------------------------------------------------------------------------------- hears

    def hears(
        self,
        *expected: Expected,
        within: Duration | None = None,
        after: str | None = None,
        not_before: Duration | None = None,
        due: str | None = None,
        in_order: bool = False,
        only: bool = False,
        by: str | None = None,
    ) -> Self:
        """Expect one message, or several in any order, ``in_order``, or these and nothing else (``only``)."""
        group = "only" if only else "in_order" if in_order else "all"
        return self._step("hears", {group: list(expected)} | _times(within, after, not_before, due), by)

    def hears_nothing(self, duration: Duration, *, by: str | None = None) -> Self:
        """Expect silence."""
        return self._step("hears nothing for", duration, by)

    def eventually(
        self,
        *expected: Expected,
        within: Duration | None = None,
        after: str | None = None,
        not_before: Duration | None = None,
        due: str | None = None,
        by: str | None = None,
    ) -> Self:
        """Expect messages and excuse what comes before them."""
        return self._step("eventually", {"all": list(expected)} | _times(within, after, not_before, due), by)

    def optional(
        self,
        *expected: Expected,
        within: Duration | None = None,
        after: str | None = None,
        not_before: Duration | None = None,
        due: str | None = None,
        by: str | None = None,
    ) -> Self:
        """Accept messages that need not come."""
        return self._step("optional", {"all": list(expected)} | _times(within, after, not_before, due), by)

    def reminded(
        self,
        *expected: Expected,
        within: Duration | None = None,
        after: str | None = None,
        not_before: Duration | None = None,
        due: str | None = None,
        by: str | None = None,
    ) -> Self:
        """Expect that the bot speaks unasked, while the customer is away; without words, whatever it says."""
        words = {"all": list(expected)} if expected else {}
        return self._step("reminded", words | _times(within, after, not_before, due), by)

    def never(self, unwanted: Expected, *, for_: Duration | None = None, by: str | None = None) -> Self:
        """From here on, or for a while, no message may be like this."""
        step = read_step("never", unwanted)
        limit = None if for_ is None else read_step("waits", for_).seconds  # type: ignore[union-attr]  # it is Waits
        return self._added([msgspec.structs.replace(step, for_s=limit, customer=by)])

    # ------------------------------------------------------------------------------------------ puts together

    def plus(self, more: Verbs) -> Self:
        """The steps of ``more`` after these: how Python scenarios share steps."""
        return self._added(nested(more.steps, len(self.steps)))

    def when(self, condition: str, then: Verbs, otherwise: Verbs | None = None) -> Self:
        """Steps under a condition such as ``"{platform} == telegram"``, and those for where it does not hold."""
        check_condition(condition)
        return self._added(branch(condition, then.steps, otherwise.steps if otherwise else (), len(self.steps)))


def _given(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _times(within: Duration | None, after: str | None, not_before: Duration | None, due: str | None) -> dict[str, Any]:
    return _given(**{"within": within, "after": after, "not before": not_before, "by": due})


@dataclass(frozen=True)
class Steps(Verbs):
    """Steps without a scenario around them, for ``plus`` and ``when``."""

    steps: tuple[Step, ...] = ()

    def _added(self, steps: Sequence[Step]) -> Self:
        return type(self)((*self.steps, *steps))


# ------------------------------------------------------------------------------------------- what can be sent


def _content(value: Mapping[str, Any]) -> Content:
    return read_contents({key: item for key, item in value.items() if item is not None})[0]


def photo(file: str, *, caption: str | None = None) -> Content:
    """A photo: a shipped sample by name, or a file of your own."""
    return _content({"photo": file, "caption": caption})


def video(file: str, *, caption: str | None = None) -> Content:
    """A video."""
    return _content({"video": file, "caption": caption})


def voice(file: str) -> Content:
    """A voice note."""
    return _content({"voice": file})


def audio(file: str, *, caption: str | None = None) -> Content:
    """A piece of music."""
    return _content({"audio": file, "caption": caption})


def document(file: str, *, caption: str | None = None, name: str | None = None) -> Content:
    """A document; ``name`` is the file name that the bot sees."""
    return _content({"document": file, "caption": caption, "name": name})


def sticker(file: str, *, emoji: str | None = None) -> Content:
    """A sticker."""
    return _content({"sticker": file, "emoji": emoji})


def location(latitude: float, longitude: float, *, name: str | None = None, address: str | None = None) -> Content:
    """A point on the map, in degrees; with a name it is a venue."""
    return _content({"location": [latitude, longitude], "name": name, "address": address})


def contact(name: str | None = None, phone: str = "", *, email: str | None = None) -> Content:
    """A contact card; without a name the customer's own."""
    return _content({"contact": "own" if name is None else _given(name=name, phone=phone, email=email)})


def order(*items: str | Mapping[str, Any], note: str | None = None, catalog: str | None = None) -> Content:
    """A basket: product ids, or ``{"id": .., "quantity": 2, "price": 10.5, "currency": "EUR"}``."""
    return _content({"order": list(items), "note": note, "catalog": catalog})


def album(*files: str | Content, caption: str | None = None) -> Mapping[str, Any]:
    """Several files in one message."""
    return {"album": list(files)} | _given(caption=caption)


def attachment(file: str) -> Attachment:
    """A file whose kind follows from its content."""
    return Attachment(file=file)
