"""Faults by chance in pytest: ``--chatdrill-faults``, or ``faults`` in the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

TESTS = Path(__file__).parents[1]
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
def test_a_bot_that_answers_what_comes_twice_is_found_in_pytest_too(pytester, monkeypatch, line, flags, outcome):
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    (pytester.path / "chatdrill.toml").write_text(SETTINGS + line, "utf-8")
    (pytester.path / "talk.drill.yaml").write_text(DRILLS, "utf-8")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", *flags)
    result.assert_outcomes(**{outcome: 1})
    trace = (pytester.path / "chatdrill-out" / "trace.jsonl").read_text("utf-8")
    assert ('"kind":"injected"' in trace) == (outcome == "failed")
