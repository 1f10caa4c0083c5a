"""Drawing a view for a terminal: the chat with times, customer left and bot indented, and the wire below it.

Nothing a customer or a bot wrote reaches the terminal raw: control characters become visible first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from chatdrill.trace.transcript.cells import cells, pad, wrap
from chatdrill.trace.transcript.phrases import (
    clock_time,
    day,
    exact_time,
    later,
    one_line,
    ordinal,
    part_lines,
    plain,
    seconds,
)
from chatdrill.trace.transcript.views import Bubble, Item, Mark, MarkKind, View, WireEvent

Notes = Mapping[int, Sequence[str]]

_NAME_MAX = 12
_AGENT_MAX = 8
_SLOW_S = 1.0
_TITLE_MAX = 64  # a path of a helpdesk's API
_META_COLUMNS = 17
_SGR = {
    "dim": "2",
    "bold": "1",
    "bad": "31",
    "warn": "33",
    "customer": "36",
    "bot": "35",
    "agent": "33",
    "platform": "2",
    "desk": "34",
    "queue": "33;1",
    "none": "2",
}


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws in colour, or not."""

    color: bool = False

    def ink(self, style: str, text: str) -> str:
        """The text in a style, where colour was asked for."""
        return f"\x1b[{_SGR[style]}m{text}\x1b[0m" if self.color and text and style else text


_FATES = {"sent": "✓", "delivered": "✓✓", "read": "✓✓ read", "played": "✓✓ played", "failed": "✗ failed"}
_ASCII = str.maketrans(
    {
        "▏": "|",
        "┊": ":",
        "▌": "|",
        "─": "-",
        "●": "*",
        "↳": ">",
        "✓": "v",
        "✗": "x",
        "→": "->",
        "←": "<-",
        "·": "-",
        "…": "...",
        "×": "x",
        "“": '"',
        "”": '"',
    }
)


def to_ascii(drawing: str) -> str:
    """The drawing with plain signs for everything that was drawn; the words of the chat stay as they are."""
    return drawing.translate(_ASCII)


def render_text(
    view: View, *, color: bool = False, width: int = 80, unicode: bool = True, notes: Notes | None = None
) -> str:
    """The chat as lines of text.

    ``notes`` are sentences to print below the message or mark that a record number stands behind: findings, mostly.
    """
    drawing = "\n".join(draw_chat(view, Pen(color), width, notes or {}))
    return drawing if unicode else to_ascii(drawing)


def render_wire(
    view: View, *, color: bool = False, width: int = 80, unicode: bool = True, most: int | None = None
) -> str:
    """Webhooks sent and calls received, one line each; of more than ``most`` the last.

    With real seconds since the case began; where time is virtual with the drill's clock, day by day.
    """
    drawing = "\n".join(draw_wire(view, Pen(color), width, most))
    return drawing if unicode else to_ascii(drawing)


# ----------------------------------------------------------------------------------------------------- the chat


def draw_chat(view: View, pen: Pen, width: int, notes: Notes) -> Iterator[str]:
    """The lines of the chat."""
    page = _Page(view, pen, max(48, width))
    for item in view.items:
        yield from page.bubble(item) if isinstance(item, Bubble) else page.mark(item)
        for sentence in _notes_of(item, notes):
            yield from page.note(sentence)


def _notes_of(item: Item, notes: Notes) -> Iterable[str]:
    return dict.fromkeys(sentence for n in item.records for sentence in notes.get(n, ()))


class _Page:
    """Columns, and who spoke last."""

    def __init__(self, view: View, pen: Pen, width: int) -> None:
        self._pen = pen
        self._width = width
        self._several = len(view.customers) > 1
        self._channels = view.channels
        self._zone = view.zone
        self._zone_is_said = False
        self._name = max((cells(self._called(bubble)) for bubble in view.bubbles), default=0)
        self._indent = max(4, width // 8)
        self._speaker: tuple[str, str] | None = None

    def bubble(self, bubble: Bubble) -> Iterator[str]:
        speaker = (self._called(bubble), bubble.customer)
        name = self._called(bubble) if speaker != self._speaker else ""
        self._speaker = speaker
        indent = 1 if bubble.author == "customer" else 1 + self._indent
        head = 8 + indent + self._name + 2
        bar = self._pen.ink(bubble.author, "▏" if bubble.ticket is None else "┊")
        time, before = (
            self._pen.ink("dim", clock_time(bubble.at, self._zone)),
            " " * (indent + self._name - cells(name)),
        )
        left = f"{time}{before}{self._pen.ink(bubble.author, name)} {bar}"
        for line, style, meta in self._rows(bubble, max(16, self._width - head - _META_COLUMNS)):
            yield f"{left}{self._with_meta(line, style, meta, self._width - head)}".rstrip()
            left = " " * (head - 1) + bar

    def _called(self, bubble: Bubble) -> str:
        """A customer's first name; in a case with several customers also whom the bot speaks to."""
        if bubble.author == "customer":
            elsewhere = self._channels.get(bubble.customer)
            there = f" ({elsewhere})" if elsewhere else ""
            return one_line(bubble.name.split()[0] if bubble.name.split() else "?", _NAME_MAX) + there
        to = f" → {one_line(bubble.customer, _NAME_MAX)}" if self._several else ""
        if bubble.relayed_s is not None or bubble.ticket is not None:
            how = "via bot" if bubble.ticket is None else "at desk"
            return f"{one_line(next(iter(bubble.name.split()), '?'), _AGENT_MAX)} {how}{to}"
        return one_line(bubble.name, _NAME_MAX) + to

    def _rows(self, bubble: Bubble, room: int) -> Iterator[tuple[str, str, str]]:
        """Lines of the bubble with their style, the first ones with the time since the last message and the ticks."""
        lines = [(line, style) for raw, style in self._body(bubble) for line in wrap(plain(raw), room)]
        pairs = zip_longest(lines, _metas(bubble), fillvalue=None)
        for line, meta in pairs:
            text, style = line if isinstance(line, tuple) else ("", "")
            yield text, style, meta if isinstance(meta, str) else ""

    def _with_meta(self, line: str, style: str, meta: str, room: int) -> str:
        if not meta:
            return self._pen.ink(style, line)
        fill = " " * max(1, room - cells(line) - cells(meta))
        return self._pen.ink(style, line) + fill + self._pen.ink("bad" if "failed" in meta else "dim", meta)

    def mark(self, mark: Mark) -> Iterator[str]:
        self._speaker = None if mark.kind in ("day", "pause", "cut") else self._speaker
        text = plain(_MARK_WORDS.get(mark.kind, "{}").format(mark.text))
        if mark.kind in ("day", "pause", "cut"):
            yield self._pen.ink("dim", _rule(text if mark.kind != "day" else self._day(text), self._width))
            return
        if mark.kind == "owner":
            self._speaker = None
            yield self._owner(mark, text)
            return
        if mark.kind == "step":
            text = f"step {(mark.step or 0) + 1} {_OUTCOME_WORDS[mark.outcome or 'played']}: {text}"
        time = self._pen.ink("dim", clock_time(mark.at, self._zone))
        for number, line in enumerate(wrap(text, self._width - 11)):
            style = "bad" if mark.bad else "desk" if mark.kind == "desk" else "dim"
            yield f"{time if number == 0 else ' ' * 8}   {self._pen.ink(style, line)}"

    def _owner(self, mark: Mark, text: str) -> str:
        """A change of owner stands out, so that one sees at a glance where it was."""
        whose = f", {one_line(mark.customer, _NAME_MAX)}" if self._several else ""
        words = one_line(f"owner{whose}: {text}", self._width - 13)
        time = self._pen.ink("dim", clock_time(mark.at, self._zone))
        return f"{time} {self._pen.ink(mark.owner or 'dim', f'▌ {words}')}"

    def _day(self, text: str) -> str:
        """The first day says where its clocks are."""
        zone, self._zone_is_said = "" if self._zone_is_said else f" ({self._zone})", True
        return text + zone

    def _body(self, bubble: Bubble) -> Iterator[tuple[str, str]]:
        """Lines of the bubble before they are wrapped, with their style."""
        if bubble.ticket is not None:
            yield f"({aside_words(bubble)})", "bad" if bubble.lost else "dim"
        if bubble.forwarded:
            yield "(forwarded)", "dim"
        if bubble.quote:
            who = f"{bubble.quote.name.split()[0]}: " if bubble.quote.name.strip() else ""
            yield f"↳ {who}{one_line(bubble.quote.text, 40)}", "dim"
        for version in bubble.versions:
            yield f"(before {clock_time(version.until, self._zone)}: {one_line(version.text, 60)})", "dim"
        for part in bubble.parts:
            yield from ((line, "") for line in part_lines(part, bubble.is_pressed))
        yield from ((line, "dim") for line in _remarks(bubble))

    def note(self, sentence: str) -> Iterator[str]:
        self._speaker = None
        for number, line in enumerate(wrap(plain(sentence), self._width - 11)):
            yield " " * 9 + self._pen.ink("bad", f"{'✗' if number == 0 else ' '} {line}")


def aside_words(bubble: Bubble) -> str:
    """What is to be said of a message that stands at the desk only."""
    if bubble.private:
        return "private note, the customer does not see it"
    return (
        "not passed on: the customer did not get it"
        if bubble.lost
        else f"in ticket {one_line(bubble.ticket or '', 40)}"
    )


def _rule(text: str, width: int) -> str:
    return f"─── {text} {'─' * max(3, width - cells(text) - 5)}"


_MARK_WORDS: dict[MarkKind, str] = {"toast": "(notice) {}", "typing": "{} …"}
_OUTCOME_WORDS = {"met": "was met", "unmet": "was NOT met", "skipped": "was left out", "played": "was played"}


def _metas(bubble: Bubble) -> list[str]:
    gap = _gap(bubble.gap_s)
    fate = _FATES.get(bubble.status or "", "") + (f" {bubble.error}" if bubble.error is not None else "")
    if len(fate) <= len(_FATES["read"]):
        both = f"{gap:>8} {fate:<7}"
        return [both] if both.strip() else []
    return [f"{gap:>8} {'':7}", fate] if gap else [fate]


def _gap(gap_s: float | None) -> str:
    if gap_s is None or abs(gap_s) < 0.05:
        return ""
    return f"{'+' if gap_s > 0 else '-'}{seconds(abs(gap_s))}"


def _remarks(bubble: Bubble) -> Iterator[str]:
    if bubble.versions:
        yield "(edited)"
    if bubble.deleted_at is not None:
        yield f"(deleted {later(bubble.deleted_at - bubble.at)})"
    for who, emoji in bubble.reactions.items():
        yield f"({who} reacted {emoji})"
    if len(bubble.copied_s) > 1:
        yield f"(stands {len(bubble.copied_s)} times at the desk)"
    if bubble.relayed_s is not None and bubble.relayed_s >= _SLOW_S:
        yield f"(written {seconds(bubble.relayed_s)} before)"
    if bubble.attempts > 1:
        yield f"(sent to the bot {bubble.attempts} times)"
    if bubble.cause == "persona":
        yield "(a nudge, not a step of the scenario)"


# ----------------------------------------------------------------------------------------------------- the wire


def draw_wire(view: View, pen: Pen, width: int, most: int | None = None) -> Iterator[str]:
    """The lines of the wire timeline; what comes before the last ``most`` requests is counted."""
    events = view.wire if most is None else view.wire[-most:]
    left_out = len(view.wire) - len(events)
    if left_out:
        yield pen.ink("dim", f"... {left_out} request{'s'[: left_out != 1]} before")
    titles = [one_line(_wire_title(event), _TITLE_MAX if view.desk else 40) for event in events]
    column = max(map(cells, titles), default=0)
    today = ""
    for event, title in zip(events, titles, strict=True):
        if view.is_virtual and (date := day(view.at(event), view.zone)) != today:
            today = date
            yield pen.ink("dim", _rule(today, width))
        time = wire_time(view, event)
        head = f"  {'←' if event.kind == 'call' else '→'} {pad(title, column)}  "
        first, *rest = wrap(plain(wire_result(event)), max(20, width - cells(time + head)))
        style = "" if event.ok else "bad"
        yield pen.ink("dim", time) + head + pen.ink(style, first)
        yield from (" " * cells(time + head) + pen.ink(style, line) for line in rest)


def wire_time(view: View, event: WireEvent) -> str:
    """When an event was: real seconds since the case began; where time is virtual what the drill's clock showed."""
    return exact_time(view.at(event), view.zone) if view.is_virtual else f"{event.t_s:7.3f} s"


def _wire_title(event: WireEvent) -> str:
    again = f", {ordinal(event.attempt)} attempt" if event.attempt > 1 else ""
    return (f"{event.desk} " if event.desk else "") + event.title + again


def wire_result(event: WireEvent) -> str:
    """What came of it, in words: ``200 in 13 ms``, ``no answer: timeout after 10.0 s, again in 5.0 s``."""
    if event.kind == "dropped":
        return f"given up: {event.error}"
    status = str(event.status) if event.status is not None else "no answer"
    took = f" in {event.took_ms:.0f} ms" if event.took_ms >= 0.5 else ""
    error = f": {event.error}" if event.error else ""
    again = f", again in {seconds(event.retry_in_s)}" if event.retry_in_s is not None else ""
    note = f" ({event.note})" if event.note else ""
    return f"{status}{took}{error}{again}{note}"
