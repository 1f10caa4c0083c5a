"""Ice breakers and the persistent menu. By a Page's token the same edge is Messenger's, unless ``platform`` says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatdrill_fakes.families.graph import gate, menus, reading
from chatdrill_fakes.families.graph.call import Answered
from chatdrill_fakes.families.graph.errors import invalid, required

from ..limits import QUESTION_MAX
from .call import Asked

_RESULT = {"result": "success"}


def set_profile(asked: Asked) -> Answered:
    """``POST /me/messenger_profile``: all fields are checked before one is set."""
    _begin(asked)
    given = {name: asked.values[name] for name in _READERS if asked.values.get(name) is not None}
    if not given:
        raise invalid(f"Requires one of the params: {', '.join(_READERS)}")
    asked.state.profile.update({name: _READERS[name](value, name) for name, value in given.items()})
    return Answered(_RESULT)


def get_profile(asked: Asked) -> Answered:
    """``GET /me/messenger_profile``: the fields that are set, in one object; nothing where none is."""
    _begin(asked)
    names = reading.words(asked.values.get("fields")) or list(_READERS)
    _check(names)
    found = {name: asked.state.profile[name] for name in names if name in asked.state.profile}
    return Answered({"data": [found] if found else []})


def delete_profile(asked: Asked) -> Answered:
    """``DELETE /me/messenger_profile``"""
    _begin(asked)
    names = reading.words(asked.values.get("fields"))
    if not names:
        raise required("fields")
    _check(names)
    for name in names:
        asked.state.profile.pop(name, None)
    return Answered(_RESULT)


def _begin(asked: Asked) -> None:
    gate.take(asked, asked.state.quotas.profile)
    if asked.state.by_page or asked.values.get("platform") is not None:
        reading.one_of(str(asked.values.get("platform", "messenger")).lower(), "platform", ("instagram",))


def _check(names: list[str]) -> None:
    for name in names:
        reading.one_of(name, "fields", tuple(_READERS))


def _ice_breakers(value: Any, where: str) -> Any:
    """Questions are shorter here than what Messenger takes."""
    groups = menus.ice_breakers(value, where)
    for group in groups:
        for one in group.get("call_to_actions", [group]):
            reading.text(one["question"], f"{where}[question]", QUESTION_MAX)
    return groups


_READERS: dict[str, Callable[[Any, str], Any]] = {
    "ice_breakers": _ice_breakers,
    "persistent_menu": menus.persistent_menu,
}
