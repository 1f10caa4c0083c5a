"""How time went in a run, and what the run therefore cannot show; the ways are described in docs/how-to/drill-time.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chatdrill.trace import RunBegan
from chatdrill.trace.transcript.phrases import length, one_line, plain

_WHY_MAX = 500


@dataclass(frozen=True)
class Tier:
    """``name`` is short (``virtual, in-process``), ``follows`` how the bot went along, ``unseen`` what the run cannot show
    for it, ``why`` why no better way was taken: sentences, empty where there is nothing to say."""

    name: str
    follows: str = ""
    unseen: str = ""
    why: str = ""

    @property
    def sentences(self) -> str:
        """All that there is to say beside the name."""
        return " ".join(filter(None, (self.follows, self.unseen, self.why)))

    @property
    def words(self) -> str:
        """Name and sentences."""
        return f"{self.name}. {self.sentences}" if self.sentences else self.name


_TIERS: Mapping[str, Tier] = {
    "in-process": Tier(
        "virtual, in-process",
        "The bot ran inside chatdrill and followed exactly.",
        "Not seen: clocks outside Python, such as SQLite's datetime('now') or another service's; sleeps in threads that "
        "the bot starts itself; how long real work takes.",
    ),
    "preload": Tier(
        "virtual, preload",
        "The clocks, sleeps and timers of the bot's processes were moved from outside.",
        "Not seen: programs that it starts and that are linked statically; the times of files; the moments of timers behind "
        "a server's tick, which may come half a minute late; where the bot speaks with others otherwise than over TCP, "
        "work that goes on in silence for longer than settle ({settle}), whose result comes late.",
    ),
    "faketime": Tier(
        "virtual, faketime",
        "The bot read the drill's time through libfaketime.",
        "Not seen: the bot's own timers and sleeps, which took real time; work that goes on in silence for longer than "
        "settle ({settle}), whose result comes late.",
    ),
    "cooperative": Tier(
        "virtual, cooperative",
        "The bot was told the drill's time.",
        "Not seen: whatever does not ask chatdrill for the time, such as timers and clocks of the bot's own; work in "
        "silence for longer than settle ({settle}) that it does not declare, whose result comes late.",
    ),
    "scaled": Tier(
        "scaled, {speed} times as fast",
        "Customers are faster, and the bot's own waits are not, unless it divides them by CHATDRILL_SPEED.",
        "{skips}",
    ),
    "real": Tier("real", unseen="{skips}"),
    "virtual": Tier("virtual"),
}
_SKIPS = "Pauses over {skip_over} are skipped for the customer only: the bot sees nothing of them."
_SETTING_WORDS = {"settle": "as set", "skip_over": "skip_over"}


def tier(run: RunBegan, *, stalled: bool = False) -> Tier:
    """How time went in a run. ``stalled`` if something kept virtual time from jumping as it should."""
    way = run.bot_clock or run.clock
    if way not in _TIERS:
        return Tier(one_line(way, 40))
    said = {"speed": f"{run.speed:g}", **{key: _setting(run.settings, key) for key in _SETTING_WORDS}}
    said["skips"] = _SKIPS.format(**said) if run.settings.get("skip_over", 1) else ""
    known = _TIERS[way]
    name, follows, unseen = (text.format(**said) for text in (known.name, known.follows, known.unseen))
    if stalled:
        follows = f"{follows.removesuffix('.')}, but for what the check time-jumps found."
    return Tier(name, follows, unseen, _why(run))


def _setting(settings: Mapping[str, Any], key: str) -> str:
    """A time of the settings, which a trace from elsewhere need not have."""
    value = settings.get(key)
    return length(value) if isinstance(value, int | float) else _SETTING_WORDS[key]


def _why(run: RunBegan) -> str:
    why = " ".join(plain(run.bot_clock_why or "").split())[:_WHY_MAX].rstrip(".")
    return f"No better way: {why}." if why else ""
