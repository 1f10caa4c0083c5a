"""A large suite in a real browser: what travels packed unfolds, and the filter knows every row."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chatdrill_reports import html
from chatdrill_reports.html import packing
from console.browser import BROWSER, Browser
from reports.stories import STORIES, make_run

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium on this machine")
COUNT = "document.querySelectorAll({!r}).length"


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Iterator[Browser]:
    """A page that takes 60 conversations for many: 10 are drawn, 20 have a row."""
    folder = tmp_path_factory.mktemp("large")
    with pytest.MonkeyPatch.context() as patch:
        for name, most in {"PACK_ABOVE": 20, "DRAWN_MAX": 10, "ROWS_MAX": 20}.items():
            patch.setattr(packing, name, most)
        (folder / "report.html").write_bytes(html.render(**make_run([STORIES[n % 3] for n in range(60)])))
    browser = Browser(folder)
    try:
        browser.go((folder / "report.html").as_uri())
        browser.until("document.readyState === 'complete'")
        yield browser
    finally:
        browser.close()


def count(page: Browser, selector: str) -> int:
    return int(page.run(COUNT.format(selector)))


def test_a_large_suite_draws_the_worst_and_unfolds_the_rest_when_asked(page):
    assert count(page, "details.chat") == 10 and count(page, "#suite-rows tr") == 20
    page.run("location.hash = '#c55'")
    page.until("!!(document.querySelector('#c55')?.open && document.querySelector('#c55 .talk'))")
    assert page.run("document.querySelector('#packed-left').textContent") == "25 more conversations"
    assert not page.said


def test_the_filter_finds_rows_that_are_not_in_the_page(page):
    page.write("#filter-words", "order telegram")
    page.until("document.querySelector('#filter-shown').textContent === '20 of 60 shown'")
    assert count(page, "#suite-rows tr") == 20 and 0 < count(page, "details.chat:not([hidden])") <= 20
    page.write("#filter-words", " ")
    page.until("document.querySelector('#filter-shown').textContent === ''")


def test_sorting_sorts_all_rows_and_not_only_those_in_the_page(page):
    first = "document.querySelector('#suite-rows tr').dataset.verdict"
    page.click("#suite-table th button", text="Verdict")
    page.until(f"{first} === 'fail'")
    page.click("#suite-table th button", text="Verdict")
    page.until(f"{first} === 'pass'")
