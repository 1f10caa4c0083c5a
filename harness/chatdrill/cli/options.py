"""The flags that commands share, made from the table of options."""

from __future__ import annotations

import argparse
import dataclasses
import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from chatdrill.errors import UsageError, did_you_mean
from chatdrill.run.options import GROUPS, OPTIONS, Group, Option
from chatdrill.run.settings import Settings, load_settings

_SHORT = {"jobs": "-j"}


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are chatdrill's own errors (exit code 2). Several files may stand before, between and behind
    flags."""

    def parse_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> argparse.Namespace:
        """As the base class does it, which takes files in one place only."""
        files = [action for action in self._actions if action.nargs in ("*", "+") and not action.option_strings]
        mixed = any(action.type is Path for action in files)
        return self.parse_intermixed_args(args, namespace) if mixed else super().parse_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Raise ``UsageError``, with the nearest flag where one is unknown."""
        hint = ""
        if message.startswith("unrecognized arguments: -"):
            word = message.split()[2].partition("=")[0]
            known = [flag for action in self._actions for flag in action.option_strings if flag.startswith("--")]
            hint = did_you_mean(word, known)
        raise UsageError(f"{message}{hint} (see {self.prog} --help)")


def parser(command: str, description: str, examples: str = "") -> Parser:
    """An argument parser for one command, with examples below its help."""
    return Parser(
        prog=f"chatdrill {command}",
        description=description,
        epilog=f"examples:\n{examples}" if examples else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def add_settings(to: argparse.ArgumentParser, *groups: Group, without: tuple[str, ...] = ()) -> None:
    """Add the flags of some groups of settings, and ``--settings``."""
    for name in groups:
        group = to.add_argument_group(GROUPS[name])
        for option in OPTIONS:
            if option.group == name and option.name not in without:
                group.add_argument(
                    *filter(None, [_SHORT.get(option.name)]),
                    option.flag,
                    dest=option.name,
                    help=help_of(option).replace("%", "%%"),
                    **option.taken,
                )
    to.add_argument(
        "--settings",
        type=Path,
        metavar="FILE",
        help="settings file (default: chatdrill.toml, or [tool.chatdrill] in pyproject.toml, here or above)",
    )


def help_of(option: Option) -> str:
    """The help of an option with its default."""
    return f"{option.help} (default: {option.default_words})" if option.default_words else option.help


def settings_from(
    arguments: argparse.Namespace, *, overrides: Mapping[str, Any] | None = None, replay: Sequence[str] = ()
) -> Settings:
    """The effective settings of a command. ``replay`` is how a command begins that plays a case again."""
    flags = flags_of(arguments)
    settings = load_settings({**flags, **(overrides or {})}, file=arguments.settings)
    return dataclasses.replace(settings, replay=(*replay, *flag_words(flags, arguments.settings)) if replay else ())


def flags_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """The settings that were given as flags; ``None`` for the others."""
    return {option.name: getattr(arguments, option.name, None) for option in OPTIONS}


_NOT_REPLAYED = (
    *("seed", "report", "jobs", "out"),
    *(option.name for option in OPTIONS if option.group in ("repeat", "around")),
)


def flag_words(flags: Mapping[str, Any], file: Path | None = None, *, prefix: str = "--") -> list[str]:
    """The flags that were given, again, as far as they matter to one case and as a report may show them; ``prefix`` as the one who
    takes them wants."""
    names = {option.flag for option in OPTIONS}
    words = _without_secrets(whole_flag_words(flags, file))
    return [prefix + word[2:] if word in names else word for word in words]


def whole_flag_words(flags: Mapping[str, Any], file: Path | None = None) -> list[str]:
    """The same with secrets and all, for a program and no report."""
    words = ["--settings", str(file)] if file is not None else []
    for option in OPTIONS:
        given = flags[option.name]
        if given is None or option.name in _NOT_REPLAYED:
            continue
        if option.is_switch:
            words.append(option.flag)
        else:
            words += [word for value in (given if option.many else [given]) for word in (option.flag, value)]
    return words


def public(words: Sequence[str]) -> str:
    """A command as a report may show it."""
    return shlex.join(_without_secrets(words))


def _without_secrets(words: Sequence[str]) -> list[str]:
    """The bot's variables and the platforms' settings may be secrets: only their names stay."""
    shown: list[str] = []
    for before, word in zip(["", *words], words, strict=False):
        is_secret = before in _SECRET or word.startswith(tuple(f"{flag}=" for flag in _SECRET))
        is_secret = is_secret and not word.removeprefix("--set=").startswith(("sla.", "checks."))
        shown.append(re.sub(r"^((?:--[\w-]+=)?[\w.-]+=).*", r"\1...", word, flags=re.DOTALL) if is_secret else word)
    return shown


_SECRET = ("--bot-env", "--set")
