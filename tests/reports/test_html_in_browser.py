"""The HTML report in a real browser: hostile words run nothing, and links unfold what they lead to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatdrill_reports import html
from console.browser import BROWSER

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium on this machine")


@pytest.fixture(scope="module")
def folder(run, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    (folder / "report.html").write_bytes(html.render(**run))
    return folder


@pytest.fixture(scope="module")
def shown(folder, dom) -> str:
    return dom(f"{(folder / 'report.html').as_uri()}#p5")


def test_the_pages_own_script_runs_under_its_policy(shown):
    assert re.search(r'<html[^>]*class="js"', shown)


def test_hostile_names_run_nothing(shown):
    assert "<title>Shoe shop: broke</title>" in shown
    assert "<img" not in shown and shown.count("<script") == 1


def test_a_link_to_a_finding_unfolds_its_conversation(folder, dom):
    address = (folder / "report.html").as_uri()
    closed = r'<details class="chat[^>]*id="c5">'
    assert re.search(closed, dom(address))
    assert not re.search(closed, dom(f"{address}#c5"))


def test_a_script_that_is_not_the_pages_own_is_refused(folder, dom):
    """The policy is the second lock: even markup that got into the page would run nothing."""
    text = (folder / "report.html").read_text("utf-8")
    forced = text.replace(
        "<footer", "<script>document.title='broken'</script><img src=x onerror=\"document.title='broken'\"><footer"
    )
    (folder / "forced.html").write_text(forced, "utf-8")
    assert "<title>Shoe shop: broke</title>" in dom((folder / "forced.html").as_uri())
