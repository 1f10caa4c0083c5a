"""``chatdrill probe``: exit codes, files, and whom it refuses to examine."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from chatdrill.cli import main
from chatdrill.engine.bot import free_port
from chatdrill.probe import Bounds
from probe.bots import MetaBot, Served
from probe.test_defects import Trusting

FILES = ["probe.json", "probe.junit.xml", "probe.md", "probe.sarif", "probe.txt"]
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """These bots say nothing to customers."""
    monkeypatch.setattr("chatdrill.cli.probe_command.Bounds", partial(Bounds, reply_s=0.05))


def probed(url: str, folder: Path, *words: str) -> int:
    return main(["probe", url, "--platform", "messenger", "--port", "0", "--out", str(folder), *words])


def test_a_correct_bot_passes_and_four_files_are_written(tmp_path: Path, capsys: Capture) -> None:
    with Served(MetaBot()) as bot:
        assert probed(bot.url, tmp_path) == 0
    said = capsys.readouterr()
    assert "passed" in said.out.splitlines()[-1] and "\x1b" not in said.out
    assert "export MESSENGER_API_ROOT=" in said.err, "a bot that called nobody is told where the fakes are"
    assert sorted(path.name for path in tmp_path.iterdir()) == FILES


def test_a_serious_finding_is_exit_code_1_and_no_secret_is_shown(tmp_path: Path, capsys: Capture) -> None:
    """The bot has another token than the one that is set, which also stands in its address."""
    with Served(Trusting(), path="/hook/very-secret") as bot:
        assert probed(bot.url, tmp_path, "--json", "--set", "messenger.verify_token=very-secret") == 1
    values = json.loads(capsys.readouterr().out)
    assert values["verdict"] == "fail" and values["results"][0]["severity"] == "critical"
    assert not [path for path in tmp_path.iterdir() if "very-secret" in path.read_text("utf-8")]


def test_nothing_listens_is_exit_code_3(tmp_path: Path, capsys: Capture) -> None:
    assert probed(f"http://127.0.0.1:{free_port()}/hook", tmp_path) == 3
    assert "start the bot" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://192.168.7.7/hook", "--i-own-this-target"),
        ("https://graph.facebook.com/hook", "on the internet"),
        ("ftp://127.0.0.1/hook", "not an http"),
    ],
)
def test_a_stranger_is_not_examined(url: str, words: str, tmp_path: Path, capsys: Capture) -> None:
    assert probed(url, tmp_path) == 2
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_internet_is_refused_whoever_owns_it(tmp_path: Path) -> None:
    assert probed("https://bot.example.com/hook", tmp_path, "--i-own-this-target") == 2


def test_an_unknown_platform_is_answered_with_the_nearest(tmp_path: Path, capsys: Capture) -> None:
    assert main(["probe", "http://127.0.0.1:1/", "--platform", "telegramm"]) == 2
    assert "did you mean 'telegram'?" in capsys.readouterr().err
