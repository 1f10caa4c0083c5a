from __future__ import annotations

import hashlib

import pytest

from chatdrill.engine.cases import cases
from chatdrill.engine.expect import expect, regex
from chatdrill.engine.scenario import Scenario
from chatdrill.engine.steps import step_to_dict, substitute
from chatdrill.engine.verbs import Steps
from chatdrill.errors import ScenarioError
from chatdrill.model import Customer

BOTH = ["telegram", "whatsapp"]


def test_a_case_for_each_platform_and_row(load) -> None:
    scenario = load("name: Status\ndata: [{order: 553}, {order: 554}]\nsteps: [says: '{order}']")
    made = cases(scenario, BOTH)
    assert [case.id.rpartition("/")[2] for case in made] == [
        "orders.drill.yaml::Status [telegram] [order=553]",
        "orders.drill.yaml::Status [telegram] [order=554]",
        "orders.drill.yaml::Status [whatsapp] [order=553]",
        "orders.drill.yaml::Status [whatsapp] [order=554]",
    ]


def test_a_scenario_runs_on_its_platforms_that_are_there() -> None:
    scenario = Scenario("x", platforms=["whatsapp", "messenger"]).says("Hi")
    assert [case.platform for case in cases(scenario, BOTH)] == ["whatsapp"]


def test_ids_are_unique_also_where_rows_look_alike() -> None:
    rows = [{"text": "a" * 100 + str(number)} for number in range(3)] + [{"text": "b"}]
    ids = [case.id for case in cases(Scenario("x", data=rows).says("Hi"), ["telegram"])]
    assert len(set(ids)) == 4
    assert ids[0].endswith("… #1]")
    assert max(map(len, ids)) < 100


def test_known_values_are_filled_in_and_captured_ones_wait() -> None:
    scenario = Scenario("x", vars={"shop": "S", "order": 1}, data=[{"order": 553}])
    (case,) = cases(scenario.hears(regex("(?P<nr>.)")).says("{shop} {order} {platform} {nr} {customer.name}"), BOTH[:1])
    assert case.steps[1].pieces[0].text == "S 553 telegram {nr} {customer.name}"
    values = case.start_values({"customer": Customer(key="customer", first_name="Anna")}) | {"nr": "7"}
    assert substitute(case.steps[1], values).pieces[0].text == "S 553 telegram 7 Anna"


def test_customer_means_whoever_acts() -> None:
    scenario = (
        Scenario("x", customers={"anna": {}, "boris": {}}).says("{customer.name}").says("{customer.name}", by="boris")
    )
    (case,) = cases(scenario, BOTH[:1])
    assert [step.pieces[0].text for step in case.steps] == ["{anna.name}", "{boris.name}"]


def test_conditions_that_are_decided_leave_no_trace() -> None:
    scenario = Scenario("x").when("{platform} == telegram", Steps().says("a"), Steps().says("b")).says("c")
    texts = {case.platform: [s.pieces[0].text for s in case.steps] for case in cases(scenario, BOTH)}
    assert texts == {"telegram": ["a", "c"], "whatsapp": ["b", "c"]}
    assert all("when" not in step_to_dict(step) for case in cases(scenario, BOTH) for step in case.steps)


def test_conditions_on_captured_values_stay() -> None:
    scenario = Scenario("x").hears(regex("(?P<nr>.)")).when("{nr} == 1 and {platform} == telegram", Steps().says("a"))
    (case,) = cases(scenario, BOTH[:1])
    assert case.steps[1].when[0].condition == "{nr} == 1 and 'telegram' == telegram"


def test_a_vendors_event_only_happens_on_its_platform() -> None:
    scenario = Scenario("x").happens("whatsapp", "e").says("Hi")
    assert [len(case.steps) for case in cases(scenario, BOTH)] == [1, 2]


def test_marks_follow_their_steps(load) -> None:
    scenario = load("name: x\nsteps:\n  - if: '{platform} == telegram'\n    then: [says: a]\n  - says: b")
    telegram, whatsapp = cases(scenario, BOTH)
    assert [mark.partition(".yaml:")[2] for mark in telegram.marks] == ["4:12", "5:5"]
    assert [mark.partition(".yaml:")[2] for mark in whatsapp.marks] == ["5:5"]


def test_files_are_found_beside_the_scenario_before_the_samples(load, write, tmp_path) -> None:
    own = write("own", "shoe.jpg")
    samples = {"shoe.jpg": tmp_path / "other", "voice-en.ogg": tmp_path / "v"}
    scenario = load("name: x\npersona: elderly\nvars: {f: shoe.jpg}\nsteps: [sends: '{f}']")
    (case,) = cases(scenario, BOTH[:1], samples=samples)
    assert case.files == {"shoe.jpg": own, "voice-en.ogg": tmp_path / "v"}


def test_a_file_that_is_not_there_names_step_and_nearest_sample(load, tmp_path) -> None:
    scenario = load("name: x\nvars: {f: shoo.jpg}\nsteps: [sends: '{f}']")
    with pytest.raises(ScenarioError, match=r"yaml:3:9: no file 'shoo\.jpg'.*did you mean 'shoe\.jpg'\?"):
        cases(scenario, BOTH, samples={"shoe.jpg": tmp_path})


def test_an_expected_file_becomes_its_hash(tmp_path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"content")
    samples = {"a.pdf": tmp_path / "a.pdf"}
    (case,) = cases(Scenario("x").hears(expect(of="a.pdf")).never(expect(of="a.pdf")), BOTH[:1], samples=samples)
    digest = hashlib.sha256(b"content").hexdigest()
    assert case.steps[0].expectations[0].sha256 == case.steps[1].expectation.sha256 == digest


def test_a_row_without_a_value_is_an_error_before_anything_runs() -> None:
    scenario = Scenario("x", data=[{"a": 1}, {"b": 2}]).says("{a}")
    with pytest.raises(ScenarioError, match=r"^x: \{a\} has no value here"):
        cases(scenario, BOTH)
