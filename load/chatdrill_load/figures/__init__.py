"""The figures of a load run: latencies as HdrHistograms, counters beside them, over time, merged exactly across workers.

``Meter`` stands where things happen and is cheap; what it took travels as bytes; ``Figures`` adds the bytes of all workers
up and is what tables, charts and gates read.
"""

from chatdrill_load.figures.cells import HIGHEST_US, Distribution, Slot, ceiling_us, cells_of, samples_needed
from chatdrill_load.figures.meter import FOLD_AT, Meter
from chatdrill_load.figures.reading import PERCENTILES, Figures, Reading, Row, Window
from chatdrill_load.figures.words import (
    ABANDONED,
    ANSWERED,
    ARRIVALS,
    FAILED,
    KINDS,
    LATE,
    MORE,
    STRUCK,
    TURNED_AWAY,
    UNANSWERED,
    UNMATCHED,
)

__all__ = [
    "ABANDONED",
    "ANSWERED",
    "ARRIVALS",
    "FAILED",
    "FOLD_AT",
    "HIGHEST_US",
    "KINDS",
    "LATE",
    "MORE",
    "PERCENTILES",
    "STRUCK",
    "TURNED_AWAY",
    "UNANSWERED",
    "UNMATCHED",
    "Distribution",
    "Figures",
    "Meter",
    "Reading",
    "Row",
    "Slot",
    "Window",
    "ceiling_us",
    "cells_of",
    "samples_needed",
]
