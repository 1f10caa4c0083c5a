"""Defects in what happens when people are not there, are too few, or are not wanted any more: HO-34 to HO-39."""

from __future__ import annotations

import asyncio
from typing import Any

from ...shoebot import brain
from ...shoebot.bot import Bot
from ...shoebot.channels import Channel
from ...shoebot.counter import Counter
from ...shoebot.desks import Handover, News
from ...shoebot.desks.chatwoot import Chatwoot
from ...shoebot.model import Event, Reply, Say, State
from ...shoebot.skills import desk, talk
from ...shoebot.turn import Turn
from ..specimen import instead, of_handoff
from .quiet import _later

_hear_news, _open, _hand_over = Bot._hear_news, Chatwoot.open, Counter.hand_over
_speak_unasked = Bot._speak_unasked


def _somebody_is_always_there(turn: Turn) -> bool:
    return True


def _nothing_said(turn: Turn) -> None:
    """The hours stand on the page."""


def _at_ten(turn: Turn) -> None:
    """Hours that were taken from a server's clock, with the name of the shop's."""
    turn.say("closed", when="tomorrow at 8:00 (Warsaw time)")


async def _deaf_to_failure(bot: Bot, channel: Channel, event: Event, news: News) -> None:
    if news.kind != "failed":
        await _hear_news(bot, channel, event, news)


async def _told_by_two_timers(bot: Bot, channel: Channel, conversation: str, user: str) -> None:
    """One timer in the process, and one in the queue of jobs."""
    before = bot.store.load(conversation)
    await _speak_unasked(bot, channel, conversation, user)
    if not before.wait_told and bot.store.load(conversation).wait_told:
        bot.store.save(conversation, before, None)
        await _speak_unasked(bot, channel, conversation, user)


async def _given_up_after_two_minutes(
    counter: Counter, channel: Channel, event: Event, state: State, replies: list[Reply]
) -> tuple[State, list[Reply]]:
    """The timer of the handover does not ask whether anybody has come."""
    state, replies = await _hand_over(counter, channel, event, state, replies)

    async def give_up() -> None:
        await counter.desk.end(state.ticket, "Nobody came in time.")

    _later(120.0, give_up)
    return state, replies


def _choosing(*, newest_first: bool) -> Any:
    async def opened(chatwoot: Chatwoot, handover: Handover) -> str:
        """The bot chooses who serves: the first agent of the list, whoever waits."""
        ticket = await _open(chatwoot, handover)
        agents = await chatwoot._api.get(f"{chatwoot._account}/agents", "agents", headers=chatwoot._user, many=True)
        is_third = int(ticket) % 3 == 0
        if not newest_first or is_third:
            body = {"assignee_id": agents[-1]["id"]}
            url = f"{chatwoot._talk(ticket)}/assignments"
            await chatwoot._api.post(url, "chatwoot assignment", body=body, headers=chatwoot._user)
        return ticket

    return opened


_WITHOUT_RETURN = tuple(rule for rule in brain.RULES if rule[0] is not brain._wants_bot)


async def _forgotten_at_the_desk(counter: Counter, state: State, why: str) -> None:
    """The bot is back; who has called whom is over."""
    counter._forget(state.ticket)


def _back_without_a_word(turn: Turn) -> None:
    talk.forget(turn)


async def _repeated(bot: Bot, channel: Channel, user: str, reply: Reply) -> bool:
    await bot._try(channel.send(user, reply))
    if isinstance(reply, Say) and reply.text.startswith("The bot is back."):
        await asyncio.sleep(1.0)
        return await bot._try(channel.send(user, reply))
    return True


EVENING, NOBODY, LAST = "Called at eight in the evening", "Ten minutes without anybody", "Accepted at the last moment"
DECLINED, SEATS = "Everybody declines", "Three customers for one agent with two seats"
SEAT, BACK = "Three customers for one agent with one seat", "Back to the bot from the queue and from a person"

SPECIMENS = (
    of_handoff("people are called in the night, and no hours are told", "HO-34", "chattermate#298", EVENING,
           instead(desk, is_open=_somebody_is_always_there, announce_hours=_nothing_said)),
    of_handoff("the hours that are told are another zone's", "HO-34", "Rocket.Chat#19062", EVENING,
           instead(desk, is_open=_somebody_is_always_there, announce_hours=_at_ten)),
    of_handoff("nobody says that nobody comes", "HO-35", "botpress#13698", NOBODY, env=("SHOEBOT_WAIT_SECONDS=0",)),
    of_handoff("that nobody comes is said by two timers", "HO-35", "botpress#13779", NOBODY,
           instead(Bot, _speak_unasked=_told_by_two_timers)),
    of_handoff("the timer takes the talk from who has just come", "HO-35", "botpress#13755", LAST,
           instead(Counter, hand_over=_given_up_after_two_minutes)),
    of_handoff("a handover that failed is waited for", "HO-36", "chatwoot#13512", DECLINED,
           instead(Bot, _hear_news=_deaf_to_failure), env=("SHOEBOT_WAIT_SECONDS=0",), desk="botframework",
           settings=("botframework.when_nobody=fail",)),
    of_handoff("a refusal of everybody is not heard", "HO-36", "chatwoot#12379", DECLINED,
           instead(Bot, _hear_news=_deaf_to_failure), env=("SHOEBOT_WAIT_SECONDS=0",), desk="amocrm"),
    of_handoff("the bot gives everybody to one agent", "HO-37", "Rocket.Chat#18217", SEATS,
           instead(Chatwoot, open=_choosing(newest_first=False))),
    of_handoff("the bot lets the newest go first", "HO-38", "Rocket.Chat#22043", SEAT,
           instead(Chatwoot, open=_choosing(newest_first=True))),
    of_handoff("the way back to the bot is barred", "HO-39", "botpress#13658", BACK, instead(brain, RULES=_WITHOUT_RETURN)),
    of_handoff("the desk is not told that the customer has gone", "HO-39", "botpress#13760", BACK,
           instead(Counter, end=_forgotten_at_the_desk)),
    of_handoff("the bot is back without a word", "HO-39", "botpress#13805", BACK,
           instead(brain, RULES=tuple((rule[0], _back_without_a_word) if rule[1] is talk.welcome_back else rule
                                      for rule in brain.RULES))),
    of_handoff("the bot says twice that it is back", "HO-39", "fazer-ai/agents#158", BACK, instead(Bot, _send=_repeated)),
)  # fmt: skip
