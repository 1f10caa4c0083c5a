"""One account that several workers hold: which calls are whose, by the places that the file names."""

from __future__ import annotations

from collections.abc import Iterator

from chatdrill.wire import Exchange, HttpRequest
from chatdrill.wire.doors import one_owner
from chatdrill_fakes.families.declared.ids import ID_NAMES
from chatdrill_fakes.families.declared.values import word_of
from chatdrill_fakes.platforms.declared.calls import candidates
from chatdrill_fakes.platforms.declared.hearing import Visit
from chatdrill_fakes.platforms.declared.state import FILES, DeclaredState


def owner_of(state: DeclaredState, request: HttpRequest) -> str | None:
    """See ``chatdrill.wire.doors.Divisible``. An id that does not end in what counts says nothing: the workers are asked."""
    if request.path.startswith(FILES):
        return request.path.removeprefix(FILES) or None
    if not state.spec.ids["customer"].endswith(tuple(f"{{{name}}}" for name in ID_NAMES)):
        return None
    return one_owner(_named(state, request), "the request")


def _named(state: DeclaredState, request: HttpRequest) -> Iterator[str]:
    visit = Visit(state, Exchange(request, 0.0))
    for take in candidates(state.spec, request):
        visit.turn_to(take)
        found = visit.found(take.each) if take.each else [visit.arguments.values]
        for item in found if isinstance(found, list) else ():
            visit.item = item
            to = visit.word(take.read, "to")
            if to is not None:
                yield to
        visit.item = visit.arguments.values
        mark = (word_of(visit.found(place)) for place in take.find.values())
        known = next(
            (
                state.found[pair]
                for name, word in zip(take.find, mark, strict=True)
                if word and (pair := (name, word)) in state.found
            ),
            None,
        )
        if known is not None:
            yield known
