"""The flags that commands share, made from the table of settings."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from chatdrill.errors import UsageError
from chatdrill.run.settings import OPTIONS, Settings, load_settings

GROUPS = {
    "what": "what is played",
    "bot": "the bot under test",
    "fakes": "the fake messengers",
    "time": "time",
    "report": "reports",
}


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are chatdrill's own errors (exit code 2)."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see chatdrill {self.prog.split()[-1]} --help)")


def parser(command: str, description: str, examples: str = "") -> Parser:
    """An argument parser for one command, with examples below its help."""
    return Parser(
        prog=f"chatdrill {command}",
        description=description,
        epilog=f"examples:\n{examples}" if examples else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def add_settings(to: argparse.ArgumentParser, *groups: str) -> None:
    """Add the flags of some groups of settings, and ``--settings``."""
    for name in groups:
        group = to.add_argument_group(GROUPS[name])
        for option in OPTIONS:
            if option.group == name:
                short = {"jobs": ["-j"]}.get(option.name, [])
                action = "append" if option.many else "store"
                group.add_argument(
                    *short, option.flag, dest=option.name, metavar=option.metavar, help=_help(option), action=action
                )
    to.add_argument(
        "--settings", type=Path, metavar="FILE", help="settings file (default: chatdrill.toml or pyproject.toml)"
    )


def _help(option: Any) -> str:
    default = option.default
    plain = default is not None and default not in ({}, ()) and not isinstance(default, dict)
    return (
        f"{option.help} (default: {default:g})"
        if isinstance(default, float)
        else (f"{option.help} (default: {default})" if plain else option.help)
    )


def settings_from(arguments: argparse.Namespace, **overrides: Any) -> Settings:
    """The effective settings of a command."""
    flags: Mapping[str, Any] = {key: value for key, value in vars(arguments).items() if value is not None}
    return load_settings({**flags, **overrides}, file=arguments.settings)
