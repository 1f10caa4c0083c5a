"""What the desk declares is true."""

from __future__ import annotations

import re
from pathlib import Path

from chatdrill_fakes.desks.zendesk import desk
from chatdrill_fakes.desks.zendesk.coverage import EVENTS
from chatdrill_fakes.desks.zendesk.routes import ROUTES
from chatdrill_fakes.desks.zendesk.sunco.administration import TRIGGERS

ROOT = Path(__file__).parents[3]
SOURCES = Path(desk.__class__.__module__.replace(".", "/")).parent


def test_every_proof_of_the_coverage_is_a_test() -> None:
    for each in desk.coverage:
        file, _, test = each.proof.partition("::")
        assert f"def {test}(" in (ROOT / file).read_text(), each.name


def test_every_call_and_event_has_one_line_in_the_coverage() -> None:
    named = {each.name: each for each in desk.coverage}
    assert len(named) == len(desk.coverage)
    assert all(named[route.name].status == route.support for route in ROUTES)
    assert {f"event {name}" for name in (*TRIGGERS, *EVENTS)} <= set(named)
    assert all(each.note for each in desk.coverage if each.status != "supported")


def test_every_event_that_is_told_is_in_the_coverage() -> None:
    sources = "".join(
        path.read_text() for path in (ROOT / "fakes" / SOURCES).rglob("*.py") if path.name != "coverage.py"
    )
    told = set(re.findall(r'"((?:ticket|messaging_ticket|agent)\.[a-z_]+)"', sources))
    covered = {name for name, (status, *_) in EVENTS.items() if status != "refused"}
    assert told == covered


def test_every_limit_has_a_source_with_a_year() -> None:
    assert all(re.search(r"Zendesk, .*\(20\d\d", limit.source) and limit.value > 0 for limit in desk.limits)
    assert len({limit.name for limit in desk.limits}) == len(desk.limits)
