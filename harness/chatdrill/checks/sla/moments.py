"""The arithmetic of response times: from what happened in one conversation to the spans of time that count.

Pure: it knows neither traces nor clocks nor calendars. ``spans`` finds where a measure begins, ends and rests; a *ruler*
says how long it is from one moment to another (real seconds, drill seconds, open seconds of a calendar), and ``length_s``
lays it along a span. The definitions stand in docs/reference/sla.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgspec

Kind = Literal["says", "nudges", "answers", "signals", "agent", "handoff", "returned", "resolved", "reopened"]
CountsFrom = Literal["last", "first"]
Ruler = Callable[["Moment", "Moment"], float]

FIRST, NEXT, HUMAN, RESOLUTION = "first_response", "next_response", "time_to_human", "resolution"


class Moment(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Something that happened in a conversation.

    ``at`` is drill time (Unix seconds), ``t`` real seconds since the run began; of a customer's word both say when it was
    meant. ``n`` is the number of the record: it says what came first. ``kind``: the customer ``says`` something that
    wants an answer, or ``nudges``; the bot ``answers``, or gives a lesser sign (``signals``: a toast, a reaction, an
    edit); a human ``agent`` writes; a ``handoff`` to a human is asked for; the conversation is ``returned`` to the bot,
    ``resolved`` or ``reopened``.
    """

    kind: Kind
    n: int
    at: float
    t: float = 0.0


class Span(msgspec.Struct, frozen=True, gc=False):
    """One measured time: of which measure, from where to where, and the rests between, which do not count."""

    name: str
    start: Moment
    end: Moment
    rests: tuple[tuple[Moment, Moment], ...] = ()


def length_s(span: Span, ruler: Ruler) -> float:
    """How long a span is by this ruler, its rests taken out; never negative."""
    whole_s = ruler(span.start, span.end)
    return max(0.0, whole_s - rested_s(span, ruler) if span.rests else whole_s)


def rested_s(span: Span, ruler: Ruler) -> float:
    """How much of a span did not count. A word that was meant before the answer it came after rested no time."""
    return sum(max(0.0, ruler(begin, end)) for begin, end in span.rests)


def spans(
    moments: Sequence[Moment],
    *,
    counts_from: CountsFrom = "last",
    rests: bool = True,
    to_human: bool = True,
    to_resolution: bool = True,
) -> list[Span]:
    """The measured times of one conversation, whose moments are in order: responses, times to a human, resolutions.

    ``counts_from``: whether a response counts from the ``last`` message of the burst or from the ``first``. ``rests``: the
    clock of a resolution stops while the customer is waited for. ``to_human`` and ``to_resolution``: measure these, too.
    """
    found = [*responses(moments, counts_from)]
    found += times_to_human(moments) if to_human else ()
    found += resolutions(moments, rests=rests) if to_resolution else ()
    return found


# ------------------------------------------------------------------------------------------------------- responses


def responses(moments: Iterable[Moment], counts_from: CountsFrom = "last") -> Iterator[Span]:
    """From the customer's words to the first message of whoever answers: the first of the conversation, and every next."""
    name = FIRST
    burst: list[Moment] = []
    noticed = answered = False
    for moment in moments:
        if moment.kind in _WORDS:
            if noticed:
                burst, noticed, answered = [], False, False
            burst.append(moment)
        elif moment.kind in _MESSAGES:
            if burst and not answered:
                yield Span(name, _anchor(burst, counts_from), moment)
                name = NEXT
            noticed = answered = True
        elif moment.kind == "signals":
            noticed = True


_WORDS = frozenset(("says", "nudges"))
_MESSAGES = frozenset(("answers", "agent"))


def _anchor(burst: Sequence[Moment], counts_from: CountsFrom) -> Moment:
    """Where the count begins: a nudge into the silence begins none, but one that opens a burst is a word like others."""
    if counts_from == "first" or len(burst) == 1:
        return burst[0]
    return next((moment for moment in reversed(burst) if moment.kind == "says"), burst[0])


# --------------------------------------------------------------------------------------------------- time to human


def times_to_human(moments: Iterable[Moment]) -> Iterator[Span]:
    """From asking for a human to the human's first message. Who asks again while waiting waits since the first time.

    Where the matter is settled, or goes back to the bot, before a human wrote, there is no time.
    """
    asked: Moment | None = None
    for moment in moments:
        if moment.kind == "handoff":
            asked = asked or moment
        elif moment.kind == "agent" and asked is not None:
            yield Span(HUMAN, asked, moment)
            asked = None
        elif moment.kind in _NO_HUMAN_DUE:
            asked = None


_NO_HUMAN_DUE = frozenset(("agent", "returned", "resolved"))


# ------------------------------------------------------------------------------------------------------ resolution


def resolutions(moments: Iterable[Moment], *, rests: bool = True) -> Iterator[Span]:
    """From the customer's first word to the end of the matter: when it was resolved, else the last message to them.

    What comes after a resolution is a matter of its own.
    """
    matter: _Matter | None = None
    for moment in moments:
        if matter is None:
            matter = _Matter(moment) if moment.kind in _OPENS else None
        elif moment.kind == "resolved":
            yield matter.span(moment, rests)
            matter = None
        else:
            matter.note(moment)
    if matter is not None and matter.last is not None:
        yield matter.span(matter.last, rests)


_OPENS = frozenset(("says", "nudges", "reopened"))
_WAKES = _OPENS | {"handoff"}


@dataclass
class _Matter:
    """A matter that is not settled yet. ``resting`` is since when the customer is waited for."""

    start: Moment
    last: Moment | None = None
    resting: Moment | None = None
    human_due: bool = False
    rests: list[tuple[Moment, Moment]] = field(default_factory=list)

    def note(self, moment: Moment) -> None:
        """Take in the next moment."""
        self.human_due = moment.kind == "handoff" or (self.human_due and moment.kind not in _NO_HUMAN_DUE)
        if moment.kind in _MESSAGES:
            self.last = moment
            if self.resting is None and not self.human_due:
                self.resting = moment
        elif moment.kind in _WAKES:
            self._wake(moment)

    def _wake(self, moment: Moment) -> None:
        if self.resting is not None and self.resting is not moment:
            self.rests.append((self.resting, moment))
        self.resting = None

    def span(self, end: Moment, rests: bool) -> Span:
        """The measured time, ended here; words without an answer may have come after that."""
        self._wake(end)
        within = [(begin, min(woken, end, key=_order)) for begin, woken in self.rests if begin.n < end.n]
        return Span(RESOLUTION, self.start, end, tuple(within) if rests else ())


def _order(moment: Moment) -> int:
    return moment.n
