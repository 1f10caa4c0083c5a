"""The reference bot is drilled by mail in virtual time: by webhook and by SMTP."""

from __future__ import annotations

import asyncio

import pytest

from chatdrill.engine.bot import free_port
from chatdrill.run.execute import execute
from chatdrill.run.pace import loop_factory
from chatdrill.run.selection import make_cases, why_not_here
from chatdrill.run.settings import load_settings
from shipped import shipped

_BY_SMTP = "by SMTP"
_FILES = ("mail", "returns/photo-first.drill.yaml", "questions/address.drill.yaml", "fittings/by-buttons.drill.yaml")


@pytest.mark.parametrize("way", ["by webhook", _BY_SMTP])
def test_the_shops_bot_is_drilled_by_mail(way: str) -> None:
    port = free_port()
    given = {
        "app": "chatdrill_scenarios.shoebot:app",
        "port": 0,
        "clock": "virtual",
        "start": "2026-01-12 10:00 Europe/Warsaw",
    }
    if way == _BY_SMTP:
        given |= {"webhook": [f"email=smtp://127.0.0.1:{port}"], "bot_env": [f"EMAIL_MX_PORT={port}"]}
    settings = load_settings(given, environ={})
    cases = make_cases(shipped(*_FILES), ["email"])
    odd = [case for case in cases if case.scenario.name == "Odd programs"]
    played = [case for case in cases if why_not_here(case.scenario, settings) is None and case not in odd[3:]]
    assert len(played) >= 10
    with asyncio.Runner(loop_factory=loop_factory(settings)) as runner:
        result = runner.run(execute(settings, played, seed=1, trace=None))
    assert {case.verdict for case in result.judgement.cases} == {"pass"}, result.judgement
