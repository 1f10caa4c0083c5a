"""What doors say to each other: one MessagePack value to a frame, four bytes of length before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from chatdrill.wire import HttpRequest, HttpResponse

_LENGTH_BYTES = 4
FRAME_MAX_BYTES = 128 * 1024 * 1024
"""Above the largest body that the listener takes, and the largest file that a vendor keeps (Telegram: 50 MB, 2026)."""


class Frame(msgspec.Struct, frozen=True, array_like=True, tag=True, gc=False):
    """``n`` is the number of a question on its connection; the answer has the same."""

    n: int


class Hello(Frame, frozen=True, array_like=True, tag=True):
    """The first frame: who dials, which door is meant, and the word that all doors of a run share.

    ``born`` tells a worker from one that had the same index before it: their shared calls are counted apart.
    """

    key: str
    door: int
    born: float
    wanted: int


class Welcome(Frame, frozen=True, array_like=True, tag=True):
    """``heard`` counts the shared calls of the dialling door that have arrived here."""

    heard: int


class Forward(Frame, frozen=True, array_like=True, tag=True):
    """A call whose owner the other door is. ``spent_s`` is a duration, so that clocks need not agree. ``polls``: the bot fetches
    with it what waits at all doors."""

    account: str
    request: HttpRequest
    base_url: str
    spent_s: float
    polls: bool = False


class Share(Frame, frozen=True, array_like=True, tag=True):
    """A call that changed the account: the ``number``-th of this door, at drill time ``now``. ``seed`` is that of the chance it
    had; some ids have both in them."""

    number: int
    account: str
    request: HttpRequest
    base_url: str
    seed: int
    now: float


class Whose(Frame, frozen=True, array_like=True, tag=True):
    """Does this call to a desk name a person of yours?"""

    account: str
    request: HttpRequest


class Borrow(Frame, frozen=True, array_like=True, tag=True):
    """Lend me this file."""

    account: str
    id: str


class Collect(Frame, frozen=True, array_like=True, tag=True):
    """What waits at your door for a bot that polls at mine, after the number that I have ``heard`` of?"""

    account: str
    heard: int


class Settled(Frame, frozen=True, array_like=True, tag=True):
    """Which of your updates the bot has been sent, and which are done with, by number; ``wanted`` are the kinds that it asks for."""

    account: str
    wanted: list[str]
    sent: list[int]
    gone: list[int]


class Ping(Frame, frozen=True, array_like=True, tag=True):
    """Are you there? A call may take long; a door that is there says so all the while."""


class Pong(Frame, frozen=True, array_like=True, tag=True):
    """Yes."""


class Answered(Frame, frozen=True, array_like=True, tag=True):
    """What a call was answered. Without a response the connection is to be hung up on, in order or by a reset."""

    response: HttpResponse | None
    reset: bool = False


class Known(Frame, frozen=True, array_like=True, tag=True):
    """How sure it is that the person is known here, as ``Bureau.sureness`` says it."""

    sureness: int


class Lent(Frame, frozen=True, array_like=True, tag=True):
    """The file, if there is one."""

    loan: bytes | None


Parcel = tuple[int, str, str, bytes, float]
"""An update: number, kind, lane, body, and when it was made (drill time)."""


class Collected(Frame, frozen=True, array_like=True, tag=True):
    """Updates, oldest first; none, if none came for a while."""

    updates: list[Parcel]


Question = Hello | Ping | Forward | Share | Whose | Borrow | Collect | Settled
Reply = Welcome | Pong | Answered | Known | Lent | Collected

GREETING_MAX_BYTES = 4096
"""Of whoever has not greeted yet, no more is taken."""

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder[Any](Question | Reply)


def packed(frame: Question | Reply) -> bytes:
    """The bytes of a frame."""
    body = _encoder.encode(frame)
    return len(body).to_bytes(_LENGTH_BYTES, "big") + body


class Frames:
    """Cuts what a connection brings into frames of at most ``max_bytes``."""

    def __init__(self, max_bytes: int = FRAME_MAX_BYTES) -> None:
        self.max_bytes = max_bytes
        self._data = bytearray()

    def feed(self, data: bytes) -> Iterator[Any]:
        """The frames that ``data`` completes; raises ``ValueError`` for what is none."""
        self._data += data
        begin, end = 0, len(self._data)
        try:
            while end - begin >= _LENGTH_BYTES:
                size = int.from_bytes(self._data[begin : begin + _LENGTH_BYTES], "big")
                if size > self.max_bytes:
                    raise ValueError(f"a frame of {size} bytes")
                after = begin + _LENGTH_BYTES + size
                if after > end:
                    break
                frame = _decoder.decode(memoryview(self._data)[begin + _LENGTH_BYTES : after].tobytes())
                begin = after
                yield frame
        finally:
            del self._data[:begin]
