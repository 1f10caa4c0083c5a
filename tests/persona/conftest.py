from __future__ import annotations

import pytest

from chatdrill.engine.persona import Chance
from chatdrill.seeds import Seed


@pytest.fixture
def chance() -> Chance:
    stream = Seed(7).stream("persona", "anna")
    return lambda: stream
