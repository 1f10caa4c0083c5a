"""``chatdrill platforms``."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import msgspec

from chatdrill.cli.options import parser
from chatdrill.run.registry import load_platform, platform_names
from chatdrill.wire import Coverage, Platform

_EXAMPLES = """\
  chatdrill platforms
  chatdrill platforms telegram
  chatdrill platforms whatsapp --json"""


def main(words: list[str]) -> int:
    """List the platforms, or show one whole: parts, acts, limits, settings, API coverage."""
    options = parser("platforms", "What each fake messenger can do, its limits and its API coverage.", _EXAMPLES)
    options.add_argument("name", nargs="?", help="show this one whole")
    options.add_argument("--json", action="store_true", help="for machines")
    arguments = options.parse_args(words)
    chosen = [load_platform(arguments.name)] if arguments.name else [load_platform(name) for name in platform_names()]
    if arguments.json:
        print(json.dumps([_plain(platform) for platform in chosen], indent=2, ensure_ascii=False))
    elif arguments.name:
        _show(chosen[0])
    else:
        for platform in chosen:
            print(f"{platform.name:<12}{platform.title}: {_coverage_words(platform)}")
    return 0


def _coverage_words(platform: Platform[Any]) -> str:
    counts = Counter(item.status for item in platform.coverage)
    return ", ".join(f"{counts[status]} {status}" for status in ("supported", "partial", "refused") if counts[status])


def _plain(platform: Platform[Any]) -> dict[str, Any]:
    wanted = ("name", "title", "hosts", "settings", "capabilities", "limits", "delivery", "coverage")
    plain = {name: msgspec.to_builtins(getattr(platform, name), enc_hook=_sorted_set) for name in wanted}
    for setting in plain["settings"]:
        if setting["secret"]:
            setting["note"] = "secret: a made-up default, kept out of traces"
    return plain


def _sorted_set(value: object) -> object:
    return dict(value) if hasattr(value, "keys") else sorted(value)  # type: ignore[call-overload]


def _show(platform: Platform[Any]) -> None:
    print(f"{platform.title} ({platform.name})\n")
    can = platform.capabilities
    print("a customer sends:  " + ", ".join(sorted(can.customer_parts)))
    print("a bot sends:       " + ", ".join(sorted(can.bot_parts)))
    print("a customer does:   " + ", ".join(sorted(can.acts)))
    print("vendor events:     " + (", ".join(sorted(can.events)) or "none"))
    _table("what it lacks, and what happens instead", [(key, text) for key, text in sorted(can.lacks.items())])
    _table(
        "settings", [(item.name, f"{item.help} [{item.env}] default {item.default!r}") for item in platform.settings]
    )
    _table("limits", [(item.name, f"{item.value:g} {item.unit}  ({item.source})") for item in platform.limits])
    rule = platform.delivery
    _table(
        "delivery",
        [
            ("acknowledged by", f"{rule.success} within {rule.ack_timeout_s:g} s"),
            ("tried again after", ", ".join(f"{delay:g} s" for delay in rule.retry.delays_s)),
            ("order", rule.order.replace("_", " ")),
            ("at once", f"{rule.concurrency_max} connections, {rule.batch_max} updates in a webhook"),
        ],
    )
    _table(
        f"API coverage: {_coverage_words(platform)}", [(item.name, _coverage_line(item)) for item in platform.coverage]
    )


def _coverage_line(item: Coverage) -> str:
    return item.status + (f": {item.note}" if item.note else "")


def _table(title: str, rows: list[tuple[str, str]]) -> None:
    print(f"\n{title}")
    width = max((len(key) for key, _ in rows), default=0) + 2
    for key, text in rows:
        print(f"  {key:<{width}}{text}")
