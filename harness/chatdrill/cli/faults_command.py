"""``chatdrill faults``."""

from __future__ import annotations

import json
from typing import Any

from chatdrill.cli.options import parser
from chatdrill.engine.faulting import PRESETS, example
from chatdrill.serve.faults import KINDS, FaultKind

_EXAMPLES = """\
  chatdrill faults --json
  chatdrill run drills/ --app bot:app --clock virtual --faults flaky-mobile
  chatdrill run drills/ --app bot:app --faults "duplicate 5%, delay 1s-4s 10% on whatsapp, 429 1%"
  chatdrill run drills/ --app bot:app --faults "storm, api-reset 0%, api-down 1m 2%\""""


def main(words: list[str]) -> int:
    """List the kinds of faults and the presets."""
    options = parser("faults", "What can go wrong on the way, by chance: kinds and presets for --faults.", _EXAMPLES)
    options.add_argument("--json", action="store_true", help="for machines")
    arguments = options.parse_args(words)
    if arguments.json:
        presets = [{"name": one.name, "about": one.about, "faults": one.text} for one in PRESETS.values()]
        print(json.dumps({"kinds": [_plain(kind) for kind in KINDS.values()], "presets": presets}, indent=2))
        return 0
    width = max(map(len, (*KINDS, *PRESETS))) + 2
    print("kinds")
    for kind in KINDS.values():
        print(
            f"  {kind.name:<{width}}{kind.about}\n  {'':<{width}}{example(kind)} ({_usual(kind)} of all {kind.each}s)"
        )
    print("\npresets")
    for preset in PRESETS.values():
        print(f"  {preset.name:<{width}}{preset.about}\n  {'':<{width}}{preset.text}")
    print(
        "\nWrite several with commas between them; the later beats the earlier of the same kind. A status from 400 to 599 is a"
    )
    print("kind of its own: 429 1% 5s asks to wait 5 s. 'on NAME' keeps to a platform or desk. none: nothing.")
    return 0


def _usual(kind: FaultKind) -> str:
    least, most = kind.usual_s or (None, None)
    time = "" if least is None else f"{least:g}s " if least == most else f"{least:g}s-{most:g}s "
    return f"usually {time}{kind.usual_share * 100:g}%"


def _plain(kind: FaultKind) -> dict[str, Any]:
    return {
        "name": kind.name,
        "about": kind.about,
        "where": kind.where,
        "of": kind.each,
        "takes": [*kind.takes, "chance"],
        "chance": kind.usual_share,
        "time_s": kind.usual_s,
        "example": example(kind),
    }
