"""Settings of a run: one table of options, filled from a file, the environment and flags (the later wins).

The file is ``chatdrill.toml``, or ``[tool.chatdrill]`` in ``pyproject.toml``, in the working folder or above it. An
option ``reply_timeout`` is ``reply_timeout = "10s"`` in the file, ``CHATDRILL_REPLY_TIMEOUT`` in the environment and
``--reply-timeout`` as a flag. A platform's own settings stand in a table of its name (``[telegram] token = "..."``) or in
the environment under the name that the bot reads, prefixed by ``CHATDRILL_``.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chatdrill.engine.durations import seconds as parse_duration
from chatdrill.errors import ChatdrillError, SettingsError, did_you_mean
from chatdrill.run.registry import load_platform, platform_names

FILE = "chatdrill.toml"


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool):
        raise TypeError("a whole number")
    try:
        return int(value)
    except (TypeError, ValueError):
        raise ValueError("a whole number") from None


def _positive(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError("a positive number") from None
    if not number > 0 or number == float("inf"):
        raise ValueError("a positive number")
    return number


def _seconds(value: Any) -> float:
    try:
        return parse_duration(value)
    except (ChatdrillError, ValueError):
        raise ValueError('a duration such as "5s", "250ms" or "2 days"') from None


def _yes_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    if word not in ("yes", "no", "true", "false", "1", "0", "on", "off"):
        raise ValueError("yes or no")
    return word in ("yes", "true", "1", "on")


def _names(value: Any) -> tuple[str, ...]:
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise TypeError("a list of names")
    return tuple(word.strip() for word in words if word.strip())


def _pairs(value: Any) -> dict[str, str]:
    """``{"telegram": "x"}`` or ``"telegram=x"`` or a list of such; a text without ``=`` stands under ``""``."""
    if isinstance(value, Mapping):
        return {str(key): str(item) for key, item in value.items()}
    words = [value] if isinstance(value, str) else list(value)
    pairs: dict[str, str] = {}
    for word in words:
        key, equals, item = word.partition("=")
        is_pair = bool(equals) and re.fullmatch(r"\w+", key) is not None
        pairs.update({key: item} if is_pair else {"": word})
    return pairs


def _ports(value: Any) -> dict[str, int]:
    return {key: _whole(item) for key, item in _pairs(value).items()}


@dataclass(frozen=True)
class Option:
    """One option: its name in the file, how a value is read, its default, and the help of its flag."""

    name: str
    read: Callable[[Any], Any]
    default: Any
    help: str
    metavar: str = "TEXT"
    group: str = "bot"
    many: bool = False

    @property
    def flag(self) -> str:
        """``--reply-timeout``."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """``CHATDRILL_REPLY_TIMEOUT``."""
        return "CHATDRILL_" + self.name.upper()


OPTIONS: tuple[Option, ...] = (
    Option("command", _text, None, "start the bot with this command and stop it at the end", "COMMAND"),
    Option("app", _text, None, "import the bot as an ASGI app and call it in this process", "MODULE:APP"),
    Option(
        "webhook",
        _pairs,
        {"": "http://127.0.0.1:8080/webhooks/{platform}"},
        "where the bot takes webhooks: a URL with {platform} in it, or PLATFORM=URL (repeatable)",
        "URL",
        many=True,
    ),
    Option("ready_url", _text, None, "a started bot is ready once this URL answers 2xx", "URL"),
    Option("ready_timeout", _seconds, 20.0, "how long a bot may take to start", "TIME"),
    Option(
        "bot_env",
        _pairs,
        {},
        "a further variable for the bot's command: NAME=VALUE (repeatable)",
        "NAME=VALUE",
        many=True,
    ),
    Option(
        "platforms", _names, (), "only these platforms, separated by commas (default: all installed)", "NAMES", "what"
    ),
    Option("host", _text, "127.0.0.1", "address the fakes listen on", "ADDRESS", "fakes"),
    Option("port", _whole, 7700, "port the fakes listen on; 0 takes any free one", "PORT", "fakes"),
    Option(
        "platform_ports",
        _ports,
        {},
        "a port of its own for a platform: PLATFORM=PORT (repeatable)",
        "PLATFORM=PORT",
        "fakes",
        True,
    ),
    Option("batch", _whole, 1, "updates per webhook where the platform batches", "N", "fakes"),
    Option(
        "ack_timeout",
        _seconds,
        None,
        "time a bot has to acknowledge a webhook (default: the platform's)",
        "TIME",
        "fakes",
    ),
    Option("speed", _positive, 1.0, "run waits this many times faster", "N", "time"),
    Option("skip_over", _seconds, 10.0, "scripted pauses longer than this are skipped; 0 skips none", "TIME", "time"),
    Option(
        "reply_timeout",
        _seconds,
        10.0,
        "how long a customer waits for a reply that has no time of its own",
        "TIME",
        "time",
    ),
    Option("settle", _seconds, 0.25, "silence after which a bot is taken to have said everything", "TIME", "time"),
    Option("case_timeout", _seconds, 300.0, "real time after which one conversation is stopped", "TIME", "time"),
    Option("jobs", _whole, 50, "conversations at once", "N", "what"),
    Option(
        "seed", _whole, None, "seed of everything that is drawn by chance (default: a fresh one, printed)", "N", "what"
    ),
    Option("out", _text, "chatdrill-out", "folder for the trace and the reports", "FOLDER", "report"),
    Option(
        "runaway", _whole, 30, "bot messages without a customer's word at which a conversation is stopped", "N", "what"
    ),
)
TABLES = ("sla", "checks")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The effective settings. ``values`` has every option by name; ``tables`` the blocks ``sla`` and ``checks``;
    ``platform_settings`` what was set for a platform. ``source`` is the file they came from, if any."""

    values: Mapping[str, Any]
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    platform_settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    source: Path | None = None

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms of the run."""
        return self.values["platforms"] or platform_names()

    def webhook(self, platform: str) -> str:
        """Where the bot takes the webhooks of a platform, unless it says so itself."""
        return self.given_webhook(platform) or OPTIONS_BY_NAME["webhook"].default[""].replace("{platform}", platform)

    def given_webhook(self, platform: str) -> str | None:
        """The address somebody set for a platform, or ``None``."""
        pairs: Mapping[str, str] = self.values["webhook"]
        if pairs is OPTIONS_BY_NAME["webhook"].default:
            return None
        template = pairs.get(platform) or pairs.get("")
        return template.replace("{platform}", platform) if template else None


OPTIONS_BY_NAME = {option.name: option for option in OPTIONS}


def load_settings(
    flags: Mapping[str, Any] | None = None,
    *,
    folder: Path | None = None,
    file: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """Merge defaults, the settings file, the environment and ``flags`` (``None`` values are not given).

    Raises ``SettingsError`` naming the file (or variable, or flag), the key and the nearest known one.
    """
    environ = os.environ if environ is None else environ
    source, content = _read_file(file) if file else _find_file(folder or Path.cwd())
    values = {option.name: option.default for option in OPTIONS}
    tables: dict[str, Mapping[str, Any]] = {}
    platforms: dict[str, dict[str, str]] = {}
    for key, value in content.items():
        where = f"{source}{_line_of(source, key)}: {key}"
        if key in OPTIONS_BY_NAME:
            values[key] = _read(OPTIONS_BY_NAME[key], value, where)
        elif key in TABLES and isinstance(value, Mapping):
            tables[key] = value
        elif key in platform_names() and isinstance(value, Mapping):
            platforms[key] = _platform_table(key, value, where)
        else:
            raise SettingsError(f"{where}: unknown setting{did_you_mean(key, _known_keys())}")
    for option in OPTIONS:
        if option.variable in environ:
            values[option.name] = _read(option, environ[option.variable], option.variable)
        given = (flags or {}).get(option.name)
        if given is not None:
            values[option.name] = _read(option, given, option.flag)
    _check_platforms(values["platforms"])
    _add_variables(platforms, values["platforms"] or platform_names(), environ)
    return Settings(values=values, tables=tables, platform_settings=platforms, source=source)


def _known_keys() -> list[str]:
    return [*OPTIONS_BY_NAME, *TABLES, *platform_names()]


def _read(option: Option, value: Any, where: str) -> Any:
    try:
        return option.read(value)
    except (ValueError, TypeError) as error:
        raise SettingsError(f"{where}: expected {error}, got {value!r}") from None


def _check_platforms(names: tuple[str, ...]) -> None:
    for name in names:
        if name not in platform_names():
            raise SettingsError(f"unknown platform {name!r}{did_you_mean(name, platform_names())}")


def _platform_table(platform: str, table: Mapping[str, Any], where: str) -> dict[str, str]:
    known = [setting.name for setting in load_platform(platform).settings]
    for key in table:
        if key not in known:
            raise SettingsError(f"{where}.{key}: unknown setting of {platform}{did_you_mean(key, known)}")
    return {key: _plain(value) for key, value in table.items()}


def _plain(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _add_variables(platforms: dict[str, dict[str, str]], names: tuple[str, ...], environ: Mapping[str, str]) -> None:
    if not any(key.startswith("CHATDRILL_") for key in environ):
        return
    for name in names:
        for setting in load_platform(name).settings:
            variable = f"CHATDRILL_{setting.env}"
            if setting.env and variable in environ:
                platforms.setdefault(name, {})[setting.name] = environ[variable]


def _find_file(folder: Path) -> tuple[Path | None, dict[str, Any]]:
    for place in (folder, *folder.parents):
        if (place / FILE).is_file():
            return _read_file(place / FILE)
        project = place / "pyproject.toml"
        if project.is_file():
            _, content = _read_file(project)
            return project, content
    return None, {}


def _read_file(path: Path) -> tuple[Path, dict[str, Any]]:
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot read the settings: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not valid TOML: {error}") from error
    if path.name == "pyproject.toml":
        content = content.get("tool", {}).get("chatdrill", {})
    return path, content


def _line_of(path: Path | None, key: str) -> str:
    """``:12`` for the line of the file on which a key stands; TOML's reader keeps no positions."""
    if path is None:
        return ""
    pattern = re.compile(rf"\s*(\[+[\w.]*\b)?{re.escape(key)}\b")
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if pattern.match(line):
            return f":{number}"
    return ""
