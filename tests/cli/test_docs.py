"""The pages about the doors say what is so."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path
from runpy import run_path

import pytest
import yaml

from chatdrill.clock import WallClock
from chatdrill.run.options import OPTIONS
from chatdrill.run.registry import load_platform
from chatdrill.run.settings import load_settings
from chatdrill.seeds import Seed
from chatdrill.serve import Client, ListenOptions, Stage
from chatdrill.trace import Recorder
from chatdrill.wire import HttpRequest

DOCS = Path(__file__).parents[2] / "docs"
GENERATED = run_path(str(DOCS / "generate.py"))
PAGES = sorted(str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md"))


def fenced(page: str, language: str) -> list[str]:
    text = (DOCS / page).read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.fixture(autouse=True)
def _usual() -> None:
    """What a declared messenger says of itself is that of the account opened last, perhaps by a test before."""
    declared = load_platform("declared")
    declared.open({each.name: each.default for each in declared.settings}, Seed(0).stream("declared"))


@pytest.mark.parametrize("page", GENERATED["PAGES"])
def test_a_generated_page_is_up_to_date(page):
    """If it is not: python docs/generate.py."""
    assert (DOCS / "reference" / page).read_text("utf-8") == GENERATED["PAGES"][page]()


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_have_flags_that_exist(page):
    shown = [block.replace("\\\n", "") for block in fenced(page, "(?:text|sh)?")]
    lines = [line for block in shown for line in block.splitlines()]
    commands = [shlex.split(line) for line in lines if re.match(r"(chatdrill|pytest) ", line)]
    known = {"pytest": {f"--chatdrill-{option.flag[2:]}" for option in OPTIONS}}
    for words in commands:
        tool = words[0]
        words = words[: words.index("--")] if "--" in words else words
        flags = {word.partition("=")[0] for word in words if word.startswith("--")}
        if tool == "chatdrill":
            actions = GENERATED["parser_of"](words[1])._actions
            known[tool] = {flag for action in actions for flag in action.option_strings}
        assert flags <= known[tool], words
    assert commands or not page.startswith("how-to")


@pytest.mark.parametrize("page", PAGES)
def test_the_settings_of_a_page_can_be_loaded(page, tmp_path):
    for block in (one for one in fenced(page, "toml") if not one.startswith("[project")):
        (tmp_path / "chatdrill.toml").write_text(block, "utf-8")
        assert load_settings(folder=tmp_path, environ={}).file.content == tomllib.loads(block)


def test_the_examples_for_ci_are_yaml():
    github, scanning, gitlab = (yaml.safe_load(block) for block in fenced("how-to/run-in-ci.md", "yaml"))
    assert (
        set(github) == {"jobs"} and set(gitlab) == {"drills"} and all({"run", "uses"} & set(step) for step in scanning)
    )


def test_the_python_example_compiles():
    (block,) = fenced("how-to/test-with-pytest.md", "python")
    names: dict[str, object] = {}
    exec(block, names)  # noqa: S102  # our own page
    assert {"test_order_status", "test_two_at_once"} <= set(names)


async def test_the_requests_of_the_control_api_are_answered():
    clock = WallClock()
    stage = Stage(clock=clock, seed=Seed(1), recorder=Recorder(clock), listen=ListenOptions(port=0))
    for name in ("telegram", "whatsapp"):
        stage.add(load_platform(name))
    lines = [line for block in fenced("reference/control-api.md", "sh") for line in block.splitlines()]
    async with stage:
        client = Client(clock.monotonic)
        answers = [await client.send(_request(line, stage.base_url), 5.0) for line in lines]
        client.close()
    assert len(answers) == 13
    assert [answer.status for answer in answers if answer.status >= 400] == []


def _request(line: str, base_url: str) -> HttpRequest:
    words = shlex.split(line)
    url = next(word for word in words if word.startswith("localhost:7700")).replace("localhost:7700", base_url)
    method = words[words.index("-X") + 1] if "-X" in words else "POST" if "-d" in words else "GET"
    body = words[words.index("-d") + 1].encode() if "-d" in words else b""
    assert not body or json.loads(body)
    return HttpRequest(method, url, (("Content-Type", "application/json"),), body)


def test_every_door_of_the_control_api_is_on_its_page():
    source = (DOCS.parent / "harness" / "chatdrill" / "serve" / "control.py").read_text("utf-8")
    doors = re.findall(r'^            "([a-z/]+)": \{"(?:GET|POST)', source, re.MULTILINE)
    page = (DOCS / "reference" / "control-api.md").read_text("utf-8")
    assert doors
    assert [door for door in doors if f"| `{door}` |" not in page] == []
