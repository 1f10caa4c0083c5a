"""The reference bot at the desk of the example: signatures, news, and a handover that is one however often it is tried."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator

import pytest

from chatdrill.model import Accept, Close, Note, Release, Reply, Text
from chatdrill.wire import Exchange, Fetched, HttpRequest
from chatdrill_scenarios.shoebot.api import ApiError
from chatdrill_scenarios.shoebot.config import Settings
from chatdrill_scenarios.shoebot.desks import File, Handover, Line, News, Person
from chatdrill_scenarios.shoebot.desks.generic import STALE_S, TEXT_MAX, Generic
from chatdrill_scenarios.shoebot.lending import Files
from chatdrill_scenarios.shoebot.store import Store
from desks.generic.kit import BASE, NOW, SECRET, Office
from shoebot.desks.short_wire import ShortWire

ANN = Person("telegram:42", "Ann Lee", "en", "+4915155501234")
LINES = (
    Line("telegram:1", "customer", "where is order 553?", NOW),
    Line("bot:1", "bot", "On its way", NOW + 1),
    Line("telegram:2", "customer", "", NOW + 2, File("a.png", "image/png", b"png")),
)
HANDOVER = Handover("telegram:42:3", ANN, "telegram", LINES, {"order": "553"})
EXPECTED = [(line.author, line.text) for line in (*LINES, HANDOVER.summary)]


class Stage:
    """An account and the bot's adapter, wired together."""

    def __init__(self) -> None:
        self.world = Office()
        self.wire = ShortWire(BASE, self._ask, lambda link: Fetched(b"png", "image/png"))
        given = Settings.read({"GENERIC_API_ROOT": BASE})
        self.bot = Generic(given, self.wire, Files(Store(":memory:"), "http://127.0.0.1:8080"))

    def _ask(self, method, path, body, headers, fetched):  # type: ignore[no-untyped-def]
        request = HttpRequest(method, path, headers, b"" if method == "GET" else body)
        return self.world.desk.handle(self.world.state, Exchange(request, self.world.now, BASE, fetched=fetched))

    def act(self, act) -> None:  # type: ignore[no-untyped-def]
        (ticket,) = self.world.state.tickets
        self.world.desk.act(self.world.state, ticket, act, self.world.now)

    def bodies(self) -> Iterator[bytes]:
        for update in tuple(self.world.state.outbox):
            self.world.state.outbox.remove(update)
            yield update.body

    def news(self, *kinds: str) -> list[News]:
        return [item for body in self.bodies() for item in self.bot.news(body) if item.kind in kinds]

    def said(self) -> list[tuple[str, str]]:
        (ticket,) = self.world.state.tickets.values()
        return [(entry.author, entry.text) for entry in ticket.entries if entry.public]


@pytest.fixture
def stage() -> Stage:
    return Stage()


def _signed(body: bytes, at: float) -> dict[str, str]:
    stamp = str(int(at))
    mac = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"x-timestamp": stamp, "x-signature": f"sha256={mac}"}


def test_the_signature_covers_the_time_and_every_byte(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatdrill_scenarios.shoebot.desks.generic.time.time", lambda: NOW)
    good = _signed(b'{"a":1}', NOW)
    assert stage.bot.trusts(good, b'{"a":1}')
    assert not stage.bot.trusts(good, b'{"a":2}')
    assert not stage.bot.trusts({}, b'{"a":1}')
    assert not stage.bot.trusts(_signed(b"{}", NOW - STALE_S - 2), b"{}")


@pytest.mark.parametrize("lost", [0, 1, 3])
async def test_a_handover_whose_answers_are_lost_is_one(stage: Stage, lost: int) -> None:
    stage.wire.lost = lost
    for _ in range(lost):
        with pytest.raises(ApiError):
            await stage.bot.open(HANDOVER)
    ticket = await stage.bot.open(HANDOVER)
    assert list(stage.world.state.tickets) == [ticket]
    assert stage.said() == EXPECTED
    assert stage.world.desk.owner(stage.world.state, ticket) == "queue"


async def test_a_message_that_arrived_is_not_shown_again(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    long = "👩‍👩‍👧‍👦" * TEXT_MAX
    for again in (False, True):
        await stage.bot.pass_on(ticket, ANN, Line("telegram:4", "customer", long, NOW), again=again)
    await stage.bot.change(ticket, ANN, Line("telegram:4:edit:1", "customer", "short", NOW))
    *pieces, (_, edited) = stage.said()[len(EXPECTED) :]
    assert ("".join(text for _, text in pieces), edited) == (long, "✎ short")


async def test_a_reply_is_told_by_hook_and_look_under_one_id_and_notes_never(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    for act in (Accept(agent="bob"), Note(agent="bob", text="rude"), Reply(agent="bob", parts=(Text(text="Hello"),))):
        stage.act(act)
    told, found = stage.news("reply", "accepted"), await stage.bot.recent(ticket)
    assert {(item.kind, item.id, item.text) for item in told} == {(item.kind, item.id, item.text) for item in found}
    assert [item.text for item in found if item.kind == "reply"] == ["Hello"]


@pytest.mark.parametrize("act", [Close(agent="bob"), Release(agent="bob")])
async def test_the_end_is_told_and_what_comes_late_is_in_charge_of_nothing(stage: Stage, act) -> None:  # type: ignore[no-untyped-def]
    ticket = await stage.bot.open(HANDOVER)
    stage.act(Accept(agent="bob"))
    list(stage.bodies())
    stage.act(Reply(agent="bob", parts=(Text(text="Bye"),)))
    late = list(stage.bodies())
    stage.act(act)
    assert {item.ticket for item in stage.news("closed")} == {ticket}
    assert [item.in_charge for body in late for item in stage.bot.news(body)] == [False]
    assert [item.kind for item in await stage.bot.recent(ticket)] == ["reply", "closed"]


async def test_the_customers_end_may_be_told_twice(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    await stage.bot.end(ticket, "gone")
    await stage.bot.end(ticket, "gone")
    assert stage.world.desk.owner(stage.world.state, ticket) == "bot"
    assert stage.said()[-1] == ("bot", "gone")


async def test_receipts_name_the_message(stage: Stage) -> None:
    await stage.bot.open(HANDOVER)
    stage.act(Accept(agent="bob"))
    stage.act(Reply(agent="bob", parts=(Text(text="Hello"),)))
    (news,) = stage.news("reply")
    await stage.bot.confirm(news, delivered=False, why="blocked")
    assert stage.wire.calls[-1].endswith(f"/tickets/{news.ticket}/messages/{news.entry}/status")
