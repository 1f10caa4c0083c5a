"""Large suites: the conversations behind the first hundred travel compressed, and unfold in the browser when somebody wants them.

A page with thousands of chats drawn takes seconds to open, and its filter would crawl. The worst conversations come first, so what is packed is
what passed in all but the worst runs. Where there is no script the page says what it leaves out.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from chatdrill_reports.html.conversations import Conversation

DRAWN_MAX = 100
PACK_ABOVE = 150
"""Up to so many conversations all are drawn: hardly slower, and whole without a script."""
ROWS_MAX = 200
_IN_A_PACK = 25


@dataclass(frozen=True)
class Pack:
    """Conversations by their numbers, as base64 of raw deflate of HTML."""

    first: int
    last: int
    data: str


def split(told: Sequence[Conversation]) -> tuple[Sequence[Conversation], Sequence[Conversation]]:
    """Those that are drawn, and those that are packed."""
    return (told, ()) if len(told) <= PACK_ABOVE else (told[:DRAWN_MAX], told[DRAWN_MAX:])


def packs(told: Iterable[Conversation], draw: Callable[[Conversation], str]) -> Iterator[Pack]:
    """The packed conversations."""
    whole = list(told)
    for some in (whole[at : at + _IN_A_PACK] for at in range(0, len(whole), _IN_A_PACK)):
        text = "".join(map(draw, some))
        yield Pack(some[0].number, some[-1].number, pack(text))


def pack(text: str) -> str:
    """A text as ``DecompressionStream("deflate-raw")`` reads it, in base64."""
    squeeze = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return base64.b64encode(squeeze.compress(text.encode("utf-8", "replace")) + squeeze.flush()).decode("ascii")
