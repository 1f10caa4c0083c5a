"""What is seen only later: whom the bot has answered."""

from __future__ import annotations

from collections import Counter

from chatdrill.probe.bench import Bench, Parcel
from chatdrill.probe.register import GOOD, probe
from chatdrill.probe.results import Outcome
from chatdrill.probe.trials.common import inapplicable
from chatdrill.wire import Rule

_ONCE = Rule("a webhook that comes twice has one effect", "common practice of webhooks")
_ALL = Rule("every update of a webhook is worked on", "common practice of webhooks")
_SILENT = "the bot has sent no message to the fakes; give it the variables of `chatdrill env` to have this tried"
_FACTOR = 2
_SOON_S = 0.5
"""The second answer comes when the first has come, or never."""


@probe(
    "redelivery-effect",
    "What a message that came twice has done",
    _ONCE,
    matter="redelivery",
    needs=(GOOD, "redelivery"),
)
async def once(bench: Bench) -> Outcome:
    usual = await bench.first_replies()
    if not usual:
        return inapplicable(_SILENT)
    (parcel,) = bench.memory.parcels["twice"]
    await bench.until(lambda: len(bench.replies(parcel.to)) >= len(usual), bench.bounds.reply_s)
    await bench.until(lambda: len(bench.replies(parcel.to)) >= _FACTOR * len(usual), _SOON_S)
    said = bench.replies(parcel.to)
    tried = "the answers to a message that came twice, beside those to one that came once"
    came = f"{len(said)} and {len(usual)}"
    extra = Counter(said) - Counter(usual)
    if len(said) >= _FACTOR * len(usual) and extra:
        reason = f"The customer is answered twice ({next(iter(extra))[:60]!r}): remember the ids of updates that were worked on"
        return Outcome("serious", tried, came, reason)
    return Outcome("passed", tried, came)


@probe("batch-effect", "Whom the bot has answered of a batch", _ALL, matter="batch", needs=(GOOD, "batch"))
async def all_of_them(bench: Bench) -> Outcome:
    parcels: tuple[Parcel, ...] = bench.memory.parcels.get("batch", ())
    if not parcels:
        return inapplicable("this vendor sends one update at a time")
    if not await bench.first_replies():
        return inapplicable(_SILENT)
    await bench.until(lambda: all(bench.replies(parcel.to) for parcel in parcels), bench.bounds.reply_s)
    answered = sum(bool(bench.replies(parcel.to)) for parcel in parcels)
    tried = f"the answers to {len(parcels)} customers who wrote in one webhook"
    if answered == len(parcels):
        return Outcome("passed", tried, "all were answered")
    reason = "Only some of the updates in a webhook are worked on: go through all elements, and all messages in each"
    return Outcome("serious", tried, f"{answered} were answered", reason)
