from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from chatdrill.engine.loader import load_scenarios
from chatdrill.engine.scenario import Scenario
from chatdrill.errors import ScenarioError
from chatdrill.model import Message, Part, Text

Load = Callable[..., Scenario]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write files into a folder of their own; returns the path of the last one."""

    def write(text: str, name: str = "orders.drill.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def load(write: Callable[..., Path]) -> Load:
    """The one scenario in a text."""

    def load(text: str, samples: Mapping[str, Path] | None = None) -> Scenario:
        (scenario,) = load_scenarios(write(text), samples=samples)
        return scenario

    return load


@pytest.fixture
def steps(load: Load) -> Callable[[str], tuple]:
    """The steps of a scenario of which only the steps are given."""
    return lambda text: load(f"name: x\nsteps:\n{text}").steps


@pytest.fixture
def wrong(write: Callable[..., Path]) -> Callable[..., list[str]]:
    """What is said about a wrong file, line by line, without its folder."""

    def wrong(text: str, **options: object) -> list[str]:
        path = write(text)
        with pytest.raises(ScenarioError) as caught:
            load_scenarios(path, **options)
        return str(caught.value).replace(f"{path.parent.as_posix()}/", "").splitlines()

    return wrong


@pytest.fixture
def said() -> Callable[..., Message]:
    """A message of the bot with a text, and perhaps other parts."""

    def said(text: str = "", *parts: Part, **fields: object) -> Message:
        words = (Text(text=text),) if text else ()
        return Message(**{"ids": ("7",), "author": "bot", "at": 100.0, "parts": (*words, *parts)} | fields)

    return said
