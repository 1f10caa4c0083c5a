"""The command line in this process: what a program of its own would print and how it would end, without importing everything anew."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from pathlib import Path

import pytest

from chatdrill.cli import main


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it has printed."""

    code: int
    out: str
    err: str


def chatdrill(folder: Path, *words: str, **variables: str) -> Ended:
    """``chatdrill(folder, "run", "drills/")`` with these variables in its environment."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, value in variables.items():
            patch.setenv(name, value)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(words)
    return Ended(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))
