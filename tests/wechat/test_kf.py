"""WeChat's own customer service."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Event, Start, Text, Write
from wechat.kit import ANNA, HOUR, Account, answer, code

OLEG = "oleg@bench"


def session(account: Account, what: str, agent: str = ANNA) -> Any:
    return account.call(f"kfsession/{what}", {"kf_account": agent, "openid": account.to})


def in_charge(account: Account) -> str:
    return str(answer(account.call("kfsession/getsession", openid=account.to))["kf_account"])


def test_who_is_with_an_agent_is_not_pushed(talk: Account) -> None:
    (created,) = talk.play(session(talk, "create"))
    assert (created["Event"], created["KfAccount"]) == ("kf_create_session", ANNA)
    assert talk.told(Write(parts=(Text(text="Hello Anna"),))) == [] and in_charge(talk) == ANNA
    (closed,) = talk.play(session(talk, "close"))
    assert closed["Event"] == "kf_close_session" and in_charge(talk) == ""
    assert talk.says("Hello bot")["Content"] == "Hello bot"


def test_a_transferred_message_waits_and_is_pushed_until_somebody_comes(account: Account) -> None:
    handled = account.passive(account.reply("transfer_customer_service"))
    assert handled.effects == () and handled.call is not None and handled.call.ok
    assert answer(account.call("kfsession/getwaitcase"))["waitcaselist"] == [
        {"latest_time": int(account.now), "openid": account.to}
    ]
    assert account.says("Is anybody there?")["Content"]
    account.updates(Event(name="kf_create_session"))
    assert account.told(Write(parts=(Text(text="Hello"),))) == []
    assert answer(account.call("kfsession/getwaitcase"))["count"] == 0


def test_a_transfer_in_answer_to_an_event_does_nothing(account: Account) -> None:
    (update,) = account.updates(Start())
    account.passive(account.reply("transfer_customer_service"), update)
    assert account.chat.session is None


def test_a_transfer_may_name_an_agent_there_is(account: Account) -> None:
    good = account.reply("transfer_customer_service", TransInfo={"KfAccount": ANNA})
    assert account.passive(good).call.ok  # type: ignore[union-attr]
    bad = account.passive(account.reply("transfer_customer_service", TransInfo={"KfAccount": "x@y"}))
    assert bad.call is not None and "65401" in (bad.call.error or "")


def test_a_session_ends_after_half_an_hour_of_silence(talk: Account) -> None:
    talk.play(session(talk, "create"))
    talk.now += 0.5 * HOUR
    assert talk.told(Write(parts=(Text(text="Hello"),))) == []
    talk.now += 0.5 * HOUR + 1
    assert talk.says("Hello?")["Content"] == "Hello?"


def test_another_agent_cannot_take_or_close_a_session(talk: Account) -> None:
    talk.play(session(talk, "create"))
    assert [code(session(talk, what, OLEG)) for what in ("create", "close")] == [65414, 65414]
    listed = answer(talk.call("kfsession/getsessionlist", kf_account=ANNA))["sessionlist"]
    assert [each["openid"] for each in listed] == [talk.to]
    talk.updates(Event(name="kf_switch_session"))
    assert in_charge(talk) == OLEG


def test_accounts_are_listed_and_count_their_customers(talk: Account) -> None:
    talk.play(session(talk, "create"))
    every = answer(talk.call("customservice/getkflist"))["kf_list"]
    assert [(each["kf_account"], each["kf_nick"]) for each in every] == [(ANNA, "Anna"), (OLEG, "Oleg")]
    there = answer(talk.call("customservice/getonlinekflist"))["kf_online_list"]
    assert [(each["kf_account"], each["accepted_case"]) for each in there] == [(ANNA, 1), (OLEG, 0)]


def test_accounts_are_added_renamed_invited_and_deleted(account: Account) -> None:
    new = {"kf_account": "eva@bench", "nickname": "Eva"}
    assert code(account.call("kfaccount/add", new)) == 0
    assert code(session(account, "create", "eva@bench")) == 65402, "nobody works with it yet"
    assert code(account.call("kfaccount/inviteworker", {**new, "invite_wx": "eva_at_home"})) == 0
    assert code(session(account, "create", "eva@bench")) == 65415, "and nobody is there"
    assert code(account.call("kfaccount/inviteworker", {"kf_account": ANNA, "invite_wx": "eva_at_home"})) == 65407
    assert code(account.call("kfaccount/update", {**new, "nickname": "E" * 17})) == 65403
    assert code(account.call("kfaccount/del", kf_account="eva@bench")) == 0
    assert code(account.call("kfaccount/update", new)) == 65401


def test_there_are_a_hundred_accounts(account: Account) -> None:
    codes = [code(account.call("kfaccount/add", {"kf_account": f"a{n}@bench", "nickname": "A"})) for n in range(99)]
    assert codes == [0] * 98 + [65405]


def test_records_are_of_a_day(account: Account) -> None:
    account.passive(account.reply("transfer_customer_service"))
    now = int(account.now)

    def asked(starttime: int) -> Any:
        body = {"starttime": starttime, "endtime": now, "msgid": 1, "number": 100}
        return account.call("msgrecord/getmsglist", body)

    assert [each["opercode"] for each in answer(asked(now - 86_400))["recordlist"]] == [2003]
    assert code(asked(now - 86_401)) == 65416
