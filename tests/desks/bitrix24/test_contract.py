"""What the desk declares is true."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import pytest

from chatdrill.errors import SettingsError
from chatdrill.model import Agent
from chatdrill.wire import HttpRequest
from chatdrill_fakes.desks.bitrix24 import desk
from chatdrill_fakes.desks.bitrix24.acting import _ACTS
from chatdrill_fakes.desks.bitrix24.coverage import PARTIAL, UNTOLD
from chatdrill_fakes.desks.bitrix24.methods import METHODS
from chatdrill_fakes.desks.bitrix24.refused import REFUSED
from desks.bitrix24.kit import BASE, HOOK, Portal

ROOT = Path(__file__).parents[3]


def test_every_method_is_declared_once() -> None:
    names = [each.name for each in desk.coverage]
    assert len(names) == len(set(names))
    assert {*METHODS, *REFUSED.values(), "batch", "oauth.token"} <= set(names)
    assert not set(REFUSED) & {name.lower() for name in METHODS} and set(PARTIAL) <= set(METHODS)


def test_every_proof_is_a_test_that_exists() -> None:
    for entry in desk.coverage:
        file, _, test = entry.proof.partition("::")
        assert f"def {test}(" in (ROOT / file).read_text(), entry
        assert entry.status == "supported" or entry.note, entry


@pytest.mark.parametrize("event", [name for name in UNTOLD if not name.startswith(("ONIMBOTV2", "ONIMCOMMAND"))])
def test_what_is_never_told_is_declared(event: str) -> None:
    portal = Portal()
    assert portal.result("event.bind", {"event": event, "handler": HOOK}) is True
    portal.reply(portal.sent())
    assert not portal.updates(event)


def test_limits_have_units_and_sources() -> None:
    assert all(limit.unit and "2026" in limit.source for limit in desk.limits)
    assert len({limit.name for limit in desk.limits}) == len(desk.limits)


def test_acts_are_done_or_explained() -> None:
    assert {kind.__struct_config__.tag for kind in _ACTS} | {"set_presence", "elapse"} == desk.capabilities.acts
    assert {"set_state", "release", "rate"} <= set(desk.capabilities.lacks)


def test_the_environment_points_a_bot_at_the_desk(portal: Portal) -> None:
    found = desk.environment(portal.state, f"{BASE}/")
    assert found["BITRIX24_API_ROOT"] == BASE
    assert found["BITRIX24_WEBHOOK_URL"] == f"{BASE}/rest/1/chatdrillwebhook/"
    assert {"BITRIX24_ACCESS_TOKEN", "BITRIX24_APPLICATION_TOKEN", "BITRIX24_CLIENT_ID", "BITRIX24_LINE"} <= set(found)
    assert all(each.env.startswith("BITRIX24_") for each in desk.settings)


@pytest.mark.parametrize("name", ["line", "user_id"])
def test_a_setting_that_must_be_a_number_is_one(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Portal(**{name: "x"})


def test_the_desk_claims_what_only_a_portal_has(portal: Portal) -> None:
    paths = ("/rest/profile", "/oauth/token/", "/v1/messages")
    assert [desk.claims(HttpRequest("GET", path), portal.state) for path in paths] == [True, True, False]


def test_the_same_seed_gives_the_same_portal() -> None:
    first, second = Portal(), Portal()
    assert first.sent() == second.sent()
    assert [each.body for each in first.updates()] == [each.body for each in second.updates()]


def test_it_is_found_by_its_entry_point() -> None:
    (point,) = entry_points(group="chatdrill.desks", name="bitrix24") or (None,)
    assert point is None or point.load() is desk


def test_a_team_is_a_line_with_its_queue(portal: Portal) -> None:
    desk.hire(portal.state, Agent(key="ivo", first_name="Ivo", team="Billing"))
    (line,) = [each for each in portal.state.lines.values() if each.name == "Billing"]
    assert line.queue == ["bob", "ivo"] and portal.state.line.queue == ["bob", "eva", "ivo"]
