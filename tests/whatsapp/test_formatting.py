"""Formatting, from the marks in a text to spans and back."""

from __future__ import annotations

import pytest

from chatdrill.model import Media, Span, Text, Write
from chatdrill_fakes.platforms.whatsapp.formatting import marked, words
from whatsapp.kit import PNG, Account


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*_beides_* x", [("_beides_", "bold"), ("beides", "italic")]),
        ("```a\n*b*```", [("a\n*b*", "pre")]),
        ("`*so*`", [("*so*", "code")]),
        ("Du:\n> um *zehn*\nJa", [("um *zehn*", "quote"), ("zehn", "bold")]),
        ("a *b\nc* d", []),
        ("2*3*4 > 5", []),
    ],
)
def test_marks_become_spans_and_the_text_keeps_them(text: str, expected: list[tuple[str, str]]) -> None:
    found = words(text)
    assert found.text == text == marked(found)
    assert [(text[span.start : span.start + span.length], span.style) for span in found.spans] == expected


def test_marks_inside_marks_end_after_a_few() -> None:
    assert len(words("*_" * 900 + "x" + "_*" * 900).spans) == 4


def test_formatted_words_of_a_customer_arrive_with_their_marks(account: Account) -> None:
    said = Text(text="very big shoe", spans=(Span(0, 13, "bold"), Span(5, 3, "italic"), Span(0, 4, "underline")))
    assert account.message(Write(parts=(said,)))["text"] == {"body": "*very _big_ shoe*"}
    photo = Media(kind="photo", file=account.file(PNG), caption=Text(text="so", spans=(Span(0, 2, "strike"),)))
    assert account.message(Write(parts=(photo,)))["image"]["caption"] == "~so~"


def test_a_quoted_line_of_a_customer_begins_with_its_mark() -> None:
    assert marked(Text(text="um zehn\nJa", spans=(Span(0, 7, "quote"),))) == "> um zehn\nJa"
