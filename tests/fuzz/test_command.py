"""``chatdrill fuzz`` and the decorator: exit codes, what they print, what they leave behind, how it is played again."""

from __future__ import annotations

import json
import re
import shlex
import sys
from pathlib import Path

import pytest

import inside
from inside import Ended

pytest_plugins = ["pytester"]
ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "fuzz.md").read_text("utf-8")
WORDS = "name: Words\nsteps: [{says: hello}, {hears: hello}, {says: I want to return my shoes}, {sends: {photo: shoe-torn.jpg}}]\n"
WEBHOOK = ("--port", "0", "--webhook", "http://127.0.0.1:8080/webhooks/{platform}", "--platforms", "telegram")


def chatdrill(folder: Path, *words: str) -> Ended:
    if words[0] == "fuzz":  # the shipped scenarios take a second to load
        (folder / "words.drill.yaml").write_text(WORDS, "utf-8")
        words = ("fuzz", "words.drill.yaml", *words[1:])
    variables = {"PYTHONPATH": str(ROOT / "tests"), "CHATDRILL_TELEGRAM_RATE_LIMITS": "no"}
    return inside.chatdrill(folder, *words, **variables)


def test_a_correct_bot_ends_with_0(tmp_path: Path) -> None:
    done = chatdrill(tmp_path, "fuzz", "--app", "fuzz.bots:good", "--dialogs", "60", "--seed", "1", *WEBHOOK)
    assert (done.code, done.out.count("\n")) == (0, 1), done.out + done.err
    assert re.search(r"60 dialogs in .* s \(.* a second\): no failure \(seed 1\)", done.out)


def test_a_failure_is_shown_kept_and_plays_again_with_the_command_that_was_printed(tmp_path: Path) -> None:
    words = (
        "fuzz",
        "--app",
        "fuzz.bots:deaf",
        "--dialogs",
        "120",
        "--seed",
        "1",
        "--no-leaks",
        "--report",
        "junit",
        *WEBHOOK,
    )
    done = chatdrill(tmp_path, *words)
    assert done.code == 1
    for needed in (
        "answered: the customer's message was never answered",
        "1 message of the customer",
        "[photo",
        "kept as ",
    ):
        assert needed in done.out, done.out + done.err
    assert 'failures="1"' in (tmp_path / "chatdrill-out" / "junit.xml").read_text("utf-8")
    [again] = re.findall(r"chatdrill (run chatdrill-out/fuzz/.*)", done.out)
    replayed = chatdrill(tmp_path, *shlex.split(again), "--report", "none")
    assert replayed.code == 1 and "was never answered" in replayed.out


def test_a_property_of_a_file_is_held_and_the_result_is_data(tmp_path: Path) -> None:
    promise = "def no_refund(chat):\n    assert not any('refund' in line.text for line in chat.heard), 'a refund'\n"
    (tmp_path / "promises.py").write_text(promise)
    words = (
        "fuzz",
        "--app",
        "fuzz.bots:promising",
        "--dialogs",
        "100",
        "--seed",
        "1",
        "--no-leaks",
        "--json",
        *WEBHOOK,
    )
    done = chatdrill(tmp_path, *words, "--property", "promises.py::no_refund", "--checks", "order")
    [failure] = json.loads(done.out[done.out.index('{"seed"') :])["failures"]
    assert (failure["check"], failure["message"], failure["messages"]) == ("property no_refund", "a refund", 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--dialogs", "0"), "a whole number of at least 1"),
        (("--checks", "answerd"), "did you mean 'answered'?"),
        (("--property", "x.py"), "file.py::name"),
        (("--property", "x.py::y"), "no file 'x.py'"),
        (("--dialogs", "5", "--for", "1s"), "not allowed with"),
    ],
)
def test_misuse_ends_with_2_and_says_why(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = chatdrill(tmp_path, "fuzz", "--app", "fuzz.bots:good", *words, *WEBHOOK)
    assert done.code == 2 and said in done.err


def test_a_bot_in_another_process_that_dies_is_started_again(tmp_path: Path) -> None:
    words = ("--command", f"{sys.executable} -m fuzz.mortal", "--dialogs", "60", "--seed", "2", "--stop-at", "1")
    quick = ("--speed", "50", "--settle", "20ms", "--reply-timeout", "300ms", "--no-shrink", "--not", "answered")
    done = chatdrill(tmp_path, "fuzz", *words, *quick, "--port", "0", "--platforms", "telegram", "--json")
    data = json.loads(done.out[done.out.index('{"seed"') :])
    assert {failure["check"] for failure in data["failures"]} == {"bot-alive"}, done.out + done.err


TEST = """\
from chatdrill.fuzz import fuzzed

@fuzzed(app="fuzz.bots:promising", platforms="telegram", dialogs=60, webhook=["http://127.0.0.1:8080/{platform}"])
def test_no_refund(chat):
    "It never promises a refund."
    assert not any("refund" in line.text for line in chat.heard), "a refund"

@fuzzed(app="fuzz.bots:good", platforms="telegram", dialogs=20, webhook=["http://127.0.0.1:8080/{platform}"])
def test_words(chat):
    assert all(line.text for line in chat.heard)
"""


def test_a_decorated_function_is_a_test(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATDRILL_TELEGRAM_RATE_LIMITS", "no")
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    pytester.makepyfile(TEST)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:cov", "-p", "no:hypothesispytest")
    result.assert_outcomes(passed=1, failed=1)
    shown = result.stdout.str()
    assert "property test_no_refund: a refund" in shown and "return" in shown
    assert "1 message of the customer" in shown and "pytest test_a_decorated" in shown


def test_the_page_says_what_the_command_takes_and_its_python_is_python() -> None:
    blocks = re.findall(r"```(\w*)\n(.*?)```", PAGE, flags=re.DOTALL)
    known = set(re.findall(r"--[a-z][a-z-]*", inside.chatdrill(ROOT, "fuzz", "--help").out))
    used = {word for kind, text in blocks if kind == "sh" for word in re.findall(r"--[a-z][a-z-]*", text)}
    assert used and used <= known
    for kind, text in blocks:
        if kind == "python":
            compile(text, "fuzz.md", "exec")
