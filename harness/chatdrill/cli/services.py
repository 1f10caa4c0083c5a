"""Listing the fakes and showing one whole: shared by the commands ``platforms`` and ``desks``."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from chatdrill.wire import Coverage, Retry, Service

S = TypeVar("S", bound=Service[Any])
_FIELDS = ("name", "title", "hosts", "settings", "capabilities", "limits", "delivery", "coverage")


def browse(
    options: argparse.ArgumentParser,
    words: list[str],
    names: Sequence[str],
    load: Callable[[str], S],
    show: Callable[[S], None],
) -> int:
    """List all services, a line each, or ``show`` the one that is named; ``--json`` writes either for machines."""
    options.add_argument("name", nargs="?", help="show this one whole")
    options.add_argument("--json", action="store_true", help="for machines")
    arguments = options.parse_args(words)
    chosen = [load(name) for name in ([arguments.name] if arguments.name else names)]
    if arguments.json:
        print(json.dumps([plain_service(service) for service in chosen], indent=2, ensure_ascii=False))
    elif arguments.name:
        print(f"{chosen[0].title} ({chosen[0].name})\n")
        show(chosen[0])
        _show_service(chosen[0])
    else:
        width = max(map(len, names))
        for service in chosen:
            print(f"{service.name:<{width}}  {service.title}: {coverage_words(service)}")
    return 0


def coverage_words(service: Service[Any]) -> str:
    """How much of the vendor's API is there, in a few words."""
    counts = Counter(item.status for item in service.coverage)
    return ", ".join(f"{counts[status]} {status}" for status in ("supported", "partial", "refused") if counts[status])


def plain_service(service: Service[Any]) -> dict[str, Any]:
    """All that a service declares, as plain data."""
    plain = {name: msgspec.to_builtins(getattr(service, name), enc_hook=_sorted_set) for name in _FIELDS}
    for setting in plain["settings"]:
        if setting["secret"]:
            setting["note"] = "secret: a made-up default, kept out of traces"
    return plain


def _sorted_set(value: object) -> object:
    return dict(value) if hasattr(value, "keys") else sorted(value)  # type: ignore[call-overload]


def _show_service(service: Service[Any]) -> None:
    """What platforms and desks have in common."""
    _table("settings", [(item.name, f"{item.help} [{item.env}] default {item.default!r}") for item in service.settings])
    _table("limits", [(item.name, f"{item.value:g} {item.unit}  ({item.source})") for item in service.limits])
    rule = service.delivery
    _table(
        "delivery",
        [
            ("acknowledged by", f"{rule.success} within {rule.ack_timeout_s:g} s"),
            ("tried again after", _pauses(rule.retry)),
            ("order", rule.order.replace("_", " ")),
            ("at once", f"{rule.concurrency_max} connections, {rule.batch_max} updates in a webhook"),
        ],
    )
    _table(f"API coverage: {coverage_words(service)}", [(item.name, _coverage_line(item)) for item in service.coverage])


def _pauses(retry: Retry) -> str:
    count = len(retry.delays_s) if retry.attempts_max is None else retry.attempts_max - 1
    return ", ".join(f"{delay:g} s" for delay in retry.delays_s[:count]) or "never"


def show_lacks(lacks: Sequence[tuple[str, str]]) -> None:
    """Print what a service lacks."""
    _table("what it lacks, and what happens instead", lacks)


def _coverage_line(item: Coverage) -> str:
    return item.status + (f": {item.note}" if item.note else "")


def _table(title: str, rows: Sequence[tuple[str, str]]) -> None:
    print(f"\n{title}")
    width = max((len(key) for key, _ in rows), default=0) + 2
    for key, text in rows:
        print(f"  {key:<{width}}{text}")
