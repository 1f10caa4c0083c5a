"""The reference bot at a Bot Framework hub: tokens, news, and a handover that is one however often it is tried."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from chatdrill.model import Accept, Close, EditReply, Reply, TakeOver, Text
from chatdrill.wire import Exchange, Fetched, HttpRequest
from chatdrill_fakes.desks.botframework import desk as fake
from chatdrill_scenarios.shoebot.api import ApiError
from chatdrill_scenarios.shoebot.config import Settings
from chatdrill_scenarios.shoebot.desks import File, Handover, Line, Link, News, Person
from chatdrill_scenarios.shoebot.desks.botframework import BotFramework
from chatdrill_scenarios.shoebot.lending import Files
from chatdrill_scenarios.shoebot.store import Store
from desks.botframework.kit import BASE, HUB_TOKEN, NOW, PNG, TOKEN, Hub
from shoebot.desks.short_wire import ShortWire

ANN = Person("telegram:42", "Ann Lee", "en")
LINES = (
    Line("telegram:1", "customer", "where is order 553?", NOW),
    Line("bot:1", "bot", "On its way", NOW + 1),
    Line("telegram:2", "customer", "it is torn", NOW + 2, File("a.png", "image/png", PNG)),
    Line("telegram:3", "customer", "a person, please", NOW + 3),
)
HANDOVER = Handover("telegram:42:3", ANN, "telegram", LINES, {"order": "553"})
EXPECTED = [(line.author, line.text) for line in (*LINES, HANDOVER.summary)]


class Wire(ShortWire):
    """The login is another service, and takes a form."""

    async def post(self, url: str, what: str, **options: Any) -> dict[str, Any]:
        if url.endswith("/oauth2/v2.0/token"):
            return {"access_token": TOKEN, "expires_in": 86399}
        return await super().post(url, what, **options)


class Stage:
    """A hub and the bot's adapter, wired together."""

    def __init__(self, **settings: str) -> None:
        self.world = Hub(**settings)
        self.store = Store(":memory:")
        files = Files(self.store, "http://127.0.0.1:8080")
        self.wire = Wire(BASE, self._ask, lambda link: self._fetched(files.find(link.partition(":8080")[2])))
        env = Settings.read({"BOTFRAMEWORK_API_ROOT": BASE})
        self.make = lambda: BotFramework(env, self.wire, files)
        self.bot = self.make()

    def _fetched(self, file: File | None) -> Fetched:
        return Fetched(file.content, file.mime) if file else Fetched(error="status 404")

    def _ask(self, method, path, body, headers, fetched):  # type: ignore[no-untyped-def]
        request = HttpRequest(method, path, headers, b"" if method == "GET" else body)
        return fake.handle(self.world.state, Exchange(request, self.world.now, BASE, fetched=fetched))

    def hooks(self) -> list[bytes]:
        return [json.dumps(body).encode() for body in self.world.told()]

    def news(self, *hooks: bytes) -> list[News]:
        return [news for raw in hooks or self.hooks() for news in self.bot.news(raw)]

    def said(self, ticket: str) -> list[tuple[str, str]]:
        return [(entry.author, entry.text) for entry in self.world.shown(ticket)]


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.mark.parametrize("token", ["", f"Bearer {HUB_TOKEN}x", f"Bearer {HUB_TOKEN[:-1]}é", HUB_TOKEN])
def test_only_the_hubs_token_is_trusted(stage: Stage, token: str) -> None:
    assert stage.bot.trusts({"authorization": f"Bearer {HUB_TOKEN}"}, b"{}")
    assert not stage.bot.trusts({"authorization": token}, b"{}")
    assert not stage.bot.trusts({}, b"{}")


async def test_one_event_brings_the_whole_history(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    assert stage.said(ticket) == EXPECTED
    shown = stage.world.shown(ticket)
    assert [entry.origin_at for entry in shown[:-1]] == [line.at for line in LINES]
    assert shown[2].files[0].sha256 == hashlib.sha256(PNG).hexdigest()
    assert (stage.world.ticket(ticket).contact, stage.world.owner(ticket)) == (ANN.key, "queue")


async def test_a_history_that_is_too_long_comes_by_link(stage: Stage) -> None:
    lines = [Line(f"telegram:{number}", "customer", f"{number} " + "👩‍👩‍👧‍👦" * 100, NOW) for number in range(200)]
    ticket = await stage.bot.open(Handover("telegram:42:9", ANN, "telegram", lines))
    assert stage.said(ticket)[:-1] == [("customer", line.text) for line in lines]


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_handover_without_an_answer_is_looked_for_and_stays_one(stage: Stage, restarted: bool) -> None:
    await stage.bot._post("elsewhere", {"type": "event", "name": "handoff.initiate"})
    ask = stage.wire._talk

    def deaf(method: str, *given: Any) -> Any:
        stage.wire.lost = int(method == "POST")
        return ask(method, *given)

    stage.wire._talk = deaf  # type: ignore[method-assign]
    with pytest.raises(ApiError):
        await stage.bot.open(HANDOVER)
    stage.wire._talk = ask  # type: ignore[method-assign]
    stage.bot = stage.make() if restarted else stage.bot
    ticket = await stage.bot.open(HANDOVER)
    assert stage.said(ticket) == EXPECTED and len(stage.world.state.tickets) == 2


async def test_a_message_whose_answer_was_lost_is_shown_once(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    line = Line("telegram:8", "customer", "hi", NOW)
    stage.wire.lost = 1
    with pytest.raises(ApiError):
        await stage.bot.pass_on(ticket, ANN, line, again=False)
    await stage.bot.pass_on(ticket, ANN, line, again=True)
    assert stage.said(ticket)[len(EXPECTED) :] == [("customer", "hi")]


async def test_a_message_that_was_refused_is_sent_anew(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    line = Line("telegram:8", "customer", "hi", NOW)
    stage.bot._token = "wrong"
    with pytest.raises(ApiError):
        await stage.bot.pass_on(ticket, ANN, line, again=False)
    stage.bot._token = TOKEN
    await stage.bot.pass_on(ticket, ANN, line, again=True)
    assert stage.said(ticket)[len(EXPECTED) :] == [("customer", "hi")]


async def test_a_changed_message_is_changed_where_it_stands(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    await stage.bot.pass_on(ticket, ANN, Line("telegram:8", "customer", "535", NOW), again=False)
    await stage.bot.change(ticket, ANN, Line("telegram:8:edit:1", "customer", "553", NOW))
    assert stage.said(ticket)[-1] == ("customer", "553")
    for _ in range(2):  # of the history the bot knows no ids
        await stage.bot.change(ticket, ANN, Line("telegram:3:edit:2", "customer", "now!", NOW))
    assert stage.said(ticket)[len(EXPECTED) + 1 :] == [("bot", "Ann Lee has changed a message. It reads now:\n✎ now!")]


async def test_what_agents_do_is_told_once_however_often_it_comes(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    stage.world.act(Accept(agent="bob"), ticket)
    stage.world.reply("Hello", ticket=ticket)
    id = stage.world.shown(ticket)[-1].id
    stage.world.act(EditReply(agent="bob", entry_id=id, text="Hello!"), ticket)
    hooks = stage.hooks()
    first = stage.news(*hooks)
    assert [(news.kind, news.text, news.agent) for news in first] == [
        ("accepted", "", ""),
        ("reply", "Hello", "Bob Lis"),
        ("edited", "Hello!", ""),
    ]
    assert stage.news(*hooks) == first


async def test_what_the_end_has_overtaken_puts_nobody_in_charge(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    stage.world.act(Accept(agent="bob"), ticket)
    stage.world.now += 1
    stage.world.reply("Bye", ticket=ticket)
    stage.world.now += 1
    stage.world.act(Close(agent="bob"), ticket)
    accepted, bye, end = stage.hooks()
    assert [(news.kind, news.in_charge) for news in stage.news(end, bye, accepted)] == [
        ("closed", True),
        ("reply", False),
    ]
    assert [news.kind for news in await stage.bot.recent(ticket)] == ["closed"]


async def test_who_takes_over_after_the_end_is_in_charge(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    for act in (Accept(agent="bob"), Close(agent="bob"), TakeOver(agent="bob")):
        stage.world.now += 1
        stage.world.act(act, ticket)
    stage.world.act(Reply(agent="bob", parts=(Text(text="One more thing"),)), ticket)
    *_, accepted, reply = stage.news()
    assert (accepted.kind, reply.kind, reply.in_charge) == ("accepted", "reply", True)


@pytest.mark.parametrize(
    ("settings", "kinds"), [({"when_nobody": "fail"}, ["failed"]), ({"extra_state": "queued"}, [])]
)
async def test_states_of_the_hubs_own_say_nothing(settings: dict[str, str], kinds: list[str]) -> None:
    stage = Stage(**settings)
    for seat in stage.world.state.seats.values():
        seat.presence = "offline"
    await stage.bot.open(HANDOVER)
    assert [news.kind for news in stage.news()] == kinds


async def test_words_to_the_agents_stand_there_once(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    stage.world.reply("Hello", ticket=ticket)
    (reply,) = [news for news in stage.news() if news.kind == "reply"]
    for _ in range(2):
        await stage.bot.confirm(reply, delivered=False, why="blocked")
        await stage.bot.end(ticket, "Back to the bot.")
        await stage.bot.rate(ticket, 5)
    assert stage.said(ticket)[len(EXPECTED) + 1 :] == [
        ("bot", "Not delivered: 'Hello' (blocked)"),
        ("bot", "The customer's rating: 5 of 5"),
    ]
    assert stage.world.owner(ticket) == "bot"


async def test_a_conversation_that_the_hub_has_lost_is_over(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    assert await stage.bot.recent(ticket) == []
    stage.world.state.tickets.clear()
    assert [news.kind for news in await stage.bot.recent(ticket)] == ["closed"]


async def test_the_token_goes_to_the_hub_alone(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    async def download(url: str, what: str, *, headers: Any = None) -> bytes:
        seen.append(headers)
        return b""

    monkeypatch.setattr(stage.wire, "download", download)
    for url in (f"{BASE}/v3/attachments/1/views/original", f"{BASE}.example/x"):
        await stage.bot.load(Link(url, "a.png", "image/png"))
    assert seen == [{"Authorization": f"Bearer {TOKEN}"}, None]
