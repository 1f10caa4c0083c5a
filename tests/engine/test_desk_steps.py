"""Steps about the helpdesk, as they are played: what they wait for, and what is said when that never comes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chatdrill import Scenario
from chatdrill.engine.play import Play
from chatdrill.errors import BotError, ScenarioError
from chatdrill.model import Accepted, EntryAdded, EntryChanged, OwnerChanged, Press
from chatdrill.trace import Acted, CaseBegan, Filed, StepBegan
from engine.conftest import Played
from engine.counter import Clerk, Counter, taken, told, written
from engine.toy_bot import Heard, ToyBot, says

BOB = {"bob": {"name": "Bob Stone", "accepts": "5s"}}


@pytest.fixture
def drill(jump):
    """Play in virtual time with a counter behind the bot."""

    def drill(*scenarios: Scenario, answer: Any = None, **how: Any) -> Played:
        return jump(*scenarios, answer=answer or Clerk(), desk=Counter(), **how)

    return drill


def asking(words: str = "person", **head: Any) -> Scenario:
    return Scenario("x", **{"agents": BOB, **head}).says(words)


# --------------------------------------------------------------------------------------------------- the handover


def test_a_handoff_is_met_once_somebody_is_waited_for(drill):
    played = drill(asking().handoff(within="1s"))
    assert played.outcomes == ["played", "met"]


@pytest.mark.parametrize(
    ("words", "step", "why"),
    [
        ("hello", {}, "the bot did not hand over: no ticket was made within 30s"),
        ("person", {"within": 0}, "the bot did not hand over: no ticket was made within 0s"),
        ("person for sales", {"to": "returns"}, "it went to sales, not to 'returns' within 30s"),
        ("person", {"carries": ["order"]}, "the ticket does not show order within 30s"),
        ("person", {"carries": "photo"}, "the ticket does not show photo within 30s"),
    ],
)
def test_a_handoff_that_never_comes_says_what_is_missing(drill, words, step, why):
    played = drill(asking(words, facts={"order": 553}).handoff(**step))
    assert (played.ended.outcome, played.ended.detail) == ("unmet", why)


def test_a_ticket_that_is_the_bots_is_no_handover(drill):
    played = drill(asking().handoff(), answer=Clerk(state="pending"))
    assert played.ended.detail == "the bot did not hand over: bot owns it within 30s"


def test_facts_may_be_what_the_customer_is_made_of(drill):
    facts = {"phone": "{customer.phone}", "order": "{nr}"}
    scenario = Scenario("x", agents=BOB, facts=facts, vars={"nr": 553}, customer={"phone": "+48600100200"})
    clerk = Clerk(fields={"contact": "+48600100200", "about": "order 553"})
    played = drill(scenario.says("person").handoff(carries=["phone", "order"]), answer=clerk)
    assert played.ended.outcome == "done"
    (began,) = played.all(CaseBegan)
    assert began.facts == {"phone": "+48600100200", "order": "553"}


def test_a_ticket_that_names_its_person_late_is_known_whole_from_then_on(drill):
    """Its first word says whose it is; that it waits was told before."""
    scenario = asking("my person is lost").handoff().agent_says("Hi").agent_sees("my person is lost")

    async def nameless(bot: ToyBot, heard: Heard) -> None:
        clerk = Clerk()
        made = await clerk.call(bot, "tickets", {"who": "nobody"})
        await clerk.call(bot, f"tickets/{made['id']}", {"text": heard.text})

    played = drill(scenario, answer=nameless)
    assert (played.ended.outcome, taken(played)) == ("done", [("bob", "1")])


# --------------------------------------------------------------------------------------------------- agents' steps


def test_an_agents_step_waits_until_somebody_has_it(drill):
    played = drill(asking().agent_says("Hi"))
    kinds = [record.event for record in played.all(Filed) if isinstance(record.event, Accepted | EntryAdded)]
    assert [type(event) for event in kinds] == [Accepted, EntryAdded]


def test_a_message_is_quoted_once_the_ticket_shows_it(drill):
    class Slow(Clerk):
        async def __call__(self, bot: ToyBot, heard: Heard) -> None:
            await asyncio.sleep(3)
            await super().__call__(bot, heard)

    talk = asking().handoff().says("where is it?").agent_says("On its way", reply_to="where is")
    played = drill(talk, answer=Slow())
    question, answer = [event.entry for event in told(played, EntryAdded)]
    assert answer.reply_to == question.id


def test_a_message_that_never_comes_is_not_the_scenarios_fault(drill):
    quoting = asking().handoff().agent_says("Hi", reply_to="never said")
    played = drill(quoting)
    assert (played.ended.outcome, played.troubles) == ("unmet", [])
    assert "the ticket shows no message that is" in (played.ended.detail or "")


def test_agents_change_what_an_agent_wrote(drill):
    talk = asking().handoff().agent_says("Helo").says("Helo?").agent_sees("Helo?").agent_edits("Hello", message="Helo")
    played = drill(talk)
    (change,) = told(played, EntryChanged)
    said = next(event.entry for event in told(played, EntryAdded) if event.entry.author == "agent")
    assert change.entry_id == said.id


def test_whom_a_step_lets_accept_does_not_do_it_before(drill):
    played = drill(asking(agents={"ann": {}, "ben": {"accepts": "never"}}).handoff().waits("1m").agent_accepts("ann"))
    (owner,) = [record for record in played.all(Filed) if getattr(record.event, "owner", "") == "agent"]
    assert owner.step == 3


def test_accepting_what_they_have_already_is_no_error(drill):
    played = drill(asking().handoff().waits("1m").agent_accepts("bob").agent_says("Hi"))
    assert (played.ended.outcome, taken(played)) == ("done", [("bob", "1")])


def test_an_agent_takes_over_unasked(drill):
    played = drill(asking().agent_takes_over().agent_says("Bob here"), answer=Clerk(state="pending"))
    assert [event.owner for event in told(played, OwnerChanged)] == ["agent"]


def test_what_the_desk_refuses_ends_the_case_with_its_words(drill):
    played = drill(asking().handoff().agent_says("Hi").agent_takes_over("bob"))
    assert played.ended.outcome == "unmet"
    assert "an agent could not takeover: bob." in (played.ended.detail or "")


# ------------------------------------------------------------------------------------------------------- templates


def test_a_template_is_what_the_agent_says_with_its_names_filled_in(drill):
    head = {"templates": {"hello": "Hello {customer.first_name}, order {nr}?"}, "vars": {"nr": 553}}
    played = drill(asking(customer={"first_name": "Anna"}, **head).agent_says(template="hello"))
    assert written(played) == ["Hello Anna, order 553?"]
    (step,) = [record.played for record in played.all(StepBegan) if record.played]
    assert (step["template"], step["text"]) == ("hello", "Hello Anna, order 553?")


def test_python_is_told_of_agents_facts_and_templates_that_do_not_exist_as_yaml_is(drill):
    wrong = (
        (Scenario("x").agent_says("Hi", agent="bbo"), "no agent 'bbo'; known: agent"),
        (Scenario("x", facts={"order": 1}).handoff(carries="ordr"), "no fact 'ordr'"),
        (Scenario("x", templates={"hello": "Hi"}).agent_says(template="helo"), "did you mean 'hello'?"),
    )
    for scenario, why in wrong:
        with pytest.raises(ScenarioError, match=why.replace("?", r"\?")):
            drill(scenario)


# ------------------------------------------------------------------------------------------------------ the rating


def test_a_rating_that_nobody_asked_for_is_not_given(drill):
    played = drill(asking().handoff().rates(5))
    assert played.ended.detail == "nobody asked the customer for a rating within 1m"
    assert played.said() == ["person"]


def test_a_survey_in_words_is_answered_by_the_digit(drill):
    asked = Scenario("x", agents=BOB).says("bye").hears("How was it, from 1 to 5?").rates(4)
    assert drill(asked, answer=says("How was it, from 1 to 5?")).said() == ["bye", "4"]


@pytest.mark.parametrize("buttons", [("1", "2", "3"), ("★", "★★", "★★★"), ("1 ⭐", "2 ⭐", "3 ⭐")])
def test_a_survey_with_buttons_is_answered_by_the_one_that_means_it(drill, buttons):
    asked = Scenario("x", agents=BOB).says("bye").hears("How was it?").rates(2)
    played = drill(asked, answer=says("How was it?", buttons=buttons))
    (press,) = [record.act for record in played.all(Acted) if isinstance(record.act, Press)]
    assert press.button.title == buttons[1]


# ----------------------------------------------------------------------------------------------------- the restart


def test_a_bot_that_does_not_come_up_again_is_not_our_failure(drill):
    async def down() -> None:
        raise BotError("it printed: no module named shop")

    played = drill(Scenario("x").bot_restarts(), during=lambda play: setattr(play, "restart", down))
    assert played.ended.outcome == "unmet"
    assert played.ended.detail == "the bot did not come up again: it printed: no module named shop"
    assert played.troubles == []


# ------------------------------------------------------------------------------------------------------ determinism


def test_the_same_seed_gives_the_same_agents_and_the_same_queue(drill):
    agents = {"ann": {"persona": "helpful"}, "ben": {"persona": "picky"}, "cat": {"persona": "slow"}}
    scenario = asking(agents=agents).waits("20m").says("hello?").waits("20m")
    first, again, other = (drill(scenario, seed=seed) for seed in (7, 7, 8))
    assert filed(first) == filed(again) != filed(other)


def filed(played: Played) -> list[tuple[float, object]]:
    return [(record.at, record.event) for record in played.all(Filed)]


def test_who_waits_for_a_handover_waits_for_the_bot_whatever_it_has_said(drill):
    """A bot in another process may need real time for it, and a clock that jumps asks who waits."""
    waiting: list[bool] = []

    class Watched(Clerk):
        async def __call__(self, bot: ToyBot, heard: Heard) -> None:
            await bot.say(heard.sender, "I call somebody")
            await asyncio.sleep(5)
            waiting.append(shared[0].is_waiting())
            await super().__call__(bot, heard)

    shared: list[Play] = []
    played = drill(asking().hears("I call somebody").handoff(), answer=Watched(), during=shared.append)
    assert (played.ended.outcome, waiting) == ("done", [True])
