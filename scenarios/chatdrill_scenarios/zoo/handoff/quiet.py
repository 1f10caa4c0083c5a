"""Defects in being silent while people are in charge: HO-14 to HO-21."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from ...shoebot import alarms, brain
from ...shoebot.bot import Bot
from ...shoebot.channels import Channel
from ...shoebot.counter import Counter
from ...shoebot.desks import News
from ...shoebot.desks.chatwoot import Chatwoot
from ...shoebot.model import Event, Reply, Say, State
from ...shoebot.policy import Policy
from ...shoebot.skills import talk
from ...shoebot.turn import Turn
from ..specimen import instead, of_handoff

_turn, _send, _hear_news = Bot._turn, Bot._send, Bot._hear_news
_with_people, _tell, _pass_reply_on, _forget = Bot._with_people, Counter.tell, Counter._pass_reply_on, talk.forget
_hand_over, _alarms = Counter.hand_over, alarms._alarms

Rule = tuple[Callable[[Turn], bool], Callable[[Turn], None]]
Bursts = list[Event]
_running: set[asyncio.Task[Any]] = set()


def _later(delay_s: float, work: Callable[[], Any]) -> None:
    """Does some work after a while, in a task of its own."""

    async def wait() -> None:
        await asyncio.sleep(delay_s)
        await work()

    task = asyncio.create_task(wait())
    _running.add(task)
    task.add_done_callback(_running.discard)


def _rules_without_silence(applies: Callable[[Turn], bool]) -> tuple[Rule, ...]:
    """The brain's rules, in which a person in charge counts only where ``applies`` says so too."""
    silent = (lambda turn: brain._with_person(turn) and applies(turn), brain.stay_silent)
    return tuple(silent if each[0] is brain._with_person else each for each in brain.RULES)


async def _writes_of_progress(
    bot: Bot, counter: Counter, channel: Channel, burst: Bursts, before: State, state: State, replies: list[Reply]
) -> tuple[State, list[Reply]]:
    state, replies = await _with_people(bot, counter, channel, burst, before, state, replies)
    if before.ticket and state.with_person:
        replies = [Say("Our support team has received your message and will answer soon.")]
    return state, replies


async def _comments(counter: Counter, channel: Channel, user: str, news: News) -> None:
    """A tip of the bot's under every answer of an agent's."""
    await _tell(counter, channel, user, news)
    await channel.send(user, Say("By the way: every pair of shoes has a warranty of two years."))


async def _slowly(bot: Bot, channel: Channel, user: str, reply: Reply) -> bool:
    """A model that writes for twelve seconds; nobody looks who is in charge when it has written."""
    if isinstance(reply, Say) and "open Monday" in reply.text:
        _later(12.0, lambda: _send(bot, channel, user, reply))
        return True
    return await _send(bot, channel, user, reply)


def _whoever_is_in_charge(state: State, policy: Policy) -> Iterator[alarms.Alarm]:
    return _alarms(replace(state, with_person=False), policy)


def _keeps_the_draft(turn: Turn) -> None:
    task, facts = turn.state.task, turn.state.facts
    _forget(turn)
    turn.state.task, turn.state.facts = task, facts


async def _closes_after_silence(counter: Counter, ticket: str, since: float) -> None:
    """Whoever has been silent for ten minutes has gone."""
    await counter.desk.end(ticket, "Closed for inactivity.")
    counter._forget(ticket)


def _after_silence(counter: Counter, ticket: str, since: float) -> None:
    if handle := counter._looks.pop(ticket, None):
        handle.cancel()
    loop = asyncio.get_running_loop()
    counter._looks[ticket] = loop.call_later(
        600.0, lambda: _later(0.0, lambda: _closes_after_silence(counter, ticket, since))
    )


async def _only_if_called(bot: Bot, channel: Channel, event: Event, news: News) -> None:
    """What agents write is passed on; who has called nobody is with the bot."""
    before = bot.store.load(event.conversation)
    await _hear_news(bot, channel, event, news)
    if not before.with_person:
        bot.store.save(event.conversation, before, None)


async def _leaves_it_to_who_is_there(bot: Bot, channel: Channel, burst: Bursts) -> None:
    """Where people are at work, questions are theirs; the bot calls them, and answers in the night."""
    desk = bot.counter.desk if bot.counter else None
    assert isinstance(desk, Chatwoot)
    agents = await desk._api.get(f"{desk._account}/agents", "chatwoot agents", headers=desk._user, many=True)
    is_staffed = any(agent.get("availability_status") == "online" for agent in agents)
    if is_staffed and "?" in burst[-1].text:
        bot.store.finish(burst)
        return
    await _turn(bot, channel, burst)


async def _through_a_queue(counter: Counter, channel: Channel, user: str, news: News) -> str:
    """Replies wait in a queue that is emptied now and then."""
    if "settled" in news.text:
        _later(20.0, lambda: _pass_reply_on(counter, channel, user, news))
        return ""
    return await _pass_reply_on(counter, channel, user, news)


async def _told_the_position(
    counter: Counter, channel: Channel, event: Event, state: State, replies: list[Reply]
) -> tuple[State, list[Reply]]:
    for number in range(1, 7):
        words = Say(f"You are number {7 - number} in the queue, please wait.")
        _later(10.0 * number, partial(channel.send, event.user, words))
    return await _hand_over(counter, channel, event, state, replies)


async def _shows_that_it_reads(bot: Bot, channel: Channel, burst: Bursts) -> None:
    await bot._try(channel.attend(burst[-1]))
    await _turn(bot, channel, burst)


TALK, WAITING, BUSY = "A long talk", "A question while waiting", "Words for a person who is busy"
CALLED, THERE = "A question just before the wish for a person", "A question just before a person is there"
HOURS, UNCALLED = "Three hours with a person", "A person comes uncalled"
AT_WORK, BREATH = "Somebody comes to work", "A reply and the end in one breath"

SPECIMENS = (
    of_handoff("every message gets an answer, whoever is in charge", "HO-14", "rasa-agent-bot-demo#12", TALK,
           instead(brain, RULES=_rules_without_silence(lambda turn: False))),
    of_handoff("the bot believes its copy of the status", "HO-14", "chatwoot#13882", TALK,
           instead(brain, RULES=_rules_without_silence(lambda turn: not turn.state.accepted))),
    of_handoff("every message is confirmed as received", "HO-14", "evolution-api#873", BUSY,
           instead(Bot, _with_people=_writes_of_progress)),
    of_handoff("the bot comments on what the agent writes", "HO-14", "evolution-api#84", TALK, instead(Counter, tell=_comments)),
    of_handoff("a slow answer comes to whoever waits", "HO-15", "fazer-ai/agents#37", CALLED, instead(Bot, _send=_slowly)),
    of_handoff("a slow answer comes between person and customer", "HO-15", "chatwoot#13882", THERE,
           instead(Bot, _send=_slowly)),
    of_handoff("a reminder comes while a person is in charge", "HO-16", "fazer-ai/agents#430", HOURS,
           (*instead(alarms, _alarms=_whoever_is_in_charge), *instead(talk, forget=_keeps_the_draft)),
           env=("SHOEBOT_REMIND_HOURS=1",)),
    of_handoff("ten silent minutes close the ticket", "HO-16", "botpress#13755", HOURS,
           instead(Counter, _look_later=_after_silence)),
    of_handoff("who was not called is not listened to", "HO-17", "evolution-api#2536", UNCALLED,
           instead(Bot, _hear_news=_only_if_called)),
    of_handoff("questions are left to whoever is at work", "HO-18", "chat2desk policy", AT_WORK,
           instead(Bot, _turn=_leaves_it_to_who_is_there)),
    of_handoff("an old reply comes after the bot has spoken", "HO-19", "fazer-ai/agents#202", BREATH,
           instead(Counter, _pass_reply_on=_through_a_queue)),
    of_handoff("who waits gets answers of the bot's", "HO-20", "SAPConversationalAI#64", WAITING,
           instead(brain, RULES=_rules_without_silence(lambda turn: turn.state.accepted))),
    of_handoff("who waits is told the position every ten seconds", "HO-20", "SAPConversationalAI#64", WAITING,
           instead(Counter, hand_over=_told_the_position)),
    of_handoff("the bot types while a person is in charge", "HO-21", "botpress#14493", BUSY,
           instead(Bot, _turn=_shows_that_it_reads)),
    of_handoff("the bot reads what no person has read", "HO-21", "botpress#14493", BUSY,
           instead(Bot, _turn=_shows_that_it_reads), platform="whatsapp"),
)  # fmt: skip
