from __future__ import annotations

import pytest

from chatdrill.engine.conditions import check_condition, fill_condition, holds
from chatdrill.engine.templates import fill, names, plain, render
from chatdrill.errors import ScenarioError

VALUES = {"order": "553", "anna.phone": "+1", "brace": "{order}"}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("order {order}", "order 553"),
        ("{anna.phone}", "+1"),
        ("{{order}} is a name", "{order} is a name"),
        (r"R-\d{6}", r"R-\d{6}"),
        ('{"a": {"b": {order}}}', '{"a": {"b": 553}}'),
        ("{brace}", "{order}"),
    ],
)
def test_names_are_replaced_and_other_braces_stay(text: str, result: str) -> None:
    assert render(text, VALUES) == result


def test_replacing_twice_is_the_same_as_replacing_once() -> None:
    text = "{brace} {{brace}} {later} {order}"
    later = VALUES | {"later": "{order}"}
    assert render(fill(text, VALUES), later) == render(text, later)


def test_a_name_without_a_value_is_an_error_with_the_nearest_name() -> None:
    with pytest.raises(ScenarioError, match=r"\{ordr\} has no value here; did you mean 'order'\?"):
        render("{ordr}", VALUES)


def test_names_are_found_without_the_escaped_ones() -> None:
    assert names("{a} {{b}} {c.d} {6}") == {"a", "c.d"}


@pytest.mark.parametrize(("value", "text"), [(553, "553"), (2.5, "2.5"), (True, "true"), (None, ""), ("x", "x")])
def test_values_are_written_plainly(value: object, text: str) -> None:
    assert plain(value) == text


@pytest.mark.parametrize(
    ("condition", "result"),
    [
        ("{platform} == telegram", True),
        ("{platform} != telegram", False),
        ("{platform} in [whatsapp, telegram]", True),
        ("{platform} not in [whatsapp, 'a b']", True),
        ("'gram' in {platform}", True),
        ('"{platform}" == "telegram"', True),
        ("not {missing}", True),
        ("{missing}", False),
        ("{flag}", False),
        ("{n} == 1 and ({platform} == x or not {n} == 2)", True),
        ("{n} == 2 or {n} == 3", False),
    ],
)
def test_conditions_compare_texts(condition: str, result: bool) -> None:
    values = {"platform": "telegram", "n": "1", "flag": "false"}
    assert holds(condition, values) is result
    assert holds(fill_condition(condition, values), {}) is result


def test_a_value_cannot_smuggle_words_into_a_condition() -> None:
    evil = {"name": "x' or 'a' == 'a", "other": "{name} == x"}
    assert not holds(fill_condition("{name} == x", evil), {})
    assert not holds(fill_condition("{other} == x", evil), {"name": "x"})


@pytest.mark.parametrize("condition", ["", "{a} ==", "{a} = b", "(a", "a b", "{a} in [b", "__import__('os')", "a and"])
def test_a_condition_that_cannot_be_read_is_an_error(condition: str) -> None:
    with pytest.raises(ScenarioError, match="cannot read the condition"):
        check_condition(condition)
