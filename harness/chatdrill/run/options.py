"""The table of options: what can be set, how a value is read, what it is when nobody sets it, and its help.

One table for the settings file, the environment, the flags of the command line and pytest's options, so that they never
disagree. Imports nothing heavy: pytest reads it in every run.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chatdrill.engine.durations import seconds as parse_duration
from chatdrill.errors import did_you_mean
from chatdrill.run.hosts import read_homes, read_hosts

Group = Literal["what", "repeat", "bot", "fakes", "time", "report"]
GROUPS: dict[Group, str] = {
    "what": "what is played",
    "repeat": "repeats",
    "bot": "the bot under test",
    "fakes": "the fake messengers and helpdesks",
    "time": "time",
    "report": "reports",
}
PORT_MAX = 65_535
USUAL_WEBHOOK = "http://127.0.0.1:8080/webhooks/{platform}"


# ----------------------------------------------------------------------- readers; what they raise says what was expected


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text")
    return value


def _url(value: Any) -> str:
    if not isinstance(value, str) or not re.match(r"https?://[^/\s]+", value):
        raise ValueError("a URL that begins with http:// or https://")
    return value


def _address(value: Any) -> str:
    """Where a bot takes what it is told: mail goes to an SMTP server, too."""
    if isinstance(value, str) and re.match(r"smtp://[^/\s]+", value):
        return value
    return _url(value)


def _app(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[\w.]+:\w+", value):
        raise ValueError("MODULE:NAME, such as mybot:app")
    return value


def _whole(least: int, most: float = math.inf) -> Callable[[Any], int]:
    bounds = f" of at least {least}" if most == math.inf else f" from {least} to {most:.0f}"

    def read(value: Any) -> int:
        text = str(value).strip()
        if isinstance(value, bool) or not re.fullmatch(r"[+-]?\d+", text) or not least <= int(text) <= most:
            raise ValueError(f"a whole number{bounds}")
        return int(text)

    return read


def _share(value: Any) -> float:
    percent = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%\s*", value) if isinstance(value, str) else None
    try:
        number = math.nan if isinstance(value, bool) else float(percent[1]) / 100 if percent else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 < number <= 1:
        raise ValueError("a share such as 95% or 0.95")
    return number


def _factor(value: Any) -> float:
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 < number < math.inf:
        raise ValueError("a positive number")
    return number


def _one_of(*words: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(" or ".join((", ".join(words[:-1]), words[-1])) + did_you_mean(str(value), words))
        return str(value)

    return read


def _duration(value: Any) -> float:
    try:
        return parse_duration(value)
    except ValueError:
        raise ValueError('a duration such as "5s", "250ms" or "2 days"') from None


def _length(value: Any) -> float:
    length_s = _duration(value)
    if length_s <= 0:
        raise ValueError("a duration above zero")
    return length_s


def _names(value: Any) -> tuple[str, ...]:
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise ValueError("a list of names")
    return tuple(name.strip() for word in words for name in word.split(",") if name.strip())


def _pairs(value: Any) -> dict[str, Any]:
    """``{"telegram": "x"}`` or ``"telegram=x"`` or a list of such; a text without ``NAME=`` stands under ``""``."""
    if isinstance(value, Mapping):
        return dict(value)
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise ValueError("NAME=VALUE, or a table of them")
    found = [(word, re.match(r"(\w+)=", word)) for word in words]
    return {pair[1] if pair else "": word[pair.end() :] if pair else word for word, pair in found}


def _webhooks(value: Any) -> dict[str, str]:
    return {key: _address(item) for key, item in _pairs(value).items()}


def _variables(value: Any) -> dict[str, str]:
    pairs = _pairs(value)
    if "" in pairs or any(isinstance(item, Mapping | list) for item in pairs.values()):
        raise ValueError("NAME=VALUE")
    return {key: plain(item) for key, item in pairs.items()}


def _switch(value: Any) -> bool:
    if value in (True, "yes", "true", "1"):
        return True
    if value in (False, "no", "false", "0"):
        return False
    raise ValueError("yes or no")


def _dotted(value: Any) -> dict[str, str]:
    """``telegram.token=...`` as ``{"telegram.token": "..."}``."""
    words = [value] if isinstance(value, str) else value
    found = [re.fullmatch(r"([\w-]+\.[\w-]+)=(.*)", word, re.DOTALL) for word in words]
    if None in found:
        raise ValueError("TABLE.NAME=VALUE, for example telegram.token=... or sla.first_response=5s")
    return {pair[1]: pair[2] for pair in found if pair}


def _ports(value: Any) -> dict[str, int]:
    pairs = _pairs(value)
    if "" in pairs:
        raise ValueError("PLATFORM=PORT")
    return {key: _whole(0, PORT_MAX)(item) for key, item in pairs.items()}


def _faults(value: Any) -> str:
    from chatdrill.engine.faulting import check_places, read_faults  # pytest reads this file in every run
    from chatdrill.run.registry import service_names

    text = ", ".join(value) if isinstance(value, list | tuple) else value
    try:
        check_places(read_faults(_text(text)), service_names())
    except ValueError as error:
        raise ValueError(f'faults such as "duplicate 5%, 429 1%" or "flaky-mobile" ({error})') from None
    return text


def plain(value: Any) -> str:
    """A value of a settings file as the text that a variable would have."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


# --------------------------------------------------------------------------------------------------------- the table


@dataclass(frozen=True)
class Option:
    """One option. ``said`` is the default in words, where the value itself does not say it. As a flag a switch has no value."""

    name: str
    group: Group
    read: Callable[[Any], Any]
    default: Any
    metavar: str
    help: str
    many: bool = False
    said: str | None = None
    is_switch: bool = False

    @property
    def taken(self) -> dict[str, Any]:
        """How a command line takes it, in the words of argparse."""
        if self.is_switch:
            return {"action": "store_const", "const": "yes"}
        return {"action": "append" if self.many else "store", "metavar": self.metavar}

    @property
    def flag(self) -> str:
        """``--reply-timeout``."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """``CHATDRILL_REPLY_TIMEOUT``."""
        return "CHATDRILL_" + self.name.upper()

    @property
    def default_words(self) -> str:
        """The default as a person would write it; empty where there is none."""
        if self.said is not None:
            return self.said
        if isinstance(self.default, float):
            return f"{self.default:g}s" if self.metavar == "TIME" else f"{self.default:g}"
        return "" if self.default in (None, (), {}) else str(self.default)


OPTIONS: tuple[Option, ...] = (
    Option("platforms", "what", _names, (), "NAMES", "only these platforms, separated by commas", said="all installed"),
    Option("desk", "what", _text, None, "NAME", "the helpdesk behind the bot, such as chatwoot", said="none"),
    Option("jobs", "what", _whole(1), None, "N", "conversations at once", said="50; all with a virtual clock"),
    Option("seed", "what", _whole(0), None, "N", "seed of all that is drawn by chance", said="a fresh one, printed"),
    Option("runaway", "what", _whole(1), 30, "N", "stop a conversation after so many bot messages in a row"),
    Option(
        "faults",
        "what",
        _faults,
        "none",
        "FAULTS",
        'what goes wrong on the way, by chance, such as flaky-mobile; "chatdrill faults" lists kinds and presets',
    ),
    Option(
        "set",
        "what",
        _dotted,
        {},
        "TABLE.NAME=VALUE",
        "a value of sla, checks, a platform or desk: sla.first_response=5s, telegram.token=... (repeatable)",
        many=True,
    ),
    Option("repeat", "repeat", _whole(1), 1, "N", "play every case so many times, each with a seed of its own"),
    Option(
        "min_pass",
        "repeat",
        _share,
        None,
        "SHARE",
        "a case passes if this share of its repeats does, such as 95%",
        said="100%, or none with --min-pass-sure",
    ),
    Option(
        "min_pass_sure",
        "repeat",
        _share,
        None,
        "SHARE",
        "a case passes if the lower end of the 95 % interval of its rate is at least this",
        said="none",
    ),
    Option(
        "pass_k",
        "repeat",
        _whole(1),
        None,
        "K",
        "tell the chance that 1, 2 ... K tries in a row all pass",
        said="the number of repeats, at most 8",
    ),
    Option(
        "flake_tries",
        "repeat",
        _whole(0),
        2,
        "N",
        "play a repeat that failed although others passed again with the same seed, so many times",
    ),
    Option("command", "bot", _text, None, "COMMAND", "start the bot with this command, and stop it at the end"),
    Option("app", "bot", _app, None, "MODULE:APP", "import the bot as an ASGI app and call it in this process"),
    Option(
        "webhook",
        "bot",
        _webhooks,
        {"": USUAL_WEBHOOK},
        "URL",
        "where the bot takes webhooks: a URL with {platform} in it, or PLATFORM=URL (repeatable)",
        many=True,
        said=f"what the bot registers, else {USUAL_WEBHOOK}",
    ),
    Option("ready_url", "bot", _url, None, "URL", "a started bot is ready once this answers 2xx", said="its webhook"),
    Option("ready_timeout", "bot", _length, 20.0, "TIME", "how long a bot may take to start"),
    Option("bot_env", "bot", _variables, {}, "NAME=VALUE", "a further variable for the bot (repeatable)", many=True),
    Option(
        "redirect",
        "bot",
        _switch,
        False,
        "yes or no",
        "a started bot may have the vendors' addresses built in: its calls are led to the fakes, and nowhere else",
        said="no",
        is_switch=True,
    ),
    Option(
        "allow",
        "bot",
        read_hosts,
        (),
        "HOST",
        "a host that a redirected bot may reach though no fake stands for it (repeatable)",
        many=True,
        said="none",
    ),
    Option(
        "public_host",
        "bot",
        read_homes,
        {},
        "HOST=URL",
        "where a host that the bot names in addresses of its own is on this machine (repeatable)",
        many=True,
        said="where the started bot listens",
    ),
    Option("host", "fakes", _text, "127.0.0.1", "ADDRESS", "address the fakes listen on"),
    Option("port", "fakes", _whole(0, PORT_MAX), 7700, "PORT", "port the fakes listen on; 0 takes any free one"),
    Option(
        "platform_ports",
        "fakes",
        _ports,
        {},
        "PLATFORM=PORT",
        "a port of its own for a platform or desk, which is mounted at its root (repeatable)",
        many=True,
    ),
    Option("batch", "fakes", _whole(1), 1, "N", "updates per webhook, where the platform batches"),
    Option("ack_timeout", "fakes", _length, None, "TIME", "time to acknowledge a webhook", said="the platform's"),
    Option(
        "clock",
        "time",
        _one_of("real", "virtual"),
        "real",
        "KIND",
        "real, or virtual: time jumps to the next thing due when nothing is in flight",
    ),
    Option(
        "bot_clock",
        "time",
        _one_of("auto", "preload", "faketime", "cooperative"),
        "auto",
        "HOW",
        "how a bot in another process follows a virtual clock: auto, preload, faketime or cooperative",
    ),
    Option(
        "start",
        "time",
        _text,
        None,
        "DATE",
        'drill time at which the run begins: "2026-03-02 09:30 Europe/Warsaw", or now',
        said="now; with a virtual clock when its first scenario starts, else 2026-01-12 09:00 UTC",
    ),
    Option("speed", "time", _factor, 1.0, "N", "customers type, think and wait this many times faster"),
    Option("skip_over", "time", _duration, 10.0, "TIME", "scripted pauses over this are skipped; 0 skips none"),
    Option("reply_timeout", "time", _length, 10.0, "TIME", "how long a customer waits, where a step does not say it"),
    Option(
        "settle",
        "time",
        _duration,
        0.25,
        "TIME",
        "silence after which the bot is taken to have said everything, and a virtual clock jumps",
    ),
    Option("case_timeout", "time", _length, 300.0, "TIME", "real time after which a conversation is stopped"),
    Option("out", "report", _text, "chatdrill-out", "FOLDER", "folder for the trace and the reports"),
    Option(
        "report",
        "report",
        _names,
        None,
        "FORMAT[=FILE]",
        "html, junit, jsonl, markdown or none (repeatable)",
        many=True,
        said="all four in the folder of --out",
    ),
)
OPTIONS_BY_NAME = {option.name: option for option in OPTIONS}
