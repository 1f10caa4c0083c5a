"""What comes of buttons."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Button, Press
from line.kit import PNG, Account, answer, quick, template, text

POSTBACK = {"type": "postback", "label": "Cancel", "data": "cancel=553"}


def pressed(account: Account, action: dict[str, Any]) -> list[dict[str, Any]]:
    """What the bot is told when the customer presses a quick reply."""
    message = account.sent(quick(action))
    return account.told(Press(button=message.buttons[0], message_id=message.id))


def test_a_postback_has_its_data_and_says_nothing(account: Account) -> None:
    for words in ({}, {"displayText": "Cancel it"}):
        (event,) = pressed(account, {**POSTBACK, **words})
        assert (event["type"], event["postback"]) == ("postback", {"data": "cancel=553"})


def test_the_old_text_of_a_postback_is_said_as_well(account: Account) -> None:
    postback, message = pressed(account, {**POSTBACK, "text": "Cancel it"})
    assert postback["postback"]["data"] == "cancel=553" and message["message"]["text"] == "Cancel it"


def test_a_message_action_is_said(account: Account) -> None:
    (event,) = pressed(account, {"type": "message", "label": "Yes", "text": "yes, please"})
    assert event["message"]["text"] == "yes, please"


@pytest.mark.parametrize(
    ("mode", "given", "chosen"),
    [
        ("date", {"initial": "2026-01-05"}, "2026-01-05"),
        ("time", {"initial": "14:30"}, "14:30"),
        ("datetime", {"initial": "2026-01-05t14:30"}, "2026-01-05T14:30"),
        ("datetime", {}, "2026-11-21T07:05"),
    ],
)
def test_a_picker_gives_the_initial_value_or_now_in_japan(
    account: Account, mode: str, given: dict[str, str], chosen: str
) -> None:
    (event,) = pressed(account, {"type": "datetimepicker", "label": "When", "data": "pick", "mode": mode, **given})
    assert event["postback"] == {"data": "pick", "params": {mode: chosen}}


def test_a_place_is_shared_by_a_button(account: Account) -> None:
    (event,) = pressed(account, {"type": "location", "label": "Here"})
    assert event["message"]["type"] == "location"


@pytest.mark.parametrize(
    "action", [{"type": "uri", "uri": "https://a.test"}, {"type": "clipboard", "clipboardText": "x"}]
)
def test_what_happens_on_the_phone_is_not_told(account: Account, action: dict[str, str]) -> None:
    assert pressed(account, {"label": "x", **action}) == []


def test_the_camera_asks_for_a_photo(account: Account) -> None:
    with pytest.raises(Unsupported, match="send a photo"):
        pressed(account, {"type": "camera", "label": "Photo"})


@pytest.mark.parametrize("by", ["bot", "customer", "press"])
def test_quick_replies_vanish_with_the_next_message(account: Account, by: str) -> None:
    message = account.sent(quick(POSTBACK))
    press = Press(button=message.buttons[0], message_id=message.id)
    {"bot": lambda: account.sent(text()), "customer": account.says, "press": lambda: account.told(press)}[by]()
    with pytest.raises(Unsupported, match="is gone"):
        account.told(press)


def test_a_templates_buttons_stay(account: Account) -> None:
    message = account.sent(template(type="buttons", text="?", actions=[POSTBACK]))
    account.says()
    press = Press(button=message.buttons[0], message_id=message.id)
    assert [account.told(press)[0]["type"] for _ in range(2)] == ["postback"] * 2


def test_a_rich_menu_switches_to_another_by_its_alias(account: Account) -> None:
    switch = {"type": "richmenuswitch", "label": "B", "richMenuAliasId": "menu-b", "data": "tab=b"}
    area = {"bounds": {"x": 0, "y": 0, "width": 10, "height": 10}, "action": switch}
    menu = {"size": {"width": 2500, "height": 843}, "selected": False, "name": "m", "chatBarText": "M", "areas": [area]}
    id = answer(account.call("/v2/bot/richmenu", menu))["richMenuId"]
    account.call(f"/v2/bot/richmenu/{id}/content", PNG)
    account.call(f"/v2/bot/user/all/richmenu/{id}", {})
    press = Press(button=Button(title="B", kind="other"))
    assert account.event(press)["postback"]["params"]["status"] == "RICHMENU_ALIAS_ID_NOTFOUND"
    account.call("/v2/bot/richmenu/alias", {"richMenuAliasId": "menu-b", "richMenuId": id})
    assert account.event(press)["postback"]["params"] == {"newRichMenuAliasId": "menu-b", "status": "SUCCESS"}
    account.call(f"/v2/bot/richmenu/{id}", None, "DELETE")
    assert account.told(press) == []


def test_a_button_that_a_scenario_made_up_does_what_its_kind_says(account: Account) -> None:
    assert account.event(Press(button=Button(title="Yes", kind="reply", payload="yes")))["message"]["text"] == "yes"
    assert account.event(Press(button=Button(title="Yes", kind="postback")))["postback"] == {"data": "Yes"}
