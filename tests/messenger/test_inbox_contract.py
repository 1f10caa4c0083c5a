"""The inbox of another app, and what the desk declares of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatdrill.errors import SettingsError, UsageError
from chatdrill.model import Event, TakeOver
from chatdrill.wire import Exchange, HttpRequest, Resident
from chatdrill_fakes.platforms.messenger.inbox import desk
from chatdrill_fakes.platforms.messenger.inbox.acting import _ACTS
from messenger.inbox_kit import INBOX, OTHER, Inbox

ROOT = Path(__file__).parents[2]


# --------------------------------------------------------------------------------------------- another helpdesk


@pytest.fixture
def helpdesk() -> Inbox:
    """The app of another vendor, which is not the default app."""
    made = Inbox(app_id=OTHER, app_name="Helpdesk")
    made.says("hello")
    return made


def test_another_helpdesk_is_a_secondary_receiver(helpdesk: Inbox) -> None:
    known = helpdesk.call("GET", "me/secondary_receivers?fields=id,name")["data"]
    assert known == [{"id": INBOX, "name": "Page Inbox"}, {"id": OTHER, "name": "Helpdesk"}]
    helpdesk.passed()
    assert helpdesk.owner == "queue"


def test_another_helpdesk_has_to_ask_for_a_thread(helpdesk: Inbox) -> None:
    helpdesk.act(TakeOver(agent="bob"))
    array, event = helpdesk.told[-1]
    assert (array, event["request_thread_control"]) == ("messaging", {"requested_owner_app_id": OTHER})
    assert helpdesk.owner == "bot"
    with pytest.raises(UsageError, match="2018300"):
        helpdesk.writes("hello")


def test_echoes_name_the_other_helpdesk(helpdesk: Inbox) -> None:
    helpdesk.passed()
    helpdesk.writes("Bob here")
    echoes = [event["message"] for array, event in helpdesk.told if array == "standby" and "message" in event]
    assert [echo["app_id"] for echo in echoes] == [int(OTHER)]


# ------------------------------------------------------------------------------------------------ the contract


def test_a_scenarios_own_events_are_seen_too(inbox: Inbox) -> None:
    inbox.happens(Event(name="take_thread_control"))
    assert inbox.owner == "queue"
    inbox.happens(Event(name="pass_thread_control"))
    assert inbox.owner == "bot"


def test_the_inbox_has_no_api_of_its_own(inbox: Inbox) -> None:
    request = HttpRequest("POST", "/v25.0/me/pass_thread_control")
    handled = desk.handle(inbox.state, Exchange(request, inbox.now))
    assert handled.response is not None and handled.response.status == 404
    assert b"messenger" in handled.response.body and not desk.claims(request, inbox.state)


def test_settings_that_cannot_be_are_refused() -> None:
    with pytest.raises(SettingsError, match="app_id"):
        Inbox(app_id="inbox")
    with pytest.raises(SettingsError, match="default_app"):
        Inbox(default_app="bots")


def test_acts_are_done_or_explained() -> None:
    tags = {kind.__struct_config__.tag for kind in _ACTS}  # type: ignore[attr-defined]
    assert tags | {"set_presence"} == desk.capabilities.acts
    assert {"decline", "edit_reply", "delete_reply", "rate"} <= set(desk.capabilities.lacks)


def test_it_is_a_part_of_messenger_and_told_by_it(inbox: Inbox) -> None:
    assert isinstance(desk, Resident) and desk.host == "messenger"
    found = desk.environment(inbox.state, "http://127.0.0.1:7700/messenger_inbox")
    assert found["MESSENGER_INBOX_APP_ID"] == INBOX
    assert not len(inbox.state.outbox) and desk.handshake(inbox.state) is None


def test_every_proof_is_a_test_that_exists() -> None:
    for entry in desk.coverage:
        file, _, test = entry.proof.partition("::")
        assert f"def {test}(" in (ROOT / file).read_text(), entry
        assert entry.status == "supported" or entry.note, entry


def test_limits_have_units_and_sources() -> None:
    assert {"metadata", "thread_idle"} <= {limit.name for limit in desk.limits}
    assert all(limit.unit and limit.source for limit in desk.limits)
