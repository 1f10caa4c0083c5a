"""An export on disk, whatever it is: one file, a folder, or a zip. Reading it is bounded in memory and distrusts what it reads.

A zip is never unpacked as a whole: members are read one by one, counted while they are, and a name that leads out of the
archive is an error.
"""

from __future__ import annotations

import codecs
import mmap
import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO, Any, Self

from chatdrill.errors import ExportError
from chatdrill.importing.encodings import decoded_lines, is_utf8, recoded

HEAD_BYTES = 64 * 1024
"""What is read of a document to see what it is."""

_MEMBERS_MAX = 200_000
_MEMBER_MAX_BYTES = 4 * 1024**3
_RATIO_MAX = 200  # text shrinks to a fifth or a tenth; deflate's limit, which bombs come near, is 1,032 to 1
_RATIO_FROM_BYTES = 16 * 1024**2
_BLOCK_BYTES = 1024 * 1024
_DOCUMENTS = (".txt", ".json", ".jsonl", ".ndjson", ".csv", ".eml", ".mbox", ".har")

Told = Callable[[int, int], None]


class Export:
    """A file with what lies beside it, a folder, or a zip. ``told`` hears how many bytes of how many were read."""

    def __init__(self, path: Path, *, encoding: str | None = None, told: Told | None = None) -> None:
        self.path = path
        self.encoding = encoding
        self._told = told
        self._zip = self._open_zip()

    def _open_zip(self) -> zipfile.ZipFile | None:
        """Raises ``ExportError`` for a path that is not there, a damaged archive, or one that plays tricks."""
        if self.path.is_dir():
            return None
        try:
            with self.path.open("rb") as file:
                is_zip = file.read(4) == b"PK\x03\x04"
            opened = zipfile.ZipFile(self.path) if is_zip else None
        except OSError as error:
            raise ExportError(f"cannot read it: {error.strerror}", where=str(self.path)) from error
        except zipfile.BadZipFile as error:
            raise ExportError(f"a damaged or truncated zip: {error}", where=str(self.path)) from error
        if opened is not None:
            _check_members(opened, str(self.path))
        return opened

    def close(self) -> None:
        """Close the archive."""
        if self._zip is not None:
            self._zip.close()

    @property
    def is_single(self) -> bool:
        """Whether one file was given, and nothing around it is meant but its media."""
        return self._zip is None and not self.path.is_dir()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all files in it, with ``/``, sorted."""
        if self._zip is not None:
            return tuple(sorted(info.filename for info in self._zip.infolist() if not info.is_dir()))
        if self.is_single:
            return (self.path.name,)
        files = (path for path in self.path.rglob("*") if path.is_file() and not path.is_symlink())
        return tuple(sorted(path.relative_to(self.path).as_posix() for path in files))

    @property
    def documents(self) -> tuple[str, ...]:
        """The files that may hold dialogs."""
        return self.names if self.is_single else tuple(name for name in self.names if name.lower().endswith(_DOCUMENTS))

    def where(self, name: str, line: int | None = None) -> str:
        """How an error names a place."""
        place = str(self.path) if self.is_single else f"{self.path}/{name}"
        return place if line is None else f"{place}:{line}"

    # ------------------------------------------------------------------------------------------------- reading

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """The bytes of a file. Raises ``ExportError`` if they cannot be had."""
        try:
            with self._opened(name) as file:
                yield file
        except OSError as error:
            raise ExportError(f"cannot read it: {error.strerror}", where=self.where(name)) from error
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise ExportError(f"a damaged or truncated zip: {error}", where=self.where(name)) from error
        except RuntimeError as error:  # what zipfile says of a password
            raise ExportError(f"the zip cannot be read: {error}", where=self.where(name)) from error
        except NotImplementedError as error:
            raise ExportError(
                f"the zip is packed in a way that is not known: {error}", where=self.where(name)
            ) from error

    def _opened(self, name: str) -> IO[bytes]:
        if self._zip is not None:
            info = self._zip.getinfo(name)
            file: Any = _Counted(self._zip.open(info), info.compress_size, self.where(name))
            return file  # type: ignore[no-any-return]
        path = self.path if self.is_single else self.path / name
        return _Told(path.open("rb"), path.stat().st_size, self._told) if self._told else path.open("rb")  # type: ignore[return-value]

    def head(self, name: str) -> bytes:
        """The first bytes of a file."""
        with self.open(name) as file:
            return file.read(HEAD_BYTES)

    def lines(self, name: str) -> Iterator[tuple[int, str]]:
        """The lines of a text with their numbers from 1, without their ends."""
        head = self.head(name)
        with self.open(name) as file:
            yield from decoded_lines(file, head, self.encoding, lambda line: self.where(name, line))

    @contextmanager
    def buffer(self, name: str) -> Iterator[Any]:
        """A document as one buffer of UTF-8 that the system pages in and out; large ones do not fill the memory."""
        head = self.head(name)
        with self.open(name) as file, tempfile.TemporaryFile() as copy:
            if self.is_single and self._told is None and is_utf8(head, self.encoding):
                source: Any = file
            else:
                for block in recoded(file, head, self.encoding, lambda line: self.where(name, line)):
                    copy.write(block)
                copy.flush()
                source = copy
            if source.seek(0, 2) == 0:
                raise ExportError("the file is empty", where=self.where(name))
            # It is not closed here: what was read from it may be needed longer, and goes when that goes.
            text = memoryview(mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ))
            yield text[3:] if bytes(text[:3]) == codecs.BOM_UTF8 else text

    # -------------------------------------------------------------------------------------------------- media

    def find(self, path: str, beside: str) -> str | None:
        """The file that an export names: beside the document, from its root, or anywhere by its bare name."""
        wanted = _normal(path)
        if wanted is None:
            return None
        if self.is_single:
            root = self.path.parent.resolve()
            there = (root / wanted).resolve()
            return wanted if there.is_file() and there.is_relative_to(root) else None
        folder = PurePosixPath(beside).parent
        for name in (str(folder / wanted), wanted):
            if name in self._known:
                return name
        return self._by_tail.get(PurePosixPath(wanted).name)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.names)

    @cached_property
    def _by_tail(self) -> dict[str, str]:
        return {PurePosixPath(name).name: name for name in self.names}

    def content(self, name: str, size_max_bytes: int) -> bytes:
        """A whole file that ``find`` found. Raises ``ExportError`` if it is larger than ``size_max_bytes``."""
        if self.is_single:
            with Export(self.path.parent).open(name) as file:
                found = file.read(size_max_bytes + 1)
        else:
            with self.open(name) as file:
                found = file.read(size_max_bytes + 1)
        if len(found) > size_max_bytes:
            raise ExportError(f"a file of more than {size_max_bytes // 1024**2} MiB", where=self.where(name))
        return found


def _normal(path: str) -> str | None:
    """A relative path with ``/`` that stays inside, or ``None``."""
    parts = PurePosixPath(path.replace("\\", "/")).parts
    if not parts or parts[0] == "/" or ".." in parts or ":" in parts[0] or "\0" in path:
        return None
    return "/".join(parts)


def _check_members(opened: zipfile.ZipFile, where: str) -> None:
    members = opened.infolist()
    if len(members) > _MEMBERS_MAX:
        raise ExportError(f"the zip has {len(members):,} members; more than {_MEMBERS_MAX:,} are refused", where=where)
    for info in members:
        if _normal(info.filename) is None:
            raise ExportError(f"a name in the zip leads out of it: {info.filename!r}", where=where)


class _Counted:
    """A member of a zip that is read no further than a real export would go, whatever its header says."""

    def __init__(self, file: IO[bytes], packed_bytes: int, where: str) -> None:
        self._file, self._packed, self._where = file, packed_bytes, where
        self._read = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[bytes]:
        yield from iter(lambda: self.readline(_BLOCK_BYTES), b"")

    def read(self, size: int = -1) -> bytes:
        if size >= 0:
            return self._count(self._file.read(size))
        return b"".join(iter(lambda: self._count(self._file.read(_BLOCK_BYTES)), b""))

    def readline(self, size: int = -1) -> bytes:
        return self._count(self._file.readline(size))

    def _count(self, block: bytes) -> bytes:
        self._read += len(block)
        bomb = self._read > _RATIO_FROM_BYTES and self._read > _RATIO_MAX * max(1, self._packed)
        if bomb or self._read > _MEMBER_MAX_BYTES:
            raise ExportError(
                f"a zip bomb? {self._packed:,} bytes unpack to more than {self._read:,}", where=self._where
            )
        return block


class _Told:
    """A file that tells how far it was read."""

    def __init__(self, file: IO[bytes], size_bytes: int, told: Told) -> None:
        self._file, self._size, self._tell = file, size_bytes, told
        self._read = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[bytes]:
        for line in self._file:
            self._read += len(line)
            self._tell(self._read, self._size)
            yield line

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self._read += len(block)
        self._tell(self._read, self._size)
        return block


def line_at(text: Any, offset: int) -> int:
    """The number of the line in which byte ``offset`` of a buffer stands."""
    return sum(1 for _ in re.finditer(rb"\n", text[:offset])) + 1
