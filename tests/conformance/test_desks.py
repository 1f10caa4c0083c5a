"""Every law holds at every helpdesk that comes with chatdrill."""

from __future__ import annotations

from functools import cache, partial
from importlib import import_module
from importlib.metadata import entry_points

import pytest

from chatdrill.conformance import LAWS, Law, Result, check_desk
from chatdrill.conformance.house import NOW, WEBHOOK, Correct
from chatdrill.run.registry import host_of, load_desk

DESKS = sorted(found.name for found in entry_points(group="chatdrill.desks") if host_of(found.name) is None)
SETTINGS = {"amocrm": {"crm_webhook": WEBHOOK}}
"""amoCRM tells of the end by a webhook of its own, which is off by default."""


def rehearsal(desk: str) -> Correct:
    found = import_module(f"chatdrill_fakes.desks.{desk}.rehearsal")
    return partial(found.AmoRehearsal, now=NOW) if desk == "amocrm" else found.Rehearsal


@cache
def result_of(desk: str, law: Law) -> Result:
    [result] = check_desk(load_desk(desk), rehearsal(desk), settings=SETTINGS.get(desk), laws=[law]).results
    return result


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
@pytest.mark.parametrize("desk", DESKS)
def test_the_law_holds(desk: str, law: Law) -> None:
    result = result_of(desk, law)
    assert result.verdict != "broken", result.detail


def test_few_laws_do_not_apply() -> None:
    idle = [(desk, law.name) for desk in DESKS for law in LAWS if result_of(desk, law).verdict == "does not apply"]
    assert len(idle) <= len(DESKS), idle
