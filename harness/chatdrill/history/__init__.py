"""What came before: summaries of runs, the file that keeps them, two runs side by side, and what many of them say of a case.

A summary has verdicts and latencies, no words of anybody. ``keeping`` is the SQLite file, ``comparing`` sets a run beside an earlier one,
``trends`` asks of each case whether it is flaky or slower than it was, ``telling`` puts that into words; ``numbers`` is the arithmetic behind it.
"""

from chatdrill.history.comparing import Comparison, Pair, Turned, compare
from chatdrill.history.keeping import FILE, History
from chatdrill.history.past import Past
from chatdrill.history.summary import CaseSummary, RunSummary, measure_parts, summarise
from chatdrill.history.trends import CaseTrend, Slower, Trends, trends

__all__ = [
    "FILE",
    "CaseSummary",
    "CaseTrend",
    "Comparison",
    "History",
    "Pair",
    "Past",
    "RunSummary",
    "Slower",
    "Trends",
    "Turned",
    "compare",
    "measure_parts",
    "summarise",
    "trends",
]
