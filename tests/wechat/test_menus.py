"""The account's menu, and codes with scenes."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Button, Press, Start
from wechat.kit import DAY, Account, answer, code

BUTTONS = {
    "button": [
        {"type": "click", "name": "Help", "key": "MENU_HELP"},
        {"name": "More", "sub_button": [
            {"type": "view", "name": "Site", "url": "https://a.test/m"},
            {"type": "scancode_waitmsg", "name": "Scan", "key": "MENU_SCAN"},
            {"type": "miniprogram", "name": "App", "appid": "wx1", "pagepath": "p"},
        ]},
    ]
}  # fmt: skip
SCENE = {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "order77"}}}


def test_a_menu_is_made_shown_and_taken_away(account: Account) -> None:
    assert code(account.call("menu/get")) == 46003
    assert code(account.call("menu/create", BUTTONS)) == 0
    assert answer(account.call("menu/get")) == {"menu": BUTTONS}
    assert answer(account.call("get_current_selfmenu_info"))["is_menu_open"] == 1
    assert code(account.call("menu/delete")) == 0
    assert code(account.call("menu/get")) == 46003


@pytest.mark.parametrize(
    ("title", "event", "key"),
    [("Help", "CLICK", "MENU_HELP"), ("Site", "VIEW", "https://a.test/m"), ("Scan", "scancode_waitmsg", "MENU_SCAN"),
     ("App", "view_miniprogram", "p")],
)  # fmt: skip
def test_a_button_of_the_menu_is_an_event(account: Account, title: str, event: str, key: str) -> None:
    account.call("menu/create", BUTTONS)
    told = account.event(Press(button=Button(title=title, kind="postback")))
    assert (told["Event"], told["EventKey"]) == (event, key)


def test_a_button_that_the_bot_has_not_made_is_a_click(account: Account) -> None:
    told = account.event(Press(button=Button(title="Help", kind="postback", payload="OLD_KEY")))
    assert (told["Event"], told["EventKey"]) == ("CLICK", "OLD_KEY")


def sub_named(size: int) -> dict[str, Any]:
    inner = [{"type": "click", "name": "x" * size, "key": "k"}]
    return {"button": [{"name": "More", "sub_button": inner}]}


def test_a_name_below_a_button_has_sixty_bytes(account: Account) -> None:
    assert [code(account.call("menu/create", sub_named(size))) for size in (60, 61)] == [0, 40018]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"button":[{"type":"click","name":"\\u041f","key":"k"}]}', 40033),
        ({"button": []}, 40016),
        ({"button": [{"type": "click", "name": "", "key": "k"}]}, 40018),
        ({"button": [{"type": "dance", "name": "x"}]}, 40035),
        ({"button": [{"type": "view", "name": "x"}]}, 40035),
        ({"button": ["x"]}, 40035),
    ],
)
def test_a_menu_that_cannot_be_is_refused(account: Account, body: Any, expected: int) -> None:
    assert code(account.call("menu/create", body)) == expected


def test_a_code_brings_its_scene_to_who_follows_and_who_does_not(account: Account) -> None:
    made = answer(account.call("qrcode/create", SCENE))
    assert made["expire_seconds"] == 60 and made["url"].startswith("http://weixin.qq.com/q/")
    first = account.event(Start(payload="order77"))
    assert (first["Event"], first["EventKey"], first["Ticket"]) == ("subscribe", "qrscene_order77", made["ticket"])
    again = account.event(Start(payload="order77"))
    assert (again["Event"], again["EventKey"]) == ("SCAN", "order77")
    assert account.told(Start()) == [], "who follows already is not told of without a code"


def test_a_code_is_a_picture_until_it_ends(account: Account) -> None:
    made = answer(account.call("qrcode/create", {**SCENE, "expire_seconds": 100}))
    lasting = answer(account.call("qrcode/create", {**SCENE, "action_name": "QR_LIMIT_STR_SCENE"}))
    assert "expire_seconds" not in lasting
    account.now += 101

    def status(ticket: str) -> int:
        response = account.call("showqrcode", token="", ticket=ticket).response
        assert response is not None
        return response.status

    assert [status(each["ticket"]) for each in (made, lasting)] == [404, 200]
    account.now += 365 * DAY
    assert status(lasting["ticket"]) == 200


@pytest.mark.parametrize(
    "body",
    [
        {"action_name": "QR_DANCE", "action_info": {"scene": {"scene_str": "x"}}},
        {"action_name": "QR_SCENE", "action_info": {"scene": {"scene_str": "x"}}},
        {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": ""}}},
    ],
)
def test_a_code_without_a_scene_is_refused(account: Account, body: Any) -> None:
    assert code(account.call("qrcode/create", body)) == 40097
