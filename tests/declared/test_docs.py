"""What the pages say of files holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatdrill_fakes.platforms.declared import loading, spec
from chatdrill_fakes.platforms.declared.loading import read
from chatdrill_fakes.platforms.declared.names import ANSWER_NAMES, TELL_NAMES

DOCS = Path(__file__).parents[2] / "docs"
HOW_TO = (DOCS / "how-to" / "drill-a-helpdesk.md").read_text("utf-8")
REFERENCE = (DOCS / "reference" / "declared.md").read_text("utf-8")


def test_the_file_of_the_how_to_loads() -> None:
    first = re.findall(r"```yaml\n(.*?)```", HOW_TO, re.DOTALL)[0]
    assert read(first, "chat.yaml").tells["message"][0].reply is not None


@pytest.mark.parametrize(
    "words",
    [
        loading._TOP,
        loading._TELL,
        loading._TAKE,
        TELL_NAMES,
        ANSWER_NAMES,
        spec.TELLS,
        spec.DEEDS,
        spec.READ,
        tuple(spec.ERRORS),
    ],
    ids=["top", "tells", "takes", "names", "names of answers", "acts", "deeds", "readings", "errors"],
)
def test_the_reference_has_every_word(words: tuple[str, ...]) -> None:
    known = set(re.findall(r"[a-z0-9_]+", " ".join(re.findall(r"`([^`]+)`", REFERENCE))))
    assert [word for word in words if word not in known] == []
