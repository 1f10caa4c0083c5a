"""People at Support: found by external id or e-mail, made, and changed."""

from __future__ import annotations

from typing import Any

from chatdrill.wire import strings_in
from chatdrill_fakes.desks.zendesk import ids
from chatdrill_fakes.desks.zendesk.state import Person, ZendeskState


def find_person(state: ZendeskState, external_id: str | None, email: str | None) -> Person | None:
    """By external id, else by e-mail; case does not matter in either."""
    for name, wanted in (("external_id", external_id), ("email", email)):
        if wanted:
            for person in state.people.values():
                if str(getattr(person, name) or "").lower() == wanted.lower():
                    return person
    return None


def new_person(state: ZendeskState, name: str, at: float, **about: Any) -> Person:
    """Another user; an end user unless ``role`` says otherwise."""
    person = Person(id=ids.number(state.chance), name=name, made_at=at, changed_at=at, **about)
    state.people[person.id] = person
    return person


def keys_of(person: Person) -> tuple[str, ...]:
    """All texts by which the bot names a person."""
    named = (person.external_id, person.email, person.phone, person.user_fields, person.tags)
    return tuple(dict.fromkeys(strings_in(list(named))))
