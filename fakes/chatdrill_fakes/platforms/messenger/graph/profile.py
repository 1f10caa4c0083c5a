"""The Messenger Profile: what a person sees of the Page before and beside the thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatdrill_fakes.families.graph import gate, reading
from chatdrill_fakes.families.graph.call import Answered
from chatdrill_fakes.families.graph.errors import invalid, required
from chatdrill_fakes.families.graph.limits import PAYLOAD_MAX
from chatdrill_fakes.families.graph.menus import ice_breakers, localised, persistent_menu
from chatdrill_fakes.families.graph.recipients import chat_of
from chatdrill_fakes.families.graph.state import Json
from chatdrill_fakes.families.meta import GraphError

from .. import limits
from .call import Asked

_RESULT = {"result": "success"}
_READ_ONLY = "subject_to_new_eu_privacy_rules"


def set_profile(asked: Asked) -> Answered:
    """``POST /me/messenger_profile``: all fields are checked before one is set."""
    gate.take(asked, asked.state.quotas.profile)
    _check_platform(asked)
    given = {name: asked.values[name] for name in _READERS if asked.values.get(name) is not None}
    if not given:
        raise invalid(f"Requires one of the params: {', '.join(_READERS)}")
    fresh = {name: _READERS[name](value, name) for name, value in given.items()}
    if "persistent_menu" in fresh and "get_started" not in {**asked.state.profile, **fresh}:
        raise _needs_get_started()
    asked.state.profile.update(fresh)
    return Answered(_RESULT)


def get_profile(asked: Asked) -> Answered:
    """``GET /me/messenger_profile?fields=``: the fields that are set, in one object; nothing where none is."""
    gate.take(asked, asked.state.quotas.profile)
    names = reading.words(asked.values.get("fields"))
    if not names:
        raise required("fields")
    for name in names:
        reading.one_of(name, "fields", (*_READERS, _READ_ONLY))
    profile = {**asked.state.profile, _READ_ONLY: False}
    found = {name: profile[name] for name in names if name in profile}
    return Answered({"data": [found] if found else []})


def delete_profile(asked: Asked) -> Answered:
    """``DELETE /me/messenger_profile``; Get Started must stay as long as there is a menu."""
    gate.take(asked, asked.state.quotas.profile)
    names = reading.words(asked.values.get("fields"))
    if not names:
        raise required("fields")
    for name in names:
        reading.one_of(name, "fields", tuple(_READERS))
    left = {name: value for name, value in asked.state.profile.items() if name not in names}
    if "persistent_menu" in left and "get_started" not in left:
        raise _needs_get_started()
    asked.state.profile = left
    return Answered(_RESULT)


def _needs_get_started() -> GraphError:
    return invalid("You must set a Get Started button if you also wish to use persistent menu", 2018145)


def _check_platform(asked: Asked) -> None:
    if asked.values.get("platform") is not None:
        reading.one_of(asked.values["platform"], "platform", ("messenger", "MESSENGER"))


# ------------------------------------------------------------------------------------------------------- fields


def _get_started(value: Any, where: str) -> Json:
    payload = reading.mapping(value, where).get("payload")
    return {"payload": reading.text(payload, f"{where}[payload]", PAYLOAD_MAX)}


def _greeting(value: Any, where: str) -> list[Json]:
    greetings = reading.objects(value, where, 1, 100)
    for place, one in greetings:
        reading.text(one.get("text"), f"{place}[text]", limits.GREETING_MAX)
    return localised(greetings, where)


def _commands(value: Any, where: str) -> list[Json]:
    groups = reading.objects(value, where, 1, 100)
    for place, one in groups:
        for at, command in reading.objects(one.get("commands"), f"{place}[commands]", 1, limits.COMMANDS_MAX):
            reading.text(command.get("name"), f"{at}[name]", limits.COMMAND_NAME_MAX)
            reading.text(command.get("description"), f"{at}[description]", limits.COMMAND_DESCRIPTION_MAX)
    return localised(groups, where)


def _whitelisted_domains(value: Any, where: str) -> list[str]:
    domains = [value] if isinstance(value, str) else list(reading.items(value, where, 1, limits.DOMAINS_MAX))
    return [reading.secure_url(one, f"{where}[{n}]") for n, one in enumerate(domains)]


def _account_linking_url(value: Any, where: str) -> str:
    return reading.secure_url(value, where)


_READERS: dict[str, Callable[[Any, str], Any]] = {
    "get_started": _get_started,
    "greeting": _greeting,
    "ice_breakers": ice_breakers,
    "persistent_menu": persistent_menu,
    "commands": _commands,
    "whitelisted_domains": _whitelisted_domains,
    "account_linking_url": _account_linking_url,
}

# ------------------------------------------------------------------------------------------------ one customer's


def set_menu(asked: Asked) -> Answered:
    """``POST /me/custom_user_settings``: a menu for one person."""
    chat = chat_of(asked, {"id": asked.values.get("psid")})
    gate.take(asked, chat.settings_calls)
    chat.menu = persistent_menu(asked.values.get("persistent_menu"), "persistent_menu")
    return Answered(_RESULT)


def get_menu(asked: Asked) -> Answered:
    """``GET /me/custom_user_settings?psid=``: that menu and the one of everybody else."""
    chat = chat_of(asked, {"id": asked.values.get("psid")})
    gate.take(asked, chat.settings_calls)
    menus = {"user_level_persistent_menu": chat.menu, "page_level_persistent_menu": asked.state.profile.get(_MENU)}
    found = {name: menu for name, menu in menus.items() if menu is not None}
    return Answered({"data": [found] if found else []})


def delete_menu(asked: Asked) -> Answered:
    """``DELETE /me/custom_user_settings?psid=&params=["persistent_menu"]``"""
    chat = chat_of(asked, {"id": asked.values.get("psid")})
    gate.take(asked, chat.settings_calls)
    names = reading.words(asked.values.get("params"))
    if not names:
        raise required("params")
    for name in names:
        reading.one_of(name, "params", (_MENU,))
    chat.menu = None
    return Answered(_RESULT)


_MENU = "persistent_menu"
