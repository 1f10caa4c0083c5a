"""The reports say what was injected where."""

from __future__ import annotations

import pytest

from chatdrill.checks import judge
from chatdrill.trace import Injected, RunEnded
from chatdrill.trace.transcript import Transcripts, render_text
from chatdrill_reports import html, markdown, terminal
from chatdrill_reports.contract import Run
from chatdrill_reports.faults import injections
from reports.scribe import SUNDAY, Scribe
from reports.stories import make_run, order_status

SKIPPED = "reorder is skipped on Telegram: it keeps the order of a chat"


@pytest.fixture
def struck() -> Run:
    """One conversation, with a duplicate and two refusals in it."""
    scribe = Scribe(settings={"faults": "duplicate 5%, 429 1%", "faults_skipped": [SKIPPED]})
    order_status(scribe)
    began = next(record for record in scribe.records if record.case is not None)
    place = {"case": began.case, "conv": f"{began.case}/anna", "platform": "telegram"}
    scribe.add(Injected, SUNDAY, fault="duplicate", what="delivered twice", updates=("1",), **place)
    for _ in range(2):
        scribe.add(Injected, SUNDAY, fault="api-error", what="answered 429", call="POST /sendMessage", **place)
    scribe.add(RunEnded, SUNDAY)
    return Run(records=scribe.records, judgement=judge(scribe.records), title="Faulty")


def test_a_run_without_faults_says_nothing_of_them() -> None:
    assert injections(make_run()["records"]) is None
    assert b"Faults" not in terminal.render(**make_run())


def test_the_terminal_counts_them_in_a_line(struck: Run) -> None:
    said = terminal.render(width=200, **struck).decode()
    assert "Faults  3 times in 1 conversation: api-error 2, duplicate 1" in said
    assert SKIPPED in said


def test_markdown_has_a_table_by_kind_and_one_by_conversation(struck: Run) -> None:
    said = markdown.render(**struck).decode()
    assert "| api-error | 2 | 1 | Telegram | answered 429 |" in said
    assert "api-error (2 times), duplicate" in said


def test_html_has_both_tables(struck: Run) -> None:
    said = html.render(**struck).decode()
    assert '<h2 id="h-faults">Faults</h2>' in said
    assert "api-error (2 times), duplicate" in said


def test_the_transcript_marks_where_it_struck(struck: Run) -> None:
    transcripts = Transcripts(struck["records"])
    case = next(record.case for record in struck["records"] if record.case)
    said = render_text(transcripts.view(case), width=120)
    assert "fault: a webhook: delivered twice" in said
    assert "fault: POST /sendMessage: answered 429" in said
