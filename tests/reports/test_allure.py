"""Allure results: files that Allure's own model takes, the same for the same run."""

from __future__ import annotations

import json
from inspect import signature

import pytest
from allure_commons import model2

from chatdrill_reports import allure
from reports.past import a_past

STATUSES = {"passed", "failed", "broken", "skipped"}


@pytest.fixture(scope="module")
def files(run) -> dict[str, bytes]:
    return allure.render(**run, past=a_past(run["judgement"], run["records"]))


@pytest.fixture(scope="module")
def results(files) -> dict[str, dict]:
    loaded = (json.loads(content) for name, content in files.items() if name.endswith("-result.json"))
    return {one["name"]: one for one in loaded}


def known(kind: type) -> set[str]:
    return set(signature(kind).parameters)


def test_every_field_is_one_of_allures_own_model(results):
    for one in results.values():
        assert set(one) <= known(model2.TestResult) and one["status"] in STATUSES and one["stop"] >= one["start"] > 1e12
        assert set(one["statusDetails"]) <= known(model2.StatusDetails)
        assert all(set(step) <= known(model2.TestStepResult) and step["status"] in STATUSES for step in one["steps"])
        assert all(set(item) <= known(model2.Attachment) for item in one["attachments"])
        assert all(set(item) <= known(model2.Parameter) for item in one["parameters"])
        assert all(set(item) <= known(model2.Label) for item in one["labels"])


def test_every_attachment_is_there_and_nothing_else_is(files, results):
    sources = {item["source"] for one in results.values() for item in one["attachments"]}
    kinds = ("-result.json", "-container.json", "categories.json", "environment.properties")
    assert sources == {name for name in files if not name.endswith(kinds)}
    assert any(files[source].startswith(b"\xff\xd8") for source in sources)


def test_a_container_has_the_conversations_of_a_file(files, results):
    found = [json.loads(content) for name, content in files.items() if name.endswith("-container.json")]
    assert all(set(one) <= known(model2.TestResultContainer) for one in found)
    assert sorted(child for one in found for child in one["children"]) == sorted(
        one["uuid"] for one in results.values()
    )


def test_a_failure_has_its_message_steps_and_the_command_that_repeats_it(results):
    one = results["three-day return · WhatsApp · size 42, reason za małe"]
    assert one["status"] == "failed" and "etykieta" in one["statusDetails"]["message"]
    assert (
        "Play it again with:" in one["statusDetails"]["trace"]
        and "the fault of the bot" in one["statusDetails"]["trace"]
    )
    assert "failed" in {step["status"] for step in one["steps"]}


def test_what_was_flaky_in_earlier_runs_is_marked(results):
    assert results["order status · Telegram"]["statusDetails"]["flaky"] is True


def test_the_same_run_gives_the_same_files(run):
    assert allure.render(**run) == allure.render(**run)
