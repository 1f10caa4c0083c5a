"""What many platforms and desks say alike: nothing to a handshake, nothing of files of other workers, and what a status means."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from chatdrill.wire import Ack, HttpFailure, HttpRequest, HttpResponse, Said

# The contract fixes the arguments.
# ruff: noqa: ARG002

SUCCESS = range(200, 300)


class Unchecked:
    """No address is asked before it is used."""

    def handshake(self, state: Any) -> HttpRequest | None:
        """Nothing."""
        return None

    def read_handshake(self, state: Any, response: HttpResponse | HttpFailure) -> str | None:
        """Nothing was asked, so nothing is wrong."""
        return None


class Hooked:
    """Bots are told of everything, and fetch nothing. See ``chatdrill.wire.Readable``."""

    def fetched(self, state: Any, request: HttpRequest, response: HttpResponse) -> Sequence[Said]:
        """Nothing."""
        return ()


class Unlent:
    """Files lie where every worker finds them: at addresses, in messages, in tickets. See ``chatdrill.wire.doors.Divisible``."""

    def borrows(self, state: Any, request: HttpRequest) -> Sequence[str]:
        """Nothing."""
        return ()

    def lend(self, state: Any, id: str) -> bytes | None:
        """Nothing has an id that another worker could ask for."""
        return None

    def borrow(self, state: Any, loan: bytes) -> None:
        """Never asked for."""


def acknowledged(answer: HttpResponse | HttpFailure, good: Container[int], wanted: str = "") -> Ack:
    """What an answer means of which nobody reads the body; ``wanted`` are words about what would have been success."""
    if isinstance(answer, HttpFailure):
        return Ack(False, f"{answer.kind} {answer.detail}".strip())
    return Ack(True) if answer.status in good else Ack(False, f"status {answer.status}{wanted}")
