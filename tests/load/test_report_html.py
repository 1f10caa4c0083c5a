"""The load report in HTML: one file, asking nothing of the network, in which nobody's words become markup."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser

import msgspec
import pytest

from chatdrill_load.messages import Bad
from chatdrill_load.recovery import Recovery
from chatdrill_load.report import Rate, draw_capacity, render_html, write_reports
from chatdrill_load.report.capacity import plot_capacity
from chatdrill_load.report.drawing import drawn
from chatdrill_load.report.nines import draw_nines
from chatdrill_load.report.overtime import draw_budget, draw_run
from chatdrill_load.result import LoadResult
from load.report_runs import EVIL, figures, result, spoiled

VOID = {"meta", "link", "br", "input", "img", "rect", "path"}


@pytest.fixture(scope="module")
def run() -> LoadResult:
    return result(figures(lag_s=0.2))


class Page(HTMLParser):
    """Elements, addresses, and whether every element was closed in its place."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append(tag)
        self.ids += [value for name, value in attributes if name == "id"]
        self.addresses += [value for name, value in attributes if name in ("src", "href")]
        self.handlers += [name for name, _ in attributes if name.startswith("on")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


def page(run: LoadResult, baseline: LoadResult | None = None) -> str:
    return render_html(run, baseline).decode()


def test_the_page_is_well_formed_and_asks_nothing_of_the_network(run):
    found = Page(page(run, run))
    assert not found.open and len(set(found.ids)) == len(found.ids)
    assert all(address.startswith(("#", "data:")) for address in found.addresses)
    assert "default-src 'none'" in page(run)


def test_nobodys_words_become_markup():
    hostile = spoiled()
    found = Page(page(hostile, hostile))
    assert found.elements.count("script") == 1 and "img" not in found.elements and not found.handlers
    assert "\u202e" not in page(hostile) and "&lt;script&gt;" in page(hostile)


def test_a_partial_run_says_so_before_all_else(run):
    text = page(msgspec.structs.replace(run, partial="the disk is full"))
    assert text.index('role="alert"') < text.index('class="hero') and "The disk is full." in text
    assert 'role="alert"' not in page(run)


def test_the_verdict_and_its_reasons_come_first():
    text = page(result(figures(typical_s=0.3)))
    assert text.index('class="stamp"') < text.index('class="reasons"') < text.index('class="tiles"')
    assert "first_reply p95 was" in text[text.index('class="reasons"') : text.index('class="tiles"')]


def test_turns_without_an_answer_are_said_to_count_as_long_as_their_customers_waited(run):
    said = f"{run.counts['unanswered']} turns got no answer in time. Each counts as long as its customer waited"
    assert said in page(run)
    assert "Each counts as long" not in page(msgspec.structs.replace(run, counts={"answered": 5}))


def test_every_gate_has_its_sentence_and_its_error_budget(run):
    text = page(run)
    assert all(gate.words[1:] in text for gate in run.gates)  # the first letter is a capital where it is a word
    plot = draw_budget(run.gates[0], 60.0)
    assert plot is not None and plot.panels[0].ticks[1].label == "100 %"
    assert draw_budget(msgspec.structs.replace(run.gates[0], spent=()), 60.0) is None


def test_an_overspent_budget_is_drawn_within_its_field(run):
    gate = msgspec.structs.replace(run.gates[0], spent=((30.0, 0.4), (60.0, 37.0)))
    plot = draw_budget(gate, 60.0)
    assert plot is not None and "used up after 1m" in plot.note
    heights = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", plot.panels[0].lines[-1].path)]
    assert min(heights) >= 0 and max(heights) <= 100


def test_latencies_arrivals_and_open_conversations_share_one_axis(run):
    plot = draw_run(run)
    assert plot is not None
    titles = [panel.title for panel in plot.panels]
    assert [title.split()[0] for title in titles] == ["Latency", "Arrivals", "Open", "Unanswered,", "How"]
    assert len(plot.hits) == len(run.moments) and plot.axis[0].x == 0


def test_where_the_generator_was_the_limit_is_marked(run):
    plot, quiet = draw_run(run), draw_run(result(figures(length_s=20)))
    assert plot is not None and quiet is not None and not quiet.bands
    (band,) = plot.bands
    assert band.x == pytest.approx(50, abs=1) and band.x + band.width == pytest.approx(100)
    assert "chatdrill itself could not keep up" in page(run)


def test_a_spike_is_marked_where_it_was(run):
    after = Recovery(
        figure="reply p95", begins_s=20, ends_s=30, after_s=5, watched_s=20, bar_s=1, bar="sla", interval_s=5
    )
    plot = draw_run(msgspec.structs.replace(run, recoveries=(after, after), arrivals_t=6.0, lag_s=0.0))
    (band,) = [band for band in plot.bands if band.look == "spike"]
    assert (band.x, band.x + band.width) == (pytest.approx(100 * 26 / 60, abs=1), pytest.approx(100 * 36 / 60, abs=1))


def test_an_interval_without_replies_interrupts_the_line(run):
    gap = msgspec.structs.replace(run.moments[4], p50_s=None, p95_s=None, p99_s=None, max_s=None)
    plot = draw_run(msgspec.structs.replace(run, moments=(*run.moments[:4], gap, *run.moments[5:])))
    assert plot is not None and all(line.path.count("M") == 2 for line in plot.panels[0].lines if line.look == "p50")


def test_few_samples_are_marked(run):
    few = tuple(msgspec.structs.replace(row, few=("p99.9",)) for row in run.rows)
    assert page(msgspec.structs.replace(run, rows=few)).count('class="num few"') == len(few)


def test_a_percentile_curve_ends_where_the_samples_end(run):
    plot = draw_nines(run)
    assert plot is not None and [label for _, label in plot.legend] == ["first reply", "next reply", "webhook accepted"]
    assert plot.axis[-1].label == "99.9 %"  # of 1,200 samples; five nines would be the maximum, drawn out
    assert sum(line.look.endswith(" was") for line in draw_nines(run, run).panels[0].lines) == 3


def test_failed_conversations_stand_by_reason_with_the_command_that_shows_them(run):
    trace = "my out/trace.jsonl"
    bad = tuple(
        Bad(f"case-{number}", f"expected: {('that', 'this')[number % 2]} after {number} s", trace, (0, 9))
        for number in range(9)
    )
    text = page(msgspec.structs.replace(run, worst=bad, failed=12, failures={"expected": 12}))
    assert text.count("case-") == 9 and text.index("that after") < text.index("this after")
    assert "chatdrill report &#39;my out/trace.jsonl&#39; --format terminal" in text and "9 of 12 are listed" in text


def test_a_run_without_anything_still_has_a_page():
    text = page(LoadResult(verdict="inconclusive"))
    assert "Nobody talked" in text and 'id="time"' not in text and not Page(text).open


def test_service_metrics_stand_there_only_where_they_were_measured(run):
    assert 'id="service"' not in page(run)
    row = msgspec.structs.replace(run.rows[0], kind="time_to_human", platform="telegram", name="order")
    assert "Time to a person" in page(msgspec.structs.replace(run, rows=(*run.rows, row)))


def test_the_files_lie_beside_the_result(run, tmp_path):
    files = write_reports(run, tmp_path, run)
    assert [(file.name, why) for file, why in files.items()] == [
        ("load.html", None),
        ("load.md", None),
        ("load.junit.xml", None),
    ]
    assert all(file.parent == tmp_path and file.stat().st_size for file in files)


def test_a_file_that_cannot_be_written_does_not_keep_the_others_from_it(run, tmp_path):
    (tmp_path / "load.html").write_text("of the run before")
    (tmp_path / "load.html.new").mkdir()
    files = write_reports(run, tmp_path)
    assert files[tmp_path / "load.html"] == f"{tmp_path}/load.html could not be written: Is a directory"
    assert (tmp_path / "load.html").read_text() == "of the run before" and (tmp_path / "load.md").stat().st_size


def test_a_capacity_curve_tells_a_bot_that_broke_from_a_generator_that_did():
    rates = [Rate(10, 10, 0.1, True), Rate(20, 20, 0.2, True), Rate(40, 39.9, 1.5, False), Rate(80, 50, 3.0, False)]
    plot = plot_capacity(rates, bar_s=1.0, knee=30.0)
    assert plot is not None and [look for look, _ in plot.legend] == ["held", "broke", "behind"]
    assert "held at up to 20/s" in plot.said and "broke from 40/s" in plot.said
    (usual,) = [line for line in plot.panels[0].lines if line.look == "usual"]
    assert usual.path.count("L") == 2  # what the generator could not do says nothing of the bot
    assert {label.words for label in plot.panels[0].labels} == {"knee at 30/s", "bound 1 s"}


def test_a_capacity_curve_of_trials_without_samples_is_empty():
    assert draw_capacity([Rate(10, 10, None, False)]) == ""
    assert 'role="img"' in draw_capacity([Rate(10, 10, 0.1, True)])


def test_drawings_say_nothing_that_moves_the_text_around():
    plot = draw_budget(spoiled().gates[0], 60.0)
    assert plot is not None and EVIL in plot.said and "\u202e" not in drawn(plot)


def test_the_report_needs_neither_locust_nor_gevent():
    program = "import sys, chatdrill_load.report; print({'locust', 'gevent'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
