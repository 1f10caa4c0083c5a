"""Captured traffic of Slack's platform, read as turns: events, interactions, commands, and messages of the Web API."""

from __future__ import annotations

from functools import lru_cache

from chatdrill.importing.captures import Body, Capture, Said, tokens_in, told
from chatdrill.importing.turning import said_turn
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, HttpRequest
from chatdrill_fakes.platforms.slack.calls import Asked
from chatdrill_fakes.platforms.slack.declared import SETTINGS
from chatdrill_fakes.platforms.slack.decoding import is_known, read_body, thread_token
from chatdrill_fakes.platforms.slack.observing import content
from chatdrill_fakes.platforms.slack.state import SlackState

_WHISPER = "/chat.postEphemeral"
_POSTS = ("/chat.postMessage", _WHISPER)


@lru_cache(maxsize=1)
def _nobodys() -> SlackState:
    """An account in which nobody has a name."""
    return SlackState(settings={each.name: each.default for each in SETTINGS}, chance=Seed(0).stream("capture"))


def _call(url: str, body: Body, answer: Body, at: float) -> Said:
    """A message; whose a direct message or a thread is, the events before it tell."""
    path = url.partition("?")[0]
    if not path.endswith(_POSTS) or answer.get("ok") is not True:
        return
    channel, thread = str(answer.get("channel") or body.get("channel")), body.get("thread_ts")
    to = body.get("user") if path.endswith(_WHISPER) else channel
    if thread and not channel.startswith("D"):
        to = thread_token(channel, str(thread))
    asked = Asked(_nobodys(), Exchange(HttpRequest("POST", path), at), body)
    head = {"at": at, "who": "bot", "role": "bot", "id": str(answer.get("ts") or answer.get("message_ts") or "")}
    yield str(to), said_turn(content(asked), head)


capture = Capture("slack", ("slack.com",), is_known, told(read_body), _call, tokens=tokens_in(read_body))
"""Slack's Events API, interactivity and Web API."""
