"""``chatdrill platforms``."""

from __future__ import annotations

import json
from typing import Any

from chatdrill.cli.options import parser
from chatdrill.cli.services import coverage_words, plain_service, show_lacks, show_service
from chatdrill.run.registry import load_platform, platform_names
from chatdrill.wire import Platform

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
        print(json.dumps([plain_service(platform) for platform in chosen], indent=2, ensure_ascii=False))
    elif arguments.name:
        _show(chosen[0])
    else:
        for platform in chosen:
            print(f"{platform.name:<12}{platform.title}: {coverage_words(platform)}")
    return 0


def _show(platform: Platform[Any]) -> None:
    print(f"{platform.title} ({platform.name})\n")
    can = platform.capabilities
    print("a customer sends:  " + ", ".join(sorted(can.customer_parts)))
    print("a bot sends:       " + ", ".join(sorted(can.bot_parts)))
    print("a customer does:   " + ", ".join(sorted(can.acts)))
    print("vendor events:     " + (", ".join(sorted(can.events)) or "none"))
    show_lacks(sorted(can.lacks.items()))
    show_service(platform)
