"""What changed, in words that the terminal and the page share."""

from __future__ import annotations

from collections.abc import Iterator

from chatdrill.comparing import Case, Difference, Reply, ReplyChange, TurnChange
from chatdrill.comparing.differing import COUNTED
from chatdrill.trace.transcript.phrases import one_line, platform_title, seconds

_WORDS = {
    "added": ("reply more", "replies more"),
    "removed": ("reply less", "replies less"),
    "changed": ("reply changed", "replies changed"),
    "moved": ("reply in another order", "replies in another order"),
    "handover": ("handover changed", "handovers changed"),
    "timing": ("time changed", "times changed"),
    "verdict": ("verdict changed", "verdicts changed"),
    "customer": ("turn in which the customer did something else", "turns in which customers did something else"),
}
MARKS = {"added": "+", "removed": "-", "changed": "~", "moved": "^"}
_TEXT_MAX = 160


def counts(found: Difference) -> list[tuple[str, str]]:
    """The kinds of changes that there are, with how many in words."""
    numbers = ((kind, found.count(kind)) for kind in COUNTED)
    return [(kind, f"{number} {_WORDS[kind][number != 1]}") for kind, number in numbers if number]


def verdict(found: Difference) -> str:
    """The whole difference in a sentence."""
    total, changed = len(found.cases), len(found.changed)
    if found.is_same:
        return f"nothing changed in {_many(total, 'conversation')}"
    missing = [f"{_many(len(found.only_before), 'conversation')} gone"] if found.only_before else []
    missing += [f"{_many(len(found.only_after), 'conversation')} new"] if found.only_after else []
    return ", ".join([f"{changed} of {_many(total, 'conversation')} changed", *missing])


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def notes(found: Difference) -> list[str]:
    """What should be known of the two traces and of the comparison."""
    own = [f"{run.title}: {note}" for run in (found.before, found.after) for note in run.notes]
    if found.noise_s is not None:
        own.append(f"times count from {seconds(found.noise_s)} on, and half as much again")
    own += [
        f"{name} of the first answers: {seconds(was)}, then {seconds(now)}" for name, (was, now) in found.times.items()
    ]
    return own + list(found.notes)


def title_of(case: Case) -> str:
    """Which conversation this is."""
    return f"{case.name} on {platform_title(case.platform)}" if case.name not in case.key else case.key


def reply_words(reply: Reply | None) -> str:
    """A reply on one line: its words, what it is made of, its buttons."""
    if reply is None:
        return ""
    kinds = [part for part in reply.parts if part != "text"]
    kinds = ["edited", *kinds] if reply.edited else kinds
    made = f"({', '.join(kinds)}) " if kinds else ""
    buttons = "".join(f" [{title}]" for title in reply.buttons)
    return one_line(f"{made}{reply.text}{buttons}", _TEXT_MAX)


def lines_of(change: ReplyChange) -> list[tuple[str, str]]:
    """Marks and words of a change of a reply."""
    if change.kind == "changed":
        what = f"  ({', '.join(change.what)})"
        return [("-", reply_words(change.before)), ("+", reply_words(change.after) + what)]
    return [
        (
            MARKS[change.kind],
            reply_words(change.before or change.after) + ("  (in another place)" if change.kind == "moved" else ""),
        )
    ]


def asides_of(turn: TurnChange) -> Iterator[str]:
    """What else changed in a turn: its time, the handover, the customer."""
    if turn.timing is not None:
        side = "later" if turn.timing.after_s > turn.timing.before_s else "sooner"
        yield f"{side}: {seconds(turn.timing.before_s)}, then {seconds(turn.timing.after_s)}"
    if turn.handover is not None:
        was, now = (", ".join(one).replace("_", " ") or "nothing" for one in turn.handover)
        yield f"at the desk: {was}; then {now}"
    if turn.said_after is not None:
        yield f"the customer did: {said(turn.said_after)}"


def said(words: tuple[str, ...]) -> str:
    """What a customer did, on one line."""
    return one_line(" / ".join(words), _TEXT_MAX) if words else "nothing"
