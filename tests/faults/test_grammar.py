"""Faults as people write them."""

from __future__ import annotations

import json

import pytest

from chatdrill.cli import main
from chatdrill.engine.faulting import PRESETS, check_places, example, read_faults
from chatdrill.engine.scenario import Scenario
from chatdrill.errors import ScenarioError, SettingsError
from chatdrill.run.settings import load_settings
from chatdrill.serve.faults import KINDS


def test_a_kind_takes_chance_time_count_and_place_in_any_order() -> None:
    (batch,) = read_faults("batch x3 10% 1s-2s on whatsapp")
    assert (batch.share, batch.between_s, batch.count, batch.on) == (0.1, (1.0, 2.0), 3, "whatsapp")
    assert read_faults("batch on whatsapp 1s-2s 10 % x 3") == (batch,)


def test_what_is_not_said_is_as_usual() -> None:
    (delay,) = read_faults("delay")
    assert (delay.share, delay.between_s, delay.on) == (0.05, (2.0, 2.0), "*")


def test_a_status_is_a_kind() -> None:
    first, second = read_faults("429 1% 5s, 503 2%")
    assert [(one.kind.name, one.status, one.share) for one in (first, second)] == [
        ("api-error", 429, 0.01),
        ("api-error", 503, 0.02),
    ]
    assert read_faults("api-error 429 1% 5s") == (first,)


def test_the_later_beats_the_earlier_of_its_kind() -> None:
    changed = {rule.kind.name: rule.share for rule in read_faults("flaky-mobile, duplicate 50%, delay 0%")}
    assert changed["duplicate"] == 0.5
    assert "delay" not in changed
    assert len(read_faults("delay 1% on telegram, delay 2%")) == 2


def test_none_is_nothing() -> None:
    assert read_faults("none") == ()


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_preset_is_its_text(name: str) -> None:
    assert read_faults(name) == read_faults(PRESETS[name].text) != ()


@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_example_of_a_kind_can_be_read(name: str) -> None:
    assert [rule.kind.name for rule in read_faults(example(KINDS[name]))] == [name]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("duplcate 5%", "no fault is called 'duplcate'; did you mean 'duplicate'?"),
        ("flaky-mobil", "did you mean 'flaky-mobile'?"),
        ("xyzzy", "'chatdrill faults' lists them"),
        ("storm 5%", "the preset 'storm' takes nothing behind it"),
        ("delay 5", "'5' has no unit: write 5s, or 5% for a chance"),
        ("delay 2x", "not a duration: '2x'"),
        ("delay 3s-1s", "no time from less to more"),
        ("duplicate 2s", "'duplicate' has no time; write it like duplicate x3 5%"),
        ("delay x3", "'delay' has no count"),
        ("delay 5% 6%", "two of a kind: a chance"),
        ("delay 101%", "a chance is 0% to 100%"),
        ("200 5%", "a status from 400 to 599, not by 200"),
        ("delay often", "'delay' does not take 'often'; write it like delay 2s 5%"),
        ("delay,,429", "nothing between two commas"),
    ],
)
def test_a_mistake_is_answered_with_what_is_right(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("?", "\\?").replace("(", "\\(")):
        read_faults(text)


def test_a_place_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no platform or desk is called 'telegrm'; did you mean 'telegram'\?"):
        check_places(read_faults("delay on telegrm"), ["telegram"])


def test_a_setting_is_checked_where_it_stands() -> None:
    assert load_settings({"faults": "flaky-mobile"}, environ={})["faults"] == "flaky-mobile"
    with pytest.raises(SettingsError, match=r"--faults: expected faults such as .* \(no fault is called 'duplcate'"):
        load_settings({"faults": "duplcate"}, environ={})


def test_a_scenario_has_faults_of_its_own() -> None:
    assert Scenario("quiet", faults="none").faults == "none"
    with pytest.raises(ScenarioError, match="did you mean 'storm'"):
        Scenario("wrong", faults="strom")


def test_the_command_lists_kinds_and_presets(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faults", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in listed["kinds"]] == list(KINDS)
    assert [one["name"] for one in listed["presets"]] == list(PRESETS)
    assert main(["faults"]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in (*KINDS, *PRESETS))
