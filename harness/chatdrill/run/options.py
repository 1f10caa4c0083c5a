"""The table of options: what can be set, how a value is read, what it is when nobody sets it, and its help.

One table for the settings file, the environment, the flags of the command line and pytest's options, so that they never
disagree. Imports nothing heavy: pytest reads it in every run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from chatdrill.run import reading
from chatdrill.run.hosts import read_homes, read_hosts

Group = Literal["what", "repeat", "bot", "fakes", "time", "report", "around"]
GROUPS: dict[Group, str] = {
    "what": "what is played",
    "repeat": "repeats",
    "bot": "the bot under test",
    "fakes": "the fake messengers and helpdesks",
    "time": "time",
    "report": "reports",
    "around": "history and CI",
}
USUAL_WEBHOOK = "http://127.0.0.1:8080/webhooks/{platform}"


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
    Option(
        "platforms",
        "what",
        reading.names,
        (),
        "NAMES",
        "only these platforms, separated by commas",
        said="all installed",
    ),
    Option("desk", "what", reading.text, None, "NAME", "the helpdesk behind the bot, such as chatwoot", said="none"),
    Option("jobs", "what", reading.whole(1), None, "N", "conversations at once", said="50; all with a virtual clock"),
    Option(
        "seed",
        "what",
        reading.whole(0),
        None,
        "N",
        "seed of all that is drawn by chance",
        said="a fresh one, printed",
    ),
    Option("runaway", "what", reading.whole(1), 30, "N", "stop a conversation after so many bot messages in a row"),
    Option(
        "faults",
        "what",
        reading.faults,
        "none",
        "FAULTS",
        'what goes wrong on the way, by chance, such as flaky-mobile; "chatdrill faults" lists kinds and presets',
    ),
    Option(
        "set",
        "what",
        reading.dotted,
        {},
        "TABLE.NAME=VALUE",
        "a value of sla, checks, a platform or desk: sla.first_response=5s, telegram.token=... (repeatable)",
        many=True,
    ),
    Option("repeat", "repeat", reading.whole(1), 1, "N", "play every case so many times, each with a seed of its own"),
    Option(
        "min_pass",
        "repeat",
        reading.share,
        None,
        "SHARE",
        "a case passes if this share of its repeats does, such as 95%",
        said="100%, or none with --min-pass-sure",
    ),
    Option(
        "min_pass_sure",
        "repeat",
        reading.share,
        None,
        "SHARE",
        "a case passes if the lower end of the 95 % interval of its rate is at least this",
        said="none",
    ),
    Option(
        "pass_k",
        "repeat",
        reading.whole(1),
        None,
        "K",
        "tell the chance that 1, 2 ... K tries in a row all pass",
        said="the number of repeats, at most 8",
    ),
    Option(
        "flake_tries",
        "repeat",
        reading.whole(0),
        2,
        "N",
        "play a repeat that failed although others passed again with the same seed, so many times",
    ),
    Option("command", "bot", reading.text, None, "COMMAND", "start the bot with this command, and stop it at the end"),
    Option("app", "bot", reading.app, None, "MODULE:APP", "import the bot as an ASGI app and call it in this process"),
    Option(
        "webhook",
        "bot",
        reading.webhooks,
        {"": USUAL_WEBHOOK},
        "URL",
        "where the bot takes webhooks: a URL with {platform} in it, or PLATFORM=URL (repeatable)",
        many=True,
        said=f"what the bot registers, else {USUAL_WEBHOOK}",
    ),
    Option(
        "ready_url",
        "bot",
        reading.url,
        None,
        "URL",
        "a started bot is ready once this answers 2xx",
        said="its webhook",
    ),
    Option("ready_timeout", "bot", reading.length, 20.0, "TIME", "how long a bot may take to start"),
    Option(
        "bot_env",
        "bot",
        reading.variables,
        {},
        "NAME=VALUE",
        "a further variable for the bot (repeatable)",
        many=True,
    ),
    Option(
        "redirect",
        "bot",
        reading.switch,
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
    Option("host", "fakes", reading.text, "127.0.0.1", "ADDRESS", "address the fakes listen on"),
    Option(
        "port",
        "fakes",
        reading.whole(0, reading.PORT_MAX),
        7700,
        "PORT",
        "port the fakes listen on; 0 takes any free one",
    ),
    Option(
        "platform_ports",
        "fakes",
        reading.ports,
        {},
        "PLATFORM=PORT",
        "a port of its own for a platform or desk, which is mounted at its root (repeatable)",
        many=True,
    ),
    Option("batch", "fakes", reading.whole(1), 1, "N", "updates per webhook, where the platform batches"),
    Option(
        "ack_timeout",
        "fakes",
        reading.length,
        None,
        "TIME",
        "time to acknowledge a webhook",
        said="the platform's",
    ),
    Option(
        "clock",
        "time",
        reading.one_of("real", "virtual"),
        "real",
        "KIND",
        "real, or virtual: time jumps to the next thing due when nothing is in flight",
    ),
    Option(
        "bot_clock",
        "time",
        reading.one_of("auto", "preload", "faketime", "cooperative"),
        "auto",
        "HOW",
        "how a bot in another process follows a virtual clock: auto, preload, faketime or cooperative",
    ),
    Option(
        "start",
        "time",
        reading.text,
        None,
        "DATE",
        'drill time at which the run begins: "2026-03-02 09:30 Europe/Warsaw", or now',
        said="now; with a virtual clock when its first scenario starts, else 2026-01-12 09:00 UTC",
    ),
    Option("speed", "time", reading.factor, 1.0, "N", "customers type, think and wait this many times faster"),
    Option("skip_over", "time", reading.duration, 10.0, "TIME", "scripted pauses over this are skipped; 0 skips none"),
    Option(
        "reply_timeout",
        "time",
        reading.length,
        10.0,
        "TIME",
        "how long a customer waits, where a step does not say it",
    ),
    Option(
        "settle",
        "time",
        reading.duration,
        0.25,
        "TIME",
        "silence after which the bot is taken to have said everything, and a virtual clock jumps",
    ),
    Option("case_timeout", "time", reading.length, 300.0, "TIME", "real time after which a conversation is stopped"),
    Option("out", "report", reading.text, "chatdrill-out", "FOLDER", "folder for the trace and the reports"),
    Option(
        "report",
        "report",
        reading.names,
        None,
        "FORMAT[=FILE]",
        "html, junit, jsonl, markdown, allure (a folder) or none (repeatable)",
        many=True,
        said="html, junit, jsonl and markdown in the folder of --out",
    ),
    Option(
        "ci",
        "around",
        reading.one_of("auto", "github", "none"),
        "auto",
        "WHICH",
        "annotations and the job's summary for a CI system: auto (where it is there), github or none",
    ),
    Option(
        "history",
        "around",
        reading.text,
        None,
        "FILE",
        "SQLite file that keeps verdicts and latencies of every run, or none",
        said="history.db in the folder of --out",
    ),
    Option(
        "baseline",
        "around",
        reading.text,
        "last",
        "WHAT",
        "what the run is set beside: last (the run before, of the same suite), a number of the history, a trace or its folder, or none",
    ),
    Option(
        "suite",
        "around",
        reading.text,
        None,
        "NAME",
        "which runs are runs of the same suite",
        said="the paths of the scenarios, the helpdesk and the clock",
    ),
)
OPTIONS_BY_NAME = {option.name: option for option in OPTIONS}
