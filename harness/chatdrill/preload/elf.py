"""What an executable of Linux is: read from its head, as elf(5) describes it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MACHINES = {3: "i386", 40: "arm", 62: "x86_64", 183: "aarch64", 243: "riscv64", 21: "ppc64", 22: "s390x"}

_PT_INTERP, _PT_NOTE = 3, 4
_SEGMENTS_MAX = 4096
_SEGMENT_MAX_BYTES = 65_536


@dataclass(frozen=True, kw_only=True)
class Executable:
    """``interpreter`` is the dynamic loader it asks for: None for a static program. ``machine`` as ``uname -m`` says."""

    bits: int
    machine: str
    interpreter: str | None
    is_go: bool


@dataclass(frozen=True)
class _Segment:
    kind: int
    offset: int
    size_bytes: int


def read_executable(path: Path) -> Executable | None:
    """Look at a file; None if it is no ELF executable, or a damaged one. Raises ``OSError`` if it cannot be read."""
    with path.open("rb") as file:
        head = file.read(64)
        if len(head) < 52 or head[:4] != b"\x7fELF" or head[4] not in (1, 2) or head[5] not in (1, 2):
            return None
        try:
            return _read(file, head, bits=32 * head[4], order="<" if head[5] == 1 else ">")
        except struct.error:
            return None


def _read(file: BinaryIO, head: bytes, *, bits: int, order: str) -> Executable:
    (machine,) = struct.unpack_from(order + "H", head, 18)
    segments = list(_segments(file, head, bits=bits, order=order))
    loader = next((_content(file, segment) for segment in segments if segment.kind == _PT_INTERP), None)
    notes = b"".join(_content(file, segment) for segment in segments if segment.kind == _PT_NOTE)
    return Executable(
        bits=bits,
        machine=MACHINES.get(machine, f"machine {machine}"),
        interpreter=None if loader is None else loader.rstrip(b"\0").decode("utf-8", "replace"),
        # Go's linker leaves a note whose owner is "Go" (and whose kind is 4, the build's id).
        is_go=struct.pack(order + "I", 4) + b"Go\0\0" in notes,
    )


def _segments(file: BinaryIO, head: bytes, *, bits: int, order: str) -> Iterator[_Segment]:
    (offset,) = struct.unpack_from(order + ("Q" if bits == 64 else "I"), head, 32 if bits == 64 else 28)
    entry_bytes, count = struct.unpack_from(order + "HH", head, 54 if bits == 64 else 42)
    # p_type, p_offset, p_filesz; the narrow form has its flags elsewhere
    layout = order + ("I4xQ16xQ" if bits == 64 else "II8xI")
    for number in range(min(count, _SEGMENTS_MAX)):
        file.seek(offset + number * entry_bytes)
        yield _Segment(*struct.unpack(layout, file.read(struct.calcsize(layout))))


def _content(file: BinaryIO, segment: _Segment) -> bytes:
    file.seek(segment.offset)
    return file.read(min(segment.size_bytes, _SEGMENT_MAX_BYTES))
