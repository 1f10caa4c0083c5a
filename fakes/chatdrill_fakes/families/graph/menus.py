"""Ice breakers and the persistent menu: what a person may tap before there is anything to tap on."""

from __future__ import annotations

from typing import Any

from . import errors, limits, reading
from .state import Json, Shared


def localised(groups: list[tuple[str, Json]], where: str) -> list[Json]:
    """Values by locale; there must be one for everybody else."""
    for place, one in groups:
        reading.text(one.get("locale"), f"{place}[locale]")
    if not any(one["locale"] == "default" for _, one in groups):
        raise errors.invalid(f"Param {where} must have a value for the locale default")
    return [one for _, one in groups]


def ice_breakers(value: Any, where: str) -> list[Json]:
    """Questions by locale, or the older form without one."""
    groups = reading.objects(value, where, 1, 100)
    if all("question" in one for _, one in groups):
        _questions(value, where)
        return [one for _, one in groups]
    for place, one in groups:
        _questions(one.get("call_to_actions"), f"{place}[call_to_actions]")
    return localised(groups, where)


def _questions(value: Any, where: str) -> None:
    for place, one in reading.objects(value, where, 1, limits.ICE_BREAKERS_MAX):
        reading.text(one.get("question"), f"{place}[question]")
        reading.text(one.get("payload"), f"{place}[payload]", limits.PAYLOAD_MAX)


def persistent_menu(value: Any, where: str) -> list[Json]:
    groups = reading.objects(value, where, 1, 100)
    for place, one in groups:
        locked = reading.flag(one.get("composer_input_disabled"))
        if one.get("call_to_actions") is None and not locked:
            raise errors.required(f"{place}[call_to_actions]")
        entries = one.get("call_to_actions") or []
        for at, entry in reading.objects(entries, f"{place}[call_to_actions]", 0, limits.MENU_ITEMS_MAX):
            _menu_entry(entry, at)
    return localised(groups, where)


def _menu_entry(entry: Json, where: str) -> None:
    """Nested entries were removed with Graph version 8."""
    kind = reading.one_of(entry.get("type"), f"{where}[type]", ("web_url", "postback"))
    reading.text(entry.get("title"), f"{where}[title]", limits.MENU_TITLE_MAX)
    if kind == "web_url":
        reading.url(entry.get("url"), f"{where}[url]")
    else:
        reading.text(entry.get("payload"), f"{where}[payload]", limits.PAYLOAD_MAX)


def payload_of(groups: list[Json], title: str) -> str | None:
    """What an entry of a menu, or a question, stands for; ``None`` where none has this title."""
    for group in groups:
        for entry in group.get("call_to_actions", [group]):
            if title in (entry.get("title"), entry.get("question")):
                return str(entry.get("payload", ""))
    return None


def entries(state: Shared, menu: list[Json] | None) -> list[Json]:
    """Everything that may be tapped at the profile; a person's own ``menu`` takes the place of the profile's."""
    return [*(menu or state.profile.get("persistent_menu", [])), *state.profile.get("ice_breakers", [])]
