"""The reference bot at Zendesk: the switchboard's word, and a handover that is one however often it is tried."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatdrill.model import Accept, Close, Note, Release, Reply, Text
from chatdrill.wire import Exchange, HttpRequest
from chatdrill_fakes.desks.zendesk import desk as fake
from chatdrill_scenarios.shoebot.api import ApiError
from chatdrill_scenarios.shoebot.config import DEFAULTS, Settings
from chatdrill_scenarios.shoebot.desks import File, Handover, Line, News, Person
from chatdrill_scenarios.shoebot.desks.zendesk import TEXT_MAX, Zendesk
from desks.zendesk.kit import BASE, NOW, PNG, Account
from shoebot.desks.short_wire import ShortWire

SECRET = DEFAULTS["SUNCO_WEBHOOK_SECRET"]
ANN = Person("telegram:42", "Ann Lee", "en", "+4915155501234")
LINES = (
    Line("telegram:1", "customer", "where is order 553?", NOW),
    Line("bot:1", "bot", "On its way", NOW + 1),
    Line("telegram:3", "customer", "a person, please", NOW + 3),
)
HANDOVER = Handover("telegram:42:3", ANN, "telegram", LINES, {"order": "553"})
BOB = Accept(agent="bob")


class Stage:
    """An account and the bot's adapter, wired together."""

    def __init__(self, **env: str) -> None:
        self.world = Account()
        self.wire = ShortWire(BASE, self._ask)
        self.bot = Zendesk(Settings.read({"ZENDESK_API_ROOT": BASE, **env}), self.wire)

    def _ask(self, method, path, body, headers, fetched):  # type: ignore[no-untyped-def]
        request = HttpRequest(method, path, tuple(dict(headers).items()), b"" if method == "GET" else body)
        handled = fake.handle(self.world.state, Exchange(request, self.world.now, BASE, fetched=fetched))
        self.world.events += handled.events
        return handled

    def news(self, *kinds: str) -> list[News]:
        """What the webhooks tell that wait."""
        found = [item for payload in self.world.payloads() for item in self.bot.news(json.dumps(payload).encode())]
        return [item for item in found if item.kind in kinds]

    def say(self, ticket: str, text: str) -> None:
        self.world.act(ticket, Reply(agent="bob", parts=(Text(text=text),)))

    def said(self, ticket: str) -> list[tuple[str, str]]:
        return [(entry.author, entry.text) for entry in self.world.state.tickets[ticket].entries if entry.public]

    def notes(self, ticket: str) -> list[str]:
        return [entry.text for entry in self.world.state.tickets[ticket].entries if not entry.public]

    def record(self, ticket: str) -> Any:
        return self.world.state.tickets[ticket].record

    async def recent(self, ticket: str, *kinds: str) -> list[News]:
        return [item for item in await self.bot.recent(ticket) if item.kind in kinds]


@pytest.fixture
def stage() -> Stage:
    return Stage()


EXPECTED = [(line.author, line.text) for line in (*LINES, HANDOVER.summary)]


def test_only_the_right_key_opens(stage: Stage) -> None:
    assert stage.bot.trusts({"x-api-key": SECRET}, b"{}")
    assert not stage.bot.trusts({"x-api-key": SECRET[:-1] + "x"}, b"{}")
    assert not stage.bot.trusts({}, b"{}")


async def test_an_unknown_key_is_fetched_and_the_webhook_made_once() -> None:
    stage = Stage(SUNCO_WEBHOOK_SECRET="")
    stage.bot._secret = ""
    assert not stage.bot.trusts({"x-api-key": ""}, b"{}")
    await stage.bot.register()
    stage.bot._secret = ""
    await stage.bot.register()
    (hook,) = stage.world.state.sunco_hooks.values()
    assert stage.bot.trusts({"x-api-key": hook.hook.secret}, b"{}")


async def test_the_history_stands_in_the_ticket_before_anybody_is_called(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    assert stage.said(ticket) == EXPECTED
    assert stage.world.owner(ticket) == "queue"
    record = stage.record(ticket)
    assert set(record.tags) == {"bot_handoff", "lang_en"}
    assert stage.world.state.people[record.requester_id].name == "Ann Lee"


@pytest.mark.parametrize("lost", range(1, 10))
async def test_a_handover_whose_answers_are_lost_is_one(stage: Stage, lost: int) -> None:
    for _ in range(lost):
        stage.wire.lost = 1
        with pytest.raises(ApiError):
            await stage.bot.open(HANDOVER)
    await stage.bot.open(HANDOVER)
    (ticket,) = stage.world.state.tickets
    assert stage.said(ticket) == EXPECTED
    assert len(stage.world.state.tickets[ticket].records()) == 1


async def test_a_message_that_arrived_is_not_brought_again(stage: Stage) -> None:
    ticket, line = await stage.bot.open(HANDOVER), Line("telegram:4", "customer", "hurry", NOW + 9)
    await stage.bot.pass_on(ticket, ANN, line, again=False)
    await stage.bot.pass_on(ticket, ANN, line, again=True)
    await stage.bot.change(ticket, ANN, Line("telegram:4:edit:1", "customer", "slowly", NOW + 9))
    await stage.bot.change(ticket, ANN, Line("telegram:4:edit:1", "customer", "slowly", NOW + 9))
    assert stage.said(ticket)[len(EXPECTED) :] == [("customer", "hurry"), ("customer", "✎ slowly")]


@pytest.mark.parametrize("letter", ["a", "👩‍👩‍👧‍👦"])
async def test_a_long_text_comes_whole_in_pieces_of_legal_length(stage: Stage, letter: str) -> None:
    ticket, text = await stage.bot.open(HANDOVER), letter * TEXT_MAX
    await stage.bot.pass_on(ticket, ANN, Line("telegram:4", "customer", text, NOW), again=False)
    pieces = [words for _, words in stage.said(ticket)[len(EXPECTED) :]]
    assert "".join(pieces) == text
    assert all(len(piece.encode("utf-16-le")) <= 2 * TEXT_MAX and len(piece) % len(letter) == 0 for piece in pieces)


async def test_a_reply_is_told_by_hook_and_history_under_one_id_and_notes_never(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    stage.world.act(ticket, BOB)
    stage.world.act(ticket, Note(agent="bob", text="rude"))
    stage.say(ticket, "Hello, Bob here")
    (told,), (found,) = stage.news("reply"), await stage.recent(ticket, "reply")
    assert told == found
    assert (told.text, told.in_charge) == ("Hello, Bob here", True)


async def test_the_bots_own_words_and_moves_are_no_news(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    assert stage.news("reply", "accepted", "closed", "failed") == []
    assert await stage.bot.recent(ticket) == []


async def test_whoever_has_the_ticket_is_found_at_support(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    stage.world.act(ticket, BOB)
    (first,), (second,) = await stage.recent(ticket, "accepted"), await stage.recent(ticket, "accepted")
    assert first.id == second.id


@pytest.mark.parametrize("act", [Close(agent="bob"), Release(agent="bob")])
async def test_the_return_of_control_is_the_end(stage: Stage, act: Any) -> None:
    ticket = await stage.bot.open(HANDOVER)
    stage.world.act(ticket, BOB)
    stage.world.updates()
    stage.world.act(ticket, act)
    assert [item.ticket for item in stage.news("closed")] == [ticket]
    assert len(await stage.recent(ticket, "closed")) == 1


async def test_a_wrong_target_has_failed() -> None:
    stage = Stage(SUNCO_WORKSPACE_NAME="nobody")
    ticket = await stage.bot.open(HANDOVER)
    assert [item.ticket for item in stage.news("failed")] == [ticket]


@pytest.mark.parametrize("accepts", [False, True])
async def test_the_customers_end_takes_control_and_the_next_handover_gives_it_again(
    stage: Stage, accepts: bool
) -> None:
    ticket = await stage.bot.open(HANDOVER)
    if accepts:
        stage.world.act(ticket, BOB)
    await stage.bot.end(ticket, "gone")
    await stage.bot.end(ticket, "gone")
    assert (stage.world.owner(ticket), stage.record(ticket).status, stage.notes(ticket)) == ("bot", "solved", ["gone"])
    await stage.bot.open(Handover("telegram:42:9", ANN, "telegram", ()))
    assert stage.world.owner(ticket) == ("agent" if accepts else "queue")
    assert stage.record(ticket).status == "open"


async def test_after_closing_there_is_a_new_ticket_with_new_lines_only(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    stage.world.act(ticket, BOB)
    stage.world.act(ticket, Close(agent="bob"))
    again = Handover("telegram:42:9", ANN, "telegram", (Line("telegram:9", "customer", "me again", NOW),))
    assert await stage.bot.open(again) == ticket
    assert len(stage.world.state.tickets[ticket].records()) == 2
    assert [words for _, words in stage.said(ticket)].count("where is order 553?") == 1


async def test_what_was_not_delivered_is_noted_once(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    stage.world.act(ticket, BOB)
    stage.say(ticket, "Hello")
    (news,) = stage.news("reply")
    await stage.bot.confirm(news, delivered=True)
    for _ in range(2):
        await stage.bot.confirm(news, delivered=False, why="blocked")
    (note,) = stage.notes(ticket)
    assert "blocked" in note


async def test_a_rating_is_kept_also_when_the_ticket_is_closed(stage: Stage) -> None:
    ticket = await stage.bot.open(HANDOVER)
    await stage.bot.rate(ticket, 4)
    assert "rated-4" in stage.record(ticket).tags
    stage.world.act(ticket, BOB)
    stage.world.act(ticket, Close(agent="bob"))
    await stage.bot.rate(ticket, 5)
    assert stage.world.state.tickets[ticket].talk.metadata["bot_rating"] == 5  # type: ignore[union-attr]


async def test_a_picture_is_a_picture_and_a_voice_note_a_file(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def post(url: str, what: str, **options: Any) -> dict[str, Any]:
        return {"attachment": {"mediaUrl": "https://files.example/a", "mediaType": "image/png"}}

    monkeypatch.setattr(stage.wire, "post", post)
    picture = await stage.bot._shown("t", File("a.png", "image/png", PNG), "look")
    voice = await stage.bot._shown("t", File("a.ogg", "audio/ogg", PNG), "")
    assert (picture["type"], picture["text"], voice["type"], "text" in voice) == ("image", "look", "file", False)
