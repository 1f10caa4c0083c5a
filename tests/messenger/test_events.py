"""Events that only Messenger has: standard payloads, overrides, and what they change at Meta's."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Button, Event, Press, React, Text, Write

NOW_MS = 1795212345001
PAGE = "104837562910475"
APP = "728451930662814"
INBOX = "263902037430900"
TEXT = Write(parts=(Text(text="hi"),))


def of(page: Any, to: str, name: str, **data: Any) -> Any:
    return page.event(to, Event(name=name, data=data))


def test_an_opt_in_key_by_key(page: Any, anna: str) -> None:
    optin = of(page, anna, "optin")["optin"]
    assert optin == {
        "type": "notification_messages",
        "payload": "weekly-deals",
        "title": "Weekly deals",
        "notification_messages_token": optin["notification_messages_token"],
        "notification_messages_timezone": "Europe/Vienna",
        "token_expiry_timestamp": NOW_MS + 180 * 86_400_000,
        "user_token_status": "NOT_REFRESHED",
    }


def test_an_opt_out_stops_the_token(page: Any, anna: str) -> None:
    token = of(page, anna, "optin")["optin"]["notification_messages_token"]
    optout = of(page, anna, "optout")["optin"]
    assert optout["notification_messages_token"] == token
    assert optout["notification_messages_status"] == "STOP NOTIFICATIONS"
    body = {"recipient": {"notification_messages_token": token}, "message": {"text": "deal"}}
    assert page.call("POST", "/v25.0/me/messages", body).code == (100, None)


def test_a_checkbox_without_a_psid_has_no_sender(page: Any, anna: str) -> None:
    plain = of(page, anna, "optin", ref="checkbox-order-77")
    faceless = of(page, anna, "optin", ref="checkbox-order-77", user_ref="u-5b1c")
    assert plain["optin"] == {"ref": "checkbox-order-77"} and plain["sender"] == {"id": anna}
    assert faceless == {
        "recipient": {"id": PAGE},
        "timestamp": NOW_MS,
        "optin": {"ref": "checkbox-order-77", "user_ref": "u-5b1c"},
    }


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("api_error", {"code": "much"}),
        ("api_error", {"subcode": {}}),
        ("api_error", {"times": []}),
        ("inbox_labels", {"label": "vip"}),
    ],
)
def test_an_event_that_makes_no_sense_is_refused(page: Any, anna: str, name: str, data: dict[str, Any]) -> None:
    with pytest.raises(Unsupported, match=name):
        page.events(anna, Event(name=name, data=data))


def test_account_linking_key_by_key(page: Any, anna: str) -> None:
    linked = of(page, anna, "account_linking", account_linking_token="ALT-1")["account_linking"]
    unlinked = of(page, anna, "account_linking", status="unlinked")["account_linking"]
    assert linked == {"status": "linked", "authorization_code": "AUTH-91"}
    assert unlinked == {"status": "unlinked"}
    answer = page.call("GET", "/v25.0/me", fields="recipient", account_linking_token="ALT-1")
    assert answer.json == {"id": PAGE, "recipient": anna}


def test_taking_and_passing_the_thread_key_by_key(page: Any, anna: str) -> None:
    taken = of(page, anna, "take_thread_control")["take_thread_control"]
    passed = of(page, anna, "pass_thread_control", metadata="done")["pass_thread_control"]
    asked = of(page, anna, "request_thread_control")["request_thread_control"]
    assert taken == {
        "previous_owner_app_id": APP,
        "new_owner_app_id": INBOX,
        "metadata": "a person takes over",
    }
    assert passed == {"previous_owner_app_id": INBOX, "new_owner_app_id": APP, "metadata": "done"}
    assert asked == {"requested_owner_app_id": INBOX, "metadata": "please"}


def test_app_roles_and_policies_have_no_sender(page: Any, anna: str) -> None:
    roles = of(page, anna, "app_roles")
    policy = of(page, anna, "policy_enforcement")
    unblock = of(page, anna, "policy_enforcement", action="unblock")
    assert roles == {"recipient": {"id": PAGE}, "timestamp": NOW_MS, "app_roles": {APP: ["primary_receiver"]}}
    assert policy["policy_enforcement"] == {"action": "block", "reason": "The Page sent spam."}
    assert "sender" not in policy and unblock["policy_enforcement"] == {"action": "unblock"}


def test_while_another_app_owns_the_thread_everything_is_on_standby(page: Any, anna: str) -> None:
    of(page, anna, "take_thread_control")
    (text,) = page.entries(anna, TEXT)
    (press,) = page.entries(anna, Press(button=Button(title="Help", kind="postback", payload="HELP")))
    assert "messaging" not in text and text["standby"][0]["message"]["text"] == "hi"
    assert press["standby"][0]["postback"].keys() == {"mid", "title"}
    assert page.updates(anna, React(message_id=next(iter(page.state.chats[anna].messages)), emoji="👍")) == []


def test_standby_is_a_field_of_its_own(page: Any, anna: str) -> None:
    of(page, anna, "take_thread_control")
    (update,) = page.updates(anna, TEXT)
    page.subscribe("messages")
    assert update.kind == "standby" and page.updates(anna, TEXT) == []


def test_a_thread_that_idles_for_a_day_comes_back(page: Any, anna: str, moved: Any) -> None:
    of(page, anna, "take_thread_control")
    moved(86_400)
    assert "messaging" in page.entries(anna, TEXT)[0]


def test_feedback_key_by_key(page: Any, anna: str) -> None:
    mid = page.send(anna, {"text": "hello"}).json["message_id"]
    form = of(page, anna, "messaging_feedback")["messaging_feedback"]
    thumb = of(page, anna, "response_feedback", feedback="Bad response")["response_feedback"]
    follow_up = {"type": "free_form", "payload": "quick answer"}
    question = {"type": "csat", "payload": "4", "follow_up": follow_up}
    assert form == {"feedback_screens": [{"screen_id": 0, "questions": {"q-csat": question}}]}
    assert thumb == {"feedback": "Bad response", "mid": mid}


def test_orders_forms_and_games_key_by_key(page: Any, anna: str) -> None:
    order = of(page, anna, "order", note=None)["order"]
    game = of(page, anna, "game_play")["game_play"]
    assert order.keys() == {"products"}
    assert order["products"][0].keys() == {"id", "retailer_id", "name", "unit_price", "currency", "quantity"}
    assert of(page, anna, "form")["form"] == {"id": "99001122"}
    assert game.keys() == {"game_id", "player_id", "context_type", "context_id", "score", "payload"}


def test_a_label_put_on_in_the_inbox_is_a_change(page: Any, anna: str) -> None:
    (entry,) = page.entries(anna, Event(name="inbox_labels"))
    (change,) = entry["changes"]
    assert entry["time"] == NOW_MS // 1000
    assert change == {
        "field": "inbox_labels",
        "value": {"user": {"id": anna}, "action": "add", "label": {"id": "44551", "page_label_name": "vip"}},
    }
    assert page.call("GET", f"/v25.0/{anna}/custom_labels").json["data"] == [{"id": "44551"}]


def test_a_comment_is_a_change_of_the_feed(page: Any, fresh: str) -> None:
    (entry,) = page.entries(fresh, Event(name="feed", data={"message": "price?", "from": {"name": "A. H."}}))
    (change,) = entry["changes"]
    value = change["value"]
    assert (change["field"], entry["time"]) == ("feed", NOW_MS // 1000)
    assert value["from"] == {"id": fresh, "name": "A. H."}
    assert value.keys() == {
        "item",
        "verb",
        "comment_id",
        "post_id",
        "parent_id",
        "from",
        "message",
        "created_time",
    }


def test_a_reviewed_template_can_be_sent(page: Any, anna: str) -> None:
    (entry,) = page.entries(anna, Event(name="message_template_status_update"))
    value = entry["changes"][0]["value"]
    language = {"code": "en"}
    template = {"name": "parcel_update", "language": language}
    assert value.keys() == {
        "event",
        "message_template_id",
        "message_template_name",
        "message_template_language",
        "reason",
    }
    assert page.send(anna, {"template": template}, messaging_type="UTILITY").status == 200


@pytest.mark.parametrize("alias", ["messaging_optins", "send_cart", "messaging_referrals", "messaging_account_linking"])
def test_an_event_may_be_called_by_its_field(page: Any, anna: str, alias: str) -> None:
    (update,) = page.updates(anna, Event(name=alias))
    assert update.kind == alias


def test_an_unknown_event_names_the_nearest(page: Any, anna: str) -> None:
    with pytest.raises(Unsupported, match="did you mean 'policy_enforcement'"):
        page.events(anna, Event(name="policy_enforcment"))


def test_a_scenario_can_make_the_next_call_fail(page: Any, anna: str) -> None:
    assert page.events(anna, Event(name="api_error", data={"code": 190, "subcode": 463})) == []
    failed = page.send(anna, {"text": "hello"})
    assert (failed.status, failed.code) == (401, (190, 463))
    assert page.send(anna, {"text": "hello"}).status == 200


def test_a_transient_error_says_so(page: Any, anna: str) -> None:
    page.events(anna, Event(name="api_error", data={"code": 2, "times": 2}))
    first, second = page.send(anna, {"text": "hello"}), page.send(anna, {"text": "hello"})
    assert first.json["error"]["is_transient"] is True
    assert first.status == second.status == 500
