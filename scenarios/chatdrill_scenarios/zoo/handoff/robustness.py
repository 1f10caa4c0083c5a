"""Defects in what a bot makes of forged, repeated, reordered and lost webhooks, of crashes and of limits: HO-47 to HO-52."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ...shoebot import counter as counter_module
from ...shoebot.api import ApiError
from ...shoebot.bot import Bot
from ...shoebot.channels import Channel
from ...shoebot.counter import Counter
from ...shoebot.desks import Handover, News
from ...shoebot.desks import chatwoot as chatwoot_module
from ...shoebot.desks.botframework import BotFramework
from ...shoebot.desks.chatwoot import Chatwoot
from ...shoebot.desks.intercom import Intercom
from ...shoebot.model import Event, State
from ...shoebot.store import Store
from ..specimen import instead, of_handoff
from .inbound import TWICE

_trusts, _hear_news, _news_of = Chatwoot.trusts, Bot._hear_news, Chatwoot.news
_open_hub, _open_intercom = BotFramework.open, Intercom.open
_accept, _load, _store_init = Store.accept, Store.load, Store.__init__


def _believes(desk: Chatwoot, headers: Mapping[str, str], raw: bytes) -> bool:
    return True


def _if_signed(desk: Chatwoot, headers: Mapping[str, str], raw: bytes) -> bool:
    """What carries no signature comes from an installation that does not sign."""
    return "x-chatwoot-signature" not in headers or _trusts(desk, headers, raw)


def _repeats_of_the_end(store: Store, event: Event) -> bool:
    """Ends have no id that could be remembered."""
    return _accept(store, event) or (event.news is not None and event.news.kind == "closed")


async def _ends_whatever_is(bot: Bot, channel: Channel, event: Event, news: News) -> None:
    """A webhook about the end is an end."""
    if news.kind == "closed":
        bot.store.save(event.conversation, replace(bot.store.load(event.conversation), ticket=news.ticket), None)
    await _hear_news(bot, channel, event, news)


def _only_newer(desk: Chatwoot, raw: bytes) -> Iterator[News]:
    """What is not newer than the newest is old news."""
    body = json.loads(raw)
    newest = desk.__dict__.setdefault("newest", {})
    stamp = float(body.get("updated_at") or 0.0) if str(body.get("event")).startswith("conversation_") else 0.0
    if stamp and stamp <= newest.get(body["id"], 0.0):
        return
    if stamp:
        newest[body["id"]] = stamp
    is_change = body.get("event") == "conversation_updated"
    is_end = body.get("status") == "resolved" and not is_change
    yield from (news for news in _news_of(desk, raw) if news.kind != "closed" or is_end)


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
    """Tried again every second until it works."""
    for attempt in range(100):
        try:
            return await call(attempt)
        except ApiError as error:
            refused = error
            await asyncio.sleep(1.0)
    raise refused


async def _all_wait(counter: Counter, call: Callable[[int], Awaitable[Any]]) -> Any:
    """A refusal closes the gate to the desk for a minute, for whomever."""
    while (left_s := counter.__dict__.get("closed until", 0.0) - time.time()) > 0:
        await asyncio.sleep(left_s)
    try:
        return await call(0)
    except ApiError as error:
        if error.status != 429:
            raise
        counter.__dict__["closed until"] = time.time() + 60.0
        return await _all_wait(counter, call)


async def _asked_twice(desk: BotFramework, handover: Handover) -> str:
    """The first call shows the agents that there is one, the second what it is about."""
    ticket = await _open_hub(desk, handover)
    await desk._post(ticket, desk._request(handover))
    return ticket


async def _greets_as_an_agent(desk: Intercom, handover: Handover) -> str:
    """Nobody shall wait for a first word; it stands under the name of a person."""
    ticket = await _open_intercom(desk, handover)
    url = f"{desk._root}/admins"
    admins = (await desk._api.get(url, "intercom admins", headers=desk._headers))["admins"]
    person = next(admin["id"] for admin in admins if str(admin["id"]) != desk._admin)
    said = {"message_type": "comment", "type": "admin", "admin_id": person, "body": "Hello, I am looking into it."}
    await desk._call("POST", f"/conversations/{ticket}/reply", **said)
    return ticket


FORGED, OVERTAKEN = "Forged replies", "The news of the end come late"
LOST, DIES = "The webhooks of a reply and of the end are lost", "The bot dies in the middle"
LIMIT, TALK = "The desk asks for twenty seconds", "A long talk"

SPECIMENS = (
    of_handoff("webhooks are not verified", "HO-47", "chatwoot#13892", FORGED, instead(Chatwoot, trusts=_believes)),
    of_handoff("webhooks without a signature are believed", "HO-47", "chatwoot#13809", FORGED,
           instead(Chatwoot, trusts=_if_signed)),
    of_handoff("old webhooks are believed", "HO-47", "chatwoot#13892", FORGED, instead(chatwoot_module, STALE_S=86_400)),
    of_handoff("an end that comes twice is announced twice", "HO-48", "chatwoot#14002", TWICE,
           (*instead(Store, accept=_repeats_of_the_end), *instead(Bot, _hear_news=_ends_whatever_is))),
    of_handoff("a webhook that was overtaken is old news", "HO-48", "chatwoot#13975", OVERTAKEN,
           (*instead(Chatwoot, news=_only_newer), *instead(Counter, _look_later=_never_looks))),
    of_handoff("what no webhook tells never happened", "HO-49", "b24-rest-docs#178", LOST,
           instead(Counter, _look_later=_never_looks)),
    of_handoff("lost webhooks are looked for once an hour", "HO-49", "BotFramework-Services#67", LOST,
           instead(counter_module, LOOK_S=((86_400.0, 3600.0),))),
    of_handoff("everything is kept in memory", "HO-50", "BotBuilder-Samples#3523", DIES, env=("SHOEBOT_DB=:memory:",)),
    of_handoff("the tickets of chats are kept in memory", "HO-50", "BotBuilder-Samples#2882", DIES,
           instead(Store, __init__=_lost_in_memory)),
    of_handoff("who is in charge is kept in memory", "HO-50", "BotBuilder-Samples#3523", DIES,
           instead(Store, load=_without_flags)),
    of_handoff("a limit is run against every second", "HO-51", "zendesk limits", LIMIT, instead(Counter, _patiently=_at_once)),
    of_handoff("a limit of one conversation stops them all", "HO-51", "zendesk limits", LIMIT,
           instead(Counter, _patiently=_all_wait)),
    of_handoff("people are called twice for one wish", "HO-52", "chatwoot#13417", TALK,
           instead(BotFramework, open=_asked_twice), desk="botframework"),
    of_handoff("the bot greets under an agent's name", "HO-52", "chatwoot#12058", TALK,
           instead(Intercom, open=_greets_as_an_agent), desk="intercom"),
)  # fmt: skip
