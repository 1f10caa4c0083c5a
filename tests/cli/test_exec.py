"""``chatdrill exec`` and ``--redirect``: bots that know nothing but the vendors' own addresses."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("trustme", reason="trustme is not installed")
HERE = Path(__file__).parent
EXEC = (sys.executable, "-m", "chatdrill", "exec", "--port", "0", "--platforms", "telegram")
GET_ME = """\
import os, sys, urllib.request
print(urllib.request.urlopen("https://api.telegram.org/bot" + os.environ["TELEGRAM_BOT_TOKEN"] + "/getMe").status)
"""
ECHO = """\
name: Echo
steps:
  - says: Hello there
  - hears: {contains: Hello there}
"""


@pytest.fixture(autouse=True)
def compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many programs are started here; they need not compile everything anew."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "")


def run(folder: Path, *words: str, said: str = "", options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    command = (*EXEC, *options, "--", *words)
    return subprocess.run(command, cwd=folder, input=said, capture_output=True, text=True, timeout=60, check=False)


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_what_a_command_says_and_how_it_ends_is_what_exec_says_and_how_it_ends(tmp_path: Path) -> None:
    code = "import sys; print(sys.stdin.read().upper()); print('oh', file=sys.stderr); sys.exit(7)"
    ended = run(tmp_path, *python(code), said="hello")
    assert (ended.returncode, ended.stdout) == (7, "HELLO\n")
    assert "oh\n" in ended.stderr and "chatdrill: the fakes listen at http://127.0.0.1:" in ended.stderr
    assert run(tmp_path, *python("import os; os.kill(os.getpid(), 9)")).returncode == 128 + 9


def test_a_vendors_address_is_the_fakes_and_all_others_are_named(tmp_path: Path) -> None:
    code = GET_ME + "try: urllib.request.urlopen('https://a.example')\nexcept OSError as error: print(error)\n"
    ended = run(tmp_path, *python(code))
    status, refusal = ended.stdout.splitlines()
    assert status == "200" and "403 Forbidden by chatdrill" in refusal
    assert "a.example (once); --allow HOST lets it through" in ended.stderr.splitlines()[-1]


def test_exec_can_be_quiet_and_leaves_nothing_behind_but_the_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    ended = run(tmp_path, *python(GET_ME), options=("-q",))
    assert (ended.stdout, ended.stderr) == ("200\n", "")
    assert [path.name for path in (tmp_path / "chatdrill-out").iterdir()] == ["trace.jsonl"]
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_command_that_cannot_be_started_is_said(tmp_path: Path) -> None:
    ended = run(tmp_path, "no-such-program")
    assert (ended.returncode, ended.stdout) == (3, "") and "cannot start the bot 'no-such-program'" in ended.stderr


def test_exec_without_a_command_says_how_to_write_it(chatdrill: Callable[..., Any]) -> None:
    ended = chatdrill("exec", "--port", "0")
    assert ended.code == 2 and "chatdrill exec -- python bot.py" in ended.err


def test_a_command_has_its_own_say_when_exec_is_told_to_end(tmp_path: Path) -> None:
    code = (
        "import signal, sys, time\nsignal.signal(15, lambda *_: sys.exit(5))\nprint('up', flush=True)\ntime.sleep(60)"
    )
    with subprocess.Popen(
        (*EXEC, "-q", "--", *python(code)), cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "up\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 5


# ------------------------------------------------------------------------------------------------------- runs


def played(chatdrill: Callable[..., Any], folder: Path, bot: str, *words: str, drill: str = ECHO) -> Any:
    (folder / "echo.drill.yaml").write_text(drill, "utf-8")
    command = ("--command", f"{sys.executable} {HERE / bot}", "--platforms", "telegram", "--port", "0")
    return chatdrill("run", "echo.drill.yaml", *command, *words)


def test_a_run_leads_its_bot_and_tells_in_every_report_what_it_was_kept_from(
    chatdrill: Callable[..., Any], tmp_path: Path
) -> None:
    ended = played(chatdrill, tmp_path, "vendor_bot.py", "--redirect", "--clock", "virtual")
    assert ended.code == 0, ended.out
    assert "Kept from" in ended.out and "helper.example" in ended.out
    for name in ("report.html", "summary.md"):
        text = (tmp_path / "chatdrill-out" / name).read_text("utf-8")
        assert "Kept from" in text and "helper.example" in text


WAY = "https://bot.acme.example/telegram"
PUBLIC = ECHO.replace("contains: Hello there", f'contains: "{WAY}"')


def test_a_public_address_of_the_bot_is_found_where_the_bot_listens(
    chatdrill: Callable[..., Any], tmp_path: Path
) -> None:
    ended = played(chatdrill, tmp_path, "public_bot.py 1", "--redirect", "--report", "none", drill=PUBLIC)
    assert ended.code == 0, ended.out


def test_a_bot_that_listens_in_several_places_is_asked_about(chatdrill: Callable[..., Any], tmp_path: Path) -> None:
    words = ("--redirect", "--report", "none", "--ready-timeout", "2s", "--reply-timeout", "1s")
    ended = played(chatdrill, tmp_path, "public_bot.py 2", *words, drill=PUBLIC)
    assert ended.code != 0
    assert "listens on several ports" in " ".join((tmp_path / "chatdrill-out" / "trace.jsonl").read_text().split())


def test_a_bot_in_this_process_or_one_that_runs_already_cannot_be_led(
    chatdrill: Callable[..., Any], echo: list[str]
) -> None:
    ended = chatdrill("run", *echo, "--redirect")
    assert ended.code == 2 and "start it with --command" in ended.err
    ended = chatdrill("run", "echo.drill.yaml", "--redirect", "--port", "0", "--platforms", "telegram")
    assert ended.code == 2 and "add --command" in ended.err


@pytest.mark.parametrize("words", [("--allow", "https://a.example"), ("--public-host", "a.example"), ("--allow", "")])
def test_a_host_that_cannot_be_meant_is_refused(chatdrill: Callable[..., Any], words: tuple[str, str]) -> None:
    ended = chatdrill("exec", *words, "--", "true")
    assert ended.code == 2 and "expected" in ended.err and words[0] in ended.err


def test_the_variables_of_a_redirect_are_told_by_serve_alone(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "chatdrill", "serve", "--redirect", "--port", "0", "--platforms", "telegram")
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line.strip())
            if line.startswith("state:"):
                break
        process.send_signal(signal.SIGINT)
        process.wait(20)
    names = {line.split("=")[0].removeprefix("export ") for line in lines if line.startswith("export ")}
    assert {
        "HTTPS_PROXY",
        "SSL_CERT_FILE",
        "PYTHONPATH",
        "NODE_OPTIONS",
        "CHATDRILL_DETOUR",
        "TELEGRAM_BOT_TOKEN",
    } <= names
