"""Reading the settings of an account, and telling the bot what it needs of them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from chatdrill.errors import SettingsError
from chatdrill.wire import Setting

_DIGITS_MAX = 9


def for_bots(settings: Iterable[Setting], names: Container[str], values: Mapping[str, str]) -> dict[str, str]:
    """The settings of these names, by their variables."""
    return {each.env: values[each.name] for each in settings if each.name in names}


def check_word(vendor: str, settings: Mapping[str, str], name: str, known: Iterable[str]) -> None:
    """Raises ``SettingsError`` for a word that is not ``known``."""
    words = tuple(known)
    if settings[name] not in words:
        raise SettingsError(f"{vendor}.{name} is one of {', '.join(words)}, not {settings[name]!r}")


def check_number(vendor: str, settings: Mapping[str, str], name: str, least: int, most: int) -> None:
    """Raises ``SettingsError`` for what is no number from ``least`` to ``most``."""
    value = settings[name]
    if not (value.isascii() and value.isdigit() and len(value) <= _DIGITS_MAX and least <= int(value) <= most):
        raise SettingsError(f"{vendor}.{name} is a number from {least} to {most}, not {value!r}")
