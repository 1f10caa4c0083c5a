"""A helpdesk behind the bot, in pytest: ``--chatdrill-desk``, or ``desk`` in the settings."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

SETTINGS = 'app = "run.bad_desk_bot:app"\nplatforms = ["whatsapp"]\nport = 0\nclock = "virtual"\n'
DRILLS = """\
name: Taken over
agents: {bob: {accepts: 5s}}
steps:
  - says: Hi
  - hears: "You said: Hi"
  - agent sees: Hi
  - agent takes over: bob
  - agent notes: seen
"""


@pytest.mark.parametrize(("line", "flags"), [('desk = "chatwoot"\n', []), ("", ["--chatdrill-desk", "chatwoot"])])
def test_the_desk_is_named_by_a_flag_or_in_the_settings(inner, line, flags):
    (inner.path / "chatdrill.toml").write_text(SETTINGS + line, "utf-8")
    (inner.path / "talk.drill.yaml").write_text(DRILLS, "utf-8")
    result = inner.runpytest(*flags)
    result.assert_outcomes(passed=1)


def test_without_a_desk_what_needs_one_is_skipped_and_says_why(inner):
    (inner.path / "chatdrill.toml").write_text(SETTINGS, "utf-8")
    (inner.path / "talk.drill.yaml").write_text(DRILLS, "utf-8")
    result = inner.runpytest("-rs")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*need a helpdesk (--chatdrill-desk)*"])
