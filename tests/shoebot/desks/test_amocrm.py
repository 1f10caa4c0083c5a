"""The reference bot at amoCRM: signed hooks and unsigned hints, and a handover that is one however often it is tried."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest

from chatdrill.model import Accept, Close, Decline, Note, Release, Reopen, Reply, Text
from chatdrill.wire import Exchange, Fetched, HttpRequest
from chatdrill_fakes.desks.amocrm import desk as fake
from chatdrill_fakes.families.desks.brackets import encode_brackets
from chatdrill_scenarios.shoebot.api import ApiError
from chatdrill_scenarios.shoebot.config import Settings
from chatdrill_scenarios.shoebot.desks import File, Handover, Line, News, Person
from chatdrill_scenarios.shoebot.desks.amocrm import AmoCrm
from chatdrill_scenarios.shoebot.lending import Files
from chatdrill_scenarios.shoebot.pace import Pace
from chatdrill_scenarios.shoebot.store import Store
from desks.amocrm.kit import BASE, NOW, PNG, SECRET, Account
from shoebot.desks.short_wire import ShortWire

ANN = Person("telegram:42", "Ann Lee", "en", "+4915155501234")
LINES = (
    Line("telegram:1", "customer", "where is order 553?", NOW),
    Line("bot:1", "bot", "On its way", NOW + 1),
    Line("telegram:2", "customer", "it is torn", NOW + 2, File("a.png", "image/png", PNG)),
    Line("telegram:3", "customer", "a person, please", NOW + 3),
    Line("bot:2", "bot", "I am calling one", NOW + 4),
)
HANDOVER = Handover("telegram:42:3", ANN, "telegram", LINES, {"order": "553"})


class Stage:
    """An account and the bot's adapter, wired together. Dates are of the real day here, so their age does not count, and
    the adapter need not wait for its turns."""

    def __init__(self, **settings: str) -> None:
        self.world = Account(date_window_s="0", **settings)
        self.wire = ShortWire(BASE, self._ask, lambda link: Fetched(PNG, "image/png"))
        env = {"AMOCRM_API_ROOT": BASE, "AMOJO_API_ROOT": BASE, "CHATDRILL_SPEED": "1000"}
        self.bot = AmoCrm(Settings.read(env), self.wire, Files(Store(":memory:"), "http://127.0.0.1:8080"))

    def _ask(self, method, path, body, headers, fetched):  # type: ignore[no-untyped-def]
        kept = tuple(dict(headers).items())
        request = HttpRequest(method, path, kept, b"" if method == "GET" else body)
        return fake.handle(self.world.state, Exchange(request, self.world.now, BASE, fetched=fetched))

    def news(self) -> list[News]:
        """What the webhooks tell that wait."""
        found = [item for update in self.world.state.outbox for item in self.bot.news(update.body)]
        self.world.clear()
        return found

    @property
    def said(self) -> list[tuple[str, str]]:
        return [(entry.author, entry.text) for entry in self.world.ticket.entries if entry.public]

    async def recent(self, *kinds: str) -> list[News]:
        return [item for item in await self.bot.recent(self.world.ticket.address) if item.kind in kinds]


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
async def asked(stage: Stage) -> Stage:
    """Ann has been handed over, and the bot knows her talk."""
    await stage.bot.open(HANDOVER)
    stage.news()
    return stage


EXPECTED = [(line.author, line.text) for line in (*LINES, HANDOVER.summary)]


def test_the_signature_covers_every_byte_and_a_form_has_none(stage: Stage) -> None:
    body = b'{"account_id":"a"}'
    good = {"x-signature": hmac.new(SECRET.encode(), body, hashlib.sha1).hexdigest()}
    assert stage.bot.trusts(good, body)
    assert not stage.bot.trusts(good, body.replace(b"a", b"b"))
    assert not stage.bot.trusts({}, body)
    assert not stage.bot.trusts({"content-type": "application/x-www-form-urlencoded"}, b" \n" + body)
    assert stage.bot.trusts({}, b"talk[add][0][talk_id]=1")


async def test_the_history_stands_in_the_chat_once_by_its_authors_and_one_message_is_loud(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    assert ticket == stage.world.ticket.address
    assert stage.said == EXPECTED
    assert stage.world.owner() == "queue"
    (request,) = stage.world.state.incoming.values()
    assert request.metadata["last_message_text"] == "a person, please"


@pytest.mark.parametrize("lost", range(1, 8))
async def test_a_handover_whose_answers_are_lost_is_one(stage: Stage, lost: int) -> None:
    for _ in range(lost):
        stage.wire.lost = 1
        with pytest.raises(ApiError):
            await stage.bot.open(HANDOVER)
    await stage.bot.open(HANDOVER)
    assert stage.said == EXPECTED
    assert len(stage.world.state.incoming) == 1


async def test_whoever_said_nothing_asks_all_the_same(stage: Stage) -> None:
    await stage.bot.open(Handover("telegram:42:9", ANN, "telegram", ()))
    assert stage.said[-1] == ("customer", "[asks for a person]")
    assert stage.world.owner() == "queue"


async def test_a_message_that_arrived_is_not_brought_again(asked: Stage) -> None:
    ticket, line = asked.world.ticket.address, Line("telegram:4", "customer", "hurry", NOW + 9)
    await asked.bot.pass_on(ticket, ANN, line, again=False)
    calls = len(asked.wire.calls)
    await asked.bot.pass_on(ticket, ANN, line, again=True)
    assert asked.said[-2:] == [EXPECTED[-1], ("customer", "hurry")]
    assert [call.split(" ")[0] for call in asked.wire.calls[calls:]] == ["GET"]


async def test_an_edit_changes_the_message_and_an_unknown_one_is_new(asked: Stage) -> None:
    await asked.bot.change(asked.world.ticket.address, ANN, Line("telegram:1:edit:7", "customer", "order 535?", NOW))
    found = [item["message"]["text"] for item in asked.world.ticket.messages.values()]
    assert found[0] == "order 535?"
    await asked.bot.change(asked.world.ticket.address, ANN, Line("telegram:0:edit:8", "customer", "lost", NOW))
    assert asked.said[-1] == ("customer", "✎ lost")


async def test_a_reply_is_told_by_hook_and_history_under_one_id_and_notes_never(asked: Stage) -> None:
    asked.world.act(Accept(agent="bob"))
    asked.world.act(Note(agent="bob", text="rude"))
    asked.world.reply("Hello, Bob here")
    (told,) = [item for item in asked.news() if item.kind == "reply"]
    (found,) = await asked.recent("reply")
    assert (told.text, told.id, told.in_charge) == (found.text, found.id, True)


async def test_the_channels_own_words_are_no_news(asked: Stage) -> None:
    assert await asked.recent("reply", "asked") == []


async def test_a_form_tells_only_where_to_look(asked: Stage) -> None:
    asked.world.act(Accept(agent="bob"))
    asked.world.act(Close(agent="bob"))
    assert {(item.kind, item.text) for item in asked.news()} == {("look", "")}
    assert [item.kind for item in await asked.recent("accepted", "closed")] == ["closed"]


async def test_a_form_about_somebody_elses_talk_is_not_believed(asked: Stage) -> None:
    ticket = asked.world.ticket.address
    talk = {"chat_id": "not-hers", "talk_id": asked.world.ticket.talk.id + 1, "is_in_work": "0"}  # type: ignore[union-attr]
    forged = encode_brackets({"talk": {"update": [{**talk, "chat_id": ticket}]}, "account": {"id": 30990011}})
    assert [item.kind for item in asked.bot.news(forged)] == ["look"]
    assert await asked.recent("closed", "failed") == []


async def test_who_has_taken_it_is_told_with_the_same_id_each_time(asked: Stage) -> None:
    assert await asked.recent("accepted") == []
    asked.world.act(Accept(agent="bob"))
    (first,), (second,) = await asked.recent("accepted"), await asked.recent("accepted")
    assert first == second


@pytest.mark.parametrize("act", [Release(agent="bob"), Close(agent="bob")])
async def test_the_end_of_the_human_part_is_told(asked: Stage, act: Any) -> None:
    asked.world.act(Accept(agent="bob"))
    asked.news()
    await asked.recent()
    asked.world.act(act)
    assert any(item.kind == "look" for item in asked.news())
    for _ in range(2):
        assert [item.kind for item in await asked.recent("closed", "failed")] == ["closed"]


async def test_who_took_it_unseen_and_gave_it_back_without_a_word_has_ended_it(asked: Stage) -> None:
    asked.world.act(Accept(agent="bob"))
    asked.news()
    asked.world.act(Release(agent="bob"))
    asked.news()
    for _ in range(2):
        assert [item.kind for item in await asked.recent("closed", "failed", "accepted")] == ["closed"]


async def test_a_look_that_outlasts_the_end_knows_nobody_who_has_it(
    asked: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up = asked.bot._lead

    async def slowly(talk: Any) -> dict[str, Any]:
        found = await look_up(talk)
        if talk["is_in_work"]:
            asked.world.act(Close(agent="bob"))
            assert [item.kind for item in await asked.recent("closed")] == ["closed"]
        return found

    asked.world.act(Accept(agent="bob"))
    asked.news()
    monkeypatch.setattr(asked.bot, "_lead", slowly)
    assert await asked.recent("accepted") == []
    monkeypatch.undo()
    asked.world.act(Reopen(agent="eva"))
    (again,) = await asked.recent("accepted")
    assert f":{asked.world.state.user_id('eva')}:" in again.id


async def test_an_answer_that_is_older_than_the_end_says_nothing(asked: Stage) -> None:
    ticket = asked.world.ticket.address
    asked.world.act(Accept(agent="bob"))
    asked.news()
    before = await asked.bot._talk(ticket)
    asked.world.now += 5
    asked.world.act(Close(agent="bob"))
    assert [item.kind for item in await asked.recent("closed")] == ["closed"]
    assert before is not None and await asked.bot._moved(ticket, before) == []


async def test_a_request_that_is_declined_has_failed(asked: Stage) -> None:
    asked.world.act(Decline(agent="bob"))
    asked.news()
    assert [item.kind for item in await asked.recent("closed", "failed")] == ["failed"]


async def test_a_reply_that_is_older_than_the_end_is_in_charge_of_nothing(asked: Stage) -> None:
    asked.world.act(Accept(agent="bob"))
    asked.world.act(Reply(agent="bob", parts=(Text(text="Bye"),)))
    (late,) = [update for update in asked.world.state.outbox if update.hook is None]
    asked.news()
    asked.world.act(Close(agent="bob"))
    asked.news()
    await asked.recent()
    assert [item.in_charge for item in asked.bot.news(late.body)] == [False]


async def test_the_customers_end_closes_the_talk_with_a_note(asked: Stage) -> None:
    asked.world.act(Accept(agent="bob"))
    await asked.bot.end(asked.world.ticket.address, "gone")
    await asked.bot.end(asked.world.ticket.address, "gone")
    assert asked.world.owner() == "bot"
    assert [note["params"]["text"] for note in asked.world.state.notes.values()].count("gone") == 1


@pytest.mark.parametrize("accepts", [False, True])
async def test_after_a_restart_the_bot_takes_back_what_no_webhook_has_told_of(stage: Stage, accepts: bool) -> None:
    await stage.bot.open(HANDOVER)
    if accepts:
        stage.world.act(Accept(agent="bob"))
    await stage.bot.end(stage.world.ticket.address, "gone")
    assert stage.world.owner() == "bot"


async def test_receipts_name_what_became_of_a_message(asked: Stage) -> None:
    asked.world.act(Accept(agent="bob"))
    asked.world.reply()
    (news,) = [item for item in asked.news() if item.kind == "reply"]
    await asked.bot.confirm(news, delivered=True)
    item = asked.world.ticket.messages[news.entry]
    assert item["delivery_status"] == 1
    await asked.bot.confirm(news, delivered=False, why="blocked")
    assert item["delivery_status"] == -1


async def test_a_rating_is_a_tag_of_the_lead(asked: Stage) -> None:
    await asked.bot.rate(asked.world.ticket.address, 5)
    lead = asked.world.state.lead_of(asked.world.ticket)
    assert lead is not None
    assert [tag["name"] for tag in lead["_embedded"]["tags"]] == ["rated-5"]


async def test_registering_again_changes_nothing(stage: Stage) -> None:
    await stage.bot.register()
    await stage.bot.register()
    assert list(stage.world.state.webhooks)[1:] == ["http://127.0.0.1:8080/webhooks/amocrm"]


async def test_calls_of_the_crm_take_their_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[Pace] = []

    async def turn(pace: Pace) -> None:
        turns.append(pace)

    stage = Stage(rate_limits="no")
    monkeypatch.setattr(Pace, "turn", turn)
    for _ in range(3):
        await stage.bot.rate("nobody", 5)
    assert len(turns) == len(stage.wire.calls) >= 3
