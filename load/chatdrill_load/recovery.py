"""How long a spike is felt: from its end until customers wait no longer than promised, or than before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import msgspec

from chatdrill_load.arrivals import Arrivals, Fall
from chatdrill_load.capacity import FELT_SHARE, WindowValue, recovery_s
from chatdrill_load.figures import Window
from chatdrill_load.gates import Gate

_REPLIES = ("first_reply", "next_reply", "reply")
_PERCENT = 95.0


class Recovery(msgspec.Struct, frozen=True, kw_only=True):
    """What became of ``figure`` after a spike that lasted from ``begins_s`` to ``ends_s``, in seconds since customers began to come; one
    that begins at 0 is a step down. ``after_s`` is when it was within ``bar_s`` for good, in seconds after the end, and ``None`` if
    it was not within the ``watched_s`` seconds until the rate changed again or the run was over. The bar is the ``sla``'s, or
    comes from ``before`` the spike, where there is no SLA or it was broken by then. All of it is told by intervals of ``interval_s``."""

    figure: str
    begins_s: float
    ends_s: float
    after_s: float | None
    watched_s: float
    bar_s: float
    bar: Literal["sla", "before"]
    interval_s: float


class _Figure(NamedTuple):
    """A percentile of a kind of replies, and the bar that was promised."""

    kind: str
    percent: float
    platform: str | None = None
    name: str | None = None
    bar_s: float | None = None

    def of(self, window: Window) -> float | None:
        found = window.latency(self.kind, platform=self.platform, name=self.name)
        return found.percentile_s(self.percent) if found.samples else None

    def words(self) -> str:
        where = f" on {self.platform}" if self.platform else ""
        return f"{self.kind} p{self.percent:g}{where}{f' of {self.name!r}' if self.name else ''}"


def recoveries(
    windows: Sequence[Window], arrivals: Arrivals, gates: Sequence[Gate], *, began_t: float, until_s: float
) -> Iterator[Recovery]:
    """One for each spike and each gate on a percentile of replies; where there is no such gate, for p95 of the replies beside what it was
    before. ``began_t`` is when customers began to come, in the windows' seconds, and ``until_s`` how long they came."""
    figures = [
        _Figure(gate.measure, gate.percent, gate.platform, gate.name, gate.bar)
        for gate in gates
        if gate.measure in _REPLIES and gate.figure in ("p", "share")
    ] or [_Figure("reply", _PERCENT)]
    for fall in arrivals.falls(until_s):
        for figure in figures:
            found = _after(fall, figure, windows, began_t, until_s)
            if found is not None:
                yield found


def _after(fall: Fall, figure: _Figure, windows: Sequence[Window], began_t: float, until_s: float) -> Recovery | None:
    values = [
        WindowValue(window.t_s - began_t, window.t_s + window.length_s - began_t, figure.of(window))
        for window in windows
    ]
    before = [one.value_s for one in values if one.end_s <= fall.begins_s and one.value_s is not None]
    after = [one for one in values if fall.ends_s < one.end_s <= fall.next_s and one.value_s is not None]
    if not after or (figure.bar_s is None and not before):
        return None
    usual_s = max(before, default=0.0)
    is_promised = (
        figure.bar_s is not None and usual_s <= figure.bar_s
    )  # what did not hold before need not hold afterwards
    # Above the worst interval by less than that nobody feels it; without such room, chance alone would break the bar.
    bar_s = figure.bar_s if is_promised and figure.bar_s is not None else usual_s * (1 + FELT_SHARE)
    return Recovery(
        figure=figure.words(),
        begins_s=fall.begins_s,
        ends_s=fall.ends_s,
        after_s=recovery_s(after, bar_s, fall.ends_s),
        watched_s=min(after[-1].end_s, until_s) - fall.ends_s,
        bar_s=bar_s,
        bar="sla" if is_promised else "before",
        interval_s=windows[0].length_s,
    )
