"""The queue and those who take from it: order, habits, shifts, and what they do by themselves."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill import Scenario, contains
from chatdrill.errors import UsageError
from chatdrill.model import Accept, Accepted, EntryAdded, OwnerChanged, PresenceChanged
from chatdrill.trace import Filed
from engine.conftest import FRIDAY, Played
from engine.counter import Clerk, Counter, taken, told, written

SOON = "5s"
THREE = {"ann": {}, "ben": {}, "cat": {}}


@pytest.fixture
def drill(jump):
    """Play in virtual time, from a Friday 08:00 UTC on, with a counter behind the bot."""

    def drill(*scenarios: Scenario, answer: Any = None, **how: Any) -> Played:
        return jump(*scenarios, answer=answer or Clerk(), desk=Counter(), **how)

    return drill


def asking(name: str = "x", words: str = "person", *, agents: dict[str, Any], **head: Any) -> Scenario:
    return Scenario(name, agents=agents, **head).says(words).handoff()


def ages(played: Played, kind: type[Any]) -> list[float]:
    """Drill seconds from the beginning until the desk told of these."""
    return [record.at - FRIDAY for record in played.all(Filed) if isinstance(record.event, kind)]


# ------------------------------------------------------------------------------------------------------ the queue


def queue(*words: str, agents: dict[str, Any]) -> Scenario:
    """Customers ask one after the other; then everybody is waited for, and each is closed by whoever has them."""
    keys = ("anna", "boris", "cleo")[: len(words)]
    scenario = Scenario("Queue", customers={key: {} for key in keys}, agents=agents)
    for key, word in zip(keys, words, strict=True):
        scenario = scenario.says(word, by=key).handoff(by=key).waits("1s", by=key)
    return scenario


def test_whoever_waits_longest_is_taken_first_and_nobody_has_more_than_they_can(drill):
    one = {"ann": {"capacity": 1, "accepts": SOON}}
    played = drill(
        queue("person", "person", "person", agents=one).agent_closes(by="anna").agent_closes(by="boris").waits("9s")
    )
    assert taken(played) == [("ann", "1"), ("ann", "2"), ("ann", "3")]
    owners = [event.owner for event in told(played, OwnerChanged) if event.owner != "queue"]
    assert owners == ["agent", "bot", "agent", "bot", "agent"]


def test_what_is_urgent_is_taken_before_what_waits_longer(drill):
    one = {"ann": {"capacity": 1, "accepts": SOON}}
    played = drill(queue("person", "person", "person urgent", agents=one).agent_closes(by="anna").waits("9s"))
    assert taken(played) == [("ann", "1"), ("ann", "3")]


def test_medium_is_another_word_for_normal(drill):
    one = {"ann": {"capacity": 1, "accepts": SOON}}
    played = drill(queue("person", "person medium", "person normal", agents=one).agent_closes(by="anna").waits("9s"))
    assert taken(played) == [("ann", "1"), ("ann", "2")]


def test_conversations_are_spread_over_those_who_have_least_to_do(drill):
    quick = {key: {"accepts": "1s"} for key in THREE}
    played = drill(queue("person", "person", "person", agents=quick).waits("9s"))
    assert sorted(agent for agent, _ in taken(played)) == ["ann", "ben", "cat"]


@pytest.mark.parametrize(("agents", "who"), [({"ann": {}, "ola": {"languages": "pl"}}, "ola"), ({"ann": {}}, "ann")])
def test_who_speaks_the_language_comes_first_and_else_anybody(drill, agents, who):
    agents = {"ann": {"languages": "en"}, **{key: given for key, given in agents.items() if key != "ann"}}
    played = drill(asking(agents=agents, locale="pl_PL").agent_says("Hi"))
    assert [agent for agent, _ in taken(played)] == [who]


def test_a_team_takes_its_own_and_who_has_none_takes_all(drill):
    teams = {"ann": {"team": "sales"}, "ben": {"team": "returns"}}
    played = drill(asking(words="person for returns", agents=teams).agent_says("Hi"))
    assert taken(played) == [("ben", "1")]
    assert [
        agent for agent, _ in taken(drill(asking(words="person for returns", agents={"cat": {}}).agent_says("Hi")))
    ] == ["cat"]


def test_a_ticket_that_is_passed_to_a_team_waits_for_that_team(drill):
    teams = {"ann": {"team": "sales", "accepts": "1s"}, "ben": {"team": "returns", "accepts": SOON}}
    passed = (
        asking(words="person for sales", agents=teams)
        .agent_says("Ann here")
        .agent_transfers(team="returns", agent="ann")
        .agent_says("Ben here")
    )
    played = drill(passed)
    assert taken(played) == [("ann", "1"), ("ben", "1")]


# ------------------------------------------------------------------------------------------------------- declining


def test_who_declines_is_passed_over(drill):
    played = drill(asking(agents={"ann": {"declines": 1, "accepts": "1s"}, "ben": {"accepts": "1s"}}).agent_says("Hi"))
    assert taken(played) == [("ben", "1")]


def test_when_all_have_declined_the_round_begins_again(drill):
    played = drill(
        asking(agents={"ann": {"persona": "picky"}, "ben": {"persona": "picky"}}).agent_says("Hi", agent=None)
    )
    assert played.ended.outcome == "done"
    assert [agent for agent, _ in taken(played)] in (["ann"], ["ben"])


def test_whom_a_step_lets_decline_is_not_asked_again_while_others_are_free(drill):
    played = drill(asking(agents={"ann": {}, "ben": {}}).agent_declines("ann").agent_says("Hi"))
    assert taken(played) == [("ben", "1")]


def test_without_anybody_who_takes_it_the_wait_of_an_agent_is_bounded(drill):
    played = drill(asking(agents={"eve": {"persona": "absent"}}).agent_says("Hi", agent=None))
    assert played.ended.outcome == "unmet"
    assert "within 5m: the ticket belongs to the queue" in (played.ended.detail or "")


def test_who_goes_home_leaves_what_was_offered_to_somebody_else(drill):
    agents = {"ann": {"accepts": "5s", "languages": "en"}, "ola": {"accepts": "5s", "languages": "pl"}}
    played = drill(asking(agents=agents).agent_goes("offline", agent="ann").agent_says("Hi"))
    assert taken(played) == [("ola", "1")]


def test_who_comes_looks_at_the_queue(drill):
    away = Scenario("x", agents={"ann": {}}).agent_goes("away").says("person").handoff().waits("1h")
    played = drill(away.agent_goes("online").agent_says("Hi"))
    assert taken(played) == [("ann", "1")]
    assert ages(played, Accepted)[0] > 3600


# ---------------------------------------------------------------------------------------------------------- shifts

OFFICE = {"hours": {"mon-fri": "09:00-17:00"}}


def test_whoever_waits_is_offered_to_whose_shift_begins(drill):
    played = drill(asking(agents={"ann": {"shift": OFFICE, "accepts": SOON}}).waits("3h").agent_says("Hi"))
    assert taken(played) == [("ann", "1")]
    (after_s,) = ages(played, Accepted)
    assert 3600 < after_s < 3610


@pytest.mark.parametrize(("zone", "hour"), [("Europe/Warsaw", 0), ("Europe/London", 1), ("America/New_York", 5)])
def test_a_shift_is_by_the_clocks_where_the_agent_lives(drill, zone, hour):
    played = drill(
        asking(agents={"ann": {"shift": OFFICE, "zone": zone, "accepts": SOON}}).waits("8h").agent_says("Hi")
    )
    assert int(ages(played, Accepted)[0] // 3600) == hour


def test_without_a_zone_of_their_own_agents_live_where_the_scenario_plays(drill):
    there = asking(agents={"ann": {"shift": OFFICE, "accepts": SOON}}, starts="2026-03-27 08:30 Europe/London")
    played = drill(there.waits("2h").agent_says("Hi"))
    assert int(ages(played, Accepted)[0] // 60) == 60


def test_outside_their_shift_agents_are_offline_at_the_desk(drill):
    played = drill(asking(agents={"ann": {"shift": OFFICE}}).waits("10h"))
    hours = [round(age / 3600) for age in ages(played, PresenceChanged)]
    assert hours == [0, 1, 9]
    assert [event.presence for event in told(played, PresenceChanged)] == ["offline", "online", "offline"]


def test_a_shift_in_a_calendar_that_nobody_knows_is_the_scenarios_fault(drill):
    played = drill(asking(agents={"ann": {"shift": "shop"}}))
    assert played.troubles == [("scenario", "no calendar 'shop'; the settings have none: write [calendars.NAME]")]


# ------------------------------------------------------------------------------------------------- by themselves

HELPFUL = {"ann": {"persona": "helpful", "accepts": "1s", "replies": "2s"}}


def test_a_helpful_agent_greets_answers_and_closes_after_three_quiet_minutes(drill):
    played = drill(asking(agents=HELPFUL).waits("1m").says("is it on its way?").waits("10m"))
    greeting, answer = written(played)
    assert greeting.startswith(("Hello", "Hi")) and answer != greeting
    *_, last_word = ages(played, EntryAdded)
    *_, closed = ages(played, OwnerChanged)
    assert told(played, OwnerChanged)[-1].owner == "bot"
    assert closed - last_word == pytest.approx(180)


def test_what_the_agent_says_in_a_step_keeps_the_conversation_open_too(drill):
    talk = asking(agents=HELPFUL).waits("2m").agent_says("One moment").waits("2m").agent_says("Here I am")
    played = drill(talk)
    assert (played.ended.outcome, written(played)[1:]) == ("done", ["One moment", "Here I am"])


def test_whoever_gets_it_from_another_greets_too(drill):
    agents = {**HELPFUL, "ben": {"name": "Ben Baker", "persona": "helpful", "accepts": "never"}}
    played = drill(asking(agents=agents).waits("30s").agent_transfers("ben", agent="ann").waits("30s"))
    assert len(written(played)) == 2
    assert "Ben" in written(played)[1]


def test_after_a_transfer_the_other_agent_has_the_conversation(drill):
    agents = {"ann": {"accepts": "1s"}, "ben": {"accepts": "never"}}
    played = drill(asking(agents=agents).agent_transfers("ben", agent="ann").agent_says("Ben here"))
    (said,) = [record for record in played.all(Filed) if isinstance(record.event, EntryAdded)]
    assert (played.ended.outcome, said.event.entry.said_by) == ("done", "ben")


# ------------------------------------------------------------------------------------------ cases, and our own bugs


def test_the_agents_of_one_case_take_nothing_of_another(drill):
    two = [asking(f"case {number}", agents={"bob": {"accepts": "1s"}}).agent_says("Hi") for number in (1, 2)]
    played = drill(*two)
    seats = {record.case: record.event.agent for record in played.all(Filed) if isinstance(record.event, Accepted)}
    assert len(seats) == len(set(seats.values())) == 2
    assert all(seat.startswith("bob.") for seat in seats.values())


def test_nobody_of_a_case_that_is_over_is_there_for_the_desks_own_routing(drill):
    seen: dict[str, str] = {}

    class Watching(Clerk):
        async def __call__(self, bot, heard):
            seats = bot.stage.bureau.offices["counter"].state.seats
            seen.update({key.partition(".")[0]: seat.presence for key, seat in seats.items()})
            await super().__call__(bot, heard)

    later = Scenario("later", agents={"ben": {}}, starts="2026-03-27 12:00").says("person").handoff()
    drill(asking("first", agents={"ann": {}}), later, answer=Watching())
    assert seen == {"ann": "offline", "ben": "online"}


def test_a_bug_on_the_floor_is_told_and_not_swallowed(drill, monkeypatch):
    def broken(*_: Any) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("chatdrill.engine.floor.Floor._offer", broken)
    played = drill(asking(agents={"ann": {}}).waits("9s"))
    assert ("harness", "the floor failed: ZeroDivisionError: oh") in played.troubles


def test_what_an_agent_cannot_do_is_told_once_and_not_tried_for_ever(drill, monkeypatch):
    act = Counter.act

    def full(desk: Counter, state: Any, ticket: str, given: Any, now: float) -> Any:
        if isinstance(given, Accept):
            raise UsageError("full")
        return act(desk, state, ticket, given, now)

    monkeypatch.setattr(Counter, "act", full)
    played = drill(asking(agents={"ann": {"accepts": "1s"}}).waits("1m"))
    assert played.troubles == [("harness", "an agent could not accept 1: full")]


# ---------------------------------------------------------------------------------------------------- waiting there


def test_a_customer_who_waits_for_a_person_nudges_but_does_not_leave(drill):
    hurried = asking(agents={"eve": {"persona": "absent"}}, persona={"name": "impatient", "patience": "5s"})
    played = drill(hurried.hears(contains("never comes"), within="2m"))
    assert "lost patience" not in (played.ended.detail or "")
    assert len(played.said("persona")) >= 2
    alone = Scenario("y", persona={"name": "impatient", "patience": "5s"}).says("Hi").hears("never", within="2m")
    assert drill(alone).ended.detail == "the customer lost patience and left"


async def test_a_pause_that_is_skipped_for_the_customer_is_one_for_the_agents_too(play):
    scenario = asking(agents={"ann": {"accepts": "10h"}}).waits("11h").agent_says("Hi")
    played = await play(scenario, answer=Clerk(), desk=Counter())
    assert (played.ended.outcome, taken(played)) == ("done", [("ann", "1")])


async def test_a_helpful_agent_closes_in_a_pause_that_is_skipped(play):
    played = await play(asking(agents=HELPFUL).waits("10s").waits("2h"), answer=Clerk(), desk=Counter())
    assert [event.owner for event in told(played, OwnerChanged)] == ["queue", "agent", "bot"]


async def test_a_shift_counts_in_the_time_of_the_customers_chat(play):
    there = asking(agents={"ann": {"shift": OFFICE, "accepts": "1m"}}, starts="2030-03-27 08:59")
    played = await play(there.waits("2h").agent_says("Hi"), answer=Clerk(), desk=Counter())
    assert (played.ended.outcome, taken(played)) == ("done", [("ann", "1")])
