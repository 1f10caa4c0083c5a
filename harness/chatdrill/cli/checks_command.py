"""``chatdrill checks``."""

from __future__ import annotations

import json

from chatdrill.checks import CHECKS
from chatdrill.cli.options import parser


def main(words: list[str]) -> int:
    """List the checks with their laws and parameters."""
    options = parser("checks", "The promises that every conversation is held to.", "  chatdrill checks --json")
    options.add_argument("--json", action="store_true", help="for machines")
    arguments = options.parse_args(words)
    if arguments.json:
        print(json.dumps([_plain(check) for check in CHECKS.values()], indent=2))
        return 0
    width = max(map(len, CHECKS)) + 2
    for check in CHECKS.values():
        print(f"{check.id:<{width}}{check.law}")
        for name, default in check.parameters.items():
            print(f"{'':<{width}}  {name}: {default if default not in (None, ()) else 'not set'}")
    print("\nSwitch one off or set a parameter in a scenario or in the settings:  checks: {order: off, no-runaway: 50}")
    return 0


def _plain(check: object) -> dict[str, object]:
    wanted = ("id", "law", "scope")
    return {**{name: getattr(check, name) for name in wanted}, "parameters": dict(getattr(check, "parameters", {}))}
