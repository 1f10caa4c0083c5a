"""Plots and pages as HTML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from chatdrill.engine.durations import say_seconds
from chatdrill_load.report import words
from chatdrill_reports.html import shell
from chatdrill_reports.html.plot import Plot

PACKAGE = "chatdrill_load.report"


def drawn(plot: Plot) -> Markup:
    """A plot, for a page that has ``style``."""
    macros: Any = environment().get_template("plot.html.j2").module
    return Markup(macros.figure(plot))


def style() -> str:
    """What plots and the load report look like; it follows the style that all pages share."""
    return shell.text("load.css", PACKAGE)


def page(names: Mapping[str, Any]) -> bytes:
    """The whole page."""
    return shell.page("load.html.j2", names, environment=environment(), style=style())


@cache
def environment() -> Environment:
    """The templates of the report."""
    made = shell.environment(PACKAGE)
    made.filters.update(_FILTERS)
    return made


_FILTERS: dict[str, Callable[..., Any]] = {
    "change": words.change,
    "duration": say_seconds,
    "percent": words.percent,
    "sentence": words.sentence,
    "took": words.took,
    "where": words.where,
}
