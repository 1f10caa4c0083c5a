"""Defects in what a bot does later and unasked: reminders, surveys, drafts, windows, hours, clocks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from ..shoebot import alarms, brain
from ..shoebot.alarms import Alarm
from ..shoebot.bot import Bot
from ..shoebot.channels.messenger import Messenger
from ..shoebot.channels.whatsapp import WhatsApp
from ..shoebot.model import Say, State
from ..shoebot.policy import HOUR_S, Policy
from ..shoebot.skills import survey, talk, visits
from ..shoebot.turn import Turn
from ..shoebot.words import RATING
from .specimen import instead, specimen

_alarms, _rings, _remind = alarms._alarms, alarms._RINGS, alarms._remind
_speak_unasked, _take, _reopen_template = Bot._speak_unasked, survey.take, WhatsApp.reopen
_forget, _awake = talk.forget, alarms._awake


def _rules_with(rule: Any, other: Any) -> Any:
    """The bot's mind, in which one rule does something else."""
    return instead(brain, RULES=tuple((applies, other if act is rule else act) for applies, act in brain.RULES))


def _rings_with(**rings: Any) -> Any:
    return instead(alarms, _RINGS={**_rings, **rings})


def _remind_and_forget(turn: Turn) -> None:
    """That it was said is not written down."""
    _remind(turn)
    turn.state.reminded, turn.state.spoke_at = False, turn.now


def _whatever_was_cancelled(turn: Turn) -> None:
    """The timer knows of no change of mind."""
    task, facts = turn.state.task, turn.state.facts
    _forget(turn)
    turn.state.task, turn.state.facts = task, facts


def _though_gone(state: State, policy: Policy) -> Iterator[Alarm]:
    """A reminder, whatever became of the draft."""
    if policy.remind_s and not state.reminded:
        yield Alarm(_awake(policy, state.heard_at + policy.remind_s), "remind")


def _at_once(policy: Policy, at: float) -> float:
    """Whenever it is due."""
    return at


def _whoever_is_in_charge(state: State, policy: Policy) -> Iterator[Alarm]:
    yield from _alarms(replace(state, with_person=False), policy)


def _after_every_answer(state: State, policy: Policy) -> Iterator[Alarm]:
    """Whoever has got an answer is asked how it was, half a minute later."""
    yield from _alarms(state, policy)
    if state.spoke_at and not state.survey and not state.resolved_at and not state.with_person:
        yield Alarm(max(state.spoke_at, state.heard_at) + 30.0, "resolve")


def _though_nothing_was_answered(turn: Turn) -> None:
    turn.state.resolved_at = turn.now
    survey.ask(turn)


def _asked_again(turn: Turn) -> None:
    """Who has not rated has not seen the question."""
    survey.ask(turn)
    turn.state.spoke_at, turn.state.resolved_at = turn.now, 0.0


def _the_last_counts(turn: Turn) -> None:
    turn.state.survey = survey.ASKED
    _take(turn)


def _any_digit(turn: Turn) -> int:
    match = RATING.match(turn.heard.folded)
    return turn.heard.rating or (int(match[1]) if match else 0)


def _says(channel: Any, say: Say, silence_s: float) -> bool:
    """A message is a message, whenever."""
    return True


async def _unknown_template(channel: WhatsApp, user: str, language: str) -> None:
    """The template was called something else when it was approved."""
    content = {"name": "stepwell_reopen_v2", "language": {"code": language}}
    await channel._message(user, "template", content)


async def _english_template(channel: WhatsApp, user: str, language: str) -> None:
    await _reopen_template(channel, user, "en")


async def _said_by_two(bot: Bot, channel: Any, conversation: str, user: str) -> None:
    """One timer in the process, and one in the queue of jobs."""
    before = bot.store.load(conversation)
    await _speak_unasked(bot, channel, conversation, user)
    after = bot.store.load(conversation)
    if after.reminded and not before.reminded:
        bot.store.save(conversation, before, None)
        await _speak_unasked(bot, channel, conversation, user)


async def _an_hour_later(bot: Bot, channel: Any, conversation: str, user: str) -> None:
    """Jobs are looked for once an hour."""
    await asyncio.sleep(HOUR_S)
    await _speak_unasked(bot, channel, conversation, user)


def _kept_for_ever(turn: Turn) -> bool:
    return False


def _nothing_held(turn: Turn) -> None:
    """What was held is lost."""
    turn.state.held = []


REMINDER, GONE, MIND = (
    "Shall I still register your return?",
    "No reminder for a return that is gone",
    "No reminder after a change of mind",
)
NIGHT, SUNDAY, RATED = "No reminder at night", "No reminder on a Sunday", "How did I do?"
WINDOW, TEMPLATE, CHARGE = (
    "Messenger's window is closed",
    "A template opens the window again",
    "No survey while a person is in charge",
)
FITTING, KEPT, EVENING = (
    "A fitting is not kept for ever",
    "A fitting is kept for half an hour",
    "A person in the evening",
)
LONGER, SHORTER = "Two days that have 49 hours on the clock", "Nine o'clock after the clocks went forward"
ASKED, STATUS = ("I want to return order 1001",), ("Where is order 553?",)

_timing = partial(specimen, "time")
SPECIMENS = (
    _timing("reminds again and again", "fazer-ai/agents#430", "expected | unexpected", REMINDER, _rings_with(remind=_remind_and_forget),
            env=("SHOEBOT_DRAFT_MINUTES=status=60 fitting=30 return=28800",),
            minimum=ASKED),
    _timing("reminds by two timers", "open-chat-studio#11", "expected | unexpected", REMINDER, instead(Bot, _speak_unasked=_said_by_two),
            minimum=ASKED),
    _timing("reminds of what was cancelled", "rasa_core#964", "expected", MIND, instead(talk, forget=_whatever_was_cancelled),
            minimum=(*ASKED, "never mind")),
    _timing("reminds of what is gone", "rasa_core#964", "expected", GONE, instead(alarms, _of_a_draft=_though_gone), minimum=ASKED),
    _timing("reminds at night", "18F/dolores-landingham-slack-bot#100", "expected", NIGHT, instead(alarms, _awake=_at_once), minimum=ASKED),
    _timing("reminds on Sundays", "18F/dolores-landingham-slack-bot#100", "expected", SUNDAY,
            env=("SHOEBOT_AWAKE_HOURS=mon-sun 09:00-19:00",), minimum=ASKED),
    _timing("never reminds", "Apps.Dialogflow#21", "expected", REMINDER, env=("SHOEBOT_REMIND_HOURS=0",), minimum=ASKED),
    _timing("reminds an hour later than it says", "rasa_core#964", "expected", REMINDER, instead(Bot, _speak_unasked=_an_hour_later),
            minimum=ASKED),
    _timing("reminds before a day is over", "rasa#9305", "expected", REMINDER, env=("SHOEBOT_REMIND_HOURS=20",), minimum=ASKED),
    _timing("takes the clock of the server for the shop's", "SSWConsulting/SSW.Website#2220", "expected", SHORTER,
            env=("SHOEBOT_ZONE=UTC",)),
    _timing("knows no summer time", "dbt_zendesk#88", "expected", SHORTER, env=("SHOEBOT_ZONE=Etc/GMT-1",)),
    _timing("opens at nine of another zone", "18F/dolores-landingham-slack-bot#100", "expected", EVENING,
            env=("SHOEBOT_ZONE=America/New_York",), minimum=("I want to talk to a person",)),
    _timing("knows no holidays", "frappe/helpdesk#2075", "expected", "A person at Christmas | A person at Easter",
            env=("SHOEBOT_HOLIDAYS=01-01",), minimum=("I want to talk to a person",)),
    _timing("works at weekends", "frappe/helpdesk#2075", "expected", "A person at the weekend",
            env=("SHOEBOT_DESK_HOURS=mon-sun 09:00-18:00",), minimum=("I want to talk to a person",)),
    _timing("opens an hour too early", "Autotask#111", "expected", "The last minute before opening",
            env=("SHOEBOT_DESK_HOURS=mon-fri 08:00-18:00, sat 10:00-14:00",)),
    _timing("closes an hour too late", "Autotask#111", "expected", "The first minute after closing",
            env=("SHOEBOT_DESK_HOURS=mon-fri 09:00-19:00, sat 10:00-14:00",)),
    _timing("forgets a draft after ten minutes", "rasa#9305", "expected", KEPT, env=("SHOEBOT_DRAFT_MINUTES=status=60 fitting=10 return=4320",),
            minimum=("Can I book a fitting?", "Warsaw")),
    _timing("keeps a draft for ever", "botframework-sdk#5319", "expected", FITTING, instead(visits, draft_is_old=_kept_for_ever),
            minimum=("Can I book a fitting?", "Warsaw")),
    _timing("writes to Messenger outside the window", "chatwoot#11569", "calls-accepted", WINDOW, instead(Messenger, may_say=_says),
            platform="messenger", minimum=ASKED),
    _timing("writes to WhatsApp outside the window", "chatwoot#11569", "calls-accepted", TEMPLATE, instead(WhatsApp, may_say=_says),
            platform="whatsapp", minimum=ASKED),
    _timing("counts WhatsApp's window by its own, longer one", "chatwoot#11569", "calls-accepted", TEMPLATE,
            env=("SHOEBOT_WINDOW_HOURS=72",), platform="whatsapp", minimum=ASKED),
    _timing("opens the window by a template that is not there", "whatsapp templates", "calls-accepted", TEMPLATE,
            instead(WhatsApp, reopen=_unknown_template), platform="whatsapp", minimum=ASKED),
    _timing("opens the window in English", "whatsapp templates", "expected", "Szablon po polsku", instead(WhatsApp, reopen=_english_template),
            platform="whatsapp", minimum=("Chcę zwrócić zamówienie 1001",)),
    _timing("keeps silent when the window is open again", "chatwoot#2182", "expected", TEMPLATE, _rules_with(visits.resume, _nothing_held),
            platform="whatsapp", minimum=(*ASKED, "(Go on)")),
    _timing("asks for a rating in the middle of the dialog", "original-coast-clothing#18", "expected | unexpected",
            "Late words put the survey off | No survey for a question without an answer", instead(alarms, _alarms=_after_every_answer),
            minimum=STATUS),
    _timing("asks for a rating while a person is in charge", "original-coast-clothing#18", "expected | unexpected", CHARGE,
            instead(alarms, _alarms=_whoever_is_in_charge), minimum=("I want to talk to a person",)),
    _timing("asks for a rating of nothing", "chatwoot#4003", "expected | unexpected", "No survey for a question without an answer",
            _rings_with(resolve=_though_nothing_was_answered), minimum=("Where is my order?",)),
    _timing("asks for a rating every day", "chatwoot#11637", "expected | unexpected", RATED, _rings_with(resolve=_asked_again),
            minimum=STATUS),
    _timing("never asks for a rating", "chatwoot#5592", "expected", RATED, env=("SHOEBOT_RATING_HOURS=0",), minimum=STATUS),
    _timing("asks for a rating at night", "chatwoot#4003", "expected", "No survey at night", instead(alarms, _awake=_at_once),
            minimum=STATUS),
    _timing("lets the last rating count", "wp-calypso#113357", "expected", "Rated twice", _rules_with(survey.take, _the_last_counts),
            platform="whatsapp"),
    _timing("takes a rating after four days", "chatwoot#14872", "expected", "Rated too late",
            env=("SHOEBOT_RATING_HOURS=720",)),
    _timing("takes any digit for a rating", "chatwoot#14872", "expected", "A digit that is no rating", instead(survey, rating_of=_any_digit),
            minimum=("4",)),
    _timing("takes whoever comes back after a month for the same talk", "supportflow#235", "expected", "Back after 30 days",
            env=("SHOEBOT_REOPEN_DAYS=60",)),
    _timing("takes whoever comes back after five minutes for a stranger", "zammad#5332", "expected", "Back after five minutes",
            env=("SHOEBOT_REOPEN_DAYS=0",)),
)  # fmt: skip
