"""Every page of the documentation: links lead somewhere, every page is found from the index, and what is shown as code is code."""

from __future__ import annotations

import ast
import importlib
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from chatdrill.engine.loader import load_scenarios

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
PLAIN = ("chatdrill.", "chatdrill_fakes.", "chatdrill_reports.", "chatdrill_scenarios.")
"""What is imported here; chatdrill_load patches the process it is imported into."""
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def named(page: Path) -> str:
    return str(page.relative_to(DOCS))


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.*)$", FENCED.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def blocks(page: Path, *languages: str) -> list[str]:
    return [text for language, text in FENCED.findall(page.read_text("utf-8")) if language in languages]


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md", ROOT / "ARCHITECTURE.md"], ids=lambda page: page.name)
def test_every_link_leads_to_a_page_and_a_heading_of_it(page: Path) -> None:
    for target, anchor in LINK.findall(FENCED.sub("", page.read_text("utf-8"))):
        found = (page.parent / target).resolve() if target else page
        assert found.exists(), f"{page.name}: {target}"
        if anchor and found.suffix == ".md":
            assert anchor in anchors(found), f"{page.name}: {target}#{anchor} has {sorted(anchors(found))}"


def test_every_page_is_found_from_the_index() -> None:
    index = (DOCS / "README.md").read_text("utf-8")
    missing = [named(page) for page in PAGES if f"({named(page)}" not in index and named(page) != "README.md"]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_what_is_shown_as_code_is_code_and_names_what_exists(page: Path) -> None:
    for text in blocks(page, "toml"):
        assert tomllib.loads(text)
    for text in blocks(page, "yaml"):
        assert list(yaml.safe_load_all(text)) != [None]
    for text in blocks(page, "python"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(PLAIN):
                module = importlib.import_module(str(node.module))
                assert all(hasattr(module, name.name) for name in node.names), ast.unparse(node)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_whole_scenario_can_be_read(page: Path, tmp_path: Path) -> None:
    for text in blocks(page, "text"):
        if found := re.match(r"# (\S+\.steps\.yaml)\n", text):
            (tmp_path / found[1]).parent.mkdir(exist_ok=True)
            (tmp_path / found[1]).write_text(text, "utf-8")
    for number, text in enumerate(blocks(page, "yaml")):
        shown = next(yaml.safe_load_all(text))
        if isinstance(shown, dict) and {"name", "steps"} <= shown.keys():
            file = tmp_path / f"{number}.drill.yaml"
            file.write_text(text, "utf-8")
            assert load_scenarios(file)
