"""The published schema and the code that reads scenarios agree."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdrill.engine import fitting, schema
from chatdrill.engine.expect import expect
from chatdrill.engine.persona import PERSONAS, Persona
from chatdrill.engine.reading import CONTENT_KINDS, READERS
from chatdrill.engine.scenario import CUSTOMER_FIELDS, SLA_OPTIONS, SLA_TARGETS, Scenario

WHOLE = schema.schema()
DEFS = WHOLE["$defs"]
TIMES = {"within", "after", "not before", "by"}
DERIVED = {"wordless", "size_min_bytes", "size_max_bytes", "exactly"}


def properties(name: str) -> set[str]:
    return set(DEFS[name]["properties"])


def test_the_schema_is_valid_draft_2020_12() -> None:
    jsonschema.Draft202012Validator.check_schema(WHOLE)
    assert json.loads(schema.schema_text()) == WHOLE


def test_every_verb_of_the_schema_can_be_read_and_the_other_way_round() -> None:
    assert set(schema.verbs()) == {*READERS, "include", "if"}
    assert [branch["required"] for branch in DEFS["step"]["oneOf"]] == [[verb] for verb in schema.verbs()]


def test_an_expectation_takes_the_same_words_in_yaml_and_python() -> None:
    plain_fields = {"mime", "sha256", "of", "card", "kind", "edited"}
    assert properties("expectation") == (set(inspect.signature(expect).parameters) | plain_fields) - DERIVED
    assert properties("heard") == properties("expectation") | TIMES | {"all", "in_order", "only"}
    assert set(DEFS["step"]["properties"]["never"]["properties"]) == properties("expectation") | {"for"}


def test_what_can_be_sent_is_the_same() -> None:
    assert set(CONTENT_KINDS) <= properties("content")


def test_customers_personas_and_targets_are_the_same() -> None:
    assert properties("customer") == {*CUSTOMER_FIELDS, "locale", "persona", "platform", "same_as"}
    assert properties("persona") == set(Persona.__struct_fields__)
    assert DEFS["persona"]["examples"] == list(PERSONAS)
    assert set(WHOLE["properties"]["sla"]["properties"]) == {*SLA_TARGETS, *SLA_OPTIONS}


def test_a_scenario_takes_the_same_words_in_yaml_and_python() -> None:
    assert set(WHOLE["properties"]) - {"steps"} == set(inspect.signature(Scenario).parameters)


def every_rule(rule: Any, path: str = "#") -> list[tuple[str, dict[str, Any]]]:
    if isinstance(rule, list):
        return [found for index, item in enumerate(rule) for found in every_rule(item, f"{path}/{index}")]
    if not isinstance(rule, dict):
        return []
    own = [(path, rule)] if "type" in rule and isinstance(rule["type"], str | list) else []
    return own + [found for key, item in rule.items() for found in every_rule(item, f"{path}/{key}")]


def test_every_value_with_several_shapes_has_a_name_for_messages() -> None:
    assert [path for path, rule in every_rule(WHOLE) if isinstance(rule["type"], list) and "title" not in rule] == []


@pytest.mark.parametrize("name", ["scenario", "step"])
def test_editors_can_explain_every_key(name: str) -> None:
    rules = WHOLE["properties"] if name == "scenario" else DEFS["step"]["properties"]
    silent = [key for key, rule in rules.items() if not ("description" in rule or "$ref" in rule)]
    assert silent == []


def test_every_reference_leads_somewhere() -> None:
    named = {part.split('"')[0] for part in schema.schema_text().split("#/$defs/")[1:]}
    assert named <= set(DEFS)


@pytest.mark.parametrize(
    "data",
    [
        {"name": "x", "steps": [{"says": "a"}]},
        {"name": "x", "steps": [{"says": "a", "hears": "b"}]},
        {"name": "x", "steps": [{"hears": {"contains": 5}}, {}]},
        {"name": "x", "steps": [{"if": "a", "then": [{"waits": "5s"}]}, {"then": []}]},
    ],
)
def test_the_quick_keywords_say_what_the_standard_ones_say(data: dict[str, Any]) -> None:
    standard = jsonschema.Draft202012Validator(WHOLE)
    assert bool(schema.problems(data)) is not standard.is_valid(data)


# --------------------------------------------------------------------------------------------- the quick yes

SHAPES = st.recursive(
    st.none() | st.booleans() | st.sampled_from([-1, 0, 1, 0.5, "", "5s", "24h ± 10m", "09:15", "5MB", "virtual"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(schema.verbs())), inner, max_size=2)
    ),
    max_leaves=4,
)


def knows(rule: Any) -> set[str]:
    """Every keyword of a rule and of those below it."""
    if isinstance(rule, list):
        return set().union(*map(knows, rule))
    if not isinstance(rule, dict):
        return set()
    below = [rule[key] for key in ("items", "additionalProperties", "oneOf") if key in rule]
    named = [one for key in ("properties", "$defs") for one in rule.get(key, {}).values()]
    return set(rule).union(*map(knows, below + named))


def test_the_quick_yes_knows_every_keyword_of_the_schema() -> None:
    assert knows(WHOLE) <= {*fitting.KEYWORDS, *fitting.NOTES}


@pytest.mark.parametrize("name", sorted(DEFS))
@given(value=SHAPES)
def test_the_quick_yes_says_what_the_thorough_library_says(name: str, value: Any) -> None:
    thorough = jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": DEFS})
    assert fitting.fitting(DEFS[name], DEFS)(value) == thorough.is_valid(value)


def test_a_file_without_mistakes_is_read_without_the_thorough_library() -> None:
    read = "import sys; from chatdrill.engine import schema; found = schema.problems({'name': 'x', 'steps': [{'says': 'y'}]})"
    subprocess.run([sys.executable, "-c", f"{read}; assert not found and 'jsonschema' not in sys.modules"], check=True)
