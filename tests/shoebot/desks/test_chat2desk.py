"""The reference bot at Chat2Desk: signatures, hints and looks, and a handover that is one however often it is tried."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from chatdrill.model import Accept, Close, Note, Release, Reply, Text
from chatdrill.wire import Exchange, Fetched, HttpRequest
from chatdrill_fakes.desks.chat2desk import desk as fake
from chatdrill_scenarios.shoebot.api import ApiError
from chatdrill_scenarios.shoebot.config import Settings
from chatdrill_scenarios.shoebot.desks import File, Handover, Line, News, Person
from chatdrill_scenarios.shoebot.desks.chat2desk import Chat2Desk
from chatdrill_scenarios.shoebot.lending import Files
from chatdrill_scenarios.shoebot.store import Store
from desks.chat2desk.kit import BASE, NOW, PNG, Account
from shoebot.desks.short_wire import ShortWire

SECRET = "sesame"
ANN = Person("telegram:42", "Ann Lee", "en", "+4915155501234")
LINES = (
    Line("telegram:1", "customer", "where is order 553?", NOW),
    Line("bot:1", "bot", "On its way", NOW + 1),
    Line("telegram:2", "customer", "it is torn", NOW + 2, File("a.png", "image/png", PNG)),
    Line("telegram:3", "customer", "a person, please", NOW + 3),
)
HANDOVER = Handover("telegram:42:3", ANN, "telegram", LINES, {"order": "553"})
ASK = "The customer asks for a person.\nLanguage: en\norder: 553"


class Wire(ShortWire):
    """Loses the answer to the call with this number, from the next one."""

    breaks_at = 0

    def _talk(self, *given: Any) -> Any:
        self.breaks_at -= 1
        if self.breaks_at == 0:
            self.lost = 1
        return super()._talk(*given)


class Stage:
    """An account and the bot's adapter, wired together."""

    def __init__(self, **settings: str) -> None:
        self.world = Account(**settings)
        self.wire = Wire(BASE, self._ask, lambda link: Fetched(PNG, "image/png"))
        env = {f"CHAT2DESK_{name.upper()}": value for name, value in settings.items()}
        given = Settings.read({"CHAT2DESK_API_ROOT": BASE, **env})
        self.bot = Chat2Desk(given, self.wire, Files(Store(":memory:"), "http://127.0.0.1:8080"))

    def _ask(self, method, path, body, headers, fetched):  # type: ignore[no-untyped-def]
        request = HttpRequest(method, path, headers, b"" if method == "GET" else body)
        return fake.handle(self.world.state, Exchange(request, self.world.now, BASE, fetched=fetched))

    def news(self) -> list[News]:
        return [news for body in self.world.told() for news in self.bot.news(json.dumps(body).encode())]

    def said(self, ticket: str) -> list[tuple[str, str]]:
        return [(entry.author, entry.text) for entry in self.world.state.tickets[ticket].entries]

    async def recent(self, ticket: str, *kinds: str) -> list[News]:
        return [news for news in await self.bot.recent(ticket) if news.kind in kinds]


@pytest.fixture
def stage() -> Stage:
    return Stage()


EXPECTED = [*((line.author, line.text) for line in LINES), ("system", ASK)]


def test_the_signature_covers_every_byte() -> None:
    stage = Stage(webhook_secret=SECRET)
    dialog = stage.world.queued()
    stage.world.reply(dialog)
    request = fake.request(stage.world.state, stage.world.updates()[:1], NOW)
    heads = {name.lower(): value for name, value in request.headers}
    changed = {**heads, "x-signature": heads["x-signature"][:-1] + "é"}
    assert stage.bot.trusts(heads, request.body)
    assert not stage.bot.trusts(heads, request.body.replace(b"1", b"2", 1))
    assert not stage.bot.trusts(changed, request.body)
    assert not stage.bot.trusts({}, request.body)


def test_a_webhook_only_says_where_to_look(stage: Stage) -> None:
    dialog = stage.world.queued()
    stage.world.told()
    stage.world.reply(dialog)
    assert {(news.kind, news.ticket, news.text) for news in stage.news()} == {("look", dialog, "")}


async def test_own_words_and_notes_are_no_news(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    stage.world.act(ticket, Note(agent="bob", text="careful"))
    assert stage.news() == []
    assert await stage.bot.recent(ticket) == []


async def test_the_history_stands_in_order_on_the_side_of_whoever_said_it(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    assert stage.said(ticket) == EXPECTED
    dialog = stage.world.state.tickets[ticket]
    assert dialog.entries[2].files[0].sha256 == hashlib.sha256(PNG).hexdigest()
    assert dialog.client.fields["external_id"] == ANN.key
    assert stage.world.owner(ticket) == "queue"


@pytest.mark.parametrize("call", range(1, 9))
async def test_a_handover_that_breaks_off_anywhere_is_carried_on(stage: Stage, call: int) -> None:
    stage.wire.breaks_at = call
    with pytest.raises(ApiError):
        await stage.bot.open(HANDOVER)
    ticket = await stage.bot.open(HANDOVER)
    assert stage.said(ticket) == EXPECTED and len(stage.world.state.tickets) == 1


async def test_a_customer_who_has_only_opened_the_chat_is_known_by_that(stage: Stage) -> None:
    lines = [Line("bot:1", "bot", "Hello!", NOW), Line("telegram:1", "customer", "a person, please", NOW)]
    ticket = await stage.bot.open(Handover("telegram:42:1", ANN, "telegram", lines))
    assert stage.said(ticket)[:3] == [("customer", "[start]"), ("bot", "Hello!"), ("customer", "a person, please")]


async def test_a_message_whose_answer_was_lost_is_shown_once(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    line = Line("telegram:8", "customer", "hi", NOW)
    stage.wire.lost = 1
    with pytest.raises(ApiError):
        await stage.bot.pass_on(ticket, ANN, line, again=False)
    await stage.bot.pass_on(ticket, ANN, line, again=True)
    assert stage.said(ticket)[len(EXPECTED) :] == [("customer", "hi")]


async def test_an_operators_words_come_with_files_and_once(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    stage.world.act(ticket, Accept(agent="bob"))
    stage.world.reply(ticket, "Which colour?")
    first, again = await stage.bot.recent(ticket), await stage.bot.recent(ticket)
    assert first == again
    assert [(news.kind, news.text, news.in_charge) for news in first] == [
        ("accepted", "", True),
        ("reply", "Which colour?", True),
    ]


async def test_what_routing_gives_to_people_is_not_accepted_yet() -> None:
    stage = Stage(auto_assign="yes")
    ticket = await stage.bot.open(HANDOVER)
    assert stage.world.state.tickets[ticket].assignee and await stage.bot.recent(ticket) == []


async def test_every_end_has_an_id_of_its_own(stage: Stage) -> None:
    ends = set()
    for number in range(2):
        line = Line(f"telegram:{number}", "customer", "a person, please", NOW)
        ticket = await stage.bot.open(Handover(f"telegram:42:{number}", ANN, "telegram", [line]))
        stage.world.act(ticket, Accept(agent="bob"))
        stage.world.now += 60
        stage.world.act(ticket, Release(agent="bob"))
        ends |= {news.id for news in await stage.recent(ticket, "closed")}
    assert len(ends) == 2 and len(stage.world.state.tickets) == 1


async def test_a_last_word_before_the_end_puts_nobody_in_charge(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    stage.world.reply(ticket, "Bye")
    stage.world.act(ticket, Close(agent="bob"))
    kinds = [(news.kind, news.in_charge) for news in await stage.bot.recent(ticket)]
    assert kinds == [("reply", False), ("closed", True)]


async def test_notes_to_the_operators_are_written_once(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    news = News("reply", ticket, "77", "Hello")
    for _ in range(2):
        await stage.bot.change(ticket, ANN, Line("telegram:3:edit:9", "customer", "a person!", NOW))
        await stage.bot.confirm(news, delivered=False, why="blocked")
        await stage.bot.end(ticket, "Back to the bot.")
        await stage.bot.rate(ticket, 5)
    notes = [entry.text for entry in stage.world.state.tickets[ticket].entries if not entry.public][1:]
    assert [note.partition("\n")[0] for note in notes] == [
        "Ann Lee has changed a message. It reads now:",
        "Not delivered: 'Hello' (blocked)",
        "Back to the bot.",
        "The customer's rating: 5 of 5",
    ]
    assert stage.world.owner(ticket) == "bot"


async def test_the_desks_own_survey_is_answered_and_not_asked_again() -> None:
    stage = Stage(survey="How was it? 1-5")
    ticket = await stage.bot.open(HANDOVER)
    stage.world.act(ticket, Reply(agent="bob", parts=(Text(text="Bye"),)))
    stage.world.act(ticket, Close(agent="bob"))
    (asked,) = await stage.recent(ticket, "asked")
    assert stage.bot.asks_for_rating and asked.text == "How was it? 1-5"
    await stage.bot.rate(ticket, 4)
    assert stage.world.state.messages.popitem()[1].extra == {"rating": 4}


async def test_the_webhook_is_subscribed_to_once(stage: Stage) -> None:
    await stage.bot.register()
    await stage.bot.register()
    (hook,) = stage.world.state.hooks.values()
    assert hook.url.endswith("/webhooks/chat2desk") and "close_dialog" in hook.wants
