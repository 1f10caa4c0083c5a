"""What a reader is, and finding the one that knows a document by looking into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

from chatdrill.errors import ExportError, did_you_mean
from chatdrill.importing.dialog import Dialog
from chatdrill.importing.encodings import as_text
from chatdrill.importing.exports import Export


@dataclass(frozen=True)
class Options:
    """What a person says about an export that does not say it itself. ``dates``: the order of day, month and year."""

    dates: str | None = None


@dataclass(frozen=True)
class Reader:
    """One format. ``sniff`` tells from the name and the beginning of a document whether it is of this format; ``read`` gives the
    dialogs of the documents that are. ``name`` is what ``--format`` takes."""

    name: str
    title: str
    sniff: Callable[[str, str], bool]
    read: Callable[[Export, Sequence[str], Options], Iterator[Dialog]]


_OWN = (
    "trace", "har", "telegram", "slack", "meta", "chatwoot", "zendesk", "sunco", "intercom", "webhooks", "mail", "mbox",
    "whatsapp", "viber",
)  # fmt: skip
"""In the order in which they look at a document: those that are surest first."""
_MODULES = {"sunco": "zendesk", "mbox": "mail", "har": "captured", "webhooks": "captured"}
GROUP = "chatdrill.readers"


@lru_cache(maxsize=1)
def readers() -> dict[str, Reader]:
    """All readers by name: those of others first, so that they can refine ours."""
    from importlib.metadata import entry_points

    found: dict[str, Reader] = {point.name: point.load() for point in entry_points(group=GROUP)}
    for name in _OWN:
        module = import_module(f"chatdrill.importing.readers.{_MODULES.get(name, name)}")
        found.setdefault(name, getattr(module, name.upper()))
    return found


def read_export(export: Export, format: str | None, options: Options) -> Iterator[Dialog]:
    """The dialogs of an export. Raises ``ExportError`` if there is nothing in it that anybody knows."""
    known = readers()
    if format is not None and format not in known:
        raise ExportError(f"no format {format!r}{did_you_mean(format, known)}")
    documents = export.documents
    groups: dict[str, list[str]] = {}
    for name in documents:
        reader = format or sniffed(export, name)
        if reader is not None:
            groups.setdefault(reader, []).append(name)
    if not groups:
        raise ExportError(_nothing(export), where=str(export.path))
    for name, chosen in groups.items():
        yield from known[name].read(export, chosen, options)


def sniffed(export: Export, name: str) -> str | None:
    """The name of the format of a document, if any knows it."""
    text = as_text(export.head(name), export.encoding)
    return next((reader.name for reader in readers().values() if reader.sniff(name, text)), None)


def _nothing(export: Export) -> str:
    known = ", ".join(reader.name for reader in readers().values())
    if export.is_single and not export.head(export.path.name):
        return "the file is empty"
    if not export.documents:
        return "there is nothing in it that could be a dialog (.txt, .json, .csv, .eml, .mbox, .har)"
    return f"not an export that is known; if it is one of them, say so: --format NAME ({known})"
