"""People, groups and the account."""

from __future__ import annotations

import pytest

from chatdrill.model import Activity, Block, Event, MarkedRead
from line.kit import PETRO, Account, answer, status, words

LOADING = "/v2/bot/chat/loading/start"


def test_people_and_the_account_are_told(account: Account) -> None:
    profile = answer(account.get(f"/v2/bot/profile/{account.to}"))
    assert (profile["displayName"], profile["userId"], profile["language"]) == ("Olena K.", account.to, "uk")
    info = answer(account.get("/v2/bot/info"))
    assert (info["userId"], info["basicId"], info["chatMode"]) == (account.state.bot, "@acme", "bot")
    assert "linkToken" in answer(account.call(f"/v2/bot/user/{account.to}/linkToken"))


def test_who_has_blocked_the_account_or_never_wrote_is_not_known(account: Account) -> None:
    account.told(Block())
    assert status(account.get(f"/v2/bot/profile/{account.to}")) == 404
    stranger = Account(friends="no")
    assert status(stranger.get(f"/v2/bot/profile/{stranger.to}")) == 404
    stranger.says()
    assert status(stranger.get(f"/v2/bot/profile/{stranger.to}")) == 200
    assert status(account.get("/v2/bot/profile/olena")) == 400


def test_friends_are_listed_page_by_page_for_verified_accounts() -> None:
    account = Account(verified="yes")
    other = account.join(PETRO)
    first = answer(account.get("/v2/bot/followers/ids?limit=1"))
    assert first == {"userIds": [account.to], "next": "1"}
    assert answer(account.get("/v2/bot/followers/ids?start=1")) == {"userIds": [other]}
    assert status(Account().get("/v2/bot/followers/ids")) == 403


@pytest.mark.parametrize("kind", ["group", "room"])
def test_a_group_tells_its_name_and_people_until_the_account_leaves(kind: str) -> None:
    account = Account(verified="yes")
    id = account.event(Event(name="join", data={"source": kind}))["source"][f"{kind}Id"]
    at = f"/v2/bot/{kind}/{id}"
    assert answer(account.get(f"{at}/members/count")) == {"count": 1}
    assert answer(account.get(f"{at}/members/ids")) == {"memberIds": [account.to]}
    assert "language" not in answer(account.get(f"{at}/member/{account.to}"))
    assert status(account.push({"type": "text", "text": "Hello, all"}, to=id)) == 200
    assert status(account.call(f"{at}/leave")) == 200
    assert status(account.get(f"{at}/members/count")) == 404
    assert words(account.push({"type": "text", "text": "?"}, to=id)) == "Failed to send messages"


def test_a_group_has_a_summary_and_a_room_has_none(account: Account) -> None:
    group = account.event(Event(name="join"))["source"]["groupId"]
    assert answer(account.get(f"/v2/bot/group/{group}/summary"))["groupId"] == group
    assert status(account.get(f"/v2/bot/room/{group}/summary")) == 404


def test_dots_are_shown_for_five_to_sixty_seconds(account: Account) -> None:
    handled = account.call(LOADING, {"chatId": account.to, "loadingSeconds": 60})
    assert (status(handled), handled.effects) == (202, (Activity(to=account.to, action="typing"),))
    details = answer(account.call(LOADING, {"chatId": account.to, "loadingSeconds": 61}))["details"]
    assert [one["message"] for one in details] == ["Must be between 5 and 60", "must be a multiple of five"]


def test_a_message_is_marked_as_read_by_its_token(account: Account) -> None:
    message = account.says()["message"]
    handled = account.call("/v2/bot/chat/markAsRead", {"markAsReadToken": message["markAsReadToken"]})
    assert handled.effects == (MarkedRead(to=account.to, message_id=message["id"]),)
