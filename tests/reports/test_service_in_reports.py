"""Service metrics in every report: the same figures, their samples, and plain words where nothing was measured."""

from __future__ import annotations

import json
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest

from chatdrill.checks import judge
from chatdrill.checks.evidence import Evidence
from chatdrill.checks.service import AgentWork, Service, service_metrics
from chatdrill.cli.live import Live
from chatdrill.model import Rated
from chatdrill_reports import html, jsonl, junit, markdown, terminal
from chatdrill_reports.contract import Run
from chatdrill_reports.service import NONE, agent_name, busiest, figures, flat, left_out
from checks.handoff.traces import Told

REPORTERS = {"terminal": terminal, "junit": junit, "jsonl": jsonl, "markdown": markdown, "html": html}


@pytest.fixture(scope="module")
def told() -> Told:
    told = Told().says("A person, please").bot("One moment.").handoff().accepts("bob", after=4.0)
    told.replies("Good morning!", after=5.0).passes_on().closes()
    return told.files(Rated(ticket=told.ticket, score=4, agent="bob"), by="desk").done()


@pytest.fixture(scope="module")
def handled(told) -> Run:
    return Run(records=told.made, judgement=judge(told.made))


@pytest.fixture(scope="module")
def overall(told) -> Service:
    return service_metrics(Evidence.of(told.made)).overall


def test_a_terminal_shows_each_figure_with_its_samples(handled):
    screen = terminal.render(**handled).decode()
    service = screen[screen.index("Service") :].split("\n\n")[0]
    assert "First response                  0.3 s  1 first answer, median 0.3 s, p90 0.3 s" in service
    assert "CSAT                            100 %  1 rating, 4 or 5 of 5, mean 4.0" in service
    assert "Bob Baker" in service and "none measured" not in service.partition("agents")[2]


def test_markdown_has_a_table_of_figures_and_one_of_agents(handled):
    text = markdown.render(**handled).decode()
    assert "| Handoffs accepted | **100 %** (1 of 1 handoff) |" in text
    assert "| Bob Baker | 1 |" in text


def test_json_lines_keep_numbers_and_say_null_where_there_are_none(handled):
    lines = [json.loads(line) for line in jsonl.render(**handled).splitlines()]
    every, telegram = [line for line in lines if line["kind"] == "service"]
    assert (every["platform"], telegram["platform"]) == ("*", "telegram")
    assert every["satisfaction"]["good"] == {"count": 1, "samples": 1, "share": 1.0}
    assert every["agents"][0]["name"] == "Bob Baker" and every["takeovers"] == 0


def test_junit_has_the_figures_as_properties_of_the_whole_run(handled):
    suite = ET.fromstring(junit.render(**handled)).find("testsuite[@name='the run as a whole']")
    found = {one.get("name"): one.get("value") for one in suite.iter("property")}
    assert found["service.handoffs"] == "1" and found["service.time_to_human.samples"] == "1"
    assert float(found["service.time_to_human.mean_s"]) == pytest.approx(9.4, abs=0.2)


def test_html_has_tiles_and_the_agents_work(handled):
    page = html.render(**handled).decode()
    assert '<section id="service"' in page and ">Contained by the bot<" in page and "Conversations per agent" in page


@pytest.mark.parametrize("name", REPORTERS)
def test_a_run_without_a_desk_has_no_service_metrics(run, name):
    text = REPORTERS[name].render(**run).decode().rpartition("</style>")[2]
    assert "none measured" not in text and '"kind":"service"' not in text and "service." not in text


@pytest.mark.parametrize("name", ["terminal", "junit", "markdown", "html"])
def test_what_was_not_measured_is_said_plainly(name):
    told = Told().says("Hello").done()
    text = REPORTERS[name].render(records=told.made, judgement=judge(told.made)).decode()
    assert NONE in text


def test_every_figure_says_how_much_it_is_counted_from(overall):
    measured = [figure for figure in figures(overall) if figure.is_measured]
    assert [figure.name for figure in measured if not figure.said] == []


def test_platforms_stand_side_by_side_where_there_are_several():
    told = Told().says("Hello").bot("Hi").done().begins("other", platform="whatsapp").says("Hello").done()
    run = Run(records=told.made, judgement=judge(told.made))
    assert "| | all | Telegram | WhatsApp |" in markdown.render(**run).decode()
    assert 'aria-label="Service metrics by platform"' in html.render(**run).decode()


def test_the_busiest_agents_come_first_and_the_rest_is_counted():
    agents = tuple(AgentWork(agent=f"a{count:02}", name="Ann", conversations=count) for count in range(23))
    service = Service(platform="*", agents=agents)
    assert busiest(service)[0].conversations == 22 and left_out(service) == "and 3 more agents"
    assert agent_name(agents[7], service) == "Ann (a07)"


def test_properties_have_one_line_for_each_number(overall):
    names = flat(overall)
    assert "service.platform" not in names and not [name for name in names if "agents" in name]
    assert all(isinstance(value, str) for value in names.values())


def test_desk_events_are_one_line_each_while_a_bot_is_served(told, capsys):
    live = Live(SimpleNamespace(channels={"telegram": SimpleNamespace(roles={})}), color=False)
    for record in told.made:
        live.show(record)
    shown = capsys.readouterr().out
    assert f"desk chatwoot ticket {told.ticket} of anna: owner the queue, waiting for a person\n" in shown
    assert f"desk chatwoot ticket {told.ticket} of anna: agent: “Good morning!”\n" in shown
    assert f"desk chatwoot ticket {told.ticket} of anna: bob accepts\n" in shown
