"""The tutorial, done by somebody who does just what it says."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inside import chatdrill

PAGE = (Path(__file__).parents[2] / "docs" / "tutorial" / "first-drill.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"# ([\w./]+)(?:: (\w+))?\n")


def saved(folder: Path, text: str) -> None:
    """A block under the name that its first line gives: a file, or a function of one in the place of the old one."""
    named = NAMED.match(text)
    assert named is not None, text
    file = folder / named[1]
    file.parent.mkdir(exist_ok=True)
    if named[2] is None:
        file.write_text(text, "utf-8")
        return
    old = re.compile(rf"^def {named[2]}\(.*?(?=^\S)", re.MULTILINE | re.DOTALL)
    assert len(old.findall(file.read_text("utf-8"))) == 1
    new = text[named.end() :] + "\n\n"
    file.write_text(old.sub(lambda _: new, file.read_text("utf-8")), "utf-8")


def steps() -> Iterator[tuple[str, str, str]]:
    """Kind and text of each block, and what a command is said to print."""
    for place, (kind, text) in enumerate(BLOCKS):
        printed = BLOCKS[place + 1][1] if kind == "sh" else ""
        if kind != "text":
            yield kind, text, printed


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, str]]:
    """Command, what it is said to print, and what it has printed."""
    folder = tmp_path_factory.mktemp("tutorial")
    usual = {"CHATDRILL_PORT": "0", "CHATDRILL_SEED": "5", "COLUMNS": "100"}
    found = []
    for kind, text, printed in steps():
        if kind != "sh":
            saved(folder, text)
            continue
        program, *words = shlex.split(text.replace('"python ', f'"{sys.executable} '))
        assert program == "chatdrill"
        hurried = usual if "--clock virtual" in text else {**usual, "CHATDRILL_SPEED": "20"}
        done = chatdrill(folder, *words, **hurried)
        found.append((text.strip(), printed, done.out + done.err))
    return found


def test_every_command_prints_what_the_tutorial_shows(outcomes: list[tuple[str, str, str]]) -> None:
    assert len(outcomes) >= 6
    for command, printed, came in outcomes:
        place, words = 0, " ".join(came.split())
        for line in printed.splitlines():
            shown = " ".join(line.split())
            if shown == "...":
                continue
            at = words.find(shown, place)
            assert at >= 0, f"{command}\nprints no {shown!r} (in this order):\n{came}"
            place = at
