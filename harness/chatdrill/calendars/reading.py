"""Calendars from settings: what may be written, and what is said about the rest. Form: docs/reference/calendars.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from chatdrill.calendars.calendar import Calendar
from chatdrill.calendars.dates import plain, read_dates, read_days_off
from chatdrill.calendars.hours import by_narrowest, read_week
from chatdrill.calendars.place import Place
from chatdrill.calendars.rota import Hours, Rota, all_of, any_of
from chatdrill.calendars.zones import read_zone
from chatdrill.errors import did_you_mean

_NONE: Mapping[str, Any] = MappingProxyType({})
_JOINS: Mapping[str, Callable[[tuple[Rota, ...]], Rota]] = MappingProxyType({"any_of": any_of, "all_of": all_of})
_OWN = ("zone", "hours", "holidays", "days")


def read_calendars(blocks: Mapping[str, Any], where: Callable[..., str]) -> dict[str, Calendar]:
    """The calendars of a table of blocks, in whatever order they name each other.

    ``where(name, *keys)`` says where a key of a block stands, for messages. Raises ``SettingsError``, also for
    calendars that are made of themselves.
    """
    reader = _Reader(blocks, where, {})
    for name in blocks:
        reader.read(name, ())
    return {name: reader.done[name] for name in blocks}


def read_calendar(
    name: str, block: Mapping[str, Any], where: str, *, others: Mapping[str, Calendar] = _NONE
) -> Calendar:
    """The calendar of a block.

    ``where`` begins every message, ``others`` are those that ``any_of`` and ``all_of`` may name. Raises
    ``SettingsError`` that names the key and the nearest valid thing.
    """
    return _calendar(name, block, Place(lambda *_: where, name), others)


@dataclass(frozen=True)
class _Reader:
    """Reads what a block names before the block."""

    blocks: Mapping[str, Any]
    where: Callable[..., str]
    done: dict[str, Calendar]

    def read(self, name: str, trail: tuple[str, ...]) -> None:
        place = Place(self.where, name)
        if name in trail:
            circle = " → ".join((*trail[trail.index(name) :], name))
            raise place.error(f"is made of itself: {circle}")
        if name in self.done:
            return
        for other in _named(self.blocks[name], place, self.blocks):
            self.read(other, (*trail, name))
        self.done[name] = _calendar(name, self.blocks[name], place, self.done)


def _named(block: Any, place: Place, known: Mapping[str, Any]) -> list[str]:
    """The calendars that a block is made of, as far as it names them."""
    if not isinstance(block, Mapping):
        return []  # is answered when it is read
    found: list[str] = []
    for key in _JOINS:
        value = block.get(key)
        if isinstance(value, Mapping):
            found += [name for part in value.values() for name in _named(part, place.at(key), known)]
        elif isinstance(value, list):
            found += [_known(name, place.at(key), known) for name in value]
    return found


def _known(name: Any, place: Place, known: Mapping[str, Any]) -> str:
    if not isinstance(name, str) or name not in known:
        raise place.error(f"unknown calendar {name!r}{did_you_mean(str(name), known)}")
    return name


def _calendar(name: str, block: Any, place: Place, others: Mapping[str, Calendar]) -> Calendar:
    if not isinstance(block, Mapping):
        raise place.error(f"expected a table with {', '.join(_OWN)}, not {block!r}")
    for key in block:
        if key not in (*_OWN, *_JOINS):
            raise place.at(key).error(f"unknown key{did_you_mean(str(key), (*_OWN, *_JOINS))}")
    joins = [key for key in _JOINS if key in block]
    if joins:
        return _joined(name, block, place, others)
    return _own(name, block, place)


def _own(name: str, block: Mapping[str, Any], place: Place) -> Calendar:
    zone = _zone(block, place)
    week = read_week(block["hours"], place.at("hours")) if "hours" in block else ((),) * 7
    days = block.get("days", {})
    if not isinstance(days, Mapping):
        raise place.at("days").error(f'expected a table such as {{ 2026-12-24 = "09:00-13:00" }}, not {days!r}')
    listed = by_narrowest(days, place.at("days"), read_dates)
    if not any(week) and not any(listed.values()):
        raise place.at("hours").error('it is never open; write hours = { mon-fri = "09:00-18:00" }')
    rota = Hours(zone, week, listed, *read_days_off(block.get("holidays", []), place.at("holidays")))
    return Calendar(name, zone, rota, _plain_block(block))


def _zone(block: Mapping[str, Any], place: Place) -> ZoneInfo:
    if "zone" not in block:
        raise place.at("zone").error(
            "is missing; write the place whose clocks count, such as 'Europe/Warsaw', or 'UTC'"
        )
    return read_zone(block["zone"], str(place.at("zone")))


def _plain_block(block: Mapping[str, Any]) -> dict[str, Any]:
    """A block as JSON can hold it: dates as text."""
    kept = dict(block)
    for key in ("hours", "days"):
        if key in block:
            kept[key] = {plain(name): value for name, value in block[key].items()}
    if "holidays" in block:
        value = block["holidays"]
        kept["holidays"] = [plain(entry) for entry in value] if isinstance(value, list | tuple) else plain(value)
    return kept


def _joined(name: str, block: Mapping[str, Any], place: Place, others: Mapping[str, Calendar]) -> Calendar:
    (join, *more) = [key for key in _JOINS if key in block]
    alien = more + [key for key in _OWN[1:] if key in block]
    if alien:
        raise place.at(alien[0]).error(f"does not go with {join}; give it to one of its calendars")
    parts = _parts(block[join], place.at(join), others)
    zone = _zone(block, place) if "zone" in block else parts[0].zone
    plain_parts = {part.name: part.block for part in parts}
    kept = {"zone": zone.key, join: plain_parts}
    return Calendar(name, zone, _JOINS[join](tuple(part.rota for part in parts)), kept)


def _parts(value: Any, place: Place, others: Mapping[str, Calendar]) -> list[Calendar]:
    """The calendars of a list of names, or of a table of blocks by name."""
    if not isinstance(value, list | Mapping) or not value:
        raise place.error(f"expected a list of calendars such as ['anna', 'ben'], not {value!r}")
    if isinstance(value, Mapping):
        return [_calendar(str(part), block, place.at(part), others) for part, block in value.items()]
    if len(set(map(str, value))) < len(value):
        raise place.error(f"names a calendar twice: {value!r}")
    return [others[_known(name, place, others)] for name in value]
