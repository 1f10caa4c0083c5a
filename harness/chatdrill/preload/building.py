"""Finding and building what can be preloaded. The library is compiled once per machine, source and C library."""

from __future__ import annotations

import functools
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chatdrill.errors import UsageError

NATIVE = Path(__file__).parent / "native"
MACHINES = ("x86_64", "aarch64")
_COMPILERS = ("cc", "gcc", "clang")
_FLAGS = ("-std=gnu11", "-O2", "-shared", "-fPIC", "-fvisibility=hidden")
_FAKETIME = (
    "/usr/lib/{machine}-linux-gnu/faketime/libfaketimeMT.so.1",  # Debian, Ubuntu
    "/usr/lib64/faketime/libfaketimeMT.so.1",  # Fedora
    "/usr/lib/faketime/libfaketimeMT.so.1",  # Arch, Alpine
    "/usr/local/lib/faketime/libfaketimeMT.so.1",  # its own Makefile
)
_COMPILE_MAX_S = 120.0
_ERROR_LINES = 6
INSTALL_COMPILER = "install a C compiler: apt install gcc libc6-dev (Debian, Ubuntu), apk add gcc musl-dev (Alpine)"


@dataclass(frozen=True, kw_only=True)
class Available:
    """What this machine has. ``why_not`` says what is missing where ``shim`` is None, and what to do about it."""

    shim: Path | None
    why_not: str
    compiler: str | None
    faketime: Path | None


@functools.cache
def find() -> Available:
    """What can be preloaded here; builds the library at its first use ever (about a second). Never raises."""
    shim, why_not = None, ""
    try:
        shim = build()
    except UsageError as error:
        why_not = str(error)
    return Available(shim=shim, why_not=why_not, compiler=compiler(), faketime=faketime())


def compiler(environment: Mapping[str, str] = os.environ) -> str | None:
    """The path of a C compiler: ``CC``, or the first of the usual ones on the path."""
    wanted = (environment.get("CC", ""), *_COMPILERS)
    return next((found for name in wanted if name and (found := shutil.which(name))), None)


def faketime() -> Path | None:
    """The path of libfaketime's library for programs with threads, if it is installed."""
    places = (Path(pattern.format(machine=platform.machine())) for pattern in _FAKETIME)
    return next((place for place in places if place.is_file()), None)


def build(*, cache: Path | None = None, cc: str | None = None) -> Path:
    """Compile the library unless it is there, and return its path.

    ``cache`` is the folder that keeps it (default: ``chatdrill`` in the user's cache folder), ``cc`` the compiler.
    Several processes may build at once: each writes a file of its own, and the last one to finish names it.

    Raises ``UsageError`` that says why it cannot be built here, and what to do.
    """
    _check_machine()
    folder = cache or _cache_folder()
    target = folder / f"clock-{_fingerprint()}.so"
    if any(mark in str(target) for mark in " :"):
        raise UsageError(
            f"{folder}: LD_PRELOAD cannot hold a path with a blank or a colon; set XDG_CACHE_HOME to another"
        )
    if not target.is_file():
        found = cc or compiler()
        if found is None:
            raise UsageError(f"there is no C compiler; {INSTALL_COMPILER}")
        _compile(found, target)
    return target


def _check_machine() -> None:
    if sys.platform != "linux":
        raise UsageError(f"a clock can be preloaded on Linux only, and this is {sys.platform}")
    if platform.machine() not in MACHINES or sys.maxsize < 2**32:
        raise UsageError(
            f"a clock can be preloaded on 64-bit {' and '.join(MACHINES)} only, not on {platform.machine()}"
        )


def _cache_folder() -> Path:
    named = os.environ.get("XDG_CACHE_HOME", "")
    try:
        base = Path(named) if named.startswith("/") else Path.home() / ".cache"
    except RuntimeError as error:
        raise UsageError("there is no home folder to keep the built library in; set XDG_CACHE_HOME") from error
    return base / "chatdrill"


def _sources() -> list[Path]:
    return sorted(NATIVE.glob("*.[ch]"))


def _fingerprint() -> str:
    """Another source, machine, C library or set of flags is another file."""
    digest = hashlib.sha256(repr((platform.machine(), _c_library(), _flags())).encode())
    for path in _sources():
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@functools.cache
def _c_library() -> tuple[str, tuple[int, ...]]:
    try:
        name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
    except (ValueError, OSError):
        return "musl", ()
    return name, tuple(int(part) for part in version.split(".") if part.isdigit())


def _flags() -> tuple[str, ...]:
    name, version = _c_library()
    # Without libraries of its own the result serves programs of glibc and of musl alike: it finds what it calls in
    # whatever the program has. Before glibc 2.34 that was spread over several libraries, which must then be named.
    spread = name == "glibc" and version < (2, 34)
    libraries = ("-lpthread", "-ldl", "-lrt") if spread else ("-nodefaultlibs",)
    # GCC's default calls a helper of its own library for atomic operations there.
    machine = ("-mno-outline-atomics",) if platform.machine() == "aarch64" else ()
    return (*_FLAGS, *machine, *libraries)


def _compile(cc: str, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix="building-") as scratch:
            made = Path(scratch, target.name)
            _run_compiler(cc, made)
            made.replace(target)
    except OSError as error:
        raise UsageError(
            f"{error.filename or target.parent}: {error.strerror}; set XDG_CACHE_HOME to a folder of yours"
        ) from error


def _run_compiler(cc: str, made: Path) -> None:
    sources = [str(path) for path in _sources() if path.suffix == ".c"]
    # The libraries come last: older linkers read from left to right.
    libraries = [flag for flag in _flags() if flag.startswith("-l")]
    command = [cc, *(flag for flag in _flags() if flag not in libraries), "-o", str(made), *sources, *libraries]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_COMPILE_MAX_S, check=False)
    except subprocess.TimeoutExpired:
        raise UsageError(f"{cc} took longer than {_COMPILE_MAX_S:g} s") from None
    if done.returncode or not made.is_file():
        raise UsageError(_explained(cc, done))


def _explained(cc: str, done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    told = [line for line in lines if "error" in line] or lines
    hint = f"\n{INSTALL_COMPILER}" if "No such file or directory" in done.stderr else ""
    return "\n".join([f"{cc} failed with exit code {done.returncode}:", *told[:_ERROR_LINES]]) + hint
