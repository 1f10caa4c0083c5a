"""Every snippet of the reference is a scenario that loads, or Python that runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatdrill.engine import schema
from chatdrill.engine.cases import cases
from chatdrill.engine.loader import load_scenarios
from chatdrill.engine.persona import PERSONAS, Persona
from chatdrill.engine.scenario import Scenario

REFERENCE = (Path(__file__).parents[2] / "docs" / "reference" / "scenario-language.md").read_text(encoding="utf-8")
NAMES = {"shoe-torn.jpg", "shoe-front.jpg", "shoe-side.jpg", "voice-en.ogg", "invoice-553.pdf"}


def snippets(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", REFERENCE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("text", snippets("yaml"), ids=lambda text: text.splitlines()[0])
def test_every_yaml_snippet_loads_and_makes_cases(text: str, write, tmp_path) -> None:
    (greet,) = [shown for shown in snippets("text") if "greet.steps.yaml" in shown]
    write(greet, "common/greet.steps.yaml")
    samples = {name: write("content", f"samples/{name}") for name in NAMES}
    platforms = ["telegram", "whatsapp", "messenger"]
    loaded = load_scenarios(write(text), samples=samples, platforms=platforms)
    assert [case for scenario in loaded for case in cases(scenario, platforms, samples=samples)]


def test_the_python_snippet_runs() -> None:
    (text,) = snippets("python")
    names: dict[str, object] = {}
    exec(text, names)  # noqa: S102 - our own page
    assert isinstance(names["scenario"], Scenario)
    assert len(cases(names["scenario"], ["telegram"], samples={"shoe-torn.jpg": Path()})[0].steps) == 9


def test_the_reference_names_every_key_of_the_language() -> None:
    definitions = schema.schema()["$defs"]
    keys = {*schema.schema()["properties"], *definitions["step"]["properties"], *definitions["heard"]["properties"]}
    keys |= {*definitions["content"]["properties"], *Persona.__struct_fields__, *PERSONAS} - {"about"}
    assert [key for key in sorted(keys) if not re.search(rf"`{key}\b|\b{key}[:`,]", REFERENCE)] == []
