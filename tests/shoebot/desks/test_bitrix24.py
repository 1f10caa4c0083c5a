"""The reference bot at Bitrix24: proofs, news, and a handover that is one however often it is tried."""

from __future__ import annotations

import hashlib
import time

import pytest

from chatdrill.model import Accept, Close, DeleteReply, EditReply, Note, Reply, TakeOver, Text
from chatdrill.wire import Exchange, Fetched, HttpRequest
from chatdrill_fakes.desks.bitrix24 import desk as fake
from chatdrill_fakes.desks.bitrix24.hooks import forged
from chatdrill_scenarios.shoebot.api import ApiError
from chatdrill_scenarios.shoebot.config import Settings
from chatdrill_scenarios.shoebot.desks import File, Handover, Line, News, Person
from chatdrill_scenarios.shoebot.desks.bitrix24 import Bitrix24
from chatdrill_scenarios.shoebot.lending import Files
from chatdrill_scenarios.shoebot.store import Store
from desks.bitrix24.kit import BASE, PNG, Portal
from shoebot.desks.short_wire import ShortWire

ANN = Person("telegram:42", "Ann 2 Lee-Smith!", "en", "+4915155501234")


class Stage:
    """A portal and the bot's adapter, wired together."""

    def __init__(self, **settings: str) -> None:
        self.world = Portal(hook=None, **{"rate_limits": "no", **settings})
        self.world.now = time.time()
        self.wire = ShortWire(BASE, self._ask, lambda link: Fetched(PNG, "image/png"))
        env = Settings.read({"BITRIX24_API_ROOT": BASE})
        self.make = lambda: Bitrix24(env, self.wire, Files(Store(":memory:"), "http://127.0.0.1:8080"))
        self.bot = self.make()
        now = self.world.now + 1
        self.lines = (
            Line("telegram:1", "customer", "where is order 553?", now),
            Line("bot:1", "bot", "On its way", now),
            Line("telegram:2", "customer", "it is torn", now, File("a.png", "image/png", PNG)),
            Line("telegram:3", "customer", "a person, please", now),
        )
        self.handover = Handover("telegram:42:3", ANN, "telegram", self.lines, {"order": "553"})

    def _ask(self, method, path, body, headers, fetched):  # type: ignore[no-untyped-def]
        request = HttpRequest(method, path, headers, body)
        return fake.handle(self.world.state, Exchange(request, self.world.now, BASE, fetched=fetched))

    async def opened(self) -> str:
        await self.bot.register()
        ticket = await self.bot.open(self.handover)
        self.world.updates()
        return ticket

    def news(self) -> list[News]:
        return [news for update in self.world.updates() for news in self.bot.news(self.world.request(update).body)]

    def said(self, ticket: str) -> list[tuple[str, str]]:
        return [(entry.author, entry.text) for entry in self.world.state.tickets[ticket].entries if entry.public]

    def expected(self) -> list[tuple[str, str]]:
        return [*((line.author, line.text) for line in self.lines), ("bot", "language: en, order: 553")]


@pytest.fixture
def stage() -> Stage:
    return Stage()


async def test_only_the_portals_own_token_is_trusted(stage: Stage) -> None:
    ticket = await stage.opened()
    stage.world.reply(ticket)
    request = stage.world.request(stage.world.updates("ONIMCONNECTORMESSAGEADD")[0])
    assert stage.bot.trusts({}, request.body)
    assert not stage.bot.trusts({}, forged(request, "831c76b092f9f135d9b6b36c3a720758"))
    assert not stage.bot.trusts({}, forged(request, None))
    assert not stage.bot.trusts({}, b"auth=1&auth[application_token]=2")
    assert not stage.bot.trusts({}, b"\xff\xfe")


async def test_the_history_stands_in_order_on_the_side_of_whoever_said_it(stage: Stage) -> None:
    ticket = await stage.bot.open(stage.handover)
    assert stage.said(ticket) == stage.expected()
    dialog = stage.world.state.tickets[ticket]
    assert dialog.entries[2].files[0].sha256 == hashlib.sha256(PNG).hexdigest()
    assert (dialog.user["name"], dialog.user["last_name"]) == ("Ann", "Lee-Smith")
    assert stage.world.owner(ticket) == "queue"


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_handover_without_an_answer_is_looked_for_and_stays_one(stage: Stage, restarted: bool) -> None:
    stage.wire.lost = 1
    with pytest.raises(ApiError):
        await stage.bot.open(stage.handover)
    if restarted:
        stage.bot = stage.make()
        stage.bot._born = stage.world.now + 60
    ticket = await stage.bot.open(stage.handover)
    assert len(stage.world.state.tickets) == 1
    assert stage.said(ticket) == stage.expected()


async def test_a_second_handover_is_a_new_session_of_the_same_chat(stage: Stage) -> None:
    ticket = await stage.opened()
    stage.world.accept(ticket)
    stage.world.act(ticket, Close(agent="bob"))
    late = stage.world.updates()
    again = Handover(
        "telegram:42:9", ANN, "telegram", [Line("telegram:9", "customer", "me again", stage.world.now + 9)]
    )
    assert await stage.bot.open(again) == ticket
    assert len(stage.world.state.tickets[ticket].sessions) == 2
    assert [news for update in late for news in stage.bot.news(stage.world.request(update).body)] == []
    assert "closed" not in {news.kind for news in await stage.bot.recent(ticket)}


async def test_a_message_whose_answer_was_lost_is_shown_once(stage: Stage) -> None:
    ticket = await stage.opened()
    line = Line("telegram:8", "customer", "hi", stage.world.now)
    stage.wire.lost = 1
    with pytest.raises(ApiError):
        await stage.bot.pass_on(ticket, ANN, line, again=False)
    await stage.bot.pass_on(ticket, ANN, line, again=True)
    await stage.bot.pass_on(ticket, ANN, Line("telegram:9", "customer", "hi", stage.world.now), again=True)
    assert stage.said(ticket)[-2:] == [("customer", "hi")] * 2
    assert len(stage.said(ticket)) == len(stage.expected()) + 2


async def test_replies_are_news_without_markup_and_private_words_are_not(stage: Stage) -> None:
    ticket = await stage.opened()
    stage.world.accept(ticket)
    stage.world.act(ticket, Note(agent="bob", text="a secret"))
    words = "[b]Hello[/b][br]see [url=https://a.example]here[/url]"
    stage.world.act(ticket, Reply(agent="bob", parts=(Text(text=words),)))
    (reply,) = stage.news()
    assert (reply.kind, reply.text, reply.in_charge) == ("reply", "Hello\nsee here (https://a.example)", True)
    assert "a secret" not in str(await stage.bot.recent(ticket))


async def test_what_was_lost_is_found_by_looking_under_the_same_id(stage: Stage) -> None:
    ticket = await stage.opened()
    stage.world.accept(ticket)
    (accepted,) = await stage.bot.recent(ticket)
    assert accepted.kind == "accepted"
    stage.world.now += 5
    stage.world.reply(ticket, "Hello")
    stage.world.act(ticket, Close(agent="bob"))
    told = stage.news()
    assert [news.kind for news in told] == ["reply", "closed"]
    found = await stage.bot.recent(ticket)
    assert [(news.kind, news.id) for news in found] == [(news.kind, news.id) for news in told]
    assert await stage.bot.recent(ticket) == found


async def test_a_reply_from_before_the_end_puts_nobody_in_charge(stage: Stage) -> None:
    ticket = await stage.opened()
    stage.world.reply(ticket, "Bye")
    stage.world.now += 5
    stage.world.act(ticket, Close(agent="bob"))
    updates = [each for each in stage.world.updates() if each.kind != "ONIMCONNECTORDIALOGSTART"][::-1]
    closed, reply = (news for each in updates for news in stage.bot.news(stage.world.request(each).body))
    assert (closed.kind, reply.kind, reply.in_charge) == ("closed", "reply", False)


async def test_an_agent_who_begins_a_session_is_found_by_looking(stage: Stage) -> None:
    ticket = await stage.opened()
    stage.world.accept(ticket)
    stage.world.act(ticket, Close(agent="bob"))
    stage.world.act(ticket, TakeOver(agent="eva"))
    assert [news.kind for news in stage.news()] == ["closed", "look"]
    assert [news.kind for news in await stage.bot.recent(ticket)] == ["accepted"]


async def test_a_delivered_reply_is_confirmed_and_its_edit_is_told(stage: Stage) -> None:
    ticket = await stage.opened()
    entry = stage.world.reply(ticket, "Hello")
    (reply,) = stage.news()
    await stage.bot.confirm(reply, delivered=True)
    assert stage.world.state.tickets[ticket].mids[entry] == [f"out-{entry}"]
    stage.world.act(ticket, EditReply(agent="bob", entry_id=entry, text="Hi"))
    stage.world.act(ticket, DeleteReply(agent="bob", entry_id=entry))
    assert [(news.kind, news.text) for news in stage.news()] == [("edited", "Hi"), ("deleted", "")]


async def test_a_failed_reply_is_remarked_once_and_not_sent_out(stage: Stage) -> None:
    ticket = await stage.opened()
    stage.world.reply(ticket, "Hello")
    (reply,) = stage.news()
    stage.wire.lost = 1
    with pytest.raises(ApiError):
        await stage.bot.confirm(reply, delivered=False, why="blocked")
    await stage.bot.confirm(reply, delivered=False, why="blocked")
    assert [author for author, text in stage.said(ticket) if "blocked" in text] == ["bot"]
    assert stage.news() == []


async def test_a_changed_message_is_changed_in_its_place(stage: Stage) -> None:
    ticket = await stage.opened()
    count = len(stage.said(ticket))
    edit = Line("telegram:3:edit:77", "customer", "no, wait", stage.world.now)
    await stage.bot.change(ticket, ANN, edit)
    assert (stage.said(ticket)[3], len(stage.said(ticket))) == (("customer", "no, wait"), count)
    await stage.bot.change(ticket, ANN, Line("telegram:5:edit:78", "customer", "unknown", stage.world.now))
    assert stage.said(ticket)[-1] == ("customer", "unknown")


async def test_the_customer_ends_it_and_the_agents_read_why(stage: Stage) -> None:
    ticket = await stage.opened()
    stage.world.act(ticket, Accept(agent="bob"))
    await stage.bot.end(ticket, "back to the bot")
    assert stage.said(ticket)[-1] == ("bot", "back to the bot")
    assert stage.world.owner(ticket) == "bot"
    assert len(stage.world.state.tickets[ticket].sessions) == 1


@pytest.mark.parametrize(("digit", "vote"), [(1, 5), (0, 1)])
async def test_a_rating_answers_the_lines_question_and_begins_nothing(digit: int, vote: int) -> None:
    stage = Stage(vote="yes")
    await stage.bot.register()
    assert stage.bot.asks_for_rating
    ticket = await stage.opened()
    stage.world.act(ticket, Accept(agent="bob"))
    stage.world.act(ticket, Close(agent="bob"))
    await stage.bot.rate(ticket, digit)
    await stage.bot.rate(ticket, digit)
    (session,) = stage.world.state.tickets[ticket].sessions
    assert session.vote == vote


async def test_without_a_question_a_rating_begins_no_session(stage: Stage) -> None:
    ticket = await stage.opened()
    stage.world.act(ticket, Accept(agent="bob"))
    stage.world.act(ticket, Close(agent="bob"))
    await stage.bot.rate(ticket, 5)
    assert len(stage.world.state.tickets[ticket].sessions) == 1
    assert stage.world.owner(ticket) == "bot"


async def test_an_expired_token_is_renewed_once(stage: Stage) -> None:
    stage.world = Portal(hook=None, tokens_expire="yes", rate_limits="no")
    ticket = await stage.opened()
    stage.world.now += 3700
    await stage.bot.pass_on(ticket, ANN, Line("telegram:8", "customer", "hi", stage.world.now), again=False)
    await stage.bot.recent(ticket)
    assert stage.said(ticket)[-1] == ("customer", "hi")
    assert sum("/oauth/token/" in call for call in stage.wire.calls) == 1


async def test_the_bindings_of_an_earlier_start_are_no_trouble(stage: Stage) -> None:
    await stage.bot.register()
    count = len(stage.world.state.bindings)
    await stage.make().register()
    assert len(stage.world.state.bindings) == count == 10
    assert not stage.world.state.connectors["chatdrill"].flags["NEED_SIGNATURE"]
