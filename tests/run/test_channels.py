"""One customer on several platforms: the same person, accounts of their own, checks that see both."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from chatdrill.engine.cases import Case
from chatdrill.engine.loader import load_scenarios
from chatdrill.engine.writer import write_scenario
from chatdrill.errors import ScenarioError
from chatdrill.run.execute import Result, execute
from chatdrill.run.pace import loop_factory
from chatdrill.run.registry import platform_names
from chatdrill.run.selection import make_cases, samples
from chatdrill.run.settings import load_settings
from chatdrill.trace import Acted, CaseBegan, Took
from chatdrill.trace.transcript import Transcripts

MOVES = """
name: Anna begins in one messenger and goes on in another
customers:
  anna: {first_name: Anna, phone: "+48500111222"}
  anna-viber: {same_as: anna, platform: viber}
sla: {first_response: 10s}
steps:
  - says: Hello
  - hears: {contains: Stepwell}
  - waits: 10m
  - as: anna-viber
    says: Where is order 553?
  - as: anna-viber
    hears: {contains: "553"}
"""


def load(folder: Path, text: str) -> Path:
    path = folder / "moves.drill.yaml"
    path.write_text(text, "utf-8")
    return path


def cases_of(folder: Path, platforms: list[str], text: str = MOVES) -> list[Case]:
    found = load_scenarios(load(folder, text), samples=samples(), platforms=platform_names())
    return make_cases(found, platforms)


def play(cases: list[Case], **more: object) -> Result:
    flags = {"app": "chatdrill_scenarios.shoebot:app", "port": 0, "clock": "virtual", **more}
    settings = load_settings(flags, environ={})
    with asyncio.Runner(loop_factory=loop_factory(settings)) as runner:
        return runner.run(execute(settings, cases, seed=7, trace=None))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return play(cases_of(tmp_path_factory.mktemp("moves"), ["telegram", "viber"]))


def test_one_person_has_an_account_on_each_platform(played: Result) -> None:
    (began,) = [record for record in played.records if isinstance(record, CaseBegan)]
    anna, there = began.customers["anna"], began.customers["anna-viber"]
    assert (anna.name, anna.phone, anna.email) == (there.name, there.phone, there.email)
    assert began.channels == {"anna-viber": "viber"} and len(set(began.addresses.values())) == 2


def test_both_conversations_are_played_and_judged(played: Result) -> None:
    assert played.judgement.verdict == "pass", played.judgement.findings
    spoken = {(record.conv or "").rpartition("/")[2] for record in played.records if isinstance(record, Took)}
    assert spoken == {"anna", "anna-viber"}
    waits = {(one.platform, one.name) for case in played.judgement.cases for one in case.latencies}
    assert waits >= {("telegram", "first_response"), ("viber", "first_response")}


def test_a_pause_passes_for_the_person_wherever_they_are(tmp_path: Path) -> None:
    result = play(cases_of(tmp_path, ["telegram", "viber"]), clock="real", speed=20)
    first, second = [record.at for record in result.records if isinstance(record, Acted) and record.cause == "step"]
    assert second - first >= 600


def test_the_transcript_says_where_they_go_on(played: Result) -> None:
    views = Transcripts()
    for record in played.records:
        views.add(record)
    (view,) = [views.view(case) for case in views.cases]
    assert view.channels == {"anna-viber": "Viber"} and view.wire
    assert not any(event.desk for event in view.wire)


def test_nobody_begins_where_they_go_on_and_all_their_platforms_must_be_there(tmp_path: Path) -> None:
    assert [case.platform for case in cases_of(tmp_path, ["telegram", "viber", "whatsapp"])] == ["telegram", "whatsapp"]
    assert cases_of(tmp_path, ["telegram", "whatsapp"]) == []


def test_the_scenario_is_written_again_as_it_was(tmp_path: Path) -> None:
    [scenario] = load_scenarios(load(tmp_path, MOVES), samples=samples(), platforms=platform_names())
    [again] = load_scenarios(load(tmp_path, write_scenario(scenario)), samples=samples(), platforms=platform_names())
    assert again.customers == scenario.customers and again.steps == scenario.steps


@pytest.mark.parametrize(
    ("customers", "said"),
    [
        ("{anna: {platform: viber}}", "see 'platforms'"),
        ("{anna: {}, ann: {same_as: ana, platform: viber}}", "did you mean 'anna'"),
        ("{anna: {}, ann: {same_as: anna}}", "needs a platform of their own"),
        ("{anna: {}, ann: {same_as: anna, platform: viber, phone: '+48500111222'}}", "where name, numbers and locale"),
        ("{anna: {}, ann: {platform: wiber}}", "did you mean 'viber'"),
        ("{anna: {}, ann: {same_as: bob, platform: viber}, bob: {same_as: ann, platform: viber}}", "no such customer"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_line(tmp_path: Path, customers: str, said: str) -> None:
    text = f"name: x\ncustomers: {customers}\nsteps:\n  - says: hi\n"
    with pytest.raises(ScenarioError, match=said) as caught:
        cases_of(tmp_path, ["telegram", "viber"], text)
    assert "moves.drill.yaml" in str(caught.value)
