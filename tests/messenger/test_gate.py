"""When a message may be sent: windows, tags, blocks, owners, rates, and the order in which they are checked."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Block, Button, Edit, Event, Press, React, Start, Text, Unblock

TAG = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
DAY_S = 86_400


def test_the_window_closes_after_24_hours(page: Any, anna: str, moved: Any) -> None:
    moved(DAY_S)
    assert page.send(anna, {"text": "a"}).status == 200
    moved(1)
    late = page.send(anna, {"text": "a"})
    assert (late.status, late.code) == (403, (10, 2018278))
    assert late.json["error"]["message"] == "(#10) This message is sent outside of allowed window."


def test_a_person_may_answer_for_seven_days(page: Any, anna: str, moved: Any) -> None:
    moved(7 * DAY_S)
    assert page.send(anna, {"text": "a"}, **TAG).effect.message.tag == "HUMAN_AGENT"
    moved(1)
    assert page.send(anna, {"text": "a"}, **TAG).code == (10, 2018278)


def test_the_window_follows_the_chat_and_not_the_listener(page: Any) -> None:
    ahead = page.join("ahead", ahead_s=0.0)
    page.says(ahead)
    page.state.chats[ahead].ahead_s = DAY_S + 1
    assert page.send(ahead, {"text": "a"}).code == (10, 2018278)


def test_nobody_is_written_to_before_having_written(page: Any, fresh: str) -> None:
    assert page.send(fresh, {"text": "a"}).code == (10, 2018278)


ACTS = {
    "press": lambda mid: Press(button=Button(title="A", kind="postback", payload="A")),
    "quick reply": lambda mid: Press(button=Button(title="A", kind="reply", payload="A")),
    "reaction": lambda mid: React(message_id=mid, emoji="👍"),
    "link": lambda mid: Start(payload="flyer"),
}


@pytest.mark.parametrize("name", ACTS)
def test_what_the_customer_does_opens_the_window(page: Any, anna: str, moved: Any, name: str) -> None:
    mid = page.send(anna, {"text": "a"}).json["message_id"]
    moved(2 * DAY_S)
    page.events(anna, ACTS[name](mid))
    assert page.send(anna, {"text": "a"}).status == 200


def test_an_edit_does_not_open_the_window(page: Any, anna: str, moved: Any) -> None:
    mid = page.says(anna)
    moved(2 * DAY_S)
    page.events(anna, Edit(message_id=mid, parts=(Text(text="b"),)))
    assert page.send(anna, {"text": "a"}).code == (10, 2018278)


def test_who_blocked_the_page_is_not_available(page: Any, anna: str) -> None:
    page.events(anna, Block())
    blocked = page.send(anna, {"text": "a"})
    page.events(anna, Unblock())
    assert (blocked.status, blocked.code) == (400, (551, 1545041))
    assert page.send(anna, {"text": "a"}).status == 200


def test_a_restricted_page_cannot_send(page: Any, anna: str) -> None:
    page.events(anna, Event(name="policy_enforcement"))
    assert page.send(anna, {"text": "a"}).code == (10, 1893063)
    page.events(anna, Event(name="policy_enforcement", data={"action": "unblock"}))
    assert page.send(anna, {"text": "a"}).status == 200


def test_who_does_not_own_the_thread_cannot_send(page: Any, anna: str) -> None:
    page.events(anna, Event(name="take_thread_control"))
    refused = page.send(anna, {"text": "a"})
    assert (refused.status, refused.code) == (403, (10, 2018300))
    page.events(anna, Event(name="pass_thread_control"))
    assert page.send(anna, {"text": "a"}).status == 200


def test_the_checks_come_in_the_vendors_order(page: Any, anna: str, moved: Any) -> None:
    """Schema, then owner, then block, then window."""
    moved(2 * DAY_S)
    codes = [page.send(anna, {"text": "a"}).code]
    page.events(anna, Block())
    codes.append(page.send(anna, {"text": "a"}).code)
    page.events(anna, Event(name="take_thread_control"))
    codes.append(page.send(anna, {"text": "a"}).code)
    codes.append(page.send(anna, {"text": "x" * 2001}).code)
    assert codes == [(10, 2018278), (551, 1545041), (10, 2018300), (100, None)]


def test_in_development_mode_only_testers_are_written_to(make_page: Any) -> None:
    page = make_page(testers="eva, jan")
    anna, jan = page.join("anna"), page.join("jan")
    for to in (anna, jan):
        page.says(to)
    refused = page.send(anna, {"text": "a"})
    assert (refused.status, refused.code) == (403, (200, 2018028))
    assert page.send(jan, {"text": "a"}).status == 200


def test_a_scenario_may_expire_the_token_and_withhold_the_profile(page: Any, anna: str) -> None:
    page.events(anna, Event(name="api_error", data={"code": 190, "subcode": 463}))
    page.events(anna, Event(name="api_error", data={"code": 100, "subcode": 2018218}))
    expired, profile = page.send(anna, {"text": "a"}), page.call("GET", f"/v25.0/{anna}")
    words = "Error validating access token: Session has expired on Friday, 20-Nov-26 14:05:45 PST."
    assert (expired.status, expired.json["error"]["message"]) == (401, words)
    assert profile.code == (100, 2018218)
    assert page.send(anna, {"text": "a"}).status == page.call("GET", f"/v25.0/{anna}").status == 200


def test_the_rate_is_counted_before_the_file_is_looked_at(page: Any, anna: str) -> None:
    url = page.serve("http://127.0.0.1/a.mp3", b"", "", "refused")
    attachment = {"type": "audio", "payload": {"url": url}}
    codes = [page.send(anna, {"attachment": attachment}).code for _ in range(11)]
    assert codes == [(100, 2018008)] * 10 + [(613, None)]


def test_the_301st_send_of_a_second_is_refused(page: Any, make_page: Any) -> None:
    unlimited = make_page(rate_limits="no")
    codes: list[Any] = []
    for one in (page, unlimited):
        # Two people: alone, one may not get more than 200 calls a day.
        people = [one.join("anna"), one.join("jan")]
        for to in people:
            one.says(to)
        answers = [one.send(people[n % 2], {"text": "a"}) for n in range(301)]
        assert all(answer.status == 200 for answer in answers[:300])
        codes.append(answers[300].json.get("error", {}).get("code"))
    assert codes == [613, None]


def test_sound_has_a_rate_of_its_own(page: Any, anna: str, moved: Any) -> None:
    attachment = {"type": "audio", "payload": {"url": page.serve("http://127.0.0.1/a.mp3", b"ID3\x04", "audio/mpeg")}}
    answers = [page.send(anna, {"attachment": attachment}) for _ in range(11)]
    moved(1)
    again = page.send(anna, {"attachment": attachment})
    assert [answer.status for answer in answers] == [200] * 10 + [400]
    assert answers[10].code == (613, None) and again.status == 200


def test_the_day_has_200_calls_for_each_engaged_person(page: Any, anna: str, moved: Any) -> None:
    for _ in range(200):
        moved(1)
        assert page.send(anna, {"text": "a"}).status == 200
    assert page.send(anna, {"text": "a"}).code == (80006, None)
    page.says(page.join("jan"))
    assert page.send(anna, {"text": "a"}).status == 200


def test_the_share_of_the_budget_stands_in_the_headers(page: Any, anna: str) -> None:
    for _ in range(100):
        answer = page.send(anna, {"text": "a"})
    assert answer.handled.response.header("X-App-Usage") == '{"call_count":50,"total_cputime":50,"total_time":50}'
    business = answer.handled.response.header("X-Business-Use-Case-Usage")
    assert business.startswith('{"104837562910475":[{"type":"messenger","call_count":50')
