"""Reading, listing, changing and deleting messages and their files."""

from __future__ import annotations

import pytest

from chatdrill.model import Media, Write
from sms_twilio.kit import OURS, ROOT, Account, answer, basic, code

MESSAGES = f"{ROOT}/Messages.json"
NOBODY = ("X", "y")


def sid_of(account: Account, **given: str) -> str:
    return str(answer(account.send(Body="secret", **given))["sid"])


def test_a_message_can_be_read_redacted_and_deleted(account: Account) -> None:
    handled = account.send(Body="secret")
    path = f"{ROOT}/Messages/{answer(handled)['sid']}.json"
    assert code(account.call("DELETE", path)) == 20001
    account.play(handled)
    assert answer(account.call("GET", path))["body"] == "secret"
    assert answer(account.call("POST", path, {"Body": ""}))["body"] == ""
    assert code(account.call("POST", path, {"Body": "other"})) == 20001
    gone = account.call("DELETE", path).response
    assert gone is not None and gone.status == 204 and code(account.call("GET", path)) == 20404


def test_only_what_is_scheduled_can_be_canceled(account: Account) -> None:
    service = account.state.service
    scheduled = account.send(MessagingServiceSid=service, ScheduleType="fixed", SendAt="2026-11-22T10:00:00Z", Body="x")
    path = f"{ROOT}/Messages/{answer(scheduled)['sid']}.json"
    assert answer(account.call("POST", path, {"Status": "canceled"}))["status"] == "canceled"
    assert account.play(scheduled) == [] and account.seen() == []
    assert code(account.call("POST", path, {"Status": "canceled"})) == 20001


def test_lists_are_paged_and_filtered(account: Account) -> None:
    sids = [sid_of(account) for _ in range(5)]
    account.says()
    page = answer(account.call("GET", f"{MESSAGES}?PageSize=2&From=%2B12025550199"))
    assert [one["sid"] for one in page["messages"]] == sids[:2:-1] and page["page_size"] == 2
    following = answer(account.call("GET", page["next_page_uri"]))
    assert [one["sid"] for one in following["messages"]] == sids[2:0:-1] and following["page"] == 1
    assert len(answer(account.call("GET", f"{MESSAGES}?To={OURS.replace('+', '%2B')}"))["messages"]) == 1
    assert answer(account.call("GET", f"{MESSAGES}?PageSize=5000"))["page_size"] == 1000


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("DateSent=2026-11-20", 1),
        ("DateSent=2026-11-21", 0),
        ("DateSent%3E=2026-11-20", 1),
        ("DateSent%3C=2026-11-19", 0),
    ],
)
def test_lists_are_cut_by_day(account: Account, query: str, count: int) -> None:
    sid_of(account)
    assert len(answer(account.call("GET", f"{MESSAGES}?{query}"))["messages"]) == count


def test_files_need_credentials(account: Account) -> None:
    told = account.told(Write(parts=(Media(kind="photo", file=account.file()),)))
    path, listed = told["MediaUrl0"], f"{ROOT}/Messages/{told['MessageSid']}/Media.json"
    assert code(account.call("GET", path + ".json", auth=NOBODY)) == 20003
    by_key = basic(account.state.settings["api_key"], account.state.settings["api_secret"])
    assert answer(account.call("GET", path + ".json", auth=by_key))["content_type"] == "image/png"
    assert len(answer(account.call("GET", listed))["media_list"]) == 1
    gone = account.call("DELETE", path + ".json").response
    assert gone is not None and gone.status == 204 and answer(account.call("GET", listed))["media_list"] == []


def test_feedback_is_kept(account: Account) -> None:
    path = f"{ROOT}/Messages/{sid_of(account)}/Feedback.json"
    assert answer(account.call("POST", path, {"Outcome": "confirmed"}))["outcome"] == "confirmed"
    assert code(account.call("POST", path, {"Outcome": "maybe"})) == 20001
