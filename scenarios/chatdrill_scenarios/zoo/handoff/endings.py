"""Defects in what follows the human part: HO-40 to HO-46."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...shoebot import bot as bot_module
from ...shoebot import brain
from ...shoebot.bot import Bot
from ...shoebot.channels import Channel
from ...shoebot.counter import Counter
from ...shoebot.desks import News
from ...shoebot.desks import chatwoot as chatwoot_module
from ...shoebot.desks.chatwoot import Chatwoot
from ...shoebot.desks.zendesk import Zendesk
from ...shoebot.model import Event, Reply, Say, State
from ...shoebot.skills import survey
from ...shoebot.store import Store
from ...shoebot.texts import text
from ..specimen import instead, of_handoff
from .quiet import _later

_hear_news, _come_back, _moved_of, _tell = Bot._hear_news, Bot._come_back, chatwoot_module._moved, Counter.tell
_init, _open_ticket, _pass_on, _recent = Chatwoot.__init__, Store.open_ticket, Counter.pass_on, Zendesk.recent


async def _deaf_to_the_end(bot: Bot, channel: Channel, event: Event, news: News) -> None:
    if news.kind != "closed":
        await _hear_news(bot, channel, event, news)


def _announced_twice(bot: Bot, state: State, *, asks: bool) -> list[Reply]:
    says = _come_back(bot, state, asks=asks)
    return [says[0], *says]


def _still_silent(bot: Bot, state: State, *, asks: bool) -> list[Reply]:
    """The ticket is over; the flag that keeps the bot quiet stands elsewhere."""
    says = _come_back(bot, state, asks=asks)
    state.with_person = True
    return says


def _snoozed_is_over(talk: Mapping[str, Any]) -> Iterator[News]:
    yield from _moved_of({**talk, "status": "resolved"} if talk.get("status") == "snoozed" else talk)


async def _solved_is_over(desk: Zendesk, ticket: str) -> list[News]:
    """Whoever has solved a ticket is done with it."""
    filed = await desk._filed(ticket)
    over = [News("closed", ticket, f"solved:{filed['updated_at']}")] if filed and filed["status"] == "solved" else []
    return [*await _recent(desk, ticket), *over]


def _new_here(bot: Bot, state: State, *, asks: bool) -> list[Reply]:
    """The talk begins anew, with the words with which talks begin."""
    says = _come_back(bot, state, asks=asks)
    return [*says, Say(text("greeting", state.language))]


async def _timer_goes_on(bot: Bot, channel: Channel, event: Event, news: News) -> None:
    """The timer of the queue knows nothing of who came and went."""
    await _hear_news(bot, channel, event, news)
    if news.kind == "closed":
        _later(90.0, lambda: channel.send(event.user, Say(text("person.wait", "en"))))


async def _asked_by_a_person(counter: Counter, channel: Channel, user: str, news: News) -> None:
    """A goodbye of the agent's is the moment to ask."""
    await _tell(counter, channel, user, news)
    if "good day" in news.text:
        _later(5.0, lambda: channel.send(user, Say(text("survey", "en"))))


def _asks_too(chatwoot: Chatwoot, settings: Any, api: Any) -> None:
    _init(chatwoot, settings, api)
    chatwoot.asks_for_rating = False


def _one_ticket_a_chat(store: Store, ticket: str, conversation: str) -> None:
    """A chat has one ticket, and has it for ever."""
    known = store._db.execute("SELECT 1 FROM tickets WHERE conversation = ?", (conversation,)).fetchone()
    if known is None:
        _open_ticket(store, ticket, conversation)


async def _served_once(counter: Counter, channel: Channel, state: State, burst: Iterable[Event]) -> None:
    """Whoever is in the list of those whose matter is closed has nothing to say to the agents."""
    query = "SELECT 1 FROM tickets WHERE conversation = ? AND NOT open"
    events = list(burst)
    if counter._store._db.execute(query, (events[0].conversation,)).fetchone() is None:
        await _pass_on(counter, channel, state, events)


def _calls_for(rule: Any) -> Any:
    """The brain's rules, in which one leads to a person."""
    return tuple((applies, brain.call_person if act is rule else act) for applies, act in brain.RULES)


EPISODES, TALK = "Two episodes with time between", "A long talk"
SNOOZED, SOLVED = "The ticket is snoozed", "The ticket is solved"
BACK, AFTER = "Back with another question", "A question right after the person"
SURVEYED, RATES = "The desk asks for a rating", "The customer rates"

SPECIMENS = (
    of_handoff("the bot stays silent for ever", "HO-40", "evolution-api#1928", AFTER, instead(Bot, _come_back=_still_silent)),
    of_handoff("the return is announced twice", "HO-40", "fazer-ai/agents#452", TALK,
           instead(Bot, _come_back=_announced_twice)),
    of_handoff("snoozed is taken for closed", "HO-41", "evolution-api#405", SNOOZED,
           instead(chatwoot_module, _moved=_snoozed_is_over)),
    of_handoff("solved is taken for closed", "HO-41", "sunshine-conversations-ios#108", SOLVED,
           instead(Zendesk, recent=_solved_is_over), desk="zendesk"),
    of_handoff("after the person the bot greets as if it were new", "HO-42", "fazer-ai/agents#458", AFTER,
           instead(Bot, _come_back=_new_here)),
    of_handoff("after the person the customer still waits for one", "HO-42", "botpress#13755", AFTER,
           instead(Bot, _hear_news=_timer_goes_on)),
    of_handoff("who comes back writes to a closed ticket", "HO-43", "supportflow#235", BACK,
           instead(Bot, _hear_news=_deaf_to_the_end)),
    of_handoff("who stays writes to a closed ticket", "HO-43", "chatwoot#5751", TALK,
           instead(Bot, _hear_news=_deaf_to_the_end)),
    of_handoff("a survey for every close", "HO-44", "chatwoot#4526", EPISODES, instead(bot_module, SURVEY_EVERY_S=0.0)),
    of_handoff("the survey comes before the end", "HO-44", "original-coast-clothing#18", TALK,
           instead(Counter, tell=_asked_by_a_person)),
    of_handoff("the bot asks beside the desk", "HO-44", "wp-calypso#113357", SURVEYED, instead(Chatwoot, __init__=_asks_too),
           settings=("chatwoot.csat_survey_enabled=yes",)),
    of_handoff("a rating calls a person", "HO-45", "chatwoot#14872", RATES,
           instead(brain, RULES=_calls_for(survey.take))),
    of_handoff("the replies of the second ticket are nobody's", "HO-46", "Apps.Rasa#26", EPISODES,
           instead(Store, open_ticket=_one_ticket_a_chat)),
    of_handoff("who was served once is not passed on again", "HO-46", "botpress#13660", EPISODES,
           instead(Counter, pass_on=_served_once)),
)  # fmt: skip
