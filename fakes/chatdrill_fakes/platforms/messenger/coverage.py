"""tmp."""

from __future__ import annotations

from chatdrill.wire import Coverage

COVERAGE: tuple[Coverage, ...] = ()
