"""How figures travel: a versioned message of what happened in which window. Adding messages up loses nothing."""

from __future__ import annotations

import msgspec

from chatdrill.errors import UsageError
from chatdrill_load.figures.cells import Slot

VERSION = 1

Key = tuple[str, str, str]
"""Of a latency: platform, name (of the step), kind. Of a counter: platform, what, detail."""

Slots = dict[int, Slot]
"""By the number of the window."""


class Latency(msgspec.Struct, array_like=True):
    """The latencies of one key."""

    key: Key
    slots: Slots


class Count(msgspec.Struct, array_like=True):
    """The counts of one key, by the number of the window."""

    key: Key
    windows: dict[int, int]


class Packet(msgspec.Struct):
    """Windows are ``interval_s`` x 2 ** ``doublings`` seconds long, the first begins at moment 0."""

    version: int
    interval_s: float
    doublings: int
    latencies: list[Latency]
    counts: list[Count]


class _Head(msgspec.Struct):
    version: int = 0


pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Packet).decode
_head = msgspec.msgpack.Decoder(_Head).decode


def unpack(data: bytes) -> Packet:
    """Read a packet. Raises ``UsageError`` for bytes that are none and for one of another version."""
    try:
        version = _head(data).version
        if version == VERSION:
            return _unpack(data)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise UsageError(f"these bytes are no figures of a load run: {error}") from error
    raise UsageError(
        f"these figures have version {version}, this chatdrill reads {VERSION}: run the same version on every worker"
    )
