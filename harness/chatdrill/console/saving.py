"""What was done by hand, as a scenario: the customers' acts with their pauses, and what the bot said by its structure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chatdrill.console.retelling import Retelling
from chatdrill.engine.scenario import DEFAULT_CUSTOMER, Scenario
from chatdrill.engine.steps import Step
from chatdrill.engine.templates import escaped
from chatdrill.engine.writer import write_scenario
from chatdrill.errors import UsageError
from chatdrill.model import Blobs, Customer
from chatdrill.serve.channel import Channel
from chatdrill.trace import Record

_SLUG = re.compile(r"[^\w]+")
_SLUG_MAX = 60


class Wanted(msgspec.Struct, forbid_unknown_fields=True):
    """What the page asks for: which conversations (``conv``), under which name, and whether into a ``folder``."""

    name: str
    convs: tuple[str, ...]
    folder: str | None = None


@dataclass(frozen=True)
class Drill:
    """A scenario's file, its text, the files beside it, and what the language has no words for."""

    file: str
    text: str
    files: Mapping[str, bytes]
    notes: tuple[str, ...]


@dataclass
class _Player:
    """One customer of the scenario: who it is in the stage, and how the scenario calls it."""

    key: str
    platform: str
    customer: Customer
    blobs: Blobs = field(repr=False)


def drill_of(records: Iterable[Record], channels: Mapping[str, Channel], wanted: Wanted) -> Drill:
    """Retell conversations. Raises ``UsageError`` where nothing was done, ``ScenarioError`` for what cannot be written."""
    name = wanted.name.strip()
    if not name:
        raise UsageError("a scenario needs a name")
    players = _players(channels, wanted.convs)
    retelling = Retelling({conv: (player.key, player.blobs) for conv, player in players.items()})
    for record in records:
        retelling.take(record)
    steps = retelling.steps()
    if not steps:
        raise UsageError("nothing has been said yet in the conversations that were chosen")
    scenario = _scenario(escaped(name), list(players.values()), steps, retelling.agents)
    return Drill(f"{_slug(name)}.drill.yaml", write_scenario(scenario), retelling.files, tuple(retelling.notes))


def _players(channels: Mapping[str, Channel], convs: Sequence[str]) -> dict[str, _Player]:
    found: dict[str, _Player] = {}
    for platform, channel in channels.items():
        for address, chat in channel.state.chats.items():
            conv = channel.role(address).conv
            if conv is not None and conv in convs:
                found[conv] = _Player(DEFAULT_CUSTOMER, platform, chat.customer, channel.state.blobs)
    if not found:
        raise UsageError("choose at least one conversation")
    if len(found) > 1:
        for conv, player in found.items():
            player.key = re.sub(r"\W+", "_", conv.rpartition("/")[2])
    return dict(sorted(found.items(), key=lambda pair: convs.index(pair[0])))


def _scenario(name: str, players: list[_Player], steps: Sequence[Step], agents: Iterable[str]) -> Scenario:
    first, *others = players
    given: dict[str, Any] = {"customer": _person(first.customer)}
    if others:
        plans = {player.key: _person(player.customer) for player in players}
        for player in others:
            if player.platform != first.platform:
                plans[player.key]["platform"] = player.platform
        given = {"customers": plans}
    scenario = Scenario(
        name,
        platforms=[first.platform],
        locale=first.customer.locale,
        agents={agent: {"persona": "told"} for agent in agents},
        **given,
    )
    return scenario.placed(steps, ("",) * len(steps), file=None, line=None, folder="")


def _person(customer: Customer) -> dict[str, Any]:
    names = {"first_name": customer.first_name, "last_name": customer.last_name}
    return {key: escaped(text) for key, text in names.items() if text}


def _slug(name: str) -> str:
    return _SLUG.sub("-", name.casefold()).strip("-")[:_SLUG_MAX] or "scenario"
