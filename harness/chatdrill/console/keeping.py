"""Writing a scenario into a folder, with the files that its customers send."""

from __future__ import annotations

from pathlib import Path

from chatdrill.console.saving import Drill
from chatdrill.errors import UsageError


def keep(drill: Drill, root: Path, folder: str) -> list[str]:
    """Write it below ``root``, and say what was written. What is there already is left alone.

    Raises ``UsageError`` for a folder elsewhere, a file that is there with something else in it, or a disk that takes nothing.
    """
    target = (root / folder).resolve()
    if not target.is_relative_to(root.resolve()):
        raise UsageError(f"scenarios are written below {root}, and {folder!r} leads out of it")
    wanted = {target / drill.file: drill.text.encode(), **{target / name: data for name, data in drill.files.items()}}
    for path, content in wanted.items():
        if path.exists() and path.read_bytes() != content:
            raise UsageError(f"{path.relative_to(root.resolve())} is there already; choose another name")
    try:
        for path, content in wanted.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"cannot write into {folder!r}: {error.strerror}") from error
    return [path.relative_to(root.resolve()).as_posix() for path in wanted]
