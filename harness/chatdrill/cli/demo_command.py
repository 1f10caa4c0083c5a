"""``chatdrill demo``."""

from __future__ import annotations

import importlib.util
import shlex
import socket
import sys

from chatdrill.cli.options import add_settings, parser, settings_from
from chatdrill.cli.playing import play
from chatdrill.errors import UsageError
from chatdrill.run.selection import find_scenarios, make_cases, narrow, shipped_packs

_EXAMPLES = """\
  chatdrill demo
  chatdrill demo --platforms telegram -k return
  chatdrill demo --out /tmp/demo"""


def main(words: list[str]) -> int:
    """Play the shipped scenarios against the reference bot, a shoe shop's, as a program of its own."""
    options = parser("demo", "Play the shipped scenarios against the reference bot.", _EXAMPLES)
    options.add_argument("-k", dest="words", metavar="WORDS", help="only cases whose name contains this")
    options.add_argument("--json", action="store_true", help="print the outcome for machines")
    add_settings(options, "what", "fakes", "time", "report")
    arguments = options.parse_args(words)
    for needed in ("aiohttp", "uvicorn"):
        if importlib.util.find_spec(needed) is None:
            raise UsageError(f"the reference bot needs {needed}; install it with: pip install 'chatdrill[demo]'")
    port = _free_port()
    settings = settings_from(
        arguments,
        command=f"{shlex.quote(sys.executable)} -m chatdrill_scenarios.shoebot",
        webhook=[f"http://127.0.0.1:{port}/webhooks/{{platform}}"],
        ready_url=f"http://127.0.0.1:{port}/healthz",
        bot_env=[f"PORT={port}", f"PUBLIC_URL=http://127.0.0.1:{port}"],
        **({} if arguments.port else {"port": 0}),
    )
    cases = narrow(make_cases(find_scenarios([shipped_packs()]), settings.platforms), words=arguments.words)
    if not cases:
        raise UsageError("none of the shipped cases was chosen")
    print(f"{len(cases)} conversations with a shoe shop's bot on {', '.join(settings.platforms)}", file=sys.stderr)
    command = shlex.join(["chatdrill", "demo", *words])
    return play(settings, cases, title="chatdrill demo", command=command, as_json=arguments.json)


def _free_port() -> int:
    """A port that nobody uses now; the bot takes it in a moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
