"""A correct bot gets along with the desk, knowing nothing but its environment."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Accept, Close, Customer, EntryAdded, Media, Note, Reply, SetState, Text
from chatdrill.wire import Exchange, HttpRequest, HttpResponse, Told, Upload
from chatdrill_fakes.desks.zendesk import desk
from chatdrill_fakes.desks.zendesk.rehearsal import Rehearsal
from desks.zendesk.kit import BASE, NOW, PNG, Account

ANNA = Customer(key="anna", first_name="Anna", last_name="K", phone="+4915155501234", email="anna@example.com")


class Bot:
    def __init__(self, account: Account) -> None:
        self.account = account
        self.speaks = Rehearsal(desk.environment(account.state, BASE))

    def call(self, request: HttpRequest) -> HttpResponse:
        inner = HttpRequest(request.method, request.url.removeprefix(BASE), request.headers, request.body)
        handled = desk.handle(self.account.state, Exchange(inner, self.account.now, BASE))
        self.account.events += handled.events
        assert handled.response is not None
        return handled.response

    def hand_over(self) -> str:
        said: Any = [("customer", "Where is my parcel?"), ("bot", "One moment")]
        return self.speaks.hand_over(self.call, ANNA, said)

    def heard(self) -> list[Told]:
        requests = [desk.request(self.account.state, (update,), NOW) for update in self.account.updates()]
        return [told for request in requests for told in self.speaks.read_hook(request)]


@pytest.fixture
def bot(account: Account) -> Bot:
    return Bot(account)


def test_the_bot_hands_over_relays_and_is_given_control_back(account: Account, bot: Bot) -> None:
    ticket = bot.hand_over()
    assert account.owner(ticket) == "queue"
    assert bot.speaks.relay(bot.call, ticket, ANNA, "Hello?", "tg:7").status == 201
    file = Upload("source", "a.png", "image/png", PNG)
    assert bot.speaks.relay_file(bot.call, ticket, ANNA, file, "tg:8").status == 201
    entries = [event.entry for event in account.events if isinstance(event, EntryAdded)]
    assert [(each.author, each.origin_id) for each in entries] == [
        ("customer", None), ("bot", None), ("customer", "tg:7"), ("customer", "tg:8"),
    ]  # fmt: skip
    assert entries[-1].files[0].sha256 and entries[-1].files[0].size_bytes == len(PNG)


def test_the_bot_hears_replies_and_the_end_but_no_note(account: Account, bot: Bot) -> None:
    ticket = bot.hand_over()
    bot.heard()
    account.act(ticket, Accept(agent="bob"))
    account.act(ticket, Note(agent="bob", text="private"))
    account.act(
        ticket, Reply(agent="bob", parts=(Text(text="Hi"), Media(kind="photo", file=account.file(name="a.png"))))
    )
    words, photo = bot.heard()
    assert (words.kind, words.ticket, words.text) == ("reply", ticket, "Hi") and photo.files
    account.act(ticket, Close(agent="bob"))
    assert [told.kind for told in bot.heard()] == ["other", "closed"]


def test_handing_over_twice_finds_the_person_again(account: Account, bot: Bot) -> None:
    assert bot.hand_over() != bot.hand_over()
    assert (
        len(account.state.users) == 1
        and len([each for each in account.state.people.values() if not each.is_staff]) == 1
    )


def test_webhooks_of_support_are_understood_too(account: Account, bot: Bot) -> None:
    number = account.ticket()
    account.updates()
    account.act(number, Note(agent="bob", text="private"))
    account.act(number, Reply(agent="bob", parts=(Text(text="Hi"),)))
    account.act(number, SetState(agent="bob", state="solved"))
    told = [(each.kind, each.ticket) for each in bot.heard() if each.kind != "other"]
    assert told == [("note", str(number)), ("reply", str(number)), ("closed", str(number))]


@pytest.mark.parametrize("begin", ["ticket", "conversation"])
@pytest.mark.parametrize("how", ["unsigned", "wrong"])
def test_the_bot_does_not_believe_a_forged_webhook(account: Account, bot: Bot, begin: str, how: Any) -> None:
    getattr(account, begin)()
    request = desk.request(account.state, account.updates()[:1], NOW)
    assert bot.speaks.read_hook(request)
    with pytest.raises(ValueError, match="missing or wrong"):
        bot.speaks.read_hook(desk.forge(account.state, request, how, NOW))
