"""Ways to get somewhere again: the steps by which a suite brought a conversation into a state, shortest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chatdrill.coverage.talk import Talk
from chatdrill.engine.templates import looks_unfilled
from chatdrill.trace import Acted, CaseBegan

NEEDS = ("", "button", "template")
_BRIEF = 100
_UNFIT = frozenset({"breaks", "restarts", "forges", "happens", "waits_until", "never"})


@dataclass(frozen=True)
class Route:
    """The steps before a customer's word. ``at`` is drill time at the beginning; ``button`` the title of a button to press by then."""

    platform: str
    steps: tuple[dict[str, Any], ...]
    locale: str
    zone: str
    at: float
    is_virtual: bool
    button: str | None = None

    @property
    def waits_s(self) -> float:
        """Drill seconds of scripted pauses on the way."""
        return sum(float(step["seconds"]) for step in self.steps if step["step"] == "waits")


@dataclass
class Routes:
    """The shortest way to each state of each platform, and to where there is something to press. ``openers`` counts the
    first words of those whom the bot has answered more than once, by locale."""

    best: dict[tuple[str, str, str], Route] = field(default_factory=dict)
    openers: Counter[tuple[str, str]] = field(default_factory=Counter)
    _fit: dict[str, int] = field(default_factory=dict)

    def add(self, other: Routes) -> None:
        """Take in those of another trace."""
        for key, route in other.best.items():
            known = self.best.get(key)
            if known is None or len(route.steps) < len(known.steps):
                self.best[key] = route
        self.openers.update(other.openers)

    def find(self, platform: str, state: str, need: str = "") -> Route | None:
        """The shortest way into a state of a platform, by which there is what is needed (``button``, ``template``)."""
        return self.best.get((platform, state, need))

    @property
    def locale(self) -> str:
        """The locale of most customers."""
        spoken = Counter[str]()
        for (locale, _), count in self.openers.items():
            spoken[locale] += count
        return next((locale for locale, _ in spoken.most_common(1)), "en_US")

    def opener(self, locale: str) -> str | None:
        """How most customers of a locale begin, if they are brief."""
        ranked = (text for (spoken, text), _ in self.openers.most_common() if spoken == locale and len(text) < _BRIEF)
        return next(ranked, None)

    def note(self, began: CaseBegan, record: Acted, states: Iterable[str], talk: Talk, *, is_virtual: bool) -> None:
        """A customer acts in these states, after the steps that stand before this one."""
        is_first = record.cause == "step" and record.step != talk.step  # what comes later in a step is the persona's
        if not is_first or record.step is None or not self._is_fit(began, record.step):
            return
        shown: Mapping[str, str | None] = {"": "", "button": talk.button, "template": talk.template_button}
        for state in states:
            for need, title in shown.items():
                known = self.best.get((began.platform, state, need))
                if title is not None and (known is None or record.step < len(known.steps)):
                    self.best[began.platform, state, need] = _route(began, record.step, title, is_virtual)

    def _is_fit(self, began: CaseBegan, step: int) -> bool:
        """Whether the steps before this one mean the same in a scenario of their own: no branches, names, files and faults."""
        name = began.case or ""
        if name not in self._fit:
            unfit = (index for index, one in enumerate(began.steps) if not _stands_alone(one))
            alone = len(began.customers) == 1 and began.persona == "patient"
            self._fit[name] = next(unfit, len(began.steps)) if alone else 0
        return step <= self._fit[name]


def _stands_alone(step: Mapping[str, Any]) -> bool:
    if step["step"] in _UNFIT or not {"when", "agent"}.isdisjoint(step):
        return False
    if any(item.get("part") == "attachment" for item in step.get("contents", ())):
        return False  # the file lies beside the suite
    return not looks_unfilled(msgspec.json.encode(step).decode())


def _route(began: CaseBegan, step: int, title: str, is_virtual: bool) -> Route:
    locales = [customer.locale for customer in began.customers.values()]
    steps = tuple({key: value for key, value in one.items() if key != "customer"} for one in began.steps[:step])
    return Route(
        began.platform,
        steps,
        locales[0] if locales else "en_US",
        began.zone or "UTC",
        began.at,
        is_virtual,
        title or None,
    )
