"""Service metrics: each counts what its definition says, and says nothing where nothing was measured."""

from __future__ import annotations

import pytest

from chatdrill.checks.service import Service, service_metrics
from chatdrill.model import OwnerChanged
from chatdrill.trace import Acted
from checks.handoff.traces import Told


def measured(told: Told) -> Service:
    return service_metrics(told.evidence).overall


def served(told: Told) -> Told:
    told.says("A person, please").handoff().notice("I am calling a colleague.").accepts()
    return told.replies("Good morning!").passes_on().says("Thanks").mirrors().closes()


def test_where_nothing_was_measured_there_is_no_figure():
    found = measured(Told().done())
    assert found == Service(platform="*")
    assert found.first_response.mean_s is None and found.contained.share is None and found.satisfaction.mean is None
    assert found.messages_per_conversation is None and found.peak_concurrency is None


def test_the_first_response_counts_from_the_last_word_of_the_first_burst():
    told = Told().says("Hello").says("Anybody?").bot("Yes?", after=2).says("When?").bot("Now.", after=7).done()
    assert measured(told).first_response.mean_s == pytest.approx(2.01)
    assert measured(told).first_response.samples == 1


def test_a_conversation_without_an_answer_has_no_first_response():
    assert measured(Told().says("Hello").done()).first_response.samples == 0


def test_the_time_to_a_human_ends_with_the_words_that_the_customer_sees():
    told = Told().says("A person").handoff()
    asked = told.made[-1].at
    told.accepts(after=10).replies("Hello", after=20).passes_on(after=1).done()
    assert measured(told).time_to_human.mean_s == pytest.approx(told.made[-2].at - asked)


def test_who_takes_over_unasked_was_not_waited_for():
    told = Told().says("Hi").opens().takes_over().replies("Hello").passes_on().done()
    found = measured(told)
    assert (found.time_to_human.samples, found.handoffs, found.takeovers) == (0, 0, 1)


def test_a_matter_of_people_lasts_until_it_is_closed():
    told = served(Told())
    begin, end = next(record.at for record in told.made if isinstance(record, Acted)), told.made[-1].at
    assert measured(told.done()).resolution.mean_s == pytest.approx(end - begin, abs=0.1)


def test_a_matter_of_the_bot_lasts_until_its_last_answer():
    told = Told().says("Hello").bot("Yes?", after=2).says("When?", after=10).bot("At ten.", after=3).wait(99).done()
    assert measured(told).resolution.mean_s == pytest.approx(15.02)


def test_every_matter_of_a_conversation_is_one_sample():
    told = served(served(Told()).reopens(by="bot")).done()
    found = measured(told)
    assert (found.resolution.samples, found.handoffs, found.reopened.share) == (2, 2, 1.0)


def test_the_last_rating_of_a_ticket_counts():
    told = served(Told()).surveys().says("2").rated(2).says("5").rated(5).begins("other").says("Hi")
    found = measured(served(told).rated(3).done()).satisfaction
    assert (found.responses, found.mean, found.good.share, found.asked) == (2, 4.0, 0.5, 1)


def test_a_rating_in_the_chat_counts_where_the_desk_stores_none():
    told = served(Told()).closes().bot("How did I do? Answer from 1 to 10.").says("10")
    found = measured(told.done()).satisfaction
    assert (found.responses, found.mean, found.asked) == (1, 5.0, 1)


def test_contained_is_what_needed_no_person():
    told = Told().says("When do you open?").bot("At ten.").done().begins("other").says("Hello")
    assert measured(served(told).done()).contained.share == 0.5


def test_without_people_nothing_was_contained():
    told = Told()
    told.begins("alone", desk=None).says("Hi").bot("Hello").done()
    assert measured(told).contained.share is None


def test_a_handover_that_still_waits_is_neither_accepted_nor_not():
    told = Told().says("A person").handoff().done().begins("b").says("A person").handoff().accepts().done()
    told.begins("c").says("A person").handoff().declines()
    found = measured(told.owner("bot").done())
    assert (found.handoffs, found.accepted.count, found.accepted.samples, found.declines) == (3, 1, 2, 1)


def test_an_agents_peak_is_what_they_have_at_once():
    told = Told()
    told.begins("many", people=("anna", "boris", "carl")).says("Person").handoff().accepts("bob")
    told.to("boris").says("Person").handoff().accepts("bob").to("anna").closes(after=30)
    told.to("carl").says("Person").handoff().accepts("bob").done()
    found = measured(told)
    [bob] = found.agents
    assert (bob.conversations, bob.peak, bob.capacity, bob.name) == (3, 2, 5, "Bob Baker")
    assert (found.peak_concurrency, found.conversations_per_agent) == (2, 3)


def test_a_transfer_is_work_for_both():
    told = Told().says("Person").handoff().accepts("bob", after=0).transfers("carol", after=60)
    told.wait(30).files(OwnerChanged(ticket=told.ticket, owner="bot"), by="agent", after=0).done()
    assert {agent.agent: round(agent.held_s) for agent in measured(told).agents} == {"bob": 60, "carol": 30}


def test_messages_of_both_sides_count():
    told = (
        Told().says("Hi").bot("Hello").presses("Hours").bot("At ten.").done().begins("b").says("Hi").bot("Hello").done()
    )
    assert measured(told).messages_per_conversation == 3


def test_each_platform_has_its_own_figures():
    told = Told().says("Hi").bot("Hello").done()
    told.begins("b", platform="whatsapp").says("Hi").bot("Hello").done()
    found = service_metrics(told.evidence)
    assert [(each.platform, each.conversations) for each in (found.overall, *found.platforms)] == [
        ("*", 2),
        ("telegram", 1),
        ("whatsapp", 1),
    ]
