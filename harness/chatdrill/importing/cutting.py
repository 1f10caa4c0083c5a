"""A long dialog in pieces: by its pauses, and never more at once than a scenario can hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chatdrill.errors import ExportError
from chatdrill.importing.dialog import Role, Turn

MESSAGES_MAX = 2000
"""In one scenario: a file of some 10,000 lines, and more than anybody reads."""

Said = tuple[Turn, Role]


def pieces(said: Iterable[Said], split_s: float | None, where: str) -> Iterator[list[Said]]:
    """Pieces that begin after a pause of at least ``split_s`` seconds. Raises ``ExportError`` for one that is too long."""
    piece: list[Said] = []
    for one in said:
        if piece and split_s is not None and one[0].at - piece[-1][0].at >= split_s:
            yield piece
            piece = []
        if len(piece) == MESSAGES_MAX:
            raise ExportError(_too_long(split_s), where=where)
        piece.append(one)
    if piece:
        yield piece


def _too_long(split_s: float | None) -> str:
    more = "a shorter pause" if split_s is not None else "split it at its pauses: --split 6h"
    return (
        f"more than {MESSAGES_MAX:,} messages for one scenario; {more}, or choose some of it: --since and --until DATE"
    )
