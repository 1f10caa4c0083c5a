"""The reference names every check with its law and its parameters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatdrill.checks import CHECKS
from chatdrill.checks.judge import validate_blocks

yaml = pytest.importorskip("yaml")
REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
PAGE = (REFERENCE / "checks.md").read_text("utf-8")
OWN = dict(re.findall(r"^### (\S+)\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))
RULES = "".join(page.read_text("utf-8") for page in sorted((REFERENCE / "handoff").glob("*.md")))
SECTIONS = OWN | dict(re.findall(r"^## (HO-\d\d)[^\n]*\n(.*?)(?=^##? |\Z)", RULES, re.MULTILINE | re.DOTALL))


def test_the_reference_has_a_section_for_every_check_and_no_other():
    assert sorted(SECTIONS) == sorted(CHECKS)


@pytest.mark.parametrize("check", CHECKS.values(), ids=list(CHECKS))
def test_a_section_has_the_law_the_evidence_and_the_parameters(check):
    section = SECTIONS[check.id]
    assert f"> {check.law}\n" in section
    assert "Evidence:" in section and "Example" in section
    shared = {"notices"} if check.group == "handoff" else set()  # told once for the group
    assert [name for name in check.parameters if name not in shared and f"`{name}`" not in section] == []


def test_what_a_group_shares_is_told_once():
    assert "`notices`" in PAGE and "`handoff`" in PAGE


def test_the_example_block_is_a_valid_one():
    [block] = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    validate_blocks({}, yaml.safe_load(block)["checks"], "the reference")
