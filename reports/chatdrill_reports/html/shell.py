"""What every page of chatdrill has around its sections: its style, its one script, and the policy that lets nothing else run.

Whoever has a page of its own brings templates that extend ``shell.html.j2`` and sections beside them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Generic, TypeVar

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from chatdrill.trace.transcript import phrases
from chatdrill_reports import words
from chatdrill_reports.html import markup

HOME = "chatdrill_reports.html"
_STYLES = ("style.css", "plot.css", "sections.css")
_Book = TypeVar("_Book")


def environment(package: str = HOME) -> Environment:
    """The templates of a package, and behind them those that all pages share. Everything is escaped, nothing undefined is drawn."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader(name) for name in dict.fromkeys((package, HOME))]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters.update(_FILTERS)
    made.globals.update(verdict_words=words.VERDICT_WORDS, marks=words.MARKS)
    return made


def page(template: str, names: Mapping[str, Any], *, environment: Environment, style: str = "") -> bytes:
    """A page in UTF-8; it works from a file, without a network and without JavaScript. ``style`` follows the shared one."""
    script = text("script.js")
    drawn = environment.get_template(template).render(
        **names,
        style=Markup("".join(map(text, _STYLES)) + style),
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    return drawn.encode("utf-8", "replace")


@dataclass(frozen=True)
class Section(Generic[_Book]):
    """A part of a page. ``gather`` gives the names that its template ``sections/<id>.html.j2`` uses, or ``None`` where there is nothing
    to show."""

    id: str
    title: str
    gather: Callable[[_Book], Mapping[str, Any] | None]


def sections(
    all_sections: Iterable[Section[_Book]], book: _Book, environment: Environment
) -> list[tuple[Section[_Book], Markup]]:
    """The sections that have something to show, drawn."""
    gathered = [(section, section.gather(book)) for section in all_sections]
    return [(section, _drawn(section, book, names, environment)) for section, names in gathered if names is not None]


def _drawn(section: Section[_Book], book: _Book, names: Mapping[str, Any], environment: Environment) -> Markup:
    template = environment.get_template(f"sections/{section.id}.html.j2")
    return Markup(template.render(book=book, section=section, **names))


@cache
def text(name: str, package: str = HOME) -> str:
    """A file among the assets of a package."""
    return files(package).joinpath("assets", name).read_text("utf-8")


_FILTERS: dict[str, Callable[..., Any]] = {
    "hue": markup.hue,
    "initials": markup.initials,
    "one_line": phrases.one_line,
    "plain": phrases.plain,
    "platform_title": phrases.platform_title,
    "safe_url": markup.safe_url,
    "seconds": phrases.seconds,
    "unsaid": words.unsaid,
}
