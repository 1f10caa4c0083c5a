"""Defects in making tickets and in what is said about it: HO-01 to HO-06."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ...shoebot.api import ApiError
from ...shoebot.bot import Bot
from ...shoebot.channels import Channel
from ...shoebot.counter import Counter
from ...shoebot.desks import Handover, Line, News
from ...shoebot.desks.chatwoot import Chatwoot
from ...shoebot.desks.generic import Generic
from ...shoebot.model import Event, Reply, State
from ..specimen import instead, of_handoff

_open, _open_generic, _pass_on = Counter._open, Generic.open, Counter.pass_on
_hand_over, _tell, _hear_news = Counter.hand_over, Counter.tell, Bot._hear_news


async def _always_new(desk: Chatwoot, handover: Handover) -> str:
    """Makes a conversation without looking whether there is one."""
    person = handover.person
    contact = f"{desk._inbox}/contacts"
    about = {"source_id": person.key, "identifier": person.key, "name": person.name}
    await desk._api.post(contact, "chatwoot contact", body=about, headers=desk._auth)
    body = {"custom_attributes": {"episode": handover.key}}
    url = f"{contact}/{person.key}/conversations"
    made = await desk._api.post(url, "chatwoot conversation", body=body, headers=desk._auth)
    return str(made["id"])


async def _without_a_key(desk: Generic, handover: Handover) -> str:
    """Every try is a request of its own."""
    return await _open_generic(desk, replace(handover, key=f"{handover.key}:{time.time_ns()}"))


async def _by_name(desk: Chatwoot, handover: Handover) -> str:
    key = handover.person.name.replace(" ", "-").casefold()
    return await _always_new(desk, replace(handover, person=replace(handover.person, key=key)))


async def _of_the_account(desk: Chatwoot, handover: Handover) -> str:
    return await _always_new(desk, replace(handover, person=replace(handover.person, key="support-bot")))


async def _of_the_day(desk: Chatwoot, handover: Handover) -> str:
    key = f"{handover.person.key}-{handover.key.rpartition(':')[2]}"
    return await _always_new(desk, replace(handover, person=replace(handover.person, key=key)))


async def _in_two_workers(counter: Counter, channel: Channel, event: Event, state: State, key: str) -> str:
    await _open(counter, channel, event, state, f"{key}:1")
    return await _open(counter, channel, event, state, f"{key}:2")


async def _once_more(counter: Counter, channel: Channel, state: State, burst: Iterable[Event]) -> None:
    """Every wish for a person calls one, also that of somebody who waits for one."""
    events = list(burst)
    if "person" in events[-1].text:
        await _open(counter, channel, events[-1], state, events[-1].id)
    else:
        await _pass_on(counter, channel, state, events)


async def _calls_again(bot: Bot, channel: Channel, event: Event, news: News) -> None:
    """What closes a ticket is an update like any other, and the last wish was a person."""
    await _hear_news(bot, channel, event, news)
    if news.kind == "closed" and bot.counter:
        state = bot.store.load(event.conversation)
        await _open(bot.counter, channel, event, state, event.id)


async def _answers_the_agent(counter: Counter, channel: Channel, user: str, news: News) -> None:
    """An agent's question is a question like any other, and the answer goes where it was asked."""
    await _tell(counter, channel, user, news)
    person = counter._person(f"{channel.name}:{user}", State())
    line = Line(f"{news.id}:answer", "bot", "You can pay by card or bank transfer.", 0.0)
    await counter.desk.pass_on(news.ticket, person, line, again=False)


Handed = tuple[State, list[Reply]]


async def _whatever_happens(counter: Counter, channel: Channel, event: Event, state: State, replies: Any) -> Handed:
    try:
        await _open(counter, channel, event, state, event.id)
    except ApiError:
        return replace(state, with_person=False, ticket=""), replies
    return state, replies


async def _only_said(counter: Counter, channel: Channel, event: Event, state: State, replies: Any) -> Handed:
    return replace(state, with_person=False, ticket=""), replies


async def _without_a_word(counter: Counter, channel: Channel, event: Event, state: State, replies: Any) -> Handed:
    state, _ = await _hand_over(counter, channel, event, state, replies)
    return state, []


async def _said_twice(counter: Counter, channel: Channel, event: Event, state: State, replies: Any) -> Handed:
    await counter._say(channel, event.user, replies)
    return await _hand_over(counter, channel, event, state, replies)


TALK, TWO, TWICE, EPISODES = (
    "A long talk",
    "Two customers with one name",
    "Asked for a person twice",
    "Two episodes with time between",
)
LOST, DOWN = "A person is called while the desk loses answers", "A person is called while the desk is down"

SPECIMENS = (
    of_handoff("two workers take one update", "HO-01", "chatwoot#13523", TALK,
           (*instead(Counter, _open=_in_two_workers), *instead(Chatwoot, _conversation=_always_new))),
    of_handoff("every wish for a person makes a ticket", "HO-01", "green-api/issues#717", TWICE,
           (*instead(Counter, pass_on=_once_more), *instead(Chatwoot, _conversation=_always_new))),
    of_handoff("a create without an answer is sent again", "HO-02", "posthog#77601", LOST,
           instead(Chatwoot, _conversation=_always_new)),
    of_handoff("every try has a key of its own", "HO-02", "zenpy#541", LOST, instead(Generic, open=_without_a_key),
           desk="generic"),
    of_handoff("contacts are looked up by name", "HO-03", "botpress#13788", TWO,
           instead(Chatwoot, _conversation=_by_name)),
    of_handoff("tickets belong to the bot's own account", "HO-03", "chatwoot#7244", TWO,
           instead(Chatwoot, _conversation=_of_the_account)),
    of_handoff("a new contact for every handover", "HO-03", "botpress#13790", EPISODES,
           instead(Chatwoot, _conversation=_of_the_day)),
    of_handoff("closing the ticket hands it over again", "HO-04", "botpress#13647", TALK,
           instead(Bot, _hear_news=_calls_again)),
    of_handoff("the agent's words are answered in the ticket", "HO-04", "botpress#13722", TALK,
           instead(Counter, tell=_answers_the_agent)),
    of_handoff("the failure of the handover is swallowed", "HO-05", "Apps.Dialogflow#59", DOWN,
           instead(Counter, hand_over=_whatever_happens)),
    of_handoff("a colleague is promised and not called", "HO-05", "Apps.Dialogflow#59", TALK,
           instead(Counter, hand_over=_only_said)),
    of_handoff("the transfer is silent", "HO-06", "chatwoot#13881", TALK, instead(Counter, hand_over=_without_a_word)),
    of_handoff("the transfer is announced twice", "HO-06", "fazer-ai/agents#158", TALK,
           instead(Counter, hand_over=_said_twice)),
)  # fmt: skip
