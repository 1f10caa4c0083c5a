"""The reference bot at Intercom: signatures, news, and a handover that is one however often it is tried."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest

from chatdrill.model import Accept, Close, DeleteReply, Note, Release, Reopen, Reply, Text, Transfer
from chatdrill.wire import Exchange, HttpRequest
from chatdrill_fakes.desks.intercom import desk as fake
from chatdrill_scenarios.shoebot.api import ApiError
from chatdrill_scenarios.shoebot.config import Settings
from chatdrill_scenarios.shoebot.desks import File, Handover, Line, News, Person
from chatdrill_scenarios.shoebot.desks.intercom import Intercom
from desks.intercom.kit import BASE, NOW, PNG, SECRET, Desk
from shoebot.desks.short_wire import ShortWire

ANN = Person("telegram:42", "Ann Lee", "en")
LINES = (
    Line("telegram:1", "customer", "where is order 553?", NOW),
    Line("bot:1", "bot", "On its way <3 & soon there", NOW + 1),
    Line("telegram:2", "customer", "it is torn", NOW + 2, File("a.png", "image/png", PNG)),
    Line("telegram:3", "customer", "a person, please", NOW + 3),
)
HANDOVER = Handover("telegram:42:3", ANN, "telegram", LINES, {"order": "553"})


class Stage:
    """A workspace and the bot's adapter, wired together."""

    def __init__(self) -> None:
        self.world = Desk()
        self.wire = ShortWire(BASE, self._ask)
        self.bot = Intercom(Settings.read({"INTERCOM_API_ROOT": BASE}), self.wire)

    def _ask(self, method, path, body, headers, fetched):  # type: ignore[no-untyped-def]
        request = HttpRequest(method, path, headers, body)
        return fake.handle(self.world.state, Exchange(request, self.world.now, BASE, fetched=fetched))

    async def opened(self) -> str:
        ticket = await self.bot.open(HANDOVER)
        self.world.updates(), self.world.state.outbox.clear()
        return ticket

    def news(self) -> list[News]:
        found = [news for update in self.world.updates() for news in self.bot.news(update.body)]
        self.world.state.outbox.clear()
        return found

    def said(self, ticket: str) -> list[tuple[str, str]]:
        return [(entry.author, entry.text) for entry in self.world.state.tickets[ticket].entries]


@pytest.fixture
def stage() -> Stage:
    return Stage()


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"x-hub-signature": "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()}


def test_only_intercoms_signature_over_these_bytes_is_trusted(stage: Stage) -> None:
    body = b'{"topic":"ping"}'
    assert stage.bot.trusts(signed(body), body)
    assert not stage.bot.trusts(signed(body), body + b" ")
    assert not stage.bot.trusts(signed(body, "another"), body)
    assert not stage.bot.trusts({}, body)
    assert not stage.bot.trusts({"x-hub-signature": "sha1=\u00e9"}, body)


async def test_the_history_stands_in_order_on_the_side_of_whoever_said_it(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    assert stage.said(ticket) == [(line.author, line.text) for line in (*LINES, HANDOVER.summary)]
    entries = stage.world.state.tickets[ticket].entries
    assert [entry.origin_at for entry in entries[:-1]] == [line.at for line in LINES]
    assert entries[2].files[0].sha256 == hashlib.sha256(PNG).hexdigest()
    assert stage.world.owner(ticket) == "queue"
    assert stage.world.state.tickets[ticket].custom_attributes["order"] == "553"


@pytest.mark.parametrize("lost_at", range(10))
async def test_a_handover_without_an_answer_is_looked_for_and_stays_one(stage: Stage, lost_at: int) -> None:
    made = len(stage.wire.calls)
    stage.wire.lost = 0
    original = stage.wire._talk

    def talk(*args):  # type: ignore[no-untyped-def]
        stage.wire.lost = int(len(stage.wire.calls) - made == lost_at)
        return original(*args)

    stage.wire._talk = talk  # type: ignore[method-assign]
    try:
        ticket = await stage.bot.open(HANDOVER)
    except ApiError:
        ticket = await stage.bot.open(HANDOVER)
    assert len(stage.world.state.tickets) == len(stage.world.state.contacts) == 1
    assert stage.said(ticket) == [(line.author, line.text) for line in (*LINES, HANDOVER.summary)]
    assert [part.kind for part in stage.world.state.tickets[ticket].parts].count("assignment") == 1


async def test_equal_words_in_one_second_are_told_apart_when_an_answer_is_lost(stage: Stage) -> None:
    ticket = await stage.opened()
    hi = Line("telegram:7", "customer", "hi", NOW + 9)
    await stage.bot.pass_on(ticket, ANN, hi, again=False)
    await stage.bot.pass_on(ticket, ANN, hi, again=True)  # another one, whose first call never arrived
    assert stage.said(ticket)[-2:] == [("customer", "hi")] * 2
    stage.wire.lost = 1
    with pytest.raises(ApiError):
        await stage.bot.pass_on(ticket, ANN, hi, again=False)
    await stage.bot.pass_on(ticket, ANN, hi, again=True)
    assert [words for _, words in stage.said(ticket)].count("hi") == 3


async def test_replies_are_news_and_notes_and_echoes_are_not(stage: Stage) -> None:
    ticket = await stage.opened()
    stage.world.act(ticket, Accept(agent="bob"))
    stage.world.act(ticket, Note(agent="bob", text="a secret"))
    stage.world.act(ticket, Reply(agent="bob", parts=(Text(text="Hello <Ann>\nBob here"),)))
    await stage.bot.pass_on(ticket, ANN, Line("telegram:8", "customer", "hi", NOW + 9), again=False)
    await stage.bot.confirm(News("reply", ticket, "1", "x"), delivered=False, why="blocked")
    accepted, reply = stage.news()
    assert (accepted.kind, reply.kind, reply.text, reply.agent) == (
        "accepted",
        "reply",
        "Hello <Ann>\nBob here",
        "Bob Ray",
    )
    assert reply.in_charge


async def test_the_same_thing_has_the_same_id_by_webhook_and_by_looking(stage: Stage) -> None:
    ticket = await stage.opened()
    stage.world.act(ticket, Accept(agent="bob"))
    stage.world.act(ticket, Reply(agent="bob", parts=(Text(text="Hello"),)))
    stage.world.act(ticket, Close(agent="bob"))
    hooks = stage.news()
    assert [news.kind for news in hooks] == ["accepted", "reply", "closed"]
    assert {news.id for news in await stage.bot.recent(ticket)} <= {news.id for news in hooks}
    assert "closed" in {news.kind for news in await stage.bot.recent(ticket)}


async def test_what_was_said_before_the_end_puts_nobody_in_charge_behind_it(stage: Stage) -> None:
    ticket = await stage.opened()
    stage.world.act(ticket, Accept(agent="bob"))
    stage.world.act(ticket, Reply(agent="bob", parts=(Text(text="Bye"),)))
    stage.world.act(ticket, Close(agent="bob"))
    updates = stage.world.updates()[::-1]
    closed, reply = (news for update in updates for news in stage.bot.news(update.body))
    assert (closed.kind, reply.kind, reply.in_charge) == ("closed", "reply", False)


async def test_an_end_that_was_taken_back_is_no_news_any_more(stage: Stage) -> None:
    ticket = await stage.opened()
    stage.world.act(ticket, Accept(agent="bob"))
    stage.world.act(ticket, Close(agent="bob"))
    stage.world.act(ticket, Reopen(agent="bob"))
    assert [news.kind for news in stage.news()] == ["accepted", "closed", "accepted"]
    assert "closed" not in {news.kind for news in await stage.bot.recent(ticket)}


async def test_given_back_to_the_bots_seat_it_is_over(stage: Stage) -> None:
    ticket = await stage.opened()
    stage.world.act(ticket, Accept(agent="bob"))
    stage.world.act(ticket, Release(agent="bob"))
    assert [news.kind for news in stage.news()] == ["accepted", "closed"]
    assert "closed" in {news.kind for news in await stage.bot.recent(ticket)}


async def test_words_that_look_like_markup_stand_in_the_conversation_once(stage: Stage) -> None:
    odd = (Line("telegram:1", "customer", "<t>t", NOW), Line("telegram:2", "customer", "a person, please", NOW + 1))
    ticket = await stage.bot.open(Handover("telegram:42:4", ANN, "telegram", odd, {}))
    assert [text for author, text in stage.said(ticket) if author == "customer"] == ["<t>t", "a person, please"]


async def test_what_lies_with_the_bots_seat_is_handed_to_the_team_again(stage: Stage) -> None:
    ticket = await stage.opened()
    stage.world.act(ticket, Accept(agent="bob"))
    stage.world.act(ticket, Release(agent="bob"))
    await stage.bot.open(HANDOVER)
    talk = stage.world.state.tickets[ticket]
    assert (stage.world.owner(ticket), len(stage.world.state.tickets)) == ("queue", 1), talk


async def test_a_deleted_reply_and_a_transfer_are_told_as_that(stage: Stage) -> None:
    ticket = await stage.opened()
    stage.world.act(ticket, Accept(agent="bob"))
    stage.world.act(ticket, Reply(agent="bob", parts=(Text(text="oops"),)))
    entry = stage.world.state.tickets[ticket].entries[-1].id
    stage.world.act(ticket, DeleteReply(agent="bob", entry_id=entry))
    stage.world.act(ticket, Transfer(agent="bob", to_agent="eve"))
    found = stage.news()
    assert [news.kind for news in found] == ["accepted", "reply", "deleted", "accepted"]
    assert found[2].entry == entry


async def test_the_customer_ends_it_once_and_colleagues_read_why(stage: Stage) -> None:
    ticket = await stage.opened()
    await stage.bot.end(ticket, "back to the bot")
    await stage.bot.end(ticket, "back to the bot")
    notes = [entry.text for entry in stage.world.state.tickets[ticket].entries if not entry.public]
    assert (notes, stage.world.owner(ticket), stage.news()) == ([HANDOVER.summary.text, "back to the bot"], "bot", [])
    await stage.bot.rate(ticket, 4)
    assert stage.world.state.tickets[ticket].custom_attributes["bot_rating"] == 4


async def test_a_changed_message_is_noted_once(stage: Stage) -> None:
    ticket = await stage.opened()
    changed = Line("telegram:3:edit:9", "customer", "order 553 & 554", NOW + 5)
    await stage.bot.change(ticket, ANN, changed)
    await stage.bot.change(ticket, ANN, changed)
    notes = [entry.text for entry in stage.world.state.tickets[ticket].entries if not entry.public]
    assert len(notes) == 2 and "order 553 & 554" in notes[1]


def test_a_deleted_conversation_gives_the_customer_back(stage: Stage) -> None:
    item = {"type": "conversation", "conversation_id": "499"}
    raw = json.dumps({"topic": "conversation.deleted", "data": {"item": item}}).encode()
    assert [(news.kind, news.ticket) for news in stage.bot.news(raw)] == [("closed", "499")]
