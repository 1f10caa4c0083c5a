"""The variables by which Python and Node load what leads them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

PYTHON = Path(__file__).parent / "python"
"""A folder with a ``sitecustomize``: Python imports the first that it finds on its path."""
NODE = Path(__file__).parent / "node" / "lead.cjs"
VARIABLE = "CHATDRILL_DETOUR"


@dataclass(frozen=True, kw_only=True)
class Detour:
    """Where to lead a program. ``proxy`` and ``entrance`` are ports of ``host``; ``fakes`` the hosts that fakes stand for
    (``*.vendor.example`` is any one label before it), ``opened`` those that were let through, ``authority`` a file with the
    certificate to trust."""

    host: str
    proxy: int
    entrance: int
    fakes: tuple[str, ...]
    opened: tuple[str, ...]
    authority: str

    def variables(self, inherited: Mapping[str, str]) -> dict[str, str]:
        """What a program gets that would otherwise get ``inherited``: its own path and options stay."""
        path = os.pathsep.join(filter(None, (str(PYTHON), inherited.get("PYTHONPATH"))))
        required = f"--require {json.dumps(str(NODE))}"  # Node reads quotes and backslashes as JSON does
        options = " ".join(filter(None, (required, inherited.get("NODE_OPTIONS"))))
        return {VARIABLE: json.dumps(asdict(self)), "PYTHONPATH": path, "NODE_OPTIONS": options}
