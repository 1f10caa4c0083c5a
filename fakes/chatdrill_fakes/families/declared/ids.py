"""Ids as a file wants them to look, and what several callers read of a call."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from chatdrill.seeds import Stream
from chatdrill_fakes.families.declared.filling import fill_text, names_in

ID_NAMES = ("number", "digits", "hex", "uuid")


def make_id(template: str, chance: Stream, number: int) -> str:
    """An id. All that a template may name is drawn, so that a change of it leaves the rest of the chance as it is."""
    names = {"number": number, "digits": chance.digits(8), "hex": chance.hex(16), "uuid": uuid(chance)}
    return fill_text(template, names)


def quick_id(template: str, chance: Stream, number: int) -> str:
    """An id for which only that is drawn which the template names."""
    if template == "{uuid}":
        return uuid(chance)
    return fill_text(template, {name: _DRAWS[name](chance, number) for name in _names_of(template)})


@lru_cache(maxsize=256)
def _names_of(template: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names_in(template)))


def uuid(chance: Stream) -> str:
    """A random UUID."""
    digits = chance.hex(30)
    tail = f"{chance.choice('89ab')}{digits[15:18]}-{digits[18:]}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-{tail}"


_DRAWS: dict[str, Callable[[Stream, int], object]] = {
    "number": lambda _chance, number: number,
    "digits": lambda chance, _number: chance.digits(8),
    "hex": lambda chance, _number: chance.hex(16),
    "uuid": lambda chance, _number: uuid(chance),
}
