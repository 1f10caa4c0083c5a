"""What is declared is true: every route and topic is covered, and every proof exists."""

from __future__ import annotations

from pathlib import Path

from chatdrill_fakes.desks.intercom import desk
from chatdrill_fakes.desks.intercom.declared import TOPICS
from chatdrill_fakes.desks.intercom.routes import ROUTES

ROOT = Path(__file__).parents[3]


def test_every_call_and_topic_is_covered_once() -> None:
    names = [each.name for each in desk.coverage]
    assert len(names) == len(set(names)) and {route.name for route in ROUTES} | set(TOPICS) < set(names)
    declared = {each.name: each.status for each in desk.coverage}
    assert all(declared[route.name] == route.support for route in ROUTES)


def test_every_proof_exists() -> None:
    for each in desk.coverage:
        file, _, test = each.proof.partition("::")
        assert f"def {test}(" in (ROOT / file).read_text(), each


def test_what_is_partial_or_refused_says_why() -> None:
    assert all(each.note for each in desk.coverage if each.status != "supported")


def test_every_limit_has_a_source() -> None:
    assert all(limit.source and limit.value > 0 and limit.unit for limit in desk.limits)
