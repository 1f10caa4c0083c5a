"""How much of a product is emulated: every webhook field and every call, each with its proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from chatdrill.wire import Coverage

from .batch import NAME as BATCH
from .target import Api


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """The tests below ``folder`` that prove it: by webhook field, by kind of send, by node and edge, of a ``batch`` and of a
    download (``files``). ``notes`` say what is missing in a field."""

    folder: str
    fields: Mapping[str, str]
    sends: Mapping[str, str]
    edges: Mapping[tuple[str, str], str]
    batch: str
    files: str
    notes: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str, proof: str, note: str | None) -> Coverage:
        """Something that is emulated, in part if there is a ``note``."""
        return Coverage(name, "partial" if note else "supported", f"{self.folder}/{proof}", note or "")


def covered(api: Api, silent_fields: Iterable[str], proofs: Proofs) -> tuple[Coverage, ...]:
    """All of a product."""
    return (
        *(proofs.of(name, proof, proofs.notes.get(name)) for name, proof in proofs.fields.items()),
        *(Coverage(name, "refused", note="can be subscribed to; never sent") for name in silent_fields),
        *(proofs.of(each.name, proofs.edges[key[:2]], each.partial) for key, each in api.routes.items()),
        *_sends(api, proofs),
        proofs.of(BATCH, proofs.batch, "without depends_on, JSONPath between calls and attached files"),
        proofs.of("GET /cdn", proofs.files, None),
        *(Coverage(f"{api.places[place]}/{edge}", "refused", note=why) for (place, edge), why in api.refused.items()),
    )


def _sends(api: Api, proofs: Proofs) -> Iterator[Coverage]:
    """Those that lack something come last."""
    for kind in sorted(proofs.sends, key=lambda kind: kind in api.missing):
        yield proofs.of(f"POST /me/messages {kind}", proofs.sends[kind], api.missing.get(kind))
