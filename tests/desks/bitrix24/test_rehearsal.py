"""A correct bot gets along with the desk, from nothing but its environment."""

from __future__ import annotations

import pytest

from chatdrill.model import Close, Customer, EntryAdded
from chatdrill.wire import Exchange, Fetched, HttpRequest, HttpResponse, Upload
from chatdrill_fakes.desks.bitrix24 import desk
from chatdrill_fakes.desks.bitrix24.rehearsal import Rehearsal
from desks.bitrix24.kit import BASE, PNG, Portal

OLENA = Customer(key="olena", first_name="Jürgen", last_name="K. 2nd", phone="+380501112233")


class Bot:
    """A rehearsal with a way to the portal; what became true collects in ``events``."""

    def __init__(self, portal: Portal) -> None:
        self.portal, self.events = portal, []
        self.rehearsal = Rehearsal(desk.environment(portal.state, BASE))

    def call(self, request: HttpRequest) -> HttpResponse:
        inner = HttpRequest(request.method, request.url.removeprefix(BASE), request.headers, request.body)
        exchange = Exchange(inner, self.portal.now, BASE)
        handled = desk.handle(self.portal.state, exchange)
        if handled.wait is not None:
            fetched = {url: Fetched(PNG, "image/png") for url in handled.wait.urls}
            handled = desk.handle(self.portal.state, Exchange(inner, self.portal.now, BASE, fetched=fetched))
        self.events += handled.events
        return handled.response


@pytest.fixture
def bot(portal: Portal) -> Bot:
    return Bot(portal)


def test_a_conversation_is_handed_over_with_its_history(portal: Portal, bot: Bot) -> None:
    chat = bot.rehearsal.hand_over(bot.call, OLENA, [("customer", "Hi"), ("bot", "Hello"), ("customer", "A person!")])
    entries = [(each.author, each.text) for each in portal.state.tickets[chat].entries]
    assert entries == [("customer", "Hi"), ("bot", "Hello"), ("customer", "A person!")]
    assert portal.owner(chat) == "queue"


def test_words_and_files_are_passed_on(portal: Portal, bot: Bot) -> None:
    chat = bot.rehearsal.hand_over(bot.call, OLENA, [])
    assert bot.rehearsal.relay(bot.call, chat, OLENA, "Still there?", "tg-7").status == 200
    upload = Upload("file", "p.png", "image/png", PNG)
    assert bot.rehearsal.relay_file(bot.call, chat, OLENA, upload, "tg-8").status == 200
    words, file = [each.entry for each in bot.events if isinstance(each, EntryAdded)][-2:]
    assert (words.origin_id, file.origin_id) == ("tg-7", "tg-8")
    assert portal.state.blobs.get(file.files[0].sha256) == PNG


def test_what_the_desk_tells_is_understood(portal: Portal, bot: Bot) -> None:
    chat = bot.rehearsal.hand_over(bot.call, OLENA, [("customer", "Hi")])
    portal.updates()
    entry = portal.reply(chat, "Guten Tag!\nWie geht's?")
    portal.act(chat, Close(agent="bob"))
    reply, closed = (bot.rehearsal.read_hook(portal.request(each))[0] for each in portal.updates())
    assert (reply.kind, reply.ticket, reply.entry_id, reply.text) == ("reply", chat, entry, "Guten Tag!\nWie geht's?")
    assert (closed.kind, closed.ticket) == ("closed", chat)


@pytest.mark.parametrize("how", ["unsigned", "wrong"])
def test_a_forged_event_is_not_believed(portal: Portal, bot: Bot, how: str) -> None:
    portal.sent()
    request = desk.forge(portal.state, portal.request(portal.updates()[0]), how, portal.now)
    with pytest.raises(ValueError, match="application_token"):
        bot.rehearsal.read_hook(request)
