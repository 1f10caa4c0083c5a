"""The command line where a helpdesk stands behind the bot: what there is, what the bot needs, who plays."""

from __future__ import annotations

import json
import re

import pytest

from chatdrill.run.registry import desk_names, load_desk

DRILL = """\
name: Handed over
steps: [{says: person}, {handoff: {within: 1s}}]
---
name: Chatwoot only
desks: [chatwoot]
steps: [{says: Hi}]
---
name: Of no desk
steps: [{says: Hi}, {hears: Hi}]
"""


def test_every_desk_is_listed(chatdrill):
    lines = chatdrill("desks").out.splitlines()
    assert [line.split()[0] for line in lines] == list(desk_names())
    assert all(" supported" in line for line in lines)


@pytest.mark.parametrize("name", desk_names())
def test_a_desk_is_shown_whole(chatdrill, name):
    shown = chatdrill("desks", name).out
    desk = load_desk(name)
    assert shown.startswith(f"{desk.title} ({name})")
    assert all(item.name in shown for item in (*desk.settings, *desk.limits, *desk.coverage))
    assert "elapse" not in re.search(r"an agent does: +(.*)", shown)[1]
    assert json.loads(chatdrill("desks", name, "--json").out)[0]["name"] == name


def test_an_unknown_desk_is_answered_with_the_nearest(chatdrill):
    for words in (["desks", "chatwot"], ["env", "--desk", "chatwot"], ["run", ".", "--desk", "chatwot"]):
        ended = chatdrill(*words)
        assert (ended.code, "did you mean 'chatwoot'?" in ended.err) == (2, True)


def test_the_bot_is_told_where_the_desk_is_and_which(chatdrill):
    ended = chatdrill("env", "--desk", "chatwoot", "--platforms", "telegram")
    assert ended.code == 0
    for variable in (
        "CHATWOOT_API_ROOT=http://127.0.0.1:7700/chatwoot",
        "TELEGRAM_API_ROOT=",
        "CHATDRILL_DESK=chatwoot",
    ):
        assert f"export {variable}" in ended.out


def test_the_settings_file_names_the_desk_and_its_settings(chatdrill, tmp_path):
    (tmp_path / "chatdrill.toml").write_text('desk = "chatwoot"\n[chatwoot]\naccount_name = "Stepwell"\n', "utf-8")
    assert "export CHATWOOT_ACCOUNT_NAME=Stepwell" in chatdrill("env").out
    (tmp_path / "chatdrill.toml").write_text("[chatwoot]\nacount_name = 'x'\n", "utf-8")
    assert "chatdrill.toml:2: chatwoot.acount_name: unknown setting" in chatdrill("env").err


def test_what_needs_another_desk_or_any_is_left_out_and_that_is_said(chatdrill, echo, tmp_path):
    (tmp_path / "echo.drill.yaml").write_text(DRILL, "utf-8")
    ended = chatdrill("run", *echo)
    assert "left out, because they need a helpdesk (--desk): 2 conversations" in ended.err
    assert ended.code == 0
    ended = chatdrill("run", *echo, "--desk", "zendesk")
    assert "are about another helpdesk than zendesk: 1 conversations" in ended.err


def test_a_bot_that_hands_nobody_over_fails_and_is_told_why(chatdrill, echo, tmp_path):
    (tmp_path / "echo.drill.yaml").write_text(DRILL, "utf-8")
    ended = chatdrill("run", *echo, "--desk", "chatwoot", "-k", "Handed", "--json")
    assert ended.code == 1
    assert "the bot did not hand over: no ticket was made within 1s" in ended.out


def test_the_desks_webhooks_go_where_the_command_line_says(chatdrill, echo, tmp_path):
    (tmp_path / "echo.drill.yaml").write_text(DRILL, "utf-8")
    chatdrill("run", *echo, "--desk", "chatwoot", "-k", "Of no desk", "--webhook", "chatwoot=http://127.0.0.1:9/desk")
    records = [
        json.loads(line) for line in (tmp_path / "chatdrill-out" / "trace.jsonl").read_text("utf-8").splitlines()
    ]
    told = [record["detail"] for record in records if record["kind"] == "bot_state" and record["state"] == "webhook"]
    assert "chatwoot: http://127.0.0.1:9/desk" in told


def test_a_desk_of_a_platform_needs_that_platform(chatdrill):
    ended = chatdrill("env", "--desk", "messenger_inbox", "--platforms", "telegram")
    assert (ended.code, "--platforms messenger" in ended.err) == (2, True)
