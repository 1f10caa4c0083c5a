"""The reference bot and the Page Inbox: a handover is one however often it is tried, and the news are Messenger's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatdrill.model import Accept, Close, Reply, Text
from chatdrill.wire import Exchange, HttpRequest
from chatdrill_fakes.platforms.messenger import platform
from chatdrill_scenarios.shoebot.api import ApiError
from chatdrill_scenarios.shoebot.bot import ASSETS
from chatdrill_scenarios.shoebot.channels.messenger import Messenger
from chatdrill_scenarios.shoebot.config import Settings
from chatdrill_scenarios.shoebot.counter import Counter
from chatdrill_scenarios.shoebot.desks import Handover, Line, News, Person
from chatdrill_scenarios.shoebot.desks.messenger_inbox import METADATA_MAX, MessengerInbox
from chatdrill_scenarios.shoebot.model import Event
from chatdrill_scenarios.shoebot.store import Store
from messenger.inbox_kit import BOT, INBOX, Inbox
from shoebot.desks.short_wire import ShortWire

BASE = "http://127.0.0.1:7700/messenger"


class Wire(ShortWire):
    """Every call carries the Page's token."""

    async def post(self, url: str, what: str, **options: Any) -> dict[str, Any]:
        return await super().post(url, what, **options, headers={"Authorization": f"Bearer {options['token']}"})

    async def get(self, url: str, what: str, **options: Any) -> Any:
        return await super().get(url, what, **options, headers={"Authorization": f"Bearer {options['token']}"})


class Stage:
    """A Page with its inbox and the bot's adapter, wired together; Anna has asked for a person."""

    def __init__(self) -> None:
        self.inbox = Inbox()
        self.inbox.says("a person, please")
        self.wire = Wire(BASE, self._ask)
        self.bot = MessengerInbox(Settings.read({"MESSENGER_API_ROOT": BASE}), self.wire)

    def _ask(self, method, path, body, headers, fetched):  # type: ignore[no-untyped-def]
        content = b"" if method == "GET" else body
        answered = platform.handle(
            self.inbox.page, Exchange(HttpRequest(method, path, headers, content), self.inbox.now)
        )
        self.inbox.seen()
        return answered

    def handover(self, platform: str = "messenger", **facts: str) -> Handover:
        person = Person(f"{platform}:{self.inbox.anna}", "Anna Huber", "en")
        return Handover("key", person, platform, (Line("1", "customer", "hello", self.inbox.now),), facts)

    def news(self) -> list[News]:
        entries = [{array: [event]} for array, event in self.inbox.told]
        self.inbox.told.clear()
        return list(self.bot.news(json.dumps({"entry": entries}).encode()))


@pytest.fixture
def stage() -> Stage:
    return Stage()


async def test_a_handover_passes_the_thread_with_the_facts(stage: Stage) -> None:
    assert await stage.bot.open(stage.handover(order="553")) == stage.inbox.anna
    assert stage.inbox.owner == "queue"
    assert json.loads(stage.inbox.page.chats[stage.inbox.anna].handed_with or "") == {"language": "en", "order": "553"}


async def test_a_lost_answer_makes_no_second_handover(stage: Stage) -> None:
    stage.wire.calls.clear()
    await stage.bot.open(stage.handover())
    await stage.bot.open(stage.handover())
    assert [call.split("/")[-1] for call in stage.wire.calls if "POST" in call] == ["pass_thread_control"]


async def test_facts_that_have_no_room_stay_behind(stage: Stage) -> None:
    await stage.bot.open(stage.handover(order="553", story="x" * METADATA_MAX))
    told = json.loads(stage.inbox.page.chats[stage.inbox.anna].handed_with or "")
    assert told == {"language": "en", "order": "553"}


async def test_other_platforms_do_not_come_into_the_inbox(stage: Stage) -> None:
    with pytest.raises(ApiError, match="telegram"):
        await stage.bot.open(stage.handover("telegram"))


async def test_an_agents_first_word_says_that_somebody_came(stage: Stage) -> None:
    await stage.bot.open(stage.handover())
    stage.inbox.act(Accept(agent="bob"))
    stage.inbox.act(Reply(agent="bob", parts=(Text(text="Bob here"),)))
    stage.inbox.says("thanks")
    (news,) = stage.news()
    assert (news.kind, news.ticket) == ("accepted", stage.inbox.anna)


async def test_an_agent_who_comes_uncalled_is_news(stage: Stage) -> None:
    stage.news()
    stage.inbox.act(Reply(agent="bob", parts=(Text(text="I looked it up"),)))
    assert {news.kind for news in stage.news()} == {"accepted"}


async def test_done_is_closed_and_looking_says_the_same(stage: Stage) -> None:
    await stage.bot.open(stage.handover())
    assert await stage.bot.recent(stage.inbox.anna) == []
    stage.inbox.act(Accept(agent="bob"))
    stage.inbox.act(Close(agent="bob"))
    assert [news.kind for news in stage.news()] == ["closed"]
    assert [news.kind for news in await stage.bot.recent(stage.inbox.anna)] == ["closed"]


async def test_the_bot_takes_the_thread_back_for_the_customer(stage: Stage) -> None:
    await stage.bot.open(stage.handover())
    await stage.bot.end(stage.inbox.anna, "The customer has gone back to the bot.")
    assert stage.inbox.owner == "bot" and stage.inbox.page.chats[stage.inbox.anna].owner == BOT != INBOX


async def test_a_rating_is_a_label(stage: Stage) -> None:
    await stage.bot.rate(stage.inbox.anna, 4)
    (label,) = stage.inbox.page.chats[stage.inbox.anna].labels
    assert stage.inbox.page.labels[label] == "rated-4"


def test_the_platforms_signature_counts(stage: Stage) -> None:
    assert not stage.bot.trusts({}, b"{}")


@pytest.mark.parametrize(("desk", "heard"), [("messenger_inbox", 1), ("chatwoot", 0)])
async def test_customers_are_heard_on_standby_where_the_inbox_is_the_desk(desk: str, heard: int) -> None:
    channel = Messenger(Settings.read({"SHOEBOT_DESK": desk}), ShortWire(BASE, _no_call), ASSETS)
    update = {"entry": [{"standby": [{"sender": {"id": "1"}, "message": {"mid": "m", "text": "bot"}}]}]}
    assert len(list(channel.items(update))) == heard


async def test_news_of_a_thread_that_nobody_has_handed_over_find_their_customer(stage: Stage) -> None:
    put: list[Event] = []
    counter = Counter(stage.bot, Store(":memory:"), put.append, _never, 1.0, host="messenger")
    counter.receive([News("accepted", stage.inbox.anna, "1")])
    counter.receive([News("accepted", stage.inbox.anna, "1")])
    assert [event.conversation for event in put] == [f"messenger:{stage.inbox.anna}"]


def _no_call(*_: Any) -> Any:
    raise AssertionError("nothing is asked here")


async def _never(*_: Any) -> bool:
    raise AssertionError("nothing is said here")
