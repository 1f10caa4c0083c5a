"""Simpler dialogs: what may be tried in the place of one that fails, the boldest first. Only dialogs that people could have.

Every candidate is smaller by ``size``, so trying comes to an end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from chatdrill.engine.desk_steps import AgentDoes
from chatdrill.engine.faulting import read_faults
from chatdrill.engine.steps import Edits, Piece, Presses, Says, Sends, Step, Waits
from chatdrill.serve.faults import Rule
from chatdrill.strategies.machine import LAST_S, Dialog, is_valid
from chatdrill.strategies.place import Place
from chatdrill.strategies.rules import ANSWER_S

PLAIN = "hi"
_replace = msgspec.structs.replace


Size = tuple[float, ...]


def size(dialog: Dialog) -> Size:
    """What makes a dialog long and hard to read, the weightiest first."""
    steps = dialog.steps
    texts = [text for step in steps for text in _texts(step)]
    return (
        dialog.messages,
        sum(not isinstance(step, Waits) for step in steps),
        _odd_faults(dialog.faults),
        (dialog.persona != "patient") + (dialog.locale != "en_US"),
        len(steps),
        sum(map(_weight, texts)),
        sum(map(len, texts)),
        sum(not text.isascii() for text in texts),
        sum(step.nth or 0 for step in steps if isinstance(step, Presses)),
        sum(_weight_of_pause(step.seconds) for step in steps if isinstance(step, Waits)),
        sum(piece.after_s or 0.0 for step in steps if isinstance(step, Says) for piece in step.pieces),
        sum(_weight_of_content(item) for step in steps if isinstance(step, Sends) for item in step.contents),
        sum(isinstance(step, Says) and step.reply_to is not None for step in steps),
    )


def _odd_faults(faults: str) -> float:
    """A fault that always strikes is simpler than one that may."""
    return sum(1 + (rule.share < 1) for rule in read_faults(faults)) if faults else 0


def _weight(text: str) -> int:
    return 0 if text == PLAIN else len(text.split()) or 1


def _weight_of_pause(seconds: float) -> float:
    return 0.0 if seconds == ANSWER_S else seconds + 1


def _weight_of_content(item: object) -> int:
    return 1 + (getattr(item, "caption", None) is not None) + (getattr(item, "file", "") not in _SMALL)


_SMALL = ("thumbs-up.webp", "shoe-torn.jpg", "voice-en.ogg")


def _texts(step: Step) -> Iterator[str]:
    if isinstance(step, Says):
        yield from (piece.text for piece in step.pieces)
    elif isinstance(step, Edits | AgentDoes) and step.text:
        yield step.text


def simpler(dialog: Dialog, place: Place) -> Iterator[Dialog]:
    """Smaller dialogs that may fail in the same way, each once."""
    seen = {msgspec.json.encode(dialog)}
    own = size(dialog)
    for make in (
        _shorter,
        _without_faults,
        _plainer,
        _without_pieces,
        _without_end,
        _with_pauses,
        _with_texts,
        _with_details,
    ):
        for candidate in make(dialog):
            data = msgspec.json.encode(candidate)
            if data in seen:
                continue
            seen.add(data)
            if size(candidate) < own and is_valid(candidate, place):
                yield candidate


def _shorter(dialog: Dialog) -> Iterator[Dialog]:
    """Without a stretch of steps, from half of them down to one; the silence at the end stays."""
    steps, last = _parted(dialog.steps)
    length = len(steps)
    while length := length // 2:
        for start in range(0, len(steps), length):
            left = steps[:start] + steps[start + length :]
            yield _replace(dialog, steps=(*left, *last))
    for start, step in enumerate(steps[:-1]):  # an act and the pause behind it
        if not isinstance(step, Waits) and isinstance(steps[start + 1], Waits):
            yield _replace(dialog, steps=(*steps[:start], *steps[start + 2 :], *last))


def _parted(steps: tuple[Step, ...]) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    if steps and isinstance(steps[-1], Waits):
        return steps[:-1], steps[-1:]
    return steps, ()


def _without_end(dialog: Dialog) -> Iterator[Dialog]:
    """Nobody waits for the last answer."""
    steps, last = _parted(dialog.steps)
    if last:
        yield _replace(dialog, steps=steps)


def _without_faults(dialog: Dialog) -> Iterator[Dialog]:
    if not dialog.faults:
        return
    yield _replace(dialog, faults="")
    yield from certain_faults(dialog)
    for rule in read_faults(dialog.faults):
        yield _replace(dialog, faults=f"{_kind(rule)} {rule.share * 100:g}%")


def certain_faults(dialog: Dialog) -> Iterator[Dialog]:
    """The same dialog with one of its faults alone, which always strikes: what came by chance comes again so."""
    for rule in read_faults(dialog.faults) if dialog.faults else ():
        yield _replace(dialog, faults=f"{_kind(rule)} 100%")


def _kind(rule: Rule) -> str:
    return f"{rule.kind.name}{f' {rule.status}' if rule.status else ''}"


def _plainer(dialog: Dialog) -> Iterator[Dialog]:
    yield _replace(dialog, persona="patient", locale="en_US")
    yield _replace(dialog, persona="patient")
    yield _replace(dialog, locale="en_US")


def _with(dialog: Dialog, index: int, *steps: Step) -> Dialog:
    return _replace(dialog, steps=(*dialog.steps[:index], *steps, *dialog.steps[index + 1 :]))


def _without_pieces(dialog: Dialog) -> Iterator[Dialog]:
    """Bursts of fewer messages, albums of fewer files."""
    for index, step in enumerate(dialog.steps):
        if isinstance(step, Says) and len(step.pieces) > 1:
            for number in range(len(step.pieces)):
                left = step.pieces[:number] + step.pieces[number + 1 :]
                yield _with(dialog, index, _replace(step, pieces=(_replace(left[0], after_s=None), *left[1:])))
            yield _with(dialog, index, _replace(step, pieces=(Piece(" ".join(piece.text for piece in step.pieces)),)))
        elif isinstance(step, Sends) and len(step.contents) > 1:
            for content in step.contents:
                yield _with(dialog, index, _replace(step, contents=(content,)))


def _with_pauses(dialog: Dialog) -> Iterator[Dialog]:
    for index, step in enumerate(dialog.steps):
        if isinstance(step, Waits):
            yield from (_with(dialog, index, Waits(seconds=to)) for to in (ANSWER_S, LAST_S) if to < step.seconds)
        elif isinstance(step, Says) and any(piece.after_s for piece in step.pieces):
            yield _with(dialog, index, _replace(step, pieces=tuple(_at_once(step.pieces))))


def _at_once(pieces: Sequence[Piece]) -> Iterator[Piece]:
    for number, piece in enumerate(pieces):
        yield _replace(piece, after_s=0.0 if number else None)


def _with_texts(dialog: Dialog) -> Iterator[Dialog]:
    """Other words, the shortest first."""
    for index, step in enumerate(dialog.steps):
        if isinstance(step, Says):
            for number, piece in enumerate(step.pieces):
                for text in simpler_texts(piece.text):
                    pieces = (*step.pieces[:number], _replace(piece, text=text), *step.pieces[number + 1 :])
                    yield _with(dialog, index, _replace(step, pieces=pieces))
        elif isinstance(step, Edits | AgentDoes) and step.text:
            for text in simpler_texts(step.text):
                yield _with(dialog, index, _replace(step, text=text))


_SIGNS_MAX = 24


def simpler_texts(text: str) -> Iterator[str]:
    """Texts that are shorter, or plainer."""
    if text != PLAIN:
        yield PLAIN
    words = text.split()
    length = len(words)
    while length := length // 2:
        for start in range(0, len(words), length):
            yield " ".join(words[:start] + words[start + length :])
    length = len(text)
    if length > _SIGNS_MAX:
        yield "x" * length
        for share in (2, 4, 8, 16, 64, 256):
            yield text[: length - max(1, length // share)]
            yield text[max(1, length // share) :]
        yield text[:-1]
    else:
        for at in range(length):
            yield text[:at] + text[at + 1 :]


def _with_details(dialog: Dialog) -> Iterator[Dialog]:
    for index, step in enumerate(dialog.steps):
        if isinstance(step, Presses) and step.nth:
            yield from (_with(dialog, index, _replace(step, nth=nth)) for nth in range(step.nth))
        elif isinstance(step, Says) and step.reply_to is not None:
            yield _with(dialog, index, _replace(step, reply_to=None))
        elif isinstance(step, Sends):
            bare = tuple(_bare(content) for content in step.contents)
            yield _with(dialog, index, _replace(step, contents=bare, reply_to=None))


def _bare(content: object) -> object:
    return _replace(content, caption=None) if hasattr(content, "caption") else content  # type: ignore[type-var]
