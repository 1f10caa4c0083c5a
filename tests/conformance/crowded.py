"""A platform whose module needs another one."""

from __future__ import annotations

import chatdrill_fakes.platforms.telegram  # noqa: F401  the fault
from conformance.spoiled import Spoiled


class Crowded(Spoiled):
    """True in all else."""
