"""The reference names every check with its law and its parameters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatdrill.checks import CHECKS
from chatdrill.checks.judge import validate_blocks

yaml = pytest.importorskip("yaml")
PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "checks.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^### (\S+)\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))


def test_the_reference_has_a_section_for_every_check_and_no_other():
    assert sorted(SECTIONS) == sorted(CHECKS)


@pytest.mark.parametrize("check", CHECKS.values(), ids=list(CHECKS))
def test_a_section_has_the_law_the_evidence_and_the_parameters(check):
    section = SECTIONS[check.id]
    assert f"> {check.law}\n" in section
    assert "Evidence:" in section and "Example" in section
    assert [name for name in check.parameters if f"`{name}`" not in section] == []


def test_the_example_block_is_a_valid_one():
    [block] = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    validate_blocks({}, yaml.safe_load(block)["checks"], "the reference")
