"""Rich menus."""

from __future__ import annotations

from typing import Any

import pytest

from line.kit import PNG, Account, answer, response, status, words

MENU = "/v2/bot/richmenu"
AREA = {"bounds": {"x": 0, "y": 0, "width": 1250, "height": 843}, "action": {"type": "message", "text": "status"}}
GIVEN = {
    "size": {"width": 2500, "height": 843},
    "selected": False,
    "name": "main",
    "chatBarText": "Menu",
    "areas": [AREA],
}


def made(account: Account, picture: bool = True) -> str:
    id = str(answer(account.call(MENU, GIVEN))["richMenuId"])
    if picture:
        assert answer(account.call(f"{MENU}/{id}/content", PNG)) == {}
    return id


def test_a_menu_is_made_given_a_picture_and_shown(account: Account) -> None:
    id = made(account)
    assert answer(account.get(f"{MENU}/{id}")) == {"richMenuId": id, **GIVEN}
    assert response(account.get(f"{MENU}/{id}/content")).body == PNG
    assert answer(account.call(f"/v2/bot/user/{account.to}/richmenu/{id}")) == {}
    assert answer(account.get(f"/v2/bot/user/{account.to}/richmenu")) == {"richMenuId": id}
    assert status(account.call(f"/v2/bot/user/{account.to}/richmenu", None, "DELETE")) == 200
    assert status(account.get(f"/v2/bot/user/{account.to}/richmenu")) == 404


def test_everybody_sees_the_default_until_it_is_cancelled(account: Account) -> None:
    id = made(account)
    assert status(account.get("/v2/bot/user/all/richmenu")) == 404
    account.call(f"/v2/bot/user/all/richmenu/{id}")
    assert answer(account.get("/v2/bot/user/all/richmenu")) == {"richMenuId": id}
    account.call("/v2/bot/user/all/richmenu", None, "DELETE")
    assert status(account.get("/v2/bot/user/all/richmenu")) == 404


def test_many_are_linked_at_once(account: Account) -> None:
    id = made(account)
    assert status(account.call(f"{MENU}/bulk/link", {"richMenuId": id, "userIds": [account.to]})) == 202
    assert account.chat.menu == id
    assert status(account.call(f"{MENU}/bulk/unlink", {"userIds": [account.to]})) == 202
    assert account.chat.menu == ""


def test_nobody_sees_a_menu_without_a_picture(account: Account) -> None:
    handled = account.call(f"/v2/bot/user/{account.to}/richmenu/{made(account, picture=False)}")
    assert words(handled) == "must upload richmenu image before applying it to user"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PNG + bytes(1_000_000), "The image size is not allowed for richmenu"),
        (b"GIF89a", "The image type is not allowed for richmenu"),
    ],
)
def test_a_picture_is_small_and_a_picture(account: Account, content: bytes, said: str) -> None:
    assert words(account.call(f"{MENU}/{made(account, picture=False)}/content", content)) == said


def test_where_it_is_strict_a_picture_has_the_menus_size() -> None:
    account = Account(strict="yes")
    handled = account.call(f"{MENU}/{made(account, picture=False)}/content", PNG)
    assert words(handled) == "The image size is not allowed for richmenu"


def test_there_are_a_thousand_menus_at_most() -> None:
    account = Account(rate_limits="no")
    account.state.menus = {str(number): account.state.menus.get("x") for number in range(1000)}  # type: ignore[misc]
    assert status(account.call(MENU, GIVEN)) == 400


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"size": {"width": 700, "height": 300}}, "size.width"),
        ({"size": {"width": 2500, "height": 249}}, "size.height"),
        ({"size": {"width": 800, "height": 800}}, "size.width"),
        ({"selected": None}, "selected"),
        ({"name": ""}, "name"),
        ({"areas": [{**AREA, "action": {"type": "camera", "label": "x"}}]}, "areas[0].action.type"),
    ],
)
def test_a_menu_that_is_none_is_refused(account: Account, change: dict[str, Any], place: str) -> None:
    for path in (MENU, f"{MENU}/validate"):
        assert place in {one["property"] for one in answer(account.call(path, {**GIVEN, **change}))["details"]}


def test_an_alias_is_one_menus_at_a_time(account: Account) -> None:
    first, second = made(account), made(account)
    assert answer(account.call(f"{MENU}/alias", {"richMenuAliasId": "menu-a", "richMenuId": first})) == {}
    assert (
        words(account.call(f"{MENU}/alias", {"richMenuAliasId": "menu-a", "richMenuId": second}))
        == "conflict richmenu alias id"
    )
    assert answer(account.call(f"{MENU}/alias/menu-a", {"richMenuId": second})) == {}
    assert answer(account.get(f"{MENU}/alias/menu-a"))["richMenuId"] == second
    assert len(answer(account.get(f"{MENU}/alias/list"))["aliases"]) == 1
    assert status(account.call(f"{MENU}/alias/menu-a", None, "DELETE")) == 200
    assert status(account.get(f"{MENU}/alias/menu-a")) == 404
