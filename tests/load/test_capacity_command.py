"""``chatdrill capacity``, whole: it tells how much a bot holds, and why not more."""

from __future__ import annotations

import json

from load.conftest import Load

QUICK = ["--settle-for", "0.3s", "--measure", "1s", "--repeats", "1", "--precision", "50%"]


def test_a_bot_that_holds_all_that_is_asked_is_told_so(load: Load) -> None:
    ended = load.run("--from", "4/s", "--to", "8/s", *QUICK, "--sla", "reply p50 < 900ms", command="capacity")
    assert ended.code == 0, ended.out + ended.err
    assert "The bot holds at least 8/s, the highest rate that was asked for." in ended.out
    written = json.loads((load.folder / "out" / "capacity.json").read_text("utf-8"))
    assert written["capacity"]["limited_by"] == "rate asked" and len(written["capacity"]["trials"]) == 2


def test_a_bot_that_answers_nobody_holds_nothing(load: Load) -> None:
    ended = load.run("--from", "4/s", *QUICK, "--sla", "unanswered < 1%", bot="hang", command="capacity")
    assert ended.code == 1
    assert "The bot does not hold even the lowest rate, 4/s: unanswered were 100 %" in ended.out


def test_a_bot_that_dies_ends_the_search(load: Load) -> None:
    ended = load.run("--from", "4/s", *QUICK, bot="crash", command="capacity")
    assert ended.code == 1 and "the bot is gone" in ended.err
