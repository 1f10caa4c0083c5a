"""``chatdrill replay`` and ``chatdrill diff``, from a run to its report, against a bot in this process in virtual time."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatdrill.cli import main
from chatdrill.trace import Acted, CaseBegan, read_trace

DRILL = """\
name: Sure
steps:
  - says: I want my money back
  - hears: {buttons: [Yes, No]}
  - waits: 3s
  - presses: Yes
  - hears: {contains: You pressed Yes}
  - says: Thanks
  - hears: {buttons: [Yes, No]}
"""
BOT = [
    "--app",
    "replaying.toy_app:app",
    "--platforms",
    "telegram",
    "--port",
    "0",
    "--clock",
    "virtual",
    "--webhook",
    "http://127.0.0.1:9/telegram",
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a run in which the bot is in no particular mood."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "sure.drill.yaml").write_text(DRILL, "utf-8")
    out = folder / "out"
    assert (
        main(["run", str(folder / "sure.drill.yaml"), *BOT, "--seed", "3", "--out", str(out), "--report", "none"]) == 0
    )
    yield out
    os.environ.pop("MOOD", None)


def replayed(run: Path, out: Path, mood: str, *words: str) -> int:
    return main(["replay", str(run), *BOT, "--bot-env", f"MOOD={mood}", "--out", str(out), *words])


def test_the_same_bot_says_the_same(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert replayed(run, tmp_path, "", "--compare", "wording") == 0
    assert capsys.readouterr().out.endswith("nothing changed in 1 conversation\n")
    assert (tmp_path / "diff.html").exists() and json.loads((tmp_path / "diff.json").read_text("utf-8"))["same"]


def test_the_customer_comes_again_with_the_same_timing(run: Path, tmp_path: Path) -> None:
    replayed(run, tmp_path, "")
    before, after = (
        [(record.at, record.act) for record in read_trace(folder / "trace.jsonl") if isinstance(record, Acted)]
        for folder in (run, tmp_path)
    )
    assert [act for _, act in before if act.__struct_config__.tag != "read"] == [act for _, act in after]
    assert [at - before[0][0] for at, _ in before] == pytest.approx([at - after[0][0] for at, _ in after], abs=0.01)


def test_other_words_are_no_other_structure(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert replayed(run, tmp_path, "wordy") == 0
    assert replayed(run, tmp_path, "wordy", "--compare", "wording") == 1
    assert "+ (keyboard.reply) Are you sure? [Yes] [No] (text)" in capsys.readouterr().out


def test_a_button_less_is_told_and_the_customer_goes_on(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert replayed(run, tmp_path, "bare") == 1
    out = capsys.readouterr().out
    assert "- (keyboard.reply) Sure? [Yes] [No]" in out and "+ Sure? (parts, buttons)" in out
    acts = [
        record.act.__struct_config__.tag for record in read_trace(tmp_path / "trace.jsonl") if isinstance(record, Acted)
    ]
    assert acts == ["write", "write"], "nobody presses what is not there, and the rest is said all the same"


def test_a_bot_that_keeps_silent_is_not_waited_for_for_ever(run: Path, tmp_path: Path) -> None:
    assert replayed(run, tmp_path, "mute", "--json") == 1


def test_two_runs_are_compared_with_their_verdicts(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drill = str(run.parent / "sure.drill.yaml")
    bare = ["--bot-env", "MOOD=bare", "--report", "none", "--seed", "3", "--out", str(tmp_path / "b")]
    assert main(["run", drill, *BOT, *bare, "--reply-timeout", "1s"]) == 1
    capsys.readouterr()
    assert main(["diff", str(run), str(tmp_path / "b"), "--to", str(tmp_path / "d.html")]) == 1
    assert "pass, then fail" in capsys.readouterr().out and (tmp_path / "d.html").exists()
    assert main(["diff", str(run), str(run), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["same"] is True


def test_a_trace_is_not_written_over(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert replayed(run, run, "") == 2
    assert "would be written over" in capsys.readouterr().err


BAD = {
    "nothing": (b"", "there is no conversation in the trace"),
    "words": (b"hello\nyou\n", ":1: not a record of a trace"),
    "a_newer_kind": (b'{"kind":"run_flew","n":0,"t":0,"at":0}\n{}\n', ":1: not a record of a trace"),
    "half_a_record": (b'{"kind":"run_began","n":0', "there is no conversation in the trace"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_trace_is_refused_by_file_and_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, why = BAD[name]
    (tmp_path / "trace.jsonl").write_bytes(content)
    assert replayed(tmp_path, tmp_path / "out", "") == 2
    assert why in capsys.readouterr().err
    assert main(["diff", str(tmp_path), str(tmp_path)]) == 2


def test_a_trace_that_was_cut_short_is_played_as_far_as_it_goes(run: Path, tmp_path: Path) -> None:
    whole = (run / "trace.jsonl").read_bytes()
    cut = whole[: whole.rindex(b'"You pressed Yes"')]
    (tmp_path / "trace.jsonl").write_bytes(cut)
    assert any(isinstance(record, CaseBegan) for record in read_trace(tmp_path / "trace.jsonl"))
    assert replayed(tmp_path, tmp_path / "out", "") == 0


def test_an_unknown_end_of_a_file_is_refused(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(run), str(run), "--to", str(tmp_path / "x.pdf")]) == 2
    assert "the name must end in .html, .json, .txt" in capsys.readouterr().err
