"""``chatdrill zoo``: what it chooses, what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatdrill.cli import PASS, USAGE, main
from chatdrill_scenarios.zoo.catalogue import SPECIMENS
from chatdrill_scenarios.zookeeper.keeping import Alarm, Score, sample
from chatdrill_scenarios.zookeeper.telling import markdown, table
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


@pytest.mark.parametrize("flags", [["--category", "delivry"], ["-k", "no such thing"], ["--processes", "0"]])
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
    seen = [sighting(str(more), messages=2 + more, minimum=2) for more in (0, 1, 5)]
    assert Score([*seen, sighting("without")]).excess == 1.0


def test_a_sample_has_some_of_each_category() -> None:
    few = sample(SPECIMENS, 2)
    categories = {one.category for one in SPECIMENS}
    assert len(few) == 2 * len(categories) and {one.category for one in few} == categories
