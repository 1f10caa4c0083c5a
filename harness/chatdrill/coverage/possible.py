"""What can be at all: by what the wires declare, and by what goes together. An impossible cell is no gap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from chatdrill.coverage.dimensions import CALENDAR_TIMES, DESK_STATES, FAULTS, KINDS, STATES, TIMES, Dimension
from chatdrill.coverage.striking import is_about_a_message
from chatdrill.serve.channel import Account, Channel
from chatdrill.serve.faults import KINDS as FAULT_KINDS
from chatdrill.wire import Platform


@dataclass(frozen=True)
class Ability:
    """What a platform declares, as far as coverage asks: what customers send (``parts``) and do (``acts``), what a bot sends, what is
    missing (``lacks``), the longest text in characters, and the faults that mean something there."""

    name: str
    parts: frozenset[str]
    acts: frozenset[str]
    bot_parts: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    text_max: float = float("inf")
    faults: frozenset[str] = frozenset(FAULT_KINDS)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of messages that the bot can be told of."""
        return frozenset(value.name for value in KINDS if _NEEDS.get(value.name, _a_text)(self))


def ability_of(platform: Platform[Any]) -> Ability:
    """What a platform declares."""
    can = platform.capabilities
    account: Account[Any] = Channel.__new__(Channel)  # as far as a kind of fault looks at it
    account.service = platform
    return Ability(
        name=platform.name,
        parts=can.customer_parts,
        acts=can.acts,
        bot_parts=can.bot_parts,
        lacks=frozenset(can.lacks),
        text_max=next((limit.value for limit in platform.limits if limit.name == "text"), float("inf")),
        faults=frozenset(kind.name for kind in FAULT_KINDS.values() if kind.why_not(account) is None),
    )


def _a_text(ability: Ability) -> bool:
    return "text" in ability.parts


def _part(name: str) -> Callable[[Ability], bool]:
    return lambda ability: name in ability.parts


def _told(act: str) -> Callable[[Ability], bool]:
    """An act that the bot is told of."""
    return lambda ability: act in ability.acts and act not in ability.lacks


_NEEDS: Mapping[str, Callable[[Ability], bool]] = {
    "longest text": lambda ability: _a_text(ability) and ability.text_max < float("inf"),
    **{name: _part(f"media.{name}") for name in ("photo", "voice", "audio", "video", "animation", "document", "sticker")},
    "round video": _part("media.video_note"),
    "album": _part("media.photo"),
    "caption": lambda ability: "media.photo" in ability.parts and "media.caption" not in ability.lacks,
    "location": _part("location"),
    "contact": lambda ability: "contact" in ability.parts and "contact" not in ability.lacks,
    "basket": _part("order"),
    "form": _part("form"),
    "unknown": _part("other"),
    "forward": lambda ability: "forwarded" not in ability.lacks,
    "template reply": lambda ability: "template" in ability.bot_parts,
    "press": _told("press"),
    "reaction": _told("react"),
    "edit": _told("edit"),
    "delete": _told("delete"),
    "start": lambda ability: "start" in ability.acts,
    "deep link": lambda ability: "start" in ability.acts and "referral.link" not in ability.lacks,
    "block": _told("block"),
}  # fmt: skip

_NOT_AT_FIRST = frozenset({"burst", "quote", "press", "template reply", "reaction", "edit", "delete", "block"})
_BURST_IN = frozenset({"waiting", "in the queue", "with an agent", "nudged", "back to the bot"})
_PEOPLE = frozenset({"in the queue", "with an agent"})
_TEXTS = frozenset({"text", "short text", "long text", "longest text", "emoji", "right-to-left", "command", "burst"})
_FILES = frozenset(
    {"photo", "album", "caption", "voice", "audio", "video", "round video", "animation", "document", "sticker"}
)


def _kind_in_state(kind: str, state: str) -> bool:
    if state == "first contact":
        return kind not in _NOT_AT_FIRST
    if kind == "burst":
        return state in _BURST_IN
    return not (kind == "template reply" and state in _PEOPLE)


def _kind_with_fault(kind: str, fault: str) -> bool:
    if not is_about_a_message(fault):
        return False
    if FAULT_KINDS[fault].each == "message":
        return kind in _TEXTS
    return kind in _FILES if FAULT_KINDS[fault].each.startswith("download") else kind != "block"


@dataclass(frozen=True)
class World:
    """Where a suite plays: its platforms, those of them with a helpdesk behind the bot, and whether working hours are known."""

    abilities: Mapping[str, Ability]
    desks: frozenset[str] = frozenset()
    has_calendar: bool = False

    def kinds(self, platform: str) -> frozenset[str]:
        """The kinds of messages of a platform."""
        return self.abilities[platform].kinds

    def states(self, platform: str) -> frozenset[str]:
        """The states of a platform's conversations."""
        left_out = frozenset() if platform in self.desks else DESK_STATES
        if "block" not in self.abilities[platform].acts:
            left_out |= {"unblocked"}
        return frozenset(value.name for value in STATES) - left_out

    def faults(self, platform: str) -> frozenset[str]:
        """The faults that mean something on a platform, or at the desk behind it."""
        return self.abilities[platform].faults | ({"desk-lag"} if platform in self.desks else frozenset())

    @cached_property
    def times(self) -> frozenset[str]:
        """The times that can be told apart."""
        return frozenset(value.name for value in TIMES) - (frozenset() if self.has_calendar else CALENDAR_TIMES)

    def can(self, platform: str, given: Mapping[Dimension, str]) -> bool:
        """Whether these values go together on a platform."""
        kind, state, fault = given.get("kind"), given.get("state"), given.get("fault")
        known = (
            (given.get("platform"), (platform,)),
            (kind, self.kinds(platform)),
            (state, self.states(platform)),
            (fault, self.faults(platform)),
            (given.get("time"), self.times),
        )
        if any(value is not None and value not in options for value, options in known):
            return False
        if kind is not None and state is not None and not _kind_in_state(kind, state):
            return False
        if kind is not None and fault is not None and not _kind_with_fault(kind, fault):
            return False
        return state is None or fault is None or is_about_a_message(fault)

    def values(self, dimension: Dimension) -> list[str]:
        """The values of a dimension that are possible on any platform, in the order of their lists."""
        if dimension == "platform":
            return list(self.abilities)
        options = {"state": STATES, "kind": KINDS, "fault": FAULTS, "time": TIMES}[dimension]
        return [
            value.name for value in options if any(self.can(one, {dimension: value.name}) for one in self.abilities)
        ]

    def product_size(self) -> int:
        """How many combinations of all five there are, conversations without a fault among them."""
        return sum(self._combinations(platform) for platform in self.abilities) * len(self.times)

    def _combinations(self, platform: str) -> int:
        faults = [fault for fault in self.faults(platform) if is_about_a_message(fault)]
        by_kind = {kind: 1 + sum(_kind_with_fault(kind, fault) for fault in faults) for kind in self.kinds(platform)}
        return sum(by_kind[kind] for kind, _ in self._kinds_and_states(platform))

    def _kinds_and_states(self, platform: str) -> Iterator[tuple[str, str]]:
        for kind in self.kinds(platform):
            yield from ((kind, state) for state in self.states(platform) if _kind_in_state(kind, state))
