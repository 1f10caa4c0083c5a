"""Presses, commands, shortcuts, and the addresses and triggers that come with them."""

from __future__ import annotations

import pytest

from chatdrill.model import Deleted, Edited, Event, Press, Sent
from chatdrill.wire import HttpResponse
from chatdrill_fakes.platforms.slack import platform
from slack_app.kit import BUTTON, MODAL, Account, answer, error, good

OPTIONS = [{"text": {"type": "plain_text", "text": word}, "value": word.lower()} for word in ("A", "B")]


def menu(account: Account, *elements: dict[str, object]) -> Press:
    message = account.sent(
        text="?", blocks=[{"type": "actions", "block_id": "b", "elements": list(elements or (BUTTON,))}]
    )
    return Press(button=message.buttons[-1], message_id=message.id)


@pytest.mark.parametrize(
    ("element", "said"),
    [
        (BUTTON, {"value": "y"}),
        ({**BUTTON, "url": "https://a.test"}, {"value": "y", "url": "https://a.test"}),
        ({"type": "static_select", "action_id": "s", "options": OPTIONS}, {"selected_option": OPTIONS[1]}),
        ({"type": "multi_static_select", "action_id": "s", "options": OPTIONS}, {"selected_options": [OPTIONS[1]]}),
        ({"type": "checkboxes", "action_id": "s", "options": OPTIONS}, {"selected_options": [OPTIONS[1]]}),
        ({"type": "radio_buttons", "action_id": "s", "options": OPTIONS}, {"selected_option": OPTIONS[1]}),
        ({"type": "overflow", "action_id": "s", "options": OPTIONS}, {"selected_option": OPTIONS[1]}),
        ({"type": "datepicker", "action_id": "s"}, {"selected_date": "2026-09-21"}),
        ({"type": "timepicker", "action_id": "s"}, {"selected_time": "14:00"}),
        ({"type": "channels_select", "action_id": "s"}, {"selected_channel": "C0CHATDRILL"}),
    ],
    ids=lambda value: value.get("type") if isinstance(value, dict) else None,
)
def test_every_element_says_what_was_chosen(account, element, said):
    (action,) = account.event(menu(account, element))["actions"]
    assert {key: action[key] for key in said} == said and action["block_id"] == "b"


def test_a_press_names_message_and_place_and_the_message_stays(account):
    press = menu(account)
    first, second = account.event(press), account.event(press)
    assert first["container"]["message_ts"] == first["message"]["ts"] == press.message_id
    assert first["trigger_id"] != second["trigger_id"] and first["response_url"] != second["response_url"]


def test_a_whispered_message_is_not_shown_again(account):
    done = account.call(
        "chat.postEphemeral",
        channel=account.dm,
        user=account.to,
        text="?",
        blocks=[{"type": "actions", "elements": [BUTTON]}],
    )
    ts = good(done)["message_ts"]
    event = account.event(Press(button=account.chat.messages[ts].buttons[0], message_id=ts))
    assert event["container"]["is_ephemeral"] and "message" not in event
    assert error(account.call("chat.update", channel=account.dm, ts=ts, text="x")) == "message_not_found"
    replaced = account.respond(event["response_url"], text="done", replace_original=True)
    assert isinstance(replaced.effects[0], Edited) and account.chat.messages[ts].text == "done"


@pytest.mark.parametrize(
    ("values", "effect"),
    [
        ({"text": "x"}, Sent),
        ({"text": "x", "response_type": "in_channel"}, Sent),
        ({"text": "x", "replace_original": True}, Edited),
        ({"delete_original": True}, Deleted),
    ],
)
def test_a_response_url_says_changes_and_deletes(account, values, effect):
    done = account.respond(account.event(menu(account))["response_url"], **values)
    assert [type(one) for one in done.effects] == [effect] and done.response.body == b"ok"
    whispered = set(account.chat.ephemeral) & set(account.chat.messages)
    assert bool(whispered) is (values == {"text": "x"})


def test_a_response_url_serves_five_times(account):
    url = account.command()["response_url"]
    outcomes = [account.respond(url, text=str(number)) for number in range(6)]
    assert [one.response.status for one in outcomes] == [200] * 5 + [404]
    assert answer(outcomes[-1]) == {"ok": False, "error": "used_url"}


def test_a_response_url_serves_half_an_hour(account):
    url = account.command()["response_url"]
    account.now += 1801
    assert answer(account.respond(url, text="late"))["error"] == "expired_url"


@pytest.mark.parametrize(
    ("body", "words", "is_for_all"),
    [
        (b"", None, False),
        (b"plain words", "plain words", False),
        (b'{"text":"only you"}', "only you", False),
        (b'{"response_type":"in_channel","text":"all"}', "all", True),
    ],
)
def test_the_answer_to_a_command_is_a_message(account, body, words, is_for_all):
    shown = [effect.message for one in account.acked(Event(name="slash_command"), body) for effect in one.effects]
    assert [one.text for one in shown] == ([] if words is None else [words])
    assert (shown and shown[0].id in account.state.rooms[account.dm].messages) == (is_for_all if words else [])


def test_broken_blocks_in_an_answer_are_on_record(account):
    (done,) = account.acked(Event(name="slash_command"), b'{"blocks":[{"type":"dance"}]}')
    assert done.call is not None and done.call.error.startswith("invalid_blocks: ")


def test_a_trigger_opens_one_view_within_three_seconds(account):
    first, second = account.command()["trigger_id"], account.event(Event(name="shortcut"))["trigger_id"]
    account.now += 3
    assert good(account.call("views.open", trigger_id=first, view=MODAL))["view"]["callback_id"] == "survey"
    assert error(account.call("views.open", trigger_id=first, view=MODAL)) == "exchanged_trigger_id"
    account.now += 0.5
    assert error(account.call("views.open", trigger_id=second, view=MODAL)) == "expired_trigger_id"


def test_an_incoming_webhook_posts_to_the_channel(account):
    path = f"/services/{account.state.team}/{account.state.bot}/abc"
    assert account.respond(path, text="Good morning").response.body == b"ok"
    assert [raw["text"] for raw in account.state.rooms[account.channel].messages.values()] == ["Good morning"]
    assert [
        account.respond(path.replace("T0", "T1"), text="x").response.status,
        account.respond(path).response.status,
    ] == [404, 400]


def test_options_are_wanted_for_a_suggestion(account):
    updates = account.updates(Event(name="block_suggestion"))
    acks = [
        platform.read_ack(account.state, updates, HttpResponse(200, (), body), 0.0) for body in (b'{"options":[]}', b"")
    ]
    assert [one.ok for one in acks] == [True, False]
