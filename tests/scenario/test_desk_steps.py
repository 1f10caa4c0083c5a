"""Reading what is said about the helpdesk: each mistake is answered with its place and the nearest valid thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatdrill.engine.agents import HABITS, read_agents
from chatdrill.engine.cases import cases
from chatdrill.engine.loader import load_scenarios
from chatdrill.errors import ScenarioError
from chatdrill.run.selection import find_scenarios

FINE = "\n  - says: Hi"
WRONG = {
    # the head
    "agents:\n  bob: {persona: helpfull}": "3:8: agent 'bob': no agent's persona is called 'helpfull'; did you mean 'helpful'?",
    "agents:\n  bob: {zone: Europe/Warsw}": "3:8: agent 'bob': 'zone': unknown time zone 'Europe/Warsw'; did you mean 'Europe/Warsaw'?",
    "agents:\n  bob: {capacity: 2.5}": "3:8: agent 'bob': 'capacity' is a whole number from 0 on, not 2.5",
    "agents:\n  ann:\n  bob: {declines: -1}": "4:8: agent 'bob': 'declines' is a whole number from 0 on, not -1",
    "agents:\n  bob: {accepts: soon}": "3:8: agent 'bob': 'accepts' is a duration, never or told: not a duration: 'soon'",
    "agents:\n  bob: {capcity: 3}": "3:9: unknown key 'capcity'; did you mean 'capacity'?",
    "agents:\n  bob: {shift: {hours: {fry: '09:00-17:00'}}}": "hours.fry: unknown day 'fry'; did you mean 'fri'?",
    "facts: {order: '{ordr}'}\nvars: {order: 1}": "1:1: {ordr} has no value here; did you mean 'order'?",
    # the steps
    "steps:\n  - agent says: {text: hi, by: bbo}": "3:5: no agent 'bbo'; known: agent",
    "steps:\n  - agent transfers: bbo": "3:5: no agent 'bbo'; known: agent",
    "steps:\n  - agent transfers: {to: agent, team: x}": "3:22: 'agent transfers' needs either 'to', an agent, or 'team'",
    "facts: {order: 553}\nsteps:\n  - handoff: {carries: [ordr]}": "4:5: no fact 'ordr' among the scenario's facts; did you mean 'order'?",
    "steps:\n  - handof:": "3:5: unknown key 'handof'; did you mean 'handoff'?",
    "steps:\n  - agent sais: hi": "3:5: unknown key 'agent sais'; did you mean 'agent says'?",
    "steps:\n  - agent sets: solvd": "3:17: 'agent sets' does not know 'solvd'; did you mean 'solved'?",
    "steps:\n  - agent goes: onlin": "3:17: 'agent goes' does not know 'onlin'; did you mean 'online'?",
    "steps:\n  - agent says: {by: agent}": "3:17: 'agent says' needs either 'text' or 'template', a canned answer",
    "templates: {hello: Hi}\nsteps:\n  - agent says: {template: helo}": "4:5: no template 'helo'; did you mean 'hello'?",
    "steps:\n  - agent says: {template: helo}": "3:5: no template 'helo'; write it under 'templates' in the head",
    "templates: {hello: 'Hi {platfrm}'}\nsteps:\n  - agent says: {template: hello}": "4:5: {platfrm} has no value here; did you mean",
    "steps:\n  - agent sees: {contains: x, by: 09:00 tomorrow}": "3:17: 'agent sees' has no 'by': it asks for what stands in the ticket",
    "steps:\n  - rates: 6": "3:12: 'rates' takes 1 (worst) to 5 (best), not '6'",
    "steps:\n  - forges: wrongg": "3:13: a webhook is forged unsigned, wrong, stale, not 'wrongg'; did you mean 'wrong'?",
    "steps:\n  - breaks: {where: appi, kind: drop}": "3:13: 'breaks' does not know the where 'appi'; did you mean 'api'?",
    "steps:\n  - breaks: {where: api, kind: dropp}": "3:13: 'breaks' does not know the kind 'dropp'; did you mean 'drop'?",
    "steps:\n  - breaks: {where: api, kind: swap}": "there is no fault 'swap' on the api side; known: status, delay, reset, drop",
    "steps:\n  - breaks: {where: api, kind: drop, times: 0}": "times and copies must be 1 or more",
    "steps:\n  - breaks: {where: api, kind: status, status: 99}": "status must be 200-599",
    "steps:\n  - bot restarts: now": "3:19: expected nothing, not 'now'",
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_a_mistake_has_its_place_and_the_nearest_valid_thing(wrong, text):
    whole = text if "steps:" in text else f"{text}\nsteps:{FINE}"
    (said,) = wrong(f"name: x\n{whole}\n")
    assert said.startswith("orders.drill.yaml:")
    assert WRONG[text] in said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("desks: [chatwot]\nsteps:\n  - handoff:", ":1:1: no desk 'chatwot'; did you mean 'chatwoot'?"),
        (
            "steps:\n  - breaks: {where: api, kind: drop, on: chatwot}",
            ":3:5: no platform or desk 'chatwot'; did you mean 'chatwoot'?",
        ),
    ],
)
def test_a_desk_that_nobody_knows_is_told_with_its_place(write, text, why):
    with pytest.raises(ScenarioError) as caught:
        find_scenarios([write(f"name: x\n{text}\n")])
    assert str(caught.value).endswith(why)


def test_a_fault_may_name_the_desk_and_the_platform_of_the_run(write):
    text = "name: x\nsteps:\n  - breaks: {where: api, kind: drop, on: '{desk}'}\n  - breaks: {where: api, kind: drop, on: telegram}\n"
    (scenario,) = find_scenarios([write(text)])
    (case,) = cases(scenario, ["telegram"], desk="zendesk")
    assert [step.fault["platform"] for step in case.steps] == ["zendesk", "telegram"]


def test_what_is_not_said_about_an_agent_is_usual():
    (bob,) = read_agents({"bob": None})
    assert (bob.capacity, bob.habits, bob.zone, bob.shift) == (5, HABITS["steady"], None, None)


@pytest.mark.parametrize(
    ("given", "accepts_s"),
    [({"accepts": "5s"}, (5.0, 5.0)), ({"accepts": "never"}, (-1.0, -1.0)), ({"accepts": "told"}, None)],
)
def test_one_habit_can_be_changed(given, accepts_s):
    (bob,) = read_agents({"bob": {"persona": "helpful", **given}})
    assert bob.habits.accepts_s == accepts_s
    assert bob.habits.answers


def test_an_agent_sends_a_file_that_lies_beside_an_included_file(write):
    write("- agent sends: {photo: torn.jpg}\n", "common/agent.steps.yaml")
    photo: Path = write("content", "common/torn.jpg")
    (scenario,) = load_scenarios(write("name: x\nsteps:\n  - include: common/agent.steps.yaml\n"), samples={})
    (case,) = cases(scenario, ["telegram"], desk="zendesk")
    assert [path.resolve() for path in case.files.values()] == [photo.resolve()]
