"""Response times, and what was promised about them.

``moments`` is the arithmetic, ``promises`` reads what was promised, ``measuring`` finds the times in a trace, ``judging``
has the checks. What is measured, from where to where, stands in docs/reference/sla.md.
"""

from chatdrill.checks.sla.judging import sla, sla_percentiles
from chatdrill.checks.sla.measuring import measured
from chatdrill.checks.sla.moments import Moment, Span, length_s, spans
from chatdrill.checks.sla.percentiles import percentile, statistics
from chatdrill.checks.sla.promises import MEASURES, OPTIONS, Sla, promise_of, read_sla
from chatdrill.checks.sla.resolving import resolved_sla

__all__ = [
    "MEASURES",
    "OPTIONS",
    "Moment",
    "Sla",
    "Span",
    "length_s",
    "measured",
    "percentile",
    "promise_of",
    "read_sla",
    "resolved_sla",
    "sla",
    "sla_percentiles",
    "spans",
    "statistics",
]
