"""The capacity curve: what a bot's customers wait, over how many come."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from statistics import median
from typing import NamedTuple

from markupsafe import Markup

from chatdrill_load.report.drawing import drawn
from chatdrill_load.report.words import took
from chatdrill_reports.html.axis import Tick
from chatdrill_reports.html.plot import Box, Label, Line, Panel, Plot, Point, count_steps, dots, latency_axis, strokes

_BEHIND = 0.98  # a rate that was reached within 2 % was reached


class Rate(NamedTuple):
    """One trial: customers a second that were asked for and that came, the percentile in seconds (``None``: no sample), and whether the
    gates held."""

    rate: float
    achieved: float
    p95_s: float | None
    held: bool


def draw_capacity(
    rates: Sequence[Rate], *, bar_s: float | None = None, knee: float | None = None, figure: str = "p95 of the replies"
) -> Markup:
    """The curve as HTML for a page with the style of the load report. ``bar_s`` is the bound in seconds, ``knee`` the rate at which
    the curve bends, ``figure`` what the latencies are. Empty where no trial had a sample."""
    plot = plot_capacity(rates, bar_s=bar_s, knee=knee, figure=figure)
    return Markup() if plot is None else drawn(plot)


def plot_capacity(
    rates: Sequence[Rate], *, bar_s: float | None = None, knee: float | None = None, figure: str = "p95 of the replies"
) -> Plot | None:
    """The curve's geometry."""
    known = sorted(
        (one.achieved if _look(one) == "behind" else one.rate, one.p95_s, one) for one in rates if one.p95_s is not None
    )
    if not known:
        return None
    axis = latency_axis([*(p95_s for _, p95_s, _ in known), *([bar_s] if bar_s else [])])
    values, top = count_steps(max(rate for rate, _, _ in known), 6)

    def x(rate: float) -> float:
        return round(100 * rate / top, 2)

    points: list[tuple[Point, Rate]] = [((x(rate), axis.x(p95_s)), one) for rate, p95_s, one in known]
    bots_own = [(rate, p95_s) for rate, p95_s, one in known if _look(one) != "behind"]
    usual = [(rate, median(p95_s for _, p95_s in own)) for rate, own in groupby(bots_own, key=lambda one: one[0])]
    lines = [Line(strokes([(x(rate), axis.x(p95_s)) for rate, p95_s in usual]), "usual")]
    lines += [Line(f"M0 {axis.x(bar_s):g}H100", "limit")] if bar_s else []
    lines += [Line(f"M{x(knee):g} 0V100", "knee")] if knee else []
    looks = {look: [point for point, one in points if _look(one) == look] for look in ("held", "broke", "behind")}
    lines += [Line(dots(own), look) for look, own in looks.items() if own]
    labels = [Label(x(knee), 6.0, f"knee at {knee:,.3g}/s", "knee")] if knee else []
    labels += [Label(0.0, axis.x(bar_s), f"bound {took(bar_s)}", "limit")] if bar_s else []
    legend = [(look, _WORDS[look]) for look, own in looks.items() if own]
    hits = [Box(round(place[0] - 1, 2), 0.0, 2.0, 100.0, "hit", _words(one)) for place, one in points]
    return Plot(
        title="How much the bot can take",
        panels=(
            Panel(
                f"{figure}{', logarithmic' if axis.logarithmic else ''}",
                260,
                axis.ticks(say=took),
                tuple(lines),
                labels=tuple(labels),
            ),
        ),
        axis=tuple(Tick(x(value), f"{value:,g}") for value in values),
        said=_said(rates, knee),
        legend=tuple(legend),
        axis_title="customers who come a second",
        hits=tuple(hits),
    )


_WORDS = {"held": "the gates held", "broke": "a gate broke", "behind": "chatdrill itself was the limit"}


def _look(one: Rate) -> str:
    if one.achieved < one.rate * _BEHIND:
        return "behind"
    return "held" if one.held else "broke"


def _words(one: Rate) -> str:
    return f"{one.rate:,.4g}/s asked for, {one.achieved:,.4g}/s came\n{took(one.p95_s)}, {_WORDS[_look(one)]}"


def _said(rates: Sequence[Rate], knee: float | None) -> str:
    held = [one.rate for one in rates if _look(one) == "held"]
    broke = [one.rate for one in rates if _look(one) == "broke"]
    parts = [f"{len(rates)} trials"]
    parts += [f"the gates held at up to {max(held):,.4g}/s"] if held else ["the gates held at no rate"]
    parts += [f"they broke from {min(broke):,.4g}/s on"] if broke else []
    parts += [f"the curve bends at {knee:,.4g}/s"] if knee else []
    return f"{', '.join(parts)}."
