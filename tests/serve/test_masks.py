"""Secrets stay out of texts and values."""

from __future__ import annotations

import pytest

from chatdrill.model import Act, Text, Write
from chatdrill.serve.masks import Mask

SECRET = "123:AB/c d-é"


@pytest.fixture
def mask() -> Mask:
    mask = Mask()
    mask.add(["", "abc", SECRET, "other-secret"])
    return mask


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        "123%3AAB%2Fc%20d-%C3%A9",
        "123%3AAB/c%20d-%C3%A9",
        "123%3AAB%2Fc+d-%C3%A9",
        "123:AB/c d-\\u00e9",
        "123:AB\\/c d-\\u00e9",
    ],
)
def test_a_secret_is_hidden_in_every_form(mask: Mask, form: str) -> None:
    assert mask.text(f"a {form} b other-secret") == "a *** b ***"


def test_what_is_too_short_to_be_a_secret_stays(mask: Mask) -> None:
    assert mask.text("abc") == "abc"


def test_a_value_without_secrets_is_the_same_object(mask: Mask) -> None:
    act = Write(parts=(Text(text="123 abc"),))
    assert mask.value(act, Act) is act
    secret = Write(parts=(Text(text=f'"{SECRET}"'),))
    assert mask.value(secret, Act) == Write(parts=(Text(text='"***"'),))


def test_a_secret_without_letters_and_digits_is_hidden_too() -> None:
    mask = Mask()
    mask.add(["!?!?!?"])
    assert mask.text("a !?!?!? b") == "a *** b"
