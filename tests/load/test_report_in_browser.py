"""The load report in a real browser: hostile words run nothing, and tables sort."""

from __future__ import annotations

import pytest

from chatdrill_load.report import render_html
from console.browser import BROWSER
from load.report_runs import figures, result, spoiled

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium on this machine")


def test_hostile_words_run_nothing(tmp_path, dom):
    (tmp_path / "load.html").write_bytes(render_html(spoiled(), spoiled()))
    shown = dom((tmp_path / "load.html").as_uri())
    assert 'class="js"' in shown and "<title>broken" not in shown and shown.count("<script") == 1


def test_the_percentile_table_sorts_by_what_is_clicked(tmp_path, dom):
    """The page's own script does it, so a second one presses the button; the policy is lifted for that one."""
    text = render_html(result(figures(length_s=10))).decode()
    press = "<script>document.querySelectorAll('table.sortable thead button')[5].click()</script></body>"
    free = text.replace('http-equiv="Content-Security-Policy"', 'name="lifted"').replace("</body>", press)
    (tmp_path / "load.html").write_text(free, "utf-8")
    shown = dom((tmp_path / "load.html").as_uri())
    first = shown[shown.index("sortable") :].partition("<tbody>")[2].partition("</tr>")[0]
    assert 'aria-sort="ascending"' in shown and "Webhook accepted" in first
