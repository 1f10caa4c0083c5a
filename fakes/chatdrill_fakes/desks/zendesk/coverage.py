"""How faithfully each call and event is emulated, and the test that shows it."""

from __future__ import annotations

from chatdrill.wire import Coverage

COVERAGE: tuple[Coverage, ...] = ()
