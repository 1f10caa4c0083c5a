"""What changed, for machines."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from chatdrill.comparing import Difference
from chatdrill.comparing.differing import COUNTED


def as_json(found: Difference) -> str:
    """All of it; of the conversations those that changed."""
    value: dict[str, Any] = {
        "same": found.is_same,
        "compared": found.compared,
        "conversations": len(found.cases),
        "counts": {kind: found.count(kind) for kind in COUNTED},
        **msgspec.to_builtins(msgspec.structs.replace(found, cases=found.changed)),
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
