"""Agents of a scenario: who they are, when they work, and how they behave, as data.

All times are drill seconds. What a scenario leaves out, Faker makes up and the habits decide.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from chatdrill.calendars import Calendar, read_zone
from chatdrill.engine.durations import seconds
from chatdrill.engine.identity import make_customer
from chatdrill.engine.moments import Local, read_block
from chatdrill.engine.templates import bare, plain
from chatdrill.errors import ScenarioError, SettingsError, did_you_mean
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
    """What a scenario says about an agent. ``shift`` is a calendar's name or block: outside it the agent is offline. Without a
    ``zone`` they live where the scenario plays."""

    key: str
    habits: Habits
    name: str = ""
    email: str = ""
    languages: tuple[str, ...] = ()
    zone: str | None = None
    team: str | None = None
    capacity: int = 5
    shift: str | dict[str, Any] | None = None


def read_agents(block: Mapping[str, Mapping[str, Any] | None] | None) -> tuple[AgentPlan, ...]:
    """The agents of a scenario, by key. Raises ``ScenarioError``."""
    return tuple(_read(key, dict(given or {})) for key, given in (block or {}).items())


def _read(key: str, given: dict[str, Any]) -> AgentPlan:
    try:
        return _plan(key, given)
    except ScenarioError as error:
        raise ScenarioError(f"agent {key!r}: {error.problem}") from error


def _plan(key: str, given: dict[str, Any]) -> AgentPlan:
    for name in given:
        if name not in AGENT_FIELDS:
            raise ScenarioError(f"there is no {name!r}" + did_you_mean(name, AGENT_FIELDS))
    languages = given.get("languages", ())
    return AgentPlan(
        key=key,
        habits=_habits(given),
        name=plain(given.get("name", "")),
        email=plain(given.get("email", "")),
        languages=tuple(languages.split() if isinstance(languages, str) else map(plain, languages)),
        zone=_zone(given.get("zone")),
        team=None if given.get("team") is None else plain(given["team"]),
        capacity=_whole("capacity", given.get("capacity", 5)),
        shift=_shift(given.get("shift")),
    )


def _whole(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ScenarioError(f"{name!r} is a whole number from 0 on, not {value!r}")
    return value


def _zone(value: Any) -> str | None:
    try:
        return None if value is None else read_zone(plain(value), "'zone'").key
    except SettingsError as error:
        raise ScenarioError(str(error)) from error


def _shift(value: Any) -> str | dict[str, Any] | None:
    if value is None or isinstance(value, str):
        return value
    block: dict[str, Any] = bare(value)
    if not _JOINS & set(block):
        read_block({"zone": "UTC", **block}, {})
    return block


_JOINS = {"any_of", "all_of"}
"""The keys of a calendar that is made of others, which bring their own zones."""


def shift_of(plan: AgentPlan, zone: str, calendars: Mapping[str, Calendar]) -> Calendar | None:
    """When an agent works, by the clocks where they live, else by those of the scenario's ``zone``. ``None``: always.

    Raises ``ScenarioError`` for a calendar that is not among ``calendars``.
    """
    shift, home = plan.shift, plan.zone or zone
    if isinstance(shift, dict) and not _JOINS & set(shift):
        shift = {"zone": home, **shift}
    return None if shift is None else Local.of(home, shift, calendars).calendar


def _habits(given: Mapping[str, Any]) -> Habits:
    name = plain(given.get("persona", "steady"))
    if name not in HABITS:
        raise ScenarioError(f"no agent's persona is called {name!r}" + did_you_mean(name, HABITS))
    changes: dict[str, Any] = {}
    if "accepts" in given:
        changes["accepts_s"] = _accepts(given["accepts"])
    if "replies" in given:
        changes["replies_s"] = _exactly("replies", given["replies"], "a duration")
    if "declines" in given:
        changes["declines"] = _whole("declines", given["declines"])
    return msgspec.structs.replace(HABITS[name], **changes)


def _accepts(value: Any) -> tuple[float, float] | None:
    if value == "told":
        return None
    if value == "never":
        return (NEVER, NEVER)
    return _exactly("accepts", value, "a duration, never or told")


def _exactly(name: str, value: Any, wanted: str) -> tuple[float, float]:
    try:
        after_s = seconds(value)
    except ValueError as error:
        raise ScenarioError(f"{name!r} is {wanted}: {error}") from error
    return (after_s, after_s)


_SEAT_DIGITS = 10
"""Of a hash in hexadecimal: among ten thousand cases with a ``bob`` two share a seat once in twenty thousand runs."""


def make_agent(plan: AgentPlan, case: str, locale: str, zone: str, chance: Stream) -> Agent:
    """The person that a plan means. ``case`` makes the key unique in a run, where many conversations have a ``bob``; ``zone`` is
    where the scenario plays."""
    person = make_customer(plan.key, {}, _locale(plan, locale), chance)
    first, _, last = plan.name.partition(" ") if plan.name else (person.first_name, "", person.last_name)
    seat = f"{plan.key}.{hashlib.sha256(case.encode()).hexdigest()[:_SEAT_DIGITS]}"
    return Agent(
        key=seat,
        first_name=first,
        last_name=last,
        email=plan.email or f"{seat}@desk.example.org",
        languages=plan.languages or (locale.replace("-", "_").partition("_")[0].lower(),),
        zone=plan.zone or zone,
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
