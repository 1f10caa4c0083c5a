"""``chatdrill desks``."""

from __future__ import annotations

from typing import Any

from chatdrill.cli.options import parser
from chatdrill.cli.services import browse, show_lacks
from chatdrill.run.registry import desk_names, load_desk
from chatdrill.wire import Desk

_EXAMPLES = """\
  chatdrill desks
  chatdrill desks chatwoot
  chatdrill desks zendesk --json"""

_SURVEYS = {
    "page": "on a page of the desk",
    "message": "by a message of the desk, which the bot passes on",
    "bot": "by the bot",
    "none": "by nobody",
}
_NOT_OF_AGENTS = {"elapse", "rate"}
"""Acts of the desk itself and of the customer."""
_REOPENS = {"same": "opens the same ticket again", "new": "needs a new ticket"}


def main(words: list[str]) -> int:
    """List the helpdesks, or show one whole: what agents do, limits, settings, API coverage."""
    options = parser("desks", "What each fake helpdesk can do, its limits and its API coverage.", _EXAMPLES)
    return browse(options, words, desk_names(), load_desk, _show)


def _show(desk: Desk[Any]) -> None:
    can = desk.capabilities
    print("an agent does:        " + ", ".join(sorted(can.acts - _NOT_OF_AGENTS)))
    print(
        "a conversation:       "
        + ("is shown from its first word" if can.mirrors else "is shown once it is handed over")
    )
    print("customers are asked:  " + _SURVEYS[can.survey])
    print("a word after the end: " + _REOPENS[can.reopens])
    print("a lost webhook:       " + ("is sent again" if can.retries_hooks else "stays lost"))
    show_lacks(sorted(can.lacks.items()))
