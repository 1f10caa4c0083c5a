"""Defects in what a bot makes of forged, repeated, reordered and lost webhooks, of crashes and of limits: HO-47 to HO-52."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from chatdrill_scenarios.shoebot import counter as counter_module
from chatdrill_scenarios.shoebot.api import ApiError
from chatdrill_scenarios.shoebot.bot import Bot
from chatdrill_scenarios.shoebot.channels import Channel
from chatdrill_scenarios.shoebot.counter import Counter
from chatdrill_scenarios.shoebot.desks import Handover, Line, News, Person
from chatdrill_scenarios.shoebot.desks import chatwoot as chatwoot_module
from chatdrill_scenarios.shoebot.desks.chatwoot import Chatwoot
from chatdrill_scenarios.shoebot.model import Event, State
from chatdrill_scenarios.shoebot.store import Store

from .defect import Defect, instead
from .inbound import TWICE

_trusts, _hear_news, _open, _add = Chatwoot.trusts, Bot._hear_news, Chatwoot.open, Chatwoot._add
_accept, _load, _store_init = Store.accept, Store.load, Store.__init__


def _believes(desk: Chatwoot, headers: Mapping[str, str], raw: bytes) -> bool:
    return True


def _if_signed(desk: Chatwoot, headers: Mapping[str, str], raw: bytes) -> bool:
    """What carries no signature comes from an installation that does not sign."""
    return "x-chatwoot-signature" not in headers or _trusts(desk, headers, raw)


def _repeats_of_the_end(store: Store, event: Event) -> bool:
    """Ends have no id that could be remembered."""
    return _accept(store, event) or (event.news is not None and event.news.kind == "closed")


async def _closed_by_whatever(counter: Counter, news: News) -> bool:
    """A webhook about the end is the end."""
    return True


async def _newest_wins(bot: Bot, channel: Channel, event: Event, news: News) -> None:
    """Whatever an agent has done, a person is in charge from then on."""
    await _hear_news(bot, channel, event, news)
    if news.kind in ("accepted", "reply"):
        state = bot.store.load(event.conversation)
        bot.store.save(event.conversation, replace(state, with_person=True, accepted=True, ticket=news.ticket), None)


def _never_looks(counter: Counter, ticket: str, since: float) -> None:
    """Webhooks come, or they do not."""


def _lost_in_memory(store: Store, path: str) -> None:
    """The tickets of chats are in a table that ends with the process."""
    _store_init(store, path)
    store._db.execute("DELETE FROM tickets")


def _without_flags(store: Store, conversation: str) -> State:
    """Who is in charge is known to the process that has seen it."""
    state, seen = _load(store, conversation), store.__dict__.setdefault("seen", {})
    if conversation not in seen:
        seen[conversation] = True
        return replace(state, with_person=False, ticket="", accepted=False)
    return state


async def _at_once(counter: Counter, call: Callable[[int], Awaitable[Any]]) -> Any:
    """Tried again until it works."""
    for attempt in range(30):
        try:
            return await call(attempt)
        except ApiError as error:
            refused = error
            await asyncio.sleep(1.0)
    raise refused


_gate = asyncio.Lock


async def _asked_twice(desk: Chatwoot, handover: Handover) -> str:
    """The people are called, the talk is put back, and they are called again, with the priority that was forgotten."""
    ticket = await _open(desk, handover)
    for status in ("pending", "open"):
        body = {"status": status}
        await desk._api.post(f"{desk._talk(ticket)}/toggle_status", "chatwoot status", body=body, headers=desk._auth)
    return ticket


async def _as_an_agent(desk: Chatwoot, ticket: str, person: Person, line: Line) -> None:
    """The bot works with the token of somebody's account, and what it writes is theirs."""
    auth, desk._auth = desk._auth, desk._user
    await _add(desk, ticket, person, line)
    desk._auth = auth


async def _greets_as_an_agent(desk: Chatwoot, handover: Handover) -> str:
    ticket = await _open(desk, handover)
    body = {
        "content": "Thank you for waiting. Somebody will be with you.",
        "message_type": "outgoing",
        "private": False,
    }
    await desk._api.post(f"{desk._talk(ticket)}/messages", "chatwoot greeting", body=body, headers=desk._user)
    return ticket


FORGED, OVERTAKEN = "Forged replies", "The end overtakes the last word"
LOST, DIES = "The webhooks of a reply and of the end are lost", "The bot dies in the middle"
LIMIT, TALK = "The desk asks for twenty seconds", "A long talk"

DEFECTS = (
    Defect("webhooks are not verified", "HO-47", "chatwoot#13892", FORGED, instead(Chatwoot, trusts=_believes)),
    Defect("webhooks without a signature are believed", "HO-47", "chatwoot#13809", FORGED,
           instead(Chatwoot, trusts=_if_signed)),
    Defect("old webhooks are believed", "HO-47", "chatwoot#13892", FORGED, instead(chatwoot_module, STALE_S=86_400)),
    Defect("an end that comes twice is announced twice", "HO-48", "chatwoot#14002", TWICE,
           (*instead(Store, accept=_repeats_of_the_end), *instead(Counter, closed=_closed_by_whatever))),
    Defect("the webhook that comes last is believed", "HO-48", "chatwoot#13975", OVERTAKEN,
           instead(Bot, _hear_news=_newest_wins)),
    Defect("what no webhook tells never happened", "HO-49", "b24-rest-docs#178", LOST,
           instead(Counter, _look_later=_never_looks)),
    Defect("lost webhooks are looked for once an hour", "HO-49", "BotFramework-Services#67", LOST,
           instead(counter_module, LOOK_S=((86_400.0, 3600.0),))),
    Defect("everything is kept in memory", "HO-50", "BotBuilder-Samples#3523", DIES, env=("SHOEBOT_DB=:memory:",)),
    Defect("the tickets of chats are kept in memory", "HO-50", "BotBuilder-Samples#2882", DIES,
           instead(Store, __init__=_lost_in_memory)),
    Defect("who is in charge is kept in memory", "HO-50", "BotBuilder-Samples#3523", DIES,
           instead(Store, load=_without_flags)),
    Defect("a limit is run against every second", "HO-51", "zendesk limits", LIMIT, instead(Counter, _patiently=_at_once)),
    Defect("people are called twice for one wish", "HO-52", "chatwoot#13417", TALK, instead(Chatwoot, open=_asked_twice)),
    Defect("the bot greets under an agent's name", "HO-52", "chatwoot#12058", TALK,
           instead(Chatwoot, open=_greets_as_an_agent)),
)  # fmt: skip
