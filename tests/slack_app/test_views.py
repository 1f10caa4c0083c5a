"""Modals: opened, stacked, filled in, answered, closed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Edited, Event, Form, Press, PressAnswered, Sent, Write
from slack_app.kit import BUTTON, MODAL, PLAIN, Account, error, good

FINE = Write(parts=(Form(name="survey", values={"t": "fine"}),))


def opened(account: Account, **fields: Any) -> dict[str, Any]:
    view: dict[str, Any] = good(
        account.call("views.open", trigger_id=account.command()["trigger_id"], view={**MODAL, **fields})
    )["view"]
    return view


def test_a_modal_is_seen_as_a_form_and_comes_back_filled_in(account):
    view = opened(account, private_metadata="dialog-7")
    form = account.chat.messages[view["id"]].parts[-1]
    told = account.event(FINE)["view"]
    assert form == Form(name="survey", values={"t": "Comment"})
    assert told["state"]["values"] == {"c": {"t": {"type": "plain_text_input", "value": "fine"}}}
    assert (told["private_metadata"], told["hash"]) == ("dialog-7", view["hash"])


@pytest.mark.parametrize(
    ("element", "given", "state"),
    [
        ({"type": "static_select", "action_id": "t", "options": [{"text": PLAIN, "value": "y"}]}, "Yes", {"selected_option": {"text": PLAIN, "value": "y"}}),
        ({"type": "checkboxes", "action_id": "t", "options": [{"text": PLAIN, "value": "y"}]}, "y", {"selected_options": [{"text": PLAIN, "value": "y"}]}),
        ({"type": "datepicker", "action_id": "t"}, "2026-12-24", {"selected_date": "2026-12-24"}),
        ({"type": "number_input", "action_id": "t", "is_decimal_allowed": False}, 5, {"value": "5"}),
    ],
)  # fmt: skip
def test_fields_of_every_kind_are_filled_in(account, element, given, state):
    opened(account, blocks=[{**MODAL["blocks"][0], "element": element}])
    values = account.event(Write(parts=(Form(name="survey", values={"Comment": given}),)))["view"]["state"]["values"]
    assert values["c"]["t"] == {"type": element["type"], **state}


@pytest.mark.parametrize("values", [{}, {"t": "x", "other": "y"}])
def test_a_form_that_does_not_fit_is_not_sent(account, values):
    opened(account)
    with pytest.raises(Unsupported):
        account.updates(Write(parts=(Form(name="survey", values=values),)))


def test_without_a_modal_there_is_nothing_to_send(account):
    with pytest.raises(Unsupported, match="no modal is open"):
        account.updates(FINE)


@pytest.mark.parametrize(
    ("answer", "effect", "left"),
    [
        ("", None, 0),
        ({"response_action": "clear"}, None, 0),
        ({"response_action": "errors", "errors": {"c": "More"}}, PressAnswered, 1),
        ({"response_action": "update", "view": MODAL}, Edited, 1),
        ({"response_action": "push", "view": MODAL}, Sent, 2),
        ({"response_action": "errors", "errors": {"nothing": "More"}}, "invalid_arguments", 1),
        ({"response_action": "dance"}, "invalid_arguments", 1),
        ({"response_action": "update", "view": {}}, "invalid_arguments", 1),
    ],
)
def test_an_answer_to_a_submission_means_something(account, answer, effect, left):
    opened(account)
    (done,) = account.acked(FINE, json.dumps(answer).encode() if answer else b"")
    if isinstance(effect, str):
        assert done.call is not None and not done.call.ok and done.call.error.startswith(effect)
    else:
        assert [type(one) for one in done.effects] == ([] if effect is None else [effect])
    assert len(account.chat.modals) == left


def test_three_modals_are_the_most(account):
    opened(account)
    for _ in range(2):
        good(account.call("views.push", trigger_id=account.command()["trigger_id"], view=MODAL))
    assert (
        error(account.call("views.push", trigger_id=account.command()["trigger_id"], view=MODAL))
        == "push_limit_reached"
    )


def test_a_button_in_a_modal_is_pressed_there(account):
    view = opened(account, blocks=[{"type": "actions", "elements": [BUTTON]}])
    event = account.event(Press(button=account.chat.messages[view["id"]].buttons[0], message_id=view["id"]))
    assert event["container"] == {"type": "view", "view_id": view["id"]} and "response_url" not in event


def test_closing_is_told_to_who_has_asked_for_it(account):
    opened(account)
    assert account.event(Event(name="view_closed"))["is_cleared"] is False
    opened(account, notify_on_close=False)
    assert account.told(Event(name="view_closed")) == [] and account.chat.modals == []


def test_an_update_wants_the_hash_of_what_it_changes(account):
    view = opened(account, external_id="mine")
    newer = good(
        account.call("views.update", external_id="mine", hash=view["hash"], view={**MODAL, "callback_id": "two"})
    )["view"]
    assert (newer["id"], newer["callback_id"]) == (view["id"], "two")
    assert error(account.call("views.update", view_id=view["id"], hash=view["hash"], view=MODAL)) == "hash_conflict"


def test_a_home_tab_is_kept_and_told(account):
    good(account.call("views.publish", user_id=account.to, view={"type": "home", "blocks": [{"type": "divider"}]}))
    assert account.event(Event(name="app_home_opened"))["view"]["type"] == "home"
