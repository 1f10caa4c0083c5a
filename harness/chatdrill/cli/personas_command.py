"""``chatdrill personas``."""

from __future__ import annotations

import json

import msgspec

from chatdrill.cli.options import parser
from chatdrill.engine.persona import PERSONAS


def main(words: list[str]) -> int:
    """List the personas."""
    options = parser("personas", "The kinds of customers there are.", "  chatdrill personas --json")
    options.add_argument("--json", action="store_true", help="every habit, for machines")
    arguments = options.parse_args(words)
    if arguments.json:
        print(json.dumps(msgspec.to_builtins(list(PERSONAS.values())), indent=2, ensure_ascii=False))
        return 0
    width = max(map(len, PERSONAS)) + 2
    for persona in PERSONAS.values():
        print(f"{persona.name:<{width}}{persona.about}")
    print("\nIn a scenario:  persona: impatient   or, with other habits:  persona: {name: impatient, patience: 20s}")
    return 0
