"""How much the bot can take: the highest rate of arrivals at which its service levels hold.

The search does no I/O and reads no clock. It is asked "what next?", answers with a trial (so many customers a second, so
long), is told what came of it, and ends with an interval. Whoever drives it may be a process, a cluster or a test::

    search = Search(Plan(start_per_s=5))
    while isinstance(step := search.next(), Trial):
        search.tell(measured(step))
    print(step.words())

``search`` decides, ``ledger`` counts what was seen at each rate, ``knee`` finds where the latency curve bends, ``windows``
says how long a spike is felt and whether latency keeps rising.
"""

from chatdrill_load.capacity.knee import Knee, knee
from chatdrill_load.capacity.search import Search
from chatdrill_load.capacity.values import Capacity, EndedBy, LimitedBy, Outcome, Phase, Plan, Trial
from chatdrill_load.capacity.windows import FELT_SHARE, Trend, WindowValue, recovery_s, trend

__all__ = [
    "FELT_SHARE",
    "Capacity",
    "EndedBy",
    "Knee",
    "LimitedBy",
    "Outcome",
    "Phase",
    "Plan",
    "Search",
    "Trend",
    "Trial",
    "WindowValue",
    "knee",
    "recovery_s",
    "trend",
]
