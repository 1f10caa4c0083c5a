"""The helpdesk in the HTML report: whose the conversation was, beside every line."""

from __future__ import annotations

import re

import pytest

from chatdrill.checks import judge
from chatdrill.trace import Record
from chatdrill.trace.transcript import Transcripts
from chatdrill_reports import html
from chatdrill_reports.html import timeline
from checks.handoff.traces import Told

DAY = 86_400.0


def page_of(records: list[Record]) -> str:
    return html.render(records=records, judgement=judge(records)).decode()


@pytest.fixture(scope="module")
def told() -> Told:
    told = Told().says("A person, please").handoff().accepts("bob").replies("Good morning!").passes_on(after=3.0)
    return told.notes("be brief").replies("Lost words").closes(owner="none").done()


@pytest.fixture(scope="module")
def page(told) -> str:
    return page_of(told.made)


def test_a_band_shows_who_had_the_conversation_line_by_line(page):
    owners = re.findall(r'<li class="(?:mark|said)[^"]* o-(\w+)', page)
    assert list(dict.fromkeys(owners)) == ["bot", "queue", "agent", "none"]
    assert re.search(r'<ol class="talk[^"]* owned"', page)


def test_every_change_of_owner_is_written_out(page):
    labels = re.findall(r"m-owner.*?Now with: </span>(.*?)</span>", page, re.DOTALL)
    assert [label.strip() for label in labels] == ["Bot", "Queue", "Bob Baker", "Nobody"]


def test_the_legend_has_the_owners_that_there_were(page):
    legend = page[page.index('<p class="owners">') :].partition("</p>")[0]
    assert re.findall(r"</i>(\w+)<", legend) == ["Bot", "Queue", "Agent", "Nobody"]


def test_an_agents_words_are_marked_by_the_way_they_took(page):
    assert "Bob Baker <small>via the bot</small>" in page and "relayed in 3.0 s" in page
    assert "private note, the customer does not see it" in page
    assert page.count("not passed on: the customer did not get it") == 1


def test_without_a_desk_nothing_of_it_is_drawn(run):
    page = html.render(**run).decode().partition("</style>")[2]
    assert [word for word in ('class="owners"', 'id="service"', "<dt>Helpdesk</dt>", " owned") if word in page] == []


def test_hostile_words_at_the_desk_stay_words(evil):
    told = (
        Told().says("Help").handoff(subject=evil, team=evil).accepts("bob").notes(evil).replies(evil, agent=evil).done()
    )
    page = page_of(told.made)
    assert "<img" not in page and page.count("<script") == 1


def test_the_timeline_of_days_has_the_owners_with_labels_where_there_is_room():
    told = Told().says("Help").handoff().wait(DAY).accepts("bob").wait(2 * DAY).closes().says("Thanks").done()
    drawn = timeline.draw(Transcripts(told.made).view(told.name))
    assert [(reign.owner, reign.label) for reign in drawn.owners] == [
        ("bot", ""),
        ("queue", "Queue"),
        ("agent", "Bob Baker"),
        ("bot", ""),
    ]
    assert drawn.owners[2].words == "Bob Baker, for 2d 5s" and drawn.bottom > drawn.owners_y


def test_the_wire_says_who_speaks_to_whom(page):
    assert "bot → Chatwoot" in page and "Chatwoot → bot" in page and "Telegram → bot" in page
