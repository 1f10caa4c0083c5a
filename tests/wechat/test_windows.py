"""When a bot may write: what the customer does opens a window, for so long and for so many messages."""

from __future__ import annotations

import pytest

from chatdrill.model import Block, Button, Event, Press, Start, Unblock
from wechat.kit import HOUR, Account, answer, code

MENU = Button(title="Help", kind="postback", payload="MENU_HELP")


def many(account: Account, count: int) -> list[int]:
    return [code(account.text()) for _ in range(count)]


def test_five_messages_follow_one_of_the_customers(talk: Account) -> None:
    assert many(talk, 6) == [0, 0, 0, 0, 0, 45047]


def test_the_window_closes_after_two_days(talk: Account) -> None:
    talk.now += 48 * HOUR
    assert code(talk.text()) == 0
    talk.now += 1
    handled = talk.text()
    assert code(handled) == 45015 and answer(handled)["errmsg"].startswith("response out of time limit")


def test_who_has_done_nothing_cannot_be_written_to(account: Account) -> None:
    assert code(account.text()) == 45015


@pytest.mark.parametrize(
    "act", [Start(), Start(payload="a"), Press(button=MENU), Event(name="scancode_push"), Event(name="SCAN")]
)
def test_a_click_lets_three_through_within_a_minute(account: Account, act: Start | Press | Event) -> None:
    account.updates(act)
    account.now += 60
    assert many(account, 4) == [0, 0, 0, 45047]
    account.updates(act)
    account.now += 61
    assert code(account.text()) == 45015


def test_quotas_do_not_add_up(talk: Account) -> None:
    many(talk, 1)
    talk.updates(Press(button=MENU))
    assert many(talk, 5) == [0, 0, 0, 0, 45047], "four were left, and three are less"
    talk.updates(Press(button=MENU))
    assert many(talk, 4) == [0, 0, 0, 45047], "none was left, and three are more"
    talk.says()
    talk.says()
    assert many(talk, 6) == [0, 0, 0, 0, 0, 45047]


def test_a_choice_counts_once_for_each_message(talk: Account) -> None:
    menu = talk.sent("msgmenu", {"list": [{"id": "1", "content": "Yes"}]})
    many(talk, 4)
    press = Press(button=menu.buttons[0], message_id=menu.id)
    talk.updates(press)
    assert many(talk, 4) == [0, 0, 0, 45047]
    talk.updates(press)
    assert many(talk, 1) == [45047]


def test_who_has_gone_gets_nothing_until_they_are_back(talk: Account) -> None:
    talk.updates(Block())
    assert code(talk.text()) == 43004
    talk.updates(Unblock())
    assert many(talk, 4) == [0, 0, 0, 45047]


def test_the_numbers_can_be_those_of_before_2023() -> None:
    talk = Account(reply_quota="20", reply_hours="72")
    talk.says()
    talk.now += 72 * HOUR
    assert many(talk, 21) == [0] * 20 + [45047]


def test_a_chat_that_is_ahead_has_its_own_time(talk: Account) -> None:
    talk.chat.ahead_s = 49 * HOUR
    assert code(talk.text()) == 45015
