"""What the desk says by itself: the survey, the out-of-office text, the greeting; and the window for answers."""

from __future__ import annotations

import pytest

from chatdrill.errors import SettingsError, UsageError
from chatdrill.model import Accept, Close, Rate, Rated, Reply, SurveyAsked, Text
from desks.chatwoot.kit import BASE, CONTACTS, NOW, USER, Office, body, path, status

_ANSWER = Reply(agent="bob", parts=(Text(text="Hello"),))
DAY = 86_400


def _asked(**settings: str) -> Office:
    office = Office(csat_survey_enabled="yes", **settings)
    office.queued()
    office.say("Hi")
    office.act(Accept(agent="bob"))
    office.told()
    office.act(Close(agent="bob"))
    return office


def _survey(office: Office) -> str:
    return f"/public/api/v1/csat_survey/{office.state.tickets['1'].uuid}"


def _rating(score: object, comment: str = "ok") -> dict[str, object]:
    return {"message": {"submitted_values": {"csat_survey_response": {"rating": score, "feedback_message": comment}}}}


def test_a_resolved_conversation_is_surveyed_with_a_link() -> None:
    office = _asked()
    (hook,) = office.hooks("message_created")
    assert (hook["message_type"], hook["content_type"], hook["sender"]) == ("template", "input_csat", None)
    assert hook["content"].endswith(f"{BASE}/survey/responses/{office.state.tickets['1'].uuid}")


def test_a_conversation_is_surveyed_once_in_its_life() -> None:
    office = _asked()
    office.say("again")
    office.status("open")
    assert not any(isinstance(event, SurveyAsked) for event in office.act(Close(agent="bob")))


def test_no_survey_is_sent_where_it_is_switched_off(office: Office) -> None:
    office.queued()
    assert not any(isinstance(event, SurveyAsked) for event in office.act(Close(agent="bob")))
    with pytest.raises(UsageError, match="csat_survey_enabled"):
        office.act(Rate(agent="", score=5))


def test_no_survey_is_sent_after_the_window_for_answers() -> None:
    office = Office(csat_survey_enabled="yes", agent_reply_time_window="24")
    office.queued()
    office.say("Hi")
    assert office.ask("GET", path())["can_reply"] is True
    office.now += DAY
    assert office.ask("GET", path())["can_reply"] is False
    assert not any(isinstance(event, SurveyAsked) for event in office.act(Close(agent="bob")))
    assert office.state.tickets["1"].entries[-1].text == "CSAT survey not sent due to outgoing message restrictions"


@pytest.mark.parametrize("score", [1, 5])
def test_a_rating_is_stored_for_the_agent_who_had_the_conversation(score: int) -> None:
    office = _asked()
    (rated,) = office.act(Rate(agent="", score=score, comment="ok"))
    assert rated == Rated(ticket="1", score=score, word=str(score), agent="bob", comment="ok")
    assert office.ask("GET", _survey(office))["csat_survey_response"] == {"rating": score, "feedback_message": "ok"}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_later_rating_replaces_the_first(method: str) -> None:
    office = _asked()
    for score in (5, 1):
        handled = office.call(method, _survey(office), _rating(score), token=None)
        assert [type(event) for event in handled.events] == [Rated]
    assert office.ask("GET", _survey(office))["csat_survey_response"]["rating"] == 1


def test_a_rating_over_the_client_api_counts_too() -> None:
    office = _asked()
    survey = office.state.tickets["1"].messages[-1]
    values = {"submitted_values": {"csat_survey_response": {"rating": 4, "feedback_message": "fine"}}}
    handled = office.call("PATCH", f"{CONTACTS}/tg-42/conversations/1/messages/{survey.id}", values)
    assert [type(event) for event in handled.events] == [Rated]


@pytest.mark.parametrize("score", [0, 6, "good", None])
def test_a_rating_outside_the_list_is_refused(score: object) -> None:
    office = _asked()
    assert status(office.call("PUT", _survey(office), _rating(score), token=None)) == 422


@pytest.mark.parametrize(("days", "expected"), [(14, 200), (14.001, 422)])
def test_a_rating_can_be_given_for_fourteen_days(days: float, expected: int) -> None:
    office = _asked()
    office.now += days * DAY
    handled = office.call("PUT", _survey(office), _rating(5), token=None)
    assert status(handled) == expected
    assert expected == 200 or body(handled) == {"error": "You cannot update the CSAT survey after 14 days"}


def test_the_survey_page_is_a_page() -> None:
    office = _asked()
    page = office.raw("GET", f"/survey/responses/{office.state.tickets['1'].uuid}", token=None).response
    assert page is not None and (page.header("content-type") or "").startswith("text/html")
    assert b"Rate your conversation" in page.body


# -------------------------------------------------------------------------------------------------------- hours

CLOSED = {"working_hours": "mon-wed 09:00-17:00", "out_of_office_message": "We are away"}


def _templates(office: Office) -> list[str | None]:
    return [each.content for each in office.state.tickets["1"].messages if each.message_type == "template"]


def test_out_of_hours_the_customer_is_told_once_a_day() -> None:
    office = Office(**CLOSED)
    office.talk()
    office.say("Hi")
    office.say("Hello?")
    assert _templates(office) == ["We are away"]
    office.now += DAY
    office.say("Anybody?")
    assert _templates(office) == ["We are away", "We are away"]


@pytest.mark.parametrize("hours", ["mon-fri 09:00-17:00", "thu 10:00-10:01", ""])
def test_within_hours_nothing_is_said(hours: str) -> None:
    office = Office(working_hours=hours, out_of_office_message="We are away")
    office.talk()
    office.say("Hi")
    assert _templates(office) == []


def test_hours_are_those_of_the_time_zone() -> None:
    office = Office(working_hours="thu 09:00-10:30", timezone="Europe/Berlin", out_of_office_message="We are away")
    office.talk()
    office.say("Hi")  # 11:00 in Berlin
    assert _templates(office) == ["We are away"]


@pytest.mark.parametrize(("minutes", "count"), [(4.9, 0), (5, 1)])
def test_an_answer_of_the_last_five_minutes_holds_it_back(minutes: float, count: int) -> None:
    office = Office(**CLOSED)
    office.queued()
    office.act(_ANSWER)
    office.now += minutes * 60
    office.say("Thanks")
    assert len(_templates(office)) == count


def test_the_first_word_is_greeted() -> None:
    office = Office(greeting_message="Welcome")
    office.talk()
    office.say("Hi")
    office.say("Hi again")
    assert _templates(office) == ["Welcome"]
    assert office.state.tickets["1"].entries[-2].author == "system"


def test_hours_can_be_changed_by_a_call() -> None:
    office = Office(out_of_office_message="We are away")
    rows = [{"day_of_week": 4, "closed_all_day": True}]
    asked = {"working_hours_enabled": True, "working_hours": rows, "timezone": "Asia/Tokyo"}
    shown = office.ask("PATCH", "/api/v1/accounts/1/inboxes/3", asked, token=USER)
    assert (shown["working_hours"][4]["closed_all_day"], shown["timezone"]) == (True, "Asia/Tokyo")
    office.talk()
    office.say("Hi")
    assert _templates(office) == ["We are away"]


@pytest.mark.parametrize(
    "asked",
    [
        {"timezone": "Mars"},
        {"working_hours": [{"day_of_week": 9}]},
        {"working_hours": [{"day_of_week": 0, "closed_all_day": False}]},
        {"channel": {"webhook_url": "x"}},
    ],
)
def test_wrong_hours_are_refused_and_change_nothing(office: Office, asked: dict[str, object]) -> None:
    assert status(office.call("PATCH", "/api/v1/accounts/1/inboxes/3", asked, token=USER)) == 422
    assert office.state.inbox.timezone == "UTC" and office.state.inbox.hook.url == ""


WRONG = {
    "hours": ({"working_hours": "always"}, "mon-fri 09:00-17:00"),
    "day": ({"working_hours": "mo-fr 09:00-17:00"}, "days are sun"),
    "time": ({"working_hours": "mon 9-17"}, "mon-fri 09:00-17:00"),
    "night": ({"working_hours": "mon 22:00-06:00"}, "within the day"),
    "zone": ({"timezone": "Europe/Berlinn"}, "Europe/Berlin"),
    "number": ({"inbox_id": "three"}, "inbox_id is a number"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_setting_says_what_was_expected(case: str) -> None:
    settings, words = WRONG[case]
    with pytest.raises(SettingsError, match=words):
        Office(**settings)


def test_times_in_a_conversation_are_its_own() -> None:
    office = Office(csat_survey_enabled="yes")
    office.talk()
    office.state.tickets["1"].ahead_s = 3600
    office.say("Hi")
    assert office.state.tickets["1"].entries[0].at == NOW + 3600
