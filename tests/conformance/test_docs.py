"""The page of the laws names all of them."""

from __future__ import annotations

import re
from pathlib import Path

from chatdrill.conformance import LAWS, PLATFORM_LAWS

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "conformance.md").read_text("utf-8")
MESSENGERS, HELPDESKS = PAGE.split("### The laws of a helpdesk")


def test_every_law_of_a_messenger_stands_on_the_page_in_its_own_words() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", MESSENGERS.split("### The laws of a messenger")[1], re.MULTILINE)
    assert rows == [(law.name, law.sentence) for law in PLATFORM_LAWS]


def test_every_law_of_a_helpdesk_stands_on_the_page() -> None:
    assert re.findall(r"^\| `(\w+)` \|", HELPDESKS, re.MULTILINE) == [law.name for law in LAWS]
