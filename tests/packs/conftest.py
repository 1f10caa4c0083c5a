"""The shipped packs and the how-to's examples, loaded once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from chatdrill.engine.scenario import Scenario
from chatdrill.run.selection import find_scenarios
from shipped import shipped

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-scenario.md"
_TITLED_BLOCK = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="session")
def packs() -> Sequence[Scenario]:
    return shipped()


@pytest.fixture(scope="session")
def how_to_blocks() -> Mapping[str, str]:
    """The files of the how-to by name."""
    return dict(_TITLED_BLOCK.findall(HOW_TO.read_text("utf-8")))


@pytest.fixture
def how_to(how_to_blocks: Mapping[str, str], tmp_path: Path) -> Sequence[Scenario]:
    for name, text in how_to_blocks.items():
        (tmp_path / name).write_text(text, "utf-8")
    return find_scenarios([tmp_path])
