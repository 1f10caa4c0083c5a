"""Faults as people write them: ``duplicate 5%, delay 1s-4s 10%, 429 1%``, names of presets among them.

    faults  = "none", or items separated by commas
    item    = PRESET, or KIND and what belongs to it in any order:
    5%      the chance that it strikes, each time anew
    2s      how long, or 1s-4s: drawn between the two
    x3      how many
    on NAME only on this platform or at this desk

An item takes the place of what was said before of the same kind at the same place, so that ``flaky-mobile, delay 0%`` is that
preset without its delays.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from chatdrill.engine.durations import seconds
from chatdrill.errors import did_you_mean
from chatdrill.serve.faults import KINDS, Plan, Rule
from chatdrill.serve.faults.base import FaultKind, Range

NONE = "none"
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_COUNT = re.compile(r"x\s*(\d+)")
_TIGHTENED = ((r"(\d)\s+%", r"\1%"), (r"\bx\s+(\d)", r"x\1"), (r"\bon\s+", "on:"))
_STATUS = re.compile(r"[1-9]\d\d")
_COUNT_MAX = 100
_TIME_MAX_S = 3600.0  # a fault holds something up, it does not put it off to another day


@dataclass(frozen=True)
class Preset:
    """A plan with a name."""

    name: str
    about: str
    text: str


PRESETS: Mapping[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            "flaky-mobile",
            "customers on trains: late and repeated webhooks, lost acknowledgements, late receipts, files that break off",
            "duplicate 5%, delay 200ms-3s 15%, lost-ack 5%, late-receipt 5s-60s 20%, lost-receipt 5%, media-cut 5%",
        ),
        Preset(
            "impatient-vendor",
            "a vendor that tells everything twice, sometimes at the same moment, in batches, with a clock that is off",
            "duplicate 25%, concurrent-duplicate 10%, lost-ack 10%, batch 10%, skew 5s",
        ),
        Preset(
            "storm",
            "a platform under load: a slow API, 429, 500 and 503, resets, webhooks that come late and twice",
            "slow-api 500ms-3s 20%, 429 5%, 500 2%, 503 2%, api-reset 2%, delay 1s-4s 10%, duplicate 5%",
        ),
        Preset(
            "bad-day",
            "a little of everything, at the desk as well: also another order, and connections that break",
            "duplicate 3%, concurrent-duplicate 2%, reorder 2%, delay 500ms-3s 5%, lost-ack 3%, unreached 3%, batch 3%, skew 3s, "
            "late-receipt 5%, lost-receipt 5%, reordered-receipt 5%, slow-api 5%, 429 1%, 500 1%, api-reset 1%, desk-lag 1s-5s 10%",
        ),
        Preset(
            "api-outage",
            "the vendor's API is down for a minute in some conversations",
            "api-down 1m 5%",
        ),
    )
}


def read_faults(text: str) -> Plan:
    """The rules of a text. Raises ``ValueError`` that says what is wrong in it, and the nearest thing that is right."""
    rules: dict[tuple[str, str], Rule] = {}
    for item in (part.strip() for part in str(text).split(",")):
        for rule in _item(item):
            rules[f"{rule.kind.name} {rule.status or ''}", rule.on] = rule
    return tuple(rule for rule in rules.values() if rule.share > 0)


def _item(item: str) -> Iterable[Rule]:
    if not item:
        raise ValueError("there is nothing between two commas, or before or behind one")
    if item == NONE:
        return ()
    if item in PRESETS:
        return read_faults(PRESETS[item].text)
    first, _, rest = item.partition(" ")
    if first in PRESETS:
        raise ValueError(
            f"the preset {first!r} takes nothing behind it; change one of its faults after a comma: {first}, delay 5%"
        )
    if _STATUS.fullmatch(first):
        return (_status(int(first), rest.strip()),)
    if first not in KINDS:
        raise ValueError(f"no fault is called {first!r}{_nearest(first)}")
    return (_read(KINDS[first], rest.strip()),)


def _nearest(word: str) -> str:
    known = (*KINDS, *PRESETS, NONE)
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return did_you_mean(word, near) if near else "; 'chatdrill faults' lists them"


def _status(status: int, rest: str) -> Rule:
    if not 400 <= status <= 599:
        raise ValueError(f"an API fails by a status from 400 to 599, not by {status}")
    return replace(_read(KINDS["api-error"], rest), status=status)


def _read(kind: FaultKind, rest: str) -> Rule:
    """What stands behind a kind, word by word."""
    rule = Rule(kind=kind, share=kind.usual_share, between_s=kind.usual_s, count=kind.usual_count)
    said: set[str] = set()
    for loose, tight in _TIGHTENED:
        rest = re.sub(loose, tight, rest)
    words = rest.split()
    for word in words:
        what, changed = _word(kind, rule, word)
        if what in said:
            raise ValueError(f"{kind.name!r} has two of a kind: {what} was said before {word!r}")
        said.add(what)
        rule = changed
    return rule


def _word(kind: FaultKind, rule: Rule, word: str) -> tuple[str, Rule]:
    if word.startswith("on:"):
        return "a place", replace(rule, on=word.removeprefix("on:"))
    if share := _SHARE.fullmatch(word):
        return "a chance", replace(rule, share=_percent(share[1]))
    if count := _COUNT.fullmatch(word):
        return "a count", replace(rule, count=_number(kind, count[1]))
    if kind.name == "api-error" and _STATUS.fullmatch(word):
        return "a status", replace(rule, status=_status(int(word), "").status)
    if word[0].isdigit():
        return "a time", replace(rule, between_s=_between(kind, word))
    raise ValueError(f"{kind.name!r} does not take {word!r}; {_usage(kind)}")


def _percent(number: str) -> float:
    if not 0 <= float(number) <= 100:
        raise ValueError(f"a chance is 0% to 100%, not {number}%")
    return float(number) / 100


def _number(kind: FaultKind, number: str) -> int:
    if "count" not in kind.takes:
        raise ValueError(f"{kind.name!r} has no count; {_usage(kind)}")
    if not 1 <= int(number) <= _COUNT_MAX:
        raise ValueError(f"a count is x1 to x{_COUNT_MAX}, not x{number}")
    return int(number)


def _between(kind: FaultKind, word: str) -> Range:
    if "time" not in kind.takes:
        raise ValueError(f"{kind.name!r} has no time; {_usage(kind)}")
    least, _, most = word.partition("-")
    if least.replace(".", "").isdigit() and not most:
        raise ValueError(f"{word!r} has no unit: write {word}s, or {word}% for a chance")
    try:
        bounds = seconds(least), seconds(most or least)
    except ValueError as error:
        raise ValueError(f"{kind.name!r}: {error}") from None
    if bounds[0] > bounds[1] or bounds[1] > _TIME_MAX_S:
        raise ValueError(f"{kind.name!r}: {word!r} is no time from less to more, up to an hour")
    return bounds


def _usage(kind: FaultKind) -> str:
    return f"write it like {example(kind)}"


def example(kind: FaultKind) -> str:
    """A kind as one would write it, with all that it takes."""
    return " ".join(filter(None, (kind.name, *(_EXAMPLES[one] for one in kind.takes), f"{kind.usual_share * 100:g}%")))


_EXAMPLES = {"time": "2s", "count": "x3", "status": "503"}


def check_places(plan: Plan, known: Iterable[str]) -> None:
    """Raise ``ValueError`` for a platform or desk that nobody knows."""
    names = tuple(known)
    for rule in plan:
        if rule.on != "*" and rule.on not in names:
            raise ValueError(f"no platform or desk is called {rule.on!r}{did_you_mean(rule.on, names)}")
