"""Who the agents of a scenario are."""

from __future__ import annotations

import pytest

from chatdrill.calendars import read_calendar
from chatdrill.engine.agents import agent_words, make_agent, read_agents, shift_of
from chatdrill.errors import ScenarioError
from chatdrill.seeds import Seed

MONDAY_0830_UTC = 1_768_206_600.0  # 2026-01-12
HOURS = {"hours": {"mon-fri": "09:00-17:00"}}


def made(case: str = "case", locale: str = "en_GB", **given: object):
    (plan,) = read_agents({"bob": given})
    return make_agent(plan, case, locale, "Europe/Warsaw", Seed(7).stream("agent", "bob"))


def test_the_same_seed_makes_the_same_person():
    assert made() == made()


def test_the_bobs_of_two_cases_are_two_people_at_the_desk():
    assert made("one").key != made("two").key
    assert made("one").email != made("two").email


def test_a_name_that_is_given_is_kept_and_one_that_is_not_is_of_the_mother_tongue():
    assert made(name="Bob Stone").name == "Bob Stone"
    names = {"pl": "aąbcćdeęfghijklłmnńoóprsśtuwyzźżqvx", "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"}
    for language, letters in names.items():
        agent = made(languages=[language])
        assert set(agent.name.lower()) <= set(letters + " -'.")
        assert agent.languages == (language,)


def test_without_languages_an_agent_speaks_that_of_the_scenario():
    assert made(locale="pl_PL").languages == ("pl",)


def test_an_agent_lives_where_the_scenario_plays_unless_it_says_where():
    assert made().zone == "Europe/Warsaw"
    assert made(zone="America/New_York").zone == "America/New_York"


@pytest.mark.parametrize(
    ("zone", "shift", "is_open"),
    [
        (None, HOURS, True),  # 09:30 in Warsaw
        ("Europe/London", HOURS, False),  # 08:30
        ("Europe/London", {"zone": "Europe/Warsaw", **HOURS}, True),
        (None, {"any_of": ["shop"]}, False),
        (None, "shop", False),
    ],
)
def test_a_shift_is_by_the_clocks_of_the_agent_unless_it_has_its_own(zone, shift, is_open):
    shop = read_calendar("shop", {"zone": "UTC", **HOURS}, "")
    (plan,) = read_agents({"bob": {"shift": shift} | ({"zone": zone} if zone else {})})
    found = shift_of(plan, "Europe/Warsaw", {"shop": shop})
    assert found is not None
    assert found.is_open(MONDAY_0830_UTC) is is_open


def test_a_shift_in_an_unknown_calendar_names_the_nearest():
    (plan,) = read_agents({"bob": {"shift": "shp"}})
    with pytest.raises(ScenarioError, match="did you mean 'shop'"):
        shift_of(plan, "UTC", {"shop": read_calendar("shop", {"zone": "UTC", **HOURS}, "")})


@pytest.mark.parametrize("language", ["en", "pl", "ru", "de"])
def test_who_answers_alone_greets_by_name_first(language):
    bob, chance = made(name="Bob Stone"), Seed(7).stream("floor")
    assert "Bob" in agent_words(language, bob, chance, first=True)
    assert "Bob" not in agent_words(language, bob, chance, first=False)
