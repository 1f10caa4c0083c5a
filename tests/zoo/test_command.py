"""``chatdrill zoo``: what it chooses, what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatdrill.cli import PASS, USAGE, main
from chatdrill_scenarios.zoo.catalogue import SPECIMENS
from chatdrill_scenarios.zookeeper.hunting import Hunt
from chatdrill_scenarios.zookeeper.keeping import Alarm, Score, sample
from chatdrill_scenarios.zookeeper.telling import by_whom, markdown, table
from chatdrill_scenarios.zookeeper.watching import Sighting


def sighting(name: str, *, right: bool = True, **more: object) -> Sighting:
    check = "once" if right else ""
    return Sighting(name, "delivery", "telegram", "", check=check, right=right, by="suite", **more)  # type: ignore[arg-type]


def test_one_specimen_is_shown_and_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code = main(["zoo", "-k", "one memory for all of Telegram", "--processes", "1", "--json", "--out", str(tmp_path)])
    told = json.loads(capsys.readouterr().out)
    assert code == PASS and told["specimens"] == told["right_cause"] == 1
    assert json.loads((tmp_path / "zoo.json").read_text("utf-8")) == told
    assert "one memory for all of Telegram" in (tmp_path / "zoo.md").read_text("utf-8")


def test_the_list_has_every_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["zoo", "--list"]) == PASS
    assert len(capsys.readouterr().out.splitlines()) == len(SPECIMENS)


@pytest.mark.parametrize(
    "flags",
    [["--category", "delivry"], ["-k", "no such thing"], ["--processes", "0"], ["--fuzz", "-1"], ["--faults", "strom"]],
)
def test_what_cannot_be_chosen_is_bad_usage(flags: list[str]) -> None:
    assert main(["zoo", *flags]) == USAGE


def test_too_little_found_or_one_false_alarm_is_a_failure() -> None:
    most = Score([sighting(str(number), right=number > 0) for number in range(20)])
    assert most.share == 0.95 and most.is_good
    assert not Score([*most.sightings, sighting("missed", right=False)]).is_good
    assert not Score(most.sightings, [Alarm("the shop", "once", "said twice")]).is_good


def test_what_nobody_found_is_told_loudly() -> None:
    score = Score([sighting("seen"), sighting("unseen", right=False)])
    assert "NOTHING" in table(score) and "1 of   2" in table(score)
    assert "| unseen | NOTHING |" in markdown(score)


def test_the_chats_excess_is_the_median_over_those_that_were_written_by_hand() -> None:
    chats = [Hunt(check="once", right=True, messages=2 + more) for more in (0, 1, 5)]
    seen = [sighting(str(number), fuzzed=chat, minimum=2) for number, chat in enumerate(chats)]
    assert Score([*seen, sighting("without"), sighting("unseen", fuzzed=Hunt(), minimum=1)]).excess == 1.0


def test_the_score_says_who_has_found_what() -> None:
    found, other = Hunt(check="once", right=True, messages=1), Hunt(check="answered", messages=3)
    score = Score(
        [sighting("both", fuzzed=found, minimum=1), sighting("suite", fuzzed=other), sighting("neither asked")]
    )
    assert by_whom(score) == {"right_by_suite": 3, "fuzzed": 2, "right_by_fuzz": 1, "right_by_both": 1}
    assert "1 (1)" in table(score) and "(answered)" in table(score) and "+0 messages" in table(score)


def test_a_sample_has_some_of_each_category() -> None:
    few = sample(SPECIMENS, 2)
    categories = {one.category for one in SPECIMENS}
    assert len(few) == 2 * len(categories) and {one.category for one in few} == categories
