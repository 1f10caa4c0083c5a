"""``chatdrill platforms``."""

from __future__ import annotations

from typing import Any

from chatdrill.cli.options import parser
from chatdrill.cli.services import browse, show_lacks
from chatdrill.run.registry import load_platform, platform_names
from chatdrill.wire import Platform

_EXAMPLES = """\
  chatdrill platforms
  chatdrill platforms telegram
  chatdrill platforms whatsapp --json"""


def main(words: list[str]) -> int:
    """List the platforms, or show one whole: parts, acts, limits, settings, API coverage."""
    options = parser("platforms", "What each fake messenger can do, its limits and its API coverage.", _EXAMPLES)
    return browse(options, words, platform_names(), load_platform, _show)


def _show(platform: Platform[Any]) -> None:
    can = platform.capabilities
    print("a customer sends:  " + ", ".join(sorted(can.customer_parts)))
    print("a bot sends:       " + ", ".join(sorted(can.bot_parts)))
    print("a customer does:   " + ", ".join(sorted(can.acts)))
    print("vendor events:     " + (", ".join(sorted(can.events)) or "none"))
    show_lacks(sorted(can.lacks.items()))
