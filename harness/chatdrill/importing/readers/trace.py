"""chatdrill's own trace: each conversation of a run as a dialog, with its presses, edits and files.

A file lies beside the trace under ``media/``, named by its SHA-256.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import msgspec

from chatdrill.errors import ExportError
from chatdrill.importing.dialog import Dialog, Turn
from chatdrill.importing.exports import Export
from chatdrill.importing.reader import Options, Reader
from chatdrill.importing.turning import said_turn, turn_of
from chatdrill.model import Edited, Sent
from chatdrill.trace import Acted, CaseBegan, Filed, Record, Took

_KINDS = ('"acted"', '"took"', '"filed"', '"case_began"')


def _sniff(name: str, head: str) -> bool:
    return name.lower().endswith(".jsonl") and '"kind":"run_began"' in head[:4000]


def _records(export: Export, name: str) -> Iterator[Record]:
    decoder = msgspec.json.Decoder(Record)
    torn: ExportError | None = None
    for number, line in export.lines(name):
        if torn is not None:
            raise torn
        if not any(kind in line[:400] for kind in _KINDS):
            continue
        try:
            yield decoder.decode(line)
        except (msgspec.MsgspecError, RecursionError) as error:  # a run that was killed tears its last line
            torn = ExportError(f"not a record of a trace: {error}", where=export.where(name, number))


def _read(export: Export, names: Sequence[str], _: Options) -> Iterator[Dialog]:
    for name in names:
        cases: dict[str, CaseBegan] = {}
        convs: dict[str, list[Turn]] = {}
        for record in _records(export, name):
            if isinstance(record, CaseBegan) and record.case:
                cases[record.case] = record
            elif record.conv:
                convs.setdefault(record.conv, []).extend(_turn(record, record.conv.rpartition("/")[2]))
        for conv, turns in convs.items():
            case = cases.get(conv.rpartition("/")[0])
            title, platform = (case.name, case.platform) if case else (conv, None)
            yield Dialog(title, "trace", export.where(name), partial(iter, turns), platform, sees_buttons=True)


def _turn(record: Record, key: str) -> Iterator[Turn]:
    if isinstance(record, Acted) and record.cause != "platform":
        head = {"at": record.at, "who": key, "role": "customer", "id": next(iter(record.ids), None)}
        yield from turn_of(record.act, head)
    elif isinstance(record, Took) and isinstance(record.effect, Sent | Edited):
        message = record.effect.message
        said = said_turn(
            message.parts, {"at": record.at, "who": message.sender or "bot", "role": "bot", "id": message.id}
        )
        yield msgspec.structs.replace(said, does="edits", of=message.id) if isinstance(record.effect, Edited) else said
    elif isinstance(record, Filed) and type(record.event).__name__ == "Closed":
        yield Turn(at=record.at, who=record.desk, role="agent", does="closes")


TRACE = Reader("trace", "chatdrill's own trace (JSON lines)", _sniff, _read)
