"""``chatdrill init``."""

from __future__ import annotations

import shlex
from pathlib import Path

from chatdrill.cli.options import parser
from chatdrill.errors import UsageError

_SETTINGS = """\
# Settings of chatdrill. Every one is also a flag (--reply-timeout) and a variable (CHATDRILL_REPLY_TIMEOUT).

# Your bot: chatdrill starts it, with the variables that `chatdrill env` prints, and stops it at the end ...
command = "python bot.py"
# ... or it runs already (then leave out the command).

# Where it takes webhooks, unless it polls or registers its webhook itself:
# webhook = "http://127.0.0.1:8080/webhooks/{platform}"

platforms = ["telegram"] # and whatsapp, messenger

[sla]
first_response = "5s"
p95_next_response = "3s"

# [checks]
# unexpected = "allow"
"""

_SCENARIO = """\
# A scenario reads like a chat. `chatdrill schema > drill.schema.json` lets your editor complete it:
# yaml-language-server: $schema=./drill.schema.json
name: Greeting
tags: [first]
steps:
  - says: Hi
  - hears: {regex: ".+", within: 5s}
"""


def main(words: list[str]) -> int:
    """Write a settings file and a first scenario into a folder. Nothing that is there is touched."""
    options = parser(
        "init", "Write a settings file and a first scenario.", "  chatdrill init\n  chatdrill init my-bot/"
    )
    options.add_argument("folder", nargs="?", type=Path, default=Path(), help="default: this folder")
    folder = options.parse_args(words).folder
    files = {folder / "chatdrill.toml": _SETTINGS, folder / "drills" / "greeting.drill.yaml": _SCENARIO}
    there = [str(path) for path in files if path.exists()]
    if there:
        raise UsageError(f"{' and '.join(there)} already exist{'s'[: len(there) == 1]}; nothing was written")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        print(f"wrote {path}")
    inside = f"cd {shlex.quote(str(folder))}; " if folder != Path() else ""
    print(f"next: put your bot's command or address into chatdrill.toml, then: {inside}chatdrill run drills/")
    return 0
