"""How fast an in-process bot is fuzzed on one core: drawn, played over the wire's codecs, and judged by every check; and what correct bots
are accused of.

python -m tests.bench.fuzzing [ROUNDS]
python -m tests.bench.fuzzing clean [DIALOGS [SEED]]
"""

from __future__ import annotations

import statistics
import sys
import time

from tests.bench.bench import finish, note, report

from chatdrill.fuzz import Fuzzed, fuzz
from chatdrill.run.registry import load_service
from chatdrill.run.selection import find_scenarios, shipped_packs
from chatdrill.run.settings import Settings, load_settings
from chatdrill_scenarios.zoo.correct import DESKS, PLATFORMS

DIALOGS, WARM_UP = 2_000, 200
CLEAN_DIALOGS = 10_000
CHUNK = 200
"""So many dialogs of one bot and one preset are played in one session, then the next have their turn."""
ECHO, SHOP = "tests.bench.fuzz_app:app", "chatdrill_scenarios.shoebot:app"
PRESETS = ("", "flaky-mobile", "bad-day", "storm")
BOTS: tuple[tuple[str, str, str], ...] = (
    (ECHO, "telegram", ""),
    *((SHOP, platform, "") for platform in PLATFORMS),
    *((SHOP, "telegram", desk) for desk in DESKS),
)
"""The correct bots: the application, the platform, the desk."""


def settings(app: str = ECHO, *names: str) -> Settings:
    """A bot in virtual time. Hundreds of conversations share one account of each platform and desk of ``names``, which is more than
    some vendors let it call; so their rates are off."""
    flags = {
        "app": app,
        "clock": "virtual",
        "port": 0,
        "webhook": ["http://127.0.0.1:8080/webhooks/{platform}"],
    }
    limited = [
        name for name in ("telegram", *names) if any(one.name == "rate_limits" for one in load_service(name).settings)
    ]
    return load_settings(flags, environ={f"CHATDRILL_{name.upper()}_RATE_LIMITS": "no" for name in limited})


def clean(dialogs: int = CLEAN_DIALOGS, seed: int = 1) -> list[str]:
    """What correct bots are accused of in so many random dialogs, spread evenly over ``BOTS`` and ``PRESETS``, in sentences; nothing, if all
    is well. The first dialogs of a bot are those without faults, so more dialogs reach all bots and presets, then further seeds."""
    scenarios = find_scenarios([shipped_packs()])
    rounds = [(bot, preset) for preset in PRESETS for bot in BOTS]
    alarms: list[str] = []
    played = number = 0
    while played < dialogs:
        (app, platform, desk), preset = rounds[number % len(rounds)]
        count, own = min(CHUNK, dialogs - played), seed + number // len(rounds)
        fuzzed = fuzz(
            settings(app, *PLATFORMS, *filter(None, [desk])),
            scenarios=scenarios,
            platforms=[platform],
            desk=desk or None,
            dialogs=count,
            seed=own,
            faults=preset,
            shrink=False,
        )
        where = f"{app.partition(':')[0]} on {platform}{f' before {desk}' if desk else ''}, {preset or 'no faults'}, seed {own}"
        told = [f"{one.check}: {one.message} (dialog {one.dialogs_until})" for one in fuzzed.failures]
        told += [f"{finding.check}: {finding.message} ({times} times)" for finding, times in fuzzed.mishaps.values()]
        told += [fuzzed.problem] if fuzzed.problem else []
        alarms += [f"{where}: {each}" for each in told]
        played += fuzzed.dialogs
        number += 1
        note(
            f"{played} of {dialogs} dialogs: {where}: {fuzzed.dialogs_per_s:.0f}/s{''.join(f'; ALARM {each}' for each in told)}"
        )
        if not fuzzed.dialogs:
            break
    return alarms


def measured(dialogs: int, seed: int = 1) -> tuple[Fuzzed, float]:
    """What fuzzing came to, and the seconds of the processor that it took."""
    began = time.process_time()
    fuzzed = fuzz(settings(), platforms=["telegram"], dialogs=dialogs, seed=seed)
    return fuzzed, time.process_time() - began


def measure(rounds: int = 3) -> float:
    """Dialogs per second of the processor: the median of several rounds, after one that warms up. Raises ``AssertionError`` if the bot,
    which is correct, is accused of anything."""
    measured(WARM_UP)
    rates, mean = [], 0.0
    for seed in range(1, rounds + 1):
        fuzzed, cpu_s = measured(DIALOGS, seed)
        assert not fuzzed.failures and not fuzzed.mishaps and fuzzed.problem is None, fuzzed
        rates.append(fuzzed.dialogs / cpu_s)
        mean = fuzzed.said / fuzzed.dialogs
    note(f"{mean:.1f} messages of the customer a dialog; rounds: {', '.join(f'{rate:.0f}' for rate in rates)}")
    return statistics.median(rates)


def main() -> None:
    """Print the figure that was asked for."""
    words = sys.argv[1:]
    if words[:1] == ["clean"]:
        alarms = clean(*map(int, words[1:]))
        for alarm in alarms:
            note(alarm)
        report("fuzz.false_alarms", len(alarms), "", "<= 0")
    else:
        report("zoo.fuzz_dialogs_per_s", measure(int(words[0]) if words else 3), "/s", ">= 300")
    finish()


if __name__ == "__main__":
    main()
