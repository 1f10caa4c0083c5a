from __future__ import annotations

import pytest

from chatdrill.engine.yamlmarks import Document, read_documents
from chatdrill.errors import ScenarioError


def read(text: str) -> Document:
    (document,) = read_documents(text, "x.yaml")
    return document


@pytest.mark.parametrize(
    "word", ["no", "on", "Yes", "1:30", "010", "0x1f", "1e3", "2026-03-02", "True", "NULL", ".5", "1_000", "0o7", "+1"]
)
def test_words_that_yaml_1_1_would_change_stay_text(word: str) -> None:
    assert read(f"word: {word}").data == {"word": word}


@pytest.mark.parametrize(
    ("word", "value"), [("true", True), ("false", False), ("null", None), ("", None), ("553", 553), ("-2.5", -2.5)]
)
def test_the_few_special_scalars_are_those_of_json(word: str, value: object) -> None:
    assert read(f"word: {word}").data["word"] == value


def test_quoted_scalars_are_always_text() -> None:
    assert read("""{a: "553", b: 'true', c: ""}""").data == {"a": "553", "b": "true", "c": ""}


def test_a_decimal_number_remembers_how_it_was_written() -> None:
    price = read("price: 10.50").data["price"]
    assert (str(price), price + 1) == ("10.50", 11.5)


def test_keys_are_text_whatever_they_look_like() -> None:
    assert read("{on: a, 553: b}").data == {"on": "a", "553": "b"}


def test_a_key_that_repeats_is_refused_with_both_places() -> None:
    with pytest.raises(ScenarioError, match=r"x\.yaml:3:1: the key 'a' is here twice \(first in line 1\)"):
        read("a: 1\nb: 2\na: 3")


def test_aliases_are_expanded_where_they_stand() -> None:
    assert read("a: &who {name: Anna}\nb: *who").data == {"a": {"name": "Anna"}, "b": {"name": "Anna"}}


def test_an_alias_that_contains_itself_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"\*a contains itself"):
        read("a: &a [*a]")


def test_aliases_that_multiply_without_bound_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 7)]
    with pytest.raises(ScenarioError, match="more than 200000 values"):
        read("\n".join(lines))


@pytest.mark.parametrize("text", ["a: !!int 5", "a: !python/object:os.system x", "!x {a: b}"])
def test_tags_are_refused(text: str) -> None:
    with pytest.raises(ScenarioError, match="tags such as"):
        read(text)


def test_text_that_is_not_yaml_names_line_and_column() -> None:
    with pytest.raises(ScenarioError, match=r"^x\.yaml:2:\d: not YAML: "):
        read("name: x\n a: b\n")


def test_endless_nesting_is_refused() -> None:
    with pytest.raises(ScenarioError, match="nested deeper"):
        read("[" * 1000 + "]" * 1000)


def test_values_and_keys_keep_their_places() -> None:
    document = read("name: x\nsteps:\n  - says: Hi\n    as: anna\n")
    assert document.place(("steps", 0, "says")) == (3, 11)
    assert document.key_place(("steps", 0, "as")) == (4, 5)
    assert document.place(("steps", 0, "nowhere")) == (3, 5)
