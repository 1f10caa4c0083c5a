"""Templates read the other way round: which names have which values in what was made of one, or of something like it.

Keys that a template has not are let pass, and names whose key is missing; where the template has words of its own, these must stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chatdrill.wire import HttpRequest
from chatdrill_fakes.families.declared.filling import ALONE, NAME, fill, names_in

_MISSING = object()
Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """What was found. ``hits`` counts the places where something stood, ``lacks`` those where nothing did, ``words`` the template's own
    words among these; ``strange`` are values that stand in the place of such words."""

    names: dict[str, Any] = field(default_factory=dict)
    hits: int = 0
    lacks: int = 0
    words: int = 0
    strange: tuple[Any, ...] = ()

    @property
    def rank(self) -> tuple[int, int, int]:
        """The higher, the closer."""
        return -len(self.strange), -self.words, self.hits - self.lacks


class Matcher:
    """One template, taken apart once."""

    def __init__(self, template: Any) -> None:
        places = list(_places(template, ()))
        self._fixed = [(steps, fill(each, {})) for steps, each in places if not _is_open(each)]
        self._open = [(steps, *_opened(each)) for steps, each in places if _is_open(each)]
        self.names = frozenset(names_in(template))

    def fits(self, value: Any) -> bool:
        """False if a word of the template's own is another one here, or is missing in a table that is there."""
        return all(
            found == word or (found is _MISSING and len(steps) > 1 and _at(steps[:-1], value) is _MISSING)
            for steps, word in self._fixed
            for found in (_at(steps, value),)
        )

    def match(self, value: Any) -> Match:
        """What is found in a value."""
        names: dict[str, Any] = {}
        hits = lacks = words = 0
        strange: list[Any] = []
        for steps, word in self._fixed:
            found = _at(steps, value)
            if found is _MISSING:
                words += 1
            elif found == word:
                hits += 1
            else:
                strange.append(found)
        for steps, name, pattern in self._open:
            found = _at(steps, value)
            if found is _MISSING or found is None:
                lacks += 1
            elif pattern is None:
                hits += 1
                names.setdefault(name, found)
            elif (met := pattern.fullmatch(str(found))) is not None:
                hits += 1
                names |= {key: word for key, word in met.groupdict().items() if key not in names}
            else:
                lacks += 1
        return Match(names, hits, lacks, words, tuple(strange))


def _places(template: Any, steps: Steps) -> Iterator[tuple[Steps, Any]]:
    """Everything in a template that is no table and no list."""
    if isinstance(template, Mapping):
        for key, each in template.items():
            yield from _places(each, (*steps, str(key)))
    elif isinstance(template, list):
        for number, each in enumerate(template):
            yield from _places(each, (*steps, number))
    elif template is not None:
        yield steps, template


def _is_open(template: Any) -> bool:
    return isinstance(template, str) and any(names_in(template))


def _opened(template: str) -> tuple[str, re.Pattern[str] | None]:
    """The one name that a text is, or a pattern with its names."""
    alone = ALONE.fullmatch(template)
    return (alone[1], None) if alone is not None else ("", re.compile(pattern_of(template), re.DOTALL))


def pattern_of(template: str, one: str = ".+?") -> str:
    """A regular expression for what is made of a text; ``one`` is what a name may stand for."""
    made, end = [], 0
    seen: set[str] = set()
    for match in NAME.finditer(template):
        made.append(re.escape(template[end : match.start()]))
        name = match[1]
        made.append(
            re.escape(match[0][0]) if name is None else f"(?P={name})" if name in seen else f"(?P<{name}>{one})"
        )
        seen |= {name} - {None}
        end = match.end()
    return "".join(made) + re.escape(template[end:])


class RequestMatcher:
    """A request whose address, headers and body are templates. The address may be below any other."""

    def __init__(self, method: str, url: str, headers: Mapping[str, str], body: Any) -> None:
        path, _, query = url.partition("?")
        self._method, self._body = method, Matcher(body)
        self._path = re.compile(f"(?:^|/){pattern_of(path.strip('/'), '[^/]+')}/?$") if path.strip("/") else None
        self._query = Matcher(dict(pair.partition("=")[::2] for pair in query.split("&") if pair))
        self._heads = Matcher({name.lower(): each for name, each in headers.items() if any(names_in(each))})
        self.names = self._body.names | self._query.names | self._heads.names | frozenset(names_in(path))

    def fits(self, values: Any) -> bool:
        """See ``Matcher.fits``."""
        return self._body.fits(values)

    def match(self, request: HttpRequest, values: Any, *, strictly: bool) -> Match | None:
        """What is found in a request with the arguments ``values``; ``None`` for another method or address, and ``strictly``
        also where a word of the template's own is another one."""
        if request.method != self._method or (strictly and not self._body.fits(values)):
            return None
        path = self._path.search(request.path) if self._path is not None else None
        if path is None and self._path is not None:
            return None
        found = self._body.match(values)
        names = path.groupdict() if path is not None else {}
        if self._query.names:
            names |= self._query.match(dict(request.query)).names
        if self._heads.names:
            names |= self._heads.match({name.lower(): value for name, value in request.headers}).names
        return Match({**names, **found.names}, found.hits + len(names), found.lacks, found.words, found.strange)


def _at(steps: Sequence[str | int], value: Any) -> Any:
    """What lies there. A form has inner values as JSON."""
    for step in steps:
        if type(value) is str and value[:1] in ("{", "["):
            value = _opened_json(value)
        if isinstance(step, str):
            if not isinstance(value, dict) or step not in value:
                return _MISSING
        elif not isinstance(value, list) or step >= len(value):
            return _MISSING
        value = value[step]
    return value


def _opened_json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return text
