"""Profiles, tags, and what the account tells of itself."""

from __future__ import annotations

from chatdrill.model import Block, Start
from wechat.kit import MEI, Account, answer, code


def test_nobody_has_a_name(talk: Account) -> None:
    body = answer(talk.call("user/info", openid=talk.to, lang="en"))
    assert (body["subscribe"], body["nickname"], body["headimgurl"], body["language"]) == (1, "", "", "en")
    assert "unionid" not in body and MEI.first_name not in str(body)
    several = answer(talk.call("user/info/batchget", {"user_list": [{"openid": talk.to}]}))
    assert several["user_info_list"][0]["openid"] == talk.to


def test_a_profile_knows_the_code_that_was_scanned(account: Account) -> None:
    account.updates(Start(payload="order77"))
    body = answer(account.call("user/info", openid=account.to))
    assert (body["subscribe_scene"], body["qr_scene_str"]) == ("ADD_SCENE_QR_CODE", "order77")
    assert body["subscribe_time"] == int(account.now)


def test_of_who_has_gone_only_the_id_is_known() -> None:
    talk = Account(unionid="yes")
    talk.updates(Block())
    body = answer(talk.call("user/info", openid=talk.to))
    assert body == {"subscribe": 0, "openid": talk.to, "unionid": f"oU{talk.to[2:]}"}


def test_followers_are_listed_in_pages(account: Account) -> None:
    other = account.join(MEI)
    account.updates(Block(), to=other)
    third = account.join(MEI)
    body = answer(account.call("user/get"))
    assert (body["total"], body["count"], body["data"]["openid"]) == (2, 2, sorted([account.to, third]))
    rest = answer(account.call("user/get", next_openid=body["next_openid"]))
    assert (rest["count"], rest["next_openid"]) == (0, "")


def test_a_remark_is_kept(talk: Account) -> None:
    assert code(talk.call("user/info/updateremark", {"openid": talk.to, "remark": "likes boots"})) == 0
    assert answer(talk.call("user/info", openid=talk.to))["remark"] == "likes boots"


def test_people_get_and_lose_a_tag(talk: Account) -> None:
    number = answer(talk.call("tags/create", {"tag": {"name": "vip"}}))["tag"]["id"]
    body = {"openid_list": [talk.to], "tagid": number}
    assert code(talk.call("tags/members/batchtagging", body)) == 0
    assert answer(talk.call("tags/get"))["tags"] == [{"id": number, "name": "vip", "count": 1}]
    assert answer(talk.call("user/info", openid=talk.to))["tagid_list"] == [number]
    assert code(talk.call("tags/members/batchuntagging", body)) == 0
    assert answer(talk.call("user/info", openid=talk.to))["tagid_list"] == []


def test_there_are_a_hundred_tags(account: Account) -> None:
    codes = [code(account.call("tags/create", {"tag": {"name": f"t{n}"}})) for n in range(101)]
    assert codes == [0] * 100 + [45056]


def test_strangers_are_refused(account: Account) -> None:
    assert code(account.call("user/info", openid="oNobody")) == 40003
    assert code(account.call("user/info")) == 41009
    assert code(account.call("user/info/batchget", {"user_list": [{"openid": "oNobody"}]})) == 40003


def test_the_account_tells_of_addresses_and_tests_itself(account: Account) -> None:
    assert answer(account.call("getcallbackip"))["ip_list"]
    assert answer(account.call("callback/check", {"action": "all"}))["ping"]
    assert code(account.call("callback/check", {"action": "dance"})) == 40097
