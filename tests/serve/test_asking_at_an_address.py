"""What a platform asks at an address that the bot has just named: a request of its own, signed and all."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.serve.client import Client
from chatdrill.serve.errands import Done, Outcome
from chatdrill.serve.fetcher import fetch
from chatdrill.wire import Fetch, Fetched, HttpRequest, HttpResponse

QUESTION = HttpRequest("POST", "http://bot.example:9/hook?sig=1", (("X-Proof", "1"),), b"{}")
NOBODY: Any = None
AT_HOME = Client(lambda: 0.0)


class Here:
    """A bot in this process, which answers everything with one status."""

    def __init__(self, status: int) -> None:
        self.status, self.asked = status, list[HttpRequest]()

    def start(self, request: HttpRequest, timeout_s: float, done: Done) -> Here:
        self.asked.append(request)
        done(Outcome(HttpResponse(self.status, (("Content-Type", "text/plain; x"),), b"ok"), 0.0))
        return self

    def cancel(self) -> None:
        """There is nothing to cancel."""


@pytest.mark.parametrize(
    ("status", "found"),
    [
        (200, Fetched(b"ok", "text/plain", status=200)),
        (202, Fetched(b"ok", "text/plain", status=202)),
        (401, Fetched(error="status 401", status=401)),
    ],
)
async def test_a_bot_in_this_process_is_asked_before_it_has_any_webhook(status: int, found: Fetched) -> None:
    bot: Any = Here(status)
    assert await fetch(NOBODY, Fetch((), requests=(QUESTION,)), bot) == {QUESTION.url: found}
    assert bot.asked == [QUESTION]


async def test_nobody_outside_this_machine_is_asked() -> None:
    assert await fetch(AT_HOME, Fetch((), requests=(QUESTION,))) == {QUESTION.url: Fetched(error="unreachable")}


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("/contacts/viber:a%2Fb%2Bc%3D%3D/x?y=%2F", "/contacts/viber:a%2Fb+c==/x"),
        ("/contacts/%2f%2F", "/contacts/%2F%2F"),
        ("/plain/x%20y", "/plain/x y"),
        ("/plain", "/plain"),
    ],
)
def test_a_slash_inside_a_part_of_a_path_is_no_border(url: str, parts: str) -> None:
    assert HttpRequest("GET", url).path_in_parts == parts
