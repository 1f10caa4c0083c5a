from __future__ import annotations

import pytest

from chatdrill.seeds import Seed, Stream


@pytest.fixture
def chance() -> Stream:
    return Seed(7).stream("persona", "anna")
