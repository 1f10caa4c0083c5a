"""Settings of a run, merged from the defaults, a file, the environment and flags; the later wins.

The file is ``chatdrill.toml``, or ``[tool.chatdrill]`` in ``pyproject.toml``, in the working folder or above it. An
option ``reply_timeout`` is ``reply_timeout = "10s"`` in the file, ``CHATDRILL_REPLY_TIMEOUT`` in the environment and
``--reply-timeout`` as a flag (``chatdrill.run.options`` has them all). The settings of a platform or desk stand in a table of its
name (``[telegram] token = "..."``) or in the environment under the name that the bot reads, prefixed by ``CHATDRILL_``.
Working hours stand in tables ``[calendars.NAME]``, in the file only.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from chatdrill.calendars import Calendar, read_calendars
from chatdrill.errors import SettingsError, did_you_mean
from chatdrill.run.options import OPTIONS, OPTIONS_BY_NAME, USUAL_WEBHOOK, Option
from chatdrill.run.reading import plain
from chatdrill.run.registry import desk_names, load_service, platform_names, service_names
from chatdrill.run.settings_file import SettingsFile, find_file, read_file

TABLES = ("sla", "checks")
CALENDARS = "calendars"
_FOR_BOTS = ("CHATDRILL_URL", "CHATDRILL_SPEED", "CHATDRILL_SEED", "CHATDRILL_DETOUR")
_NEAR = 0.8


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The effective settings. ``values`` has every option by name; ``tables`` the blocks ``sla`` and ``checks``;
    ``calendars`` the working hours by name, ``platform_settings`` what was set for a platform or desk. ``file`` is the file they
    came from, if any, and ``from_file`` the names of the options that it decided. ``replay`` is how a command begins that
    plays a case of this run again, ``{file}`` standing for the scenario's file."""

    values: Mapping[str, Any]
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    platform_settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    file: SettingsFile | None = None
    from_file: frozenset[str] = frozenset()
    replay: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms of the run."""
        return self.values["platforms"] or platform_names()

    def webhook(self, platform: str) -> str:
        """Where the bot takes the webhooks of a platform, unless it says so itself."""
        return self.given_webhook(platform) or USUAL_WEBHOOK.replace("{platform}", platform)

    def given_webhook(self, platform: str) -> str | None:
        """The address somebody set for a platform, or ``None``."""
        pairs: Mapping[str, str] = self.values["webhook"]
        if pairs is OPTIONS_BY_NAME["webhook"].default:
            return None
        template = pairs.get(platform) or pairs.get("")
        return template.replace("{platform}", platform) if template else None

    def folder(self, name: str) -> Path:
        """The folder that an option's value is relative to: its file's, or the working folder."""
        return self.file.path.parent if self.file is not None and name in self.from_file else Path.cwd()

    @property
    def out(self) -> Path:
        """The folder for the trace and the reports."""
        here = self.folder("out")
        return Path(self.values["out"]) if here == Path.cwd() else here / str(self.values["out"])

    def place(self, *keys: str) -> str:
        """Where something was set, for a message: ``chatdrill.toml:12``."""
        return "settings" if self.file is None else self.file.place(*keys)

    def placed(self, *, worker: int = 0, free_port: Callable[[], int]) -> Settings:
        """The settings of one process: ``{port}`` and ``{worker}`` filled in, the fakes' ports out of the others' way.

        ``{port}``, in the bot's command, webhook, variables or ready address, is a free port, and the bot gets it as
        ``PORT`` too. The fakes of pytest-xdist's worker N listen 10 x N above the ports that are set.
        """
        values = dict(self.values)
        given = {name: values[name] for name in _PLACED if values[name] not in (None, OPTIONS_BY_NAME[name].default)}
        words = {"{worker}": str(worker)}
        if any("{port}" in text for value in given.values() for text in _texts(value)):
            words["{port}"] = str(free_port())
            given["bot_env"] = {"PORT": "{port}", **values["bot_env"]}
        values |= {name: _filled(value, words) for name, value in given.items()}
        values["port"] = _moved(values["port"], worker)
        values["platform_ports"] = {name: _moved(at, worker) for name, at in values["platform_ports"].items()}
        return replace(self, values=values)


_PLACED = ("command", "webhook", "ready_url", "bot_env")
_PORTS_OF_A_WORKER = 10


def _texts(value: Any) -> list[str]:
    return list(value.values()) if isinstance(value, Mapping) else [value]


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _filled(item, words) for key, item in value.items()}
    for mark, word in words.items():
        value = value.replace(mark, word)
    return value


def _moved(port: int, worker: int) -> int:
    return port + worker * _PORTS_OF_A_WORKER if port else 0


# ---------------------------------------------------------------------------------------------------------- loading


def load_settings(
    flags: Mapping[str, Any] | None = None,
    *,
    folder: Path | None = None,
    file: Path | None = None,
    environ: Mapping[str, str] | None = None,
    flag_prefix: str = "--",
) -> Settings:
    """Merge defaults, the settings file, the environment and ``flags`` (``None`` values are not given).

    Raises ``SettingsError`` naming the file and line (or variable, or flag), the key and the nearest known one.
    """
    environ = {key: value for key, value in (os.environ if environ is None else environ).items() if value}
    found = read_file(file) if file else find_file(folder or Path.cwd())
    loading = _Loading(found, {option.name: option.default for option in OPTIONS})
    loading.take_file()
    loading.take_variables(environ)
    loading.take_flags(flags or {}, flag_prefix)
    loading.take_platform_variables(environ)
    loading.take_single_values()
    return loading.settings()


class _Loading:
    """Settings while they are being merged."""

    def __init__(self, file: SettingsFile | None, values: dict[str, Any]) -> None:
        self._file = file
        self._values = values
        self._tables: dict[str, Mapping[str, Any]] = {}
        self._calendars: dict[str, Calendar] = {}
        self._platforms: dict[str, dict[str, str]] = {}
        self._from_file: set[str] = set()

    def settings(self) -> Settings:
        return Settings(
            values=self._values,
            tables=self._tables,
            calendars=self._calendars,
            platform_settings=self._platforms,
            file=self._file,
            from_file=frozenset(self._from_file),
        )

    def _set(self, option: Option, value: Any, where: str) -> None:
        try:
            read = option.read(value)
        except ValueError as error:
            raise SettingsError(f"{where}: expected {error}, not {value!r}") from None
        if option.name in _NAMES:
            noun, known = _NAMES[option.name]
            for name in filter(None, [read] if isinstance(read, str) else read):
                if name not in known():
                    raise SettingsError(f"{where}: unknown {noun} {name!r}{did_you_mean(name, known())}")
        self._values[option.name] = read

    def take_file(self) -> None:
        if self._file is None:
            return
        for key, value in self._file.content.items():
            where = f"{self._file.place(key)}: {key}"
            if key in OPTIONS_BY_NAME:
                self._set(OPTIONS_BY_NAME[key], value, where)
                self._from_file.add(key)
            elif key not in (*TABLES, CALENDARS, *service_names()):
                known = [*OPTIONS_BY_NAME, *TABLES, CALENDARS, *service_names()]
                raise SettingsError(f"{where}: unknown setting{did_you_mean(key, known)}")
            elif not isinstance(value, Mapping):
                written = f"{key}.NAME" if key == CALENDARS else key
                raise SettingsError(f"{where}: expected a table, written [{written}], not {value!r}")
            else:
                self._take_table(key, value)

    def _take_table(self, key: str, table: Mapping[str, Any]) -> None:
        assert self._file is not None
        if key in TABLES:
            self._tables[key] = table
        elif key == CALENDARS:
            self._calendars = read_calendars(table, partial(self._file.place, CALENDARS))
        else:
            self._platforms[key] = self._platform_table(key, table)

    def _platform_table(self, platform: str, table: Mapping[str, Any]) -> dict[str, str]:
        assert self._file is not None
        known = [setting.name for setting in load_service(platform).settings]
        for key in table:
            if key not in known:
                where = f"{self._file.place(platform, key)}: {platform}.{key}"
                raise SettingsError(f"{where}: unknown setting of {platform}{did_you_mean(key, known)}")
        return {key: plain(value) for key, value in table.items()}

    def take_single_values(self) -> None:
        """``--set telegram.token=...`` wins over the same value in the file and in a variable."""
        for place, value in self._values["set"].items():
            table, _, name = place.partition(".")
            if table in TABLES:
                self._tables[table] = {**self._tables.get(table, {}), name: value}
            elif table in service_names():
                known = [setting.name for setting in load_service(table).settings]
                if name not in known:
                    raise SettingsError(f"--set {place}: unknown setting of {table}{did_you_mean(name, known)}")
                self._platforms.setdefault(table, {})[name] = value
            else:
                tables = [*TABLES, *service_names()]
                raise SettingsError(f"--set {place}: no table is called {table!r}{did_you_mean(table, tables)}")

    def take_variables(self, environ: Mapping[str, str]) -> None:
        for option in OPTIONS:
            if option.variable in environ:
                self._set(option, environ[option.variable], option.variable)
                self._from_file.discard(option.name)

    def take_flags(self, flags: Mapping[str, Any], prefix: str) -> None:
        for option in OPTIONS:
            if flags.get(option.name) is not None:
                self._set(option, flags[option.name], prefix + option.name.replace("_", "-"))
                self._from_file.discard(option.name)

    def take_platform_variables(self, environ: Mapping[str, str]) -> None:
        """``CHATDRILL_TELEGRAM_BOT_TOKEN``: platforms are imported only if such a variable may be there."""
        left = [key for key in environ if key.startswith("CHATDRILL_") and key not in _KNOWN_VARIABLES]
        if not left:
            return
        known = set(_KNOWN_VARIABLES)
        for name in service_names():
            for setting in load_service(name).settings:
                variable = f"CHATDRILL_{setting.env}"
                known.add(variable)
                if setting.env and variable in left:
                    self._platforms.setdefault(name, {})[setting.name] = environ[variable]
        for key in left:
            _refuse_misspelt(key, known)


_NAMES: Mapping[str, tuple[str, Callable[[], tuple[str, ...]]]] = {
    "platforms": ("platform", platform_names),
    "desk": ("desk", desk_names),
    "webhook": ("platform or desk", service_names),
    "platform_ports": ("platform or desk", service_names),
}
_KNOWN_VARIABLES = frozenset({*_FOR_BOTS, *(option.variable for option in OPTIONS)})


def _refuse_misspelt(variable: str, known: set[str]) -> None:
    """A variable that is nearly one of ours is a mistake; others may be anybody's."""
    names = {name.removeprefix("CHATDRILL_") for name in known}
    near = difflib.get_close_matches(variable.removeprefix("CHATDRILL_"), sorted(names - {"URL"}), n=1, cutoff=_NEAR)
    if near and variable not in known:
        raise SettingsError(f"{variable}: unknown variable; did you mean CHATDRILL_{near[0]}?")
