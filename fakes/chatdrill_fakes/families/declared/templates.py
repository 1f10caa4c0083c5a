"""Templates and answers as files write them: whose names are all known, or the line is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chatdrill.errors import SettingsError, did_you_mean
from chatdrill_fakes.families.declared.filling import names_in
from chatdrill_fakes.families.declared.places import problem_of
from chatdrill_fakes.families.declared.reading import Spot


@dataclass(frozen=True)
class Answer:
    """An answer: status, headers and body, the last two with ``{names}`` in them."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


def text_of(path: str | Path, what: str) -> str:
    """The text of a file; raises ``SettingsError``, which begins with ``what``."""
    try:
        return Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SettingsError(f"{what}: the file {path} cannot be read: {reason}") from error


def template(spot: Spot, names: Iterable[str]) -> Any:
    """A template whose names are all known."""
    known = tuple(names)
    for name in names_in(spot.value):
        if name not in known:
            raise _deepest(spot, name).wrong(f"a template knows no {{{name}}} here{did_you_mean(name, known)}")
    return spot.value


def _deepest(spot: Spot, name: str) -> Spot:
    """The innermost place that uses a name, so that the error's line is its own."""
    if isinstance(spot.value, dict):
        inner: list[Spot] = [spot.at(key) for key in spot.value]
    else:
        inner = [spot.at(number) for number in range(len(spot.value))] if isinstance(spot.value, list) else []
    return next((_deepest(each, name) for each in inner if name in names_in(each.value)), spot)


def read_answer(spot: Spot, names: Iterable[str], usual: int = 200) -> Answer:
    """An answer as the file words it."""
    keys, known = spot.table(("status", "body", "headers")), tuple(names)
    status = int(keys["status"].number(least=100)) if "status" in keys else usual
    if status > 599:
        raise keys["status"].wrong(f"{status} is no HTTP status")
    body = template(keys["body"], known) if "body" in keys else None
    return Answer(status, body, read_headers(keys.get("headers"), known))


def read_headers(spot: Spot | None, names: tuple[str, ...]) -> dict[str, str]:
    """Headers with names in them."""
    return {name: str(template(each, names)) for name, each in spot.table().items()} if spot is not None else {}


def read_errors(spot: Spot | None, usual: Mapping[str, tuple[int, str]]) -> dict[str, Answer]:
    """The errors of a file, by the names that ``usual`` has with a status and words."""
    found = {name: Answer(status, {"error": words}) for name, (status, words) in usual.items()}
    for name, each in spot.table(usual).items() if spot is not None else ():
        found[name] = read_answer(each, ("reason",), usual[name][0])
        if found[name].status < 400:
            raise each.wrong(f"the error {name!r} must have a status of 400 or more")
    return found


def read_place(spot: Spot, path: str) -> str:
    """A place in a request to ``path``."""
    place = spot.text()
    if (problem := problem_of(place)) is not None:
        raise spot.wrong(problem)
    params = [part.partition("}")[0] for part in path.split("{")[1:]]
    source, _, name = place.partition(":")
    if source == "path" and name not in params:
        raise spot.wrong(f"the path {path} has no {{{name}}}{did_you_mean(name, params)}")
    return place


def read_path(spot: Spot) -> str:
    """A path of ours."""
    path = spot.text()
    if not path.startswith("/"):
        raise spot.wrong(f"a path begins with '/', not as {path!r}")
    return path


def read_ids(spot: Spot | None, usual: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    """How ids look."""
    found = dict(usual)
    for kind, each in spot.table(found).items() if spot is not None else ():
        found[kind] = template(each, names)
        if not any(names_in(found[kind])):
            raise each.wrong(f"every {kind} would have the same id {found[kind]!r}; put {{number}} or {{uuid}} into it")
    return found
