"""How much is tried: what a law needs, or many times as much with ``DEEP=1`` in the environment (``make test-all``)."""

from __future__ import annotations

import os

DEEP = bool(os.environ.get("DEEP"))


def tries(usual: int, deep: int) -> int:
    """One of the two."""
    return deep if DEEP else usual
