"""Faults by chance in pytest: ``--chatdrill-faults``, or ``faults`` in the settings."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

SETTINGS = 'app = "cli.echo_app:app"\nplatforms = ["whatsapp"]\nport = 0\nclock = "virtual"\nseed = 3\n'
DRILLS = """\
name: Again and again
steps: [{says: Hi}, {hears: Hi}, {says: And again}, {hears: And again}]
"""
TWICE = "concurrent-duplicate 100%"


@pytest.mark.parametrize(
    ("line", "flags", "outcome"),
    [
        ("", [], "passed"),
        ("", ["--chatdrill-faults", TWICE], "failed"),
        (f'faults = "{TWICE}"\n', [], "failed"),
        (f'faults = "{TWICE}"\n', ["--chatdrill-faults", "none"], "passed"),
    ],
)
def test_a_bot_that_answers_what_comes_twice_is_found_in_pytest_too(inner, line, flags, outcome):
    (inner.path / "chatdrill.toml").write_text(SETTINGS + line, "utf-8")
    (inner.path / "talk.drill.yaml").write_text(DRILLS, "utf-8")
    result = inner.runpytest(*flags)
    result.assert_outcomes(**{outcome: 1})
    trace = (inner.path / "chatdrill-out" / "trace.jsonl").read_text("utf-8")
    assert ('"kind":"injected"' in trace) == (outcome == "failed")
