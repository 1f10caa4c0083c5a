"""Agents of a scenario: who they are, when they work, and how they behave, as data.

All times are drill seconds. What a scenario leaves out, Faker makes up and the habits decide.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from chatdrill.engine.durations import seconds
from chatdrill.engine.identity import make_customer
from chatdrill.engine.moments import read_block
from chatdrill.engine.templates import bare, plain
from chatdrill.errors import ScenarioError, did_you_mean
from chatdrill.model import Agent
from chatdrill.seeds import Stream

NEVER = -1.0
"""``accepts_s`` of somebody who never takes a conversation."""


class Habits(msgspec.Struct, frozen=True, kw_only=True):
    """How an agent works. ``accepts_s``: the seconds until they take what is offered (from, to), ``None`` when the scenario
    says so; ``declines`` how many offers they refuse first; ``replies_s`` the seconds until they answer; ``typing`` counts
    characters a minute. ``answers``: they answer by themselves what the scenario leaves open, and close the conversation after
    ``closes_after_s`` without a word."""

    name: str
    about: str = ""
    accepts_s: tuple[float, float] | None = (4.0, 15.0)
    declines: int = 0
    replies_s: tuple[float, float] = (2.0, 6.0)
    typing: float = 240.0
    answers: bool = False
    closes_after_s: float = 180.0


# Typing: 240 characters a minute are 48 words of five characters, a practised typist's pace (Dhakal et al., "Observations on
# typing from 136 million keystrokes", CHI 2018: 52 words a minute on the mean). The other numbers tell the habits apart.
_HABITS = (
    Habits(name="steady", about="Takes a conversation within seconds, and does what the scenario says."),
    Habits(name="helpful", about="Greets, answers every message and closes after three quiet minutes.", answers=True),
    Habits(name="hasty", about="Takes a conversation at once and answers at once.", accepts_s=(0.2, 1.0), replies_s=(0.2, 1.0)),
    Habits(name="slow", about="Takes a minute to take a conversation, and minutes to answer.", accepts_s=(45.0, 90.0), replies_s=(60.0, 240.0)),
    Habits(name="picky", about="Declines the first offer and takes the second.", declines=1),
    Habits(name="absent", about="Is signed in and takes nothing.", accepts_s=(NEVER, NEVER)),
    Habits(name="told", about="Takes nothing until the scenario says so.", accepts_s=None),
)  # fmt: skip
HABITS: Mapping[str, Habits] = {habits.name: habits for habits in _HABITS}
AGENT_FIELDS = (
    "name", "email", "languages", "zone", "team", "capacity", "shift", "persona", "accepts", "declines", "replies",
)  # fmt: skip
DEFAULT_AGENT = "agent"


class AgentPlan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a scenario says about an agent. ``shift`` is a calendar's name or block: outside it the agent is offline."""

    key: str
    habits: Habits
    name: str = ""
    email: str = ""
    languages: tuple[str, ...] = ()
    zone: str = "UTC"
    team: str | None = None
    capacity: int = 5
    shift: str | dict[str, Any] | None = None


def read_agents(block: Mapping[str, Mapping[str, Any] | None] | None) -> tuple[AgentPlan, ...]:
    """The agents of a scenario, by key. Raises ``ScenarioError``."""
    return tuple(_plan(key, dict(given or {})) for key, given in (block or {}).items())


def _plan(key: str, given: dict[str, Any]) -> AgentPlan:
    for name in given:
        if name not in AGENT_FIELDS:
            raise ScenarioError(f"an agent has no {name!r}" + did_you_mean(name, AGENT_FIELDS))
    languages = given.get("languages", ())
    capacity = given.get("capacity", 5)
    if isinstance(capacity, bool) or not isinstance(capacity, int) or capacity < 0:
        raise ScenarioError(f"an agent's capacity is a whole number of conversations, not {capacity!r}")
    return AgentPlan(
        key=key,
        habits=_habits(given),
        name=plain(given.get("name", "")),
        email=plain(given.get("email", "")),
        languages=tuple(languages.split() if isinstance(languages, str) else map(plain, languages)),
        zone=plain(given.get("zone", "UTC")),
        team=None if given.get("team") is None else plain(given["team"]),
        capacity=capacity,
        shift=_shift(given.get("shift")),
    )


def _shift(value: Any) -> str | dict[str, Any] | None:
    if value is None or isinstance(value, str):
        return value
    block: dict[str, Any] = bare(value)
    if not {"any_of", "all_of"} & set(block):
        read_block(block, {})
    return block


def _habits(given: Mapping[str, Any]) -> Habits:
    name = plain(given.get("persona", "steady"))
    if name not in HABITS:
        raise ScenarioError(f"no agent's persona is called {name!r}" + did_you_mean(name, HABITS))
    changes: dict[str, Any] = {}
    if "accepts" in given:
        changes["accepts_s"] = _accepts(given["accepts"])
    if "replies" in given:
        reply_s = seconds(given["replies"])
        changes["replies_s"] = (reply_s, reply_s)
    if "declines" in given:
        changes["declines"] = int(given["declines"])
    return msgspec.structs.replace(HABITS[name], **changes)


def _accepts(value: Any) -> tuple[float, float] | None:
    if value == "told":
        return None
    if value == "never":
        return (NEVER, NEVER)
    try:
        after_s = seconds(value)
    except ValueError as error:
        raise ScenarioError(f"'accepts' is a duration, never or told: {error}") from error
    return (after_s, after_s)


def make_agent(plan: AgentPlan, case: str, locale: str, chance: Stream) -> Agent:
    """The person that a plan means. ``case`` makes the key unique in a run, where many conversations have a ``bob``."""
    person = make_customer(plan.key, {}, _locale(plan, locale), chance)
    first, _, last = plan.name.partition(" ") if plan.name else (person.first_name, "", person.last_name)
    seat = f"{plan.key}.{hashlib.sha256(case.encode()).hexdigest()[:6]}"
    return Agent(
        key=seat,
        first_name=first,
        last_name=last,
        email=plan.email or f"{seat}@desk.example.org",
        languages=plan.languages or (locale.replace("-", "_").partition("_")[0].lower(),),
        zone=plan.zone,
        team=plan.team,
        capacity=plan.capacity,
    )


_LOCALES = {"en": "en_US", "ru": "ru_RU", "pl": "pl_PL", "de": "de_DE", "uk": "uk_UA", "fr": "fr_FR", "es": "es_ES"}


def _locale(plan: AgentPlan, locale: str) -> str:
    """The locale that an agent's name is made up in: their mother tongue's."""
    if not plan.languages:
        return locale
    return locale if locale.startswith(plan.languages[0]) else _LOCALES.get(plan.languages[0], "en_US")


_WORDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "en": (
        ("Hello, {name} here. Let me look into it.", "Hi, this is {name}. I have read your conversation."),
        ("Thank you, I have noted that.", "I see. I am checking it right now.", "All right, that is settled then."),
    ),
    "pl": (
        ("Dzień dobry, tu {name}. Już sprawdzam.", "Witam, {name}. Znam już Pana/Pani sprawę."),
        ("Dziękuję, zapisałem to.", "Rozumiem, właśnie sprawdzam.", "Dobrze, w takim razie załatwione."),
    ),
    "ru": (
        ("Здравствуйте, это {name}. Сейчас посмотрю.", "Добрый день, меня зовут {name}. Я уже читаю переписку."),
        ("Спасибо, записываю.", "Понимаю, как раз проверяю.", "Хорошо, тогда договорились."),
    ),
}


def agent_words(language: str, agent: Agent, chance: Stream, *, first: bool) -> str:
    """What an agent who answers by themselves says: a greeting at ``first``, then that they are at it."""
    greetings, answers = _WORDS.get(language, _WORDS["en"])
    return chance.choice(greetings if first else answers).format(name=agent.first_name)
