"""A dialog, or a piece of one, as the steps of a scenario: pauses, bursts, expectations, the work of agents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from chatdrill.engine.desk_steps import AgentDoes, AgentSees, Handoff
from chatdrill.engine.expect import Expectation, ExpectedButton, ExpectedContact, ExpectedLocation, MessageRef
from chatdrill.engine.step_parts import Attachment, Content
from chatdrill.engine.steps import (
    Deletes,
    Edits,
    Hears,
    Piece,
    Presses,
    Reacts,
    Reminded,
    Says,
    Sends,
    Starts,
    Step,
    Types,
    Waits,
)
from chatdrill.engine.templates import escaped
from chatdrill.importing.dialog import Attached, Role, Turn
from chatdrill.model import Contact, Location, MediaKind

Strictness = Literal["structure", "wording", "none"]
AgentsAs = Literal["desk", "bot", "none"]

_PAUSE_MIN_S = 1.0  # shorter ones are how fast people read; the persona has its own
_SLOW_S = 5.0  # a bot that took longer gets more than the usual time
_UNASKED_S = 900.0  # a bot that speaks after a quarter of an hour reminds, it does not answer
_HANDOFF_S = 300.0
_REF_MAX = 60

Said = tuple[Turn, Role]
Files = Callable[[Attached], tuple[str, MediaKind]]


@dataclass(frozen=True)
class Manner:
    """How a dialog becomes steps. ``pauses`` scales them, ``burst_s`` is how close words of one thought follow each other."""

    expect: Strictness = "structure"
    agents: AgentsAs = "desk"
    pauses: float = 1.0
    burst_s: float = 60.0


@dataclass
class Woven:
    """Steps, and what they need around them: agents by key with their names, virtual time."""

    steps: list[Step] = field(default_factory=list)
    agents: dict[str, str] = field(default_factory=dict)
    needs_virtual: bool = False
    changed: int = 0


def clean(text: str) -> str:
    """Text that can be written down: composed letters, no halves of characters, no zeros."""
    if text.isascii() and "\0" not in text:
        return text
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", whole).replace("\0", "")


def weave(said: Sequence[Said], manner: Manner, files: Files, *, sees_buttons: bool) -> Woven:
    """The steps of a piece of a dialog. ``files`` gives the name and kind that a file is sent by."""
    return _Weaver(manner, files, sees_buttons).weave(said)


class _Weaver:
    def __init__(self, manner: Manner, files: Files, sees_buttons: bool) -> None:
        self._manner, self._files, self._sees_buttons = manner, files, sees_buttons
        self._woven = Woven()
        self._texts: dict[str, str] = {}  # of own messages, by id
        self._at: float | None = None  # of what was woven last
        self._customer_at: float | None = None
        self._owner: str | None = None  # the key of the agent who has the conversation
        self._open: list[Piece] = []  # a burst that goes on

    def weave(self, said: Sequence[Said]) -> Woven:
        if said and said[0][1] == "bot" and said[0][0].does == "writes" and self._manner.expect != "none":
            self._woven.steps.append(Starts())
            self._customer_at = self._at = said[0][0].at
        for turn, role in said:
            self._take(turn, role)
        self._end_burst()
        return self._woven

    def _take(self, turn: Turn, role: Role) -> None:
        self._woven.changed += turn.changed
        if role == "customer":
            self._customer(turn)
        elif role == "agent" and self._manner.agents == "desk":
            self._end_burst()
            self._agent(turn)
        elif role == "bot" or (role == "agent" and self._manner.agents == "bot" and not turn.private):
            self._bot(turn)

    def _add(self, *steps: Step) -> None:
        self._woven.steps.extend(steps)

    def _gap_s(self, turn: Turn) -> float:
        return 0.0 if self._at is None else max(0.0, (turn.at - self._at) * self._manner.pauses)

    def _pause(self, turn: Turn) -> None:
        gap_s = round(self._gap_s(turn))
        if gap_s >= _PAUSE_MIN_S:
            self._add(Waits(seconds=float(gap_s)))

    # ------------------------------------------------------------------------------------------------ customer

    def _customer(self, turn: Turn) -> None:
        is_words = (
            turn.does == "writes"
            and turn.text
            and not (turn.files or turn.place or turn.card or turn.reply_to or turn.forwarded)
        )
        if is_words and self._open and self._gap_s(turn) <= self._manner.burst_s:
            self._open.append(Piece(escaped(turn.text), float(round(self._gap_s(turn), 1)) or None))
        else:
            self._end_burst()
            self._pause(turn)
            if is_words:
                self._open = [Piece(escaped(turn.text))]
            else:
                self._add(*self._deed(turn))
        if turn.id and turn.text:
            self._texts[turn.id] = turn.text
        self._at = self._customer_at = turn.at

    def _end_burst(self) -> None:
        if not self._open:
            return
        self._add(Says(pieces=tuple(self._open)))
        if self._owner:
            self._add(
                *(
                    AgentSees(expectations=(Expectation(contains=(line,)),))
                    for piece in self._open[-1:]
                    if (line := _line(piece.text))
                )
            )
        self._open = []

    def _deed(self, turn: Turn) -> Iterable[Step]:
        if turn.does == "writes":
            return self._written(turn)
        return _DEEDS[turn.does](self, turn) if turn.does in _DEEDS else ()

    def _written(self, turn: Turn) -> Iterable[Step]:
        quoted = self._quoted(turn)
        contents = self._contents(turn)
        caption = escaped(turn.text) or None
        if contents and caption and isinstance(contents[0], Attachment):
            contents, caption = (msgspec.structs.replace(contents[0], caption=caption), *contents[1:]), None
        if contents and all(isinstance(one, Attachment) for one in contents):
            yield Sends(contents=contents, reply_to=quoted, forwarded=turn.forwarded)
        else:
            yield from (Sends(contents=(one,), reply_to=quoted, forwarded=turn.forwarded) for one in contents)
        if caption:
            yield Says(pieces=(Piece(caption),), reply_to=quoted, forwarded=turn.forwarded)

    def _contents(self, turn: Turn) -> tuple[Content, ...]:
        made: list[Content] = []
        for attached in turn.files:
            file, kind = self._files(attached)
            emoji = attached.emoji if kind == "sticker" else None
            made.append(Attachment(file=file, kind=kind, name=_shown(attached.name), emoji=emoji))
        if turn.place:
            made.append(
                Location(
                    latitude=turn.place.latitude,
                    longitude=turn.place.longitude,
                    name=_text(turn.place.name),
                    address=_text(turn.place.address),
                )
            )
        if turn.card:
            made.append(Contact(name=escaped(turn.card.name), phone=turn.card.phone, email=turn.card.email))
        return tuple(made)

    def _quoted(self, turn: Turn) -> MessageRef | None:
        """The own message that is quoted; the bot's words may differ, so a quoted message of the bot is its last."""
        if turn.reply_to is None:
            return None
        return self._own(turn.reply_to) if turn.reply_to in self._texts else MessageRef()

    def _own(self, id: str | None) -> MessageRef:
        text = self._texts.get(id or "", "")
        newest = next(reversed(self._texts), None)
        return MessageRef() if not text or id == newest or text == "last" else MessageRef(escaped(text[:_REF_MAX]))

    def _edits(self, turn: Turn) -> Iterable[Step]:
        if not turn.text:
            return ()
        made = Edits(text=escaped(turn.text), message=self._own(turn.of))
        if turn.of in self._texts:
            self._texts[turn.of or ""] = turn.text
        return (made,)

    def _presses(self, turn: Turn) -> Iterable[Step]:
        title, payload = _text(turn.text), _text(turn.payload)
        is_loose = self._manner.expect != "wording" and title
        return (Presses(title=title, payload=None if is_loose else payload),) if title or payload else ()

    # ----------------------------------------------------------------------------------------------------- bot

    def _bot(self, turn: Turn) -> None:
        if turn.does == "closes":
            return
        self._end_burst()
        if self._manner.expect == "none":
            return
        expected = self._expectation(turn)
        if expected is None:
            return
        since_s = 0.0 if self._customer_at is None else (turn.at - self._customer_at) * self._manner.pauses
        gap_s = self._gap_s(turn)
        if gap_s > _UNASKED_S:
            middle_s = float(round(since_s))
            self._add(Reminded(expectations=(expected,), not_before=middle_s / 2, by=middle_s * 1.5))
            self._woven.needs_virtual = True
        else:
            self._add(Hears(expectations=(expected,), within_s=float(round(2 * gap_s)) if gap_s > _SLOW_S else None))
        self._at = turn.at

    def _expectation(self, turn: Turn) -> Expectation | None:
        fields: dict[str, object] = {}
        if turn.files:
            fields["media"] = turn.files[0].kind
        elif turn.place:
            fields["location"] = ExpectedLocation()
        elif turn.card:
            fields["contact"] = ExpectedContact()
        elif turn.text or turn.buttons:
            fields["media"] = "none"
        else:
            return None
        if self._sees_buttons or turn.buttons:
            fields["buttons"] = tuple(ExpectedButton(title=escaped(title)) for title in turn.buttons)
        if self._manner.expect == "wording" and turn.text:
            fields |= {"one_of": ("none",)} if turn.text == "none" else {"text": escaped(turn.text)}
        return Expectation(**fields, edited=turn.does == "edits")  # type: ignore[arg-type]  # the fields of one

    # -------------------------------------------------------------------------------------------------- agents

    def _agent(self, turn: Turn) -> None:
        if turn.does == "closes":
            if self._owner:
                self._add(AgentDoes(verb="closes"))
            self._owner, self._at = None, turn.at
            return
        if turn.does != "writes" or not (turn.text or turn.files):
            return
        key = self._key(turn.who)
        if self._owner is None:
            self._add(Handoff(within_s=max(_HANDOFF_S, float(round(2 * self._gap_s(turn))))))
        else:
            self._pause(turn)
        if self._owner not in (None, key):
            self._add(AgentDoes(verb="transfers", to=key))
        self._owner, self._at = key, turn.at
        self._add(*self._agent_says(turn))

    def _agent_says(self, turn: Turn) -> Iterable[Step]:
        if turn.private:
            return (AgentDoes(verb="notes", text=escaped(turn.text)),) if turn.text else ()
        made: list[Step] = []
        for content in self._contents(turn):
            made.append(AgentDoes(verb="sends", contents=(content,)))
            if isinstance(content, Attachment):
                made.append(Hears(expectations=(Expectation(media=content.kind or "any"),)))
        if turn.text:
            made.append(AgentDoes(verb="says", text=escaped(turn.text)))
            made.append(Hears(expectations=(Expectation(contains=(_line(escaped(turn.text)),)),)))
        return made

    def _key(self, who: str) -> str:
        for key, name in self._woven.agents.items():
            if name == who:
                return key
        key = f"agent{len(self._woven.agents) + 1}"
        self._woven.agents[key] = who
        return key


_DEEDS: dict[str, Callable[[_Weaver, Turn], Iterable[Step]]] = {
    "edits": _Weaver._edits,
    "deletes": lambda weaver, turn: (Deletes(message=weaver._own(turn.of)),),
    "presses": _Weaver._presses,
    "starts": lambda _, turn: (Starts(payload=_text(turn.payload)),),
    "reacts": lambda _, turn: (Reacts(emoji=turn.text or None),),
    "types": lambda _, __: (Types(seconds=3.0),),
}


def _text(value: str | None) -> str | None:
    return escaped(value) if value else None


def _shown(name: str | None) -> str | None:
    """A file's name as people see it: no folders, no marks that turn it around."""
    if not name:
        return None
    return escaped(re.sub(r"[\x00-\x1f\u202a-\u202e\u2066-\u2069/\\]", "_", name)[:120])


def _line(text: str) -> str:
    """The first words of a message: what a relay may not change."""
    return text.strip().split("\n")[0].strip()
